//! Values as YAML text: plain where that is safe, quoted or as a block where it is not.

/// A value to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Yaml {
    /// A word, number or day that needs no quotes.
    Word(String),
    Text(String),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

/// The width that long texts are folded to.
const WIDTH: usize = 100;

/// Words that readers of YAML may take for something else than text.
const RESERVED: [&str; 14] =
    ["yes", "no", "true", "false", "on", "off", "y", "n", "null", "nan", "inf", "infinity", "none", "nil"];

impl Yaml {
    /// On one line, as it may stand within `{ }` and `[ ]`.
    pub(crate) fn flow(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Text(text) if is_plain_link(text) => text.clone(),
            Self::Text(text) => quoted(text),
            Self::List(items) => format!("[{}]", items.iter().map(Self::flow).collect::<Vec<_>>().join(", ")),
            Self::Map(pairs) => {
                let pairs: Vec<String> =
                    pairs.iter().map(|(key, value)| format!("{}: {}", key_text(key), value.flow())).collect();
                format!("{{ {} }}", pairs.join(", "))
            }
        }
    }

    /// What follows `key:` of a block mapping whose keys are indented by `indent`, with the white space before it and
    /// without a line break at the end.
    pub(crate) fn block(&self, indent: usize) -> String {
        match self {
            Self::Word(_) => format!(" {}", self.flow()),
            Self::Text(text) => format!(" {}", block_text(text, indent)),
            Self::List(_) if self.flow().chars().count() + indent <= WIDTH => format!(" {}", self.flow()),
            Self::List(items) => items
                .iter()
                .fold(String::new(), |block, item| block + "\n" + &" ".repeat(indent + 2) + "- " + &item.flow()),
            Self::Map(pairs) => pairs.iter().fold(String::new(), |block, (key, value)| {
                let inner = indent + 2;
                block + "\n" + &" ".repeat(inner) + &key_text(key) + ":" + &value.block(inner)
            }),
        }
    }
}

/// A key, quoted where it must be. Fields such as `on` are texts to the reader of these files.
pub(super) fn key_text(key: &str) -> String {
    let plain = key.starts_with(char::is_alphabetic)
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/'));
    if plain { key.to_owned() } else { quoted(key) }
}

fn block_text(text: &str, indent: usize) -> String {
    let lead = "\n".to_owned() + &" ".repeat(indent + 2);
    if text.contains('\n') {
        return if fits_literal(text) {
            let lines =
                text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{lead}{line}") });
            lines.fold("|-".to_owned(), |block, line| block + &line)
        } else {
            quoted(text)
        };
    }
    if text.chars().count() + indent > WIDTH && fits_folded(text) {
        let options = textwrap::Options::new(WIDTH.saturating_sub(indent).max(40))
            .break_words(false)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        return textwrap::wrap(text, options).iter().fold(">-".to_owned(), |block, line| block + &lead + line);
    }
    if is_plain(text) || is_plain_link(text) { text.to_owned() } else { quoted(text) }
}

/// Whether each line can stand as it is in a literal block.
fn fits_literal(text: &str) -> bool {
    let framed = |line: &str| line.ends_with([' ', '\t']) || line.starts_with([' ', '\t']);
    text == text.trim() && !text.lines().any(framed) && text.chars().all(|c| c == '\n' || is_printable(c))
}

/// Whether words can be put on lines of their own and come back with one space between them.
fn fits_folded(text: &str) -> bool {
    text == text.trim() && !text.contains("  ") && text.chars().all(|c| is_printable(c) && c != '\t')
}

fn is_plain(text: &str) -> bool {
    let first = text.chars().next().is_some_and(char::is_alphabetic);
    first
        && text == text.trim()
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(|c| c.is_alphanumeric() || " .,;:()'\"/_+-=?!&*%@#".contains(c))
        && !RESERVED.contains(&text.to_lowercase().as_str())
}

/// Whether it is an address that reads the same without quotes, wherever it stands.
fn is_plain_link(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.ends_with(':')
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || "._~/:?=&%+@!$*()-".contains(c))
    })
}

fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{A0}')
        && !is_reordering(character)
}

/// Characters that change the order in which text is shown; written as escapes, so that nobody is misled by them.
fn is_reordering(character: char) -> bool {
    matches!(character, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
}

fn quoted(text: &str) -> String {
    let mut written = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            character if is_printable(character) => written.push(character),
            character => written.push_str(&format!("\\U{:08X}", u32::from(character))),
        }
    }
    written + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Document, Kind, parse};

    /// The text of `a` after it was written and read.
    fn there_and_back(yaml: &str) -> Option<Kind> {
        let node = parse(&Document::new("test.yaml", yaml)).ok()?;
        match node.kind {
            Kind::Map(mut pairs) if pairs.len() == 1 => Some(pairs.remove(0).1.kind),
            _ => None,
        }
    }

    fn assert_kept(text: &str) {
        let value = Yaml::Text(text.to_owned());
        for yaml in [
            format!("a:{}\n", value.block(0)),
            format!("a:{}", value.block(0)),
            format!("a: {}\n", value.flow()),
            format!("{{ a: {} }}\n", value.flow()),
        ] {
            assert_eq!(there_and_back(&yaml), Some(Kind::Text(text.to_owned())), "{yaml:?}");
        }
        let nested = format!("- a:{}\n", value.block(2));
        let Kind::List(items) = parse(&Document::new("test.yaml", &*nested)).unwrap().kind else { panic!("{nested}") };
        let Kind::Map(pairs) = &items[0].kind else { panic!("{nested}") };
        assert_eq!(pairs[0].1.kind, Kind::Text(text.to_owned()), "{nested:?}");
    }

    #[test]
    fn texts_come_back_as_they_were() {
        let long =
            "Every member of the organisation must use a second factor; GitHub refuses whoever has none. ".repeat(4);
        for text in [
            "yes",
            "No",
            "~",
            "null",
            "12",
            "0x1f",
            "1e3",
            "1.5",
            "2026-03-01",
            ".inf",
            "e5",
            "Yes, since 2024.",
            "- not a list",
            "# no comment",
            "a # comment?",
            "a: b",
            "a:",
            "key: [x",
            "{a}",
            "[a]",
            "it's",
            "\"quoted\"",
            "back\\slash",
            "tab\there",
            "@alice",
            "`code`",
            "%percent",
            "!tag",
            "&anchor",
            "*alias",
            "| bar",
            "> fold",
            "---",
            "...",
            "ünïcödé 漢字 🦀",
            "one\ntwo",
            "one\n\ntwo",
            "one\n  two",
            "one \ntwo",
            "# one\n- two",
            "--- \nx",
            "\u{202e}reversed",
            "a\u{a0}b",
            "https://example.org/a?b=c#d",
            "https://example.org/",
            "https://example.org/,x",
            long.trim(),
            "x  y",
            "?",
            "a?b",
            "? a",
            ": a",
            "true",
            "=",
            "<<",
        ] {
            assert_kept(text);
        }
    }

    #[test]
    fn simple_texts_stay_readable() {
        assert_eq!(Yaml::Text("Everybody has it.".into()).block(4), " Everybody has it.");
        assert_eq!(Yaml::Text("@alice".into()).block(4), " \"@alice\"");
        assert_eq!(Yaml::Text("One.\nTwo.".into()).block(0), " |-\n  One.\n  Two.");
        let list = Yaml::List(vec![Yaml::Text("https://example.org/policy".into())]);
        assert_eq!(list.block(4), " [https://example.org/policy]");
    }

    proptest::proptest! {
        #[test]
        fn any_text_comes_back_as_it_was(text in "[^\\p{Cc}]{1,60}") {
            assert_kept(&text);
        }

        #[test]
        fn any_lines_come_back_as_they_were(lines in proptest::collection::vec("[ -~é\\t]{0,20}", 1..6)) {
            assert_kept(&lines.join("\n"));
        }

        #[test]
        fn any_prose_comes_back_as_it_was(words in proptest::collection::vec("[!-~]{1,12}", 10..60)) {
            assert_kept(&words.join(" "));
        }
    }
}
