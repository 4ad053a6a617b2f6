//! Why a ledger cannot be read or written, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::yaml::{Document, Problem};

/// Why a ledger cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("cannot {doing} `{}`: {error}", .path.display())]
    Io { doing: &'static str, path: PathBuf, error: io::Error },
    #[error("`{}` holds no record; `seaworthy assess SUBJECT --record` begins a ledger", .0.display())]
    NoRecords(PathBuf),
    #[error("`{}` {what}; {help}", .path.display())]
    Broken { path: PathBuf, what: String, help: &'static str },
    #[error("`{}` cannot be read under its own questionnaires", .path.display())]
    Questionnaires { path: PathBuf, files: Vec<(Document, Vec<Problem>)> },
    #[error("another run writes to `{}`; try again when it has ended", .0.display())]
    Busy(PathBuf),
    #[error("the ledger in `{}` is of {ledger}, not of {subject}; name another folder with --record=DIR", .folder.display())]
    OtherSubject { folder: PathBuf, ledger: String, subject: String },
    #[error(
        "the latest record in `{}` is of {latest}, this assessment of {moment}; records are added in the order of their \
         time, so name another folder with --record=DIR",
        .folder.display()
    )]
    Earlier { folder: PathBuf, latest: DateTime<Utc>, moment: DateTime<Utc> },
    #[error("this assessment cannot be kept: {0}")]
    NotKept(String),
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// What to do about files that were changed.
pub(super) const RESTORE: &str = "`seaworthy verify` tells more; bring the file back from git or a backup";

impl LedgerError {
    pub(super) fn io(doing: &'static str, path: &Path, error: io::Error) -> Self {
        Self::Io { doing, path: path.to_owned(), error }
    }

    pub(super) fn broken(path: &Path, what: impl Into<String>) -> Self {
        Self::Broken { path: path.to_owned(), what: what.into(), help: RESTORE }
    }

    /// Whether it is the ledger that is wrong, not the machine.
    pub fn is_of_content(&self) -> bool {
        !matches!(self, Self::Io { .. } | Self::Busy(_) | Self::Json(_))
    }

    /// What is wrong, without the path and the help.
    pub(super) fn what(&self) -> String {
        match self {
            Self::Broken { what, .. } => what.clone(),
            Self::Io { doing, error, .. } => format!("cannot {doing} it: {error}"),
            other => other.to_string(),
        }
    }
}
