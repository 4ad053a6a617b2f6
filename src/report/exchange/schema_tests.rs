//! The formats that have a JSON Schema, held against it; documents that are broken in one place are found.

#[path = "../../../tests/integration/schemas.rs"]
mod schemas;

use proptest::prelude::*;
use serde_json::Value;

use super::tests::{faults, short, validators, with_text, written};
use super::*;
use crate::report::sample;
use validators::json;

fn oscal_faults(document: &Value) -> Vec<String> {
    [schemas::oscal(document), validators::oscal(document)].concat()
}

fn sarif_faults(document: &Value) -> Vec<String> {
    [schemas::sarif(document), validators::sarif(document)].concat()
}

fn gemara_faults(document: &Value) -> Vec<String> {
    [schemas::gemara(document), validators::gemara(document)].concat()
}

/// What is wrong with a text in a format, also by its schema.
fn all_faults(format: Exchange, text: &str) -> Vec<String> {
    [schemas::faults(format.word(), text), faults(format, text)].concat()
}

type Validator = fn(&Value) -> Vec<String>;

const WITH_SCHEMA: [Exchange; 3] = [Exchange::Oscal, Exchange::Sarif, Exchange::Gemara];

#[test]
fn the_sample_is_valid() {
    for record in [sample::record(), sample::hostile()] {
        for format in WITH_SCHEMA {
            assert_eq!(all_faults(format, &written(&record, format)), Vec::<String>::new(), "{}", format.word());
        }
    }
}

/// What each format needs; without it the document is broken, and the validators say so.
#[test]
fn broken_documents_are_found() {
    let record = sample::record();
    let oscal = json(&written(&record, Exchange::Oscal));
    let sarif = json(&written(&record, Exchange::Sarif));
    let gemara: Value = serde_yaml::from_str(&written(&record, Exchange::Gemara)).unwrap();
    let in_toto = json(&written(&record, Exchange::InToto));
    let cases: [(&str, &Value, Validator, &[&str]); 4] = [
        (
            "oscal",
            &oscal,
            oscal_faults,
            &[
                "/assessment-results/uuid",
                "/assessment-results/import-ap",
                "/assessment-results/back-matter/resources/0/uuid",
                "/assessment-results/metadata/oscal-version",
                "/assessment-results/metadata/parties/0/uuid",
                "/assessment-results/metadata/roles/1/id",
                "/assessment-results/results/0/start",
                "/assessment-results/results/0/reviewed-controls",
                "/assessment-results/results/0/observations/0",
                "/assessment-results/results/0/observations/0/methods",
                "/assessment-results/results/0/observations/0/collected",
                "/assessment-results/results/0/findings/0/target/status/state",
                "/assessment-results/results/0/risks/0",
                "/assessment-results/results/0/local-definitions/assessment-assets/components",
            ],
        ),
        (
            "sarif",
            &sarif,
            sarif_faults,
            &[
                "/version",
                "/runs/0/tool",
                "/runs/0/tool/driver/name",
                "/runs/0/tool/driver/rules/0",
                "/runs/0/invocations/0/executionSuccessful",
                "/runs/0/results/0/message",
                "/runs/0/results/0/locations",
                "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
                "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
                "/runs/0/results/0/ruleIndex",
            ],
        ),
        (
            "gemara",
            &gemara,
            gemara_faults,
            &[
                "/metadata",
                "/metadata/author",
                "/metadata/gemara-version",
                "/target/type",
                "/result",
                "/evaluations/0/control/entry-id",
                "/evaluations/0/assessment-logs/0/start",
                "/evaluations/0/assessment-logs/0/steps",
                "/evaluations/0/assessment-logs/0/applicability",
                "/evaluations/0/assessment-logs/0/evidence/0/collected-at",
                "/evaluations/0/assessment-logs/0/requirement/entry-id",
            ],
        ),
        (
            "in-toto",
            &in_toto,
            validators::in_toto,
            &[
                "/_type",
                "/subject/0/digest",
                "/subject/0",
                "/predicateType",
                "/predicate/verifier",
                "/predicate/verifier/policies",
                "/predicate/timeCreated",
                "/predicate/properties",
            ],
        ),
    ];
    for (name, document, validator, places) in cases {
        assert_eq!(validator(document), Vec::<String>::new(), "{name}");
        for place in places {
            let broken = without(document, place);
            assert!(!validator(&broken).is_empty(), "{name} without {place}");
        }
    }
}

/// A document without what stands at a place.
fn without(document: &Value, place: &str) -> Value {
    let mut broken = document.clone();
    let (parent, name) = place.rsplit_once('/').unwrap();
    match broken.pointer_mut(parent).unwrap() {
        Value::Object(fields) => assert!(fields.remove(name).is_some(), "{place}"),
        Value::Array(items) => {
            items.remove(name.parse().unwrap());
        }
        other => panic!("{place}: {other}"),
    }
    broken
}

#[test]
fn wrong_values_are_found() {
    let record = sample::record();
    for (format, from, to) in [
        (Exchange::Oscal, "\"state\": \"satisfied\"", "\"state\": \"yes\""),
        (Exchange::Oscal, "\"methods\": [", "\"method\": ["),
        (Exchange::Oscal, "T10:12:13Z", "T10:12:13"),
        (Exchange::Oscal, "\"target-id\": \"osps", "\"target-id\": \"1osps"),
        (Exchange::Oscal, "\"role-id\": \"reviewer\"", "\"role-id\": \"nobody\""),
        (Exchange::Sarif, "\"version\": \"2.1.0\"", "\"version\": \"2.0.0\""),
        (Exchange::Sarif, "\"kind\": \"fail\"", "\"kind\": \"open\""),
        (Exchange::Sarif, "\"level\": \"error\"", "\"level\": \"fatal\""),
        (Exchange::Sarif, "\"uri\": \"no-file-shows-this\"", "\"uri\": \"../x\""),
        (Exchange::Gemara, "result: Passed", "result: passed"),
        (Exchange::Gemara, "reference-id: subject", "reference-id: nowhere"),
    ] {
        let text = written(&record, format);
        assert!(text.contains(from), "{} has no {from}", format.word());
        assert!(!all_faults(format, &text.replace(from, to)).is_empty(), "{}: {from}", format.word());
    }
}

#[test]
fn cases_of_gemara() {
    let cases = json(include_str!("../../../tests/schemas/gemara-cases.json"));
    let cases = cases.as_object().unwrap();
    assert!(cases.len() > 18);
    for (name, document) in cases {
        assert_eq!(gemara_faults(document).is_empty(), name.starts_with("ok: "), "{name}");
    }
    assert!(!validators::gemara_references(&cases["ok: no-mapping-references"]).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn hostile_texts_stay_valid(text in r#"[-=+@<>&"'`|{}\[\]()#:%\\,;!*_~$/. a-z0-9\n\t\r\u{0}\u{1b}\u{85}\u{202e}\u{fffe}\u{1f600}é]{0,60}"#) {
        let record = with_text(&text);
        for format in WITH_SCHEMA {
            let text = written(&record, format);
            prop_assert_eq!(all_faults(format, &text), Vec::<String>::new(), "{}", format.word());
        }
    }

    #[test]
    fn hostile_ids_stay_valid(id in r#"[-=<>&"'#:%\\./ a-zA-Z0-9\n\u{0}é日]{0,20}"#) {
        let mut record = short();
        record.models[0].id = id.clone();
        record.models[0].findings.truncate(3);
        for (number, finding) in record.models[0].findings.iter_mut().enumerate() {
            finding.requirement = format!("{id}{number}");
            finding.area.clone_from(&id);
        }
        for format in WITH_SCHEMA {
            let text = written(&record, format);
            prop_assert_eq!(all_faults(format, &text), Vec::<String>::new(), "{}", format.word());
        }
    }
}
