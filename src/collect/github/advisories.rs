//! Published security advisories: how many, how grave, and how soon each was published.

use super::answer::Answer;
use super::client::Page;
use super::figures::{days_between, median};
use super::rest::Advisory;
use crate::collect::history::percent;
use crate::evidence::{Observation, Place};

/// All keys that [`observe`] writes.
const KEYS: [&str; 6] = [
    "security.advisories_published",
    "security.latest_advisory_on",
    "security.advisories_severe",
    "security.advisories_with_cve_percent",
    "security.advisories_with_fix_percent",
    "security.advisory_median_days",
];

fn is_severe(advisory: &Advisory) -> bool {
    matches!(advisory.severity.as_deref(), Some("high" | "critical"))
}

/// Whether every package that it names has a version without the vulnerability.
fn has_fix(advisory: &Advisory) -> bool {
    let packages = advisory.vulnerabilities.as_deref().unwrap_or_default();
    let mended = |versions: &Option<String>| versions.as_deref().is_some_and(|versions| !versions.trim().is_empty());
    !packages.is_empty() && packages.iter().all(|package| mended(&package.patched_versions))
}

/// The observations of [`KEYS`], from the first page. Only published advisories count, whatever the token may see.
pub(super) fn observe(answer: Answer<Page<Vec<Advisory>>>, url: &str) -> Vec<Observation> {
    let observations = answer.observe(&KEYS, |page| {
        let is_published = |advisory: &&Advisory| advisory.state == "published";
        let published: Vec<&Advisory> = page.value.iter().filter(is_published).collect();
        let all = published.len();
        let share = |of: fn(&Advisory) -> bool| {
            let count = published.iter().filter(|advisory| of(advisory)).count();
            percent(count, all)
        };
        let latest = published.iter().filter_map(|advisory| advisory.published_at).max();
        let days = published.iter().filter_map(|advisory| days_between(advisory.created_at?, advisory.published_at?));
        let days: Vec<usize> = days.collect();
        let sample = format!("advisories looked at: {all}");
        let dated = format!("advisories with both days: {}", days.len());
        vec![
            Observation::seen(KEYS[0], all),
            Observation::seen_or_absent(KEYS[1], latest.map(|at| at.date_naive())),
            Observation::seen(KEYS[2], published.iter().filter(|advisory| is_severe(advisory)).count())
                .detail(sample.clone()),
            Observation::seen_or_absent(KEYS[3], share(|advisory| advisory.cve_id.is_some())).detail(sample.clone()),
            Observation::seen_or_absent(KEYS[4], share(has_fix)).detail(sample),
            Observation::seen_or_absent(KEYS[5], median(days)).detail(dated),
        ]
    });
    let source = "GET /repos/{owner}/{repo}/security-advisories?state=published&per_page=100";
    let page = || Place::page(format!("{url}/security/advisories"));
    observations.into_iter().map(|observation| observation.from(source).at(page())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::evidence::State;

    fn states(value: Json) -> Vec<State> {
        let page = Answer::Known(Page { value: serde_json::from_value(value).unwrap(), more: false });
        observe(page, "u").into_iter().map(|observation| observation.state).collect()
    }

    #[test]
    fn only_published_advisories_count() {
        let found = states(json!([
            {
                "state": "published", "published_at": "2025-05-12T14:00:00Z", "created_at": "2025-05-01T00:00:00Z",
                "severity": "high", "cve_id": "CVE-2025-10001", "vulnerabilities": [{ "patched_versions": "1.1.0" }],
            },
            {
                "state": "published", "published_at": "2026-01-02T00:00:00Z", "severity": "low", "cve_id": null,
                "vulnerabilities": [{ "patched_versions": "2" }, { "patched_versions": null }],
            },
            { "state": "triage", "published_at": null, "severity": "critical", "cve_id": "CVE-2026-1" },
        ]));
        let count = |number: i64| State::Observed(number.into());
        assert_eq!(found, [count(2), State::Observed("2026-01-02".into()), count(1), count(50), count(50), count(11)]);
    }

    #[test]
    fn no_advisories_give_no_figures() {
        let none = State::Observed(0_i64.into());
        let absent = State::Absent;
        assert_eq!(states(json!([])), [none.clone(), absent.clone(), none, absent.clone(), absent.clone(), absent]);
    }
}
