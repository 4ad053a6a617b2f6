use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use gix::objs::compute_hash;
use proptest::prelude::*;
use tar::{EntryType, Header};

use super::*;

fn later() -> Deadline {
    Deadline::after(Duration::from_secs(60))
}

fn id_of(bytes: &[u8]) -> String {
    compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, bytes).unwrap().to_string()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A header with this very name, which the library would refuse to write.
fn header(kind: EntryType, path: &[u8], size: u64) -> Header {
    let mut header = Header::new_ustar();
    header.as_old_mut().name[..path.len().min(100)].copy_from_slice(&path[..path.len().min(100)]);
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

/// An entry as it stands in an archive.
fn entry(kind: EntryType, path: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = header(kind, path.as_bytes(), bytes.len() as u64).as_bytes().to_vec();
    out.extend_from_slice(bytes);
    out.resize(out.len().next_multiple_of(512), 0);
    out
}

fn link(kind: EntryType, path: &str, target: &str) -> Vec<u8> {
    let mut header = header(kind, path.as_bytes(), 0);
    header.as_old_mut().linkname[..target.len()].copy_from_slice(target.as_bytes());
    header.set_cksum();
    header.as_bytes().to_vec()
}

/// Attributes in the manner of POSIX, each with its length in front.
fn attributes(pairs: &[(&str, &str)]) -> Vec<u8> {
    let record = |(key, value): &(&str, &str)| {
        let rest = format!(" {key}={value}\n");
        let mut length = rest.len() + 1;
        while length != rest.len() + length.to_string().len() {
            length += 1;
        }
        format!("{length}{rest}")
    };
    pairs.iter().map(record).collect::<String>().into_bytes()
}

fn file(path: &str, bytes: &[u8]) -> Vec<u8> {
    entry(EntryType::Regular, path, bytes)
}

fn packed(entries: &[Vec<u8>]) -> Vec<u8> {
    let comment = format!("52 comment={}\n", "0123456789".repeat(4));
    let mut all = entry(EntryType::XGlobalHeader, "pax_global_header", comment.as_bytes());
    all.extend(entries.concat());
    all.extend([0; 1024]);
    gzipped(&all)
}

/// Reads all files, of which nothing is known beforehand.
fn unsure(entries: &[Vec<u8>]) -> Archive {
    read(&packed(entries)[..], |_| Some(Expected { want: Want::Text, id: None }), later())
}

/// Reads these files, of which the tree names the content.
fn sure(entries: &[Vec<u8>], tree: &[(&str, &[u8])]) -> Archive {
    let tree: BTreeMap<String, String> = tree.iter().map(|(path, bytes)| ((*path).to_owned(), id_of(bytes))).collect();
    let expect = |path: &str| Some(Expected { want: Want::Text, id: Some(tree.get(path)?.clone()) });
    read(&packed(entries)[..], expect, later())
}

fn text(text: &str) -> Content {
    Content::Text(text.into())
}

#[test]
fn wanted_files_are_read_without_the_top_folder() {
    let entries = [
        entry(EntryType::Directory, "acme-widget-0123/", b""),
        file("acme-widget-0123/README.md", b"# Widget"),
        file("acme-widget-0123/src/a.bin", b"\x7fELF\0\0"),
        file("acme-widget-0123/skipped", b"no"),
        file("acme-widget-0123/latin.txt", b"caf\xe9"),
    ];
    let expect = |path: &str| {
        let want = if path == "skipped" { Want::Nothing } else { Want::Text };
        Some(Expected { want, id: None })
    };
    let archive = read(&packed(&entries)[..], expect, later());
    assert_eq!(archive.broken, None);
    assert_eq!(archive.commit, Some("0123456789".repeat(4)));
    let expected = [
        ("README.md", text("# Widget")),
        ("latin.txt", text("caf\u{fffd}")),
        ("src/a.bin", Content::Binary(b"\x7fELF\0\0".to_vec())),
    ];
    let expected = expected.map(|(path, content)| (path.to_owned(), content));
    assert_eq!(archive.contents.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn the_content_of_a_link_is_where_it_leads() {
    let entries = [link(EntryType::Symlink, "top/SECURITY.md", "docs/SECURITY.md")];
    assert_eq!(unsure(&entries).contents["SECURITY.md"], text("docs/SECURITY.md"));
    assert_eq!(
        sure(&entries, &[("SECURITY.md", b"docs/SECURITY.md")]).contents["SECURITY.md"],
        text("docs/SECURITY.md")
    );
    let away = sure(&[link(EntryType::Symlink, "top/a", "/etc/passwd")], &[("a", b"docs/a")]);
    assert!(away.contents.is_empty() && away.altered.contains("a"));
}

#[test]
fn paths_that_climb_or_lie_elsewhere_are_passed_over() {
    let paths = ["top/../../etc/passwd", "top//etc/passwd", "alone", "/etc/passwd", "top/./a", "other/b", "top/a/.."];
    let entries: Vec<Vec<u8>> =
        std::iter::once(file("top/first", b"x")).chain(paths.map(|path| file(path, b"x"))).collect();
    assert_eq!(unsure(&entries).contents.into_keys().collect::<Vec<_>>(), ["first"]);
}

#[test]
fn only_files_and_links_of_git_have_contents() {
    for kind in [
        EntryType::Link,
        EntryType::Char,
        EntryType::Block,
        EntryType::Fifo,
        EntryType::Continuous,
        EntryType::GNUSparse,
    ] {
        let archive = unsure(&[link(kind, "top/a", "top/b"), file("top/z", b"z")]);
        assert!(!archive.contents.contains_key("a"), "{kind:?}");
    }
    let sparse = entry(EntryType::XHeader, "x", &attributes(&[("GNU.sparse.major", "1"), ("path", "top/a")]));
    let archive = unsure(&[sparse, file("top/b", b"1\n0\n5\n"), file("top/z", b"z")]);
    assert_eq!(archive.contents.into_keys().collect::<Vec<_>>(), ["z"]);
}

#[test]
fn a_name_that_stands_twice_is_the_one_of_the_tree() {
    let twice = [file("top/a", b"false"), file("top/a", b"true"), file("top/a", b"false again")];
    let archive = sure(&twice, &[("a", b"true")]);
    assert_eq!((&archive.contents["a"], archive.altered.len()), (&text("true"), 0));
    assert!(matches!(unsure(&twice).contents["a"], Content::Unread { .. }));
    assert_eq!(unsure(&[file("top/a", b"x"), file("top/a", b"x")]).contents["a"], text("x"));
    // Names that differ in case are different names.
    let archive = sure(&[file("top/readme", b"b"), file("top/README", b"a")], &[("README", b"a"), ("readme", b"b")]);
    assert_eq!((&archive.contents["README"], &archive.contents["readme"]), (&text("a"), &text("b")));
}

#[test]
fn a_content_that_the_tree_does_not_name_is_none() {
    let archive =
        sure(&[file("top/VERSION", b"0123 main"), file("top/b", b"b")], &[("VERSION", b"$Format:%h %d$"), ("b", b"b")]);
    assert_eq!(archive.contents.into_keys().collect::<Vec<_>>(), ["b"]);
    assert_eq!(archive.altered.into_iter().collect::<Vec<_>>(), ["VERSION"]);
}

#[test]
fn long_names_come_from_the_headers_before() {
    let long = format!("{}/name.md", "folder/".repeat(40).trim_end_matches('/'));
    let full = format!("top/{long}");
    let posix = [entry(EntryType::XHeader, "x", &attributes(&[("path", &full)])), file("top/short", b"x")];
    let gnu = [entry(EntryType::GNULongName, "././@LongLink", format!("{full}\0").as_bytes()), file("top/short", b"x")];
    for entries in [&posix[..], &gnu[..]] {
        let first = [&[file("top/first", b"1")], entries, &[file("top/last", b"2")]].concat();
        let contents = unsure(&first).contents;
        assert_eq!(contents.keys().map(String::as_str).collect::<Vec<_>>(), ["first", &long, "last"]);
    }
    let target = [
        entry(EntryType::XHeader, "x", &attributes(&[("linkpath", "docs/far")])),
        link(EntryType::Symlink, "top/a", "near"),
    ];
    assert_eq!(unsure(&target).contents["a"], text("docs/far"));
}

#[test]
fn headers_are_bounded_and_their_sizes_are_not_believed() {
    let large = vec![b'x'; 100 * 1024];
    for kind in [EntryType::XHeader, EntryType::GNULongName, EntryType::GNULongLink] {
        let archive = unsure(&[file("top/a", b"a"), entry(kind, "x", &large), file("top/z", b"z")]);
        assert!(archive.broken.unwrap().contains("too large"), "{kind:?}");
        assert_eq!(archive.contents.len(), 1);
    }
    let sized = [entry(EntryType::XHeader, "x", &attributes(&[("size", "1048576")])), file("top/a", b"a")];
    assert!(unsure(&sized).broken.is_some());
}

#[test]
fn bombs_end_with_a_reason() {
    let zeroes = vec![b'0'; 3 * 1024 * 1024];
    let bytes = packed(&[file("top/a", b"a"), file("top/bomb", &zeroes), file("top/z", b"z")]);
    assert!(bytes.len() < 64 * 1024, "it must be small when packed");
    let all = |_: &str| Some(Expected { want: Want::Text, id: None });
    let within = |limits| read_within(&bytes[..], all, later(), limits);
    let archive = within(Limits { unpacked: 1024 * 1024, ..LIMITS });
    assert!(archive.broken.unwrap().contains("too large"));
    assert_eq!(archive.contents.len(), 2);
    let archive = read(&bytes[..], all, later());
    assert_eq!(archive.contents["bomb"], Content::TooLarge(3 * 1024 * 1024));
    assert!(within(Limits { entries: 3, ..LIMITS }).broken.unwrap().contains("too many"));
    assert!(matches!(within(Limits { kept: 1, ..LIMITS }).contents["z"], Content::Unread { .. }));
    let late = read(&bytes[..], all, Deadline::after(Duration::ZERO));
    assert!(late.broken.unwrap().contains("too long"));
}

#[test]
fn what_is_no_archive_is_broken() {
    let whole = packed(&[file("top/a", b"a")]);
    let all = |_: &str| Some(Expected { want: Want::Text, id: None });
    for bytes in [&b""[..], b"<html>", &whole[..40], &gzipped(b"not a tar file, but long enough to be read as one")] {
        assert!(read(bytes, all, later()).broken.is_some());
    }
}

/// Entries of all kinds, with names and contents that are likely to meet.
fn some_entry() -> impl Strategy<Value = Vec<u8>> {
    let path = prop_oneof![
        Just("top/a"),
        Just("top/b"),
        Just("top/a/../b"),
        Just("/top/a"),
        Just("other/a"),
        Just("top/A"),
        Just("top/")
    ];
    let kind = prop_oneof![
        8 => Just(EntryType::Regular), 2 => Just(EntryType::Symlink), 1 => Just(EntryType::Link),
        1 => Just(EntryType::XHeader), 1 => Just(EntryType::GNULongName), 1 => Just(EntryType::GNUSparse),
        1 => Just(EntryType::Directory), 1 => Just(EntryType::XGlobalHeader),
    ];
    let bytes = prop_oneof![
        Just(b"true".to_vec()),
        Just(b"false".to_vec()),
        Just(b"top/a".to_vec()),
        Just(attributes(&[("path", "top/a")])),
        Just(attributes(&[("path", "top/../../a"), ("size", "9")])),
        proptest::collection::vec(any::<u8>(), 0..600),
    ];
    (kind, path, bytes).prop_map(|(kind, path, bytes)| entry(kind, path, &bytes))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_is_read_but_what_the_tree_names(
        entries in proptest::collection::vec(some_entry(), 0..8),
        cut in 0_usize..4096,
        flip in proptest::option::of(any::<(u16, u8)>()),
    ) {
        let mut all = entries.concat();
        all.extend([0; 1024]);
        if let Some((at, value)) = flip {
            let at = usize::from(at) % all.len();
            all[at] = value;
        }
        all.truncate(all.len().saturating_sub(cut % 512));
        let tree = [("a", id_of(b"true")), ("b", id_of(b"false"))];
        let expect = |path: &str| {
            let (_, id) = tree.iter().find(|(name, _)| *name == path)?;
            Some(Expected { want: Want::Text, id: Some(id.clone()) })
        };
        for (path, content) in read(&gzipped(&all)[..], expect, later()).contents {
            let expected = if path == "a" { "true" } else { "false" };
            prop_assert_eq!(content, text(expected));
        }
        let unnamed = read(&gzipped(&all)[..], |_| Some(Expected { want: Want::Head, id: None }), later());
        prop_assert!(unnamed.contents.keys().all(|path| is_plain_path(path)));
    }

    #[test]
    fn bytes_of_any_kind_end(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let all = |_: &str| Some(Expected { want: Want::Text, id: None });
        prop_assert!(read(&bytes[..], all, later()).contents.is_empty());
        read(&gzipped(&bytes)[..], all, later());
    }
}
