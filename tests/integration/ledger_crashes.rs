//! Runs that are ended, disks that are full, two runs at once, and links: the ledger stays as it was or is complete.
#![cfg(unix)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::ledger::{files, ledger_of, three, widget};
use crate::support::{TestRepository, run_in};
use seaworthy::ledger::Ledger;
use seaworthy::ledger::verify::verify;

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
