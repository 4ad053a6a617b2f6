//! Releases and tags: `releases.graphql`, `tags.graphql`.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::List;

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Tags {
    pub(in super::super) refs: Option<List<Tag>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Tag {
    pub(in super::super) name: String,
    pub(in super::super) target: Option<TagTarget>,
}

/// What a tag points to: `Tag`, a tag object, where it is annotated.
#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct TagTarget {
    #[serde(rename = "__typename")]
    pub(in super::super) kind: String,
    pub(in super::super) oid: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Releases {
    pub(in super::super) releases: List<Release>,
    /// The release that the project marks as its latest.
    #[serde(rename = "latestRelease")]
    pub(in super::super) marked_latest: Option<TagName>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Release {
    pub(in super::super) tag_name: String,
    pub(in super::super) description: Option<String>,
    #[serde(default)]
    pub(in super::super) is_draft: bool,
    #[serde(default)]
    pub(in super::super) is_prerelease: bool,
    pub(in super::super) published_at: Option<DateTime<Utc>>,
    #[serde(rename = "releaseAssets")]
    pub(in super::super) assets: Option<List<Asset>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Asset {
    pub(in super::super) name: String,
    pub(in super::super) download_url: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct TagName {
    pub(in super::super) tag_name: String,
}
