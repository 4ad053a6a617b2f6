//! Rules of branches and tags: `protection.graphql`, `rulesets.graphql`.

use serde::Deserialize;

use super::{Count, List};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Protection {
    pub(in super::super) merge_queue: Option<serde::de::IgnoredAny>,
    pub(in super::super) default_branch_ref: Option<ProtectedBranch>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct ProtectedBranch {
    pub(in super::super) ref_update_rule: Option<RefUpdateRule>,
    pub(in super::super) branch_protection_rule: Option<BranchProtectionRule>,
}

/// What the rules ask of the token's owner. Whoever may bypass a rule may see it left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in super::super) struct RefUpdateRule {
    pub(in super::super) allows_deletions: Option<bool>,
    pub(in super::super) allows_force_pushes: Option<bool>,
    pub(in super::super) required_approving_review_count: Option<i64>,
    pub(in super::super) required_status_check_contexts: Option<Vec<Option<String>>>,
    pub(in super::super) requires_code_owner_reviews: bool,
    pub(in super::super) requires_conversation_resolution: bool,
    pub(in super::super) requires_linear_history: bool,
    pub(in super::super) requires_signatures: bool,
}

/// A classic rule. Only administrators see it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in super::super) struct BranchProtectionRule {
    pub(in super::super) allows_deletions: bool,
    pub(in super::super) allows_force_pushes: bool,
    pub(in super::super) dismisses_stale_reviews: bool,
    pub(in super::super) is_admin_enforced: bool,
    pub(in super::super) lock_branch: bool,
    pub(in super::super) require_last_push_approval: bool,
    pub(in super::super) required_approving_review_count: Option<i64>,
    pub(in super::super) required_status_check_contexts: Option<Vec<Option<String>>>,
    pub(in super::super) requires_approving_reviews: bool,
    pub(in super::super) requires_code_owner_reviews: bool,
    pub(in super::super) requires_commit_signatures: bool,
    pub(in super::super) requires_conversation_resolution: bool,
    pub(in super::super) requires_deployments: bool,
    pub(in super::super) requires_linear_history: bool,
    pub(in super::super) requires_status_checks: bool,
    pub(in super::super) requires_strict_status_checks: bool,
    pub(in super::super) required_deployment_environments: Option<Vec<Option<String>>>,
    pub(in super::super) restricts_review_dismissals: bool,
    pub(in super::super) restricts_pushes: bool,
    pub(in super::super) bypass_pull_request_allowances: Option<Count>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Rulesets {
    pub(in super::super) rulesets: Option<List<Ruleset>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Ruleset {
    pub(in super::super) database_id: Option<u64>,
    pub(in super::super) name: String,
    pub(in super::super) target: Option<String>,
    pub(in super::super) enforcement: String,
    pub(in super::super) source: Option<TypeName>,
    /// Null where the token may not know.
    pub(in super::super) bypass_actors: Option<Count>,
    pub(in super::super) rules: Option<List<Rule>>,
    pub(in super::super) conditions: Option<Conditions>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct TypeName {
    #[serde(rename = "__typename")]
    pub(in super::super) kind: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Rule {
    #[serde(rename = "type")]
    pub(in super::super) kind: String,
}

/// What a ruleset holds for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Conditions {
    pub(in super::super) ref_name: Option<RefNames>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct RefNames {
    #[serde(default)]
    pub(in super::super) include: Vec<String>,
    #[serde(default)]
    pub(in super::super) exclude: Vec<String>,
}
