//! Merged pull requests: were they approved by somebody else, and on how many people does merging rest?

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::figures::{is_person, is_same};
use super::pull_requests;
use super::query::{Actor, List, PullRequest, Review, is_of_project};
use crate::collect::history::{percent, recent_from};
use crate::evidence::{Observation, Place};

/// Keys of [`observe`], beside [`pull_requests::MERGED_KEYS`].
const KEYS: [&str; 9] = [
    "reviews.sampled",
    "reviews.approved_by_other_percent",
    "reviews.self_merged_percent",
    "reviews.approved_as_merged_percent",
    "reviews.by_bots_percent",
    "reviews.sampled_since",
    "reviews.mergers",
    "reviews.top_merger_percent",
    "reviews.maintainers_90_days",
];

/// All keys that [`observe`] writes.
pub(super) fn keys() -> Vec<&'static str> {
    KEYS.into_iter().chain(pull_requests::MERGED_KEYS).collect()
}

const SOURCE: &str = "GraphQL Repository.pullRequests(states: MERGED)";

/// A merged pull request, with the approvals that count: those of people other than its author.
struct Merged<'a> {
    request: &'a PullRequest,
    approvals: Vec<&'a Review>,
}

impl<'a> Merged<'a> {
    fn new(request: &'a PullRequest) -> Self {
        let counts = |review: &&Review| {
            let Some(reviewer) = &review.author else { return false };
            is_person(reviewer) && !request.author.as_ref().is_some_and(|author| is_same(author, reviewer))
        };
        let reviews = request.reviews.as_ref().map(List::items).into_iter().flatten();
        Self { request, approvals: reviews.filter(counts).collect() }
    }

    fn is_approved(&self) -> bool {
        !self.approvals.is_empty()
    }

    /// Whether the very commit that was merged was approved.
    fn is_approved_as_merged(&self) -> bool {
        let Some(head) = &self.request.head_ref_oid else { return false };
        self.approvals.iter().any(|review| review.commit.as_ref().is_some_and(|commit| commit.oid == *head))
    }

    fn is_merged_by_author(&self) -> bool {
        match (&self.request.author, &self.request.merged_by) {
            (Some(author), Some(merger)) => is_same(author, merger),
            _ => false,
        }
    }
}

/// The observations of [`keys`], from the latest merged pull requests. For the shares of approvals those of bots are left
/// out; the account of an author or reviewer may have been deleted since, which GitHub shows as null.
pub(super) fn observe(list: List<PullRequest>, url: &str, now: DateTime<Utc>) -> Vec<Observation> {
    let all: Vec<PullRequest> = list.into_items();
    let of_people = all.iter().filter(|request| request.author.as_ref().is_none_or(is_person));
    let merged: Vec<Merged> = of_people.map(Merged::new).collect();
    let share = |is: &dyn Fn(&Merged<'_>) -> bool| {
        let count = merged.iter().filter(|request| is(request)).count();
        percent(count, merged.len())
    };
    let bots = all.len() - merged.len();
    let since = all.iter().filter_map(|request| request.merged_at).min().map(|at| at.date_naive());
    let detail = format!("merged pull requests looked at: {}; of bots, left out: {bots}", merged.len());
    let of_all = format!("merged pull requests looked at: {}", all.len());
    let mut observations: Vec<Observation> = vec![
        Observation::seen(KEYS[0], merged.len()).detail(detail.clone()),
        Observation::seen_or_absent(KEYS[1], share(&|request| request.is_approved())).detail(detail.clone()),
        Observation::seen_or_absent(KEYS[2], share(&|request| request.is_merged_by_author() && !request.is_approved()))
            .detail(detail.clone()),
        Observation::seen_or_absent(KEYS[3], share(&|request| request.is_approved_as_merged())).detail(detail),
        Observation::seen_or_absent(KEYS[4], percent(bots, all.len())).detail(of_all.clone()),
        Observation::seen_or_absent(KEYS[5], since).detail(of_all.clone()),
    ];
    observations.extend(people(&all, now).into_iter().map(|observation| observation.detail(of_all.clone())));
    let page = || Place::page(format!("{url}/pulls?q=is%3Apr+is%3Amerged"));
    let mut observations: Vec<Observation> =
        observations.into_iter().map(|observation| observation.from(SOURCE).at(page())).collect();
    observations.extend(pull_requests::observe_merged(&all, url));
    observations
}

/// How many people merge, and how much rests on one of them. Names serve to tell people apart while counting.
fn people(all: &[PullRequest], now: DateTime<Utc>) -> [Observation; 3] {
    let mut mergers: BTreeMap<String, usize> = BTreeMap::new();
    let mut recent: BTreeSet<String> = BTreeSet::new();
    let from = recent_from(now);
    let name = |actor: &Actor| actor.login.to_ascii_lowercase();
    for request in all {
        let merger = request.merged_by.as_ref().filter(|merger| is_person(merger));
        if let Some(merger) = merger {
            *mergers.entry(name(merger)).or_default() += 1;
        }
        if request.merged_at.is_some_and(|at| at >= from) {
            let approvals = Merged::new(request).approvals;
            let members = approvals.iter().filter(|review| is_of_project(review.author_association.as_deref()));
            recent.extend(merger.map(name));
            recent.extend(members.filter_map(|review| review.author.as_ref()).map(name));
        }
    }
    let known: usize = mergers.values().sum();
    let top = mergers.values().max().copied().unwrap_or_default();
    [
        Observation::seen_or_absent(KEYS[6], (known > 0).then_some(mergers.len())),
        Observation::seen_or_absent(KEYS[7], percent(top, known)),
        Observation::seen_or_absent(KEYS[8], (!all.is_empty()).then_some(recent.len())),
    ]
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
        let review =
            |approver: &&Json| json!({ "author": approver, "authorAssociation": "MEMBER", "commit": { "oid": "1" } });
        let reviews: Vec<Json> = approvers.iter().map(review).collect();
        json!({
            "author": author, "mergedBy": merged_by, "reviews": { "nodes": reviews },
            "createdAt": "2026-01-01T00:00:00Z", "mergedAt": "2026-01-03T00:00:00Z", "headRefOid": "1",
        })
    }

    fn observed(requests: &[Json], now: &str) -> Vec<State> {
        let list = serde_json::from_value(json!({ "nodes": requests })).unwrap();
        let observations = observe(list, "https://github.com/a/b", now.parse().unwrap());
        assert!(!serde_json::to_string(&observations).unwrap().contains("ann"), "no names are kept");
        assert_eq!(observations.iter().map(|found| found.key.as_str()).collect::<Vec<_>>(), keys());
        observations.into_iter().map(|observation| observation.state).collect()
    }

    fn count(number: i64) -> State {
        State::Observed(Value::Count(number))
    }

    #[test]
    fn only_approvals_of_other_people_count() {
        let (ann, ben, bot) = (actor("ann"), actor("ben"), actor("dependabot[bot]"));
        let mut changed = request(&Json::Null, &ben, &[&ben]);
        changed["headRefOid"] = json!("2");
        let requests = [
            request(&ann, &ben, &[&ben]),
            request(&ann, &actor("ANN"), &[]),
            request(&ann, &ann, &[&ann, &bot, &Json::Null]),
            changed,
            request(&bot, &ben, &[&ben]),
        ];
        let found = observed(&requests, "2026-02-01T00:00:00Z");
        assert_eq!(found[..5], [count(4), count(50), count(50), count(25), count(20)]);
        assert_eq!(found[5], State::Observed("2026-01-03".into()));
        assert_eq!(found[6..9], [count(2), count(60), count(2)]);
        assert_eq!(observed(&requests, "2026-12-01T00:00:00Z")[8], count(0), "nobody of late");
    }

    #[test]
    fn no_pull_requests_give_no_shares() {
        let found = observed(&[], "2026-02-01T00:00:00Z");
        assert_eq!(found[0], count(0));
        assert!(found[1..].iter().all(|state| *state == State::Absent));
    }
}
