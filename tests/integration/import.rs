//! `seaworthy import`: what it prints, what it says beside that, and that no answer is replaced.

use std::path::Path;

use crate::support::{Run, run_in};

const INSIGHTS: &str = "\
header:
  schema-version: 2.2.0
  last-updated: '2026-05-02'
  last-reviewed: '2026-05-03'
  url: https://github.com/acme/widget/blob/main/security-insights.yml
  project-si-source: https://github.com/acme/.github/raw/main/security-insights.yml
repository:
  status: active
  url: https://github.com/acme/widget
  accepts-change-request: true
  accepts-automated-change-request: true
  core-team: [{name: Ada, primary: true, email: ada@example.org}]
  license: {url: https://example.org/licence, expression: Apache-2.0}
  documentation: {contributing-guide: https://example.org/contribute}
  security:
    assessments: {self: {comment: Not done.}}
    tools:
      - {name: gitleaks, type: secret-scanning, rulesets: [default], integration: {adhoc: false, ci: true, release: false}, results: {}}
";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("security-insights.yml"), INSIGHTS).unwrap();
    folder
}

/// What a run printed, for a snapshot: stdout, then stderr.
fn shown(run: &Run) -> String {
    format!("status {}\n--- stdout\n{}--- stderr\n{}", run.status, run.stdout, run.stderr)
}

fn lint(folder: &Path, file: &str) -> i32 {
    run_in(folder, &["lint", file]).status
}

#[test]
fn an_import_is_an_answers_file_with_proposals_below() {
    let folder = folder();
    let run = run_in(folder.path(), &["import", "security-insights", "security-insights.yml", "-v"]);
    insta::assert_snapshot!(shown(&run));
    std::fs::write(folder.path().join("answers.yaml"), &run.stdout).unwrap();
    assert_eq!(lint(folder.path(), "answers.yaml"), 0);
}

#[test]
fn answers_that_exist_stay() {
    let folder = folder();
    let own = "schema: seaworthy.answers/1\nsubject: github.com/acme/widget\nanswers:\n  project.active: { value: no, by: '@bob', on: 2026-06-01 }\n  governance.contribution-process: { value: yes, by: '@bob', on: 2026-06-01 }\n";
    std::fs::write(folder.path().join("answers.yaml"), own).unwrap();
    let base = ["import", "security-insights", "security-insights.yml", "--answers", "answers.yaml"];
    let run = run_in(folder.path(), &base);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(!run.stdout.contains("project.active") && !run.stdout.contains("governance.contribution-process"));
    assert!(
        run.stderr
            .contains("project.active is answered already, and differently from repository.status; your answer stays."),
        "{}",
        run.stderr
    );
    let into = run_in(folder.path(), &[&base[..], &["-o", "answers.yaml"]].concat());
    assert_eq!(into.status, 2);
    assert!(into.stderr.starts_with("error: `answers.yaml` exists and is not replaced"), "{}", into.stderr);
    assert_eq!(std::fs::read_to_string(folder.path().join("answers.yaml")).unwrap(), own);
}

#[test]
fn a_person_can_confirm_more() {
    let folder = folder();
    let run = run_in(
        folder.path(),
        &[
            "import",
            "security-insights",
            "security-insights.yml",
            "--confirm",
            "likely",
            "--by",
            "@ada",
            "-o",
            "out.yaml",
            "-q",
        ],
    );
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    let written = std::fs::read_to_string(folder.path().join("out.yaml")).unwrap();
    let (answers, comments) = written.split_once("\n\n").unwrap();
    assert!(answers.contains("build.secrets-kept-out:") && answers.contains("by: \"@ada\""), "{written}");
    assert!(comments.contains("# guess, from") && !comments.contains("# likely"), "{written}");
    assert!(!written.contains("ada@example.org"));
    assert_eq!(lint(folder.path(), "out.yaml"), 0);
}

/// What is taken over counts as somebody's word, and only that; comments count as nothing.
#[test]
fn an_import_counts_as_a_claim() {
    let folder = folder();
    let run =
        run_in(folder.path(), &["import", "security-insights", "security-insights.yml", "-o", "answers.yaml", "-q"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let evidence = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/typical/evidence.json");
    let run = run_in(
        folder.path(),
        &[
            "assess",
            "--evidence",
            evidence.to_str().unwrap(),
            "--answers",
            "answers.yaml",
            "--as-of",
            "2026-11-24",
            "--format",
            "json",
        ],
    );
    let record: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let questions = record["questions"].as_array().unwrap();
    let of = |id: &str| questions.iter().find(|question| question["id"] == id).unwrap();
    let taken = of("governance.contribution-process");
    assert_eq!(taken["answered"], true);
    assert_eq!(taken["answer"]["by"], "the project, in security-insights.yml");
    assert!(of("build.secrets-kept-out")["answered"].is_null(), "a comment is no answer");
    assert!(questions.iter().all(|question| question["basis"] != "reviewed"));
}

#[test]
fn every_format_is_read_and_what_is_another_is_refused() {
    let folder = folder();
    let files = [
        ("best-practices", "badge.json", r#"{"updated_at": "2026-06-01", "maintained_status": "Met"}"#),
        ("scorecard", "scorecard.json", r#"{"date": "2026-06-01", "checks": [{"name": "License", "score": 10}]}"#),
        ("clomonitor", ".clomonitor.yml", "exemptions: [{check: sbom, reason: None.}]\n"),
        ("cncf", "assessment.md", "# Overview\n\n## Actors\n\n## Actions\n\n## Goals\n"),
        (
            "oscal",
            "results.json",
            r#"{"assessment-results": {"results": [{"start": "2026-06-01T00:00:00Z", "findings": [{"target": {"target-id": "osps-qa-01.01", "status": {"state": "satisfied"}}}]}]}}"#,
        ),
        ("seaworthy", "old.yaml", "schema: seaworthy.answers/1\nanswers: {}\n"),
        ("security-insights", "security-insights.yml", INSIGHTS),
    ];
    for (_, name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    for (format, name, _) in files {
        let run = run_in(folder.path(), &["import", format, name]);
        assert_eq!(run.status, 0, "{format}: {}", run.stderr);
        std::fs::write(folder.path().join("answers.yaml"), &run.stdout).unwrap();
        assert_eq!(lint(folder.path(), "answers.yaml"), 0, "{format}: {}", run.stdout);
        let other = if format == "cncf" { "badge.json" } else { "assessment.md" };
        let refused = run_in(folder.path(), &["import", format, other]);
        assert_eq!((refused.status, refused.stdout.as_str()), (2, ""), "{format}: {}", refused.stderr);
    }
    assert_eq!(run_in(folder.path(), &["import", "scorecard", "missing.json"]).status, 1);
    assert_eq!(run_in(folder.path(), &["import", "sbom", "badge.json"]).status, 2);
    let future = run_in(folder.path(), &["import", "best-practices", "badge.json", "--on", "9999-01-01"]);
    assert_eq!((future.status, future.stderr.as_str()), (2, "error: --on 9999-01-01 has not come yet\n"));
}

/// The answers of a record come back as they were given.
#[test]
fn a_record_gives_back_its_answers() {
    let folder = folder();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/exemplary");
    let (evidence, answers) = (examples.join("evidence.json"), examples.join("answers.yaml"));
    let (evidence, answers) = (evidence.to_str().unwrap(), answers.to_str().unwrap());
    let base = ["--as-of", "2026-11-24", "--format", "json"];
    let assess = |answers: &str| {
        let run =
            run_in(folder.path(), &[&["assess", "--evidence", evidence, "--answers", answers], &base[..]].concat());
        assert_eq!(run.status, 0, "{}", run.stderr);
        run.stdout
    };
    std::fs::write(folder.path().join("record.json"), assess(answers)).unwrap();
    let run = run_in(folder.path(), &["import", "seaworthy", "record.json", "-o", "again.yaml"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let said = |record: &str| -> Vec<(String, String, String)> {
        let record: serde_json::Value = serde_json::from_str(record).unwrap();
        let of = |question: &serde_json::Value| {
            (question["id"].to_string(), question["answered"].to_string(), question["answer"]["by"].to_string())
        };
        record["questions"].as_array().unwrap().iter().map(of).collect()
    };
    let first = std::fs::read_to_string(folder.path().join("record.json")).unwrap();
    assert_eq!(said(&assess("again.yaml")), said(&first));
}
