//! Folders and files: `inherited.graphql`, and the query for contents, which is made for the files at hand.

use std::fmt::Write as _;

use serde::Deserialize;

use super::Branch;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Inherited {
    pub(in super::super) url: String,
    pub(in super::super) is_private: bool,
    pub(in super::super) default_branch_ref: Option<Branch>,
    pub(in super::super) root: Option<Folder>,
    pub(in super::super) github: Option<Folder>,
    pub(in super::super) docs: Option<Folder>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(in super::super) struct Folder {
    #[serde(default)]
    pub(in super::super) entries: Option<Vec<FolderEntry>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(in super::super) struct FolderEntry {
    pub(in super::super) name: String,
    #[serde(rename = "type")]
    pub(in super::super) kind: String,
    pub(in super::super) oid: String,
    pub(in super::super) size: Option<u64>,
}

/// A file's content, in the answer to [`blobs`].
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Blob {
    pub(in super::super) byte_size: Option<u64>,
    pub(in super::super) is_binary: Option<bool>,
    #[serde(default)]
    pub(in super::super) is_truncated: bool,
    pub(in super::super) text: Option<String>,
}

/// A blob to ask for: its id, and whether its text is wanted or only whether it is binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct BlobWanted {
    pub(in super::super) id: String,
    pub(in super::super) text: bool,
    /// Whether it lies in the owner's `.github` repository.
    pub(in super::super) inherited: bool,
}

/// A query for blobs by their ids. The answers stand under `repository` and `inherited`, the blob at place N as `bN`.
/// Ids are hexadecimal (checked when the tree is read), so that nothing of a repository gets into the query.
pub(in super::super) fn blobs(wanted: &[BlobWanted]) -> String {
    // A variable that is declared and not used is an error.
    let name = if wanted.iter().all(|blob| blob.inherited) { "" } else { ", $name: String!" };
    let mut query = format!("query SeaworthyBlobs($owner: String!{name}) {{\n");
    for (inherited, root) in [
        (false, "repository: repository(owner: $owner, name: $name)"),
        (true, "inherited: repository(owner: $owner, name: \".github\")"),
    ] {
        if !wanted.iter().any(|blob| blob.inherited == inherited) {
            continue;
        }
        let _ = writeln!(query, "  {root} {{");
        for (place, blob) in wanted.iter().enumerate().filter(|(_, blob)| blob.inherited == inherited) {
            let fragment = if blob.text { "Content" } else { "Kind" };
            let _ = writeln!(query, "    b{place}: object(oid: \"{}\") {{ ...{fragment} }}", blob.id);
        }
        query.push_str("  }\n");
    }
    query.push_str("}\n");
    if wanted.iter().any(|blob| blob.text) {
        query.push_str("fragment Content on Blob { byteSize isBinary isTruncated text }\n");
    }
    if wanted.iter().any(|blob| !blob.text) {
        query.push_str("fragment Kind on Blob { byteSize isBinary }\n");
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blobs_are_asked_by_id() {
        let blob = |id: &str, text, inherited| BlobWanted { id: id.into(), text, inherited };
        let query = blobs(&[blob("aa", true, false), blob("bb", true, true), blob("cc", false, false)]);
        insta::assert_snapshot!(query, @r#"
        query SeaworthyBlobs($owner: String!, $name: String!) {
          repository: repository(owner: $owner, name: $name) {
            b0: object(oid: "aa") { ...Content }
            b2: object(oid: "cc") { ...Kind }
          }
          inherited: repository(owner: $owner, name: ".github") {
            b1: object(oid: "bb") { ...Content }
          }
        }
        fragment Content on Blob { byteSize isBinary isTruncated text }
        fragment Kind on Blob { byteSize isBinary }
        "#);
    }

    #[test]
    fn what_is_not_used_is_not_declared() {
        let query = blobs(&[BlobWanted { id: "aa".into(), text: true, inherited: true }]);
        assert!(query.starts_with("query SeaworthyBlobs($owner: String!) {\n  inherited:"), "{query}");
        assert!(!query.contains("Kind") && !query.contains("$name"), "{query}");
    }
}
