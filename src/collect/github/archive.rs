//! Reading files, and where links lead, from the archive that GitHub makes of a commit: one request for all of them.
//!
//! The archive is hostile input: it is read as it comes, nothing is unpacked to disk, and its size, the time it takes, its
//! number of entries and what is kept of it are bounded. A content counts only if it has the id that the tree gives it:
//! attributes of the repository can change files on their way into an archive, and names can stand in it twice.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use flate2::read::GzDecoder;
use tar::{Entry, EntryType};

use super::blob::BlobHash;
use super::deadline::Deadline;
use super::tree::{content_of_bytes, is_plain_path};
use crate::collect::files::{Content, MAX_TEXT, Want};

/// The most bytes of an archive that are downloaded.
pub(super) const MAX_DOWNLOAD: u64 = 200 * 1024 * 1024;
/// The most bytes of a header that gives a long name or other attributes of the next entry.
const MAX_HEADER: u64 = 64 * 1024;
/// Bytes that are read at a time.
const CHUNK: usize = 64 * 1024;
const HEAD_BYTES: u64 = 512;

/// What is said of an archive that is beyond the bounds.
pub(super) const TOO_LARGE: &str = "the archive is too large";
const TOO_MANY: &str = "it has too many entries";

/// Bounds of what is read from an archive.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Bytes after decompression.
    unpacked: u64,
    entries: usize,
    /// Bytes of contents that are kept.
    kept: u64,
}

const LIMITS: Limits = Limits { unpacked: 2 * 1024 * 1024 * 1024, entries: 800_000, kept: 128 * 1024 * 1024 };

/// A file that is wanted of an archive.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub(super) want: Want,
    /// Git's id of its content, where the tree is known.
    pub(super) id: Option<String>,
}

/// What was read from an archive.
#[derive(Debug, Default)]
pub(super) struct Archive {
    /// Contents of the wanted files, by path.
    pub(super) contents: BTreeMap<String, Content>,
    /// Wanted files whose content in the archive is not the one of the tree.
    pub(super) altered: BTreeSet<String>,
    /// The commit that it was made of, as git notes it.
    pub(super) commit: Option<String>,
    /// Why reading ended before the end, if it did.
    pub(super) broken: Option<String>,
}

impl Archive {
    /// Whether reading ended at a bound, as it would again.
    pub(super) fn is_beyond_bounds(&self) -> bool {
        self.broken.as_ref().is_some_and(|reason| reason.ends_with(TOO_LARGE) || reason.ends_with(TOO_MANY))
    }
}

/// Reads the wanted files of a `.tar.gz` whose entries all lie in one folder. Blocks; never fails, but says where it
/// had to stop.
pub(super) fn read(archive: impl Read, expect: impl Fn(&str) -> Option<Expected>, deadline: Deadline) -> Archive {
    read_within(archive, expect, deadline, LIMITS)
}

fn read_within(
    archive: impl Read,
    expect: impl Fn(&str) -> Option<Expected>,
    deadline: Deadline,
    limits: Limits,
) -> Archive {
    let mut reading = Reading { result: Archive::default(), folder: None, kept: 0, limits };
    let unpacked = Bounded { inner: GzDecoder::new(archive), left: limits.unpacked, deadline };
    let mut archive = tar::Archive::new(unpacked);
    if let Err(error) = reading.all(&mut archive, &expect) {
        reading.result.broken = Some(format!("the archive could not be read to its end: {error}"));
    }
    reading.result
}

/// What headers say of the entry that follows them.
#[derive(Default)]
struct Ahead {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    /// Whether it is stored in a way that git never uses.
    odd: bool,
}

struct Reading {
    result: Archive,
    /// The folder in which all entries lie.
    folder: Option<String>,
    kept: u64,
    limits: Limits,
}

impl Reading {
    fn all<R: Read>(
        &mut self,
        archive: &mut tar::Archive<R>,
        expect: &impl Fn(&str) -> Option<Expected>,
    ) -> io::Result<()> {
        let mut ahead = Ahead::default();
        // Headers are read here, as the library keeps them whole, however large they are.
        for (number, entry) in archive.entries()?.raw(true).enumerate() {
            if number >= self.limits.entries {
                return Err(io::Error::other(TOO_MANY));
            }
            let mut entry = entry?;
            match entry.header().entry_type() {
                EntryType::XGlobalHeader => self.result.commit = commit_of(&mut entry),
                EntryType::XHeader => ahead.read_attributes(&mut entry)?,
                EntryType::GNULongName => ahead.path = Some(long_name(&mut entry)?),
                EntryType::GNULongLink => ahead.link = Some(long_name(&mut entry)?),
                EntryType::Regular | EntryType::Symlink => self.one(&mut entry, std::mem::take(&mut ahead), expect)?,
                // Folders; and hard links, devices and sparse files, which git does not put into archives.
                _ => ahead = Ahead::default(),
            }
        }
        Ok(())
    }

    fn one(
        &mut self,
        entry: &mut Entry<'_, impl Read>,
        ahead: Ahead,
        expect: &impl Fn(&str) -> Option<Expected>,
    ) -> io::Result<()> {
        let path = ahead.path.clone().unwrap_or_else(|| entry.path_bytes().into_owned());
        let Some(path) = self.path_of(&path).filter(|_| !ahead.odd) else { return Ok(()) };
        let Some(expected) = expect(&path).filter(|expected| expected.want != Want::Nothing) else { return Ok(()) };
        if expected.id.is_some() && self.result.contents.contains_key(&path) {
            return Ok(());
        }
        let found = if entry.header().entry_type() == EntryType::Symlink {
            let link = ahead.link.or_else(|| entry.link_name_bytes().map(std::borrow::Cow::into_owned));
            content(&mut link.unwrap_or_default().as_slice(), None, &expected)?
        } else if self.kept >= self.limits.kept {
            let reason = "there are more files than the collection may read".to_owned();
            Some(Content::Unread { reason })
        } else {
            let size = entry.size();
            content(entry, Some(size), &expected)?
        };
        self.put(path, found, expected.id.is_none());
        Ok(())
    }

    /// Notes what was found under a name. Without an id nobody knows which of two is right.
    fn put(&mut self, path: String, found: Option<Content>, unsure: bool) {
        let Some(content) = found else {
            self.result.altered.insert(path);
            return;
        };
        if let Content::Text(text) = &content {
            self.kept += u64::try_from(text.len()).unwrap_or(u64::MAX);
        }
        let content = match self.result.contents.get(&path) {
            Some(other) if unsure && *other != content => {
                Content::Unread { reason: "the archive holds it twice, with different contents".to_owned() }
            }
            _ => content,
        };
        self.result.altered.remove(&path);
        self.result.contents.insert(path, content);
    }

    /// The path in the repository: without the archive's own folder, which is the same for all entries.
    fn path_of(&mut self, bytes: &[u8]) -> Option<String> {
        let path = String::from_utf8_lossy(bytes);
        let (folder, path) = path.split_once('/')?;
        if folder != self.folder.get_or_insert_with(|| folder.to_owned()) {
            return None;
        }
        is_plain_path(path).then(|| path.to_owned())
    }
}

impl Ahead {
    /// Reads the attributes of the next entry, in the manner of POSIX.
    fn read_attributes(&mut self, entry: &mut Entry<'_, impl Read>) -> io::Result<()> {
        bounded(entry.size())?;
        for attribute in entry.pax_extensions()?.into_iter().flatten() {
            let attribute = attribute?;
            match attribute.key_bytes() {
                b"path" => self.path = Some(attribute.value_bytes().to_vec()),
                b"linkpath" => self.link = Some(attribute.value_bytes().to_vec()),
                // Where the next entry ends would not be known.
                b"size" => return Err(io::Error::other("it holds a file of more than 8 GiB")),
                key if key.starts_with(b"GNU.sparse") => self.odd = true,
                _ => {}
            }
        }
        Ok(())
    }
}

fn bounded(size: u64) -> io::Result<()> {
    if size > MAX_HEADER { Err(io::Error::other("it has a header that is too large")) } else { Ok(()) }
}

/// A long name in the manner of GNU, which ends with a zero.
fn long_name(entry: &mut Entry<'_, impl Read>) -> io::Result<Vec<u8>> {
    bounded(entry.size())?;
    let mut name = Vec::new();
    entry.read_to_end(&mut name)?;
    while name.last() == Some(&0) {
        name.pop();
    }
    Ok(name)
}

/// The content, if it is the expected one. `size` is none where all of it is at hand.
fn content(reader: &mut impl Read, size: Option<u64>, expected: &Expected) -> io::Result<Option<Content>> {
    let most = if expected.want == Want::Head { HEAD_BYTES } else { MAX_TEXT };
    let mut start = Vec::new();
    let Some(id) = &expected.id else {
        if let Some(size) = size.filter(|size| expected.want == Want::Text && *size > MAX_TEXT) {
            return Ok(Some(Content::TooLarge(size)));
        }
        reader.take(most).read_to_end(&mut start)?;
        return Ok(Some(content_of_bytes(&start, expected.want)));
    };
    let size = match size {
        Some(size) => size,
        None => {
            reader.read_to_end(&mut start)?;
            u64::try_from(start.len()).unwrap_or(u64::MAX)
        }
    };
    let mut hash = BlobHash::for_id(id, size);
    hash.update(&start);
    let mut chunk = vec![0; CHUNK];
    loop {
        let count = reader.read(&mut chunk)?;
        let bytes = chunk.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        hash.update(bytes);
        let room = usize::try_from(most).unwrap_or(usize::MAX).saturating_sub(start.len());
        start.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }
    if !hash.is(id) {
        return Ok(None);
    }
    let too_large = expected.want == Want::Text && size > MAX_TEXT;
    Ok(Some(if too_large { Content::TooLarge(size) } else { content_of_bytes(&start, expected.want) }))
}

/// The commit's id from the comment that `git archive` puts first.
fn commit_of(entry: &mut impl Read) -> Option<String> {
    let mut text = String::new();
    entry.take(1_024).read_to_string(&mut text).ok()?;
    let id = text.split_once("comment=").map(|(_, id)| id.trim_end().to_owned());
    id.filter(|id| super::tree::is_object_id(id))
}

/// A reader that gives an error after so many bytes or so much time, rather than an end that looks like the true one.
struct Bounded<R> {
    inner: R,
    left: u64,
    deadline: Deadline,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.deadline.left().is_none() {
            return Err(io::Error::other("it takes too long"));
        }
        let count = self.inner.read(buffer)?;
        let read = u64::try_from(count).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(read).ok_or_else(|| io::Error::other(TOO_LARGE))?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
