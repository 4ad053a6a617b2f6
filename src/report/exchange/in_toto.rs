//! An in-toto statement with a Simple Verification Result, version 0.2: the levels that are verified, and nothing else.
//!
//! The predicate lists what passed and has no word for what did not, what is only claimed, or until when it holds. So only
//! levels of the verified reading are named, and the day stands in the statement. The statement is not signed.

use serde::Serialize;

use super::facts;
use crate::assess::record::{Assessment, ModelResult};
use crate::report::ReportError;
use crate::report::escape::{clean, web_link};

/// The type of all statements.
pub(crate) const STATEMENT: &str = "https://in-toto.io/Statement/v1";
/// The type of the predicate.
const RESULT: &str = "https://in-toto.io/attestation/svr/v0.2";

/// What is said of a subject, with a predicate of any type.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Statement<P> {
    #[serde(rename = "_type")]
    pub(crate) kind: &'static str,
    pub(crate) subject: Vec<Descriptor>,
    #[serde(rename = "predicateType")]
    pub(crate) predicate_type: &'static str,
    pub(crate) predicate: P,
}

/// A thing, by name or address and by its digests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Descriptor {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uri: Option<String>,
    #[serde(skip_serializing_if = "Digests::is_empty")]
    pub(crate) digest: Digests,
}

/// Digests in hexadecimal, by their algorithm: `sha256`, `gitCommit`.
pub(crate) type Digests = std::collections::BTreeMap<&'static str, String>;

/// A Simple Verification Result.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VerificationResult {
    verifier: Verifier,
    time_created: String,
    properties: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Verifier {
    id: String,
    policies: Vec<Descriptor>,
}

pub(super) fn render(record: &Assessment) -> Result<String, ReportError> {
    Ok(serde_json::to_string_pretty(&statement(record)?)? + "\n")
}

/// The statement of a record.
///
/// # Errors
///
/// The record names no commit, or one that is no digest of git.
pub(crate) fn statement(record: &Assessment) -> Result<Statement<VerificationResult>, ReportError> {
    let commit = record.subject.commit.as_deref().filter(|commit| is_digest(commit)).ok_or_else(|| {
        ReportError::Unfit { reason: "it names no commit, and an in-toto statement is about one".to_owned() }
    })?;
    let address = record.subject.url.as_deref().and_then(web_link);
    Ok(Statement {
        kind: STATEMENT,
        subject: vec![Descriptor {
            name: Some(clean(&record.subject.id)),
            uri: address.map(|address| format!("git+{address}@{commit}")),
            digest: Digests::from([("gitCommit", commit.to_owned())]),
        }],
        predicate_type: RESULT,
        predicate: VerificationResult {
            verifier: Verifier {
                id: format!("urn:seaworthy:assessor:{}", version(&record.engine.version)),
                policies: record.models.iter().map(policy).collect(),
            },
            time_created: facts::instant(record.inputs.evidence.collected_at)?,
            properties: record.models.iter().flat_map(|model| properties(model, record)).collect(),
        },
    })
}

/// The model, by its digest, with the day for which it was judged.
fn policy(model: &ModelResult) -> Descriptor {
    let digest = model.digest.strip_prefix("sha256:").filter(|digest| is_digest(digest));
    Descriptor {
        name: Some(clean(&format!("{} {}", model.id, model.version))),
        uri: web_link(&model.source),
        digest: digest.map(|digest| ("sha256", digest.to_owned())).into_iter().collect(),
    }
}

/// `SEAWORTHY_OSPS_BASELINE_LEVEL_1_AS_OF_2026_11_24` for each level that is verified.
fn properties(model: &ModelResult, record: &Assessment) -> Vec<String> {
    let day = word(&record.as_of.to_string());
    let model_word = word(&model.id);
    (1..=model.maturity.verified.min(model.maturity.highest).min(MOST_LEVELS))
        .map(|level| format!("SEAWORTHY_{model_word}_LEVEL_{level}_AS_OF_{day}"))
        .collect()
}

/// No model has more levels; a record that says so is not believed.
const MOST_LEVELS: u32 = 100;

/// Text in capital letters, with `_` for all that is no letter or digit.
fn word(text: &str) -> String {
    let one = |character: char| if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' };
    text.chars().map(one).collect()
}

/// A version as a part of an address.
fn version(text: &str) -> String {
    text.chars().filter(|character| character.is_ascii_alphanumeric() || ".-+".contains(*character)).collect()
}

fn is_digest(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.chars().all(|digit| digit.is_ascii_digit() || ('a'..='f').contains(&digit))
}
