//! The history that leads to HEAD.

use chrono::{DateTime, Utc};
use gix::Repository;

use crate::collect::history::{Commit, History, KEYS, SAMPLE, author, signed_off};
use crate::evidence::{Observation, Sheet};

/// The largest mailmap that is read, in bytes.
const MAX_MAILMAP: u64 = 1024 * 1024;
/// The one figure that a cut history does not falsify.
const LAST_COMMIT: &str = "history.last_commit_on";

/// Writes what the latest commits tell.
pub(super) fn observe(
    repository: &Repository,
    commit: Option<&gix::Commit<'_>>,
    shallow: bool,
    collected_at: DateTime<Utc>,
    sheet: &mut Sheet,
) {
    let (commits, whole) = commit.map_or((Vec::new(), true), |commit| sample(repository, commit));
    if commit.is_some() && commits.is_empty() {
        sheet.put_all(KEYS.iter().map(|key| Observation::failed(*key, "the commit that HEAD names cannot be read")));
        return;
    }
    let history = History { commits, recent: None, source: "git log HEAD" };
    let observations = history.observe(None, collected_at);
    if !shallow && whole {
        sheet.put_all(observations);
        return;
    }
    let reason =
        "the clone is shallow or incomplete, so that its history is cut; fetch it with `git fetch --unshallow`";
    sheet.put_all(observations.into_iter().map(|observation| match observation.key.as_str() {
        LAST_COMMIT => observation,
        _ => Observation::unavailable(observation.key, reason),
    }));
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
fn sample(repository: &Repository, commit: &gix::Commit<'_>) -> (Vec<Commit>, bool) {
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

fn seen(commit: &gix::Commit<'_>, mailmap: &gix::mailmap::Snapshot) -> Option<Commit> {
    let decoded = commit.decode().ok()?;
    let person = mailmap.resolve(decoded.author().ok()?);
    let (author, by_bot) = author(None, Some(&person.name.to_string()), Some(&person.email.to_string()));
    Some(Commit {
        committed_at: DateTime::from_timestamp(decoded.committer().ok()?.time().ok()?.seconds, 0),
        author,
        by_bot,
        merge: decoded.parents.len() > 1,
        signed: decoded.extra_headers().pgp_signature().is_some(),
        signed_off: signed_off(&decoded.message.to_string()),
    })
}
