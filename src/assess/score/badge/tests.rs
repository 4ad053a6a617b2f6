//! The badge's own examples and percentages (best-practices-badge, test/fixtures/projects.yml at 074ec3d3).

use std::collections::BTreeMap;

use super::*;

/// Id, level, strength and rules of all criteria.
const CRITERIA: &str = include_str!("../../../../tests/facts/badge_criteria.tsv");
const LEVELS: [&str; 3] = ["passing", "silver", "gold"];

struct Criterion {
    id: &'static str,
    level: &'static str,
    rules: Rules,
}

fn criteria() -> Vec<Criterion> {
    let lines = CRITERIA.lines().filter(|line| !line.starts_with('#')).skip(1);
    let criterion = |line: &'static str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let yes = |column: usize| cells[column] == "yes";
        let strength = match cells[2] {
            "MUST" => Strength::Must,
            "SHOULD" => Strength::Should,
            "SUGGESTED" => Strength::Suggested,
            other => panic!("{other}"),
        };
        let rules = Rules {
            strength,
            na_allowed: yes(3),
            met_url: yes(4),
            met_justification: yes(5),
            na_justification: yes(6),
        };
        Criterion { id: cells[0], level: cells[1], rules }
    };
    lines.map(criterion).collect()
}

type Statuses = BTreeMap<&'static str, (Status, &'static str)>;

fn percentages(said: &Statuses) -> Vec<u32> {
    let criteria = criteria();
    let of_level = |level: &str| {
        let all: Vec<&Criterion> = criteria.iter().filter(|criterion| criterion.level == level).collect();
        let counting = all.iter().filter(|criterion| {
            let (status, justification) = said.get(criterion.id).copied().unwrap_or((Status::Unknown, ""));
            counts(status, criterion.rules, justification)
        });
        percentage(u32::try_from(counting.count()).unwrap(), u32::try_from(all.len()).unwrap())
    };
    LEVELS.into_iter().map(of_level).collect()
}

fn all_met(levels: &[&str], justification: &'static str) -> Statuses {
    let chosen = criteria().into_iter().filter(|criterion| levels.contains(&criterion.level));
    chosen.map(|criterion| (criterion.id, (Status::Met, justification))).collect()
}

const JUSTIFIED: &str = "For more information see <https://www.example.org/>";

#[test]
fn the_table_is_whole() {
    let count = |level: &str| criteria().iter().filter(|criterion| criterion.level == level).count();
    assert_eq!(LEVELS.map(count), [67, 55, 23]);
}

#[test]
fn percentages_are_those_of_the_badge() {
    // A claim that needs a justification and has none does not count.
    let one = [("static_analysis", (Status::Met, "")), ("maintained", (Status::Met, ""))].into();
    assert_eq!(percentages(&one), [1, 0, 0]);

    let mut unjustified = all_met(&["passing"], "");
    unjustified.extend([
        ("release_notes", (Status::NotApplicable, "")),
        ("vulnerability_report_private", (Status::NotApplicable, "")),
        ("test_invocation", (Status::Unmet, "")),
        ("test_most", (Status::Unmet, "")),
        ("crypto_certificate_verification", (Status::Unmet, "")),
        ("build_reproducible", (Status::Unknown, "")),
        ("bus_factor", (Status::Met, "See https://github.com/ciitest2/test-repo")),
        ("achieve_passing", (Status::Unmet, "")),
        ("achieve_silver", (Status::Unmet, "")),
    ]);
    assert_eq!(percentages(&unjustified), [87, 2, 4]);

    let mut passing = all_met(&["passing"], JUSTIFIED);
    passing.extend([("achieve_passing", (Status::Unmet, "")), ("achieve_silver", (Status::Unmet, ""))]);
    assert_eq!(percentages(&passing), [100, 13, 22]);

    let mut silver = all_met(&["passing", "silver"], JUSTIFIED);
    silver.extend([("achieve_passing", (Status::Met, "")), ("achieve_silver", (Status::Unmet, ""))]);
    assert_eq!(percentages(&silver), [100, 100, 39]);

    assert_eq!(percentages(&all_met(&LEVELS, JUSTIFIED)), [100, 100, 100]);
}

#[test]
fn a_level_counts_once_the_one_before_is_complete() {
    for (levels, sum) in [
        ([1, 0, 0], 1),
        ([87, 2, 4], 87),
        ([100, 13, 22], 113),
        ([100, 100, 4], 204),
        ([100, 100, 100], 300),
        ([85, 100, 100], 85),
    ] {
        assert_eq!(tiered(&levels), sum, "{levels:?}");
    }
}

#[test]
fn nothing_but_all_is_a_hundred() {
    assert_eq!(percentage(0, 67), 0);
    assert_eq!(percentage(1, 67), 1);
    assert_eq!(percentage(7, 55), 13);
    assert_eq!(percentage(999, 1000), 99);
    assert_eq!(percentage(1, 200), 1);
    assert_eq!(percentage(67, 67), 100);
    assert_eq!(percentage(0, 0), 0);
}

#[test]
fn an_address_has_a_host_with_a_dot() {
    for text in ["see https://example.org/x", "http://a.b", "<https://example.org>"] {
        assert!(has_address(text), "{text}");
    }
    for text in ["", "https://", "https://localhost/x", "http:// example.org", "// https://example.org", "http://a. b"]
    {
        assert!(!has_address(text), "{text}");
    }
}

#[test]
fn not_applicable_must_be_allowed_and_justified() {
    let rules = Rules {
        strength: Strength::Must,
        met_url: false,
        met_justification: false,
        na_allowed: true,
        na_justification: true,
    };
    assert!(counts(Status::NotApplicable, rules, "no cryptography"));
    assert!(!counts(Status::NotApplicable, rules, "no"));
    assert!(!counts(Status::NotApplicable, rules, "// to be written"));
    assert!(!counts(Status::NotApplicable, Rules { na_allowed: false, ..rules }, "no cryptography"));
}
