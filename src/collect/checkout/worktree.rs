//! Says so when the work tree differs from the commit that is assessed.
//!
//! The comparison is by size and content of tracked files; filters that a repository configures are never run.

use std::collections::BTreeMap;
use std::path::Path;

use gix::Repository;

use crate::collect::files::{self, EntryKind};
use crate::evidence::Sheet;

/// Files larger than this are compared by size alone.
const MAX_COMPARED: u64 = 1024 * 1024;

/// Compares the index and the work tree with the files of the commit, and remarks on differences.
pub(super) fn compare(repository: &Repository, files: &files::Repository, sheet: &mut Sheet) {
    let Some(folder) = repository.workdir() else { return };
    let Ok(index) = repository.index_or_empty() else { return };
    let committed: BTreeMap<&str, &str> = files
        .entries
        .iter()
        .filter(|entry| entry.kind != EntryKind::Submodule)
        .map(|entry| (entry.path.as_str(), entry.id.as_str()))
        .collect();
    let mut changed = Vec::new();
    let mut tracked = 0;
    for entry in index.entries() {
        if entry.mode == gix::index::entry::Mode::COMMIT || entry.mode == gix::index::entry::Mode::DIR {
            continue;
        }
        tracked += 1;
        let path = entry.path(&index).to_string();
        let staged = committed.get(path.as_str()) != Some(&entry.id.to_string().as_str());
        if staged || differs(folder, &path, entry) {
            changed.push(path);
        }
    }
    let removed = files.complete && tracked < committed.len();
    if !changed.is_empty() || removed {
        let example = changed.first().map_or_else(String::new, |path| format!(", such as {}", path.escape_debug()));
        let count = changed.len() + if removed { committed.len() - tracked } else { 0 };
        sheet.remark(format!("{count} tracked {} from the commit{example}. The files of the commit were read, not those of the work tree.", if count == 1 { "file differs" } else { "files differ" }));
    }
}

/// Whether a file of the work tree has another content than the index says.
fn differs(folder: &Path, path: &str, entry: &gix::index::Entry) -> bool {
    let file = folder.join(path);
    let Ok(metadata) = file.symlink_metadata() else { return true };
    if metadata.is_symlink() {
        return entry.mode != gix::index::entry::Mode::SYMLINK;
    }
    if !metadata.is_file() {
        return true;
    }
    let stat_size = u64::from(entry.stat.size);
    let same_time = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
        .is_some_and(|time| time.as_secs() == u64::from(entry.stat.mtime.secs));
    if metadata.len() == stat_size && same_time {
        return false;
    }
    if metadata.len() > MAX_COMPARED {
        return metadata.len() != stat_size;
    }
    let Ok(content) = std::fs::read(&file) else { return true };
    gix::objs::compute_hash(entry.id.kind(), gix::objs::Kind::Blob, &content).map_or(true, |id| id != entry.id)
}
