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
        &["assess", ".", "--evidence", "e.json", "--as-of", DAY, "-o", "b.html", "-o", "b.md", "-o", "b.json"],
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
    assert_eq!(evidence.get("policy.governance").unwrap().state.word(), "unavailable", "the organisation may lend one");
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
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (before, name) in ('a'..='i').zip('b'..='j') {
        let aliases = vec![format!("*{before}"); 10].join(", ");
        bomb += &format!("{name}: &{name} [{aliases}]\n");
    }
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

fn collected(folder: &std::path::Path) -> seaworthy::evidence::Evidence {
    let run = run_in(folder, &["collect", "."]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    seaworthy::evidence::Evidence::from_json(&run.stdout).unwrap()
}

#[test]
fn a_linked_worktree_with_a_detached_head_is_read() {
    let repository = widget(TestRepository::new());
    let folder = tempfile::tempdir().unwrap();
    let link = repository.path().join(".git/worktrees/linked");
    std::fs::create_dir_all(&link).unwrap();
    let commit = collected(&repository.path()).subject.commit.unwrap();
    for (name, text) in
        [("HEAD", commit.as_str()), ("commondir", "../.."), ("gitdir", folder.path().join(".git").to_str().unwrap())]
    {
        std::fs::write(link.join(name), format!("{text}\n")).unwrap();
    }
    std::fs::write(folder.path().join(".git"), format!("gitdir: {}\n", link.display())).unwrap();
    let evidence = collected(folder.path());
    assert_eq!(evidence.subject.commit.as_deref(), Some(commit.as_str()));
    assert_eq!(evidence.subject.id, "github.com/acme/widget");
    assert_eq!(evidence.get("policy.security").unwrap().value(), Some(&"SECURITY.md".into()));
}

#[test]
fn a_shallow_clone_says_what_it_cannot_tell() {
    let repository = widget(TestRepository::new());
    let commit = collected(&repository.path()).subject.commit.unwrap();
    std::fs::write(repository.path().join(".git/shallow"), format!("{commit}\n")).unwrap();
    let evidence = collected(&repository.path());
    for key in ["tags.count", "history.authors", "history.signoff_percent"] {
        assert_eq!(evidence.get(key).unwrap().state.word(), "unavailable", "{key}");
    }
    assert_eq!(evidence.get("history.last_commit_on").unwrap().value(), Some(&"2026-01-02".into()));
}

#[test]
fn submodules_and_links_are_told_apart_from_files() {
    let repository = widget(TestRepository::new())
        .file(".gitmodules", "[submodule \"lib\"]\n\tpath = lib\n\turl = https://github.com/acme/lib.git\n")
        .link("CONTRIBUTING.md", "docs/how.md")
        .file("docs/how.md", "# Contributing\n\nOpen a pull request. Every change needs tests.\n")
        .submodule("lib")
        .commit("Add", "Alice", "2026-01-03");
    let evidence = collected(&repository.path());
    assert_eq!(evidence.get("dependencies.submodules").unwrap().value().unwrap().to_string(), "lib");
    assert_eq!(evidence.get("policy.contributing_process").unwrap().value(), Some(&true.into()));
}

#[test]
fn a_mailmap_joins_the_names_of_a_person() {
    let repository = TestRepository::new()
        .file(".mailmap", "Alice <alice@example.org> <bob@example.org>\n")
        .commit("one", "Alice", "2026-01-02")
        .commit("two", "Bob", "2026-01-03");
    let collected = run_in(&repository.path(), &["collect", "."]);
    let evidence = seaworthy::evidence::Evidence::from_json(&collected.stdout).unwrap();
    assert_eq!(evidence.get("history.authors").unwrap().value(), Some(&1_i64.into()));
}

#[cfg(unix)]
#[test]
fn answers_behind_a_link_are_not_read() {
    let repository = widget(TestRepository::new());
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("answers.yaml"), "kept to myself: [").unwrap();
    std::os::unix::fs::symlink(outside.path(), repository.path().join(".seaworthy")).unwrap();
    let run = run_in(&repository.path(), &["assess", ".", "--as-of", DAY]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("kept to myself"), "{}", run.stderr);
}
