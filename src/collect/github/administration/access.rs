//! Who else has a way into the repository, and whether its rules were changed or passed over.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::answer::Answer;
use super::super::client::{Page, from_value};
use super::super::transport::Transport;
use super::endpoint::{Asking, Endpoint, Found, Only, Read, count, earliest, told, unknown, whole_count, word};
use crate::evidence::{Access, Observation, Place};

const TEAM_KEYS: [&str; 2] = ["access.teams", "access.admin_teams"];
const INVITATION_KEYS: [&str; 2] = ["access.invitations", "access.oldest_invitation_on"];
/// Keys of [`ruleset_history`].
pub(super) const HISTORY_KEYS: [&str; 2] = ["access.ruleset_changes", "access.ruleset_changed_on"];

/// Rulesets whose history is asked for, at most.
const MAX_RULESETS: usize = 3;

const SETTING: Endpoint = Endpoint {
    path: "",
    page: "/settings/access",
    keys: &[],
    least: Access::Admin,
    scopes: &["repo"],
    only: Only::Always,
    read: |_| Ok(Vec::new()),
    lacking: false,
};

pub(super) const TEAMS: Endpoint =
    Endpoint { path: "/teams?per_page=100", keys: &TEAM_KEYS, only: Only::Organization, read: teams, ..SETTING };

pub(super) const INVITATIONS: Endpoint =
    Endpoint { path: "/invitations?per_page=100", keys: &INVITATION_KEYS, read: invitations, ..SETTING };

pub(super) const INTERACTION_LIMIT: Endpoint = Endpoint {
    path: "/interaction-limits",
    page: "/settings/interaction_limits",
    keys: &["access.interaction_limit"],
    read: interaction_limit,
    ..SETTING
};

pub(super) const RULE_BYPASSES: Endpoint = Endpoint {
    path: "/rulesets/rule-suites?rule_suite_result=bypass&time_period=month&per_page=100",
    page: "/rules",
    keys: &["access.rule_bypasses"],
    read: |found| bypasses(found, "access.rule_bypasses"),
    ..SETTING
};

#[derive(Deserialize)]
struct Team {
    permission: String,
}

fn teams(found: Found) -> Read {
    let more = found.more;
    let teams: Vec<Team> = found.read()?;
    let administer = teams.iter().filter(|team| team.permission == "admin").count();
    Ok(vec![whole_count(TEAM_KEYS[0], teams.len(), more), whole_count(TEAM_KEYS[1], administer, more)])
}

#[derive(Deserialize)]
struct Invitation {
    created_at: Option<DateTime<Utc>>,
}

fn invitations(found: Found) -> Read {
    let more = found.more;
    let invitations: Vec<Invitation> = found.read()?;
    Ok(vec![
        whole_count(INVITATION_KEYS[0], invitations.len(), more),
        earliest(INVITATION_KEYS[1], invitations.iter().map(|invitation| invitation.created_at), more),
    ])
}

#[derive(Deserialize)]
struct Limit {
    limit: String,
}

/// Without a limit the answer is an empty object. One that has the field without a value tells nothing.
fn interaction_limit(found: Found) -> Read {
    let key = "access.interaction_limit";
    if found.value.is_null() || found.value.as_object().is_some_and(serde_json::Map::is_empty) {
        return Ok(vec![Observation::absent(key)]);
    }
    Ok(vec![word(key, Some(found.read::<Limit>()?.limit))])
}

/// How often somebody who may do so passed over a rule in the last month.
pub(super) fn bypasses(found: Found, key: &str) -> Read {
    let more = found.more;
    let suites: Vec<serde::de::IgnoredAny> = found.read()?;
    Ok(vec![count(key, suites.len(), more)])
}

#[derive(Deserialize)]
struct Version {
    updated_at: Option<DateTime<Utc>>,
}

/// How often the repository's own rulesets were changed after they were made, and when last.
pub(super) async fn ruleset_history<T: Transport>(asking: &Asking<'_, T>, rulesets: &[u64]) -> Vec<Observation> {
    let observations = match histories(asking, rulesets).await {
        Answer::Known(histories) => {
            let changes: usize = histories.iter().map(|versions| versions.len().saturating_sub(1)).sum();
            // One of which no day is told may be the latest.
            let days: Option<Vec<_>> = histories.iter().flatten().map(|version| version.updated_at).collect();
            let latest = match days.and_then(|days| days.into_iter().max()) {
                None if rulesets.is_empty() => Observation::absent(HISTORY_KEYS[1]),
                latest => told(HISTORY_KEYS[1], latest.map(|at| at.date_naive())),
            };
            vec![Observation::seen(HISTORY_KEYS[0], changes), latest]
        }
        other => unknown(&HISTORY_KEYS, &other.map(|_| ())),
    };
    let source = format!("GET {}/rulesets/{{id}}/history", asking.root.pattern);
    let page = || Place::page(format!("{}/settings/rules", asking.root.page));
    observations.into_iter().map(|seen| seen.from(source.clone()).at(page())).collect()
}

async fn histories<T: Transport>(asking: &Asking<'_, T>, rulesets: &[u64]) -> Answer<Vec<Vec<Version>>> {
    if rulesets.len() > MAX_RULESETS {
        return Answer::untold(format!("the repository has more than {MAX_RULESETS} rulesets"));
    }
    let mut histories = Vec::new();
    for id in rulesets {
        let path = format!("/rulesets/{id}/history?per_page=100");
        let page = match asking.get(&path).await {
            Answer::Known(Page { more: true, .. }) => {
                return Answer::untold("a ruleset was changed more than 100 times");
            }
            Answer::Known(page) => page,
            other => return other.map(|_| Vec::new()),
        };
        let versions: Result<Vec<Version>, _> = from_value(&page.value);
        let tells = |versions: &Vec<Version>| versions.iter().all(|version| version.updated_at.is_some());
        if !versions.as_ref().is_ok_and(tells) {
            asking.forget(&path);
        }
        match versions {
            Ok(versions) => histories.push(versions),
            Err(error) => return Answer::failed(format!("GitHub's answer could not be read: {error}")),
        }
    }
    Answer::Known(histories)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::super::super::client::Client;
    use super::super::super::deadline::Deadline;
    use super::super::super::script::Script;
    use super::super::endpoint::Root;
    use super::super::endpoint::tests::states;
    use super::*;
    use crate::evidence::State;

    fn seen(value: impl Into<crate::evidence::Value>) -> State {
        State::Observed(value.into())
    }

    #[test]
    fn ways_into_the_repository_are_counted() {
        let value = json!([{ "permission": "admin" }, { "permission": "push" }]);
        assert_eq!(states(&TEAMS, value, false), [seen(2_i64), seen(1_i64)]);
        let value = json!([{ "created_at": "2025-02-01T00:00:00Z" }]);
        assert_eq!(states(&INVITATIONS, value, false), [seen(1_i64), seen("2025-02-01")]);
        assert_eq!(states(&INVITATIONS, json!([]), false), [seen(0_i64), State::Absent]);
        assert_eq!(states(&RULE_BYPASSES, json!([{}, {}]), false), [seen(2_i64)]);
    }

    #[test]
    fn no_limit_is_an_empty_answer() {
        assert_eq!(states(&INTERACTION_LIMIT, json!({}), false), [State::Absent]);
        assert_eq!(states(&INTERACTION_LIMIT, Value::Null, false), [State::Absent]);
        assert_eq!(states(&INTERACTION_LIMIT, json!({ "limit": "existing_users" }), false), [seen("existing_users")]);
        let untold = states(&INTERACTION_LIMIT, json!({ "limit": null, "origin": null }), false);
        assert!(matches!(untold[..], [State::Failed { .. }]), "{untold:?}");
    }

    async fn history(rulesets: &[u64], answers: &[Value]) -> Vec<State> {
        let deadline = Deadline::after(Duration::from_secs(60));
        let client = Client::new(Script::of(answers), 9, deadline, Arc::new(|_| ()));
        let root = Root { path: "/repos/acme/widget".into(), pattern: "/repos/{owner}/{repo}", page: "u".into() };
        let observations = ruleset_history(&Asking { client: &client, root, full: true }, rulesets).await;
        observations.into_iter().map(|observation| observation.state).collect()
    }

    #[tokio::test]
    async fn the_first_version_of_a_ruleset_is_no_change() {
        let versions = json!([{ "updated_at": "2025-02-01T00:00:00Z" }, { "updated_at": "2024-02-01T00:00:00Z" }]);
        let one = json!([{ "updated_at": "2023-02-01T00:00:00Z" }]);
        assert_eq!(history(&[1, 2], &[versions, one]).await, [seen(1_i64), seen("2025-02-01")]);
        let undated = json!([{ "updated_at": "2025-02-01T00:00:00Z" }, {}]);
        assert!(matches!(history(&[1], &[undated]).await[..], [_, State::Unavailable { .. }]), "it may be the latest");
        assert_eq!(history(&[], &[]).await, [seen(0_i64), State::Absent]);
        assert!(matches!(history(&[1], &[json!({})]).await[..], [State::Failed { .. }, _]));
        assert!(matches!(history(&[1, 2, 3, 4], &[]).await[..], [State::Unavailable { .. }, _]));
    }
}
