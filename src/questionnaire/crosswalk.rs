//! Relations between requirements of different models (`seaworthy.crosswalk/1`): as others have published them, and as they
//! follow from the bank, where two requirements are decided by the same questions.
//!
//! A relation explains and proposes. It never decides a finding.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bank::Questionnaires;
use super::lint::Compared;
use super::model::{Model, Requirement};
use crate::yaml::{Fields, Kind, Node, Problem, nearest};

/// The schema of a file with relations.
pub const CROSSWALK_SCHEMA: &str = "seaworthy.crosswalk/1";

/// How one requirement relates to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Each is met where the other is.
    Equal,
    /// Where it is met, the other is.
    Covers,
    /// Where the other is met, it is.
    PartOf,
    /// They speak of the same matter.
    Related,
}

/// The relations by their written names.
const RELATIONS: [(&str, Relation); 4] = [
    ("equal", Relation::Equal),
    ("covers", Relation::Covers),
    ("part-of", Relation::PartOf),
    ("related", Relation::Related),
];

impl Relation {
    pub fn word(self) -> &'static str {
        RELATIONS.iter().find(|(_, relation)| *relation == self).map_or("", |(word, _)| word)
    }

    /// The same relation seen from the other requirement.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Covers => Self::PartOf,
            Self::PartOf => Self::Covers,
            same => same,
        }
    }
}

/// A requirement of a model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub model: String,
    pub requirement: String,
}

/// Where published relations come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub title: String,
    pub address: String,
    pub version: String,
    pub licence: String,
}

/// A relation between requirements of two models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub from: Place,
    pub to: Place,
    pub relation: Relation,
    /// From 1, a weak signal, to 3, as good as certain. What follows from the bank has 3.
    pub confidence: u8,
    /// Id of its origin; `bank` where it follows from the questions.
    pub source: String,
    pub span: Range<usize>,
}

/// The id of the origin of what follows from the bank.
pub const BANK: &str = "bank";

/// The content of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crosswalk {
    pub origins: BTreeMap<String, Origin>,
    pub links: Vec<Link>,
}

impl Crosswalk {
    /// Reads a file; problems are added with their places.
    pub(super) fn parse(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(node, "a crosswalk", problems)?;
        fields.node("schema");
        let mut origins = BTreeMap::new();
        match fields.required("sources", problems).map(|node| (&node.kind, node)) {
            Some((Kind::Map(entries), _)) => {
                for (key, value) in entries {
                    if key.text == BANK {
                        let message = "`bank` stands for what follows from the questions";
                        problems.push(Problem::error(message, key.span.clone()));
                    }
                    origins.extend(origin(value, problems).map(|origin| (key.text.clone(), origin)));
                }
            }
            Some((_, node)) => problems.push(Problem::error("`sources` has an entry for each id", node.span.clone())),
            None => {}
        }
        let links = super::model::list(&mut fields, "relations", link, problems);
        fields.finish(problems);
        Some(Self { origins, links })
    }

    /// Adds what is wrong with it in the light of all models.
    pub(super) fn lint(&self, all: &Questionnaires, problems: &mut Vec<Problem>) {
        let mut seen = BTreeSet::new();
        for link in &self.links {
            for place in [&link.from, &link.to] {
                problems.extend(unknown(place, &link.span, all));
            }
            let at = link.span.start..link.span.start;
            if link.from.model == link.to.model {
                problems.push(Problem::error("a relation joins requirements of two models", at.clone()));
            }
            let mut pair = [&link.from, &link.to];
            pair.sort();
            if !seen.insert((pair, &link.source)) {
                let message = format!("`{}` and `{}` are joined twice", link.from.written(), link.to.written());
                problems.push(Problem::error(message, at.clone()));
            }
            if !self.origins.contains_key(&link.source) {
                let problem = Problem::error(format!("`{}` is not in `sources`", link.source), at);
                problems.push(match nearest(&link.source, self.origins.keys().map(String::as_str)) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None => problem,
                });
            }
        }
    }
}

impl Link {
    /// The same relation seen from the other requirement.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self { from: self.to.clone(), to: self.from.clone(), relation: self.relation.reversed(), ..self.clone() }
    }
}

impl Place {
    /// `model/requirement`
    pub fn written(&self) -> String {
        format!("{}/{}", self.model, self.requirement)
    }
}

fn unknown(place: &Place, span: &Range<usize>, all: &Questionnaires) -> Option<Problem> {
    let at = span.start..span.start;
    let Some(model) = all.model(&place.model) else {
        let problem = Problem::error(format!("there is no model `{}`", place.model), at);
        let ids = all.models().iter().map(|model| model.id.as_str());
        return Some(match nearest(&place.model, ids) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help("`seaworthy models` lists them"),
        });
    };
    if model.requirements.iter().any(|requirement| requirement.id == place.requirement) {
        return None;
    }
    let problem = Problem::error(format!("`{}` has no requirement `{}`", model.id, place.requirement), at);
    let ids = model.requirements.iter().map(|requirement| requirement.id.as_str());
    Some(match nearest(&place.requirement, ids) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem,
    })
}

fn origin(node: &Node, problems: &mut Vec<Problem>) -> Option<Origin> {
    let mut fields = Fields::of(node, "a source", problems)?;
    let title = fields.required_text("title", problems);
    let address = fields.required_text("address", problems);
    let version = fields.required_text("version", problems);
    let licence = fields.required_text("licence", problems);
    fields.finish(problems);
    Some(Origin { title: title?, address: address?, version: version?, licence: licence? })
}

fn link(node: &Node, problems: &mut Vec<Problem>) -> Option<Link> {
    let mut fields = Fields::of(node, "a relation", problems)?;
    let from = place("from", &mut fields, problems);
    let to = place("to", &mut fields, problems);
    fields.required("relation", problems);
    let relation = fields.word("relation", &RELATIONS, problems);
    let confidence = fields.required("confidence", problems).and_then(|node| {
        let confidence = match node.kind {
            Kind::Int(number @ 1..=3) => u8::try_from(number).ok(),
            _ => None,
        };
        if confidence.is_none() {
            problems.push(Problem::error("`confidence` is 1, 2 or 3", node.span.clone()));
        }
        confidence
    });
    let source = fields.required_text("source", problems);
    let span = fields.span();
    fields.finish(problems);
    Some(Link { from: from?, to: to?, relation: relation?, confidence: confidence?, source: source?, span })
}

fn place(name: &'static str, fields: &mut Fields<'_>, problems: &mut Vec<Problem>) -> Option<Place> {
    let text = fields.required_text(name, problems)?;
    let parts = text.split_once('/').filter(|(model, requirement)| !model.is_empty() && !requirement.is_empty());
    if let (None, Some(node)) = (parts, fields.node(name)) {
        let problem = Problem::error(format!("`{name}` names a requirement as `model/requirement`"), node.span.clone());
        problems.push(problem.help("such as `osps-baseline/OSPS-AC-01.01`"));
    }
    parts.map(|(model, requirement)| Place { model: model.to_owned(), requirement: requirement.to_owned() })
}

/// All relations of the requirements of one model to those of another, published and from the bank, by the order of the
/// first model. Two requirements are joined once by each origin.
pub(super) fn between(from: &Model, to: &Model, all: &Questionnaires) -> Vec<Link> {
    let mut links: Vec<Link> = all.published().iter().filter_map(|link| turned(link, &from.id, &to.id)).collect();
    let mut by_question: BTreeMap<&str, Vec<&Requirement>> = BTreeMap::new();
    for requirement in &to.requirements {
        for question in requirement.questions() {
            by_question.entry(question).or_default().push(requirement);
        }
    }
    for one in &from.requirements {
        let mut seen = BTreeSet::new();
        let others = one.questions().into_iter().filter_map(|question| by_question.get(question)).flatten();
        for other in others.filter(|other| seen.insert(other.id.as_str())) {
            links.push(Link {
                from: Place { model: from.id.clone(), requirement: one.id.clone() },
                to: Place { model: to.id.clone(), requirement: other.id.clone() },
                relation: compared(one, other, all),
                confidence: 3,
                source: BANK.to_owned(),
                span: 0..0,
            });
        }
    }
    let place = |link: &Link| from.requirements.iter().position(|one| one.id == link.from.requirement);
    links.sort_by_cached_key(|link| (place(link), link.relation, std::cmp::Reverse(link.confidence), link.to.clone()));
    links
}

/// A published relation as it leads from one model to another.
fn turned(link: &Link, from: &str, to: &str) -> Option<Link> {
    if link.from.model == from && link.to.model == to {
        return Some(link.clone());
    }
    (link.to.model == from && link.from.model == to).then(|| link.reversed())
}

/// How two requirements relate that are decided by some of the same questions, as far as that can be proved where
/// everything applies.
fn compared(one: &Requirement, other: &Requirement, all: &Questionnaires) -> Relation {
    let (Some(left), Some(right)) = (one.met_when(), other.met_when()) else { return Relation::Related };
    match super::lint::compare(left, right, all) {
        Compared { left_implies: true, right_implies: true } => Relation::Equal,
        Compared { left_implies: true, right_implies: false } => Relation::Covers,
        Compared { left_implies: false, right_implies: true } => Relation::PartOf,
        Compared { left_implies: false, right_implies: false } => Relation::Related,
    }
}
