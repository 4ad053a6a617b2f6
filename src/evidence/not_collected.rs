//! What could be read and is not, with the reason, from `questionnaires/not_collected.yaml`.

use std::sync::OnceLock;

use serde::Deserialize;

/// Something that is not asked for or not kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotCollected {
    /// The heading under which it stands.
    pub topic: String,
    pub what: String,
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    entries: Vec<NotCollected>,
}

const SCHEMA: &str = "seaworthy.not-collected/1";
const NOT_COLLECTED_YAML: &str = include_str!("../../questionnaires/not_collected.yaml");

impl NotCollected {
    /// The built-in list, in the order of the file. A test reads it; should it be broken all the same, it is empty.
    pub fn built_in() -> &'static [Self] {
        static BUILT_IN: OnceLock<Vec<NotCollected>> = OnceLock::new();
        BUILT_IN.get_or_init(|| Self::parse(NOT_COLLECTED_YAML).unwrap_or_default())
    }

    /// Reads a list. The error says what is wrong and where.
    fn parse(yaml: &str) -> Result<Vec<Self>, String> {
        let file: File = serde_saphyr::from_str(yaml).map_err(|error| error.to_string())?;
        if file.schema != SCHEMA {
            return Err(format!("schema is `{}`, must be `{SCHEMA}`", file.schema));
        }
        Ok(file.entries)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_built_in_list_is_read_and_in_order() {
        let entries = NotCollected::parse(NOT_COLLECTED_YAML).unwrap();
        let mut topics: Vec<&str> = entries.iter().map(|entry| entry.topic.as_str()).collect();
        topics.dedup();
        assert_eq!(topics.len(), topics.iter().collect::<BTreeSet<_>>().len(), "entries of a topic stand together");
        let what: BTreeSet<&str> = entries.iter().map(|entry| entry.what.as_str()).collect();
        assert_eq!(what.len(), entries.len(), "nothing stands twice");
        for entry in &entries {
            assert!(entry.why.ends_with('.') && !entry.what.ends_with('.'), "{entry:?}");
            for text in [&entry.topic, &entry.what, &entry.why] {
                assert!(text.starts_with(char::is_uppercase) && text.trim() == text, "{entry:?}");
                assert!(text.len() >= 5 && text.len() <= 200, "{entry:?}");
                // It stands in Markdown: nothing there may be read as markup, but names in backticks.
                assert!(!text.contains(['<', '>', '*', '|', '#', '\n', '\\']), "{entry:?}");
                assert!(text.matches('`').count() % 2 == 0, "{entry:?}");
            }
        }
    }

    #[test]
    fn another_schema_is_refused() {
        assert!(NotCollected::parse("schema: x\nentries: []\n").unwrap_err().contains("must be"));
        assert!(NotCollected::parse("schema: seaworthy.not-collected/1\nentries: [{ topic: a }]\n").is_err());
    }
}
