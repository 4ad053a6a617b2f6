use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use super::folder::Bounds;
use super::*;

fn entry(body: &str) -> Entry {
    Entry {
        status: 200,
        headers: [("etag".to_owned(), "\"1\"".to_owned())].into(),
        asked_at: chrono::DateTime::from_timestamp(1_700_000_000, 5_000_000).unwrap(),
        ..Entry::of(body.as_bytes().to_vec())
    }
}

/// A cache, and what it warned of.
fn watched(path: &Path) -> (Cache, Arc<Mutex<Vec<String>>>) {
    let warnings = Arc::new(Mutex::new(Vec::new()));
    let said = Arc::clone(&warnings);
    let progress = move |told: Told<'_>| {
        if let Told::Warning(text) = told {
            said.lock().unwrap().push(text.to_owned());
        }
    };
    (Cache::open(path, "https://api.example.org", "anonymous", Arc::new(progress)), warnings)
}

fn files(path: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(path.join("answers-1")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn what_was_kept_is_found_by_whom_it_answered() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::for_tests(folder.path(), "one");
    assert_eq!(cache.get("GET /x"), None);
    cache.put("GET /x", &entry("first"));
    cache.put("GET /x", &entry("line\nline\n"));
    assert_eq!(cache.get("GET /x"), Some(entry("line\nline\n")));
    assert_eq!(Cache::for_tests(folder.path(), "one").get("GET /x"), Some(entry("line\nline\n")));
    assert_eq!(cache.get("GET /y"), None);
    assert_eq!(Cache::for_tests(folder.path(), "two").get("GET /x"), None);
    let elsewhere = Cache::open(folder.path(), "https://git.example.org", "one", Arc::new(|_| ()));
    assert_eq!(elsewhere.get("GET /x"), None);
    assert_eq!(files(folder.path()).len(), 1, "no temporary is left");
    assert_eq!(Cache::none().get("GET /x"), None);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let inner = folder.path().join("answers-1");
    fs::create_dir(&inner).unwrap();
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o777)).unwrap();
    let cache = Cache::for_tests(folder.path(), "one");
    cache.put("GET /x", &entry("x"));
    assert_eq!((mode(&inner), mode(&files(folder.path())[0])), (0o700, 0o600));
}

#[test]
fn damaged_and_foreign_files_are_thrown_away_with_one_warning() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, warnings) = watched(folder.path());
    cache.put("GET /x", &entry("x"));
    let path = files(folder.path()).remove(0);
    let whole = fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let of_another = entry("x").encode("another key").unwrap();
    let mut older = whole.clone();
    older[16] = b'0';
    let bomb = entry(&"\0".repeat(97 * 1024 * 1024)).encode("anonymous\nhttps://api.example.org\nGET /x").unwrap();
    for bytes in [&b""[..], b"nonsense", &whole[..whole.len() / 2], &whole[..20], &flipped, &of_another, &older, &bomb]
    {
        fs::write(&path, bytes).unwrap();
        assert_eq!(cache.get("GET /x"), None);
        assert!(!path.exists());
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(cache.get("GET /x"), Some(entry("x")));
    assert_eq!(warnings.lock().unwrap().len(), 1, "{warnings:?}");
}

#[test]
fn a_folder_that_cannot_be_used_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let (cache, warnings) = watched(&file);
    cache.put("GET /x", &entry("x"));
    assert!(!cache.is_kept() && cache.get("GET /x").is_none());
    assert_eq!(warnings.lock().unwrap().len(), 1, "{warnings:?}");

    let (cache, warnings) = watched(folder.path());
    fs::remove_dir(folder.path().join("answers-1")).unwrap();
    cache.put("GET /x", &entry("x"));
    cache.put("GET /y", &entry("y"));
    let warnings = warnings.lock().unwrap();
    assert!(matches!(&warnings[..], [one] if one.contains("going on without it")), "{warnings:?}");
}

#[test]
fn what_is_too_large_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::for_tests(folder.path(), "one");
    // Random bytes, which no compression makes smaller.
    let mut random = fastrand::Rng::with_seed(1);
    let body: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(MAX_FILE + 1).collect();
    cache.put("GET /x", &Entry::of(body));
    assert_eq!(cache.get("GET /x"), None);
}

#[test]
fn what_was_used_last_stays() {
    let folder = tempfile::tempdir().unwrap();
    let held = Folder::open(folder.path()).unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    for (number, name) in ["a", "b", "c", "d", ".new-1-1-1"].into_iter().enumerate() {
        held.write(name, &[0; 100]).unwrap();
        let file = fs::OpenOptions::new().append(true).open(folder.path().join("answers-1").join(name)).unwrap();
        file.set_modified(long_ago + Duration::from_secs(number as u64)).unwrap();
    }
    let names = || -> Vec<String> {
        files(folder.path()).iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
    };
    held.tidy_within(Bounds { bytes: 1_000, files: 10 });
    assert_eq!(names(), ["a", "b", "c", "d"], "only the stale temporary goes");
    // What is read counts as used.
    assert!(held.read("a").unwrap().is_some());
    held.tidy_within(Bounds { bytes: 240, files: 10 });
    assert_eq!(names(), ["a", "d"]);
    held.tidy_within(Bounds { bytes: 1_000, files: 1 });
    assert!(names().is_empty());
}
