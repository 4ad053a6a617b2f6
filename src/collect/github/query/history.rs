//! The latest commits: `history.graphql`.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Count, List};

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct History {
    pub(in super::super) default_branch_ref: Option<HistoryBranch>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct HistoryBranch {
    pub(in super::super) target: Option<HistoryTarget>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct HistoryTarget {
    pub(in super::super) recent: Option<RecentCount>,
    pub(in super::super) history: Option<List<Commit>>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct RecentCount {
    pub(in super::super) total_count: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Commit {
    pub(in super::super) committed_date: Option<DateTime<Utc>>,
    #[serde(default)]
    pub(in super::super) message: String,
    pub(in super::super) parents: Option<Count>,
    pub(in super::super) author: Option<GitActor>,
    pub(in super::super) signature: Option<GitSignature>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct GitActor {
    pub(in super::super) name: Option<String>,
    pub(in super::super) email: Option<String>,
    pub(in super::super) user: Option<Login>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Login {
    pub(in super::super) login: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct GitSignature {
    pub(in super::super) is_valid: bool,
}
