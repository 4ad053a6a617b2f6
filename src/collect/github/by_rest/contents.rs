//! Files by the REST API: the tree, an archive of their contents, and what the owner's `.github` repository lends.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::answer::Answer;
use super::super::client::{Client, Refusal};
use super::super::kept::{Form, Kept, Way};
use super::super::repository::Repository;
use super::super::slug::Slug;
use super::super::transport::Transport;
use super::super::{archive, left_out, rest, tree};
use super::{get, inherited_unknown};
use crate::collect::files::{self, Content, Entry, Inherited, Want};
use crate::evidence::State;

/// The files of the repository, from its tree and its archive.
pub(super) async fn gather<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
    repository: &Repository,
    empty: bool,
    tags: Vec<String>,
    remarks: &mut Vec<String>,
) -> Answer<files::Repository> {
    let (entries, complete, contents) = match &repository.commit {
        None if empty => (Vec::new(), true, BTreeMap::new()),
        None => return Answer::failed("the commit of the default branch is not known"),
        Some(commit) => {
            let tree = match get(client, &format!("/repos/{slug}/git/trees/{commit}?recursive=1")).await {
                Answer::Known(tree) => tree,
                Answer::Denied => return Answer::failed("GitHub does not list the files"),
                other => return other.map(|_: rest::Tree| files::Repository::default()),
            };
            let (entries, complete) = tree::entries(tree);
            let contents = archived(client, slug, commit, &entries).await;
            (entries, complete, contents)
        }
    };
    let (inherited, unseen_defaults) =
        if slug.name() == ".github" { (None, None) } else { inherited(client, repository, remarks).await };
    Answer::Known(files::Repository { entries, complete, contents, inherited, unseen_defaults, tags })
}

/// The contents of the wanted files, each as an earlier run has read it, from the archive, or with the reason why not.
async fn archived<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
    commit: &str,
    entries: &[Entry],
) -> BTreeMap<String, Content> {
    let files = tree::wanted_files(entries);
    let kept = Kept::of(client, Way::Archive, slug, &files);
    let known = files.iter().filter_map(|file| Some((file.path.clone(), kept.get(file)?)));
    let mut contents: BTreeMap<String, Content> = known.collect();
    let missing = files.iter().filter(|file| !contents.contains_key(&file.path));
    let missing: BTreeMap<String, Want> = missing.map(|file| (file.path.clone(), file.want)).collect();
    if missing.is_empty() {
        return contents;
    }
    client.tell("downloading the files");
    let settled = download(client, slug, commit, missing, &mut contents).await;
    let read = files.iter().filter_map(|file| Some((file, contents.get(&file.path)?)));
    kept.save(client, read, settled);
    contents
}

/// Reads files from the archive, and some of those that it leaves out. Says whether another time would tell no more.
async fn download<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
    commit: &str,
    missing: BTreeMap<String, Want>,
    contents: &mut BTreeMap<String, Content>,
) -> bool {
    let wants = missing.clone();
    let want = move |path: &str| wants.get(path).copied().unwrap_or(Want::Nothing);
    let archive = unpack(client, &format!("/repos/{slug}/tarball/{commit}"), want).await;
    let as_ever = archive.as_ref().is_ok_and(|archive| archive.broken.is_none() || archive.is_beyond_bounds());
    let (found, broken) = match archive {
        Ok(archive) => (archive.contents, archive.broken),
        Err(refusal) => (BTreeMap::new(), Some(refusal.reason())),
    };
    contents.extend(found);
    let settled = left_out::fetch(client, slug, commit, &missing, contents).await && as_ever;
    let reason = broken.unwrap_or_else(|| "it is left out of archives by .gitattributes".to_owned());
    for path in missing.into_keys() {
        contents.entry(path).or_insert_with(|| Content::Unread { reason: reason.clone() });
    }
    settled
}

/// Downloads an archive and reads it on a thread that may block.
async fn unpack<T: Transport>(
    client: &Client<T>,
    path: &str,
    want: impl Fn(&str) -> Want + Send + Sync + 'static,
) -> Result<archive::Archive, Refusal> {
    let want = Arc::new(want);
    let mut archive = unpack_once(client, path, &want).await?;
    if archive.broken.is_some() && !archive.is_beyond_bounds() && client.repeats_download() {
        // Connections break. What breaks again at the same place stays so.
        if let Ok(again) = unpack_once(client, path, &want).await {
            archive = again;
        }
    }
    Ok(archive)
}

async fn unpack_once<T: Transport>(
    client: &Client<T>,
    path: &str,
    want: &Arc<impl Fn(&str) -> Want + Send + Sync + 'static>,
) -> Result<archive::Archive, Refusal> {
    let reader = client.download(path, archive::MAX_DOWNLOAD).await?;
    let want = Arc::clone(want);
    let read = tokio::task::spawn_blocking(move || archive::read(reader, |path| want(path))).await;
    read.map_err(|error| Refusal::Shape(error.to_string()))
}

/// The community files of the owner's `.github` repository, and why there may be more of them.
async fn inherited<T: Transport>(
    client: &Client<T>,
    repository: &Repository,
    remarks: &mut Vec<String>,
) -> (Option<Inherited>, Option<State>) {
    let Ok(lender) = Slug::new(&repository.owner, ".github") else { return (None, None) };
    let archive = match lent(client, &lender).await {
        Ok(Some(archive)) => archive,
        Ok(None) => return (None, None),
        Err(refusal) => return (None, Some(inherited_unknown(&repository.owner, &refusal.reason(), remarks))),
    };
    let unseen = archive.broken.as_ref().map(|reason| inherited_unknown(&repository.owner, reason, remarks));
    let owner_page = repository.url.rsplit_once('/').map_or(repository.url.as_str(), |(owner_page, _)| owner_page);
    let at = archive.commit.as_deref().unwrap_or("HEAD");
    (Some(Inherited { base_link: format!("{owner_page}/.github/blob/{at}"), files: archive.contents }), unseen)
}

/// What a `.github` repository lends, as it is kept.
#[derive(Serialize, Deserialize)]
struct Lent {
    commit: Option<String>,
    files: BTreeMap<String, Form>,
}

/// The community files of a `.github` repository, as they were read not long ago or from its archive. None where there
/// is no such repository.
async fn lent<T: Transport>(client: &Client<T>, lender: &Slug) -> Result<Option<archive::Archive>, Refusal> {
    let name = format!("community files of {lender}");
    let before = client.made_before(&name);
    if let Some(lent) = before.and_then(|entry| serde_json::from_slice::<Option<Lent>>(&entry.body).ok()) {
        return Ok(lent.map(|lent| archive::Archive {
            contents: lent.files.into_iter().map(|(path, form)| (path, form.into())).collect(),
            commit: lent.commit,
            broken: None,
        }));
    }
    let want = |path: &str| if tree::is_inherited_path(path) { Want::Text } else { Want::Nothing };
    let archive = match unpack(client, &format!("/repos/{lender}/tarball/HEAD"), want).await {
        Ok(archive) => archive,
        Err(refusal) if refusal.status() == Some(404) => {
            client.keep_made(&name, b"null".to_vec());
            return Ok(None);
        }
        Err(refusal) => return Err(refusal),
    };
    let form = |(path, content): (&String, &Content)| Some((path.clone(), Form::of(content)?));
    let files: BTreeMap<String, Form> = archive.contents.iter().filter_map(form).collect();
    if archive.broken.is_none()
        && files.len() == archive.contents.len()
        && let Ok(body) = serde_json::to_vec(&Lent { commit: archive.commit.clone(), files })
    {
        client.keep_made(&name, body);
    }
    Ok(Some(archive))
}
