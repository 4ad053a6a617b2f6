//! Security Insights: what the project declares about itself in `security-insights.yml`, versions 1 and 2.

use chrono::NaiveDate;
use serde_yaml::Value as Yaml;

use super::library::{absent, content_text};
use super::note::{note, plain, shortened};
use super::{Repository, paths, yaml};
use crate::evidence::{Observation, Place};

const NAMES: [&str; 4] =
    ["security-insights.yml", "security-insights.yaml", "security_insights.yml", "security_insights.yaml"];

/// Where the file may lie, in the order of the specification.
const FOLDERS: [&str; 3] = ["", ".github", ".gitlab"];

const READ: [&str; 5] =
    ["insights.version", "insights.reviewed_on", "insights.expires_on", "insights.status", "insights.declares"];

/// Whether a path is a Security Insights file.
pub(crate) fn is_insights(path: &str) -> bool {
    FOLDERS.contains(&paths::folder(path)) && NAMES.iter().any(|name| name.eq_ignore_ascii_case(paths::name(path)))
}

/// The path of the Security Insights file.
pub(super) fn find(repository: &Repository) -> Option<&str> {
    repository
        .entries
        .iter()
        .map(|entry| entry.path.as_str())
        .filter(|path| is_insights(path))
        .min_by_key(|path| (FOLDERS.iter().position(|folder| *folder == paths::folder(path)), *path))
}

/// The document, for other analyses; none where there is no file or it cannot be read.
pub(super) fn document(repository: &Repository) -> Option<(String, Yaml)> {
    let path = find(repository)?;
    let text = content_text(repository.contents.get(path), path).ok()?;
    Some((path.to_owned(), yaml::parse_bounded(text).ok()?))
}

/// The observations of the group `insights`.
pub(super) fn analyse(repository: &Repository) -> Vec<Observation> {
    let Some(path) = find(repository) else {
        return std::iter::once("insights.file").chain(READ).map(|key| absent(repository, key)).collect();
    };
    let file = Observation::seen("insights.file", path).at(Place::file(path));
    let read = content_text(repository.contents.get(path), path);
    if read.as_ref().is_ok_and(|text| text.trim().is_empty()) {
        return std::iter::once(file).chain(READ.iter().map(|key| Observation::absent(*key))).collect();
    }
    let read =
        read.and_then(|text| Ok((text, parse(text).map_err(|reason| format!("{}: {}", note(path), note(&reason)))?)));
    match read {
        Ok((text, document)) => std::iter::once(file).chain(read_document(path, text, &document)).collect(),
        Err(reason) => std::iter::once(file).chain(READ.iter().map(|key| Observation::failed(*key, &reason))).collect(),
    }
}

fn parse(text: &str) -> Result<Yaml, String> {
    let document = yaml::parse_bounded(text)?;
    if document.get("header").and_then(Yaml::as_mapping).is_none() {
        return Err("it has no header, as every Security Insights file has".to_owned());
    }
    Ok(document)
}

fn read_document(path: &str, text: &str, document: &Yaml) -> Vec<Observation> {
    let line = |key: &str| {
        let index = text.lines().position(|line| line.trim_start().trim_start_matches(['"', '\'']).starts_with(key))?;
        u32::try_from(index + 1).ok()
    };
    let place = |key: &str| Place { line: line(key), ..Place::file(path) };
    let date = |key: &str, field: &str| match at(document, &["header", field]) {
        None => Observation::absent(key),
        Some(value) => match value.as_str().and_then(day) {
            Some(day) => Observation::seen(key, day).at(place(field)),
            None => Observation::failed(key, format!("{} in {} is not a date", field, note(path))),
        },
    };
    let status =
        text_at(document, &["repository", "status"]).or_else(|| text_at(document, &["project-lifecycle", "status"]));
    let mut declares = declared(document);
    declares.sort_unstable();
    declares.dedup();
    vec![
        match version(document) {
            Some(version) => Observation::seen("insights.version", version).at(place("schema-version")),
            None => Observation::absent("insights.version"),
        },
        date("insights.reviewed_on", "last-reviewed"),
        date("insights.expires_on", "expiration-date"),
        match status {
            Some(status) => Observation::seen("insights.status", status.to_lowercase()).at(place("status")),
            None => Observation::absent("insights.status"),
        },
        Observation::list("insights.declares", declares.into_iter().map(str::to_owned).collect()).at(Place::file(path)),
    ]
}

/// The version of the schema, which some write as a number.
fn version(document: &Yaml) -> Option<String> {
    match at(document, &["header", "schema-version"])? {
        Yaml::String(version) => Some(shortened(&plain(version), 20)),
        Yaml::Number(version) => Some(version.to_string()),
        _ => None,
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    text.trim().get(..10)?.parse().ok()
}

/// What is declared where, under either version: a name and the ways to it.
const DECLARATIONS: [(&str, &[&str]); 44] = [
    ("administrators", &["project", "administrators"]),
    ("bug-bounty", &["project", "vulnerability-reporting", "bug-bounty-program"]),
    ("bug-bounty", &["vulnerability-reporting", "bug-bounty-url"]),
    ("changelog", &["repository", "release", "changelog"]),
    ("code-of-conduct", &["project", "documentation", "code-of-conduct"]),
    ("code-of-conduct", &["contribution-policy", "code-of-conduct"]),
    ("contributing-guide", &["repository", "documentation", "contributing-guide"]),
    ("contributing-guide", &["contribution-policy", "contributing-policy"]),
    ("core-team", &["repository", "core-team"]),
    ("core-team", &["project-lifecycle", "core-maintainers"]),
    ("dependency-policy", &["repository", "documentation", "dependency-management-policy"]),
    ("dependency-policy", &["dependencies", "dependencies-lifecycle", "policy-url"]),
    ("dependency-policy", &["dependencies", "env-dependencies-policy", "policy-url"]),
    ("design", &["project", "documentation", "design"]),
    ("detailed-guide", &["project", "documentation", "detailed-guide"]),
    ("distribution-points", &["repository", "release", "distribution-points"]),
    ("distribution-points", &["distribution-points"]),
    ("governance", &["repository", "documentation", "governance"]),
    ("license", &["repository", "license"]),
    ("pgp-key", &["project", "vulnerability-reporting", "pgp-key"]),
    ("pgp-key", &["vulnerability-reporting", "pgp-key"]),
    ("quickstart-guide", &["project", "documentation", "quickstart-guide"]),
    ("release-license", &["repository", "release", "license"]),
    ("release-process", &["project", "documentation", "release-process"]),
    ("release-process", &["project-lifecycle", "release-process"]),
    ("repositories", &["project", "repositories"]),
    ("review-policy", &["repository", "documentation", "review-policy"]),
    ("roadmap", &["project", "roadmap"]),
    ("roadmap", &["project-lifecycle", "roadmap"]),
    ("sbom", &["dependencies", "sbom"]),
    ("security-champions", &["repository", "security", "champions"]),
    ("security-contact", &["project", "vulnerability-reporting", "contact"]),
    ("security-contact", &["vulnerability-reporting", "email-contact"]),
    ("security-contact", &["security-contacts"]),
    ("security-policy", &["project", "vulnerability-reporting", "policy"]),
    ("security-policy", &["repository", "documentation", "security-policy"]),
    ("security-policy", &["vulnerability-reporting", "security-policy"]),
    ("self-assessment", &["repository", "security", "assessments", "self", "evidence"]),
    ("self-assessment", &["repository", "security", "assessments", "self", "date"]),
    ("self-assessment", &["security-artifacts", "self-assessment", "evidence-url"]),
    ("signature-verification", &["project", "documentation", "signature-verification"]),
    ("support-policy", &["project", "documentation", "support-policy"]),
    ("third-party-assessment", &["security-assessments"]),
    ("threat-model", &["security-artifacts", "threat-model", "evidence-url"]),
];

/// Types of tools in either version, with the name of the declaration.
const TOOLS: [(&str, &str); 8] = [
    ("container", "container-scanning"),
    ("dast", "dast"),
    ("fuzzing", "fuzzing"),
    ("fuzzer", "fuzzing"),
    ("sast", "sast"),
    ("sca", "sca"),
    ("secret", "secret-scanning"),
    ("secrets", "secret-scanning"),
];

/// Parts of the predicate types of attestations, with the name of the declaration.
const PREDICATES: [(&str, &str); 5] =
    [("slsa", "provenance"), ("provenance", "provenance"), ("spdx", "sbom"), ("cyclonedx", "sbom"), ("vex", "vex")];

fn declared(document: &Yaml) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = DECLARATIONS
        .iter()
        .filter(|(_, way)| at(document, way).is_some_and(says_something))
        .map(|(name, _)| *name)
        .collect();
    for (way, field) in [(&["repository", "security", "tools"][..], "type"), (&["security-testing"][..], "tool-type")] {
        found.extend(items(document, way).filter_map(|tool| {
            let kind = tool.get(field)?.as_str()?.to_ascii_lowercase();
            TOOLS.iter().find(|(known, _)| *known == kind).map(|(_, name)| *name)
        }));
    }
    for attestation in items(document, &["repository", "release", "attestations"]) {
        let predicate =
            attestation.get("predicate-uri").and_then(Yaml::as_str).unwrap_or_default().to_ascii_lowercase();
        found.extend(PREDICATES.iter().filter(|(part, _)| predicate.contains(part)).map(|(_, name)| *name));
    }
    let third_party = items(document, &["repository", "security", "assessments", "third-party"]);
    if third_party
        .into_iter()
        .any(|report| ["evidence", "date"].iter().any(|field| report.get(field).is_some_and(says_something)))
    {
        found.push("third-party-assessment");
    }
    if at(document, &["project", "vulnerability-reporting", "reports-accepted"])
        .or_else(|| at(document, &["vulnerability-reporting", "accepts-vulnerability-reports"]))
        .and_then(Yaml::as_bool)
        == Some(true)
    {
        found.push("reports-accepted");
    }
    found
}

fn items<'y>(document: &'y Yaml, way: &[&str]) -> impl Iterator<Item = &'y Yaml> {
    at(document, way).and_then(Yaml::as_sequence).into_iter().flatten()
}

fn at<'y>(document: &'y Yaml, way: &[&str]) -> Option<&'y Yaml> {
    way.iter().try_fold(document, |value, key| value.get(*key)).filter(|value| !value.is_null())
}

fn text_at(document: &Yaml, way: &[&str]) -> Option<String> {
    let text = shortened(&plain(at(document, way)?.as_str()?), 40);
    (!text.is_empty()).then_some(text)
}

/// Whether a value is more than an empty text, list or mapping.
fn says_something(value: &Yaml) -> bool {
    match value {
        Yaml::String(text) => !text.trim().is_empty(),
        Yaml::Sequence(items) => items.iter().any(says_something),
        Yaml::Mapping(fields) => fields.values().any(says_something),
        Yaml::Bool(value) => *value,
        Yaml::Number(_) | Yaml::Tagged(_) => true,
        Yaml::Null => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Content;
    use super::super::fixture::{repository, with};
    use super::*;
    use crate::evidence::{State, Value};

    fn observe(files: &[(&str, &str)], key: &str) -> State {
        let observations = analyse(&repository(files));
        observations.into_iter().find(|observation| observation.key == key).unwrap().state
    }

    const SECOND: &str = "header:\n  schema-version: 2.0.0\n  last-updated: '2026-01-02'\n  last-reviewed: '2026-01-03'\n  url: https://example.org/si.yml\nproject:\n  name: Widget\n  administrators:\n    - name: Ada\n      primary: true\n  documentation:\n    support-policy: https://example.org/support\n    design: ''\n  repositories: []\n  vulnerability-reporting:\n    reports-accepted: true\n    contact:\n      name: Ada\n      email: ada@example.org\nrepository:\n  status: Active\n  core-team: [{name: Ada}]\n  release:\n    attestations:\n      - {name: p, predicate-uri: 'https://slsa.dev/provenance/v1'}\n  security:\n    assessments:\n      self:\n        comment: not done yet\n      third-party:\n        - evidence: https://example.org/audit.pdf\n    tools:\n      - {name: CodeQL, type: SAST}\n      - {name: gitleaks, type: secret}\n";

    #[test]
    fn version_two() {
        let files = [("security-insights.yml", SECOND)];
        assert_eq!(observe(&files, "insights.version"), State::Observed("2.0.0".into()));
        assert_eq!(observe(&files, "insights.reviewed_on"), State::Observed("2026-01-03".into()));
        assert_eq!(observe(&files, "insights.expires_on"), State::Absent);
        assert_eq!(observe(&files, "insights.status"), State::Observed("active".into()));
        let expected = [
            "administrators",
            "core-team",
            "provenance",
            "reports-accepted",
            "sast",
            "secret-scanning",
            "security-contact",
            "support-policy",
            "third-party-assessment",
        ];
        let State::Observed(Value::List(declares)) = observe(&files, "insights.declares") else { panic!() };
        assert_eq!(declares, expected);
    }

    #[test]
    fn version_one() {
        let text = "header:\n  schema-version: 1.0.0\n  expiration-date: '2024-09-28T10:00:00.000Z'\n  last-reviewed: '2023-09-28'\nproject-lifecycle:\n  status: active\n  core-maintainers: ['github:ada']\ndependencies:\n  third-party-packages: true\n  sbom:\n    - sbom-file: https://example.org/sbom.json\nsecurity-testing:\n  - tool-type: sca\n    tool-name: Dependabot\nvulnerability-reporting:\n  accepts-vulnerability-reports: false\nsecurity-artifacts:\n  self-assessment:\n    self-assessment-created: false\n";
        let files = [(".github/SECURITY-INSIGHTS.yml", text)];
        assert_eq!(observe(&files, "insights.file"), State::Observed(".github/SECURITY-INSIGHTS.yml".into()));
        assert_eq!(observe(&files, "insights.expires_on"), State::Observed("2024-09-28".into()));
        let State::Observed(Value::List(declares)) = observe(&files, "insights.declares") else { panic!() };
        assert_eq!(declares, ["core-team", "sbom", "sca"]);
    }

    #[test]
    fn what_cannot_be_read_has_failed() {
        for text in ["header: [\n", "just text\n", "header:\n  a: *b\n"] {
            let files = [("SECURITY_INSIGHTS.yml", text)];
            assert!(matches!(observe(&files, "insights.file"), State::Observed(_)));
            for key in READ {
                assert!(matches!(observe(&files, key), State::Failed { .. }), "{text:?} {key}");
            }
        }
        let files = [("security-insights.yml", "header:\n  last-reviewed: soon\n")];
        assert!(matches!(observe(&files, "insights.reviewed_on"), State::Failed { .. }));
        assert_eq!(observe(&[("security-insights.yml", "\n")], "insights.version"), State::Absent);
        let large = with(
            repository(&[]),
            "security-insights.yml",
            super::super::EntryKind::File,
            Content::TooLarge(50_000_000),
        );
        assert!(analyse(&large).iter().skip(1).all(|observation| matches!(observation.state, State::Failed { .. })));
    }

    #[test]
    fn only_where_the_specification_puts_it() {
        assert_eq!(observe(&[("docs/security-insights.yml", SECOND)], "insights.file"), State::Absent);
        let both = [(".github/security-insights.yml", SECOND), ("security-insights.yml", SECOND)];
        assert_eq!(observe(&both, "insights.file"), State::Observed("security-insights.yml".into()));
    }
}
