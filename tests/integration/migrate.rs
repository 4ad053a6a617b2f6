//! `migrate`: answers to old questions come over to new ones, and nothing else of the file changes.

use std::path::Path;

use crate::support::{Run, run_in};

const REPLACED: &str = "\
schema: seaworthy.replaced/1
replaced:
- { id: own.renamed, by: [access.branch-guarded], since: '2', carry: same, note: Only the name has changed. }
- id: own.split
  by: [quality.checks-running, quality.checks-required]
  since: '2'
  carry: values
  values: { all: yes }
  note: It was one question about two things.
- { id: own.vague, by: [releases.made], since: '2', carry: again, note: It means published releases now. }
- { id: own.gone, by: [], since: '3', carry: again }
- { id: own.twice, by: [access.direct-push-blocked], since: '2', carry: same }
";

const ANSWERS: &str = "\
# Ours.
schema: seaworthy.answers/1
answers:
  # The rule of main.
  own.renamed: { value: yes, by: '@a', on: 2026-03-01 }   # since spring

  own.split:
    value: all      # every one
    by: '@a'
    on: 2026-03-01
  own.vague:
    value: yes
    because: |
      # Ours.
      Twice a year.
    by: '@a'
    on: 2026-03-01
  own.gone: { value: yes, by: '@a', on: 2026-03-01 }
  own.twice: { value: no, by: '@a', on: 2026-03-01 }
  access.direct-push-blocked: { value: yes, by: '@b', on: 2026-04-01 }

reviews:
  own.renamed: { verdict: accepted, by: '@r', on: 2026-05-01 }
  own.split: { verdict: accepted, by: '@r', on: 2026-05-01 }
waivers: {}
";

fn folder(answers: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("own")).unwrap();
    std::fs::write(folder.path().join("own/replaced.yaml"), REPLACED).unwrap();
    std::fs::write(folder.path().join("answers.yaml"), answers).unwrap();
    folder
}

fn migrate(folder: &Path, arguments: &[&str]) -> Run {
    run_in(folder, &[&["migrate", "answers.yaml", "--questionnaires", "own"], arguments].concat())
}

fn text(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("answers.yaml")).unwrap()
}

#[test]
fn answers_come_over() {
    let folder = folder(ANSWERS);
    let run = migrate(folder.path(), &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    insta::assert_snapshot!("told", run.stdout);
    insta::assert_snapshot!("migrated", text(folder.path()));
    let lint = run_in(folder.path(), &["lint", "answers.yaml", "--questionnaires", "own", "--deny", "warnings"]);
    assert_eq!(lint.status, 0, "{}", lint.stderr);
    let again = migrate(folder.path(), &[]);
    assert_eq!(again.stdout, "Nothing to carry over: all questions are still asked.\n");
}

#[test]
fn a_dry_run_changes_nothing() {
    let folder = folder(ANSWERS);
    let run = migrate(folder.path(), &["--dry-run"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(text(folder.path()), ANSWERS);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn a_value_that_is_not_named_is_asked_anew() {
    let folder =
        folder("schema: seaworthy.answers/1\nanswers:\n  own.split: { value: some, by: '@a', on: 2026-03-01 }\n");
    let run = migrate(folder.path(), &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    insta::assert_snapshot!(text(folder.path()));
}

#[test]
fn what_cannot_be_changed_stays_as_it_is() {
    let flow = "schema: seaworthy.answers/1\nanswers: { own.vague: { value: yes, by: '@a', on: 2026-03-01 } }\n";
    let folder = folder(flow);
    let run = migrate(folder.path(), &[]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("`own.vague` cannot be carried over"), "{}", run.stderr);
    assert_eq!(text(folder.path()), flow);
}

/// Before anybody migrates, an answer that means the same counts, and others do not; both are told.
#[test]
fn old_answers_are_told_when_they_are_read() {
    let folder = folder(ANSWERS);
    let lint = run_in(folder.path(), &["lint", "answers.yaml", "--questionnaires", "own"]);
    assert_eq!(lint.status, 0, "{}", lint.stderr);
    assert!(
        lint.stderr.contains("`own.renamed` was replaced by `access.branch-guarded` in 2; it counts for the new one")
    );
    assert!(lint.stderr.contains("`own.vague` was replaced by `releases.made` in 2; it does not count"));
    assert!(lint.stderr.contains("`own.gone` was taken out in 3; it does not count"));
}
