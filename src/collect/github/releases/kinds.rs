//! Kinds of files that accompany a release, told by their names.

/// A kind of file that accompanies a release, told by its name in lower case.
pub(super) struct FileKind {
    pub(super) key: &'static str,
    pub(super) is: fn(&str) -> bool,
}

pub(super) const SIGNATURES: &[&str] = &[".sig", ".asc", ".sign", ".minisig", ".sigstore", ".sigstore.json"];
pub(super) const PROVENANCE: &[&str] = &[".intoto.jsonl", ".provenance", ".attestation", ".build.slsa"];
const CERTIFICATES: &[&str] = &[".pem", ".crt"];

pub(super) const FILES: &[FileKind] = &[
    FileKind { key: "releases.signature_assets", is: |name| ends_in(name, SIGNATURES) },
    FileKind { key: "releases.provenance_assets", is: |name| ends_in(name, PROVENANCE) },
    FileKind { key: "releases.checksum_assets", is: is_checksum },
    FileKind { key: "releases.sbom_assets", is: is_sbom },
    FileKind { key: "releases.vex_assets", is: |name| has_word(name, "vex") || name.contains("openvex") },
    FileKind { key: "releases.license_assets", is: is_license },
];

fn is_sbom(name: &str) -> bool {
    ["sbom", "spdx", "cdx"].iter().any(|word| has_word(name, word)) || ends_in(name, &["bom.json", "bom.xml"])
}

pub(super) fn ends_in(name: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Whether a name holds a word, with no letter before it that would make it part of another word.
fn has_word(name: &str, word: &str) -> bool {
    name.match_indices(word).any(|(at, _)| {
        let before = name.get(..at).and_then(|before| before.chars().next_back());
        let after = name.get(at + word.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(char::is_alphabetic) && !after.is_some_and(char::is_alphabetic)
    })
}

/// A list of checksums, or a checksum beside its file; not a signature of one.
fn is_checksum(name: &str) -> bool {
    const ALGORITHMS: [&str; 7] = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "b2"];
    let stem = name.trim_end_matches(".txt");
    let is_sums = |text: &str| {
        ALGORITHMS
            .iter()
            .any(|algorithm| text.ends_with(&format!("{algorithm}sum")) || text.ends_with(&format!("{algorithm}sums")))
    };
    let beside = ALGORITHMS.iter().any(|algorithm| stem.ends_with(&format!(".{algorithm}")));
    let word = ["checksum", "checksums"].iter().any(|word| has_word(stem, word));
    let signature = ends_in(name, SIGNATURES) || ends_in(name, CERTIFICATES);
    !signature && (is_sums(stem) || beside || word)
}

fn is_license(name: &str) -> bool {
    let stem = name.split(['.', '-', '_']).next().unwrap_or_default();
    matches!(stem, "license" | "licenses" | "licence" | "licences" | "copying" | "notice" | "notices" | "unlicense")
}
