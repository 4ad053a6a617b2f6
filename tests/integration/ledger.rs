//! Ledgers: recording and listing, and what the other tests of ledgers need.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Run, TestRepository, run_in};
use seaworthy::ledger::Ledger;
use seaworthy::ledger::verify::{Kind, Verification, verify};

pub(crate) const ANSWERS: &str = "\
schema: seaworthy.answers/1
subject: github.com/acme/widget
answers:
  access.second-factor-required:
    value: yes
    because: The organisation requires it.
    evidence: [https://example.org/policy]
    by: \"@ann\"
    on: 2026-06-01
    confidential: The spare key lies in the safe.
";

pub(crate) fn widget() -> TestRepository {
    TestRepository::new()
        .file("README.md", "# Widget\n\n## Usage\n\nRun it.\n")
        .file("LICENSE", include_str!("../../LICENSE-MIT"))
        .file(".seaworthy/answers.yaml", ANSWERS)
        .commit("Start", "Alice", "2026-01-02")
        .tag("v1.0.0")
        .remote("https://github.com/acme/widget.git")
}

pub(crate) fn record(repository: &TestRepository, more: &[&str]) -> Run {
    let mut arguments = vec!["assess", ".", "--record"];
    arguments.extend(more);
    run_in(&repository.path(), &arguments)
}

pub(crate) fn ledger_of(repository: &TestRepository) -> PathBuf {
    repository.path().join(".seaworthy/assessments")
}

/// A ledger of three records, made of the same evidence on three days.
pub(crate) fn three() -> (TestRepository, PathBuf) {
    let repository = widget();
    std::fs::create_dir(repository.path().join(".seaworthy")).unwrap();
    std::fs::write(repository.path().join(".seaworthy/answers.yaml"), ANSWERS).unwrap();
    let run = run_in(&repository.path(), &["collect", ".", "-o", "evidence.json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    for day in ["2027-01-01", "2027-02-01", "2027-03-01"] {
        let run = record(&repository, &["--evidence", "evidence.json", "--as-of", day]);
        assert_eq!(run.status, 0, "{}", run.stderr);
    }
    let ledger = ledger_of(&repository);
    (repository, ledger)
}

pub(crate) fn kinds(verification: &Verification) -> BTreeSet<Kind> {
    verification.found.iter().map(|found| found.kind).collect()
}

/// All files of a folder and those below, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn an_assessment_is_recorded_listed_and_verified() {
    let repository = widget();
    let run = record(&repository, &["--model", "osps-baseline"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("Recorded in"), "{}", run.stderr);
    let run = run_in(&repository.path(), &["history", "--format", "json"]);
    let lines: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(lines[0]["subject"], "github.com/acme/widget");
    assert_eq!(lines[0]["models"][0]["id"], "osps-baseline");
    assert_eq!(lines[0]["access"], "checkout");
    let run = run_in(&repository.path(), &["history"]);
    assert!(run.stdout.contains("checkout") && run.stdout.contains("of 3"), "{}", run.stdout);
    let run = run_in(&repository.path(), &["verify"]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("1 record; 1 made again"), "{}", run.stdout);
}

#[test]
fn what_a_record_was_made_of_is_read_again() {
    let (_repository, folder) = three();
    let ledger = Ledger::open(&folder).unwrap();
    let days: Vec<String> = ledger.entries().iter().map(|entry| entry.as_of().to_string()).collect();
    assert_eq!(days, ["2027-01-01", "2027-02-01", "2027-03-01"]);
    let latest = ledger.latest().unwrap();
    assert_eq!(latest.file(), "2027-03-01T000000Z.json");
    assert_eq!(latest.previous(), Some(ledger.entries()[1].digest()));
    assert_eq!(latest.evidence().unwrap().subject.id, "github.com/acme/widget");
    assert!(latest.questionnaires().unwrap().model("osps-baseline").is_some());
    let answers = latest.answers().unwrap().unwrap();
    assert!(answers.answers.contains_key("access.second-factor-required"));
    let kept = latest.inputs().unwrap().answers.unwrap();
    assert!(!kept.contains("safe") && kept.contains("confidential: left out of the ledger"), "{kept}");
    let verification = verify(&folder, None).unwrap();
    assert_eq!((verification.records, verification.derived), (3, 3), "{:?}", verification.found);
    assert!(verification.found.is_empty());
    // Evidence, answers and questionnaires are kept once.
    let objects = files(&folder.join("objects")).len();
    let questionnaires = latest.questionnaires().unwrap().files().len();
    assert_eq!(objects, questionnaires + 3);
}

/// An answer under an id that was replaced counts for the new one; its confidential words stay out all the same.
#[test]
fn confidential_words_under_a_replaced_id_are_kept_out() {
    let replaced = "schema: seaworthy.replaced/1\nreplaced:\n\
                    - { id: own.second-factor, by: [access.second-factor-required], since: '2', carry: same }\n";
    let repository = widget()
        .file(".seaworthy/answers.yaml", ANSWERS.replace("access.second-factor-required", "own.second-factor"))
        .commit("Under the old id", "Alice", "2026-06-02");
    std::fs::create_dir(repository.path().join("own")).unwrap();
    std::fs::write(repository.path().join("own/replaced.yaml"), replaced).unwrap();
    let run = record(&repository, &["--as-of", "2026-07-01", "--questionnaires", "own", "-o", "r.json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let written: Value =
        serde_json::from_str(&std::fs::read_to_string(repository.path().join("r.json")).unwrap()).unwrap();
    let mut questions = written["questions"].as_array().unwrap().iter();
    let question = questions.find(|question| question["id"] == "access.second-factor-required").unwrap();
    assert_eq!(question["answer"]["by"], "@ann", "the answer counts under the new id");
    let folder = ledger_of(&repository);
    let kept = Ledger::open(&folder).unwrap().latest().unwrap().inputs().unwrap().answers.unwrap();
    assert!(kept.contains("own.second-factor") && kept.contains("confidential: left out of the ledger"), "{kept}");
    for path in files(&folder) {
        let content = std::fs::read(&path).unwrap();
        assert!(!String::from_utf8_lossy(&content).contains("spare key"), "{}", path.display());
    }
    assert!(!written.to_string().contains("spare key"));
    assert!(verify(&folder, None).unwrap().found.is_empty());
}

#[test]
fn the_same_assessment_is_recorded_once() {
    let (repository, folder) = three();
    let before = files(&folder);
    let run = record(&repository, &["--evidence", "evidence.json", "--as-of", "2027-03-01"]);
    assert_eq!(run.status, 0);
    assert!(run.stderr.contains("stands already in"), "{}", run.stderr);
    assert_eq!(files(&folder), before);
    // Another assessment of the same moment gets a number.
    std::fs::write(repository.path().join("none.yaml"), "schema: seaworthy.answers/1\n").unwrap();
    let run = record(&repository, &["--evidence", "evidence.json", "--as-of", "2027-03-01", "--answers", "none.yaml"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(folder.join("2027-03-01T000000Z-2.json").is_file());
    assert!(verify(&folder, None).unwrap().found.is_empty());
}

#[test]
fn records_go_forward_in_time_and_stay_with_their_subject() {
    let (repository, folder) = three();
    let run = record(&repository, &["--evidence", "evidence.json", "--as-of", "2027-02-15"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("in the order of their time"), "{}", run.stderr);
    let other = TestRepository::new()
        .file("README.md", "# Gadget\n")
        .commit("Start", "Alice", "2026-01-02")
        .remote("https://github.com/acme/gadget.git");
    let target = format!("--record={}", folder.display());
    let run = run_in(&other.path(), &["assess", ".", "--as-of", "2028-01-01", &target]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("is of github.com/acme/widget, not of github.com/acme/gadget"), "{}", run.stderr);
    let run = run_in(&other.path(), &["assess", "acme/gadget", "--record"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("--record=DIR"), "{}", run.stderr);
}
