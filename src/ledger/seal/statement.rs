//! What a seal states: an in-toto Statement v1 (<https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::assess::record::Assessment;
use crate::ledger::layout;
use crate::ledger::name::Name;

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// The type of our predicate. A name, not an address.
pub(super) const PREDICATE: &str = "urn:seaworthy:assessment-seal:1";

/// The statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Predicate,
}

/// The file of the record, by the digest of its bytes, and the commit that was assessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Subject {
    name: String,
    digest: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Predicate {
    /// The digest that the record names as its own.
    record: String,
    /// That of the record before.
    previous: Option<String>,
    subject: String,
    as_of: NaiveDate,
    /// By the clock of the machine that signed.
    sealed_at: DateTime<Utc>,
    engine: String,
    models: Vec<Reached>,
}

/// The level reached under a model, in three readings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Reached {
    id: String,
    version: String,
    verified: u32,
    claimed: u32,
    possible: u32,
    highest: u32,
}

impl Statement {
    /// That about a record and the text of its file.
    pub(super) fn of(name: Name, record: &Assessment, text: &str, sealed_at: DateTime<Utc>) -> Self {
        let digest = |kind: &str, digits: &str| BTreeMap::from([(kind.to_owned(), digits.to_owned())]);
        let bytes = layout::digest(text.as_bytes());
        let file = Subject { name: name.file(), digest: digest("sha256", layout::digits(&bytes).unwrap_or_default()) };
        let commit = record.subject.commit.as_deref().map(|commit| Subject {
            name: record.subject.url.clone().unwrap_or_else(|| record.subject.id.clone()),
            digest: digest("gitCommit", commit),
        });
        let models = record.models.iter().map(|model| Reached {
            id: model.id.clone(),
            version: model.version.clone(),
            verified: model.maturity.verified,
            claimed: model.maturity.claimed,
            possible: model.maturity.possible,
            highest: model.maturity.highest,
        });
        Self {
            kind: STATEMENT.to_owned(),
            subject: std::iter::once(file).chain(commit).collect(),
            predicate_type: PREDICATE.to_owned(),
            predicate: Predicate {
                record: record.digest.clone(),
                previous: record.previous.clone(),
                subject: record.subject.id.clone(),
                as_of: record.as_of,
                sealed_at,
                engine: format!("{} {}", record.engine.name, record.engine.version),
                models: models.collect(),
            },
        }
    }

    pub(super) fn sealed_at(&self) -> DateTime<Utc> {
        self.predicate.sealed_at
    }

    /// Whether it is about this record, and says of it what is so.
    pub(super) fn check(&self, name: Name, record: &Assessment, text: &str) -> Result<(), String> {
        let right = Self::of(name, record, text, self.sealed_at());
        if self.kind != right.kind || self.predicate_type != right.predicate_type {
            return Err(format!(
                "states something of the type `{}`, which is no seal",
                self.predicate_type.escape_debug()
            ));
        }
        if *self == right {
            Ok(())
        } else {
            Err("is the seal of another record, or of this one before it was changed".to_owned())
        }
    }
}
