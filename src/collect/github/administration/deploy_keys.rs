//! Deploy keys: SSH keys of machines, which stay valid until somebody takes them away.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::answer::Answer;
use super::super::query::List;
use super::endpoint::{earliest, unknown, whole_count};
use crate::evidence::{Observation, Place};

pub(super) const KEYS: [&str; 3] = ["access.deploy_keys", "access.deploy_keys_writable", "access.oldest_deploy_key_on"];

/// The part `deploy_keys` of the query.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeployKeys {
    deploy_keys: Option<List<DeployKey>>,
}

/// Neither the key nor its title is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeployKey {
    created_at: Option<DateTime<Utc>>,
    read_only: bool,
}

pub(super) fn observe(answer: Answer<DeployKeys>, url: &str) -> Vec<Observation> {
    let observations = match answer.map(|section| section.deploy_keys) {
        Answer::Known(Some(list)) => {
            let total = list.total_count.and_then(|total| usize::try_from(total).ok());
            let keys = list.into_items();
            let total = total.unwrap_or(keys.len());
            let more = total > keys.len();
            vec![
                Observation::seen(KEYS[0], total),
                whole_count(KEYS[1], keys.iter().filter(|key| !key.read_only).count(), more),
                earliest(KEYS[2], keys.iter().map(|key| key.created_at), more),
            ]
        }
        Answer::Known(None) => unknown(&KEYS, &Answer::Denied),
        other => unknown(&KEYS, &other.map(|_| ())),
    };
    let page = || Place::page(format!("{url}/settings/keys"));
    observations.into_iter().map(|seen| seen.from("GraphQL Repository.deployKeys").at(page())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::evidence::State;

    #[test]
    fn writable_and_old_keys_are_told() {
        let of = |section: serde_json::Value| -> Vec<State> {
            let answer = Answer::Known(serde_json::from_value(section).unwrap());
            observe(answer, "u").into_iter().map(|observation| observation.state).collect()
        };
        let section = json!({ "deployKeys": { "totalCount": 2, "nodes": [
            { "createdAt": "2023-01-02T00:00:00Z", "readOnly": true },
            { "createdAt": "2024-01-02T00:00:00Z", "readOnly": false },
        ] } });
        let seen = |value: crate::evidence::Value| State::Observed(value);
        assert_eq!(of(section), [seen(2_i64.into()), seen(1_i64.into()), seen("2023-01-02".into())]);
        assert_eq!(of(json!({ "deployKeys": { "totalCount": 0, "nodes": [] } }))[2], State::Absent);
        assert!(matches!(of(json!({ "deployKeys": null }))[0], State::NotPermitted { .. }));
        assert!(matches!(of(json!({ "deployKeys": { "totalCount": 9, "nodes": [] } }))[1], State::Unavailable { .. }));
    }
}
