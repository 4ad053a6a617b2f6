//! The formats that last: a folder of `tests/fixtures/formats` a version, with a ledger and what it was made of. Every later
//! version reads them, verifies them under their own questionnaires, and judges them again under its own.
//!
//! A change of what is written under the same version fails here. Until a version is released, and only until then,
//! `UPDATE_FORMATS=1` makes its ledger again.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::ledger::files;
use crate::ledger_seals::{PEM_KEY, PEM_PUBLIC};
use crate::support::run;
use seaworthy::answers::Answers;
use seaworthy::assess::record::Engine;
use seaworthy::evidence::Evidence;
use seaworthy::ledger::rejudge::rejudge;
use seaworthy::ledger::seal::{PublicKeys, SealKey, seal};
use seaworthy::ledger::verify::verify;
use seaworthy::ledger::{Inputs, Ledger, Recording, append};
use seaworthy::questionnaire::{QuestionnaireFile, Questionnaires};

/// The days of the records of a fixture.
const DAYS: [&str; 2] = ["2026-11-24", "2026-12-24"];

/// The folders of all versions.
fn versions() -> Vec<PathBuf> {
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats");
    let mut versions: Vec<PathBuf> = std::fs::read_dir(formats).unwrap().map(|entry| entry.unwrap().path()).collect();
    versions.sort();
    assert!(!versions.is_empty());
    if std::env::var_os("UPDATE_FORMATS").is_some() {
        make(versions.last().unwrap());
    }
    versions
}

fn text(folder: &Path, file: &str) -> String {
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// The questions and the model of a fixture, read by this version.
fn own(folder: &Path) -> Questionnaires {
    let file = |name: &str| QuestionnaireFile { set: 0, name: name.to_owned(), text: text(folder, name) };
    Questionnaires::read_again(&[file("model.yaml"), file("questions.yaml")]).unwrap()
}

/// Makes the ledger of a fixture from what lies beside it.
fn make(folder: &Path) {
    let ledger = folder.join("ledger");
    let _ = std::fs::remove_dir_all(&ledger);
    let questionnaires = own(folder);
    let inputs = Inputs {
        evidence: Evidence::from_json(&text(folder, "evidence.json")).unwrap(),
        answers: Some(text(folder, "answers.yaml")),
        reviews: Some(text(folder, "reviews.yaml")),
        reviews_trusted: false,
        declared: vec![("SECURITY-INSIGHTS.yml".to_owned(), text(folder, "SECURITY-INSIGHTS.yml"))],
    };
    for day in DAYS {
        let as_of = day.parse().unwrap();
        let answers = inputs.answers(&questionnaires, as_of).unwrap();
        let models = [questionnaires.model("osps-baseline").unwrap()];
        let record =
            seaworthy::assess::assess(&inputs.evidence, answers.as_ref(), &questionnaires, &models, as_of).unwrap();
        let recorded_at = format!("{day}T08:00:00Z").parse().unwrap();
        let recording = Recording { record: &record, inputs: &inputs, questionnaires: &questionnaires, recorded_at };
        append(&ledger, &recording).unwrap();
    }
    let key = SealKey::parse(PEM_KEY).unwrap();
    seal(&Ledger::open(&ledger).unwrap(), &key, "2026-12-24T09:00:00Z".parse().unwrap()).unwrap();
}

#[test]
fn every_version_is_read_and_holds() {
    for folder in versions() {
        let ledger = folder.join("ledger");
        let keys = PublicKeys::parse(PEM_PUBLIC).unwrap();
        let verification = verify(&ledger, Some(&keys)).unwrap();
        assert!(verification.holds(), "{:#?}", verification.found);
        assert_eq!(verification.records, DAYS.len());
        assert_eq!(verification.sealed_up_to.as_deref(), Some("2026-12-24T000000Z.json"));
        for entry in Ledger::open(&ledger).unwrap().entries() {
            let record = entry.record().unwrap();
            // Under its own questionnaires it is made again byte for byte, unless a later version judges otherwise and says so.
            if record.engine == Engine::this() {
                assert_eq!((verification.derived, verification.found.as_slice()), (DAYS.len(), [].as_slice()));
            }
            assert_eq!(entry.questionnaires().unwrap().digest(), own(&folder).digest());
            let answers = entry.answers().unwrap().unwrap();
            assert_eq!(answers.answers.len(), 6);
            assert_eq!(entry.evidence().unwrap().to_json().unwrap(), text(&folder, "evidence.json"));
        }
    }
}

/// What a version wrote is written by this one in the same bytes, and is as its schema says.
#[test]
fn every_version_is_written_as_it_was() {
    for folder in versions() {
        let valid = |name: &str, document: &Value| {
            let schema = run(&["schema", name]);
            assert_eq!(schema.status, 0, "{}", schema.stderr);
            let schema = serde_json::from_str(&schema.stdout).unwrap();
            let validator = jsonschema::validator_for(&schema).unwrap();
            let problems: Vec<String> =
                validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(problems.is_empty(), "{name}: {problems:#?}");
        };
        let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let evidence = text(&folder, "evidence.json");
        assert_eq!(Evidence::from_json(&evidence).unwrap().to_json().unwrap(), evidence);
        valid("evidence", &json(&evidence));
        for entry in Ledger::open(&folder.join("ledger")).unwrap().entries() {
            let written = std::fs::read_to_string(entry.path()).unwrap();
            assert_eq!(entry.record().unwrap().to_json().unwrap(), written);
            valid("assessment", &json(&written));
        }
        for (schema, file) in [
            ("answers", "answers.yaml"),
            ("answers", "reviews.yaml"),
            ("questions", "questions.yaml"),
            ("model", "model.yaml"),
        ] {
            valid(schema, &serde_yaml::from_str(&text(&folder, file)).unwrap());
        }
        let document = seaworthy::yaml::Document::new("answers.yaml", text(&folder, "answers.yaml"));
        let (answers, problems) = Answers::read(&document, &own(&folder));
        assert!(problems.is_empty(), "{problems:#?}");
        assert_eq!(answers.unwrap().waivers.len(), 1);
    }
}

#[test]
fn every_version_is_judged_again() {
    for folder in versions() {
        for entry in Ledger::open(&folder.join("ledger")).unwrap().entries() {
            let same = rejudge(entry, &own(&folder)).unwrap();
            if same.before.engine == Engine::this() {
                assert!(same.changes.are_none(), "{:#?}", same.changes);
            }
            let now = rejudge(entry, &Questionnaires::built_in().unwrap()).unwrap();
            assert_eq!(now.after.as_of, now.before.as_of);
            let change = &now.changes.models[0];
            assert_eq!((change.id.as_str(), change.version_before.as_str()), ("osps-baseline", "first"));
            assert_eq!(change.requirements_gone, ["FIRST-VM-1", "FIRST-AC-1", "FIRST-AC-2"]);
            assert!(change.requirements_new.len() > 50, "{:?}", change.requirements_new);
            assert!(now.changes.questions_gone.contains(&"first.reply-days".to_owned()));
            // What was said of questions and requirements that there are no longer does not stop it.
            assert_eq!(
                now.changes.left_out,
                [
                    "answers: first.reply-days",
                    "answers: first.maintainers",
                    "answers: first.reviewed",
                    "reviews: first.reviewed",
                    "waivers: osps-baseline/FIRST-VM-1"
                ]
            );
            let answered = |id: &str| now.after.question(id).is_some_and(|question| question.answer.is_some());
            assert!(answered("access.second-factor-required"), "what has a place counts");
        }
    }
}

/// The fixtures hold what the formats can hold: otherwise a change of a part of a format would go unnoticed.
#[test]
fn fixtures_hold_each_part_of_the_formats() {
    let folder = versions().pop().unwrap();
    let ledger = Ledger::open(&folder.join("ledger")).unwrap();
    let record = ledger.latest().unwrap().record().unwrap();
    let bases: std::collections::BTreeSet<&str> =
        record.models[0].findings.iter().map(|finding| finding.basis.word()).collect();
    for basis in ["observed", "contradicted", "reviewed", "attested", "waived", "lapsed"] {
        assert!(bases.contains(basis), "{basis} is not among {bases:?}");
    }
    let states: std::collections::BTreeSet<&str> =
        ledger.latest().unwrap().evidence().unwrap().observations.iter().map(|seen| seen.state.word()).collect();
    for state in ["observed", "absent", "not-permitted", "not-applicable", "unavailable", "failed"] {
        assert!(states.contains(state), "{state} is not among {states:?}");
    }
    let kept = record.kept.unwrap();
    assert!(kept.answers.is_some() && kept.reviews.is_some() && kept.declared.len() == 1);
    assert!(!kept.confidential_left_out, "the answers lie beside it as they were");
    assert_eq!(files(&folder.join("ledger/objects")).len(), 7);
}
