//! What a path alone tells: its name, whether it is vendored, and whether it is test data.

/// Folders with code of others.
const VENDORED: [&str; 13] = [
    "vendor",
    "vendors",
    "vendored",
    "node_modules",
    "bower_components",
    "third_party",
    "third-party",
    "thirdparty",
    "3rdparty",
    "external",
    "externals",
    "deps",
    "godeps",
];

/// Folders with tests, examples and their data.
const TEST_DATA: [&str; 21] = [
    "test",
    "tests",
    "testing",
    "testdata",
    "test-data",
    "test_data",
    "test-fixtures",
    "__tests__",
    "__fixtures__",
    "fixture",
    "fixtures",
    "spec",
    "specs",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "benches",
    "benchmarks",
];

/// The file's name.
pub(super) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The folder it is in, without a slash at the end; empty for the root.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folders above it, from the root.
pub(super) fn folders(path: &str) -> impl Iterator<Item = &str> {
    folder(path).split('/').filter(|folder| !folder.is_empty())
}

/// Name without its last ending, and that ending in lower case without the dot. A dot at the start is part of the name.
pub(super) fn stem_and_ending(path: &str) -> (&str, String) {
    let name = name(path);
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem, ending.to_ascii_lowercase()),
        _ => (name, String::new()),
    }
}

/// The ending in lower case, without the dot; empty where there is none.
pub(super) fn ending(path: &str) -> String {
    stem_and_ending(path).1
}

/// How many folders it lies deep; 0 in the root.
pub(super) fn depth(path: &str) -> usize {
    folders(path).count()
}

/// Whether it lies in a folder with code of others.
pub(super) fn is_vendored(path: &str) -> bool {
    folders(path).any(|folder| VENDORED.contains(&folder.to_ascii_lowercase().as_str()))
}

/// Whether it lies in a folder with tests, examples or their data.
pub(super) fn is_test_data(path: &str) -> bool {
    folders(path).any(|folder| {
        let folder = folder.to_ascii_lowercase();
        TEST_DATA.contains(&folder.as_str())
            || [".tests", "-tests", "_tests", "-fixtures", "-test"].iter().any(|end| folder.ends_with(end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(name("a/b/c.tar.gz"), "c.tar.gz");
        assert_eq!(stem_and_ending("a/C.TAR.GZ"), ("C.TAR", "gz".to_owned()));
        assert_eq!(stem_and_ending(".gitignore"), (".gitignore", String::new()));
        assert_eq!(stem_and_ending("SECURITY"), ("SECURITY", String::new()));
        assert_eq!((folder("x"), folder("a/b/x"), depth("x"), depth("a/b/x")), ("", "a/b", 0, 2));
    }

    #[test]
    fn folders_of_others_and_of_tests() {
        for path in ["vendor/a/go.mod", "web/node_modules/x/package.json", "third_party/z/Cargo.toml"] {
            assert!(is_vendored(path), "{path}");
        }
        for path in ["vendor.go", "src/vendoring/x", "depsx/y"] {
            assert!(!is_vendored(path), "{path}");
        }
        for path in
            ["a/testdata/x.bin", "Tests/x", "crate/tests/a.rs", "src/My.Tests/x.csproj", "examples/a/package.json"]
        {
            assert!(is_test_data(path), "{path}");
        }
        for path in ["test.bin", "latest/x", "contest/y"] {
            assert!(!is_test_data(path), "{path}");
        }
    }
}
