//! Findings as a table with commas between: one row for each requirement of each model.

use csv::{QuoteStyle, WriterBuilder};

use super::facts::{self, Reading};
use crate::assess::record::{Assessment, Finding, ModelResult};
use crate::report::ReportError;
use crate::report::escape::{cell, web_link};

const COLUMNS: [&str; 23] = [
    "subject",
    "commit",
    "as_of",
    "model",
    "model_version",
    "requirement",
    "area",
    "levels",
    "demands",
    "outcome",
    "basis",
    "certainty",
    "reading",
    "reasons",
    "links",
    "questions",
    "answered_by",
    "reviewed_by",
    "valid_until",
    "waived_until",
    "waived_by",
    "next",
    "record_digest",
];

/// The table, with its head. Every cell is quoted, and none begins as a formula does.
pub(super) fn render(record: &Assessment) -> Result<String, ReportError> {
    let mut writer = WriterBuilder::new().quote_style(QuoteStyle::Always).from_writer(Vec::new());
    let unfit = |error: csv::Error| ReportError::Unfit { reason: error.to_string() };
    writer.write_record(COLUMNS).map_err(unfit)?;
    for model in &record.models {
        for finding in &model.findings {
            writer.write_record(row(record, model, finding)).map_err(unfit)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| ReportError::Unfit { reason: error.to_string() })?;
    String::from_utf8(bytes).map_err(|error| ReportError::Unfit { reason: error.to_string() })
}

fn row(record: &Assessment, model: &ModelResult, finding: &Finding) -> [String; 23] {
    let facts = facts::of_finding(finding, record);
    let fact = |name: &str| facts.iter().find(|fact| fact.0 == name).map_or(String::new(), |fact| fact.1.clone());
    let links = finding.reasons.iter().filter_map(|reason| reason.link.as_deref().and_then(web_link));
    [
        record.subject.id.clone(),
        record.subject.commit.clone().unwrap_or_default(),
        record.as_of.to_string(),
        model.id.clone(),
        model.version.clone(),
        finding.requirement.clone(),
        finding.area.clone(),
        fact("levels"),
        finding.demands.clone(),
        finding.outcome.word().to_owned(),
        finding.basis.word().to_owned(),
        finding.certainty.word().to_owned(),
        Reading::of(finding).word().to_owned(),
        facts::reasons(finding),
        links.collect::<Vec<_>>().join(" "),
        fact("questions"),
        fact("answered-by"),
        fact("reviewed-by"),
        fact("valid-until"),
        fact("waived-until"),
        fact("waived-by"),
        finding.next.clone().unwrap_or_default(),
        record.digest.clone(),
    ]
    .map(|text| cell(&text))
}
