//! The cheapest way to the contents of the files that the analysis wants, which the tree tells beforehand: how many they
//! are, how large, and how large the whole repository is.
//!
//! - GraphQL (with a token) carries about a hundred texts a request, and each content is named by its id.
//! - An archive carries all in one request, but everything else too. It is downloaded where that is not much, or where it
//!   is bearable and nothing else would carry all that is wanted.
//! - Files one by one are not counted as requests, once a folder was listed. Of a huge repository the most telling ones
//!   are read so.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::archive::{self, Expected};
use super::client::{Client, Refusal};
use super::kept::{Kept, Way};
use super::raw;
use super::slug::Slug;
use super::transport::Transport;
use super::tree::{self, Contents, InheritedTree, Wanted};
use crate::collect::files::{Content, Entry, MAX_TEXT, Want, needs_first_bytes};

/// Bytes of all files up to which an archive is downloaded without a second thought.
const LITTLE: u64 = 64 * 1024 * 1024;
/// Bytes of all files up to which an archive is downloaded where nothing else carries what is wanted.
const BEARABLE: u64 = 1024 * 1024 * 1024;
/// The most queries for contents.
const MAX_QUERIES: usize = 2;

/// Whether the archive of a repository is worth its download. `unpacked` is the size of all files, where it is known, and
/// `enough` whether the other way carries all that is wanted.
fn is_archive_worth_it(unpacked: Option<u64>, enough: bool) -> bool {
    unpacked.is_some_and(|size| size <= if enough { LITTLE } else { BEARABLE })
}

/// The size of all files together. None where the tree is not complete, or leaves a size out.
fn unpacked(entries: &[Entry], complete: bool) -> Option<u64> {
    let sizes = entries.iter().filter(|entry| entry.kind != crate::collect::files::EntryKind::Submodule);
    let sum = sizes.map(|entry| entry.size).try_fold(0_u64, |sum, size| Some(sum.saturating_add(size?)));
    sum.filter(|_| complete)
}

/// The contents of the wanted files, for anybody. Each is known, or says why not.
pub(super) async fn anonymously<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
    commit: &str,
    entries: &[Entry],
    complete: bool,
) -> BTreeMap<String, Content> {
    let wanted = tree::wanted_files(entries);
    let kept = Kept::of(client, Way::Archive, slug, &wanted);
    let known = wanted.iter().filter_map(|file| Some((file.path.clone(), kept.get(file)?)));
    let mut contents: BTreeMap<String, Content> = known.collect();
    let unknown = missing(&wanted, &contents);
    if kept.is_settled(client) || unknown.is_empty() {
        return contents;
    }
    let texts = wanted.iter().filter(|file| file.want == Want::Text).count();
    let read = if is_archive_worth_it(unpacked(entries, complete), texts <= raw::MAX_FILES) {
        archived(client, slug, commit, &unknown).await
    } else {
        client.tell("reading the most telling files, as the repository is too large to be downloaded");
        let reason = "the repository is too large to be downloaded for it".to_owned();
        Read { contents: too_large(&unknown), reason, settled: true }
    };
    contents.extend(read.contents);
    let fetched = raw::fetch(client, slug, commit, &missing(&wanted, &contents)).await;
    let settled = read.settled && fetched.settled;
    contents.extend(fetched.contents);
    for file in &wanted {
        let unread = || Content::Unread { reason: read.reason.clone() };
        contents.entry(file.path.clone()).or_insert_with(unread);
    }
    keep(client, &kept, &wanted, &contents, settled);
    contents
}

/// The contents of the wanted files and of those that the owner lends, for the owner of a token.
pub(super) async fn with_token<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
    commit: &str,
    entries: &[Entry],
    complete: bool,
    inherited: Option<InheritedTree>,
) -> Contents {
    let mut wanted = tree::wanted_files(entries);
    let queries = tree::queries(&wanted, inherited.as_ref());
    let mut of_archive = BTreeMap::new();
    if queries > 1 && is_archive_worth_it(unpacked(entries, complete), queries <= MAX_QUERIES) {
        let kept = Kept::of(client, Way::Archive, slug, &wanted);
        let known = wanted.iter().filter_map(|file| Some((file.path.clone(), kept.get(file)?)));
        of_archive = known.filter(|(_, content)| !matches!(content, Content::Unread { .. })).collect();
        if !kept.is_settled(client) {
            let read = archived(client, slug, commit, &missing(&wanted, &of_archive)).await;
            of_archive.extend(read.contents);
            keep(client, &kept, &wanted, &of_archive, read.settled);
        }
        wanted = missing(&wanted, &of_archive);
    }
    // What the archive does not hold as the tree names it is asked for by its id.
    let heads: Vec<Wanted> = wanted.iter().filter(|file| file.want == Want::Head).cloned().collect();
    let mut contents = tree::read(client, slug, wanted, inherited).await;
    if of_archive.is_empty() && is_archive_worth_it(unpacked(entries, complete), true) {
        of_archive = first_bytes(client, slug, commit, &heads, &contents.own).await;
    }
    contents.own.extend(of_archive);
    contents
}

/// The first bytes of files that GraphQL calls binary, which it does not tell, where that leaves open what they are.
async fn first_bytes<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
    commit: &str,
    heads: &[Wanted],
    known: &BTreeMap<String, Content>,
) -> BTreeMap<String, Content> {
    let is_open = |file: &&Wanted| {
        matches!(known.get(&file.path), Some(Content::Binary(bytes)) if bytes.is_empty())
            && needs_first_bytes(&file.path)
    };
    let open: Vec<Wanted> = heads.iter().filter(is_open).cloned().collect();
    if open.is_empty() {
        return BTreeMap::new();
    }
    let kept = Kept::of(client, Way::Archive, slug, &open);
    if kept.is_settled(client) {
        let bytes = |file: &Wanted| Some((file.path.clone(), kept.get(file)?));
        let read = open.iter().filter_map(bytes);
        return read.filter(|(_, content)| !matches!(content, Content::Unread { .. })).collect();
    }
    let read = archived(client, slug, commit, &open).await;
    keep(client, &kept, &open, &read.contents, read.settled);
    read.contents
}

/// What was read, and why the rest was not.
struct Read {
    contents: BTreeMap<String, Content>,
    reason: String,
    /// Whether reading again would tell no more.
    settled: bool,
}

/// The wanted files whose contents are not known, in their order.
fn missing(wanted: &[Wanted], contents: &BTreeMap<String, Content>) -> Vec<Wanted> {
    wanted.iter().filter(|file| !contents.contains_key(&file.path)).cloned().collect()
}

fn keep<T: Transport>(
    client: &Client<T>,
    kept: &Kept,
    wanted: &[Wanted],
    contents: &BTreeMap<String, Content>,
    settled: bool,
) {
    kept.save(client, wanted.iter().filter_map(|file| Some((file, contents.get(&file.path)?))), settled);
}

fn too_large(wanted: &[Wanted]) -> BTreeMap<String, Content> {
    let large = wanted.iter().filter(|file| file.want == Want::Text && file.size > MAX_TEXT);
    large.map(|file| (file.path.clone(), Content::TooLarge(file.size))).collect()
}

/// Reads wanted files from the archive of a commit.
async fn archived<T: Transport>(client: &Client<T>, slug: &Slug, commit: &str, wanted: &[Wanted]) -> Read {
    client.tell("downloading the files");
    let mut contents = too_large(wanted);
    let small = wanted.iter().filter(|file| !contents.contains_key(&file.path));
    let expected: BTreeMap<String, Expected> =
        small.map(|file| (file.path.clone(), Expected { want: file.want, id: Some(file.id.clone()) })).collect();
    let expect = move |path: &str| expected.get(path).cloned();
    match unpack(client, &format!("/repos/{slug}/tarball/{commit}"), expect).await {
        Ok(archive) => {
            let settled = archive.broken.is_none() || archive.is_beyond_bounds();
            contents.extend(archive.contents);
            let whole = "the archive leaves it out or changes it, as .gitattributes may say";
            Read { contents, reason: archive.broken.unwrap_or_else(|| whole.to_owned()), settled }
        }
        Err(refusal) => Read { contents, reason: refusal.reason(), settled: false },
    }
}

/// Downloads an archive and reads it on a thread that may block.
pub(super) async fn unpack<T: Transport>(
    client: &Client<T>,
    path: &str,
    expect: impl Fn(&str) -> Option<Expected> + Send + Sync + 'static,
) -> Result<archive::Archive, Refusal> {
    let expect = Arc::new(expect);
    let mut archive = unpack_once(client, path, &expect).await?;
    if archive.broken.is_some() && !archive.is_beyond_bounds() && client.repeats_download() {
        // Connections break. What breaks again at the same place stays so.
        if let Ok(again) = unpack_once(client, path, &expect).await {
            archive = again;
        }
    }
    Ok(archive)
}

async fn unpack_once<T: Transport>(
    client: &Client<T>,
    path: &str,
    expect: &Arc<impl Fn(&str) -> Option<Expected> + Send + Sync + 'static>,
) -> Result<archive::Archive, Refusal> {
    let reader = client.download(path, archive::MAX_DOWNLOAD).await?;
    let (deadline, expect) = (client.deadline(), Arc::clone(expect));
    let read = tokio::task::spawn_blocking(move || archive::read(reader, |path| expect(path), deadline)).await;
    read.map_err(|error| Refusal::Shape(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::files::EntryKind;

    fn entry(path: &str, kind: EntryKind, size: Option<u64>) -> Entry {
        Entry { path: path.to_owned(), kind, size, id: "0".repeat(40) }
    }

    #[test]
    fn an_archive_is_downloaded_where_it_is_worth_it() {
        for (unpacked, enough, expected) in [
            (Some(0), true, true),
            (Some(LITTLE), true, true),
            (Some(LITTLE + 1), true, false),
            (Some(LITTLE + 1), false, true),
            (Some(BEARABLE), false, true),
            (Some(BEARABLE + 1), false, false),
            // Of unknown size: a tree that GitHub cuts is that of a huge repository.
            (None, true, false),
            (None, false, false),
        ] {
            assert_eq!(is_archive_worth_it(unpacked, enough), expected, "{unpacked:?} {enough}");
        }
    }

    #[test]
    fn the_size_of_all_is_known_only_where_each_is() {
        let file = entry("a", EntryKind::File, Some(3));
        let module = entry("m", EntryKind::Submodule, None);
        let unsized_file = entry("u", EntryKind::File, None);
        let huge = entry("h", EntryKind::File, Some(u64::MAX));
        assert_eq!(unpacked(&[file.clone(), module.clone()], true), Some(3));
        assert_eq!(unpacked(&[file.clone(), module], false), None);
        assert_eq!(unpacked(&[file.clone(), unsized_file], true), None);
        assert_eq!(unpacked(&[file, huge], true), Some(u64::MAX));
        assert_eq!(unpacked(&[], true), Some(0));
    }

    #[test]
    fn what_is_too_large_needs_no_reading() {
        let large = entry("README.md", EntryKind::File, Some(MAX_TEXT + 1));
        let small = entry("SECURITY.md", EntryKind::File, Some(1));
        let found = too_large(&tree::wanted_files(&[large, small]));
        assert_eq!(found, BTreeMap::from([("README.md".to_owned(), Content::TooLarge(MAX_TEXT + 1))]));
    }
}
