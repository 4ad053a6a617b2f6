//! Reading files, and where links lead, from the archive that GitHub makes of a commit: one request for all of them.
//!
//! The archive is hostile input: it is read as it comes, nothing is unpacked to disk, and its size, its number of
//! entries and what is kept of it are bounded.

use std::collections::BTreeMap;
use std::io::{self, Read};

use flate2::read::GzDecoder;

use super::tree::{content_of_bytes, is_plain_path};
use crate::collect::files::{Content, MAX_TEXT, Want};

/// The most bytes of an archive that are downloaded.
pub(super) const MAX_DOWNLOAD: u64 = 200 * 1024 * 1024;

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

const LIMITS: Limits = Limits { unpacked: 4 * 1024 * 1024 * 1024, entries: 400_000, kept: 128 * 1024 * 1024 };

/// What was read from an archive.
#[derive(Debug, Default)]
pub(super) struct Archive {
    /// Contents of the wanted files, by path.
    pub(super) contents: BTreeMap<String, Content>,
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
pub(super) fn read(archive: impl Read, want: impl Fn(&str) -> Want) -> Archive {
    read_within(archive, want, LIMITS)
}

fn read_within(archive: impl Read, want: impl Fn(&str) -> Want, limits: Limits) -> Archive {
    let mut result = Archive::default();
    let unpacked = Bounded { inner: GzDecoder::new(archive), left: limits.unpacked };
    let mut archive = tar::Archive::new(unpacked);
    if let Err(error) = fill(&mut result, &mut archive, &want, limits) {
        result.broken = Some(format!("the archive could not be read to its end: {error}"));
    }
    result
}

fn fill<R: Read>(
    result: &mut Archive,
    archive: &mut tar::Archive<R>,
    want: &impl Fn(&str) -> Want,
    limits: Limits,
) -> io::Result<()> {
    let mut kept = 0;
    for (number, entry) in archive.entries()?.enumerate() {
        if number >= limits.entries {
            return Err(io::Error::other(TOO_MANY));
        }
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        if kind.is_pax_global_extensions() {
            result.commit = commit_of(&mut entry);
        }
        if !kind.is_file() && !kind.is_symlink() {
            continue;
        }
        let Some(path) = path_of(&entry.path_bytes()) else { continue };
        let (wanted, size) = (want(&path), entry.size());
        let content = match wanted {
            Want::Nothing => continue,
            Want::Text if size > MAX_TEXT => Content::TooLarge(size),
            _ if kept >= limits.kept => {
                Content::Unread { reason: "there are more files than the collection may read".to_owned() }
            }
            _ if kind.is_symlink() => content_of_bytes(&entry.link_name_bytes().unwrap_or_default(), wanted),
            _ => {
                let most = if wanted == Want::Head { 512 } else { MAX_TEXT };
                let mut bytes = Vec::new();
                entry.by_ref().take(most).read_to_end(&mut bytes)?;
                kept += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                content_of_bytes(&bytes, wanted)
            }
        };
        result.contents.insert(path, content);
    }
    Ok(())
}

/// The path in the repository: without the archive's own top folder.
fn path_of(bytes: &[u8]) -> Option<String> {
    let path = String::from_utf8_lossy(bytes);
    let (_, path) = path.split_once('/')?;
    is_plain_path(path).then(|| path.to_owned())
}

/// The commit's id from the comment that `git archive` puts first.
fn commit_of(entry: &mut impl Read) -> Option<String> {
    let mut text = String::new();
    entry.take(1_024).read_to_string(&mut text).ok()?;
    let id = text.split_once("comment=").map(|(_, id)| id.trim_end().to_owned());
    id.filter(|id| super::tree::is_object_id(id))
}

/// A reader that gives an error after so many bytes, rather than an end that looks like the true one.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let read = u64::try_from(count).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(read).ok_or_else(|| io::Error::other(TOO_LARGE))?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        let comment = format!("52 comment={}\n", "0123456789".repeat(4));
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::XGlobalHeader);
        header.set_size(comment.len() as u64);
        header.set_path("pax_global_header").unwrap();
        header.set_cksum();
        builder.append(&header, comment.as_bytes()).unwrap();
        for (path, bytes) in files {
            let mut header = tar::Header::new_gnu();
            header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            builder.append(&header, *bytes).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    fn all(_: &str) -> Want {
        Want::Text
    }

    #[test]
    fn wanted_files_are_read_without_the_top_folder() {
        let bytes = packed(&[
            ("acme-widget-0123/README.md", b"# Widget"),
            ("acme-widget-0123/src/a.bin", b"\x7fELF\0\0"),
            ("acme-widget-0123/skipped", b"no"),
            ("acme-widget-0123/latin.txt", b"caf\xe9"),
        ]);
        let archive = read(&bytes[..], |path| if path == "skipped" { Want::Nothing } else { Want::Text });
        assert_eq!(archive.broken, None);
        assert_eq!(archive.commit, Some("0123456789".repeat(4)));
        let expected = [
            ("README.md", Content::Text("# Widget".into())),
            ("latin.txt", Content::Text("caf\u{fffd}".into())),
            ("src/a.bin", Content::Binary(b"\x7fELF\0\0".to_vec())),
        ];
        let expected = expected.map(|(path, content)| (path.to_owned(), content));
        assert_eq!(archive.contents.into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_content_of_a_link_is_where_it_leads() {
        let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        builder.append_link(&mut header, "top/SECURITY.md", "docs/SECURITY.md").unwrap();
        let bytes = builder.into_inner().unwrap().finish().unwrap();
        assert_eq!(read(&bytes[..], all).contents["SECURITY.md"], Content::Text("docs/SECURITY.md".into()));
    }

    #[test]
    fn paths_that_climb_are_passed_over() {
        let bytes = packed(&[("top/../../etc/passwd", b"x"), ("top//etc/passwd", b"x"), ("alone", b"x")]);
        assert!(read(&bytes[..], all).contents.is_empty());
    }

    #[test]
    fn bombs_end_with_a_reason() {
        let zeroes = vec![b'0'; 3 * 1024 * 1024];
        let bytes = packed(&[("top/a", b"a"), ("top/bomb", &zeroes), ("top/z", b"z")]);
        assert!(bytes.len() < 64 * 1024, "it must be small when packed");
        let limits = Limits { unpacked: 1024 * 1024, ..LIMITS };
        let archive = read_within(&bytes[..], all, limits);
        assert!(archive.broken.unwrap().contains("too large"));
        assert_eq!(archive.contents.len(), 2);
        let archive = read(&bytes[..], all);
        assert_eq!(archive.contents["bomb"], Content::TooLarge(3 * 1024 * 1024));
        let few = read_within(&bytes[..], all, Limits { entries: 2, ..LIMITS });
        assert!(few.broken.unwrap().contains("too many"));
        let kept = read_within(&bytes[..], all, Limits { kept: 1, ..LIMITS });
        assert!(matches!(kept.contents["z"], Content::Unread { .. }));
    }

    #[test]
    fn bounds_are_told_from_broken_connections() {
        let broken = |reason: &str| Archive { broken: Some(format!("x: {reason}")), ..Archive::default() };
        assert!(broken(TOO_LARGE).is_beyond_bounds() && broken(TOO_MANY).is_beyond_bounds());
        assert!(!broken("reset by peer").is_beyond_bounds() && !Archive::default().is_beyond_bounds());
    }

    #[test]
    fn what_is_no_archive_is_broken() {
        for bytes in [&b""[..], b"<html>", &packed(&[("top/a", b"a")])[..40]] {
            assert!(read(bytes, all).broken.is_some());
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"not a tar file, but long enough to be read as one").unwrap();
        assert!(read(&encoder.finish().unwrap()[..], all).broken.is_some());
    }
}
