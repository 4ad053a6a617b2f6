//! Reading a requirement: whole, or the parts of one that a profile changes.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Demand, Requirement, Rules, Worth, WorthOf, number, rules, worth};
use crate::questionnaire::condition::Condition;
use crate::yaml::{Fields, Kind, Node, Problem};

/// The fields of a requirement that are written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::questionnaire) struct Parts {
    pub(in crate::questionnaire) id: String,
    /// Other ways in which the id is written.
    pub(in crate::questionnaire) aliases: Option<Vec<String>>,
    pub(in crate::questionnaire) area: Option<String>,
    pub(in crate::questionnaire) levels: Option<Vec<u32>>,
    pub(in crate::questionnaire) demands: Option<String>,
    pub(in crate::questionnaire) advice: Option<String>,
    pub(in crate::questionnaire) met: Option<Demand>,
    /// What must hold beside what the model demands. Only in a profile.
    pub(in crate::questionnaire) also_when: Option<Condition>,
    pub(in crate::questionnaire) partly_when: Option<Condition>,
    pub(in crate::questionnaire) not_applicable_when: Option<Condition>,
    pub(in crate::questionnaire) rules: Option<BTreeMap<u32, Rules>>,
    pub(in crate::questionnaire) worth: Option<Vec<Worth>>,
    pub(in crate::questionnaire) worth_of: Option<WorthOf>,
    pub(in crate::questionnaire) maps: Option<BTreeMap<String, Vec<String>>>,
    /// Why less is demanded than by the model. Only in a profile.
    pub(in crate::questionnaire) loosens: Option<String>,
    pub(in crate::questionnaire) span: Range<usize>,
}

impl Parts {
    /// Reads a requirement that must be whole; problems are added with their places.
    pub(super) fn whole(node: &Node, problems: &mut Vec<Problem>) -> Option<Requirement> {
        let mut fields = Fields::of(node, "a requirement", problems)?;
        for name in ["id", "area", "demands"] {
            fields.required(name, problems);
        }
        let parts = Self::read(&mut fields, node, problems);
        let decides = ["met_when", "met_when_level", "worth_of"];
        if !decides.into_iter().any(|name| fields.node(name).is_some()) {
            fields.required("met_when", problems);
        }
        fields.finish(problems);
        parts?.complete()
    }

    /// Reads what a profile says of a requirement.
    pub(in crate::questionnaire) fn change(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(node, "a requirement of a profile", problems)?;
        fields.required("id", problems);
        let parts = Self::read(&mut fields, node, problems);
        let also_when = fields.node("also_when").and_then(|node| Condition::parse(node, problems));
        let loosens = fields.text("loosens", problems);
        if let (Some(node), true) = (fields.node("also_when"), fields.node("met_when").is_some()) {
            let problem = Problem::error("`also_when` and `met_when` exclude each other", node.span.clone());
            problems.push(problem.help("`also_when` adds to what the model demands, `met_when` takes its place"));
        }
        fields.finish(problems);
        Some(Self { also_when, loosens, ..parts? })
    }

    /// Reads the fields that both kinds have.
    fn read(fields: &mut Fields<'_>, node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let id = fields.text("id", problems);
        let aliases = fields.node("aliases").is_some().then(|| fields.texts("aliases", problems));
        let area = fields.text("area", problems);
        let levels = fields.node("levels").map(|node| levels(node, problems));
        let rules = fields.node("rules").map(|node| rules::parse(node, problems));
        let worth = fields.node("worth").map(|node| worth::parse(node, problems));
        let demands = fields.text("demands", problems);
        let advice = fields.text("advice", problems);
        let mut condition = |name: &'static str, fields: &mut Fields<'_>| {
            fields.node(name).and_then(|node| Condition::parse(node, problems))
        };
        let met_when = condition("met_when", fields);
        let partly_when = condition("partly_when", fields);
        let not_applicable_when = condition("not_applicable_when", fields);
        let level_reached = fields.node("met_when_level").and_then(|node| number(node, problems));
        let worth_of = fields.node("worth_of").and_then(|node| WorthOf::parse(node, problems));
        let met = match (met_when, level_reached) {
            (None, None) => worth_of.as_ref().map(|of| Demand::When(of.answered())),
            _ if fields.node("worth_of").is_some() => {
                let message = "`worth_of` stands in the place of `met_when`, `met_when_level` and `worth`";
                problems.push(Problem::error(message, node.span.start..node.span.start));
                None
            }
            (Some(condition), None) => Some(Demand::When(condition)),
            (None, Some(level)) => Some(Demand::LevelReached(level)),
            (Some(_), Some(_)) => {
                problems.push(Problem::error("`met_when` and `met_when_level` exclude each other", node.span.clone()));
                None
            }
        };
        let maps = fields.node("maps").map(|node| maps(node, problems));
        Some(Self {
            id: id?,
            aliases,
            area,
            levels,
            demands,
            advice,
            met,
            also_when: None,
            partly_when,
            not_applicable_when,
            rules,
            worth,
            worth_of,
            maps,
            loosens: None,
            span: fields.span(),
        })
    }

    /// The requirement, where enough is said for one.
    pub(in crate::questionnaire) fn complete(self) -> Option<Requirement> {
        Some(Requirement {
            id: self.id,
            aliases: self.aliases.unwrap_or_default(),
            area: self.area?,
            levels: self.levels.unwrap_or_default(),
            demands: self.demands?,
            advice: self.advice,
            met: self.met?,
            partly_when: self.partly_when,
            not_applicable_when: self.not_applicable_when,
            rules: self.rules.unwrap_or_default(),
            worth: self.worth.unwrap_or_default(),
            worth_of: self.worth_of,
            maps: self.maps.unwrap_or_default(),
            span: self.span,
        })
    }
}

fn levels(node: &Node, problems: &mut Vec<Problem>) -> Vec<u32> {
    match &node.kind {
        Kind::List(items) if !items.is_empty() => items.iter().filter_map(|item| number(item, problems)).collect(),
        _ => {
            problems.push(Problem::error("`levels` is a list of levels", node.span.clone()));
            Vec::new()
        }
    }
}

fn maps(node: &Node, problems: &mut Vec<Problem>) -> BTreeMap<String, Vec<String>> {
    let Kind::Map(entries) = &node.kind else {
        problems.push(Problem::error("`maps` has a list of ids for each framework", node.span.clone()));
        return BTreeMap::new();
    };
    entries.iter().map(|(key, value)| (key.text.clone(), crate::yaml::texts(value, &key.text, problems))).collect()
}
