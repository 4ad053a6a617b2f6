use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::collect::github::deadline::Deadline;
use crate::collect::github::script::Script;

const ID: &str = "0123456789012345678901234567890123456789";

fn file(path: &str, size: u64, want: Want) -> Wanted {
    Wanted { path: path.to_owned(), id: ID.to_owned(), size, want, inherited: false }
}

async fn read_from(answers: &[Value], own: Vec<Wanted>, inherited: Option<InheritedTree>) -> Contents {
    let client = Client::new(Script::of(answers), 8, Deadline::after(Duration::from_secs(60)), Arc::new(|_| ()));
    read(&client, &"acme/widget".parse().unwrap(), own, inherited).await
}

fn unread(reason: &str) -> Content {
    Content::Unread { reason: reason.to_owned() }
}

#[test]
fn a_tree_keeps_what_git_would_check_out() {
    let entry = |path: &str, mode: &str, sha: &str| json!({ "path": path, "mode": mode, "sha": sha, "size": 3 });
    let tree = json!({ "truncated": false, "tree": [
        entry("src", "040000", ID),
        entry("src/a.rs", "100644", ID),
        entry("run.sh", "100755", ID),
        entry("link", "120000", ID),
        entry("vendor/x", "160000", ID),
        entry("../outside", "100644", ID),
        entry("/root", "100644", ID),
        entry("a/./b", "100644", ID),
        entry("no-id", "100644", "} evil: viewer {"),
        { "path": "no-mode", "sha": ID },
    ] });
    let (entries, complete) = entries(serde_json::from_value(tree).unwrap());
    assert!(!complete, "of one entry it is not told what it is");
    let found: Vec<(&str, EntryKind)> = entries.iter().map(|entry| (entry.path.as_str(), entry.kind)).collect();
    assert_eq!(
        found,
        [
            ("src/a.rs", EntryKind::File),
            ("run.sh", EntryKind::Executable),
            ("link", EntryKind::Symlink),
            ("vendor/x", EntryKind::Submodule),
        ]
    );
    assert!(!super::entries(rest::Tree { tree: Vec::new(), truncated: true }).1);
}

#[test]
fn workflows_and_policies_come_before_documents() {
    let rank_of = |path: &str| rank(&file(path, 1, Want::Text));
    assert!(rank_of(".github/workflows/ci.yml") < rank_of("SECURITY.md"));
    assert!(rank_of("SECURITY.md") < rank_of("Cargo.toml"));
    assert!(rank_of("Cargo.toml") < rank_of("docs/guide.md"));
    assert!(rank_of("docs/SECURITY.md") < rank_of("docs/guide.md"));
    assert!(rank_of("docs/guide.md") < rank(&file(".github/tool.bin", 1, Want::Head)));
}

#[test]
fn batches_are_bounded_by_count_and_bytes() {
    let batches = |files: Vec<Wanted>, count| {
        let (full, rest) = batches(files.iter().enumerate().collect(), count);
        (full.iter().map(Vec::len).collect::<Vec<_>>(), rest.len())
    };
    let many: Vec<Wanted> = (0..250).map(|n| file(&n.to_string(), 1, Want::Text)).collect();
    assert_eq!(batches(many, 2), (vec![100, 100], 50));
    let kinds: Vec<Wanted> = (0..500).map(|n| file(&n.to_string(), 1 << 40, Want::Head)).collect();
    assert_eq!(batches(kinds, 2), (vec![400, 100], 0));
    let large: Vec<Wanted> = (0..9).map(|n| file(&n.to_string(), 1024 * 1024, Want::Text)).collect();
    assert_eq!(batches(large, 2), (vec![4, 4], 1));
    assert!(batches(Vec::new(), 2).0.is_empty());
}

#[tokio::test]
async fn contents_are_what_the_blobs_say() {
    let blob = |size: u64, binary: Value, truncated: bool, text: Value| json!({ "byteSize": size, "isBinary": binary, "isTruncated": truncated, "text": text });
    let answer = json!({ "data": { "repository": {
        "b0": blob(4, json!(false), false, json!("text")),
        "b1": blob(4, json!(true), false, Value::Null),
        "b2": blob(600_000, json!(false), true, json!("cut")),
        "b3": Value::Null,
        "b4": { "byteSize": 9, "isBinary": false },
        "b5": { "byteSize": 9, "isBinary": true },
        "b6": blob(4, Value::Null, false, Value::Null),
    } }, "errors": [{ "message": "x", "path": ["repository", "b3"] }] });
    let mut files: Vec<Wanted> = (0..4).map(|n| file(&n.to_string(), 4, Want::Text)).collect();
    files.extend([file("4", 4, Want::Head), file("5", 4, Want::Head), file("6", 4, Want::Text)]);
    files.push(file("huge", MAX_TEXT + 1, Want::Text));
    let contents = read_from(&[answer], files, None).await.own;
    let expected = [
        ("0", Content::Text("text".into())),
        ("1", Content::Binary(Vec::new())),
        ("2", Content::TooLarge(600_000)),
        ("3", unread("GitHub's answer does not hold it")),
        ("4", Content::Text("".into())),
        ("5", Content::Binary(Vec::new())),
        ("6", unread("GitHub does not tell its text")),
        ("huge", Content::TooLarge(MAX_TEXT + 1)),
    ];
    assert_eq!(contents, expected.map(|(path, content)| (path.to_owned(), content)).into());
}

#[tokio::test]
async fn what_was_not_answered_is_unread_not_absent() {
    let files: Vec<Wanted> = (0..201).map(|n| file(&format!("{n:03}"), 4, Want::Text)).collect();
    let contents = read_from(&[json!({ "data": null })], files, None).await.own;
    assert_eq!(contents.len(), 201);
    assert_eq!(contents["000"], unread("GitHub's answer could not be read: it holds neither data nor errors"));
    assert_eq!(contents["100"], unread("nothing is left"));
    assert_eq!(contents["200"], unread("there are more files than the collection may read"));
}

#[tokio::test]
async fn community_files_are_lent_by_a_public_repository() {
    let lender = |private: bool| {
        let entry = |name: &str, kind: &str| json!({ "name": name, "type": kind, "oid": ID, "size": 5 });
        let value = json!({
            "url": "https://github.com/acme/.github", "isPrivate": private,
            "defaultBranchRef": { "target": { "oid": ID } },
            "root": { "entries": [entry("SECURITY.md", "blob"), entry("README.md", "blob"), entry("docs", "tree")] },
            "github": null,
            "docs": { "entries": [entry("support.rst", "blob")] },
        });
        inherited_tree(serde_json::from_value(value).unwrap())
    };
    assert!(lender(true).is_none());
    let answer = json!({ "data": { "inherited": {
        "b0": { "byteSize": 5, "isBinary": false, "isTruncated": false, "text": "Write" },
        "b1": { "byteSize": 5, "isBinary": false, "isTruncated": false, "text": "Ask" },
    } } });
    let inherited = read_from(&[answer], Vec::new(), lender(false)).await.inherited.unwrap();
    assert_eq!(inherited.base_link, format!("https://github.com/acme/.github/blob/{ID}"));
    let expected = [("SECURITY.md", "Write"), ("docs/support.rst", "Ask")];
    assert_eq!(inherited.files, expected.map(|(path, text)| (path.to_owned(), Content::Text(text.into()))).into());
}

#[test]
fn community_files_are_looked_for_where_github_does() {
    for path in ["SECURITY.md", ".github/CODE_OF_CONDUCT.md", "docs/contributing.rst", "FUNDING.yml"] {
        assert!(is_inherited_path(path), "{path}");
    }
    for path in ["README.md", "other/SECURITY.md", ".github/workflows/security.yml", "security-tools.md"] {
        assert!(!is_inherited_path(path), "{path}");
    }
}

#[test]
fn bytes_are_text_or_binary() {
    let content = |bytes: &[u8], want| content_of_bytes(bytes, want);
    assert_eq!(content(b"caf\xc3\xa9", Want::Text), Content::Text("caf\u{e9}".into()));
    assert_eq!(content(b"a\0b", Want::Text), Content::Binary(b"a\0b".to_vec()));
    let long = [b'x'; 600];
    assert_eq!(content(&long, Want::Head), Content::Text("x".repeat(512).into()));
    let zeroes = [0; 600];
    assert_eq!(content(&zeroes, Want::Head), Content::Binary(vec![0; 512]));
    let wide = "\u{e9}".repeat(400);
    assert_eq!(content(wide.as_bytes(), Want::Head), Content::Text("\u{e9}".repeat(256).into()));
}
