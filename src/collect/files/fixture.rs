//! Repositories for tests, built from paths and texts.

use std::sync::Arc;

use super::{Content, Entry, EntryKind, Repository, Want, wanted};

/// A complete repository with these text files. Only what [`wanted`] asks for as text is given as content, as a
/// collector would do.
pub(crate) fn repository(files: &[(&str, &str)]) -> Repository {
    let mut repository = Repository { complete: true, ..Repository::default() };
    for (path, text) in files {
        let entry = entry(path, EntryKind::File, text.len() as u64);
        let content = match wanted(&entry) {
            Want::Text => Some(Content::Text(Arc::from(*text))),
            Want::Head => Some(head(text.as_bytes())),
            Want::Nothing => None,
        };
        if let Some(content) = content {
            repository.contents.insert(entry.path.clone(), content);
        }
        repository.entries.push(entry);
    }
    repository
}

/// An entry of a tree.
pub(crate) fn entry(path: &str, kind: EntryKind, size: u64) -> Entry {
    Entry { path: path.to_owned(), kind, size: Some(size), id: "0".repeat(40) }
}

/// The same repository with one more file of this content, whatever [`wanted`] says.
pub(crate) fn with(mut repository: Repository, path: &str, kind: EntryKind, content: Content) -> Repository {
    let size = match &content {
        Content::Text(text) => text.len() as u64,
        Content::Binary(head) => head.len().max(1) as u64,
        Content::TooLarge(size) => *size,
        Content::Unread { .. } => 1,
    };
    repository.entries.push(entry(path, kind, size));
    repository.contents.insert(path.to_owned(), content);
    repository
}

/// What a collector hands over where the first bytes are wanted: text, or the first bytes of a binary.
fn head(bytes: &[u8]) -> Content {
    let first = &bytes[..bytes.len().min(512)];
    if first.contains(&0) {
        return Content::Binary(first.to_vec());
    }
    Content::Text(Arc::from(String::from_utf8_lossy(first).as_ref()))
}
