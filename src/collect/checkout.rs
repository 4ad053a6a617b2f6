//! Collecting from a local git repository: a checkout, a worktree or a bare repository.
//!
//! Files are those of the commit that HEAD names, never those of the work tree. Settings of the operating system's or
//! user's git are not read and no program is started, so that a hostile repository cannot make this one run anything.
//! What only GitHub can tell is *unavailable*.

mod changes;
mod history;
mod identity;
mod past;
mod tags;
mod tree;
mod worktree;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use gix::Repository;

use crate::answers::ANSWERS_PATH;
use crate::collect::{Collected, files};
use crate::disk;
use crate::evidence::{Access, KeyInfo, Observation, Sheet, State, Subject};

/// The largest object of git that is unpacked, in bytes: more than any file, folder or commit that is read.
const MAX_OBJECT: usize = 32 * 1024 * 1024;

/// The last second of the year 9999, since 1970.
const LAST_SECOND: i64 = 253_402_300_799;

/// Why a checkout cannot be assessed.
#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    #[error("there is no `{}`", .0.display())]
    NoSuchPath(PathBuf),
    #[error("`{}` is not in a git repository", .0.display())]
    NoRepository(PathBuf),
    #[error("the git repository at `{}` cannot be read: {reason}", .path.display())]
    Broken { path: PathBuf, reason: String },
    #[error("`{}` has no commit `{revision}`", .path.display())]
    NoSuchRevision { path: PathBuf, revision: String },
}

/// Collects evidence from the repository that holds `path`. `github` is the host whose repositories have links, such as
/// `github.com`.
pub fn collect(path: &Path, github: &str, collected_at: DateTime<Utc>) -> Result<Collected, CheckoutError> {
    let repository = open(path)?;
    let broken =
        |error: &dyn std::fmt::Display| CheckoutError::Broken { path: path.to_owned(), reason: error.to_string() };
    let mut sheet = Sheet::new();
    let mut head = repository.head().map_err(|error| broken(&error))?;
    let branch = default_branch(&repository, &head);
    sheet.put(Observation::seen_or_absent("default_branch.name", branch.clone()).from("git HEAD"));
    let commit = if head.is_unborn() { None } else { Some(head.peel_to_commit().map_err(|error| broken(&error))?) };
    let seen = Seen { tags: Some(tags::read(&repository)), commit, collected_at };
    let (files, subject) = observe(&repository, path, github, &seen, &mut sheet).map_err(|reason| broken(&reason))?;
    worktree::compare(&repository, &files, &mut sheet);
    remark_unpushed(&repository, seen.commit.as_ref(), branch.as_deref(), &mut sheet);
    let subject = Subject { default_branch: branch, ..subject };
    let answers = answers(&repository, &files);
    let declared = files::declared(&files);
    Ok(Collected {
        evidence: sheet.into_evidence(subject, Access::Checkout, 0, collected_at, missing),
        answers,
        declared,
    })
}

/// Collects evidence as of a commit that a revision names, such as a tag: its files, the history that leads to it, and the
/// tags that were there. What came later is not read, and neither is the work tree. The time of the collection is that of
/// the commit.
pub fn collect_at(path: &Path, github: &str, revision: &str) -> Result<Collected, CheckoutError> {
    let repository = open(path)?;
    let none =
        || CheckoutError::NoSuchRevision { path: path.to_owned(), revision: revision.escape_debug().to_string() };
    let object = repository.rev_parse_single(revision).map_err(|_| none())?.object().map_err(|_| none())?;
    let commit = object.peel_to_commit().map_err(|_| none())?;
    let seconds = commit.time().map_err(|_| none())?.seconds;
    let collected_at = DateTime::from_timestamp(seconds.clamp(0, LAST_SECOND), 0).unwrap_or(DateTime::UNIX_EPOCH);
    let mut sheet = Sheet::new();
    let reason = "a checkout does not tell which branch was the default one at an earlier commit";
    sheet.put(Observation::unavailable("default_branch.name", reason));
    let id = commit.id.to_hex_with_len(12);
    sheet.remark(format!("As of the commit {id} of {}: what came after it was not read.", collected_at.date_naive()));
    let tags = past::tags(&repository, &commit, revision, seconds);
    let seen = Seen { tags, commit: Some(commit), collected_at };
    let (files, subject) = observe(&repository, path, github, &seen, &mut sheet)
        .map_err(|reason| CheckoutError::Broken { path: path.to_owned(), reason })?;
    let (answers, declared) = (files::answers(&files), files::declared(&files));
    let evidence = sheet.into_evidence(subject, Access::Checkout, 0, collected_at, missing);
    Ok(Collected { evidence, answers, declared })
}

/// What of a repository is read.
struct Seen<'r> {
    /// None where there is none yet.
    commit: Option<gix::Commit<'r>>,
    /// The latest first; None where it cannot be told which were there.
    tags: Option<Vec<tags::Tag>>,
    collected_at: DateTime<Utc>,
}

/// Writes what the files, the tags and the history tell, and says who the subject is.
fn observe(
    repository: &Repository,
    path: &Path,
    github: &str,
    seen: &Seen<'_>,
    sheet: &mut Sheet,
) -> Result<(files::Repository, Subject), String> {
    let mut files = match &seen.commit {
        Some(commit) => tree::read(repository, commit, sheet)?,
        None => {
            sheet.remark("The repository has no commit yet.");
            files::Repository { complete: true, ..files::Repository::default() }
        }
    };
    let shallow = repository.is_shallow().unwrap_or(true);
    let tags = seen.tags.as_deref();
    files.tags = tags.unwrap_or_default().iter().map(|tag| tag.name.clone()).collect();
    tags::observe(tags.unwrap_or_default(), shallow || tags.is_none(), sheet);
    history::observe(repository, seen.commit.as_ref(), shallow, seen.collected_at, sheet);
    let commit = seen.commit.as_ref().map(|commit| commit.id.to_string());
    let subject = Subject { commit, ..identify(repository, path, github) };
    files.unseen_defaults = unseen_defaults(&subject);
    let observations = files::analyse(&files);
    if let Some(id) = &subject.commit {
        changes::observe(repository, id, shallow, &files, &observations, subject.url.as_deref(), sheet);
    }
    sheet.put_all(observations);
    tags::observe_series(tags.unwrap_or_default(), shallow || tags.is_none(), sheet);
    Ok((files, subject))
}

/// The root of the work tree that holds a path. None of a bare repository, or where there is none.
pub fn root(path: &Path) -> Option<PathBuf> {
    open(path).ok()?.workdir().map(Path::to_owned)
}

/// The files of the commit in which the subject declares answers; none where there is no such repository.
pub fn declared(path: &Path) -> Vec<(String, String)> {
    let read = || {
        let repository = open(path).ok()?;
        let commit = repository.head().ok()?.peel_to_commit().ok()?;
        tree::read(&repository, &commit, &mut Sheet::new()).ok()
    };
    read().map_or_else(Vec::new, |files| files::declared(&files))
}

/// On GitHub the owner's `.github` repository lends its policies to a repository that has none.
fn unseen_defaults(subject: &Subject) -> Option<State> {
    let lends = subject.url.is_some() && !subject.id.ends_with("/.github");
    lends.then(|| State::Unavailable {
        reason: "the repository has none of its own, and a checkout does not show the owner's default".to_owned(),
    })
}

/// The subject's own answers: of the work tree, where people edit them, or else of the commit.
fn answers(repository: &Repository, files: &files::Repository) -> Option<String> {
    let edited = repository.workdir().and_then(|folder| file_inside(folder, ANSWERS_PATH));
    edited.and_then(|path| disk::read_text(&path).ok()).or_else(|| files::answers(files))
}

/// A file of a folder, unless it or a folder above it is a link: links may lead to the reader's own files, and others
/// than files never end.
fn file_inside(folder: &Path, path: &str) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let file = folder.join(path);
    (file.canonicalize().ok()? == file && file.is_file()).then_some(file)
}

/// What is not known after reading a checkout.
fn missing(info: &KeyInfo) -> State {
    let reason = if info.told_by("files") || info.told_by("checkout") {
        "nothing in the checkout tells it"
    } else {
        "only GitHub can tell, and this is a local checkout"
    };
    State::Unavailable { reason: reason.to_owned() }
}

fn open(path: &Path) -> Result<Repository, CheckoutError> {
    if !path.exists() {
        return Err(CheckoutError::NoSuchPath(path.to_owned()));
    }
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let options =
        gix::open::Options::isolated().config_overrides([format!("gitoxide.objects.allocLimit={MAX_OBJECT}")]);
    let trust = gix::sec::trust::Mapping { full: options.clone(), reduced: options };
    let found = gix::ThreadSafeRepository::discover_opts(folder, gix::discover::upwards::Options::default(), trust);
    match found {
        Ok(repository) => {
            let mut repository = repository.to_thread_local();
            repository.object_cache_size_if_unset(4 * 1024 * 1024);
            Ok(repository)
        }
        Err(_) if !has_git(folder) => Err(CheckoutError::NoRepository(path.to_owned())),
        Err(error) => Err(CheckoutError::Broken { path: path.to_owned(), reason: error.to_string() }),
    }
}

/// Whether the folder or one above it looks like a git repository, even a broken one.
fn has_git(folder: &Path) -> bool {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    folder.ancestors().any(|folder| folder.join(".git").exists())
}

/// The branch that the remote names as its default, or else the one that is checked out.
fn default_branch(repository: &Repository, head: &gix::Head<'_>) -> Option<String> {
    let remote = repository.try_find_reference("refs/remotes/origin/HEAD").ok().flatten();
    let named = remote.and_then(|reference| match reference.target() {
        gix::refs::TargetRef::Symbolic(name) => Some(name.as_bstr().to_string()),
        gix::refs::TargetRef::Object(_) => None,
    });
    named
        .and_then(|name| name.strip_prefix("refs/remotes/origin/").map(str::to_owned))
        .or_else(|| head.referent_name().map(|name| name.shorten().to_string()))
}

/// Who the subject is: by the address of its remote, or else by the name of its folder.
fn identify(repository: &Repository, path: &Path, github: &str) -> Subject {
    let remote = repository.find_default_remote(gix::remote::Direction::Fetch).and_then(Result::ok);
    let address =
        remote.and_then(|remote| remote.url(gix::remote::Direction::Fetch).map(|url| url.to_bstring().to_string()));
    if let Some(identity) = address.as_deref().and_then(identity::Identity::of_remote) {
        let url = (identity.host == github).then(|| format!("https://{}", identity.id()));
        return Subject { id: identity.id(), url, ..Subject::default() };
    }
    let folder = repository.workdir().unwrap_or(path);
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let name = folder.file_name().map_or_else(|| "repository".into(), |name| name.to_string_lossy());
    Subject { id: format!("local/{}", identity::plain(&name)), ..Subject::default() }
}

/// Says so when HEAD is not what the remote had when it was last fetched: links may then lead nowhere.
fn remark_unpushed(repository: &Repository, commit: Option<&gix::Commit<'_>>, branch: Option<&str>, sheet: &mut Sheet) {
    let (Some(commit), Some(branch)) = (commit, branch) else { return };
    let name = format!("refs/remotes/origin/{branch}");
    let Some(mut reference) = repository.try_find_reference(name.as_str()).ok().flatten() else { return };
    if reference.peel_to_id().is_ok_and(|id| id.detach() != commit.id) {
        let id = commit.id.to_hex_with_len(12);
        sheet.remark(format!("HEAD ({id}) is not the tip of origin/{branch} as it was last fetched, so that links to files may lead nowhere."));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_bounded_whatever_the_repository_says() {
        let folder = tempfile::tempdir().unwrap();
        gix::init(folder.path()).unwrap();
        let config = folder.path().join(".git/config");
        let text = std::fs::read_to_string(&config).unwrap() + "[gitoxide \"objects\"]\n\tallocLimit = 0\n";
        std::fs::write(config, text).unwrap();
        let repository = open(folder.path()).unwrap();
        let limit = repository.config_snapshot().integer("gitoxide.objects.allocLimit");
        assert_eq!(limit, i64::try_from(MAX_OBJECT).ok());
    }
}
