//! The vocabulary: every key that an observation can have, read from `questionnaires/observations.yaml`.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::Value;
use crate::built_in::OBSERVATIONS;

/// The type of a key's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Boolean,
    Count,
    /// A whole number from 0 to 100, rounded down.
    Percent,
    /// A day, as `2026-11-24`.
    Date,
    Text,
    List,
}

impl Kind {
    /// The word of the vocabulary file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Count => "count",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::Text => "text",
            Self::List => "list",
        }
    }

    /// Whether a value is of this type.
    pub fn admits(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Boolean, Value::Bool(_)) | (Self::Text, Value::Text(_)) | (Self::List, Value::List(_)) => true,
            (Self::Count, Value::Count(number)) => *number >= 0,
            (Self::Percent, Value::Count(number)) => (0..=100).contains(number),
            (Self::Date, Value::Text(text)) => text.parse::<chrono::NaiveDate>().is_ok(),
            _ => false,
        }
    }
}

/// Where a key is read, and what that needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `github` (API), `checkout` (local git repository) or `files` (files of either).
    pub by: String,
    /// API calls and fields, or files.
    pub read: String,
    /// The least permission beyond reading a public repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
}

/// What is known about a key before anything is observed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyInfo {
    pub key: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    /// All values that a text can have; empty where it is free.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    pub title: String,
    pub meaning: String,
    /// Whether it can be looked for and not be there.
    #[serde(default)]
    pub absent: bool,
    /// When it does not apply to a subject, if ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
    pub sources: Vec<Source>,
}

impl KeyInfo {
    /// The states that it can have, in the words of the JSON format.
    pub fn states(&self) -> Vec<&'static str> {
        let mut states = vec!["observed"];
        if self.absent {
            states.push("absent");
        }
        if self.permission().is_some() {
            states.push("not-permitted");
        }
        if self.not_applicable.is_some() {
            states.push("not-applicable");
        }
        states.extend(["unavailable", "failed"]);
        states
    }

    /// The permission that would reveal it, where reading a public repository is not enough.
    pub fn permission(&self) -> Option<&str> {
        self.sources.iter().find_map(|source| source.permission.as_deref())
    }

    /// Whether this collector (`github`, `checkout` or `files`) can tell it.
    pub fn told_by(&self, collector: &str) -> bool {
        self.sources.iter().any(|source| source.by == collector)
    }
}

/// Keys that belong together.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub id: String,
    pub title: String,
    pub observations: Vec<KeyInfo>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    groups: Vec<Group>,
}

/// All keys, in groups.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    groups: Vec<Group>,
    index: HashMap<String, (usize, usize)>,
}

/// The vocabulary's text, as it is built in.
pub const VOCABULARY_YAML: &str = OBSERVATIONS.yaml;

impl Vocabulary {
    /// The built-in vocabulary. It is part of the program and a test reads it; should it be broken all the same, it is
    /// empty and the linter says so of every key.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Vocabulary> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            let read = OBSERVATIONS.read().and_then(Self::of);
            read.unwrap_or_else(|_| Self { groups: Vec::new(), index: HashMap::new() })
        })
    }

    /// Reads a vocabulary. The error says what is wrong and where.
    pub fn parse(yaml: &str) -> Result<Self, String> {
        Self::of(serde_saphyr::from_str(yaml).map_err(|error| error.to_string())?)
    }

    fn of(file: File) -> Result<Self, String> {
        if file.schema != "seaworthy.observations/1" {
            return Err(format!("schema is `{}`, must be `seaworthy.observations/1`", file.schema));
        }
        let mut index = HashMap::new();
        for (g, group) in file.groups.iter().enumerate() {
            for (k, info) in group.observations.iter().enumerate() {
                if index.insert(info.key.clone(), (g, k)).is_some() {
                    return Err(format!("key `{}` stands twice", info.key));
                }
            }
        }
        Ok(Self { groups: file.groups, index })
    }

    /// The groups, in the order of the file.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// All keys, in the order of the file.
    pub fn keys(&self) -> impl Iterator<Item = &KeyInfo> {
        self.groups.iter().flat_map(|group| &group.observations)
    }

    /// What is known about a key.
    pub fn get(&self, key: &str) -> Option<&KeyInfo> {
        let (group, position) = self.index.get(key)?;
        self.groups.get(*group)?.observations.get(*position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_vocabulary_is_read() {
        let vocabulary = Vocabulary::parse(VOCABULARY_YAML).unwrap();
        assert!(vocabulary.keys().count() > 150);
        for info in vocabulary.keys() {
            assert!(!info.sources.is_empty(), "{} has no source", info.key);
            for source in &info.sources {
                assert!(["github", "checkout", "files"].contains(&source.by.as_str()), "{}: {}", info.key, source.by);
            }
            assert!(info.values.is_empty() || info.kind == Kind::Text, "{}: values need a text", info.key);
        }
    }

    #[test]
    fn states_follow_from_the_entry() {
        let vocabulary = Vocabulary::built_in();
        let states = |key: &str| vocabulary.get(key).unwrap().states();
        assert_eq!(states("repo.archived"), ["observed", "unavailable", "failed"]);
        assert_eq!(states("policy.security"), ["observed", "absent", "unavailable", "failed"]);
        assert_eq!(
            states("org.two_factor_required"),
            ["observed", "not-permitted", "not-applicable", "unavailable", "failed"]
        );
    }
}
