//! The head of a ledger: which record is the newest, and how the seals stand. A chain alone cannot tell that its last links
//! were taken off.
//!
//! The head is written after what it names, so that it may be one record behind where a run was ended in between; it never
//! names what is not there. Ledgers without a head are read all the same.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::LedgerError;
use super::folder::Listing;
use super::layout;
use super::name::Name;
use super::objects::read_file;
use super::seal::MAX_SEAL;
use crate::disk;

/// The file of the head, in the folder of the ledger.
pub(super) const HEAD: &str = "head.json";
const SCHEMA: &str = "seaworthy.ledger-head/1";
/// The largest head, in bytes: enough for a seal of each file that a folder may hold.
const MAX_HEAD: u64 = 4 * 1024 * 1024;

/// The head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    schema: String,
    /// How many records there are.
    pub(super) records: usize,
    /// File of the newest record.
    pub(super) newest: String,
    /// The digest that the newest record names as its own.
    pub(super) record: String,
    /// Files of seals, with the digests of their bytes.
    pub(super) seals: BTreeMap<String, String>,
    /// The digest of all of this as compact JSON, with an empty `digest`.
    digest: String,
}

impl Head {
    /// Reads the head of a ledger. None where it has none.
    pub(super) fn read(ledger: &Path) -> Result<Option<Self>, LedgerError> {
        let path = ledger.join(HEAD);
        if path.symlink_metadata().is_err() {
            return Ok(None);
        }
        let text = String::from_utf8(read_file(&path, MAX_HEAD)?)
            .map_err(|_| LedgerError::broken(&path, "is no text in UTF-8"))?;
        let head: Self = serde_json::from_str(&text)
            .map_err(|error| LedgerError::broken(&path, format!("is no head of a ledger: {error}")))?;
        if head.schema != SCHEMA {
            let what = format!("has the schema `{}`, this program reads `{SCHEMA}`", head.schema.escape_debug());
            return Err(LedgerError::Broken { path, what, help: "a newer version of Seaworthy may read it" });
        }
        if layout::digest_of_record(&text, &head.digest).as_ref() != Some(&head.digest)
            || head.to_json().ok().as_ref() != Some(&text)
        {
            return Err(LedgerError::broken(&path, "does not have the digest that it names: it was changed"));
        }
        Ok(Some(head))
    }

    fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The same with the digest that it must name.
    fn with_digest(mut self) -> Result<Self, LedgerError> {
        self.digest.clear();
        self.digest = layout::digest(&serde_json::to_vec(&self)?);
        Ok(self)
    }

    /// Where its newest record stands among those that there are. None where that one is gone.
    pub(super) fn place(&self, records: &[Name]) -> Option<usize> {
        records.iter().position(|name| name.file() == self.newest)
    }

    /// Whether nothing that it names is gone, so that the ledger may be continued.
    pub(super) fn check(&self, ledger: &Path, listing: &Listing, digest: Option<&str>) -> Result<(), LedgerError> {
        let gone = || {
            let what =
                format!("names {} as the newest record, which is not there as it was", self.newest.escape_debug());
            LedgerError::broken(&ledger.join(HEAD), what)
        };
        let place = self.place(&listing.records).ok_or_else(gone)?;
        let is_last = place + 1 == listing.records.len();
        if place + 1 != self.records || (is_last && digest != Some(self.record.as_str())) {
            return Err(gone());
        }
        Ok(())
    }
}

/// Writes the head of a ledger as it stands: with this record as the newest, and with the seals that there are. Of seals that
/// the head named before the digest stays, so that a change of them is not lost; `renewed` is one that was written now.
pub(super) fn write(ledger: &Path, newest: (Name, &str), renewed: Option<Name>) -> Result<(), LedgerError> {
    let listing = super::folder::list(ledger)?;
    let before = Head::read(ledger)?;
    let mut seals = before.as_ref().map(|head| head.seals.clone()).unwrap_or_default();
    if let Some(name) = renewed {
        seals.remove(&name.seal_file());
    }
    for file in listing.seals.iter().map(|name| name.seal_file()) {
        if let std::collections::btree_map::Entry::Vacant(place) = seals.entry(file) {
            let bytes = read_file(&ledger.join(place.key()), MAX_SEAL)?;
            place.insert(layout::digest(&bytes));
        }
    }
    let (name, record) = newest;
    let head = Head {
        schema: SCHEMA.to_owned(),
        records: listing.records.len(),
        newest: name.file(),
        record: record.to_owned(),
        seals,
        digest: String::new(),
    };
    put(ledger, &head.with_digest()?, before.as_ref())
}

/// Takes a seal out of the head before it is written anew, so that a run that is ended in between leaves no contradiction.
pub(super) fn forget(ledger: &Path, seal: Name) -> Result<(), LedgerError> {
    let Some(before) = Head::read(ledger)? else { return Ok(()) };
    let mut head = before.clone();
    head.seals.remove(&seal.seal_file());
    put(ledger, &head.with_digest()?, Some(&before))
}

fn put(ledger: &Path, head: &Head, before: Option<&Head>) -> Result<(), LedgerError> {
    if before == Some(head) {
        return Ok(());
    }
    let path = ledger.join(HEAD);
    let failed = |error| LedgerError::io("write", &path, error);
    disk::write(&path, head.to_json()?).map_err(failed)?;
    disk::sync_folder(ledger).map_err(failed)
}
