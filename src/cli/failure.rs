//! Why a run failed, and the exit status that says so.

use std::path::Path;

use super::output::Output;
use crate::questionnaire::LoadError;
use crate::yaml::{Document, Problem};

/// An error of the program or of input and output.
const ERROR: u8 = 1;
/// Wrong use, or an invalid input file.
pub(super) const WRONG_USE: u8 = 2;
/// The assessment was made, but does not reach what was required.
const NOT_REACHED: u8 = 3;
/// The subject could not be assessed.
const NOT_ASSESSED: u8 = 4;

/// Why a run failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// An error of the program or of input and output.
    Error(String),
    /// Wrong use, or an invalid input file.
    Invalid(String),
    /// Files with problems, to be shown beside their lines.
    Problems(Vec<(Document, Vec<Problem>)>),
    /// The assessment does not reach what was required.
    NotReached(String),
    /// The subject could not be assessed.
    NotAssessed(String),
}

impl Failure {
    /// Reading or writing a file went wrong.
    pub(super) fn io(doing: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::Error(format!("cannot {doing} `{}`: {error}", path.display()))
    }

    /// The exit status.
    pub(super) fn status(&self) -> u8 {
        match self {
            Self::Error(_) => ERROR,
            Self::Invalid(_) | Self::Problems(_) => WRONG_USE,
            Self::NotReached(_) => NOT_REACHED,
            Self::NotAssessed(_) => NOT_ASSESSED,
        }
    }

    /// Says what went wrong, on stderr.
    pub(super) fn show(&self, output: &Output) {
        match self {
            Self::Error(message) | Self::Invalid(message) | Self::NotReached(message) | Self::NotAssessed(message) => {
                output.error(message);
            }
            Self::Problems(files) => {
                for (document, problems) in files {
                    output.problems(document, problems);
                }
            }
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Invalid(files) => Self::Problems(files),
            LoadError::Io { .. } => Self::Error(error.to_string()),
            LoadError::TooMany { .. } => Self::Invalid(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Error(format!("cannot write JSON: {error}"))
    }
}
