//! Profiles: models that are derived from another one by choosing, dropping, changing and adding requirements.
//!
//! A foundation or a company writes `extends: osps-baseline` and what is different. What a profile leaves out or loosens, it
//! must say with a reason; the rest can only be stricter ([`super::lint`] proves that). The model that comes out is like any
//! other, and knows what it comes from.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{self, Area, Group, Level, Parts};
use crate::yaml::{Fields, Kind, Node, Problem};

mod derive;

/// A name in a document, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

/// The requirements that a profile takes over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Choose {
    pub(super) levels: Vec<u32>,
    pub(super) areas: Vec<Named>,
    /// Single ones, whatever their level and area.
    pub(super) requirements: Vec<Named>,
}

/// A profile as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub id: String,
    pub(super) title: String,
    pub(super) version: String,
    pub(super) source: String,
    pub(super) about: String,
    /// The model that it is derived from.
    pub(super) extends: Named,
    /// The version of that model for which it was written.
    pub(super) of_version: Option<Named>,
    /// Levels in the place of those of the model.
    pub(super) levels: Option<Vec<Level>>,
    pub(super) groups: Vec<Group>,
    pub(super) areas: Vec<Area>,
    pub(super) choose: Option<Choose>,
    /// Requirements or areas that are left out, and why.
    pub(super) drop: Vec<(Named, String)>,
    /// Requirements of the model that are changed, and new ones.
    pub(super) requirements: Vec<Parts>,
}

/// What a model comes from, where it is a profile of another one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Derived {
    /// Id of the model.
    pub model: String,
    pub title: String,
    /// The version that it has.
    pub version: String,
    pub digest: String,
    /// How many of its requirements are taken over, changed or not.
    pub kept: u32,
    pub total: u32,
    /// Requirements or areas that are left out on purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Changed>,
    /// Ids of the requirements that the profile adds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<String>,
}

/// What a profile leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dropped {
    /// Id of a requirement or an area.
    pub id: String,
    pub because: String,
}

/// A requirement that a profile changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Changed {
    pub requirement: String,
    /// What is different: `conditions`, `levels`, `rules`, `wording`, `advice`, `aliases`, `area`, `maps`.
    pub what: Vec<String>,
    /// Why less is demanded than by the model; none where it is stricter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loosened_because: Option<String>,
}

impl Profile {
    /// Whether a model file is a profile.
    pub(super) fn is(node: &Node) -> bool {
        matches!(&node.kind, Kind::Map(entries) if entries.iter().any(|(key, _)| key.text == "extends"))
    }

    /// Reads a profile; problems are added with their places.
    pub(super) fn parse(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(node, "a profile", problems)?;
        fields.node("schema");
        fields.texts("overrides", problems);
        let id = fields.required_text("id", problems);
        let title = fields.required_text("title", problems);
        let version = fields.required_text("version", problems);
        let source = fields.required_text("source", problems);
        let about = fields.required_text("about", problems);
        let extends = named(&mut fields, "extends", problems);
        let of_version = named(&mut fields, "of_version", problems);
        if let Some(node) = fields.node("scoring") {
            problems.push(Problem::error("a profile scores as the model that it extends", node.span.clone()));
        }
        let levels =
            fields.node("levels").is_some().then(|| model::list(&mut fields, "levels", model::level, problems));
        let groups = model::optional_list(&mut fields, "groups", model::group, problems);
        let areas = model::optional_list(&mut fields, "areas", model::area, problems);
        let choose = fields.node("choose").and_then(|node| choose(node, problems));
        let drop = fields.node("drop").map_or_else(Vec::new, |node| dropped(node, problems));
        let requirements = model::optional_list(&mut fields, "requirements", Parts::change, problems);
        fields.finish(problems);
        Some(Self {
            id: id?,
            title: title?,
            version: version?,
            source: source?,
            about: about?,
            extends: extends?,
            of_version,
            levels,
            groups,
            areas,
            choose,
            drop,
            requirements,
        })
    }
}

fn named(fields: &mut Fields<'_>, name: &'static str, problems: &mut Vec<Problem>) -> Option<Named> {
    let span = fields.node(name)?.span.clone();
    Some(Named { text: fields.text(name, problems)?, span })
}

fn choose(node: &Node, problems: &mut Vec<Problem>) -> Option<Choose> {
    let mut fields = Fields::of(node, "`choose`", problems)?;
    let levels = model::optional_list(&mut fields, "levels", model::number, problems);
    let areas = model::optional_list(&mut fields, "areas", name, problems);
    let requirements = model::optional_list(&mut fields, "requirements", name, problems);
    fields.finish(problems);
    if levels.is_empty() && areas.is_empty() && requirements.is_empty() {
        let problem = Problem::error("`choose` chooses nothing", node.span.clone());
        problems.push(problem.help("name `levels`, `areas` or `requirements`, or leave it out to take all"));
    }
    Some(Choose { levels, areas, requirements })
}

fn name(node: &Node, problems: &mut Vec<Problem>) -> Option<Named> {
    let text = node.as_text().filter(|text| !text.is_empty());
    if text.is_none() {
        let problem = Problem::error(format!("an id belongs here, this is {}", node.type_name()), node.span.clone());
        problems.push(problem.help("write it in quotes to make it text"));
    }
    Some(Named { text: text?.to_owned(), span: node.span.clone() })
}

fn dropped(node: &Node, problems: &mut Vec<Problem>) -> Vec<(Named, String)> {
    let Kind::Map(entries) = &node.kind else {
        let problem = Problem::error("`drop` has a reason for each id", node.span.clone());
        problems.push(problem.help("write it as `OSPS-LE-01.01: The reason.`, one a line"));
        return Vec::new();
    };
    let mut found = Vec::new();
    for (key, value) in entries {
        match value.as_text().map(str::trim).filter(|text| !text.is_empty()) {
            Some(because) => {
                found.push((Named { text: key.text.clone(), span: key.span.clone() }, because.to_owned()));
            }
            None => problems.push(
                Problem::error(format!("say why `{}` is dropped", key.text), key.span.clone())
                    .help("whoever reads a report of this profile wants to know what it leaves out, and why"),
            ),
        }
    }
    found
}
