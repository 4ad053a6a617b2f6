//! A file with a model, or with a profile of one.
#![expect(dead_code, reason = "these types describe files and are never made")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;

use super::value::Condition;
use crate::questionnaire::Scoring;

/// A maturity model, or with `extends` a profile of one.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[schemars(extend(
    "if" = {"not": {"required": ["extends"]}},
    "then" = {"required": ["scoring", "areas", "requirements"], "properties": {"requirements": {"items": {"required": ["area", "demands"]}}}}
))]
pub(super) struct ModelFile {
    /// seaworthy.model/1
    schema: String,
    id: String,
    title: String,
    /// The version of the source that it follows
    version: String,
    /// Address of the source
    source: String,
    about: String,
    /// The id of a built-in model that this one replaces on purpose
    #[schemars(default)]
    overrides: Vec<String>,
    /// The model that this one is a profile of
    extends: Option<String>,
    /// The version of that model for which the profile was written; `lint` says when there is another one
    of_version: Option<String>,
    /// Needed, except in a profile, which scores as the model that it extends
    scoring: Option<Scoring>,
    /// What a profile takes over; everything where it is left out
    choose: Option<Choose>,
    /// What a profile leaves out: the reason for each id of a requirement or area
    #[schemars(default)]
    drop: BTreeMap<String, String>,
    /// Left out where the model scores otherwise than by levels
    #[schemars(default)]
    levels: Vec<Level>,
    /// What areas belong to, where a model has groups of them
    #[schemars(default)]
    groups: Vec<Group>,
    /// A profile names only those that it adds
    #[schemars(default)]
    areas: Vec<Area>,
    /// A profile names only those that it changes or adds
    #[schemars(default)]
    requirements: Vec<Requirement>,
    /// What the model is written down as
    #[schemars(default)]
    documents: Vec<DocumentFile>,
    /// The versions of the source and what changed, the newest first
    #[schemars(default)]
    versions: Vec<Version>,
}

/// A version of the source, and what changed since the one before.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the file names it so")]
pub(super) struct Version {
    version: String,
    date: NaiveDate,
    /// Requirements that count at some level
    total: u32,
    #[schemars(default)]
    added: Vec<String>,
    #[schemars(default)]
    retired: Vec<String>,
    /// By id: the levels before and after
    #[schemars(default)]
    moved: BTreeMap<String, Moved>,
    #[schemars(default)]
    reworded: Vec<String>,
    note: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Moved {
    from: Vec<u32>,
    to: Vec<u32>,
}

/// The requirements that a profile takes over: those of these levels and areas, and single ones.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Choose {
    /// Those that count from one of these levels on
    #[schemars(default)]
    levels: Vec<u32>,
    #[schemars(default)]
    areas: Vec<String>,
    #[schemars(default)]
    requirements: Vec<String>,
}

/// A document that a model is written down as.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct DocumentFile {
    /// Its name on the command line
    id: String,
    /// `{project}` stands for the name of the project
    title: String,
    sections: Vec<Section>,
}

/// A section of a document. Sections lie in each other at most five deep.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Section {
    heading: String,
    /// The requirement whose answers it holds
    requirement: Option<String>,
    /// Requirements whose answers stand here too, but without which the section is complete
    #[schemars(default)]
    also: Vec<String>,
    /// A fixed text in Markdown; `{project}` stands for the name of the project
    says: Option<String>,
    /// reviewers, team, design, analysis, recommendations-cncf, recommendations-project or recommendations-additional
    shows: Option<String>,
    #[schemars(default)]
    rows: Vec<Row>,
    #[schemars(default)]
    sections: Vec<Self>,
}

/// A row of a table: `shows`, or a question, observations or both.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Row {
    label: String,
    /// stage, subject, commit, completed or tracking
    shows: Option<String>,
    question: Option<String>,
    /// Keys of observations; what is known of them stands before the question
    #[schemars(default)]
    observations: Vec<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Level {
    id: u32,
    title: String,
    meaning: String,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Area {
    id: String,
    title: String,
    group: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Group {
    id: String,
    title: String,
}

/// One demand, under its official id.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Requirement {
    id: String,
    /// Other ways in which it is written, which are read wherever a requirement is named
    #[schemars(default)]
    aliases: Vec<String>,
    area: Option<String>,
    /// The levels that the source tags it with; it counts from the lowest upwards
    #[schemars(default)]
    levels: Vec<u32>,
    demands: Option<String>,
    /// What the readers of the model can do where it is not met, where these are not the people of the project
    advice: Option<String>,
    met_when: Option<Condition>,
    /// What must hold beside what the model demands (profiles only)
    also_when: Option<Condition>,
    /// Why less is demanded than by the model (profiles only)
    loosens: Option<String>,
    /// Instead of `met_when`: met when this level of the model is reached
    met_when_level: Option<u32>,
    partly_when: Option<Condition>,
    not_applicable_when: Option<Condition>,
    /// By level: MUST, SHOULD or SUGGESTED, then met-url, met-because, na, na-because (badge-percentages only)
    #[schemars(default)]
    rules: BTreeMap<String, Vec<String>>,
    /// By share, such as 1/2: when it is worth so much (averaged-practices only)
    #[schemars(default)]
    worth: BTreeMap<String, Condition>,
    /// Instead of `met_when` and `worth`: the question whose answer says what it is worth (averaged-practices only)
    worth_of: Option<String>,
    /// Framework to the ids there
    #[schemars(default)]
    maps: BTreeMap<String, Vec<String>>,
}
