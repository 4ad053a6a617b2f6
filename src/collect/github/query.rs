//! The GraphQL queries, and their answers as far as they are read.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A list of GraphQL, whose items can be null.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "T: Deserialize<'de>"))]
pub(super) struct List<T> {
    #[serde(default)]
    pub(super) total_count: Option<u64>,
    #[serde(default)]
    nodes: Option<Vec<Option<T>>>,
}

impl<T> List<T> {
    pub(super) fn into_items(self) -> Vec<T> {
        self.nodes.unwrap_or_default().into_iter().flatten().collect()
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Repository {
    pub(super) database_id: Option<u64>,
    pub(super) name_with_owner: String,
    pub(super) url: String,
    pub(super) visibility: Option<String>,
    pub(super) is_archived: Option<bool>,
    pub(super) is_disabled: Option<bool>,
    #[serde(default)]
    pub(super) is_fork: bool,
    /// Null too where the token may not see it.
    pub(super) parent: Option<NameWithOwner>,
    pub(super) mirror_url: Option<String>,
    pub(super) created_at: Option<DateTime<Utc>>,
    pub(super) pushed_at: Option<DateTime<Utc>>,
    pub(super) homepage_url: Option<String>,
    pub(super) has_issues_enabled: Option<bool>,
    pub(super) has_discussions_enabled: Option<bool>,
    pub(super) web_commit_signoff_required: Option<bool>,
    pub(super) license_info: Option<License>,
    /// The role of the token's owner. Null for GitHub Apps.
    pub(super) viewer_permission: Option<String>,
    pub(super) owner: Option<Owner>,
    pub(super) default_branch_ref: Option<Branch>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NameWithOwner {
    pub(super) name_with_owner: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct License {
    pub(super) spdx_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Owner {
    #[serde(rename = "__typename")]
    pub(super) kind: String,
    pub(super) login: String,
    pub(super) is_verified: Option<bool>,
    pub(super) viewer_can_administer: Option<bool>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Branch {
    #[serde(default)]
    pub(super) name: String,
    pub(super) target: Option<Target>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Target {
    pub(super) oid: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Protection {
    pub(super) merge_queue: Option<serde::de::IgnoredAny>,
    pub(super) default_branch_ref: Option<ProtectedBranch>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProtectedBranch {
    pub(super) ref_update_rule: Option<RefUpdateRule>,
    pub(super) branch_protection_rule: Option<BranchProtectionRule>,
}

/// What the rules ask of the token's owner. Whoever may bypass a rule may see it left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RefUpdateRule {
    pub(super) allows_deletions: Option<bool>,
    pub(super) allows_force_pushes: Option<bool>,
    pub(super) required_approving_review_count: Option<i64>,
    pub(super) required_status_check_contexts: Option<Vec<Option<String>>>,
    pub(super) requires_code_owner_reviews: bool,
    pub(super) requires_conversation_resolution: bool,
    pub(super) requires_linear_history: bool,
    pub(super) requires_signatures: bool,
}

/// A classic rule. Only administrators see it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct BranchProtectionRule {
    pub(super) allows_deletions: bool,
    pub(super) allows_force_pushes: bool,
    pub(super) dismisses_stale_reviews: bool,
    pub(super) is_admin_enforced: bool,
    pub(super) lock_branch: bool,
    pub(super) require_last_push_approval: bool,
    pub(super) required_approving_review_count: Option<i64>,
    pub(super) required_status_check_contexts: Option<Vec<Option<String>>>,
    pub(super) requires_approving_reviews: bool,
    pub(super) requires_code_owner_reviews: bool,
    pub(super) requires_commit_signatures: bool,
    pub(super) requires_conversation_resolution: bool,
    pub(super) requires_deployments: bool,
    pub(super) requires_linear_history: bool,
    pub(super) requires_status_checks: bool,
    pub(super) requires_strict_status_checks: bool,
    pub(super) restricts_pushes: bool,
    pub(super) bypass_pull_request_allowances: Option<Count>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Count {
    pub(super) total_count: u64,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Rulesets {
    pub(super) rulesets: Option<List<Ruleset>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ruleset {
    pub(super) database_id: Option<u64>,
    pub(super) name: String,
    pub(super) target: Option<String>,
    pub(super) enforcement: String,
    pub(super) source: Option<TypeName>,
    /// Null where the token may not know.
    pub(super) bypass_actors: Option<Count>,
    pub(super) rules: Option<List<Rule>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct TypeName {
    #[serde(rename = "__typename")]
    pub(super) kind: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Rule {
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Tags {
    pub(super) refs: Option<List<Name>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Name {
    pub(super) name: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Releases {
    pub(super) releases: List<Release>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Release {
    pub(super) tag_name: String,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) is_draft: bool,
    #[serde(default)]
    pub(super) is_prerelease: bool,
    pub(super) published_at: Option<DateTime<Utc>>,
    #[serde(rename = "releaseAssets")]
    pub(super) assets: Option<List<Asset>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asset {
    pub(super) name: String,
    pub(super) download_url: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct History {
    pub(super) default_branch_ref: Option<HistoryBranch>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct HistoryBranch {
    pub(super) target: Option<HistoryTarget>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct HistoryTarget {
    pub(super) recent: Option<RecentCount>,
    pub(super) history: Option<List<Commit>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecentCount {
    pub(super) total_count: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Commit {
    pub(super) committed_date: Option<DateTime<Utc>>,
    #[serde(default)]
    pub(super) message: String,
    pub(super) parents: Option<Count>,
    pub(super) author: Option<GitActor>,
    pub(super) signature: Option<GitSignature>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct GitActor {
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) user: Option<Login>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Login {
    pub(super) login: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GitSignature {
    pub(super) is_valid: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reviews {
    pub(super) pull_requests: List<PullRequest>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PullRequest {
    pub(super) author: Option<Actor>,
    pub(super) merged_by: Option<Actor>,
    pub(super) reviews: Option<List<Review>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Review {
    pub(super) author: Option<Actor>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Actor {
    #[serde(default, rename = "__typename")]
    pub(super) kind: String,
    pub(super) login: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Inherited {
    pub(super) url: String,
    pub(super) is_private: bool,
    pub(super) default_branch_ref: Option<Branch>,
    pub(super) root: Option<Folder>,
    pub(super) github: Option<Folder>,
    pub(super) docs: Option<Folder>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Folder {
    #[serde(default)]
    pub(super) entries: Option<Vec<FolderEntry>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct FolderEntry {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) oid: String,
    pub(super) size: Option<u64>,
}

/// A file's content, in the answer to [`blobs`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Blob {
    pub(super) byte_size: Option<u64>,
    pub(super) is_binary: Option<bool>,
    #[serde(default)]
    pub(super) is_truncated: bool,
    pub(super) text: Option<String>,
}

/// A blob to ask for: its id, and whether its text is wanted or only whether it is binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BlobWanted {
    pub(super) id: String,
    pub(super) text: bool,
    /// Whether it lies in the owner's `.github` repository.
    pub(super) inherited: bool,
}

/// A query for blobs by their ids. The answers stand under `repository` and `inherited`, the blob at place N as `bN`.
/// Ids are hexadecimal (checked when the tree is read), so that nothing of a repository gets into the query.
pub(super) fn blobs(wanted: &[BlobWanted]) -> String {
    // A variable that is declared and not used is an error.
    let name = if wanted.iter().all(|blob| blob.inherited) { "" } else { ", $name: String!" };
    let mut query = format!("query SeaworthyBlobs($owner: String!{name}) {{\n");
    for (inherited, root) in [
        (false, "repository: repository(owner: $owner, name: $name)"),
        (true, "inherited: repository(owner: $owner, name: \".github\")"),
    ] {
        if !wanted.iter().any(|blob| blob.inherited == inherited) {
            continue;
        }
        let _ = writeln!(query, "  {root} {{");
        for (place, blob) in wanted.iter().enumerate().filter(|(_, blob)| blob.inherited == inherited) {
            let fragment = if blob.text { "Content" } else { "Kind" };
            let _ = writeln!(query, "    b{place}: object(oid: \"{}\") {{ ...{fragment} }}", blob.id);
        }
        query.push_str("  }\n");
    }
    query.push_str("}\n");
    if wanted.iter().any(|blob| blob.text) {
        query.push_str("fragment Content on Blob { byteSize isBinary isTruncated text }\n");
    }
    if wanted.iter().any(|blob| !blob.text) {
        query.push_str("fragment Kind on Blob { byteSize isBinary }\n");
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blobs_are_asked_by_id() {
        let blob = |id: &str, text, inherited| BlobWanted { id: id.into(), text, inherited };
        let query = blobs(&[blob("aa", true, false), blob("bb", true, true), blob("cc", false, false)]);
        insta::assert_snapshot!(query, @r#"
        query SeaworthyBlobs($owner: String!, $name: String!) {
          repository: repository(owner: $owner, name: $name) {
            b0: object(oid: "aa") { ...Content }
            b2: object(oid: "cc") { ...Kind }
          }
          inherited: repository(owner: $owner, name: ".github") {
            b1: object(oid: "bb") { ...Content }
          }
        }
        fragment Content on Blob { byteSize isBinary isTruncated text }
        fragment Kind on Blob { byteSize isBinary }
        "#);
    }

    #[test]
    fn what_is_not_used_is_not_declared() {
        let query = blobs(&[BlobWanted { id: "aa".into(), text: true, inherited: true }]);
        assert!(query.starts_with("query SeaworthyBlobs($owner: String!) {\n  inherited:"), "{query}");
        assert!(!query.contains("Kind") && !query.contains("$name"), "{query}");
    }

    #[test]
    fn items_that_are_null_are_passed_over() {
        let list: List<Name> = serde_json::from_str(r#"{"totalCount": 3, "nodes": [{"name": "a"}, null]}"#).unwrap();
        assert_eq!(list.total_count, Some(3));
        assert_eq!(list.into_items().len(), 1);
        let none: List<Name> = serde_json::from_str(r#"{"nodes": null}"#).unwrap();
        assert!(none.into_items().is_empty());
    }
}
