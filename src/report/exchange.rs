//! Assessments in the formats of other programs. Each is a pure function from the record to text.
//!
//! None of these formats has words for all that a finding says: on what it stands, how sure it is, who answered, until when
//! it holds, who waived it. [`facts`] says that in the same names everywhere, and each format puts them where it lets others
//! put things of their own. `docs/exchange-formats.md` has a table for each.
//!
//! A claim never becomes a fact here either: what is met by somebody's word alone passes nothing that a reader would take for
//! proof, and what is unknown neither passes nor fails.

mod badge;
mod facts;
mod gemara;
pub(crate) mod in_toto;
mod junit;
mod oscal;
mod sarif;
mod table;

use super::ReportError;
use crate::assess::record::Assessment;

/// A format of other programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// SARIF 2.1.0, as code scanning takes it.
    Sarif,
    /// OSCAL assessment results.
    Oscal,
    /// A Gemara evaluation log.
    Gemara,
    /// An in-toto statement of the levels that are verified, unsigned.
    InToto,
    /// A table of the findings, with commas, for spreadsheets.
    Csv,
    /// JUnit XML, as CI systems show test results.
    Junit,
    /// An SVG image of the level.
    Badge,
    /// JSON of which shields.io makes a badge.
    Shields,
}

impl Exchange {
    pub const ALL: [Self; 8] =
        [Self::Sarif, Self::Oscal, Self::Gemara, Self::InToto, Self::Csv, Self::Junit, Self::Badge, Self::Shields];

    /// The name on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sarif => "sarif",
            Self::Oscal => "oscal",
            Self::Gemara => "gemara",
            Self::InToto => "in-toto",
            Self::Csv => "csv",
            Self::Junit => "junit",
            Self::Badge => "badge",
            Self::Shields => "shields",
        }
    }

    /// The endings of files that hold this format; the first is its own where no other format has it too.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Sarif => &["sarif", "json"],
            Self::Oscal | Self::InToto | Self::Shields => &["json"],
            Self::Gemara => &["yaml", "yml"],
            Self::Csv => &["csv"],
            Self::Junit => &["xml"],
            Self::Badge => &["svg"],
        }
    }

    /// The format that an ending alone means. `.json` and `.yaml` mean none of these.
    pub(super) fn of_ending(ending: &str) -> Option<Self> {
        let shared = ["json", "yaml", "yml"];
        let is_own = |format: &Self| format.endings().contains(&ending) && !shared.contains(&ending);
        Self::ALL.into_iter().find(is_own)
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }
}

/// The record in a format, with a line break at the end.
pub(super) fn render(record: &Assessment, format: Exchange) -> Result<String, ReportError> {
    match format {
        Exchange::Sarif => sarif::render(record),
        Exchange::Oscal => oscal::render(record),
        Exchange::Gemara => gemara::render(record),
        Exchange::InToto => in_toto::render(record),
        Exchange::Csv => table::render(record),
        Exchange::Junit => junit::render(record),
        Exchange::Badge => badge::svg(record),
        Exchange::Shields => badge::shields(record),
    }
}

#[cfg(test)]
mod schema_tests;
#[cfg(test)]
mod tests;
