//! What the formats of others have no words for, under the same names in all of them. All values are clean text.

use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, Utc};

use crate::assess::record::{Assessment, Finding, ModelResult, Outcome, QuestionResult, WaiverShown};
use crate::report::ReportError;
use crate::report::escape::clean;

/// A name and its value.
pub(super) type Fact = (&'static str, String);

/// The strongest reading in which a finding counts as met, or as one that does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Verified,
    /// By somebody's word, or a sign.
    Claimed,
    /// It is not disproved.
    Possible,
    None,
}

impl Reading {
    pub(super) fn of(finding: &Finding) -> Self {
        match finding.outcome {
            Outcome::Met | Outcome::NotApplicable if finding.verified => Self::Verified,
            Outcome::Met | Outcome::NotApplicable => Self::Claimed,
            Outcome::Partly | Outcome::Unmet | Outcome::Unknown if finding.possible => Self::Possible,
            Outcome::Partly | Outcome::Unmet | Outcome::Unknown => Self::None,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Claimed => "claimed",
            Self::Possible => "possible",
            Self::None => "none",
        }
    }
}

/// The waiver of a finding, while it holds.
pub(super) fn waiver(finding: &Finding) -> Option<&WaiverShown> {
    finding.waiver.as_ref().filter(|waiver| !waiver.ended)
}

/// The questions that decide a finding.
pub(super) fn deciding<'r>(finding: &'r Finding, record: &'r Assessment) -> impl Iterator<Item = &'r QuestionResult> {
    finding.decided_by.iter().filter_map(|id| record.question(id))
}

/// What a finding says beside its requirement and its texts.
pub(super) fn of_finding(finding: &Finding, record: &Assessment) -> Vec<Fact> {
    let mut facts = vec![
        ("outcome", finding.outcome.word().to_owned()),
        ("basis", finding.basis.word().to_owned()),
        ("certainty", finding.certainty.word().to_owned()),
        ("reading", Reading::of(finding).word().to_owned()),
        ("area", clean(&finding.area)),
        ("levels", joined(finding.levels.iter().map(ToString::to_string))),
        ("questions", joined(finding.questions.iter().map(|id| clean(id)))),
        ("answered-by", joined(deciding(finding, record).filter_map(answered_by))),
        ("reviewed-by", joined(deciding(finding, record).filter_map(reviewed_by))),
        ("valid-until", finding.valid_until.map_or_else(String::new, |day| day.to_string())),
    ];
    if let Some(waiver) = &finding.waiver {
        facts.push(("waived-by", clean(&waiver.by)));
        facts.push(("waived-until", waiver.until.to_string()));
        facts.push(("waived-because", clean(&waiver.reason)));
    }
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

/// What a model's result says beside its findings.
pub(super) fn of_model(model: &ModelResult) -> Vec<Fact> {
    let maturity = model.maturity;
    let mut facts = vec![
        ("model", clean(&model.id)),
        ("model-version", clean(&model.version)),
        ("model-digest", clean(&model.digest)),
        ("scoring", clean(&model.scoring)),
        ("requirements-judged", model.coverage.judged.to_string()),
        ("requirements", model.coverage.total.to_string()),
    ];
    if maturity.highest > 0 {
        facts.push(("level-verified", maturity.verified.to_string()));
        facts.push(("level-claimed", maturity.claimed.to_string()));
        facts.push(("level-possible", maturity.possible.to_string()));
        facts.push(("level-highest", maturity.highest.to_string()));
    }
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

/// What the record says of where it comes from.
pub(super) fn of_record(record: &Assessment) -> Vec<Fact> {
    let inputs = &record.inputs;
    let mut facts = vec![
        ("subject", clean(&record.subject.id)),
        ("commit", record.subject.commit.as_deref().map(clean).unwrap_or_default()),
        ("as-of", record.as_of.to_string()),
        ("access", inputs.evidence.access.word().to_owned()),
        ("record-digest", clean(&record.digest)),
        ("evidence-digest", clean(&inputs.evidence.digest)),
        ("answers-digest", inputs.answers.as_ref().map(|answers| clean(&answers.digest)).unwrap_or_default()),
        ("questionnaires-digest", clean(&inputs.questionnaires.digest)),
        ("engine", engine(record)),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

/// Name and version of the program that made the record.
pub(super) fn engine(record: &Assessment) -> String {
    clean(&format!("{} {}", record.engine.name, record.engine.version))
}

fn answered_by(question: &QuestionResult) -> Option<String> {
    question.answer.as_ref().map(|answer| format!("{} on {}", clean(&answer.by), answer.on))
}

fn reviewed_by(question: &QuestionResult) -> Option<String> {
    let review = question.review.as_ref().filter(|review| review.counts)?;
    Some(format!("{} on {}: {}", clean(&review.by), review.on, clean(&review.verdict)))
}

/// Texts with a comma between, each once.
pub(super) fn joined(texts: impl Iterator<Item = String>) -> String {
    let mut kept: Vec<String> = Vec::new();
    for text in texts {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept.join(", ")
}

/// The reasons of a finding as one text.
pub(super) fn reasons(finding: &Finding) -> String {
    finding.reasons.iter().map(|reason| clean(&reason.text)).collect::<Vec<_>>().join("; ")
}

/// In a sentence, what a finding comes to and on what it stands: `Met, not proved: the maintainers say so. REASONS`.
pub(super) fn sentence(finding: &Finding) -> String {
    use crate::report::view::words::{basis_meaning, outcome_words};
    let title = outcome_words(finding.outcome, finding.verified).title;
    let reasons = reasons(finding);
    clean(&format!("{title}. {} {reasons}", basis_meaning(finding.basis)))
}

/// The years that all formats can write.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

/// A point in time: `2026-11-24T10:12:13Z`.
///
/// # Errors
///
/// The year is one that the formats cannot write.
pub(super) fn instant(time: DateTime<Utc>) -> Result<String, ReportError> {
    if YEARS.contains(&time.year()) {
        return Ok(time.to_rfc3339_opts(SecondsFormat::Secs, true));
    }
    Err(ReportError::Unfit { reason: format!("the record is of the year {}", time.year()) })
}

/// The beginning of a day in UTC; none where the formats cannot write the year.
pub(super) fn begin_of(day: NaiveDate) -> Option<String> {
    YEARS.contains(&day.year()).then(|| format!("{day}T00:00:00Z"))
}

/// The last second of a day in UTC; none where the formats cannot write the year.
pub(super) fn end_of(day: NaiveDate) -> Option<String> {
    YEARS.contains(&day.year()).then(|| format!("{day}T23:59:59Z"))
}
