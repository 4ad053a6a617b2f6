//! Files by the REST API: the tree, an archive of their contents, and what the owner's `.github` repository lends.

use std::collections::BTreeMap;

use super::super::answer::Answer;
use super::super::client::{Client, Refusal};
use super::super::repository::Repository;
use super::super::slug::Slug;
use super::super::transport::Transport;
use super::super::{archive, left_out, rest, tree};
use super::{get, inherited_unknown};
use crate::collect::files::{self, Content, Entry, Inherited, Want};

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
    let told = remarks.len();
    let inherited = if slug.name() == ".github" { None } else { inherited(client, repository, remarks).await };
    let inherited_unread = remarks.get(told).map(|remark| remark.trim_end_matches('.').to_owned());
    Answer::Known(files::Repository { entries, complete, contents, inherited, inherited_unread, tags })
}

/// The contents of the wanted files, each from the archive or with the reason why not.
async fn archived<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
    commit: &str,
    entries: &[Entry],
) -> BTreeMap<String, Content> {
    let wanted = tree::wanted_files(entries).into_iter().map(|file| (file.path, file.want));
    let wanted: BTreeMap<String, Want> = wanted.collect();
    if wanted.is_empty() {
        return BTreeMap::new();
    }
    client.tell("downloading the files");
    let wants = wanted.clone();
    let want = move |path: &str| wants.get(path).copied().unwrap_or(Want::Nothing);
    let (mut contents, missing) = match unpack(client, &format!("/repos/{slug}/tarball/{commit}"), want).await {
        Ok(archive::Archive { contents, broken: None, .. }) => {
            (contents, "it is left out of archives by .gitattributes".to_owned())
        }
        Ok(archive::Archive { contents, broken: Some(reason), .. }) => (contents, reason),
        Err(refusal) => (BTreeMap::new(), refusal.reason()),
    };
    left_out::fetch(client, slug, commit, &wanted, &mut contents).await;
    for path in wanted.into_keys() {
        contents.entry(path).or_insert_with(|| Content::Unread { reason: missing.clone() });
    }
    contents
}

/// Downloads an archive and reads it on a thread that may block.
async fn unpack<T: Transport>(
    client: &Client<T>,
    path: &str,
    want: impl Fn(&str) -> Want + Send + 'static,
) -> Result<archive::Archive, Refusal> {
    let reader = client.download(path, archive::MAX_DOWNLOAD).await?;
    let read = tokio::task::spawn_blocking(move || archive::read(reader, want)).await;
    read.map_err(|error| Refusal::Shape(error.to_string()))
}

/// The community files of the owner's `.github` repository.
async fn inherited<T: Transport>(
    client: &Client<T>,
    repository: &Repository,
    remarks: &mut Vec<String>,
) -> Option<Inherited> {
    let lender = Slug::new(&repository.owner, ".github").ok()?;
    let want = |path: &str| if tree::is_inherited_path(path) { Want::Text } else { Want::Nothing };
    let archive = match unpack(client, &format!("/repos/{lender}/tarball/HEAD"), want).await {
        Ok(archive) => archive,
        Err(refusal) if refusal.status() == Some(404) => return None,
        Err(refusal) => {
            remarks.push(inherited_unknown(&repository.owner, &refusal.reason()));
            return None;
        }
    };
    if let Some(reason) = &archive.broken {
        remarks.push(inherited_unknown(&repository.owner, reason));
    }
    let (owner_page, _) = repository.url.rsplit_once('/')?;
    let at = archive.commit.as_deref().unwrap_or("HEAD");
    Some(Inherited { base_link: format!("{owner_page}/.github/blob/{at}"), files: archive.contents })
}
