//! `seaworthy export`: what it writes, what it asks for, and that a file that exists is kept.

use std::path::Path;

use crate::support::{Run, run, run_in};

const EXAMPLE: [&str; 6] = [
    "--answers",
    "examples/exemplary/answers.yaml",
    "--evidence",
    "examples/exemplary/evidence.json",
    "--as-of",
    "2026-11-24",
];

/// What a person gives to an example that has everything else.
const GIVEN: [&str; 14] = [
    "--set",
    "project.administrators=Ada,Bob",
    "--set",
    "repository.core-team=Ada",
    "--set",
    "repository.status=active",
    "--set",
    "project.vulnerability-reporting.reports-accepted=true",
    "--set",
    "project.vulnerability-reporting.bug-bounty-available=false",
    "--set",
    "repository.accepts-change-request=true",
    "--set",
    "repository.accepts-automated-change-request=true",
];

fn export(format: &str, more: &[&str]) -> Run {
    run(&[&["export", format], &EXAMPLE[..], more].concat())
}

#[test]
fn security_insights_asks_for_what_it_lacks() {
    let run = export("security-insights", &[]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn security_insights_is_written() {
    let run = export("security-insights", &GIVEN);
    assert_eq!(run.status, 0, "{}", run.stderr);
    insta::assert_snapshot!(format!("{}--- stderr\n{}", run.stdout, run.stderr));
}

#[test]
fn the_badge_is_written_and_comes_back() {
    let run = export("best-practices", &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let file: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(file["osps_ac_01_01_status"], "Met");
    assert!(file.as_object().unwrap().iter().all(|(key, value)| {
        key.ends_with("_justification")
            || key.ends_with("_status") && ["Met", "Unmet", "N/A"].contains(&value.as_str().unwrap())
    }));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".bestpractices.json"), &run.stdout).unwrap();
    let arguments = ["import", "best-practices", ".bestpractices.json", "--on", "2026-06-01"];
    let back = run_in(folder.path(), &arguments);
    assert_eq!(back.status, 0, "{}", back.stderr);
    assert!(back.stdout.contains("  access.second-factor-required:\n    value: yes\n"), "{}", back.stdout);
}

#[test]
fn a_file_that_exists_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let written = |text: &str| std::fs::write(folder.path().join(".bestpractices.json"), text).unwrap();
    let read = || std::fs::read_to_string(folder.path().join(".bestpractices.json")).unwrap();
    let answers =
        "schema: seaworthy.answers/1\nanswers:\n  project.active: { value: yes, by: '@ada', on: 2026-06-01 }\n";
    std::fs::write(folder.path().join("answers.yaml"), answers).unwrap();
    written("{\"maintained_status\": \"?\", \"test_status\": \"Met\"}");
    let base =
        ["export", "best-practices", "--answers", "answers.yaml", "--as-of", "2026-11-24", "-o", ".bestpractices.json"];
    let refused = run_in(folder.path(), &base);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("exists and is not replaced"), "{}", refused.stderr);
    assert!(read().contains("\"?\""));
    let added = run_in(folder.path(), &[&base[..], &["--base", ".bestpractices.json"]].concat());
    assert_eq!(added.status, 0, "{}", added.stderr);
    assert_eq!(read(), "{\n  \"maintained_status\": \"Met\",\n  \"test_status\": \"Met\"\n}\n");
}

#[test]
fn wrong_use_is_told() {
    for more in [
        &["--set", "name"][..],
        &["--set", "other.name=x"],
        &["--set", "project..name=x"],
        &["--set", "project.colour=red"],
    ] {
        let run = export("security-insights", &[&GIVEN[..], more].concat());
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{more:?}: {}", run.stderr);
    }
    assert_eq!(run(&["export", "sbom"]).status, 2);
    assert_eq!(run_in(Path::new("/"), &["export", "best-practices"]).status, 1, "there is no answers file by default");
}
