//! What people say: maintainers' answers, reviews of them, and waivers.
//!
//! They live in a file that people write (`seaworthy.answers/1`), read strictly: each problem points at its line.

mod attached;
mod audits;
mod conduct;
mod criteria;
mod details;
mod digest;
pub mod edit;
pub mod migrate;
mod people;
mod read;
mod targets;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;

use crate::evidence::Value;
use crate::questionnaire::Exact;

pub use attached::check_attachments;
pub use audits::{Audit, Count, Severity};
pub use conduct::{Conduct, Recommendation, RecommendedTo, Reviewer};
pub use criteria::{CriteriaHeld, listed as criteria_listed};
pub use details::{Attachment, Details, Respondent};
pub use people::Person;
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
    /// Audits of the code, by their id.
    pub audits: BTreeMap<String, Audit>,
    /// What other files of the project's own repository declare, by id of the question. An answer stands before it.
    pub declared: BTreeMap<String, Declared>,
    /// The files that declare something.
    pub declarations: Vec<Declaration>,
    /// What the maintainers aim at: by model, then by id of a level, area or group (`all` for the whole).
    pub targets: BTreeMap<String, BTreeMap<String, Exact>>,
    /// Who conducted the assessment, and what they say and recommend.
    pub conduct: Option<Conduct>,
    /// The same of the file that the assessor keeps and names. It stands before the other.
    pub vouched_conduct: Option<Conduct>,
    /// Whether somebody other than the subject vouches for the reviews. Without that they are shown, but do not count.
    pub reviews_trusted: bool,
    /// Reviews of a file that the assessor keeps and names. They count, and stand before those in `reviews`.
    pub vouched: BTreeMap<String, Review>,
    /// `sha256:` and the digest of the file's bytes.
    pub digest: String,
    /// The digest of the file with the reviews that the assessor vouches for.
    pub reviews_digest: Option<String>,
}

/// An answer that another file of the project's own repository gives, such as its Security Insights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    pub answer: Answer,
    /// Path of the file in the repository.
    pub path: String,
    /// Field in the file.
    pub place: String,
}

/// A file that declares answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Path in the repository.
    pub path: String,
    /// `sha256:` and the digest of its text.
    pub digest: String,
}

impl Answers {
    /// The answer to a question: of the answers file, or else as declared elsewhere.
    pub fn answer(&self, question: &str) -> Option<&Answer> {
        self.answers.get(question).or_else(|| self.declared.get(question).map(|declared| &declared.answer))
    }

    /// The declaration that counts for a question, since nothing else answers it.
    pub fn declaration(&self, question: &str) -> Option<&Declared> {
        self.declared.get(question).filter(|_| !self.answers.contains_key(question))
    }

    /// Who conducted the assessment, and whether somebody other than the subject vouches for it.
    pub fn conduct(&self) -> Option<(&Conduct, bool)> {
        let vouched = self.vouched_conduct.as_ref().map(|conduct| (conduct, true));
        vouched.or_else(|| self.conduct.as_ref().map(|conduct| (conduct, self.reviews_trusted)))
    }

    /// The same with the reviews of a file that the assessor vouches for.
    #[must_use]
    pub fn with_vouched(self, reviews: Self) -> Self {
        Self {
            vouched: reviews.reviews,
            vouched_conduct: reviews.conduct,
            reviews_digest: Some(reviews.digest),
            ..self
        }
    }

    /// The review of the answer to a question, and whether somebody other than the subject vouches for it.
    pub fn review(&self, question: &str) -> Option<(&Review, bool)> {
        let vouched = self.vouched.get(question).map(|review| (review, true));
        vouched.or_else(|| self.reviews.get(question).map(|review| (review, self.reviews_trusted)))
    }
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
    pub details: Details,
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
    /// Such a reviewer may challenge an answer, and neither accept nor overrule it.
    Hard,
}

/// The conflicts by their written names.
pub(crate) const CONFLICTS: [(&str, Conflict); 3] =
    [("none", Conflict::None), ("soft", Conflict::Soft), ("hard", Conflict::Hard)];

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
    /// The digest of the answer that was looked at. Where the answer has another one now, the review does not count.
    pub of: Option<String>,
}

/// A requirement that is accepted for a time although it is not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    pub reason: String,
    pub by: String,
    pub until: NaiveDate,
}
