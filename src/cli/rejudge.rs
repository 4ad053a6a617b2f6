//! `seaworthy rejudge`: an old record under the rules of today.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::Common;
use super::failure::Failure;
use super::ledger;
use super::output::Output;
use super::report::{FileFormat, format_of};
use super::table::wrapped;
use crate::disk;
use crate::ledger::rejudge::{Changes, ModelChange, Rejudged, rejudge};
use crate::ledger::{Entry, Ledger};
use crate::report::escape::clean;
use crate::report::{self};

/// Judge the evidence and answers of an old record under the questionnaires of today, and say what the rules changed.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
    seaworthy rejudge                                the newest record of the checkout here
    seaworthy rejudge --date 2025-11-24 -o now.html  the last record of that day or before it
The ledger is not changed. The day of the record stays, so that no answer runs out in the meantime.")]
pub(super) struct Arguments {
    /// Folder of the ledger, or a checkout that has one; by default the checkout here
    folder: Option<String>,
    /// The last record of this day or before it; by default the newest
    #[arg(long, value_name = "DATE")]
    date: Option<NaiveDate>,
    /// Write the assessment as a report; may be repeated. The format follows from the ending: .html .md .json .txt
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// Format of reports whose ending does not tell it; `json` also prints the changes so
    #[arg(long, value_name = "FORMAT")]
    format: Option<FileFormat>,
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    let questionnaires = common.load_questionnaires()?;
    let targets = arguments.output.iter().map(|path| Ok((path, format_of(path, arguments.format)?)));
    let targets: Vec<_> = targets.collect::<Result<_, Failure>>()?;
    let ledger = Ledger::open(&ledger::folder(arguments.folder.as_deref())?)?;
    let wanted = |entry: &&Entry| arguments.date.is_none_or(|date| entry.as_of() <= date);
    let entry = ledger.entries().iter().rev().find(wanted).ok_or_else(|| {
        Failure::Invalid("the ledger has no record of that day or before it; `seaworthy history` lists them".to_owned())
    })?;
    let rejudged = rejudge(entry, &questionnaires)?;
    for (path, format) in targets {
        let text = report::render(&rejudged.after, format).map_err(|error| Failure::Error(error.to_string()))?;
        disk::write(path, &text).map_err(|error| Failure::io("write", path, &error))?;
    }
    if matches!(arguments.format, Some(FileFormat::Json)) {
        return output.result(&(serde_json::to_string_pretty(&rejudged.changes)? + "\n"));
    }
    output.result(&text(&rejudged, output.width()))
}

fn text(rejudged: &Rejudged, width: usize) -> String {
    let Rejudged { before, after, changes } = rejudged;
    let mut text = format!(
        "{}, as of {}: recorded by {} {}, judged again by {} {}\n",
        clean(&before.subject.id),
        before.as_of,
        clean(&before.engine.name),
        clean(&before.engine.version),
        after.engine.name,
        after.engine.version
    );
    for model in &changes.models {
        text.push_str(&model_text(model, width));
    }
    let mut list = |lead: &str, ids: &[String]| {
        if !ids.is_empty() {
            text.push_str(&wrapped(width, &format!("  {lead}: "), &clean(&ids.join(", "))));
        }
    };
    list("models that there are no longer", &changes.models_gone);
    let Changes { questions_new, questions_gone, questions_changed, left_out, .. } = changes;
    list("questions that are new", questions_new);
    list("questions that are asked no longer", questions_gone);
    list("questions that mean something else now", questions_changed);
    list("said then, and left out since it has no place now", left_out);
    if changes.are_none() {
        text.push_str("The rules of today change no finding.\n");
    }
    text
}

fn model_text(model: &ModelChange, width: usize) -> String {
    let (then, now) = (model.before, model.after);
    let mut text = format!(
        "\n{} {} → {}: verified {} → {}, claimed {} → {}, possible {} → {}\n",
        clean(&model.id),
        clean(&model.version_before),
        clean(&model.version_after),
        then.verified,
        now.verified,
        then.claimed,
        now.claimed,
        then.possible,
        now.possible
    );
    for finding in &model.findings {
        let ((outcome, basis), (outcome_now, basis_now)) = (finding.before, finding.after);
        let line = format!(
            "{} ({}) → {} ({}); decided by {}",
            outcome.word(),
            basis.word(),
            outcome_now.word(),
            basis_now.word(),
            clean(&finding.decided_by.join(", "))
        );
        text.push_str(&wrapped(width, &format!("  {}  ", clean(&finding.requirement)), &line));
    }
    for (lead, ids) in [("new", &model.requirements_new), ("gone", &model.requirements_gone)] {
        if !ids.is_empty() {
            text.push_str(&wrapped(width, &format!("  requirements {lead}: "), &clean(&ids.join(", "))));
        }
    }
    text
}
