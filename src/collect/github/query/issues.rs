//! Issues: `issues.graphql`.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{Actor, Count, Created, List};

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Issues {
    /// How many are open, and the oldest of them.
    pub(in super::super) open: List<Created>,
    /// Open ones with the label `security`.
    pub(in super::super) security: Option<Count>,
    /// The latest, open or closed, the newest first.
    pub(in super::super) recent: List<Issue>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Issue {
    pub(in super::super) created_at: Option<DateTime<Utc>>,
    pub(in super::super) author: Option<Actor>,
    /// How close the author is to the repository: `OWNER`, `MEMBER`, `COLLABORATOR` and others.
    pub(in super::super) author_association: Option<String>,
    pub(in super::super) comments: Option<List<Comment>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Comment {
    pub(in super::super) created_at: Option<DateTime<Utc>>,
    pub(in super::super) author: Option<Actor>,
    pub(in super::super) author_association: Option<String>,
}
