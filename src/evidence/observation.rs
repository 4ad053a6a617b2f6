//! One thing seen, or the reason why it could not be seen.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Value;

/// What is known of one key. Only [`State::Observed`] and [`State::Absent`] are knowledge; the others are kinds of
/// not knowing, each with what a person needs in order to change that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Seen, with its value.
    Observed(Value),
    /// Looked for with success, and not there.
    Absent,
    /// The token's role may not read it; `permission` would.
    NotPermitted { permission: String },
    /// Does not exist for this kind of subject.
    NotApplicable { reason: String },
    /// This source cannot tell (for example GitHub settings from a local checkout).
    Unavailable { reason: String },
    /// Reading it went wrong.
    Failed { reason: String },
}

impl State {
    /// The word of the JSON format.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Observed(_) => "observed",
            Self::Absent => "absent",
            Self::NotPermitted { .. } => "not-permitted",
            Self::NotApplicable { .. } => "not-applicable",
            Self::Unavailable { .. } => "unavailable",
            Self::Failed { .. } => "failed",
        }
    }

    /// Whether it is knowledge.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Observed(_) | Self::Absent)
    }
}

/// Where something was seen: a file with a line, or a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Path in the repository, with `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Line, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Permanent link, pinned to the commit where it is a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// A few words about what stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Place {
    /// A place in a file of the repository.
    pub fn file(path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..Self::default() }
    }

    /// A line of a file of the repository.
    pub fn line(path: impl Into<String>, line: u32) -> Self {
        Self { path: Some(path.into()), line: Some(line), ..Self::default() }
    }

    /// A page.
    pub fn page(link: impl Into<String>) -> Self {
        Self { link: Some(link.into()), ..Self::default() }
    }

    /// The same place with a few words.
    #[must_use]
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// The most places that an observation lists.
pub(crate) const MAX_PLACES: usize = 20;

/// An observation: a key, what is known of it, and where that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Raw", into = "Raw")]
#[schemars(with = "Raw")]
pub struct Observation {
    pub key: String,
    pub state: State,
    /// What was read: an API call, or `git` and files.
    pub source: Option<String>,
    /// What a reader should know beside the value, such as the size of a sample.
    pub detail: Option<String>,
    /// Whether there may be more than was seen: the list goes on, or the count is higher. The detail says why.
    pub at_least: bool,
    /// Where it was seen, at most 20 places.
    pub places: Vec<Place>,
}

impl Observation {
    /// An observation of a state, without source or places.
    pub fn new(key: impl Into<String>, state: State) -> Self {
        Self { key: key.into(), state, source: None, detail: None, at_least: false, places: Vec::new() }
    }

    /// Seen, with its value.
    pub fn seen(key: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::new(key, State::Observed(value.into()))
    }

    /// Looked for and not there.
    pub fn absent(key: impl Into<String>) -> Self {
        Self::new(key, State::Absent)
    }

    /// Seen if there is a value, absent if not.
    pub fn seen_or_absent(key: impl Into<String>, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => Self::seen(key, value),
            None => Self::absent(key),
        }
    }

    /// A list: seen with its items, absent where it is empty.
    pub fn list(key: impl Into<String>, items: Vec<String>) -> Self {
        if items.is_empty() { Self::absent(key) } else { Self::seen(key, items) }
    }

    /// This source cannot tell.
    pub fn unavailable(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::new(key, State::Unavailable { reason: reason.into() })
    }

    /// Reading went wrong.
    pub fn failed(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::new(key, State::Failed { reason: reason.into() })
    }

    /// The token may not read it.
    pub fn not_permitted(key: impl Into<String>, permission: impl Into<String>) -> Self {
        Self::new(key, State::NotPermitted { permission: permission.into() })
    }

    /// Does not exist for this subject.
    pub fn not_applicable(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::new(key, State::NotApplicable { reason: reason.into() })
    }

    /// The same with its source named.
    #[must_use]
    pub fn from(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same with a detail.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same, of which there may be more than was seen. The detail says why.
    #[must_use]
    pub fn at_least(self, detail: impl Into<String>) -> Self {
        Self { at_least: true, ..self.detail(detail) }
    }

    /// The same, seen at one more place; beyond 20 places only the detail tells how many there were.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        if self.places.len() < MAX_PLACES {
            self.places.push(place);
        }
        self
    }

    /// The same, seen at these places too.
    #[must_use]
    pub fn at_all(mut self, places: impl IntoIterator<Item = Place>) -> Self {
        for place in places {
            self = self.at(place);
        }
        self
    }

    /// Its value, where there is one.
    pub fn value(&self) -> Option<&Value> {
        match &self.state {
            State::Observed(value) => Some(value),
            _ => None,
        }
    }
}

/// The JSON form: flat, with the fields that its state needs.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Observation")]
struct Raw {
    key: String,
    /// observed, absent, not-permitted, not-applicable, unavailable or failed
    state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    permission: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Whether there may be more than was seen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    at_least: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    places: Vec<Place>,
}

impl From<Observation> for Raw {
    fn from(from: Observation) -> Self {
        let state = from.state.word().to_owned();
        let (value, permission, reason) = match from.state {
            State::Observed(value) => (Some(value), None, None),
            State::Absent => (None, None, None),
            State::NotPermitted { permission } => (None, Some(permission), None),
            State::NotApplicable { reason } | State::Unavailable { reason } | State::Failed { reason } => {
                (None, None, Some(reason))
            }
        };
        Self {
            key: from.key,
            state,
            value,
            permission,
            reason,
            source: from.source,
            detail: from.detail,
            at_least: from.at_least,
            places: from.places,
        }
    }
}

impl TryFrom<Raw> for Observation {
    type Error = String;

    fn try_from(raw: Raw) -> Result<Self, String> {
        let Raw { key, state, value, permission, reason, source, detail, at_least, places } = raw;
        let missing = |field: &str| format!("observation `{key}`: state `{state}` needs `{field}`");
        let state = match state.as_str() {
            "observed" => State::Observed(value.ok_or_else(|| missing("value"))?),
            "absent" => State::Absent,
            "not-permitted" => State::NotPermitted { permission: permission.ok_or_else(|| missing("permission"))? },
            "not-applicable" => State::NotApplicable { reason: reason.ok_or_else(|| missing("reason"))? },
            "unavailable" => State::Unavailable { reason: reason.ok_or_else(|| missing("reason"))? },
            "failed" => State::Failed { reason: reason.ok_or_else(|| missing("reason"))? },
            other => return Err(format!("observation `{key}`: `{other}` is no state")),
        };
        Ok(Self { key, state, source, detail, at_least, places })
    }
}
