//! Binary files in the tree: what a reviewer cannot read, and what was built from source.

use super::library::{MAX_ITEMS, absent};
use super::{Content, Entry, EntryKind, Repository, paths};
use crate::evidence::{Observation, Place};

/// Endings of what is built from source, and what it is.
const BUILT: [(&str, &str); 34] = [
    ("a", "static library"),
    ("aar", "Android library"),
    ("apk", "Android package"),
    ("appimage", "program"),
    ("beam", "Erlang bytecode"),
    ("class", "Java class"),
    ("deb", "package"),
    ("dex", "Android bytecode"),
    ("dll", "library"),
    ("dylib", "library"),
    ("ear", "Java archive"),
    ("elc", "Emacs bytecode"),
    ("exe", "program"),
    ("gem", "Ruby package"),
    ("ipa", "iOS package"),
    ("jar", "Java archive"),
    ("ko", "kernel module"),
    ("lib", "library"),
    ("msi", "installer"),
    ("node", "Node.js library"),
    ("nupkg", "NuGet package"),
    ("o", "object file"),
    ("obj", "object file"),
    ("pdb", "debug data"),
    ("pyc", "Python bytecode"),
    ("pyd", "Python library"),
    ("pyo", "Python bytecode"),
    ("rlib", "Rust library"),
    ("rpm", "package"),
    ("so", "library"),
    ("sys", "driver"),
    ("war", "Java archive"),
    ("wasm", "WebAssembly"),
    ("whl", "Python package"),
];

/// Endings of other files that are binary, as a rule.
const OPAQUE: [&str; 42] = [
    "7z", "bin", "blob", "br", "bz2", "cab", "crate", "crx", "dat", "data", "db", "dmg", "egg", "firmware", "fw",
    "gguf", "gz", "h5", "hex", "img", "iso", "joblib", "lz4", "npy", "npz", "onnx", "parquet", "pb", "pickle", "pkg",
    "pkl", "pt", "pth", "rar", "sqlite", "sqlite3", "tar", "tflite", "tgz", "xz", "zip", "zst",
];

/// Wrappers that fetch a build tool; they are programs, but well-known ones.
const WRAPPERS: [&str; 2] = ["gradle-wrapper.jar", "maven-wrapper.jar"];

/// Endings of scripts and sources, which may well be executable but are text.
const SCRIPTS: [&str; 38] = [
    "awk", "bash", "bat", "bats", "cfg", "cmd", "conf", "css", "csh", "exp", "fish", "go", "html", "in", "java", "js",
    "json", "ksh", "lua", "md", "mjs", "php", "pl", "pm", "ps1", "py", "r", "rb", "rs", "sh", "sql", "t", "tcl",
    "toml", "ts", "txt", "yaml", "zsh",
];

/// Endings that are text or pictures whatever the executable bit says.
const HARMLESS: [&str; 18] = [
    "c", "cc", "cpp", "gif", "h", "hpp", "ico", "ipynb", "jpeg", "jpg", "pdf", "png", "svg", "ttf", "woff", "woff2",
    "xml", "yml",
];

/// Names without ending that are text.
const TEXT_NAMES: [&str; 44] = [
    "authors",
    "brewfile",
    "build",
    "buck",
    "cartfile",
    "changelog",
    "changes",
    "codeowners",
    "codefile",
    "configure",
    "contributing",
    "contributors",
    "copying",
    "copyright",
    "credits",
    "dockerfile",
    "containerfile",
    "gemfile",
    "gnumakefile",
    "gradlew",
    "history",
    "install",
    "jenkinsfile",
    "justfile",
    "kconfig",
    "kbuild",
    "licence",
    "license",
    "maintainers",
    "makefile",
    "manifest",
    "mvnw",
    "news",
    "notice",
    "owners",
    "patents",
    "pipfile",
    "podfile",
    "procfile",
    "rakefile",
    "readme",
    "security",
    "vagrantfile",
    "version",
];

/// Whether the first bytes of the file are wanted, because it may be binary.
pub(super) fn is_suspect(entry: &Entry) -> bool {
    if entry.size == Some(0) {
        return false;
    }
    let (stem, ending) = ending_of(&entry.path);
    if ending.is_empty() {
        let stem = stem.to_ascii_lowercase();
        return !stem.starts_with('.') && !TEXT_NAMES.contains(&stem.as_str());
    }
    let is_odd_executable = entry.kind == EntryKind::Executable
        && !SCRIPTS.contains(&ending.as_str())
        && !HARMLESS.contains(&ending.as_str());
    built_by_ending(&ending).is_some() || OPAQUE.contains(&ending.as_str()) || is_odd_executable
}

/// Name and ending, where `libx.so.1.2` ends in `so`.
fn ending_of(path: &str) -> (&str, String) {
    let name = paths::name(path);
    let is_versioned =
        |rest: &str| rest.starts_with('.') && rest.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit());
    match name.find(".so.").map(|at| name.split_at(at)) {
        Some((stem, rest)) if rest.get(3..).is_some_and(is_versioned) => (stem, "so".to_owned()),
        _ => paths::stem_and_ending(path),
    }
}

fn built_by_ending(ending: &str) -> Option<&'static str> {
    BUILT.iter().find(|(known, _)| *known == ending).map(|(_, what)| *what)
}

/// `tree.executables` and `tree.binaries`.
pub(super) fn analyse(repository: &Repository) -> Vec<Observation> {
    let mut executables = Findings::default();
    let mut binaries = Findings::default();
    let (mut unread, mut untold) = (Vec::new(), Vec::new());
    for entry in repository.entries.iter().filter(|entry| is_suspect(entry)) {
        if matches!(entry.kind, EntryKind::Submodule | EntryKind::Symlink) {
            continue;
        }
        match kind_of(&entry.path, repository.contents.get(&entry.path)) {
            Kind::Text | Kind::Harmless => {}
            Kind::Built(what) => {
                executables.add(entry, what);
                binaries.add(entry, what);
            }
            Kind::Opaque(what) => binaries.add(entry, what),
            Kind::OpaqueAtLeast(what) => {
                binaries.add(entry, what);
                untold.push(entry.path.as_str());
            }
            Kind::Unknown => {
                unread.push(entry.path.as_str());
                untold.push(entry.path.as_str());
            }
        }
    }
    vec![
        executables.observation(repository, "tree.executables", &untold),
        binaries.observation(repository, "tree.binaries", &unread),
    ]
}

enum Kind {
    Text,
    /// Pictures, fonts, sound, video and documents.
    Harmless,
    Built(&'static str),
    Opaque(&'static str),
    /// It is binary, and may be built.
    OpaqueAtLeast(&'static str),
    /// It may be binary, but nobody could tell.
    Unknown,
}

/// Whether that a file is binary leaves open what it is.
pub(super) fn needs_first_bytes(path: &str) -> bool {
    matches!(kind_of(path, Some(&Content::Binary(Vec::new()))), Kind::Unknown | Kind::OpaqueAtLeast(_))
}

fn kind_of(path: &str, content: Option<&Content>) -> Kind {
    let (_, ending) = ending_of(path);
    match content {
        Some(Content::Text(_)) => Kind::Text,
        Some(Content::Binary(head)) if !head.is_empty() => by_first_bytes(head, &ending),
        // That it is binary is all that is known: without an ending that says more it may be a program or a picture.
        Some(Content::Binary(_)) => match built_by_ending(&ending) {
            Some(what) => Kind::Built(what),
            None if is_sure(&ending) => Kind::Opaque("binary"),
            None if OPAQUE.contains(&ending.as_str()) => Kind::OpaqueAtLeast("binary"),
            None => Kind::Unknown,
        },
        Some(Content::TooLarge(_) | Content::Unread { .. }) | None => by_ending(&ending).unwrap_or(Kind::Unknown),
    }
}

/// By the ending alone; endings that may as well stand for text tell nothing.
fn by_ending(ending: &str) -> Option<Kind> {
    if matches!(ending, "lib" | "obj" | "o" | "a" | "sys" | "node" | "pdb" | "elc") {
        return None;
    }
    if let Some(what) = built_by_ending(ending) {
        return Some(Kind::Built(what));
    }
    is_sure(ending).then_some(Kind::Opaque("binary, by its ending"))
}

/// Whether the ending alone says that a file is binary and was not built.
fn is_sure(ending: &str) -> bool {
    OPAQUE.contains(&ending)
        && !matches!(ending, "dat" | "data" | "db" | "hex" | "bin" | "pb" | "img" | "blob" | "crate" | "pkg")
}

/// First bytes of what is built from source. Each stands for what `infer` does not know, or names otherwise.
const MAGIC: [(&[u8], &str); 14] = [
    (b"\x7fELF", "ELF program or library"),
    (b"MZ", "Windows program or library"),
    (b"\xfe\xed\xfa\xce", "Mach-O program or library"),
    (b"\xfe\xed\xfa\xcf", "Mach-O program or library"),
    (b"\xce\xfa\xed\xfe", "Mach-O program or library"),
    (b"\xcf\xfa\xed\xfe", "Mach-O program or library"),
    (b"\0asm", "WebAssembly"),
    (b"dex\n", "Android bytecode"),
    (b"!<arch>\n", "static library or package"),
    (b"\x1bLua", "Lua bytecode"),
    (b"BC\xc0\xde", "LLVM bitcode"),
    (b"FOR1", "Erlang bytecode"),
    (b"\xed\xab\xee\xdb", "package"),
    (b";ELC", "Emacs bytecode"),
];

fn by_first_bytes(head: &[u8], ending: &str) -> Kind {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Kind::Built(what);
    }
    if let Some(what) = java_or_fat_binary(head) {
        return Kind::Built(what);
    }
    if is_python_bytecode(head) && matches!(ending, "pyc" | "pyo" | "") {
        return Kind::Built("Python bytecode");
    }
    if let Some(what) = built_by_ending(ending).filter(|_| head.starts_with(b"PK") || !head.is_ascii()) {
        return Kind::Built(what);
    }
    match infer::get(head).map(|kind| (kind.matcher_type(), kind.mime_type())) {
        Some((infer::MatcherType::Archive, "application/pdf" | "application/rtf" | "application/epub+zip")) => {
            Kind::Harmless
        }
        Some((infer::MatcherType::Archive, "application/vnd.sqlite3")) => Kind::Opaque("database"),
        Some((infer::MatcherType::Archive, _)) => Kind::Opaque("archive"),
        Some((infer::MatcherType::App, _)) => Kind::Built("program or library"),
        Some((
            infer::MatcherType::Image
            | infer::MatcherType::Audio
            | infer::MatcherType::Video
            | infer::MatcherType::Font
            | infer::MatcherType::Doc
            | infer::MatcherType::Book,
            _,
        )) => Kind::Harmless,
        Some((infer::MatcherType::Text, _)) => Kind::Text,
        _ => Kind::Opaque("binary"),
    }
}

/// `CAFEBABE` begins both Java classes, whose version follows, and Mach-O files for several machines, whose number is small.
fn java_or_fat_binary(head: &[u8]) -> Option<&'static str> {
    let rest = head.strip_prefix(b"\xca\xfe\xba\xbe")?;
    let number = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
    Some(if number < 40 { "Mach-O program or library" } else { "Java class" })
}

/// A number of the version, then the bytes of a line end.
fn is_python_bytecode(head: &[u8]) -> bool {
    head.get(2..4) == Some(b"\r\n")
}

/// What was found, with the places.
#[derive(Default)]
struct Findings {
    paths: Vec<String>,
    places: Vec<Place>,
    in_tests: usize,
}

impl Findings {
    fn add(&mut self, entry: &Entry, what: &str) {
        let mut words = vec![what];
        if paths::is_test_data(&entry.path) {
            self.in_tests += 1;
            words.push("test data");
        }
        if WRAPPERS.contains(&paths::name(&entry.path)) {
            words.push("wrapper of a build tool");
        }
        self.paths.push(entry.path.clone());
        self.places.push(Place::file(&entry.path).noted(words.join(", ")));
    }

    fn observation(self, repository: &Repository, key: &str, unread: &[&str]) -> Observation {
        let count = self.paths.len();
        if count == 0 {
            return match unread.first() {
                Some(path) => Observation::failed(
                    key,
                    format!(
                        "{} of the files that may be binary could not be read, such as {}",
                        unread.len(),
                        super::note::note(path)
                    ),
                ),
                None => absent(repository, key),
            };
        }
        let mut details = Vec::new();
        if count > MAX_ITEMS {
            details.push(format!("{count} in all, {MAX_ITEMS} listed"));
        }
        if self.in_tests > 0 {
            details.push(format!("{} in folders with test data", self.in_tests));
        }
        if !unread.is_empty() {
            details.push(format!("{} more files may be binary but could not be read", unread.len()));
        }
        let listed = self.paths.into_iter().take(MAX_ITEMS).collect::<Vec<_>>();
        let observation = Observation::seen(key, listed).at_all(self.places);
        if details.is_empty() { observation } else { observation.detail(details.join("; ")) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::fixture::{repository, with};
    use super::*;
    use crate::evidence::{State, Value};

    fn listed(observation: &Observation) -> Vec<String> {
        match &observation.state {
            State::Observed(Value::List(items)) => items.clone(),
            State::Absent => Vec::new(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn by_first_bytes_and_by_ending() {
        let zip = b"PK\x03\x04\x14\0\0\0\0\0";
        let cases: [(&str, EntryKind, &[u8], bool, bool); 20] = [
            ("bin/tool", EntryKind::Executable, b"\x7fELF\x02\x01", true, true),
            ("tool.x", EntryKind::Executable, b"MZ\x90\0", true, true),
            ("mac", EntryKind::Executable, b"\xcf\xfa\xed\xfe\0", true, true),
            ("fat", EntryKind::Executable, b"\xca\xfe\xba\xbe\0\0\0\x02", true, true),
            ("A.class", EntryKind::File, b"\xca\xfe\xba\xbe\0\0\0\x34", true, true),
            ("x.wasm", EntryKind::File, b"\0asm\x01\0", true, true),
            ("lib.jar", EntryKind::File, zip, true, true),
            ("gradle/wrapper/gradle-wrapper.jar", EntryKind::File, zip, true, true),
            ("libx.so.1.2.3", EntryKind::File, b"\x7fELF\x02", true, true),
            ("x.pyc", EntryKind::File, b"\x42\x0d\r\n\0\0", true, true),
            ("classes.dex", EntryKind::File, b"dex\n035\0", true, true),
            ("libx.a", EntryKind::File, b"!<arch>\n/ \0", true, true),
            ("lib.dll", EntryKind::File, b"", true, true),
            ("data.zip", EntryKind::File, zip, false, true),
            ("data.tar.gz", EntryKind::File, b"\x1f\x8b\x08\0", false, true),
            ("tests/data/x.bin", EntryKind::File, b"\0\x01\x02\xff", false, true),
            ("picture", EntryKind::File, b"\x89PNG\r\n\x1a\n\0", false, false),
            ("manual", EntryKind::File, b"%PDF-1.4\n\0", false, false),
            ("logo.png", EntryKind::File, b"\x89PNG\r\n\x1a\n\0", false, false),
            ("song", EntryKind::File, b"OggS\0\x02\0", false, false),
        ];
        for (path, kind, head, is_executable, is_binary) in cases {
            let repository = with(repository(&[]), path, kind, Content::Binary(head.to_vec()));
            let observations = analyse(&repository);
            assert_eq!(!listed(&observations[0]).is_empty(), is_executable, "{path} executable");
            assert_eq!(!listed(&observations[1]).is_empty(), is_binary, "{path} binary");
        }
    }

    #[test]
    fn text_is_no_binary_whatever_its_name() {
        let text = Content::Text(Arc::from("v 1.0 2.0\n"));
        let mut repository = repository(&[("Makefile", "all:\n"), ("script", "#!/bin/sh\n"), ("data.bin", "01 02\n")]);
        for path in ["cube.obj", "x.dat", "lib/foo.lib", "tool"] {
            repository = with(repository, path, EntryKind::Executable, text.clone());
        }
        for observation in analyse(&repository) {
            assert_eq!(observation.state, State::Absent, "{}", observation.key);
        }
    }

    #[test]
    fn test_data_and_wrappers_are_noted() {
        let elf = Content::Binary(b"\x7fELF".to_vec());
        let repository = with(repository(&[]), "tests/data/hello", EntryKind::File, elf);
        let jar = Content::Binary(b"PK\x03\x04".to_vec());
        let repository = with(repository, "gradle/wrapper/gradle-wrapper.jar", EntryKind::File, jar);
        let executables = &analyse(&repository)[0];
        assert_eq!(executables.detail.as_deref(), Some("1 in folders with test data"));
        let notes: Vec<_> = executables.places.iter().filter_map(|place| place.note.as_deref()).collect();
        assert_eq!(notes, ["ELF program or library, test data", "Java archive, wrapper of a build tool"]);
    }

    /// Files that are binary, of which nobody has seen the bytes: whether the keys are failed or name them.
    #[test]
    fn a_binary_file_without_its_bytes_may_be_a_program() {
        for (path, kind, executables, binaries) in [
            ("bin/tool", EntryKind::Executable, "failed", "failed"),
            ("picture", EntryKind::File, "failed", "failed"),
            ("tool.x", EntryKind::Executable, "failed", "failed"),
            ("weights.bin", EntryKind::File, "failed", "observed"),
            ("data.zip", EntryKind::File, "absent", "observed"),
            ("lib.dll", EntryKind::File, "observed", "observed"),
        ] {
            let repository = with(repository(&[]), path, kind, Content::Binary(Vec::new()));
            let words: Vec<&str> = analyse(&repository).iter().map(|observation| observation.state.word()).collect();
            assert_eq!(words, [executables, binaries], "{path}");
        }
    }

    #[test]
    fn what_could_not_be_read_is_not_absent() {
        let unread = Content::Unread { reason: "gone".to_owned() };
        let repository = with(repository(&[]), "tool", EntryKind::Executable, unread);
        for observation in analyse(&repository) {
            assert!(matches!(observation.state, State::Failed { .. }), "{observation:?}");
        }
    }
}
