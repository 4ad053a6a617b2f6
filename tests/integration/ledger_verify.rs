//! `verify`: each fault of a ledger is found and named.

use std::collections::BTreeSet;
use std::path::Path;

use sha2::Digest as _;

use crate::ledger::{files, kinds, record, three};
use crate::ledger_seals::PEM_KEY;
use crate::support::run_in;
use seaworthy::ledger::seal::{SealKey, seal};
use seaworthy::ledger::verify::{Kind, verify};
use seaworthy::ledger::{Inputs, Ledger, Recording, append};

#[test]
fn each_fault_is_found_and_named() {
    let (_repository, folder) = three();
    let names = ["2027-01-01T000000Z.json", "2027-02-01T000000Z.json", "2027-03-01T000000Z.json"];
    let texts = names.map(|name| std::fs::read_to_string(folder.join(name)).unwrap());
    let put = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    let check = |what: &str, wanted: &[Kind]| {
        let verification = verify(&folder, None).unwrap();
        let found = kinds(&verification);
        assert!(wanted.iter().all(|kind| found.contains(kind)), "{what}: {:?}", verification.found);
        assert!(!verification.holds(), "{what}");
    };
    put(names[1], &texts[1].replacen("  \"", " \t\"", 1));
    check("white space", &[Kind::Changed]);
    put(names[1], &texts[1].replace('\n', "\r\n"));
    check("line ends", &[Kind::Changed]);
    put(names[1], &texts[2]);
    put(names[2], &texts[1]);
    check("swapped", &[Kind::Misnamed, Kind::Chain]);
    put(names[2], &texts[2]);
    std::fs::remove_file(folder.join(names[1])).unwrap();
    check("missing in the middle", &[Kind::Chain]);
    put(names[1], &texts[1]);
    std::fs::remove_file(folder.join(names[0])).unwrap();
    check("missing at the beginning", &[Kind::Chain]);
    put(names[0], &texts[0]);
    put("2027-04-01T000000Z.json", &texts[2]);
    check("a copy as the newest", &[Kind::Misnamed, Kind::Chain]);
    std::fs::remove_file(folder.join("2027-04-01T000000Z.json")).unwrap();
    put("2027-03-01.json", &texts[2]);
    check("a record under a free name", &[Kind::Foreign]);
    std::fs::remove_file(folder.join("2027-03-01.json")).unwrap();
    for object in files(&folder.join("objects")) {
        let bytes = std::fs::read(&object).unwrap();
        std::fs::remove_file(&object).unwrap();
        check("a missing object", &[Kind::Missing]);
        std::fs::write(&object, bytes).unwrap();
    }
    assert!(verify(&folder, None).unwrap().found.is_empty());
}

/// A record with other findings, whose digest is right.
#[test]
fn findings_that_do_not_follow_are_found() {
    let (_repository, folder) = three();
    let ledger = Ledger::open(&folder).unwrap();
    let latest = ledger.latest().unwrap();
    let mut record = latest.record().unwrap();
    let whole = record.clone();
    record.models[0].maturity.verified = 3;
    record.digest = record.computed_digest().unwrap();
    std::fs::write(latest.path(), record.to_json().unwrap()).unwrap();
    // The head tells at once that the newest record is another one; whoever changes that too is found all the same.
    assert_eq!(kinds(&verify(&folder, None).unwrap()), BTreeSet::from([Kind::Chain, Kind::NotDerived]));
    let head = |from: &str, to: &str| {
        let text = std::fs::read_to_string(folder.join("head.json")).unwrap().replace(from, to);
        let mut head: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
        let old = head.insert("digest".to_owned(), "".into()).unwrap();
        let compact = format!(
            "{{\"schema\":{},\"records\":{},\"newest\":{},\"record\":{},\"seals\":{},\"digest\":\"\"}}",
            head["schema"], head["records"], head["newest"], head["record"], head["seals"]
        );
        let digest = format!("sha256:{:x}", sha2::Sha256::digest(compact));
        std::fs::write(folder.join("head.json"), text.replace(old.as_str().unwrap(), &digest)).unwrap();
    };
    head(&whole.digest, &record.digest);
    let verification = verify(&folder, None).unwrap();
    assert_eq!(kinds(&verification), BTreeSet::from([Kind::NotDerived]), "{:?}", verification.found);
    assert!(verification.found[0].what.contains("models[osps-baseline].maturity.verified is 3, made again 0"));
    // The same by another version is told apart.
    let before = record.digest.clone();
    record.engine.version = "0.0.7".to_owned();
    record.digest = record.computed_digest().unwrap();
    std::fs::write(latest.path(), record.to_json().unwrap()).unwrap();
    head(&before, &record.digest);
    let verification = verify(&folder, None).unwrap();
    assert_eq!(kinds(&verification), BTreeSet::from([Kind::OtherEngine]));
    assert!(verification.holds());
    let folder = folder.display().to_string();
    assert_eq!(run_in(Path::new("."), &["verify", &folder]).status, 0);
    let strict = run_in(Path::new("."), &["verify", &folder, "--strict"]);
    assert_eq!(strict.status, 3);
    assert!(strict.stdout.contains("was made by seaworthy 0.0.7"), "{}", strict.stdout);
}

#[test]
fn a_record_of_another_subject_is_found() {
    let (_repository, folder) = three();
    let ledger = Ledger::open(&folder).unwrap();
    let latest = ledger.latest().unwrap();
    let questionnaires = latest.questionnaires().unwrap();
    let mut inputs = Inputs { answers: None, ..latest.inputs().unwrap() };
    inputs.evidence.subject.id = "github.com/acme/gadget".to_owned();
    // Kept in a ledger of its own, and put among the others by hand.
    let own = tempfile::tempdir().unwrap();
    let models = [questionnaires.model("osps-baseline").unwrap()];
    let made = seaworthy::assess::assess(&inputs.evidence, None, &questionnaires, &models, latest.as_of()).unwrap();
    let recording = Recording {
        record: &made,
        inputs: &inputs,
        questionnaires: &questionnaires,
        recorded_at: "2027-03-01T08:00:00Z".parse().unwrap(),
    };
    let appended = append(own.path(), &recording).unwrap();
    for object in files(&own.path().join("objects")) {
        std::fs::copy(&object, folder.join("objects").join(object.file_name().unwrap())).unwrap();
    }
    let mut record = appended.record;
    record.previous = Some(ledger.entries()[1].digest().to_owned());
    record.digest = record.computed_digest().unwrap();
    std::fs::write(latest.path(), record.to_json().unwrap()).unwrap();
    let verification = verify(&folder, None).unwrap();
    assert!(kinds(&verification).contains(&Kind::OtherSubject), "{:?}", verification.found);
}

/// The chain alone does not tell that its last links were taken off.
#[test]
fn records_taken_off_the_end_are_found() {
    let (repository, folder) = three();
    let names = ["2027-01-01T000000Z.json", "2027-02-01T000000Z.json", "2027-03-01T000000Z.json"];
    for gone in [1..3, 2..3] {
        let texts: Vec<_> = names[gone.clone()].iter().map(|name| std::fs::read(folder.join(name)).unwrap()).collect();
        for name in &names[gone.clone()] {
            std::fs::remove_file(folder.join(name)).unwrap();
        }
        let verification = verify(&folder, None).unwrap();
        assert!(!verification.holds());
        let told = verification.found.iter().find(|found| found.path == names[2]).unwrap();
        assert_eq!(told.kind, Kind::Missing, "{told:?}");
        assert!(told.what.contains("head.json names it as the newest of 3 records"), "{told:?}");
        // The trace is not wiped by going on.
        let run = record(&repository, &["--evidence", "evidence.json", "--as-of", "2027-04-01"]);
        assert_eq!(run.status, 2, "{}", run.stderr);
        assert!(run.stderr.contains("not there as it was"), "{}", run.stderr);
        for (name, text) in names[gone].iter().zip(texts) {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    assert!(verify(&folder, None).unwrap().found.is_empty());
}

#[test]
fn a_ledger_without_a_head_is_read_and_gets_one() {
    let (repository, folder) = three();
    std::fs::remove_file(folder.join("head.json")).unwrap();
    let verification = verify(&folder, None).unwrap();
    assert!(verification.holds() && verification.derived == 3);
    assert_eq!(kinds(&verification), BTreeSet::from([Kind::NoHead]));
    // Recorded again, nothing is new but the head.
    for day in ["2027-03-01", "2027-04-01"] {
        let run = record(&repository, &["--evidence", "evidence.json", "--as-of", day]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(verify(&folder, None).unwrap().found.is_empty());
    }
}

/// As a run leaves it that was ended after its record and before the head.
#[test]
fn a_head_that_is_one_behind_is_told_and_written_by_the_next_run() {
    let (repository, folder) = three();
    let behind = std::fs::read(folder.join("head.json")).unwrap();
    let run = |day: &str| record(&repository, &["--evidence", "evidence.json", "--as-of", day]).status;
    assert_eq!(run("2027-04-01"), 0);
    std::fs::write(folder.join("head.json"), &behind).unwrap();
    let verification = verify(&folder, None).unwrap();
    assert!(verification.holds() && verification.derived == 4);
    assert_eq!(kinds(&verification), BTreeSet::from([Kind::LeftBehind]));
    assert_eq!(run("2027-05-01"), 0);
    assert!(verify(&folder, None).unwrap().found.is_empty());
    // No run leaves it two behind.
    std::fs::write(folder.join("head.json"), behind).unwrap();
    assert_eq!(kinds(&verify(&folder, None).unwrap()), BTreeSet::from([Kind::Chain]));
}

/// Without any key: the head names the seals by digest.
#[test]
fn a_seal_that_was_taken_away_or_changed_is_found_without_a_key() {
    let (_repository, folder) = three();
    let key = |text: &str| SealKey::parse(text).unwrap();
    let sealed = |text: &str| {
        seal(&Ledger::open(&folder).unwrap(), &key(text), "2027-03-02T08:00:00Z".parse().unwrap()).unwrap();
    };
    sealed(PEM_KEY);
    let path = folder.join("2027-03-01T000000Z.seal.json");
    let first = std::fs::read(&path).unwrap();
    sealed(include_str!("../fixtures/keys/id_ed25519"));
    assert!(verify(&folder, None).unwrap().found.is_empty());
    let second = std::fs::read(&path).unwrap();
    std::fs::write(&path, first).unwrap();
    assert_eq!(kinds(&verify(&folder, None).unwrap()), BTreeSet::from([Kind::Changed]));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(kinds(&verify(&folder, None).unwrap()), BTreeSet::from([Kind::Missing]));
    std::fs::write(&path, second).unwrap();
    assert!(verify(&folder, None).unwrap().found.is_empty());
}
