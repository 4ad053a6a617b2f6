//! Why a report could not be made, with the place in the template.

use std::error::Error as _;
use std::fmt::Write as _;

use super::Format;
use super::escape::clean;

/// The most characters of a template's line that an error shows.
const LONGEST_LINE: usize = 160;

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// `excerpt` is the line of the template with a mark under the place, or empty.
    #[error("template {name}, line {line}, column {column}: {reason}{excerpt}")]
    Template { name: String, line: usize, column: usize, reason: String, excerpt: String },
    #[error("the record can't be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("`{given}` is no format of reports; there are {}", Format::names().join(", "))]
    Format { given: String },
    /// The record holds what the format has no place for, or lacks what it needs.
    #[error("the record cannot be written in this format: {reason}")]
    Unfit { reason: String },
    #[error("a template writes html, markdown, json or text, not {format}")]
    NoTemplate { format: &'static str },
    /// `known` are the documents of the record.
    #[error("the record holds no document `{given}`; {}", documents(.known))]
    Document { given: String, known: Vec<String> },
    #[error("several models have a document `{given}`; write it as MODEL/{given}")]
    AmbiguousDocument { given: String },
    #[error("a document is written as .md or .html")]
    DocumentFormat,
}

fn documents(known: &[String]) -> String {
    match known {
        [] => "none of its models has documents: assess under one that has, such as cncf-self-assessment".to_owned(),
        known => format!("there are: {}", known.join(", ")),
    }
}

impl ReportError {
    /// From an error of the template engine. `source` is the template that was run; an error in a template that it
    /// includes carries its own.
    pub(super) fn template(name: &str, source: &str, error: &minijinja::Error) -> Self {
        let inner = innermost(error);
        let source = inner.template_source().unwrap_or(source);
        let line = inner.line().unwrap_or(1);
        let text = source.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        let place = place(source, inner, line);
        Self::Template {
            name: clean(inner.name().unwrap_or(name)),
            line,
            column: place.column,
            reason: reason(inner),
            excerpt: excerpt(text, line, &place),
        }
    }
}

/// The error of an included template stands behind the one of the include.
fn innermost(error: &minijinja::Error) -> &minijinja::Error {
    let mut innermost = error;
    while let Some(source) = innermost.source().and_then(|source| source.downcast_ref::<minijinja::Error>()) {
        innermost = source;
    }
    innermost
}

fn reason(error: &minijinja::Error) -> String {
    if error.kind() == minijinja::ErrorKind::OutOfFuel {
        return "it does too much: the limit of work or text for a template is reached".to_owned();
    }
    match error.detail() {
        Some(detail) => clean(&format!("{}: {detail}", error.kind())),
        None => error.kind().to_string(),
    }
}

/// Where in its line an error is.
struct Place {
    /// Counted in characters from 1.
    column: usize,
    /// Characters to mark.
    width: usize,
}

fn place(source: &str, error: &minijinja::Error, line: usize) -> Place {
    let start_of_line: usize = source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let Some((range, before)) =
        error.range().and_then(|range| Some((range.clone(), source.get(start_of_line..range.start)?)))
    else {
        return Place { column: 1, width: 1 };
    };
    let marked = source.get(range).and_then(|text| text.lines().next()).unwrap_or_default();
    Place { column: before.chars().count() + 1, width: marked.chars().count().max(1) }
}

/// The line with a mark under the place, as rustc shows it.
fn excerpt(text: &str, line: usize, place: &Place) -> String {
    let shown: String =
        text.chars().take(LONGEST_LINE).map(|character| if character.is_control() { ' ' } else { character }).collect();
    let mut excerpt = format!("\n{line} | {shown}");
    if place.column <= LONGEST_LINE {
        let gutter = " ".repeat(line.to_string().len());
        let width = place.width.min(LONGEST_LINE.saturating_sub(place.column) + 1);
        let _ = write!(excerpt, "\n{gutter} | {}{}", " ".repeat(place.column - 1), "^".repeat(width));
    }
    excerpt
}
