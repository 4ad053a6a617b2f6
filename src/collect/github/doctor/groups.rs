//! Groups of the vocabulary: how many observations of each can be seen, and what would reveal the others.

use std::collections::BTreeSet;

use super::examination::{GroupSight, PermissionSight, Sight};
use crate::evidence::{KeyInfo, Permissions, Source, Vocabulary};

/// Ways to read a rule that a ruleset makes, which everybody can go who can read the repository.
const OPEN_TO_READERS: &str = "/rules/branches/";
/// A source that names no call of the REST API, and so needs a token.
const REST: &str = "GET ";

/// The groups that GitHub can tell something of, in the order of the vocabulary.
pub(super) fn of(vocabulary: &Vocabulary, permissions: &[PermissionSight], anonymous: bool) -> Vec<GroupSight> {
    let groups = vocabulary.groups().iter().map(|group| {
        let keys: Vec<Key<'_>> =
            group.observations.iter().filter_map(|info| Key::of(info, permissions, anonymous)).collect();
        let count = |sight: Sight| keys.iter().filter(|key| key.sight == sight).count();
        let needs: BTreeSet<&str> = keys
            .iter()
            .filter(|key| matches!(key.sight, Sight::Hidden | Sight::Partly | Sight::Unknown))
            .map(|key| key.needs)
            .collect();
        GroupSight {
            id: group.id.clone(),
            title: group.title.clone(),
            total: keys.len(),
            seen: count(Sight::Seen),
            partly: count(Sight::Partly),
            hidden: count(Sight::Hidden),
            not_applicable: count(Sight::NotApplicable),
            unknown: count(Sight::Unknown),
            needs: needs.into_iter().map(str::to_owned).collect(),
        }
    });
    groups.filter(|group| group.total > 0).collect()
}

/// A key that GitHub can tell.
struct Key<'a> {
    sight: Sight,
    needs: &'a str,
}

impl<'a> Key<'a> {
    fn of(info: &'a KeyInfo, permissions: &[PermissionSight], anonymous: bool) -> Option<Self> {
        let source = info.sources.iter().find(|source| ["github", "files"].contains(&source.by.as_str()))?;
        if anonymous && source.by == "github" && !source.read.contains(REST) {
            return Some(Self { sight: Sight::Hidden, needs: "any token" });
        }
        let id = needed(source);
        let known = permissions.iter().find(|known| known.permission == id).map(|known| known.sight);
        let sight = match known.unwrap_or(Sight::Unknown) {
            Sight::Hidden | Sight::Unknown if source.read.contains(OPEN_TO_READERS) => Sight::Partly,
            sight => sight,
        };
        Some(Self { sight, needs: Permissions::built_in().words(id) })
    }
}

/// The permission that a source needs. What names none is read with the base.
fn needed(source: &Source) -> &str {
    match &source.permission {
        Some(name) => Permissions::built_in().get(name).map_or(name, |permission| &permission.id),
        None if source.by == "files" || source.read.contains("/commits") || source.read.contains("releases") => {
            "contents: read"
        }
        None if source.read.contains("ullRequest") => "pull_requests: read",
        None => "metadata: read",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(id: &str, hidden: &[&str], anonymous: bool) -> GroupSight {
        let vocabulary = Vocabulary::built_in();
        let permissions: Vec<PermissionSight> = Permissions::built_in()
            .needed(vocabulary)
            .into_iter()
            .map(|permission| PermissionSight {
                permission: permission.id.clone(),
                sight: if hidden.contains(&permission.id.as_str()) { Sight::Hidden } else { Sight::Seen },
                why: String::new(),
            })
            .collect();
        of(vocabulary, &permissions, anonymous).into_iter().find(|group| group.id == id).unwrap()
    }

    #[test]
    fn groups_add_up() {
        for id in ["repo", "default_branch", "access", "actions", "security", "history", "workflows"] {
            for hidden in [&[][..], &["administration: read"], &["contents: read", "pull_requests: read"]] {
                let group = group(id, hidden, false);
                let sum = group.seen + group.partly + group.hidden + group.not_applicable + group.unknown;
                assert_eq!(sum, group.total, "{group:?}");
                assert_eq!(group.needs.is_empty(), group.seen == group.total, "{group:?}");
            }
        }
    }

    #[test]
    fn rules_of_rulesets_are_seen_by_every_reader() {
        let rules = group("default_branch", &["administration: read"], false);
        assert!(rules.partly > 10 && rules.hidden <= 3 && rules.seen >= 2, "{rules:?}");
        assert_eq!(rules.needs, ["administration: read"]);
        let actions = group("actions", &["administration: read"], false);
        assert!(actions.hidden > actions.total / 2, "{actions:?}");
    }

    #[test]
    fn what_only_graphql_tells_needs_a_token() {
        let history = group("history", &[], true);
        assert!(history.hidden > 0 && history.needs == ["any token"], "{history:?}");
        assert_eq!(group("history", &[], false).hidden, 0);
        let history = group("history", &["pull_requests: read"], false);
        assert!(history.hidden > 0 && history.hidden < history.total, "{history:?}");
    }
}
