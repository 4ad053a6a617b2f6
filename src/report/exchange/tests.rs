//! The samples in every format; what must hold for each; and hostile texts, which must not break any.

#[path = "../../../tests/integration/validators.rs"]
pub(super) mod validators;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::assess::record::{Basis, Outcome};
use crate::evidence::Place;
use crate::report::sample;
use validators::json;

/// What is wrong with a text in a format.
pub(super) fn faults(format: Exchange, text: &str) -> Vec<String> {
    validators::faults(format.word(), text)
}

pub(super) fn written(record: &Assessment, format: Exchange) -> String {
    render(record, format).unwrap()
}

#[test]
fn the_sample_is_valid_in_every_format() {
    for record in [sample::record(), sample::hostile()] {
        for format in Exchange::ALL {
            let text = written(&record, format);
            assert_eq!(faults(format, &text), Vec::<String>::new(), "{}", format.word());
            assert!(text.ends_with('\n'), "{}", format.word());
            let control = |character: char| character.is_control() && character != '\n';
            assert!(!text.chars().any(control), "{}", format.word());
        }
    }
}

/// The first of each outcome and basis, so that a snapshot stays readable.
pub(super) fn short() -> Assessment {
    let mut record = sample::record();
    let mut kinds: Vec<(Outcome, Basis)> = Vec::new();
    let model = &mut record.models[0];
    model.findings.retain(|finding| {
        let kind = (finding.outcome, finding.basis);
        let is_new = !kinds.contains(&kind);
        kinds.push(kind);
        is_new
    });
    record
}

#[test]
fn formats_as_they_look() {
    for format in Exchange::ALL {
        insta::assert_snapshot!(format!("exchange.{}", format.word()), written(&short(), format));
    }
}

#[test]
fn wrong_values_are_found() {
    let record = sample::record();
    for (format, from, to) in [
        (Exchange::InToto, "svr/v0.2", "svr/v0.1"),
        (Exchange::Junit, "classname=", "class="),
        (Exchange::Junit, " name=\"OSPS", " title=\"OSPS"),
        (Exchange::Junit, "<failure ", "<fault "),
        (Exchange::Junit, "</testsuite>", ""),
        (Exchange::Csv, "\"osps-baseline\",", "\"=1\","),
        (Exchange::Csv, "\"osps-baseline\",", ""),
        (Exchange::Badge, "<title>", "<script>"),
        (Exchange::Badge, "</title>", ""),
        (Exchange::Shields, "\"label\"", "\"lable\""),
    ] {
        let text = written(&record, format);
        assert!(text.contains(from), "{} has no {from}", format.word());
        assert!(!faults(format, &text.replace(from, to)).is_empty(), "{}: {from}", format.word());
    }
}

#[test]
fn a_claim_never_passes() {
    let record = sample::record();
    let oscal = json(&written(&record, Exchange::Oscal));
    let gemara: Value = serde_yaml::from_str(&written(&record, Exchange::Gemara)).unwrap();
    let junit = written(&record, Exchange::Junit);
    let sarif = written(&record, Exchange::Sarif);
    for finding in &record.models[0].findings {
        let id = &finding.requirement;
        let oscal = oscal.pointer("/assessment-results/results/0/findings").unwrap().as_array().unwrap();
        let oscal = oscal.iter().find(|one| one["title"] == id.as_str());
        let state =
            oscal.map(|one| (one["target"]["status"]["state"].clone(), one["target"]["status"]["reason"].clone()));
        let mut logs =
            gemara["evaluations"].as_array().unwrap().iter().flat_map(|one| one["assessment-logs"].as_array().unwrap());
        let log = logs.find(|log| log["requirement"]["entry-id"] == id.as_str()).unwrap();
        let case = junit.split("<testcase ").find(|case| case.starts_with(&format!("name=\"{id} "))).unwrap();
        let is_result = sarif.contains(&format!("\"ruleId\": \"{id}\""));
        let (passed, failed) = (log["result"] == "Passed", log["result"] == "Failed");
        match finding.outcome {
            Outcome::Met => {
                assert_eq!(passed, finding.verified, "{id}");
                assert_eq!(!case.contains("<skipped"), finding.verified, "{id}");
                let reason = if finding.verified { "pass" } else { "other" };
                assert_eq!(state, Some(("satisfied".into(), reason.into())), "{id}");
            }
            Outcome::Unknown | Outcome::NotApplicable => {
                assert!(!passed && !failed && case.contains("<skipped"), "{id}");
                assert_eq!(state, None, "{id}");
            }
            Outcome::Unmet | Outcome::Partly => {
                assert!(failed, "{id}");
                let waived = finding.waiver.as_ref().is_some_and(|waiver| !waiver.ended);
                assert_eq!(case.contains("<failure"), !waived, "{id}");
                assert_eq!(is_result, !waived, "{id}");
                assert_eq!(state.unwrap().0, "not-satisfied", "{id}");
            }
        }
        assert!(!is_result || matches!(finding.outcome, Outcome::Unmet | Outcome::Partly), "{id}");
    }
}

#[test]
fn badges_say_what_is_verified_and_when() {
    let message =
        |record: &Assessment| json(&written(record, Exchange::Shields))["message"].as_str().unwrap().to_owned();
    let mut record = sample::record();
    assert_eq!(message(&record), "Level 1 verified, 2026-11-24");
    record.models[0].maturity.verified = 0;
    assert_eq!(message(&record), "no level verified, 2026-11-24");
    record.models[0].coverage.judged = 0;
    assert_eq!(message(&record), "unknown, 2026-11-24");
    assert!(written(&record, Exchange::Badge).contains("aria-label=\"OSPS Baseline: unknown, 2026-11-24\""));
    record.models.clear();
    assert!(render(&record, Exchange::Badge).is_err());
}

#[test]
fn in_toto_names_verified_levels_and_a_commit() {
    let properties = |record: &Assessment| json(&written(record, Exchange::InToto))["predicate"]["properties"].clone();
    let mut record = sample::record();
    record.models[0].maturity.verified = 2;
    let level = |level: u32| format!("SEAWORTHY_OSPS_BASELINE_LEVEL_{level}_AS_OF_2026_11_24");
    assert_eq!(properties(&record), serde_json::json!([level(1), level(2)]));
    record.models[0].maturity.verified = 0;
    assert_eq!(properties(&record), serde_json::json!([]));
    record.subject.commit = None;
    assert!(render(&record, Exchange::InToto).is_err());
}

#[test]
fn the_same_record_gives_the_same_text_and_ids_follow_the_digest() {
    let record = sample::record();
    for format in Exchange::ALL {
        assert_eq!(written(&record, format), written(&record.clone(), format));
    }
    let other = Assessment { digest: "sha256:other".to_owned(), ..record.clone() };
    let id = |record: &Assessment| json(&written(record, Exchange::Oscal))["assessment-results"]["uuid"].clone();
    assert_ne!(id(&record), id(&other));
}

#[test]
fn fingerprints_stay_where_texts_and_places_change() {
    let marks = |record: &Assessment| -> Vec<Value> {
        let log = json(&written(record, Exchange::Sarif));
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|result| result["partialFingerprints"]["seaworthyRequirement/v1"].clone()).collect()
    };
    let record = sample::record();
    let mut changed = record.clone();
    for finding in &mut changed.models[0].findings {
        finding.demands = "Reworded.".to_owned();
        for reason in finding.reasons.iter_mut().map(std::sync::Arc::make_mut) {
            reason.text = "Otherwise".to_owned();
            reason.places = vec![Place::line("elsewhere.md", 7)];
        }
    }
    assert_eq!(marks(&record), marks(&changed));
    assert!(!marks(&record).is_empty());
}

/// A record in which a text stands wherever something comes from outside.
pub(super) fn with_text(text: &str) -> Assessment {
    let json = serde_json::to_string(&short()).unwrap();
    let mut value: Value = serde_json::from_str(&json).unwrap();
    let keep = [
        "schema",
        "as_of",
        "collected_at",
        "access",
        "outcome",
        "basis",
        "certainty",
        "until",
        "on",
        "valid_until",
        "kind",
        "id",
        "requirement",
        "questions",
        "decided_by",
        "question",
        "area",
        "commit",
        "digest",
        "scoring",
        "severity",
        "finished",
        "shipped",
        "due",
        "recorded_at",
    ];
    replace(&mut value, text, &keep);
    Assessment::from_json(&value.to_string()).unwrap()
}

fn replace(value: &mut Value, text: &str, keep: &[&str]) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if !keep.contains(&name.as_str())
                    || (field.is_object() || field.as_array().is_some_and(|items| items.iter().any(Value::is_object)))
                {
                    replace(field, text, keep);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, text, keep)),
        Value::String(old) => text.clone_into(old),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn hostile_texts_break_no_format(text in r#"[-=+@<>&"'`|{}\[\]()#:%\\,;!*_~$/. a-z0-9\n\t\r\u{0}\u{1b}\u{85}\u{202e}\u{fffe}\u{1f600}é]{0,60}"#) {
        let record = with_text(&text);
        for format in Exchange::ALL {
            let text = written(&record, format);
            prop_assert_eq!(faults(format, &text), Vec::<String>::new(), "{}", format.word());
        }
    }

    #[test]
    fn hostile_ids_break_no_format(id in r#"[-=<>&"'#:%\\./ a-zA-Z0-9\n\u{0}é日]{0,20}"#) {
        let mut record = short();
        record.models[0].id = id.clone();
        record.models[0].findings.truncate(3);
        for (number, finding) in record.models[0].findings.iter_mut().enumerate() {
            finding.requirement = format!("{id}{number}");
            finding.area.clone_from(&id);
        }
        for format in Exchange::ALL {
            let text = written(&record, format);
            prop_assert_eq!(faults(format, &text), Vec::<String>::new(), "{}", format.word());
        }
    }
}
