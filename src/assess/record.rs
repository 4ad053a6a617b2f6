//! The record of an assessment: the JSON document that lasts (`seaworthy.assessment/1`).
//!
//! It holds all texts that a report shows, so that it can be rendered years later without the questionnaires.

mod audit;
mod digest;
mod inputs;
mod model;
mod question;
mod score;
mod words;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::audit::*;
pub use self::inputs::*;
pub use self::model::*;
pub use self::question::*;
pub use self::score::*;
pub use self::words::*;
pub use super::document::{
    ConductShown, DocumentResult, FactShown, RecommendationShown, ReviewerShown, RowResult, SectionResult,
};
use crate::evidence::Subject;

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

/// Why a record cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("it is no assessment record: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("its schema is `{0}`, this program reads `{ASSESSMENT_SCHEMA}`")]
    Schema(String),
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
        digest::of(self)
    }

    /// The result of a question.
    pub fn question(&self, id: &str) -> Option<&QuestionResult> {
        self.questions.iter().find(|question| question.id == id)
    }
}
