//! Documents of narrative models: from answers in words, or an imported self-assessment, to Markdown and HTML.

use std::path::Path;

use crate::support::{TestRepository, seaworthy};

/// A small self-assessment of our own, in the form in which projects publish theirs.
const PUBLISHED: &str = include_str!("../fixtures/self-assessment.md");

fn example(name: &str) -> String {
    format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The document of the example, as it is written to `file`.
fn document(model: &str, id: &str, file: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    let evidence = example("exemplary/evidence.json");
    let answers = example("narrative/answers.yaml");
    seaworthy()
        .args(["assess", "--evidence", &evidence, "--answers", &answers, "--as-of", "2026-11-24"])
        .args(["--model", model, "--document", id, "-o"])
        .arg(&path)
        .assert()
        .success();
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_self_assessment_of_the_example() {
    insta::assert_snapshot!("self-assessment", document("cncf-self-assessment", "self-assessment", "document.md"));
    let html = document("cncf-self-assessment", "self-assessment", "document.html");
    assert!(html.contains("<h3 id=\"actors\">Actors</h3>"));
    assert!(html.contains("Challenged by @bob on 2026-10-20"));
    assert!(!html.contains("<script"));
}

#[test]
fn the_joint_assessment_of_the_example() {
    let text = document("cncf-joint-assessment", "joint-assessment", "document.md");
    // What has been told is not told twice.
    assert!(
        text.contains("See [Closed security issues and vulnerabilities](#closed-security-issues-and-vulnerabilities).")
    );
    assert!(text.contains("Does not apply: The reviewers had no time for it."));
    insta::assert_snapshot!("joint-summary", document("cncf-joint-assessment", "joint-summary", "document.md"));
}

#[test]
fn every_link_inside_a_document_leads_somewhere() {
    let text = document("cncf-joint-assessment", "joint-assessment", "document.html");
    for target in text.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(text.contains(&format!("id=\"{target}\"")), "{target}");
    }
}

/// Import, assess, write: what a published self-assessment tells stands in the same sections again.
#[test]
fn a_published_self_assessment_goes_round() {
    let repository = TestRepository::new().file("README.md", "# Widget\n").commit("Begin", "Ada", "2026-05-01");
    let folder = repository.path();
    std::fs::write(folder.join("published.md"), PUBLISHED).unwrap();
    let run = |arguments: &[&str]| {
        let output = seaworthy().current_dir(&folder).args(arguments).assert().success().get_output().clone();
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["import", "cncf", "published.md", "--confirm", "likely", "--on", "2026-05-01", "-o", "answers.yaml"]);
    let answers = std::fs::read_to_string(folder.join("answers.yaml")).unwrap();
    assert!(
        answers
            .contains("  narrative.actors:\n    value: |-\n      The widget has two parts:\n\n      - the **server**"),
        "{answers}"
    );
    let model = "cncf-self-assessment";
    let written = ["assess", ".", "--answers", "answers.yaml", "--as-of", "2026-06-01", "--model", model];
    run(&[&written[..], &["-o", "record.json", "--document", "self-assessment", "-o", "document.md"]].concat());
    let document = std::fs::read_to_string(folder.join("document.md")).unwrap();
    for title in
        ["Overview", "Background", "Actors", "Actions", "Goals", "Non-goals", "Critical", "Ecosystem", "Inbound"]
    {
        assert!(document.contains(&format!("[{title}](#{})\n", title.to_lowercase())), "{title} is open\n{document}");
    }
    assert!(document.contains("*Said by the authors of published.md on 2026-05-01"), "{document}");
    // The written document can be imported again, and tells the same.
    std::fs::write(folder.join("again.md"), &document).unwrap();
    run(&["import", "cncf", "again.md", "--confirm", "likely", "--on", "2026-05-01", "-o", "again.yaml"]);
    let again = std::fs::read_to_string(folder.join("again.yaml")).unwrap();
    assert!(again.contains("The widget has two parts:"), "{again}");
    let page = run(&["report", "record.json", "--document", "self-assessment", "--format", "html"]);
    assert!(page.contains("the <strong>server</strong>"));
}

#[test]
fn documents_that_are_not_there_are_refused() {
    let evidence = example("exemplary/evidence.json");
    let refused = |arguments: &[&str]| {
        let output = seaworthy().args(["assess", "--evidence", &evidence]).args(arguments).assert().code(2);
        String::from_utf8(output.get_output().stderr.clone()).unwrap()
    };
    let text = refused(&["--document", "self-assessment", "-o", "x.md"]);
    assert!(text.contains("no model of this assessment has a document `self-assessment`"), "{text}");
    let model = ["--model", "cncf-self-assessment", "--document", "self-assessment"];
    let text = refused(&[&model[..], &["-o", "x.txt"]].concat());
    assert!(text.contains("a document is written as .md or .html"), "{text}");
    assert!(!Path::new("x.md").exists());
}

#[test]
fn a_long_text_is_answered_from_a_file_and_stands_as_a_block() {
    let repository = TestRepository::new().file("README.md", "# Widget\n").commit("Begin", "Ada", "2026-05-01");
    let folder = repository.path();
    let model = ["--model", "cncf-self-assessment", "--by", "@ada"];
    seaworthy().current_dir(&folder).args(["init", "."]).args(model).assert().success();
    let path = folder.join(".seaworthy/answers.yaml");
    let begun = std::fs::read_to_string(&path).unwrap();
    assert!(begun.contains("  # narrative.goals:\n  #   value: |- # in Markdown"), "{begun}");
    std::fs::write(folder.join("goals.md"), "One:\n\n- two\n- three\n").unwrap();
    let set = ["answer", ".", "--set", "narrative.goals=@goals.md"];
    seaworthy().current_dir(&folder).args(set).args(model).assert().success();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.contains(
            "  narrative.goals:\n    value: |-\n      One:\n\n      - two\n      - three\n    by: \"@ada\"\n"
        ),
        "{text}"
    );
    assert!(!text.contains("# narrative.goals:"), "{text}");
    let replies = "1\nFirst line.\n\nSecond.\n.\n\n5\n";
    let plain = ["answer", ".", "--plain", "--area", "OVERVIEW", "--only", "unknown"];
    seaworthy().current_dir(&folder).args(plain).args(model).write_stdin(replies).assert().success();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("    value: |-\n      First line.\n\n      Second.\n"), "{text}");
}
