//! The register of audits: from the answers file to questions, records and reports.

use std::path::Path;

use crate::support::{assess_answers, run_in};

const REGISTER: &str = "\
schema: seaworthy.answers/1
answers: {}
audits:
  2026-parser:
    auditor: Deep Look Ltd
    independent: yes
    finished: 2026-03-01
    scope: The parser, and all that reads from the network.
    release: RELEASE
    report: https://example.org/report.pdf
    findings: { high: { found: 2, fixed: 1 }, low: { found: 3, fixed: 3 } }
    by: \"@alice\"
    on: 2026-03-10
";

fn evidence() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/typical/evidence.json")
}

/// The tag of the latest release of the example.
fn latest() -> String {
    let text = std::fs::read_to_string(evidence()).unwrap();
    let evidence: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut all = evidence["observations"].as_array().unwrap().iter();
    let latest = all.find(|observation| observation["key"] == "releases.latest").unwrap();
    latest["value"].as_str().unwrap().to_owned()
}

/// Assesses the example under the model of audits, on a day, and gives what is printed.
fn assessed(register: &str, as_of: &str, format: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("answers.yaml"), register).unwrap();
    let evidence = evidence().to_string_lossy().into_owned();
    let arguments = [
        "assess",
        "--evidence",
        &evidence,
        "--answers",
        "answers.yaml",
        "--model",
        "audits",
        "--as-of",
        as_of,
        "--format",
        format,
    ];
    let run = run_in(folder.path(), &arguments);
    assert_eq!(run.status, 0, "{}", run.stderr);
    run.stdout
}

fn record(register: &str, as_of: &str) -> serde_json::Value {
    serde_json::from_str(&assessed(register, as_of, "json")).unwrap()
}

#[test]
fn questions_follow_from_the_register_as_claims() {
    let record = record(&REGISTER.replace("RELEASE", &latest()), "2026-11-24");
    let question = |id: &str| record["questions"].as_array().unwrap().iter().find(|q| q["id"] == id).unwrap().clone();
    for (id, value) in
        [("audits.independent-recent", true), ("audits.serious-fixed", false), ("audits.covers-shipped", true)]
    {
        let question = question(id);
        assert_eq!((&question["value"], &question["basis"]), (&value.into(), &"attested".into()), "{id}");
        assert_eq!(question["answer"]["by"], "@alice");
    }
    let audit = &record["audits"][0];
    assert_eq!((&audit["id"], &audit["shipped"]), (&"2026-parser".into(), &"same".into()));
    assert_eq!(record["models"][0]["maturity"]["verified"], 0, "a claim is never a fact");
    assert_eq!(record["models"][0]["maturity"]["claimed"], 1);
}

#[test]
fn age_and_release_count_and_an_own_answer_stands_before() {
    let other = REGISTER.replace("RELEASE", "v0.0.1");
    let claimed = |register: &str, as_of: &str, id: &str| {
        let record = record(register, as_of);
        let all = record["questions"].as_array().unwrap();
        all.iter().find(|question| question["id"] == id).unwrap()["value"].clone()
    };
    assert_eq!(claimed(&other, "2026-11-24", "audits.covers-shipped"), false);
    // The register was told longer ago than an answer holds.
    assert_eq!(claimed(&other, "2030-11-24", "audits.independent-recent"), serde_json::Value::Null);
    let own = other.replace(
        "answers: {}",
        "answers:\n  audits.serious-fixed: { value: yes, because: Fixed today., by: '@bob', on: 2026-11-01 }",
    );
    assert_eq!(claimed(&own, "2026-11-24", "audits.serious-fixed"), true);
    let untold = other.replace("    findings: { high: { found: 2, fixed: 1 }, low: { found: 3, fixed: 3 } }\n", "");
    assert_eq!(claimed(&untold, "2026-11-24", "audits.serious-fixed"), serde_json::Value::Null);
}

#[test]
fn every_report_shows_the_audits() {
    let register = REGISTER.replace("RELEASE", &latest());
    let page = assessed(&register, "2026-11-24", "html");
    for words in
        ["Audits of the code", "Deep Look Ltd", "268 days ago", "which is the latest release", "5 found, 4 fixed"]
    {
        assert!(page.contains(words), "{words}");
    }
    insta::assert_snapshot!(
        "audits-in-markdown",
        section(&assessed(&register, "2026-11-24", "markdown"), "## Audits of the code")
    );
    insta::assert_snapshot!(
        "audits-in-text",
        section(&assessed(&register, "2026-11-24", "text"), "Audits of the code (")
    );
}

/// From a heading to the next empty line but one.
fn section(page: &str, heading: &str) -> String {
    let start = page.find(heading).unwrap();
    page[start..].lines().take(9).map(|line| line.replace(&latest(), "LATEST") + "\n").collect()
}

#[test]
fn what_is_wrong_with_an_audit_is_told_at_its_line() {
    for (from, to, line, message) in [
        ("independent: yes", "independent: maybe", 6, "`independent` is yes or no"),
        ("finished: 2026-03-01", "finished: 2026-04-01", 13, "it is told before the audit was finished"),
        ("release: RELEASE", "commit: abc", 9, "`commit` is a whole commit id"),
        ("high:", "hihg:", 11, "`hihg` is no severity"),
        ("fixed: 1 }", "fixed: 3 }", 11, "more findings are fixed than were found"),
        ("found: 2", "found: -2", 11, "`found` is a number from 0 upwards"),
        ("https://example.org", "ftp://example.org", 10, "`report` is no link"),
        ("    scope:", "    scpoe:", 8, "an audit has no field `scpoe`"),
        ("2026-parser:", "'2026 parser':", 4, "the id of an audit"),
        ("    release: RELEASE\n", "", 5, "which code was looked at is not told"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let text = REGISTER.replace(from, to);
        assert_ne!(text, REGISTER);
        std::fs::write(folder.path().join("a.yaml"), text).unwrap();
        let run = run_in(folder.path(), &["lint", "a.yaml", "--deny", "warnings"]);
        assert_eq!(run.status, 2, "{to}");
        assert!(run.stderr.contains(message) && run.stderr.contains(&format!("a.yaml:{line}:")), "{to}{}", run.stderr);
    }
}

#[test]
fn audits_of_security_insights_come_into_the_register() {
    let insights = "header:\n  schema-version: 2.0.0\n  last-updated: '2026-04-02'\n  last-reviewed: '2026-04-02'\n  \
                    url: https://example.org/si.yml\nrepository:\n  security:\n    assessments:\n      self: { comment: None. }\n      \
                    third-party:\n        - { name: Deep Look Ltd, comment: The parser., date: '2026-03-01', evidence: \
                    'https://example.org/r.pdf' }\n        - { comment: No day. }\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("security-insights.yml"), insights).unwrap();
    let printed = run_in(folder.path(), &["import", "security-insights", "security-insights.yml", "-v"]);
    assert_eq!(printed.status, 0, "{}", printed.stderr);
    for words in [
        "audits:",
        "insights-1:",
        "auditor: Deep Look Ltd",
        "independent: yes",
        "finished: 2026-03-01",
        "https://example.org/r.pdf",
    ] {
        assert!(printed.stdout.contains(words), "{words}: {}", printed.stdout);
    }
    assert!(printed.stderr.contains("needs the day of each"), "{}", printed.stderr);
    // What the register holds already, by its report, is not put there again.
    let own = "schema: seaworthy.answers/1\naudits:\n  mine:\n    independent: yes\n    finished: 2026-03-01\n    release: v1\n    \
               report: https://example.org/r.pdf\n    by: '@a'\n    on: 2026-03-02\n";
    std::fs::write(folder.path().join("answers.yaml"), own).unwrap();
    let into =
        run_in(folder.path(), &["import", "security-insights", "security-insights.yml", "--into", "answers.yaml"]);
    assert_eq!(into.status, 0, "{}", into.stderr);
    assert!(!std::fs::read_to_string(folder.path().join("answers.yaml")).unwrap().contains("insights-1"));
    std::fs::remove_file(folder.path().join("answers.yaml")).unwrap();
    let into =
        run_in(folder.path(), &["import", "security-insights", "security-insights.yml", "--into", "answers.yaml"]);
    assert!(into.stdout.contains("1 audit put into"), "{}{}", into.stdout, into.stderr);
    let lint = run_in(folder.path(), &["lint", "answers.yaml"]);
    assert_eq!(lint.status, 0, "{}", lint.stderr);
}

/// A register is told in words where a document asks which audits there are.
#[test]
fn the_register_fills_the_section_on_audits() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("answers.yaml"), REGISTER.replace("RELEASE", &latest())).unwrap();
    let document = ["--model", "cncf-joint-assessment", "--document", "joint-assessment", "-o", "document.md"];
    let run = assess_answers(folder.path(), &evidence(), &document);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let text = std::fs::read_to_string(folder.path().join("document.md")).unwrap();
    let section = text.split("### Existing Audits").nth(1).unwrap();
    let told = "- **2026-03-01**, Deep Look Ltd: The parser, and all that reads from the network. Findings: 2 high (1 fixed), 3 low (3 \
         fixed). It looked at";
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(section).starts_with(&words(told)), "{section}");
    assert!(section.contains("[Report](https://example.org/report.pdf)"), "{section}");
    assert!(section.contains("Said by `@alice` on 2026-03-10"), "the keeper's word: {section}");
}
