//! Loading questionnaires: the built-in ones and those of a folder of one's own.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::lint::lint;
use super::model::Model;
use super::question::Question;
use crate::yaml::{Document, Fields, Kind, Node, Problem, Severity, parse};

/// The schema of a file with questions.
pub const QUESTIONS_SCHEMA: &str = "seaworthy.questions/1";
/// The schema of a file with a model.
pub const MODEL_SCHEMA: &str = "seaworthy.model/1";

/// The files of `questionnaires/` that are built in.
const BUILT_IN: &[(&str, &str)] = &include!("built_in.in");

/// The most files that a folder may hold.
const MAX_FILES: usize = 500;

/// What a questionnaire file holds.
#[derive(Clone, Debug)]
pub enum Source {
    Questions { topic: String, title: String, questions: Vec<Question> },
    Model(Model),
}

/// A questionnaire file that has been read.
#[derive(Clone, Debug)]
pub struct File {
    pub document: Document,
    /// None where it could not be read.
    pub source: Option<Source>,
    pub problems: Vec<Problem>,
}

/// All questions and models, checked.
#[derive(Clone, Debug, Default)]
pub struct Questionnaires {
    questions: Vec<Question>,
    models: Vec<Model>,
    topics: BTreeMap<String, String>,
    digests: BTreeMap<String, String>,
    digest: String,
}

/// Why questionnaires cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("cannot read {path}: {error}")]
    Io { path: String, error: std::io::Error },
    #[error("{path} holds more than {MAX_FILES} questionnaire files")]
    TooMany { path: String },
    #[error("the questionnaires have errors")]
    Invalid(Vec<(Document, Vec<Problem>)>),
}

impl Questionnaires {
    /// The built-in questionnaires. A test lints them, so that not every run has to.
    pub fn built_in() -> Result<Self, LoadError> {
        let (questionnaires, files) = Self::read(built_in_documents());
        refuse_broken(files)?;
        Ok(questionnaires)
    }

    /// The built-in questionnaires and those of a folder; the folder's replace built-in ones with the same id.
    pub fn with_folder(folder: &Path) -> Result<Self, LoadError> {
        let mut documents = built_in_documents();
        documents.extend(folder_documents(folder)?);
        Self::load(documents)
    }

    /// Reads and checks documents; a later one replaces questions and models of an earlier one with the same id.
    pub fn load(documents: Vec<Document>) -> Result<Self, LoadError> {
        let (questionnaires, files) = Self::check(documents);
        refuse_broken(files)?;
        Ok(questionnaires)
    }

    /// Reads and checks documents, and tells every problem of each.
    pub fn check(documents: Vec<Document>) -> (Self, Vec<File>) {
        let (questionnaires, mut files) = Self::read(documents);
        for file in &mut files {
            if let Some(source) = &file.source {
                lint(source, &questionnaires, &mut file.problems);
            }
        }
        (questionnaires, files)
    }

    /// Reads documents and tells what is wrong within each.
    fn read(documents: Vec<Document>) -> (Self, Vec<File>) {
        let files: Vec<File> = documents.into_iter().map(read).collect();
        let mut questionnaires = Self::default();
        for file in &files {
            questionnaires.add(file);
        }
        let mut hasher = Sha256::new();
        for (id, digest) in &questionnaires.digests {
            hasher.update(format!("{id} {digest}\n"));
        }
        questionnaires.digest = format!("sha256:{:x}", hasher.finalize());
        (questionnaires, files)
    }

    fn add(&mut self, file: &File) {
        let digest = format!("sha256:{:x}", Sha256::digest(file.document.text()));
        match &file.source {
            Some(Source::Questions { topic, title, questions }) => {
                for question in questions {
                    match self.questions.iter_mut().find(|known| known.id == question.id) {
                        Some(known) => *known = question.clone(),
                        None => self.questions.push(question.clone()),
                    }
                }
                self.topics.insert(topic.clone(), title.clone());
                self.digests.insert(format!("questions/{}", file.document.name()), digest);
            }
            Some(Source::Model(model)) => {
                match self.models.iter_mut().find(|known| known.id == model.id) {
                    Some(known) => *known = model.clone(),
                    None => self.models.push(model.clone()),
                }
                self.digests.insert(format!("model/{}", model.id), digest);
            }
            None => {}
        }
    }

    /// All questions, in the order of the files.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// A question by its id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// All models.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// A model by its id.
    pub fn model(&self, id: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.id == id)
    }

    /// The title of a topic, the part of a question's id before the dot.
    pub fn topic_title<'a>(&'a self, topic: &'a str) -> &'a str {
        self.topics.get(topic).map_or(topic, String::as_str)
    }

    /// The digest of all files.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The digest of a model's file.
    pub fn model_digest(&self, id: &str) -> &str {
        self.digests.get(&format!("model/{id}")).map_or("", String::as_str)
    }
}

fn refuse_broken(files: Vec<File>) -> Result<(), LoadError> {
    let broken: Vec<(Document, Vec<Problem>)> = files
        .into_iter()
        .filter(|file| file.problems.iter().any(|problem| problem.severity == Severity::Error))
        .map(|file| (file.document, file.problems))
        .collect();
    if broken.is_empty() { Ok(()) } else { Err(LoadError::Invalid(broken)) }
}

/// The built-in files, named by their path in the project.
pub fn built_in_documents() -> Vec<Document> {
    BUILT_IN.iter().map(|(name, text)| Document::new(*name, *text)).collect()
}

/// The questionnaire files of a folder and its folders `questions` and `models`, in the order of their names.
fn folder_documents(folder: &Path) -> Result<Vec<Document>, LoadError> {
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
    paths
        .into_iter()
        .map(|path| match crate::disk::read_text(&path) {
            Ok(text) => Ok(Document::new(path.display().to_string(), text)),
            Err(error) => Err(failed(&path, error)),
        })
        .collect()
}

/// Reads one file: its schema says what it holds.
fn read(document: Document) -> File {
    let mut problems = Vec::new();
    let source = match parse(&document) {
        Ok(node) => source(&node, &mut problems),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    File { document, source, problems }
}

fn source(node: &Node, problems: &mut Vec<Problem>) -> Option<Source> {
    let mut head = Fields::of(node, "a questionnaire file", problems)?;
    let schema = head.required_text("schema", problems)?;
    match schema.as_str() {
        QUESTIONS_SCHEMA => questions(node, problems),
        MODEL_SCHEMA => Model::parse(node, problems).map(Source::Model),
        other => {
            let span = head.node("schema").map_or(0..0, |node| node.span.clone());
            problems.push(
                Problem::error(format!("schema `{other}` is not known here"), span)
                    .help(format!("it is `{QUESTIONS_SCHEMA}` or `{MODEL_SCHEMA}`")),
            );
            None
        }
    }
}

fn questions(node: &Node, problems: &mut Vec<Problem>) -> Option<Source> {
    let mut fields = Fields::of(node, "a file with questions", problems)?;
    fields.node("schema");
    let topic = fields.required_text("topic", problems);
    let title = fields.required_text("title", problems);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_questionnaires_have_no_problems() {
        let (_, files) = Questionnaires::check(built_in_documents());
        for file in files {
            let shown: Vec<String> =
                file.problems.iter().map(|problem| problem.render(&file.document, false)).collect();
            assert!(shown.is_empty(), "{}", shown.join("\n\n"));
        }
    }

    #[test]
    fn every_file_of_the_folder_is_built_in() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut expected = Vec::new();
        for folder in ["questions", "models"] {
            for entry in std::fs::read_dir(root.join("questionnaires").join(folder)).unwrap() {
                expected.push(format!("questionnaires/{folder}/{}", entry.unwrap().file_name().to_string_lossy()));
            }
        }
        expected.sort();
        let mut names: Vec<String> = built_in_documents().iter().map(|document| document.name().to_owned()).collect();
        names.sort();
        assert_eq!(names, expected);
    }
}
