//! `seaworthy answer`: by options, and in plain lines.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use seaworthy::answers::Answers;
use seaworthy::questionnaire::Questionnaires;
use seaworthy::yaml::Document;

use crate::support::{DEMO, DEMO_MODEL, DEMO_QUESTIONS, Run, TestRepository, demo_project, run_in, seaworthy};

const FILE: &str = ".seaworthy/answers.yaml";

fn answer(project: &TestRepository, arguments: &[&str]) -> Run {
    run_in(&project.path(), &[&["answer"], &DEMO[..], arguments].concat())
}

fn plain(project: &TestRepository, arguments: &[&str], replies: &str) -> Run {
    let output = seaworthy()
        .current_dir(project.path())
        .args([&["answer", "--plain", "--by", "@alice"], &DEMO[..], arguments].concat())
        .write_stdin(replies)
        .output()
        .unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn text(project: &TestRepository) -> String {
    std::fs::read_to_string(project.path().join(FILE)).unwrap()
}

fn lint(folder: &Path) -> Run {
    run_in(folder, &["lint", FILE, "--questionnaires", "../questionnaires"])
}

#[test]
fn options_answer_without_a_terminal() {
    let project = demo_project();
    let run = answer(
        &project,
        &[
            "--set",
            "demo.second-factor=yes",
            "--set",
            "demo.maintainers=@alice, @bob",
            "--because",
            "It is required.",
            "--evidence",
            "https://example.org/policy",
            "--by",
            "@alice",
            "--until",
            "2027-06-30",
        ],
    );
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(format!("{}---\n{}", run.stdout, text(&project)));
    assert_eq!(lint(&project.path()).status, 0);
}

#[test]
fn an_answer_takes_the_place_of_its_block() {
    let project = demo_project();
    let init = run_in(&project.path(), &[&["init", "--by", "@alice"], &DEMO[..]].concat());
    assert_eq!(init.status, 0);
    let before = text(&project);
    let run =
        answer(&project, &["--set", "demo.reply-days=not-applicable", "--because", "Nobody reports.", "--by", "@bob"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let entry = "  demo.reply-days:\n    not_applicable: Nobody reports.\n    by: \"@bob\"\n    on: 2026-11-24\n";
    let after = text(&project);
    let at = after.find(entry).unwrap();
    assert!(before.starts_with(&after[..at]) && before.ends_with(&after[at + entry.len()..]));
}

#[test]
fn wrong_use_is_told_and_changes_nothing() {
    let project = demo_project();
    for (arguments, words) in [
        (&[][..], "an interview needs a terminal"),
        (&["--set", "demo.second-factor", "--by", "@a"], "is not of the form ID=VALUE"),
        (&["--set", "demo.second-facter=yes", "--by", "@a"], "did you mean `demo.second-factor`?"),
        (&["--set", "demo.second-factor=maybe", "--by", "@a"], "is yes or no"),
        (&["--set", "demo.second-factor=yes", "--by", "@a"], "needs a justification"),
        (&["--set", "demo.reply-days=not-applicable", "--by", "@a"], "say with --because why"),
        (&["--set", "demo.reply-days=3"], "say who answers with --by"),
        (&["--set", "demo.reply-days=3", "--by", "a@b.example"], "no e-mail address"),
        (&["--set", "demo.reply-days=3", "--by", "@a", "--evidence", "the wiki"], "no link"),
        (&["--set", "demo.reply-days=3", "--by", "@a", "--until", "2026-01-01"], "ends before it is given"),
        (&["--because", "x"], "--set"),
        (&["--plain", "--by", "@a", "--area", "X"], "there is no area `X`; there are C, P"),
    ] {
        let run = answer(&project, arguments);
        assert_eq!(run.status, 2, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{arguments:?}: {}", run.stderr);
        assert!(!project.path().join(FILE).exists(), "{arguments:?}");
    }
}

#[test]
fn the_interview_in_plain_lines() {
    let project = demo_project();
    // Every kind of reply: a wrong number, a missing reason, no link, back, not applicable, skip, and the end of the input.
    let replies = "9\nyes\n\nGitHub requires it.\nthe wiki\nhttps://example.org/policy\n\
                   back\n1\n\n\nmost\n<\nall\n\n\nanswer\nsoon\n7\n\n\nnot-applicable\nNobody can.\n\n";
    let run = plain(&project, &[], replies);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(format!("{}---\n{}", run.stdout, text(&project)));
    assert_eq!(lint(&project.path()).status, 0);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn only_what_is_asked_for() {
    let project = demo_project();
    for (arguments, first) in [
        (&["--area", "P"][..], "Question 1 of 3: Demonstration (for P-1, level 1)"),
        (&["--area", "demo"], "Question 1 of 4: "),
        (&["--only", "due"], "There is no such question to answer."),
        (&["--only", "contradicted"], "There is no such question to answer."),
    ] {
        let run = plain(&project, arguments, "");
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(run.stdout.contains(first), "{arguments:?}: {}", run.stdout);
    }
    std::fs::create_dir_all(project.path().join(".seaworthy")).unwrap();
    let old = "schema: seaworthy.answers/1\nanswers:\n  demo.reply-days: { value: 3, by: '@a', on: 2025-01-01 }\n";
    std::fs::write(project.path().join(FILE), old).unwrap();
    let due = plain(&project, &["--only", "due"], "answer\n\nstill so\n\n");
    assert!(due.stdout.contains("This answer has run out."), "{}", due.stdout);
    assert!(
        text(&project).contains("{ value: 3, by: \"@alice\", on: 2026-11-24, because: \"still so\" }")
            || text(&project).contains("still so")
    );
    assert_eq!(lint(&project.path()).status, 0);
}

#[test]
fn another_change_at_the_same_time_stays() {
    let project = demo_project();
    let mut child = start(&project);
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().starts_with("Number or word")));
    let other = "# theirs\nschema: seaworthy.answers/1\nanswers:\n  demo.reply-days: { value: 3, by: '@b', on: 2026-11-01 } # ours\n";
    std::fs::create_dir_all(project.path().join(".seaworthy")).unwrap();
    std::fs::write(project.path().join(FILE), other).unwrap();
    stdin.write_all(b"no\n\n\nquit\n").unwrap();
    assert!(lines.any(|line| line.unwrap().contains("Somebody else had changed the file")));
    drop(stdin);
    assert!(child.wait().unwrap().success());
    let text = text(&project);
    assert!(text.starts_with(other) && text.contains("  demo.second-factor:\n    value: no\n"), "{text}");
}

fn start(project: &TestRepository) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_seaworthy"))
        .env_clear()
        .env("HOME", "/nonexistent")
        .current_dir(project.path())
        .args([&["answer", "--plain", "--by", "@alice"], &DEMO[..]].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The program is killed while it works on replies that are all there already, each time somewhere else.
#[test]
fn a_kill_at_any_point_loses_no_confirmed_answer() {
    let replies = ["no\n\n\n", "most\n\n\n", "answer\n3\n\n\n", "answer\n@alice, @bob\n\n\n"];
    let documents = [DEMO_QUESTIONS, DEMO_MODEL].map(|text| Document::new("demo.yaml", text));
    let questionnaires = Questionnaires::load(documents.to_vec()).unwrap();
    let mut total = 0;
    for round in 0..20_usize {
        let project = demo_project();
        let mut child = start(&project);
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(replies.concat().as_bytes()).unwrap();
        let mut confirmed = Vec::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for line in lines.by_ref().map_while(Result::ok) {
            if let Some(id) = line.strip_prefix("Kept: ") {
                confirmed.push(id.trim_end_matches('.').to_owned());
            }
            if confirmed.len() >= round % 4 && line.starts_with("Question") {
                break;
            }
        }
        std::thread::sleep(std::time::Duration::from_micros(u64::try_from(round).unwrap() * 137));
        child.kill().unwrap();
        child.wait().unwrap();
        confirmed.extend(
            lines
                .map_while(Result::ok)
                .filter_map(|line| line.strip_prefix("Kept: ").map(|id| id.trim_end_matches('.').to_owned())),
        );
        let path = project.path().join(FILE);
        if !path.exists() {
            assert!(confirmed.is_empty(), "{confirmed:?}");
            continue;
        }
        let text = text(&project);
        let (answers, problems) = Answers::read(&Document::new("answers.yaml", text.as_str()), &questionnaires);
        assert!(answers.is_some(), "round {round}: {problems:?}");
        total += confirmed.len();
        for id in &confirmed {
            assert!(text.contains(&format!("  {id}:\n    value: ")), "round {round}: {id} is lost\n{text}");
        }
    }
    assert!(total >= 20, "only {total} answers were confirmed");
}

/// A place that takes no file stands for a full disk; unlike a read-only folder it stops every user.
#[test]
fn a_disk_that_takes_nothing_is_an_error() {
    let project = demo_project();
    std::fs::write(project.path().join("blocked"), "").unwrap();
    let run = answer(&project, &["--set", "demo.reply-days=3", "--by", "@a", "--answers", "blocked/answers.yaml"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.starts_with("error: cannot "), "{}", run.stderr);
}
