//! Settings of GitHub Actions beyond the permissions: whose runs need approval, runners, secrets and what jobs can prove.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::endpoint::{Endpoint, Found, Only, Read, earliest, told, whole_count, word};
use crate::evidence::Access;

/// The keys and the defaults that all endpoints of Actions share.
const ACTIONS: Endpoint = Endpoint {
    path: "",
    page: "/settings/actions",
    keys: &[],
    least: Access::Admin,
    scopes: &["repo"],
    only: Only::Always,
    read: |_| Ok(Vec::new()),
    lacking: false,
};

const SELECTED: [&str; 3] = ["actions.selected_github_owned", "actions.selected_verified", "actions.selected_patterns"];
const PRIVATE_FORKS: [&str; 3] =
    ["actions.private_forks_run", "actions.private_forks_get_secrets", "actions.private_forks_can_write"];
const SECRETS: [&str; 2] = ["actions.secrets", "actions.oldest_secret_on"];

pub(super) const FORK_APPROVAL: Endpoint = Endpoint {
    path: "/actions/permissions/fork-pr-contributor-approval",
    keys: &["actions.fork_approval"],
    only: Only::PublicRepository,
    scopes: &[],
    read: |found| fork_approval(found, "actions.fork_approval"),
    lacking: true,
    ..ACTIONS
};

pub(super) const SELECTED_ACTIONS: Endpoint = Endpoint {
    path: "/actions/permissions/selected-actions",
    keys: &SELECTED,
    only: Only::SelectedActions,
    scopes: &[],
    read: selected,
    ..ACTIONS
};

pub(super) const RETENTION: Endpoint = Endpoint {
    path: "/actions/permissions/artifact-and-log-retention",
    keys: &["actions.retention_days"],
    read: retention,
    ..ACTIONS
};

pub(super) const FORKS_OF_PRIVATE: Endpoint = Endpoint {
    path: "/actions/permissions/fork-pr-workflows-private-repos",
    keys: &PRIVATE_FORKS,
    only: Only::PrivateRepository,
    read: private_forks,
    ..ACTIONS
};

pub(super) const SHARED: Endpoint = Endpoint {
    path: "/actions/permissions/access",
    keys: &["actions.shared_with"],
    only: Only::PrivateRepository,
    read: shared,
    ..ACTIONS
};

pub(super) const RUNNERS: Endpoint = Endpoint {
    path: "/actions/runners?per_page=1",
    page: "/settings/actions/runners",
    keys: &["actions.self_hosted_runners"],
    read: |found| total(found, "actions.self_hosted_runners"),
    ..ACTIONS
};

pub(super) const REPOSITORY_SECRETS: Endpoint = Endpoint {
    path: "/actions/secrets?per_page=100",
    page: "/settings/secrets/actions",
    keys: &SECRETS,
    read: secrets,
    ..ACTIONS
};

pub(super) const ORGANIZATION_SECRETS: Endpoint = Endpoint {
    path: "/actions/organization-secrets?per_page=1",
    page: "/settings/secrets/actions",
    keys: &["actions.organization_secrets"],
    only: Only::Organization,
    read: |found| total(found, "actions.organization_secrets"),
    ..ACTIONS
};

pub(super) const OIDC_SUBJECT: Endpoint = Endpoint {
    path: "/actions/oidc/customization/sub",
    keys: &["actions.oidc_subject_customised"],
    read: oidc_subject,
    ..ACTIONS
};

#[derive(Deserialize)]
struct Approval {
    approval_policy: Option<String>,
}

/// Whose first runs wait for an approval, in the repository or by default in the organisation.
pub(super) fn fork_approval(found: Found, key: &str) -> Read {
    let approval: Approval = found.read()?;
    Ok(vec![word(key, approval.approval_policy)])
}

#[derive(Deserialize)]
struct Selected {
    #[serde(rename = "github_owned_allowed")]
    github_owned: Option<bool>,
    #[serde(rename = "verified_allowed")]
    verified: Option<bool>,
    #[serde(rename = "patterns_allowed")]
    patterns: Option<Vec<String>>,
}

fn selected(found: Found) -> Read {
    let selected: Selected = found.read()?;
    Ok(vec![
        told(SELECTED[0], selected.github_owned),
        told(SELECTED[1], selected.verified),
        told(SELECTED[2], selected.patterns.map(|patterns| patterns.len())),
    ])
}

#[derive(Deserialize)]
struct Retention {
    days: Option<i64>,
}

fn retention(found: Found) -> Read {
    let retention: Retention = found.read()?;
    Ok(vec![told("actions.retention_days", retention.days)])
}

#[derive(Deserialize)]
struct PrivateForks {
    run_workflows_from_fork_pull_requests: Option<bool>,
    send_secrets_and_variables: Option<bool>,
    send_write_tokens_to_workflows: Option<bool>,
}

fn private_forks(found: Found) -> Read {
    let forks: PrivateForks = found.read()?;
    Ok(vec![
        told(PRIVATE_FORKS[0], forks.run_workflows_from_fork_pull_requests),
        told(PRIVATE_FORKS[1], forks.send_secrets_and_variables),
        told(PRIVATE_FORKS[2], forks.send_write_tokens_to_workflows),
    ])
}

#[derive(Deserialize)]
struct Level {
    access_level: Option<String>,
}

fn shared(found: Found) -> Read {
    let level: Level = found.read()?;
    Ok(vec![word("actions.shared_with", level.access_level)])
}

#[derive(Deserialize)]
struct Total {
    total_count: Option<usize>,
}

/// How many things there are, of which none is looked at.
pub(super) fn total(found: Found, key: &str) -> Read {
    let total: Total = found.read()?;
    Ok(vec![told(key, total.total_count)])
}

#[derive(Deserialize)]
struct Secrets {
    secrets: Vec<Secret>,
}

/// A secret's name is not read.
#[derive(Deserialize)]
struct Secret {
    updated_at: Option<DateTime<Utc>>,
}

fn secrets(found: Found) -> Read {
    let more = found.more;
    let secrets = found.read::<Secrets>()?.secrets;
    Ok(vec![
        whole_count(SECRETS[0], secrets.len(), more),
        earliest(SECRETS[1], secrets.iter().map(|secret| secret.updated_at), more),
    ])
}

#[derive(Deserialize)]
struct OidcSubject {
    use_default: Option<bool>,
}

fn oidc_subject(found: Found) -> Read {
    let subject: OidcSubject = found.read()?;
    let customised = subject.use_default.map(|default| !default);
    Ok(vec![told("actions.oidc_subject_customised", customised)])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::endpoint::tests::states;
    use super::*;
    use crate::evidence::State;

    fn seen(value: impl Into<crate::evidence::Value>) -> State {
        State::Observed(value.into())
    }

    #[test]
    fn words_that_are_not_known_are_not_passed_on() {
        let of = |policy: &str| states(&FORK_APPROVAL, json!({ "approval_policy": policy }), false);
        assert_eq!(of("first_time_contributors"), [seen("first_time_contributors")]);
        assert!(matches!(of("odd")[..], [State::Unavailable { .. }]));
        assert_eq!(states(&SHARED, json!({ "access_level": "none" }), false), [seen("none")]);
    }

    #[test]
    fn settings_are_read_as_they_are() {
        let allowed =
            json!({ "github_owned_allowed": true, "verified_allowed": false, "patterns_allowed": ["acme/*"] });
        assert_eq!(states(&SELECTED_ACTIONS, allowed, false), [seen(true), seen(false), seen(1_i64)]);
        assert_eq!(states(&RETENTION, json!({ "days": 90, "maximum_allowed_days": 90 }), false), [seen(90_i64)]);
        let forks = json!({ "run_workflows_from_fork_pull_requests": true, "send_secrets_and_variables": false });
        let found = states(&FORKS_OF_PRIVATE, forks, false);
        assert_eq!(found[..2], [seen(true), seen(false)]);
        assert!(matches!(found[2], State::Unavailable { .. }));
        assert_eq!(states(&RUNNERS, json!({ "total_count": 3, "runners": [{}] }), true), [seen(3_i64)]);
        assert_eq!(states(&ORGANIZATION_SECRETS, json!({ "total_count": 0, "secrets": [] }), false), [seen(0_i64)]);
        assert_eq!(states(&OIDC_SUBJECT, json!({ "use_default": true }), false), [seen(false)]);
    }

    #[test]
    fn of_secrets_only_the_age_is_kept() {
        let secrets = json!({ "total_count": 2, "secrets": [
            { "name": "A", "updated_at": "2025-02-01T00:00:00Z" }, { "name": "B", "updated_at": "2024-02-01T00:00:00Z" },
        ] });
        assert_eq!(states(&REPOSITORY_SECRETS, secrets, false), [seen(2_i64), seen("2024-02-01")]);
        assert_eq!(states(&REPOSITORY_SECRETS, json!({ "secrets": [] }), false), [seen(0_i64), State::Absent]);
    }
}
