//! Taking over what a project has declared, or had measured, elsewhere: Security Insights, the Best Practices Badge,
//! Scorecard, CLOMonitor, CNCF self-assessments, OSCAL assessment results, and Seaworthy's own records and answers.
//!
//! An import is pure: text in, [`Imported`] out. It knows questionnaires, which `collect` does not; that is why it stands
//! beside [`answers`](crate::answers). What it yields are proposals. Only a proposal that somebody takes becomes an answer,
//! and an answer that exists is never replaced ([`apply`]). Which field speaks for which question is data, in
//! `questionnaires/imports/`.

mod badge;
mod clomonitor;
mod cncf;
mod found;
mod gather;
mod insights;
mod mapping;
mod oscal;
mod own;
mod schema;
mod scorecard;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::answers::{Answer, Answers, Audit, Said};
use crate::questionnaire::Questionnaires;

#[cfg(test)]
pub(crate) use badge::demanded;
pub(crate) use badge::{Status, criterion as badge_criterion, requirements as badge_requirements};
pub use found::{Declarations, Found, declarations, found_in_repository};
pub(crate) use mapping::{Mapping, Rule, Test};
pub use schema::check as check_insights;
pub use write::answers_file;

/// A format that can be taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    SecurityInsights,
    BestPractices,
    Scorecard,
    Clomonitor,
    Cncf,
    Oscal,
    Seaworthy,
}

impl Format {
    /// The name on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::SecurityInsights => "security-insights",
            Self::BestPractices => "best-practices",
            Self::Scorecard => "scorecard",
            Self::Clomonitor => "clomonitor",
            Self::Cncf => "cncf",
            Self::Oscal => "oscal",
            Self::Seaworthy => "seaworthy",
        }
    }

    /// The name in sentences.
    pub fn title(self) -> &'static str {
        match self {
            Self::SecurityInsights => "Security Insights",
            Self::BestPractices => "OpenSSF Best Practices Badge",
            Self::Scorecard => "OpenSSF Scorecard",
            Self::Clomonitor => "CLOMonitor",
            Self::Cncf => "CNCF security self-assessment",
            Self::Oscal => "OSCAL assessment results",
            Self::Seaworthy => "Seaworthy",
        }
    }
}

/// How well what was declared fits the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// It speaks for the answer, and no more.
    Guess,
    /// It says nearly the same, or a part of it.
    Likely,
    /// The project itself says just what the question asks.
    Certain,
}

/// The confidences by their written names, from the best.
pub(crate) const CONFIDENCES: [(&str, Confidence); 3] =
    [("certain", Confidence::Certain), ("likely", Confidence::Likely), ("guess", Confidence::Guess)];

impl Confidence {
    pub fn word(self) -> &'static str {
        CONFIDENCES.iter().find(|(_, confidence)| *confidence == self).map_or("guess", |(word, _)| word)
    }
}

/// What is read, and what the person who imports says about it.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The file's name, or the address where it is published. It is named in every justification.
    pub name: &'a str,
    pub text: &'a str,
    /// The parent of a Security Insights file that names one: its name and text.
    pub parent: Option<(&'a str, &'a str)>,
    /// The day of the import. No declaration is dated later.
    pub today: NaiveDate,
    /// The day of the declarations, where the file does not tell it.
    pub on: Option<NaiveDate>,
    /// Who vouches for what is taken over; by default its source.
    pub by: Option<&'a str>,
    pub questionnaires: &'a Questionnaires,
}

/// A proposed answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Id of the question.
    pub question: String,
    /// The answer as it would stand in the answers file. Its justification names the source.
    pub answer: Answer,
    pub confidence: Confidence,
    /// Where it stands in the file: a field such as `project.vulnerability-reporting.policy`, or a JSON pointer.
    pub place: String,
}

/// Something that was read and yields no answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotTaken {
    pub place: String,
    pub why: String,
}

/// Something that is wrong in the file, at a field or JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    pub place: String,
    pub message: String,
}

/// A passage of a narrative assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narrative {
    /// Id of the section, such as `actors`; none where the outline has no such section.
    pub section: Option<String>,
    /// The heading as written.
    pub title: String,
    pub text: String,
    /// Line of the heading, counted from 1.
    pub line: usize,
}

/// What an import yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub format: Format,
    /// The name of what was read.
    pub name: String,
    /// What it is about, where it says so: `github.com/owner/name`.
    pub subject: Option<String>,
    /// The day that the file gives.
    pub dated: Option<NaiveDate>,
    /// At most one for each question, in the order of the questions.
    pub proposals: Vec<Proposal>,
    /// Audits that it tells of, by their id in a register.
    pub audits: Vec<(String, Audit)>,
    pub not_taken: Vec<NotTaken>,
    pub faults: Vec<Fault>,
    /// The passages of a narrative assessment.
    pub narratives: Vec<Narrative>,
    /// What the reader of the results should know.
    pub remarks: Vec<String>,
}

/// Why a file cannot be read as what it is said to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// Reads a file of a format.
///
/// # Errors
///
/// The text is too large, is no YAML or JSON where it should be, or is something else than the format.
pub fn import(format: Format, input: &Input<'_>) -> Result<Imported, Refused> {
    match format {
        Format::SecurityInsights => insights::import(input),
        Format::BestPractices => badge::import(input),
        Format::Scorecard => scorecard::import(input),
        Format::Clomonitor => clomonitor::import(input),
        Format::Cncf => cncf::import(input),
        Format::Oscal => oscal::import(input),
        Format::Seaworthy => own::import(input),
    }
}

/// What becomes of proposals in the light of answers that exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied<'p> {
    /// They become answers.
    pub taken: Vec<&'p Proposal>,
    /// They wait for a person's word.
    pub waiting: Vec<&'p Proposal>,
    /// A person has answered already, and says the same.
    pub agreeing: Vec<&'p Proposal>,
    /// A person has answered already, and says something else. The person's answer stays.
    pub differing: Vec<&'p Proposal>,
}

/// Sorts proposals: those of at least this confidence are taken, unless the question is answered already.
pub fn apply<'p>(proposals: &'p [Proposal], existing: &BTreeMap<String, Answer>, least: Confidence) -> Applied<'p> {
    let mut applied = Applied::default();
    for proposal in proposals {
        match existing.get(&proposal.question) {
            Some(answer) if answer.said == proposal.answer.said => applied.agreeing.push(proposal),
            Some(_) => applied.differing.push(proposal),
            None if proposal.confidence >= least => applied.taken.push(proposal),
            None => applied.waiting.push(proposal),
        }
    }
    applied
}

/// The answers of proposals, as an answers file would hold them.
pub fn as_answers<'p>(proposals: impl IntoIterator<Item = &'p Proposal>) -> Answers {
    let answers = proposals.into_iter().map(|proposal| (proposal.question.clone(), proposal.answer.clone())).collect();
    Answers { answers, ..Answers::default() }
}

/// The audits that a register does not hold yet, neither under their id nor by their report.
pub fn new_audits<'i>(imported: &'i Imported, register: &BTreeMap<String, Audit>) -> Vec<&'i (String, Audit)> {
    let same_report = |audit: &Audit, other: &Audit| audit.report.is_some() && audit.report == other.report;
    let is_new = |(id, audit): &&(String, Audit)| {
        !register.contains_key(id) && !register.values().any(|known| same_report(audit, known))
    };
    imported.audits.iter().filter(is_new).collect()
}

/// What is said, in words.
pub(crate) fn said_word(said: &Said) -> String {
    match said {
        Said::Value(value) => value.to_string(),
        Said::NotApplicable => "not applicable".to_owned(),
    }
}
