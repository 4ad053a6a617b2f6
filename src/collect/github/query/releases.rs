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
#[serde(rename_all = "camelCase")]
pub(in super::super) struct TagTarget {
    #[serde(rename = "__typename")]
    pub(in super::super) kind: String,
    pub(in super::super) oid: String,
    /// Of a commit.
    pub(in super::super) committed_date: Option<DateTime<Utc>>,
    /// Of a tag object.
    pub(in super::super) tagger: Option<Tagger>,
    /// What a tag object points to.
    pub(in super::super) target: Option<Tagged>,
}

impl TagTarget {
    /// When the tag was made, or else the commit that it names.
    pub(in super::super) fn made_at(&self) -> Option<DateTime<Utc>> {
        let of_object = self.tagger.as_ref().and_then(|tagger| tagger.date);
        of_object.or(self.committed_date).or_else(|| self.target.as_ref()?.committed_date)
    }

    /// The commit that it names; none where that is no commit, or a tag of a tag.
    pub(in super::super) fn commit(&self) -> Option<&str> {
        match self.kind.as_str() {
            "Commit" => Some(&self.oid),
            "Tag" => self.target.as_ref().filter(|target| target.committed_date.is_some()).map(|target| &*target.oid),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct Tagger {
    pub(in super::super) date: Option<DateTime<Utc>>,
}

/// What a tag object points to. The date is that of a commit.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Tagged {
    pub(in super::super) oid: String,
    pub(in super::super) committed_date: Option<DateTime<Utc>>,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn target(value: serde_json::Value) -> (Option<String>, Option<String>) {
        let target: TagTarget = serde_json::from_value(value).unwrap();
        (target.made_at().map(|at| at.date_naive().to_string()), target.commit().map(str::to_owned))
    }

    #[test]
    fn tags_have_the_day_of_their_tagger_or_of_their_commit() {
        let commit = serde_json::json!({ "__typename": "Commit", "oid": "c", "committedDate": "2026-01-02T00:00:00Z" });
        assert_eq!(target(commit), (Some("2026-01-02".into()), Some("c".into())));
        let mut tag = serde_json::json!({ "__typename": "Tag", "oid": "t", "tagger": { "date": "2026-01-03T01:00:00+02:00" },
            "target": { "oid": "c", "committedDate": "2026-01-01T00:00:00Z" } });
        assert_eq!(target(tag.clone()), (Some("2026-01-02".into()), Some("c".into())));
        tag["tagger"] = serde_json::Value::Null;
        assert_eq!(target(tag), (Some("2026-01-01".into()), Some("c".into())));
        // A tag of a tag, or of a tree, names no commit that was asked for.
        let other = serde_json::json!({ "__typename": "Tag", "oid": "t", "tagger": null, "target": { "oid": "t2" } });
        assert_eq!(target(other), (None, None));
        assert_eq!(target(serde_json::json!({ "__typename": "Tree", "oid": "x" })), (None, None));
    }
}
