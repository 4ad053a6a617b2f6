//! The settings that an administrator sees, as either API tells them.

use serde_json::{Value, json};

/// The answers of GraphQL for those who administer, by the names of the queries.
pub(super) fn settings_by_graphql(name: &str) -> Value {
    let contributions = json!({ "hasAnyContributions": true, "hasAnyRestrictedContributions": false });
    json!({ "data": match name {
        "graphql SeaworthyActivity" => json!({ "nodes": [{ "contributionsCollection": contributions }] }),
        "graphql SeaworthyOrganization" => json!({ "organization": {
            "ipAllowListEnabledSetting": "ENABLED", "notificationDeliveryRestrictionEnabledSetting": "ENABLED",
            "samlIdentityProvider": { "id": "S1" }, "domains": { "totalCount": 1 },
        } }),
        _ => json!({
            "people": {
                "collaborators": { "totalCount": 1, "edges": [{ "permission": "ADMIN", "node": { "id": "U1" } }] },
                "outside": { "totalCount": 1, "edges": [{ "permission": "WRITE" }] },
                "owner": { "id": "O1", "__typename": "Organization" },
            },
            "dependabot": {
                "hasVulnerabilityAlertsEnabled": true,
                "vulnerabilityAlerts": { "totalCount": 1, "nodes": [
                    { "createdAt": "2026-01-05T00:00:00Z", "securityVulnerability": { "severity": "HIGH" } },
                ] },
            },
            "deploy_keys": { "deployKeys": { "totalCount": 1, "nodes": [
                { "createdAt": "2025-01-05T00:00:00Z", "readOnly": false },
            ] } },
            "environments": { "environments": { "totalCount": 1, "nodes": [{ "protectionRules": { "nodes": [
                { "type": "REQUIRED_REVIEWERS", "preventSelfReview": true, "reviewers": { "totalCount": 1 } },
                { "type": "BRANCH_POLICY", "preventSelfReview": null, "reviewers": { "totalCount": 0 } },
            ] } }] } },
        }),
    } })
}

/// The settings that the REST API tells administrators and owners, below the repository and the organisation.
pub(super) fn settings_by_rest() -> [(&'static str, Value); 43] {
    let at = "2025-06-01T00:00:00Z";
    let hook =
        json!([{ "active": true, "config": { "url": "http://ci.example.org", "secret": "", "insecure_ssl": "1" } }]);
    [
        (
            "/repos/acme/widget/actions/permissions/fork-pr-contributor-approval",
            json!({ "approval_policy": "first_time_contributors" }),
        ),
        ("/repos/acme/widget/immutable-releases", json!({ "enabled": true, "enforced_by_owner": true })),
        ("/repos/acme/widget/hooks?per_page=100", hook.clone()),
        (
            "/repos/acme/widget/secret-scanning/alerts?state=open&hide_secret=true&sort=created&direction=asc&per_page=100",
            json!([{ "created_at": at, "push_protection_bypassed": true }]),
        ),
        (
            "/repos/acme/widget/code-scanning/alerts?state=open&sort=created&direction=asc&per_page=100",
            json!([{ "created_at": at, "rule": { "security_severity_level": "critical" } }]),
        ),
        (
            "/repos/acme/widget/actions/permissions/selected-actions",
            json!({ "github_owned_allowed": true, "verified_allowed": true, "patterns_allowed": ["acme/*"] }),
        ),
        (
            "/repos/acme/widget/code-security-configuration",
            json!({ "status": "attached", "configuration": { "name": "High", "enforcement": "enforced" } }),
        ),
        (
            "/repos/acme/widget/environments?per_page=100",
            json!({ "environments": [{
            "can_admins_bypass": true, "deployment_branch_policy": { "custom_branch_policies": true },
            "protection_rules": [{ "type": "required_reviewers", "prevent_self_review": true, "reviewers": [{}] }],
        }] }),
        ),
        ("/repos/acme/widget/actions/runners?per_page=1", json!({ "total_count": 2 })),
        ("/repos/acme/widget/actions/secrets?per_page=100", json!({ "secrets": [{ "updated_at": at }] })),
        ("/repos/acme/widget/actions/organization-secrets?per_page=1", json!({ "total_count": 3 })),
        (
            "/repos/acme/widget/rulesets/rule-suites?rule_suite_result=bypass&time_period=month&per_page=100",
            json!([{ "id": 1 }, { "id": 2 }]),
        ),
        ("/repos/acme/widget/teams?per_page=100", json!([{ "permission": "admin" }, { "permission": "push" }])),
        ("/repos/acme/widget/invitations?per_page=100", json!([{ "created_at": at }, { "created_at": at }])),
        (
            "/repos/acme/widget/code-scanning/analyses?per_page=1",
            json!([{ "created_at": at, "tool": { "name": "CodeQL" } }]),
        ),
        (
            "/repos/acme/widget/actions/oidc/customization/sub",
            json!({ "use_default": false, "include_claim_keys": ["repo", "context"] }),
        ),
        ("/repos/acme/widget/actions/permissions/artifact-and-log-retention", json!({ "days": 30 })),
        ("/repos/acme/widget/automated-security-fixes", json!({ "enabled": true, "paused": true })),
        ("/repos/acme/widget/interaction-limits", json!({ "limit": "existing_users" })),
        (
            "/repos/acme/widget/rulesets/7/history?per_page=100",
            json!([{ "updated_at": "2025-07-01T00:00:00Z" }, { "updated_at": at }]),
        ),
        ("/repos/acme/widget/rulesets/8/history?per_page=100", json!([{ "updated_at": at }])),
        (
            "/repos/acme/widget/rulesets/7?includes_parents=true",
            json!({ "id": 7, "name": "main", "enforcement": "active", "current_user_can_bypass": "never" }),
        ),
        (
            "/repos/acme/widget/activity?activity_type=force_push&time_period=year&per_page=100&ref=refs%2Fheads%2Fmain",
            json!([{ "id": 1 }, { "id": 2 }]),
        ),
        ("/repos/acme/widget/dependency-graph/sbom", json!({ "sbom": { "packages": [{}, {}] } })),
        ("/orgs/acme/members?role=admin&per_page=100", json!([{ "id": 1 }, { "id": 2 }])),
        ("/orgs/acme/members?filter=2fa_disabled&per_page=100", json!([{ "id": 1 }, { "id": 2 }])),
        ("/orgs/acme/members?filter=2fa_insecure&per_page=100", json!([{ "id": 1 }, { "id": 2 }])),
        ("/orgs/acme/outside_collaborators?per_page=100", json!([{ "id": 1 }, { "id": 2 }])),
        ("/orgs/acme/outside_collaborators?filter=2fa_disabled&per_page=100", json!([{ "id": 1 }, { "id": 2 }])),
        (
            "/orgs/acme/actions/permissions",
            json!({ "enabled_repositories": "all", "allowed_actions": "selected", "sha_pinning_required": true }),
        ),
        (
            "/orgs/acme/actions/permissions/workflow",
            json!({ "default_workflow_permissions": "read", "can_approve_pull_request_reviews": true }),
        ),
        (
            "/orgs/acme/actions/permissions/fork-pr-contributor-approval",
            json!({ "approval_policy": "first_time_contributors" }),
        ),
        ("/orgs/acme/actions/permissions/self-hosted-runners", json!({ "enabled_repositories": "none" })),
        (
            "/orgs/acme/actions/runner-groups?per_page=100",
            json!({ "runner_groups": [{ "allows_public_repositories": true }] }),
        ),
        ("/orgs/acme/actions/secrets?per_page=100", json!({ "secrets": [{ "updated_at": at, "visibility": "all" }] })),
        ("/orgs/acme/hooks?per_page=100", hook),
        (
            "/orgs/acme/installations?per_page=100",
            json!({ "installations": [{ "repository_selection": "all", "permissions": { "contents": "write" } }] }),
        ),
        ("/orgs/acme/code-security/configurations/defaults", json!([{ "default_for_new_repos": "public" }])),
        ("/orgs/acme/settings/immutable-releases", json!({ "enforced_repositories": "all" })),
        ("/orgs/acme/rulesets?per_page=100", json!([{ "id": 1, "name": "all", "enforcement": "active" }])),
        (
            "/orgs/acme/rulesets/rule-suites?rule_suite_result=bypass&time_period=month&per_page=100",
            json!([{ "id": 1 }, { "id": 2 }]),
        ),
        ("/orgs/acme/invitations?per_page=100", json!([{ "id": 1 }, { "id": 2 }])),
        ("/orgs/acme/failed_invitations?per_page=100", json!([{ "id": 1 }, { "id": 2 }])),
    ]
}
