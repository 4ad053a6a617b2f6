//! What a year brought: the ledger of a subject from the last assessment before the year to the last one in it.
//!
//! Pure: everything comes from the records and from what they were made of. What was achieved and what slipped is what
//! [`crate::diff`] says of the two assessments, so that a token that saw more never looks like progress.

mod figures;
mod goals;
#[cfg(test)]
mod tests;
mod trend;

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use schemars::JsonSchema;
use serde::Serialize;

use crate::assess::record::Assessment;
use crate::diff::Diff;
use crate::evidence::{Evidence, Subject};
use crate::questionnaire::Exact;

pub use figures::{Figure, FigureGroup};
pub use goals::Goal;
pub use trend::{Point, Trend, Unit};

/// The schema that a written year names.
pub const YEAR_SCHEMA: &str = "seaworthy.year/1";

/// What maintainers aim at: by model, then by part of it.
pub type Targets = BTreeMap<String, BTreeMap<String, Exact>>;

/// An assessment of the ledger, with what it was made of.
#[derive(Clone, Debug)]
pub struct Moment {
    pub record: Assessment,
    pub evidence: Evidence,
    pub targets: Targets,
}

/// Why there is no year to tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum YearError {
    #[error("no assessment of the ledger is of {year}; the last one before is of {last}")]
    Nothing { year: i32, last: NaiveDate },
    #[error("no assessment of the ledger is of {0} or before")]
    TooEarly(i32),
}

/// A year of a subject.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Year {
    /// `seaworthy.year/1`
    pub schema: String,
    pub subject: Subject,
    pub year: i32,
    /// The day of the assessment that the year is measured against; none where there is only one.
    pub from: Option<NaiveDate>,
    /// The day of the last assessment of the year.
    pub to: NaiveDate,
    /// The assessments of the year.
    pub assessments: usize,
    /// The digest of the last record.
    pub digest: String,
    pub trends: Vec<Trend>,
    /// What changed from the one to the other.
    pub diff: Option<Diff>,
    /// Answers that have run out by the end of the year: question and the day until which it held.
    pub expired: Vec<Expired>,
    pub figures: Vec<FigureGroup>,
    /// What was aimed at before the year, and what came of it.
    pub goals: Vec<Goal>,
    /// What is aimed at now.
    pub next_goals: Vec<Goal>,
    pub next_steps: Vec<Next>,
    pub reviewers: Vec<Reviewer>,
}

/// An answer that no longer counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Expired {
    pub question: String,
    pub ask: String,
    pub until: NaiveDate,
}

/// Something to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Next {
    pub model: String,
    pub ask: String,
    pub how: String,
    pub requirements: Vec<String>,
}

/// Somebody who looked at answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reviewer {
    pub by: String,
    /// none, soft or hard; the gravest that was stated.
    pub conflict: String,
    pub accepted: usize,
    pub challenged: usize,
    pub overruled: usize,
    /// How many of the reviews count.
    pub counting: usize,
}

/// How many next steps of a model are told.
const STEPS: usize = 5;

impl Year {
    /// Tells the year. The moments stand in the order of their days.
    pub fn of(year: i32, moments: &[Moment]) -> Result<Self, YearError> {
        let until: Vec<&Moment> = moments.iter().filter(|moment| moment.record.as_of.year() <= year).collect();
        let Some(last) = until.last().copied() else { return Err(YearError::TooEarly(year)) };
        let inside = until.iter().filter(|moment| moment.record.as_of.year() == year).count();
        if inside == 0 {
            return Err(YearError::Nothing { year, last: last.record.as_of });
        }
        let before = until.iter().rev().find(|moment| moment.record.as_of.year() < year).copied();
        let first = before.or_else(|| until.first().copied().filter(|_| until.len() > 1));
        let diff = first
            .and_then(|first| Diff::between(&first.record, &last.record, Some((&first.evidence, &last.evidence))).ok());
        Ok(Self {
            schema: YEAR_SCHEMA.to_owned(),
            subject: last.record.subject.clone(),
            year,
            from: first.map(|first| first.record.as_of),
            to: last.record.as_of,
            assessments: inside,
            digest: last.record.digest.clone(),
            trends: trend::trends(&until, last),
            diff,
            expired: expired(&last.record),
            figures: figures::groups(first.map(|first| &first.evidence), &last.evidence),
            goals: first.map(|first| goals::goals(&first.targets, &last.record)).unwrap_or_default(),
            next_goals: goals::goals(&last.targets, &last.record),
            next_steps: next_steps(&last.record),
            reviewers: reviewers(&last.record),
        })
    }
}

fn expired(record: &Assessment) -> Vec<Expired> {
    let lapsed = |question: &crate::assess::record::QuestionResult| {
        let answer = question.answer.as_ref().filter(|answer| answer.lapsed)?;
        Some(Expired { question: question.id.clone(), ask: question.ask.clone(), until: answer.until })
    };
    record.questions.iter().filter_map(lapsed).collect()
}

fn next_steps(record: &Assessment) -> Vec<Next> {
    let of = |model: &crate::assess::record::ModelResult| {
        let title = model.title.clone();
        let steps = model.next_steps.iter().take(STEPS).map(move |step| Next {
            model: title.clone(),
            ask: step.ask.clone(),
            how: step.how.clone(),
            requirements: step.requirements.clone(),
        });
        steps.collect::<Vec<_>>()
    };
    record.models.iter().flat_map(of).collect()
}

fn reviewers(record: &Assessment) -> Vec<Reviewer> {
    let mut reviewers: BTreeMap<&str, Reviewer> = BTreeMap::new();
    for review in record.questions.iter().filter_map(|question| question.review.as_ref()) {
        let reviewer = reviewers.entry(&review.by).or_insert_with(|| Reviewer {
            by: review.by.clone(),
            conflict: "none".to_owned(),
            accepted: 0,
            challenged: 0,
            overruled: 0,
            counting: 0,
        });
        if gravity(&review.conflict) > gravity(&reviewer.conflict) {
            reviewer.conflict.clone_from(&review.conflict);
        }
        reviewer.counting += usize::from(review.counts);
        match review.verdict.as_str() {
            "accepted" => reviewer.accepted += 1,
            "challenged" => reviewer.challenged += 1,
            _ => reviewer.overruled += 1,
        }
    }
    reviewers.into_values().collect()
}

/// How grave a stated conflict of interest is.
fn gravity(conflict: &str) -> u8 {
    match conflict {
        "hard" => 2,
        "soft" => 1,
        _ => 0,
    }
}
