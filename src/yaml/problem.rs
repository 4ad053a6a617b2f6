//! Problems in files that people write, and how they are shown.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;

/// A file that a person wrote: its name as shown, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    name: String,
    text: String,
}

impl Document {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a byte, both counted from 1, the column in characters.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        self.lines().position(byte)
    }

    /// Where its lines begin, for those who ask for many positions.
    pub fn lines(&self) -> Lines<'_> {
        let newlines = self.text.match_indices('\n').map(|(at, _)| at).collect();
        Lines { text: &self.text, newlines }
    }
}

/// The lines of a document.
pub struct Lines<'d> {
    text: &'d str,
    newlines: Vec<usize>,
}

impl Lines<'_> {
    /// Line and column of a byte, both counted from 1, the column in characters.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let byte = byte.min(self.text.len());
        let line = self.newlines.partition_point(|newline| *newline < byte);
        let start = line.checked_sub(1).and_then(|before| self.newlines.get(before)).map_or(0, |newline| newline + 1);
        let column = self.text.get(start..byte).unwrap_or("").chars().count();
        (line + 1, column + 1)
    }
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Warning,
    /// The file cannot be used.
    Error,
}

/// Something wrong at a place of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub message: String,
    /// Bytes of the document.
    pub span: Range<usize>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    pub fn error(message: impl Into<String>, span: Range<usize>) -> Self {
        Self { severity: Severity::Error, message: message.into(), span, help: None }
    }

    pub fn warning(message: impl Into<String>, span: Range<usize>) -> Self {
        Self { severity: Severity::Warning, message: message.into(), span, help: None }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The problem beside the lines that it is about.
    pub fn render(&self, document: &Document, colour: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let text = shown(document.text());
        let mut group = level.primary_title(self.message.as_str()).element(
            Snippet::source(text.as_str())
                .path(document.name())
                .annotation(AnnotationKind::Primary.span(visible(&self.span, &text))),
        );
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

/// The text without characters that would steer a terminal. One byte for one, so that spans hold.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_control() && c != '\n' && c != '\t' { '?' } else { c }).collect()
}

/// A span of whole characters, on its first line, at least one character wide where there is one.
fn visible(span: &Range<usize>, text: &str) -> Range<usize> {
    let boundary = |mut byte: usize| {
        byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    };
    let start = boundary(span.start);
    let line_end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| start + length);
    let next = text.get(start..).and_then(|rest| rest.chars().next()).map_or(start, |c| start + c.len_utf8());
    start..boundary(span.end).clamp(next.min(line_end), line_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_shown_at_its_line() {
        let document = Document::new("answers.yaml", "schema: x\nanswers:\n  access.mfa:\n    valeu: yes\n");
        let problem = Problem::error("unknown field `valeu`", 37..42).help("did you mean `value`?");
        insta::assert_snapshot!(problem.render(&document, false), @r"
        error: unknown field `valeu`
         --> answers.yaml:4:5
          |
        4 |     valeu: yes
          |     ^^^^^
          |
          = help: did you mean `value`?
        ");
    }

    #[test]
    fn odd_spans_and_escapes_do_no_harm() {
        let document = Document::new("x", "a: \u{1b}[31mé\n\nb");
        for start in 0..20 {
            for length in [0, 1, 7, 100] {
                let shown = Problem::error("m", start..start + length).render(&document, false);
                assert!(!shown.contains('\u{1b}'));
            }
        }
    }
}
