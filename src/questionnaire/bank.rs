//! Loading questionnaires: the built-in ones and those of a folder of one's own.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};

use super::crosswalk::{CROSSWALK_SCHEMA, Crosswalk, Link, Origin, between};
use super::lint::lint;
use super::lock::{LOCK_FILE, Lock};
use super::model::{Model, Requirement};
use super::profile::{Named, Profile};
use super::question::Question;
use super::replaced::{REPLACED_SCHEMA, Replacement};
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

/// All questions and models, checked.
#[derive(Clone, Debug, Default)]
pub struct Questionnaires {
    questions: Vec<Question>,
    /// Where each question stands among them, by its id.
    positions: BTreeMap<String, usize>,
    models: Vec<Model>,
    topics: BTreeMap<String, String>,
    replaced: Vec<Replacement>,
    crosswalk: Crosswalk,
    related: OnceLock<Related>,
    digests: BTreeMap<String, String>,
    digest: String,
    files: Vec<QuestionnaireFile>,
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

/// The relations of each requirement, by model and id.
type Related = BTreeMap<String, BTreeMap<String, Vec<Link>>>;

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
        let (questionnaires, files) = Self::read(vec![built_in_documents()]);
        refuse_broken(files)?;
        Ok(questionnaires)
    }

    /// The built-in questionnaires and those of a folder. The folder's replace built-in ones where they say so.
    pub fn with_folder(folder: &Path) -> Result<Self, LoadError> {
        let (questionnaires, files) = Self::check_sets(vec![built_in_documents(), folder_documents(folder)?]);
        refuse_broken(files)?;
        Ok(questionnaires)
    }

    /// Reads the files of earlier questionnaires again. They are not linted: what was assessed under them is past.
    pub fn read_again(files: &[QuestionnaireFile]) -> Result<Self, LoadError> {
        let mut sets: Vec<Vec<Document>> = Vec::new();
        for file in files.iter().filter(|file| file.set < MAX_FILES) {
            sets.resize(sets.len().max(file.set + 1), Vec::new());
            if let Some(set) = sets.get_mut(file.set) {
                set.push(Document::new(file.name.as_str(), file.text.as_str()));
            }
        }
        let (questionnaires, files) = Self::read(sets);
        refuse_broken(files)?;
        Ok(questionnaires)
    }

    /// Reads and checks documents.
    pub fn load(documents: Vec<Document>) -> Result<Self, LoadError> {
        let (questionnaires, files) = Self::check(documents);
        refuse_broken(files)?;
        Ok(questionnaires)
    }

    /// Reads and checks documents, and tells every problem of each.
    pub fn check(documents: Vec<Document>) -> (Self, Vec<File>) {
        Self::check_sets(vec![documents])
    }

    /// Reads and checks sets of documents, such as the built-in ones and those of a folder. A lock covers the questions of
    /// its set.
    pub fn check_sets(sets: Vec<Vec<Document>>) -> (Self, Vec<File>) {
        let (questionnaires, mut files) = Self::read(sets);
        for file in &mut files {
            if let Some(source) = &file.source {
                lint(&file.document, source, &questionnaires, &mut file.problems);
            }
        }
        super::lint::lint_sets(&mut files, &questionnaires);
        (questionnaires, files)
    }

    /// Reads documents and tells what is wrong within each, and which say the same id.
    fn read(sets: Vec<Vec<Document>>) -> (Self, Vec<File>) {
        let documents = sets
            .into_iter()
            .enumerate()
            .flat_map(|(set, documents)| documents.into_iter().map(move |document| (set, document)));
        let mut files: Vec<File> = documents.map(|(set, document)| read(document, set)).collect();
        let mut questionnaires = Self::default();
        let mut places = Places::new();
        for file in &mut files {
            questionnaires.add(file, &mut places);
        }
        for requirement in questionnaires.models.iter_mut().flat_map(|model| &mut model.requirements) {
            // The problems are those of the files, which come next.
            requirement.write_out(&questionnaires.questions, &mut Vec::new());
        }
        for file in &mut files {
            if let Some(Source::Model(model)) = &mut file.source {
                let requirements = model.requirements.iter_mut();
                requirements
                    .for_each(|requirement| requirement.write_out(&questionnaires.questions, &mut file.problems));
            }
        }
        questionnaires.derive_profiles(&mut files);
        let mut hasher = Sha256::new();
        for (id, digest) in &questionnaires.digests {
            hasher.update(format!("{id} {digest}\n"));
        }
        questionnaires.digest = format!("sha256:{:x}", hasher.finalize());
        (questionnaires, files)
    }

    fn add(&mut self, file: &mut File, places: &mut Places) {
        let digest = format!("sha256:{:x}", Sha256::digest(file.document.text()));
        let name = lasting_name(file.set, file.document.name());
        if !matches!(file.source, Some(Source::Lock(_)) | None) {
            let text = file.document.text().to_owned();
            self.files.push(QuestionnaireFile { set: file.set, name: name.clone(), text });
        }
        match &file.source {
            Some(Source::Questions { topic, title, questions }) => {
                let ids =
                    questions.iter().map(|question| (question.id.as_str(), question.span.start..question.span.start));
                let problems = claim(file, ids, places);
                for question in questions {
                    let position = *self.positions.entry(question.id.clone()).or_insert(self.questions.len());
                    match self.questions.get_mut(position) {
                        Some(known) => *known = question.clone(),
                        None => self.questions.push(question.clone()),
                    }
                }
                self.topics.insert(topic.clone(), title.clone());
                self.digests.insert(format!("questions/{name}"), digest);
                file.problems.extend(problems);
            }
            Some(Source::Model(model)) => {
                let problems = claim_model(file, &model.id, places);
                self.put(model.clone(), digest);
                file.problems.extend(problems);
            }
            // Its model comes once the one that it extends is known.
            Some(Source::Profile { profile, .. }) => {
                let problems = claim_model(file, &profile.id, places);
                file.problems.extend(problems);
            }
            Some(Source::Replaced(replaced)) => {
                self.replaced.extend(replaced.iter().cloned());
                if !replaced.is_empty() {
                    self.digests.insert(format!("replaced/{name}"), digest);
                }
            }
            Some(Source::Crosswalk(crosswalk)) => {
                self.crosswalk.links.extend(crosswalk.links.iter().cloned());
                self.crosswalk.origins.extend(crosswalk.origins.clone());
                self.digests.insert(format!("crosswalk/{name}"), digest);
            }
            Some(Source::Lock(_)) | None => {}
        }
    }

    /// Takes in a model, in the place of one with the same id.
    fn put(&mut self, model: Model, digest: String) {
        self.digests.insert(format!("model/{}", model.id), digest);
        match self.models.iter_mut().find(|known| known.id == model.id) {
            Some(known) => *known = model,
            None => self.models.push(model),
        }
    }

    /// Makes the models of profiles, each after the one that it extends.
    fn derive_profiles(&mut self, files: &mut [File]) {
        let mut waiting: Vec<usize> = Vec::new();
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        for (position, file) in files.iter().enumerate() {
            if let Some(Source::Profile { profile, .. }) = &file.source {
                waiting.push(position);
                ids.insert(profile.id.clone(), profile.extends.text.clone());
            }
        }
        while !waiting.is_empty() {
            let before = waiting.len();
            waiting.retain(|position| files.get_mut(*position).is_some_and(|file| !self.derive(file, &mut ids)));
            if waiting.len() == before {
                break;
            }
        }
        for position in waiting {
            let Some(file) = files.get_mut(position) else { continue };
            let Some(Source::Profile { profile, .. }) = &file.source else { continue };
            let problem = self.underived(profile, &ids);
            file.problems.push(problem);
        }
    }

    /// Makes the model of a profile, unless the one that it extends is still to be made. Tells whether it is done.
    fn derive(&mut self, file: &mut File, waiting: &mut BTreeMap<String, String>) -> bool {
        let Some(Source::Profile { profile, model }) = &mut file.source else { return true };
        let base = self.model(&profile.extends.text).filter(|base| !waiting.contains_key(&base.id));
        let Some(base) = base else { return false };
        let digest = self.model_digest(&base.id).to_owned();
        let mut derived = profile.derive(base, &digest, &mut file.problems);
        for requirement in &mut derived.requirements {
            requirement.write_out(&self.questions, &mut file.problems);
        }
        // What the base demands is part of what the profile demands.
        let own = Sha256::digest(format!("{:x} {digest}", Sha256::digest(file.document.text())));
        waiting.remove(&profile.id);
        *model = Some(derived.clone());
        self.put(derived, format!("sha256:{own:x}"));
        true
    }

    /// Why a profile has no model.
    fn underived(&self, profile: &Profile, waiting: &BTreeMap<String, String>) -> Problem {
        let Named { text: base, span } = &profile.extends;
        if waiting.contains_key(base) {
            let message = if *base == profile.id {
                format!("`{base}` cannot extend itself")
            } else {
                format!(
                    "`{}` extends `{base}`, which is itself derived in a circle or from what is not there",
                    profile.id
                )
            };
            return Problem::error(message, span.clone());
        }
        let problem = Problem::error(format!("there is no model `{base}` to extend"), span.clone());
        match crate::yaml::nearest(base, self.models.iter().map(|model| model.id.as_str())) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help("`seaworthy models` lists them"),
        }
    }

    /// Relations between requirements as others have published them.
    pub fn published(&self) -> &[Link] {
        &self.crosswalk.links
    }

    /// Where published relations come from.
    pub fn origin(&self, id: &str) -> Option<&Origin> {
        self.crosswalk.origins.get(id)
    }

    /// All relations of the requirements of one model to those of another, published and from the bank, in the order of the
    /// first.
    pub fn relations(&self, from: &Model, to: &Model) -> Vec<Link> {
        between(from, to, self)
    }

    /// The relations of a requirement to those of all other models, the closest and surest first. They are found out once.
    pub fn related(&self, model: &str, requirement: &str) -> &[Link] {
        let related = self.related.get_or_init(|| self.find_related());
        related.get(model).and_then(|of| of.get(requirement)).map(Vec::as_slice).unwrap_or_default()
    }

    fn find_related(&self) -> Related {
        let mut related = Related::new();
        for (position, one) in self.models.iter().enumerate() {
            for other in self.models.iter().skip(position + 1) {
                for link in between(one, other, self) {
                    let back = link.reversed();
                    for link in [link, back] {
                        let of = related.entry(link.from.model.clone()).or_default();
                        of.entry(link.from.requirement.clone()).or_default().push(link);
                    }
                }
            }
        }
        for links in related.values_mut().flat_map(BTreeMap::values_mut) {
            links.sort_by_cached_key(|link| (link.relation, std::cmp::Reverse(link.confidence), link.to.clone()));
        }
        related
    }

    /// All questions that are no longer asked.
    pub fn replaced(&self) -> &[Replacement] {
        &self.replaced
    }

    /// What took the place of an old question.
    pub fn replacement(&self, id: &str) -> Option<&Replacement> {
        self.replaced.iter().find(|replacement| replacement.id == id)
    }

    /// All questions, in the order of the files.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// A question by its id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.get(*self.positions.get(id)?)
    }

    /// All models.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// A model by its id.
    pub fn model(&self, id: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.id == id)
    }

    /// The requirement that `model/requirement` names, as `model/id`; the requirement may be written in another way.
    pub fn requirement_named(&self, name: &str) -> Option<(&Model, &Requirement)> {
        let (model, requirement) = name.split_once('/')?;
        let model = self.model(model)?;
        Some((model, model.requirement(requirement)?))
    }

    /// The title of a topic, the part of a question's id before the dot.
    pub fn topic_title<'a>(&'a self, topic: &'a str) -> &'a str {
        self.topics.get(topic).map_or(topic, String::as_str)
    }

    /// The files that they were read from, in order. A lock is none of them.
    pub fn files(&self) -> &[QuestionnaireFile] {
        &self.files
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

/// Where ids stand first: file, line and column.
type Places = BTreeMap<String, String>;

/// Notes where the id of a model stands.
fn claim_model(file: &File, id: &str, places: &mut Places) -> Vec<Problem> {
    let at = super::lint::field_at(&file.document, &(0..0), "id");
    claim(file, [(id, at)].into_iter(), places)
}

/// Notes where the ids of a file stand. An id of an earlier file may be used again only where the file says so.
fn claim<'q>(file: &File, ids: impl Iterator<Item = (&'q str, Range<usize>)>, places: &mut Places) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut own: BTreeMap<&str, String> = BTreeMap::new();
    for (id, span) in ids {
        let (line, column) = file.document.position(span.start);
        let overridden = file.overrides.iter().any(|(name, _)| name == id);
        if let Some(first) = places.get(id).filter(|_| !overridden) {
            problems
                .push(Problem::error(format!("`{id}` is already there"), span).help(format!(
                    "it stands at {first}; say `overrides: [{id}]` at the top to replace it on purpose"
                )));
        }
        own.insert(id, format!("{}:{line}:{column}", file.document.name()));
    }
    for (id, span) in &file.overrides {
        if !own.contains_key(id.as_str()) {
            let problem = Problem::error(format!("`{id}` is to be overridden, but is not in this file"), span.clone());
            problems.push(problem.help("write it below, or leave it out of `overrides`"));
        } else if !places.contains_key(id) {
            let problem = Problem::error(format!("there is no `{id}` to override"), span.clone());
            problems.push(match crate::yaml::nearest(id, places.keys().map(String::as_str)) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem,
            });
        }
    }
    for (id, place) in own {
        places.entry(id.to_owned()).or_insert(place);
    }
    problems
}

/// The name of a file that does not tell where a folder of one's own lies: `set 1/questions/topic.yaml`. The built-in files
/// have such names already.
fn lasting_name(set: usize, name: &str) -> String {
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
fn read(document: Document, set: usize) -> File {
    let mut problems = Vec::new();
    let mut overrides = Vec::new();
    let source = if document.name().ends_with(LOCK_FILE) {
        Some(Source::Lock(Lock::parse(&document, &mut problems)))
    } else {
        match parse(&document) {
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
    File { document, source, problems, overrides, set }
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
    fn names_of_files_do_not_tell_where_the_folder_lies() {
        let name = "/home/ann/own/questions/people.yaml";
        assert_eq!(lasting_name(0, "questionnaires/questions/access.yaml"), "questionnaires/questions/access.yaml");
        assert_eq!(lasting_name(1, name), "set 1/questions/people.yaml");
        assert_eq!(lasting_name(1, "../own/model.yaml"), "set 1/model.yaml");
        assert_eq!(lasting_name(1, &lasting_name(1, name)), lasting_name(1, name));
    }

    #[test]
    fn files_that_are_read_again_give_the_same() {
        let (all, _) = Questionnaires::check_sets(vec![
            built_in_documents(),
            vec![Document::new(
                "/somewhere/own/questions/own.yaml",
                "schema: seaworthy.questions/1\ntopic: own\ntitle: Own\nquestions:\n  - { id: own.one, ask: Is it so?, why: It is., how: Do it., answer: yes-no, valid_for: 1 year }\n",
            )],
        ]);
        let again = Questionnaires::read_again(all.files()).unwrap();
        assert_eq!(again.digest(), all.digest());
        assert_eq!(again.questions(), all.questions());
        assert_eq!(again.files(), all.files());
        assert!(all.question("own.one").is_some());
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
        expected.extend(["crosswalk.yaml", "replaced.yaml", LOCK_FILE].map(|name| format!("questionnaires/{name}")));
        expected.sort();
        let mut names: Vec<String> = built_in_documents().iter().map(|document| document.name().to_owned()).collect();
        names.sort();
        assert_eq!(names, expected);
    }
}
