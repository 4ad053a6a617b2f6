//! What repository files tell: one analysis for GitHub and for local checkouts.
//!
//! A collector lists the tree, asks [`wanted`] which contents matter, reads those, and hands both over as a
//! [`Repository`]. [`analyse`] turns that into observations. Nothing here knows GitHub, git or the file system.

mod binaries;
mod commit_hooks;
mod declared;
mod dependencies;
#[cfg(test)]
pub(crate) mod fixture;
mod fuzzing;
mod insights;
mod library;
mod licence_text;
mod licences;
mod manifests;
mod note;
mod other_ci;
mod outline;
mod paths;
mod pattern;
mod prose;
mod reading;
mod response;
mod tree;
mod wanted;
mod workflows;
mod yaml;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::evidence::Observation;

/// What an entry of the tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    File,
    /// A file with its executable bit set.
    Executable,
    Symlink,
    Submodule,
}

/// A file, link or submodule of the tree. Folders are not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path from the root, with `/`; bytes that are not UTF-8 are replaced.
    pub path: String,
    pub kind: EntryKind,
    /// Size in bytes, where the source tells it.
    pub size: Option<u64>,
    /// Git's id of the blob, in hexadecimal.
    pub id: String,
}

/// The content of a file, as far as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Text; bytes that are not UTF-8 are replaced.
    Text(Arc<str>),
    /// Not text: its first bytes, at most 512, or none where the source only tells that it is binary.
    Binary(Vec<u8>),
    /// Larger than the collector reads.
    TooLarge(u64),
    /// It is in the tree, but could not be read.
    Unread { reason: String },
}

/// How much of a file the analysis wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    Nothing,
    /// The first 512 bytes, to tell what kind of file it is.
    Head,
    /// All of it, up to [`MAX_TEXT`] bytes.
    Text,
}

/// The largest file that is read as text, in bytes.
pub const MAX_TEXT: u64 = 1024 * 1024;

/// The community files of the organisation's `.github` repository, which stand in for missing ones.
#[derive(Clone, Debug, Default)]
pub struct Inherited {
    /// Address of the repository and commit they come from, such as `https://github.com/acme/.github/blob/main`.
    pub base_link: String,
    pub files: BTreeMap<String, Content>,
}

/// All that a collector has read of a repository.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    pub entries: Vec<Entry>,
    /// Whether `entries` is the whole tree.
    pub complete: bool,
    pub contents: BTreeMap<String, Content>,
    pub inherited: Option<Inherited>,
    /// Names of the repository's tags, as far as known, the newest first.
    pub tags: Vec<String>,
}

/// How much of this file the analysis wants. Collectors read no more than that.
pub fn wanted(entry: &Entry) -> Want {
    wanted::wanted(entry)
}

/// The observations that the files of a repository give: one for each key that the vocabulary lists with `by: files`.
pub fn analyse(repository: &Repository) -> Vec<Observation> {
    workflows::analyse(repository)
}
