//! Lists of people as anchors: whom each file names, so that other words about the same people make no change.
//!
//! People are told by their account, else by their address, else by the name that a row or an item begins with; each is kept
//! as the first digits of a digest. A file in which nobody can be told so counts by its words.

use std::collections::{BTreeMap, BTreeSet};

use super::anchors::digest;
use super::maintainers::named;
use crate::evidence::{Reading, Share};

/// The most people of a file that are told apart.
const MAX_PEOPLE: usize = 400;
/// The digits of the digest of a person that are kept.
const DIGITS: usize = 8;
/// The most files that are named.
const MAX_NAMED: usize = 3;
const PEOPLE: &str = "people";
const WORDS: &str = "words";

/// Files with what their anchors say of them.
pub(crate) type Listed = BTreeMap<String, String>;

/// What the anchor says of a file.
pub(crate) fn anchor(path: &str, text: &str) -> String {
    let people = named(path, text);
    if people.is_empty() || people.len() > MAX_PEOPLE {
        return format!("{WORDS}:{}", digest(Reading::Text, text));
    }
    let mut digests: Vec<String> =
        people.iter().map(|person| digest(Reading::Text, person).chars().take(DIGITS).collect()).collect();
    digests.sort();
    digests.dedup();
    format!("{PEOPLE}:{}", digests.join(","))
}

/// What differs between two states of the lists, in words: where so large a share of all people came or went, or where the
/// words of a file differ in which nobody can be told. Whoever moves from one file to another has neither come nor gone.
pub(crate) fn different(was: &Listed, is: &Listed, share: Option<Share>) -> Option<String> {
    let paths: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let (mut before, mut now) = (BTreeSet::new(), BTreeSet::new());
    let (mut of_people, mut of_words) = (Vec::new(), Vec::new());
    for path in paths {
        let (old, new) = (was.get(path).map(|anchor| parted(anchor)), is.get(path).map(|anchor| parted(anchor)));
        if let (Some((old, _)), Some((new, _))) = (old, new)
            && old != new
            && ![old, new].iter().all(|kind| [PEOPLE, WORDS].contains(kind))
        {
            // As another version wrote it, or as it could not be read once: not comparable.
            continue;
        }
        let (gone, come) = (old.and_then(people), new.and_then(people));
        if gone.is_some() || come.is_some() {
            before.extend(gone.into_iter().flatten());
            now.extend(come.into_iter().flatten());
            if old != new {
                of_people.push(path.as_str());
            }
        } else if old != new {
            of_words.push(path.as_str());
        }
    }
    let (moved, all) = (before.symmetric_difference(&now).count(), before.union(&now).count());
    let mut told = Vec::new();
    if moved > 0 && share.is_none_or(|share| share.is_reached(moved, all)) {
        told.push(format!("{moved} of {all} people came or went: {}", list(&of_people)));
    }
    if !of_words.is_empty() {
        told.push(list(&of_words));
    }
    (!told.is_empty()).then(|| told.join("; "))
}

/// The kind of an anchor, and the rest.
fn parted(anchor: &str) -> (&str, &str) {
    anchor.split_once(':').unwrap_or(("", anchor))
}

/// The people of an anchor, where it tells people.
fn people<'a>((kind, rest): (&'a str, &'a str)) -> Option<std::str::Split<'a, char>> {
    (kind == PEOPLE).then(|| rest.split(','))
}

fn list(paths: &[&str]) -> String {
    let named = paths.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(", ");
    match paths.len().saturating_sub(MAX_NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(files: &[(&str, &str)]) -> Listed {
        files.iter().map(|(path, text)| ((*path).to_owned(), anchor(path, text))).collect()
    }

    fn told(was: &[(&str, &str)], is: &[(&str, &str)]) -> Option<String> {
        different(&listed(was), &listed(is), Some(Share { of: 1, all: 3 }))
    }

    #[test]
    fn a_share_of_the_people_counts_and_words_do_not() {
        const FOUR: &str = "# Maintainers\n\n- @ann\n- @ben\n- @cid\n- @dee\n";
        let now = |text: &str| told(&[("MAINTAINERS.md", FOUR)], &[("MAINTAINERS.md", text)]);
        assert_eq!(
            now("# Who maintains it\n\nIn the order of the alphabet.\n\n* @Ann\n* @ben, @cid\n* @dee: docs\n"),
            None
        );
        assert_eq!(now("- @ann\n- @ben\n- @cid\n- @dee\n- @eve\n"), None, "one of five came");
        assert_eq!(now("- @ann\n- @ben\n- @cid\n"), None, "one of four went");
        let two = "2 of 5 people came or went: MAINTAINERS.md";
        assert_eq!(now("- @ann\n- @ben\n- @cid\n- @eve\n").as_deref(), Some(two));
        let emeritus = "- @ann\n- @ben\n\n## Emeritus\n\n- @cid\n- @dee\n";
        assert_eq!(now(emeritus).as_deref(), Some("2 of 4 people came or went: MAINTAINERS.md"));
        assert_eq!(now("See the team page.\n").as_deref(), Some("4 of 4 people came or went: MAINTAINERS.md"));
    }

    #[test]
    fn people_are_told_in_every_kind_of_list() {
        for (path, one, same, other) in [
            (
                "CODEOWNERS",
                "* @acme/core\n/docs ann@example.org\n",
                "# All\n* @acme/core ann@example.org\n",
                "* @acme/web\n",
            ),
            (
                "OWNERS",
                "approvers:\n- ann\nreviewers:\n- ben\n",
                "reviewers: [ben, ann]\n",
                "approvers:\n- ann\n- cid\n",
            ),
            (
                "MAINTAINERS",
                "Ada Lovelace <ada@example.org>\nBob Brown\n",
                "* Bob Brown\n* A. Lovelace, <ada@example.org>\n",
                "Ada Lovelace <ada@example.org>\nCid Cole\n",
            ),
        ] {
            assert_eq!(told(&[(path, one)], &[(path, same)]), None, "{path}");
            assert!(told(&[(path, one)], &[(path, other)]).is_some_and(|told| told.contains("people")), "{path}");
        }
    }

    #[test]
    fn who_moves_between_files_neither_came_nor_went() {
        let (one, other) = ([("MAINTAINERS", "- @ann\n- @ben\n")], [("OWNERS.md", "- @ben\n- @ann\n")]);
        assert_eq!(told(&one, &other), None);
        assert_eq!(told(&one, &[]).as_deref(), Some("2 of 2 people came or went: MAINTAINERS"));
        assert_eq!(told(&[], &one).as_deref(), Some("2 of 2 people came or went: MAINTAINERS"));
    }

    #[test]
    fn where_nobody_can_be_told_words_count_and_what_is_not_comparable_does_not() {
        let page = |words: &'static str| [("MAINTAINERS", words)];
        assert_eq!(told(&page("See the team page.\n"), &page("See  the\nteam page.\n")), None);
        assert_eq!(told(&page("See the team page.\n"), &page("Ask around.\n")).as_deref(), Some("MAINTAINERS"));
        let older = Listed::from([("MAINTAINERS".to_owned(), "text:0123".to_owned())]);
        assert_eq!(different(&older, &listed(&page("- @ann\n")), None), None);
    }
}
