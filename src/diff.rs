//! What changed between two assessments of a subject, and why.
//!
//! A pure view over two records. Each change carries its causes: the project, an answer, a review or a waiver changed; the
//! model, the questions or the program changed; time passed; or the token saw more or less. What became known only because
//! more was seen is no progress, and what may no longer be seen is no setback: both stand apart.

mod answers;
mod findings;
#[cfg(test)]
pub(crate) mod fixture;
mod models;
mod observations;
mod questions;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::assess::record::{Assessment, Basis, Certainty, Outcome};
use crate::evidence::{Evidence, Subject, Value};

/// The schema that a written comparison names.
pub const DIFF_SCHEMA: &str = "seaworthy.diff/1";

/// Why something is no longer as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Something that was seen both times is different now.
    Project,
    /// An answer was given, changed, confirmed or withdrawn.
    Answer,
    /// A review was given, changed or withdrawn, or counts where it did not.
    Review,
    /// A waiver was given, changed or withdrawn.
    Waiver,
    /// Something ran out, or a rule counts days.
    Time,
    /// More or less could be seen, with another token or from another place.
    Access,
    /// The model demands something else.
    Model,
    /// The questions or their rules are others.
    Questionnaire,
    /// The program is another version.
    Engine,
    /// The records do not tell.
    Unexplained,
}

impl Cause {
    /// As a heading or a word in a list.
    pub fn title(self) -> &'static str {
        match self {
            Self::Project => "the project changed",
            Self::Answer => "an answer changed",
            Self::Review => "a review changed",
            Self::Waiver => "a waiver changed",
            Self::Time => "time passed",
            Self::Access => "more or less was seen",
            Self::Model => "the model changed",
            Self::Questionnaire => "the questions changed",
            Self::Engine => "the program changed",
            Self::Unexplained => "the records do not tell",
        }
    }
}

/// A cause, and what exactly it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Because {
    pub cause: Cause,
    /// A sentence.
    pub text: String,
    /// The question through which it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// The observation that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Because {
    fn new(cause: Cause, text: impl Into<String>) -> Self {
        Self { cause, text: text.into(), question: None, key: None }
    }

    fn about(self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self }
    }

    fn by_question(self, question: &str) -> Self {
        Self { question: Some(question.to_owned()), ..self }
    }
}

/// Whether it speaks for the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    Better,
    Worse,
    Neither,
}

/// What a changed finding means. The order is that of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// Better, since the project or what is said of it changed.
    Progress,
    /// Worse, since the project or what is said of it changed.
    Setback,
    /// Something ran out.
    RanOut,
    /// Neither better nor worse: it stands on something else.
    OtherGround,
    /// More or less was seen. Neither progress nor setback.
    SeenDifferently,
    /// Model, questions or program changed. Neither progress nor setback.
    MeasuredDifferently,
}

/// All that changed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Diff {
    /// `seaworthy.diff/1`
    pub schema: String,
    pub subject: Subject,
    pub old: Side,
    pub new: Side,
    /// What a reader should know before anything else.
    pub remarks: Vec<String>,
    pub models: Vec<ModelDiff>,
    pub answers: Vec<AnswerDiff>,
    pub questions: Vec<QuestionDiff>,
    pub observations: Vec<ObservationDiff>,
    /// Whether the observations are those of the evidence. Without it they are only those that the records name.
    pub all_observations: bool,
}

/// One of the two assessments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Side {
    pub as_of: NaiveDate,
    pub digest: String,
    pub commit: Option<String>,
    pub collected_at: DateTime<Utc>,
    /// checkout, anonymous, read, write or admin
    pub access: String,
    /// Observations that are known, of how many.
    pub known: u32,
    pub total: u32,
    pub engine: String,
    pub questionnaires: String,
}

/// What changed under a model.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ModelDiff {
    pub id: String,
    pub title: String,
    /// None where only one of the records is under it.
    pub old_version: Option<String>,
    pub new_version: Option<String>,
    /// Whether its demands are others, by the digest of its file.
    pub demands_changed: bool,
    pub levels: Vec<LevelDiff>,
    pub scores: Vec<ScoreDiff>,
    /// Requirements that could be judged, before and now.
    pub judged: (u32, u32),
    pub total: (u32, u32),
    /// How many findings stay as they were.
    pub unchanged: usize,
    /// Those that changed, by what it means and then in the order of the model.
    pub findings: Vec<FindingDiff>,
}

/// The level reached in a reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LevelDiff {
    /// verified, claimed or possible
    pub reading: String,
    pub old: u32,
    pub new: u32,
    /// The new level if everything that was only seen or measured differently still stood as before. None where the model
    /// does not score by cumulative levels.
    pub comparable: Option<u32>,
}

/// A number that a model counts.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ScoreDiff {
    pub id: String,
    pub title: String,
    /// percent or points
    pub unit: String,
    /// Exact numbers: verified, claimed, possible.
    pub old: [String; 3],
    pub new: [String; 3],
    /// Whether findings that were only seen or measured differently are part of the change.
    pub not_comparable: bool,
}

/// Where a finding stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stand {
    pub outcome: Outcome,
    pub basis: Basis,
    pub certainty: Certainty,
    pub verified: bool,
    pub possible: bool,
}

/// A finding that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindingDiff {
    pub requirement: String,
    pub area: String,
    pub demands: String,
    /// The level from which on it counts.
    pub from_level: u32,
    pub old: Option<Stand>,
    pub new: Option<Stand>,
    pub direction: Direction,
    pub meaning: Meaning,
    pub causes: Vec<Because>,
}

/// What a question came to, where that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct QuestionDiff {
    pub id: String,
    pub ask: String,
    pub old: Option<Came>,
    pub new: Option<Came>,
    pub causes: Vec<Because>,
}

/// What a question came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Came {
    /// None is unknown, or does not apply.
    pub value: Option<Value>,
    pub not_applicable: bool,
    pub basis: Basis,
    pub certainty: Certainty,
}

/// An answer or a review that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AnswerDiff {
    pub question: String,
    pub ask: String,
    /// In a few words: "yes, by @alice on 2026-03-01"; none where there was no answer.
    pub old: Option<String>,
    pub new: Option<String>,
    pub cause: Because,
}

/// An observation that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ObservationDiff {
    pub key: String,
    pub title: String,
    pub old: String,
    pub new: String,
    /// project, access or engine
    pub cause: Cause,
}

/// Why two records cannot be compared.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the records are about different subjects: {old} and {new}")]
pub struct OtherSubject {
    pub old: String,
    pub new: String,
}

/// Two records side by side.
struct Sides<'r> {
    old: &'r Assessment,
    new: &'r Assessment,
    /// The evidence of both, where there is.
    evidence: Option<(&'r Evidence, &'r Evidence)>,
}

impl Sides<'_> {
    fn questionnaires_changed(&self) -> bool {
        self.old.inputs.questionnaires != self.new.inputs.questionnaires
    }

    fn engine_changed(&self) -> bool {
        self.old.engine != self.new.engine
    }

    fn evidence_changed(&self) -> bool {
        self.old.inputs.evidence.digest != self.new.inputs.evidence.digest
    }

    fn time_passed(&self) -> bool {
        self.old.as_of != self.new.as_of
    }
}

impl Diff {
    /// What changed from one record to another of the same subject. Evidence adds the observations that no finding names.
    pub fn between(
        old: &Assessment,
        new: &Assessment,
        evidence: Option<(&Evidence, &Evidence)>,
    ) -> Result<Self, OtherSubject> {
        if !same_subject(&old.subject, &new.subject) {
            return Err(OtherSubject { old: old.subject.id.clone(), new: new.subject.id.clone() });
        }
        let sides = Sides { old, new, evidence };
        let questions = questions::changed(&sides);
        Ok(Self {
            schema: DIFF_SCHEMA.to_owned(),
            subject: new.subject.clone(),
            old: side(old),
            new: side(new),
            remarks: remarks(&sides),
            models: models::changed(&sides, &questions),
            answers: answers::changed(&sides),
            questions,
            observations: observations::changed(&sides),
            all_observations: evidence.is_some(),
        })
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.models.iter().all(ModelDiff::is_empty)
            && self.answers.is_empty()
            && self.questions.is_empty()
            && self.observations.is_empty()
    }
}

impl ModelDiff {
    fn is_empty(&self) -> bool {
        let levels = self.levels.iter().all(|level| level.old == level.new);
        let scores = self.scores.iter().all(|score| score.old == score.new);
        levels && scores && self.findings.is_empty() && self.old_version == self.new_version && !self.demands_changed
    }

    /// The findings of a meaning.
    pub fn of(&self, meaning: Meaning) -> impl Iterator<Item = &FindingDiff> {
        self.findings.iter().filter(move |finding| finding.meaning == meaning)
    }
}

/// Whether two records are about one subject: by GitHub's number, or else by name. The name of a folder tells nothing.
fn same_subject(old: &Subject, new: &Subject) -> bool {
    match (old.repository_id, new.repository_id) {
        (Some(old), Some(new)) => old == new,
        _ => {
            let lasting = Subject::is_lasting(&old.id) && Subject::is_lasting(&new.id);
            !lasting || old.id.eq_ignore_ascii_case(&new.id)
        }
    }
}

fn side(record: &Assessment) -> Side {
    let evidence = &record.inputs.evidence;
    Side {
        as_of: record.as_of,
        digest: record.digest.clone(),
        commit: record.subject.commit.clone(),
        collected_at: evidence.collected_at,
        access: evidence.access.word().to_owned(),
        known: evidence.known,
        total: evidence.total,
        engine: format!("{} {}", record.engine.name, record.engine.version),
        questionnaires: record.inputs.questionnaires.digest.clone(),
    }
}

fn remarks(sides: &Sides<'_>) -> Vec<String> {
    let (old, new) = (sides.old, sides.new);
    let mut remarks = Vec::new();
    if old.as_of > new.as_of {
        remarks.push(format!("The first record is the later one: {} and {}.", old.as_of, new.as_of));
    }
    if !old.subject.id.eq_ignore_ascii_case(&new.subject.id) {
        remarks.push(format!("The subject was called {}, and is called {}.", old.subject.id, new.subject.id));
    }
    let (seen, sees) = (old.inputs.evidence.access, new.inputs.evidence.access);
    if seen != sees {
        remarks.push(format!(
            "The evidence was collected with access `{}` before and `{}` now. What only that changed stands apart and is no \
             progress.",
            seen.word(),
            sees.word()
        ));
    }
    if sides.questionnaires_changed() {
        remarks.push("The questions or models are others than before.".to_owned());
    }
    if sides.engine_changed() {
        remarks.push(format!(
            "The first record was made by {} {}, the second by {} {}.",
            old.engine.name, old.engine.version, new.engine.name, new.engine.version
        ));
    }
    remarks
}
