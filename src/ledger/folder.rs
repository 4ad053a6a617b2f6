//! What lies in the folder of a ledger, by name.

use std::io;
use std::path::Path;

use super::error::LedgerError;
use super::head::HEAD;
use super::name::Name;
use super::objects::{OBJECTS, object_of_file};
use crate::disk;

/// The most files that a folder may hold.
const MAX_FILES: usize = 20_000;

/// What lies in the folder of a ledger.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing {
    /// In the order of time.
    pub(super) records: Vec<Name>,
    pub(super) seals: Vec<Name>,
    /// Names of objects, each with its file.
    pub(super) objects: Vec<(String, String)>,
    /// What a run left behind that was ended from outside: path from the folder.
    pub(super) left_behind: Vec<String>,
    /// What a ledger does not have: path from the folder.
    pub(super) foreign: Vec<String>,
}

/// Lists a folder. Nothing is opened.
pub(super) fn list(folder: &Path) -> Result<Listing, LedgerError> {
    let mut listing = Listing::default();
    for file in files(folder)? {
        let name = Name::parse(&file);
        let sealed = file.strip_suffix(".seal.json").and_then(|stem| Name::parse(&format!("{stem}.json")));
        match (name, sealed) {
            (Some(name), _) => listing.records.push(name),
            (_, Some(name)) => listing.seals.push(name),
            _ if file == OBJECTS || file == HEAD => {}
            _ if disk::is_left_behind(&file) => listing.left_behind.push(file),
            _ => listing.foreign.push(file),
        }
    }
    listing.records.sort();
    listing.seals.sort();
    let objects = folder.join(OBJECTS);
    // A link could lead to any folder of the reader's.
    if objects.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
        for file in files(&objects)? {
            match object_of_file(&file) {
                Some(object) => listing.objects.push((object, file)),
                None if disk::is_left_behind(&file) => listing.left_behind.push(format!("{OBJECTS}/{file}")),
                None => listing.foreign.push(format!("{OBJECTS}/{file}")),
            }
        }
    } else if objects.symlink_metadata().is_ok() {
        listing.foreign.push(OBJECTS.to_owned());
    }
    Ok(listing)
}

/// The names in a folder, in order. Bytes that are not UTF-8 are replaced, which no name of ours survives.
fn files(folder: &Path) -> Result<Vec<String>, LedgerError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => LedgerError::NoRecords(folder.to_owned()),
        _ => LedgerError::io("list", folder, error),
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        if files.len() >= MAX_FILES {
            return Err(LedgerError::Broken {
                path: folder.to_owned(),
                what: format!("holds more than {MAX_FILES} files"),
                help: "name the folder of a ledger",
            });
        }
        files.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    files.sort();
    Ok(files)
}
