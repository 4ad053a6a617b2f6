//! Attachments of answers: whether the files lie beside the answers file, and are those that were attached.

use std::io::{self, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::details::stays_inside;
use crate::yaml::{Document, Kind, Node, Problem, parse};

/// The largest attachment that is looked into, in bytes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;
/// The most attachments of a file that are looked at.
const MAX_ATTACHMENTS: usize = 500;

/// A warning for each attachment of an answers file that is not in the folder, or is another file now. What is wrong with
/// the answers file itself is told where it is read.
pub fn check_attachments(document: &Document, folder: &Path) -> Vec<Problem> {
    let Ok(root) = parse(document) else { return Vec::new() };
    let answers = entries(field(&root, "answers"));
    let attachments = answers.iter().flat_map(|(_, answer)| items(field(answer, "attachments")));
    attachments.take(MAX_ATTACHMENTS).filter_map(|attachment| check(attachment, folder)).collect()
}

fn check(attachment: &Node, folder: &Path) -> Option<Problem> {
    let (path, sha256) = (field(attachment, "path")?, field(attachment, "sha256")?);
    let name = path.as_text().filter(|name| stays_inside(name))?;
    let warning = |message: String, help: &str| Some(Problem::warning(message, path.span.clone()).help(help));
    match digest(&folder.join(name)) {
        Ok(found) if Some(found.as_str()) == sha256.as_text() => None,
        Ok(found) => warning(
            format!(
                "the attachment `{name}` has changed: its digest begins with {}",
                found.get(..12).unwrap_or_default()
            ),
            "look at it again; where it still shows what it should, write down its new digest",
        ),
        Err(error) => warning(
            format!("the attachment `{name}` cannot be read: {error}"),
            "put it back, or take it out of the answer",
        ),
    }
}

fn digest(path: &Path) -> io::Result<String> {
    let file = std::fs::File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.len() > MAX_BYTES {
        return Err(io::Error::other("it is no file of a sensible size"));
    }
    let mut hasher = Sha256::new();
    let mut file = file.take(MAX_BYTES);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        match buffer.get(..read) {
            Some(bytes) if read > 0 => hasher.update(bytes),
            _ => return Ok(format!("{:x}", hasher.finalize())),
        }
    }
}

fn entries(node: Option<&Node>) -> &[(crate::yaml::Key, Node)] {
    match node.map(|node| &node.kind) {
        Some(Kind::Map(entries)) => entries,
        _ => &[],
    }
}

fn items(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.kind) {
        Some(Kind::List(items)) => items,
        _ => &[],
    }
}

fn field<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    entries(Some(node)).iter().find(|(key, _)| key.text == name).map(|(_, node)| node)
}
