//! The verbs that explain and check, the exit statuses, and the documentation that is made by them.

use std::path::Path;

use crate::support::{run, run_in};

fn written(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

#[test]
fn help_names_the_verbs_and_the_statuses() {
    let help = run(&["--help"]);
    assert_eq!(help.status, 0);
    insta::assert_snapshot!(help.stdout);
}

#[test]
fn wrong_use_is_status_2() {
    for arguments in [
        &["asses", "."][..],
        &["assess"],
        &["assess", ".", "--require", "osps-baseline"],
        &["assess", ".", "--require", "osps-baseline=9"],
        &["assess", ".", "--model", "osps-basline"],
        &["assess", ".", "-o", "report.docx"],
        &["assess", ".", "--as-of", "2026-02-30"],
        &["assess", "acme/widget/x"],
        &["assess", "acme/widget", "--api-url", "nonsense"],
        &["models", "show", "osps"],
        &["questions", "show", "access.mfa"],
        &["observations", "show", "repo.archivd"],
    ] {
        let run = run(arguments);
        assert_eq!(run.status, 2, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.starts_with("error: ") && run.stdout.is_empty(), "{arguments:?}: {}", run.stderr);
    }
    assert!(run(&["assess", ".", "--model", "osps-basline"]).stderr.contains("did you mean `osps-baseline`?"));
    assert!(run(&["observations", "show", "repo.archivd"]).stderr.contains("did you mean `repo.archived`?"));
}

#[test]
fn a_folder_after_record_is_told_to_follow_an_equals_sign() {
    let run = run(&["assess", ".", "--record", "/no/ledger"]);
    assert_eq!(run.status, 2);
    let tip = "tip: the value of `--record` follows an equals sign: --record=/no/ledger";
    assert!(run.stderr.contains(tip), "{}", run.stderr);
    assert!(!self::run(&["assess", ".", "/no/ledger"]).stderr.contains("tip"));
}

#[test]
fn nothing_that_is_missing_is_made_up() {
    let run = run(&["assess", "--evidence", "/no/such/evidence.json"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.starts_with("error: cannot read `/no/such/evidence.json`: "), "{}", run.stderr);
}

#[test]
fn a_level_that_is_not_reached_is_status_3() {
    let base = ["assess", "--evidence", "examples/exemplary/evidence.json", "--as-of", "2026-11-24"];
    let with = |require: &str| run(&[&base[..], &["--require", require]].concat());
    let missed = with("osps-baseline=3");
    assert_eq!(missed.status, 3, "{}", missed.stderr);
    assert!(missed.stderr.contains("OSPS Baseline level 3 is required"), "{}", missed.stderr);
    assert!(!missed.stdout.is_empty(), "the assessment is printed all the same");
    assert_eq!(with("osps-baseline=1:possible").status, 0);
}

#[test]
fn the_examples_come_to_their_levels() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (example, levels, contradictions) in
        [("exemplary", [2, 2, 3], 0), ("typical", [0, 0, 3], 0), ("contradicting", [0, 0, 0], 10)]
    {
        let evidence = format!("examples/{example}/evidence.json");
        let answers = format!("examples/{example}/answers.yaml");
        let arguments =
            ["assess", "--evidence", &evidence, "--answers", &answers, "--as-of", "2026-11-24", "--format", "json"];
        let run = run_in(root, &arguments);
        assert_eq!(run.status, 0, "{}", run.stderr);
        let record = seaworthy::assess::record::Assessment::from_json(&run.stdout).unwrap();
        let maturity = record.models[0].maturity;
        assert_eq!([maturity.verified, maturity.claimed, maturity.possible], levels, "{example}");
        assert_eq!(record.contradictions.len(), contradictions, "{example}");
    }
}

/// The excerpt in the README is what the program prints, as far as it goes.
#[test]
fn the_readme_shows_a_real_report() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let excerpt = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let arguments = [
        "assess",
        "--evidence",
        "examples/typical/evidence.json",
        "--answers",
        "examples/typical/answers.yaml",
        "--as-of",
        "2026-11-24",
    ];
    let printed = run_in(root, &arguments).stdout;
    let mut rest = printed.lines();
    for line in excerpt.lines().map(str::trim_end).filter(|line| !line.is_empty() && line.trim() != "…") {
        assert!(rest.any(|printed| printed.trim_end() == line), "not printed, or not in this order: {line}");
    }
}

#[test]
fn every_model_question_and_observation_explains_itself() {
    for (verb, column) in [("models", 0), ("questions", 0), ("observations", 0)] {
        let list = run(&[verb]);
        assert_eq!(list.status, 0);
        let names = list.stdout.lines().skip(1).filter(|line| !line.starts_with("  "));
        let names: Vec<&str> = names.filter_map(|line| line.split_whitespace().nth(column)).collect();
        let shown: Vec<&str> = names.into_iter().filter(|name| name.contains(['.', '-'])).take(5).collect();
        assert!(!shown.is_empty());
        for name in shown {
            let run = run(&[verb, "show", name]);
            assert_eq!(run.status, 0, "{verb} {name}: {}", run.stderr);
            assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{}", run.stdout);
        }
    }
    let model = run(&["models", "show", "osps-baseline"]);
    assert_eq!(model.stdout.matches("met when").count(), 64 + model.stdout.matches("partly met when").count());
}

/// What `questions show` offers to fill in is an answers file without problems.
#[test]
fn the_answer_to_fill_in_is_a_good_one() {
    let folder = tempfile::tempdir().unwrap();
    let list = run(&["questions"]).stdout;
    let ids: Vec<&str> = list.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    let ids =
        ids.into_iter().filter(|id| id.split('.').count() == 2 && id.starts_with(|c: char| c.is_ascii_lowercase()));
    let mut text = String::from("schema: seaworthy.answers/1\nanswers:\n");
    for id in ids.step_by(6) {
        let shown = run(&["questions", "show", id]).stdout;
        text += shown.split("of the answers file:\n\n").nth(1).unwrap();
    }
    written(folder.path(), "answers.yaml", &text);
    let lint = run_in(folder.path(), &["lint", "answers.yaml"]);
    assert_eq!(lint.status, 0, "{}", lint.stderr);
}

#[test]
fn the_page_of_observations_is_up_to_date() {
    let page = run(&["observations", "--markdown"]);
    let written = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/observations.md")).unwrap();
    assert!(page.stdout == written, "run `cargo run -- observations --markdown > docs/observations.md`");
}

#[test]
fn the_coverage_page_is_made_by_the_program() {
    let page = run(&["models", "coverage", "--markdown"]);
    let written = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/coverage.md")).unwrap();
    assert!(page.stdout == written, "run `cargo run -- models coverage --markdown > docs/coverage.md`");
    // The README tells the two sums of this page.
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let told = |text: &str, before: &str, after: &str| {
        let number = text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).unwrap().0.trim().to_owned();
        number.parse::<u32>().unwrap()
    };
    let sums = (told(&written, "these would be ", " questions"), told(&written, "together they are ", "."));
    assert_eq!(
        (told(&readme, "the models ask ", " one by one"), told(&readme, "SAMM and the CRA:", " questions")),
        sums
    );
}

#[test]
fn schemas_are_json_schemas() {
    for name in ["evidence", "answers", "assessment", "questions", "model", "crosswalk"] {
        let run = run(&["schema", name]);
        assert_eq!(run.status, 0);
        let schema: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(schema["type"], "object", "{name}");
        assert!(schema["properties"]["schema"].is_object(), "{name}");
    }
}

#[test]
fn answers_with_errors_are_shown_at_their_lines() {
    let folder = tempfile::tempdir().unwrap();
    written(
        folder.path(),
        "answers.yaml",
        "schema: seaworthy.answers/1\n\
         answers:\n\
         \x20 access.direct-push-blokced: { value: yes, by: '@a', on: 2026-03-01 }\n\
         \x20 access.direct-push-blocked:\n\
         \x20   valeu: yes\n\
         \x20   by: '@a'\n\
         \x20   on: 2026-02-30\n\
         \x20 access.second-factor-required:\n\
         \x20   value: maybe\n\
         \x20   evidence: [the wiki]\n\
         \x20   by: 7\n\
         \x20   on: 2026-03-01\n\
         waivers:\n\
         \x20 osps-baseline/OSPS-AC-1.01: { reason: x, by: '@c', until: 2026-12-31 }\n",
    );
    let run = run_in(folder.path(), &["lint", "answers.yaml"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn duplicate_keys_and_a_missing_justification_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let answer = "  access.second-factor-required: { value: yes, by: '@a', on: 2026-03-01 }\n";
    written(folder.path(), "twice.yaml", &format!("schema: seaworthy.answers/1\nanswers:\n{answer}{answer}"));
    let twice = run_in(folder.path(), &["lint", "twice.yaml"]);
    assert_eq!(twice.status, 2);
    assert!(twice.stderr.contains("twice.yaml:4:3") && twice.stderr.contains("duplicate"), "{}", twice.stderr);
    written(folder.path(), "bare.yaml", &format!("schema: seaworthy.answers/1\nanswers:\n{answer}"));
    let bare = run_in(folder.path(), &["lint", "bare.yaml"]);
    assert_eq!(bare.status, 2);
    assert!(bare.stderr.contains("bare.yaml:3:43") && bare.stderr.contains("needs a justification"), "{}", bare.stderr);
}

#[test]
fn questionnaires_with_errors_are_shown_at_their_lines() {
    let folder = tempfile::tempdir().unwrap();
    written(
        folder.path(),
        "own.yaml",
        "schema: seaworthy.questions/1\n\
         topic: own\n\
         title: Our own\n\
         questions:\n\
         - id: own.thing\n\
         \x20 ask: Is it so?\n\
         \x20 why: It matters.\n\
         \x20 how: Do it.\n\
         \x20 answer: yes-no\n\
         \x20 observe:\n\
         \x20   - { value: yes, certainty: proof, when: { repo.archvied: false } }\n\
         \x20   - { value: sometimes, certainty: sure, when: { releases.count: true } }\n\
         \x20 valid_for: forever\n",
    );
    let run = run_in(folder.path(), &["lint", "own.yaml"]);
    assert_eq!(run.status, 2);
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn own_questionnaires_stand_beside_the_built_in_ones() {
    let folder = tempfile::tempdir().unwrap();
    written(
        folder.path(),
        "model.yaml",
        "schema: seaworthy.model/1\nid: ours\ntitle: Ours\nversion: '1'\nsource: https://example.org/ours\nabout: Ours.\n\
         scoring: cumulative-levels\nlevels: [{ id: 1, title: One, meaning: First. }]\nareas: [{ id: A, title: A }]\n\
         requirements: [{ id: A-1, area: A, levels: [1], demands: Be open., met_when: { legal.source-licence-open: yes } }]\n",
    );
    let own = folder.path().to_str().unwrap();
    let questions = run(&["questions"]);
    let id = questions
        .stdout
        .lines()
        .skip(1)
        .find_map(|line| line.split_whitespace().next().filter(|id| id.starts_with("legal.")))
        .unwrap();
    let text =
        std::fs::read_to_string(folder.path().join("model.yaml")).unwrap().replace("legal.source-licence-open", id);
    written(folder.path(), "model.yaml", &text);
    let models = run(&["models", "--questionnaires", own]);
    assert!(
        models.stdout.contains("ours") && models.stdout.contains("osps-baseline"),
        "{}{}",
        models.stdout,
        models.stderr
    );
    let record = run(&[
        "assess",
        "--evidence",
        "examples/typical/evidence.json",
        "--model",
        "ours",
        "--questionnaires",
        own,
        "--as-of",
        "2026-11-24",
    ]);
    assert_eq!(record.status, 0, "{}", record.stderr);
    assert!(record.stdout.contains("Ours"), "{}", record.stdout);
}

#[test]
fn built_in_files_and_examples_have_no_problems() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["questionnaires/questions", "questionnaires/models"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            files.push(entry.unwrap().path().to_string_lossy().into_owned());
        }
    }
    for example in ["exemplary", "typical", "contradicting"] {
        files.push(format!("examples/{example}/answers.yaml"));
    }
    let arguments: Vec<&str> = ["lint"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let run = run(&arguments);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.ends_with("no errors, 0 warnings\n"), "{}", run.stdout);
}
