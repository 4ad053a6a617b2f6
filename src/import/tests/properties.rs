//! Whatever stands in a file, an import reads or refuses it, and what it yields is an answers file.

use proptest::prelude::*;

use super::*;

/// Any JSON, with keys that the formats look for.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value as Json;
    let word = prop_oneof![
        Just("Met".to_owned()),
        Just("https://example.org/a".to_owned()),
        Just("2026-01-01".to_owned()),
        Just("osps-ac-01.01".to_owned()),
        Just("satisfied".to_owned()),
        Just("True".to_owned()),
        Just("License".to_owned()),
        ".{0,12}",
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        word.prop_map(Json::from),
    ];
    let names = [
        "header",
        "schema-version",
        "last-reviewed",
        "url",
        "project",
        "repository",
        "status",
        "security",
        "tools",
        "type",
        "documentation",
        "checks",
        "findings",
        "probe",
        "outcome",
        "name",
        "score",
        "reason",
        "exemptions",
        "check",
        "assessment-results",
        "results",
        "target",
        "target-id",
        "state",
        "observations",
        "osps_ac_01_01_status",
        "contribution_status",
        "contribution_justification",
        "updated_at",
        "schema",
        "answers",
        "license",
        "expression",
    ];
    let key = prop_oneof![4 => proptest::sample::select(names.to_vec()).prop_map(str::to_owned), 1 => ".{0,6}"];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            proptest::collection::btree_map(key.clone(), inner, 0..6)
                .prop_map(|fields| Json::Object(fields.into_iter().collect())),
        ]
    })
}

const FORMATS: [Format; 7] = [
    Format::SecurityInsights,
    Format::BestPractices,
    Format::Scorecard,
    Format::Clomonitor,
    Format::Cncf,
    Format::Oscal,
    Format::Seaworthy,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Nothing that can be read panics, and what it yields is an answers file.
    #[test]
    fn any_document_is_read_or_refused(json in any_json(), wrap in proptest::sample::select(vec!["", "header", "checks", "findings", "exemptions", "assessment-results"])) {
        let json = if wrap.is_empty() { json } else { serde_json::json!({ wrap: json }) };
        let text = json.to_string();
        for format in FORMATS {
            if let Ok(imported) = import(format, &input("file", &text)) {
                check_file(&imported, Confidence::Guess);
                check_file(&imported, Confidence::Certain);
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(# Overview\n|## Actors\n|## Actions\n|## Goals\n|\\| a \\| b \\|\n|[-:#\\[\\]{}&*|>'\"a-c \n<]{0,9}|\\PC{0,9}){0,20}") {
        for format in FORMATS {
            if let Ok(imported) = import(format, &input("file", &text)) {
                check_file(&imported, Confidence::Guess);
            }
        }
    }

    /// Justifications and names with any letters come back from the answers file as they went in.
    #[test]
    fn texts_survive(justification in "\\PC{1,80}|.{1,40}", name in ".{1,30}", by in proptest::option::of("[^ \n]{1,10}")) {
        let text = serde_json::json!({"updated_at": "2026-06-01", "maintained_status": "Met", "maintained_justification": justification}).to_string();
        let imported = import(Format::BestPractices, &Input { by: by.as_deref(), ..input(&name, &text) }).unwrap();
        check_file(&imported, Confidence::Certain);
    }
}
