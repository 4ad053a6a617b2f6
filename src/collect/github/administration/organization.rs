//! What an organisation lets its members, workflows and apps do. Most of it is shown to owners alone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::super::access::seen_or_denied;
use super::super::answer::Answer;
use super::super::query::Count;
use super::super::rest;
use super::access::bypasses;
use super::actions::fork_approval;
use super::endpoint::{Endpoint, Found, Only, Read, count, earliest, told, unknown, whole_count, word};
use crate::evidence::{Access, Observation, Place};

/// What members may do: the key, and the field of `GET /orgs/{org}`.
const PRIVILEGES: [(&str, &str); 8] = [
    ("org.members_can_create_public_repositories", "members_can_create_public_repositories"),
    ("org.members_can_delete_repositories", "members_can_delete_repositories"),
    ("org.members_can_change_visibility", "members_can_change_repo_visibility"),
    ("org.members_can_invite_outsiders", "members_can_invite_outside_collaborators"),
    ("org.members_can_create_teams", "members_can_create_teams"),
    ("org.members_can_fork_private_repositories", "members_can_fork_private_repositories"),
    ("org.deploy_keys_allowed", "deploy_keys_enabled_for_repositories"),
    ("org.signoff_required", "web_commit_signoff_required"),
];
const NEW_REPOSITORIES: &str = "org.new_repository_features";
/// Security features that new repositories can get by default.
const FEATURES: [&str; 6] = [
    "advanced_security",
    "dependabot_alerts",
    "dependabot_security_updates",
    "dependency_graph",
    "secret_scanning",
    "secret_scanning_push_protection",
];
/// Keys of [`privileges`].
pub(super) const PRIVILEGE_KEYS: [&str; 9] = [
    PRIVILEGES[0].0,
    PRIVILEGES[1].0,
    PRIVILEGES[2].0,
    PRIVILEGES[3].0,
    PRIVILEGES[4].0,
    PRIVILEGES[5].0,
    PRIVILEGES[6].0,
    PRIVILEGES[7].0,
    NEW_REPOSITORIES,
];

/// The observations of what members may do and of what new repositories get.
pub(super) fn privileges(answer: &Answer<rest::Organization>) -> Vec<Observation> {
    answer.as_ref().observe(&PRIVILEGE_KEYS, |organization| {
        let flag = |field: &str| organization.settings.get(field).and_then(Value::as_bool);
        let mut observations: Vec<Observation> =
            PRIVILEGES.iter().map(|(key, field)| seen_or_denied(key, flag(field))).collect();
        let features = FEATURES.map(|feature| (feature, flag(&format!("{feature}_enabled_for_new_repositories"))));
        let known = features.iter().any(|(_, on)| on.is_some());
        let on =
            features.iter().filter(|(_, on)| *on == Some(true)).map(|(feature, _)| (*feature).to_owned()).collect();
        observations.push(if known {
            Observation::list(NEW_REPOSITORIES, on)
        } else {
            seen_or_denied(NEW_REPOSITORIES, None::<bool>)
        });
        observations.into_iter().map(|seen| seen.from("GET /orgs/{org}")).collect()
    })
}

/// Keys of [`policy`].
pub(super) const POLICY_KEYS: [&str; 4] =
    ["org.ip_allow_list", "org.notifications_restricted", "org.single_sign_on", "org.verified_domains"];

/// The query about the organisation itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Policy {
    ip_allow_list_enabled_setting: Option<String>,
    notification_delivery_restriction_enabled_setting: Option<String>,
    saml_identity_provider: Option<serde::de::IgnoredAny>,
    domains: Option<Count>,
}

/// The observations of [`POLICY_KEYS`], for an owner: to others these fields look as if they were off.
pub(super) fn policy(answer: Answer<Policy>, saml_refused: bool) -> Vec<Observation> {
    let observations = answer.observe(&POLICY_KEYS, |policy| {
        let enabled = |setting: Option<String>| setting.map(|word| word == "ENABLED");
        let sign_on = (!saml_refused).then_some(policy.saml_identity_provider.is_some());
        let domains = policy.domains.and_then(|domains| usize::try_from(domains.total_count).ok());
        vec![
            seen_or_denied(POLICY_KEYS[0], enabled(policy.ip_allow_list_enabled_setting)),
            seen_or_denied(POLICY_KEYS[1], enabled(policy.notification_delivery_restriction_enabled_setting)),
            seen_or_denied(POLICY_KEYS[2], sign_on),
            seen_or_denied(POLICY_KEYS[3], domains),
        ]
    });
    observations.into_iter().map(|seen| seen.from("GraphQL Organization")).collect()
}

/// What all settings of an organisation share.
const SETTING: Endpoint = Endpoint {
    path: "",
    page: "/settings",
    keys: &[],
    least: Access::Admin,
    scopes: &["admin:org"],
    only: Only::Always,
    read: |_| Ok(Vec::new()),
    lacking: false,
};
/// Scopes of which each shows who belongs to an organisation.
pub(super) const MEMBERS: &[&str] = &["read:org", "write:org", "admin:org"];

const ACTIONS_KEYS: [&str; 3] = ["org.actions_enabled_for", "org.actions_allowed", "org.sha_pinning_required"];
const WORKFLOW_KEYS: [&str; 2] = ["org.default_workflow_permissions", "org.workflows_can_approve"];
const SECRET_KEYS: [&str; 3] = ["org.secrets", "org.secrets_for_all", "org.oldest_secret_on"];
const APP_KEYS: [&str; 2] = ["org.apps", "org.apps_writing_everywhere"];
const CONFIGURATION_KEYS: [&str; 2] = ["org.security_configurations_default", "org.security_configurations_new"];

/// The settings that are asked for in full depth, the weightiest first.
pub(super) const FULL: &[Endpoint] = &[
    Endpoint {
        path: "/members?role=admin&per_page=100",
        page: "/people",
        keys: &["org.owners"],
        scopes: MEMBERS,
        read: |found| people(found, "org.owners"),
        ..SETTING
    },
    Endpoint {
        path: "/members?filter=2fa_disabled&per_page=100",
        page: "/people",
        keys: &["org.members_without_second_factor"],
        read: |found| people(found, "org.members_without_second_factor"),
        ..SETTING
    },
    Endpoint {
        path: "/members?filter=2fa_insecure&per_page=100",
        page: "/people",
        keys: &["org.members_with_insecure_second_factor"],
        read: |found| people(found, "org.members_with_insecure_second_factor"),
        ..SETTING
    },
    Endpoint {
        path: "/outside_collaborators?per_page=100",
        page: "/outside-collaborators",
        keys: &["org.outside_collaborators"],
        read: |found| people(found, "org.outside_collaborators"),
        ..SETTING
    },
    Endpoint {
        path: "/outside_collaborators?filter=2fa_disabled&per_page=100",
        page: "/outside-collaborators",
        keys: &["org.outsiders_without_second_factor"],
        read: |found| people(found, "org.outsiders_without_second_factor"),
        ..SETTING
    },
    Endpoint { path: "/actions/permissions", page: "/settings/actions", keys: &ACTIONS_KEYS, read: actions, ..SETTING },
    Endpoint {
        path: "/actions/permissions/workflow",
        page: "/settings/actions",
        keys: &WORKFLOW_KEYS,
        read: workflow,
        ..SETTING
    },
    Endpoint {
        path: "/actions/permissions/fork-pr-contributor-approval",
        page: "/settings/actions",
        keys: &["org.fork_approval"],
        read: |found| fork_approval(found, "org.fork_approval"),
        ..SETTING
    },
    Endpoint {
        path: "/actions/permissions/self-hosted-runners",
        page: "/settings/actions",
        keys: &["org.repository_runners"],
        read: repository_runners,
        ..SETTING
    },
    Endpoint {
        path: "/actions/runner-groups?per_page=100",
        page: "/settings/actions/runner-groups",
        keys: &["org.runner_groups_public"],
        read: runner_groups,
        ..SETTING
    },
    Endpoint {
        path: "/actions/secrets?per_page=100",
        page: "/settings/secrets/actions",
        keys: &SECRET_KEYS,
        read: secrets,
        ..SETTING
    },
    super::hooks::ORGANIZATION,
    Endpoint {
        path: "/installations?per_page=100",
        page: "/settings/installations",
        keys: &APP_KEYS,
        scopes: &["admin:org", "read:org", "write:org"],
        read: apps,
        ..SETTING
    },
    Endpoint {
        path: "/code-security/configurations/defaults",
        page: "/settings/security_products",
        keys: &CONFIGURATION_KEYS,
        read: configurations,
        ..SETTING
    },
    Endpoint {
        path: "/settings/immutable-releases",
        page: "/settings/repository-defaults",
        keys: &["org.immutable_releases"],
        read: immutable_releases,
        ..SETTING
    },
    Endpoint {
        path: "/rulesets?per_page=100",
        page: "/settings/rules",
        keys: &["org.rulesets_active"],
        read: rulesets,
        ..SETTING
    },
    Endpoint {
        path: "/rulesets/rule-suites?rule_suite_result=bypass&time_period=month&per_page=100",
        page: "/settings/rules",
        keys: &["org.rule_bypasses"],
        read: |found| bypasses(found, "org.rule_bypasses"),
        ..SETTING
    },
    Endpoint {
        path: "/invitations?per_page=100",
        page: "/people/pending_invitations",
        keys: &["org.invitations"],
        read: |found| people(found, "org.invitations"),
        ..SETTING
    },
    Endpoint {
        path: "/failed_invitations?per_page=100",
        page: "/people/failed_invitations",
        keys: &["org.failed_invitations"],
        read: |found| people(found, "org.failed_invitations"),
        ..SETTING
    },
    Endpoint {
        path: "/audit-log?per_page=1",
        page: "/settings/audit-log",
        keys: &["org.audit_log"],
        scopes: &["read:audit_log", "admin:org"],
        // An entry is not read; that there is an answer is enough.
        read: |found| {
            found.read::<Vec<serde::de::IgnoredAny>>().map(|_| vec![Observation::seen("org.audit_log", true)])
        },
        ..SETTING
    },
];

/// How many people a list holds. Names are not read.
fn people(found: Found, key: &str) -> Read {
    let more = found.more;
    let people: Vec<serde::de::IgnoredAny> = found.read()?;
    Ok(vec![count(key, people.len(), more)])
}

#[derive(Deserialize)]
struct ActionsPolicy {
    enabled_repositories: Option<String>,
    allowed_actions: Option<String>,
    sha_pinning_required: Option<bool>,
}

fn actions(found: Found) -> Read {
    let actions: ActionsPolicy = found.read()?;
    Ok(vec![
        word(ACTIONS_KEYS[0], actions.enabled_repositories),
        word(ACTIONS_KEYS[1], actions.allowed_actions),
        told(ACTIONS_KEYS[2], actions.sha_pinning_required),
    ])
}

fn workflow(found: Found) -> Read {
    let workflow: rest::WorkflowPermissions = found.read()?;
    Ok(vec![
        word(WORKFLOW_KEYS[0], Some(workflow.default_workflow_permissions)),
        told(WORKFLOW_KEYS[1], workflow.can_approve_pull_request_reviews),
    ])
}

#[derive(Deserialize)]
struct RepositoryRunners {
    enabled_repositories: Option<String>,
}

fn repository_runners(found: Found) -> Read {
    let runners: RepositoryRunners = found.read()?;
    Ok(vec![word("org.repository_runners", runners.enabled_repositories)])
}

#[derive(Deserialize)]
struct RunnerGroups {
    runner_groups: Vec<RunnerGroup>,
}

#[derive(Deserialize)]
struct RunnerGroup {
    allows_public_repositories: bool,
}

fn runner_groups(found: Found) -> Read {
    let more = found.more;
    let groups = found.read::<RunnerGroups>()?.runner_groups;
    let public = groups.iter().filter(|group| group.allows_public_repositories).count();
    Ok(vec![whole_count("org.runner_groups_public", public, more)])
}

#[derive(Deserialize)]
struct Secrets {
    secrets: Vec<Secret>,
}

/// A secret's name is not read.
#[derive(Deserialize)]
struct Secret {
    updated_at: Option<DateTime<Utc>>,
    visibility: String,
}

fn secrets(found: Found) -> Read {
    let more = found.more;
    let secrets = found.read::<Secrets>()?.secrets;
    let for_all = secrets.iter().filter(|secret| secret.visibility == "all").count();
    Ok(vec![
        whole_count(SECRET_KEYS[0], secrets.len(), more),
        whole_count(SECRET_KEYS[1], for_all, more),
        earliest(SECRET_KEYS[2], secrets.iter().map(|secret| secret.updated_at), more),
    ])
}

#[derive(Deserialize)]
struct Installations {
    installations: Vec<Installation>,
}

#[derive(Deserialize)]
struct Installation {
    repository_selection: Option<String>,
    #[serde(default)]
    permissions: BTreeMap<String, String>,
}

impl Installation {
    /// Whether it can change code, settings or workflows of every repository.
    fn writes_everywhere(&self) -> bool {
        let writes = |name: &str| self.permissions.get(name).is_some_and(|level| level == "write");
        self.repository_selection.as_deref() == Some("all")
            && ["contents", "administration", "workflows", "actions"].into_iter().any(writes)
    }
}

fn apps(found: Found) -> Read {
    let more = found.more;
    let apps = found.read::<Installations>()?.installations;
    let writing = apps.iter().filter(|app| app.writes_everywhere()).count();
    Ok(vec![whole_count(APP_KEYS[0], apps.len(), more), whole_count(APP_KEYS[1], writing, more)])
}

#[derive(Deserialize)]
struct DefaultConfiguration {
    default_for_new_repos: String,
}

/// Whether new repositories get a security configuration, and which of them.
fn configurations(found: Found) -> Read {
    let defaults: Vec<DefaultConfiguration> = found.read()?;
    let words: Vec<String> = defaults
        .into_iter()
        .map(|configuration| configuration.default_for_new_repos)
        .filter(|word| word != "none")
        .collect();
    let has = !words.is_empty();
    let for_which = if words.len() > 1 { Some("all".to_owned()) } else { words.into_iter().next() };
    let for_which = match for_which {
        Some(for_which) => word(CONFIGURATION_KEYS[1], Some(for_which)),
        None => Observation::absent(CONFIGURATION_KEYS[1]),
    };
    Ok(vec![Observation::seen(CONFIGURATION_KEYS[0], has), for_which])
}

#[derive(Deserialize)]
struct ImmutableReleases {
    enforced_repositories: Option<String>,
}

fn immutable_releases(found: Found) -> Read {
    let releases: ImmutableReleases = found.read()?;
    Ok(vec![word("org.immutable_releases", releases.enforced_repositories)])
}

fn rulesets(found: Found) -> Read {
    let more = found.more;
    let rulesets: Vec<rest::Ruleset> = found.read()?;
    let active = rulesets.iter().filter(|ruleset| ruleset.enforcement.as_deref() == Some("active")).count();
    Ok(vec![whole_count("org.rulesets_active", active, more)])
}

/// All keys of an organisation's own settings but those of [`PRIVILEGE_KEYS`].
pub(super) fn full_keys() -> impl Iterator<Item = &'static str> {
    FULL.iter().flat_map(|endpoint| endpoint.keys.iter().copied()).chain(POLICY_KEYS)
}

/// The same keys, not asked for.
pub(super) fn unasked(answer: &Answer<()>) -> Vec<Observation> {
    full_keys().flat_map(|key| unknown(&[key], answer)).collect()
}

/// The address of the organisation's pages, from that of one of its repositories.
pub(super) fn page(repository_url: &str, login: &str) -> String {
    let host = repository_url.rsplitn(3, '/').nth(2).unwrap_or_default();
    format!("{host}/organizations/{login}")
}

/// Adds the organisation's page to observations that have none.
pub(super) fn placed(observations: Vec<Observation>, page: &str) -> Vec<Observation> {
    let place = |seen: Observation| {
        if seen.places.is_empty() { seen.at(Place::page(format!("{page}/settings"))) } else { seen }
    };
    observations.into_iter().map(place).collect()
}

#[cfg(test)]
mod tests;
