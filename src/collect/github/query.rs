//! The answers to the GraphQL queries, as far as they are read: a file a topic.

mod files;
mod history;
mod issues;
mod protection;
mod pull_requests;
mod releases;
mod repository;

use serde::Deserialize;

pub(super) use self::files::*;
pub(super) use self::history::*;
pub(super) use self::issues::*;
pub(super) use self::protection::*;
pub(super) use self::pull_requests::*;
pub(super) use self::releases::*;
pub(super) use self::repository::*;

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

    pub(super) fn items(&self) -> impl Iterator<Item = &T> {
        self.nodes.iter().flatten().flatten()
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Count {
    pub(super) total_count: u64,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Actor {
    #[serde(default, rename = "__typename")]
    pub(super) kind: String,
    pub(super) login: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Name {
    pub(super) name: String,
}

/// How close somebody is to the repository, of those who may answer for it.
pub(super) fn is_of_project(association: Option<&str>) -> bool {
    matches!(association, Some("OWNER" | "MEMBER" | "COLLABORATOR"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_that_are_null_are_passed_over() {
        let list: List<Name> = serde_json::from_str(r#"{"totalCount": 3, "nodes": [{"name": "a"}, null]}"#).unwrap();
        assert_eq!(list.total_count, Some(3));
        assert_eq!(list.into_items().len(), 1);
        let none: List<Name> = serde_json::from_str(r#"{"nodes": null}"#).unwrap();
        assert!(none.into_items().is_empty());
    }
}
