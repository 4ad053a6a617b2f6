//! Whether a ledger holds: every digest, the chain, and whether each record follows from what it was made of.

mod differences;
mod head;
mod record;

use std::path::Path;

use serde::Serialize;

use super::error::LedgerError;
use super::folder;
use super::objects::OBJECTS;
use super::seal::PublicKeys;
use record::Walk;

/// What is found, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A file is not as it was written.
    Changed,
    /// A file that a record names is not there.
    Missing,
    /// A record does not follow the one before it.
    Chain,
    /// A record stands under another name than its own.
    Misnamed,
    /// A record is of another subject than those before it.
    OtherSubject,
    /// A file that belongs to no ledger.
    Foreign,
    /// What a record was made of does not give it, although this version made it.
    NotDerived,
    /// This version comes to something else than the version that made the record.
    OtherEngine,
    /// A record was put together by something else than this program.
    NotOurs,
    /// A seal is not of its record, or a signature is not good.
    Seal,
    /// The newest record is not sealed by a key that was named.
    Unsealed,
    /// A key signed that is not among those that were named, beside one that is.
    OtherKey,
    /// A run that was ended from outside left something behind, or objects that no record names.
    LeftBehind,
    /// There is no head, so that records taken off the end are not found.
    NoHead,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Chain => "chain",
            Self::Misnamed => "misnamed",
            Self::OtherSubject => "other-subject",
            Self::Foreign => "foreign",
            Self::NotDerived => "not-derived",
            Self::OtherEngine => "other-engine",
            Self::NotOurs => "not-ours",
            Self::Seal => "seal",
            Self::Unsealed => "unsealed",
            Self::OtherKey => "other-key",
            Self::LeftBehind => "left-behind",
            Self::NoHead => "no-head",
        }
    }

    /// Whether it is one for those who want every record to be made again by this very version.
    pub fn is_fault_if_strict(self) -> bool {
        self.is_fault() || self == Self::OtherEngine
    }

    /// Whether a ledger with it does not hold.
    pub fn is_fault(self) -> bool {
        !matches!(self, Self::OtherEngine | Self::OtherKey | Self::LeftBehind | Self::NoHead)
    }
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Found {
    /// Path from the folder of the ledger.
    pub path: String,
    pub kind: Kind,
    /// What is so, as a sentence without its subject, such as `does not have the digest in its name`.
    pub what: String,
}

/// The outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    pub records: usize,
    /// Records that were made again, byte for byte.
    pub derived: usize,
    /// File of the newest record that is sealed by a key that was named. What stands before it is sealed with it.
    pub sealed_up_to: Option<String>,
    /// The digest of the newest record, which stands for all before it.
    pub latest: Option<String>,
    /// In the order of the files.
    pub found: Vec<Found>,
}

impl Verification {
    /// Whether the ledger holds.
    pub fn holds(&self) -> bool {
        !self.found.iter().any(|found| found.kind.is_fault())
    }
}

/// Verifies the ledger in a folder. The errors are those of a folder that is none; all else is found and named. Where keys
/// are named, the newest record must be sealed by one of them.
pub fn verify(ledger: &Path, keys: Option<&PublicKeys>) -> Result<Verification, LedgerError> {
    let listing = folder::list(ledger)?;
    if listing.records.is_empty() {
        return Err(LedgerError::NoRecords(ledger.to_owned()));
    }
    let mut walk = Walk::new(ledger, keys);
    for name in &listing.records {
        walk.record(*name);
    }
    walk.head(&listing);
    let (mut verification, used) = walk.end();
    let found = &mut verification.found;
    let mut tell = |path: String, kind: Kind, what: &str| found.push(Found { path, kind, what: what.to_owned() });
    for path in listing.foreign {
        tell(path, Kind::Foreign, "is nothing that a ledger has; take it away");
    }
    for path in listing.left_behind {
        tell(path, Kind::LeftBehind, "was left behind by a run that was ended; the next `--record` removes it");
    }
    if let (Some(_), Some(newest)) = (keys, listing.records.last())
        && verification.sealed_up_to.as_ref() != Some(&newest.file())
    {
        let what = match &verification.sealed_up_to {
            Some(file) => format!("is not sealed by these keys, {file} is"),
            None => "is not sealed by these keys, and no record before it is".to_owned(),
        };
        verification.found.push(Found { path: newest.file(), kind: Kind::Unsealed, what });
    }
    let found = &mut verification.found;
    let mut tell = |path: String, kind: Kind, what: &str| found.push(Found { path, kind, what: what.to_owned() });
    for seal in listing.seals.iter().filter(|seal| !listing.records.contains(seal)) {
        tell(seal.seal_file(), Kind::Missing, "seals a record that is not there");
    }
    for (object, file) in listing.objects {
        if !used.contains(&object) {
            tell(format!("{OBJECTS}/{file}"), Kind::LeftBehind, "is named by no record");
        }
    }
    verification.found.sort();
    Ok(verification)
}
