//! Relations between the requirements of models: published ones, those that follow from the bank, and what lint says of them.

use std::path::Path;

use crate::support::run_in;

/// A model over built-in questions, whose requirements relate to the OSPS Baseline in each way.
const MODEL: &str = "\
schema: seaworthy.model/1
id: other
title: Other
version: '1'
source: https://example.org/other
about: A model for tests.
scoring: cumulative-levels
levels: [{ id: 1, title: One, meaning: The only one. }]
areas: [{ id: A, title: All }]
requirements:
  - { id: same, area: A, levels: [1], demands: D., met_when: { access.direct-push-blocked: yes } }
  - { id: more, area: A, levels: [1], demands: D., met_when: { access.direct-push-blocked: yes, access.branch-deletion-guarded: yes } }
  - { id: less, area: A, levels: [1], demands: D., met_when: { any: [{ access.direct-push-blocked: yes }, { vulnerabilities.vex: yes }] } }
  - { id: opposite, area: A, levels: [1], demands: D., met_when: { access.direct-push-blocked: no } }
  - { id: alone, area: A, levels: [1], demands: D., met_when: { project.own: yes } }
";
const QUESTIONS: &str = "\
schema: seaworthy.questions/1
topic: project
title: Project
questions:
  - { id: project.own, ask: Is it so?, why: W., how: H., answer: yes-no, valid_for: 1 year }
";
const CROSSWALK: &str = "\
schema: seaworthy.crosswalk/1
sources:
  ours: { title: Our map, address: https://example.org/map, version: '3', licence: CC0-1.0 }
relations:
  - { from: other/alone, to: osps-baseline/OSPS-VM-02.01, relation: covers, confidence: 2, source: ours }
";

fn folder(crosswalk: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("own")).unwrap();
    for (name, text) in [("model.yaml", MODEL), ("questions.yaml", QUESTIONS), ("crosswalk.yaml", crosswalk)] {
        std::fs::write(folder.path().join("own").join(name), text).unwrap();
    }
    folder
}

#[test]
fn the_table_joins_what_is_published_with_what_follows_from_the_bank() {
    let folder = folder(CROSSWALK);
    let map = |from: &str, to: &str, format: &str| {
        let run = run_in(folder.path(), &["models", "map", from, to, "--format", format, "--questionnaires", "own"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        run.stdout
    };
    let table: serde_json::Value = serde_json::from_str(&map("other", "osps-baseline", "json")).unwrap();
    let relation = |from: &str, to: &str| {
        let mut rows = table["relations"].as_array().unwrap().iter();
        let row = rows.find(|row| row["from"] == from && row["to"] == to).unwrap();
        (row["relation"].as_str().unwrap().to_owned(), row["source"].as_str().unwrap().to_owned())
    };
    let is = |relation: &str, source: &str| (relation.to_owned(), source.to_owned());
    assert_eq!(relation("same", "OSPS-AC-03.01"), is("equal", "bank"));
    assert_eq!(relation("more", "OSPS-AC-03.01"), is("covers", "bank"));
    assert_eq!(relation("less", "OSPS-AC-03.01"), is("part-of", "bank"));
    assert_eq!(relation("opposite", "OSPS-AC-03.01"), is("related", "bank"));
    assert_eq!(relation("alone", "OSPS-VM-02.01"), is("covers", "ours"));
    assert_eq!(table["unmapped_from"], serde_json::json!([]));
    assert!(table["unmapped_to"].as_array().unwrap().contains(&"OSPS-LE-01.01".into()));
    let back: serde_json::Value = serde_json::from_str(&map("osps-baseline", "other", "json")).unwrap();
    let rows = back["relations"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["from"] == "OSPS-VM-02.01" && row["relation"] == "part-of"));
    insta::assert_snapshot!("models-map-text", map("other", "osps-baseline", "text"));
    assert!(map("other", "osps-baseline", "md").contains("| same | equal | OSPS-AC-03.01 | 3 | bank |"));
}

#[test]
fn findings_say_what_they_also_satisfy_and_decide_nothing() {
    let folder = folder(CROSSWALK);
    let evidence = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/typical/evidence.json");
    let evidence = evidence.to_string_lossy();
    let assess = |models: &[&str], format: &str| {
        let mut arguments = vec![
            "assess",
            "--evidence",
            &evidence,
            "--questionnaires",
            "own",
            "--as-of",
            "2026-11-24",
            "--format",
            format,
        ];
        arguments.extend(models.iter().flat_map(|model| ["--model", model]));
        let run = run_in(folder.path(), &arguments);
        assert_eq!(run.status, 0, "{}", run.stderr);
        run.stdout
    };
    let both: serde_json::Value = serde_json::from_str(&assess(&["osps-baseline", "other"], "json")).unwrap();
    let finding = |record: &serde_json::Value, model: usize, id: &str| {
        let mut findings = record["models"][model]["findings"].as_array().unwrap().iter();
        findings.find(|finding| finding["requirement"] == id).unwrap().clone()
    };
    let also = finding(&both, 1, "alone")["also"].clone();
    assert_eq!(
        also,
        serde_json::json!([{ "model": "osps-baseline", "requirement": "OSPS-VM-02.01", "relation": "covers",
                             "confidence": 2, "source": "ours" }])
    );
    assert_eq!(finding(&both, 1, "alone")["outcome"], "unknown", "a relation decides nothing");
    let ids = |finding: &serde_json::Value| -> Vec<String> {
        let also = finding["also"].as_array().unwrap().iter();
        also.map(|also| format!("{} {}", also["relation"], also["requirement"]).replace('"', "")).collect()
    };
    assert_eq!(ids(&finding(&both, 0, "OSPS-AC-03.01")), ["equal same", "covers less", "part-of more"]);
    // Only models of the run are named.
    let alone: serde_json::Value = serde_json::from_str(&assess(&["other"], "json")).unwrap();
    assert_eq!(finding(&alone, 0, "alone").get("also"), None);
    for format in ["html", "markdown", "text"] {
        let page = assess(&["osps-baseline", "other"], format);
        assert!(page.contains("lso satisf"), "{format}");
    }
}

#[test]
fn what_is_wrong_with_a_relation_is_told_at_its_line() {
    for (from, to, message) in [
        ("osps-baseline/OSPS-VM-02.01", "osps-baseline/OSPS-VM-02.11", "has no requirement `OSPS-VM-02.11`"),
        ("to: osps-baseline", "to: osps-basline", "there is no model `osps-basline`"),
        ("other/alone", "alone", "names a requirement as `model/requirement`"),
        ("other/alone", "7", "`from` is text"),
        ("to: osps-baseline/OSPS-VM-02.01", "to: other/same", "joins requirements of two models"),
        ("relation: covers", "relation: cover", "`relation` cannot be `cover`"),
        ("confidence: 2", "confidence: 4", "`confidence` is 1, 2 or 3"),
        ("source: ours", "source: our", "`our` is not in `sources`"),
        ("confidence: 2,", "confidence: 2, why: x,", "a relation has no field `why`"),
    ] {
        let text = CROSSWALK.replace(from, to);
        assert_ne!(text, CROSSWALK, "{from}");
        let folder = folder(&text);
        let run = run_in(folder.path(), &["lint", "own"]);
        assert_eq!(run.status, 2, "{to}");
        assert!(run.stderr.contains(message) && run.stderr.contains("crosswalk.yaml:5:"), "{to}{}", run.stderr);
    }
    let twice = format!("{CROSSWALK}{}", CROSSWALK.lines().last().unwrap());
    let folder = folder(&twice);
    assert!(run_in(folder.path(), &["lint", "own"]).stderr.contains("are joined twice"));
}
