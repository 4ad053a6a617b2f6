//! Signs of fuzzing in the tree: targets, corpora and configuration.

use super::{Repository, paths};
use crate::evidence::Place;

/// Endings of sources that may be fuzz targets.
const ENDINGS_OF_TARGETS: [&str; 9] = ["c", "cc", "cpp", "cxx", "java", "kt", "py", "js", "ts"];

/// What the tree says of fuzzing: the tool or kind, and where.
pub(super) fn signs(repository: &Repository) -> Vec<(String, Place)> {
    let mut found: Vec<(String, Place)> = Vec::new();
    for entry in repository.entries.iter().filter(|entry| !paths::is_vendored(&entry.path)) {
        if let Some(sign) = sign(&entry.path)
            && !found.iter().any(|(known, _)| known == sign)
        {
            found.push((sign.to_owned(), Place::file(&entry.path)));
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

fn sign(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    let name = paths::name(&lower);
    let folder = paths::folder(&lower);
    let (stem, ending) = paths::stem_and_ending(&lower);
    let is_target = ENDINGS_OF_TARGETS.contains(&ending.as_str());
    if lower.starts_with(".clusterfuzzlite/") {
        Some("ClusterFuzzLite")
    } else if folder.ends_with("fuzz_targets") && ending == "rs" {
        Some("cargo-fuzz")
    } else if is_go_fuzz_test(name) || folder.contains("testdata/fuzz/fuzz") {
        Some("Go fuzz tests")
    } else if (ending == "java" || ending == "kt") && (stem.ends_with("fuzzer") || stem.ends_with("fuzztest")) {
        Some("Jazzer")
    } else if is_target && is_fuzzer_name(stem) {
        Some("fuzz targets")
    } else if is_oss_fuzz(folder) && (name == "project.yaml" || name == "build.sh") {
        Some("OSS-Fuzz")
    } else {
        None
    }
}

/// Names such as `fuzz_test.go` and `parse_fuzz_test.go`. Tests of code about fuzzing are none.
fn is_go_fuzz_test(name: &str) -> bool {
    name.strip_suffix("_test.go").is_some_and(|stem| stem.split('_').any(|part| part == "fuzz"))
}

/// Names that fuzz targets have by custom, such as `parse_fuzzer.cc`, `fuzz_parse.py` or `parse.fuzz.ts`.
fn is_fuzzer_name(stem: &str) -> bool {
    stem.ends_with("_fuzzer")
        || stem.ends_with("-fuzzer")
        || stem.starts_with("fuzz_")
        || stem.rsplit_once('.').is_some_and(|(_, last)| last == "fuzz")
}

fn is_oss_fuzz(folder: &str) -> bool {
    folder.split('/').any(|part| matches!(part, "oss-fuzz" | "ossfuzz" | "oss_fuzz"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::repository;
    use super::*;

    #[test]
    fn what_is_a_sign_and_what_is_not() {
        for (path, expected) in [
            (".clusterfuzzlite/Dockerfile", Some("ClusterFuzzLite")),
            ("fuzz/fuzz_targets/parse.rs", Some("cargo-fuzz")),
            ("parse_fuzz_test.go", Some("Go fuzz tests")),
            ("x/fuzz_test.go", Some("Go fuzz tests")),
            ("x/fuzz_parse_test.go", Some("Go fuzz tests")),
            ("checks/evaluation/fuzzing_test.go", None),
            ("checks/fuzzer_test.go", None),
            ("pkg/testdata/fuzz/FuzzParse/0a1b", Some("Go fuzz tests")),
            ("src/test/java/ParserFuzzTest.java", Some("Jazzer")),
            ("tests/fuzz/parse_fuzzer.cc", Some("fuzz targets")),
            ("oss-fuzz/build.sh", Some("OSS-Fuzz")),
            ("src/fuzzy.rs", None),
            ("fuzzy_search_test.py", None),
            ("docs/fuzzing.md", None),
            ("vendor/x/fuzz/fuzz_targets/parse.rs", None),
        ] {
            let found = signs(&repository(&[(path, "x")]));
            assert_eq!(found.first().map(|(sign, _)| sign.as_str()), expected, "{path}");
        }
    }
}
