//! What a release tool is configured to do beyond what the workflow shows: `GoReleaser` signs files and makes bills of
//! materials as its own configuration says.

use serde_yaml::Value;

use super::super::yaml::parse_bounded;
use super::super::{Content, Repository, paths};
use super::lines::{Lines, Part};
use super::tools::Purpose;
use crate::evidence::Place;

/// Keys at the top of the configuration, what they are for, and whether an entry that names no artifacts does nothing.
const KEYS: [(&str, Purpose, bool); 4] = [
    ("sboms", Purpose::Sbom, false),
    ("signs", Purpose::Signing, true),
    ("binary_signs", Purpose::Signing, false),
    ("docker_signs", Purpose::Signing, false),
];

/// Whether a path is a configuration that is read.
pub(in super::super) fn is_release_configuration(path: &str) -> bool {
    let name = paths::name(path);
    let (stem, ending) = paths::stem_and_ending(path);
    let is_named = stem == "goreleaser" || name.starts_with(".goreleaser.");
    is_named && matches!(ending.as_str(), "yml" | "yaml") && matches!(paths::folder(path), "" | ".config")
}

/// What release tools are configured to do.
#[derive(Default)]
pub(super) struct Configured {
    found: Vec<(Purpose, Place)>,
    /// Configurations that could not be read.
    pub(super) unread: Vec<String>,
}

impl Configured {
    pub(super) fn of(repository: &Repository) -> Self {
        let mut configured = Self::default();
        for entry in repository.entries.iter().filter(|entry| is_release_configuration(&entry.path)) {
            let path = entry.path.as_str();
            match repository.contents.get(path) {
                Some(Content::Text(text)) => match parse_bounded(text) {
                    Ok(configuration) => configured.add(path, text, &configuration),
                    Err(_) => configured.unread.push(path.to_owned()),
                },
                _ => configured.unread.push(path.to_owned()),
            }
        }
        configured
    }

    fn add(&mut self, path: &str, text: &str, configuration: &Value) {
        let lines = Lines::read(text);
        for (key, purpose, needs_artifacts) in KEYS {
            let entries = configuration.get(key).and_then(Value::as_sequence).into_iter().flatten();
            if entries.filter(|entry| is_active(entry, needs_artifacts)).count() > 0 {
                let place = match lines.of(&[Part::Key(key)]) {
                    Some(line) => Place::line(path, line),
                    None => Place::file(path),
                };
                self.found.push((purpose, place.noted(key)));
            }
        }
    }

    /// The tools configured for this purpose, each with its place.
    pub(super) fn tools(&self, purpose: Purpose) -> Vec<(String, Place)> {
        let found = self.found.iter().filter(|(known, _)| *known == purpose);
        found.map(|(_, place)| ("goreleaser".to_owned(), place.clone())).collect()
    }
}

fn is_active(entry: &Value, needs_artifacts: bool) -> bool {
    match entry.get("artifacts").and_then(Value::as_str) {
        Some(artifacts) => artifacts != "none",
        None => !needs_artifacts,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture::repository;
    use super::*;

    #[test]
    fn what_is_switched_on_counts() {
        let cases: &[(&str, &[(Purpose, u32)])] = &[
            ("version: 2\nsboms:\n  - artifacts: archive\n", &[(Purpose::Sbom, 2)]),
            ("sboms:\n  - documents: [x]\n", &[(Purpose::Sbom, 1)]),
            ("sboms:\n  - artifacts: none\n", &[]),
            ("signs:\n  - cmd: cosign\n    artifacts: checksum\n", &[(Purpose::Signing, 1)]),
            ("signs:\n  - cmd: cosign\n", &[]),
            ("docker_signs:\n  - cmd: cosign\n", &[(Purpose::Signing, 1)]),
            ("signs: []\nsboms:\n", &[]),
            ("# sboms:\nbuilds: []\n", &[]),
        ];
        for (text, expected) in cases {
            let configured = Configured::of(&repository(&[(".goreleaser.yml", text)]));
            let found: Vec<_> =
                configured.found.iter().map(|(purpose, place)| (*purpose, place.line.unwrap())).collect();
            assert_eq!(found, *expected, "{text}");
            assert!(configured.unread.is_empty());
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let configured = Configured::of(&repository(&[(".goreleaser.yaml", "a: ["), ("goreleaser.yml", "a: 1")]));
        assert_eq!(configured.unread, [".goreleaser.yaml"]);
    }
}
