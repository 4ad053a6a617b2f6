//! What went into an assessment, by digest, and where a ledger keeps it.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::Access;

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
