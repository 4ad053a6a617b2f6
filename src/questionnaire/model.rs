//! A maturity model: levels, areas, requirements, and the way it scores.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use schemars::JsonSchema;

use super::condition::Condition;
use crate::yaml::{Fields, Kind, Node, Problem};

mod rules;
mod worth;
mod worth_of;

pub use self::rules::{Rules, Strength};
pub(super) use self::worth::share;
pub use self::worth::{Exact, Worth};
pub use self::worth_of::WorthOf;

/// How a model scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum Scoring {
    /// A level is reached when every requirement that counts at it or below is met or does not apply.
    CumulativeLevels,
    /// Each level has a percentage, by the rules that its requirements have there; it is reached at 100, once the level
    /// below is. The OpenSSF Best Practices Badge.
    BadgePercentages,
    /// Each area is the sum of what its requirements are worth in two streams, groups and the whole are averages. OWASP
    /// SAMM.
    AveragedPractices,
    /// The share of the requirements that are met. Self-assessments in words.
    Completeness,
}

/// The ways of scoring by their written names.
pub(crate) const SCORINGS: [(&str, Scoring); 4] = [
    ("cumulative-levels", Scoring::CumulativeLevels),
    ("badge-percentages", Scoring::BadgePercentages),
    ("averaged-practices", Scoring::AveragedPractices),
    ("completeness", Scoring::Completeness),
];

impl Scoring {
    /// The written name.
    pub fn word(self) -> &'static str {
        SCORINGS.iter().find(|(_, scoring)| *scoring == self).map_or("", |(word, _)| word)
    }

    /// Whether requirements belong to levels that can be reached.
    pub fn has_levels(self) -> bool {
        matches!(self, Self::CumulativeLevels | Self::BadgePercentages)
    }
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
    /// The group that it belongs to, where the model has groups.
    pub group: Option<String>,
}

/// Areas that belong together: a business function of SAMM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: String,
    pub title: String,
}

/// When a requirement is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// When this holds of the answers to questions.
    When(Condition),
    /// When this level of the same model is reached.
    LevelReached(u32),
}

/// One demand of a model, under its official id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    pub id: String,
    /// Other ways in which it is written.
    pub aliases: Vec<String>,
    pub area: String,
    /// The levels that the source tags it with. It counts from the lowest upwards.
    pub levels: Vec<u32>,
    pub demands: String,
    pub met: Demand,
    pub partly_when: Option<Condition>,
    pub not_applicable_when: Option<Condition>,
    /// What each level demands of it, where the model scores by badge percentages.
    pub rules: BTreeMap<u32, Rules>,
    /// What it is worth where it is not met, the most first. Met it is worth 1, otherwise 0.
    pub worth: Vec<Worth>,
    /// The question whose answer says what it is worth. `met` and `worth` say the same once the questions are known.
    pub worth_of: Option<WorthOf>,
    /// Framework to the ids there, as the source maps them.
    pub maps: BTreeMap<String, Vec<String>>,
    pub span: Range<usize>,
}

impl Requirement {
    /// Whether a name means it: its id, or one of the other ways in which that is written.
    pub fn is_called(&self, name: &str) -> bool {
        self.id == name || self.aliases.iter().any(|alias| alias == name)
    }

    /// The level from which on it counts.
    pub fn from_level(&self) -> u32 {
        self.levels.iter().copied().min().unwrap_or(1)
    }

    /// The condition under which it is met; none where a level must be reached.
    pub fn met_when(&self) -> Option<&Condition> {
        match &self.met {
            Demand::When(condition) => Some(condition),
            Demand::LevelReached(_) => None,
        }
    }

    /// All its conditions.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let others = [self.partly_when.as_ref(), self.not_applicable_when.as_ref()].into_iter().flatten();
        self.met_when().into_iter().chain(others).chain(self.worth.iter().map(|worth| &worth.when))
    }

    /// The questions that decide it, in the order of its conditions.
    pub fn questions(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let leaves = self.conditions().flat_map(Condition::leaves);
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
    pub groups: Vec<Group>,
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
        let scoring = fields.word("scoring", &SCORINGS, problems);
        let levels = match scoring {
            Some(scoring) if !scoring.has_levels() => optional_list(&mut fields, "levels", level, problems),
            _ => list(&mut fields, "levels", level, problems),
        };
        let groups = optional_list(&mut fields, "groups", group, problems);
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
            groups,
            areas,
            requirements,
        };
        model.check(problems);
        Some(model)
    }

    /// A requirement by its id, or by another way in which that is written.
    pub fn requirement(&self, name: &str) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.is_called(name))
    }

    /// The highest level that can be reached; 0 where the model does not score by levels.
    pub fn highest(&self) -> u32 {
        if !self.scoring.has_levels() {
            return 0;
        }
        self.levels.iter().map(|level| level.id).max().unwrap_or(0)
    }

    fn check(&self, problems: &mut Vec<Problem>) {
        let mut ids = BTreeSet::new();
        for area in &self.areas {
            if let Some(group) =
                area.group.as_ref().filter(|group| !self.groups.iter().any(|known| known.id == **group))
            {
                problems
                    .push(Problem::error(format!("group `{group}` of area `{}` is not in `groups`", area.id), 0..0));
            }
        }
        for requirement in &self.requirements {
            let at = requirement.span.start..requirement.span.start;
            for name in std::iter::once(&requirement.id).chain(&requirement.aliases) {
                if !ids.insert(name.as_str()) {
                    problems.push(Problem::error(format!("requirement `{name}` stands twice"), at.clone()));
                }
            }
            if !self.areas.iter().any(|area| area.id == requirement.area) {
                problems.push(Problem::error(format!("area `{}` is not in `areas`", requirement.area), at.clone()));
            }
            self.check_scoring(requirement, problems);
            for level in &requirement.levels {
                if !self.levels.iter().any(|known| known.id == *level) {
                    problems.push(Problem::error(format!("level {level} is not in `levels`"), at.clone()));
                }
            }
        }
    }
}

impl Model {
    /// What the way of scoring demands of a requirement.
    fn check_scoring(&self, requirement: &Requirement, problems: &mut Vec<Problem>) {
        let at = requirement.span.start..requirement.span.start;
        let mut error = |message: String| problems.push(Problem::error(message, at.clone()));
        if self.scoring.has_levels() && requirement.levels.is_empty() {
            error(format!("requirement `{}` needs `levels`", requirement.id));
        }
        let with_rules: Vec<u32> = requirement.rules.keys().copied().collect();
        let mut levels = requirement.levels.clone();
        levels.sort_unstable();
        match self.scoring {
            Scoring::BadgePercentages if with_rules != levels => {
                error(format!("requirement `{}` needs `rules` for each of its levels", requirement.id));
            }
            Scoring::BadgePercentages => {}
            _ if !with_rules.is_empty() => {
                error("`rules` belong to a model that scores by badge-percentages".to_owned());
            }
            _ => {}
        }
        if self.scoring != Scoring::AveragedPractices
            && (!requirement.worth.is_empty() || requirement.worth_of.is_some())
        {
            error("`worth` and `worth_of` belong to a model that scores by averaged-practices".to_owned());
        }
    }
}

fn optional_list<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    parse: fn(&Node, &mut Vec<Problem>) -> Option<T>,
    problems: &mut Vec<Problem>,
) -> Vec<T> {
    if fields.node(name).is_some() { list(fields, name, parse, problems) } else { Vec::new() }
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
    let group = fields.text("group", problems);
    fields.finish(problems);
    Some(Area { id: id?, title: title?, group })
}

fn group(node: &Node, problems: &mut Vec<Problem>) -> Option<Group> {
    let mut fields = Fields::of(node, "a group", problems)?;
    let id = fields.required_text("id", problems);
    let title = fields.required_text("title", problems);
    fields.finish(problems);
    Some(Group { id: id?, title: title? })
}

fn requirement(node: &Node, problems: &mut Vec<Problem>) -> Option<Requirement> {
    let mut fields = Fields::of(node, "a requirement", problems)?;
    let id = fields.required_text("id", problems);
    let aliases = fields.texts("aliases", problems);
    let area = fields.required_text("area", problems);
    let levels = match fields.node("levels").map(|node| (&node.kind, node)) {
        Some((Kind::List(items), _)) if !items.is_empty() => {
            items.iter().filter_map(|item| number(item, problems)).collect()
        }
        Some((_, node)) => {
            problems.push(Problem::error("`levels` is a list of levels", node.span.clone()));
            Vec::new()
        }
        None => Vec::new(),
    };
    let rules = fields.node("rules").map_or_else(BTreeMap::new, |node| rules::parse(node, problems));
    let worth = fields.node("worth").map_or_else(Vec::new, |node| worth::parse(node, problems));
    let demands = fields.required_text("demands", problems);
    let mut condition = |name: &'static str, fields: &mut Fields<'_>| {
        fields.node(name).and_then(|node| Condition::parse(node, problems))
    };
    let met_when = condition("met_when", &mut fields);
    let partly_when = condition("partly_when", &mut fields);
    let not_applicable_when = condition("not_applicable_when", &mut fields);
    let level_reached = fields.node("met_when_level").and_then(|node| number(node, problems));
    let worth_of = fields.node("worth_of").and_then(|node| WorthOf::parse(node, problems));
    let met = match (met_when, level_reached) {
        (None, None) if worth_of.is_some() => worth_of.as_ref().map(|of| Demand::When(of.answered())),
        (Some(_), _) | (_, Some(_)) if worth_of.is_some() || (fields.node("worth_of").is_some()) => {
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
        (None, None) => {
            fields.required("met_when", problems);
            None
        }
    };
    let maps = fields.node("maps").map_or_else(BTreeMap::new, |node| maps(node, problems));
    let span = fields.span();
    fields.finish(problems);
    Some(Requirement {
        id: id?,
        aliases,
        area: area?,
        levels,
        demands: demands?,
        met: met?,
        partly_when,
        not_applicable_when,
        rules,
        worth,
        worth_of,
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
