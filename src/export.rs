//! Writing answers in the formats of others: Security Insights and the Best Practices Badge, through the tables of
//! [`import`](crate::import). What somebody wrote into such a file already stays as it is.

mod badge;
mod insights;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use crate::answers::{Answer, Answers, Verdict};
use crate::evidence::Evidence;
use crate::questionnaire::Questionnaires;

pub use badge::best_practices;
pub use insights::security_insights;

/// What an export is made of.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub answers: &'a Answers,
    /// Tells address, name and licence of the subject.
    pub evidence: Option<&'a Evidence>,
    /// The file as it stands: its name and text. Nothing in it is changed.
    pub base: Option<(&'a str, &'a str)>,
    /// Fields that a person gives, with their values. They go before everything else.
    pub set: &'a [(String, String)],
    /// The day of the export. Answers that have run out on it are left out.
    pub as_of: NaiveDate,
    pub questionnaires: &'a Questionnaires,
}

/// A file for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    pub text: String,
    /// How many answers it holds.
    pub answers: usize,
    /// What the reader should know: answers that are left out, and where the file says otherwise already.
    pub remarks: Vec<String>,
}

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoExport {
    #[error("{0}")]
    Base(String),
    #[error("the file would not follow the specification")]
    Incomplete(Vec<String>),
}

impl<'a> Source<'a> {
    /// The answer that stands on the day of the export, or why none does. None where there is no answer at all.
    fn standing(&self, question: &str) -> Option<Result<&'a Answer, String>> {
        let answer = self.answers.answers.get(question)?;
        let known = self.questionnaires.question(question)?;
        let until = answer.until.unwrap_or_else(|| known.valid_for.after(answer.on));
        if until < self.as_of {
            return Some(Err(format!("the answer to {question} ran out on {until} and is left out")));
        }
        if answer.on > self.as_of {
            return Some(Err(format!("the answer to {question} was not given yet on {}", self.as_of)));
        }
        match self.answers.reviews.get(question).map(|review| &review.verdict) {
            Some(Verdict::Challenged | Verdict::Overruled(_)) => {
                Some(Err(format!("a reviewer does not accept the answer to {question}; it is left out")))
            }
            _ => Some(Ok(answer)),
        }
    }
}
