//! What the repository is: `repository.graphql`, `community.graphql`, `dependencies.graphql`.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Count, List, Name};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Repository {
    pub(in super::super) database_id: Option<u64>,
    pub(in super::super) name_with_owner: String,
    pub(in super::super) url: String,
    pub(in super::super) visibility: Option<String>,
    pub(in super::super) is_archived: Option<bool>,
    pub(in super::super) is_disabled: Option<bool>,
    pub(in super::super) archived_at: Option<DateTime<Utc>>,
    pub(in super::super) is_locked: Option<bool>,
    #[serde(default)]
    pub(in super::super) is_fork: bool,
    /// Null too where the token may not see it.
    pub(in super::super) parent: Option<NameWithOwner>,
    pub(in super::super) mirror_url: Option<String>,
    pub(in super::super) created_at: Option<DateTime<Utc>>,
    pub(in super::super) pushed_at: Option<DateTime<Utc>>,
    pub(in super::super) homepage_url: Option<String>,
    pub(in super::super) has_issues_enabled: Option<bool>,
    pub(in super::super) has_discussions_enabled: Option<bool>,
    pub(in super::super) web_commit_signoff_required: Option<bool>,
    pub(in super::super) license_info: Option<License>,
    pub(in super::super) primary_language: Option<Name>,
    /// The 20 with most code, the largest first.
    pub(in super::super) languages: Option<List<Name>>,
    #[serde(rename = "repositoryTopics")]
    pub(in super::super) topics: Option<List<Topic>>,
    /// The role of the token's owner. Null for GitHub Apps.
    pub(in super::super) viewer_permission: Option<String>,
    pub(in super::super) owner: Option<Owner>,
    pub(in super::super) default_branch_ref: Option<Branch>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct NameWithOwner {
    pub(in super::super) name_with_owner: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct License {
    pub(in super::super) spdx_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Owner {
    #[serde(rename = "__typename")]
    pub(in super::super) kind: String,
    pub(in super::super) login: String,
    pub(in super::super) is_verified: Option<bool>,
    pub(in super::super) viewer_can_administer: Option<bool>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Branch {
    #[serde(default)]
    pub(in super::super) name: String,
    pub(in super::super) target: Option<Target>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Target {
    pub(in super::super) oid: String,
}

/// Community files and services as GitHub recognises them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in super::super) struct Community {
    pub(in super::super) is_security_policy_enabled: Option<bool>,
    pub(in super::super) code_of_conduct: Option<Key>,
    pub(in super::super) contributing_guidelines: Option<serde::de::IgnoredAny>,
    pub(in super::super) issue_templates: Option<Vec<Name>>,
    pub(in super::super) pull_request_templates: Option<Vec<Template>>,
    pub(in super::super) contact_links: Option<Vec<Address>>,
    pub(in super::super) is_blank_issues_enabled: Option<bool>,
    pub(in super::super) funding_links: Option<Vec<Funding>>,
    /// Null where there is no CODEOWNERS file.
    pub(in super::super) codeowners: Option<Codeowners>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Key {
    pub(in super::super) key: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Template {
    pub(in super::super) filename: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Address {
    pub(in super::super) url: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Funding {
    pub(in super::super) platform: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Codeowners {
    pub(in super::super) errors: Vec<serde::de::IgnoredAny>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Topic {
    pub(in super::super) topic: Name,
}

/// Settings of the repository that everybody may see.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in super::super) struct Merging {
    pub(in super::super) merge_commit_allowed: Option<bool>,
    pub(in super::super) squash_merge_allowed: Option<bool>,
    pub(in super::super) rebase_merge_allowed: Option<bool>,
    pub(in super::super) auto_merge_allowed: Option<bool>,
    pub(in super::super) delete_branch_on_merge: Option<bool>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Dependencies {
    pub(in super::super) dependency_graph_manifests: Option<Count>,
}
