//! What was there at an earlier commit.

use std::collections::HashSet;

use gix::Repository;

use super::tags::{self, Tag};

/// The most commits that are walked through; the largest projects have about as many.
const MAX_COMMITS: usize = 3_000_000;

/// The tags that were there when a commit was made: those of it and its ancestors, without those that were made later, by
/// what they say themselves. The one by whose name the commit was asked for counts as there. None where the history is cut,
/// so that it cannot be told.
pub(super) fn tags(
    repository: &Repository,
    commit: &gix::Commit<'_>,
    revision: &str,
    seconds: i64,
) -> Option<Vec<Tag>> {
    let mut ancestors: HashSet<gix::ObjectId> = HashSet::new();
    for info in commit.ancestors().all().ok()? {
        if ancestors.len() >= MAX_COMMITS {
            return None;
        }
        ancestors.insert(info.ok()?.id);
    }
    let asked_for = |tag: &Tag| {
        let name = revision.trim_start_matches("refs/").trim_start_matches("tags/");
        tag.name == name && tag.commit == Some(commit.id)
    };
    let was_there = |tag: &Tag| {
        let leads_to_it = tag.commit.is_some_and(|id| ancestors.contains(&id));
        asked_for(tag) || leads_to_it && tag.made_at.is_none_or(|made_at| made_at <= seconds)
    };
    Some(tags::read(repository).into_iter().filter(was_there).collect())
}
