//! Records, one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::differences::differences;
use super::{Found, Kind, Verification};
use crate::assess::record::{Assessment, Engine, Kept};
use crate::evidence::Subject;
use crate::ledger::append::is_same_subject;
use crate::ledger::entry::Entry;
use crate::ledger::error::LedgerError;
use crate::ledger::inputs::{self, Inputs};
use crate::ledger::layout;
use crate::ledger::name::{Name, moment};
use crate::ledger::objects::{Form, OBJECTS, Objects};
use crate::ledger::seal::{self, PublicKeys};
use crate::questionnaire::Questionnaires;

/// The most differences of a record that are told.
const MAX_DIFFERENCES: usize = 5;

/// A walk through the records of a ledger, the oldest first.
pub(super) struct Walk<'a> {
    pub(super) ledger: &'a Path,
    /// Whose seals count, where seals are to be checked.
    keys: Option<&'a PublicKeys>,
    objects: Objects,
    outcome: Verification,
    /// Objects that records name.
    used: BTreeSet<String>,
    /// Digests that records name as their own, with the files.
    pub(super) digests: BTreeMap<String, String>,
    before: Before,
    subject: Option<Subject>,
    /// The questionnaires of the record before, which are mostly those of the next one too.
    questionnaires: Option<(String, Questionnaires)>,
    /// Objects that were told to be wrong: they are told once.
    told: BTreeSet<String>,
}

/// What is known of the record before.
enum Before {
    /// There is none.
    None,
    /// It cannot be read.
    Unreadable,
    /// Its digest.
    Digest(String),
}

impl<'a> Walk<'a> {
    pub(super) fn new(ledger: &'a Path, keys: Option<&'a PublicKeys>) -> Self {
        Self {
            ledger,
            keys,
            objects: Objects::of(ledger),
            outcome: Verification::default(),
            used: BTreeSet::new(),
            digests: BTreeMap::new(),
            before: Before::None,
            subject: None,
            questionnaires: None,
            told: BTreeSet::new(),
        }
    }

    /// What was found, and the objects that records name.
    pub(super) fn end(self) -> (Verification, BTreeSet<String>) {
        let latest = match self.before {
            Before::Digest(digest) => Some(digest),
            Before::None | Before::Unreadable => None,
        };
        (Verification { latest, ..self.outcome }, self.used)
    }

    pub(super) fn tell(&mut self, path: &str, kind: Kind, what: impl Into<String>) {
        self.outcome.found.push(Found { path: path.to_owned(), kind, what: what.into() });
    }

    /// Tells what is wrong with a file that was read; once, whoever names it.
    pub(super) fn tell_error(&mut self, file: &str, error: &LedgerError) {
        let (path, kind, what) = match error {
            LedgerError::Broken { path, what, .. } => {
                (path.as_path(), if what == "is missing" { Kind::Missing } else { Kind::Changed }, what.clone())
            }
            LedgerError::Io { path, .. } => (path.as_path(), Kind::Changed, error.what()),
            other => (Path::new(file), Kind::Changed, other.what()),
        };
        let path = path.strip_prefix(self.ledger).unwrap_or(path).display().to_string().replace('\\', "/");
        if self.told.insert(path.clone()) {
            let what = if kind == Kind::Missing { format!("is missing; {file} names it") } else { what };
            self.tell(&path, kind, what);
        }
    }

    /// Looks at the next record.
    pub(super) fn record(&mut self, name: Name) {
        let file = name.file();
        self.outcome.records += 1;
        let read = Entry::open(self.ledger, name).and_then(|entry| Ok((entry.text()?, entry)));
        let (text, entry) = match read {
            Ok(read) => read,
            Err(error) => {
                self.tell_error(&file, &error);
                self.before = Before::Unreadable;
                return;
            }
        };
        self.chain(&file, &entry);
        self.before = Before::Digest(entry.digest().to_owned());
        if layout::digest_of_record(&text, entry.digest()).as_deref() != Some(entry.digest()) {
            let crlf = if text.contains('\r') { "; its line ends were changed" } else { "" };
            self.tell(&file, Kind::Changed, format!("does not have the digest that it names: it was changed{crlf}"));
            return;
        }
        if !layout::is_laid_out(&text) {
            let crlf = if text.contains('\r') {
                ": its line ends, which git may convert (`* -text` in .gitattributes stops that)"
            } else {
                ""
            };
            self.tell(&file, Kind::Changed, format!("says the same, but its white space was changed{crlf}"));
        }
        let record = match entry.record() {
            Ok(record) => record,
            Err(error) => return self.tell_error(&file, &error),
        };
        if moment(&record) != name.moment {
            let right = Name { moment: moment(&record), number: 1 }.file();
            self.tell(&file, Kind::Misnamed, format!("is a record that belongs under the name {right}"));
        }
        self.subject(&file, &record);
        self.seal(name, &record, &text);
        match record.kept.clone() {
            Some(kept) => self.made_of(&file, &text, &record, &kept),
            None => {
                self.tell(&file, Kind::NotOurs, "does not say what it was made of; `assess --record` did not write it");
            }
        }
    }

    fn chain(&mut self, file: &str, entry: &Entry) {
        let what = match (&self.before, entry.previous()) {
            (Before::Unreadable, _) | (Before::None, None) => None,
            (Before::Digest(digest), Some(previous)) if digest == previous => None,
            (Before::Digest(_), None) => Some("names no record before it, but there are some".to_owned()),
            (_, Some(previous)) => Some(match self.digests.get(previous) {
                Some(other) => format!("follows {other} by its digest, but other records stand between"),
                None => format!(
                    "follows a record that does not stand before it: {}",
                    previous.get(..19).unwrap_or(previous).escape_debug()
                ),
            }),
        };
        if let Some(what) = what {
            self.tell(file, Kind::Chain, what);
        }
        if let Some(other) = self.digests.insert(entry.digest().to_owned(), file.to_owned()) {
            self.tell(file, Kind::Chain, format!("names the same digest as {other}"));
        }
    }

    fn subject(&mut self, file: &str, record: &Assessment) {
        match &self.subject {
            Some(subject) if !is_same_subject(subject, &record.subject) => {
                let what = format!(
                    "is of {}, the records before it of {}",
                    record.subject.id.escape_debug(),
                    subject.id.escape_debug()
                );
                self.tell(file, Kind::OtherSubject, what);
            }
            Some(subject) if subject.repository_id.is_some() && record.subject.repository_id.is_none() => {}
            _ => self.subject = Some(record.subject.clone()),
        }
    }

    fn seal(&mut self, name: Name, record: &Assessment, text: &str) {
        let file = name.seal_file();
        if self.ledger.join(&file).symlink_metadata().is_err() {
            return;
        }
        let checked = match seal::check(self.ledger, name, record, text, self.keys) {
            Ok(checked) => checked,
            Err(error) => return self.tell_error(&file, &error),
        };
        let is_good = !checked.good.is_empty() && checked.faults.is_empty();
        for fault in checked.faults {
            self.tell(&file, Kind::Seal, fault);
        }
        for key in checked.unknown {
            let kind = if is_good { Kind::OtherKey } else { Kind::Seal };
            self.tell(&file, kind, format!("is signed by another key than those named: {}", key.escape_debug()));
        }
        if is_good {
            self.outcome.sealed_up_to = Some(name.file());
        }
    }

    fn made_of(&mut self, file: &str, text: &str, record: &Assessment, kept: &Kept) {
        let named = inputs::objects_of(kept, &self.objects);
        let mut whole = true;
        for (object, form) in named {
            whole &= self.object(file, &object, form);
        }
        if !whole {
            self.tell_once_not_derived(file);
            return;
        }
        let inputs = match Inputs::read(record, kept, &self.objects) {
            Ok(inputs) => inputs,
            Err(error) => return self.tell_error(file, &error),
        };
        match self.derived(record, kept, &inputs) {
            Ok(derived) if derived == text => self.outcome.derived += 1,
            Ok(derived) => self.tell_differences(file, record, &differences(text, &derived, MAX_DIFFERENCES)),
            Err(LedgerError::Questionnaires { files, .. }) => {
                let first = files.first().and_then(|(document, problems)| {
                    Some(format!("{}: {}", document.name(), problems.first()?.message))
                });
                self.tell_differences(file, record, &[first.unwrap_or_else(|| "the questionnaires".to_owned())]);
            }
            Err(error) => self.tell_error(file, &error),
        }
    }

    /// Whether an object is there and whole.
    fn object(&mut self, file: &str, object: &str, form: Form) -> bool {
        if let Some(path) = self.objects.path(object, form) {
            let path = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !self.used.insert(object.to_owned()) {
                return !self.told.contains(&format!("{OBJECTS}/{path}"));
            }
        }
        match self.objects.get(object, form) {
            Ok(_) => true,
            Err(error) => {
                self.tell_error(file, &error);
                false
            }
        }
    }

    fn tell_once_not_derived(&mut self, file: &str) {
        self.tell(
            file,
            Kind::Missing,
            "cannot be made again, since something that it was made of is missing or changed",
        );
    }

    /// The record made again.
    fn derived(&mut self, record: &Assessment, kept: &Kept, inputs: &Inputs) -> Result<String, LedgerError> {
        if self.questionnaires.as_ref().is_none_or(|(object, _)| *object != kept.questionnaires) {
            let read = inputs::questionnaires(&kept.questionnaires, &self.objects)?;
            self.questionnaires = Some((kept.questionnaires.clone(), read));
        }
        let Some((_, questionnaires)) = &self.questionnaires else {
            return Err(LedgerError::NotKept("the questionnaires".to_owned()));
        };
        match inputs.derive(record, questionnaires)? {
            Ok(derived) => Ok(derived.to_json()?),
            Err(files) => Err(LedgerError::Questionnaires { path: self.ledger.to_owned(), files }),
        }
    }

    fn tell_differences(&mut self, file: &str, record: &Assessment, differences: &[String]) {
        let this = Engine::this();
        let list = differences.join("; ");
        if record.engine == this {
            self.tell(file, Kind::NotDerived, format!("does not follow from what it was made of: {list}"));
        } else {
            let what = format!(
                "was made by {} {}; {} {} comes to something else: {list}",
                record.engine.name.escape_debug(),
                record.engine.version.escape_debug(),
                this.name,
                this.version
            );
            self.tell(file, Kind::OtherEngine, what);
        }
    }
}
