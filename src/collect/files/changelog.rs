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
    let Some((first, _)) = latest.first() else {
        return [file, Observation::unavailable(COVERS, "no version tag is known")];
    };
    let covers = match library.text(path) {
        Ok(text) if text.trim().is_empty() => Observation::absent(COVERS),
        Ok(text) => {
            let found = latest.iter().find_map(|(tag, version)| Some((tag, line_of(text, version)?)));
            let (tag, line) = found.map_or((first, None), |(tag, line)| (tag, Some(line)));
            let covered = Observation::seen(COVERS, line.is_some()).detail(format!("the latest version tag is {tag}"));
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

/// The line of the heading that names this version.
fn line_of(text: &str, version: &str) -> Option<u32> {
    let index = text.lines().position(|line| is_heading(line) && names(line, version))?;
    u32::try_from(index + 1).ok()
}

/// The tags that may be called the latest, with their numbers: the highest version, and the newest where it is a fix
/// for an older one. Previews are left out.
fn latest(tags: &[String]) -> Vec<(String, String)> {
    static VERSION: Pattern = Pattern::new(r"^([a-z@][\w./@-]*?[-_/@])?v?(\d+(\.\d+)+|\d+(_\d+)+)(\+[\w.]+)?$");
    let versions: Vec<(&str, String)> = tags
        .iter()
        .filter_map(|tag| {
            let version = VERSION.find_all(tag).into_iter().next()?.get(2)?.as_str().replace('_', ".");
            Some((tag.as_str(), version))
        })
        .collect();
    let highest = versions.iter().max_by_key(|(_, version)| numbers(version));
    let latest = highest.into_iter().chain(versions.first());
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
    use crate::evidence::{State, Value};

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
            (vec!["rel/widget-1.3.0", "widget-1.2.0"], "## 1.2.0\n", Some(false)),
            (vec!["@acme/widget@1.3.0", "v1.2.0"], "## 1.3.0\n", Some(true)),
            (vec!["nightly"], "## 1.2.0\n", None),
            (vec!["v1.2.0"], "", None),
        ] {
            let mut repository = repository(&[("CHANGELOG.md", text)]);
            repository.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
            let [file, covers] = analyse(&Library::new(&repository));
            assert!(file.value().is_some());
            assert_eq!(covers.value().cloned(), expected.map(Value::from), "{tags:?} {text}");
        }
    }

    #[test]
    fn the_version_that_is_named_is_the_one_that_was_found() {
        for (text, covered, line, version) in [
            ("## 5.2.1\n", true, Some(1), "v5.2.1"),
            ("## 5.3.0\n\n## 4.9.9\n", true, Some(3), "v4.9.9"),
            ("## 4.9.8\n", false, None, "v5.2.1"),
        ] {
            let mut repository = repository(&[("CHANGELOG.md", text)]);
            repository.tags = ["v4.9.9", "v5.2.1", "v4.9.8"].map(str::to_owned).to_vec();
            let [_, covers] = analyse(&Library::new(&repository));
            assert_eq!(covers.value(), Some(&covered.into()), "{text}");
            assert_eq!(covers.places[0].line, line, "{text}");
            assert_eq!(covers.detail, Some(format!("the latest version tag is {version}")));
        }
    }

    #[test]
    fn where_no_version_is_known_nothing_is_claimed() {
        for tags in [&["nightly"][..], &[]] {
            let mut repository = repository(&[("CHANGELOG.md", "## 1.2.0\n")]);
            repository.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
            let [_, covers] = analyse(&Library::new(&repository));
            assert!(matches!(covers.state, State::Unavailable { .. }), "{tags:?}");
        }
    }
}
