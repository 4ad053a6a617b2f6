use serde_json::json;

use super::super::endpoint::tests::states;
use super::*;
use crate::evidence::State;

fn seen(value: impl Into<crate::evidence::Value>) -> State {
    State::Observed(value.into())
}

fn of(key: &str, value: Value) -> Vec<State> {
    states(FULL.iter().find(|endpoint| endpoint.keys.contains(&key)).unwrap(), value, false)
}

#[test]
fn settings_of_an_organisation_are_read_as_they_are() {
    let actions = json!({ "enabled_repositories": "all", "allowed_actions": "selected", "sha_pinning_required": true });
    assert_eq!(of("org.actions_allowed", actions), [seen("all"), seen("selected"), seen(true)]);
    let workflow = json!({ "default_workflow_permissions": "read", "can_approve_pull_request_reviews": false });
    assert_eq!(of("org.workflows_can_approve", workflow), [seen("read"), seen(false)]);
    assert_eq!(of("org.owners", json!([{ "login": "ann" }])), [seen(1_i64)]);
    assert_eq!(of("org.fork_approval", json!({ "approval_policy": "all_external_contributors" })).len(), 1);
    assert_eq!(of("org.repository_runners", json!({ "enabled_repositories": "none" })), [seen("none")]);
    let groups =
        json!({ "runner_groups": [{ "allows_public_repositories": true }, { "allows_public_repositories": false }] });
    assert_eq!(of("org.runner_groups_public", groups), [seen(1_i64)]);
    let secrets = json!({ "secrets": [{ "name": "X", "visibility": "all", "updated_at": "2025-02-01T00:00:00Z" }] });
    assert_eq!(of("org.secrets", secrets), [seen(1_i64), seen(1_i64), seen("2025-02-01")]);
    assert_eq!(of("org.immutable_releases", json!({ "enforced_repositories": "selected" })), [seen("selected")]);
    assert_eq!(of("org.audit_log", json!([{ "actor": "ann" }])), [seen(true)]);
    let rulesets = json!([{ "id": 1, "name": "a", "enforcement": "active" }, { "id": 2, "name": "b" }]);
    assert_eq!(of("org.rulesets_active", rulesets), [seen(1_i64)]);
}

#[test]
fn an_app_writes_everywhere_if_it_can_change_code_of_all_repositories() {
    let app = |selection: &str, level: &str| json!({ "repository_selection": selection, "permissions": { "contents": level, "metadata": "read" } });
    let installations = json!({ "installations": [app("all", "write"), app("all", "read"), app("selected", "write")] });
    assert_eq!(of("org.apps", installations), [seen(3_i64), seen(1_i64)]);
}

#[test]
fn default_configurations_name_the_repositories_they_are_for() {
    let key = "org.security_configurations_default";
    assert_eq!(of(key, json!([])), [seen(false), State::Absent]);
    assert_eq!(of(key, json!([{ "default_for_new_repos": "none" }])), [seen(false), State::Absent]);
    assert_eq!(of(key, json!([{ "default_for_new_repos": "public" }])), [seen(true), seen("public")]);
    let both = json!([{ "default_for_new_repos": "public" }, { "default_for_new_repos": "private_and_internal" }]);
    assert_eq!(of(key, both), [seen(true), seen("all")]);
}

#[test]
fn privileges_that_are_left_out_are_not_permitted() {
    let organization = json!({ "login": "acme", "members_can_delete_repositories": false, "dependabot_alerts_enabled_for_new_repositories": true });
    let found = privileges(&Answer::Known(serde_json::from_value(organization).unwrap()));
    assert!(found.iter().map(|seen| seen.key.as_str()).eq(PRIVILEGE_KEYS));
    assert_eq!(found[1].state, seen(false));
    assert!(matches!(found[0].state, State::NotPermitted { .. }));
    assert_eq!(found[8].state, seen(vec!["dependabot_alerts".to_owned()]));
    let none = privileges(&Answer::Known(serde_json::from_value(json!({ "login": "acme" })).unwrap()));
    assert!(matches!(none[8].state, State::NotPermitted { .. }));
}

#[test]
fn a_policy_that_is_hidden_is_not_off() {
    let of = |value: Value, refused| -> Vec<State> {
        let answer = Answer::Known(serde_json::from_value(value).unwrap());
        policy(answer, refused).into_iter().map(|observation| observation.state).collect()
    };
    let value = json!({
        "ipAllowListEnabledSetting": "ENABLED", "notificationDeliveryRestrictionEnabledSetting": "DISABLED",
        "samlIdentityProvider": null, "domains": { "totalCount": 2 },
    });
    assert_eq!(of(value.clone(), false), [seen(true), seen(false), seen(false), seen(2_i64)]);
    assert!(matches!(of(value, true)[2], State::NotPermitted { .. }));
    assert!(matches!(of(json!({}), false)[0], State::NotPermitted { .. }));
}

#[test]
fn pages_stand_beside_those_of_the_repository() {
    assert_eq!(page("https://github.com/acme/widget", "acme"), "https://github.com/organizations/acme");
}
