//! Patterns of commands, in which the known tools are described.

use std::collections::HashSet;

/// One word of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum PatternWord {
    /// One of these words; a `*` at the end stands for any ending.
    OneOf(Vec<String>),
    /// `_`: any one word.
    AnyWord,
    /// `...`: any number of words.
    AnyWords,
}

/// A pattern of commands. It fits the beginning of a command; options between its words are passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<PatternWord>);

impl Pattern {
    /// Reads a pattern. The error says what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<PatternWord> = text
            .split_whitespace()
            .map(|word| match word {
                "..." => PatternWord::AnyWords,
                "_" => PatternWord::AnyWord,
                word => PatternWord::OneOf(word.split('|').map(str::to_owned).collect()),
            })
            .collect();
        match words.first() {
            Some(PatternWord::OneOf(_)) => Ok(Self(words)),
            _ => Err(format!("the pattern `{text}` must begin with a word")),
        }
    }

    /// The programs that it may begin with.
    pub(super) fn first_words(&self) -> Result<Vec<String>, String> {
        match self.0.first() {
            Some(PatternWord::OneOf(words)) if words.iter().all(|word| !word.contains('*')) => Ok(words.clone()),
            _ => Err("a pattern must begin with whole words".to_owned()),
        }
    }

    /// Whether it fits the beginning of a command. `valued` are the options whose value is the next word.
    pub(super) fn matches(&self, words: &[&str], valued: &HashSet<String>) -> bool {
        self.length_in(words, valued).is_some()
    }

    /// How many words of a command the pattern takes up.
    pub(super) fn length_in(&self, words: &[&str], valued: &HashSet<String>) -> Option<usize> {
        let (first, patterns) = self.0.split_first()?;
        let PatternWord::OneOf(names) = first else { return None };
        let called = program(words.first()?);
        if !names.iter().any(|name| word_fits(name, called)) {
            return None;
        }
        let mut at = 1;
        let mut gap = false;
        for pattern in patterns {
            match pattern {
                PatternWord::AnyWords => gap = true,
                PatternWord::AnyWord => {
                    words.get(at)?;
                    at += 1;
                }
                PatternWord::OneOf(names) => {
                    let rest = words.get(at..)?;
                    let fits = |word: &str| names.iter().any(|name| word_fits(name, word));
                    let found = if gap { find_outside_values(rest, valued, fits)? } else { position(rest, fits)? };
                    if !gap && found > options_at_start(rest, valued) {
                        return None;
                    }
                    at += found + 1;
                    gap = false;
                }
            }
        }
        Some(at)
    }
}

/// The name of a program without its folder and the endings of Windows.
pub(super) fn program(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    [".exe", ".cmd", ".bat"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

fn position(words: &[&str], fits: impl Fn(&str) -> bool) -> Option<usize> {
    words.iter().position(|word| fits(word))
}

/// The position of the first fitting word that is not the value of an option.
fn find_outside_values(words: &[&str], valued: &HashSet<String>, fits: impl Fn(&str) -> bool) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if fits(word) {
            return Some(at);
        }
        at += length_of_option(words, at, valued);
    }
    None
}

/// Two words for an option with its value, one for any other word. What looks like an option is no value.
fn length_of_option(words: &[&str], at: usize, valued: &HashSet<String>) -> usize {
    let takes_value = words.get(at).is_some_and(|word| valued.contains(*word));
    let has_value = words.get(at + 1).is_some_and(|next| !is_option(next));
    if takes_value && has_value { 2 } else { 1 }
}

/// How many words at the start are options, values of options, or assignments.
pub(super) fn options_at_start(words: &[&str], valued: &HashSet<String>) -> usize {
    let mut count = 0;
    while words.get(count).is_some_and(|word| is_option(word) || word.contains('=')) {
        count += length_of_option(words, count, valued);
    }
    count.min(words.len())
}

fn is_option(word: &str) -> bool {
    word.starts_with('-') || word.starts_with('+')
}

/// Whether a word is this one; `*` at the end stands for any ending.
pub(super) fn word_fits(pattern: &str, word: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => word.starts_with(beginning),
        None => pattern == word,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fits(pattern: &str, command: &str) -> bool {
        let words: Vec<&str> = command.split_whitespace().collect();
        let valued = HashSet::from(["-C".to_owned()]);
        Pattern::parse(pattern).unwrap().matches(&words, &valued)
    }

    #[test]
    fn patterns_fit_beginnings_of_commands() {
        for (pattern, command, expected) in [
            ("go test", "go test ./...", true),
            ("go test", "/usr/bin/go test", true),
            ("go test", "go.exe test", true),
            ("go test", "go -v -C dir test", true),
            ("go test", "go build test", false),
            ("go test", "go", false),
            ("go|gotip test|vet", "gotip vet", true),
            ("make ... test*", "make a b test-all", true),
            ("make ... test", "make -C test", false),
            ("timeout _ go", "timeout 5m go", true),
            ("timeout _ go", "timeout go", false),
            ("make ... --dry", "make -C --dry", true),
            ("a ... -x b", "a 1 -x b", true),
            ("a ... -x b", "a 1 -x c b", false),
        ] {
            assert_eq!(fits(pattern, command), expected, "{pattern}: {command}");
        }
        assert!(Pattern::parse("... a").is_err());
        assert!(Pattern::parse("").is_err());
        assert!(Pattern::parse("a* b").unwrap().first_words().is_err());
    }

    proptest! {
        #[test]
        fn never_panics(pattern in "[ab._*| -]{0,20}", command in "[abC/=. -]{0,40}") {
            if Pattern::parse(&pattern).is_ok() {
                fits(&pattern, &command);
            }
        }
    }
}
