//! Questions that are no longer asked, and what took their place.
//!
//! A question never changes its meaning under the same id. A file of the schema `seaworthy.replaced/1` says which new
//! questions took the place of an old one, and how its answer carries over.

use std::ops::Range;

use super::bank::Questionnaires;
use super::condition::scalar;
use super::question::identifier;
use crate::evidence::Value;
use crate::yaml::{Fields, Kind, Node, Problem, nearest};

/// The schema of a file that says what replaced what.
pub const REPLACED_SCHEMA: &str = "seaworthy.replaced/1";

/// How the answer to an old question carries over to the new ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carry {
    /// The new question means the same.
    Same,
    /// These values become those; any other is to be asked again.
    Values(Vec<(Value, Value)>),
    /// Somebody must answer anew.
    Again,
}

/// An old question, and what took its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Id of the old question.
    pub id: String,
    /// Ids of the new ones; none where nothing took its place.
    pub by: Vec<String>,
    /// The version of the questionnaires since which it holds.
    pub since: String,
    pub carry: Carry,
    /// What has changed, for the person who looks at the answer again.
    pub note: Option<String>,
    pub span: Range<usize>,
}

impl Replacement {
    /// Reads the entries of a file; problems are added with their places.
    pub(super) fn parse_all(node: &Node, problems: &mut Vec<Problem>) -> Option<Vec<Self>> {
        let mut fields = Fields::of(node, "a file of replaced questions", problems)?;
        fields.node("schema");
        let list = fields.required("replaced", problems);
        fields.finish(problems);
        match list.map(|node| (&node.kind, node)) {
            Some((Kind::List(items), _)) => Some(items.iter().filter_map(|item| Self::parse(item, problems)).collect()),
            Some((_, node)) => {
                problems.push(Problem::error("`replaced` is a list", node.span.clone()));
                None
            }
            None => None,
        }
    }

    fn parse(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(node, "a replaced question", problems)?;
        let id = fields.required("id", problems).and_then(|node| identifier(node, problems));
        fields.required("by", problems);
        let by = fields.texts("by", problems);
        let since = fields.required_text("since", problems);
        fields.required("carry", problems);
        let carry = fields.word("carry", &[("same", 0), ("values", 1), ("again", 2)], problems);
        let values = fields.node("values");
        let note = fields.text("note", problems);
        let span = fields.span();
        let carry = match (carry?, values) {
            (0, None) => Carry::Same,
            (1, Some(node)) => Carry::Values(value_map(node, problems)),
            (2, None) => Carry::Again,
            (_, values) => {
                let at = values.map_or(span.start..span.start, |node| node.span.clone());
                problems.push(
                    Problem::error("`values` belongs to `carry: values`, and to nothing else", at)
                        .help("write it as `values: { old: new }`"),
                );
                return None;
            }
        };
        if carry == Carry::Same && by.len() != 1 {
            problems.push(
                Problem::error("only one question can mean the same as another", span.start..span.start).help(
                    "with `carry: values` an answer carries over to several; with `carry: again` they are asked anew",
                ),
            );
        }
        fields.finish(problems);
        Some(Self { id: id?, by, since: since?, carry, note, span })
    }

    /// Adds what is wrong with it in the light of all questions.
    pub(super) fn lint(&self, all: &Questionnaires, problems: &mut Vec<Problem>) {
        let at = self.span.start..self.span.start;
        if all.question(&self.id).is_some() {
            problems.push(
                Problem::error(format!("`{}` is replaced and still asked", self.id), at.clone())
                    .help("give the question a new id, or leave this entry out"),
            );
        }
        if all.replaced().iter().filter(|other| other.id == self.id).count() > 1 {
            problems.push(Problem::error(format!("`{}` is replaced twice", self.id), at.clone()));
        }
        for new in &self.by {
            let Some(question) = all.question(new) else {
                problems.push(self.unknown(new, all));
                continue;
            };
            let Carry::Values(values) = &self.carry else { continue };
            for (_, value) in values {
                if let Some(expected) = question.refuses(value) {
                    problems.push(Problem::error(
                        format!("`{value}` is no answer to `{new}`: it takes {expected}"),
                        at.clone(),
                    ));
                }
            }
        }
    }

    fn unknown(&self, new: &str, all: &Questionnaires) -> Problem {
        let problem = Problem::error(format!("there is no question `{new}`"), self.span.start..self.span.start);
        if let Some(later) = all.replacement(new) {
            return problem.help(format!("it is replaced itself; name what took its place: {}", later.by.join(", ")));
        }
        match nearest(new, all.questions().iter().map(|question| question.id.as_str())) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem,
        }
    }

    /// What an old value becomes; none where somebody must answer anew.
    pub fn carried(&self, value: &Value) -> Option<Value> {
        match &self.carry {
            Carry::Same => Some(value.clone()),
            Carry::Values(values) => values.iter().find(|(old, _)| old == value).map(|(_, new)| new.clone()),
            Carry::Again => None,
        }
    }

    /// What took its place, as a phrase to follow "was".
    pub fn phrase(&self) -> String {
        if self.by.is_empty() {
            return format!("taken out in {}", self.since);
        }
        let names: Vec<String> = self.by.iter().map(|id| format!("`{id}`")).collect();
        format!("replaced by {} in {}", names.join(" and "), self.since)
    }
}

fn value_map(node: &Node, problems: &mut Vec<Problem>) -> Vec<(Value, Value)> {
    let Kind::Map(entries) = &node.kind else {
        problems.push(Problem::error("`values` is a mapping of old values to new ones", node.span.clone()));
        return Vec::new();
    };
    entries
        .iter()
        .filter_map(|(key, node)| {
            // A key is text to the reader of YAML; what it would be as a value is found out here.
            let old = Node { kind: plain(&key.text), span: key.span.clone() };
            let (old, new) = (scalar(&old)?, scalar(node));
            if new.is_none() {
                problems.push(Problem::error(
                    format!("a value belongs here, this is {}", node.type_name()),
                    node.span.clone(),
                ));
            }
            Some((old, new?))
        })
        .collect()
}

fn plain(text: &str) -> Kind {
    text.parse().map_or_else(|_| Kind::Text(text.to_owned()), Kind::Int)
}
