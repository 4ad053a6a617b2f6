//! `seaworthy new`: the start of a questionnaire or a model of one's own.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::output::Output;
use crate::{disk, schema};

/// Write the start of a questionnaire or a model of one's own: with comments, without problems, and usable at once.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Questions of one's own, and a model that uses them
    Questionnaire(Named),
    /// A model of one's own over the built-in questions
    Model(Named),
    /// A profile: a built-in model with requirements chosen, dropped, made stricter or added
    Profile(Named),
}

#[derive(Args, Debug)]
struct Named {
    /// Id, in small letters, digits and hyphens, such as our-services
    #[arg(value_parser = name)]
    name: String,
    /// Folder to write to
    #[arg(short, long, value_name = "DIR", default_value = "questionnaires")]
    output: PathBuf,
}

const QUESTIONS: &str = include_str!("../../templates/new/questions.yaml");
const QUESTIONS_MODEL: &str = include_str!("../../templates/new/questions-model.yaml");
const PROFILE: &str = include_str!("../../templates/new/profile.yaml");
const MODEL: &str = include_str!("../../templates/new/model.yaml");

fn name(text: &str) -> Result<String, String> {
    let good = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 60
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if good { Ok(text.to_owned()) } else { Err("a name is made of small letters, digits and hyphens".to_owned()) }
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    let (named, files): (_, &[(&str, &str)]) = match &arguments.what {
        What::Questionnaire(named) => (named, &[("questions", QUESTIONS), ("models", QUESTIONS_MODEL)]),
        What::Model(named) => (named, &[("models", MODEL)]),
        What::Profile(named) => (named, &[("models", PROFILE)]),
    };
    let folder = &named.output;
    let targets: Vec<(PathBuf, String)> = files
        .iter()
        .map(|(kind, start)| (folder.join(kind).join(format!("{}.yaml", named.name)), filled(start, named)))
        .collect();
    if let Some((path, _)) = targets.iter().find(|(path, _)| path.exists()) {
        return Err(Failure::Invalid(format!("`{}` is there already, and stays as it is", path.display())));
    }
    for (path, text) in &targets {
        written(path, text)?;
    }
    for (name, schema) in [("questions", schema::questions()), ("model", schema::model())] {
        let path = folder.join("schemas").join(format!("{name}.json"));
        written(&path, &(serde_json::to_string_pretty(&schema)? + "\n"))?;
    }
    let paths = targets.iter().fold(String::new(), |paths, (path, _)| format!("{paths}  {}\n", path.display()));
    let shown = folder.display();
    output.result(&format!(
        "Written, with schemas for editors beside:\n{paths}Next:\n  seaworthy lint {shown}\n  \
         seaworthy assess . --questionnaires {shown} --model {}\n",
        named.name
    ))
}

fn filled(start: &str, named: &Named) -> String {
    let words = named.name.replace('-', " ");
    let mut letters = words.chars();
    let title =
        letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str());
    start.replace("NAME", &named.name).replace("TITLE", &title).replace("FOLDER", &named.output.display().to_string())
}

fn written(path: &Path, text: &str) -> Result<(), Failure> {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| disk::write(path, text)).map_err(|error| Failure::io("write", path, &error))
}
