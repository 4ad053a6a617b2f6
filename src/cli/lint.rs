//! `seaworthy lint`: check questionnaires, models and answers files.

use std::path::PathBuf;

use clap::Args;

use super::Common;
use super::failure::Failure;
use super::output::Output;
use crate::answers::{ANSWERS_SCHEMA, Answers};
use crate::disk;
use crate::questionnaire::{Questionnaires, built_in_documents};
use crate::yaml::{Document, Kind, Problem, Severity, parse};

/// Check questionnaires, models and answers files, each told by the schema that it names.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Files to check
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    let mut answers = Vec::new();
    let mut questionnaires = Vec::new();
    for path in &arguments.files {
        let text = disk::read_text(path).map_err(|error| Failure::io("read", path, &error))?;
        let document = Document::new(path.display().to_string(), text);
        if is_answers(&document) { answers.push(document) } else { questionnaires.push(document) }
    }
    let mut checked = check_questionnaires(questionnaires);
    if !answers.is_empty() {
        let known = common.load_questionnaires()?;
        checked.extend(answers.into_iter().map(|document| {
            let (_, problems) = Answers::read(&document, &known);
            (document, problems)
        }));
    }
    let count = |severity: Severity| {
        checked.iter().flat_map(|(_, problems)| problems).filter(|problem| problem.severity == severity).count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if errors > 0 {
        return Err(Failure::Problems(checked));
    }
    for (document, problems) in &checked {
        output.problems(document, problems);
    }
    output.result(&format!("{} files checked, no errors, {warnings} warnings\n", checked.len()))
}

/// The problems of questionnaire files, in the light of the built-in ones that they do not replace.
fn check_questionnaires(documents: Vec<Document>) -> Vec<(Document, Vec<Problem>)> {
    let named: Vec<Document> = documents;
    let same_text = |built_in: &Document| named.iter().any(|document| document.text() == built_in.text());
    let mut all: Vec<Document> = built_in_documents().into_iter().filter(|document| !same_text(document)).collect();
    let own = all.len();
    all.extend(named);
    let (_, files) = Questionnaires::check(all);
    files.into_iter().skip(own).map(|file| (file.document, file.problems)).collect()
}

fn is_answers(document: &Document) -> bool {
    let Ok(node) = parse(document) else { return false };
    let Kind::Map(entries) = node.kind else { return false };
    entries.iter().any(|(key, value)| key.text == "schema" && value.as_text() == Some(ANSWERS_SCHEMA))
}
