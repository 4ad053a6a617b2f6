//! What a project declares in other files counts as its own word, below its answers file, and is said.

use serde_json::Value;

use crate::support::{TestRepository, seaworthy};

const INSIGHTS: &str = "header:
  schema-version: 2.0.0
  last-updated: '2026-10-01'
  last-reviewed: '2026-10-01'
  url: https://github.com/acme/widget
project:
  name: Widget
  administrators:
    - { name: Ann, affiliation: Acme, email: ann@example.org, primary: true }
  repositories:
    - { name: widget, url: https://github.com/acme/widget, comment: The only one. }
  vulnerability-reporting: { reports-accepted: true, bug-bounty-available: false }
repository:
  url: https://github.com/acme/widget
  status: active
  accepts-change-request: true
  accepts-automated-change-request: true
  core-team:
    - { name: Ann, affiliation: Acme, email: ann@example.org, primary: true }
  license: { url: https://github.com/acme/widget/blob/main/LICENSE, expression: MIT }
  security:
    assessments:
      self: { comment: Done in 2026. }
";

fn checkout() -> TestRepository {
    let repository = TestRepository::new().file("README.md", "# Widget\n").file("security-insights.yml", INSIGHTS);
    let repository = repository.commit("first", "Ann", "2026-10-01").remote("https://github.com/acme/widget.git");
    std::fs::write(repository.path().join("security-insights.yml"), INSIGHTS).unwrap();
    repository
}

fn record(repository: &TestRepository, extra: &[&str]) -> (Value, String) {
    let output = seaworthy()
        .current_dir(repository.path())
        .args(["assess", ".", "--format", "json", "--as-of", "2026-11-24"])
        .args(extra)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (serde_json::from_slice(&output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn of_question<'r>(record: &'r Value, id: &str) -> &'r Value {
    record["questions"].as_array().unwrap().iter().find(|question| question["id"] == id).unwrap()
}

#[test]
fn declarations_count_as_claims_with_their_source() {
    let repository = checkout();
    let (found, told) = record(&repository, &[]);
    assert!(told.contains("security-insights.yml declares the answers to"), "{told}");
    let declared = &found["inputs"]["answers"]["declared"][0];
    assert_eq!(declared["path"], "security-insights.yml");
    let questions = found["questions"].as_array().unwrap();
    let by_word: Vec<&Value> =
        questions.iter().filter(|question| !question["answer"]["declared_in"].is_null()).collect();
    assert_eq!(by_word.len() as u64, declared["count"].as_u64().unwrap());
    for question in by_word {
        assert!(question["answer"]["declared_in"].as_str().unwrap().starts_with("security-insights.yml, field "));
        assert_ne!(question["basis"], "observed", "{question}");
    }
    let (without, _) = record(&repository, &["--no-declared"]);
    assert!(without["questions"].as_array().unwrap().iter().all(|question| question["answer"].is_null()));
}

#[test]
fn what_is_taken_over_stands_in_the_file_and_a_person_is_never_replaced() {
    let repository = checkout();
    let run = |arguments: &[&str]| {
        let output = seaworthy().current_dir(repository.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let into = ["import", "security-insights", "security-insights.yml", "--into", ".seaworthy/answers.yaml"];
    run(&into);
    let file = repository.path().join(".seaworthy/answers.yaml");
    let (taken, _) = record(&repository, &[]);
    let one = taken["questions"].as_array().unwrap().iter().find(|question| !question["answer"].is_null()).unwrap();
    let id = one["id"].as_str().unwrap();
    run(&["answer", "--by", "@ben", "--set", &format!("{id}=no"), "--because", "Not any more."]);
    let before = std::fs::read_to_string(&file).unwrap();
    run(&into);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    let (after, _) = record(&repository, &[]);
    assert_eq!(of_question(&after, id)["answer"]["by"], "@ben");
}
