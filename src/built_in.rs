//! What `build.rs` read of `questionnaires/` when the program was built.

use serde::de::DeserializeOwned;

use crate::yaml::{Document, Node};

/// A questionnaire file.
struct BuiltIn {
    /// Its path in the project.
    name: &'static str,
    text: &'static str,
    /// Its nodes, in the form of the crate `postcard`; nothing for a lock.
    tree: &'static [u8],
}

/// The files with questions, models, relations and replaced questions, and the lock.
const QUESTIONNAIRES: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/questionnaires.in"));

/// A table of the program itself: its text, and the same as JSON.
pub(crate) struct Table {
    pub(crate) yaml: &'static str,
    json: &'static str,
}

macro_rules! table {
    ($name:literal) => {
        Table {
            yaml: include_str!(concat!("../questionnaires/", $name, ".yaml")),
            json: include_str!(concat!(env!("OUT_DIR"), "/", $name, ".json")),
        }
    };
}

pub(crate) const EVENTS: Table = table!("events");
pub(crate) const OBSERVATIONS: Table = table!("observations");
pub(crate) const PERMISSIONS: Table = table!("permissions");
pub(crate) const TOOLS: Table = table!("tools");

impl Table {
    /// What it holds. The error says what is wrong.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_str(self.json).map_err(|error| error.to_string())
    }
}

/// The questionnaire files, named by their path in the project.
pub(crate) fn questionnaires() -> Vec<Document> {
    QUESTIONNAIRES.iter().map(|file| Document::new(file.name, file.text)).collect()
}

/// The tree of a document that is a built-in file, unchanged; none of any other.
pub(crate) fn tree(document: &Document) -> Option<Node> {
    let file = QUESTIONNAIRES.iter().find(|file| file.name == document.name() && file.text == document.text())?;
    postcard::from_bytes(file.tree).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::LOCK_FILE;
    use crate::yaml::parse;

    #[test]
    fn trees_are_those_of_the_texts() {
        for document in questionnaires() {
            let is_lock = document.name().ends_with(LOCK_FILE);
            assert_eq!(tree(&document), parse(&document).ok().filter(|_| !is_lock), "{}", document.name());
            assert!(is_lock || tree(&document).is_some(), "{}", document.name());
        }
    }

    #[test]
    fn a_file_that_was_changed_has_no_tree() {
        let changed = |document: &Document| Document::new(document.name(), format!("{}\n", document.text()));
        assert!(questionnaires().iter().all(|document| tree(&changed(document)).is_none()));
        assert_eq!(tree(&Document::new("questions.yaml", "a: 1\n")), None);
    }

    #[test]
    fn tables_are_those_of_the_texts() {
        for table in [EVENTS, OBSERVATIONS, PERMISSIONS, TOOLS] {
            let read: serde_json::Value = table.read().unwrap();
            assert_eq!(read, serde_saphyr::from_str::<serde_json::Value>(table.yaml).unwrap());
            assert!(read.is_object());
        }
    }
}
