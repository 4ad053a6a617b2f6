//! The envelope: DSSE (<https://github.com/secure-systems-lab/dsse/blob/master/envelope.md>).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::keys::{KeyError, PublicKeys, SealKey, Signature};
use super::statement::Statement;

const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// The most signatures of a record.
const MAX_SIGNATURES: usize = 50;

/// A statement and its signatures.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Envelope {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    pub(super) signatures: Vec<Signature>,
}

impl Envelope {
    /// An envelope without signatures.
    pub(super) fn of(statement: &Statement) -> Result<Self, serde_json::Error> {
        let payload = STANDARD.encode(serde_json::to_vec(statement)?);
        Ok(Self { payload, payload_type: PAYLOAD_TYPE.to_owned(), signatures: Vec::new() })
    }

    /// Reads one that this program wrote, byte for byte.
    pub(super) fn from_json(text: &str) -> Result<Self, String> {
        let envelope: Self = serde_json::from_str(text).map_err(|error| format!("is no DSSE envelope: {error}"))?;
        if envelope.payload_type != PAYLOAD_TYPE {
            return Err(format!("holds `{}`, which is no seal", envelope.payload_type.escape_debug()));
        }
        if envelope.signatures.len() > MAX_SIGNATURES {
            return Err(format!("has more than {MAX_SIGNATURES} signatures"));
        }
        if envelope.to_json().ok().as_deref() != Some(text) {
            return Err("says the same, but its text was changed".to_owned());
        }
        Ok(envelope)
    }

    pub(super) fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    fn payload(&self) -> Result<Vec<u8>, String> {
        STANDARD.decode(&self.payload).map_err(|error| format!("has a payload that is no base64: {error}"))
    }

    pub(super) fn statement(&self) -> Result<Statement, String> {
        serde_json::from_slice(&self.payload()?).map_err(|error| format!("states nothing that is a seal: {error}"))
    }

    /// What is signed: the pre-authentication encoding of type and payload.
    fn signed(&self) -> Result<Vec<u8>, String> {
        Ok(encoded(&self.payload_type, &self.payload()?))
    }

    pub(super) fn sign(&self, key: &SealKey) -> Result<Signature, KeyError> {
        key.sign(&self.signed().map_err(KeyError::Signature)?)
    }

    /// Whether a signature is good; not so where its key is none of these.
    pub(super) fn verify(
        &self,
        signature: &Signature,
        keys: &PublicKeys,
        sealed_at: DateTime<Utc>,
    ) -> Result<bool, KeyError> {
        keys.verify(signature, &self.signed().map_err(KeyError::Signature)?, sealed_at)
    }
}

fn encoded(kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut encoded = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    encoded.extend_from_slice(payload);
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the protocol.
    #[test]
    fn what_is_signed_is_that_of_the_protocol() {
        assert_eq!(
            encoded("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }
}
