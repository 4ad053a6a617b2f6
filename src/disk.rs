//! Reading and writing files of the person who runs the program: bounded, and never half written.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Reads a text file in UTF-8, up to 64 MiB.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(io::Error::other(format!("it is larger than {MAX_BYTES} bytes")));
    }
    Ok(text)
}

/// Writes a file whole: to a temporary beside it, which then takes its name. An existing file is replaced only at the end.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    let temporary = beside(path)?;
    let written = File::create_new(&temporary).and_then(|mut file| {
        file.write_all(content.as_ref())?;
        file.sync_all()
    });
    let done = written.and_then(|()| std::fs::rename(&temporary, path));
    if done.is_err() {
        // The error that counts is the first one; a temporary that stays behind does no harm.
        let _ = std::fs::remove_file(&temporary);
    }
    done
}

/// Makes the names in a folder last, after files were written into it. Where the platform opens no folders, that is left
/// to it.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Whether a file has the name of a temporary that a run left behind when it was ended from outside.
pub(crate) fn is_left_behind(file: &str) -> bool {
    let middle = file.strip_prefix('.').and_then(|rest| rest.strip_suffix(".tmp"));
    let number = middle.and_then(|middle| middle.rsplit_once('.')).map(|(_, number)| number);
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A name beside a file that no other process of this program uses.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::other("it names no file"))?;
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}.tmp", std::process::id()));
    Ok(path.with_file_name(temporary))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_whole_and_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.md");
        write(&path, "one").unwrap();
        write(&path, "two").unwrap();
        assert_eq!(read_text(&path).unwrap(), "two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn temporaries_are_told_by_their_names() {
        let temporary = beside(Path::new("/x/report.md")).unwrap();
        assert!(is_left_behind(&temporary.file_name().unwrap().to_string_lossy()));
        for other in ["report.md", ".report.md", ".tmp", ".report.tmp", ".report.12a.tmp"] {
            assert!(!is_left_behind(other), "{other}");
        }
    }

    #[test]
    fn a_folder_that_is_missing_is_an_error_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write(&folder.path().join("missing/report.md"), "x").is_err());
        assert!(write(Path::new("/"), "x").is_err());
    }
}
