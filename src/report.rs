//! Rendering an assessment for people.

use crate::assess::record::Assessment;

/// A format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Html,
    Markdown,
    Json,
    Text,
}

/// Where a summary is printed.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    pub width: usize,
    pub colour: bool,
    pub unicode: bool,
    pub verbose: bool,
}

/// Why a report could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

pub fn render(record: &Assessment, _format: Format) -> Result<String, ReportError> {
    Ok(record.to_json()?)
}

pub fn render_with(record: &Assessment, _template: &str, _name: &str, format: Format) -> Result<String, ReportError> {
    render(record, format)
}

pub fn summary(record: &Assessment, _terminal: &Terminal) -> Result<String, ReportError> {
    let mut text = format!("{}\n", record.subject.id);
    for model in &record.models {
        text.push_str(&format!("{} {:?}\n", model.title, model.maturity));
        for finding in &model.findings {
            let reason = finding.reasons.first().map_or("", |reason| reason.text.as_str());
            text.push_str(&format!(
                "{} {} {} {}\n",
                finding.requirement,
                finding.outcome.word(),
                finding.basis.word(),
                reason
            ));
        }
    }
    Ok(text)
}
