//! `seaworthy init`: an answers file to fill in.

use crate::support::{DEMO, Run, TestRepository, demo_project, run_in};

const FILE: &str = ".seaworthy/answers.yaml";

fn init(project: &TestRepository, arguments: &[&str]) -> Run {
    run_in(&project.path(), &[&["init", "--by", "@alice"], &DEMO[..], arguments].concat())
}

fn text(project: &TestRepository) -> String {
    std::fs::read_to_string(project.path().join(FILE)).unwrap()
}

fn write(project: &TestRepository, text: &str) {
    std::fs::create_dir_all(project.path().join(".seaworthy")).unwrap();
    std::fs::write(project.path().join(FILE), text).unwrap();
}

/// Uncomments every answer, as an editor does.
fn uncommented(text: &str) -> String {
    text.lines().map(|line| line.replacen("  # ", "  ", 1).replacen("  ## ", "  # ", 1) + "\n").collect()
}

#[test]
fn a_new_file_has_every_open_question() {
    let project = demo_project();
    let run = init(&project, &[]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{}", run.stderr);
    insta::assert_snapshot!(format!("{}---\n{}", run.stdout, text(&project)));
    let schema = std::fs::read_to_string(project.path().join(".seaworthy/answers.schema.json")).unwrap();
    assert!(schema.contains("seaworthy.answers/1"));
    let lint = run_in(&project.path(), &["lint", FILE, "--questionnaires", "../questionnaires"]);
    assert_eq!(lint.status, 0, "{}", lint.stderr);
}

/// A block that is uncommented and not filled in is an error at its line, never an answer that nobody gave.
#[test]
fn a_block_that_is_uncommented_wants_to_be_filled_in() {
    let project = demo_project();
    init(&project, &[]);
    let open = uncommented(&text(&project));
    write(&project, &open);
    let lint = run_in(&project.path(), &["lint", FILE, "--questionnaires", "../questionnaires"]);
    assert_eq!(lint.status, 2);
    assert!(lint.stderr.contains("the answer to `demo.second-factor` is yes or no"), "{}", lint.stderr);
    let filled = open
        .replace("value: # yes or no", "value: no")
        .replace("value: # one of none, some, most, all", "value: most")
        .replace("value: # a number of days, 0 or more", "value: 3")
        .replace("value: # a list of people, such as [\"@alice\", \"@bob\"]", "value: [\"@alice\"]");
    let filled: Vec<&str> = filled.lines().filter(|line| !line.contains("because: #")).collect();
    let filled = filled.join(
        "
",
    );
    write(&project, &filled);
    let lint = run_in(&project.path(), &["lint", FILE, "--questionnaires", "../questionnaires"]);
    assert_eq!(lint.status, 0, "{}", lint.stderr);
}

#[test]
fn a_second_run_adds_what_is_new_and_keeps_the_rest() {
    let project = demo_project();
    let own = "# ours\nschema: 'seaworthy.answers/1'\nanswers:\n    # about accounts\n    demo.second-factor: { value: no, by: '@a', on: 2026-11-01 }   # for now\n\n    # demo.coverage: # later\n\nwaivers: {}\n";
    write(&project, own);
    let run = init(&project, &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(
        run.stdout.starts_with("Added 2 questions to .seaworthy/answers.yaml; all else stays as it was.\n"),
        "{}",
        run.stdout
    );
    let once = text(&project);
    let (head, tail) = own.split_at(own.find("\nwaivers").unwrap());
    assert!(once.starts_with(head) && once.ends_with(tail), "{once}");
    assert_eq!(once.matches("demo.second-factor").count() + once.matches("demo.coverage").count(), 2, "{once}");
    let again = init(&project, &[]);
    assert!(again.stdout.contains("has every open question already; nothing was changed."), "{}", again.stdout);
    assert_eq!(text(&project), once);
}

#[test]
fn nothing_is_written_where_nothing_should_be() {
    let project = demo_project();
    let dry = init(&project, &["--dry-run"]);
    assert!(
        dry.stdout.starts_with("Would write .seaworthy/answers.yaml with 4 questions to answer."),
        "{}",
        dry.stdout
    );
    let printed = init(&project, &["-o", "-"]);
    assert!(
        printed.stdout.starts_with("# yaml-language-server: $schema=./answers.schema.json\n"),
        "{}",
        printed.stdout
    );
    assert!(!project.path().join(".seaworthy").exists());
    let other = init(&project, &["--answers", "ours.yaml"]);
    assert_eq!(other.status, 0, "{}", other.stderr);
    assert!(project.path().join("ours.yaml").exists() && project.path().join("ours.schema.json").exists());
}

#[test]
fn what_cannot_be_done_is_said_and_changes_nothing() {
    let project = demo_project();
    let offline = init(&project, &["acme/widget", "--offline"]);
    assert_eq!(offline.status, 2, "{}", offline.stderr);
    for (text, words) in [
        ("schema: seaworthy.answers/1\nsubject: github.com/acme/other\n", "is about github.com/acme/other"),
        ("schema: seaworthy.answers/1\nanswers: { demo.second-factor: 7 }\n", "an answer is a mapping"),
        (
            "schema: seaworthy.answers/1\nanswers: { demo.second-factor: { value: no, by: a, on: 2026-01-01 } }\n",
            "written in braces",
        ),
    ] {
        write(&project, text);
        let run = init(&project, &[]);
        assert_eq!(run.status, 2, "{}", run.stderr);
        assert!(run.stderr.contains(words), "{}", run.stderr);
        assert_eq!(self::text(&project), text);
    }
}

#[test]
fn built_in_questions_make_a_file_without_problems() {
    let project = demo_project();
    let run = run_in(&project.path(), &["init", "--model", "all", "--by", "@alice"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let lint = run_in(&project.path(), &["lint", FILE]);
    assert_eq!(lint.status, 0, "{}", lint.stderr);
    let widest = text(&project).lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(240), "{widest:?}");
}

/// Who has answered one question is reminded of it where another asks for more, in either direction.
#[test]
fn what_is_said_of_questions_nearby_stands_beside_the_block() {
    let project = TestRepository::new().file("README.md", "# Widget\n").commit("Begin", "Ada", "2026-05-01");
    let said = |id: &str, value: &str| {
        format!(
            "schema: seaworthy.answers/1\nanswers:\n  {id}: {{ value: {value}, because: So it is., by: '@ada', on: 2026-05-01 }}\n"
        )
    };
    for (id, value, model, told) in [
        ("design.threat-model", "yes", "owasp-samm", "## So far: `design.threat-model` ("),
        (
            "verification.security-regressions-tested",
            "most",
            "best-practices-badge",
            "## So far: `verification.security-regressions-tested` (",
        ),
    ] {
        write(&project, &said(id, value));
        let run = run_in(&project.path(), &["init", "--by", "@alice", "--model", model]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        let text = text(&project);
        assert!(text.contains(told), "{told}\n{text}");
        let joined = text.split_whitespace().filter(|word| *word != "##").collect::<Vec<_>>().join(" ");
        assert!(joined.contains(&format!(": {value}, by @ada on 2026-05-01")), "{joined}");
    }
}

/// A model without levels has no level 1.
#[test]
fn levels_are_told_where_there_are_levels() {
    let project = TestRepository::new().file("README.md", "# Widget\n").commit("Begin", "Ada", "2026-05-01");
    for (model, has_levels) in [("owasp-samm", false), ("eu-cra", false), ("adoption", true)] {
        let run = run_in(&project.path(), &["init", "--by", "@alice", "--model", model, "-o", "-"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stdout.contains("## For: "), "{}", run.stdout);
        assert_eq!(run.stdout.contains("(level "), has_levels, "{model}");
    }
}
