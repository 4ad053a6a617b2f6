//! What a question comes to: the value, who says it, what was observed, and what would settle it.

use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::{Basis, Certainty};
use crate::evidence::{Place, Value};

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
    pub reasons: Vec<Arc<Reason>>,
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
