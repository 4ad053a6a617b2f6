//! Adding a record. A run that is ended at any point leaves the ledger as it was, or with the whole record: what the record
//! names is on disk before it. The head comes last; where it is one record behind, the next run writes it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::entry::Entry;
use super::error::LedgerError;
use super::folder;
use super::head::{self, Head};
use super::inputs::Inputs;
use super::name::{Name, moment};
use super::objects::Objects;
use crate::assess::record::Assessment;
use crate::disk;
use crate::evidence::Subject;
use crate::questionnaire::Questionnaires;

/// An assessment to be recorded.
#[derive(Clone, Copy, Debug)]
pub struct Recording<'a> {
    pub record: &'a Assessment,
    pub inputs: &'a Inputs,
    pub questionnaires: &'a Questionnaires,
    /// The present.
    pub recorded_at: DateTime<Utc>,
}

/// A record that is in the ledger.
#[derive(Clone, Debug)]
pub struct Appended {
    /// With what the ledger adds to it.
    pub record: Assessment,
    pub path: PathBuf,
    /// Whether it was added now. The same assessment of the same moment is not added again.
    pub is_new: bool,
}

/// Adds a record to the ledger in a folder, which is made where it is missing.
pub fn append(ledger: &Path, recording: &Recording<'_>) -> Result<Appended, LedgerError> {
    let objects = Objects::of(ledger);
    std::fs::create_dir_all(objects.folder()).map_err(|error| LedgerError::io("make", objects.folder(), error))?;
    let _lock = lock(ledger)?;
    let listing = folder::list(ledger)?;
    if listing.foreign.iter().any(|path| path == super::objects::OBJECTS) {
        return Err(LedgerError::broken(objects.folder(), "is no folder"));
    }
    for path in &listing.left_behind {
        // Nobody else writes now, so that it is of a run that was ended. What cannot be removed does no harm.
        let _ = std::fs::remove_file(ledger.join(path));
    }
    let mut name = Name { moment: moment(recording.record), number: 1 };
    let mut previous = None;
    let head = Head::read(ledger)?;
    if listing.records.is_empty()
        && let Some(head) = &head
    {
        head.check(ledger, &listing, None)?;
    }
    if let Some(latest) = listing.records.last() {
        let entry = Entry::open(ledger, *latest)?;
        let before = entry.record()?;
        if let Some(head) = &head {
            head.check(ledger, &listing, Some(&before.digest))?;
        }
        check_follows(ledger, &before, *latest, recording.record, name)?;
        if latest.moment == name.moment {
            if is_same(&before, recording.record) {
                head::write(ledger, (*latest, &before.digest), None)?;
                return Ok(Appended { record: before, path: entry.path().to_owned(), is_new: false });
            }
            name = latest.next();
        }
        previous = Some(before.digest);
    }
    let kept = recording.inputs.keep(&objects, recording.questionnaires, recording.recorded_at)?;
    let mut record = Assessment { kept: Some(kept), previous, ..recording.record.clone() };
    record.digest = record.computed_digest()?;
    check_derived(&record, &objects, recording)?;
    let path = ledger.join(name.file());
    let failed = |error| LedgerError::io("write", &path, error);
    disk::sync_folder(objects.folder()).map_err(failed)?;
    disk::write(&path, record.to_json()?).map_err(failed)?;
    disk::sync_folder(ledger).map_err(failed)?;
    head::write(ledger, (name, &record.digest), None)?;
    Ok(Appended { record, path, is_new: true })
}

/// A lock that ends with the process, however that ends.
pub(super) fn lock(ledger: &Path) -> Result<File, LedgerError> {
    let failed = |error| LedgerError::io("lock", ledger, error);
    // Where a folder can be opened it is locked itself, so that no other file lies there.
    let file = if cfg!(unix) { File::open(ledger) } else { File::create(ledger.join(".0.tmp")) };
    let file = file.map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LedgerError::Busy(ledger.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

fn check_follows(
    ledger: &Path,
    before: &Assessment,
    latest: Name,
    record: &Assessment,
    name: Name,
) -> Result<(), LedgerError> {
    if !is_same_subject(&before.subject, &record.subject) {
        return Err(LedgerError::OtherSubject {
            folder: ledger.to_owned(),
            ledger: before.subject.id.clone(),
            subject: record.subject.id.clone(),
        });
    }
    if name.moment < latest.moment {
        return Err(LedgerError::Earlier { folder: ledger.to_owned(), latest: latest.moment, moment: name.moment });
    }
    Ok(())
}

/// Whether two records may be of one subject: by GitHub's number, which survives renames, or by name. The name of a checkout
/// without a remote is that of its folder, and tells nothing.
pub(super) fn is_same_subject(one: &Subject, other: &Subject) -> bool {
    if let (Some(one), Some(other)) = (one.repository_id, other.repository_id) {
        return one == other;
    }
    let are_local = !Subject::is_lasting(&one.id) && !Subject::is_lasting(&other.id);
    are_local || one.id.eq_ignore_ascii_case(&other.id)
}

/// Whether a record of the ledger is this assessment.
fn is_same(kept: &Assessment, record: &Assessment) -> bool {
    let bare = |record: &Assessment| Assessment { kept: None, previous: None, digest: String::new(), ..record.clone() };
    bare(kept) == bare(record)
}

/// What is kept must give the record again, or the ledger would never hold.
fn check_derived(record: &Assessment, objects: &Objects, recording: &Recording<'_>) -> Result<(), LedgerError> {
    let Some(kept) = &record.kept else { return Ok(()) };
    let inputs = Inputs::read(record, kept, objects)?;
    match inputs.derive(record, recording.questionnaires)? {
        Ok(derived) if derived == *record => Ok(()),
        Ok(_) => Err(LedgerError::NotKept("what it rests on does not give the same record again".to_owned())),
        Err(files) => Err(LedgerError::Questionnaires { path: objects.folder().to_owned(), files }),
    }
}
