//! `review`: reviewers, what they may say, and what becomes of it in an assessment.

use std::path::Path;

use seaworthy::assess::record::Assessment;
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::fake_github::{COMMIT, FakeGitHub, json_of, tarball};
use crate::github_cli::whole;
use crate::support::{Run, run_in, seaworthy};

const ANSWERS: &str = "\
# Ours.
schema: seaworthy.answers/1
subject: github.com/example-org/breakwater
answers:
  access.branch-guarded: { value: yes, by: '@alice', on: 2026-03-01 }   # the rule of main
  access.least-privilege-by-default:
    value: yes
    because: Base permission is none.
    evidence: [https://example.org/access]
    by: '@alice'
    on: 2026-03-01
  documentation.channels-encrypted: { value: no, by: '@alice', on: 2026-03-01 }
";

const ID: &str = "access.least-privilege-by-default";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("answers.yaml"), ANSWERS).unwrap();
    folder
}

fn review(folder: &Path, arguments: &[&str]) -> Run {
    run_in(folder, &[&["review", "answers.yaml", "--by", "@bob", "--on", "2026-10-01"], arguments].concat())
}

/// Reviews with these lines as the input.
fn walk(folder: &Path, arguments: &[&str], input: &str) -> Run {
    let base = ["review", "answers.yaml", "--by", "@bob", "--on", "2026-10-01"];
    let output = seaworthy().current_dir(folder).args([&base, arguments].concat()).write_stdin(input).output().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn assessed(folder: &Path, arguments: &[&str]) -> (Assessment, String) {
    let evidence = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/typical/evidence.json");
    let evidence = evidence.to_str().unwrap();
    let base =
        ["assess", "--evidence", evidence, "--answers", "answers.yaml", "--as-of", "2026-11-24", "--format", "json"];
    let run = run_in(folder, &[&base[..], arguments].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    (Assessment::from_json(&run.stdout).unwrap(), run.stderr)
}

#[test]
fn reviews_are_given_on_the_command_line() {
    let folder = folder();
    let run = review(
        folder.path(),
        &[
            "--conflict",
            "soft",
            "--accept",
            "access.branch-guarded",
            "--challenge",
            ID,
            "--overrule",
            "documentation.channels-encrypted=yes",
            "--because",
            "Looked \"on\" the\nsite.",
        ],
    );
    assert_eq!((run.status, run.stdout.as_str()), (0, "3 reviews written to answers.yaml\n"), "{}", run.stderr);
    insta::assert_snapshot!(text(folder.path(), "answers.yaml"));
}

#[test]
fn what_a_reviewer_may_not_say_is_refused() {
    let folder = folder();
    for (arguments, message) in [
        (&["--accept", ID][..], "state your conflict of interest"),
        (&["--conflict", "hard", "--accept", ID], "hard conflict of interest"),
        (
            &["--conflict", "hard", "--overrule", "access.branch-guarded=no", "--because", "x"],
            "hard conflict of interest",
        ),
        (&["--conflict", "none", "--challenge", ID], "--because"),
        (&["--conflict", "none", "--challenge", ID, "--because", " "], "a reason is needed"),
        (&["--conflict", "none", "--accept", "releases.made"], "nobody has answered `releases.made`"),
        (&["--conflict", "none", "--accept", "releases.mad"], "did you mean `releases.made`?"),
        (&["--conflict", "none", "--overrule", "releases.made=often", "--because", "x"], "is yes or no"),
        (&["--conflict", "none", "--overrule", "releases.made", "--because", "x"], "--overrule ID=VALUE"),
        (&["--conflict", "none", "--accept", ID, "--challenge", ID, "--because", "x"], "is reviewed twice"),
        (&["--conflict", "none", "--accept", ID, "--by", "@alice"], "cannot be used multiple times"),
    ] {
        let run = review(folder.path(), arguments);
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
    assert_eq!(text(folder.path(), "answers.yaml"), ANSWERS);
    let own =
        run_in(folder.path(), &["review", "answers.yaml", "--by", "@Alice", "--conflict", "none", "--accept", ID]);
    assert!(own.status == 2 && own.stderr.contains("you gave this answer yourself"), "{}", own.stderr);
}

#[test]
fn a_walk_through_the_answers() {
    let folder = folder();
    let run = walk(
        folder.path(),
        &["-o", "mine.yaml"],
        "what?\nnone\nyes\na\no\nperhaps\nb\no\nno\nThe setting says write.\nc\n \nc\nNobody looked.\na\n",
    );
    assert_eq!((run.status, run.stdout.as_str()), (0, "3 reviews written to mine.yaml\n"), "{}", run.stderr);
    insta::assert_snapshot!("walk", run.stderr);
    insta::assert_snapshot!("mine", text(folder.path(), "mine.yaml"));
    assert_eq!(text(folder.path(), "answers.yaml"), ANSWERS);
    // What is reviewed as it is now does not come again.
    let again = walk(folder.path(), &["-o", "mine.yaml", "--conflict", "none"], "");
    assert_eq!(again.stdout, "Nothing was reviewed.\n", "{}", again.stderr);
    assert!(!again.stderr.contains("[1/"), "{}", again.stderr);
}

#[test]
fn the_end_of_the_input_keeps_what_was_said() {
    let folder = folder();
    let run = walk(folder.path(), &["--conflict", "none"], "a\n");
    assert_eq!(run.stdout, "1 review written to answers.yaml\n");
    let none = walk(folder.path(), &[], "");
    assert_eq!(none.stdout, "Nothing was reviewed.\n");
}

#[test]
fn a_review_counts_until_the_answer_changes() {
    let folder = folder();
    review(folder.path(), &["--conflict", "none", "--accept", ID, "-o", "mine.yaml"]);
    let (record, remarks) = assessed(folder.path(), &["--reviews", "mine.yaml"]);
    let question = record.question(ID).unwrap();
    assert_eq!(question.basis.word(), "reviewed");
    assert!(question.review.as_ref().unwrap().counts && !remarks.contains("does not count"), "{remarks}");
    assert!(record.inputs.answers.as_ref().unwrap().reviews.is_some());
    // The same day, another reason: another answer than was looked at.
    let changed = ANSWERS.replace("Base permission is none.", "We are careful.");
    std::fs::write(folder.path().join("answers.yaml"), changed).unwrap();
    let (record, remarks) = assessed(folder.path(), &["--reviews", "mine.yaml"]);
    let question = record.question(ID).unwrap();
    assert_eq!(question.basis.word(), "attested");
    assert!(question.review.as_ref().unwrap().outdated);
    assert!(question.reasons.iter().any(|reason| reason.text.ends_with("the answer has changed since the review.")));
    assert!(remarks.contains("The review of access.least-privilege-by-default by @bob does not count"), "{remarks}");
    let next = record.models[0].next_steps.iter().find(|step| step.question == ID).unwrap();
    assert_eq!(next.how, "Have a reviewer look at the answer again: it has changed since the review.");
    // Another layout is the same answer.
    let flow = ANSWERS.replace("because: Base permission is none.", "because:   'Base permission is none.'  # so");
    std::fs::write(folder.path().join("answers.yaml"), flow).unwrap();
    assert_eq!(assessed(folder.path(), &["--reviews", "mine.yaml"]).0.question(ID).unwrap().basis.word(), "reviewed");
}

#[test]
fn both_voices_are_shown() {
    let folder = folder();
    let overrule = format!("{ID}=no");
    review(
        folder.path(),
        &["--conflict", "soft", "--overrule", &overrule, "--because", "It says write.", "-o", "mine.yaml"],
    );
    let (record, _) = assessed(folder.path(), &["--reviews", "mine.yaml"]);
    let question = record.question(ID).unwrap();
    assert_eq!(question.answered, Some(true.into()));
    assert_eq!(
        (question.value.clone(), question.review.as_ref().unwrap().value.clone()),
        (Some(false.into()), Some(false.into()))
    );
    let texts: Vec<&str> = question.reasons.iter().map(|reason| reason.text.as_str()).collect();
    assert!(texts.contains(&"Answer: yes, because: Base permission is none."), "{texts:?}");
    assert!(texts.contains(&"Reviewer: overruled the answer and says: no. It says write."), "{texts:?}");
}

#[tokio::test]
async fn answers_of_a_project_on_github_are_reviewed_into_a_file_of_ones_own() {
    let mut answers = whole();
    let theirs = ANSWERS.replace("example-org/breakwater", "acme/widget");
    let id = gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, theirs.as_bytes()).unwrap();
    let file = json!({
        "path": ".seaworthy/answers.yaml", "mode": "100644", "type": "blob", "sha": id.to_string(), "size": theirs.len(),
    });
    let tree = json_of(&json!({ "truncated": false, "tree": [file] }));
    answers.insert(format!("/repos/acme/widget/git/trees/{COMMIT}?recursive=1"), tree);
    let archive = tarball(&[(".seaworthy/answers.yaml", &theirs)]);
    answers.insert("/codeload/widget.tar.gz".to_owned(), ResponseTemplate::new(200).set_body_bytes(archive));
    let fake = FakeGitHub::start(answers).await;
    let (folder, url) = (tempfile::tempdir().unwrap(), fake.url());
    let on_github = |arguments: &[&str]| {
        let base = ["review", "acme/widget", "--by", "@bob", "--on", "2026-10-01", "--api-url", &url];
        run_in(folder.path(), &[&base[..], &["--conflict", "none", "--accept", ID], arguments].concat())
    };
    let nowhere = on_github(&[]);
    assert_eq!(nowhere.status, 2, "{}", nowhere.stderr);
    assert!(nowhere.stderr.contains("-o FILE"), "{}", nowhere.stderr);
    let run = on_github(&["-o", "reviews.yaml"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let reviews = text(folder.path(), "reviews.yaml");
    assert!(reviews.contains(ID) && reviews.contains("verdict: accepted") && reviews.contains("sha256:"), "{reviews}");
    // They are the same as of a file with these answers.
    std::fs::write(folder.path().join("answers.yaml"), &theirs).unwrap();
    let run = review(folder.path(), &["--conflict", "none", "--accept", ID, "-o", "local.yaml"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(text(folder.path(), "local.yaml"), reviews);
}

#[test]
fn a_file_of_reviews_holds_nothing_else() {
    let folder = folder();
    let evidence = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/typical/evidence.json");
    let run = run_in(folder.path(), &["assess", "--evidence", evidence.to_str().unwrap(), "--reviews", "answers.yaml"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("holds more than reviews"), "{}", run.stderr);
}

#[test]
fn hard_conflicts_and_odd_digests_are_refused_when_read() {
    let folder = folder();
    let reviews = format!(
        "{ANSWERS}reviews:\n  {ID}: {{ verdict: accepted, by: '@bob', on: 2026-10-01, conflict: hard }}\n  \
         access.branch-guarded: {{ verdict: challenged, by: '@bob', on: 2026-10-01, conflict: hard, note: Why., of: sha256:12 }}\n"
    );
    std::fs::write(folder.path().join("answers.yaml"), reviews).unwrap();
    let run = run_in(folder.path(), &["lint", "answers.yaml"]);
    assert_eq!(run.status, 2);
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn a_waiver_that_has_ended_speaks_up() {
    let folder = folder();
    let waiver = "waivers:\n  osps-baseline/OSPS-DO-02.01: { reason: Next year., by: '@carol', until: 2026-11-01 }\n";
    std::fs::write(folder.path().join("answers.yaml"), format!("{ANSWERS}{waiver}")).unwrap();
    let (record, remarks) = assessed(folder.path(), &[]);
    assert!(remarks.contains("The waiver of osps-baseline/OSPS-DO-02.01 by @carol ended on 2026-11-01."), "{remarks}");
    let finding = record.models[0].findings.iter().find(|finding| finding.requirement == "OSPS-DO-02.01").unwrap();
    assert!(finding.waiver.as_ref().unwrap().ended);
    if let Some(next) = &finding.next {
        assert!(next.starts_with("The waiver ended on 2026-11-01: renew it, or do what it put off. "), "{next}");
    }
}
