//! `diff`: what changed between two assessments, in each format.

use std::path::Path;

use crate::support::{Run, run_in};

const BEFORE: &str = "\
schema: seaworthy.answers/1
answers:
  access.least-privilege-by-default: { value: yes, because: Base permission is none., by: '@alice', on: 2026-03-01 }
  documentation.channels-encrypted: { value: no, by: '@alice', on: 2026-03-01 }
";

const NOW: &str = "\
schema: seaworthy.answers/1
answers:
  access.least-privilege-by-default: { value: yes, because: Base permission is none., by: '@alice', on: 2026-03-01 }
  documentation.channels-encrypted: { value: yes, by: '@<b>bob', on: 2026-11-01 }
reviews:
  access.least-privilege-by-default: { verdict: accepted, by: '@carol', on: 2026-03-10 }
";

fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name).display().to_string()
}

fn assess(folder: &Path, answers: &str, as_of: &str, record: &str) {
    std::fs::write(folder.join("answers.yaml"), answers).unwrap();
    let evidence = example("typical/evidence.json");
    let run = run_in(
        folder,
        &["assess", "--evidence", &evidence, "--answers", "answers.yaml", "--as-of", as_of, "-o", record, "-q"],
    );
    assert_eq!(run.status, 0, "{}", run.stderr);
}

fn two_records() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assess(folder.path(), BEFORE, "2026-11-24", "old.json");
    assess(folder.path(), NOW, "2026-11-25", "new.json");
    folder
}

fn diff(folder: &Path, arguments: &[&str]) -> Run {
    run_in(folder, &[&["diff"], arguments].concat())
}

#[test]
fn as_it_is_printed() {
    let folder = two_records();
    let run = diff(folder.path(), &["old.json", "new.json"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout);
    let run = diff(folder.path(), &["old.json", "old.json"]);
    assert!(run.stdout.ends_with("Nothing changed.\n"), "{}", run.stdout);
}

#[test]
fn as_it_is_written() {
    let folder = two_records();
    let run = diff(folder.path(), &["old.json", "new.json", "-o", "d.html", "-o", "d.md", "-o", "d.json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let markdown = regex::Regex::new("[0-9a-f]{64}").unwrap().replace_all(&read("d.md"), "DIGEST").into_owned();
    insta::assert_snapshot!("diff.md", markdown);
    let html = read("d.html");
    assert!(html.contains("<h3>Progress (") && html.contains("@&lt;b&gt;bob") && !html.contains("<b>bob"));
    let json: serde_json::Value = serde_json::from_str(&read("d.json")).unwrap();
    assert_eq!(json["schema"], "seaworthy.diff/1");
    let causes = |question: &str| {
        let answers = json["answers"].as_array().unwrap();
        let of = answers.iter().filter(|answer| answer["question"] == question);
        of.map(|answer| answer["cause"]["cause"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(causes("documentation.channels-encrypted"), ["answer"]);
    let schema = run_in(folder.path(), &["schema", "diff"]);
    assert_eq!(schema.status, 0, "{}", schema.stderr);
    assert!(schema.stdout.contains("seen-differently"));
}

#[test]
fn what_is_no_pair_of_records_is_refused() {
    let folder = two_records();
    let evidence = example("typical/evidence.json");
    for (arguments, told) in [
        (vec!["old.json", evidence.as_str()], "it is no assessment record"),
        (vec!["old.json", "none.json"], "cannot read"),
        (vec!["old.json", "new.json", "--old-evidence", &evidence], "--new-evidence"),
        (vec!["old.json", "new.json", "-o", "d.pdf"], "tells no format"),
    ] {
        let run = diff(folder.path(), &arguments);
        assert!(run.status != 0 && run.stderr.contains(told), "{arguments:?}: {}", run.stderr);
    }
    let other = example("exemplary/evidence.json");
    let run = diff(folder.path(), &["old.json", "new.json", "--old-evidence", &other, "--new-evidence", &evidence]);
    assert!(run.status == 2 && run.stderr.contains("is not the evidence of the record"), "{}", run.stderr);
}
