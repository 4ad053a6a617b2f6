//! The evidence snapshot: all observations of one collection, as a JSON document that is complete in itself.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{KeyInfo, Observation, State, Vocabulary};

/// The schema that a snapshot names.
pub const EVIDENCE_SCHEMA: &str = "seaworthy.evidence/1";

/// With what rights the evidence was collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// A local git repository, without GitHub.
    Checkout,
    /// GitHub without a token.
    Anonymous,
    /// A token that can read.
    Read,
    /// A token whose owner can push.
    Write,
    /// A token whose owner administers the repository.
    Admin,
}

impl Access {
    pub fn word(self) -> &'static str {
        match self {
            Self::Checkout => "checkout",
            Self::Anonymous => "anonymous",
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

/// The project assessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// `github.com/owner/name`, or `local/NAME` for a checkout without a known remote.
    pub id: String,
    /// Address of its page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// GitHub's numeric id, which survives renames.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository_id: Option<u64>,
    /// The commit whose files were read. None in an empty repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_branch: Option<String>,
}

impl Subject {
    /// Whether an id is known to others too: that of a checkout without a known remote is the name of its folder.
    pub fn is_lasting(id: &str) -> bool {
        id.contains('/') && !id.starts_with("local/")
    }

    /// A permanent link to a file, pinned to the commit. None where subject or commit have no address.
    pub fn permalink(&self, path: &str, line: Option<u32>) -> Option<String> {
        let (url, commit) = (self.url.as_ref()?, self.commit.as_ref()?);
        let mut link = format!("{url}/blob/{commit}/{}", percent_encode_path(path));
        if let Some(line) = line {
            link.push_str(&format!("#L{line}"));
        }
        Some(link)
    }
}

/// Encodes a path for a URL: everything but unreserved characters and `/`.
fn percent_encode_path(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// `seaworthy.evidence/1`
    pub schema: String,
    pub subject: Subject,
    pub collected_at: DateTime<Utc>,
    pub access: Access,
    /// Requests that count against GitHub's rate limit.
    pub api_requests: u32,
    /// Name and version of the program that collected it.
    pub collector: String,
    /// What a reader of the whole snapshot should know, such as uncommitted changes that were not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// One observation for each key, in the order of the keys.
    pub observations: Vec<Observation>,
    /// Fields of later versions, kept as they are.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
}

/// Why a snapshot cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    #[error("it is no evidence snapshot: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("its schema is `{0}`, this program reads `{EVIDENCE_SCHEMA}`")]
    Schema(String),
    #[error("observation `{key}` stands twice")]
    Twice { key: String },
    #[error("observation `{key}` is {found}, must be of type {wanted}")]
    Type { key: String, wanted: &'static str, found: &'static str },
}

impl Evidence {
    /// Reads a snapshot and checks that each known key has a value of its type.
    pub fn from_json(json: &str) -> Result<Self, EvidenceError> {
        let evidence: Self = serde_json::from_str(json)?;
        if evidence.schema != EVIDENCE_SCHEMA {
            return Err(EvidenceError::Schema(evidence.schema));
        }
        let vocabulary = Vocabulary::built_in();
        let mut seen = std::collections::BTreeSet::new();
        for observation in &evidence.observations {
            if !seen.insert(observation.key.as_str()) {
                return Err(EvidenceError::Twice { key: observation.key.clone() });
            }
            if let (Some(info), Some(value)) = (vocabulary.get(&observation.key), observation.value())
                && !info.kind.admits(value)
            {
                return Err(EvidenceError::Type {
                    key: observation.key.clone(),
                    wanted: info.kind.word(),
                    found: value.type_name(),
                });
            }
        }
        Ok(evidence)
    }

    /// The snapshot as JSON, indented, with a line break at the end.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// `sha256:` and the digest of the snapshot's compact JSON.
    pub fn digest(&self) -> Result<String, serde_json::Error> {
        Ok(format!("sha256:{:x}", Sha256::digest(serde_json::to_vec(self)?)))
    }

    /// The observation of a key. None where the snapshot has none (an older one, say).
    pub fn get(&self, key: &str) -> Option<&Observation> {
        // A snapshot is written in the order of its keys; one that is not is searched from the first to the last.
        let from = self.observations.partition_point(|observation| observation.key.as_str() < key);
        let found = self.observations.get(from).filter(|observation| observation.key == key);
        found.or_else(|| self.observations.iter().find(|observation| observation.key == key))
    }

    /// The day of collection.
    pub fn collected_on(&self) -> NaiveDate {
        self.collected_at.date_naive()
    }
}

/// A sheet on which collectors write observations, to be made into a snapshot.
///
/// A better state replaces a worse one: knowledge stays when a second source cannot tell.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    observations: BTreeMap<String, Observation>,
    remarks: Vec<String>,
}

impl Sheet {
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes an observation. Knowledge is only replaced by knowledge; a value of the wrong type becomes a failure.
    pub fn put(&mut self, observation: Observation) {
        let observation = checked(observation);
        match self.observations.get(&observation.key) {
            Some(old) if old.state.is_known() && !observation.state.is_known() => {}
            _ => {
                self.observations.insert(observation.key.clone(), observation);
            }
        }
    }

    /// Writes several observations.
    pub fn put_all(&mut self, observations: impl IntoIterator<Item = Observation>) {
        for observation in observations {
            self.put(observation);
        }
    }

    /// Adds a remark about the whole collection.
    pub fn remark(&mut self, remark: impl Into<String>) {
        self.remarks.push(remark.into());
    }

    /// What was written of a key.
    pub fn get(&self, key: &str) -> Option<&Observation> {
        self.observations.get(key)
    }

    /// Makes the snapshot. `missing` gives the state of each key of the vocabulary that nobody wrote about.
    pub fn into_evidence(
        mut self,
        subject: Subject,
        access: Access,
        api_requests: u32,
        collected_at: DateTime<Utc>,
        missing: impl Fn(&KeyInfo) -> State,
    ) -> Evidence {
        for info in Vocabulary::built_in().keys() {
            self.observations
                .entry(info.key.clone())
                .or_insert_with(|| Observation::new(info.key.as_str(), missing(info)));
        }
        let mut observations: Vec<Observation> = self.observations.into_values().collect();
        for place in observations.iter_mut().flat_map(|observation| &mut observation.places) {
            if let (None, Some(path)) = (&place.link, &place.path) {
                place.link = subject.permalink(path, place.line);
            }
        }
        Evidence {
            schema: EVIDENCE_SCHEMA.to_owned(),
            subject,
            collected_at,
            access,
            api_requests,
            collector: format!("seaworthy {}", env!("CARGO_PKG_VERSION")),
            remarks: self.remarks,
            observations,
            other: BTreeMap::new(),
        }
    }
}

/// An observation whose value has the type of its key; otherwise a failure that says so.
fn checked(observation: Observation) -> Observation {
    let Some(value) = observation.value() else { return observation };
    match Vocabulary::built_in().get(&observation.key) {
        Some(info) if info.kind.admits(value) => observation,
        Some(info) => {
            let reason = format!("the value read is {}, expected {}", value.type_name(), info.kind.word());
            Observation { state: State::Failed { reason }, ..observation }
        }
        None => {
            let reason = "the key is not in the vocabulary".to_owned();
            Observation { state: State::Failed { reason }, ..observation }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Place;

    fn evidence(sheet: Sheet) -> Evidence {
        let subject = Subject {
            id: "github.com/acme/widget".into(),
            url: Some("https://github.com/acme/widget".into()),
            commit: Some("0123abcd".into()),
            ..Subject::default()
        };
        sheet.into_evidence(subject, Access::Read, 3, DateTime::UNIX_EPOCH, |_| State::Unavailable {
            reason: "test".into(),
        })
    }

    #[test]
    fn round_trip_keeps_everything() {
        let mut sheet = Sheet::new();
        sheet.put(Observation::seen("repo.archived", false));
        sheet.put(Observation::absent("policy.security"));
        sheet.put(Observation::not_permitted("actions.enabled", "administration: read"));
        sheet.put(Observation::failed("repo.homepage", "HTTP 502"));
        let evidence = evidence(sheet);
        let read = Evidence::from_json(&evidence.to_json().unwrap()).unwrap();
        assert_eq!(read, evidence);
        assert_eq!(read.digest().unwrap(), evidence.digest().unwrap());
        assert_eq!(read.observations.len(), Vocabulary::built_in().keys().count());
    }

    #[test]
    fn fields_of_later_versions_are_kept() {
        let json = evidence(Sheet::new()).to_json().unwrap().replacen('{', "{\"later\": [1],", 1);
        let read = Evidence::from_json(&json).unwrap();
        assert!(read.to_json().unwrap().contains("\"later\""));
    }

    #[test]
    fn knowledge_is_not_replaced_by_ignorance() {
        let mut sheet = Sheet::new();
        sheet.put(Observation::seen("repo.archived", true));
        sheet.put(Observation::failed("repo.archived", "HTTP 502"));
        assert_eq!(sheet.get("repo.archived").unwrap().state, State::Observed(true.into()));
    }

    #[test]
    fn a_value_of_the_wrong_type_is_a_failure() {
        let mut sheet = Sheet::new();
        sheet.put(Observation::seen("repo.archived", "maybe"));
        assert!(matches!(sheet.get("repo.archived").unwrap().state, State::Failed { .. }));
    }

    #[test]
    fn links_are_pinned_and_encoded() {
        let mut sheet = Sheet::new();
        sheet.put(Observation::seen("policy.security", "docs/a b#.md").at(Place::line("docs/a b#.md", 7)));
        let evidence = evidence(sheet);
        let link = evidence.get("policy.security").unwrap().places[0].link.clone().unwrap();
        assert_eq!(link, "https://github.com/acme/widget/blob/0123abcd/docs/a%20b%23.md#L7");
    }

    #[test]
    fn wrong_types_and_twice_are_refused() {
        let json = evidence(Sheet::new()).to_json().unwrap();
        let wrong = json.replacen(
            "\"key\": \"repo.archived\",\n      \"state\": \"unavailable\",\n      \"reason\": \"test\"",
            "\"key\": \"repo.archived\",\n      \"state\": \"observed\",\n      \"value\": 3",
            1,
        );
        assert!(matches!(Evidence::from_json(&wrong), Err(EvidenceError::Type { .. })));
        let twice = json.replacen("\"key\": \"repo.disabled\"", "\"key\": \"repo.archived\"", 1);
        assert!(matches!(Evidence::from_json(&twice), Err(EvidenceError::Twice { .. })));
    }
}
