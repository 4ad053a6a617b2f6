//! `seaworthy migrate`: carry answers over to the questions that took the place of old ones.

use std::path::PathBuf;

use clap::Args;
use similar::TextDiff;

use super::Common;
use super::failure::Failure;
use super::output::Output;
use crate::answers::migrate::{MigrateError, Moved, Outcome, migrate};
use crate::answers::{ANSWERS_PATH, Answers};
use crate::disk;
use crate::yaml::{Document, Severity};

/// Carry answers over to the questions that took the place of old ones; comments and layout stay.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The answers file
    #[arg(default_value = ANSWERS_PATH)]
    answers: PathBuf,
    /// Print what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    let questionnaires = common.load_questionnaires()?;
    let path = &arguments.answers;
    let text = disk::read_text(path).map_err(|error| Failure::io("read", path, &error))?;
    let document = Document::new(path.display().to_string(), text);
    let migration = migrate(&document, &questionnaires).map_err(|error| match error {
        MigrateError::Broken(problem) => Failure::Problems(vec![(document.clone(), vec![problem])]),
        MigrateError::Obstacle { .. } => Failure::Invalid(format!("`{}`: {error}", path.display())),
    })?;
    if migration.moved.is_empty() {
        return output.result("Nothing to carry over: all questions are still asked.\n");
    }
    let result = Document::new(document.name(), migration.text.as_str());
    let (_, problems) = Answers::read(&result, &questionnaires);
    let errors: Vec<_> = problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect();
    if arguments.dry_run {
        let diff = TextDiff::from_lines(document.text(), &migration.text);
        output.result(&diff.unified_diff().header(document.name(), document.name()).to_string())?;
    } else {
        disk::write(path, &migration.text).map_err(|error| Failure::io("write", path, &error))?;
    }
    let lines: String = migration.moved.iter().map(told).collect();
    output.result(&lines)?;
    if errors.is_empty() { Ok(()) } else { Err(Failure::Problems(vec![(result, errors)])) }
}

/// What became of an answer, as a line or two.
fn told(moved: &Moved) -> String {
    let list = |ids: &[String]| ids.join(", ");
    let what = match &moved.outcome {
        Outcome::Carried(ids) => format!("carried over to {}", list(ids)),
        Outcome::AskAgain(ids) => format!("look at it again and answer {}", list(ids)),
        Outcome::Gone => "no longer asked".to_owned(),
        Outcome::AlreadyAnswered(ids) => format!("left out, since {} is answered already", list(ids)),
    };
    let note = moved.note.as_ref().map_or_else(String::new, |note| format!("\n    {note}"));
    let review =
        if moved.review_lost { "\n    Its review no longer counts: have the new answer reviewed." } else { "" };
    format!("{}: {what}{note}{review}\n", moved.old)
}
