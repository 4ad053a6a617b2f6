//! What stands beside an answer: confidential words, other respondents, attachments, and links where they are required.

use std::path::Path;

use crate::support::{Run, assess_answers, run_in};

const SECRET: &str = "Zq7DistinctiveConfidentialWords";

/// The digest of `rota.txt`.
const DIGEST: &str = "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c";

const DAY: &str = "2026-11-24";

fn evidence() -> String {
    format!("{}/examples/exemplary/evidence.json", env!("CARGO_MANIFEST_DIR"))
}

/// A folder with this answer to whether direct pushes are blocked, and an attachment.
fn folder(lines: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rota.txt"), "foo\n").unwrap();
    let text = format!(
        "schema: seaworthy.answers/1\nanswers:\n  {QUESTION}:\n    value: yes\n    because: So it is.\n{lines}    by: '@ann'\n    on: \
         2026-11-01\n"
    );
    std::fs::write(folder.path().join("answers.yaml"), text).unwrap();
    folder
}

/// A question for which the evidence of the example has a sign and no proof.
const QUESTION: &str = "design.threat-model";

fn assess(folder: &Path, more: &[&str]) -> Run {
    assess_answers(folder, Path::new(&evidence()), &[&["--model", "all"], more].concat())
}

fn record(folder: &Path) -> serde_json::Value {
    let run = assess(folder, &["-o", "record.json"]);
    assert!(run.status != 2, "{}", run.stderr);
    serde_json::from_str(&std::fs::read_to_string(folder.join("record.json")).unwrap()).unwrap()
}

fn result(record: &serde_json::Value) -> &serde_json::Value {
    record["questions"].as_array().unwrap().iter().find(|question| question["id"] == QUESTION).unwrap()
}

/// Everything that a folder holds but the answers themselves.
fn holds_secret(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let others = files.filter(|path| path.is_file() && path.file_name().unwrap() != "answers.yaml");
    let with = others.filter(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).contains(SECRET));
    with.map(|path| path.display().to_string()).collect()
}

#[test]
fn what_is_confidential_stays_in_the_file() {
    let folder = folder(&format!("    confidential: Room 12, {SECRET}\n"));
    let folder = folder.path();
    let evidence = evidence();
    let outputs = ["-o", "r.html", "-o", "r.md", "-o", "r.json", "-o", "r.txt"];
    let written = assess(folder, &outputs);
    let common = ["--evidence", &evidence, "--as-of", DAY];
    let mut runs = vec![written];
    for format in ["html", "markdown", "json", "text"] {
        runs.push(run_in(folder, &["report", "r.json", "--format", format]));
    }
    for format in ["security-insights", "best-practices"] {
        runs.push(run_in(folder, &[&["export", format, "--answers", "answers.yaml"], &common[..]].concat()));
    }
    let init = ["init", "--evidence", &evidence, "--answers", "answers.yaml", "--by", "@ann"];
    runs.push(run_in(folder, &[&init[..], &["-o", "-"]].concat()));
    runs.push(run_in(folder, &[&init[..], &["-o", "copy.yaml"]].concat()));
    runs.push(run_in(folder, &[&init[..], &["--dry-run"]].concat()));
    runs.push(run_in(folder, &["lint", "answers.yaml"]));
    for run in runs {
        assert!(!run.stdout.contains(SECRET) && !run.stderr.contains(SECRET), "{}{}", run.stdout, run.stderr);
    }
    assert!(folder.join("r.html").is_file() && folder.join("r.txt").is_file());
    let copy = std::fs::read_to_string(folder.join("copy.yaml")).unwrap();
    assert!(copy.contains("confidential: left out of this copy"), "{copy}");
    assert_eq!(holds_secret(folder), Vec::<String>::new());
    // What was found there stays there, also when the answer changes.
    let set = format!("{QUESTION}=no");
    let run = run_in(
        folder,
        &["answer", "--set", &set, "--by", "@ann", "--snapshot", &evidence, "--answers", "answers.yaml"],
    );
    assert_eq!(run.status, 0, "{}", run.stderr);
    let kept = std::fs::read_to_string(folder.join("answers.yaml")).unwrap();
    assert!(kept.contains(SECRET) && kept.contains("value: no"), "{kept}");
}

#[test]
fn who_does_not_agree_makes_an_answer_disputed() {
    let respondents = "    respondents:\n      - { by: '@bob', on: 2026-11-02, agrees: yes }\n      \
                       - { by: '@eve', on: 2026-11-03, agrees: no, note: The model is of 2019. }\n";
    let folder = folder(respondents);
    let record = record(folder.path());
    let result = result(&record);
    assert_eq!(result["basis"], "disputed");
    assert_eq!(result["answer"]["respondents"][1]["by"], "@eve");
    let text = assess(folder.path(), &["-o", "r.html"]);
    assert!(text.status != 2, "{}", text.stderr);
    let page = std::fs::read_to_string(folder.path().join("r.html")).unwrap();
    assert!(page.contains("@eve does not agree, because: The model is of 2019."));
    assert!(page.contains("answer by @eve on 2026-11-03"));
    // A word that is spoken after the day does not count yet.
    let later = self::folder(&respondents.replace("2026-11-03", "2026-12-03"));
    assert_eq!(self::result(&self::record(later.path()))["basis"], "corroborated");
}

#[test]
fn wrong_respondents_and_attachments_are_errors() {
    for (lines, message) in [
        ("    respondents: [{ by: '@bob', on: 2026-11-02, agrees: no }]\n", "who does not agree says why in `note`"),
        ("    respondents: [{ by: '@bob' }]\n", "a respondent needs the field `on`"),
        ("    respondents: '@bob'\n", "`respondents` is a list"),
        ("    attachments: [{ path: ../x, sha256: ab }]\n", "an attachment lies in the folder of the answers file"),
        ("    attachments: [{ path: x, sha256: ab }]\n", "`sha256` is 64 digits"),
    ] {
        let run = run_in(folder(lines).path(), &["lint", "answers.yaml"]);
        assert_eq!(run.status, 2, "{lines}");
        assert!(run.stderr.contains(message), "{message}: {}", run.stderr);
    }
}

#[test]
fn attachments_are_looked_at_where_they_lie() {
    let folder = folder(&format!("    attachments:\n      - {{ path: rota.txt, sha256: {DIGEST} }}\n"));
    let lint = || run_in(folder.path(), &["lint", "answers.yaml", "--deny", "warnings"]);
    let run = lint();
    assert_eq!(run.status, 0, "{}", run.stderr);
    let reasons = result(&record(folder.path()))["reasons"].to_string();
    assert!(reasons.contains("Attached: rota.txt (sha256 b5bb9d8014a0…)"), "{reasons}");
    std::fs::write(folder.path().join("rota.txt"), "bar\n").unwrap();
    let run = lint();
    assert!(run.status == 2 && run.stderr.contains("the attachment `rota.txt` has changed"), "{}", run.stderr);
    std::fs::remove_file(folder.path().join("rota.txt")).unwrap();
    assert!(lint().stderr.contains("the attachment `rota.txt` cannot be read"));
    let run = assess(folder.path(), &["-o", "r.json"]);
    assert!(run.stderr.contains("answers.yaml:7:17") && run.stderr.contains("cannot be read"), "{}", run.stderr);
}

#[test]
fn a_claim_needs_a_link_where_the_question_says_so() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("own")).unwrap();
    let questions = "schema: seaworthy.questions/1\ntopic: own\ntitle: Own\nquestions:\n- { id: own.thing, ask: Is it so?, why: \
                     W., how: H., evidence: A link to the rota., answer: yes-no, evidence_required: true, valid_for: 1 year }\n";
    std::fs::write(folder.path().join("own/q.yaml"), questions).unwrap();
    for (answer, status) in [
        ("value: yes", 2),
        ("value: yes, evidence: [https://example.org/rota]", 0),
        ("value: no", 0),
        ("not_applicable: Nothing runs.", 0),
    ] {
        let text =
            format!("schema: seaworthy.answers/1\nanswers:\n  own.thing: {{ {answer}, by: '@a', on: 2026-03-01 }}\n");
        std::fs::write(folder.path().join("answers.yaml"), text).unwrap();
        let run = run_in(folder.path(), &["--questionnaires", "own", "lint", "answers.yaml"]);
        assert_eq!(run.status, status, "{answer}: {}", run.stderr);
        if status == 2 {
            assert!(
                run.stderr.contains("answers.yaml:3:23") && run.stderr.contains("A link to the rota."),
                "{}",
                run.stderr
            );
        }
    }
    let shown = run_in(folder.path(), &["--questionnaires", "own", "questions", "show", "own.thing"]);
    assert!(shown.stdout.contains("Answer: yes or no, a claim needs a link"), "{}", shown.stdout);
}

#[test]
fn people_have_roles_and_no_addresses() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("own")).unwrap();
    let questions = "schema: seaworthy.questions/1\ntopic: own\ntitle: Own\nquestions:\n- { id: own.who, ask: Who is it?, why: W., \
                     how: H., answer: people, valid_for: 1 year }\n- { id: own.pages, ask: Where is it told?, why: W., how: H., \
                     answer: links, valid_for: 1 year }\n";
    std::fs::write(folder.path().join("own/q.yaml"), questions).unwrap();
    let model = "schema: seaworthy.model/1\nid: ours\ntitle: Ours\nversion: '1'\nsource: https://example.org/ours\nabout: Ours.\n\
                 scoring: cumulative-levels\nlevels: [{ id: 1, title: One, meaning: First. }]\nareas: [{ id: A, title: A }]\n\
                 requirements:\n- { id: A-1, area: A, levels: [1], demands: Two., met_when: { own.who: { at_least: 2 } } }\n\
                 - { id: A-2, area: A, levels: [1], demands: Told., met_when: { own.pages: { at_least: 2 } } }\n";
    std::fs::write(folder.path().join("own/m.yaml"), model).unwrap();
    let people = "[{ handle: '@alice', name: Alice, role: lead }, '@bob', ADDRESS]";
    let text = format!(
        "schema: seaworthy.answers/1\nanswers:\n  own.who: {{ value: {people}, by: '@a', on: 2026-11-01 }}\n  own.pages: {{ \
         value: [https://a.example/x, https://b.example/y], by: '@a', on: 2026-11-01 }}\n"
    );
    let answers = folder.path().join("answers.yaml");
    std::fs::write(&answers, text.replace("ADDRESS", "eve@b.example")).unwrap();
    let own = ["--questionnaires", "own", "--model", "ours", "-o", "r.json", "-o", "r.md"];
    let run = assess_answers(folder.path(), Path::new(&evidence()), &own);
    assert!(run.stderr.contains("this person is left out: an e-mail address"), "{}", run.stderr);
    let json = std::fs::read_to_string(folder.path().join("r.json")).unwrap();
    let page = std::fs::read_to_string(folder.path().join("r.md")).unwrap();
    assert!(!json.contains("eve@b") && !page.contains("eve@b"));
    assert!(json.contains("People: @alice (Alice, lead); @bob"), "{json}");
    let record: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(record["questions"][0]["value"], serde_json::json!(["@alice", "@bob"]));
    assert_eq!(record["models"][0]["maturity"]["claimed"], 1);
    std::fs::write(&answers, text.replace(", ADDRESS", "")).unwrap();
    let lint = run_in(folder.path(), &["--questionnaires", "own", "lint", "answers.yaml", "--deny", "warnings"]);
    assert_eq!(lint.status, 0, "{}", lint.stderr);
    std::fs::write(&answers, text.replace(", ADDRESS", "").replace("https://b.example/y", "the-wiki")).unwrap();
    let lint = run_in(folder.path(), &["--questionnaires", "own", "lint", "answers.yaml"]);
    assert!(lint.stderr.contains("is a list of links that begin with https://"), "{}", lint.stderr);
}
