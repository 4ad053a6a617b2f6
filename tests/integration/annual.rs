//! The yearly report, from a ledger over two years.

use crate::support::{TestRepository, run_in};

/// A project that got a security policy between two assessments.
fn ledger() -> TestRepository {
    let repository = TestRepository::new()
        .file("README.md", "# Widget\n\n## Usage\n\nRun it.\n")
        .commit("Start", "Ann", "2024-03-01")
        .remote("https://github.com/acme/widget.git");
    record(&repository, "2024-12-01");
    let repository = repository
        .file("LICENSE", include_str!("../../LICENSE-MIT"))
        .file("SECURITY.md", "# Security\n\nWrite to security@example.org; we answer within 14 days.\n")
        .commit("A licence and a policy", "Ben", "2025-06-01");
    record(&repository, "2025-12-01");
    repository
}

fn record(repository: &TestRepository, day: &str) {
    let run = run_in(&repository.path(), &["assess", ".", "--as-of", day, "--record"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
}

#[test]
fn a_year_tells_what_was_achieved() {
    let repository = ledger();
    let run = run_in(&repository.path(), &["annual", "--year", "2025"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
    let run = run_in(&repository.path(), &["annual", "-o", "year.html", "-o", "year.md", "-o", "year.json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let read = |name: &str| std::fs::read_to_string(repository.path().join(name)).unwrap();
    let html = read("year.html");
    assert!(html.contains("<svg") && html.contains("OSPS-LE-03.01") && !html.contains("<script"));
    let markdown = read("year.md");
    assert!(markdown.contains("### Achieved") && markdown.contains("OSPS-LE-03.01"), "{markdown}");
    let year: serde_json::Value = serde_json::from_str(&read("year.json")).unwrap();
    assert_eq!(year["schema"], "seaworthy.year/1");
    assert_eq!(year["year"], 2025);
}

#[test]
fn a_year_without_an_assessment_is_refused() {
    let repository = ledger();
    let run = run_in(&repository.path(), &["annual", "--year", "2023"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("2023"), "{}", run.stderr);
    let run = run_in(&repository.path(), &["annual", "--year", "2030"]);
    assert!(run.stderr.contains("2025-12-01"), "{}", run.stderr);
    let empty = TestRepository::new().file("README.md", "x").commit("Start", "Ann", "2024-03-01");
    assert_ne!(run_in(&empty.path(), &["annual"]).status, 0);
}
