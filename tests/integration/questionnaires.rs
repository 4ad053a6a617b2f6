//! Questionnaires of one's own: made by `new`, taught by the documentation, and put in the place of built-in ones.

use std::collections::BTreeSet;
use std::path::Path;

use seaworthy::questionnaire::Questionnaires;

use crate::support::run_in;

fn evidence() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/typical/evidence.json").to_string_lossy().into_owned()
}

#[test]
fn what_new_writes_is_usable_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let run = run_in(folder.path(), &["new", "questionnaire", "our-services"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
    assert_eq!(run_in(folder.path(), &["new", "model", "lean"]).status, 0);
    assert_eq!(run_in(folder.path(), &["new", "profile", "ours"]).status, 0);
    let lint = run_in(folder.path(), &["lint", "questionnaires", "--deny", "warnings"]);
    assert_eq!(lint.status, 0, "{}", lint.stderr);
    for model in ["our-services", "lean", "ours"] {
        let arguments = ["assess", "--evidence", &evidence(), "--questionnaires", "questionnaires", "--model", model];
        let run = run_in(folder.path(), &arguments);
        assert_eq!(run.status, 0, "{}", run.stderr);
    }
    // The header for editors names a schema that is there.
    for (file, schema) in [("questions/our-services.yaml", "questions"), ("models/lean.yaml", "model")] {
        let path = folder.path().join("questionnaires").join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let header = format!("# yaml-language-server: $schema=../schemas/{schema}.json");
        assert_eq!(text.lines().next(), Some(header.as_str()));
        let schema = std::fs::read_to_string(path.parent().unwrap().join(format!("../schemas/{schema}.json"))).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&schema).is_ok());
    }
}

#[test]
fn new_overwrites_nothing_and_takes_no_odd_names() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run_in(folder.path(), &["new", "model", "lean"]).status, 0);
    let again = run_in(folder.path(), &["new", "model", "lean"]);
    assert!(again.status == 2 && again.stderr.contains("is there already"), "{}", again.stderr);
    for name in ["Lean", "../lean", "a b", "", "1a"] {
        assert_eq!(run_in(folder.path(), &["new", "model", name]).status, 2, "{name}");
    }
}

/// The files of the page, each in a block whose first line names it, make questionnaires that work.
#[test]
fn the_documentation_teaches_what_works() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/writing-questionnaires.md");
    let page = std::fs::read_to_string(page).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut names = BTreeSet::new();
    for block in page.split("```yaml\n# File: ").skip(1) {
        let (name, text) = block.split_once('\n').unwrap();
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text.split("```").next().unwrap()).unwrap();
        names.insert(name);
    }
    assert_eq!(names.len(), 8, "{names:?}");
    for arguments in [
        &["lint", "harbour", "--deny", "warnings"][..],
        &["lint", "answers.yaml", "--questionnaires", "harbour"],
        &["questions", "show", "fleet.on-call", "--questionnaires", "harbour"],
    ] {
        let run = run_in(folder.path(), arguments);
        assert_eq!(run.status, 0, "{arguments:?}: {}", run.stderr);
    }
    let arguments = [
        "assess",
        "--evidence",
        &evidence(),
        "--answers",
        "answers.yaml",
        "--questionnaires",
        "harbour",
        "--model",
        "fleet",
        "--as-of",
        "2026-11-24",
        "--require",
        "fleet=1:claimed",
    ];
    let run = run_in(folder.path(), &arguments);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    let shown = run_in(folder.path(), &["models", "show", "harbour-baseline", "--questionnaires", "harbour"]);
    assert!(shown.stdout.contains("Profile of OSPS Baseline (osps-baseline 2026.02.19)"), "{}", shown.stdout);
    let arguments = [
        "assess",
        "--evidence",
        &evidence(),
        "--questionnaires",
        "harbour",
        "--model",
        "harbour-baseline",
        "--as-of",
        "2026-11-24",
        "--format",
        "json",
    ];
    let record: serde_json::Value = serde_json::from_str(&run_in(folder.path(), &arguments).stdout).unwrap();
    let (model, extends) = (&record["models"][0], &record["models"][0]["extends"]);
    assert_eq!((&extends["model"], &extends["version"]), (&"osps-baseline".into(), &"2026.02.19".into()));
    assert_eq!(extends["dropped"][0]["id"], "OSPS-LE-01.01");
    assert_eq!(extends["added"], serde_json::json!(["OPS-1"]));
    let kept = extends["kept"].as_u64().unwrap();
    assert_eq!(model["findings"].as_array().unwrap().len() as u64, kept + 1);
    let moved = run_in(folder.path(), &["migrate", "old-answers.yaml", "--questionnaires", "harbour"]);
    assert_eq!(
        moved.stdout, "fleet.pager: carried over to fleet.on-call\n    Only the name has changed.\n",
        "{}",
        moved.stderr
    );
}

#[test]
fn a_built_in_question_is_overridden_on_purpose() {
    let folder = tempfile::tempdir().unwrap();
    let own = "schema: seaworthy.questions/1\ntopic: access\ntitle: Access\noverrides: [access.branch-guarded]\nquestions:\n\
               - { id: access.branch-guarded, ask: Is it guarded our way?, why: W., how: H., answer: yes-no, valid_for: 1 year }\n";
    std::fs::write(folder.path().join("access.yaml"), own).unwrap();
    let questionnaires = Questionnaires::with_folder(folder.path()).unwrap();
    assert_eq!(questionnaires.question("access.branch-guarded").unwrap().ask, "Is it guarded our way?");
    std::fs::write(folder.path().join("access.yaml"), own.replace("overrides: [access.branch-guarded]\n", "")).unwrap();
    let run = run_in(folder.path(), &["questions", "--questionnaires", "."]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("`access.branch-guarded` is already there"), "{}", run.stderr);
}

/// The single questions on the page are questions.
#[test]
fn the_examples_of_questions_are_right() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/writing-questionnaires.md");
    let page = std::fs::read_to_string(page).unwrap();
    let examples: Vec<String> = page
        .split("```yaml\n# Example: a question")
        .skip(1)
        .map(|block| {
            let lines = block.split("```").next().unwrap().lines().skip(1);
            let indented: Vec<String> = lines.map(|line| format!("    {line}")).collect();
            indented.join("\n").replacen("    id:", "  - id:", 1)
        })
        .collect();
    assert!(examples.len() >= 3, "{examples:?}");
    let on_call = "  - { id: fleet.on-call, ask: Is it so?, why: W., how: H., answer: yes-no, valid_for: 1 year }";
    let text = format!(
        "schema: seaworthy.questions/1\ntopic: fleet\ntitle: Fleet\nquestions:\n{on_call}\n{}\n",
        examples.join("\n")
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("own")).unwrap();
    std::fs::write(folder.path().join("own/q.yaml"), text).unwrap();
    let run = run_in(folder.path(), &["lint", "own"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
}
