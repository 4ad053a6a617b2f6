//! The few words in which a record tells how things stand, and how sure that is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a requirement comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Met,
    Partly,
    Unmet,
    NotApplicable,
    Unknown,
}

impl Outcome {
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Partly => "partly",
            Self::Unmet => "unmet",
            Self::NotApplicable => "not-applicable",
            Self::Unknown => "unknown",
        }
    }
}

/// On what a value or a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Observed, and a maintainer says the same.
    Corroborated,
    /// A reviewer has looked at it.
    Reviewed,
    Observed,
    /// A maintainer says otherwise than what was proved.
    Contradicted,
    /// A maintainer says so.
    Attested,
    /// A maintainer says otherwise than a sign, or a reviewer challenges it.
    Disputed,
    /// The answer has run out.
    Lapsed,
    /// Accepted for a time although not met. Only of findings.
    Waived,
    Unknown,
}

impl Basis {
    pub fn word(self) -> &'static str {
        match self {
            Self::Corroborated => "corroborated",
            Self::Reviewed => "reviewed",
            Self::Observed => "observed",
            Self::Contradicted => "contradicted",
            Self::Attested => "attested",
            Self::Disputed => "disputed",
            Self::Lapsed => "lapsed",
            Self::Waived => "waived",
            Self::Unknown => "unknown",
        }
    }
}

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    None,
    /// Somebody's word.
    Word,
    /// An observation that speaks for it.
    Sign,
    /// An observation that settles it, or a reviewer's verdict.
    Proof,
}

impl Certainty {
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Word => "word",
            Self::Sign => "sign",
            Self::Proof => "proof",
        }
    }
}
