//! Issues: how many are open, and whether people of the project answer those of others.

use chrono::{DateTime, Days, Utc};

use super::answer::Answer;
use super::figures::{days_between, is_person, is_same, median};
use super::query::{Comment, Issue, Issues, List, is_of_project};
use crate::collect::history::percent;
use crate::evidence::{Observation, Place};

/// All keys that [`observe`] writes.
const KEYS: [&str; 6] = [
    "issues.open",
    "issues.oldest_open_on",
    "issues.open_labelled_security",
    "issues.sampled",
    "issues.answered_percent",
    "issues.median_days_to_answer",
];
/// An issue must be this old before its answer is missed, and no older than this.
const FROM_DAYS: u64 = 14;
const TO_DAYS: u64 = 365;

/// The observations of [`KEYS`].
pub(super) fn observe(
    answer: Answer<Issues>,
    enabled: Option<bool>,
    url: &str,
    now: DateTime<Utc>,
) -> Vec<Observation> {
    if enabled == Some(false) {
        return KEYS.map(|key| Observation::not_applicable(key, "issues are switched off")).into();
    }
    let observations = answer.observe(&KEYS, |issues| {
        let mut observations = open(issues.open, issues.security.map(|count| count.total_count));
        observations.extend(answered(issues.recent, now));
        observations
    });
    let page = || Place::page(format!("{url}/issues"));
    observations.into_iter().map(|observation| observation.from("GraphQL Repository.issues").at(page())).collect()
}

fn open(open: List<super::query::Created>, security: Option<u64>) -> Vec<Observation> {
    let counted = |key: &str, count: Option<u64>| match count.and_then(|count| usize::try_from(count).ok()) {
        Some(count) => Observation::seen(key, count),
        None => Observation::unavailable(key, "GitHub did not count them"),
    };
    let count = counted(KEYS[0], open.total_count);
    let oldest = open.into_items().into_iter().find_map(|issue| issue.created_at);
    vec![count, Observation::seen_or_absent(KEYS[1], oldest.map(|at| at.date_naive())), counted(KEYS[2], security)]
}

/// Whether an issue can tell how outsiders are answered: opened by a person who is not of the project, and neither too
/// new nor too old.
fn is_of_sample(issue: &Issue, now: DateTime<Utc>) -> bool {
    let age = issue.created_at.and_then(|at| days_between(at, now)).and_then(|days| u64::try_from(days).ok());
    age.is_some_and(|days| (FROM_DAYS..=TO_DAYS).contains(&days))
        && issue.author.as_ref().is_none_or(is_person)
        && !is_of_project(issue.author_association.as_deref())
}

/// Days until somebody of the project, who is no program and not the author, commented first.
fn days_to_answer(issue: &Issue, comments: Vec<Comment>) -> Option<usize> {
    let answers = |comment: &Comment| {
        let Some(author) = &comment.author else { return false };
        is_of_project(comment.author_association.as_deref())
            && is_person(author)
            && !issue.author.as_ref().is_some_and(|asker| is_same(asker, author))
    };
    let first = comments.into_iter().filter(answers).filter_map(|comment| comment.created_at).min()?;
    days_between(issue.created_at?, first)
}

fn answered(recent: List<Issue>, now: DateTime<Utc>) -> Vec<Observation> {
    let (mut sampled, mut days) = (0, Vec::new());
    for mut issue in recent.into_items().into_iter().filter(|issue| is_of_sample(issue, now)) {
        sampled += 1;
        let comments = issue.comments.take().map(List::into_items).unwrap_or_default();
        days.extend(days_to_answer(&issue, comments));
    }
    let day = |days: u64| now.checked_sub_days(Days::new(days)).map(|at| at.date_naive().to_string());
    let span = format!(
        "issues of others looked at: {sampled}, opened from {} to {}",
        day(TO_DAYS).unwrap_or_default(),
        day(FROM_DAYS).unwrap_or_default()
    );
    let answered = days.len();
    let among = format!("answered issues looked at: {answered}");
    vec![
        Observation::seen(KEYS[3], sampled).detail(span.clone()),
        Observation::seen_or_absent(KEYS[4], percent(answered, sampled)).detail(span),
        Observation::seen_or_absent(KEYS[5], median(days)).detail(among),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::evidence::State;

    fn issue(created: &str, association: &str, comments: &[Json]) -> Json {
        json!({
            "createdAt": created, "author": { "__typename": "User", "login": "dan" },
            "authorAssociation": association, "comments": { "nodes": comments },
        })
    }

    fn comment(created: &str, author: &str, association: &str) -> Json {
        json!({ "createdAt": created, "author": { "__typename": "User", "login": author }, "authorAssociation": association })
    }

    fn states(issues: &[Json], enabled: bool) -> Vec<State> {
        let found = json!({
            "open": { "totalCount": 2, "nodes": [{ "createdAt": "2020-01-01T00:00:00Z" }] },
            "security": { "totalCount": 1 },
            "recent": { "nodes": issues },
        });
        let now = "2026-06-01T00:00:00Z".parse().unwrap();
        let found = serde_json::from_value(found).unwrap();
        let observations = observe(Answer::Known(found), Some(enabled), "u", now);
        observations.into_iter().map(|observation| observation.state).collect()
    }

    #[test]
    fn an_answer_comes_from_somebody_else_of_the_project() {
        let day = "2026-04-01T00:00:00Z";
        let issues = [
            issue(
                day,
                "NONE",
                &[comment("2026-04-02T00:00:00Z", "eve", "NONE"), comment("2026-04-04T00:00:00Z", "ann", "MEMBER")],
            ),
            issue(day, "CONTRIBUTOR", &[comment("2026-04-02T00:00:00Z", "github-actions[bot]", "COLLABORATOR")]),
            issue(day, "NONE", &[comment("2026-04-02T00:00:00Z", "DAN", "COLLABORATOR")]),
            issue(day, "OWNER", &[]),
            issue("2026-05-25T00:00:00Z", "NONE", &[]),
            issue("2020-05-25T00:00:00Z", "NONE", &[]),
        ];
        let count = |number: i64| State::Observed(number.into());
        assert_eq!(
            states(&issues, true),
            [count(2), State::Observed("2020-01-01".into()), count(1), count(3), count(33), count(3)]
        );
    }

    #[test]
    fn no_issues_of_others_give_no_share() {
        let found = states(&[], true);
        assert_eq!(found[3..], [State::Observed(0_i64.into()), State::Absent, State::Absent]);
        assert!(states(&[], false).iter().all(|state| matches!(state, State::NotApplicable { .. })));
    }
}
