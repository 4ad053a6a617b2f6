//! Events after which an answer must be looked at again: a closed list, read from `questionnaires/events.yaml`.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use crate::built_in::EVENTS;

/// The text of the list, as it is built in.
pub const EVENTS_YAML: &str = EVENTS.yaml;
const SCHEMA: &str = "seaworthy.events/1";

/// The word in `touches` that means all questions.
const EVERYTHING: &str = "everything";
/// What is compared of the subject itself, beside observations.
pub const SUBJECT_OWNER: &str = "subject.owner";

/// What of a file counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// The words, whatever the white space between them.
    #[default]
    Text,
    /// The words without comments and without the version of what is used.
    Workflow,
    /// The people whom it names; the words where it names nobody.
    People,
    /// No file: the folders of the two uppermost levels.
    Layout,
}

/// A share, written as `1/3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Share {
    pub of: u32,
    pub all: u32,
}

impl Share {
    /// Whether a part of a whole is as large.
    pub fn is_reached(self, part: usize, whole: usize) -> bool {
        let wide = |number: usize| u128::try_from(number).unwrap_or(u128::MAX);
        wide(part).saturating_mul(self.all.into()) >= wide(whole).saturating_mul(self.of.into())
    }
}

impl TryFrom<String> for Share {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(of, all)| Some((of.parse().ok()?, all.parse().ok()?)));
        let share = parts.map(|(of, all)| Self { of, all }).filter(|share| 0 < share.of && share.of <= share.all);
        share.ok_or_else(|| format!("`{text}` is no share such as 5/6"))
    }
}

impl From<Share> for String {
    fn from(share: Share) -> Self {
        format!("{}/{}", share.of, share.all)
    }
}

/// How an observation is compared with an earlier one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    #[default]
    Value,
    /// The series of the version that it names.
    Major,
}

/// An observation that is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Compared {
    pub key: String,
    pub by: By,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Key(String),
    By { key: String, by: By },
}

impl From<Written> for Compared {
    fn from(written: Written) -> Self {
        match written {
            Written::Key(key) => Self { key, by: By::Value },
            Written::By { key, by } => Self { key, by },
        }
    }
}

/// Which questions an event touches beside those that name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Touches {
    Word(String),
    Events(Vec<String>),
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub id: String,
    pub title: String,
    pub meaning: String,
    /// The observation that holds the day of the last change.
    pub changed: String,
    /// The observation that holds the digests of the files watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// An observation that tells the day itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated_by: Option<String>,
    /// Patterns of the paths watched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// Observations that name further files to watch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    #[serde(default)]
    pub reading: Reading,
    /// Of folders or people: the share that must have come or gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compare: Vec<Compared>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    touches: Option<Touches>,
}

impl Event {
    /// Whether it touches a question that is to be looked at again after these events.
    pub fn touches(&self, revisit_on: &[String]) -> bool {
        let named = |id: &String| revisit_on.contains(id);
        named(&self.id)
            || match &self.touches {
                Some(Touches::Word(word)) => word == EVERYTHING,
                Some(Touches::Events(events)) => events.iter().any(named),
                None => false,
            }
    }

    /// Expressions for the paths watched.
    pub fn patterns(&self) -> Vec<Regex> {
        self.paths.iter().filter_map(|path| glob(path)).collect()
    }
}

/// A pattern of paths as a regular expression: `*` is anything but a slash, `**` is anything.
fn glob(pattern: &str) -> Option<Regex> {
    let escaped = regex::escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]*");
    RegexBuilder::new(&format!("^{escaped}$")).case_insensitive(true).build().ok()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    due: Share,
    events: Vec<Event>,
}

/// All events.
#[derive(Clone, Debug)]
pub struct Events {
    events: Vec<Event>,
    /// The share of its time after which an answer is due.
    due: Share,
}

impl Events {
    /// The built-in list. A test reads it; should it be broken all the same, it is empty.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Events> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            EVENTS.read().and_then(Self::of).unwrap_or(Self { events: Vec::new(), due: Share { of: 1, all: 1 } })
        })
    }

    /// Reads a list. The error says what is wrong and where.
    pub fn parse(yaml: &str) -> Result<Self, String> {
        Self::of(serde_saphyr::from_str(yaml).map_err(|error| error.to_string())?)
    }

    fn of(file: File) -> Result<Self, String> {
        if file.schema != SCHEMA {
            return Err(format!("schema is `{}`, must be `{SCHEMA}`", file.schema));
        }
        Ok(Self { events: file.events, due: file.due })
    }

    /// In the order of the file.
    pub fn all(&self) -> &[Event] {
        &self.events
    }

    pub fn get(&self, id: &str) -> Option<&Event> {
        self.events.iter().find(|event| event.id == id)
    }

    /// How many of so many days are gone when an answer is due.
    pub fn due_days(&self, days: u64) -> u64 {
        days * u64::from(self.due.of) / u64::from(self.due.all)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::evidence::{Kind, Vocabulary};

    #[test]
    fn the_built_in_list_names_only_what_there_is() {
        let events = Events::parse(EVENTS_YAML).unwrap();
        let vocabulary = Vocabulary::built_in();
        let kind = |key: &str| vocabulary.get(key).unwrap_or_else(|| panic!("{key}")).kind;
        let mut ids = BTreeSet::new();
        for event in events.all() {
            assert!(ids.insert(&event.id), "{} stands twice", event.id);
            assert!(event.meaning.ends_with('.') && !event.title.ends_with('.'), "{}", event.id);
            assert_eq!(kind(&event.changed), Kind::Date, "{}", event.id);
            let anchors: Vec<Kind> = event.anchor.iter().map(|key| kind(key)).collect();
            assert!(anchors.iter().all(|anchor| *anchor == Kind::List), "{}", event.id);
            assert!(event.dated_by.iter().all(|key| kind(key) == Kind::Date), "{}", event.id);
            for key in event.documents.iter().chain(event.compare.iter().map(|compared| &compared.key)) {
                assert!(key == SUBJECT_OWNER || vocabulary.get(key).is_some(), "{}: {key}", event.id);
            }
            assert_eq!(event.patterns().len(), event.paths.len(), "{}", event.id);
            let watches = !event.paths.is_empty() || event.reading == Reading::Layout;
            assert_eq!(event.anchor.is_some(), watches, "{}", event.id);
            assert!(watches || !event.compare.is_empty(), "{} can never be told", event.id);
            let counts = matches!(event.reading, Reading::People | Reading::Layout);
            assert_eq!(event.share.is_some(), counts, "{}", event.id);
            if let Some(Touches::Events(others)) = &event.touches {
                assert!(others.iter().all(|other| events.get(other).is_some()), "{}", event.id);
            }
        }
        assert_eq!(events.due_days(366), 305);
    }

    #[test]
    fn the_page_on_validity_has_them_all() {
        let page = include_str!("../../docs/validity.md");
        let code = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        for event in Events::built_in().all() {
            let paths: Vec<&str> = event.paths.iter().map(String::as_str).collect();
            let watched = if event.reading == Reading::Layout { "folders".to_owned() } else { code(&paths) };
            let compared: Vec<&str> = event.compare.iter().map(|compared| compared.key.as_str()).collect();
            let row = format!("| `{}` | {} | {watched} | {} |", event.id, event.meaning, code(&compared));
            assert!(page.contains(&row), "docs/validity.md lacks this row:\n{row}");
        }
        let share = format!("{} of that time", String::from(Events::built_in().due));
        assert!(page.contains(&share));
    }

    #[test]
    fn patterns_are_of_paths() {
        for (pattern, path, expected) in [
            ("SECURITY*", "security.md", true),
            ("SECURITY*", "docs/SECURITY.md", false),
            (".github/workflows/*.yml", ".github/workflows/a.yml", true),
            (".github/workflows/*.yml", ".github/workflows/deep/a.yml", false),
            ("docs/**", "docs/a/b.md", true),
            ("a.b", "axb", false),
        ] {
            assert_eq!(glob(pattern).unwrap().is_match(path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert!(Events::parse("schema: x\ndue: 1/2\nevents: []\n").unwrap_err().contains("must be"));
        assert!(Events::parse("schema: seaworthy.events/1\ndue: 3/2\nevents: []\n").unwrap_err().contains("share"));
        assert!(Events::parse("schema: seaworthy.events/1\ndue: 1/2\nevents: [{ id: a }]\n").is_err());
    }
}
