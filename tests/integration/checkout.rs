//! Assessing local git repositories with the real program.

use crate::support::{TestRepository, run_in};
use seaworthy::assess::record::Assessment;

const DAY: &str = "2026-11-24";

fn widget(repository: TestRepository) -> TestRepository {
    repository
        .file("README.md", "# Widget\n\n## Usage\n\nRun it.\n")
        .file("LICENSE", include_str!("../../LICENSE-MIT"))
        .file("SECURITY.md", "# Security\n\nReport vulnerabilities to security@example.org. We answer within 3 days.\n")
        .file("Cargo.toml", "[package]\nname = \"widget\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\n")
        .commit("Start\n\nSigned-off-by: Alice <alice@example.org>", "Alice", "2026-01-02")
        .tag("v1.0.0")
        .remote("git@github.com:acme/widget.git")
}

fn assess(repository: &TestRepository, more: &[&str]) -> Assessment {
    let mut arguments = vec!["assess", ".", "--as-of", DAY, "--format", "json"];
    arguments.extend(more);
    let run = run_in(&repository.path(), &arguments);
    assert_eq!(run.status, 0, "{}", run.stderr);
    Assessment::from_json(&run.stdout).unwrap()
}

fn outcome(record: &Assessment, requirement: &str) -> String {
    let finding = record.models[0].findings.iter().find(|finding| finding.requirement == requirement).unwrap();
    format!("{} {} {}", finding.outcome.word(), finding.basis.word(), finding.certainty.word())
}

#[test]
fn a_checkout_is_assessed_without_a_network() {
    let repository = widget(TestRepository::new());
    let record = assess(&repository, &[]);
    assert_eq!(record.subject.id, "github.com/acme/widget");
    assert_eq!(record.models[0].findings.len(), 64);
    assert_eq!(outcome(&record, "OSPS-LE-02.01"), "met observed proof");
    assert_eq!(outcome(&record, "OSPS-VM-02.01"), "met observed proof");
    assert_eq!(outcome(&record, "OSPS-AC-01.01"), "unknown unknown none");
    assert!(record.models[0].findings.iter().all(|finding| !finding.reasons.is_empty()));
    let licence = record.models[0].findings.iter().find(|finding| finding.requirement == "OSPS-LE-03.01").unwrap();
    let link = licence.reasons.iter().flat_map(|reason| &reason.places).find_map(|place| place.link.clone()).unwrap();
    let commit = record.subject.commit.clone().unwrap();
    assert_eq!(link.split('#').next().unwrap(), format!("https://github.com/acme/widget/blob/{commit}/LICENSE"));
}

#[test]
fn a_bare_repository_and_a_folder_below_the_root_give_the_same() {
    let bare = widget(TestRepository::bare());
    let record = assess(&bare, &[]);
    assert_eq!(outcome(&record, "OSPS-LE-02.01"), "met observed proof");
    let repository = widget(TestRepository::new());
    std::fs::create_dir(repository.path().join("src")).unwrap();
    let run = run_in(&repository.path().join("src"), &["assess", ".", "--as-of", DAY, "--format", "json"]);
    assert_eq!(Assessment::from_json(&run.stdout).unwrap().subject, record.subject);
}

#[test]
fn the_same_evidence_and_day_give_the_same_bytes() {
    let repository = widget(TestRepository::new());
    let folder = repository.path();
    let first = run_in(
        &folder,
        &["assess", ".", "--as-of", DAY, "--save-evidence", "e.json", "-o", "a.html", "-o", "a.md", "-o", "a.json"],
    );
    assert_eq!(first.status, 0, "{}", first.stderr);
    let second = run_in(
        &folder,
        &["assess", "--evidence", "e.json", "--as-of", DAY, "-o", "b.html", "-o", "b.md", "-o", "b.json"],
    );
    assert_eq!(second.status, 0, "{}", second.stderr);
    assert_eq!(first.stdout, second.stdout);
    for ending in ["html", "md", "json"] {
        let read = |name: &str| std::fs::read(folder.join(format!("{name}.{ending}"))).unwrap();
        assert_eq!(read("a"), read("b"), "{ending}");
    }
    let rendered = run_in(&folder, &["report", "a.json", "-o", "c.html"]);
    assert_eq!(rendered.status, 0, "{}", rendered.stderr);
    assert_eq!(std::fs::read(folder.join("a.html")).unwrap(), std::fs::read(folder.join("c.html")).unwrap());
}

#[test]
fn files_of_the_commit_count_and_a_different_work_tree_is_said() {
    let repository = widget(TestRepository::new());
    std::fs::write(repository.path().join("GOVERNANCE.md"), "# Governance\n").unwrap();
    let run = run_in(&repository.path(), &["assess", ".", "--as-of", DAY, "--format", "json"]);
    assert!(run.stderr.contains("tracked files differ from the commit"), "{}", run.stderr);
    let collected = run_in(&repository.path(), &["collect", "."]);
    let evidence = seaworthy::evidence::Evidence::from_json(&collected.stdout).unwrap();
    // The owner's default may stand in, which a checkout does not show.
    assert_eq!(evidence.get("policy.governance").unwrap().state.word(), "unavailable");
    assert_eq!(evidence.get("history.authors").unwrap().value(), Some(&1_i64.into()));
    assert_eq!(evidence.get("history.signoff_percent").unwrap().value(), Some(&100_i64.into()));
    assert_eq!(evidence.get("tags.latest_version").unwrap().value(), Some(&"v1.0.0".into()));
    assert_eq!(evidence.get("repo.visibility").unwrap().state.word(), "unavailable");
}

#[test]
fn signatures_are_seen() {
    let signature = "-----BEGIN PGP SIGNATURE-----\n\nc3ludGhldGlj\n-----END PGP SIGNATURE-----\n";
    let repository = TestRepository::new().file("README.md", "# W\n").commit("one", "Alice", "2026-01-02").commit_with(
        "two",
        "Bob",
        "2026-01-03",
        &[("gpgsig", signature)],
    );
    let collected = run_in(&repository.path(), &["collect", "."]);
    let evidence = seaworthy::evidence::Evidence::from_json(&collected.stdout).unwrap();
    assert_eq!(evidence.get("history.signed_percent").unwrap().value(), Some(&50_i64.into()));
    assert_eq!(evidence.get("history.top_author_percent").unwrap().value(), Some(&50_i64.into()));
}

#[test]
fn an_empty_repository_is_assessed_and_says_so() {
    let repository = TestRepository::new();
    let run = run_in(&repository.path(), &["assess", ".", "--as-of", DAY, "--format", "json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("no commit yet"), "{}", run.stderr);
    let record = Assessment::from_json(&run.stdout).unwrap();
    assert_eq!(record.models[0].maturity.verified, 0);
}

#[test]
fn what_is_no_repository_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let run = run_in(folder.path(), &["assess", "/no/such/path"]);
    assert_eq!(
        (run.status, run.stderr.as_str()),
        (4, "error: there is no `/no/such/path`; name a folder, or `owner/name` for a repository on GitHub\n")
    );
    let run = run_in(folder.path(), &["assess", "."]);
    assert_eq!(run.status, 4);
    assert!(run.stderr.starts_with("error: `.` is not in a git repository; "), "{}", run.stderr);
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    let run = run_in(folder.path(), &["assess", "."]);
    assert_eq!(run.status, 4, "{}", run.stderr);
}

#[test]
fn the_subjects_own_answers_are_read_and_its_own_reviews_are_not_trusted() {
    let repository = widget(TestRepository::new());
    let answers = "schema: seaworthy.answers/1\nsubject: github.com/acme/widget\nanswers:\n  access.second-factor-required:\n    value: yes\n    \
                   because: The organisation requires it.\n    by: '@alice'\n    on: 2026-10-01\n\
                   reviews:\n  access.second-factor-required: { verdict: accepted, by: '@bob', on: 2026-10-02 }\n";
    let repository = repository.file(".seaworthy/answers.yaml", answers).commit("Answer", "Alice", "2026-10-01");
    assert_eq!(outcome(&assess(&repository, &[]), "OSPS-AC-01.01"), "met attested word");
    assert_eq!(outcome(&assess(&repository, &["--trust-reviews"]), "OSPS-AC-01.01"), "met reviewed proof");
    std::fs::write(repository.path().join("mine.yaml"), answers).unwrap();
    assert_eq!(outcome(&assess(&repository, &["--answers", "mine.yaml"]), "OSPS-AC-01.01"), "met reviewed proof");
}

#[test]
fn hostile_repositories_end_as_a_correct_report() {
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned()
        + &('b'..='j')
            .map(|c| format!("{c}: &{c} [{}]\n", vec![format!("*{}", char::from(c as u8 - 1)); 10].join(", ")))
            .collect::<String>();
    let repository = TestRepository::new()
        .file("SECURITY.md", vec![b'x'; 2 * 1024 * 1024])
        .file(".github/workflows/bomb.yml", bomb)
        .file("huge.bin", vec![0; 9 * 1024 * 1024])
        .file("docs/<script>alert(1)</script>\n\u{1b}[31mthreat-model.md", "# Threat model\n")
        .commit("Everything at once", "Mallory", "2026-01-02");
    let folder = repository.path();
    let run = run_in(
        &folder,
        &["assess", ".", "--as-of", DAY, "-v", "--color", "never", "-o", "r.html", "-o", "r.md", "-o", "r.json"],
    );
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'));
    let html = std::fs::read_to_string(folder.join("r.html")).unwrap();
    assert!(!html.contains("<script"));
    let record = Assessment::from_json(&std::fs::read_to_string(folder.join("r.json")).unwrap()).unwrap();
    assert!(outcome(&record, "OSPS-BR-01.01").starts_with("unknown"), "a workflow that cannot be read is unknown");
    assert!(outcome(&record, "OSPS-VM-02.01").starts_with("unknown"), "a policy that is too large is unknown");
}
