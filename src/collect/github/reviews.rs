//! Merged pull requests: were they approved by somebody else?

use super::query::{Actor, List, PullRequest};
use crate::collect::history::{is_bot, percent};
use crate::evidence::{Observation, Place};

/// All keys that [`observe`] writes.
pub(super) const KEYS: &[&str] =
    &["reviews.sampled", "reviews.approved_by_other_percent", "reviews.self_merged_percent"];

fn is_person(actor: &Actor) -> bool {
    actor.kind != "Bot" && !is_bot(&actor.login)
}

/// Whether somebody other than its author, who is no bot, approved it.
fn approved_by_other(reviewers: &[Actor], author: Option<&Actor>) -> bool {
    let other = |reviewer: &&Actor| author.is_none_or(|author| !author.login.eq_ignore_ascii_case(&reviewer.login));
    reviewers.iter().filter(other).any(is_person)
}

/// The observations of [`KEYS`], from the latest merged pull requests. Those of bots are left out; the account of an
/// author or reviewer may have been deleted since, which GitHub shows as null.
pub(super) fn observe(pull_requests: List<PullRequest>, url: &str) -> Vec<Observation> {
    let all = pull_requests.into_items();
    let looked_at = all.len();
    let (mut sampled, mut approved, mut self_merged) = (0, 0, 0);
    for request in all.into_iter().filter(|request| request.author.as_ref().is_none_or(is_person)) {
        let reviews = request.reviews.map(List::into_items).unwrap_or_default();
        let reviewers: Vec<Actor> = reviews.into_iter().filter_map(|review| review.author).collect();
        let by_other = approved_by_other(&reviewers, request.author.as_ref());
        let by_author = match (&request.author, &request.merged_by) {
            (Some(author), Some(merger)) => author.login.eq_ignore_ascii_case(&merger.login),
            _ => false,
        };
        sampled += 1;
        approved += usize::from(by_other);
        self_merged += usize::from(by_author && !by_other);
    }
    let detail = format!("merged pull requests looked at: {sampled}; of bots, left out: {}", looked_at - sampled);
    [
        Observation::seen("reviews.sampled", sampled),
        Observation::seen_or_absent("reviews.approved_by_other_percent", percent(approved, sampled)),
        Observation::seen_or_absent("reviews.self_merged_percent", percent(self_merged, sampled)),
    ]
    .map(|observation| {
        let page = Place::page(format!("{url}/pulls?q=is%3Apr+is%3Amerged"));
        observation.from("GraphQL Repository.pullRequests(states: MERGED)").detail(detail.clone()).at(page)
    })
    .into()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::evidence::{State, Value};

    fn actor(login: &str) -> Json {
        json!({ "__typename": if login.ends_with("[bot]") { "Bot" } else { "User" }, "login": login })
    }

    fn request(author: &Json, merged_by: &Json, approvers: &[&Json]) -> Json {
        let reviews: Vec<Json> = approvers.iter().map(|approver| json!({ "author": approver })).collect();
        json!({ "author": author, "mergedBy": merged_by, "reviews": { "nodes": reviews } })
    }

    fn observed(requests: &[Json]) -> Vec<State> {
        let list = serde_json::from_value(json!({ "nodes": requests })).unwrap();
        observe(list, "https://github.com/a/b").into_iter().map(|observation| observation.state).collect()
    }

    #[test]
    fn only_approvals_of_other_people_count() {
        let (ann, ben, bot) = (actor("ann"), actor("ben"), actor("dependabot[bot]"));
        let requests = [
            request(&ann, &ben, &[&ben]),
            request(&ann, &actor("ANN"), &[]),
            request(&ann, &ann, &[&ann, &bot, &Json::Null]),
            request(&Json::Null, &ben, &[&ben]),
            request(&bot, &ben, &[&ben]),
        ];
        let count = |number: i64| State::Observed(Value::Count(number));
        assert_eq!(observed(&requests), [count(4), count(50), count(50)]);
    }

    #[test]
    fn no_pull_requests_give_no_shares() {
        assert_eq!(observed(&[]), [State::Observed(Value::Count(0)), State::Absent, State::Absent]);
    }
}
