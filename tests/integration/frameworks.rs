//! The models of frameworks are held to tables of facts: ids, areas, levels and published mappings, in order.

use seaworthy::questionnaire::{Demand, Model, Questionnaires, Requirement};

/// Each model, the version of its source, and its facts.
const MODELS: [(&str, &str, &str); 6] = [
    ("adoption", "1", include_str!("../facts/adoption.tsv")),
    ("slsa-build", "1.2", include_str!("../facts/slsa_build.tsv")),
    ("slsa-source", "1.2", include_str!("../facts/slsa_source.tsv")),
    ("s2c2f", "1.1", include_str!("../facts/s2c2f.tsv")),
    ("nist-ssdf", "1.1", include_str!("../facts/nist_ssdf.tsv")),
    ("eu-cra", "2024/2847", include_str!("../facts/eu_cra.tsv")),
];

/// The rows of a table below `tests/facts`: `#` begins a comment, the first row names the columns.
fn facts(table: &str) -> Vec<Vec<&str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect()
}

/// What a requirement says in a column.
fn cell(requirement: &Requirement, column: &str) -> String {
    let mapped = |framework: &str| requirement.maps.get(framework).map_or_else(String::new, |ids| ids.join(","));
    match column {
        "id" => requirement.id.clone(),
        "area" => requirement.area.clone(),
        "levels" => requirement.levels.iter().map(u32::to_string).collect::<Vec<_>>().join(","),
        "ssdf" => mapped("SSDF"),
        "osps" => mapped("OSPS"),
        "asked_of" => {
            if requirement.demands.starts_with("Asked of the organisation: ") { "organisation" } else { "project" }
                .to_owned()
        }
        other => format!("there is no column {other}"),
    }
}

fn built_in(id: &str, questionnaires: &Questionnaires) -> Model {
    questionnaires.model(id).unwrap().clone()
}

#[test]
fn models_are_what_their_sources_say() {
    let questionnaires = Questionnaires::built_in().unwrap();
    for (id, version, table) in MODELS {
        let model = built_in(id, &questionnaires);
        assert_eq!(model.version, version, "{id}");
        let facts = facts(table);
        let (columns, rows) = facts.split_first().unwrap();
        let row =
            |requirement: &Requirement| columns.iter().map(|column| cell(requirement, column)).collect::<Vec<_>>();
        assert_eq!(model.requirements.iter().map(row).collect::<Vec<_>>(), *rows, "{id}");
    }
}

/// How many requirements begin at each level, as the sources count them.
#[test]
fn levels_begin_where_the_sources_begin_them() {
    let questionnaires = Questionnaires::built_in().unwrap();
    let counts = |id: &str| {
        let model = built_in(id, &questionnaires);
        let begin = |level: u32| model.requirements.iter().filter(|one| one.from_level() == level).count();
        model.levels.iter().map(|level| begin(level.id)).collect::<Vec<_>>()
    };
    assert_eq!(counts("slsa-build"), [4, 2, 2]);
    assert_eq!(counts("slsa-source"), [5, 6, 2, 1]);
    assert_eq!(counts("s2c2f"), [6, 7, 6, 6]);
}

/// How many requirements each area has, as the sources count them.
#[test]
fn areas_are_as_large_as_in_the_sources() {
    let questionnaires = Questionnaires::built_in().unwrap();
    let counts = |id: &str| {
        let model = built_in(id, &questionnaires);
        let within = |area: &str| model.requirements.iter().filter(|one| one.area == area).count();
        model.areas.iter().map(|area| within(&area.id)).collect::<Vec<_>>()
    };
    assert_eq!(counts("s2c2f"), [4, 5, 2, 3, 4, 2, 4, 1]);
    assert_eq!(counts("nist-ssdf"), [3, 3, 3, 2, 2, 1, 1, 2, 3, 1, 3, 1, 2, 2, 2, 2, 3, 2, 4]);
    assert_eq!(counts("eu-cra"), [14, 8, 3, 3, 3]);
}

/// Questions of people or of observations stand behind each requirement.
#[test]
fn each_requirement_is_decided_by_questions() {
    let questionnaires = Questionnaires::built_in().unwrap();
    for (id, ..) in MODELS {
        for requirement in &built_in(id, &questionnaires).requirements {
            assert!(matches!(requirement.met, Demand::When(_)), "{id} {}", requirement.id);
            let questions = requirement.questions();
            assert!(!questions.is_empty(), "{id} {}", requirement.id);
            assert!(questions.iter().all(|question| questionnaires.question(question).is_some()), "{questions:?}");
        }
    }
}

/// The controls that a point of the Act maps to are those that the Baseline maps to it.
#[test]
fn mappings_of_the_act_are_those_of_the_baseline() {
    let questionnaires = Questionnaires::built_in().unwrap();
    let baseline = built_in("osps-baseline", &questionnaires);
    for requirement in &built_in("eu-cra", &questionnaires).requirements {
        let maps_here = |one: &&Requirement| one.maps.get("CRA").is_some_and(|ids| ids.contains(&requirement.id));
        let mut controls: Vec<String> = Vec::new();
        for one in baseline.requirements.iter().filter(maps_here) {
            let control = one.id.split('.').next().unwrap().to_owned();
            if !controls.contains(&control) {
                controls.push(control);
            }
        }
        assert_eq!(requirement.maps.get("OSPS").cloned().unwrap_or_default(), controls, "{}", requirement.id);
    }
}

/// An adopter has no answers of the maintainers: evidence speaks to each requirement.
#[test]
fn the_profile_for_adopters_is_decided_by_evidence() {
    let questionnaires = Questionnaires::built_in().unwrap();
    let model = built_in("adoption", &questionnaires);
    for requirement in &model.requirements {
        for leaf in requirement.met_when().into_iter().flat_map(|condition| condition.leaves()) {
            let question = questionnaires.question(&leaf.name).unwrap();
            assert!(!question.observe.is_empty(), "{}: nothing is observed of {}", requirement.id, question.id);
        }
    }
    assert!((15..=22).contains(&model.requirements.len()));
}

/// The page on the profile names each requirement as the model does.
#[test]
fn the_table_of_the_profile_for_adopters_is_true() {
    let page = include_str!("../../docs/adoption.md");
    let model = built_in("adoption", &Questionnaires::built_in().unwrap());
    let row = |one: &Requirement| format!("| {} | {} | {} |", one.id, one.from_level(), one.demands);
    let expected: Vec<String> = model.requirements.iter().map(row).collect();
    let areas: Vec<String> = model.areas.iter().map(|area| format!("| {}-", area.id)).collect();
    let is_row = |line: &&str| areas.iter().any(|start| line.starts_with(start));
    assert_eq!(page.lines().filter(is_row).collect::<Vec<_>>(), expected);
}

/// Whoever chooses a dependency cannot answer for the project, nor change it: each requirement says what they can do.
#[test]
fn the_profile_for_adopters_speaks_to_adopters() {
    let questionnaires = Questionnaires::built_in().unwrap();
    let model = built_in("adoption", &questionnaires);
    assert!(model.requirements.iter().all(|requirement| requirement.advice.is_some()));
    let file = |name: &str| format!("{}/examples/typical/{name}", env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let evidence = file("evidence.json");
    let arguments =
        ["assess", "--evidence", &evidence, "--as-of", "2026-11-24", "--model", "adoption", "--format", "json"];
    let run = crate::support::run_in(folder.path(), &arguments);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let record: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let result = &record["models"][0];
    let findings = result["findings"].as_array().unwrap();
    let steps = result["next_steps"].as_array().unwrap();
    assert!(!steps.is_empty());
    let texts = steps.iter().map(|step| &step["how"]).chain(findings.iter().filter_map(|finding| finding.get("next")));
    for text in texts.filter_map(serde_json::Value::as_str) {
        assert!(!text.contains("answers file") && !text.contains("Answer `"), "{text}");
    }
    for finding in findings.iter().filter(|finding| finding["outcome"] == "unmet") {
        let requirement = model.requirement(finding["requirement"].as_str().unwrap()).unwrap();
        assert_eq!(finding["next"].as_str(), requirement.advice.as_deref());
    }
    assert!(findings.iter().any(|finding| finding["outcome"] == "unmet"), "the example has something to advise on");
}
