//! Files by the REST API: the tree, an archive of their contents, and what the owner's `.github` repository lends.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::answer::Answer;
use super::super::archive::{self, Expected};
use super::super::client::{Client, Refusal};
use super::super::kept::Form;
use super::super::repository::Repository;
use super::super::slug::Slug;
use super::super::transport::Transport;
use super::super::{contents, rest, tree};
use super::{get, inherited_unknown};
use crate::collect::files::{self, Content, Inherited, Want};
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
            let contents = contents::anonymously(client, slug, commit, &entries, complete).await;
            (entries, complete, contents)
        }
    };
    let (inherited, unseen_defaults) =
        if slug.name() == ".github" { (None, None) } else { inherited(client, repository, remarks).await };
    Answer::Known(files::Repository { entries, complete, contents, inherited, unseen_defaults, tags })
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
            ..archive::Archive::default()
        }));
    }
    // Its tree is not asked for, so that nothing is known of the files beforehand.
    let expect = |path: &str| tree::is_inherited_path(path).then_some(Expected { want: Want::Text, id: None });
    let archive = match contents::unpack(client, &format!("/repos/{lender}/tarball/HEAD"), expect).await {
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
