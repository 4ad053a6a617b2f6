//! What repository files tell: one analysis for GitHub and for local checkouts.
//!
//! A collector lists the tree, asks [`wanted()`] which contents matter, reads those, and hands both over as a
//! [`Repository`]. [`analyse`] turns that into observations. Nothing here knows GitHub, git or the file system.

pub(crate) mod anchors;
mod badge_entry;
mod binaries;
mod changelog;
mod commit_hooks;
mod contributing;
mod declared;
mod defaults;
mod dependencies;
mod documents;
#[cfg(test)]
pub(crate) mod fixture;
mod fuzzing;
mod governance;
pub(crate) mod insights;
mod library;
mod licence_text;
mod licences;
mod maintainers;
mod manifests;
pub(crate) mod note;
mod other_ci;
mod outline;
mod paths;
mod pattern;
mod policies;
mod prose;
mod reading;
mod response;
pub(crate) mod roster;
mod security_policy;
mod tree;
mod wanted;
mod workflows;
pub(crate) mod yaml;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::evidence::{Observation, State, Value};
use library::Library;

/// What an entry of the tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    File,
    /// A file with its executable bit set.
    Executable,
    Symlink,
    Submodule,
}

/// A file, link or submodule of the tree. Folders are not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path from the root, with `/`; bytes that are not UTF-8 are replaced.
    pub path: String,
    pub kind: EntryKind,
    /// Size in bytes, where the source tells it.
    pub size: Option<u64>,
    /// Git's id of the blob, in hexadecimal.
    pub id: String,
}

/// The content of a file, as far as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text; bytes that are not UTF-8 are replaced.
    Text(Arc<str>),
    /// Not text: its first bytes, at most 512, or none where the source only tells that it is binary.
    Binary(Vec<u8>),
    /// Larger than the collector reads.
    TooLarge(u64),
    /// It is in the tree, but could not be read.
    Unread { reason: String },
}

/// How much of a file the analysis wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    Nothing,
    /// The first 512 bytes, to tell what kind of file it is.
    Head,
    /// All of it, up to [`MAX_TEXT`] bytes.
    Text,
}

/// The largest file that is read as text, in bytes.
pub const MAX_TEXT: u64 = 1024 * 1024;

/// The community files of the organisation's `.github` repository, which stand in for missing ones.
#[derive(Clone, Debug, Default)]
pub struct Inherited {
    /// Address of the repository and commit they come from, such as `https://github.com/acme/.github/blob/main`.
    pub base_link: String,
    pub files: BTreeMap<String, Content>,
}

/// All that a collector has read of a repository.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    pub entries: Vec<Entry>,
    /// Whether `entries` is the whole tree.
    pub complete: bool,
    pub contents: BTreeMap<String, Content>,
    pub inherited: Option<Inherited>,
    /// Why it is not known what `inherited` may hold besides. None where all is known, or that there is nothing.
    pub unseen_defaults: Option<State>,
    /// Names of the repository's tags, as far as known, the newest first.
    pub tags: Vec<String>,
}

/// How much of this file the analysis wants. Collectors read no more than that.
pub fn wanted(entry: &Entry) -> Want {
    wanted::wanted(entry)
}

/// Whether a file that is known to be binary, and no more, may be a picture as well as a program, so that its first bytes
/// are worth a request.
pub fn needs_first_bytes(path: &str) -> bool {
    binaries::needs_first_bytes(path)
}

/// The observations that the files of a repository give: one for each key that the vocabulary lists with `by: files`.
pub fn analyse(repository: &Repository) -> Vec<Observation> {
    let library = Library::new(repository);
    let mut observations = Vec::new();
    observations.extend(security_policy::analyse(&library));
    observations.extend(contributing::analyse(&library));
    observations.extend(governance::analyse(&library));
    observations.extend(policies::analyse(&library));
    observations.extend(licences::analyse(&library));
    observations.extend(documents::analyse(&library));
    observations.push(badge_entry::analyse(&library));
    observations.extend(changelog::analyse(&library));
    observations.extend(dependencies::analyse(repository));
    observations.extend(other_ci::analyse(repository));
    observations.extend(workflows::analyse(repository));
    observations.extend(tree::analyse(repository));
    observations.extend(binaries::analyse(repository));
    observations.extend(insights::analyse(repository));
    observations.extend(anchors::analyse(repository, &observations));
    let made = observations.into_iter().map(|observation| defaults::allowed_for(&library, observation));
    made.map(|observation| made_plain(observation).from("git tree and files")).collect()
}

/// The same without control characters, which file names may hold.
fn made_plain(mut observation: Observation) -> Observation {
    match &mut observation.state {
        State::Observed(Value::Text(text)) => *text = note::visible(text),
        State::Observed(Value::List(items)) => items.iter_mut().for_each(|item| *item = note::visible(item)),
        State::Failed { reason } | State::Unavailable { reason } => *reason = note::visible(reason),
        _ => {}
    }
    let places = observation.places.iter_mut().flat_map(|place| [&mut place.path, &mut place.link, &mut place.note]);
    for text in places.flatten() {
        *text = note::visible(text);
    }
    observation
}

/// The answers file that the subject itself keeps. A link is none.
pub fn answers(repository: &Repository) -> Option<String> {
    let path = crate::answers::ANSWERS_PATH;
    let is_link = |entry: &Entry| entry.path == path && entry.kind == EntryKind::Symlink;
    match repository.contents.get(path) {
        Some(Content::Text(text)) if !repository.entries.iter().any(is_link) => Some(text.to_string()),
        _ => None,
    }
}

/// Where a project keeps its answers to the Best Practices Badge.
pub const BADGE_FILES: [&str; 2] = [".bestpractices.json", ".project.d/bestpractices.json"];
/// Where a project tells CLOMonitor what does not apply.
pub const CLOMONITOR_FILE: &str = ".clomonitor.yml";

/// The files in which the subject declares answers, with their texts: Security Insights first. Links are none.
pub fn declared(repository: &Repository) -> Vec<(String, String)> {
    let others = BADGE_FILES.into_iter().chain([CLOMONITOR_FILE]);
    let is_link =
        |path: &str| repository.entries.iter().any(|entry| entry.path == path && entry.kind == EntryKind::Symlink);
    let text = |path: &str| match repository.contents.get(path) {
        Some(Content::Text(text)) if !is_link(path) => Some((path.to_owned(), text.to_string())),
        _ => None,
    };
    insights::find(repository).into_iter().chain(others).filter_map(text).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::fixture::{repository, with};
    use super::*;
    use crate::evidence::Vocabulary;

    fn observe(repository: &Repository, key: &str) -> Observation {
        analyse(repository).into_iter().find(|observation| observation.key == key).unwrap()
    }

    #[test]
    fn each_key_of_the_vocabulary_is_observed_once_with_its_type() {
        let files =
            [("README.md", "# W\n"), ("SECURITY.md", "Mail a@example.org, we reply in 2 days.\n"), ("Cargo.toml", "")];
        for repository in [repository(&[]), repository(&files)] {
            let observations = analyse(&repository);
            for observation in &observations {
                let info = Vocabulary::built_in().get(&observation.key).unwrap();
                assert!(info.told_by("files"), "{}", info.key);
                if let Some(value) = observation.value() {
                    assert!(info.kind.admits(value), "{observation:?}");
                }
                assert!(info.states().contains(&observation.state.word()), "{observation:?}");
            }
            let given: Vec<&str> = observations.iter().map(|observation| observation.key.as_str()).collect();
            let known: BTreeSet<&str> = given.iter().copied().collect();
            assert_eq!(given.len(), known.len());
            let expected: BTreeSet<&str> = Vocabulary::built_in()
                .keys()
                .filter(|info| info.told_by("files"))
                .map(|info| info.key.as_str())
                .collect();
            assert_eq!(known, expected);
        }
    }

    #[test]
    fn names_that_only_look_like_policies_prove_nothing() {
        let repository = repository(&[
            ("README.md", "# Security, Governance, Contributing\n\nSee the site.\n"),
            ("security/x.txt", "x"),
            ("contributing_stats.py", "x"),
            ("users.go", "x"),
            ("src/maintainers.rs", "x"),
        ]);
        for observation in analyse(&repository) {
            let is_policy = observation.key.starts_with("policy.");
            assert!(!is_policy || observation.state == State::Absent, "{observation:?}");
        }
        let folder = observe(&repository, "tree.security_folder");
        assert!(folder.detail.is_some_and(|detail| detail.starts_with("loose match: ")));
    }

    #[test]
    fn an_empty_repository_has_nothing() {
        for observation in analyse(&repository(&[])) {
            match observation.key.as_str() {
                "tree.files" => assert_eq!(observation.state, State::Observed(0_usize.into())),
                "tree.complete" => assert_eq!(observation.state, State::Observed(true.into())),
                _ => assert_eq!(observation.state, State::Absent, "{}", observation.key),
            }
        }
    }

    #[test]
    fn a_tree_that_was_cut_proves_no_absence() {
        let cut = Repository::default();
        for observation in analyse(&cut) {
            assert_ne!(observation.state, State::Absent, "{}", observation.key);
        }
    }

    #[test]
    fn empty_files_are_there_but_say_nothing() {
        let paths =
            ["SECURITY.md", "CONTRIBUTING.md", "GOVERNANCE.md", "README.md", "CODEOWNERS", "security-insights.yml"];
        let repository = repository(&paths.map(|path| (path, "")));
        for key in ["policy.security", "policy.contributing", "policy.governance", "docs.readme", "insights.file"] {
            assert!(observe(&repository, key).value().is_some(), "{key}");
        }
        for key in ["policy.security_contacts", "policy.roles", "policy.codeowners_cover_all", "insights.version"] {
            assert_eq!(observe(&repository, key).state, State::Absent, "{key}");
        }
    }

    #[test]
    fn a_link_holds_no_answers() {
        let path = crate::answers::ANSWERS_PATH;
        for (kind, expected) in [(EntryKind::File, Some("text")), (EntryKind::Symlink, None)] {
            let repository = with(repository(&[]), path, kind, Content::Text(Arc::from("text")));
            assert_eq!(answers(&repository).as_deref(), expected);
        }
    }

    #[test]
    fn names_from_repositories_stay_plain_text() {
        let odd = "docs/\u{1b}[31m<b>threat-model\n.md";
        let repository =
            with(repository(&[]), odd, EntryKind::File, Content::Text(Arc::from("# Threat model\n\u{7}x")));
        for observation in analyse(&repository) {
            let shown = serde_json::to_string(&observation).unwrap();
            assert!(!shown.contains("\\u00") && !shown.contains("\\n"), "{shown}");
        }
    }

    #[test]
    fn places_are_few_and_notes_are_short() {
        let links = (0..500).map(|n| format!("[a](http://{n}.acme.dev/{})", "x".repeat(300))).collect::<Vec<_>>();
        let observation = observe(&repository(&[("README.md", &links.join("\n"))]), "docs.unencrypted_links");
        assert_eq!(observation.detail.as_deref(), Some("500 in all, 100 listed"));
        assert_eq!(observation.places.len(), 20);
    }
}
