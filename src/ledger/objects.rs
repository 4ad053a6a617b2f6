//! The store of what records were made of: compressed files, each named by the digest of its own bytes.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};

use super::error::LedgerError;
use super::layout::{digest, digits};
use crate::disk;

/// The folder of the objects, in that of the ledger.
pub(super) const OBJECTS: &str = "objects";
/// The largest object file, in bytes.
const MAX_PACKED: u64 = 16 * 1024 * 1024;
/// The largest object when unpacked, in bytes.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;

/// What an object is, for people who look into the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Yaml,
    /// Any text.
    Text,
}

/// All forms, with the endings of their files.
const FORMS: [(Form, &str); 3] = [(Form::Json, ".json.gz"), (Form::Yaml, ".yaml.gz"), (Form::Text, ".txt.gz")];

/// The objects of a ledger.
#[derive(Clone, Debug)]
pub(super) struct Objects {
    folder: PathBuf,
}

impl Objects {
    /// Those of the ledger in a folder.
    pub(super) fn of(ledger: &Path) -> Self {
        Self { folder: ledger.join(OBJECTS) }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where an object lies. None where it is named by something else than a digest.
    pub(super) fn path(&self, object: &str, form: Form) -> Option<PathBuf> {
        let ending = FORMS.iter().find(|(known, _)| *known == form).map_or("", |(_, ending)| ending);
        Some(self.folder.join(format!("sha256-{}{ending}", digits(object)?)))
    }

    /// Keeps a text and tells its name. What is there already stays, so that records share it.
    pub(super) fn put(&self, text: &str, form: Form) -> Result<String, LedgerError> {
        let packed = packed(text.as_bytes()).map_err(|error| LedgerError::io("pack", &self.folder, error))?;
        if packed.len() as u64 > MAX_PACKED || text.len() as u64 > MAX_UNPACKED {
            return Err(LedgerError::NotKept("what it rests on is larger than a ledger keeps".to_owned()));
        }
        let object = digest(&packed);
        let Some(path) = self.path(&object, form) else { return Ok(object) };
        if self.get(&object, form).is_err() {
            disk::write(&path, &packed).map_err(|error| LedgerError::io("write", &path, error))?;
        }
        Ok(object)
    }

    /// The text of an object, checked against its name.
    pub(super) fn get(&self, object: &str, form: Form) -> Result<String, LedgerError> {
        let path = self.path(object, form).ok_or_else(|| {
            LedgerError::broken(&self.folder, format!("cannot hold an object named `{}`", object.escape_debug()))
        })?;
        let packed = read_file(&path, MAX_PACKED)?;
        if digest(&packed) != object {
            return Err(LedgerError::broken(&path, "does not have the digest in its name: it was changed"));
        }
        unpacked(&packed).map_err(|error| LedgerError::broken(&path, format!("cannot be unpacked: {error}")))
    }
}

/// Whether a file in the folder of objects is named as one, and the name of the object.
pub(super) fn object_of_file(file: &str) -> Option<String> {
    let rest = file.strip_prefix("sha256-")?;
    let digits_only = FORMS.iter().find_map(|(_, ending)| rest.strip_suffix(ending))?;
    let object = format!("sha256:{digits_only}");
    digits(&object).is_some().then_some(object)
}

/// Reads a regular file of bounded size; links are not followed.
pub(super) fn read_file(path: &Path, most: u64) -> Result<Vec<u8>, LedgerError> {
    let failed = |error| LedgerError::io("read", path, error);
    let metadata = match path.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(LedgerError::broken(path, "is missing")),
        Err(error) => return Err(failed(error)),
    };
    if !metadata.is_file() {
        return Err(LedgerError::broken(path, "is no regular file"));
    }
    if metadata.len() > most {
        return Err(LedgerError::broken(path, format!("is larger than {most} bytes")));
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Compressed without time and name, so that the same text gives the same bytes.
fn packed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn unpacked(packed: &[u8]) -> io::Result<String> {
    let mut text = String::new();
    GzDecoder::new(packed).take(MAX_UNPACKED + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX_UNPACKED {
        return Err(io::Error::other(format!("it holds more than {MAX_UNPACKED} bytes")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Objects) {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::of(folder.path());
        std::fs::create_dir(objects.folder()).unwrap();
        (folder, objects)
    }

    #[test]
    fn what_is_kept_comes_back_and_is_kept_once() {
        let (_folder, objects) = store();
        let object = objects.put("schema: x\n", Form::Yaml).unwrap();
        assert_eq!(objects.put("schema: x\n", Form::Yaml).unwrap(), object);
        assert_eq!(objects.get(&object, Form::Yaml).unwrap(), "schema: x\n");
        assert_eq!(std::fs::read_dir(objects.folder()).unwrap().count(), 1);
        let name = objects.path(&object, Form::Yaml).unwrap().file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(object_of_file(&name), Some(object));
    }

    #[test]
    fn changed_missing_and_foreign_objects_are_errors() {
        let (_folder, objects) = store();
        let object = objects.put("one", Form::Text).unwrap();
        let path = objects.path(&object, Form::Text).unwrap();
        std::fs::write(&path, packed(b"two").unwrap()).unwrap();
        assert!(objects.get(&object, Form::Text).unwrap_err().what().contains("changed"));
        // Kept again, it is whole again.
        objects.put("one", Form::Text).unwrap();
        assert_eq!(objects.get(&object, Form::Text).unwrap(), "one");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(objects.get(&object, Form::Text).unwrap_err().what(), "is missing");
        for name in ["sha256:../../../etc/passwd", "sha256:AB", "", "md5:00"] {
            assert!(objects.get(name, Form::Text).is_err(), "{name}");
        }
    }

    #[test]
    fn bombs_do_not_go_off() {
        let (_folder, objects) = store();
        let bomb = packed(&vec![b'a'; usize::try_from(MAX_UNPACKED).unwrap() + 1]).unwrap();
        let object = digest(&bomb);
        std::fs::write(objects.path(&object, Form::Text).unwrap(), &bomb).unwrap();
        assert!(objects.get(&object, Form::Text).unwrap_err().what().contains("holds more than"));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let (folder, objects) = store();
        let bytes = packed(b"secret").unwrap();
        let target = folder.path().join("elsewhere");
        std::fs::write(&target, &bytes).unwrap();
        let object = digest(&bytes);
        std::os::unix::fs::symlink(target, objects.path(&object, Form::Text).unwrap()).unwrap();
        assert_eq!(objects.get(&object, Form::Text).unwrap_err().what(), "is no regular file");
    }
}
