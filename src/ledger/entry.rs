//! One record of a ledger, and what it was made of.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::error::LedgerError;
use super::inputs::{self, Inputs};
use super::layout;
use super::name::Name;
use super::objects::{Objects, read_file};
use crate::answers::Answers;
use crate::assess::record::{ASSESSMENT_SCHEMA, Assessment, Kept};
use crate::evidence::{Evidence, Subject};
use crate::questionnaire::Questionnaires;

/// The largest record, in bytes.
const MAX_RECORD: u64 = 64 * 1024 * 1024;

/// One record of a ledger.
#[derive(Clone, Debug)]
pub struct Entry {
    pub(super) name: Name,
    path: PathBuf,
    objects: Objects,
    head: Head,
}

/// What of a record tells where it belongs.
#[derive(Clone, Debug, Deserialize)]
struct Head {
    schema: String,
    subject: Subject,
    as_of: NaiveDate,
    previous: Option<String>,
    digest: String,
}

impl Entry {
    /// Looks into the record of a name.
    pub(super) fn open(folder: &Path, name: Name) -> Result<Self, LedgerError> {
        let path = folder.join(name.file());
        let text = text_of(&path)?;
        let head: Head = serde_json::from_str(&text)
            .map_err(|error| LedgerError::broken(&path, format!("is no assessment record: {error}")))?;
        if head.schema != ASSESSMENT_SCHEMA {
            let what =
                format!("has the schema `{}`, this program reads `{ASSESSMENT_SCHEMA}`", head.schema.escape_debug());
            return Err(LedgerError::Broken { path, what, help: "a newer version of Seaworthy may read it" });
        }
        Ok(Self { name, path, objects: Objects::of(folder), head })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name of its file.
    pub fn file(&self) -> String {
        self.name.file()
    }

    /// The moment for which it holds, by which it is named.
    pub fn moment(&self) -> DateTime<Utc> {
        self.name.moment
    }

    /// The day for which it was assessed.
    pub fn as_of(&self) -> NaiveDate {
        self.head.as_of
    }

    /// `sha256:` and the digest that it names as its own.
    pub fn digest(&self) -> &str {
        &self.head.digest
    }

    /// The digest of the record before.
    pub fn previous(&self) -> Option<&str> {
        self.head.previous.as_deref()
    }

    pub fn subject(&self) -> &Subject {
        &self.head.subject
    }

    /// The file with its signatures, where it is sealed.
    pub fn seal(&self) -> Option<PathBuf> {
        Some(self.path.with_file_name(self.name.seal_file())).filter(|path| path.is_file())
    }

    /// Its text as it stands in the file, unchecked.
    pub(super) fn text(&self) -> Result<String, LedgerError> {
        text_of(&self.path)
    }

    /// The record, checked against its digest.
    pub fn record(&self) -> Result<Assessment, LedgerError> {
        let text = self.text()?;
        if layout::digest_of_record(&text, &self.head.digest).as_ref() != Some(&self.head.digest) {
            return Err(LedgerError::broken(&self.path, "does not have the digest that it names: it was changed"));
        }
        Assessment::from_json(&text).map_err(|error| LedgerError::broken(&self.path, error.to_string()))
    }

    fn kept(&self, record: &Assessment) -> Result<Kept, LedgerError> {
        let none = || LedgerError::Broken {
            path: self.path.clone(),
            what: "does not say what it was made of".to_owned(),
            help: "only `seaworthy assess --record` adds records to a ledger",
        };
        record.kept.clone().ok_or_else(none)
    }

    /// The record, and what it was made of, checked against the digests that they name.
    pub fn read(&self) -> Result<(Assessment, Inputs), LedgerError> {
        let record = self.record()?;
        let inputs = Inputs::read(&record, &self.kept(&record)?, &self.objects)?;
        Ok((record, inputs))
    }

    /// What it was made of, checked against the digests that it names.
    pub fn inputs(&self) -> Result<Inputs, LedgerError> {
        Ok(self.read()?.1)
    }

    pub fn evidence(&self) -> Result<Evidence, LedgerError> {
        Ok(self.inputs()?.evidence)
    }

    /// The questions and models of its time.
    pub fn questionnaires(&self) -> Result<Questionnaires, LedgerError> {
        inputs::questionnaires(&self.kept(&self.record()?)?.questionnaires, &self.objects)
    }

    /// The answers as they counted then, under the questionnaires of its time. None where there were none.
    pub fn answers(&self) -> Result<Option<Answers>, LedgerError> {
        Ok(self.opened(&mut None)?.answers)
    }

    /// All of it, read once. Questionnaires that were read for another record are taken over, and kept for the next.
    pub(super) fn opened(&self, known: &mut Option<(String, Questionnaires)>) -> Result<Opened, LedgerError> {
        let (record, inputs) = self.read()?;
        let object = self.kept(&record)?.questionnaires;
        let (object, questionnaires) = match known.take().filter(|(known, _)| *known == object) {
            Some(known) => known,
            None => (object.clone(), inputs::questionnaires(&object, &self.objects)?),
        };
        let answers = inputs.answers(&questionnaires, self.head.as_of);
        *known = Some((object, questionnaires));
        let answers = answers.map_err(|files| LedgerError::Questionnaires { path: self.path.clone(), files })?;
        Ok(Opened { record, evidence: inputs.evidence, answers })
    }
}

/// A record with what it was made of.
#[derive(Clone, Debug)]
pub struct Opened {
    pub record: Assessment,
    pub evidence: Evidence,
    /// As they counted then. None where there were none.
    pub answers: Option<Answers>,
}

fn text_of(path: &Path) -> Result<String, LedgerError> {
    String::from_utf8(read_file(path, MAX_RECORD)?).map_err(|_| LedgerError::broken(path, "is no text in UTF-8"))
}
