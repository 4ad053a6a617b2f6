//! The files of the repository: the tree, and the contents that the analysis wants.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::client::{Client, GraphQl, Refusal};
use super::kept::{Kept, Way};
use super::query::{self, BlobWanted};
use super::rest;
use super::slug::Slug;
use super::transport::Transport;
use crate::collect::files::{Content, Entry, EntryKind, Inherited, MAX_TEXT, Want, wanted};

/// The most files of a tree that are looked at; GitHub itself cuts a list at 100,000.
const MAX_ENTRIES: usize = 200_000;
/// The longest path that is taken.
const MAX_PATH: usize = 4_096;
const MAX_QUERIES: usize = 2;
/// How often a query that is too much for GitHub is taken apart.
const MAX_PIECES: usize = 4;
/// What one GraphQL query may carry: 100 texts, or four times as many files of which only the kind is asked, and this
/// many bytes of text.
const BATCH_WEIGHT: usize = 400;
const TEXT_WEIGHT: usize = 4;
const BATCH_BYTES: u64 = 4 * 1024 * 1024;
const HEAD_BYTES: usize = 512;

/// The entries of a tree, without folders and without what has no proper path or id.
pub(super) fn entries(tree: rest::Tree) -> (Vec<Entry>, bool) {
    let is_told = |entry: &rest::TreeEntry| entry.path.is_some() && entry.mode.is_some() && entry.sha.is_some();
    let complete = !tree.truncated && tree.tree.len() <= MAX_ENTRIES && tree.tree.iter().all(is_told);
    let entry = |entry: rest::TreeEntry| {
        let kind = match entry.mode.as_deref()? {
            "100755" => EntryKind::Executable,
            "120000" => EntryKind::Symlink,
            "160000" => EntryKind::Submodule,
            "040000" => return None,
            _ => EntryKind::File,
        };
        let path = entry.path.filter(|path| is_plain_path(path))?;
        let id = entry.sha.filter(|id| is_object_id(id))?;
        Some(Entry { path, kind, size: entry.size, id })
    };
    (tree.tree.into_iter().take(MAX_ENTRIES).filter_map(entry).collect(), complete)
}

/// Whether a path is one that git would check out: relative, without `..`.
pub(super) fn is_plain_path(path: &str) -> bool {
    path.len() <= MAX_PATH && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

pub(super) fn is_object_id(id: &str) -> bool {
    matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A file whose content is wanted.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) path: String,
    pub(super) id: String,
    pub(super) size: u64,
    pub(super) want: Want,
    pub(super) inherited: bool,
}

/// The files of the repository whose contents the analysis wants, the most telling first.
pub(super) fn wanted_files(entries: &[Entry]) -> Vec<Wanted> {
    let has_content = |entry: &&Entry| entry.kind != EntryKind::Submodule;
    let of = |entry: &Entry| {
        let want = wanted(entry);
        let (path, id) = (entry.path.clone(), entry.id.clone());
        (want != Want::Nothing).then(|| Wanted { path, id, size: entry.size.unwrap_or(0), want, inherited: false })
    };
    let mut files: Vec<Wanted> = entries.iter().filter(has_content).filter_map(of).collect();
    files.sort_by_cached_key(|file| (rank(file), file.path.matches('/').count(), file.path.clone()));
    files
}

/// Beginnings of the names of policies.
const POLICIES: [&str; 11] = [
    "security",
    "license",
    "licence",
    "copying",
    "notice",
    "readme",
    "contributing",
    "governance",
    "codeowners",
    "maintainers",
    "code_of_conduct",
];

/// What is read first where not all can be: workflows and settings, then policies, then the rest.
fn rank(file: &Wanted) -> u8 {
    let path = file.path.to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    if file.want == Want::Head {
        return 5;
    }
    if path.starts_with(".github/") || name.starts_with("security-insights") {
        0
    } else if POLICIES.iter().any(|policy| name.starts_with(policy)) {
        1
    } else if !path.contains('/') {
        2
    } else if path.starts_with("docs/") || path.starts_with("doc/") {
        4
    } else {
        3
    }
}

/// The community files of the owner's `.github` repository that stand in for missing ones.
pub(super) struct InheritedTree {
    base_link: String,
    files: Vec<Wanted>,
}

/// Names of files that GitHub takes from the owner's `.github` repository.
fn is_community_file(name: &str) -> bool {
    const NAMES: [&str; 6] = ["security", "code_of_conduct", "contributing", "governance", "support", "funding"];
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    NAMES.contains(&stem.as_str())
}

/// Whether a path of the owner's `.github` repository is a community file where GitHub looks for it.
pub(super) fn is_inherited_path(path: &str) -> bool {
    match path.rsplit_once('/') {
        None => is_community_file(path),
        Some((".github" | "docs", name)) => is_community_file(name),
        Some(_) => false,
    }
}

/// Lists the community files. A private `.github` repository lends nothing.
pub(super) fn inherited_tree(from: query::Inherited) -> Option<InheritedTree> {
    let commit = from.default_branch_ref?.target?.oid;
    if from.is_private || !is_object_id(&commit) {
        return None;
    }
    let mut files = Vec::new();
    for (prefix, folder) in [("", from.root), (".github/", from.github), ("docs/", from.docs)] {
        let found = folder.and_then(|folder| folder.entries).unwrap_or_default();
        let blobs = found.into_iter().filter(|entry| entry.kind == "blob" && is_object_id(&entry.oid));
        files.extend(blobs.filter(|entry| is_community_file(&entry.name)).map(|entry| Wanted {
            path: format!("{prefix}{}", entry.name),
            id: entry.oid,
            size: entry.size.unwrap_or(0),
            want: Want::Text,
            inherited: true,
        }));
    }
    Some(InheritedTree { base_link: format!("{}/blob/{commit}", from.url), files })
}

/// Contents by path, of the repository and of what it inherits.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) own: BTreeMap<String, Content>,
    pub(super) inherited: Option<Inherited>,
}

/// Divides files into batches that one query can carry, at most `count`. Gives the batches, and what did not fit.
fn batches(files: Vec<Placed<'_>>, count: usize) -> (Vec<Vec<Placed<'_>>>, Vec<Placed<'_>>) {
    let mut full = Vec::new();
    let mut batch: Vec<Placed<'_>> = Vec::new();
    let (mut weight, mut bytes, mut rest) = (0, 0, Vec::new());
    for (place, file) in files {
        let (heavier, larger) = if file.want == Want::Text { (TEXT_WEIGHT, file.size) } else { (1, 0) };
        if weight + heavier > BATCH_WEIGHT || (bytes + larger > BATCH_BYTES && !batch.is_empty()) {
            full.push(std::mem::take(&mut batch));
            (weight, bytes) = (0, 0);
        }
        if full.len() >= count {
            rest.push((place, file));
        } else {
            weight += heavier;
            bytes += larger;
            batch.push((place, file));
        }
    }
    if !batch.is_empty() {
        full.push(batch);
    }
    (full, rest)
}

/// How many queries it takes to read the contents of all these files.
pub(super) fn queries(own: &[Wanted], inherited: Option<&InheritedTree>) -> usize {
    let lent = inherited.map(|tree| tree.files.as_slice()).unwrap_or_default();
    let small = lent.iter().chain(own).filter(|file| file.want != Want::Text || file.size <= MAX_TEXT);
    batches(small.enumerate().collect(), usize::MAX).0.len()
}

/// Reads the contents of files by GraphQL, with two queries; what does not fit is left unread, and what an earlier run
/// has read is not asked for.
pub(super) async fn read<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
    own: Vec<Wanted>,
    inherited: Option<InheritedTree>,
) -> Contents {
    let (base_link, lent) = match inherited {
        Some(tree) => (Some(tree.base_link), tree.files),
        None => (None, Vec::new()),
    };
    let all: Vec<Wanted> = lent.into_iter().chain(own).collect();
    let kept = Kept::of(client, Way::GraphQl, slug, &all);
    let mut read = Reading { client, slug, contents: BTreeMap::new(), failed: false };
    let mut missing = Vec::new();
    for (place, file) in all.iter().enumerate() {
        let too_large = file.want == Want::Text && file.size > MAX_TEXT;
        let content = if too_large { Some(Content::TooLarge(file.size)) } else { kept.get(file) };
        match content {
            Some(content) => read.put(place, content),
            None => missing.push((place, file)),
        }
    }
    if kept.is_settled(client) {
        missing.clear();
    }
    let (batches, rest) = batches(missing, MAX_QUERIES);
    for (place, _) in rest {
        read.put(place, Content::Unread { reason: "there are more files than the collection may read".to_owned() });
    }
    for batch in batches {
        client.tell(&format!("reading {} files", batch.len()));
        read.read(batch).await;
    }
    let Reading { contents: read, failed, .. } = read;
    kept.save(client, read.iter().filter_map(|(place, content)| Some((all.get(*place)?, content))), !failed);
    let mut contents = Contents {
        own: BTreeMap::new(),
        inherited: base_link.map(|base_link| Inherited { base_link, files: BTreeMap::new() }),
    };
    for (place, file) in all.into_iter().enumerate() {
        if let Some(content) = read.get(&place) {
            contents.put(file, content.clone());
        }
    }
    contents
}

/// A wanted file, and its place in the list.
type Placed<'a> = (usize, &'a Wanted);

/// Reading blobs in batches.
struct Reading<'a, T> {
    client: &'a Client<T>,
    slug: &'a Slug,
    /// Contents by the place of the file in the list.
    contents: BTreeMap<usize, Content>,
    /// Whether something was not answered that another time may be.
    failed: bool,
}

impl<T: Transport> Reading<'_, T> {
    fn put(&mut self, place: usize, content: Content) {
        self.contents.insert(place, content);
    }

    /// Reads a batch; in pieces, where it is too much for GitHub.
    async fn read(&mut self, batch: Vec<Placed<'_>>) {
        let mut pieces = vec![batch];
        let mut left = MAX_PIECES;
        while let Some(piece) = pieces.pop() {
            let answer = self.ask(&piece).await;
            let too_much = match &answer {
                Ok(answer) => answer.is_too_much(),
                Err(refusal) => matches!(refusal.status(), Some(502..=504)),
            };
            if too_much && piece.len() > 1 && left > 0 {
                left -= 1;
                self.client.plan_again();
                let (one, other) = piece.split_at(piece.len() / 2);
                pieces.extend([other.to_vec(), one.to_vec()]);
                continue;
            }
            self.failed |= answer.as_ref().map_or(true, |answer| !answer.errors.is_empty());
            for (number, (place, file)) in piece.into_iter().enumerate() {
                let content = match &answer {
                    Ok(answer) => content_of(answer, number, file),
                    Err(refusal) => Content::Unread { reason: refusal.reason() },
                };
                self.put(place, content);
            }
        }
    }

    async fn ask(&self, piece: &[Placed<'_>]) -> Result<GraphQl, Refusal> {
        let blob = |(_, file): &Placed<'_>| BlobWanted {
            id: file.id.clone(),
            text: file.want == Want::Text,
            inherited: file.inherited,
        };
        let asked: Vec<BlobWanted> = piece.iter().map(blob).collect();
        let variables = serde_json::json!({ "owner": self.slug.owner(), "name": self.slug.name() });
        self.client.graphql(&query::blobs(&asked), variables).await
    }
}

impl Contents {
    fn put(&mut self, file: Wanted, content: Content) {
        let files = match &mut self.inherited {
            Some(inherited) if file.inherited => &mut inherited.files,
            _ => &mut self.own,
        };
        files.insert(file.path, content);
    }
}

/// The content of the file at this place of a query.
fn content_of(answer: &GraphQl, place: usize, file: &Wanted) -> Content {
    let root = if file.inherited { "inherited" } else { "repository" };
    let blob = answer.data.as_ref().and_then(|data| data.get(root)).and_then(|data| data.get(format!("b{place}")));
    let unread = |reason: &str| Content::Unread { reason: reason.to_owned() };
    let Some(blob) = blob.and_then(|blob| <query::Blob as serde::Deserialize>::deserialize(blob).ok()) else {
        return unread("GitHub's answer does not hold it");
    };
    let size = blob.byte_size.unwrap_or(file.size);
    match (blob.is_binary, blob.text) {
        (Some(true), _) => Content::Binary(Vec::new()),
        (_, _) if blob.is_truncated => Content::TooLarge(size),
        (_, Some(text)) => Content::Text(Arc::from(text)),
        // Where only the kind is asked, that it is text is all that is known.
        (Some(false), None) if file.want == Want::Head => Content::Text(Arc::from("")),
        (_, None) => unread("GitHub does not tell its text"),
    }
}

fn head(text: &str) -> &str {
    let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= HEAD_BYTES).last();
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// The content that bytes make: text, unless a zero byte or bytes that are no UTF-8 near the start say binary.
pub(super) fn content_of_bytes(bytes: &[u8], want: Want) -> Content {
    let start = bytes.get(..8_000).unwrap_or(bytes);
    if start.contains(&0) {
        return Content::Binary(bytes.get(..HEAD_BYTES).unwrap_or(bytes).to_vec());
    }
    let text = String::from_utf8_lossy(bytes);
    if want == Want::Head { Content::Text(Arc::from(head(&text))) } else { Content::Text(Arc::from(text)) }
}

#[cfg(test)]
mod tests;
