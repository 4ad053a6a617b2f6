//! The licences that package manifests in the root declare.

use super::Repository;
use super::licences::{manifest, shown};
use super::paths;
use super::pattern::Pattern;
use crate::evidence::Place;

/// What the manifests declare, and which of them could not be read.
#[derive(Default)]
pub(super) struct Declarations {
    pub(super) found: Vec<(String, Place)>,
    pub(super) failed: Vec<String>,
}

/// Reads the licence out of the text of a manifest: each with its line.
type Reader = fn(&str) -> Vec<(String, Option<u32>)>;

const READERS: [(&str, Reader); 6] = [
    ("Cargo.toml", cargo),
    ("package.json", json),
    ("composer.json", json),
    ("pyproject.toml", pyproject),
    ("setup.cfg", setup_cfg),
    ("pom.xml", pom),
];

const READERS_BY_ENDING: [(&str, Reader); 3] = [("gemspec", gemspec), ("cabal", cabal), ("nuspec", nuspec)];

pub(super) fn declarations(repository: &Repository) -> Declarations {
    let mut all = Declarations::default();
    for entry in repository.entries.iter().filter(|entry| paths::depth(&entry.path) == 0) {
        let Some(reader) = reader(&entry.path) else { continue };
        match manifest(repository, &entry.path) {
            Some(Ok(text)) => {
                all.found.extend(reader(text).into_iter().filter_map(|(licence, line)| {
                    Some((shown(&licence)?, Place { line, ..Place::file(&entry.path) }))
                }));
            }
            Some(Err(reason)) => all.failed.push(reason),
            None => {}
        }
    }
    all
}

fn reader(path: &str) -> Option<Reader> {
    let by_name = READERS.iter().find(|(name, _)| *name == path).map(|(_, reader)| *reader);
    let ending = paths::ending(path);
    by_name.or_else(|| READERS_BY_ENDING.iter().find(|(known, _)| *known == ending).map(|(_, reader)| *reader))
}

fn json(text: &str) -> Vec<(String, Option<u32>)> {
    let Ok(manifest) = serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}')) else {
        return Vec::new();
    };
    let line = line_with(text, "\"license");
    let name =
        |licence: &serde_json::Value| licence.as_str().or_else(|| licence.get("type")?.as_str()).map(str::to_owned);
    let many = |licences: &serde_json::Value| -> Option<String> {
        let names: Vec<String> = licences.as_array()?.iter().filter_map(name).take(20).collect();
        (!names.is_empty()).then(|| names.join(" OR "))
    };
    let declared = manifest.get("license").or_else(|| manifest.get("licenses"));
    declared.and_then(|licence| name(licence).or_else(|| many(licence))).map(|name| (name, line)).into_iter().collect()
}

/// The values of a key in some sections of a TOML or INI file.
fn in_sections(text: &str, sections: &[&str], pattern: &Pattern) -> Vec<(String, Option<u32>)> {
    let mut section = String::new();
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_end();
        if line.starts_with('[') {
            line.split('#').next().unwrap_or_default().trim().clone_into(&mut section);
        } else if sections.contains(&section.as_str()) {
            found.extend(captured(pattern, line).map(|value| (value, Some(number))));
        }
    }
    found
}

fn captured(pattern: &Pattern, text: &str) -> Option<String> {
    let found = pattern.find_all(text).into_iter().next()?;
    found.parts().next().map(|value| value.as_str().to_owned())
}

/// Whether it can be the name of a licence rather than its text. A pattern that counts takes much longer to build.
fn is_short(licence: &str) -> bool {
    licence.chars().count() <= 200
}

fn cargo(text: &str) -> Vec<(String, Option<u32>)> {
    static LICENCE: Pattern = Pattern::new(r#"^\s*license\s*=\s*["']([^"']+)["']"#);
    in_sections(text, &["[package]", "[workspace.package]"], &LICENCE)
}

fn pyproject(text: &str) -> Vec<(String, Option<u32>)> {
    static LICENCE: Pattern = Pattern::new(r#"^\s*license(?:\.text)?\s*=\s*(?:\{\s*text\s*=\s*)?["']([^"'\\]+)["']"#);
    let mut found = in_sections(text, &["[project]", "[tool.poetry]"], &LICENCE);
    found.retain(|(licence, _)| is_short(licence));
    found
}

fn setup_cfg(text: &str) -> Vec<(String, Option<u32>)> {
    static LICENCE: Pattern = Pattern::new(r"^license\s*[=:]\s*([^#;]+)");
    in_sections(text, &["[metadata]"], &LICENCE)
}

fn pom(text: &str) -> Vec<(String, Option<u32>)> {
    static LICENCE: Pattern = Pattern::new(r"<license>\s*(?:<!--[^>]*-->\s*)?<name>([^<]+)</name>");
    let mut names: Vec<String> =
        LICENCE.find_all(text).iter().filter_map(|found| found.get(1)).map(|name| name.as_str().to_owned()).collect();
    names.retain(|name| is_short(name));
    names.dedup();
    let line = line_with(text, "<license>");
    names.into_iter().map(|name| (name, line)).collect()
}

fn gemspec(text: &str) -> Vec<(String, Option<u32>)> {
    static ONE: Pattern = Pattern::new(r#"^\s*\w+\.license\s*=\s*["']([^"']+)["']"#);
    static MANY: Pattern = Pattern::new(r"^\s*\w+\.licenses\s*=\s*\[([^\]]+)\]");
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(licence) = captured(&ONE, line) {
            found.push((licence, Some(number)));
        } else if let Some(licences) = captured(&MANY, line) {
            let names: Vec<&str> = licences.split(',').map(|name| name.trim().trim_matches(['"', '\''])).collect();
            found.push((names.join(" OR "), Some(number)));
        }
    }
    found
}

fn cabal(text: &str) -> Vec<(String, Option<u32>)> {
    static LICENCE: Pattern = Pattern::new(r"^license:\s*(\S.*)$");
    by_line(text, &LICENCE)
}

fn nuspec(text: &str) -> Vec<(String, Option<u32>)> {
    static LICENCE: Pattern = Pattern::new(r#"<license\s+type\s*=\s*"expression"\s*>([^<]+)</license>"#);
    by_line(text, &LICENCE)
}

fn by_line(text: &str, pattern: &Pattern) -> Vec<(String, Option<u32>)> {
    (1..)
        .zip(text.lines())
        .filter_map(|(number, line)| Some((captured(pattern, line)?, Some(number))))
        .take(10)
        .collect()
}

fn line_with(text: &str, part: &str) -> Option<u32> {
    text.lines().position(|line| line.contains(part)).and_then(|index| u32::try_from(index + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::repository;
    use super::*;

    #[test]
    fn the_text_of_a_licence_is_no_name() {
        for (length, count) in [(200, 1), (201, 0)] {
            let name = "x".repeat(length);
            assert_eq!(pyproject(&format!("[project]\nlicense = \"{name}\"\n")).len(), count, "{length}");
            assert_eq!(pom(&format!("<license><name>{name}</name></license>")).len(), count, "{length}");
        }
    }

    #[test]
    fn what_manifests_declare() {
        for (path, text, expected) in [
            (
                "Cargo.toml",
                "[package]\nname = \"a\"\nlicense = \"MIT OR Apache-2.0\"\n",
                vec![("MIT OR Apache-2.0", 3)],
            ),
            (
                "Cargo.toml",
                "[package]\nlicense.workspace = true\n[workspace.package]\nlicense = 'MIT'\n",
                vec![("MIT", 4)],
            ),
            ("Cargo.toml", "[package.metadata.x]\nlicense = \"MIT\"\n# license = \"ISC\"\n", vec![]),
            ("package.json", "{\n  \"license\": \"ISC\"\n}", vec![("ISC", 2)]),
            ("package.json", "{\"license\": {\"type\": \"MIT\"}}", vec![("MIT", 1)]),
            ("composer.json", "{\"license\": [\"MIT\", \"GPL-2.0-only\"]}", vec![("MIT OR GPL-2.0-only", 1)]),
            ("package.json", "{broken", vec![]),
            ("pyproject.toml", "[project]\nlicense = {text = \"BSD-3-Clause\"}\n", vec![("BSD-3-Clause", 2)]),
            ("pyproject.toml", "[project]\nlicense = {file = \"LICENSE\"}\n", vec![]),
            ("pyproject.toml", "[tool.poetry]\nlicense = \"MIT\"\n[tool.x]\nlicense = \"y\"\n", vec![("MIT", 2)]),
            ("setup.cfg", "[metadata]\nname = a\nlicense = MIT\nlicense_files = LICENSE\n", vec![("MIT", 3)]),
            (
                "pom.xml",
                "<project>\n<licenses>\n<license>\n<name>Apache-2.0</name>\n</license></licenses></project>",
                vec![("Apache-2.0", 3)],
            ),
            (
                "a.gemspec",
                "Gem::Specification.new do |s|\n  s.licenses = ['MIT', 'Ruby']\nend\n",
                vec![("MIT OR Ruby", 2)],
            ),
            ("a.cabal", "name: a\nlicense: BSD-3-Clause\nlicense-file: LICENSE\n", vec![("BSD-3-Clause", 2)]),
            ("a.nuspec", "<license type=\"expression\">MIT</license>", vec![("MIT", 1)]),
        ] {
            let found = declarations(&repository(&[(path, text)])).found;
            let found: Vec<_> = found.iter().map(|(name, place)| (name.as_str(), place.line.unwrap())).collect();
            assert_eq!(found, expected, "{path}: {text}");
        }
    }

    #[test]
    fn manifests_below_the_root_declare_nothing() {
        let files =
            [("sub/package.json", "{\"license\": \"MIT\"}"), ("examples/Cargo.toml", "[package]\nlicense = \"MIT\"\n")];
        assert!(declarations(&repository(&files)).found.is_empty());
    }
}
