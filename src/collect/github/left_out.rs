//! Files that an archive leaves out because `.gitattributes` says so, often all of `.github`.
//!
//! Listing a folder costs one request; the files that it lists can then be fetched without counting against the rate
//! limit. Folders are listed in the order in which their files matter, as far as the budget goes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use super::client::{Client, Refusal};
use super::releases::encode;
use super::rest::FolderFile;
use super::slug::Slug;
use super::transport::Transport;
use super::tree::content_of_bytes;
use crate::collect::files::{Content, MAX_TEXT, Want};

/// The most folders that are listed, and the most files that are fetched.
const MAX_FOLDERS: usize = 2;
const MAX_FILES: usize = 30;
/// Requests that are left for the owner's `.github` repository.
const KEPT: u32 = 1;

/// Folders with missing texts: workflows first, then `.github`, then those nearest to the root.
fn folders<'a>(missing: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let folders: BTreeSet<&str> = missing.map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder)).collect();
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

/// Fetches wanted texts that are missing among the contents. Says whether it got as far as it ever does.
pub(super) async fn fetch<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
    commit: &str,
    wanted: &BTreeMap<String, Want>,
    contents: &mut BTreeMap<String, Content>,
) -> bool {
    let texts = wanted.iter().filter(|(_, want)| **want == Want::Text).map(|(path, _)| path.as_str());
    let missing: BTreeSet<&str> = texts.filter(|path| !contents.contains_key(*path)).collect();
    let (mut fetched, mut settled) = (0, true);
    for folder in folders(missing.iter().copied()) {
        if client.left() <= KEPT {
            return false;
        }
        let encoded: Vec<String> = folder.split('/').map(encode).collect();
        let path = format!("/repos/{slug}/contents/{}?ref={commit}", encoded.join("/"));
        // The addresses that it tells are good for a short time.
        let Ok(listed) = client.get_once::<Vec<FolderFile>>(&path).await else {
            settled = false;
            continue;
        };
        for file in listed.into_iter().filter(|file| missing.contains(file.path.as_str())) {
            let Some(url) = file.download_url.filter(|_| fetched < MAX_FILES) else { continue };
            fetched += 1;
            let content = match text(client, &url).await {
                Ok(content) => content,
                Err(refusal) => {
                    settled = false;
                    Content::Unread { reason: refusal.reason() }
                }
            };
            contents.insert(file.path, content);
        }
    }
    settled
}

async fn text<T: Transport>(client: &Client<T>, url: &str) -> Result<Content, Refusal> {
    let mut reader = client.fetch(url, MAX_TEXT).await?;
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map(|_| bytes)
    });
    let bytes = match read.await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => return Err(Refusal::Shape(error.to_string())),
        Err(error) => return Err(Refusal::Shape(error.to_string())),
    };
    Ok(content_of_bytes(&bytes, Want::Text))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::collect::github::deadline::Deadline;
    use crate::collect::github::script::Script;

    async fn fetched(budget: u32, wanted: &[(&str, Want)]) -> (BTreeMap<String, Content>, Vec<String>) {
        let file = |path: &str| json!({ "path": path, "download_url": format!("https://raw.example.org/{path}") });
        let listed = json!([
            file(".github/workflows/ci.yml"),
            file(".github/workflows/unwanted.txt"),
            { "path": ".github/workflows/module.yml", "download_url": null },
        ]);
        let client =
            Client::new(Script::of(&[listed]), budget, Deadline::after(Duration::from_secs(60)), Arc::new(|_| ()));
        let wanted = wanted.iter().map(|(path, want)| ((*path).to_owned(), *want)).collect();
        let mut contents = BTreeMap::from([("README.md".to_owned(), Content::Text("# Widget".into()))]);
        fetch(&client, &"acme/widget".parse().unwrap(), "0123", &wanted, &mut contents).await;
        (contents, client.transport().asked())
    }

    #[tokio::test]
    async fn a_listed_folder_tells_where_its_files_are() {
        let wanted = [
            ("README.md", Want::Text),
            (".github/workflows/ci.yml", Want::Text),
            (".github/workflows/module.yml", Want::Text),
            ("tool.bin", Want::Head),
        ];
        let (contents, asked) = fetched(2, &wanted).await;
        assert_eq!(contents.len(), 2);
        assert_eq!(contents[".github/workflows/ci.yml"], Content::Text("bytes".into()));
        assert_eq!(
            asked,
            [
                "/repos/acme/widget/contents/.github/workflows?ref=0123",
                "download https://raw.example.org/.github/workflows/ci.yml",
            ]
        );
    }

    #[tokio::test]
    async fn nothing_is_asked_where_nothing_is_missing_or_left() {
        assert!(fetched(8, &[("README.md", Want::Text), ("tool.bin", Want::Head)]).await.1.is_empty());
        assert!(fetched(1, &[(".github/workflows/ci.yml", Want::Text)]).await.1.is_empty());
    }

    #[test]
    fn workflows_come_first() {
        let missing = ["a/b/c.md", "docs/x.md", ".github/dependabot.yml", ".github/workflows/ci.yml", "SECURITY.md"];
        assert_eq!(folders(missing.into_iter()), [".github/workflows", ".github"]);
        assert_eq!(folders(["a/b/c.md", "docs/x.md", "README.md"].into_iter()), ["", "docs"]);
        assert!(folders(std::iter::empty()).is_empty());
    }
}
