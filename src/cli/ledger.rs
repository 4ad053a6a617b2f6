//! Which folder holds the ledger that a run is about, and what its errors come to.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::subject::Subject;
use crate::collect::checkout;
use crate::ledger::{LEDGER_PATH, LedgerError};

/// The folder that is read: as named, or that of a checkout.
pub(super) fn folder(named: Option<&str>) -> Result<PathBuf, Failure> {
    let named = named.unwrap_or(".");
    match Subject::parse(named) {
        Subject::GitHub(_) => {
            Err(Failure::Invalid(format!("the ledger of `{named}` lies where --record put it; name that folder")))
        }
        Subject::Checkout(path) => {
            if path.join("objects").is_dir() {
                return Ok(path);
            }
            match of_checkout(&path)? {
                Some(ledger) if ledger.is_dir() => Ok(ledger),
                Some(ledger) if path.join(".git").exists() || named == "." => Ok(ledger),
                _ => Ok(path),
            }
        }
    }
}

/// The folder that `--record` writes to.
pub(super) fn folder_to_write(named: Option<&Path>, subject: Option<&str>) -> Result<PathBuf, Failure> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let own = match subject.map(Subject::parse) {
        Some(Subject::Checkout(path)) => of_checkout(&path)?,
        Some(Subject::GitHub(_)) | None => None,
    };
    own.ok_or_else(|| {
        Failure::Invalid("only a checkout has a ledger of its own; name the folder with --record=DIR".to_owned())
    })
}

/// The ledger of the checkout that holds a path. Links could lead out of it to the reader's own files, so that none is
/// followed.
fn of_checkout(path: &Path) -> Result<Option<PathBuf>, Failure> {
    let Some(root) = checkout::root(path) else { return Ok(None) };
    let mut folder = root;
    for part in LEDGER_PATH.split('/') {
        folder.push(part);
        if folder.symlink_metadata().is_ok_and(|metadata| !metadata.is_dir()) {
            return Err(Failure::Invalid(format!(
                "`{}` is no folder of the checkout itself; name the ledger's folder instead",
                folder.display()
            )));
        }
    }
    Ok(Some(folder))
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Questionnaires { files, .. } => Self::Problems(files),
            error if error.is_of_content() => Self::Invalid(error.to_string()),
            error => Self::Error(error.to_string()),
        }
    }
}
