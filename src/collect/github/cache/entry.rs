//! An entry of the cache, and its form in a file.
//!
//! A file begins with the words of [`VERSION`] and the SHA-256 of the rest, which is compressed: a line of JSON that
//! holds the key and what else is known of the answer, then the body. A file whose key is another one's is no answer.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const VERSION: &[u8] = b"seaworthy cache 1\n";
const DIGEST: usize = 32;
/// The most bytes of an entry after decompression.
const MAX_UNPACKED: u64 = 96 * 1024 * 1024;

/// Something that was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Entry {
    /// When it was asked for, or confirmed.
    pub(in super::super) asked_at: DateTime<Utc>,
    /// Since when it is known in this form.
    pub(in super::super) since: DateTime<Utc>,
    pub(in super::super) status: u16,
    /// The headers that are needed again.
    pub(in super::super) headers: BTreeMap<String, String>,
    #[serde(skip)]
    pub(in super::super) body: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Keyed<E> {
    key: String,
    entry: E,
}

impl Entry {
    /// One that holds something else than an answer.
    pub(in super::super) fn of(body: Vec<u8>) -> Self {
        Self { body, ..Self::default() }
    }

    pub(super) fn encode(&self, key: &str) -> io::Result<Vec<u8>> {
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
        serde_json::to_writer(&mut packed, &Keyed { key: key.to_owned(), entry: self })?;
        packed.write_all(b"\n")?;
        packed.write_all(&self.body)?;
        let packed = packed.finish()?;
        Ok([VERSION, &Sha256::digest(&packed), &packed].concat())
    }

    /// None where the bytes are no whole entry of this version and key.
    pub(super) fn decode(bytes: &[u8], key: &str) -> Option<Self> {
        let (digest, packed) = bytes.strip_prefix(VERSION)?.split_at_checked(DIGEST)?;
        if Sha256::digest(packed).as_slice() != digest {
            return None;
        }
        let mut unpacked = Vec::new();
        let read = DeflateDecoder::new(packed).take(MAX_UNPACKED + 1).read_to_end(&mut unpacked).ok()?;
        let end = unpacked.iter().position(|byte| *byte == b'\n')?;
        let (head, body) = unpacked.split_at_checked(end)?;
        let found: Keyed<Self> = serde_json::from_slice(head).ok()?;
        let is_whole = u64::try_from(read).is_ok_and(|read| read <= MAX_UNPACKED) && found.key == key;
        is_whole.then(|| Self { body: body.get(1..).unwrap_or_default().to_vec(), ..found.entry })
    }
}
