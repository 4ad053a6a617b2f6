//! The folder of the cache: files that only their owner can read, written whole, and not too many.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

/// The largest file that is kept, in bytes.
pub(super) const MAX_FILE: usize = 16 * 1024 * 1024;
/// The folder of this format, within the one that the user names.
const INNER: &str = "answers-1";
/// What the beginnings of temporaries are called.
const TEMPORARY: &str = ".new-";

/// How much is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) bytes: u64,
    pub(super) files: usize,
}

const BOUNDS: Bounds = Bounds { bytes: 256 * 1024 * 1024, files: 8_192 };
/// The most names that one tidying looks at.
const MAX_LISTED: usize = 100_000;
/// How long after its last use a file counts as just used.
const JUST_USED: Duration = Duration::from_secs(600);
/// Temporaries that are older were left by a run that was ended.
const STALE: Duration = Duration::from_secs(3_600);

pub(super) struct Folder {
    path: PathBuf,
    inner: PathBuf,
    count: AtomicU32,
    written: AtomicBool,
}

impl Folder {
    /// Opens the folder, and makes it where it is missing.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let inner = path.join(INNER);
        make_private(&inner)?;
        Ok(Self { path: path.to_owned(), inner, count: AtomicU32::new(0), written: AtomicBool::new(false) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The bytes of a file, if there is one. It counts as used from now on.
    pub(super) fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.inner.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        (&file).take(MAX_FILE as u64 + 1).read_to_end(&mut bytes)?;
        self.used(name, &file);
        Ok(Some(bytes))
    }

    /// Notes that a file was used. Where that cannot be noted it only goes earlier.
    fn used(&self, name: &str, file: &File) {
        let modified = file.metadata().and_then(|metadata| metadata.modified());
        if modified.is_ok_and(|modified| age(modified) > JUST_USED)
            && let Ok(file) = OpenOptions::new().append(true).open(self.inner.join(name))
        {
            let _ = file.set_modified(present());
        }
    }

    /// Writes a file whole, in place of an older one.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let temporary = self.inner.join(format!("{TEMPORARY}{}-{number}-{:x}", std::process::id(), fastrand::u64(..)));
        let written = create_private(&temporary).and_then(|mut file| file.write_all(bytes));
        let done = written.and_then(|()| fs::rename(&temporary, self.inner.join(name)));
        match &done {
            Ok(()) => self.written.store(true, Ordering::Relaxed),
            Err(_) => {
                let _ = fs::remove_file(&temporary);
            }
        }
        done
    }

    /// Removes a file. One that stays is found damaged again, and does no harm.
    pub(super) fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.inner.join(name));
    }

    /// Removes what was not used for longest, where this run wrote something and there is too much.
    pub(super) fn tidy(&self) {
        if self.written.swap(false, Ordering::Relaxed) {
            self.tidy_within(BOUNDS);
        }
    }

    pub(super) fn tidy_within(&self, bounds: Bounds) {
        let Ok(listed) = fs::read_dir(&self.inner) else { return };
        let mut files = Vec::new();
        for file in listed.take(MAX_LISTED).flatten() {
            let Ok(metadata) = file.metadata() else { continue };
            let Ok(modified) = metadata.modified() else { continue };
            let is_temporary = file.file_name().to_string_lossy().starts_with(TEMPORARY);
            if is_temporary && age(modified) > STALE {
                let _ = fs::remove_file(file.path());
            } else if !is_temporary {
                files.push((modified, metadata.len(), file.path()));
            }
        }
        let mut bytes: u64 = files.iter().map(|(_, length, _)| length).sum();
        let mut count = files.len();
        if bytes <= bounds.bytes && count <= bounds.files {
            return;
        }
        // Somewhat more goes than must, so that the next run need not begin again.
        let (bytes_kept, files_kept) = (bounds.bytes / 8 * 7, bounds.files / 8 * 7);
        files.sort_unstable();
        for (_, length, path) in files {
            if bytes <= bytes_kept && count <= files_kept {
                break;
            }
            if fs::remove_file(path).is_ok() {
                bytes = bytes.saturating_sub(length);
                count -= 1;
            }
        }
    }
}

/// The clock of the file system's times, which are compared with it alone.
#[expect(clippy::disallowed_methods, reason = "times of files are the machine's, and say nothing of the evidence")]
fn present() -> SystemTime {
    SystemTime::now()
}

fn age(modified: SystemTime) -> Duration {
    present().duration_since(modified).unwrap_or_default()
}

#[cfg(unix)]
fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    // Where others may write they could put answers of their own. Only the owner can change that.
    if fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> io::Result<File> {
    File::create_new(path)
}
