//! YAML from repositories, which is hostile: read with bounds on size, nesting and expansion of aliases.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess as _, Visitor};
use serde_yaml::value::{Tag, TaggedValue};
use serde_yaml::{Mapping, Value};

/// The largest document that is parsed, in bytes.
pub(super) const MAX_BYTES: usize = 256 * 1024;

/// The most brackets that may be open at once. The parser's own limit of nesting is lower, but it comes after the
/// scanner, whose time grows with the square of the open brackets. Scripts inside a workflow may hold some that are
/// never closed.
const MAX_OPEN_BRACKETS: usize = 1000;

/// The most values that a document may hold once its aliases are expanded.
const MAX_VALUES: usize = 50_000;

/// The most bytes of text that a document may hold once its aliases are expanded.
const MAX_TEXT: usize = 1024 * 1024;

/// Parses one YAML document within bounds.
///
/// # Errors
///
/// A sentence for people, with the line where the parser knows it.
pub(crate) fn parse_bounded(text: &str) -> Result<Value, String> {
    if text.len() > MAX_BYTES {
        return Err(format!("the YAML is larger than {} KiB", MAX_BYTES / 1024));
    }
    if too_many_open_brackets(text) {
        return Err(format!("the YAML opens more than {MAX_OPEN_BRACKETS} brackets"));
    }
    let budget = Budget { values: Cell::new(MAX_VALUES), text: Cell::new(MAX_TEXT) };
    let deserializer = serde_yaml::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
    Node(&budget).deserialize(deserializer).map_err(|error| format!("the YAML is not valid: {error}"))
}

/// The largest JSON document that is parsed, in bytes. Its parser takes linear time, and JSON has no aliases.
const MAX_JSON_BYTES: usize = 8 * 1024 * 1024;

/// Parses one JSON document within bounds; a key that stands twice in an object is an error.
///
/// # Errors
///
/// A sentence for people, with line and column where the parser knows them.
pub(crate) fn parse_json(text: &str) -> Result<Value, String> {
    if text.len() > MAX_JSON_BYTES {
        return Err(format!("the JSON is larger than {} MiB", MAX_JSON_BYTES / 1024 / 1024));
    }
    let budget = Budget { values: Cell::new(10 * MAX_VALUES), text: Cell::new(MAX_JSON_BYTES) };
    let mut deserializer = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
    let parsed = Node(&budget).deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    parsed.map_err(|error| format!("the JSON is not valid: {error}"))
}

fn too_many_open_brackets(text: &str) -> bool {
    let mut open = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > MAX_OPEN_BRACKETS
    })
}

/// What a document may still hold.
struct Budget {
    values: Cell<usize>,
    text: Cell<usize>,
}

impl Budget {
    fn take_value<E: serde::de::Error>(&self) -> Result<(), E> {
        let left = self.values.get().checked_sub(1);
        self.values.set(left.ok_or_else(|| E::custom(format!("more than {MAX_VALUES} values with aliases expanded")))?);
        Ok(())
    }

    fn take_text<E: serde::de::Error>(&self, length: usize) -> Result<(), E> {
        let left = self.text.get().checked_sub(length);
        self.text.set(left.ok_or_else(|| E::custom(format!("more than {MAX_TEXT} bytes with aliases expanded")))?);
        Ok(())
    }
}

/// Reads one value and charges it to the budget.
#[derive(Clone, Copy)]
struct Node<'a>(&'a Budget);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.take_value()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.0.take_text(value.len())?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut sequence = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            sequence.push(item);
        }
        Ok(Value::Sequence(sequence))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut mapping = Mapping::new();
        while let Some(key) = entries.next_key_seed(self)? {
            let shown = key.as_str().map(str::to_owned);
            let value = entries.next_value_seed(self)?;
            if mapping.insert(key, value).is_some() {
                return Err(A::Error::custom(match shown {
                    Some(key) => format!("the key `{}` stands twice", key.escape_debug()),
                    None => "a key stands twice".to_owned(),
                }));
            }
        }
        Ok(Value::Mapping(mapping))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (tag, content) = data.variant::<String>()?;
        let value = content.newtype_variant_seed(self)?;
        if tag.is_empty() || tag == "!" {
            return Ok(value);
        }
        Ok(Value::Tagged(Box::new(TaggedValue { tag: Tag::new(tag), value })))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_the_plain_parser_reads() {
        let text = "\u{feff}a: &x [1, -2, 2.5, true, null, 'text', \"two\\nlines\"]\nb: *x\non: {push: }\nc: !tag\n  d: |\n    x\n";
        let plain: Value = serde_yaml::from_str(text.trim_start_matches('\u{feff}')).unwrap();
        assert_eq!(parse_bounded(text), Ok(plain));
        assert_eq!(parse_bounded(""), Ok(Value::Null));
    }

    #[test]
    fn errors_name_the_line() {
        let error = parse_bounded("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
        assert!(error.contains("line 3"), "{error}");
        let error = parse_bounded("a: 1\na: 2\n").unwrap_err();
        assert!(error.contains("`a` stands twice"), "{error}");
        assert!(parse_bounded("a: 1\n---\nb: 2\n").is_err());
        assert!(parse_bounded("a: *nowhere\n").is_err());
    }

    #[test]
    fn bombs_are_refused_quickly() {
        let level = |level: usize| format!("a{level}: &a{level} [{}]\n", format!("*a{}, ", level - 1).repeat(9));
        let laughs = format!("a0: &a0 [x, x, x, x]\n{}", (1..12).map(level).collect::<String>());
        let wide = format!("a: &a [{}]\nb: [{}]\n", "x, ".repeat(40_000), "*a, ".repeat(20_000));
        let long_text = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), "*a, ".repeat(20_000));
        let cases = [
            ("laughs", laughs),
            ("wide", wide),
            ("long text", long_text),
            ("brackets", "[".repeat(200_000)),
            ("brackets on lines", "[\n".repeat(100_000)),
            ("braces with keys", "{a: ".repeat(50_000)),
            ("just below the limit", "[".repeat(MAX_OPEN_BRACKETS)),
            ("dashes", "- ".repeat(100_000)),
            ("question marks", "? ".repeat(100_000)),
            ("large", "a".repeat(MAX_BYTES + 1)),
            ("itself", "a: &a [*a]\n".to_owned()),
        ];
        for (name, text) in cases {
            let start = Instant::now();
            assert!(parse_bounded(&text).is_err(), "{name}");
            assert!(start.elapsed() < Duration::from_secs(5), "{name} took {:?}", start.elapsed());
        }
    }

    #[test]
    fn json_is_read_within_bounds() {
        let expected: Value = serde_yaml::from_str("a: [1, -2, 2.5, true, null, x]\nb: {c: ''}\n").unwrap();
        assert_eq!(parse_json("{\"a\": [1, -2, 2.5, true, null, \"x\"], \"b\": {\"c\": \"\"}}"), Ok(expected));
        assert!(parse_json("{\"a\": 1, \"a\": 2}").unwrap_err().contains("`a` stands twice"));
        assert!(parse_json("{\"a\": 1} x").unwrap_err().contains("line 1 column 10"));
        for text in ["[".repeat(100_000), format!("[{}0]", "0,".repeat(600_000)), " ".repeat(MAX_JSON_BYTES + 1)] {
            assert!(parse_json(&text).is_err());
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "[-a-c0:\\[\\]{},&*!|>'\"? \n#]{0,200}") {
            let _ = parse_bounded(&text);
        }
    }
}
