//! Answers of the REST API, as far as they are read. Everything that a token's role or an older server may leave out
//! is optional; unknown fields are passed over.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

/// `GET /repos/{owner}/{repo}`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Repository {
    pub(super) id: u64,
    pub(super) name: String,
    /// `owner/name`. The oldest servers leave it out.
    pub(super) full_name: Option<String>,
    pub(super) html_url: String,
    #[serde(default)]
    pub(super) private: bool,
    pub(super) visibility: Option<String>,
    pub(super) archived: Option<bool>,
    pub(super) disabled: Option<bool>,
    #[serde(default)]
    pub(super) fork: bool,
    pub(super) parent: Option<FullName>,
    pub(super) mirror_url: Option<String>,
    pub(super) owner: Option<Account>,
    pub(super) created_at: Option<DateTime<Utc>>,
    pub(super) pushed_at: Option<DateTime<Utc>>,
    pub(super) homepage: Option<String>,
    pub(super) has_issues: Option<bool>,
    pub(super) has_discussions: Option<bool>,
    pub(super) license: Option<License>,
    /// The language with most code.
    pub(super) language: Option<String>,
    pub(super) topics: Option<Vec<String>>,
    pub(super) web_commit_signoff_required: Option<bool>,
    pub(super) default_branch: Option<String>,
    pub(super) permissions: Option<Permissions>,
    pub(super) security_and_analysis: Option<SecurityAndAnalysis>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct FullName {
    pub(super) full_name: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Account {
    #[serde(default)]
    pub(super) login: Option<String>,
    #[serde(default, rename = "type")]
    pub(super) kind: Option<String>,
}

/// `GET /repos/{owner}/{repo}/contributors`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Contributor {
    /// None of an author without an account.
    pub(super) login: Option<String>,
    /// `User`, `Bot`, ... Required: without it nobody knows whether it is a person.
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct License {
    pub(super) spdx_id: Option<String>,
}

/// What the token's owner may do. Left out without a token.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Permissions {
    #[serde(default)]
    pub(super) admin: bool,
    #[serde(default)]
    pub(super) maintain: bool,
    #[serde(default)]
    pub(super) push: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct SecurityAndAnalysis {
    pub(super) secret_scanning: Option<Feature>,
    pub(super) secret_scanning_push_protection: Option<Feature>,
    pub(super) dependabot_security_updates: Option<Feature>,
    pub(super) secret_scanning_non_provider_patterns: Option<Feature>,
    pub(super) secret_scanning_validity_checks: Option<Feature>,
    pub(super) secret_scanning_delegated_bypass: Option<Feature>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Feature {
    /// enabled or disabled
    pub(super) status: Option<String>,
}

/// `GET /repos/{owner}/{repo}/branches/{branch}`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Branch {
    pub(super) commit: BranchCommit,
    pub(super) protected: Option<bool>,
    pub(super) protection: Option<BranchProtection>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct BranchCommit {
    pub(super) sha: String,
}

/// The part of a classic rule that everybody sees.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct BranchProtection {
    pub(super) enabled: Option<bool>,
    pub(super) required_status_checks: Option<RequiredChecks>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RequiredChecks {
    /// off, `non_admins` or everyone
    pub(super) enforcement_level: Option<String>,
    #[serde(default)]
    pub(super) contexts: Vec<String>,
}

/// A rule of `GET /repos/{owner}/{repo}/rules/branches/{branch}`: active, and for this branch.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct BranchRule {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) parameters: Option<RuleParameters>,
    pub(super) ruleset_source_type: Option<String>,
    pub(super) ruleset_id: Option<u64>,
}

/// Parameters of the rules that are read: `pull_request`, `required_status_checks`, `workflows`, `code_scanning` and
/// `required_deployments`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RuleParameters {
    pub(super) required_approving_review_count: Option<i64>,
    pub(super) dismiss_stale_reviews_on_push: Option<bool>,
    pub(super) require_code_owner_review: Option<bool>,
    pub(super) require_last_push_approval: Option<bool>,
    pub(super) required_review_thread_resolution: Option<bool>,
    pub(super) strict_required_status_checks_policy: Option<bool>,
    pub(super) required_status_checks: Vec<RequiredCheck>,
    /// Required workflows, whose checks are not named.
    pub(super) workflows: Vec<RequiredWorkflow>,
    pub(super) code_scanning_tools: Vec<ScanningTool>,
    pub(super) required_deployment_environments: Vec<String>,
    /// Teams that must approve changes of some files, of which it only counts that there are some.
    pub(super) required_reviewers: Vec<serde::de::IgnoredAny>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RequiredWorkflow {
    #[serde(default)]
    pub(super) path: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct ScanningTool {
    #[serde(default)]
    pub(super) tool: String,
    /// none, errors, `errors_and_warnings` or all
    pub(super) alerts_threshold: Option<String>,
    /// none, critical, `high_or_higher`, `medium_or_higher` or all
    pub(super) security_alerts_threshold: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RequiredCheck {
    pub(super) context: String,
}

/// `GET /repos/{owner}/{repo}/rulesets` (without rules) and `/rulesets/{id}`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Ruleset {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) target: Option<String>,
    pub(super) enforcement: Option<String>,
    #[serde(default)]
    pub(super) rules: Vec<RulesetRule>,
    pub(super) conditions: Option<Conditions>,
    /// never, always, `pull_requests_only` or exempt; left out without a token
    pub(super) current_user_can_bypass: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Conditions {
    pub(super) ref_name: Option<RefNames>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct RefNames {
    #[serde(default)]
    pub(super) include: Vec<String>,
    #[serde(default)]
    pub(super) exclude: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct RulesetRule {
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// `GET /repos/{owner}/{repo}/git/trees/{sha}?recursive=1`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Tree {
    pub(super) tree: Vec<TreeEntry>,
    #[serde(default)]
    pub(super) truncated: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct TreeEntry {
    pub(super) path: Option<String>,
    pub(super) mode: Option<String>,
    pub(super) sha: Option<String>,
    pub(super) size: Option<u64>,
}

/// A file of `GET /repos/{owner}/{repo}/contents/{folder}`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct FolderFile {
    pub(super) path: String,
    /// Where its content can be fetched without counting against the rate limit. Null for submodules.
    pub(super) download_url: Option<String>,
}

/// `GET /repos/{owner}/{repo}/releases`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Release {
    pub(super) tag_name: String,
    pub(super) body: Option<String>,
    #[serde(default)]
    pub(super) draft: bool,
    #[serde(default)]
    pub(super) prerelease: bool,
    pub(super) immutable: Option<bool>,
    pub(super) published_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub(super) assets: Vec<Asset>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Asset {
    pub(super) name: String,
    pub(super) browser_download_url: Option<String>,
    /// As GitHub computed it: `sha256:` and hexadecimal digits.
    pub(super) digest: Option<String>,
}

/// `GET /repos/{owner}/{repo}/commits`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Commit {
    #[serde(default)]
    pub(super) sha: String,
    #[serde(rename = "commit")]
    pub(super) detail: CommitDetail,
    pub(super) author: Option<Account>,
    #[serde(default)]
    pub(super) parents: Vec<serde::de::IgnoredAny>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct CommitDetail {
    pub(super) author: Option<Signature>,
    pub(super) committer: Option<Signature>,
    #[serde(default)]
    pub(super) message: String,
    pub(super) verification: Option<Verification>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Signature {
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) date: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Verification {
    pub(super) verified: bool,
}

/// `GET /repos/{owner}/{repo}/collaborators`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Collaborator {
    pub(super) permissions: Option<Permissions>,
}

/// `GET /orgs/{org}`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Organization {
    /// What has no login is no answer about an organisation.
    #[serde(rename = "login")]
    _login: String,
    pub(super) is_verified: Option<bool>,
    /// Shown to owners only.
    pub(super) two_factor_requirement_enabled: Option<bool>,
    /// Shown to owners only.
    pub(super) default_repository_permission: Option<String>,
    /// The other fields: among them what members may do, which is shown to owners only.
    #[serde(flatten)]
    pub(super) settings: BTreeMap<String, Value>,
}

/// `GET /repos/{owner}/{repo}/actions/permissions`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ActionsPermissions {
    pub(super) enabled: bool,
    pub(super) allowed_actions: Option<String>,
    pub(super) sha_pinning_required: Option<bool>,
}

/// `GET /repos/{owner}/{repo}/actions/permissions/workflow`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct WorkflowPermissions {
    pub(super) default_workflow_permissions: String,
    pub(super) can_approve_pull_request_reviews: Option<bool>,
}

/// `GET /repos/{owner}/{repo}/private-vulnerability-reporting`
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Enabled {
    pub(super) enabled: bool,
}

/// `GET /repos/{owner}/{repo}/code-scanning/default-setup`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct DefaultSetup {
    pub(super) state: String,
}

/// `GET /repos/{owner}/{repo}/security-advisories`
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Advisory {
    /// Required: without it nobody knows whether the advisory is published.
    pub(super) state: String,
    pub(super) created_at: Option<DateTime<Utc>>,
    pub(super) published_at: Option<DateTime<Utc>>,
    /// low, medium, high or critical
    pub(super) severity: Option<String>,
    pub(super) cve_id: Option<String>,
    pub(super) vulnerabilities: Option<Vec<AffectedPackage>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct AffectedPackage {
    pub(super) patched_versions: Option<String>,
}
