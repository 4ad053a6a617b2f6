//! The digest of an answer, by which a review names what it has looked at.

use chrono::NaiveDate;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Answer, Details, Said};
use crate::evidence::Value;

/// An answer in a form that has one way to be written.
#[derive(Serialize)]
struct Canonical<'a> {
    /// None where the question does not apply.
    value: Option<&'a Value>,
    because: Option<&'a str>,
    evidence: &'a [String],
    by: &'a str,
    on: NaiveDate,
    until: Option<NaiveDate>,
    /// Adds nothing where there are none, as in the time before them. What is confidential does not count: a digest of few
    /// words can be guessed.
    #[serde(flatten)]
    details: &'a Details,
}

impl Answer {
    /// `sha256:` and the digest of what it says. Comments, order and layout of the file do not count.
    pub fn digest(&self) -> String {
        let canonical = Canonical {
            value: match &self.said {
                Said::Value(value) => Some(value),
                Said::NotApplicable => None,
            },
            because: self.because.as_deref(),
            evidence: &self.evidence,
            by: &self.by,
            on: self.on,
            until: self.until,
            details: &self.details,
        };
        // Texts, numbers and days can always be written as JSON.
        let json = serde_json::to_vec(&canonical).unwrap_or_default();
        format!("sha256:{:x}", Sha256::digest(json))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_counts() {
        let answer = Answer {
            said: Said::Value(true.into()),
            because: None,
            evidence: Vec::new(),
            by: "@a".into(),
            on: NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
            until: None,
            details: Details::default(),
        };
        let changed = [
            Answer { said: Said::Value(false.into()), ..answer.clone() },
            Answer { said: Said::NotApplicable, ..answer.clone() },
            Answer { because: Some("So.".into()), ..answer.clone() },
            Answer { evidence: vec!["https://example.org".into()], ..answer.clone() },
            Answer { by: "@b".into(), ..answer.clone() },
            Answer { until: Some(answer.on), ..answer.clone() },
        ];
        for other in changed {
            assert_ne!(other.digest(), answer.digest(), "{other:?}");
        }
        let secret = Details { confidential: Some("x".into()), ..Details::default() };
        assert_eq!(Answer { details: secret, ..answer.clone() }.digest(), answer.digest());
        // Written down once: reviews of years ago must still match.
        assert_eq!(answer.digest(), "sha256:4c9b237125317c58292fb02e6548d551bb6baf4e14d1df37759581a644a37abc");
    }
}
