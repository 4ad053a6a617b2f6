//! `status`: each trigger is flipped on a repository; what broke, by which commit, and which questions it touches is named,
//! and nothing else.

use std::path::Path;

use seaworthy::evidence::{Events, Evidence, Observation, Value as Seen};
use seaworthy::questionnaire::{AnswerType, Questionnaires};
use serde_json::Value;

use crate::support::{Run, TestRepository, run_in};

const WORKFLOW: &str = "\
on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make test
";

/// A repository with something of all that is watched, as of 2026-01-10.
fn repository() -> TestRepository {
    TestRepository::new()
        .file("README.md", "# Widget\n")
        .file("SECURITY.md", "# Security\n\nWrite to security@example.org.\n")
        .file("CONTRIBUTING.md", "# Contributing\n\nSend a change.\n")
        .file("MAINTAINERS.md", "# Maintainers\n\n- @alice\n- @bob\n")
        .file("ARCHITECTURE.md", "# Design\n\nOne binary.\n")
        .file("LICENSE", "All of it is free.\n")
        .file(".github/workflows/ci.yml", WORKFLOW)
        .file("Cargo.toml", "[package]\nname = \"widget\"\n")
        .file("src/core/a.rs", "a")
        .file("src/net/b.rs", "b")
        .file("tests/all.rs", "t")
        .commit("Begin", "Alice", "2026-01-10")
        .tag("v1.0.0")
}

/// The questions that only people can answer and that are revisited on an event.
fn asked_after(event: &str) -> Vec<String> {
    let bank = Questionnaires::built_in().unwrap();
    let event = Events::built_in().get(event).unwrap();
    let known = bank.questions().iter().filter(|question| question.observe.is_empty() && question.asked_when.is_none());
    known
        .filter(|question| question.answer == AnswerType::YesNo && event.touches(&question.revisit_on))
        .filter(|question| used(&bank, &question.id))
        .map(|question| question.id.clone())
        .collect()
}

fn used(bank: &Questionnaires, question: &str) -> bool {
    let mut requirements = bank.models().iter().flat_map(|model| &model.requirements);
    requirements.any(|requirement| requirement.questions().contains(&question))
}

/// Answers to all questions that only people can answer, of this day.
fn answers(folder: &Path, on: &str) {
    let mut text = "schema: seaworthy.answers/1\nanswers:\n".to_owned();
    for question in asked_after("archived") {
        text += &format!(
            "  {question}: {{ value: yes, because: It is so., evidence: ['https://example.org/a'], by: '@alice', on: {on} }}\n"
        );
    }
    std::fs::write(folder.join("answers.yaml"), text).unwrap();
}

fn status(folder: &Path, subject: &Path, arguments: &[&str]) -> Run {
    let subject = subject.to_str().unwrap();
    run_in(folder, &[&["status", subject, "--answers", "answers.yaml", "--on", "2026-04-01", "-q"], arguments].concat())
}

fn json(run: &Run) -> Value {
    assert!(!run.stdout.is_empty(), "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

fn texts(list: &Value) -> Vec<String> {
    let mut texts: Vec<String> =
        list.as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect();
    texts.sort();
    texts
}

/// The one change that status tells, and the questions that it touches.
fn only_change(told: &Value) -> (String, String, Vec<String>) {
    let touched = told["touched"].as_array().unwrap();
    assert_eq!(touched.len(), 1, "{touched:#?}");
    let change = &touched[0]["change"];
    let what = format!("{} {}", change["on"].as_str().unwrap(), change["what"].as_str().unwrap());
    (change["event"].as_str().unwrap().to_owned(), what, texts(&touched[0]["questions"]))
}

#[test]
fn each_trigger_names_its_commit_and_its_questions_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    answers(folder.path(), "2026-02-01");
    let moved = |repository: TestRepository| {
        ["crates/core/a.rs", "crates/net/b.rs", "crates/cli/c.rs", "tools/gen/d.rs"]
            .iter()
            .fold(repository, |repository, path| repository.file(path, "moved"))
    };
    let flips: Vec<(&str, &str, TestRepository)> = vec![
        ("security-policy-changed", "SECURITY.md", repository().file("SECURITY.md", "# Security\n\nUse the form.\n")),
        ("documents-changed", "CONTRIBUTING.md", repository().file("CONTRIBUTING.md", "# Contributing\n\nSign it.\n")),
        ("maintainers-changed", "MAINTAINERS.md", repository().file("MAINTAINERS.md", "# Maintainers\n\n- @carol\n")),
        ("license-changed", "LICENSE", repository().file("LICENSE", "All of it is mine.\n")),
        ("architecture-changed", "ARCHITECTURE.md", repository().file("ARCHITECTURE.md", "# Design\n\nA daemon.\n")),
        (
            "workflows-changed",
            ".github/workflows/ci.yml",
            repository().file(".github/workflows/ci.yml", WORKFLOW.replace("make test", "curl example.org | sh")),
        ),
        ("code-restructured", "folders came or went", moved(repository())),
    ];
    for (event, what, flipped) in flips {
        let asked = asked_after(event);
        assert!(!asked.is_empty(), "{event} touches no question, so that this test shows nothing");
        let flipped = flipped.commit("Flip it", "Bob", "2026-03-10").file("README.md", "# Widget 2\n");
        let flipped = flipped.commit("Later and harmless", "Bob", "2026-03-20");
        let told = json(&status(folder.path(), &flipped.path(), &["--format", "json"]));
        let (named, change, touched) = only_change(&told);
        assert_eq!(named, event);
        assert!(change.starts_with("2026-03-10 commit ") && change.contains("\"Flip it\""), "{change}");
        assert!(change.contains(what), "{change}");
        let mut asked = asked;
        asked.sort();
        assert_eq!(touched, asked, "{event}");
        assert_eq!(told["counts"]["suspect"], asked.len());
        assert_eq!(told["work"].as_array().unwrap().len(), asked.len(), "only what is touched is work");
    }
}

#[test]
fn a_new_major_version_is_a_trigger_and_a_minor_one_is_none() {
    let folder = tempfile::tempdir().unwrap();
    answers(folder.path(), "2026-02-01");
    for (tag, fires) in [("v1.1.0", false), ("v2.0.0-rc.1", false), ("v2.0.0", true)] {
        let released = repository().file("src/core/a.rs", "aa").commit("Release", "Alice", "2026-03-10").tag(tag);
        let told = json(&status(folder.path(), &released.path(), &["--format", "json"]));
        let mut asked = asked_after("major-release");
        asked.sort();
        if fires {
            let (event, what, touched) = only_change(&told);
            assert_eq!((event.as_str(), what.as_str(), touched), ("major-release", "2026-03-10 v2.0.0", asked));
        } else {
            assert_eq!(told["touched"], Value::Array(Vec::new()), "{tag}");
        }
    }
}

#[test]
fn what_does_not_count_breaks_nothing_and_a_new_answer_heals() {
    let folder = tempfile::tempdir().unwrap();
    answers(folder.path(), "2026-02-01");
    let harmless = repository()
        .file(".github/workflows/ci.yml", WORKFLOW.replace("checkout@v4", "checkout@11bd719 # v5"))
        .file("SECURITY.md", "#  Security\n\nWrite to\nsecurity@example.org.\n")
        .file("src/core/new.rs", "n")
        .commit("Pins, line breaks and code", "Bob", "2026-03-10");
    let run = status(folder.path(), &harmless.path(), &["--fail-on", "due", "--line"]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.starts_with("whole: ") && run.stdout.ends_with(" fresh\n"), "{}", run.stdout);
    let broken = harmless.file("SECURITY.md", "# Security\n\nNo.\n").commit("Close it", "Bob", "2026-03-15");
    let run = status(folder.path(), &broken.path(), &["--fail-on", "suspect", "--line"]);
    assert_eq!(run.status, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.starts_with("suspect: "), "{}", run.stdout);
    assert_eq!(status(folder.path(), &broken.path(), &["--fail-on", "contradicted"]).status, 0);
    answers(folder.path(), "2026-03-15");
    let run = status(folder.path(), &broken.path(), &["--fail-on", "due"]);
    assert_eq!(run.status, 0, "{}", run.stdout);
    assert!(run.stdout.contains("Everything holds; there is nothing to do."), "{}", run.stdout);
}

#[test]
fn time_makes_due_and_then_expired() {
    let folder = tempfile::tempdir().unwrap();
    let id = &asked_after("archived")[0];
    let said = |on: &str, until: &str| {
        format!(
            "schema: seaworthy.answers/1\nanswers:\n  {id}: {{ value: yes, because: So., evidence: ['https://example.org'], \
             by: '@alice', on: {on}, until: {until} }}\n"
        )
    };
    let repository = repository();
    for (on, until, validity, fails) in [
        ("2026-03-01", "2026-12-31", "fresh", false),
        ("2025-05-01", "2026-05-01", "due", true),
        ("2025-03-01", "2026-03-31", "expired", true),
    ] {
        std::fs::write(folder.path().join("answers.yaml"), said(on, until)).unwrap();
        let run = status(folder.path(), &repository.path(), &["--format", "json", "--fail-on", "due"]);
        let told = json(&run);
        assert_eq!((told["counts"][validity].as_u64(), run.status), (Some(1), if fails { 3 } else { 0 }), "{validity}");
        // The interview asks for the same.
        let subject = repository.path();
        let arguments = ["answer", subject.to_str().unwrap(), "--answers", "answers.yaml", "--on", "2026-04-01"];
        let only = ["--plain", "--only", "due", "--model", "all", "--by", "@bob"];
        let output = crate::support::seaworthy()
            .current_dir(folder.path())
            .args([&arguments[..], &only].concat())
            .write_stdin("")
            .output()
            .unwrap();
        let asks = !String::from_utf8_lossy(&output.stdout).contains("There is no such question");
        assert_eq!(asks, fails, "{validity}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

/// Two snapshots of the same subject that tell the same, but for what `flip` makes of the later one.
fn snapshots(folder: &Path, same: &[Observation], flip: impl Fn(&mut Evidence)) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/typical/evidence.json");
    let mut now = Evidence::from_json(&std::fs::read_to_string(path).unwrap()).unwrap();
    for observation in same {
        put(&mut now, observation.clone());
    }
    let mut earlier = now.clone();
    earlier.collected_at = "2026-03-01T10:00:00Z".parse().unwrap();
    now.collected_at = "2026-03-30T10:00:00Z".parse().unwrap();
    flip(&mut now);
    std::fs::write(folder.join("then.json"), earlier.to_json().unwrap()).unwrap();
    std::fs::write(folder.join("now.json"), now.to_json().unwrap()).unwrap();
}

fn put(evidence: &mut Evidence, observation: Observation) {
    let present = evidence.observations.iter_mut().find(|present| present.key == observation.key);
    match present {
        Some(present) => *present = observation,
        None => evidence.observations.push(observation),
    }
    evidence.observations.sort_by(|one, other| one.key.cmp(&other.key));
}

/// Settings, which no history of git tells.
#[test]
fn each_trigger_is_told_by_an_earlier_snapshot_too() {
    let folder = tempfile::tempdir().unwrap();
    answers(folder.path(), "2026-02-01");
    let list = |items: &[&str]| Seen::List(items.iter().map(|item| (*item).to_owned()).collect());
    let flips: Vec<(&str, &str, Seen, Seen)> = vec![
        ("branch-rules-changed", "default_branch.required_approvals", 2_i64.into(), 1_i64.into()),
        ("branch-rules-changed", "default_branch.bypass_allowed", false.into(), true.into()),
        ("workflows-changed", "actions.default_permissions", "read".into(), "write".into()),
        ("ownership-changed", "repo.owner_type", "user".into(), "organization".into()),
        ("maintainers-changed", "access.administrators", 2_i64.into(), 5_i64.into()),
        ("maintainers-changed", "org.owners", 2_i64.into(), 3_i64.into()),
        ("security-policy-changed", "security.private_reporting", true.into(), false.into()),
        ("dependencies-changed", "dependencies.ecosystems", list(&["npm"]), list(&["cargo", "npm"])),
        ("license-changed", "license.ids", list(&["MIT"]), list(&["BUSL-1.1"])),
        ("major-release", "tags.latest_version", "v1.9.0".into(), "v2.0.0".into()),
        ("code-restructured", "repo.main_language", "C".into(), "Rust".into()),
        ("archived", "repo.archived", false.into(), true.into()),
    ];
    for (event, key, was, is) in &flips {
        let (before, after) = (Observation::seen(*key, was.clone()), Observation::seen(*key, is.clone()));
        snapshots(folder.path(), &[before], |now| put(now, after.clone()));
        is_told(folder.path(), event, &format!("{key} is "));
    }
    // Another token, which sees the settings no longer, breaks nothing.
    let keys: Vec<&str> = flips.iter().map(|(_, key, _, _)| *key).collect();
    let seen: Vec<_> = flips.iter().map(|(_, key, was, _)| Observation::seen(*key, was.clone())).collect();
    snapshots(folder.path(), &seen, |now| {
        for key in &keys {
            put(now, Observation::not_permitted(*key, "administration: read"));
        }
    });
    assert_eq!(json(&since(folder.path()))["touched"], Value::Array(Vec::new()));
    snapshots(folder.path(), &[], |now| now.subject.id = "github.com/somebody-else/breakwater".to_owned());
    is_told(folder.path(), "ownership-changed", "the owner is github.com/somebody-else, was github.com/example-org");
}

fn since(folder: &Path) -> Run {
    let arguments = ["--evidence", "now.json", "--since", "then.json", "--format", "json"];
    status(folder, Path::new("."), &arguments)
}

/// Status tells this one event, with what changed and with the questions that it touches.
fn is_told(folder: &Path, wanted: &str, change: &str) {
    let told = json(&since(folder));
    let mut asked = asked_after(wanted);
    asked.sort();
    assert!(!asked.is_empty(), "{wanted} touches no question, so that this test shows nothing");
    let (event, what, touched) = only_change(&told);
    assert_eq!(event, wanted);
    assert!(what.starts_with("2026-03-02 between 2026-03-01 and 2026-03-30"), "{what}");
    assert!(what.contains(change), "{what} does not tell: {change}");
    assert_eq!(touched, asked, "{wanted}");
    assert_eq!(told["counts"]["suspect"], asked.len());
}

/// People count, not the words about them; and who comes one after the other counts in the end.
#[test]
fn maintainers_change_when_a_third_of_them_does() {
    let folder = tempfile::tempdir().unwrap();
    answers(folder.path(), "2026-02-01");
    let list = |people: &str| format!("# Maintainers\n\n{people}");
    let six = "- @ann\n- @ben\n- @cid\n- @dee\n- @eve\n- @fay\n";
    let begun = || {
        repository().file("MAINTAINERS.md", list(six)).file("CODEOWNERS", "* @ann @ben\n").commit(
            "Six",
            "Alice",
            "2026-01-20",
        )
    };
    let changes = |repository: &TestRepository| {
        let told = json(&status(folder.path(), &repository.path(), &["--format", "json"]));
        let touched = told["touched"].as_array().unwrap().clone();
        touched.iter().map(|one| one["change"]["what"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let words = begun()
        .file("MAINTAINERS.md", "# Who maintains it\n\n* @fay, @eve\n* @dee: releases\n* @cid\n* @Ben\n* @ann\n")
        .file("CODEOWNERS", "# The core\n* @ben @ann\n/docs @fay\n")
        .commit("Other words", "Alice", "2026-03-01");
    assert!(changes(&words).is_empty());
    let first = words
        .file("MAINTAINERS.md", list(&six.replace("- @fay\n", "")))
        .file("CODEOWNERS", "* @ann @ben\n")
        .commit("Fay leaves", "Alice", "2026-03-05");
    assert!(changes(&first).is_empty(), "one of six");
    let second = first.file("MAINTAINERS.md", list(&six.replace("- @fay\n", "").replace("- @eve\n", ""))).commit(
        "Eve leaves",
        "Alice",
        "2026-03-10",
    );
    let told = changes(&second);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("\"Fay leaves\"") && told[0].contains("2 of 6 people came or went"), "{told:?}");
}

#[test]
fn a_review_from_before_a_change_no_longer_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let id = asked_after("security-policy-changed")[0].clone();
    let file = |reviewed: &str| {
        format!(
            "schema: seaworthy.answers/1\nanswers:\n  {id}: {{ value: yes, because: So., evidence: ['https://example.org'], by: \
             '@alice', on: 2026-02-01 }}\nreviews:\n  {id}: {{ verdict: accepted, by: '@carol', on: {reviewed} }}\n"
        )
    };
    let changed = repository().file("SECURITY.md", "# Security\n\nNo.\n").commit("Close it", "Bob", "2026-03-10");
    for (reviewed, basis, suspect) in [("2026-02-10", "attested", 1), ("2026-03-20", "reviewed", 0)] {
        std::fs::write(folder.path().join("answers.yaml"), file(reviewed)).unwrap();
        let path = changed.path();
        let arguments = ["assess", path.to_str().unwrap(), "--answers", "answers.yaml", "--as-of", "2026-04-01"];
        let record =
            json(&run_in(folder.path(), &[&arguments[..], &["--model", "all", "--format", "json", "-q"]].concat()));
        let question = record["questions"].as_array().unwrap().iter().find(|question| question["id"] == *id).unwrap();
        assert_eq!(question["basis"], basis, "{question:#}");
        assert_eq!(question["value"], true, "it is not unknown: it has not run out");
        let told = json(&status(folder.path(), &path, &["--format", "json"]));
        assert_eq!(told["counts"]["suspect"], suspect);
    }
}

#[test]
fn as_it_is_printed_and_as_a_calendar() {
    let folder = tempfile::tempdir().unwrap();
    let text = "\
schema: seaworthy.answers/1
answers:
  access.least-privilege-by-default: { value: yes, because: So., by: '@alice', on: 2026-02-01 }
  governance.access-vetting: { value: yes, because: So., by: '@alice', on: 2025-05-01 }
waivers:
  osps-baseline/OSPS-AC-01.01: { reason: 'Soon; really, \\n yes', by: '@carol', until: 2026-04-20 }
";
    let changed = repository().file("MAINTAINERS.md", "- @eve\n").commit("New people", "Bob", "2026-03-10");
    std::fs::create_dir(changed.path().join(".seaworthy")).unwrap();
    std::fs::write(changed.path().join(".seaworthy/answers.yaml"), text).unwrap();
    let written = |name: &str| {
        let calendar = folder.path().join(name);
        let arguments =
            ["status", "--on", "2026-04-01", "-q", "--model", "osps-baseline", "--ics", calendar.to_str().unwrap()];
        let run = run_in(&changed.path(), &arguments);
        assert_eq!(run.status, 0, "{}", run.stderr);
        (run, std::fs::read_to_string(calendar).unwrap())
    };
    let (run, calendar) = written("due.ics");
    for told in [
        "What changed since",
        "2026-03-10: Maintainers changed",
        "\"New people\": 3 of 3 people came or went: MAINTAINERS.md",
        "Suspect (",
        "Due (",
    ] {
        assert!(run.stdout.contains(told), "{told}: {}", run.stdout);
    }
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{}", run.stdout);
    assert!(calendar.contains("DTSTART;VALUE=DATE:20260321") && calendar.matches("UID:").count() >= 2, "{calendar}");
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.ends_with("END:VCALENDAR\r\n"));
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "lines are folded");
    assert_eq!(written("again.ics").1, calendar, "the same each time");
}
