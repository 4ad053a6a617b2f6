//! The assessments of a subject over time: a folder that is committed to git and read in ten years.
//!
//! A record is a file named by its moment (`2026-11-24T101500Z.json`). What it was made of lies beside it as objects, each
//! named by the digest of its own bytes, so that `sha256sum` checks it without this program: the evidence, the answers as
//! they were, and each questionnaire file, once for all records that use it. Each record names the digest of the one
//! before, and `head.json` that of the newest. Nothing here knows the network or the clock.

mod append;
mod entry;
mod error;
mod folder;
mod head;
mod inputs;
mod layout;
mod name;
mod objects;
pub mod rejudge;
pub mod seal;
pub mod verify;

use std::path::{Path, PathBuf};

pub use append::{Appended, Recording, append};
pub use entry::{Entry, Opened};
pub use error::LedgerError;
pub use inputs::Inputs;

/// Where a checkout keeps its ledger, from its root.
pub const LEDGER_PATH: &str = ".seaworthy/assessments";

/// A ledger that can be read. Its records are in order; whether they hold is told by [`verify::verify`].
#[derive(Clone, Debug)]
pub struct Ledger {
    folder: PathBuf,
    entries: Vec<Entry>,
}

impl Ledger {
    /// Opens the ledger in a folder. Each record is looked into; what it was made of is read when it is asked for.
    pub fn open(folder: &Path) -> Result<Self, LedgerError> {
        let listing = folder::list(folder)?;
        if listing.records.is_empty() {
            return Err(LedgerError::NoRecords(folder.to_owned()));
        }
        let entries = listing.records.into_iter().map(|name| Entry::open(folder, name)).collect::<Result<_, _>>()?;
        Ok(Self { folder: folder.to_owned(), entries })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The entries, the oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The records that are asked for with what they were made of, the oldest first; each file is read once.
    pub fn read(&self, wanted: impl Fn(&Entry) -> bool) -> Result<Vec<Opened>, LedgerError> {
        let mut questionnaires = None;
        self.entries.iter().filter(|entry| wanted(entry)).map(|entry| entry.opened(&mut questionnaires)).collect()
    }

    /// The newest entry.
    pub fn latest(&self) -> Option<&Entry> {
        self.entries.last()
    }
}
