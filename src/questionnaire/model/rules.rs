//! What a level of a badge demands of a criterion.

use std::collections::BTreeMap;

use crate::yaml::{Kind, Node, Problem, texts};

/// How strongly a level demands a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    Must,
    Should,
    Suggested,
}

/// What a level demands of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub strength: Strength,
    /// *Met* needs a justification with an address.
    pub met_url: bool,
    /// *Met* needs a justification.
    pub met_justification: bool,
    /// *Not applicable* is an answer at all.
    pub na_allowed: bool,
    /// *Not applicable* needs a justification.
    pub na_justification: bool,
}

const STRENGTHS: [(&str, Strength); 3] =
    [("MUST", Strength::Must), ("SHOULD", Strength::Should), ("SUGGESTED", Strength::Suggested)];
impl Strength {
    /// The written name.
    pub fn word(self) -> &'static str {
        STRENGTHS.iter().find(|(_, strength)| *strength == self).map_or("", |(word, _)| word)
    }
}

impl Rules {
    /// Whether anything counts by these rules that does not count by the others.
    pub(in crate::questionnaire) fn is_looser_than(self, other: Self) -> bool {
        self.strength > other.strength
            || (other.met_url && !self.met_url)
            || (other.met_justification && !(self.met_justification || self.met_url))
            || (self.na_allowed && !other.na_allowed)
            || (other.na_justification && self.na_allowed && !self.na_justification)
    }
}

const FLAGS: [&str; 4] = ["met-url", "met-because", "na", "na-because"];

/// Reads the rules by level, each a strength and what else is demanded: `{ 1: [SHOULD], 2: [MUST, met-url, na] }`.
pub(super) fn parse(node: &Node, problems: &mut Vec<Problem>) -> BTreeMap<u32, Rules> {
    let Kind::Map(entries) = &node.kind else {
        problems.push(Problem::error("`rules` has a list of words for each level", node.span.clone()));
        return BTreeMap::new();
    };
    let rules = entries.iter().filter_map(|(key, value)| {
        let level = key.text.parse().ok();
        if level.is_none() {
            problems.push(Problem::error(format!("`{}` is no level", key.text), key.span.clone()));
        }
        let words = texts(value, "rules", problems);
        let strength = words.first().and_then(|word| STRENGTHS.iter().find(|(name, _)| name == word));
        let unknown = words.iter().skip(1).find(|word| !FLAGS.contains(&word.as_str()));
        if strength.is_none() || unknown.is_some() {
            let message = "rules are MUST, SHOULD or SUGGESTED, and then met-url, met-because, na or na-because";
            problems.push(Problem::error(message, value.span.clone()));
        }
        let has = |flag: &str| words.iter().any(|word| word == flag);
        let (_, strength) = *strength?;
        let na_justification = has("na-because");
        Some((
            level?,
            Rules {
                strength,
                met_url: has("met-url"),
                met_justification: has("met-because"),
                na_allowed: has("na") || na_justification,
                na_justification,
            },
        ))
    });
    rules.collect()
}
