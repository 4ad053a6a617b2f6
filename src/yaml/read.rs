//! Reading YAML into a tree of nodes. The build script reads the built-in files with it, too.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::node::{Key, Kind, Node};

/// The largest document that is read, in bytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The most nodes a document may have.
const MAX_NODES: usize = 200_000;

/// Why a text could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) message: String,
    /// Bytes of the text.
    pub(super) span: Range<usize>,
}

/// Reads a text. Duplicate keys, aliases, excessive size or depth, and broken YAML are refused.
pub(super) fn read(text: &str) -> Result<Node, Unreadable> {
    if text.len() > MAX_BYTES {
        let message = format!("the file has {} bytes, more than the {MAX_BYTES} that are read", text.len());
        return Err(Unreadable { message, span: 0..0 });
    }
    let options = serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
        budget: serde_saphyr::budget! { max_nodes: MAX_NODES, max_aliases: 0, max_depth: 64 },
    };
    let raw: Spanned<Raw> = serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let error = error.without_snippet();
        let span = error.location().map_or(0..0, |location| span_of(&location, text));
        Unreadable { message: plain(&error.to_string()), span }
    })?;
    Ok(located(raw, text))
}

/// The message without the position that it repeats.
fn plain(message: &str) -> String {
    let message = message.strip_prefix("error: ").unwrap_or(message);
    let message = message.lines().next().unwrap_or(message);
    match message.strip_prefix("line ").and_then(|rest| rest.split_once(": ")) {
        Some((position, rest)) if position.chars().all(|c| c.is_ascii_digit() || " column".contains(c)) => {
            rest.to_owned()
        }
        _ => message.to_owned(),
    }
}

fn span_of(location: &Location, text: &str) -> Range<usize> {
    let at = |offset: Option<u64>| offset.and_then(|offset| usize::try_from(offset).ok());
    let span = location.span();
    let Some(start) = at(span.byte_offset()) else { return line_start(text, location.line()) };
    let start = start.min(text.len());
    let length = at(span.byte_len()).unwrap_or(0);
    start..start.saturating_add(length).min(text.len())
}

fn line_start(text: &str, line: u64) -> Range<usize> {
    let before = usize::try_from(line.saturating_sub(1)).unwrap_or(0);
    let start = text.split_inclusive('\n').take(before).map(str::len).sum::<usize>().min(text.len());
    start..start
}

fn located(raw: Spanned<Raw>, text: &str) -> Node {
    let span = span_of(&raw.referenced, text);
    let kind = match raw.value {
        Raw::Null => Kind::Null,
        Raw::Bool(value) => Kind::Bool(value),
        Raw::Int(value) => Kind::Int(value),
        Raw::Float(value) => Kind::Float(value),
        Raw::Text(value) => Kind::Text(value),
        Raw::List(items) => Kind::List(items.into_iter().map(|item| located(item, text)).collect()),
        Raw::Map(entries) => Kind::Map(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let span = span_of(&key.referenced, text);
                    (Key { text: key.value, span }, located(value, text))
                })
                .collect(),
        ),
    };
    Node { kind, span }
}

/// A node as serde hands it over, before its position is turned into bytes.
enum Raw {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<String>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(i64::try_from(value).map_or_else(|_| Raw::Text(value.to_string()), Raw::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_where_they_stand() {
        let text = "a: yes\nlist:\n  - 2026-03-01\n  - {deep: 7}\n";
        let root = read(text).unwrap();
        let Kind::Map(entries) = &root.kind else { panic!("{root:?}") };
        assert_eq!(&text[entries[0].0.span.clone()], "a");
        assert_eq!(&text[entries[0].1.span.clone()], "yes");
        assert_eq!(entries[0].1.kind, Kind::Text("yes".into()));
        let Kind::List(items) = &entries[1].1.kind else { panic!() };
        assert_eq!(&text[items[0].span.clone()], "2026-03-01");
        let Kind::Map(deep) = &items[1].kind else { panic!() };
        assert_eq!(&text[deep[0].1.span.clone()], "7");
        assert_eq!(deep[0].1.kind, Kind::Int(7));
    }

    #[test]
    fn duplicates_aliases_depth_and_broken_yaml_are_problems() {
        for text in ["a: 1\na: 2\n", "a: &x [1]\nb: *x\n", &"[".repeat(5000), "a: [1\n", "a: 'x\n"] {
            let problem = read(text).unwrap_err();
            assert!(problem.span.end <= text.len(), "{problem:?}");
        }
        let problem = read("a: 1\na: 2\n").unwrap_err();
        assert_eq!(problem.span.start, 5, "{problem:?}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
            let _ = read(&text);
        }
    }
}
