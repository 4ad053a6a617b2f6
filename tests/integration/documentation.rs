//! What the documentation says of the questions is what they do.

use std::collections::BTreeSet;
use std::path::Path;

use seaworthy::evidence::Value;
use seaworthy::questionnaire::{Certainty, Given, Questionnaires};

/// The values that rules of a certainty give, in the order and words of the table.
fn values(questionnaires: &Questionnaires, questions: &[&str], certainty: Certainty) -> String {
    let rules = questions.iter().flat_map(|id| &questionnaires.question(id).unwrap().observe);
    let given: BTreeSet<&str> = rules
        .filter(|rule| rule.certainty == certainty)
        .map(|rule| match &rule.given {
            Given::Value(Value::Bool(true)) => "yes",
            Given::Value(Value::Bool(false)) => "no",
            Given::NotApplicable => "does not apply",
            _ => "a value",
        })
        .collect();
    let words: Vec<&str> =
        ["yes", "no", "does not apply", "a value"].into_iter().filter(|word| given.contains(word)).collect();
    if words.is_empty() { "–".to_owned() } else { words.join(", ") }
}

#[test]
fn the_table_of_the_baseline_is_true() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/osps-baseline.md")).unwrap();
    let questionnaires = Questionnaires::built_in().unwrap();
    let model = questionnaires.model("osps-baseline").unwrap();
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| OSPS-"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .filter(|cells: &Vec<&str>| cells.len() == 5)
        .collect();
    assert_eq!(rows.len(), model.requirements.len());
    let mut wrong = Vec::new();
    for (row, requirement) in rows.iter().zip(&model.requirements) {
        let questions: Vec<&str> = row[2].split(", ").map(|id| id.trim_matches('`')).collect();
        let proof = values(&questionnaires, &questions, Certainty::Proof);
        let sign = values(&questionnaires, &questions, Certainty::Sign);
        let level = requirement.from_level().to_string();
        let true_row = [requirement.id.as_str(), &level, row[2], &proof, &sign];
        if row[..] != true_row {
            wrong.push(format!("| {} |", true_row.join(" | ")));
        }
        assert!(questions.iter().all(|id| requirement.questions().contains(id)), "{}", requirement.id);
    }
    assert!(wrong.is_empty(), "rows must read\n{}", wrong.join("\n"));
}

/// Counts of the source, OSPS Baseline 2026-02-19: requirements by the lowest of their levels, and the two that are
/// tagged with level 1 alone.
#[test]
fn the_baseline_has_its_64_requirements() {
    let questionnaires = Questionnaires::built_in().unwrap();
    let model = questionnaires.model("osps-baseline").unwrap();
    let begin = |level: u32| model.requirements.iter().filter(|requirement| requirement.from_level() == level).count();
    assert_eq!([begin(1), begin(2), begin(3)], [24, 19, 21]);
    let alone: Vec<&str> = model
        .requirements
        .iter()
        .filter(|requirement| requirement.levels == [1])
        .map(|requirement| requirement.id.as_str())
        .collect();
    assert_eq!(alone, ["OSPS-BR-07.01", "OSPS-VM-02.01"]);
}
