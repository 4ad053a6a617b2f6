//! People: collaborators, those from outside the organisation, and administrators who do nothing here any more.
//!
//! Names are neither kept nor told; the ids of administrators are only used to ask whether they are active.

use chrono::{DateTime, Months, SecondsFormat, Utc};
use serde::Deserialize;
use serde_json::json;

use super::super::answer::Answer;
use super::super::client::{Client, Page};
use super::super::query::Count;
use super::super::rest::{Collaborator, Permissions};
use super::super::transport::Transport;
use super::endpoint::{unknown, whole_count};
use crate::evidence::{Observation, Place};

pub(super) const OUTSIDE_KEYS: [&str; 2] = ["access.outside_collaborators", "access.outside_writers"];
pub(super) const IDLE_KEY: &str = "access.administrators_idle";

/// Administrators whose activity is asked for, at most.
const MAX_ADMINISTRATORS: usize = 20;

/// The part `people` of the query.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct People {
    collaborators: Option<Edges>,
    outside: Option<Edges>,
    owner: Option<Owner>,
}

#[derive(Clone, Debug, Deserialize)]
struct Owner {
    id: String,
    #[serde(rename = "__typename")]
    kind: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Edges {
    #[serde(flatten)]
    total: Count,
    edges: Option<Vec<Option<Edge>>>,
}

#[derive(Clone, Debug, Deserialize)]
struct Edge {
    permission: String,
    node: Option<Node>,
}

#[derive(Clone, Debug, Deserialize)]
struct Node {
    id: String,
}

impl People {
    /// Whether GitHub listed nobody at all, not even the owner.
    pub(super) fn is_empty(&self) -> bool {
        self.collaborators.is_none()
    }
}

impl Edge {
    fn is_administrator(&self) -> bool {
        self.permission == "ADMIN"
    }

    fn can_push(&self) -> bool {
        matches!(self.permission.as_str(), "ADMIN" | "MAINTAIN" | "WRITE")
    }
}

impl Edges {
    fn items(&self) -> impl Iterator<Item = &Edge> {
        self.edges.iter().flatten().flatten()
    }

    /// Whether not all were told.
    fn more(&self) -> bool {
        self.total.total_count > u64::try_from(self.items().count()).unwrap_or(u64::MAX)
    }
}

/// The collaborators as the REST API would list them.
pub(super) fn collaborators(answer: &Answer<People>) -> Answer<Page<Vec<Collaborator>>> {
    match answer.as_ref().map(|people| people.collaborators.as_ref()) {
        Answer::Known(Some(edges)) => {
            let permissions = |edge: &Edge| Permissions {
                admin: edge.is_administrator(),
                maintain: edge.permission == "MAINTAIN",
                push: edge.can_push(),
            };
            let value = edges.items().map(|edge| Collaborator { permissions: Some(permissions(edge)) }).collect();
            Answer::Known(Page { value, more: edges.more() })
        }
        // Null is what somebody sees who may not push.
        Answer::Known(None) => Answer::Denied,
        other => other.map(|_| Page { value: Vec::new(), more: false }),
    }
}

/// How many people from outside the organisation there are. On a personal account everybody but its owner is one.
pub(super) fn outside(answer: &Answer<People>, url: &str) -> Vec<Observation> {
    let observations = match answer.as_ref().map(|people| people.outside.as_ref()) {
        Answer::Known(Some(edges)) => {
            let writers = edges.items().filter(|edge| edge.can_push()).count();
            let total = usize::try_from(edges.total.total_count).unwrap_or(usize::MAX);
            vec![Observation::seen(OUTSIDE_KEYS[0], total), whole_count(OUTSIDE_KEYS[1], writers, edges.more())]
        }
        Answer::Known(None) => unknown(&OUTSIDE_KEYS, &Answer::Denied),
        other => unknown(&OUTSIDE_KEYS, &other.map(|_| ())),
    };
    let page = || Place::page(format!("{url}/settings/access"));
    observations
        .into_iter()
        .map(|seen| seen.from("GraphQL Repository.collaborators(affiliation: OUTSIDE)").at(page()))
        .collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    contributions_collection: Option<Contributions>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Contributions {
    has_any_contributions: bool,
    /// In private repositories, which the person does not show.
    has_any_restricted_contributions: bool,
}

/// Asks which administrators did nothing for a year: in the organisation, or anywhere for a personal account.
pub(super) async fn idle<T: Transport>(
    client: &Client<T>,
    people: &Answer<People>,
    now: DateTime<Utc>,
) -> Answer<Observation> {
    let (edges, owner) = match people {
        Answer::Known(People { collaborators: Some(edges), owner: Some(owner), .. }) => (edges, owner),
        Answer::Known(_) => return Answer::Denied,
        other => return other.as_ref().map(|_| Observation::absent(IDLE_KEY)),
    };
    let ids: Vec<&str> = edges
        .items()
        .filter(|edge| edge.is_administrator())
        .filter_map(|edge| edge.node.as_ref())
        .map(|node| node.id.as_str())
        .collect();
    if edges.more() || ids.len() > MAX_ADMINISTRATORS {
        return Answer::untold(format!("there are more than {MAX_ADMINISTRATORS} administrators or 100 collaborators"));
    }
    let from = now.checked_sub_months(Months::new(12)).unwrap_or(now);
    let organization = (owner.kind == "Organization").then_some(owner.id.as_str());
    let variables = json!({
        "ids": ids,
        "from": from.to_rfc3339_opts(SecondsFormat::Secs, true),
        "organization": organization,
    });
    let answer = match client.graphql(include_str!("../queries/activity.graphql"), variables).await {
        Ok(answer) => answer,
        Err(refusal) => return refusal.into_answer(),
    };
    match answer.section_but::<Vec<Option<User>>>("nodes", |_| true) {
        Answer::Known(Some(users)) => count_idle(&users),
        Answer::Known(None) => Answer::failed("GitHub did not tell of the administrators"),
        other => other.map(|_| Observation::absent(IDLE_KEY)),
    }
}

/// The observation of [`IDLE_KEY`].
pub(super) fn idle_observation(answer: Answer<Observation>, url: &str) -> Observation {
    let observation = match answer {
        Answer::Known(observation) => observation,
        other => other.map(|_| 0_usize).observe_one(IDLE_KEY),
    };
    observation.from("GraphQL User.contributionsCollection").at(Place::page(format!("{url}/settings/access")))
}

fn count_idle(users: &[Option<User>]) -> Answer<Observation> {
    let collections = users.iter().map(|user| user.as_ref().and_then(|user| user.contributions_collection.as_ref()));
    let Some(collections) = collections.collect::<Option<Vec<&Contributions>>>() else {
        return Answer::untold("GitHub did not tell what each administrator does");
    };
    // What somebody does not show may have happened here.
    let idle = collections.iter().filter(|seen| !seen.has_any_contributions && !seen.has_any_restricted_contributions);
    let detail = format!("of {} administrators", collections.len());
    Answer::Known(Observation::seen(IDLE_KEY, idle.count()).detail(detail))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use serde_json::Value;

    use super::super::super::deadline::Deadline;
    use super::super::super::script::Script;
    use super::*;
    use crate::evidence::State;

    fn people(total: u64) -> Answer<People> {
        let edge = |permission: &str| json!({ "permission": permission, "node": { "id": permission } });
        let value = json!({
            "collaborators": { "totalCount": total, "edges": [edge("ADMIN"), edge("MAINTAIN"), edge("READ"), null] },
            "outside": { "totalCount": 2, "edges": [edge("WRITE"), edge("READ")] },
            "owner": { "id": "O", "__typename": "Organization" },
        });
        Answer::Known(serde_json::from_value(value).unwrap())
    }

    #[test]
    fn collaborators_have_the_roles_that_graphql_tells() {
        let Answer::Known(page) = collaborators(&people(3)) else { panic!() };
        let pushes = page.value.iter().filter(|person| person.permissions.unwrap().push).count();
        assert_eq!((page.value.len(), pushes, page.more), (3, 2, false));
        assert!(matches!(collaborators(&people(200)), Answer::Known(Page { more: true, .. })));
        let nobody = Answer::Known(People { collaborators: None, outside: None, owner: None });
        assert!(matches!(collaborators(&nobody), Answer::Denied));
    }

    #[test]
    fn outsiders_who_can_push_are_counted() {
        let states: Vec<State> = outside(&people(3), "u").into_iter().map(|observation| observation.state).collect();
        assert_eq!(states, [State::Observed(2_i64.into()), State::Observed(1_i64.into())]);
        let denied = outside(&Answer::Denied, "u").remove(0).state;
        assert!(matches!(denied, State::NotPermitted { .. }));
    }

    async fn asked(total: u64, users: Value) -> (Answer<Observation>, usize) {
        let answer = json!({ "data": { "nodes": users } });
        let deadline = Deadline::after(Duration::from_secs(60));
        let client = Client::new(Script::of(&[answer]), 9, deadline, Arc::new(|_| ()));
        let found = idle(&client, &people(total), "2026-02-01T00:00:00Z".parse().unwrap()).await;
        (found, client.transport().asked().len())
    }

    #[tokio::test]
    async fn hidden_work_is_work() {
        let user = |any: bool, hidden: bool| json!({ "contributionsCollection": { "hasAnyContributions": any, "hasAnyRestrictedContributions": hidden } });
        for (users, idle) in
            [(json!([user(true, false)]), 0_i64), (json!([user(false, true)]), 0), (json!([user(false, false)]), 1)]
        {
            let Answer::Known(found) = asked(3, users).await.0 else { panic!() };
            assert_eq!(found.state, State::Observed(idle.into()));
        }
        assert!(matches!(asked(3, json!([null])).await.0, Answer::Untold(_)));
        assert!(matches!(asked(200, json!([])).await, (Answer::Untold(_), 0)));
    }
}
