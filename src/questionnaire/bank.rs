//! Loading questionnaires: the built-in ones and those of a folder of one's own.

mod files;
mod places;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};

pub use self::files::{
    File, MODEL_SCHEMA, QUESTIONS_SCHEMA, QuestionnaireFile, Source, built_in_documents, folder_documents,
};
use self::files::{lasting_name, read};
use self::places::{Places, claim, claim_model};
use super::crosswalk::{Crosswalk, Link, Origin, between};
use super::lint::lint;
use super::model::{Model, Requirement};
use super::profile::{Named, Profile};
use super::question::Question;
use super::replaced::Replacement;
use crate::parallel;
use crate::yaml::{Document, Problem, Severity};

/// The most files that a folder may hold.
const MAX_FILES: usize = 500;

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

/// The relations of each requirement, by model and id.
pub(crate) type Related = BTreeMap<String, BTreeMap<String, Vec<Link>>>;

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
        let documents: Vec<(usize, Document)> = sets
            .into_iter()
            .enumerate()
            .flat_map(|(set, documents)| documents.into_iter().map(move |document| (set, document)))
            .collect();
        let mut files: Vec<File> = parallel::each(&documents, |(set, document)| read(document, *set));
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

    /// The relations of each requirement to those of all other models, the closest and surest first, by model and id. They
    /// are found out once, on several processors, and so before other work is shared out to these.
    pub(crate) fn related(&self) -> &Related {
        self.related.get_or_init(|| self.find_related())
    }

    fn find_related(&self) -> Related {
        let mut related = Related::new();
        let pairs: Vec<(&Model, &Model)> = self
            .models
            .iter()
            .enumerate()
            .flat_map(|(position, one)| self.models.iter().skip(position + 1).map(move |other| (one, other)))
            .collect();
        for link in parallel::each(&pairs, |(one, other)| between(one, other, self)).into_iter().flatten() {
            let back = link.reversed();
            for link in [link, back] {
                let of = related.entry(link.from.model.clone()).or_default();
                of.entry(link.from.requirement.clone()).or_default().push(link);
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

fn refuse_broken(files: Vec<File>) -> Result<(), LoadError> {
    let broken: Vec<(Document, Vec<Problem>)> = files
        .into_iter()
        .filter(|file| file.problems.iter().any(|problem| problem.severity == Severity::Error))
        .map(|file| (file.document, file.problems))
        .collect();
    if broken.is_empty() { Ok(()) } else { Err(LoadError::Invalid(broken)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::lock::LOCK_FILE;

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
