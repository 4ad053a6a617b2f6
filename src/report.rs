//! Renders an assessment for people.
//!
//! A [`View`] holds everything that a report shows, computed and in words. Templates turn it into HTML and Markdown; users
//! may bring their own. The summary for terminals and plain text is written by the program, for it has to fit a width.
//! All texts from outside are made harmless for the format in [`escape`].

mod calendar;
mod changes;
mod engine;
mod error;
pub mod escape;
pub(crate) mod exchange;
mod narrative;
mod page;
#[cfg(test)]
pub(crate) mod sample;
mod standing;
mod summary;
mod view;
mod yearly;

use std::ffi::OsStr;
use std::path::Path;
use std::str::FromStr;

use serde::Serialize;

use crate::assess::record::Assessment;

pub use calendar::calendar;
pub use changes::{render_diff, summary_of_diff};
pub use error::ReportError;
pub use exchange::Exchange;
pub use standing::summary_of_standing;
pub use summary::{Terminal, summary};
pub use view::*;
pub use yearly::{render_year, summary_of_year};

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One file, complete in itself, without scripts.
    Html,
    /// As GitHub shows it, for issues and wikis.
    Markdown,
    /// The record itself.
    Json,
    /// Plain text, 80 columns wide.
    Text,
    /// For other programs.
    Exchange(Exchange),
}

impl Format {
    /// The names that [`Format::from_str`] reads, beside the endings of files.
    pub fn names() -> Vec<&'static str> {
        let own = ["html", "markdown", "json", "text"];
        own.into_iter().chain(Exchange::ALL.map(Exchange::word)).collect()
    }

    /// By the ending of a file's name, such as `.html` or `.csv`, or by a format's name before an ending that it shares with
    /// others, such as `.oscal.json`. None where the name tells no format.
    pub fn of_file(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        let inner = path.file_stem().and_then(|stem| Path::new(stem).extension()).and_then(OsStr::to_str);
        let named = inner.and_then(|inner| Exchange::of_word(&inner.to_ascii_lowercase()));
        if let Some(format) = named.filter(|format| format.endings().contains(&ending.as_str())) {
            return Some(Self::Exchange(format));
        }
        match ending.as_str() {
            "html" | "htm" => Some(Self::Html),
            "md" | "markdown" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            "txt" => Some(Self::Text),
            other => Exchange::of_ending(other).map(Self::Exchange),
        }
    }

    /// Whether files of this format may end so.
    pub fn fits(self, path: &Path) -> bool {
        let ending = path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
        match self {
            Self::Exchange(format) => ending.is_some_and(|ending| format.endings().contains(&ending.as_str())),
            own => Self::of_file(path) == Some(own),
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Text => "text",
            Self::Exchange(format) => format.word(),
        }
    }
}

impl FromStr for Format {
    type Err = ReportError;

    /// A name or the ending of a file, in any case.
    fn from_str(name: &str) -> Result<Self, ReportError> {
        match name.to_ascii_lowercase().as_str() {
            "html" | "htm" => Ok(Self::Html),
            "markdown" | "md" => Ok(Self::Markdown),
            "json" => Ok(Self::Json),
            "text" | "txt" => Ok(Self::Text),
            other => match Exchange::of_word(other) {
                Some(format) => Ok(Self::Exchange(format)),
                None => Err(ReportError::Format { given: escape::clean(name) }),
            },
        }
    }
}

/// The report in a format, with a line break at the end.
pub fn render(record: &Assessment, format: Format) -> Result<String, ReportError> {
    match format {
        Format::Html => engine::run_built_in(&View::new(record), "report.html", format),
        Format::Markdown => engine::run_built_in(&View::new(record), "report.md", format),
        Format::Json => Ok(record.to_json()?),
        Format::Text => summary(record, &Terminal { verbose: true, ..Terminal::default() }),
        Format::Exchange(format) => exchange::render(record, format),
    }
}

/// The report by a template of the user's own, which gets a [`View`].
///
/// `name` is for error messages; `escaping` says as what the values are written. Errors name the template, line and column.
pub fn render_with(record: &Assessment, template: &str, name: &str, escaping: Format) -> Result<String, ReportError> {
    if let Format::Exchange(format) = escaping {
        return Err(ReportError::NoTemplate { format: format.word() });
    }
    engine::run(&View::new(record), name, template, escaping)
}

/// A document of the record in a format: what the model `id` asks for, such as `self-assessment`. `template` is one of the
/// user's own, with its name for error messages; it gets a [`View`] and the [`DocumentView`] as `document`.
pub fn render_document(
    record: &Assessment,
    id: &str,
    template: Option<(&str, &str)>,
    format: Format,
) -> Result<String, ReportError> {
    let view = View::new(record);
    let document = find(&view.documents, id)?;
    let page = Page { document, view: &view };
    match (template, format) {
        (_, Format::Json) => Ok(record.to_json()?),
        (Some((name, source)), _) => engine::run(&page, name, source, format),
        (None, Format::Html) => engine::run_built_in(&page, "document.html", format),
        (None, Format::Markdown) => engine::run_built_in(&page, "document.md", format),
        (None, Format::Text | Format::Exchange(_)) => Err(ReportError::DocumentFormat),
    }
}

/// A document by its id, or by `model/id`.
fn find<'v>(documents: &'v [DocumentView], id: &str) -> Result<&'v DocumentView, ReportError> {
    let is_meant = |document: &&DocumentView| document.id == id || format!("{}/{}", document.model, document.id) == id;
    let mut found = documents.iter().filter(is_meant);
    match (found.next(), found.next()) {
        (Some(document), None) => Ok(document),
        (Some(_), Some(_)) => Err(ReportError::AmbiguousDocument { given: escape::clean(id) }),
        (None, _) => Err(ReportError::Document {
            given: escape::clean(id),
            known: documents.iter().map(|document| document.id.clone()).collect(),
        }),
    }
}

/// What the template of a document gets.
#[derive(Serialize)]
struct Page<'v> {
    document: &'v DocumentView,
    #[serde(flatten)]
    view: &'v View,
}

#[cfg(test)]
mod tests;
