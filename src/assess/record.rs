//! The record of an assessment: the JSON document that lasts (`seaworthy.assessment/1`).
//!
//! It holds all texts that a report shows, so that it can be rendered years later without the questionnaires.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use super::document::{
    ConductShown, DocumentResult, FactShown, RecommendationShown, ReviewerShown, RowResult, SectionResult,
};
use crate::answers::Severity;
use crate::evidence::{Access, Place, Subject, Value};
use crate::questionnaire::{Derived, Exact, Relation, Scoring};

/// The schema that a record names.
pub const ASSESSMENT_SCHEMA: &str = "seaworthy.assessment/1";

/// All findings and scores of a subject on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Assessment {
    /// `seaworthy.assessment/1`
    pub schema: String,
    pub subject: Subject,
    /// The day for which it holds. Whether an answer has run out is judged by it.
    pub as_of: NaiveDate,
    pub engine: Engine,
    pub inputs: Inputs,
    pub models: Vec<ModelResult>,
    /// The questions of the models assessed, in the order of the bank.
    pub questions: Vec<QuestionResult>,
    /// The register of audits as the maintainers tell it, the latest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audits: Vec<AuditShown>,
    /// Ids of the questions whose answer is contradicted by what was observed.
    pub contradictions: Vec<String>,
    /// Who conducted the assessment, and what they say and recommend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conduct: Option<ConductShown>,
    /// Where the ledger keeps what went in. None of a record that is in no ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// Digest of the assessment before, in a ledger.
    pub previous: Option<String>,
    /// `sha256:` and the digest of this record's compact JSON with this field empty.
    pub digest: String,
    /// Fields of later versions, kept as they are.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

/// The program that made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Engine {
    pub name: String,
    pub version: String,
}

impl Engine {
    /// This program.
    pub fn this() -> Self {
        Self { name: "seaworthy".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// All that went in, by digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Inputs {
    pub evidence: EvidenceInput,
    /// None where no answers were given.
    pub answers: Option<AnswersInput>,
    pub questionnaires: QuestionnairesInput,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceInput {
    pub digest: String,
    pub collected_at: DateTime<Utc>,
    pub access: Access,
    pub api_requests: u32,
    pub collector: String,
    /// How many observations are knowledge, of how many.
    pub known: u32,
    pub total: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnswersInput {
    /// Empty where there is no answers file, but reviews or declarations.
    pub digest: String,
    pub count: u32,
    /// Digest of the reviews that the assessor keeps in a file of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviews: Option<String>,
    /// Other files of the subject that declare answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<DeclaredInput>,
}

/// A file of the subject that declares answers, such as its Security Insights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeclaredInput {
    /// Path in the repository.
    pub path: String,
    pub digest: String,
    /// How many of its answers count, since the answers file does not speak of their questions.
    pub count: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuestionnairesInput {
    pub digest: String,
}

/// What went in, as a ledger keeps it beside the record: objects, each named by the digest of its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Kept {
    /// When the record was put into the ledger, which may be long after the day that it is about.
    pub recorded_at: DateTime<Utc>,
    pub evidence: String,
    /// The list of the questionnaire files, which names an object for each.
    pub questionnaires: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// The reviews that the assessor keeps in a file of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviews: Option<String>,
    /// Whether the reviews in the answers file count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reviews_trusted: bool,
    /// Whether words that are to stay in the answers file were left out. The digest of that file is then of another text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confidential_left_out: bool,
    /// Other files of the subject that may declare answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declared: Vec<KeptFile>,
}

/// A file of the subject, as a ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeptFile {
    /// Path in the repository.
    pub path: String,
    pub object: String,
}

/// What a requirement comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Met,
    Partly,
    Unmet,
    NotApplicable,
    Unknown,
}

impl Outcome {
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Partly => "partly",
            Self::Unmet => "unmet",
            Self::NotApplicable => "not-applicable",
            Self::Unknown => "unknown",
        }
    }
}

/// On what a value or a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Observed, and a maintainer says the same.
    Corroborated,
    /// A reviewer has looked at it.
    Reviewed,
    Observed,
    /// A maintainer says otherwise than what was proved.
    Contradicted,
    /// A maintainer says so.
    Attested,
    /// A maintainer says otherwise than a sign, or a reviewer challenges it.
    Disputed,
    /// The answer has run out.
    Lapsed,
    /// Accepted for a time although not met. Only of findings.
    Waived,
    Unknown,
}

impl Basis {
    pub fn word(self) -> &'static str {
        match self {
            Self::Corroborated => "corroborated",
            Self::Reviewed => "reviewed",
            Self::Observed => "observed",
            Self::Contradicted => "contradicted",
            Self::Attested => "attested",
            Self::Disputed => "disputed",
            Self::Lapsed => "lapsed",
            Self::Waived => "waived",
            Self::Unknown => "unknown",
        }
    }
}

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    None,
    /// Somebody's word.
    Word,
    /// An observation that speaks for it.
    Sign,
    /// An observation that settles it, or a reviewer's verdict.
    Proof,
}

impl Certainty {
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Word => "word",
            Self::Sign => "sign",
            Self::Proof => "proof",
        }
    }
}

/// The result under one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelResult {
    pub id: String,
    pub title: String,
    pub version: String,
    pub source: String,
    pub digest: String,
    /// How the model scores: cumulative-levels, badge-percentages, averaged-practices or completeness.
    #[serde(default = "cumulative_levels", skip_serializing_if = "is_cumulative_levels")]
    pub scoring: String,
    /// What the model is a profile of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<Derived>,
    pub maturity: Maturity,
    /// What the model counts beside levels: percentages, averages or shares.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<ScoreResult>,
    pub coverage: Coverage,
    pub levels: Vec<LevelResult>,
    pub areas: Vec<AreaResult>,
    pub findings: Vec<Finding>,
    /// What stands between the subject and the next level, the least work first.
    pub next_steps: Vec<NextStep>,
    /// What a stronger token would settle.
    pub reveals: Vec<Reveal>,
    /// What the model is written down as.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentResult>,
}

/// The way of scoring of the first records, which do not name it.
fn cumulative_levels() -> String {
    Scoring::CumulativeLevels.word().to_owned()
}

fn is_cumulative_levels(scoring: &String) -> bool {
    scoring == Scoring::CumulativeLevels.word()
}

/// A number that a model counts, in three readings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreResult {
    /// Id of the level, area or group; `all` for the whole.
    pub id: String,
    pub title: String,
    pub of: ScoreOf,
    pub unit: ScoreUnit,
    /// By what is proved.
    pub verified: Number,
    /// By what is proved or said.
    pub claimed: Number,
    /// By all that is not disproved.
    pub possible: Number,
    /// The most that can be reached.
    pub highest: Number,
    /// What the maintainers aim at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Number>,
    /// How much of the way to the targets below it is gone, from 0 to 1; what is above a target makes up for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_target: Option<Three>,
}

/// What a score is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScoreOf {
    Level,
    Area,
    Group,
    Model,
}

/// In what a score is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScoreUnit {
    Percent,
    Points,
}

/// An exact number, and the same as a decimal, rounded down to four digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Number {
    /// Such as `5/8` or `3`.
    pub exact: String,
    pub decimal: f64,
}

impl From<Exact> for Number {
    fn from(exact: Exact) -> Self {
        Self { exact: exact.to_string(), decimal: decimal(exact) }
    }
}

/// An exact number as a decimal, rounded down to four digits.
pub(super) fn decimal(exact: Exact) -> f64 {
    let ten_thousandths = u64::from(*exact.numer()) * 10_000 / u64::from(*exact.denom());
    f64::from(u32::try_from(ten_thousandths).unwrap_or(u32::MAX)) / 10_000.0
}

/// The level reached, in three readings; 0 is below the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Maturity {
    /// By what is proved.
    pub verified: u32,
    /// By what is proved or said.
    pub claimed: u32,
    /// By all that is not disproved.
    pub possible: u32,
    /// The highest level of the model.
    pub highest: u32,
}

/// How many requirements could be judged at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Requirements whose outcome is not unknown.
    pub judged: u32,
    pub total: u32,
}

/// The requirements that count at a level: its own and those of the levels below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LevelResult {
    pub id: u32,
    pub title: String,
    pub meaning: String,
    pub total: u32,
    pub met_verified: u32,
    /// Those of `met_verified` and those that are met by somebody's word or by signs.
    pub met_claimed: u32,
    pub partly: u32,
    pub unmet: u32,
    pub unknown: u32,
    pub not_applicable: u32,
}

/// How much of an area is met. The shares are of the requirements that apply; null where none does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AreaResult {
    pub id: String,
    pub title: String,
    pub total: u32,
    pub not_applicable: u32,
    pub met_verified: u32,
    pub met_claimed: u32,
    /// `met_claimed`, all that is unknown, and all that only a sign speaks against.
    pub met_possible: u32,
    /// The exact fraction, rounded down to four digits.
    pub verified: Option<f64>,
    pub claimed: Option<f64>,
    pub possible: Option<f64>,
}

/// The outcome of one requirement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub requirement: String,
    pub area: String,
    /// The levels that the source tags it with.
    pub levels: Vec<u32>,
    /// The level from which on it counts.
    pub from_level: u32,
    pub demands: String,
    pub outcome: Outcome,
    pub basis: Basis,
    pub certainty: Certainty,
    /// Whether it counts in the verified reading (met or not applicable, by proof).
    pub verified: bool,
    /// Whether it counts in the possible reading: it is not disproved. What only a sign speaks against is not.
    pub possible: bool,
    /// The questions that decide it.
    pub questions: Vec<String>,
    /// Those of them on which the outcome rests, or which keep it open.
    pub decided_by: Vec<String>,
    pub reasons: Vec<Reason>,
    /// What to do next; none where nothing is to be done.
    pub next: Option<String>,
    /// The day on which the first of its reasons runs out.
    pub valid_until: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverShown>,
    /// Whether it counts at each of its levels, where the model has rules for that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<CountResult>,
    /// What it is worth, where the model adds that up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worth: Option<Three>,
    /// Framework to the ids there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub maps: BTreeMap<String, Vec<String>>,
    /// Requirements of the other models of this record that are equal to it, covered by it, or cover it. A relation never
    /// decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<AlsoShown>,
}

/// A requirement of another model to which one relates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlsoShown {
    pub model: String,
    pub requirement: String,
    /// equal: each is met where the other is; covers: where this one is met, the other is; part-of: the other way round.
    pub relation: Relation,
    /// From 1 to 3.
    pub confidence: u8,
    /// `bank` where it follows from the questions, else who published it.
    pub source: String,
}

/// Whether a requirement counts at a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CountResult {
    pub level: u32,
    /// MUST, SHOULD or SUGGESTED
    pub strength: String,
    pub verified: bool,
    pub claimed: bool,
    pub possible: bool,
    /// What it lacks so that it would count as it is claimed: a justification, or one with an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacks: Option<String>,
}

/// A number from 0 to 1 in each reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Three {
    pub verified: Number,
    pub claimed: Number,
    pub possible: Number,
}

/// A waiver as it stands on the day of the assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaiverShown {
    pub reason: String,
    pub by: String,
    pub until: NaiveDate,
    /// Whether it has ended.
    pub ended: bool,
}

/// One reason of a finding or a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    pub text: String,
    /// The question it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// The observation it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What was read, or who said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
}

/// What a question comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuestionResult {
    pub id: String,
    pub ask: String,
    pub why: String,
    pub how: String,
    /// The value; none where it is unknown or does not apply.
    pub value: Option<Value>,
    /// Whether the question does not apply to the subject.
    pub not_applicable: bool,
    pub basis: Basis,
    pub certainty: Certainty,
    /// What was observed, whatever the answer.
    pub observed: Option<Value>,
    /// What a maintainer answered, whatever was observed.
    pub answered: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerShown>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewShown>,
    /// What must hold so that an answer above the lowest counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<String>,
    pub reasons: Vec<Reason>,
    /// Observations that could settle it and are not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<UnknownKey>,
    pub valid_until: Option<NaiveDate>,
    /// small, medium or large
    pub effort: String,
    /// Whether it is not asked, and for that does not apply.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unasked: bool,
    /// Ids of the questions on which it hangs whether this one is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks_first: Vec<String>,
    /// What changed after the answer, or the review that accepts it: the answer is suspect until somebody confirms it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspect: Vec<ChangeShown>,
    /// Whether its answer is told in words, in Markdown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_words: bool,
}

/// A change of something on which an answer rests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeShown {
    /// Id of the event, such as `workflows-changed`.
    pub event: String,
    pub title: String,
    /// The day of the change; where two snapshots were compared, the day after the earlier one.
    pub on: NaiveDate,
    /// The commit and the files, or what differs between two snapshots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// The observation that tells it.
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A maintainer's word, as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerShown {
    pub because: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    pub by: String,
    pub on: NaiveDate,
    pub until: NaiveDate,
    /// The day on which it is due to be looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// Whether it has run out on the day of the assessment.
    pub lapsed: bool,
    /// Whether the answer is that the question does not apply.
    pub not_applicable: bool,
    /// The numbers of the criteria that hold, counted from 1; none where the answer does not speak of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criteria: Option<Vec<usize>>,
    /// The file and field that declare it, where it does not stand in the answers file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_in: Option<String>,
    /// The people that the answer names, where more is said of them than handles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonShown>,
    /// Others who were asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub respondents: Vec<RespondentShown>,
    /// Files that show it, which the maintainers keep.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentShown>,
}

/// Somebody whom an answer names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonShown {
    pub handle: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// Somebody else who was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RespondentShown {
    pub by: String,
    pub on: NaiveDate,
    /// Whether the respondent says the same as the answer.
    pub agrees: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A file that shows an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AttachmentShown {
    pub path: String,
    /// 64 digits.
    pub sha256: String,
}

/// A reviewer's word, as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewShown {
    /// accepted, challenged or overruled
    pub verdict: String,
    pub by: String,
    pub on: NaiveDate,
    /// none, soft or hard
    pub conflict: String,
    pub note: Option<String>,
    /// The value that an overruling review puts in place; none also where the question does not apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The digest of the answer that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Whether it counts; a hard conflict or an answer newer than the review makes it void.
    pub counts: bool,
    /// Whether it does not count because the answer is another one than was looked at.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outdated: bool,
}

/// An observation that is not known, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnknownKey {
    pub key: String,
    pub title: String,
    /// not-permitted, unavailable or failed
    pub state: String,
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// Whether it is unknown only because a checkout was read, and GitHub could tell.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_github: bool,
}

/// An audit of the code, as the maintainers tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditShown {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auditor: Option<String>,
    /// Whether the auditor is from outside the project.
    pub independent: bool,
    /// The day of its report.
    pub finished: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// None where nothing is told of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<AuditFindings>>,
    pub by: String,
    pub on: NaiveDate,
    /// Whether the code that it looked at is what ships.
    pub shipped: Shipped,
    pub shipped_because: String,
}

/// The findings of an audit of one severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditFindings {
    pub severity: Severity,
    pub found: u32,
    pub fixed: u32,
}

/// Whether the code that an audit looked at is what ships, as far as can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shipped {
    Same,
    Changed,
    Unknown,
}

/// What kind of work a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Set right what was said and is disproved.
    Correct,
    /// Do what is missing.
    Fix,
    /// Answer a question that only a person can.
    Answer,
    /// Let a stronger token look.
    Reveal,
    /// Have a reviewer accept what is only said, or show it.
    Prove,
    /// Say why, or where it can be seen.
    Justify,
}

/// One step towards the next level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NextStep {
    pub kind: StepKind,
    pub question: String,
    pub ask: String,
    pub how: String,
    /// small, medium or large
    pub effort: String,
    /// The requirements of the next level that wait for it.
    pub requirements: Vec<String>,
    /// The level that it helps to reach.
    pub level: u32,
}

/// What a permission would settle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reveal {
    pub permission: String,
    pub keys: Vec<String>,
    /// Requirements that are unknown, or known only by word or sign, and that it could settle.
    pub requirements: Vec<String>,
}

/// Why a record cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("it is no assessment record: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("its schema is `{0}`, this program reads `{ASSESSMENT_SCHEMA}`")]
    Schema(String),
}

impl QuestionResult {
    /// Whether it was answered, and the answer does not count since it says nothing of the criteria.
    pub fn lacks_criteria(&self) -> bool {
        let untold = self.answer.as_ref().is_some_and(|answer| answer.criteria.is_none() && !answer.lapsed);
        !self.criteria.is_empty() && untold && self.basis == Basis::Unknown
    }

    /// The criteria that do not hold, by the answer.
    pub fn missing_criteria(&self) -> Vec<&str> {
        let Some(held) = self.answer.as_ref().and_then(|answer| answer.criteria.as_ref()) else { return Vec::new() };
        let numbered = (1..).zip(&self.criteria);
        numbered.filter(|(number, _)| !held.contains(number)).map(|(_, text)| text.as_str()).collect()
    }
}

impl Assessment {
    /// Reads a record.
    pub fn from_json(json: &str) -> Result<Self, RecordError> {
        let record: Self = serde_json::from_str(json)?;
        if record.schema != ASSESSMENT_SCHEMA {
            return Err(RecordError::Schema(record.schema));
        }
        Ok(record)
    }

    /// The record as JSON, indented, with a line break at the end.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The digest that the record should carry.
    pub fn computed_digest(&self) -> Result<String, serde_json::Error> {
        let bare = Self { digest: String::new(), ..self.clone() };
        Ok(format!("sha256:{:x}", Sha256::digest(serde_json::to_vec(&bare)?)))
    }

    /// The result of a question.
    pub fn question(&self, id: &str) -> Option<&QuestionResult> {
        self.questions.iter().find(|question| question.id == id)
    }
}
