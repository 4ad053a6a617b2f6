//! OWASP SAMM: the model against the facts of its source, the published vectors through the real program, criteria, targets,
//! and both ways to write a code.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use seaworthy::assess::record::{Assessment, Basis, ModelResult, Outcome};
use seaworthy::questionnaire::{AnswerType, Exact, Model, Question, Questionnaires};

use crate::support::{Run, TestRepository, run, run_in};

const FACTS: &str = include_str!("../facts/samm.tsv");
const ID: &str = "owasp-samm";

/// The rows of the facts: code, function, practice, stream, level and the names of the first three.
fn facts() -> Vec<Vec<&'static str>> {
    let rows = FACTS.lines().filter(|line| !line.starts_with('#')).skip(1);
    rows.map(|line| line.split('\t').collect()).collect()
}

fn questionnaires() -> Questionnaires {
    Questionnaires::built_in().unwrap()
}

fn model(questionnaires: &Questionnaires) -> &Model {
    questionnaires.model(ID).unwrap()
}

/// The question that says what an activity is worth.
fn question_of<'q>(code: &str, questionnaires: &'q Questionnaires) -> &'q Question {
    let of = model(questionnaires).requirement(code).unwrap().worth_of.as_ref().unwrap();
    questionnaires.question(&of.question).unwrap()
}

/// The answer to a question that is worth so many quarters.
fn answer_worth(question: &Question, quarters: u32) -> &str {
    let worth = Exact::new(quarters, 4);
    let scores = question.scores().unwrap();
    scores.into_iter().find(|(_, score)| *score == worth).map(|(answer, _)| answer).unwrap()
}

/// An answers file that says how many quarters each activity is worth, by its code.
fn answers(quarters: &[(&str, u32)], rest: &str) -> String {
    let questionnaires = questionnaires();
    let mut text = "schema: seaworthy.answers/1\nanswers:\n".to_owned();
    for (code, quarters) in quarters {
        let question = question_of(code, &questionnaires);
        let value = answer_worth(question, *quarters);
        writeln!(text, "  {}: {{ value: {value}, criteria: all, by: '@ann', on: 2026-11-01 }}", question.id).unwrap();
    }
    text + rest
}

/// A checkout with nothing in it that speaks for or against an answer.
fn project() -> TestRepository {
    TestRepository::new().file("notes.txt", "Nothing.\n").commit("Begin", "Ann", "2026-06-01")
}

/// Assesses a checkout by the real program with this answers file.
fn assessed(answers: &str) -> (Assessment, Run) {
    let project = project();
    let folder = project.path();
    std::fs::write(folder.join("../answers.yaml"), answers).unwrap();
    let run = run_in(
        &folder,
        &["assess", ".", "--model", ID, "--answers", "../answers.yaml", "--as-of", "2026-11-24", "-o", "../r.json"],
    );
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    let record = std::fs::read_to_string(folder.join("../r.json")).unwrap();
    (Assessment::from_json(&record).unwrap(), run)
}

fn result(record: &Assessment) -> &ModelResult {
    record.models.iter().find(|model| model.id == ID).unwrap()
}

/// The score of a part, by what is claimed.
fn claimed<'r>(record: &'r Assessment, id: &str) -> &'r str {
    &result(record).scores.iter().find(|score| score.id == id).unwrap().claimed.exact
}

fn to_target<'r>(record: &'r Assessment, id: &str) -> Option<&'r str> {
    let score = result(record).scores.iter().find(|score| score.id == id).unwrap();
    score.to_target.as_ref().map(|gone| gone.claimed.exact.as_str())
}

fn target<'r>(record: &'r Assessment, id: &str) -> Option<&'r str> {
    let score = result(record).scores.iter().find(|score| score.id == id).unwrap();
    score.target.as_ref().map(|target| target.exact.as_str())
}

#[test]
fn the_model_has_the_shape_of_its_source() {
    let questionnaires = questionnaires();
    let model = model(&questionnaires);
    let facts = facts();
    assert_eq!(facts.len(), 5 * 3 * 2 * 3);
    assert_eq!((model.groups.len(), model.areas.len(), model.requirements.len()), (5, 15, 90));
    let mut cells = BTreeSet::new();
    for row in &facts {
        let [code, function, practice, stream, level, function_name, practice_name, _] = row[..] else {
            panic!("{row:?}")
        };
        assert_eq!(code, format!("{function}-{practice}-{level}-{stream}"));
        assert!(cells.insert((practice, stream, level)), "{code} stands twice");
        let requirement = model.requirements.iter().find(|requirement| requirement.id == code).unwrap();
        assert_eq!(requirement.aliases, [format!("{function}-{practice}-{stream}-{level}")]);
        assert_eq!(requirement.area, format!("{function}-{practice}"));
        assert_eq!(requirement.levels, [level.parse::<u32>().unwrap()]);
        let area = model.areas.iter().find(|area| area.id == requirement.area).unwrap();
        assert_eq!((area.title.as_str(), area.group.as_deref()), (practice_name, Some(function)));
        let group = model.groups.iter().find(|group| group.id == function).unwrap();
        assert_eq!(group.title, function_name);
    }
    let order: Vec<&str> = model.requirements.iter().map(|requirement| requirement.id.as_str()).collect();
    assert_eq!(order, facts.iter().map(|row| row[0]).collect::<Vec<_>>());
}

#[test]
fn each_activity_has_a_question_of_its_own_with_criteria_and_the_four_worths() {
    let questionnaires = questionnaires();
    let mut asked = BTreeSet::new();
    for row in facts() {
        let question = question_of(row[0], &questionnaires);
        assert!(asked.insert(question.id.clone()), "{} is asked twice", question.id);
        assert!((1..=5).contains(&question.criteria.len()), "{}", question.id);
        assert!(matches!(question.answer, AnswerType::Coverage | AnswerType::Choice), "{}", question.id);
        let scores: Vec<Exact> = question.scores().unwrap().into_iter().map(|(_, score)| score).collect();
        assert_eq!(scores, [Exact::new(0, 1), Exact::new(1, 4), Exact::new(1, 2), Exact::new(1, 1)], "{}", question.id);
    }
}

#[test]
fn the_model_names_its_licence_and_its_source() {
    let text = include_str!("../../questionnaires/models/owasp-samm.yaml");
    assert!(text.starts_with("# SPDX-License-Identifier: CC-BY-SA-4.0\n"));
    assert!(text.contains("Aligned with the structure of OWASP SAMM v2") && text.contains("does not endorse"));
}

#[test]
fn all_activities_done_make_three() {
    let all: Vec<(&str, u32)> = facts().iter().map(|row| (row[0], 4)).collect();
    let (record, run) = assessed(&answers(&all, ""));
    for id in ["all", "G", "D", "I", "V", "O", "G-SM", "O-OM"] {
        assert_eq!(claimed(&record, id), "3", "{id}");
    }
    assert!(result(&record).findings.iter().all(|finding| finding.outcome == Outcome::Met));
    let line = run.stdout.lines().find(|line| line.starts_with("  OWASP SAMM ")).unwrap();
    assert_eq!(line.split_whitespace().rev().take(3).collect::<Vec<_>>(), ["3", "3", "0"], "{line}");
}

/// The answers of a calculator's test, whose practices have this many quarters in each activity, over and over.
#[test]
fn the_vector_of_a_calculator() {
    let facts = facts();
    let by_practice = facts.iter().enumerate().map(|(at, row)| (row[0], [4, 0, 1, 2][at / 6 % 4]));
    let (record, _) = assessed(&answers(&by_practice.collect::<Vec<_>>(), ""));
    let scores = &result(&record).scores;
    let of = |of: &str| -> Vec<&str> {
        let is = |score: &&seaworthy::assess::record::ScoreResult| format!("{:?}", score.of) == of;
        scores.iter().filter(is).map(|score| score.claimed.exact.as_str()).collect()
    };
    let cycle = ["3", "0", "3/4", "3/2"];
    assert_eq!(of("Area"), (0..15).map(|at| cycle[at % 4]).collect::<Vec<_>>());
    assert_eq!(of("Group"), ["5/4", "3/2", "7/4", "3/4", "5/4"]);
    assert_eq!(of("Model"), ["13/10"]);
}

#[test]
fn what_is_not_answered_is_never_nothing() {
    let (record, _) = assessed("schema: seaworthy.answers/1\n");
    let whole = &result(&record).scores[0];
    assert_eq!((whole.claimed.exact.as_str(), whole.possible.exact.as_str()), ("0", "3"));
    assert!(result(&record).findings.iter().all(|finding| finding.outcome == Outcome::Unknown));
}

const NOW: [(&str, u32); 6] =
    [("I-SB-1-A", 1), ("I-SB-2-A", 0), ("I-SB-3-A", 0), ("I-SB-1-B", 4), ("I-SB-2-B", 0), ("I-SB-3-B", 0)];

/// The example of an article on relative scoring.
#[test]
fn the_way_to_the_targets_of_activities() {
    // Both ways to write a code.
    let targets =
        "targets:\n  owasp-samm: { I-SB-1-A: 1, I-SB-A-2: 1, I-SB-3-A: 0, I-SB-B-1: 1, I-SB-B-2: 0.5, I-SB-3-B: 0 }\n";
    let (record, run) = assessed(&answers(&NOW, targets));
    assert_eq!((claimed(&record, "I-SB"), target(&record, "I-SB")), ("5/8", Some("7/4")));
    // 1 - 2.25 / 3.5
    for part in ["I-SB", "I", "all"] {
        assert_eq!(to_target(&record, part), Some("5/14"), "{part}");
    }
    assert_eq!((target(&record, "I-SD"), to_target(&record, "I-SD")), (None, None));
    assert!(run.stdout.contains("35 % of the way to the targets is gone"), "{}", run.stdout);
}

#[test]
fn the_way_to_the_targets_of_practices() {
    let targets = "targets:\n  owasp-samm: { I-SB: 1.25, I-SD: 1, O-OM: 0, V: 1, all: 2 }\n";
    let (record, _) = assessed(&answers(&[&NOW[..], &[("I-SD-1-A", 4)]].concat(), targets));
    assert_eq!(to_target(&record, "I-SB"), Some("1/2"));
    assert_eq!(to_target(&record, "I-SD"), Some("1/2"));
    // 1 - (5/8 + 1/2) / (9/4), and (5/8 + 1/2) / 15 / 2
    assert_eq!((to_target(&record, "I"), to_target(&record, "all")), (Some("1/2"), Some("3/80")));
    // Where nothing is wanted there is no way to go; what has a target of its own goes by that.
    assert_eq!((target(&record, "O-OM"), to_target(&record, "O-OM")), (Some("0"), None));
    assert_eq!((target(&record, "V"), to_target(&record, "V")), (Some("1"), Some("0")));
    assert_eq!(target(&record, "all"), Some("2"));
}

#[test]
fn wrong_targets_are_told() {
    let project = project();
    let text = "schema: seaworthy.answers/1\ntargets:\n  owasp-samm: { I-SB: 1, I-SB-1-A: 1, I-SB-A-1: 0.5, I-SB-2-A: 2, D-TA-4-A: 1 }\n";
    std::fs::write(project.path().join("answers.yaml"), text).unwrap();
    let run = run_in(&project.path(), &["lint", "answers.yaml"]);
    assert_eq!(run.status, 2);
    for message in [
        "`I-SB` has a target of its own, and so has `I-SB-1-A` in it",
        "`I-SB-1-A` has a target already",
        "a target of `I-SB-2-A` is a number from 0 to 1",
        "`D-TA-4-A` is no part of OWASP SAMM that has a score",
    ] {
        assert!(run.stderr.contains(message), "{message}: {}", run.stderr);
    }
}

#[test]
fn what_does_not_apply_is_worth_nothing() {
    let question = question_of("O-OM-1-A", &questionnaires()).id.clone();
    let said = format!("  {question}: {{ not_applicable: We hold no data., by: '@ann', on: 2026-11-01 }}\n");
    let text = answers(&[("O-OM-1-B", 4)], &said) + "targets: { owasp-samm: { O-OM-1-B: 1, O-OM-1-A: 0 } }\n";
    let (record, _) = assessed(&text);
    assert_eq!(claimed(&record, "O-OM"), "1/2");
    assert_eq!(to_target(&record, "O-OM"), Some("1"));
    let finding = result(&record).findings.iter().find(|finding| finding.requirement == "O-OM-1-A").unwrap();
    assert_eq!(finding.outcome, Outcome::NotApplicable);
    assert_eq!(finding.worth.as_ref().unwrap().possible.exact, "0");
}

#[test]
fn criteria_gate_what_an_answer_is_worth() {
    for (criteria, worth, outcome, basis, reason) in [
        (
            "criteria: all, ",
            ["0", "1/2", "1/2"],
            Outcome::Partly,
            Basis::Attested,
            "All 3 criteria hold, by the answer.",
        ),
        ("criteria: [1, 2, 3], ", ["0", "1/2", "1/2"], Outcome::Partly, Basis::Attested, "All 3 criteria hold"),
        (
            "criteria: [1, 3], ",
            ["0", "0", "0"],
            Outcome::Unmet,
            Basis::Attested,
            "It counts as `none`, since by the answer this does not hold: 2. ",
        ),
        ("criteria: none, ", ["0", "0", "0"], Outcome::Unmet, Basis::Attested, "this does not hold: 1. "),
        ("", ["0", "0", "1"], Outcome::Unknown, Basis::Unknown, "it does not say whether this holds: 1. "),
    ] {
        let text = format!(
            "schema: seaworthy.answers/1\nanswers:\n  design.component-risk-rated: {{ value: most, {criteria}by: '@ann', on: 2026-11-01 }}\n"
        );
        let (record, run) = assessed(&text);
        let finding = result(&record).findings.iter().find(|finding| finding.requirement == "D-TA-1-A").unwrap();
        let worths = finding.worth.as_ref().unwrap();
        let found = [&worths.verified, &worths.claimed, &worths.possible].map(|number| number.exact.as_str());
        assert_eq!((found, finding.outcome, finding.basis), (worth, outcome, basis), "{criteria}");
        assert!(finding.reasons.iter().any(|told| told.text.contains(reason)), "{criteria}: {:?}", finding.reasons);
        let warned = run.stderr.contains("`most` counts once the answer says which criteria hold");
        assert_eq!(warned, criteria.is_empty(), "{}", run.stderr);
    }
}

#[test]
fn a_sign_alone_does_not_say_how_far_something_reaches() {
    let project = TestRepository::new()
        .file("docs/threat-model.md", "# Threat model\n\nAttackers may send any input.\n")
        .commit("Begin", "Ann", "2026-06-01");
    let id = "design.threat-modelling-coverage";
    for (said, basis) in [
        ("", Basis::Unknown),
        (
            "answers: { design.threat-modelling-coverage: { value: all, criteria: all, by: '@ann', on: 2026-11-01 } }\n",
            Basis::Corroborated,
        ),
        (
            "answers: { design.threat-modelling-coverage: { value: none, by: '@ann', on: 2026-11-01 } }\n",
            Basis::Disputed,
        ),
        (
            "answers: { design.threat-modelling-coverage: { value: all, criteria: [1], by: '@ann', on: 2026-11-01 } }\n",
            Basis::Attested,
        ),
    ] {
        std::fs::write(project.path().join("../a.yaml"), format!("schema: seaworthy.answers/1\n{said}")).unwrap();
        let run = run_in(
            &project.path(),
            &["assess", ".", "--model", ID, "--answers", "../a.yaml", "--as-of", "2026-11-24", "-o", "../r.json"],
        );
        assert_eq!(run.status, 0, "{}", run.stderr);
        let record = std::fs::read_to_string(project.path().join("../r.json")).unwrap();
        let record = Assessment::from_json(&record).unwrap();
        assert_eq!(record.question(id).unwrap().basis, basis, "{said}");
    }
}

#[test]
fn wrong_criteria_are_told() {
    let project = project();
    for (entry, message) in [
        (
            "design.component-risk-rated: { value: most, criteria: [4], ",
            "`criteria` is `all`, `none`, or a list of numbers from 1 to 3",
        ),
        (
            "design.component-risk-rated: { value: most, criteria: most, ",
            "`criteria` is `all`, `none`, or a list of numbers from 1 to 3",
        ),
        ("design.threat-model: { value: no, criteria: all, ", "`design.threat-model` has no criteria"),
    ] {
        let text = format!("schema: seaworthy.answers/1\nanswers:\n  {entry}by: '@ann', on: 2026-11-01 }}\n");
        std::fs::write(project.path().join("answers.yaml"), text).unwrap();
        let run = run_in(&project.path(), &["lint", "answers.yaml"]);
        assert_eq!(run.status, 2, "{entry}");
        assert!(run.stderr.contains(message), "{message}: {}", run.stderr);
    }
}

#[test]
fn a_code_is_read_in_both_orders() {
    for name in ["D-TA-1-B", "D-TA-B-1"] {
        let waiver = format!("waivers: {{ owasp-samm/{name}: {{ reason: Later., by: '@ann', until: 2026-12-31 }} }}\n");
        let (record, _) = assessed(&format!("schema: seaworthy.answers/1\n{waiver}"));
        let waived: Vec<&str> = result(&record)
            .findings
            .iter()
            .filter(|finding| finding.basis == Basis::Waived)
            .map(|finding| finding.requirement.as_str())
            .collect();
        assert_eq!(waived, ["D-TA-1-B"], "{name}");
        let shown = run(&["models", "show", &format!("owasp-samm/{name}")]);
        assert!(shown.stdout.contains("design.threat-modelling-coverage"), "{}{}", shown.stdout, shown.stderr);
    }
    let wrong = run(&["models", "show", "owasp-samm/D-TA-1-C"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("did you mean `D-TA-1-"), "{}", wrong.stderr);
    let project = project();
    let waiver = "{ reason: Later., by: '@ann', until: 2026-12-31 }";
    let both = format!(
        "schema: seaworthy.answers/1\nwaivers:\n  owasp-samm/D-TA-1-B: {waiver}\n  owasp-samm/D-TA-B-1: {waiver}\n"
    );
    std::fs::write(project.path().join("answers.yaml"), both).unwrap();
    let run = run_in(&project.path(), &["lint", "answers.yaml"]);
    assert!(run.stderr.contains("are the same requirement"), "{}", run.stderr);
}

#[test]
fn options_say_which_criteria_hold() {
    let project = project();
    let set = |arguments: &[&str]| {
        let start = ["answer", "-q", "--model", ID, "--by", "@ann", "--on", "2026-11-01"];
        run_in(&project.path(), &[&start, arguments].concat())
    };
    let without = set(&["--set", "design.component-risk-rated=most"]);
    assert_eq!(without.status, 2);
    assert!(without.stderr.contains("say with --criteria"), "{}", without.stderr);
    let wrong = set(&["--set", "design.component-risk-rated=most", "--criteria", "7"]);
    assert!(wrong.stderr.contains("from 1 to 3"), "{}", wrong.stderr);
    for (criteria, written) in [("1,3", "criteria: [1, 3]"), ("none", "criteria: none"), ("3 2 1", "criteria: all")] {
        let run = set(&["--set", "design.component-risk-rated=most", "--criteria", criteria]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        let text = std::fs::read_to_string(project.path().join(".seaworthy/answers.yaml")).unwrap();
        assert!(text.contains(written), "{text}");
    }
    // The lowest claims nothing, and another answer says nothing of the criteria before.
    assert_eq!(set(&["--set", "design.component-risk-rated=none"]).status, 0);
    let text = std::fs::read_to_string(project.path().join(".seaworthy/answers.yaml")).unwrap();
    assert!(!text.contains("criteria"), "{text}");
}

#[test]
fn the_interview_asks_for_the_criteria() {
    let project = project();
    let output = crate::support::seaworthy()
        .current_dir(project.path())
        .args(["answer", "-q", "--plain", "--by", "@ann", "--model", ID, "--on", "2026-11-01", "--area", "D-TA"])
        // A wrong number, two of three; back from the reason, then all; no reason, no link. Then `none` of the next, which asks for none.
        .write_stdin("most\n9\n1 2\n<\nall\n\n\nnone\n\n\nquit\n")
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{shown}{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(project.path().join(".seaworthy/answers.yaml")).unwrap();
    assert_eq!(text.matches("criteria: all").count(), 1, "{text}");
    assert_eq!(text.matches("    value:").count(), 2, "{text}");
    assert!(shown.contains("OWASP SAMM: 0 verified, 0.01 claimed, 2.98 possible of 3"), "{shown}");
    for told in [
        "It counts only where: 1. One simple method is used for all ratings.",
        "Which of these hold?",
        "all, none, or the numbers of those that hold",
        "! say `all`, `none`, or the numbers of those that hold, from 1 to 3",
    ] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
}

#[test]
fn a_file_to_fill_in_lists_the_criteria() {
    let project = project();
    let run = run_in(&project.path(), &["init", "-q", "--model", ID, "--by", "@ann", "--on", "2026-11-24", "-o", "-"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let from = run.stdout.find("## How many components have a rating").unwrap();
    let rest = &run.stdout[from..];
    insta::assert_snapshot!(rest[..rest.find("\n\n").unwrap()].to_owned());
}

#[test]
fn no_level_of_it_can_be_required() {
    let run = run_in(&project().path(), &["assess", ".", "--require", "owasp-samm=2"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("owasp-samm has no levels that can be required"), "{}", run.stderr);
}

#[test]
fn a_question_is_shown_with_its_criteria() {
    let run = run(&["questions", "show", "design.component-risk-rated"]);
    assert!(run.stdout.contains("Counts only where all of this holds"), "{}", run.stdout);
    assert!(run.stdout.contains("criteria: all"), "{}", run.stdout);
}

const PAGE: &str = include_str!("../../docs/owasp-samm.md");

#[test]
fn the_page_lists_each_activity_as_it_is() {
    let questionnaires = questionnaires();
    let rows: Vec<&str> = PAGE.lines().filter(|line| line.starts_with("| ") && line.contains("` | ")).collect();
    let rows: Vec<&str> = rows.into_iter().filter(|line| line.as_bytes().get(3) == Some(&b'-')).collect();
    let expected: Vec<String> = facts()
        .iter()
        .map(|row| {
            let question = question_of(row[0], &questionnaires);
            let given = |value: &str| {
                let is = |rule: &seaworthy::questionnaire::Rule| {
                    rule.given == seaworthy::questionnaire::Given::Value(value.to_owned().into())
                };
                question.observe.iter().any(is)
            };
            let signs: Vec<&str> = ["none", "some", "most", "all"].into_iter().filter(|value| given(value)).collect();
            let signs = if signs.is_empty() { "–".to_owned() } else { signs.join(", ") };
            format!("| {} | `{}` | {signs} |", row[0], question.id)
        })
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn the_targets_on_the_page_are_right() {
    let block = PAGE.split("```yaml\n# File: answers.yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let (record, run) = assessed(block);
    assert_eq!((target(&record, "D-TA"), target(&record, "all")), (Some("3/4"), Some("3/2")));
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}
