//! The files of a commit: the whole list, and the contents that the analysis wants.

use gix::Repository;
use gix::objs::tree::EntryKind as GitKind;

use crate::collect::files::{self, Content, Entry, EntryKind, MAX_TEXT, Want};
use crate::evidence::Sheet;

/// The most entries that are listed, and the most folders that are entered; a tree can name the same folder again and
/// again.
const MAX_ENTRIES: usize = 300_000;
/// The deepest folder that is entered.
const MAX_DEPTH: usize = 100;
/// The largest blob that is unpacked for the sake of its first bytes.
const MAX_UNPACKED: u64 = 8 * 1024 * 1024;
/// The most text that is kept in all.
const MAX_TOTAL: u64 = 64 * 1024 * 1024;
/// How many bytes tell what kind of file it is.
const HEAD: usize = 512;

/// Reads the tree of a commit.
pub(super) fn read(
    repository: &Repository,
    commit: &gix::Commit<'_>,
    sheet: &mut Sheet,
) -> Result<files::Repository, String> {
    let tree = commit.tree().map_err(|error| error.to_string())?;
    let listing = Listing::of(&tree, MAX_ENTRIES);
    if !listing.complete {
        sheet.remark("The list of files was cut: the tree has too many entries, is too deep, or part of it is missing from the repository.");
    }
    let mut files =
        files::Repository { entries: listing.entries, complete: listing.complete, ..files::Repository::default() };
    read_contents(repository, &mut files);
    Ok(files)
}

struct Listing {
    entries: Vec<Entry>,
    folders: usize,
    /// The most entries and the most folders.
    most: usize,
    complete: bool,
}

impl Listing {
    fn of(tree: &gix::Tree<'_>, most: usize) -> Self {
        let mut listing = Self { entries: Vec::new(), folders: 0, most, complete: true };
        listing.walk(tree, "", 0);
        listing
    }

    fn walk(&mut self, tree: &gix::Tree<'_>, folder: &str, depth: usize) {
        for entry in tree.iter() {
            let Ok(entry) = entry else {
                self.complete = false;
                return;
            };
            if self.entries.len() >= self.most || self.folders >= self.most {
                self.complete = false;
                return;
            }
            let path = format!("{folder}{}", entry.filename());
            let kind = match entry.mode().kind() {
                GitKind::Tree => {
                    self.enter(&entry, &path, depth);
                    continue;
                }
                GitKind::Blob => EntryKind::File,
                GitKind::BlobExecutable => EntryKind::Executable,
                GitKind::Link => EntryKind::Symlink,
                GitKind::Commit => EntryKind::Submodule,
            };
            self.entries.push(Entry { path, kind, size: None, id: entry.oid().to_string() });
        }
    }

    fn enter(&mut self, entry: &gix::object::tree::EntryRef<'_, '_>, path: &str, depth: usize) {
        self.folders += 1;
        let tree = entry.object().ok().and_then(|object| object.try_into_tree().ok());
        match tree {
            Some(tree) if depth < MAX_DEPTH => self.walk(&tree, &format!("{path}/"), depth + 1),
            _ => self.complete = false,
        }
    }
}

fn read_contents(repository: &Repository, files: &mut files::Repository) {
    let mut total = 0;
    for entry in &mut files.entries {
        if entry.kind == EntryKind::Submodule || files::wanted(entry) == Want::Nothing {
            continue;
        }
        let size = gix::ObjectId::from_hex(entry.id.as_bytes())
            .ok()
            .and_then(|id| repository.find_header(id).ok())
            .map(|header| header.size());
        entry.size = size;
        let content = match (files::wanted(entry), size) {
            (Want::Nothing, _) => continue,
            (_, None) => Content::Unread { reason: "the object is missing from the repository".to_owned() },
            (Want::Text, Some(size)) if size > MAX_TEXT => Content::TooLarge(size),
            (Want::Head, Some(size)) if size > MAX_UNPACKED => Content::TooLarge(size),
            (Want::Text, Some(size)) if total + size > MAX_TOTAL => {
                Content::Unread { reason: "the texts of this repository are too large together".to_owned() }
            }
            (want, Some(size)) => {
                total += if want == Want::Text { size } else { 0 };
                blob(repository, &entry.id, want)
            }
        };
        files.contents.insert(entry.path.clone(), content);
    }
}

fn blob(repository: &Repository, id: &str, want: Want) -> Content {
    let object = gix::ObjectId::from_hex(id.as_bytes()).map_err(|error| error.to_string()).and_then(|id| {
        let mut blob = repository.find_blob(id).map_err(|error| error.to_string())?;
        Ok(blob.take_data())
    });
    match object {
        Ok(data) => content(&data, want),
        Err(reason) => Content::Unread { reason },
    }
}

/// Text, unless a zero byte among the first bytes says otherwise, as git itself decides.
fn content(data: &[u8], want: Want) -> Content {
    let head = data.get(..HEAD.min(data.len())).unwrap_or(data);
    let sniffed = data.get(..8000.min(data.len())).unwrap_or(data);
    if sniffed.contains(&0) {
        return Content::Binary(head.to_vec());
    }
    let kept = if want == Want::Text { data } else { head };
    Content::Text(String::from_utf8_lossy(kept).into())
}

#[cfg(test)]
mod tests {
    use gix::objs::Tree;
    use gix::objs::tree::Entry as TreeEntry;

    use super::*;

    /// A tree of ten entries that all name the same, so many levels deep.
    fn bomb(repository: &Repository, leaf: (GitKind, gix::ObjectId), levels: usize) -> gix::ObjectId {
        (0..levels)
            .fold(leaf, |(kind, oid), _| {
                let entry = |n: usize| TreeEntry { mode: kind.into(), filename: n.to_string().into(), oid };
                let tree = Tree { entries: (0..10).map(entry).collect() };
                (GitKind::Tree, repository.write_object(&tree).unwrap().detach())
            })
            .1
    }

    #[test]
    fn trees_that_name_the_same_again_and_again_are_cut() {
        let folder = tempfile::tempdir().unwrap();
        let repository = gix::init(folder.path()).unwrap();
        let file = repository.write_blob("x").unwrap().detach();
        let nothing = repository.write_object(Tree { entries: Vec::new() }).unwrap().detach();
        for (leaf, files) in [((GitKind::Blob, file), 200), ((GitKind::Tree, nothing), 0)] {
            let tree = repository.find_tree(bomb(&repository, leaf, 12)).unwrap();
            let listing = Listing::of(&tree, 200);
            assert!(!listing.complete);
            assert_eq!(listing.entries.len(), files);
            assert!(listing.folders <= 200);
        }
    }
}
