//! Rulesets as such: which there are, which are switched on, and what they demand of tags and of pushes.
//!
//! What rulesets demand of the default branch stands in [`super::protection`].

use std::collections::BTreeSet;

use super::answer::Answer;
use super::query;
use super::rest;
use crate::evidence::{Observation, Place};

/// All keys that [`observe`] writes.
const KEYS: [&str; 6] = [
    "tags.protected",
    "tags.protected_names",
    "tags.rules",
    "rulesets.active",
    "rulesets.inactive",
    "rulesets.push_rules",
];

/// A ruleset, in the words of the REST API.
#[derive(Clone, Debug, Default)]
pub(super) struct Ruleset {
    pub(super) id: Option<u64>,
    pub(super) name: String,
    /// branch, tag, push or repository
    target: String,
    /// active, evaluate or disabled
    enforcement: String,
    /// Kinds of its rules. None where only the ruleset's name was read.
    kinds: Option<Vec<String>>,
    /// Names that it holds for, and then those that are excepted.
    names: Vec<String>,
}

/// The rulesets of a repository and of those above it.
#[derive(Clone, Debug, Default)]
pub(super) struct Rulesets {
    pub(super) list: Vec<Ruleset>,
    /// Whether there are no more of them.
    pub(super) complete: bool,
    pub(super) source: &'static str,
}

fn joined(include: Vec<String>, exclude: Vec<String>) -> Vec<String> {
    include.into_iter().chain(exclude.into_iter().map(|name| format!("except {name}"))).collect()
}

impl From<query::Ruleset> for Ruleset {
    fn from(from: query::Ruleset) -> Self {
        let kinds = from.rules.map(query::List::into_items);
        let names = from.conditions.and_then(|conditions| conditions.ref_name);
        Self {
            id: from.database_id,
            name: from.name,
            target: from.target.unwrap_or_default().to_ascii_lowercase(),
            enforcement: from.enforcement.to_ascii_lowercase(),
            kinds: kinds.map(|rules| rules.into_iter().map(|rule| rule.kind.to_ascii_lowercase()).collect()),
            names: names.map(|names| joined(names.include, names.exclude)).unwrap_or_default(),
        }
    }
}

impl From<rest::Ruleset> for Ruleset {
    /// From an entry of the list, which shows no rules.
    fn from(from: rest::Ruleset) -> Self {
        Self {
            id: Some(from.id),
            name: from.name,
            target: from.target.unwrap_or_default(),
            enforcement: from.enforcement.unwrap_or_default(),
            kinds: None,
            names: Vec::new(),
        }
    }
}

impl Ruleset {
    /// Takes over the rules from the ruleset itself.
    pub(super) fn learn(&mut self, detail: rest::Ruleset) {
        self.kinds = Some(detail.rules.into_iter().map(|rule| rule.kind).collect());
        let names = detail.conditions.and_then(|conditions| conditions.ref_name).unwrap_or_default();
        self.names = joined(names.include, names.exclude);
    }

    pub(super) fn is_active_for(&self, target: &str) -> bool {
        self.enforcement == "active" && self.target == target
    }

    /// Whether it refuses both to delete and to move tags.
    fn protects(&self) -> bool {
        let has = |kind: &str| self.kinds.iter().flatten().any(|known| known == kind);
        has("deletion") && has("update")
    }

    fn shown(&self) -> String {
        format!("{} ({})", self.name, self.target)
    }
}

/// The observations of [`KEYS`].
pub(super) fn observe(answer: Answer<Rulesets>, url: &str) -> Vec<Observation> {
    let observations = answer.observe(&KEYS, |rulesets| rulesets.observe());
    observations.into_iter().map(|observation| observation.at(Place::page(format!("{url}/rules")))).collect()
}

/// A list that is whole, or as far as it was read.
fn listed(key: &str, items: Vec<String>, whole: bool) -> Observation {
    match (whole, items.is_empty()) {
        (true, _) => Observation::list(key, items),
        (false, true) => Observation::unavailable(key, "there are more rules than were read"),
        (false, false) => Observation::seen(key, items).detail("as far as seen: there are more rules"),
    }
}

impl Rulesets {
    fn observe(&self) -> Vec<Observation> {
        let of = |active: bool| -> Vec<String> {
            let chosen = self.list.iter().filter(|ruleset| (ruleset.enforcement == "active") == active);
            chosen
                .map(
                    |ruleset| {
                        if active { ruleset.shown() } else { format!("{}: {}", ruleset.shown(), ruleset.enforcement) }
                    },
                )
                .collect()
        };
        let names: BTreeSet<String> =
            self.active("tag").filter(|ruleset| ruleset.protects()).flat_map(|ruleset| ruleset.names.clone()).collect();
        [
            self.tags_protected(),
            listed(KEYS[1], names.into_iter().collect(), self.knows("tag")),
            listed(KEYS[2], self.kinds("tag"), self.knows("tag")),
            listed(KEYS[3], of(true), self.complete),
            listed(KEYS[4], of(false), self.complete),
            listed(KEYS[5], self.kinds("push"), self.knows("push")),
        ]
        .map(|observation| observation.from(self.source))
        .into()
    }

    fn active<'a>(&'a self, target: &'a str) -> impl Iterator<Item = &'a Ruleset> {
        self.list.iter().filter(move |ruleset| ruleset.is_active_for(target))
    }

    /// Whether all rules for a target were read.
    fn knows(&self, target: &str) -> bool {
        self.complete && self.active(target).all(|ruleset| ruleset.kinds.is_some())
    }

    fn kinds(&self, target: &str) -> Vec<String> {
        let kinds: BTreeSet<String> =
            self.active(target).flat_map(|ruleset| ruleset.kinds.clone().unwrap_or_default()).collect();
        kinds.into_iter().collect()
    }

    fn tags_protected(&self) -> Observation {
        if self.active("tag").any(Ruleset::protects) {
            Observation::seen(KEYS[0], true)
        } else if self.knows("tag") {
            Observation::seen(KEYS[0], false)
        } else {
            Observation::unavailable(KEYS[0], "there are more rulesets for tags than were read")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::evidence::State;

    fn of_graphql(rulesets: &[Json], complete: bool) -> Vec<State> {
        let list =
            rulesets.iter().map(|ruleset| serde_json::from_value::<query::Ruleset>(ruleset.clone()).unwrap().into());
        states(Rulesets { list: list.collect(), complete, source: "test" })
    }

    fn states(rulesets: Rulesets) -> Vec<State> {
        observe(Answer::Known(rulesets), "u").into_iter().map(|observation| observation.state).collect()
    }

    fn ruleset(target: &str, enforcement: &str, kinds: &[&str]) -> Json {
        let rules: Vec<Json> = kinds.iter().map(|kind| json!({ "type": kind })).collect();
        json!({
            "databaseId": 7, "name": "r", "target": target, "enforcement": enforcement, "rules": { "nodes": rules },
            "conditions": { "refName": { "include": ["refs/tags/v*"], "exclude": ["refs/tags/v0*"] } },
        })
    }

    fn list(items: &[&str]) -> State {
        State::Observed(items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>().into())
    }

    #[test]
    fn tags_are_protected_only_against_both() {
        let protected = |kinds: &[&str]| of_graphql(&[ruleset("TAG", "ACTIVE", kinds)], true)[..3].to_vec();
        assert_eq!(
            protected(&["UPDATE", "DELETION", "CREATION"]),
            [
                State::Observed(true.into()),
                list(&["except refs/tags/v0*", "refs/tags/v*"]),
                list(&["creation", "deletion", "update"])
            ]
        );
        assert_eq!(protected(&["DELETION", "NON_FAST_FORWARD"])[0], State::Observed(false.into()));
        let switched_off = of_graphql(&[ruleset("TAG", "EVALUATE", &["UPDATE", "DELETION"])], true);
        assert_eq!(switched_off[0], State::Observed(false.into()));
        assert_eq!((&switched_off[3], &switched_off[4]), (&State::Absent, &list(&["r (tag): evaluate"])));
    }

    #[test]
    fn rules_of_pushes_are_named() {
        let found = of_graphql(&[ruleset("PUSH", "ACTIVE", &["FILE_EXTENSION_RESTRICTION"])], true);
        assert_eq!(found[3], list(&["r (push)"]));
        assert_eq!(found[5], list(&["file_extension_restriction"]));
    }

    #[test]
    fn what_was_not_read_is_not_absent() {
        let found = of_graphql(&[], false);
        assert!(found.iter().all(|state| matches!(state, State::Unavailable { .. })), "{found:?}");
        let entry = |target: &str| {
            serde_json::from_value::<rest::Ruleset>(
                json!({ "id": 1, "name": "r", "target": target, "enforcement": "active" }),
            )
        };
        let unread = Rulesets { list: vec![entry("tag").unwrap().into()], complete: true, source: "test" };
        assert!(states(unread.clone())[..3].iter().all(|state| matches!(state, State::Unavailable { .. })));
        assert_eq!(states(unread)[5], State::Absent, "no ruleset for pushes");
        let mut learnt: Ruleset = entry("tag").unwrap().into();
        let detail = json!({ "id": 1, "name": "r", "rules": [{ "type": "update" }, { "type": "deletion" }],
            "conditions": { "ref_name": { "include": ["~ALL"] } } });
        learnt.learn(serde_json::from_value(detail).unwrap());
        let found = states(Rulesets { list: vec![learnt], complete: true, source: "test" });
        assert_eq!(found[..2], [State::Observed(true.into()), list(&["~ALL"])]);
    }
}
