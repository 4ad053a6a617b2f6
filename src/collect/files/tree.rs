//! What the list of files itself tells.

use super::library::{absent, list};
use super::{EntryKind, Repository, paths};
use crate::evidence::{Observation, Place};

/// The observations of the group `tree`, except for binaries.
pub(super) fn analyse(repository: &Repository) -> Vec<Observation> {
    let files = repository.entries.iter().filter(|entry| entry.kind != EntryKind::Submodule).count();
    let count = Observation::seen("tree.files", files);
    vec![
        if repository.complete { count } else { count.detail("the list was cut; there are at least so many") },
        Observation::seen("tree.complete", repository.complete),
        named(repository, "tree.vex", is_vex),
        named(repository, "tree.sbom", is_sbom),
        security_folder(repository),
    ]
}

fn named(repository: &Repository, key: &str, is_it: fn(&str) -> bool) -> Observation {
    let found = repository
        .entries
        .iter()
        .filter(|entry| entry.kind != EntryKind::Submodule)
        .filter(|entry| !paths::is_vendored(&entry.path) && !paths::is_test_data(&entry.path))
        .filter(|entry| is_it(&paths::name(&entry.path).to_ascii_lowercase()))
        .map(|entry| (entry.path.clone(), Place::file(&entry.path)))
        .collect();
    list(repository, key, found)
}

/// A JSON file with the word `vex` or `openvex` in its name.
fn is_vex(name: &str) -> bool {
    let is_json = name.strip_suffix(".json");
    is_json.is_some_and(|stem| stem.split(['.', '-', '_']).any(|word| matches!(word, "vex" | "openvex" | "vexdoc")))
}

/// Names that SPDX and `CycloneDX` recommend, or the word `sbom` in the name of a file in one of their formats.
fn is_sbom(name: &str) -> bool {
    const ENDINGS: [&str; 9] = [
        ".spdx.json",
        ".spdx.yaml",
        ".spdx.yml",
        ".spdx.rdf",
        ".spdx.xml",
        ".spdx",
        ".cdx.json",
        ".cdx.xml",
        ".cyclonedx.json",
    ];
    if ENDINGS.iter().any(|ending| name.ends_with(ending)) || matches!(name, "bom.json" | "bom.xml") {
        return true;
    }
    let (stem, ending) = paths::stem_and_ending(name);
    matches!(ending.as_str(), "json" | "xml" | "spdx" | "cdx")
        && stem.split(['.', '-', '_']).any(|word| word == "sbom" || word == "sboms")
}

fn security_folder(repository: &Repository) -> Observation {
    const KEY: &str = "tree.security_folder";
    let folder = repository.entries.iter().find_map(|entry| {
        let first = paths::folders(&entry.path).next()?;
        first.eq_ignore_ascii_case("security").then_some(first)
    });
    match folder {
        Some(folder) => Observation::seen(KEY, folder)
            .at(Place::file(folder))
            .detail("loose match: a folder's name says nothing of what is in it"),
        None => absent(repository, KEY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vex_and_sbom_by_name() {
        for name in ["vex.json", "widget.openvex.json", "acme-vex-1.json"] {
            assert!(is_vex(name), "{name}");
        }
        for name in ["vertex.json", "convex.json", "vex.go", "vex.md"] {
            assert!(!is_vex(name), "{name}");
        }
        for name in ["widget.spdx.json", "widget.spdx", "bom.xml", "sbom.json", "widget-sbom.cdx.json", "x.cdx.json"] {
            assert!(is_sbom(name), "{name}");
        }
        for name in ["sbom.go", "bombs.json", "sbom.yml", "spdx.json", "spdx_ids.json"] {
            assert!(!is_sbom(name), "{name}");
        }
    }
}
