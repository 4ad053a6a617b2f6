//! The built-in OSPS Baseline and the history of its source, against the facts in `tests/facts/osps_baseline.tsv`.

use std::collections::BTreeMap;
use std::path::Path;

use seaworthy::questionnaire::Questionnaires;

const VERSIONS: [&str; 3] = ["2025.02.25", "2025.10.10", "2026.02.19"];

/// An id, its levels in each version (empty where it stands at none), and its mappings.
struct Fact {
    id: String,
    levels: [Vec<u32>; 3],
    maps: String,
}

fn facts() -> Vec<Fact> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/facts/osps_baseline.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.next().unwrap(), format!("id\t{}\tmaps", VERSIONS.join("\t")));
    let levels = |cell: &str| -> Vec<u32> { cell.split('/').filter_map(|level| level.parse().ok()).collect() };
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 5, "{line}");
            let levels = [levels(cells[1]), levels(cells[2]), levels(cells[3])];
            Fact { id: cells[0].to_owned(), levels, maps: cells[4].to_owned() }
        })
        .collect()
}

/// Ids with their levels in a version.
fn of_version(facts: &[Fact], position: usize) -> BTreeMap<String, Vec<u32>> {
    let there = facts.iter().filter(|fact| !fact.levels[position].is_empty());
    there.map(|fact| (fact.id.clone(), fact.levels[position].clone())).collect()
}

#[test]
fn ids_levels_counts_and_maps_are_those_of_the_source() {
    let questionnaires = Questionnaires::built_in().unwrap();
    let model = questionnaires.model("osps-baseline").unwrap();
    let facts = facts();
    assert_eq!(model.version, VERSIONS[2]);
    let built_in: BTreeMap<String, Vec<u32>> =
        model.requirements.iter().map(|requirement| (requirement.id.clone(), requirement.levels.clone())).collect();
    assert_eq!(built_in, of_version(&facts, 2));
    assert_eq!(built_in.len(), 64);
    for requirement in &model.requirements {
        let maps: Vec<String> = ["BPB", "SSDF", "CRA", "SLSA", "SAMM", "CSF", "BPB-criteria"]
            .iter()
            .filter_map(|framework| Some(format!("{framework}:{}", requirement.maps.get(*framework)?.join(","))))
            .collect();
        let fact = facts.iter().find(|fact| fact.id == requirement.id).unwrap();
        let mut wanted: Vec<&str> = fact.maps.split("; ").filter(|part| *part != "-" && !part.is_empty()).collect();
        wanted.sort_unstable();
        let mut maps: Vec<&str> = maps.iter().map(String::as_str).collect();
        maps.sort_unstable();
        assert_eq!(maps, wanted, "{}", requirement.id);
        assert_eq!(requirement.maps.len(), wanted.len(), "{}", requirement.id);
    }
}

/// Each version, taken back to the one before by what is told of it, comes to what the source had then.
#[test]
fn the_versions_lead_back_to_what_the_source_had() {
    let questionnaires = Questionnaires::built_in().unwrap();
    let model = questionnaires.model("osps-baseline").unwrap();
    let facts = facts();
    let told: Vec<&str> = model.versions.iter().rev().map(|version| version.version.as_str()).collect();
    assert_eq!(told, VERSIONS);
    for (position, version) in model.versions.iter().rev().enumerate() {
        let now = of_version(&facts, position);
        assert_eq!(usize::try_from(version.total).unwrap(), now.len(), "{}", version.version);
        if position == 0 {
            continue;
        }
        let before = of_version(&facts, position - 1);
        let levels = |of: &BTreeMap<String, Vec<u32>>, id: &String| of.get(id).cloned().unwrap_or_default();
        let mut added: Vec<&String> = now.keys().filter(|id| !before.contains_key(*id)).collect();
        added.retain(|id| !version.moved.contains_key(*id));
        assert_eq!(added, version.added.iter().collect::<Vec<_>>(), "{}", version.version);
        let retired: Vec<&String> = before.keys().filter(|id| !now.contains_key(*id)).collect();
        assert_eq!(retired, version.retired.iter().collect::<Vec<_>>(), "{}", version.version);
        for id in before.keys().chain(now.keys()).filter(|id| !version.added.contains(id)) {
            let (old, new) = (levels(&before, id), levels(&now, id));
            let has_moved = old != new && !version.retired.contains(id);
            assert_eq!(version.moved.get(id).cloned(), has_moved.then_some((old, new)), "{} {id}", version.version);
        }
        assert!(version.reworded.iter().all(|id| before.contains_key(id) && now.contains_key(id)));
    }
}
