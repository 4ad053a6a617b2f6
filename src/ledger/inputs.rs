//! What an assessment rests on, as texts: to be kept beside the record, and to make the record again.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::error::LedgerError;
use super::objects::{Form, Objects};
use crate::answers::Answers;
use crate::answers::edit::leave_out;
use crate::assess::assess;
use crate::assess::record::{Assessment, Kept, KeptFile};
use crate::evidence::Evidence;
use crate::import::{Input, declarations, found_in_repository};
use crate::questionnaire::{Model, QuestionnaireFile, Questionnaires};
use crate::yaml::{Document, Problem};

/// The schema of a list of questionnaire files.
const LIST_SCHEMA: &str = "seaworthy.questionnaires/1";
/// The most questionnaire files of a record.
const MAX_FILES: usize = 2_000;
/// The most text of the questionnaires of a record, in bytes.
const MAX_TEXT: usize = 64 * 1024 * 1024;

/// Files that cannot be read under some questionnaires, with what is wrong.
pub(super) type Unreadable = Vec<(Document, Vec<Problem>)>;

/// What an assessment rests on, beside the questionnaires and the day.
#[derive(Clone, Debug)]
pub struct Inputs {
    pub evidence: Evidence,
    /// The text of the answers file.
    pub answers: Option<String>,
    /// The text of the file with the reviews that the assessor vouches for.
    pub reviews: Option<String>,
    /// Whether the reviews in the answers file count.
    pub reviews_trusted: bool,
    /// Other files of the subject that may declare answers: path and text.
    pub declared: Vec<(String, String)>,
}

/// The questionnaire files of a record.
#[derive(Serialize, Deserialize)]
struct List {
    schema: String,
    /// That of the questionnaires, as the record names it.
    digest: String,
    files: Vec<ListedFile>,
}

#[derive(Serialize, Deserialize)]
struct ListedFile {
    set: usize,
    name: String,
    object: String,
}

impl Inputs {
    /// The answers as they count under these questionnaires on a day: with reviews, and with declarations below them.
    pub fn answers(&self, questionnaires: &Questionnaires, as_of: NaiveDate) -> Result<Option<Answers>, Unreadable> {
        self.answers_by(questionnaires, as_of, |document| match Answers::read(document, questionnaires) {
            (Some(answers), _) => Ok(answers),
            (None, problems) => Err(problems),
        })
    }

    /// The same under questionnaires of another time, without what these have no place for, which is told.
    pub(super) fn answers_that_fit(
        &self,
        questionnaires: &Questionnaires,
        as_of: NaiveDate,
    ) -> Result<(Option<Answers>, Vec<String>), Unreadable> {
        let mut left_out = Vec::new();
        let answers = self.answers_by(questionnaires, as_of, |document| {
            let Some((answers, without)) = Answers::read_past(document, questionnaires) else {
                return Err(Answers::read(document, questionnaires).1);
            };
            left_out.extend(without);
            Ok(answers)
        })?;
        Ok((answers, left_out))
    }

    fn answers_by(
        &self,
        questionnaires: &Questionnaires,
        as_of: NaiveDate,
        mut read: impl FnMut(&Document) -> Result<Answers, Vec<Problem>>,
    ) -> Result<Option<Answers>, Unreadable> {
        let mut read = |name: &str, text: Option<&String>| {
            let document = text.map(|text| Document::new(name, text.as_str()));
            document.map(|document| read(&document).map_err(|problems| vec![(document, problems)])).transpose()
        };
        let own = read("the answers", self.answers.as_ref())?;
        let own = own.map(|answers| Answers { reviews_trusted: self.reviews_trusted, ..answers });
        let answers = match read("the reviews", self.reviews.as_ref())? {
            Some(reviews) => Some(own.unwrap_or_default().with_vouched(reviews)),
            None => own,
        };
        let input = Input {
            name: "",
            text: "",
            parent: None,
            today: self.evidence.collected_on().max(as_of),
            on: None,
            by: None,
            questionnaires,
        };
        let files = self.declared.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        Ok(declarations(&found_in_repository(files, &input), &self.evidence.subject.id, answers.as_ref())
            .below(answers))
    }

    /// Makes the record again from what it rests on. What only the ledger adds is taken over from the record.
    pub(super) fn derive(
        &self,
        record: &Assessment,
        questionnaires: &Questionnaires,
    ) -> Result<Result<Assessment, Unreadable>, LedgerError> {
        let answers = match self.answers(questionnaires, record.as_of) {
            Ok(answers) => answers,
            Err(unreadable) => return Ok(Err(unreadable)),
        };
        let models: Vec<&Model> = record.models.iter().filter_map(|model| questionnaires.model(&model.id)).collect();
        let mut derived = assess(&self.evidence, answers.as_ref(), questionnaires, &models, record.as_of)?;
        let left_out = record.kept.as_ref().is_some_and(|kept| kept.confidential_left_out);
        if let (true, Some(input), Some(named)) = (left_out, &mut derived.inputs.answers, &record.inputs.answers) {
            input.digest.clone_from(&named.digest);
        }
        derived.kept.clone_from(&record.kept);
        derived.previous.clone_from(&record.previous);
        derived.digest = derived.computed_digest()?;
        Ok(Ok(derived))
    }

    /// Keeps all of it as objects.
    pub(super) fn keep(
        &self,
        objects: &Objects,
        questionnaires: &Questionnaires,
        recorded_at: DateTime<Utc>,
    ) -> Result<Kept, LedgerError> {
        let shown = self
            .answers
            .as_deref()
            .map(|text| leave_out(text, "the ledger"))
            .transpose()
            .map_err(LedgerError::NotKept)?;
        let left_out = shown.as_ref().is_some_and(Option::is_some);
        let answers = shown.flatten().or_else(|| self.answers.clone());
        let declared = self
            .declared
            .iter()
            .map(|(path, text)| Ok(KeptFile { path: path.clone(), object: objects.put(text, Form::Text)? }));
        Ok(Kept {
            recorded_at,
            evidence: objects.put(&serde_json::to_string(&self.evidence)?, Form::Json)?,
            questionnaires: keep_questionnaires(objects, questionnaires)?,
            answers: answers.map(|text| objects.put(&text, Form::Yaml)).transpose()?,
            reviews: self.reviews.as_ref().map(|text| objects.put(text, Form::Yaml)).transpose()?,
            reviews_trusted: self.reviews_trusted,
            confidential_left_out: left_out,
            declared: declared.collect::<Result<_, LedgerError>>()?,
        })
    }

    /// Reads what was kept, and checks it against the digests that the record names.
    pub(super) fn read(record: &Assessment, kept: &Kept, objects: &Objects) -> Result<Self, LedgerError> {
        let broken = |object: &str, form: Form, what: String| {
            let path = objects.path(object, form).unwrap_or_else(|| objects.folder().to_owned());
            LedgerError::broken(&path, what)
        };
        let json = objects.get(&kept.evidence, Form::Json)?;
        let evidence = Evidence::from_json(&json)
            .map_err(|error| broken(&kept.evidence, Form::Json, format!("holds no evidence: {error}")))?;
        if super::layout::digest(json.as_bytes()) != record.inputs.evidence.digest {
            let what = "is not the evidence that the record names".to_owned();
            return Err(broken(&kept.evidence, Form::Json, what));
        }
        let text = |object: &Option<String>| object.as_ref().map(|object| objects.get(object, Form::Yaml)).transpose();
        let declared = kept.declared.iter().map(|file| Ok((file.path.clone(), objects.get(&file.object, Form::Text)?)));
        Ok(Self {
            evidence,
            answers: text(&kept.answers)?,
            reviews: text(&kept.reviews)?,
            reviews_trusted: kept.reviews_trusted,
            declared: declared.collect::<Result<_, LedgerError>>()?,
        })
    }
}

/// All objects that a record names, with those that its list of questionnaires names where that can be read.
pub(super) fn objects_of(kept: &Kept, objects: &Objects) -> Vec<(String, Form)> {
    let mut named = vec![(kept.evidence.clone(), Form::Json), (kept.questionnaires.clone(), Form::Json)];
    named.extend(kept.answers.iter().chain(&kept.reviews).map(|object| (object.clone(), Form::Yaml)));
    named.extend(kept.declared.iter().map(|file| (file.object.clone(), Form::Text)));
    if let Ok(list) = list(&kept.questionnaires, objects) {
        named.extend(list.files.into_iter().map(|file| (file.object, Form::Yaml)));
    }
    named
}

fn keep_questionnaires(objects: &Objects, questionnaires: &Questionnaires) -> Result<String, LedgerError> {
    let files = questionnaires.files().iter().map(|file| {
        let object = objects.put(&file.text, Form::Yaml)?;
        Ok(ListedFile { set: file.set, name: file.name.clone(), object })
    });
    let list = List {
        schema: LIST_SCHEMA.to_owned(),
        digest: questionnaires.digest().to_owned(),
        files: files.collect::<Result<_, LedgerError>>()?,
    };
    objects.put(&(serde_json::to_string_pretty(&list)? + "\n"), Form::Json)
}

fn list(object: &str, objects: &Objects) -> Result<List, LedgerError> {
    let broken = |what: String| {
        let path = objects.path(object, Form::Json).unwrap_or_else(|| objects.folder().to_owned());
        LedgerError::broken(&path, what)
    };
    let json = objects.get(object, Form::Json)?;
    let list: List =
        serde_json::from_str(&json).map_err(|error| broken(format!("is no list of questionnaires: {error}")))?;
    if list.schema != LIST_SCHEMA {
        return Err(broken(format!("has the schema `{}`, this program reads `{LIST_SCHEMA}`", list.schema)));
    }
    if list.files.len() > MAX_FILES {
        return Err(broken(format!("names more than {MAX_FILES} files")));
    }
    Ok(list)
}

/// Reads questionnaires that were kept.
pub(super) fn questionnaires(object: &str, objects: &Objects) -> Result<Questionnaires, LedgerError> {
    let path = objects.path(object, Form::Json).unwrap_or_else(|| objects.folder().to_owned());
    let list = list(object, objects)?;
    let mut files = Vec::new();
    let mut total = 0;
    for file in list.files {
        let text = objects.get(&file.object, Form::Yaml)?;
        total += text.len();
        if total > MAX_TEXT {
            return Err(LedgerError::broken(&path, format!("names files of more than {MAX_TEXT} bytes")));
        }
        files.push(QuestionnaireFile { set: file.set, name: file.name, text });
    }
    match Questionnaires::read_again(&files) {
        Ok(questionnaires) if questionnaires.digest() == list.digest => Ok(questionnaires),
        Ok(_) => Err(LedgerError::broken(&path, "does not name the questionnaires whose digest it gives")),
        Err(crate::questionnaire::LoadError::Invalid(files)) => Err(LedgerError::Questionnaires { path, files }),
        Err(error) => Err(LedgerError::broken(&path, error.to_string())),
    }
}
