//! What the register of audits tells, as facts that questions can be answered by (`from_audits`).
//!
//! A register is the maintainers' word, and so is every answer that follows from it: it is attested, never observed.

use std::ops::Range;

use super::condition::{Condition, scalar};
use super::question::Given;
use crate::evidence::Kind;
use crate::yaml::{Fields, Kind as NodeKind, Node, Problem};

/// A fact that a register tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    pub kind: Kind,
    pub meaning: &'static str,
    /// Whether there can be no such thing.
    pub absent: bool,
}

/// The fact that tells all audits in words.
pub(crate) const LIST: &str = "audits.list";

/// All facts.
pub const FACTS: [Fact; 8] = [
    Fact { name: "audits.count", kind: Kind::Count, meaning: "Audits in the register", absent: false },
    Fact {
        name: "audits.independent_count",
        kind: Kind::Count,
        meaning: "Audits by somebody from outside the project",
        absent: false,
    },
    Fact { name: "audits.latest_on", kind: Kind::Date, meaning: "Day of the latest audit", absent: false },
    Fact {
        name: "audits.independent_on",
        kind: Kind::Date,
        meaning: "Day of the latest audit by somebody from outside",
        absent: true,
    },
    Fact {
        name: "audits.open_findings",
        kind: Kind::Count,
        meaning: "Findings that are not fixed; unknown where an audit tells nothing of its findings",
        absent: false,
    },
    Fact {
        name: "audits.open_serious",
        kind: Kind::Count,
        meaning: "Critical and high findings that are not fixed; unknown where an audit tells nothing of its findings",
        absent: false,
    },
    Fact {
        name: "audits.latest_is_shipped",
        kind: Kind::Boolean,
        meaning: "Whether the code of the latest audit is what ships; unknown where that cannot be told",
        absent: false,
    },
    Fact {
        name: LIST,
        kind: Kind::Text,
        meaning: "The audits as a list in Markdown, the latest first, for a question that is answered in words",
        absent: false,
    },
];

/// A fact by its name.
pub(crate) fn fact(name: &str) -> Option<&'static Fact> {
    FACTS.iter().find(|fact| fact.name == name)
}

/// An answer that follows from the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRule {
    /// A value, or that of a fact.
    pub given: Given,
    /// A condition over facts.
    pub when: Condition,
    pub span: Range<usize>,
}

/// Reads the rules of a question; problems are added with their places.
pub(super) fn rules(node: &Node, problems: &mut Vec<Problem>) -> Vec<AuditRule> {
    let NodeKind::List(items) = &node.kind else {
        problems.push(Problem::error("`from_audits` is a list of rules", node.span.clone()));
        return Vec::new();
    };
    items.iter().filter_map(|item| rule(item, problems)).collect()
}

fn rule(node: &Node, problems: &mut Vec<Problem>) -> Option<AuditRule> {
    let mut fields = Fields::of(node, "a rule", problems)?;
    let given = match fields.text("value_of", problems) {
        Some(fact) => {
            if let Some(node) = fields.node("value") {
                problems.push(Problem::error("`value` and `value_of` exclude each other", node.span.clone()));
            }
            Some(Given::ValueOf(fact))
        }
        None => fields.required("value", problems).and_then(|node| {
            let value = scalar(node);
            if value.is_none() {
                let message = format!("a value belongs here, this is {}", node.type_name());
                problems.push(Problem::error(message, node.span.clone()));
            }
            value.map(Given::Value)
        }),
    };
    let when = fields.required("when", problems).and_then(|node| Condition::parse(node, problems));
    let span = fields.span();
    fields.finish(problems);
    Some(AuditRule { given: given?, when: when?, span })
}
