//! What answers rest on, by digest: the files that events watch, and the folders of the two uppermost levels.
//!
//! A digest is of what counts in a file, so that white space, comments and another pin of the same action make no change.

use std::collections::BTreeSet;

use regex::Regex;
use sha2::{Digest as _, Sha256};

use super::{Content, EntryKind, Repository, roster};
use crate::evidence::{Event, Events, Observation, Reading, Share, State, Value};

/// The most files that one anchor lists.
const MAX_FILES: usize = 200;
/// The most folders that are listed.
const MAX_FOLDERS: usize = 2_000;
/// The digits of a digest that are kept.
const DIGITS: usize = 16;
/// Why a tree that was cut has no anchors.
const CUT: &str = "the list of files was cut";

/// The files that an event watches: by patterns, and by the paths that observations name.
pub(crate) struct Watch {
    pub(crate) event: &'static Event,
    patterns: Vec<Regex>,
    named: BTreeSet<String>,
}

impl Watch {
    /// What each event watches. `observations` are those that files give.
    pub(crate) fn all(observations: &[Observation]) -> Vec<Self> {
        let watch = |event: &'static Event| Self {
            event,
            patterns: event.patterns(),
            named: event.documents.iter().flat_map(|key| paths_of(key, observations)).collect(),
        };
        Events::built_in().all().iter().filter(|event| event.anchor.is_some()).map(watch).collect()
    }

    pub(crate) fn watches(&self, path: &str) -> bool {
        self.named.contains(path) || self.patterns.iter().any(|pattern| pattern.is_match(path))
    }

    /// Whether something in this folder, which ends with a slash, may be watched.
    pub(crate) fn enters(&self, folder: &str) -> bool {
        let under = |path: &String| {
            // Up to the first wildcard the folder and the path must be the same.
            let fixed = path.split('*').next().unwrap_or_default();
            let (folder, fixed) = (folder.to_ascii_lowercase(), fixed.to_ascii_lowercase());
            fixed.starts_with(&folder) || (path.contains("**") && folder.starts_with(&fixed))
        };
        self.event.paths.iter().any(under) || self.named.iter().any(|path| path.starts_with(folder))
    }
}

/// The paths that an observation names: its places, and its value where that is a path.
fn paths_of(key: &str, observations: &[Observation]) -> Vec<String> {
    let Some(observation) = observations.iter().find(|observation| observation.key == key) else { return Vec::new() };
    let places = observation.places.iter().filter_map(|place| place.path.clone());
    let values = match observation.value() {
        Some(Value::Text(path)) => vec![path.clone()],
        Some(Value::List(paths)) => paths.clone(),
        _ => Vec::new(),
    };
    places.chain(values).collect()
}

/// The anchors of a repository.
pub(super) fn analyse(repository: &Repository, observations: &[Observation]) -> Vec<Observation> {
    let anchor = |watch: Watch| {
        let key = watch.event.anchor.as_deref()?;
        Some(match (watch.event.reading, repository.complete) {
            (_, false) => Observation::new(key, State::Unavailable { reason: CUT.to_owned() }),
            (Reading::Layout, true) => layout(key, repository),
            (reading, true) => files(key, &watch, reading, repository),
        })
    };
    Watch::all(observations).into_iter().filter_map(anchor).collect()
}

fn files(key: &str, watch: &Watch, reading: Reading, repository: &Repository) -> Observation {
    let entries = repository.entries.iter().filter(|entry| entry.kind != EntryKind::Submodule);
    let entries: Vec<_> = entries.filter(|entry| watch.watches(&entry.path)).collect();
    // The id of a file whose text is compared would look like a change of it; and a README that could not be read may be
    // one that observations name, so that it would be watched.
    let may_be_named = |path: &str| !watch.event.documents.is_empty() && is_readme(path);
    let readmes = repository.entries.iter().filter(|entry| may_be_named(&entry.path));
    for entry in entries.iter().copied().chain(readmes) {
        if let Some(Content::Unread { reason }) = repository.contents.get(&entry.path) {
            return Observation::failed(key, format!("`{}` could not be read: {reason}", entry.path));
        }
    }
    let mut watched: Vec<String> = entries
        .into_iter()
        .map(|entry| {
            let digest = match repository.contents.get(&entry.path) {
                Some(Content::Text(text)) if reading == Reading::People => roster::anchor(&entry.path, text),
                Some(Content::Text(text)) => format!("text:{}", digest(reading, text)),
                _ => format!("blob:{}", entry.id.get(..DIGITS).unwrap_or(&entry.id)),
            };
            format!("{} {digest}", entry.path)
        })
        .collect();
    watched.sort();
    let count = watched.len();
    watched.truncate(MAX_FILES);
    let observation = Observation::list(key, watched);
    if count > MAX_FILES { observation.detail(format!("{count} in all, {MAX_FILES} listed")) } else { observation }
}

/// Whether it is a README of the uppermost folder.
fn is_readme(path: &str) -> bool {
    path.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("readme")) && !path.contains('/')
}

fn layout(key: &str, repository: &Repository) -> Observation {
    let folders: BTreeSet<&str> = repository.entries.iter().flat_map(|entry| uppermost(&entry.path)).collect();
    Observation::list(key, folders.into_iter().take(MAX_FOLDERS).map(str::to_owned).collect())
}

/// The folders of the two uppermost levels in which a file lies.
pub(crate) fn uppermost(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').take(2).filter_map(|(end, _)| path.get(..end))
}

/// The fewest folders that a restructured code moves.
const MIN_MOVED: usize = 3;

/// Whether so many folders came and went, of so many that there are, that the code was restructured.
pub(crate) fn is_restructured(share: Option<Share>, moved: usize, all: usize) -> bool {
    moved >= MIN_MOVED && share.is_none_or(|share| share.is_reached(moved, all))
}

/// The digest of what counts in a text.
pub(crate) fn digest(reading: Reading, text: &str) -> String {
    let mut hasher = Sha256::new();
    let mut put = |word: &str| {
        hasher.update(word.as_bytes());
        hasher.update(b" ");
    };
    match reading {
        Reading::Text | Reading::People | Reading::Layout => text.split_whitespace().for_each(&mut put),
        Reading::Workflow => {
            for line in text.lines() {
                for word in &workflow_words(line) {
                    put(word);
                }
            }
        }
    }
    format!("{:x}", hasher.finalize()).chars().take(DIGITS).collect()
}

/// The words of a line of a workflow without a comment; of what is used, without its version.
fn workflow_words(line: &str) -> Vec<&str> {
    let line = match line.find(" #") {
        _ if line.trim_start().starts_with('#') => "",
        Some(comment) => line.get(..comment).unwrap_or(line),
        None => line,
    };
    let mut words: Vec<&str> = line.split_whitespace().collect();
    if let Some(position) = words.iter().position(|word| *word == "uses:")
        && let Some(used) = words.get_mut(position + 1)
    {
        *used = used.trim_matches(['"', '\'']).split('@').next().unwrap_or_default();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::fixture::repository;
    use super::*;

    fn anchors(files: &[(&str, &str)], key: &str) -> Option<Value> {
        let observations = super::super::analyse(&repository(files));
        observations.into_iter().find(|observation| observation.key == key).and_then(|found| found.value().cloned())
    }

    #[test]
    fn what_does_not_count_changes_no_digest() {
        let workflow = |text: &str| digest(Reading::Workflow, text);
        let base = workflow("on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n");
        for same in [
            "on: push # often\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@11bd71901bbe # v4.2\n",
            "# Made by hand.\non: push\n\njobs:\n  a:\n    steps:\n      - uses: 'actions/checkout@v5'\n",
        ] {
            assert_eq!(workflow(same), base, "{same}");
        }
        for other in [
            "on: pull_request\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n",
            "on: push\njobs:\n  a:\n    steps:\n      - uses: evil/checkout@v4\n",
            "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: make\n",
        ] {
            assert_ne!(workflow(other), base, "{other}");
        }
        let text = |text: &str| digest(Reading::Text, text);
        assert_eq!(text("Mail  us.\n"), text("Mail\nus."));
        assert_ne!(text("Mail us."), text("Call us."));
    }

    #[test]
    fn a_readme_that_could_not_be_read_may_be_watched() {
        let mut repository = repository(&[("README.md", "# A"), ("GOVERNANCE.md", "# G")]);
        let state = |repository: &Repository| {
            let observations = super::super::analyse(repository);
            observations.into_iter().find(|observation| observation.key == "anchors.documents").unwrap().state
        };
        assert!(matches!(state(&repository), State::Observed(_)), "{:?}", state(&repository));
        repository.contents.insert("README.md".into(), Content::Unread { reason: "lost".into() });
        assert!(matches!(state(&repository), State::Failed { .. }), "{:?}", state(&repository));
    }

    #[test]
    fn watched_files_are_listed_with_their_digests() {
        let files =
            [("SECURITY.md", "# Security\n\nMail a@example.org.\n"), ("src/deep/er/a.rs", ""), ("README.md", "")];
        let Some(Value::List(policy)) = anchors(&files, "anchors.security_policy") else { panic!() };
        assert!(policy.len() == 1 && policy[0].starts_with("SECURITY.md text:"), "{policy:?}");
        let folders = Value::List(vec!["src".into(), "src/deep".into()]);
        assert_eq!(anchors(&files, "anchors.layout"), Some(folders));
        assert_eq!(anchors(&files, "anchors.workflows"), None);
    }

    #[test]
    fn folders_are_entered_where_something_may_be_watched() {
        let watch = Watch::all(&[]).into_iter().find(|watch| watch.event.id == "workflows-changed").unwrap();
        for (folder, expected) in [
            (".github/", true),
            (".github/workflows/", true),
            (".circleci/", true),
            ("src/", false),
            (".github/x/", false),
        ] {
            assert_eq!(watch.enters(folder), expected, "{folder}");
        }
        let share = Events::built_in().get("code-restructured").unwrap().share;
        let is_restructured = |moved, all| is_restructured(share, moved, all);
        assert!(is_restructured(3, 9) && !is_restructured(2, 3) && !is_restructured(3, 10));
    }
}
