//! Where the values of a YAML document stand.
//!
//! The typed models know no positions, so the text is read a second time, by a parser that does. Values are found by
//! their path of keys and indices; an aliased value is found where its anchor stands.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

/// One part of the path to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Key(&'a str),
    Index(usize),
}

/// A document with the position of each of its values.
pub(super) struct Lines<'a> {
    text: &'a str,
    /// None where the second parser refused what the first one took; then no line is known.
    root: Option<Node>,
}

enum Node {
    Scalar,
    Sequence(Vec<Spanned<Self>>),
    Mapping(Vec<(Spanned<String>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut sequence = Vec::new();
        while let Some(item) = items.next_element()? {
            sequence.push(item);
        }
        Ok(Node::Sequence(sequence))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut mapping = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            mapping.push(entry);
        }
        Ok(Node::Mapping(mapping))
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, data: A) -> Result<Node, A::Error> {
        use serde::de::VariantAccess as _;
        let (IgnoredAny, content) = data.variant()?;
        content.newtype_variant()
    }
}

impl<'a> Lines<'a> {
    /// Reads the positions of a document that was parsed before, so that its size and aliases are known to be bounded.
    pub(super) fn read(text: &'a str) -> Self {
        Self { text, root: serde_saphyr::from_str(text).ok() }
    }

    /// The line, counted from 1, where a value stands: the line of its key, or its own in a list.
    pub(super) fn of(&self, path: &[Part<'_>]) -> Option<u32> {
        let (last, before) = path.split_last()?;
        match (self.node(before)?.0, last) {
            (Node::Mapping(entries), Part::Key(key)) => {
                entries.iter().find(|(name, _)| name.value == *key).and_then(|(name, _)| line(&name.defined))
            }
            (Node::Sequence(items), Part::Index(index)) => items.get(*index).and_then(|item| line(&item.defined)),
            _ => None,
        }
    }

    /// The source of a text, to look for lines inside it.
    pub(super) fn inside(&self, path: &[Part<'_>]) -> Finder<'a> {
        let found = self.node(path).and_then(|(_, location)| {
            let span = location.span();
            let start = usize::try_from(span.byte_offset()?).ok()?;
            let length = usize::try_from(span.byte_len()?).ok()?;
            Some((self.text.get(start..start.checked_add(length)?)?, line(&location)?))
        });
        match found {
            Some((source, line)) => Finder { rest: source, line: Some(line) },
            None => Finder { rest: "", line: self.of(path) },
        }
    }

    fn node(&self, path: &[Part<'_>]) -> Option<(&Node, serde_saphyr::Location)> {
        let mut node = (self.root.as_ref()?, serde_saphyr::Location::UNKNOWN);
        for part in path {
            let next = match (node.0, part) {
                (Node::Mapping(entries), Part::Key(key)) => {
                    entries.iter().find(|(name, _)| name.value == *key).map(|(_, value)| value)
                }
                (Node::Sequence(items), Part::Index(index)) => items.get(*index),
                _ => None,
            }?;
            node = (&next.value, next.defined);
        }
        Some(node)
    }
}

fn line(location: &serde_saphyr::Location) -> Option<u32> {
    u32::try_from(location.line()).ok().filter(|line| *line > 0)
}

/// Looks for texts inside the source of a value, one after the other.
pub(super) struct Finder<'a> {
    rest: &'a str,
    line: Option<u32>,
}

impl Finder<'_> {
    /// The line of the next occurrence of a text, of which only the first line counts. Where the source writes it
    /// differently (quoted with escapes, say), the last line known.
    pub(super) fn next(&mut self, wanted: &str) -> Option<u32> {
        let wanted = wanted.lines().next().unwrap_or_default().trim();
        if let Some(at) = self.rest.find(wanted) {
            let (passed, rest) = self.rest.split_at(at);
            let lines = u32::try_from(passed.matches('\n').count()).unwrap_or(0);
            self.line = self.line.map(|line| line.saturating_add(lines));
            self.rest = rest.get(wanted.len()..).unwrap_or_default();
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::Part::{Index, Key};
    use super::*;

    const TEXT: &str = "# é\non:\n  push:\njobs:\n  a:\n    steps: &s\n      - uses: x/y@v1\n      - name: q\n        run: |\n          echo ä\n\n          go test\n          go test\n      - run: >-\n          one\n          two\n  b:\n    steps: *s\n";

    #[test]
    fn values_are_found_by_path() {
        let lines = Lines::read(TEXT);
        let cases: &[(&[Part<'_>], u32)] = &[
            (&[Key("on")], 2),
            (&[Key("on"), Key("push")], 3),
            (&[Key("jobs"), Key("a"), Key("steps"), Index(0), Key("uses")], 7),
            (&[Key("jobs"), Key("a"), Key("steps"), Index(1)], 8),
            (&[Key("jobs"), Key("b"), Key("steps"), Index(0)], 7),
        ];
        for (path, line) in cases {
            assert_eq!(lines.of(path), Some(*line), "{path:?}");
        }
        assert_eq!(lines.of(&[Key("jobs"), Key("c")]), None);
        assert_eq!(lines.of(&[]), None);
    }

    #[test]
    fn repeated_texts_are_found_one_after_the_other() {
        let lines = Lines::read(TEXT);
        for job in ["a", "b"] {
            let mut finder = lines.inside(&[Key("jobs"), Key(job), Key("steps"), Index(1), Key("run")]);
            assert_eq!(finder.next("go test"), Some(12));
            assert_eq!(finder.next("go test"), Some(13));
            assert_eq!(finder.next("not there"), Some(13));
        }
        let mut folded = lines.inside(&[Key("jobs"), Key("a"), Key("steps"), Index(2), Key("run")]);
        assert_eq!(folded.next("two"), Some(16));
    }

    #[test]
    fn what_cannot_be_read_has_no_lines() {
        let lines = Lines::read("a: [");
        assert_eq!(lines.of(&[Key("a")]), None);
        assert_eq!(lines.inside(&[Key("a")]).next("x"), None);
    }
}
