//! A maturity model: levels, areas, requirements, and the way it scores.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use schemars::JsonSchema;

use super::condition::{Condition, each_once};
use super::outline::Outline;
use super::profile::Derived;
use crate::yaml::{Fields, Kind, Node, Problem};

mod parts;
mod rules;
mod versions;
mod worth;
mod worth_of;

pub(super) use self::parts::Parts;
pub use self::rules::{Rules, Strength};
pub use self::versions::Version;
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
    /// What the readers of the model can do where it is not met, where these are not the people of the project.
    pub advice: Option<String>,
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

    /// Its id, and the other ways in which that is written.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        std::iter::once(self.id.as_str()).chain(self.aliases.iter().map(String::as_str))
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
        each_once(self.conditions().flat_map(Condition::leaves).map(|leaf| leaf.name.as_str()))
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
    /// What it is written down as.
    pub documents: Vec<Outline>,
    /// The versions of the source, the newest first; none where that is not told.
    pub versions: Vec<Version>,
    /// What it comes from, where it is a profile of another model.
    pub derived: Option<Derived>,
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
        let requirements = list(&mut fields, "requirements", Parts::whole, problems);
        let versions = optional_list(&mut fields, "versions", Version::parse, problems);
        let versions_at = fields.node("versions").map_or(0..0, |node| node.span.start..node.span.start);
        let documents = optional_list(&mut fields, "documents", Outline::parse, problems);
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
            documents,
            versions,
            derived: None,
        };
        model.check(problems);
        model.check_versions(&versions_at, problems);
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

    /// Adds what does not fit together within the model.
    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        let mut documents = BTreeSet::new();
        for document in &self.documents {
            if !documents.insert(document.id.as_str()) {
                let at = document.span.start..document.span.start;
                problems.push(Problem::error(format!("document `{}` stands twice", document.id), at));
            }
            document.check(self, problems);
        }
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
            if let Demand::LevelReached(level) = requirement.met
                && (level >= requirement.from_level() || !self.levels.iter().any(|known| known.id == level))
            {
                let message = format!("nothing can ever meet `{}`: it asks for level {level}", requirement.id);
                problems.push(
                    Problem::error(message, at.clone()).help("name a level of the model below those that it counts at"),
                );
            }
            for level in &requirement.levels {
                if !self.levels.iter().any(|known| known.id == *level) {
                    problems.push(Problem::error(format!("level {level} is not in `levels`"), at.clone()));
                }
            }
        }
    }
}

impl Model {
    /// Whether what is told of the versions fits the model, which follows the newest of them.
    fn check_versions(&self, at: &Range<usize>, problems: &mut Vec<Problem>) {
        let Some(newest) = self.versions.first() else { return };
        let mut error = |message: String| problems.push(Problem::error(message, at.clone()));
        if newest.version != self.version {
            error(format!("the newest version is {}, but the model follows {}", newest.version, self.version));
        }
        if usize::try_from(newest.total).ok() != Some(self.requirements.len()) {
            error(format!(
                "{} has {} requirements, the model {}",
                newest.version,
                newest.total,
                self.requirements.len()
            ));
        }
        let mut gone: BTreeSet<&str> = BTreeSet::new();
        for version in &self.versions {
            let named = version.added.iter().chain(version.moved.keys()).chain(&version.reworded);
            for id in named.map(String::as_str).filter(|id| !gone.contains(id)) {
                if !self.requirements.iter().any(|requirement| requirement.id == id) {
                    error(format!("`{id}`, which {} names, is neither there nor retired since", version.version));
                }
            }
            for id in &version.retired {
                if self.requirements.iter().any(|requirement| requirement.id == *id) {
                    error(format!("`{id}` is retired in {}, and still there", version.version));
                }
            }
            gone.extend(version.retired.iter().map(String::as_str));
        }
        if self.versions.windows(2).any(|pair| matches!(pair, [newer, older] if newer.date <= older.date)) {
            error("the versions stand with the newest first".to_owned());
        }
    }

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

pub(super) fn optional_list<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    parse: fn(&Node, &mut Vec<Problem>) -> Option<T>,
    problems: &mut Vec<Problem>,
) -> Vec<T> {
    if fields.node(name).is_some() { list(fields, name, parse, problems) } else { Vec::new() }
}

pub(super) fn list<T>(
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

pub(super) fn number(node: &Node, problems: &mut Vec<Problem>) -> Option<u32> {
    let number = match node.kind {
        Kind::Int(number) => u32::try_from(number).ok().filter(|number| (1..=9).contains(number)),
        _ => None,
    };
    if number.is_none() {
        problems.push(Problem::error("a level is a whole number from 1 to 9", node.span.clone()));
    }
    number
}

pub(super) fn level(node: &Node, problems: &mut Vec<Problem>) -> Option<Level> {
    let mut fields = Fields::of(node, "a level", problems)?;
    let id = fields.required("id", problems).and_then(|node| number(node, problems));
    let title = fields.required_text("title", problems);
    let meaning = fields.required_text("meaning", problems);
    fields.finish(problems);
    Some(Level { id: id?, title: title?, meaning: meaning? })
}

pub(super) fn area(node: &Node, problems: &mut Vec<Problem>) -> Option<Area> {
    let mut fields = Fields::of(node, "an area", problems)?;
    let id = fields.required_text("id", problems);
    let title = fields.required_text("title", problems);
    let group = fields.text("group", problems);
    fields.finish(problems);
    Some(Area { id: id?, title: title?, group })
}

pub(super) fn group(node: &Node, problems: &mut Vec<Problem>) -> Option<Group> {
    let mut fields = Fields::of(node, "a group", problems)?;
    let id = fields.required_text("id", problems);
    let title = fields.required_text("title", problems);
    fields.finish(problems);
    Some(Group { id: id?, title: title? })
}
