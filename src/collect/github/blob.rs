//! Git's id of a file's content, by which it is known to be the one that the tree names.

use gix::hash::{Hasher, Kind, hasher};
use sha2::{Digest as _, Sha256};

/// Hashes a content piece by piece.
pub(super) enum BlobHash {
    Sha1(Hasher),
    /// Of repositories that name their objects by SHA-256.
    Sha256(Sha256),
}

impl BlobHash {
    /// Begins a content of this size, for an id of this form: 40 digits are SHA-1, 64 are SHA-256.
    pub(super) fn for_id(id: &str, size: u64) -> Self {
        let mut hash = if id.len() == 64 { Self::Sha256(Sha256::new()) } else { Self::Sha1(hasher(Kind::Sha1)) };
        hash.update(format!("blob {size}\0").as_bytes());
        hash
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hash) => hash.update(bytes),
            Self::Sha256(hash) => hash.update(bytes),
        }
    }

    /// Whether all that was given makes this id. A content made to collide with another one does not.
    pub(super) fn is(self, id: &str) -> bool {
        match self {
            Self::Sha1(hash) => hash.try_finalize().is_ok_and(|found| found.to_string().eq_ignore_ascii_case(id)),
            Self::Sha256(hash) => format!("{:x}", hash.finalize()).eq_ignore_ascii_case(id),
        }
    }
}

/// Whether a whole content has this id.
pub(super) fn has_id(bytes: &[u8], id: &str) -> bool {
    let mut hash = BlobHash::for_id(id, u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    hash.update(bytes);
    hash.is(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids as `git hash-object` prints them.
    #[test]
    fn contents_have_the_ids_of_git() {
        let hello = b"hello\n";
        assert!(has_id(hello, "ce013625030ba8dba906f756967f9e9ca394464a"));
        assert!(has_id(hello, "CE013625030BA8DBA906F756967F9E9CA394464A"));
        assert!(has_id(hello, "2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4"));
        assert!(has_id(b"", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"));
        assert!(!has_id(b"hello", "ce013625030ba8dba906f756967f9e9ca394464a"));
        assert!(!has_id(hello, "not an id"));
    }
}
