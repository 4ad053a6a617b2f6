//! Answers of GitHub that are kept from one run to the next, so that what has not changed costs no request.
//!
//! An entry stands under the API's address, the credential that saw it, and its name; nothing of it answers another
//! credential. It holds no token. A cache that cannot be used is told once, and then done without.

mod entry;
mod folder;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest as _, Sha256};

pub(super) use self::entry::Entry;
use self::folder::{Folder, MAX_FILE};
use super::progress::{Progress, Told};

/// A cache for one credential at one API.
pub(super) struct Cache(Option<Open>);

struct Open {
    folder: Folder,
    /// What comes before the name in the key of an entry.
    scope: String,
    progress: Progress,
    /// Whether something does not work, which has been said.
    out_of_order: AtomicBool,
    warned_of_damage: AtomicBool,
}

impl Cache {
    /// A cache that keeps nothing.
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// The cache in a folder, which is made where it is missing. `credential` tells credentials apart, and is no secret.
    pub(super) fn open(path: &Path, api: &str, credential: &str, progress: Progress) -> Self {
        match Folder::open(path) {
            Ok(folder) => Self(Some(Open {
                folder,
                scope: format!("{credential}\n{api}\n"),
                progress,
                out_of_order: AtomicBool::new(false),
                warned_of_damage: AtomicBool::new(false),
            })),
            Err(error) => {
                progress(Told::Warning(&unusable(path, &error)));
                Self(None)
            }
        }
    }

    #[cfg(test)]
    pub(super) fn for_tests(path: &Path, credential: &str) -> Self {
        Self::open(path, "https://api.example.org", credential, std::sync::Arc::new(|_| ()))
    }

    pub(super) fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    /// What is kept under this name. Damaged entries are thrown away.
    pub(super) fn get(&self, name: &str) -> Option<Entry> {
        let open = self.0.as_ref()?;
        let key = open.key(name);
        let file = file_name(&key);
        let bytes = match open.folder.read(&file) {
            Ok(bytes) => bytes?,
            Err(error) => {
                open.give_up(&error);
                return None;
            }
        };
        let entry = Entry::decode(&bytes, &key);
        if entry.is_none() {
            open.folder.remove(&file);
            if !open.warned_of_damage.swap(true, Ordering::Relaxed) {
                let path = open.folder.path().display();
                (open.progress)(Told::Warning(&format!("a damaged entry of the cache in {path} is asked for anew")));
            }
        }
        entry
    }

    /// Keeps an entry, unless it is too large.
    pub(super) fn put(&self, name: &str, entry: &Entry) {
        let Some(open) = self.0.as_ref().filter(|open| !open.out_of_order.load(Ordering::Relaxed)) else { return };
        let key = open.key(name);
        let written = entry.encode(&key).and_then(|bytes| {
            if bytes.len() > MAX_FILE { Ok(()) } else { open.folder.write(&file_name(&key), &bytes) }
        });
        if let Err(error) = written {
            open.give_up(&error);
        }
    }

    /// Throws away what is kept under this name.
    pub(super) fn forget(&self, name: &str) {
        if let Some(open) = &self.0 {
            open.folder.remove(&file_name(&open.key(name)));
        }
    }

    /// Forgets what has not been used for longest, where there is more than may be kept.
    pub(super) fn tidy(&self) {
        if let Some(open) = &self.0 {
            open.folder.tidy();
        }
    }
}

impl Open {
    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.scope)
    }

    fn give_up(&self, error: &std::io::Error) {
        if !self.out_of_order.swap(true, Ordering::Relaxed) {
            (self.progress)(Told::Warning(&unusable(self.folder.path(), error)));
        }
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> String {
    format!("the cache in {} cannot be used ({error}); going on without it", path.display())
}

fn file_name(key: &str) -> String {
    let mut name = format!("{:x}", Sha256::digest(key));
    name.truncate(40);
    name
}

#[cfg(test)]
mod tests;
