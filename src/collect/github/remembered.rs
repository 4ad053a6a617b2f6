//! What the last run asked beside the first query, so that an unchanged repository is asked everything in one.
//!
//! The role of a token is known only once the first query is answered, and so a first run asks what writers and
//! administrators see in a second one. A later run with the same credential asks for both at once. Should the role have
//! changed since, what the token may no longer see is refused field by field, and is read as before.

use serde::{Deserialize, Serialize};

use super::cache::Entry;
use super::client::Client;
use super::parts::{self, Part};
use super::slug::Slug;
use super::transport::Transport;

/// The parts of a second query that was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Remembered {
    parts: Vec<String>,
    /// How many requests it took.
    requests: u32,
}

impl Remembered {
    pub(super) fn new(parts: &[Part], requests: u32) -> Self {
        Self { parts: parts.iter().map(|part| part.name.to_owned()).collect(), requests }
    }

    /// What the last run asked about a repository; nothing where there was none.
    pub(super) fn of<T: Transport>(client: &Client<T>, slug: &Slug) -> Self {
        let entry = client.cache().get(&name(slug));
        entry.and_then(|entry| serde_json::from_slice(&entry.body).ok()).unwrap_or_default()
    }

    pub(super) fn save<T: Transport>(&self, client: &Client<T>, slug: &Slug) {
        if let Ok(body) = serde_json::to_vec(self) {
            client.cache().put(&name(slug), &Entry::of(body));
        }
    }

    pub(super) fn forget<T: Transport>(client: &Client<T>, slug: &Slug) {
        client.cache().forget(&name(slug));
    }

    /// Its parts, of those that there are today.
    pub(super) fn parts(&self) -> Vec<Part> {
        parts::ADMINISTRATION.into_iter().filter(|part| self.parts.iter().any(|name| name == part.name)).collect()
    }

    pub(super) fn requests(&self) -> u32 {
        self.requests
    }
}

fn name(slug: &Slug) -> String {
    format!("second query of {slug}")
}
