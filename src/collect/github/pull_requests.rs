//! Pull requests as work: how many wait, for how long, and which programs open them.

use std::collections::BTreeSet;

use super::answer::Answer;
use super::figures::{days_between, is_person, median};
use super::query::{Actor, PullRequest, PullRequests};
use crate::evidence::{Observation, Place};

/// Keys of [`observe_open`].
const OPEN_KEYS: [&str; 2] = ["pull_requests.open", "pull_requests.oldest_open_on"];
/// Keys of [`observe_merged`].
pub(super) const MERGED_KEYS: [&str; 2] = ["pull_requests.median_days_open", "pull_requests.update_tools"];

/// Names of accounts of programs that propose updates, and the tool that each belongs to.
const UPDATE_TOOLS: &[(&str, &str)] = &[
    ("dependabot", "dependabot"),
    ("dependabot-preview", "dependabot"),
    ("renovate", "renovate"),
    ("renovate-bot", "renovate"),
    ("renovatebot", "renovate"),
    ("self-hosted-renovate", "renovate"),
    ("scala-steward", "scala-steward"),
    ("pyup-bot", "pyup"),
    ("snyk-bot", "snyk"),
    ("greenkeeper", "greenkeeper"),
    ("depfu", "depfu"),
];

/// The open pull requests.
pub(super) fn observe_open(answer: Answer<PullRequests>, url: &str) -> Vec<Observation> {
    let observations = answer.observe(&OPEN_KEYS, |found| {
        let count = found.open.total_count.and_then(|count| usize::try_from(count).ok());
        let oldest = found.open.into_items().into_iter().find_map(|request| request.created_at);
        vec![
            match count {
                Some(count) => Observation::seen(OPEN_KEYS[0], count),
                None => Observation::unavailable(OPEN_KEYS[0], "GitHub did not count them"),
            },
            Observation::seen_or_absent(OPEN_KEYS[1], oldest.map(|at| at.date_naive())),
        ]
    });
    let page = || Place::page(format!("{url}/pulls"));
    let source = "GraphQL Repository.pullRequests(states: OPEN)";
    observations.into_iter().map(|observation| observation.from(source).at(page())).collect()
}

/// The tool of an account, where that is one that proposes updates.
fn update_tool(author: &Actor) -> Option<&'static str> {
    let login = author.login.to_ascii_lowercase();
    let name = login.strip_suffix("[bot]").unwrap_or(&login);
    UPDATE_TOOLS.iter().find(|(account, _)| *account == name).map(|(_, tool)| *tool)
}

/// What the latest merged pull requests tell of the work: how long those of people were open, and which programs
/// propose updates that get merged.
pub(super) fn observe_merged(requests: &[PullRequest], url: &str) -> Vec<Observation> {
    let of_people = requests.iter().filter(|request| request.author.as_ref().is_none_or(is_person));
    let days: Vec<usize> =
        of_people.filter_map(|request| days_between(request.created_at?, request.merged_at?)).collect();
    let tools: BTreeSet<&str> =
        requests.iter().filter_map(|request| request.author.as_ref().and_then(update_tool)).collect();
    let timed = format!("merged pull requests of people looked at: {}", days.len());
    let all = format!("merged pull requests looked at: {}", requests.len());
    let page = || Place::page(format!("{url}/pulls?q=is%3Apr+is%3Amerged"));
    let source = "GraphQL Repository.pullRequests(states: MERGED)";
    vec![
        Observation::seen_or_absent(MERGED_KEYS[0], median(days)).detail(timed).from(source).at(page()),
        Observation::list(MERGED_KEYS[1], tools.into_iter().map(str::to_owned).collect())
            .detail(all)
            .from(source)
            .at(page()),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::evidence::State;

    fn merged(author: &str, days: u32) -> PullRequest {
        let kind = if author.ends_with("[bot]") { "Bot" } else { "User" };
        serde_json::from_value(json!({
            "author": { "__typename": kind, "login": author },
            "createdAt": "2026-01-01T00:00:00Z", "mergedAt": format!("2026-01-{:02}T01:00:00Z", days + 1),
        }))
        .unwrap()
    }

    fn states(observations: Vec<Observation>) -> Vec<State> {
        observations.into_iter().map(|observation| observation.state).collect()
    }

    #[test]
    fn the_time_of_people_counts_and_the_tools_of_programs() {
        let requests = [merged("ann", 2), merged("ben", 6), merged("renovate[bot]", 20), merged("Dependabot[bot]", 0)];
        let tools = vec!["dependabot".to_owned(), "renovate".to_owned()];
        assert_eq!(
            states(observe_merged(&requests, "u")),
            [State::Observed(4_i64.into()), State::Observed(tools.into())]
        );
        assert_eq!(states(observe_merged(&[], "u")), [State::Absent, State::Absent]);
        assert_eq!(states(observe_merged(&[merged("dependabot-fan", 0)], "u"))[1], State::Absent);
    }

    #[test]
    fn open_requests_are_counted_and_the_oldest_dated() {
        let of = |open: Json| {
            let found = serde_json::from_value(json!({ "open": open })).unwrap();
            states(observe_open(Answer::Known(found), "u"))
        };
        let some = json!({ "totalCount": 3, "nodes": [{ "createdAt": "2025-05-06T00:00:00Z" }] });
        assert_eq!(of(some), [State::Observed(3_i64.into()), State::Observed("2025-05-06".into())]);
        assert_eq!(of(json!({ "totalCount": 0, "nodes": [] })), [State::Observed(0_i64.into()), State::Absent]);
        assert!(matches!(of(json!({ "nodes": [] }))[0], State::Unavailable { .. }));
    }
}
