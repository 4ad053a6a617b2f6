//! Exchange formats of records that the real program made, held against the official schemas; and the way back from OSCAL.

use std::path::Path;

use crate::schemas;
use crate::scoring;
use crate::support::{Run, run, run_in};
use crate::validators;
use seaworthy::assess::record::{Assessment, Outcome};
use seaworthy::import::{Format as Source, Input, import};
use seaworthy::questionnaire::Questionnaires;
use seaworthy::report::{self, Exchange, Format};

const EXAMPLES: [&str; 3] = ["exemplary", "typical", "contradicting"];

/// Assesses an example, with these reports.
fn example(name: &str, arguments: &[&str]) -> Run {
    let evidence = format!("examples/{name}/evidence.json");
    let answers = format!("examples/{name}/answers.yaml");
    let base = ["assess", "--evidence", &evidence, "--answers", &answers, "--as-of", "2026-11-24"];
    run(&[&base, arguments].concat())
}

fn record(name: &str) -> Assessment {
    let run = example(name, &["--format", "json"]);
    Assessment::from_json(&run.stdout).unwrap()
}

/// What is wrong with a text in a format.
fn faults(format: Exchange, text: &str) -> Vec<String> {
    [schemas::faults(format.word(), text), validators::faults(format.word(), text)].concat()
}

#[test]
fn records_of_the_program_are_valid_in_every_format() {
    for name in EXAMPLES {
        let record = record(name);
        for format in Exchange::ALL {
            let text = report::render(&record, Format::Exchange(format)).unwrap();
            assert_eq!(faults(format, &text), Vec::<String>::new(), "{name} {}", format.word());
        }
    }
}

#[test]
fn records_of_every_way_of_scoring_are_valid_in_every_format() {
    let mut record = scoring::several_models();
    record.subject.commit = Some("4f1c2a9d7be05c83f6e1a0b2c3d4e5f60718293a".to_owned());
    assert_eq!(record.models.len(), 4);
    for format in Exchange::ALL {
        let text = report::render(&record, Format::Exchange(format)).unwrap();
        assert_eq!(faults(format, &text), Vec::<String>::new(), "{}", format.word());
    }
    let mut badges = Vec::new();
    while !record.models.is_empty() {
        let badge = report::render(&record, Format::Exchange(Exchange::Shields)).unwrap();
        badges.push(validators::json(&badge)["message"].as_str().unwrap().to_owned());
        record.models.remove(0);
    }
    assert_eq!(
        badges,
        [
            "no level verified, 2026-11-24",
            "nothing verified, 2026-11-24",
            "nothing verified, 2026-11-24",
            "nothing verified, 2026-11-24"
        ]
    );
}

#[test]
fn endings_and_names_choose_the_format() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (sarif, csv, svg, xml) = (at("a.sarif"), at("a.csv"), at("a.svg"), at("a.xml"));
    let (oscal, gemara, in_toto) = (format!("oscal={}", at("a.json")), at("a.gemara.yaml"), at("a.in-toto.json"));
    let outputs = [&sarif, &csv, &svg, &xml, &oscal, &gemara, &in_toto];
    let run = example("typical", &outputs.map(|output| ["-o", output.as_str()]).concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    for (name, begin) in [
        ("a.sarif", "{\n  \"$schema\""),
        ("a.csv", "\"subject\","),
        ("a.svg", "<svg "),
        ("a.xml", "<?xml "),
        ("a.json", "{\n  \"assessment-results\""),
        ("a.in-toto.json", "{\n  \"_type\""),
    ] {
        assert!(read(name).starts_with(begin), "{name}");
    }
    assert!(read("a.gemara.yaml").contains("type: EvaluationLog"));
}

#[test]
fn a_stored_record_gives_the_same_as_the_assessment() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("record.json").display().to_string();
    assert_eq!(example("typical", &["-o", &record]).status, 0);
    for format in Exchange::ALL {
        let now = example("typical", &["--format", format.word()]);
        let later = run(&["report", &record, "--format", format.word()]);
        assert_eq!((now.status, later.status), (0, 0), "{}", later.stderr);
        assert_eq!(now.stdout, later.stdout, "{}", format.word());
    }
    let run = run(&["report", &record, "--format", "shields", "--model", "osps-baseline"]);
    assert!(run.stdout.contains("\"label\": \"OSPS Baseline\""), "{}", run.stdout);
}

#[test]
fn wrong_use_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.html"), "x").unwrap();
    let record = folder.path().join("record.json").display().to_string();
    assert_eq!(example("typical", &["-o", &record]).status, 0);
    for (arguments, told) in [
        (vec!["-o", "a.yaml"], "the ending of `a.yaml` tells no format"),
        (vec!["--model", "cncf", "--format", "badge"], "the record has no model `cncf`; it has osps-baseline"),
        (vec!["--model", "osps-baseline", "--format", "json"], "a record is written whole"),
        (
            vec!["--template", "t.html", "--format", "junit"],
            "a template writes html, markdown, json or text, not junit",
        ),
    ] {
        let run = run_in(folder.path(), &[&["report", "record.json"], arguments.as_slice()].concat());
        assert_eq!(run.status, 2, "{arguments:?} {}", run.stderr);
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
}

#[test]
fn a_record_without_a_commit_is_no_statement() {
    let mut record = record("typical");
    record.subject.commit = None;
    let error = report::render(&record, Format::Exchange(Exchange::InToto)).unwrap_err();
    assert!(error.to_string().contains("names no commit"), "{error}");
}

/// What goes out as OSCAL comes back as proposals that agree with what the questions came to.
#[test]
fn oscal_comes_back() {
    let questionnaires = Questionnaires::built_in().unwrap();
    for name in EXAMPLES {
        let record = record(name);
        let text = report::render(&record, Format::Exchange(Exchange::Oscal)).unwrap();
        let input = Input {
            name: "results.json",
            text: &text,
            parent: None,
            today: record.as_of,
            on: None,
            by: None,
            questionnaires: &questionnaires,
        };
        let imported = import(Source::Oscal, &input).unwrap();
        assert!(imported.faults.is_empty(), "{name} {:?}", imported.faults);
        let met = |finding: &&seaworthy::assess::record::Finding| finding.outcome == Outcome::Met;
        let findings = &record.models[0].findings;
        assert!(imported.proposals.len() >= findings.iter().filter(met).count() / 2, "{name}");
        for proposal in &imported.proposals {
            let deciding = findings.iter().filter(|finding| finding.questions.contains(&proposal.question));
            let outcomes: Vec<Outcome> = deciding.map(|finding| finding.outcome).collect();
            assert!(!outcomes.is_empty(), "{name} {}", proposal.question);
            assert!(!outcomes.iter().all(|outcome| *outcome == Outcome::Unknown), "{name} {}", proposal.question);
        }
    }
}

#[test]
fn confidential_notes_go_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let answers = std::fs::read_to_string("examples/typical/answers.yaml").unwrap();
    let note = "\n    confidential: The-secret-of-room-12\n    by:";
    assert!(answers.contains("\n    by:"));
    let path = folder.path().join("answers.yaml");
    std::fs::write(&path, answers.replacen("\n    by:", note, 3)).unwrap();
    let path = path.display().to_string();
    for format in Exchange::ALL {
        let run = run(&[
            "assess",
            "--evidence",
            "examples/typical/evidence.json",
            "--answers",
            &path,
            "--as-of",
            "2026-11-24",
            "--format",
            format.word(),
        ]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(!run.stdout.contains("The-secret"), "{}", format.word());
    }
}

#[test]
fn the_page_names_every_format() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/exchange-formats.md")).unwrap();
    for format in Exchange::ALL {
        assert!(page.contains(&format!("| `{}` |", format.word())), "{}", format.word());
    }
}
