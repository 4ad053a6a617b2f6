//! Assessments of the past: `assess --at`, and `rejudge`.

use crate::ledger::{ANSWERS, ledger_of, record, widget};
use crate::support::{DEMO_MODEL, DEMO_QUESTIONS, TestRepository, run_in};
use seaworthy::ledger::Ledger;
use seaworthy::ledger::verify::verify;

#[test]
fn an_old_record_is_judged_under_other_rules() {
    let repository = widget();
    let questions = repository.path().join("../own");
    std::fs::create_dir(&questions).unwrap();
    let write = |model: &str| {
        std::fs::write(questions.join("questions.yaml"), DEMO_QUESTIONS).unwrap();
        std::fs::write(questions.join("model.yaml"), model).unwrap();
    };
    write(DEMO_MODEL);
    let run = record(&repository, &["--questionnaires", "../own", "--model", "demo"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let same = run_in(&repository.path(), &["rejudge", "--questionnaires", "../own"]);
    assert!(same.stdout.contains("change no finding"), "{}{}", same.stdout, same.stderr);
    let line = "  - { id: C-2, area: C, levels: [1], demands: License., met_when: { demo.licence: yes } }\n";
    let other = "  - { id: C-2, area: C, levels: [1], demands: No license., met_when: { demo.licence: no } }\n  - { id: C-3, area: C, levels: [2], demands: License., met_when: { demo.licence: yes } }\n";
    write(&DEMO_MODEL.replace(line, other));
    let changed = run_in(&repository.path(), &["rejudge", "--questionnaires", "../own", "-o", "now.json"]);
    assert_eq!(changed.status, 0, "{}", changed.stderr);
    assert!(
        changed.stdout.contains("C-2  met (observed) → unmet (observed); decided by demo.licence"),
        "{}",
        changed.stdout
    );
    assert!(changed.stdout.contains("requirements new: C-3"), "{}", changed.stdout);
    let text = std::fs::read_to_string(repository.path().join("now.json")).unwrap();
    let now = seaworthy::assess::record::Assessment::from_json(&text).unwrap();
    assert_eq!(now.models[0].findings.len(), 6);
    // The ledger still explains the record under its own rules.
    let verified = run_in(&repository.path(), &["verify"]);
    assert_eq!(verified.status, 0, "{}{}", verified.stdout, verified.stderr);
}

/// Two versions; what came with the second must not show in the first.
fn grown() -> TestRepository {
    first_version()
        .file("SECURITY.md", "# Security\n\nReport to security@example.org.\n")
        .file(".seaworthy/answers.yaml", ANSWERS)
        .commit("More", "Bob", "2026-03-01")
        .tag("v1.1.0")
}

fn first_version() -> TestRepository {
    TestRepository::new()
        .file("README.md", "# Widget\n")
        .file("LICENSE", include_str!("../../LICENSE-MIT"))
        .commit("Start", "Alice", "2026-01-02")
        .tag("v1.0.0")
}

#[test]
fn an_earlier_commit_is_assessed_as_it_was() {
    let address = "https://github.com/acme/widget.git";
    let (grown, first) = (grown().remote(address), first_version().remote(address));
    let at = |repository: &TestRepository| {
        let run = run_in(
            &repository.path(),
            &["assess", ".", "--at", "v1.0.0", "--save-evidence", "e.json", "--format", "json"],
        );
        assert_eq!(run.status, 0, "{}", run.stderr);
        (run.stdout, std::fs::read_to_string(repository.path().join("e.json")).unwrap())
    };
    std::fs::create_dir_all(grown.path().join(".seaworthy")).unwrap();
    std::fs::write(grown.path().join(".seaworthy/answers.yaml"), ANSWERS).unwrap();
    let (record, evidence) = at(&grown);
    assert_eq!((&record, &evidence), (&at(&first).0, &at(&first).1));
    let record = seaworthy::assess::record::Assessment::from_json(&record).unwrap();
    assert_eq!(record.as_of.to_string(), "2026-01-02");
    assert!(record.inputs.answers.is_none());
    let evidence = seaworthy::evidence::Evidence::from_json(&evidence).unwrap();
    assert_eq!(evidence.get("tags.count").unwrap().value().unwrap().to_string(), "1");
    assert_eq!(evidence.collected_at.to_rfc3339(), "2026-01-02T12:00:00+00:00");
    let run = run_in(&grown.path(), &["assess", ".", "--at", "v9"]);
    assert_eq!(run.status, 4);
    assert!(run.stderr.contains("has no commit `v9`"), "{}", run.stderr);
    assert_eq!(run_in(&grown.path(), &["assess", "acme/widget", "--at", "v1.0.0"]).status, 2);
}

#[test]
fn a_ledger_is_built_over_history() {
    let repository = grown().remote("https://github.com/acme/widget.git");
    std::fs::write(repository.path().join("untracked.txt"), "mine").unwrap();
    for tag in ["v1.0.0", "v1.1.0"] {
        let run = record(&repository, &["--at", tag]);
        assert_eq!(run.status, 0, "{}", run.stderr);
    }
    let names: Vec<_> = std::fs::read_dir(repository.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "only .git, .seaworthy and the file: {names:?}");
    let ledger = Ledger::open(&ledger_of(&repository)).unwrap();
    let files: Vec<String> = ledger.entries().iter().map(seaworthy::ledger::Entry::file).collect();
    assert_eq!(files, ["2026-01-02T120000Z.json", "2026-03-01T120000Z.json"]);
    assert!(ledger.latest().unwrap().answers().unwrap().is_some());
    assert!(verify(ledger.folder(), None).unwrap().found.is_empty());
    let run = run_in(&repository.path(), &["history"]);
    assert!(run.stdout.contains("2026-01-02 12:00") && run.stdout.contains("2026-03-01 12:00"), "{}", run.stdout);
    let run = run_in(&repository.path(), &["rejudge", "--date", "2026-02-01"]);
    assert!(run.stdout.contains("as of 2026-01-02"), "{}{}", run.stdout, run.stderr);
}
