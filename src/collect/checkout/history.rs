//! The history that leads to HEAD: how lately, by how many people, signed and signed off.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use gix::Repository;

use super::tags::{day, percent};
use crate::evidence::{Observation, Sheet};

/// How many commits are looked at.
const SAMPLE: usize = 100;
/// The largest mailmap that is read, in bytes.
const MAX_MAILMAP: u64 = 1024 * 1024;
/// What counts as recent, in days.
const RECENT_DAYS: i64 = 90;

/// A commit, as far as it matters here.
struct Seen {
    time: i64,
    /// Name and address, only to tell people apart; never stored.
    author: String,
    bot: bool,
    merge: bool,
    signed: bool,
    signed_off: bool,
}

const KEYS: [&str; 6] = [
    "history.last_commit_on",
    "history.commits_90_days",
    "history.authors",
    "history.top_author_percent",
    "history.signed_percent",
    "history.signoff_percent",
];

/// Writes what the latest commits tell.
pub(super) fn observe(
    repository: &Repository,
    commit: Option<&gix::Commit<'_>>,
    shallow: bool,
    collected_at: DateTime<Utc>,
    sheet: &mut Sheet,
) {
    let Some(commit) = commit else {
        sheet.put_all(KEYS.map(|key| {
            if key == "history.commits_90_days" { Observation::seen(key, 0_i64) } else { Observation::absent(key) }
        }));
        return;
    };
    let (commits, whole) = sample(repository, commit);
    let from = |observation: Observation| observation.from("git log HEAD");
    let Some(last) = commits.first() else {
        sheet.put_all(KEYS.map(|key| Observation::failed(key, "the commit that HEAD names cannot be read")));
        return;
    };
    sheet.put(from(Observation::seen_or_absent("history.last_commit_on", day(last.time))));
    if shallow || !whole {
        let reason =
            "the clone is shallow or incomplete, so that its history is cut; fetch it with `git fetch --unshallow`";
        sheet.put_all(KEYS.into_iter().skip(1).map(|key| Observation::unavailable(key, reason)));
        return;
    }
    let since = (collected_at - chrono::Duration::days(RECENT_DAYS)).timestamp();
    let recent = commits.iter().filter(|commit| commit.time >= since).count();
    sheet.put(from(Observation::seen("history.commits_90_days", recent)));
    let people: Vec<&Seen> = commits.iter().filter(|commit| !commit.bot).collect();
    let mut by_author: BTreeMap<&str, usize> = BTreeMap::new();
    for commit in &people {
        *by_author.entry(&commit.author).or_default() += 1;
    }
    let sample = format!("of the latest {} commits", commits.len());
    let authors = (!by_author.is_empty()).then_some(by_author.len());
    sheet.put(from(Observation::seen_or_absent("history.authors", authors).detail(sample)));
    let most = by_author.values().max().copied().unwrap_or(0);
    sheet.put(from(percent("history.top_author_percent", most, people.len())));
    sheet.put(from(percent(
        "history.signed_percent",
        commits.iter().filter(|commit| commit.signed).count(),
        commits.len(),
    )));
    let own: Vec<&Seen> = people.iter().copied().filter(|commit| !commit.merge).collect();
    sheet.put(from(percent(
        "history.signoff_percent",
        own.iter().filter(|commit| commit.signed_off).count(),
        own.len(),
    )));
}

/// The mailmap of the commit, or an empty one where there is none of a reasonable size.
fn mailmap(repository: &Repository, commit: &gix::Commit<'_>) -> gix::mailmap::Snapshot {
    let entry = commit.tree().ok().and_then(|tree| tree.lookup_entry_by_path(".mailmap").ok().flatten());
    entry
        .filter(|entry| entry.mode().is_blob())
        .map(|entry| entry.object_id())
        .filter(|id| repository.find_header(*id).is_ok_and(|header| header.size() <= MAX_MAILMAP))
        .and_then(|id| repository.find_blob(id).ok())
        .map_or_else(gix::mailmap::Snapshot::default, |blob| gix::mailmap::Snapshot::from_bytes(&blob.data))
}

/// The latest commits, and whether all of them could be read.
fn sample(repository: &Repository, commit: &gix::Commit<'_>) -> (Vec<Seen>, bool) {
    let mailmap = mailmap(repository, commit);
    let order = gix::revision::walk::Sorting::ByCommitTime(gix::traverse::commit::simple::CommitTimeOrder::NewestFirst);
    let Ok(walk) = commit.ancestors().sorting(order).all() else { return (Vec::new(), false) };
    let mut commits = Vec::new();
    for info in walk.take(SAMPLE) {
        let seen =
            info.ok().and_then(|info| repository.find_commit(info.id).ok()).and_then(|commit| seen(&commit, &mailmap));
        match seen {
            Some(seen) => commits.push(seen),
            None => return (commits, false),
        }
    }
    (commits, true)
}

fn seen(commit: &gix::Commit<'_>, mailmap: &gix::mailmap::Snapshot) -> Option<Seen> {
    let decoded = commit.decode().ok()?;
    let author = mailmap.resolve(decoded.author().ok()?);
    let (name, email) = (author.name.to_string(), author.email.to_string().to_lowercase());
    let message = decoded.message.to_string();
    Some(Seen {
        time: decoded.committer().ok()?.time().ok()?.seconds,
        bot: is_bot(&name, &email),
        author: if email.is_empty() { name } else { email },
        merge: decoded.parents.len() > 1,
        signed: decoded.extra_headers().pgp_signature().is_some(),
        signed_off: message.lines().any(|line| line.trim_start().to_lowercase().starts_with("signed-off-by:")),
    })
}

/// Whether a commit was made by a program.
fn is_bot(name: &str, email: &str) -> bool {
    let name = name.to_lowercase();
    name.ends_with("[bot]")
        || email.contains("[bot]@")
        || ["dependabot", "renovate", "github-actions", "renovate-bot"].contains(&name.as_str())
}
