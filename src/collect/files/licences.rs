//! Licence files, and the licences that package manifests declare.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::declarations;
use super::library::{CUT, Library, absent, content_text, list};
use super::note::{note, plain, shortened};
use super::pattern::Pattern;
use super::{Content, EntryKind, Repository, licence_text, paths};
use crate::evidence::{Observation, Place};

/// Endings of sources that are named after licences, but hold none.
const SOURCES: [&str; 34] = [
    "c", "cc", "cpp", "cs", "css", "csv", "ejs", "go", "h", "hpp", "htm", "html", "java", "js", "json", "kt", "lua",
    "php", "pl", "png", "py", "rb", "rs", "sh", "svg", "swift", "tf", "tmpl", "toml", "tpl", "ts", "xml", "yaml",
    "yml",
];

/// Whether a path is a licence file in the root whose text is read.
pub(super) fn is_licence_file(path: &str) -> bool {
    static NAME: Pattern = Pattern::new(r"^(licen[cs]es?|copying|unlicen[cs]e)([._-][\w.+-]*)?$");
    paths::depth(path) == 0 && NAME.is_match(path) && !SOURCES.contains(&paths::ending(path).as_str())
}

/// The SPDX id that names a file in `LICENSES/`, as REUSE lays it down.
fn reuse_id(path: &str) -> Option<&str> {
    let name = path.strip_prefix("LICENSES/").filter(|name| !name.contains('/'))?;
    Some(name.rsplit_once('.').map_or(name, |(stem, _)| stem))
}

/// The observations of the group `license`.
pub(super) fn analyse(library: &Library<'_>) -> Vec<Observation> {
    let repository = library.repository;
    let files: Vec<&str> = repository
        .entries
        .iter()
        .filter(|entry| entry.kind != EntryKind::Submodule)
        .map(|entry| entry.path.as_str())
        .filter(|path| is_licence_file(path) || reuse_id(path).is_some())
        .collect();
    let found = Found::of(library, &files);
    let listed = files.iter().map(|path| ((*path).to_owned(), Place::file(*path))).collect();
    let declared = declarations(repository);
    vec![
        list(repository, "license.files", listed),
        found.ids(repository),
        found.unrecognised(repository),
        found.open(repository),
        declared_list(repository, &declared.found, &declared.failed),
        found.agrees(repository, &declared.found, &declared.failed),
    ]
}

/// What the licence files hold.
#[derive(Default)]
struct Found {
    /// Each licence with the first file that holds it.
    ids: BTreeMap<String, Place>,
    unrecognised: Vec<String>,
    /// Files that could not be read, and why.
    failed: Vec<String>,
}

impl Found {
    fn of(library: &Library<'_>, files: &[&str]) -> Self {
        let mut found = Self::default();
        for path in files {
            if let Some(id) = reuse_id(path) {
                match spdx::license_id(id) {
                    Some(licence) => found.add(licence.name.to_owned(), Place::file(*path)),
                    None if spdx::exception_id(id).is_some() => {}
                    None => found.unrecognised.push((*path).to_owned()),
                }
                continue;
            }
            match library.text(path) {
                Ok(text) => found.read(path, text),
                Err(reason) => found.failed.push(reason),
            }
        }
        found
    }

    fn read(&mut self, path: &str, text: &str) {
        let tagged = tags(text);
        if !tagged.is_empty() {
            for (id, line) in tagged {
                self.add(id, Place::line(path, line).noted("SPDX-License-Identifier"));
            }
        } else if let Some(ids) = licence_text::recognise(text) {
            for id in ids {
                self.add(id, Place::file(path));
            }
        } else {
            self.unrecognised.push(path.to_owned());
        }
    }

    fn add(&mut self, id: String, place: Place) {
        self.ids.entry(id).or_insert(place);
    }

    fn ids(&self, repository: &Repository) -> Observation {
        match self.failed.first() {
            Some(reason) if self.ids.is_empty() => Observation::failed("license.ids", reason),
            _ => list(repository, "license.ids", self.ids.clone().into_iter().collect()),
        }
    }

    fn unrecognised(&self, repository: &Repository) -> Observation {
        const KEY: &str = "license.unrecognised";
        match self.failed.first() {
            Some(reason) if self.unrecognised.is_empty() => Observation::failed(KEY, reason),
            _ => {
                let files = self.unrecognised.iter().map(|path| (path.clone(), Place::file(path))).collect();
                list(repository, KEY, files)
            }
        }
    }

    fn open(&self, repository: &Repository) -> Observation {
        const KEY: &str = "license.open";
        let closed: Vec<&str> = self.ids.keys().map(String::as_str).filter(|id| !is_open(id)).collect();
        let places = self.ids.values().cloned();
        if !closed.is_empty() {
            return Observation::seen(KEY, false)
                .at_all(places)
                .detail(format!("neither the OSI nor the FSF lists {}", closed.join(", ")));
        }
        if let Some(reason) = self.failed.first() {
            return Observation::failed(KEY, reason);
        }
        match (self.ids.is_empty(), self.unrecognised.len()) {
            (true, 0) => absent(repository, KEY),
            (true, _) => Observation::unavailable(KEY, "there is a licence file, but its text is not recognised"),
            (false, 0) if repository.complete => Observation::seen(KEY, true).at_all(places),
            (false, 0) => Observation::seen(KEY, true).at_all(places).detail("the list of files was cut"),
            (false, count) => Observation::seen(KEY, true)
                .at_all(places)
                .detail(format!("{count} more licence files are not recognised")),
        }
    }

    fn agrees(&self, repository: &Repository, declared: &[(String, Place)], failed: &[String]) -> Observation {
        const KEY: &str = "license.manifests_agree";
        let expressions: Vec<(spdx::Expression, &Place)> = declared
            .iter()
            .filter_map(|(text, place)| Some((spdx::Expression::parse_mode(text, spdx::ParseMode::LAX).ok()?, place)))
            .collect();
        if expressions.is_empty() {
            return match failed.first() {
                Some(reason) => Observation::failed(KEY, reason),
                None => absent(repository, KEY),
            };
        }
        let known: BTreeSet<&str> = self.ids.keys().map(|id| plain_id(id)).collect();
        let differing: Vec<&Place> = expressions
            .iter()
            .filter(|(expression, _)| {
                !expression.evaluate(|needed| needed.license.id().is_some_and(|id| known.contains(plain_id(id.name))))
            })
            .map(|(_, place)| *place)
            .collect();
        if differing.is_empty() {
            return Observation::seen(KEY, true).at_all(expressions.iter().map(|(_, place)| (*place).clone()));
        }
        if let Some(reason) = self.failed.first() {
            return Observation::failed(KEY, reason);
        }
        if !self.unrecognised.is_empty() {
            return Observation::unavailable(KEY, "a licence file is not recognised, so it may hold what is declared");
        }
        if !repository.complete {
            return Observation::unavailable(KEY, CUT);
        }
        Observation::seen(KEY, false).at_all(differing.into_iter().cloned())
    }
}

fn is_open(id: &str) -> bool {
    spdx::license_id(id).is_some_and(|licence| licence.is_osi_approved() || licence.is_fsf_free_libre())
}

/// The id without what the text of a GNU licence does not tell.
fn plain_id(id: &str) -> &str {
    id.strip_suffix("-only").or_else(|| id.strip_suffix("-or-later")).unwrap_or(id)
}

/// The ids of the `SPDX-License-Identifier` lines, each with its line.
fn tags(text: &str) -> Vec<(String, u32)> {
    static TAG: Pattern = Pattern::new(r"^[^\w]{0,20}SPDX-License-Identifier:\s*([\w .+():/-]{1,200})");
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines().take(500)) {
        for tag in TAG.find_all(line).iter().filter_map(|found| found.get(1)) {
            if let Ok(expression) = spdx::Expression::parse(tag.as_str().trim()) {
                let ids = expression.requirements().filter_map(|needed| needed.req.license.id());
                found.extend(ids.map(|id| (id.name.to_owned(), number)));
            }
        }
    }
    found
}

fn declared_list(repository: &Repository, declared: &[(String, Place)], failed: &[String]) -> Observation {
    const KEY: &str = "license.declared";
    match failed.first() {
        Some(reason) if declared.is_empty() => Observation::failed(KEY, reason),
        _ => list(repository, KEY, declared.to_vec()),
    }
}

/// A declaration as it is shown.
pub(super) fn shown(text: &str) -> Option<String> {
    let text = shortened(&plain(text), 200);
    (!text.is_empty()).then_some(text)
}

/// The text of a manifest in the root, where it is there.
pub(super) fn manifest<'a>(repository: &'a Repository, path: &str) -> Option<Result<&'a str, String>> {
    let entry = repository.entries.iter().find(|entry| entry.path == path && entry.kind != EntryKind::Submodule)?;
    let content: Option<&Content> = repository.contents.get(&entry.path);
    Some(content_text(content, path).map_err(|reason| note(&reason)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{repository, with};
    use super::*;
    use crate::evidence::{State, Value};

    fn text(id: &str) -> &'static str {
        spdx::text::LICENSE_TEXTS.iter().find(|(known, _)| *known == id).unwrap().1
    }

    fn observe(repository: &Repository, key: &str) -> State {
        let observations = analyse(&Library::new(repository));
        observations.into_iter().find(|observation| observation.key == key).unwrap().state
    }

    fn items(repository: &Repository, key: &str) -> Vec<String> {
        match observe(repository, key) {
            State::Observed(Value::List(items)) => items,
            State::Absent => Vec::new(),
            other => panic!("{key} {other:?}"),
        }
    }

    #[test]
    fn names_of_licence_files() {
        for path in [
            "LICENSE",
            "LICENSE-MIT",
            "LICENSE.Apache-2.0",
            "licence.txt",
            "COPYING",
            "COPYING.LESSER",
            "UNLICENSE",
            "LICENSE.md",
            "LICENSES.txt",
        ] {
            assert!(is_licence_file(path), "{path}");
        }
        for path in
            ["license.go", "LICENSE.json", "licensing.md", "src/LICENSE", "LICENSES/MIT.txt", "licenses_test.py"]
        {
            assert!(!is_licence_file(path), "{path}");
        }
    }

    #[test]
    fn recognised_and_not_recognised() {
        let repository = repository(&[
            ("LICENSE-MIT", text("MIT")),
            ("LICENSE-APACHE", text("Apache-2.0")),
            ("LICENSE-OTHER", "All rights are mine."),
            ("COPYING", "// SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0\n"),
            ("LICENSES/CC0-1.0.txt", "whatever"),
            ("LICENSES/LicenseRef-Own.txt", "x"),
        ]);
        assert_eq!(items(&repository, "license.ids"), ["Apache-2.0", "CC0-1.0", "GPL-2.0-only", "MIT"]);
        assert_eq!(items(&repository, "license.unrecognised"), ["LICENSE-OTHER", "LICENSES/LicenseRef-Own.txt"]);
        assert_eq!(observe(&repository, "license.open"), State::Observed(true.into()));
    }

    #[test]
    fn open_closed_and_unknown() {
        for (name, text, expected) in [
            ("LICENSE", text("MIT"), State::Observed(true.into())),
            ("COPYING", text("GPL-2.0"), State::Observed(true.into())),
            ("LICENSES/CC-BY-NC-4.0.txt", "", State::Observed(false.into())),
            ("LICENSE", text("BUSL-1.1"), State::Observed(false.into())),
            ("README.md", "MIT", State::Absent),
        ] {
            assert_eq!(observe(&repository(&[(name, text)]), "license.open"), expected, "{name}");
        }
        let unknown = repository(&[("LICENSE", "All rights are mine.")]);
        assert!(matches!(observe(&unknown, "license.open"), State::Unavailable { .. }));
        let large = with(repository(&[]), "LICENSE", EntryKind::File, Content::TooLarge(9_000_000));
        assert!(matches!(observe(&large, "license.ids"), State::Failed { .. }));
        assert!(matches!(observe(&large, "license.open"), State::Failed { .. }));
        let empty = repository(&[("LICENSE", "")]);
        assert_eq!(items(&empty, "license.unrecognised"), ["LICENSE"]);
    }

    #[test]
    fn manifests_agree_with_licence_files() {
        for (declared, ids, expected) in [
            ("MIT", vec!["MIT"], Some(true)),
            ("MIT OR Apache-2.0", vec!["MIT"], Some(true)),
            ("MIT/Apache-2.0", vec!["Apache-2.0"], Some(true)),
            ("MIT AND Apache-2.0", vec!["MIT"], Some(false)),
            ("GPL-2.0-or-later", vec!["GPL-2.0"], Some(true)),
            ("ISC", vec!["MIT"], Some(false)),
            ("ISC", vec![], Some(false)),
            ("SEE LICENSE IN LICENSE", vec!["MIT"], None),
            ("UNLICENSED", vec!["MIT"], None),
        ] {
            let manifest = format!("{{\"license\": \"{declared}\"}}");
            let files: Vec<(String, &str)> = ids.iter().map(|id| (format!("LICENSE-{id}"), text(id))).collect();
            let mut all: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
            all.push(("package.json", &manifest));
            let state = observe(&repository(&all), "license.manifests_agree");
            let expected = expected.map_or(State::Absent, |agree| State::Observed(agree.into()));
            assert_eq!(state, expected, "{declared} {ids:?}");
        }
    }
}
