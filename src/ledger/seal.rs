//! Seals: signatures over a record, as an in-toto Statement v1 in a DSSE envelope beside it. The seal of a record covers all
//! records before it, since each names the digest of the one before.

mod envelope;
mod keys;
mod statement;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::Ledger;
use super::append::lock;
use super::error::LedgerError;
use super::head;
use super::name::Name;
use super::objects::read_file;
use crate::assess::record::Assessment;
use crate::disk;
use envelope::Envelope;
pub use keys::{KeyError, PublicKeys, SealKey};
use statement::Statement;

/// The largest file with signatures, in bytes.
pub(super) const MAX_SEAL: u64 = 256 * 1024;

/// The newest record, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// File of the record.
    pub record: PathBuf,
    /// File of the seal.
    pub seal: PathBuf,
    /// By which the key is known in the seal.
    pub key: String,
    /// Whether it was signed now; a key signs a record once.
    pub is_new: bool,
}

/// Signs the newest record of a ledger. Signatures of others stay.
pub fn seal(ledger: &Ledger, key: &SealKey, sealed_at: DateTime<Utc>) -> Result<Sealed, LedgerError> {
    let none = || LedgerError::NoRecords(ledger.folder().to_owned());
    let entry = ledger.latest().ok_or_else(none)?;
    let _lock = lock(ledger.folder())?;
    let (record, text) = (entry.record()?, entry.text()?);
    let path = ledger.folder().join(entry.name.seal_file());
    let mut envelope = if path.symlink_metadata().is_ok() {
        let envelope = read(&path)?;
        check_about(&envelope, entry.name, &record, &text).map_err(|what| LedgerError::broken(&path, what))?;
        envelope
    } else {
        Envelope::of(&Statement::of(entry.name, &record, &text, sealed_at))?
    };
    let signature = envelope.sign(key).map_err(|error| LedgerError::NotKept(error.to_string()))?;
    let is_new = !envelope.signatures.iter().any(|other| other.keyid == signature.keyid);
    let sealed = Sealed { record: entry.path().to_owned(), seal: path.clone(), key: signature.keyid.clone(), is_new };
    if is_new {
        envelope.signatures.push(signature);
        head::forget(ledger.folder(), entry.name)?;
        disk::write(&path, envelope.to_json()?).map_err(|error| LedgerError::io("write", &path, error))?;
    }
    head::write(ledger.folder(), (entry.name, &record.digest), is_new.then_some(entry.name))?;
    Ok(sealed)
}

/// What a seal comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Checked {
    /// Keys whose signature is good.
    pub(super) good: Vec<String>,
    /// Why the seal is none, or a signature is not good.
    pub(super) faults: Vec<String>,
    /// Keys that signed and are not among those that were named.
    pub(super) unknown: Vec<String>,
}

/// Checks the seal of a record; its signatures where keys are given.
pub(super) fn check(
    ledger: &Path,
    name: Name,
    record: &Assessment,
    text: &str,
    keys: Option<&PublicKeys>,
) -> Result<Checked, LedgerError> {
    let mut checked = Checked::default();
    let envelope = match read(&ledger.join(name.seal_file())) {
        Ok(envelope) => envelope,
        Err(LedgerError::Broken { what, .. }) => {
            checked.faults.push(what);
            return Ok(checked);
        }
        Err(error) => return Err(error),
    };
    let statement = match check_about(&envelope, name, record, text) {
        Ok(statement) => statement,
        Err(what) => {
            checked.faults.push(what);
            return Ok(checked);
        }
    };
    if let Some(keys) = keys {
        for signature in &envelope.signatures {
            match envelope.verify(signature, keys, statement.sealed_at()) {
                Ok(true) => checked.good.push(signature.keyid.clone()),
                Ok(false) => checked.unknown.push(signature.keyid.clone()),
                Err(error) => checked.faults.push(error.to_string()),
            }
        }
    }
    Ok(checked)
}

fn read(path: &Path) -> Result<Envelope, LedgerError> {
    let text =
        String::from_utf8(read_file(path, MAX_SEAL)?).map_err(|_| LedgerError::broken(path, "is no text in UTF-8"))?;
    Envelope::from_json(&text).map_err(|what| LedgerError::broken(path, what))
}

/// The statement of an envelope, if it is about this record.
fn check_about(envelope: &Envelope, name: Name, record: &Assessment, text: &str) -> Result<Statement, String> {
    let statement = envelope.statement()?;
    statement.check(name, record, text)?;
    Ok(statement)
}
