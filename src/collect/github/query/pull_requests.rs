//! Pull requests: `reviews.graphql`, `checks.graphql`, `pull_requests.graphql`.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Actor, List};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Reviews {
    pub(in super::super) pull_requests: List<PullRequest>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct PullRequest {
    pub(in super::super) author: Option<Actor>,
    pub(in super::super) merged_by: Option<Actor>,
    pub(in super::super) created_at: Option<DateTime<Utc>>,
    pub(in super::super) merged_at: Option<DateTime<Utc>>,
    /// The last commit, which was merged.
    pub(in super::super) head_ref_oid: Option<String>,
    pub(in super::super) reviews: Option<List<Review>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Oid {
    pub(in super::super) oid: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Review {
    pub(in super::super) author: Option<Actor>,
    /// How close the reviewer is to the repository: `OWNER`, `MEMBER`, `COLLABORATOR` and others.
    pub(in super::super) author_association: Option<String>,
    /// The commit that was approved.
    pub(in super::super) commit: Option<Oid>,
}

/// The checks that ran on merged pull requests.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Checks {
    pub(in super::super) pull_requests: List<Checked>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Checked {
    /// The last commit alone.
    pub(in super::super) commits: Option<List<CheckedCommit>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct CheckedCommit {
    pub(in super::super) commit: CommitChecks,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in super::super) struct CommitChecks {
    /// Null where nothing ran.
    pub(in super::super) status_check_rollup: Option<Rollup>,
    pub(in super::super) check_suites: Option<List<CheckSuite>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Rollup {
    pub(in super::super) state: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct CheckSuite {
    /// Null while it runs.
    pub(in super::super) conclusion: Option<String>,
    pub(in super::super) app: Option<App>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct App {
    pub(in super::super) slug: String,
}

/// Open requests: how many, and the oldest.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct PullRequests {
    pub(in super::super) open: List<Created>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Created {
    pub(in super::super) created_at: Option<DateTime<Utc>>,
}
