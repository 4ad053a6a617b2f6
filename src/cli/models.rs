//! `seaworthy models`: list the maturity models, or explain one.

use std::fmt::Write as _;

use clap::{Args, Subcommand};

use super::Common;
use super::assess::unknown_model;
use super::coverage_page;
use super::failure::Failure;
use super::models_map;
use super::output::Output;
use super::table::{table, wrapped};
use crate::questionnaire::{Demand, Derived, Model, Questionnaires, Requirement, Scoring};
use crate::yaml::nearest;

/// List the maturity models, or explain one.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the models
    List,
    /// Show a model: its levels, and what decides each requirement
    Show {
        /// Id of the model, such as osps-baseline; with a slash and the id of a requirement, that alone
        id: String,
    },
    /// What can be observed of each model: by proof, by signs, or by an answer alone
    Coverage {
        /// Print the page of the documentation
        #[arg(long)]
        markdown: bool,
    },
    /// Show how the requirements of two models relate, and which are not related
    Map {
        /// Id of a model
        from: String,
        /// Id of another one
        to: String,
        /// How to print the table
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: models_map::Format,
    },
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    let questionnaires = common.load_questionnaires()?;
    match &arguments.what {
        None | Some(What::List) => output.result(&list(&questionnaires, output.width())),
        Some(What::Show { id }) => {
            if let Some((model, requirement)) = questionnaires.requirement_named(id) {
                let text = requirement_text(requirement, &questionnaires, output.width());
                let head = wrapped(output.width(), "", &format!("{} ({} {})", model.title, model.id, model.version));
                return output.result(&format!("{head}\n{text}"));
            }
            if let Some((model, name)) = id.split_once('/')
                && let Some(model) = questionnaires.model(model)
            {
                return Err(unknown_requirement(model, name));
            }
            let model = questionnaires.model(id).ok_or_else(|| unknown_model(id, &questionnaires))?;
            output.result(&show(model, &questionnaires, output.width()))
        }
        Some(What::Coverage { markdown: true }) => output.result(&coverage_page::page(&questionnaires)),
        Some(What::Coverage { markdown: false }) => {
            output.result(&coverage_page::text(&questionnaires, output.width()))
        }
        Some(What::Map { from, to, format }) => {
            let known = |id: &str| questionnaires.model(id).ok_or_else(|| unknown_model(id, &questionnaires));
            let (from, to) = (known(from)?, known(to)?);
            if from.id == to.id {
                return Err(Failure::Invalid("name two different models".to_owned()));
            }
            models_map::run(from, to, *format, &questionnaires, output)
        }
    }
}

fn unknown_requirement(model: &Model, name: &str) -> Failure {
    let names =
        model.requirements.iter().flat_map(|requirement| std::iter::once(&requirement.id).chain(&requirement.aliases));
    let help = match nearest(name, names.map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("`seaworthy models show {}` lists them", model.id),
    };
    Failure::Invalid(format!("{} has no requirement `{name}`; {help}", model.title))
}

fn list(questionnaires: &Questionnaires, width: usize) -> String {
    let row = |model: &Model| {
        // Without levels there is no number of them: what counts is the share, or what practices are worth.
        let levels = if model.levels.is_empty() { "–".to_owned() } else { model.levels.len().to_string() };
        [model.id.clone(), model.version.clone(), levels, model.requirements.len().to_string(), model.title.clone()]
    };
    table(width, ["id", "version", "levels", "requirements", "title"], questionnaires.models().iter().map(row))
}

fn show(model: &Model, questionnaires: &Questionnaires, width: usize) -> String {
    let head = wrapped(width, "", &format!("{} ({} {})", model.title, model.id, model.version));
    let mut text = format!("{head}{}\n\n", model.source);
    text.push_str(&wrapped(width, "", &model.about));
    if let Some(derived) = &model.derived {
        text.push_str(&profile_text(derived, width));
    }
    text.push_str(&versions_text(model, width));
    text.push_str(if model.levels.is_empty() { "" } else { "\nLevels\n" });
    for level in &model.levels {
        let own = |requirement: &&Requirement| match model.scoring {
            Scoring::BadgePercentages => requirement.rules.contains_key(&level.id),
            _ => requirement.from_level() == level.id,
        };
        let adds = model.requirements.iter().filter(own).count();
        text.push_str(&wrapped(
            width,
            &format!("  {} ", level.id),
            &format!("{}: {} It adds {adds} requirements.", level.title, level.meaning),
        ));
    }
    for area in &model.areas {
        let _ = write!(text, "\n{} {}\n", area.id, area.title);
        for requirement in model.requirements.iter().filter(|requirement| requirement.area == area.id) {
            text.push_str(&requirement_text(requirement, questionnaires, width));
        }
    }
    text
}

/// The versions of the source, the newest first, and what changed from one to the next.
fn versions_text(model: &Model, width: usize) -> String {
    if model.versions.is_empty() {
        return String::new();
    }
    let mut text = "\nVersions of the source; the model follows the first\n".to_owned();
    for (position, version) in model.versions.iter().enumerate() {
        let levels = |levels: &[u32]| match levels {
            [] => "none".to_owned(),
            levels => levels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        };
        let moved: Vec<String> = version
            .moved
            .iter()
            .map(|(id, (from, to))| format!("{id} (levels {} to {})", levels(from), levels(to)))
            .collect();
        let _ = writeln!(text, "  {} ({}): {} requirements", version.version, version.date, version.total);
        let is_oldest = position + 1 == model.versions.len();
        for (what, ids) in [
            ("added", &version.added),
            ("retired", &version.retired),
            ("moved", &moved),
            ("reworded", &version.reworded),
        ] {
            if !ids.is_empty() {
                text.push_str(&wrapped(width, &format!("    {what}: "), &ids.join(", ")));
            } else if !is_oldest && what != "moved" {
                let _ = writeln!(text, "    {what}: none");
            }
        }
        if let Some(note) = &version.note {
            text.push_str(&wrapped(width, "    ", note));
        }
    }
    text
}

/// What a profile does otherwise than the model that it extends.
fn profile_text(derived: &Derived, width: usize) -> String {
    let mut text = format!("\nProfile of {} ({} {})\n", derived.title, derived.model, derived.version);
    let taken = format!("{} of {} requirements are taken over.", derived.kept, derived.total);
    text.push_str(&wrapped(width, "  ", &taken));
    for dropped in &derived.dropped {
        text.push_str(&wrapped(width, &format!("  {} is left out: ", dropped.id), &dropped.because));
    }
    for change in &derived.changed {
        let lead = format!("  {} ", change.requirement);
        let what = format!("is changed: {}", change.what.join(", "));
        let loosened = change.loosened_because.as_ref().map(|because| format!("; it asks for less: {because}"));
        text.push_str(&wrapped(width, &lead, &(what + &loosened.unwrap_or_default())));
    }
    if !derived.added.is_empty() {
        text.push_str(&wrapped(width, "  Added: ", &derived.added.join(", ")));
    }
    text
}

fn requirement_text(requirement: &Requirement, questionnaires: &Questionnaires, width: usize) -> String {
    let levels: Vec<String> = requirement.levels.iter().map(ToString::to_string).collect();
    let mut text = wrapped(
        width,
        &format!("\n  {}  ", requirement.id).replace('\n', ""),
        &match levels.as_slice() {
            [] => requirement.demands.clone(),
            levels => format!("(levels {}) {}", levels.join(", "), requirement.demands),
        },
    );
    if let Some(advice) = &requirement.advice {
        text.push_str(&wrapped(width, "      where it is not met: ", advice));
    }
    if !requirement.aliases.is_empty() {
        text.push_str(&wrapped(width, "      also written ", &requirement.aliases.join(", ")));
    }
    let mut condition = |name: &str, condition: &crate::questionnaire::Condition| {
        text.push_str(&wrapped(width, &format!("      {name} "), &condition.to_string()));
    };
    if let Some(met) = requirement.met_when() {
        condition("met when", met);
    }
    if let Some(partly) = &requirement.partly_when {
        condition("partly met when", partly);
    }
    if let Some(not_applicable) = &requirement.not_applicable_when {
        condition("not applicable when", not_applicable);
    }
    for worth in &requirement.worth {
        condition(&format!("worth {} when", worth.share), &worth.when);
    }
    if let Demand::LevelReached(level) = requirement.met {
        text.push_str(&wrapped(width, "      met when ", &format!("level {level} is reached")));
    }
    for question in requirement.questions().into_iter().filter_map(|id| questionnaires.question(id)) {
        let keys = question.keys();
        let seen = if keys.is_empty() {
            "only a person can know".to_owned()
        } else {
            format!("observed by {}", keys.join(", "))
        };
        text.push_str(&wrapped(width, &format!("      {}: ", question.id), &seen));
    }
    text
}
