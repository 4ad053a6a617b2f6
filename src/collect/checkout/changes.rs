//! When what answers rest on last changed, and by which commit: told from the history of HEAD.
//!
//! Only first parents are followed, so that a change counts from when it came to the branch. Folders are entered only where
//! something in them is watched; what does not count in a file, such as another pin of an action, is no change.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use gix::objs::tree::EntryKind;
use gix::{ObjectId, Repository};

use crate::collect::files::anchors::{Watch, digest, is_restructured, uppermost};
use crate::collect::files::roster::{self, Listed};
use crate::collect::files::{self, note};
use crate::evidence::{Observation, Place, Reading, Sheet, State};

/// The most commits that are looked at.
const MAX_COMMITS: usize = 2_000;
/// The most entries that differ in one commit and are looked at.
const MAX_CHANGED: usize = 20_000;
/// The deepest folder that is entered.
const MAX_DEPTH: usize = 8;
/// The largest file whose words are compared, in bytes.
const MAX_FILE: u64 = 1024 * 1024;
/// The longest subject of a commit that is kept, in characters.
const LONGEST_SUBJECT: usize = 72;
/// The longest text about lists of people, in characters.
const LONGEST_WHAT: usize = 200;
/// The most paths that are named.
const MAX_NAMED: usize = 3;

/// Something in the tree that differs between a commit and its first parent.
struct Changed {
    path: String,
    old: Option<ObjectId>,
    new: Option<ObjectId>,
}

/// Writes the last change of all that is watched.
pub(super) fn observe(
    repository: &Repository,
    head: &str,
    shallow: bool,
    files: &files::Repository,
    observations: &[Observation],
    url: Option<&str>,
    sheet: &mut Sheet,
) {
    let Ok(head) = ObjectId::from_hex(head.as_bytes()) else { return };
    let folders: BTreeSet<&str> = files.entries.iter().flat_map(|entry| uppermost(&entry.path)).collect();
    let mut open = Watch::all(observations);
    let mut walk = Walk { repository, folders: folders.len(), differences: 0, rosters: BTreeMap::new() };
    walk.read_rosters(head, &open);
    let mut id = head;
    let mut whole = false;
    let mut oldest = None;
    for _ in 0..MAX_COMMITS {
        let Ok(commit) = repository.find_commit(id) else { break };
        oldest = day(&commit).or(oldest);
        let Some(parent) = commit.parent_ids().next().map(gix::Id::detach) else {
            // Of the first commit of all everything is new: that is no change.
            whole = !shallow;
            break;
        };
        let Ok(before) = repository.find_commit(parent) else { break };
        let changed = walk.changed(&commit, &before, &open);
        open.retain(|watch| match walk.what(watch, &changed) {
            Some(what) => {
                sheet.put(observation(watch, &commit, &what, url));
                false
            }
            None => true,
        });
        if open.is_empty() {
            return;
        }
        id = parent;
    }
    for watch in open {
        let key = watch.event.changed.as_str();
        let state = if whole {
            State::Absent
        } else {
            let back = oldest.map(|day| format!(", back to {day}")).unwrap_or_default();
            State::Unavailable { reason: format!("no such change in the history that was read{back}") }
        };
        sheet.put(Observation::new(key, state).from("git log --first-parent HEAD"));
    }
}

fn day(commit: &gix::Commit<'_>) -> Option<NaiveDate> {
    DateTime::from_timestamp(commit.time().ok()?.seconds, 0).map(|time| time.date_naive())
}

fn observation(watch: &Watch, commit: &gix::Commit<'_>, what: &str, url: Option<&str>) -> Observation {
    let id = commit.id.to_string();
    let message = commit.message_raw_sloppy().to_string();
    let subject = note::quotation(message.lines().next().unwrap_or_default(), LONGEST_SUBJECT);
    let short: String = id.chars().take(10).collect();
    let place =
        Place { link: url.map(|url| format!("{url}/commit/{id}")), note: Some(subject.clone()), ..Place::default() };
    Observation::seen_or_absent(watch.event.changed.as_str(), day(commit))
        .detail(format!("commit {short} \"{subject}\": {what}"))
        .from("git log --first-parent HEAD")
        .at(place)
}

struct Walk<'r> {
    repository: &'r Repository,
    /// How many folders the two uppermost levels of HEAD have.
    folders: usize,
    /// How many differences the present commit has so far.
    differences: usize,
    /// By event: whom the lists of people name at HEAD, and whom they named before the commits that were passed.
    rosters: BTreeMap<&'static str, (Listed, Listed)>,
}

impl Walk<'_> {
    /// What differs between a commit and its parent, as far as it matters: files, and folders of the two uppermost levels
    /// that came or went, which end with a slash.
    fn changed(&mut self, commit: &gix::Commit<'_>, before: &gix::Commit<'_>, open: &[Watch]) -> Vec<Changed> {
        let tree = |commit: &gix::Commit<'_>| commit.tree_id().ok().map(gix::Id::detach);
        let mut changed = Vec::new();
        self.differences = 0;
        self.compare(tree(before), tree(commit), "", 0, open, &mut changed);
        changed
    }

    fn compare(
        &mut self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        folder: &str,
        depth: usize,
        open: &[Watch],
        changed: &mut Vec<Changed>,
    ) {
        if old == new || depth > MAX_DEPTH {
            return;
        }
        let (old, new) = (self.entries(old), self.entries(new));
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names {
            let (was, is) = (old.get(name), new.get(name));
            if was == is {
                continue;
            }
            self.differences += 1;
            if self.differences > MAX_CHANGED {
                return;
            }
            let path = format!("{folder}{name}");
            let side = |entry: Option<&(EntryKind, ObjectId)>, trees: bool| {
                entry.filter(|(kind, _)| (*kind == EntryKind::Tree) == trees).map(|(_, id)| *id)
            };
            let (old_tree, new_tree) = (side(was, true), side(is, true));
            if old_tree.is_some() || new_tree.is_some() {
                let path = format!("{path}/");
                let layout = depth == 0 && open.iter().any(|watch| watch.event.reading == Reading::Layout);
                if layout || open.iter().any(|watch| watch.enters(&path)) {
                    self.compare(old_tree, new_tree, &path, depth + 1, open, changed);
                }
                if depth < 2 && old_tree.is_some() != new_tree.is_some() {
                    changed.push(Changed { path, old: old_tree, new: new_tree });
                }
            }
            let (old, new) = (side(was, false), side(is, false));
            if (old.is_some() || new.is_some()) && open.iter().any(|watch| watch.watches(&path)) {
                changed.push(Changed { path, old, new });
            }
        }
    }

    /// The entries of a tree by name; none where it cannot be read.
    fn entries(&self, tree: Option<ObjectId>) -> BTreeMap<String, (EntryKind, ObjectId)> {
        let Some(tree) = tree.and_then(|id| self.repository.find_tree(id).ok()) else { return BTreeMap::new() };
        let entries = tree.iter().filter_map(Result::ok).take(MAX_CHANGED);
        entries.map(|entry| (entry.filename().to_string(), (entry.mode().kind(), entry.object_id()))).collect()
    }

    /// Reads the lists of people at HEAD.
    fn read_rosters(&mut self, head: ObjectId, watches: &[Watch]) {
        let tree = self.repository.find_commit(head).ok().and_then(|commit| commit.tree_id().ok().map(gix::Id::detach));
        for watch in watches.iter().filter(|watch| watch.event.reading == Reading::People) {
            let mut found = Vec::new();
            self.differences = 0;
            self.compare(None, tree, "", 0, std::slice::from_ref(watch), &mut found);
            let files = found.into_iter().filter(|file| !file.path.ends_with('/'));
            let listed: Listed =
                files.filter_map(|file| Some((file.path.clone(), self.people(&file.path, file.new)?))).collect();
            self.rosters.insert(&watch.event.id, (listed.clone(), listed));
        }
    }

    /// Who came or went between the parent of a commit and HEAD. So a list that changes by one after the other counts from the
    /// commit on with which those who were there before it became too few.
    fn came_or_went(&mut self, watch: &Watch, changed: &[Changed]) -> Option<String> {
        let changes = changed.iter().filter(|change| !change.path.ends_with('/') && watch.watches(&change.path));
        let before: Vec<_> =
            changes.map(|change| (change.path.clone(), self.people(&change.path, change.old))).collect();
        if before.is_empty() {
            return None;
        }
        let (now, then) = self.rosters.get_mut(watch.event.id.as_str())?;
        for (path, people) in before {
            match people {
                Some(people) => then.insert(path, people),
                None => then.remove(&path),
            };
        }
        roster::different(then, now, watch.event.share).map(|what| note::quotation(&what, LONGEST_WHAT))
    }

    /// What the anchor of a list of people says of a file; of one that is too large or no text, its id.
    fn people(&self, path: &str, id: Option<ObjectId>) -> Option<String> {
        let id = id?;
        Some(self.text(id).map_or_else(|| format!("blob:{id}"), |text| roster::anchor(path, &text)))
    }

    /// What of the changes counts for an event, in words.
    fn what(&mut self, watch: &Watch, changed: &[Changed]) -> Option<String> {
        let is_folder = |change: &&Changed| change.path.ends_with('/');
        if watch.event.reading == Reading::People {
            return self.came_or_went(watch, changed);
        }
        if watch.event.reading == Reading::Layout {
            let moved = changed.iter().filter(is_folder).count();
            let gone = changed.iter().filter(is_folder).filter(|change| change.new.is_none()).count();
            let all = self.folders + gone;
            return is_restructured(watch.event.share, moved, all)
                .then(|| format!("{moved} of {all} folders came or went"));
        }
        let counts = |change: &&Changed| {
            !change.path.ends_with('/')
                && watch.watches(&change.path)
                && self.words(watch, change.old) != self.words(watch, change.new)
        };
        let paths: Vec<String> =
            changed.iter().filter(counts).map(|change| note::quotation(&change.path, LONGEST_SUBJECT)).collect();
        let named = paths.iter().take(MAX_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        match paths.len().saturating_sub(MAX_NAMED) {
            0 if paths.is_empty() => None,
            0 => Some(named),
            more => Some(format!("{named} and {more} more")),
        }
    }

    /// The digest of what counts in a file; of one that is too large or no text, its id.
    fn words(&self, watch: &Watch, id: Option<ObjectId>) -> Option<String> {
        let id = id?;
        Some(self.text(id).map_or_else(|| id.to_string(), |text| digest(watch.event.reading, &text)))
    }

    /// The text of a file; none where it is too large or no text.
    fn text(&self, id: ObjectId) -> Option<String> {
        let small = self.repository.find_header(id).is_ok_and(|header| header.size() <= MAX_FILE);
        let data = small.then(|| self.repository.find_blob(id).ok())??.take_data();
        String::from_utf8(data).ok()
    }
}
