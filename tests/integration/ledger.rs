//! Ledgers: recording, listing, verifying.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{DEMO_MODEL, DEMO_QUESTIONS, Run, TestRepository, run_in};
use seaworthy::ledger::rejudge::rejudge;
use seaworthy::ledger::seal::{PublicKeys, SealKey, seal};
use seaworthy::ledger::verify::{Kind, Verification, verify};
use seaworthy::ledger::{Inputs, Ledger, Recording, append};
use seaworthy::questionnaire::Questionnaires;

const ANSWERS: &str = "\
schema: seaworthy.answers/1
subject: github.com/acme/widget
answers:
  access.second-factor-required:
    value: yes
    because: The organisation requires it.
    evidence: [https://example.org/policy]
    by: \"@ann\"
    on: 2026-06-01
    confidential: The spare key lies in the safe.
";

fn widget() -> TestRepository {
    TestRepository::new()
        .file("README.md", "# Widget\n\n## Usage\n\nRun it.\n")
        .file("LICENSE", include_str!("../../LICENSE-MIT"))
        .file(".seaworthy/answers.yaml", ANSWERS)
        .commit("Start", "Alice", "2026-01-02")
        .tag("v1.0.0")
        .remote("https://github.com/acme/widget.git")
}

fn record(repository: &TestRepository, more: &[&str]) -> Run {
    let mut arguments = vec!["assess", ".", "--record"];
    arguments.extend(more);
    run_in(&repository.path(), &arguments)
}

fn ledger_of(repository: &TestRepository) -> PathBuf {
    repository.path().join(".seaworthy/assessments")
}

/// A ledger of three records, made of the same evidence on three days.
fn three() -> (TestRepository, PathBuf) {
    let repository = widget();
    std::fs::create_dir(repository.path().join(".seaworthy")).unwrap();
    std::fs::write(repository.path().join(".seaworthy/answers.yaml"), ANSWERS).unwrap();
    let run = run_in(&repository.path(), &["collect", ".", "-o", "evidence.json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    for day in ["2027-01-01", "2027-02-01", "2027-03-01"] {
        let run = record(&repository, &["--evidence", "evidence.json", "--as-of", day]);
        assert_eq!(run.status, 0, "{}", run.stderr);
    }
    let ledger = ledger_of(&repository);
    (repository, ledger)
}

fn kinds(verification: &Verification) -> BTreeSet<Kind> {
    verification.found.iter().map(|found| found.kind).collect()
}

/// All files of a folder and those below, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn an_assessment_is_recorded_listed_and_verified() {
    let repository = widget();
    let run = record(&repository, &["--model", "osps-baseline"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("Recorded in"), "{}", run.stderr);
    let run = run_in(&repository.path(), &["history", "--format", "json"]);
    let lines: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(lines[0]["subject"], "github.com/acme/widget");
    assert_eq!(lines[0]["models"][0]["id"], "osps-baseline");
    assert_eq!(lines[0]["access"], "checkout");
    let run = run_in(&repository.path(), &["history"]);
    assert!(run.stdout.contains("checkout") && run.stdout.contains("of 3"), "{}", run.stdout);
    let run = run_in(&repository.path(), &["verify"]);
    assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("1 record; 1 made again"), "{}", run.stdout);
}

#[test]
fn what_a_record_was_made_of_is_read_again() {
    let (_repository, folder) = three();
    let ledger = Ledger::open(&folder).unwrap();
    let days: Vec<String> = ledger.entries().iter().map(|entry| entry.as_of().to_string()).collect();
    assert_eq!(days, ["2027-01-01", "2027-02-01", "2027-03-01"]);
    let latest = ledger.latest().unwrap();
    assert_eq!(latest.file(), "2027-03-01T000000Z.json");
    assert_eq!(latest.previous(), Some(ledger.entries()[1].digest()));
    assert_eq!(latest.evidence().unwrap().subject.id, "github.com/acme/widget");
    assert!(latest.questionnaires().unwrap().model("osps-baseline").is_some());
    let answers = latest.answers().unwrap().unwrap();
    assert!(answers.answers.contains_key("access.second-factor-required"));
    let kept = latest.inputs().unwrap().answers.unwrap();
    assert!(!kept.contains("safe") && kept.contains("confidential: left out of the ledger"), "{kept}");
    let verification = verify(&folder, None).unwrap();
    assert_eq!((verification.records, verification.derived), (3, 3), "{:?}", verification.found);
    assert!(verification.found.is_empty());
    // Evidence, answers and questionnaires are kept once.
    let objects = files(&folder.join("objects")).len();
    let questionnaires = latest.questionnaires().unwrap().files().len();
    assert_eq!(objects, questionnaires + 3);
}

#[test]
fn the_same_assessment_is_recorded_once() {
    let (repository, folder) = three();
    let before = files(&folder);
    let run = record(&repository, &["--evidence", "evidence.json", "--as-of", "2027-03-01"]);
    assert_eq!(run.status, 0);
    assert!(run.stderr.contains("stands already in"), "{}", run.stderr);
    assert_eq!(files(&folder), before);
    // Another assessment of the same moment gets a number.
    std::fs::write(repository.path().join("none.yaml"), "schema: seaworthy.answers/1\n").unwrap();
    let run = record(&repository, &["--evidence", "evidence.json", "--as-of", "2027-03-01", "--answers", "none.yaml"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(folder.join("2027-03-01T000000Z-2.json").is_file());
    assert!(verify(&folder, None).unwrap().found.is_empty());
}

#[test]
fn records_go_forward_in_time_and_stay_with_their_subject() {
    let (repository, folder) = three();
    let run = record(&repository, &["--evidence", "evidence.json", "--as-of", "2027-02-15"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("in the order of their time"), "{}", run.stderr);
    let other = TestRepository::new()
        .file("README.md", "# Gadget\n")
        .commit("Start", "Alice", "2026-01-02")
        .remote("https://github.com/acme/gadget.git");
    let target = format!("--record={}", folder.display());
    let run = run_in(&other.path(), &["assess", ".", "--as-of", "2028-01-01", &target]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("is of github.com/acme/widget, not of github.com/acme/gadget"), "{}", run.stderr);
    let run = run_in(&other.path(), &["assess", "acme/gadget", "--record"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("--record=DIR"), "{}", run.stderr);
}

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
    record.models[0].maturity.verified = 3;
    record.digest = record.computed_digest().unwrap();
    std::fs::write(latest.path(), record.to_json().unwrap()).unwrap();
    let verification = verify(&folder, None).unwrap();
    assert_eq!(kinds(&verification), BTreeSet::from([Kind::NotDerived]));
    assert!(verification.found[0].what.contains("models[osps-baseline].maturity.verified is 3, made again 0"));
    // The same by another version is told apart.
    record.engine.version = "0.0.7".to_owned();
    record.digest = record.computed_digest().unwrap();
    std::fs::write(latest.path(), record.to_json().unwrap()).unwrap();
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

const PEM_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
const PEM_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

/// Seals a ledger with a key of PKCS#8, and gives the public one.
fn sealed(folder: &Path) -> PublicKeys {
    seal(&Ledger::open(folder).unwrap(), &SealKey::parse(PEM_KEY).unwrap(), "2027-03-02T08:00:00Z".parse().unwrap())
        .unwrap();
    PublicKeys::parse(PEM_PUBLIC).unwrap()
}

/// One flipped bit anywhere is found, and the file is named.
#[test]
fn a_changed_bit_anywhere_is_found() {
    let (_repository, folder) = three();
    let keys = sealed(&folder);
    assert!(verify(&folder, Some(&keys)).unwrap().found.is_empty());
    let mut random = fastrand::Rng::with_seed(20_261_124);
    for path in files(&folder) {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        // The ends of compressed files have bits that mean nothing to who unpacks them.
        for position in [random.usize(..bytes.len()), bytes.len() - 1 - random.usize(..12)] {
            let mut changed = bytes.clone();
            changed[position] ^= 1 << random.u8(..8);
            std::fs::write(&path, changed).unwrap();
            let verification = verify(&folder, Some(&keys)).unwrap();
            assert!(!verification.holds(), "{name} at {position}");
            assert!(
                verification.found.iter().any(|found| found.path == name),
                "{name} at {position}: {:?}",
                verification.found
            );
        }
        std::fs::write(&path, bytes).unwrap();
    }
    assert!(verify(&folder, Some(&keys)).unwrap().found.is_empty());
}

#[test]
fn a_ledger_is_sealed_and_verified_by_keys() {
    let (repository, folder) = three();
    let root = repository.path();
    let run = |arguments: &[&str]| run_in(&root, arguments);
    std::fs::write(root.join("key.pem"), PEM_KEY).unwrap();
    std::fs::write(root.join("pub.pem"), PEM_PUBLIC).unwrap();
    std::fs::write(root.join("id"), include_str!("../fixtures/keys/id_ed25519")).unwrap();
    std::fs::write(root.join("id.pub"), include_str!("../fixtures/keys/id_ed25519.pub")).unwrap();
    let public = include_str!("../fixtures/keys/id_ed25519.pub");
    std::fs::write(root.join("signers"), format!("ann@example.org namespaces=\"git,seaworthy\" {public}")).unwrap();
    std::fs::write(root.join("git-only"), format!("ann@example.org namespaces=\"git\" {public}")).unwrap();
    let unsealed = run(&["verify", "--key", "pub.pem"]);
    assert_eq!(unsealed.status, 3);
    assert!(unsealed.stdout.contains("unsealed"), "{}", unsealed.stdout);
    let done = run(&["seal", "--key", "id"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(done.stdout.contains("SHA256:"), "{}", done.stdout);
    for key in ["id.pub", "signers"] {
        let verified = run(&["verify", "--key", key]);
        assert_eq!(verified.status, 0, "{key}: {}{}", verified.stdout, verified.stderr);
        assert!(verified.stdout.contains("Sealed up to 2027-03-01T000000Z.json"), "{}", verified.stdout);
    }
    for (key, word) in [("pub.pem", "another key than those named"), ("git-only", "not allowed to sign for")] {
        let refused = run(&["verify", "--key", key]);
        assert_eq!(refused.status, 3);
        assert!(refused.stdout.replace("\n  ", " ").contains(word), "{key}: {}", refused.stdout);
    }
    // A second key signs the same statement; the same key signs once.
    assert_eq!(run(&["seal", "--key", "key.pem"]).status, 0);
    let again = run(&["seal", "--key", "key.pem"]);
    assert!(again.stdout.contains("Sealed already"), "{}", again.stdout);
    for key in ["id.pub", "pub.pem"] {
        assert_eq!(run(&["verify", "--key", key]).status, 0, "{key}");
    }
    assert_eq!(run(&["verify"]).status, 0);
    let lines: Value = serde_json::from_str(&run(&["history", "--format", "json"]).stdout).unwrap();
    assert_eq!((&lines[1]["sealed"], &lines[2]["sealed"]), (&Value::Bool(false), &Value::Bool(true)));
    // The seal of one record does not do for another.
    std::fs::copy(folder.join("2027-03-01T000000Z.seal.json"), folder.join("2027-02-01T000000Z.seal.json")).unwrap();
    assert!(kinds(&verify(&folder, None).unwrap()).contains(&Kind::Seal));
    let refused = run(&["seal", "--key", "key.pem"]);
    assert_eq!(refused.status, 3, "what does not hold is not sealed");
}

#[test]
fn keys_that_cannot_seal_are_told() {
    let (repository, _folder) = three();
    let cases = [
        ("encrypted", include_str!("../fixtures/keys/id_encrypted"), "the key is encrypted"),
        ("rsa", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n", "only Ed25519 keys seal"),
        (
            "locked",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "the key is encrypted",
        ),
        ("public", PEM_PUBLIC, "no private key"),
        ("text", "hello", "no private key"),
    ];
    for (name, text, word) in cases {
        std::fs::write(repository.path().join(name), text).unwrap();
        let run = run_in(&repository.path(), &["seal", "--key", name]);
        assert_eq!(run.status, 2, "{name}: {}", run.stderr);
        assert!(run.stderr.contains(word), "{name}: {}", run.stderr);
        assert!(!run.stderr.contains("AAAA"));
    }
    std::fs::write(repository.path().join("private"), PEM_KEY).unwrap();
    let run = run_in(&repository.path(), &["verify", "--key", "private"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("name the public one"), "{}", run.stderr);
}

#[test]
fn an_old_record_is_judged_under_other_rules() {
    let repository = widget();
    let questions = repository.path().join("../own");
    std::fs::create_dir(&questions).unwrap();
    let write = |model: &str| {
        std::fs::write(questions.join("questions.yaml"), DEMO_QUESTIONS).unwrap();
        std::fs::write(questions.join("model.yaml"), model).unwrap();
    };
    write(DEMO_MODEL);
    let run = record(&repository, &["--questionnaires", "../own", "--model", "demo"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let same = run_in(&repository.path(), &["rejudge", "--questionnaires", "../own"]);
    assert!(same.stdout.contains("change no finding"), "{}{}", same.stdout, same.stderr);
    let line = "  - { id: C-2, area: C, levels: [1], demands: License., met_when: { demo.licence: yes } }\n";
    let other = "  - { id: C-2, area: C, levels: [1], demands: No license., met_when: { demo.licence: no } }\n  - { id: C-3, area: C, levels: [2], demands: License., met_when: { demo.licence: yes } }\n";
    write(&DEMO_MODEL.replace(line, other));
    let changed = run_in(&repository.path(), &["rejudge", "--questionnaires", "../own", "-o", "now.json"]);
    assert_eq!(changed.status, 0, "{}", changed.stderr);
    assert!(
        changed.stdout.contains("C-2  met (observed) → unmet (observed); decided by demo.licence"),
        "{}",
        changed.stdout
    );
    assert!(changed.stdout.contains("requirements new: C-3"), "{}", changed.stdout);
    let text = std::fs::read_to_string(repository.path().join("now.json")).unwrap();
    let now = seaworthy::assess::record::Assessment::from_json(&text).unwrap();
    assert_eq!(now.models[0].findings.len(), 6);
    // The ledger still explains the record under its own rules.
    let verified = run_in(&repository.path(), &["verify"]);
    assert_eq!(verified.status, 0, "{}{}", verified.stdout, verified.stderr);
}

/// Two versions; what came with the second must not show in the first.
fn grown() -> TestRepository {
    first_version()
        .file("SECURITY.md", "# Security\n\nReport to security@example.org.\n")
        .file(".seaworthy/answers.yaml", ANSWERS)
        .commit("More", "Bob", "2026-03-01")
        .tag("v1.1.0")
}

fn first_version() -> TestRepository {
    TestRepository::new()
        .file("README.md", "# Widget\n")
        .file("LICENSE", include_str!("../../LICENSE-MIT"))
        .commit("Start", "Alice", "2026-01-02")
        .tag("v1.0.0")
}

#[test]
fn an_earlier_commit_is_assessed_as_it_was() {
    let address = "https://github.com/acme/widget.git";
    let (grown, first) = (grown().remote(address), first_version().remote(address));
    let at = |repository: &TestRepository| {
        let run = run_in(
            &repository.path(),
            &["assess", ".", "--at", "v1.0.0", "--save-evidence", "e.json", "--format", "json"],
        );
        assert_eq!(run.status, 0, "{}", run.stderr);
        (run.stdout, std::fs::read_to_string(repository.path().join("e.json")).unwrap())
    };
    std::fs::create_dir_all(grown.path().join(".seaworthy")).unwrap();
    std::fs::write(grown.path().join(".seaworthy/answers.yaml"), ANSWERS).unwrap();
    let (record, evidence) = at(&grown);
    assert_eq!((&record, &evidence), (&at(&first).0, &at(&first).1));
    let record = seaworthy::assess::record::Assessment::from_json(&record).unwrap();
    assert_eq!(record.as_of.to_string(), "2026-01-02");
    assert!(record.inputs.answers.is_none());
    let evidence = seaworthy::evidence::Evidence::from_json(&evidence).unwrap();
    assert_eq!(evidence.get("tags.count").unwrap().value().unwrap().to_string(), "1");
    assert_eq!(evidence.collected_at.to_rfc3339(), "2026-01-02T12:00:00+00:00");
    let run = run_in(&grown.path(), &["assess", ".", "--at", "v9"]);
    assert_eq!(run.status, 4);
    assert!(run.stderr.contains("has no commit `v9`"), "{}", run.stderr);
    assert_eq!(run_in(&grown.path(), &["assess", "acme/widget", "--at", "v1.0.0"]).status, 2);
}

#[test]
fn a_ledger_is_built_over_history() {
    let repository = grown().remote("https://github.com/acme/widget.git");
    std::fs::write(repository.path().join("untracked.txt"), "mine").unwrap();
    for tag in ["v1.0.0", "v1.1.0"] {
        let run = record(&repository, &["--at", tag]);
        assert_eq!(run.status, 0, "{}", run.stderr);
    }
    let names: Vec<_> = std::fs::read_dir(repository.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "only .git, .seaworthy and the file: {names:?}");
    let ledger = Ledger::open(&ledger_of(&repository)).unwrap();
    let files: Vec<String> = ledger.entries().iter().map(seaworthy::ledger::Entry::file).collect();
    assert_eq!(files, ["2026-01-02T120000Z.json", "2026-03-01T120000Z.json"]);
    assert!(ledger.latest().unwrap().answers().unwrap().is_some());
    assert!(verify(ledger.folder(), None).unwrap().found.is_empty());
    let run = run_in(&repository.path(), &["history"]);
    assert!(run.stdout.contains("2026-01-02 12:00") && run.stdout.contains("2026-03-01 12:00"), "{}", run.stdout);
    let run = run_in(&repository.path(), &["rejudge", "--date", "2026-02-01"]);
    assert!(run.stdout.contains("as of 2026-01-02"), "{}{}", run.stdout, run.stderr);
}

#[cfg(unix)]
mod crashes {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    fn evidence() -> TestRepository {
        let repository = widget();
        assert_eq!(run_in(&repository.path(), &["collect", ".", "-o", "evidence.json"]).status, 0);
        repository
    }

    fn command(repository: &TestRepository, day: &str) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("seaworthy"));
        command.current_dir(repository.path()).stdout(Stdio::null()).stderr(Stdio::null()).args([
            "assess",
            ".",
            "--evidence",
            "evidence.json",
            "--as-of",
            day,
            "--record",
        ]);
        command
    }

    /// Killed while it writes, a run leaves the ledger as it was or with the whole record; the next one works.
    #[test]
    fn a_killed_run_leaves_the_ledger_as_before_or_complete() {
        let mut random = fastrand::Rng::with_seed(6);
        for _ in 0..6 {
            let repository = evidence();
            let ledger = ledger_of(&repository);
            let mut child = command(&repository, "2027-01-01").spawn().unwrap();
            let begun = Instant::now();
            while !ledger.join("objects").is_dir() && begun.elapsed() < Duration::from_secs(60) {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_micros(random.u64(..60_000)));
            child.kill().unwrap();
            child.wait().unwrap();
            let is_recorded = Ledger::open(&ledger).is_ok();
            if is_recorded {
                let verification = verify(&ledger, None).unwrap();
                assert!(verification.holds() && verification.derived == 1, "{:?}", verification.found);
            }
            assert!(command(&repository, "2027-02-01").status().unwrap().success());
            let verification = verify(&ledger, None).unwrap();
            assert_eq!(verification.derived, 1 + usize::from(is_recorded));
            assert!(verification.found.is_empty(), "{:?}", verification.found);
        }
    }

    /// Files may not grow beyond a limit, as on a full disk.
    #[test]
    fn a_full_disk_leaves_the_ledger_as_before() {
        let repository = evidence();
        assert!(command(&repository, "2027-01-01").status().unwrap().success());
        let ledger = ledger_of(&repository);
        let before = files(&ledger);
        for blocks in ["0", "2", "20"] {
            let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
            let program = assert_cmd::cargo::cargo_bin("seaworthy");
            let output = Command::new("/bin/sh")
                .current_dir(repository.path())
                .args(["-c", &script, program.to_str().unwrap(), "assess", ".", "--evidence", "evidence.json"])
                .args(["--as-of", "2027-02-01", "--record", "--model", "all"])
                .output()
                .unwrap();
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{blocks}: {told}");
            assert!(told.contains("cannot write"), "{blocks}: {told}");
            assert_eq!(files(&ledger), before, "{blocks}");
        }
        assert!(verify(&ledger, None).unwrap().found.is_empty());
    }

    #[test]
    fn of_several_runs_at_once_one_writes() {
        let repository = evidence();
        let mut children: Vec<_> = (0..4).map(|_| command(&repository, "2027-01-01").spawn().unwrap()).collect();
        let statuses: Vec<i32> = children.iter_mut().map(|child| child.wait().unwrap().code().unwrap()).collect();
        assert!(statuses.contains(&0) && statuses.iter().all(|status| [0, 1].contains(status)), "{statuses:?}");
        let ledger = ledger_of(&repository);
        let verification = verify(&ledger, None).unwrap();
        assert_eq!(verification.records, 1);
        assert!(verification.found.is_empty(), "{:?}", verification.found);
        let held = std::fs::File::open(&ledger).unwrap();
        held.try_lock().unwrap();
        let told = run_in(
            &repository.path(),
            &["assess", ".", "--evidence", "evidence.json", "--as-of", "2028-01-01", "--record"],
        );
        assert_eq!(told.status, 1);
        assert!(told.stderr.contains("another run writes"), "{}", told.stderr);
    }

    /// A checkout of somebody else must not lead the ledger elsewhere.
    #[test]
    fn links_are_no_way_out() {
        let repository = evidence();
        let elsewhere = tempfile::tempdir().unwrap();
        std::fs::create_dir(repository.path().join(".seaworthy")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), ledger_of(&repository)).unwrap();
        let told = run_in(&repository.path(), &["assess", ".", "--record"]);
        assert_eq!(told.status, 2);
        assert!(told.stderr.contains("is no folder of the checkout itself"), "{}", told.stderr);
        assert!(files(elsewhere.path()).is_empty());
        std::fs::remove_file(ledger_of(&repository)).unwrap();
        std::fs::create_dir(ledger_of(&repository)).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), ledger_of(&repository).join("objects")).unwrap();
        let told = run_in(&repository.path(), &["assess", ".", "--record"]);
        assert_eq!(told.status, 2, "{}", told.stderr);
        assert!(files(elsewhere.path()).is_empty());
        // A record that is a link is named, and not read.
        let (_three, folder) = three();
        let target = folder.join("2027-03-01T000000Z.json");
        std::fs::rename(&target, elsewhere.path().join("record.json")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path().join("record.json"), &target).unwrap();
        let verification = verify(&folder, None).unwrap();
        assert!(verification.found[0].what.contains("is no regular file"), "{:?}", verification.found);
    }
}

/// Ledgers of earlier formats: they are read, verified and judged again by every later version.
///
/// What they come to is not compared with what was recorded: a later version may judge otherwise, and says so.
#[test]
fn ledgers_of_every_format_stay_readable() {
    let formats = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats");
    let versions = std::fs::read_dir(formats).unwrap().map(|entry| entry.unwrap().path());
    for folder in versions.map(|version| version.join("ledger")) {
        let keys = PublicKeys::parse(PEM_PUBLIC).unwrap();
        let verification = verify(&folder, Some(&keys)).unwrap();
        let mut found = kinds(&verification);
        found.remove(&Kind::OtherEngine);
        found.remove(&Kind::NotDerived);
        assert!(found.is_empty(), "{:?}", verification.found);
        assert!(verification.sealed_up_to.is_some());
        let ledger = Ledger::open(&folder).unwrap();
        for entry in ledger.entries() {
            assert!(entry.answers().unwrap().is_some());
            assert!(entry.questionnaires().unwrap().model("osps-baseline").is_some());
            let now = rejudge(entry, &Questionnaires::built_in().unwrap()).unwrap();
            assert_eq!(now.after.as_of, now.before.as_of);
            assert!(!now.after.models.is_empty());
        }
    }
}
