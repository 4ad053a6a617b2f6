//! What people say: maintainers' answers, reviews of them, and waivers.
//!
//! They live in a file that people write (`seaworthy.answers/1`), read strictly: each problem points at its line.

pub mod edit;
mod read;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;

use crate::evidence::Value;

pub use read::ANSWERS_SCHEMA;

/// Where a project keeps its own answers.
pub const ANSWERS_PATH: &str = ".seaworthy/answers.yaml";

/// The content of an answers file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The subject that the answers are about, where the file says so.
    pub subject: Option<String>,
    /// By id of the question.
    pub answers: BTreeMap<String, Answer>,
    /// By id of the question.
    pub reviews: BTreeMap<String, Review>,
    /// By `model/requirement`.
    pub waivers: BTreeMap<String, Waiver>,
    /// Whether somebody other than the subject vouches for the reviews. Without that they are shown, but do not count.
    pub reviews_trusted: bool,
    /// `sha256:` and the digest of the file's bytes.
    pub digest: String,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Value(Value),
    /// The question does not apply to the subject; the reason is in `because`.
    NotApplicable,
}

/// A maintainer's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub said: Said,
    pub because: Option<String>,
    /// Links.
    pub evidence: Vec<String>,
    pub by: String,
    pub on: NaiveDate,
    /// Until when it holds; by default as long as the question says.
    pub until: Option<NaiveDate>,
}

/// What a reviewer says of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Accepted,
    Challenged,
    /// The reviewer puts another value in its place.
    Overruled(Said),
}

impl Verdict {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Challenged => "challenged",
            Self::Overruled(_) => "overruled",
        }
    }
}

/// Whether a reviewer has a conflict of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Conflict {
    None,
    Soft,
    /// The review does not count.
    Hard,
}

impl Conflict {
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Soft => "soft",
            Self::Hard => "hard",
        }
    }
}

/// A reviewer's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub verdict: Verdict,
    pub by: String,
    pub on: NaiveDate,
    pub note: Option<String>,
    pub conflict: Conflict,
}

/// A requirement that is accepted for a time although it is not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    pub reason: String,
    pub by: String,
    pub until: NaiveDate,
}
