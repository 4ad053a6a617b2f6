//! Environments that workflows deploy to, and what stands before a deployment.

use serde::Deserialize;

use super::super::answer::Answer;
use super::super::query::{Count, List};
use super::endpoint::{Endpoint, Found, Only, Read, unknown, whole_count};
use crate::evidence::{Access, Observation, Place};

/// Keys that both APIs tell.
pub(super) const KEYS: [&str; 4] = [
    "actions.environments",
    "actions.environments_reviewed",
    "actions.environments_branch_limited",
    "actions.environments_no_self_review",
];
const ALL_KEYS: [&str; 6] =
    [KEYS[0], KEYS[1], KEYS[2], KEYS[3], "actions.environments_own_branch_rules", "actions.environments_admin_bypass"];

/// Anybody who can read the repository may ask.
pub(super) const ENVIRONMENTS: Endpoint = Endpoint {
    path: "/environments?per_page=100",
    page: "/deployments",
    keys: &ALL_KEYS,
    least: Access::Read,
    scopes: &[],
    only: Only::Always,
    read: from_rest,
    lacking: false,
};

#[derive(Deserialize)]
struct Page {
    environments: Vec<RestEnvironment>,
}

#[derive(Deserialize)]
struct RestEnvironment {
    can_admins_bypass: Option<bool>,
    #[serde(default)]
    protection_rules: Vec<RestRule>,
    deployment_branch_policy: Option<BranchPolicy>,
}

#[derive(Deserialize)]
struct RestRule {
    #[serde(rename = "type")]
    kind: String,
    prevent_self_review: Option<bool>,
    #[serde(default)]
    reviewers: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct BranchPolicy {
    #[serde(default)]
    custom_branch_policies: bool,
}

/// What stands before a deployment to one environment.
#[derive(Clone, Copy, Default)]
struct Gate {
    reviewed: bool,
    branch_limited: bool,
    no_self_review: bool,
}

fn observe(gates: &[Gate], more: bool) -> Vec<Observation> {
    let with = |has: fn(&Gate) -> bool| gates.iter().filter(|gate| has(gate)).count();
    vec![
        whole_count(KEYS[0], gates.len(), more),
        whole_count(KEYS[1], with(|gate| gate.reviewed), more),
        whole_count(KEYS[2], with(|gate| gate.branch_limited), more),
        whole_count(KEYS[3], with(|gate| gate.no_self_review), more),
    ]
}

fn from_rest(found: Found) -> Read {
    let more = found.more;
    let environments = found.read::<Page>()?.environments;
    let gate = |environment: &RestEnvironment| {
        let reviews = environment.protection_rules.iter().filter(|rule| rule.kind == "required_reviewers");
        let reviews: Vec<&RestRule> = reviews.filter(|rule| !rule.reviewers.is_empty()).collect();
        Gate {
            reviewed: !reviews.is_empty(),
            branch_limited: environment.deployment_branch_policy.is_some(),
            no_self_review: reviews.iter().any(|rule| rule.prevent_self_review == Some(true)),
        }
    };
    let gates: Vec<Gate> = environments.iter().map(gate).collect();
    let own_rules = |environment: &&RestEnvironment| {
        environment.deployment_branch_policy.as_ref().is_some_and(|policy| policy.custom_branch_policies)
    };
    let mut observations = observe(&gates, more);
    observations.push(whole_count(ALL_KEYS[4], environments.iter().filter(own_rules).count(), more));
    // Who may not bypass it is not told by older servers.
    let bypass: Option<Vec<bool>> = environments.iter().map(|environment| environment.can_admins_bypass).collect();
    observations.push(match bypass {
        Some(bypass) => whole_count(ALL_KEYS[5], bypass.into_iter().filter(|can| *can).count(), more),
        None => Observation::unavailable(ALL_KEYS[5], "GitHub did not tell it"),
    });
    Ok(observations)
}

/// The part `environments` of the query.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Environments {
    environments: Option<List<Environment>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Environment {
    protection_rules: Option<List<ProtectionRule>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProtectionRule {
    #[serde(rename = "type")]
    kind: String,
    prevent_self_review: Option<bool>,
    reviewers: Option<Count>,
}

/// The observations of [`KEYS`].
pub(super) fn from_graphql(answer: Answer<Environments>, url: &str) -> Vec<Observation> {
    let observations = match answer.map(|section| section.environments) {
        Answer::Known(Some(list)) => {
            let total = list.total_count.unwrap_or_default();
            let environments = list.into_items();
            let more = total > u64::try_from(environments.len()).unwrap_or(u64::MAX);
            let gates: Vec<Gate> = environments.into_iter().map(gate).collect();
            observe(&gates, more)
        }
        Answer::Known(None) => unknown(&KEYS, &Answer::failed("GitHub did not list the environments")),
        other => unknown(&KEYS, &other.map(|_| ())),
    };
    let page = || Place::page(format!("{url}/deployments"));
    observations.into_iter().map(|seen| seen.from("GraphQL Repository.environments").at(page())).collect()
}

fn gate(environment: Environment) -> Gate {
    let mut gate = Gate::default();
    for rule in environment.protection_rules.map(List::into_items).unwrap_or_default() {
        match rule.kind.as_str() {
            "BRANCH_POLICY" => gate.branch_limited = true,
            "REQUIRED_REVIEWERS" if rule.reviewers.is_some_and(|reviewers| reviewers.total_count > 0) => {
                gate.reviewed = true;
                gate.no_self_review |= rule.prevent_self_review == Some(true);
            }
            _ => {}
        }
    }
    gate
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::endpoint::tests::states;
    use super::*;
    use crate::evidence::State;

    fn count(number: i64) -> State {
        State::Observed(number.into())
    }

    #[test]
    fn gates_of_environments_are_counted() {
        let value = json!({ "total_count": 2, "environments": [
            { "name": "release", "can_admins_bypass": false,
              "protection_rules": [{ "type": "required_reviewers", "prevent_self_review": true, "reviewers": [{}] }],
              "deployment_branch_policy": { "protected_branches": false, "custom_branch_policies": true } },
            { "name": "pages", "can_admins_bypass": true, "deployment_branch_policy": null,
              "protection_rules": [{ "type": "required_reviewers", "reviewers": [] }, { "type": "wait_timer" }] },
        ] });
        assert_eq!(states(&ENVIRONMENTS, value.clone(), false), [2, 1, 1, 1, 1, 1].map(count));
        assert!(matches!(states(&ENVIRONMENTS, value, true)[0], State::Unavailable { .. }));
        let older = json!({ "environments": [{ "name": "release" }] });
        assert!(matches!(states(&ENVIRONMENTS, older, false)[5], State::Unavailable { .. }));
    }

    #[test]
    fn graphql_tells_the_same_gates() {
        let section = json!({ "environments": { "totalCount": 2, "nodes": [
            { "protectionRules": { "nodes": [
                { "type": "REQUIRED_REVIEWERS", "preventSelfReview": true, "reviewers": { "totalCount": 1 } },
                { "type": "BRANCH_POLICY", "preventSelfReview": null, "reviewers": { "totalCount": 0 } },
            ] } },
            { "protectionRules": { "nodes": [] } },
        ] } });
        let of = |section: serde_json::Value| -> Vec<State> {
            let answer = Answer::Known(serde_json::from_value(section).unwrap());
            from_graphql(answer, "u").into_iter().map(|observation| observation.state).collect()
        };
        assert_eq!(of(section)[..], [2, 1, 1, 1].map(count));
        assert!(matches!(of(json!({ "environments": null }))[0], State::Failed { .. }));
        assert!(matches!(
            of(json!({ "environments": { "totalCount": 9, "nodes": [] } }))[0],
            State::Unavailable { .. }
        ));
    }
}
