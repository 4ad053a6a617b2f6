//! Questionnaire files: where they come from, and what each holds.

use std::ops::Range;
use std::path::Path;

use super::{LoadError, MAX_FILES};
use crate::built_in;
use crate::questionnaire::crosswalk::{CROSSWALK_SCHEMA, Crosswalk};
use crate::questionnaire::lock::{LOCK_FILE, Lock};
use crate::questionnaire::model::Model;
use crate::questionnaire::profile::Profile;
use crate::questionnaire::question::Question;
use crate::questionnaire::replaced::{REPLACED_SCHEMA, Replacement};
use crate::yaml::{Document, Fields, Kind, Node, Problem, parse};

/// The schema of a file with questions.
pub const QUESTIONS_SCHEMA: &str = "seaworthy.questions/1";
/// The schema of a file with a model.
pub const MODEL_SCHEMA: &str = "seaworthy.model/1";

/// What a questionnaire file holds.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there are some dozens of files")]
pub enum Source {
    Questions {
        topic: String,
        title: String,
        questions: Vec<Question>,
    },
    Model(Model),
    /// A model that is derived from another one, and what came of it; none where that one is not there.
    Profile {
        profile: Profile,
        model: Option<Model>,
    },
    Replaced(Vec<Replacement>),
    Crosswalk(Crosswalk),
    Lock(Lock),
}

/// A questionnaire file that has been read.
#[derive(Clone, Debug)]
pub struct File {
    pub document: Document,
    /// None where it could not be read.
    pub source: Option<Source>,
    pub problems: Vec<Problem>,
    /// Ids of questions or models of earlier files that this one replaces on purpose, and where they are named.
    pub overrides: Vec<(String, Range<usize>)>,
    /// Position of the set of files that it belongs to.
    pub set: usize,
}

/// A file that questionnaires were read from, so that they can be read again years later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionnaireFile {
    /// Position of the set of files that it belongs to.
    pub set: usize,
    /// The same wherever the folder lies.
    pub name: String,
    pub text: String,
}

/// The name of a file that does not tell where a folder of one's own lies: `set 1/questions/topic.yaml`. The built-in files
/// have such names already.
pub(super) fn lasting_name(set: usize, name: &str) -> String {
    let lead = format!("set {set}/");
    if set == 0 || name.starts_with(&lead) {
        return name.to_owned();
    }
    let mut parts = name.rsplit(['/', '\\']);
    let file = parts.next().unwrap_or(name);
    match parts.next() {
        Some(folder @ ("questions" | "models")) => format!("{lead}{folder}/{file}"),
        _ => format!("{lead}{file}"),
    }
}

/// The built-in files, named by their path in the project.
pub fn built_in_documents() -> Vec<Document> {
    built_in::questionnaires()
}

/// The questionnaire files of a folder and its folders `questions` and `models`, in the order of their names, and its lock.
pub fn folder_documents(folder: &Path) -> Result<Vec<Document>, LoadError> {
    let failed = |path: &Path, error| LoadError::Io { path: path.display().to_string(), error };
    let mut paths = Vec::new();
    for (position, part) in [folder.to_owned(), folder.join("questions"), folder.join("models")].into_iter().enumerate()
    {
        if position > 0 && !part.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&part).map_err(|error| failed(&part, error))? {
            let path = entry.map_err(|error| failed(&part, error))?.path();
            if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") && path.is_file() {
                paths.push(path);
            }
            if paths.len() > MAX_FILES {
                return Err(LoadError::TooMany { path: folder.display().to_string() });
            }
        }
    }
    paths.sort();
    paths.extend(Some(folder.join(LOCK_FILE)).filter(|lock| lock.is_file()));
    paths
        .into_iter()
        .map(|path| match crate::disk::read_text(&path) {
            Ok(text) => Ok(Document::new(path.display().to_string(), text)),
            Err(error) => Err(failed(&path, error)),
        })
        .collect()
}

/// Reads one file: its schema says what it holds.
pub(super) fn read(document: &Document, set: usize) -> File {
    let mut problems = Vec::new();
    let mut overrides = Vec::new();
    let source = if document.name().ends_with(LOCK_FILE) {
        Some(Source::Lock(Lock::parse(document, &mut problems)))
    } else {
        match built_in::tree(document).map_or_else(|| parse(document), Ok) {
            Ok(node) => {
                overrides = overridden(&node);
                source(&node, &mut problems)
            }
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    };
    File { document: document.clone(), source, problems, overrides, set }
}

fn source(node: &Node, problems: &mut Vec<Problem>) -> Option<Source> {
    let mut head = Fields::of(node, "a questionnaire file", problems)?;
    let schema = head.required_text("schema", problems)?;
    match schema.as_str() {
        QUESTIONS_SCHEMA => questions(node, problems),
        MODEL_SCHEMA if Profile::is(node) => {
            Profile::parse(node, problems).map(|profile| Source::Profile { profile, model: None })
        }
        MODEL_SCHEMA => Model::parse(node, problems).map(Source::Model),
        CROSSWALK_SCHEMA => Crosswalk::parse(node, problems).map(Source::Crosswalk),
        REPLACED_SCHEMA => Replacement::parse_all(node, problems).map(Source::Replaced),
        other => {
            let span = head.node("schema").map_or(0..0, |node| node.span.clone());
            problems.push(Problem::error(format!("schema `{other}` is not known here"), span).help(format!(
                "it is `{QUESTIONS_SCHEMA}`, `{MODEL_SCHEMA}`, `{CROSSWALK_SCHEMA}` or `{REPLACED_SCHEMA}`"
            )));
            None
        }
    }
}

/// The ids in `overrides`. What else could stand there is told where the file is read.
fn overridden(node: &Node) -> Vec<(String, Range<usize>)> {
    let Kind::Map(entries) = &node.kind else { return Vec::new() };
    let list = entries.iter().find(|(key, _)| key.text == "overrides").map(|(_, node)| &node.kind);
    let Some(Kind::List(items)) = list else { return Vec::new() };
    items.iter().filter_map(|item| Some((item.as_text()?.to_owned(), item.span.clone()))).collect()
}

fn questions(node: &Node, problems: &mut Vec<Problem>) -> Option<Source> {
    let mut fields = Fields::of(node, "a file with questions", problems)?;
    fields.node("schema");
    let topic = fields.required_text("topic", problems);
    let title = fields.required_text("title", problems);
    fields.texts("overrides", problems);
    let questions = match fields.required("questions", problems).map(|node| (&node.kind, node)) {
        Some((Kind::List(items), _)) => items.iter().filter_map(|item| Question::parse(item, problems)).collect(),
        Some((_, node)) => {
            problems.push(Problem::error("`questions` is a list", node.span.clone()));
            Vec::new()
        }
        None => Vec::new(),
    };
    fields.finish(problems);
    Some(Source::Questions { topic: topic?, title: title?, questions })
}
