//! `seaworthy history`: the records of a ledger.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::failure::Failure;
use super::ledger;
use super::output::Output;
use super::table::table;
use crate::assess::record::{Assessment, Maturity};
use crate::ledger::{Entry, Ledger};
use crate::report::escape::clean;

/// List the assessments of a ledger, the oldest first.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
    seaworthy history                    the ledger of the checkout here
    seaworthy history ledgers/widget     the ledger in a folder
    seaworthy history --format json")]
pub(super) struct Arguments {
    /// Folder of the ledger, or a checkout that has one; by default the checkout here
    folder: Option<String>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ListFormat,
}

/// How lists are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ListFormat {
    Text,
    Json,
}

/// An assessment, as it is listed.
#[derive(Serialize)]
struct Line {
    file: String,
    digest: String,
    moment: chrono::DateTime<chrono::Utc>,
    as_of: chrono::NaiveDate,
    recorded_at: Option<chrono::DateTime<chrono::Utc>>,
    subject: String,
    commit: Option<String>,
    access: &'static str,
    engine: String,
    models: Vec<ModelLine>,
    sealed: bool,
}

#[derive(Serialize)]
struct ModelLine {
    id: String,
    version: String,
    #[serde(flatten)]
    maturity: Maturity,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    let ledger = Ledger::open(&ledger::folder(arguments.folder.as_deref())?)?;
    let lines = ledger.entries().iter().map(|entry| Ok(line(entry, &entry.record()?)));
    let lines: Vec<Line> = lines.collect::<Result<_, Failure>>()?;
    match arguments.format {
        ListFormat::Json => output.result(&(serde_json::to_string_pretty(&lines)? + "\n")),
        ListFormat::Text => output.result(&text(&lines, output.width())),
    }
}

fn line(entry: &Entry, record: &Assessment) -> Line {
    let model = |model: &crate::assess::record::ModelResult| ModelLine {
        id: model.id.clone(),
        version: model.version.clone(),
        maturity: model.maturity,
    };
    Line {
        file: entry.file(),
        digest: record.digest.clone(),
        moment: entry.moment(),
        as_of: record.as_of,
        recorded_at: record.kept.as_ref().map(|kept| kept.recorded_at),
        subject: record.subject.id.clone(),
        commit: record.subject.commit.clone(),
        access: record.inputs.evidence.access.word(),
        engine: format!("{} {}", record.engine.name, record.engine.version),
        models: record.models.iter().map(model).collect(),
        sealed: entry.seal().is_some(),
    }
}

fn text(lines: &[Line], width: usize) -> String {
    let row = |line: &Line| {
        let readings = |model: &ModelLine| {
            let Maturity { verified, claimed, possible, highest } = model.maturity;
            format!("{} {}: {verified} / {claimed} / {possible} of {highest}", clean(&model.id), clean(&model.version))
        };
        let models: Vec<String> = line.models.iter().map(readings).collect();
        let commit = line.commit.as_deref().map_or_else(String::new, |commit| clean(commit).chars().take(12).collect());
        [
            line.moment.format("%Y-%m-%d %H:%M").to_string(),
            commit,
            models.join("\n"),
            line.access.to_owned(),
            if line.sealed { "sealed" } else { "none" }.to_owned(),
        ]
    };
    let subject = lines.last().map_or_else(String::new, |line| clean(&line.subject));
    let head = ["assessed for", "commit", "level verified / claimed / possible", "access", "seal"];
    format!("{subject}\n\n{}", table(width, head, lines.iter().map(row)))
}
