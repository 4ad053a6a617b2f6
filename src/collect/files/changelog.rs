//! The change log, and whether it speaks of the latest version.

use super::library::{ENDINGS, Library};
use super::pattern::Pattern;
use super::{EntryKind, Repository, paths};
use crate::evidence::{Observation, Place};

static NAME: Pattern = Pattern::new(r"^(changelog|change[_-]log|changes|news|history|releases|release[_-]?notes)$");

/// Whether a path is a change log whose text is read.
pub(super) fn is_changelog(path: &str) -> bool {
    let (stem, ending) = paths::stem_and_ending(path);
    let folder = paths::folder(path).to_ascii_lowercase();
    matches!(folder.as_str(), "" | "docs" | "doc" | "documentation" | ".github")
        && ENDINGS.contains(&ending.as_str())
        && NAME.is_match(stem)
}

/// `docs.changelog` and `docs.changelog_covers_latest`.
pub(super) fn analyse(library: &Library<'_>) -> [Observation; 2] {
    const FILE: &str = "docs.changelog";
    const COVERS: &str = "docs.changelog_covers_latest";
    let Some(path) = find(library.repository) else { return [library.absent(FILE), library.absent(COVERS)] };
    let file = Observation::seen(FILE, path).at(Place::file(path));
    let latest = latest(&library.repository.tags);
    let Some((newest, _)) = latest.first() else {
        let none = if library.repository.tags.is_empty() {
            Observation::unavailable(COVERS, "no tag is known, so that there is no version to look for")
        } else {
            Observation::absent(COVERS).detail("no tag is a version")
        };
        return [file, none];
    };
    let covers = match library.text(path) {
        Ok(text) if text.trim().is_empty() => Observation::absent(COVERS),
        Ok(text) => {
            let line = text
                .lines()
                .position(|line| is_heading(line) && latest.iter().any(|(_, version)| names(line, version)))
                .and_then(|index| u32::try_from(index + 1).ok());
            let covered =
                Observation::seen(COVERS, line.is_some()).detail(format!("the latest version tag is {newest}"));
            covered.at(Place { line, ..Place::file(path) })
        }
        Err(reason) => Observation::failed(COVERS, reason),
    };
    [file, covers]
}

fn find(repository: &Repository) -> Option<&str> {
    repository
        .entries
        .iter()
        .filter(|entry| entry.kind != EntryKind::Submodule)
        .map(|entry| entry.path.as_str())
        .filter(|path| is_changelog(path))
        .min_by_key(|path| (!is_plainly_named(path), paths::depth(path), *path))
}

fn is_plainly_named(path: &str) -> bool {
    paths::stem_and_ending(path).0.to_ascii_lowercase().starts_with("change")
}

/// The tags that may be called the latest, with their numbers: the newest version, and the highest where a fix for an
/// older one came after it. Previews are left out.
fn latest(tags: &[String]) -> Vec<(String, String)> {
    static VERSION: Pattern = Pattern::new(r"^([a-z][\w.-]*?[-_/@])?v?(\d+(\.\d+)+|\d+(_\d+)+)(\+[\w.]+)?$");
    let versions: Vec<(&str, String)> = tags
        .iter()
        .filter_map(|tag| {
            let version = VERSION.find_all(tag).into_iter().next()?.get(2)?.as_str().replace('_', ".");
            Some((tag.as_str(), version))
        })
        .collect();
    let highest = versions.iter().max_by_key(|(_, version)| numbers(version));
    let latest = versions.first().into_iter().chain(highest);
    latest.map(|(tag, version)| (super::note::note(tag), version.clone())).collect()
}

fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

/// A line that may head an entry: one with the mark of a heading, or a short one such as `1.2.0 (2026-01-01)`.
fn is_heading(line: &str) -> bool {
    static MARKED: Pattern = Pattern::new(r"^(#{1,6}\s|={1,5}\s|<h[1-6])");
    static SHORT: Pattern = Pattern::new(r"^[\s*_\[(]*([\w-]+ ){0,3}(version |release )?[*_\[]*v?\d+\.\d");
    let is_short = line.split_whitespace().count() <= 7 && !line.trim_end().ends_with(['.', ',', ';']);
    line.len() < 300 && (MARKED.is_match(line) || (is_short && SHORT.is_match(line)))
}

/// Whether a line names exactly this version: `1.2.0` is not named by `1.2.0.1` or `11.2.0`.
fn names(line: &str, version: &str) -> bool {
    line.match_indices(version).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let mut after = line.get(at + version.len()..).unwrap_or_default().chars();
        let ends = match after.next() {
            Some('.') => !after.next().is_some_and(|next| next.is_ascii_digit()),
            Some('-') => !after.next().is_some_and(|next| matches!(next, 'a' | 'b' | 'r' | 'd' | 'p')),
            Some(next) => !next.is_ascii_alphanumeric(),
            None => true,
        };
        ends && !before.is_some_and(|before| before.is_ascii_digit() || before == '.')
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::repository;
    use super::*;
    use crate::evidence::State;

    #[test]
    fn names_of_change_logs() {
        for path in [
            "CHANGELOG.md",
            "CHANGES",
            "NEWS.rst",
            "docs/HISTORY.md",
            "RELEASES.md",
            "ReleaseNotes/x",
            "release-notes.md",
        ] {
            assert_eq!(is_changelog(path), path != "ReleaseNotes/x", "{path}");
        }
        for path in
            ["changelog.py", "src/CHANGELOG.md", "newsletter.md", "docs/a/CHANGES.md", "CHANGES.json", "RELEASE.md"]
        {
            assert!(!is_changelog(path), "{path}");
        }
    }

    #[test]
    fn the_latest_version_is_looked_for() {
        for (tags, text, expected) in [
            (vec!["v1.2.0", "v1.1.0"], "# Changes\n\n## [1.2.0] - 2026-01-01\n", Some(true)),
            (vec!["widget-1.2.0"], "1.2.0 (2026-01-01)\n=====\n", Some(true)),
            (vec!["v1.3.0-rc.1", "v1.2.0"], "## 1.2.0\n", Some(true)),
            (vec!["v1.2.0"], "## 1.2.0.1\n## 11.2.0\n## 1.2.0-rc1\n", Some(false)),
            (vec!["v1.2.0"], "## Unreleased\n\nSince 1.2.0 we fixed much.\n", Some(false)),
            (vec!["v1.1.9", "v1.2.0"], "## 1.2.0\n", Some(true)),
            (vec!["widget-1_2_0"], "## 1.2.0\n", Some(true)),
            (vec!["nightly"], "## 1.2.0\n", None),
            (vec!["v1.2.0"], "", None),
        ] {
            let mut repository = repository(&[("CHANGELOG.md", text)]);
            repository.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
            let [file, covers] = analyse(&Library::new(&repository));
            assert!(file.value().is_some());
            let expected = expected.map_or(State::Absent, |covers| State::Observed(covers.into()));
            assert_eq!(covers.state, expected, "{tags:?} {text}");
        }
    }

    #[test]
    fn without_tags_nothing_is_known_of_the_latest_version() {
        let repository = repository(&[("CHANGELOG.md", "## 1.2.0\n")]);
        let [_, covers] = analyse(&Library::new(&repository));
        assert!(matches!(covers.state, State::Unavailable { .. }));
    }
}
