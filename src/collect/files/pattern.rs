//! Patterns for prose: regular expressions that are compiled on first use and run in linear time.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

/// A pattern without regard to the case of ASCII letters. `\b`, `\w`, `\d`, `\s` and their opposites mean ASCII.
///
/// The text is put in lower case, not the pattern in both: most of a run was spent on building the patterns, and one
/// that has to match both cases takes twice as long to build. ASCII letters keep their length, so positions stay.
pub(super) struct Pattern {
    source: &'static str,
    regex: OnceLock<Option<Regex>>,
}

/// A match: the whole, and the parts in brackets.
pub(super) struct Found<'t> {
    parts: Vec<Option<Part<'t>>>,
}

/// A stretch of the text that was searched.
#[derive(Clone, Copy)]
pub(super) struct Part<'t> {
    text: &'t str,
    start: usize,
}

impl Pattern {
    pub(super) const fn new(source: &'static str) -> Self {
        Self { source, regex: OnceLock::new() }
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(&lower_case(text)))
    }

    /// Bytes of the first match.
    pub(super) fn find(&self, text: &str) -> Option<Range<usize>> {
        Some(self.regex()?.find(&lower_case(text))?.range())
    }

    /// All matches, one after the other.
    pub(super) fn find_all<'t>(&self, text: &'t str) -> Vec<Found<'t>> {
        let Some(regex) = self.regex() else { return Vec::new() };
        let part = |range: Range<usize>| Some(Part { start: range.start, text: text.get(range)? });
        regex
            .captures_iter(&lower_case(text))
            .map(|found| Found {
                parts: found.iter().map(|group| group.and_then(|group| part(group.range()))).collect(),
            })
            .collect()
    }

    /// The text with every match replaced.
    pub(super) fn replace_all(&self, text: &str, by: &str) -> String {
        let Some(regex) = self.regex() else { return text.to_owned() };
        let mut replaced = String::with_capacity(text.len());
        let mut done = 0;
        for found in regex.find_iter(&lower_case(text)) {
            replaced.push_str(text.get(done..found.start()).unwrap_or_default());
            replaced.push_str(by);
            done = found.end();
        }
        replaced.push_str(text.get(done..).unwrap_or_default());
        replaced
    }

    fn regex(&self) -> Option<&Regex> {
        let regex = self.regex.get_or_init(|| {
            let lower = self
                .source
                .replace(r"\b", r"(?-u:\b)")
                .replace(r"\w", "[0-9a-z_]")
                .replace(r"\W", "[^0-9a-z_]")
                .replace(r"\d", "[0-9]")
                .replace(r"\s", r"[ \t\r\n]")
                .replace(r"\S", r"[^ \t\r\n]")
                .to_ascii_lowercase();
            Regex::new(&lower).ok()
        });
        debug_assert!(regex.is_some(), "not a pattern: {}", self.source);
        regex.as_ref()
    }
}

impl<'t> Found<'t> {
    /// The whole match, numbered 0, or a part in brackets, counted from 1.
    pub(super) fn get(&self, number: usize) -> Option<Part<'t>> {
        self.parts.get(number).copied().flatten()
    }

    /// The parts in brackets that matched.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part<'t>> {
        self.parts.iter().skip(1).flatten().copied()
    }
}

impl<'t> Part<'t> {
    pub(super) fn as_str(self) -> &'t str {
        self.text
    }

    pub(super) fn start(self) -> usize {
        self.start
    }

    pub(super) fn end(self) -> usize {
        self.start + self.text.len()
    }

    /// Its bytes in the text that was searched.
    pub(super) fn range(self) -> Range<usize> {
        self.start()..self.end()
    }
}

/// The text with its ASCII letters in lower case.
fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_forms_match_without_regard_to_case() {
        static WORD: Pattern = Pattern::new(r"\bre\w+\s\d\b");
        assert!(WORD.is_match("We REPLY 3 times"));
        assert!(!WORD.is_match("prereply 3"));
        assert_eq!(WORD.find("äö reply 3"), Some(5..12));
        assert_eq!(WORD.replace_all("Now reply 3, REPLY 4", "$1"), "Now $1, $1");
        assert_eq!(WORD.find_all("reply 3, reply 4").len(), 2);
    }

    #[test]
    fn a_pattern_in_capitals_matches_both_cases() {
        static TAG: Pattern = Pattern::new(r"^\W*ID-Tag:\S");
        assert!(TAG.is_match("// id-tag:x"));
        assert!(TAG.is_match("ID-TAG:X"));
        assert!(!TAG.is_match("x ID-Tag: x"));
    }

    #[test]
    fn parts_keep_the_case_of_the_text() {
        static NAMED: Pattern = Pattern::new(r"(by|from) (\w+)( too)?");
        let found = NAMED.find_all("ÄÖ By Ann, FROM Bob TOO");
        let texts =
            |number: usize| found.iter().filter_map(|one| one.get(number)).map(Part::as_str).collect::<Vec<_>>();
        assert_eq!(texts(2), ["Ann", "Bob"]);
        assert_eq!(texts(3), [" TOO"]);
        assert_eq!(found[0].get(0).unwrap().range(), 5..11);
        assert_eq!(found[0].parts().count(), 2);
    }
}
