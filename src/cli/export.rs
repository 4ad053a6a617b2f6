//! `seaworthy export`: write answers in the formats of others.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::Common;
use super::answers::{self, ANSWERS_PATH};
use super::failure::Failure;
use super::output::Output;
use super::subject::now;
use crate::disk;
use crate::evidence::Evidence;
use crate::export::{NoExport, Source, best_practices, security_insights};

/// Write answers in the formats of others. Only what follows from the answers is written.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// What to write
    format: Name,
    /// The answers
    #[arg(long, value_name = "FILE", default_value = ANSWERS_PATH)]
    answers: PathBuf,
    /// An evidence snapshot, which tells name, address and licence of the subject
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// The file as it stands: what it says is kept, and what it lacks is added
    #[arg(long, value_name = "FILE")]
    base: Option<PathBuf>,
    /// A field of Security Insights that neither answers nor evidence tell; may be repeated
    #[arg(long, value_name = "FIELD=VALUE", value_parser = field)]
    set: Vec<(String, String)>,
    /// The day for which to write; by default today in UTC. Answers that have run out are left out
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    /// Write here instead of printing; a file that exists is replaced only where --base was given
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    /// security-insights.yml, version 2.2
    SecurityInsights,
    /// .bestpractices.json
    BestPractices,
}

fn field(text: &str) -> Result<(String, String), String> {
    let (field, value) = text.split_once('=').ok_or("write it as FIELD=VALUE, such as project.name=Widget")?;
    let parts: Vec<&str> = field.split('.').collect();
    let known = matches!(parts.as_slice(), ["header" | "project" | "repository", rest @ ..] if !rest.is_empty());
    if !known || parts.len() > 8 || parts.iter().any(|part| part.is_empty()) {
        return Err("a field begins with header, project or repository, such as project.name".to_owned());
    }
    Ok((field.to_owned(), value.to_owned()))
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    if let Some(path) = arguments.output.as_ref().filter(|path| arguments.base.is_none() && path.exists()) {
        let help = "name it with --base to keep what it says, or name another file";
        return Err(Failure::Invalid(format!("`{}` exists and is not replaced; {help}", path.display())));
    }
    let questionnaires = common.load_questionnaires()?;
    let answers = answers::from_file(&arguments.answers, &questionnaires, output)?;
    let read = |path: &PathBuf| disk::read_text(path).map_err(|error| Failure::io("read", path, &error));
    let evidence = match &arguments.evidence {
        Some(path) => Some(
            Evidence::from_json(&read(path)?)
                .map_err(|error| Failure::Invalid(format!("`{}`: {error}", path.display())))?,
        ),
        None => None,
    };
    let base = arguments.base.as_ref().map(|path| Ok::<_, Failure>((path.display().to_string(), read(path)?)));
    let base = base.transpose()?;
    let source = Source {
        answers: &answers,
        evidence: evidence.as_ref(),
        base: base.as_ref().map(|(name, text)| (name.as_str(), text.as_str())),
        set: &arguments.set,
        as_of: arguments.as_of.unwrap_or_else(|| now().date_naive()),
        questionnaires: &questionnaires,
    };
    let exported = match arguments.format {
        Name::SecurityInsights => security_insights(&source),
        Name::BestPractices => best_practices(&source),
    };
    let exported = exported.map_err(|error| match error {
        NoExport::Base(reason) => Failure::Invalid(reason),
        NoExport::Incomplete(faults) => {
            Failure::Invalid(format!("the file would not follow the specification:\n  {}", faults.join("\n  ")))
        }
    })?;
    for remark in &exported.remarks {
        output.remark(&format!("{remark}."));
    }
    output.remark(&format!("{} of {} answers were written.", exported.answers, answers.answers.len()));
    match &arguments.output {
        Some(path) => disk::write(path, &exported.text).map_err(|error| Failure::io("write", path, &error)),
        None => output.result(&exported.text),
    }
}
