//! Whether conditions can hold, one by one or together.
//!
//! All cases that matter are gone through, name by name, and cut short where what is fixed decides already. Where there are
//! too many the answer is that they can: a linter that cannot tell does not complain.

use std::cell::Cell;

use chrono::NaiveDate;

use super::shape::{Case, Shape};
use crate::evidence::Value;
use crate::questionnaire::condition::{Condition, Leaf, Test};
use crate::questionnaire::logic::{Truth, evaluate, passes};

/// The most steps of a search.
const MAX_STEPS: u32 = 20_000;

/// What is looked for.
pub(super) struct Search<'c> {
    /// What must hold.
    pub(super) holding: Vec<&'c Condition>,
    /// What must not hold: false, not applicable or unknown.
    pub(super) failing: Vec<&'c Condition>,
    /// Whether things may be unknown.
    pub(super) with_unknown: bool,
    /// Whether everything applies.
    pub(super) all_apply: bool,
}

/// What a search comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Yes,
    No,
    /// There are too many cases, or a name is not known.
    Untold,
}

impl<'c> Search<'c> {
    /// Looks for a case in which all of these hold.
    pub(super) fn all(holding: &[&'c Condition]) -> Self {
        Self { holding: holding.to_vec(), failing: Vec::new(), with_unknown: false, all_apply: false }
    }

    /// Whether there is, for all that can be told, such a case. `shape` tells what a named thing can be.
    pub(super) fn finds(&self, shape: impl Fn(&str) -> Option<Shape>) -> bool {
        self.concludes(shape) != Found::No
    }

    /// Whether there is such a case, and whether that can be told.
    pub(super) fn concludes(&self, shape: impl Fn(&str) -> Option<Shape>) -> Found {
        self.concludes_with(shape, |_, _| true)
    }

    /// The same among the cases of each name that are kept.
    pub(super) fn concludes_with(
        &self,
        shape: impl Fn(&str) -> Option<Shape>,
        keeps: impl Fn(&str, &Case) -> bool,
    ) -> Found {
        let leaves: Vec<&Leaf> =
            self.holding.iter().chain(&self.failing).flat_map(|condition| condition.leaves()).collect();
        let Some(day) = NaiveDate::from_ymd_opt(2026, 1, 1) else { return Found::Untold };
        let Some(domains) = self.domains(&leaves, day, shape, keeps) else { return Found::Untold };
        let steps = Cell::new(0);
        match self.walk(&domains, &mut Vec::new(), day, &steps) {
            true if steps.get() > MAX_STEPS => Found::Untold,
            true => Found::Yes,
            false => Found::No,
        }
    }

    fn domains<'l>(
        &self,
        leaves: &[&'l Leaf],
        day: NaiveDate,
        shape: impl Fn(&str) -> Option<Shape>,
        keeps: impl Fn(&str, &Case) -> bool,
    ) -> Option<Vec<Domain<'l>>> {
        let mut domains: Vec<Domain<'l>> = Vec::new();
        for leaf in leaves {
            if domains.iter().any(|domain| domain.is_of(leaf)) {
                continue;
            }
            let tests: Vec<&Test> =
                leaves.iter().filter(|other| same_thing(leaf, other)).map(|other| &other.test).collect();
            let mut cases = match leaf.test {
                Test::SharesWith(_) => [true, false].map(|shares| Case::Value(Value::Bool(shares))).to_vec(),
                _ => shape(&leaf.name)?.cases(&tests, day)?,
            };
            cases.retain(|case| keeps(&leaf.name, case));
            if self.all_apply {
                cases.retain(|case| *case != Case::Inapplicable);
            }
            if self.with_unknown {
                cases.push(Case::Unknown);
            }
            domains.push(Domain { leaf, cases });
        }
        Some(domains)
    }

    /// Fixes one name after the other.
    fn walk<'d>(
        &self,
        domains: &'d [Domain<'_>],
        fixed: &mut Vec<&'d Case>,
        day: NaiveDate,
        steps: &Cell<u32>,
    ) -> bool {
        steps.set(steps.get() + 1);
        if steps.get() > MAX_STEPS {
            return true;
        }
        let open = fixed.len() < domains.len();
        let truth =
            |condition: &Condition| evaluate(condition, &mut |leaf| (truth(leaf, domains, fixed, day), 0)).truth;
        let mut all_hold = true;
        for condition in &self.holding {
            match truth(condition) {
                Truth::True => {}
                Truth::Unknown if open => all_hold = false,
                _ => return false,
            }
        }
        let mut none_holds = true;
        for condition in &self.failing {
            match truth(condition) {
                Truth::True => return false,
                Truth::Unknown if open => none_holds = false,
                _ => {}
            }
        }
        if all_hold && none_holds {
            return true;
        }
        let Some(domain) = domains.get(fixed.len()) else { return false };
        domain.cases.iter().any(|case| {
            fixed.push(case);
            let found = self.walk(domains, fixed, day, steps);
            fixed.pop();
            found
        })
    }
}

/// A named thing and its cases. What two lists share is a thing of its own, which may be so or not.
struct Domain<'l> {
    leaf: &'l Leaf,
    cases: Vec<Case>,
}

impl Domain<'_> {
    fn is_of(&self, leaf: &Leaf) -> bool {
        same_thing(self.leaf, leaf)
    }
}

fn same_thing(one: &Leaf, other: &Leaf) -> bool {
    let shared = |leaf: &Leaf| match &leaf.test {
        Test::SharesWith(list) => Some(list.clone()),
        _ => None,
    };
    one.name == other.name && shared(one) == shared(other)
}

fn truth(leaf: &Leaf, domains: &[Domain<'_>], fixed: &[&Case], day: NaiveDate) -> Truth {
    let position = domains.iter().position(|domain| domain.is_of(leaf));
    let Some(case) = position.and_then(|position| fixed.get(position)) else { return Truth::Unknown };
    match (case, &leaf.test) {
        (Case::Unknown, _) => Truth::Unknown,
        (Case::Value(Value::Bool(shares)), Test::SharesWith(_)) => Truth::from(*shares),
        (Case::Value(value), test) => passes(test, value, day, None),
        (Case::Absent, Test::Present(wanted)) | (Case::Inapplicable, Test::Applicable(wanted)) => Truth::from(!wanted),
        (Case::Absent, Test::Applicable(wanted)) => Truth::from(*wanted),
        (Case::Absent, _) => Truth::False,
        (Case::Inapplicable, _) => Truth::NotApplicable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Kind;
    use crate::yaml::{Document, parse};

    fn condition(yaml: &str) -> Condition {
        Condition::parse(&parse(&Document::new("", yaml)).unwrap(), &mut Vec::new()).unwrap()
    }

    /// Things named by their kind.
    fn shape(name: &str) -> Option<Shape> {
        let of = |kind: Kind, values: &[&str], absent: bool| {
            let values = values.iter().map(ToString::to_string).collect();
            let range = (0, if kind == Kind::Percent { 100 } else { i64::MAX });
            Some(Shape { kind, values, range, absent, inapplicable: name == "bool.na" })
        };
        match name.split('.').next()? {
            "bool" => of(Kind::Boolean, &[], false),
            "count" => of(Kind::Count, &[], false),
            "percent" => of(Kind::Percent, &[], false),
            "date" => of(Kind::Date, &[], true),
            "text" => of(Kind::Text, &[], true),
            "word" => of(Kind::Text, &["a", "b"], false),
            "list" => of(Kind::List, &[], true),
            _ => None,
        }
    }

    #[test]
    fn what_can_hold_is_told_from_what_cannot() {
        for (yaml, expected) in [
            ("{ bool.x: true, bool.y: false }", true),
            ("all: [{ bool.x: true }, { bool.x: false }]", false),
            ("none: [{ bool.x: true }, { bool.x: false }]", false),
            ("none: [{ bool.na: true }, { bool.na: false }]", false),
            ("all: [{ bool.na: { applicable: false } }, { bool.x: true }]", true),
            // What does not apply is neutral.
            ("all: [{ bool.na: { applicable: false } }, { bool.na: true }]", true),
            ("at_least: { n: 2, of: [{ bool.x: true }, { bool.x: false }] }", false),
            ("at_least: { n: 1, of: [{ bool.x: true }, { bool.x: false }] }", true),
            ("all: [{ count.x: { at_least: 3 } }, { count.x: { at_most: 3 } }]", true),
            ("all: [{ count.x: { at_least: 4 } }, { count.x: { at_most: 3 } }]", false),
            ("{ count.x: { at_most: -1 } }", false),
            ("{ percent.x: { at_least: 101 } }", false),
            (
                "all: [{ count.x: { at_least: 2 } }, { none: [{ count.x: { at_most: 5 } }, { count.x: { at_least: 7 } }] }]",
                true,
            ),
            ("none: [{ word.x: a }, { word.x: b }]", false),
            ("none: [{ text.x: a }, { text.x: b }]", true),
            ("all: [{ word.x: { one_of: [a, b] } }, { word.x: b }]", true),
            ("all: [{ text.x: { present: false } }, { text.x: a }]", false),
            ("all: [{ date.x: { within_days: 30 } }, { none: [{ date.x: { within_days: 90 } }] }]", false),
            ("all: [{ date.x: { within_days: 90 } }, { none: [{ date.x: { within_days: 30 } }] }]", true),
            ("all: [{ list.x: { contains: a } }, { list.x: { contains: b } }, { list.x: { at_most: 1 } }]", false),
            ("all: [{ list.x: { contains: a } }, { list.x: { at_least: 5 } }]", true),
            ("all: [{ list.x: { shares_with: list.y } }, { none: [{ list.x: { shares_with: list.y } }] }]", false),
            ("all: [{ list.x: { shares_with: list.y } }, { none: [{ list.x: { shares_with: list.z } }] }]", true),
            ("all: [{ who.knows: true }, { who.knows: false }]", true),
        ] {
            let condition = condition(yaml);
            assert_eq!(Search::all(&[&condition]).finds(shape), expected, "{yaml}");
        }
    }

    #[test]
    fn what_is_unknown_tells_a_second_rule_from_a_covered_one() {
        let covered = |rule: &str, before: &[&str]| {
            let before: Vec<Condition> = before.iter().map(|yaml| condition(yaml)).collect();
            let rule = condition(rule);
            !Search { holding: vec![&rule], failing: before.iter().collect(), with_unknown: true, all_apply: false }
                .finds(shape)
        };
        assert!(covered("{ count.x: { at_least: 9 } }", &["{ count.x: { at_least: 5 } }"]));
        assert!(!covered("{ count.x: { at_least: 5 } }", &["{ count.x: { at_least: 9 } }"]));
        assert!(covered("{ bool.x: true, bool.y: true }", &["{ bool.y: true }"]));
        // As long as x is unknown, the third rule decides.
        assert!(!covered("{ bool.y: true }", &["{ bool.x: true }", "{ bool.x: false }"]));
    }

    #[test]
    fn too_many_cases_are_no_complaint() {
        let leaves: Vec<String> = (0..40).map(|n| format!("{{ count.x{n}: {{ at_least: 5 }} }}")).collect();
        let yaml = format!("all: [{{ none: [{0}] }}, {{ any: [{0}] }}]", leaves.join(", "));
        assert!(Search::all(&[&condition(&yaml)]).finds(shape));
    }
}
