//! Contents of files that earlier runs have read. An object id names its content for ever, so that only files that
//! have changed are read again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::cache::Entry;
use super::client::Client;
use super::slug::Slug;
use super::transport::Transport;
use super::tree::Wanted;
use crate::collect::files::{Content, Want};

/// The most bytes of contents that are kept of a repository.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// How contents were read. Each way tells something else of files of which only the kind is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    GraphQl,
    Archive,
}

/// What earlier runs have read of a repository's files.
pub(super) struct Kept {
    name: String,
    /// Which files were wanted now.
    list: String,
    contents: HashMap<(String, bool), Content>,
    /// Whether the same files were wanted and all was read that can be.
    settled: bool,
    /// How many requests that took.
    requests: u32,
    /// What was charged before.
    charged: u32,
    /// Why some of them could not be, by path.
    unread: BTreeMap<String, String>,
}

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    list: String,
    settled: bool,
    #[serde(default)]
    requests: u32,
    contents: Vec<(String, bool, Form)>,
    unread: BTreeMap<String, String>,
}

/// A content as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Form {
    Text(String),
    Binary(Vec<u8>),
    TooLarge(u64),
}

impl Form {
    /// None of what was not read.
    pub(super) fn of(content: &Content) -> Option<Self> {
        match content {
            Content::Text(text) => Some(Self::Text(text.to_string())),
            Content::Binary(bytes) => Some(Self::Binary(bytes.clone())),
            Content::TooLarge(size) => Some(Self::TooLarge(*size)),
            Content::Unread { .. } => None,
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
            Self::TooLarge(_) => 0,
        }
    }
}

impl From<Form> for Content {
    fn from(form: Form) -> Self {
        match form {
            Form::Text(text) => Self::Text(Arc::from(text)),
            Form::Binary(bytes) => Self::Binary(bytes),
            Form::TooLarge(size) => Self::TooLarge(size),
        }
    }
}

impl Kept {
    /// What is kept of a repository of which these files are wanted.
    pub(super) fn of<T: Transport>(client: &Client<T>, way: Way, slug: &Slug, wanted: &[Wanted]) -> Self {
        let name = match way {
            Way::GraphQl => format!("contents by GraphQL of {slug}"),
            Way::Archive => format!("contents by archive of {slug}"),
        };
        let list = list(wanted);
        let stored: Stored =
            client.cache().get(&name).and_then(|entry| serde_json::from_slice(&entry.body).ok()).unwrap_or_default();
        let contents = stored.contents.into_iter().map(|(id, whole, form)| ((id, whole), form.into()));
        let settled = stored.settled && stored.list == list;
        let unread = if settled { stored.unread } else { BTreeMap::new() };
        let (requests, charged) = (stored.requests, client.charged());
        Self { name, list, contents: contents.collect(), settled, requests, charged, unread }
    }

    /// Whether an earlier run has read of these very files all that can be. What it was charged for that, this run is.
    pub(super) fn is_settled<T: Transport>(&self, client: &Client<T>) -> bool {
        if self.settled {
            client.charge(self.requests);
        }
        self.settled
    }

    /// The content of a file, or why it can not be read; None where it is to be asked for.
    pub(super) fn get(&self, file: &Wanted) -> Option<Content> {
        let read = self.contents.get(&(file.id.clone(), file.want == Want::Text)).cloned();
        let unread = || Some(Content::Unread { reason: self.unread.get(&key(file))?.clone() });
        read.or_else(unread)
    }

    /// Keeps the contents for the next run. `settled` says that asking again would tell no more.
    pub(super) fn save<'a, T: Transport>(
        &self,
        client: &Client<T>,
        read: impl Iterator<Item = (&'a Wanted, &'a Content)>,
        settled: bool,
    ) {
        if self.settled || !client.cache().is_kept() {
            return;
        }
        let requests = client.charged().saturating_sub(self.charged);
        let mut stored = Stored { list: self.list.clone(), settled, requests, ..Stored::default() };
        let mut bytes = 0;
        for (file, content) in read {
            match (Form::of(content), content) {
                (Some(form), _) if bytes + form.size() <= MAX_BYTES => {
                    bytes += form.size();
                    stored.contents.push((file.id.clone(), file.want == Want::Text, form));
                }
                (None, Content::Unread { reason }) if settled => {
                    stored.unread.insert(key(file), reason.clone());
                }
                _ => stored.settled = false,
            }
        }
        if let Ok(body) = serde_json::to_vec(&stored) {
            client.cache().put(&self.name, &Entry::of(body));
        }
    }
}

/// A name for a wanted file, of the repository or of what it inherits.
fn key(file: &Wanted) -> String {
    format!("{} {}", if file.inherited { "inherited" } else { "own" }, file.path)
}

/// What tells one list of wanted files from another.
fn list(wanted: &[Wanted]) -> String {
    let mut lines: Vec<String> =
        wanted.iter().map(|file| format!("{} {} {}", file.id, file.want == Want::Text, key(file))).collect();
    lines.sort_unstable();
    format!("{:x}", Sha256::digest(lines.join("\0")))
}
