//! A maturity model: levels, areas, requirements, and the way it scores.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use schemars::JsonSchema;

use super::condition::Condition;
use crate::yaml::{Fields, Kind, Node, Problem};

/// How a model scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Scoring {
    /// A level is reached when every requirement that counts at it or below is met or does not apply.
    CumulativeLevels,
}

/// A level of maturity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// From 1 upwards.
    pub id: u32,
    pub title: String,
    pub meaning: String,
}

/// Requirements that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    pub id: String,
    pub title: String,
}

/// One demand of a model, under its official id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    pub id: String,
    pub area: String,
    /// The levels that the source tags it with. It counts from the lowest upwards.
    pub levels: Vec<u32>,
    pub demands: String,
    pub met_when: Condition,
    pub partly_when: Option<Condition>,
    pub not_applicable_when: Option<Condition>,
    /// Framework to the ids there, as the source maps them.
    pub maps: BTreeMap<String, Vec<String>>,
    pub span: Range<usize>,
}

impl Requirement {
    /// The level from which on it counts.
    pub fn from_level(&self) -> u32 {
        self.levels.iter().copied().min().unwrap_or(1)
    }

    /// The questions that decide it, in the order of its conditions.
    pub fn questions(&self) -> Vec<&str> {
        let conditions = [Some(&self.met_when), self.partly_when.as_ref(), self.not_applicable_when.as_ref()];
        let mut seen = BTreeSet::new();
        let leaves = conditions.into_iter().flatten().flat_map(Condition::leaves);
        leaves.map(|leaf| leaf.name.as_str()).filter(|name| seen.insert(*name)).collect()
    }
}

/// A maturity model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    pub id: String,
    pub title: String,
    /// The version of the source that it follows.
    pub version: String,
    /// Address of the source.
    pub source: String,
    pub about: String,
    pub scoring: Scoring,
    pub levels: Vec<Level>,
    pub areas: Vec<Area>,
    pub requirements: Vec<Requirement>,
}

impl Model {
    /// Reads a model; problems are added with their places.
    pub fn parse(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(node, "a model", problems)?;
        fields.node("schema");
        fields.texts("overrides", problems);
        let id = fields.required_text("id", problems);
        let title = fields.required_text("title", problems);
        let version = fields.required_text("version", problems);
        let source = fields.required_text("source", problems);
        let about = fields.required_text("about", problems);
        fields.required("scoring", problems);
        let scoring = fields.word("scoring", &[("cumulative-levels", Scoring::CumulativeLevels)], problems);
        let levels = list(&mut fields, "levels", level, problems);
        let areas = list(&mut fields, "areas", area, problems);
        let requirements = list(&mut fields, "requirements", requirement, problems);
        fields.finish(problems);
        let model = Self {
            id: id?,
            title: title?,
            version: version?,
            source: source?,
            about: about?,
            scoring: scoring?,
            levels,
            areas,
            requirements,
        };
        model.check(problems);
        Some(model)
    }

    /// The highest level.
    pub fn highest(&self) -> u32 {
        self.levels.iter().map(|level| level.id).max().unwrap_or(0)
    }

    fn check(&self, problems: &mut Vec<Problem>) {
        let mut ids = BTreeSet::new();
        for requirement in &self.requirements {
            let at = requirement.span.start..requirement.span.start;
            if !ids.insert(requirement.id.as_str()) {
                problems.push(Problem::error(format!("requirement `{}` stands twice", requirement.id), at.clone()));
            }
            if !self.areas.iter().any(|area| area.id == requirement.area) {
                problems.push(Problem::error(format!("area `{}` is not in `areas`", requirement.area), at.clone()));
            }
            for level in &requirement.levels {
                if !self.levels.iter().any(|known| known.id == *level) {
                    problems.push(Problem::error(format!("level {level} is not in `levels`"), at.clone()));
                }
            }
        }
    }
}

fn list<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    parse: fn(&Node, &mut Vec<Problem>) -> Option<T>,
    problems: &mut Vec<Problem>,
) -> Vec<T> {
    let Some(node) = fields.required(name, problems) else { return Vec::new() };
    let Kind::List(items) = &node.kind else {
        problems.push(Problem::error(format!("`{name}` is a list"), node.span.clone()));
        return Vec::new();
    };
    items.iter().filter_map(|item| parse(item, problems)).collect()
}

fn number(node: &Node, problems: &mut Vec<Problem>) -> Option<u32> {
    let number = match node.kind {
        Kind::Int(number) => u32::try_from(number).ok().filter(|number| (1..=9).contains(number)),
        _ => None,
    };
    if number.is_none() {
        problems.push(Problem::error("a level is a whole number from 1 to 9", node.span.clone()));
    }
    number
}

fn level(node: &Node, problems: &mut Vec<Problem>) -> Option<Level> {
    let mut fields = Fields::of(node, "a level", problems)?;
    let id = fields.required("id", problems).and_then(|node| number(node, problems));
    let title = fields.required_text("title", problems);
    let meaning = fields.required_text("meaning", problems);
    fields.finish(problems);
    Some(Level { id: id?, title: title?, meaning: meaning? })
}

fn area(node: &Node, problems: &mut Vec<Problem>) -> Option<Area> {
    let mut fields = Fields::of(node, "an area", problems)?;
    let id = fields.required_text("id", problems);
    let title = fields.required_text("title", problems);
    fields.finish(problems);
    Some(Area { id: id?, title: title? })
}

fn requirement(node: &Node, problems: &mut Vec<Problem>) -> Option<Requirement> {
    let mut fields = Fields::of(node, "a requirement", problems)?;
    let id = fields.required_text("id", problems);
    let area = fields.required_text("area", problems);
    let levels = match fields.required("levels", problems).map(|node| (&node.kind, node)) {
        Some((Kind::List(items), _)) if !items.is_empty() => {
            items.iter().filter_map(|item| number(item, problems)).collect()
        }
        Some((_, node)) => {
            problems.push(Problem::error("`levels` is a list of levels", node.span.clone()));
            Vec::new()
        }
        None => Vec::new(),
    };
    let demands = fields.required_text("demands", problems);
    let mut condition = |name: &'static str, fields: &mut Fields<'_>| {
        fields.node(name).and_then(|node| Condition::parse(node, problems))
    };
    let met_when = condition("met_when", &mut fields);
    let partly_when = condition("partly_when", &mut fields);
    let not_applicable_when = condition("not_applicable_when", &mut fields);
    fields.required("met_when", problems);
    let maps = fields.node("maps").map_or_else(BTreeMap::new, |node| maps(node, problems));
    let span = fields.span();
    fields.finish(problems);
    Some(Requirement {
        id: id?,
        area: area?,
        levels,
        demands: demands?,
        met_when: met_when?,
        partly_when,
        not_applicable_when,
        maps,
        span,
    })
}

fn maps(node: &Node, problems: &mut Vec<Problem>) -> BTreeMap<String, Vec<String>> {
    let Kind::Map(entries) = &node.kind else {
        problems.push(Problem::error("`maps` has a list of ids for each framework", node.span.clone()));
        return BTreeMap::new();
    };
    entries.iter().map(|(key, value)| (key.text.clone(), crate::yaml::texts(value, &key.text, problems))).collect()
}
