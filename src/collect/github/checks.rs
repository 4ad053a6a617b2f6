//! Checks on merged pull requests: did some run on the last commit, did they pass, and which apps ran them?

use std::collections::BTreeSet;

use super::answer::Answer;
use super::query::{Checked, CommitChecks, List};
use crate::collect::history::percent;
use crate::evidence::{Observation, Place};

/// All keys that [`observe`] writes.
const KEYS: [&str; 5] =
    ["checks.sampled", "checks.passed_percent", "checks.failed_percent", "checks.none_percent", "checks.apps"];

/// What GitHub's summary of a commit's checks says of them.
fn is_passed(state: &str) -> bool {
    state == "SUCCESS"
}

fn is_failed(state: &str) -> bool {
    matches!(state, "FAILURE" | "ERROR")
}

/// Whether a suite of checks ran to an end. GitHub opens suites for apps that then run nothing.
fn ran(conclusion: &str) -> bool {
    matches!(conclusion, "SUCCESS" | "FAILURE" | "NEUTRAL" | "TIMED_OUT" | "ACTION_REQUIRED")
}

/// The observations of [`KEYS`], from the last commit of each of the latest merged pull requests.
pub(super) fn observe(answer: Answer<List<Checked>>, url: &str) -> Vec<Observation> {
    let observations = answer.observe(&KEYS, |list| {
        let last = |request: Checked| request.commits?.into_items().pop().map(|last| last.commit);
        figures(list.into_items().into_iter().filter_map(last).collect())
    });
    let page = || Place::page(format!("{url}/pulls?q=is%3Apr+is%3Amerged"));
    let source = "GraphQL Commit.statusCheckRollup, Commit.checkSuites";
    observations.into_iter().map(|observation| observation.from(source).at(page())).collect()
}

fn figures(commits: Vec<CommitChecks>) -> Vec<Observation> {
    let sampled = commits.len();
    let states: Vec<Option<&str>> =
        commits.iter().map(|commit| commit.status_check_rollup.as_ref().map(|rollup| rollup.state.as_str())).collect();
    let with = |is: fn(&str) -> bool| states.iter().flatten().filter(|state| is(state)).count();
    let (passed, failed) = (with(is_passed), with(is_failed));
    let none = states.iter().filter(|state| state.is_none()).count();
    let suites = commits.into_iter().filter_map(|commit| commit.check_suites).flat_map(List::into_items);
    let ended = suites.filter(|suite| suite.conclusion.as_deref().is_some_and(ran));
    let apps: BTreeSet<String> = ended.filter_map(|suite| Some(suite.app?.slug)).collect();
    let detail = format!("merged pull requests looked at: {sampled}");
    vec![
        Observation::seen(KEYS[0], sampled),
        Observation::seen_or_absent(KEYS[1], percent(passed, sampled)).detail(detail.clone()),
        Observation::seen_or_absent(KEYS[2], percent(failed, sampled)).detail(detail.clone()),
        Observation::seen_or_absent(KEYS[3], percent(none, sampled)).detail(detail.clone()),
        Observation::list(KEYS[4], apps.into_iter().collect()).detail(detail),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::evidence::State;

    fn request(state: Option<&str>, suites: &[(&str, Option<&str>)]) -> Json {
        let suites: Vec<Json> =
            suites.iter().map(|(app, end)| json!({ "conclusion": end, "app": { "slug": app } })).collect();
        let rollup = state.map(|state| json!({ "state": state }));
        let commit = json!({ "statusCheckRollup": rollup, "checkSuites": { "nodes": suites } });
        json!({ "commits": { "nodes": [{ "commit": commit }] } })
    }

    fn states(requests: &[Json]) -> Vec<State> {
        let list = serde_json::from_value(json!({ "nodes": requests })).unwrap();
        observe(Answer::Known(list), "u").into_iter().map(|observation| observation.state).collect()
    }

    #[test]
    fn passed_failed_and_none_are_told_apart() {
        let requests = [
            request(Some("SUCCESS"), &[("github-actions", Some("SUCCESS")), ("idle", None)]),
            request(Some("FAILURE"), &[("sonarqubecloud", Some("FAILURE")), ("skipped", Some("SKIPPED"))]),
            request(Some("PENDING"), &[]),
            request(None, &[]),
            json!({ "commits": { "nodes": [] } }),
        ];
        let count = |number: i64| State::Observed(number.into());
        let apps = vec!["github-actions".to_owned(), "sonarqubecloud".to_owned()];
        assert_eq!(states(&requests), [count(4), count(25), count(25), count(25), State::Observed(apps.into())]);
    }

    #[test]
    fn nothing_merged_gives_no_shares() {
        assert_eq!(states(&[])[..2], [State::Observed(0_i64.into()), State::Absent]);
    }
}
