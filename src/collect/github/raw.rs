//! Files one by one, where an archive does not carry them: it leaves out what `.gitattributes` says, often all of
//! `.github`, it holds some files changed, and that of a huge repository is not downloaded at all.
//!
//! Listing a folder costs one request and tells where the contents of its files are, which can then be fetched without
//! counting against the rate limit. Where that address is made of the path alone, the other files have theirs below the
//! same one; where it is not, as in private repositories, further folders are listed, as far as the budget goes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use super::blob;
use super::client::{Client, Refusal};
use super::releases::encode;
use super::rest::FolderFile;
use super::slug::Slug;
use super::transport::Transport;
use super::tree::{Wanted, content_of_bytes};
use crate::collect::files::{Content, MAX_TEXT, Want};

/// The most folders that are listed.
const MAX_FOLDERS: usize = 2;
/// The most files that are fetched.
pub(super) const MAX_FILES: usize = 60;
/// Requests that are left for the owner's `.github` repository.
const KEPT: u32 = 1;

/// What was fetched.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    pub(super) contents: BTreeMap<String, Content>,
    /// Whether fetching again would tell no more.
    pub(super) settled: bool,
}

/// Fetches the texts among these files, the most telling of which come first. What is not in the result was not fetched.
pub(super) async fn fetch<T: Transport>(client: &Client<T>, slug: &Slug, commit: &str, missing: &[Wanted]) -> Fetched {
    let texts = missing.iter().filter(|file| file.want == Want::Text && file.size <= MAX_TEXT);
    let texts: Vec<&Wanted> = texts.take(MAX_FILES).collect();
    let mut contents = BTreeMap::new();
    let (mut base, mut settled) = (None, true);
    for folder in folders(&texts) {
        if base.is_some() {
            break;
        }
        if client.left() <= KEPT {
            settled = false;
            break;
        }
        let encoded: Vec<String> = folder.split('/').map(encode).collect();
        let path = format!("/repos/{slug}/contents/{}?ref={commit}", encoded.join("/"));
        // The addresses that it tells are good for a short time.
        let Ok(listed) = client.get_once::<Vec<FolderFile>>(&path).await else {
            settled = false;
            continue;
        };
        base = listed.iter().find_map(base_of);
        let addresses: BTreeMap<String, String> =
            listed.into_iter().filter_map(|file| Some((file.path, file.download_url?))).collect();
        for file in &texts {
            if let Some(address) = addresses.get(&file.path) {
                contents.insert(file.path.clone(), content(client, address, &file.id).await);
            }
        }
    }
    if let Some(base) = base {
        for file in texts.into_iter().filter(|file| !contents.contains_key(&file.path)).collect::<Vec<_>>() {
            contents.insert(file.path.clone(), content(client, &address(&base, &file.path), &file.id).await);
        }
    }
    settled &= !contents.values().any(|content| matches!(content, Content::Unread { .. }));
    Fetched { contents, settled }
}

/// Folders of files: workflows first, then `.github`, then those nearest to the root.
fn folders<'a>(files: &[&'a Wanted]) -> Vec<&'a str> {
    let folders: BTreeSet<&str> =
        files.iter().map(|file| file.path.rsplit_once('/').map_or("", |(folder, _)| folder)).collect();
    let mut folders: Vec<&str> = folders.into_iter().collect();
    folders.sort_by_key(|folder| match *folder {
        ".github/workflows" => (0, 0),
        ".github" => (1, 0),
        "" => (2, 0),
        folder => (3, folder.matches('/').count()),
    });
    folders.truncate(MAX_FOLDERS);
    folders
}

/// The address below which the files of the commit lie, if that of this file is made of its path alone.
fn base_of(file: &FolderFile) -> Option<String> {
    let address = file.download_url.as_deref()?;
    let plain = !address.contains(['?', '#']);
    let base = address.strip_suffix(&address_of(&file.path)).filter(|base| plain && base.ends_with('/'))?;
    Some(base.to_owned())
}

fn address_of(path: &str) -> String {
    path.split('/').map(encode).collect::<Vec<_>>().join("/")
}

fn address(base: &str, path: &str) -> String {
    format!("{base}{}", address_of(path))
}

/// The content at an address, if it is the one that the tree names.
async fn content<T: Transport>(client: &Client<T>, address: &str, id: &str) -> Content {
    match bytes(client, address).await {
        Ok(bytes) if blob::has_id(&bytes, id) => content_of_bytes(&bytes, Want::Text),
        Ok(_) => Content::Unread { reason: "another content was sent than the one that the tree names".to_owned() },
        Err(refusal) => Content::Unread { reason: refusal.reason() },
    }
}

async fn bytes<T: Transport>(client: &Client<T>, address: &str) -> Result<Vec<u8>, Refusal> {
    let mut reader = client.fetch(address, MAX_TEXT).await?;
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map(|_| bytes)
    });
    match read.await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(Refusal::Shape(error.to_string())),
        Err(error) => Err(Refusal::Shape(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::*;
    use crate::collect::files::{Entry, EntryKind};
    use crate::collect::github::deadline::Deadline;
    use crate::collect::github::script::Script;
    use crate::collect::github::tree::wanted_files;

    /// The id of another content than the one that every download of the script holds.
    const OTHER: &str = "ce013625030ba8dba906f756967f9e9ca394464a";

    fn wanted(paths: &[&str]) -> Vec<Wanted> {
        let entry =
            |path: &&str| Entry { path: (*path).to_owned(), kind: EntryKind::File, size: Some(5), id: blob_id() };
        wanted_files(&paths.iter().map(entry).collect::<Vec<_>>())
    }

    fn blob_id() -> String {
        let id = gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, b"bytes").unwrap();
        id.to_string()
    }

    async fn fetched(budget: u32, listed: Value, files: &[Wanted]) -> (BTreeMap<String, Content>, Vec<String>) {
        let client =
            Client::new(Script::of(&[listed]), budget, Deadline::after(Duration::from_secs(60)), Arc::new(|_| ()));
        let contents = fetch(&client, &"acme/widget".parse().unwrap(), "0123", files).await.contents;
        (contents, client.transport().asked())
    }

    fn listed(suffix: &str) -> Value {
        let file = |path: &str| json!({ "path": path, "download_url": format!("https://raw.example.org/0123/{path}{suffix}") });
        json!([
            file(".github/workflows/ci.yml"),
            file(".github/workflows/unwanted.txt"),
            { "path": ".github/workflows/module.yml", "download_url": null },
        ])
    }

    #[tokio::test]
    async fn one_folder_tells_where_all_files_are() {
        let files = wanted(&[".github/workflows/ci.yml", "docs/a b.md", "SECURITY.md"]);
        let (contents, asked) = fetched(2, listed(""), &files).await;
        assert_eq!(contents.len(), 3);
        assert!(contents.values().all(|content| *content == Content::Text("bytes".into())), "{contents:?}");
        assert_eq!(
            asked,
            [
                "/repos/acme/widget/contents/.github/workflows?ref=0123",
                "download https://raw.example.org/0123/.github/workflows/ci.yml",
                "download https://raw.example.org/0123/SECURITY.md",
                "download https://raw.example.org/0123/docs/a%20b.md",
            ]
        );
    }

    #[tokio::test]
    async fn an_address_with_a_key_serves_its_own_file_alone() {
        let files = wanted(&[".github/workflows/ci.yml", "SECURITY.md"]);
        let (contents, asked) = fetched(2, listed("?token=abc"), &files).await;
        assert_eq!(contents.into_keys().collect::<Vec<_>>(), [".github/workflows/ci.yml"]);
        assert_eq!(asked.len(), 2);
    }

    #[tokio::test]
    async fn a_content_that_the_tree_does_not_name_is_unread() {
        let mut files = wanted(&[".github/workflows/ci.yml"]);
        files[0].id = OTHER.to_owned();
        let (contents, _) = fetched(2, listed(""), &files).await;
        assert!(matches!(contents[".github/workflows/ci.yml"], Content::Unread { .. }));
    }

    #[tokio::test]
    async fn nothing_is_asked_where_nothing_is_missing_or_left() {
        assert!(fetched(8, listed(""), &[]).await.1.is_empty());
        assert!(fetched(1, listed(""), &wanted(&["SECURITY.md"])).await.1.is_empty());
    }

    #[test]
    fn workflows_come_first() {
        let of = |paths: &[&str]| {
            let files = wanted(paths);
            folders(&files.iter().collect::<Vec<_>>()).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(
            of(&["docs/x.md", ".github/dependabot.yml", ".github/workflows/ci.yml", "SECURITY.md"]),
            [".github/workflows", ".github"]
        );
        assert_eq!(of(&["docs/b/c.md", "docs/x.md", "README.md"]), ["", "docs"]);
        assert!(of(&[]).is_empty());
    }
}
