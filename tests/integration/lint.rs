//! `lint`: what it finds, and the words in which it says so.

use std::path::Path;

use crate::support::{Run, run, run_in};

/// Lints a folder `own` with these files.
fn lint(files: &[(&str, &str)], arguments: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    run_in(folder.path(), &[&["lint", "own"], arguments].concat())
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    std::fs::create_dir_all(folder.join("own")).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join("own").join(name), text).unwrap();
    }
}

/// A file with one question, of which some lines are given.
fn question(lines: &str) -> String {
    format!(
        "schema: seaworthy.questions/1\ntopic: own\ntitle: Our own\nquestions:\n- id: own.thing\n  why: It matters.\n  \
         how: Do it.\n  answer: yes-no\n  valid_for: 12 months\n{lines}"
    )
}

/// A model with these levels, areas and requirements.
fn model(parts: &str) -> String {
    format!(
        "schema: seaworthy.model/1\nid: ours\ntitle: Ours\nversion: '1'\nsource: https://example.org/ours\nabout: Ours.\n\
         scoring: cumulative-levels\n{parts}"
    )
}

/// A model that uses `own.thing`.
fn using_model() -> String {
    model(
        "levels: [{ id: 1, title: One, meaning: First. }]\nareas: [{ id: A, title: A }]\nrequirements:\n\
         - { id: A-1, area: A, levels: [1], demands: It is so., met_when: { own.thing: yes } }\n",
    )
}

#[test]
fn wording() {
    let long = "Very ".repeat(90);
    let text = format!(
        "schema: seaworthy.questions/1\ntopic: own\ntitle: Our own\nquestions:\n\
         - {{ id: own.thing, ask: Say whether it is so, why: W., how: H., answer: yes-no, valid_for: 1 year }}\n\
         - id: own.two\n  ask: Is there a policy and is it followed?\n  why: {long}\n  how: Please do it.\n  answer: yes-no\n  \
         valid_for: 1 year\n\
         - id: own.three\n  ask: Is it so and/or that?\n  why: See `own.thin`.\n  how: H.\n  answer: yes-no\n  valid_for: 1 year\n\
         - id: own.four\n  ask: Is it so? Is it that?\n  why: W.\n  how: H.\n  answer: yes-no\n  valid_for: 1 year\n"
    );
    let all = using_model().replace("own.thing: yes", "own.thing: yes, own.two: yes, own.three: yes, own.four: yes");
    let run = lint(&[("q.yaml", &text), ("m.yaml", &all)], &[]);
    assert_eq!((run.status, run.stdout.as_str()), (0, "2 files checked, no errors, 7 warnings\n"), "{}", run.stderr);
    insta::assert_snapshot!(run.stderr.replace(&long.trim_end()[..80], "Very …"));
}

#[test]
fn choices_that_cannot_be_told_apart() {
    let text = question(
        "  ask: Which is it?\n  choices: [{ id: yes, title: Y }, { id: off, title: O }, { id: '1.5', title: N }, { id: a, title: A }, { id: a, title: B }]\n",
    );
    let text = text.replace("answer: yes-no", "answer: choice");
    let used = using_model().replace("own.thing: yes", "own.thing: a");
    let run = lint(&[("q.yaml", &text), ("m.yaml", &used)], &[]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn rules_that_make_no_sense() {
    let rules = "  ask: Is it so?\n  observe:\n\
                 \x20 - { value: yes, certainty: proof, when: { releases.count: { at_least: 5 } } }\n\
                 \x20 - { value: no, certainty: proof, when: { releases.count: { at_least: 9 } } }\n\
                 \x20 - { value: yes, certainty: sign, when: { releases.count: 7 } }\n\
                 \x20 - value: no\n    certainty: proof\n    when: { all: [{ repo.archived: true }, { none: [{ repo.archived: true }] }] }\n\
                 \x20 - { value: yes, certainty: sign, when: { tags.count: { at_most: 9 } } }\n\
                 \x20 - { value: no, certainty: sign, when: { tags.count: { at_least: 4 } } }\n";
    let run = lint(&[("q.yaml", &question(rules)), ("m.yaml", &using_model())], &[]);
    assert_eq!(run.status, 2);
    insta::assert_snapshot!(run.stderr);
}

/// What ranks, excludes or says the same is no problem.
#[test]
fn rules_that_make_sense() {
    let rules = "  ask: Is it so?\n  observe:\n\
                 \x20 - { value: yes, certainty: proof, when: { repo.archived: true } }\n\
                 \x20 - { value: no, certainty: proof, when: { releases.count: 0 } }\n\
                 \x20 - { value: yes, certainty: proof, when: { releases.count: { at_least: 5 }, tags.count: { at_least: 1 } } }\n\
                 \x20 - { value: no, certainty: sign, when: { releases.latest_on: { within_days: 30 } } }\n\
                 \x20 - { value: yes, certainty: sign, when: { releases.latest_on: { within_days: 90 } } }\n\
                 \x20 - { value: yes, certainty: sign, when: { workflows.sca_checks: { contains: a }, repo.archived: false } }\n";
    let run = lint(&[("q.yaml", &question(rules)), ("m.yaml", &using_model())], &["--deny", "warnings"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
}

#[test]
fn models_that_nothing_can_meet() {
    let parts = "levels: [{ id: 1, title: One, meaning: First. }, { id: 2, title: Two, meaning: Second. }]\n\
                 areas: [{ id: A, title: A }, { id: B, title: B }]\nrequirements:\n\
                 - id: A-1\n  area: A\n  levels: [1]\n  demands: It is so.\n  \
                 met_when: { all: [{ quality.checks-required: yes }, { quality.checks-required: no }] }\n  \
                 partly_when: { none: [{ any: [{ releases.made: yes }, { releases.made: no }] }] }\n\
                 - { id: A-2, area: A, levels: [1], demands: It is so., met_when: { releases.made: often } }\n\
                 - { id: A-3, area: A, levels: [1], demands: It is so., met_when: { releases.mad: yes } }\n";
    let run = lint(&[("q.yaml", &question("  ask: Is it so?\n")), ("m.yaml", &model(parts))], &[]);
    assert_eq!(run.status, 2);
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn ids_that_are_there_already() {
    let text = question("  ask: Is it so?\n")
        .replace("topic: own", "topic: access")
        .replace("own.thing", "access.branch-guarded");
    let uses = using_model().replace("own.thing", "access.branch-guarded").replace("id: ours", "id: osps-baseline");
    let run = lint(&[("q.yaml", &text), ("m.yaml", &uses)], &[]);
    assert_eq!(run.status, 2);
    // The built-in files grow.
    insta::with_settings!({ filters => [(r"\.yaml:\d+:\d+;", ".yaml:LINE:COLUMN;")] }, {
        insta::assert_snapshot!(run.stderr);
    });
    let wrong = text.replace("topic: access", "overrides: [access.branch-guard, legal.none]\ntopic: access");
    let wrong = wrong.replace("id: access.branch-guarded", "id: access.branch-guard");
    let run = lint(&[("q.yaml", &wrong)], &[]);
    assert_eq!(run.status, 2);
    insta::assert_snapshot!("overrides", run.stderr);
}

#[test]
fn a_question_keeps_its_meaning() {
    let folder = tempfile::tempdir().unwrap();
    let good = question("  ask: Is it so?\n");
    write(folder.path(), &[("q.yaml", &good), ("m.yaml", &using_model())]);
    let lint = |arguments: &[&str]| run_in(folder.path(), &[&["lint", "own"], arguments].concat());
    assert_eq!(lint(&["--update-lock"]).status, 0);
    // Advice and layout may change, the question may not.
    write(
        folder.path(),
        &[("q.yaml", &good.replace("how: Do it.", "how: Do it well.").replace("Is it so?", ">-\n    Is it\n    so?"))],
    );
    assert_eq!(lint(&["--deny", "warnings"]).status, 0);
    let more = format!(
        "{}- {{ id: own.new, ask: Is it new?, why: W., how: H., answer: yes-no, valid_for: 1 year }}\n",
        good.replace("Is it so?", "Is it otherwise?")
    );
    write(folder.path(), &[("q.yaml", &more)]);
    let changed = lint(&[]);
    assert_eq!(changed.status, 2);
    insta::assert_snapshot!("changed", changed.stderr);
    // The new question comes in, the changed one does not, unless somebody says that it means the same.
    let updated = lint(&["--update-lock"]);
    assert!(
        updated.stderr.contains("the meaning of `own.thing` has changed")
            && !updated.stderr.contains("own.new` is not")
    );
    assert_eq!(lint(&["--update-lock", "--same-meaning", "own.thing"]).status, 0);
    assert_eq!(lint(&["--update-lock", "--same-meaning", "own.thin"]).status, 2);
    // An id that goes must be named with what took its place.
    write(
        folder.path(),
        &[
            ("q.yaml", &good.replace("own.thing", "own.other")),
            ("m.yaml", &using_model().replace("own.thing", "own.other")),
        ],
    );
    assert_eq!(lint(&["--update-lock"]).status, 2);
    let gone = lint(&[]);
    insta::assert_snapshot!("gone", hidden(&gone.stderr));
    write(
        folder.path(),
        &[(
            "replaced.yaml",
            "schema: seaworthy.replaced/1\nreplaced:\n- { id: own.thing, by: [own.other], since: '2', carry: same }\n\
                             - { id: own.new, by: [], since: '2', carry: again }\n",
        )],
    );
    let replaced = lint(&["--deny", "warnings"]);
    assert_eq!(replaced.status, 0, "{}", replaced.stderr);
    write(folder.path(), &[("questions.lock", "own.other md5:1\n")]);
    assert!(lint(&[]).stderr.contains("a line of the lock is an id and a digest"));
    assert_eq!(lint(&["--update-lock"]).status, 2);
}

/// Without digests, which change with each word of these texts.
fn hidden(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |hidden, part| hidden + "sha256:…" + part.trim_start_matches(|c: char| c.is_ascii_hexdigit()))
}

#[test]
fn what_replaced_what() {
    let replaced = "schema: seaworthy.replaced/1\nreplaced:\n\
                    - { id: own.thing, by: [own.other], since: '2', carry: again }\n\
                    - { id: own.old, by: [own.thing, releases.made], since: '2', carry: same }\n\
                    - { id: own.old, by: [own.thing], since: '2', carry: values, values: { all: often } }\n\
                    - { id: own.older, by: [own.old], since: '2', carry: again, values: { yes: no } }\n\
                    - { id: own.oldest, by: [own.old], since: '2', carry: again }\n\
                    - { id: own.odd, by: [own.thin], since: '2', carry: sam }\n\
                    - { id: own.even, by: [own.thin], since: '2', carry: again }\n";
    let lock = lint_lock();
    let files = [
        ("q.yaml", question("  ask: Is it so?\n")),
        ("m.yaml", using_model()),
        ("replaced.yaml", replaced.to_owned()),
        ("questions.lock", lock),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let run = lint(&files, &[]);
    assert_eq!(run.status, 2);
    insta::assert_snapshot!(run.stderr);
}

/// The lock of the one question.
fn lint_lock() -> String {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("q.yaml", &question("  ask: Is it so?\n"))]);
    run_in(folder.path(), &["lint", "own", "--update-lock"]);
    std::fs::read_to_string(folder.path().join("own/questions.lock")).unwrap()
}

#[test]
fn warnings_can_be_denied_and_told_to_programs() {
    let text = question("  ask: Say so.\n");
    let files = [("q.yaml", text.as_str()), ("m.yaml", &using_model())];
    assert_eq!(lint(&files, &[]).status, 0);
    let denied = lint(&files, &["--deny", "warnings"]);
    assert_eq!((denied.status, denied.stdout.as_str()), (2, ""));
    let json = lint(&files, &["--format", "json"]);
    assert_eq!(json.status, 0);
    insta::assert_snapshot!(json.stdout);
    let json = lint(&files, &["--format", "json", "--deny", "warnings"]);
    assert_eq!((json.status, json.stderr.as_str()), (2, "error: 0 errors, 1 warning\n"));
    assert!(json.stdout.starts_with('['));
}

#[test]
fn a_folder_without_questionnaires_is_wrong_use() {
    let run = lint(&[("readme.txt", "x")], &[]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("`own` holds no questionnaires"), "{}", run.stderr);
}

#[test]
fn the_built_in_questionnaires_lint_clean_as_a_folder() {
    let run = run(&["lint", "questionnaires", "--deny", "warnings"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
}

#[test]
fn units_and_ranges_belong_to_numbers() {
    let odd = "- { id: own.share, ask: How much is it?, why: W., how: H., answer: count, unit: percent, min: 9, max: 3, \
               valid_for: 1 year }\n- { id: own.day, ask: How long?, why: W., how: H., answer: days, unit: hours, min: -1, \
               valid_for: 1 year }\n";
    let run = lint(&[("q.yaml", &(question("  ask: Is it so?\n  unit: people\n") + odd))], &[]);
    assert_eq!(run.status, 2);
    for message in [
        "only an answer of type count or days has `unit`, `min` and `max`",
        "`max` lies below `min`, which is 9",
        "the unit of an answer of type days is days",
        "`min` is a whole number, 0 or more",
    ] {
        assert!(run.stderr.contains(message), "{message}\n{}", run.stderr);
    }
    // What no number in the range can pass is found.
    let counted = "  ask: Is it so?\n- { id: own.share, ask: How much is it?, why: W., how: H., answer: count, unit: percent, \
                   max: 100, valid_for: 1 year }\n";
    let uses = using_model().replace("own.thing: yes", "own.share: { at_least: 101 }");
    let run = lint(&[("q.yaml", &question(counted)), ("m.yaml", &uses)], &[]);
    assert!(run.stderr.contains("nothing can ever meet `A-1`"), "{}", run.stderr);
}

#[test]
fn a_number_out_of_its_range_is_an_error_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let counted = "  ask: Is it so?\n- { id: own.people, ask: How many?, why: W., how: H., answer: count, unit: people, min: 1, \
                   max: 20, valid_for: 1 year }\n";
    let uses = using_model().replace("own.thing: yes", "own.thing: yes, own.people: { at_least: 2 }");
    let answers =
        "schema: seaworthy.answers/1\nanswers:\n  own.people:\n    value: 21\n    by: '@a'\n    on: 2026-03-01\n";
    write(folder.path(), &[("q.yaml", &question(counted)), ("m.yaml", &uses)]);
    std::fs::write(folder.path().join("answers.yaml"), answers).unwrap();
    let run = run_in(folder.path(), &["--questionnaires", "own", "lint", "answers.yaml"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("answers.yaml:4:12"), "{}", run.stderr);
    assert!(run.stderr.contains("is a whole number of people, from 1 to 20"), "{}", run.stderr);
    let shown = run_in(folder.path(), &["--questionnaires", "own", "questions", "show", "own.people"]);
    assert!(shown.stdout.contains("Answer: a whole number of people, from 1 to 20"), "{}", shown.stdout);
}

#[test]
fn conditions_of_asking_that_make_no_sense() {
    let one = |id: &str, condition: &str| {
        format!(
            "- id: own.{id}\n  ask: Is it so?\n  why: W.\n  how: H.\n  answer: yes-no\n  valid_for: 1 year\n  \
             asked_when: {condition}\n"
        )
    };
    let all = [
        one("itself", "{ own.itself: yes }"),
        one("one", "{ own.two: yes }"),
        one("two", "{ any: [{ repo.archived: false }, { own.one: no }] }"),
        one("never", "{ all: [{ own.thing: yes }, { own.thing: no }] }"),
        one("misnamed", "{ own.thin: yes }"),
        one("mistyped", "{ own.thing: often, releases.count: yes }"),
    ];
    let run = lint(&[("q.yaml", &(question("  ask: Is it so?\n") + &all.concat())), ("m.yaml", &using_model())], &[]);
    assert_eq!(run.status, 2);
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn a_condition_of_asking_is_a_use() {
    let second = "- id: own.first\n  ask: Is there any?\n  why: W.\n  how: H.\n  answer: yes-no\n  valid_for: 1 year\n";
    let text = question("  ask: Is it so?\n  asked_when: { own.first: yes, repo.archived: false }\n") + second;
    let run = lint(&[("q.yaml", &text), ("m.yaml", &using_model())], &["--deny", "warnings"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
}
