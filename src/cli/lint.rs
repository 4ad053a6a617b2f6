//! `seaworthy lint`: check questionnaires, models and answers files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Common;
use super::failure::Failure;
use super::output::Output;
use crate::answers::{ANSWERS_SCHEMA, Answers, check_attachments};
use crate::disk;
use crate::questionnaire::{LOCK_FILE, Lock, Questionnaires, Source, built_in_documents, folder_documents};
use crate::yaml::{Document, Kind, Problem, Severity, parse};

/// Check questionnaires, models and answers files, each told by the schema that it names.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Files to check, or folders of questionnaires
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// End with status 2 on warnings too
    #[arg(long, value_name = "WHAT")]
    deny: Option<Deny>,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Add the new questions of each folder to its questions.lock
    #[arg(long)]
    update_lock: bool,
    /// Take over the changed wording of this question, which means what it meant; may be repeated
    #[arg(long, value_name = "ID", requires = "update_lock")]
    same_meaning: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Deny {
    Warnings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// A file with its problems.
type Checked = (Document, Vec<Problem>);

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    if arguments.update_lock {
        update_locks(arguments)?;
    }
    let mut checked = Vec::new();
    let mut named = Vec::new();
    let mut answers = Vec::new();
    for path in &arguments.files {
        if path.is_dir() {
            checked.extend(check_folder(path)?);
            continue;
        }
        let text = disk::read_text(path).map_err(|error| Failure::io("read", path, &error))?;
        let document = Document::new(path.display().to_string(), text);
        if is_answers(&document) { answers.push(document) } else { named.push(document) }
    }
    checked.extend(check_named(named, common)?);
    if !answers.is_empty() {
        let known = common.load_questionnaires()?;
        checked.extend(answers.into_iter().map(|document| {
            let (_, mut problems) = Answers::read(&document, &known);
            problems.extend(
                Path::new(document.name()).parent().into_iter().flat_map(|folder| check_attachments(&document, folder)),
            );
            (document, problems)
        }));
    }
    tell(checked, arguments, output)
}

/// The problems of a folder of questionnaires.
fn check_folder(folder: &Path) -> Result<Vec<Checked>, Failure> {
    let documents = folder_documents(folder)?;
    if documents.is_empty() {
        return Err(Failure::Invalid(format!("`{}` holds no questionnaires", folder.display())));
    }
    if is_bank(&documents) {
        let questionnaires = documents.into_iter().filter(|document| is_questionnaire(document.name())).collect();
        return Ok(reported(vec![questionnaires], 0));
    }
    Ok(reported(vec![built_in_documents(), documents], 1))
}

/// Whether a folder holds the built-in questionnaires themselves, in a newer version: its lock knows all their ids.
fn is_bank(documents: &[Document]) -> bool {
    let lock = |documents: &[Document]| {
        let document = documents.iter().find(|document| document.name().ends_with(LOCK_FILE));
        document.map(|document| Lock::parse(document, &mut Vec::new()))
    };
    match (lock(documents), lock(&built_in_documents())) {
        (Some(own), Some(built_in)) => built_in.ids().all(|(id, _)| own.knows(id)),
        _ => false,
    }
}

/// Whether a file of the built-in folder is a questionnaire; vocabularies lie there too.
fn is_questionnaire(path: &str) -> bool {
    let path = Path::new(path);
    let folder = path.parent().and_then(Path::file_name);
    folder.is_some_and(|folder| folder == "questions" || folder == "models")
        || path.file_name().is_some_and(|name| name == "replaced.yaml" || name == "crosswalk.yaml" || name == LOCK_FILE)
}

/// The problems of questionnaire files that were named one by one, in the light of the built-in ones and of those of
/// `--questionnaires`. A file that is one of these, in a newer version, takes its place.
fn check_named(named: Vec<Document>, common: &Common) -> Result<Vec<Checked>, Failure> {
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let replaced = |known: &Document| {
        named.iter().any(|document| document.text() == known.text() || is_same_file(document.name(), known.name()))
    };
    let mut sets = vec![built_in_documents()];
    if let Some(folder) = &common.questionnaires {
        sets.push(folder_documents(folder)?);
    }
    for set in &mut sets {
        set.retain(|known| !replaced(known));
    }
    let position = sets.len();
    sets.push(named);
    Ok(reported(sets, position))
}

/// Whether a path ends in the whole name of a known file.
fn is_same_file(path: &str, known: &str) -> bool {
    std::path::absolute(path).is_ok_and(|path| path.ends_with(known))
}

fn reported(sets: Vec<Vec<Document>>, wanted: usize) -> Vec<Checked> {
    let (_, files) = Questionnaires::check_sets(sets);
    files.into_iter().filter(|file| file.set == wanted).map(|file| (file.document, file.problems)).collect()
}

fn is_answers(document: &Document) -> bool {
    let Ok(node) = parse(document) else { return false };
    let Kind::Map(entries) = node.kind else { return false };
    entries.iter().any(|(key, value)| key.text == "schema" && value.as_text() == Some(ANSWERS_SCHEMA))
}

/// Writes the locks of the folders that were named.
fn update_locks(arguments: &Arguments) -> Result<(), Failure> {
    let mut unknown: BTreeSet<&String> = arguments.same_meaning.iter().collect();
    for folder in &arguments.files {
        if !folder.is_dir() {
            return Err(Failure::Invalid(format!("`{}` is no folder; a lock belongs to a folder", folder.display())));
        }
        let (_, files) = Questionnaires::check(folder_documents(folder)?);
        let known = files.iter().find_map(|file| match &file.source {
            Some(Source::Lock(lock)) => Some((file, lock)),
            _ => None,
        });
        let mut lock = known.map(|(_, lock)| lock.clone()).unwrap_or_default();
        if let Some((file, _)) = known.filter(|(_, lock)| lock.is_broken()) {
            return Err(Failure::Problems(vec![(file.document.clone(), file.problems.clone())]));
        }
        for file in &files {
            if let Some(Source::Questions { questions, .. }) = &file.source {
                lock.update(questions.iter(), &arguments.same_meaning);
                unknown.retain(|id| !questions.iter().any(|question| question.id == **id));
            }
        }
        let path = folder.join(LOCK_FILE);
        disk::write(&path, lock.to_text()).map_err(|error| Failure::io("write", &path, &error))?;
    }
    match unknown.first() {
        Some(id) => Err(Failure::Invalid(format!("there is no question `{id}` in these folders"))),
        None => Ok(()),
    }
}

/// One problem, as JSON.
#[derive(Serialize)]
struct Told<'p> {
    file: &'p str,
    severity: Severity,
    message: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'p str>,
    /// Counted from 1, the columns in characters.
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

fn tell(checked: Vec<Checked>, arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    let count = |severity: Severity| {
        checked.iter().flat_map(|(_, problems)| problems).filter(|problem| problem.severity == severity).count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let denied = errors > 0 || (arguments.deny == Some(Deny::Warnings) && warnings > 0);
    let counted = format!("{}, {}", plural(errors, "error"), plural(warnings, "warning"));
    match arguments.format {
        Format::Json => {
            let told: Vec<Told<'_>> =
                checked.iter().flat_map(|(document, problems)| as_json(document, problems)).collect();
            output.result(&(serde_json::to_string_pretty(&told)? + "\n"))?;
            if denied { Err(Failure::Invalid(counted)) } else { Ok(()) }
        }
        Format::Text if denied => Err(Failure::Problems(checked)),
        Format::Text => {
            for (document, problems) in &checked {
                output.problems(document, problems);
            }
            output.result(&format!(
                "{} checked, no errors, {}\n",
                plural(checked.len(), "file"),
                plural(warnings, "warning")
            ))
        }
    }
}

fn as_json<'p>(document: &'p Document, problems: &'p [Problem]) -> impl Iterator<Item = Told<'p>> {
    let mut problems: Vec<&Problem> = problems.iter().collect();
    problems.sort_by_key(|problem| problem.span.start);
    problems.into_iter().map(|problem| {
        let (line, column) = document.position(problem.span.start);
        let (end_line, end_column) = document.position(problem.span.end);
        Told {
            file: document.name(),
            severity: problem.severity,
            message: &problem.message,
            help: problem.help.as_deref(),
            line,
            column,
            end_line,
            end_column,
        }
    })
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
