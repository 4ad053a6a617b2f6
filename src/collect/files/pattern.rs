//! Patterns for prose: regular expressions that are compiled on first use and run in linear time.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

/// A pattern without regard to case. `\b`, `\w`, `\d` and `\s` mean ASCII, which keeps the automata small.
pub(super) struct Pattern {
    source: &'static str,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) const fn new(source: &'static str) -> Self {
        Self { source, regex: OnceLock::new() }
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }

    /// Bytes of the first match.
    pub(super) fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        Some(self.regex()?.find(text)?.range())
    }

    /// All matches, one after the other.
    pub(super) fn find_all<'t>(&self, text: &'t str) -> Vec<regex::Captures<'t>> {
        self.regex().map(|regex| regex.captures_iter(text).collect()).unwrap_or_default()
    }

    /// The text with every match replaced.
    pub(super) fn replace_all(&self, text: &str, by: &str) -> String {
        match self.regex() {
            Some(regex) => regex.replace_all(text, regex::NoExpand(by)).into_owned(),
            None => text.to_owned(),
        }
    }

    fn regex(&self) -> Option<&Regex> {
        let regex = self.regex.get_or_init(|| {
            let ascii = self
                .source
                .replace(r"\b", r"(?-u:\b)")
                .replace(r"\w", "[0-9A-Za-z_]")
                .replace(r"\d", "[0-9]")
                .replace(r"\s", r"[ \t\r\n]");
            RegexBuilder::new(&ascii).case_insensitive(true).build().ok()
        });
        debug_assert!(regex.is_some(), "not a pattern: {}", self.source);
        regex.as_ref()
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
        assert_eq!(WORD.replace_all("reply 3, reply 4", "$1"), "$1, $1");
        assert_eq!(WORD.find_all("reply 3, reply 4").len(), 2);
    }
}
