//! Renders an assessment for people.
//!
//! A [`View`] holds everything that a report shows, computed and in words. Templates turn it into HTML and Markdown; users
//! may bring their own. The summary for terminals and plain text is written by the program, for it has to fit a width.
//! All texts from outside are made harmless for the format in [`escape`].

mod changes;
mod engine;
mod error;
pub mod escape;
mod page;
#[cfg(test)]
mod sample;
mod summary;
mod view;

use std::path::Path;
use std::str::FromStr;

use crate::assess::record::Assessment;

pub use changes::{render_diff, summary_of_diff};
pub use error::ReportError;
pub use summary::{Terminal, summary};
pub use view::*;

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
}

impl Format {
    /// The names that [`Format::from_str`] reads, beside the endings of files.
    pub const NAMES: [&'static str; 4] = ["html", "markdown", "json", "text"];

    /// By the ending of a file's name: html, htm, md, markdown, json or txt. None for any other.
    pub fn of_file(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "html" | "htm" => Some(Self::Html),
            "md" | "markdown" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Json => "json",
            Self::Text => "text",
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
            _ => Err(ReportError::Format { given: escape::clean(name) }),
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
    }
}

/// The report by a template of the user's own, which gets a [`View`].
///
/// `name` is for error messages; `escaping` says as what the values are written. Errors name the template, line and column.
pub fn render_with(record: &Assessment, template: &str, name: &str, escaping: Format) -> Result<String, ReportError> {
    engine::run(&View::new(record), name, template, escaping)
}

#[cfg(test)]
mod tests;
