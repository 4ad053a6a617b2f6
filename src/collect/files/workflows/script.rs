//! Shell scripts of steps, split into the commands that they call.
//!
//! This is no shell: it splits lines, knows quotes, comments, here-documents and continued lines, and stops there.
//! What a script builds at run time stays unknown.

use std::iter::Peekable;
use std::str::Chars;

use super::expression::Marked;

/// A command of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// Its words without quotes, without leading assignments and keywords. An expression is part of a word.
    pub(super) words: Vec<String>,
    /// How it begins in the script, to find it there: text up to the end of its first line.
    pub(super) beginning: String,
}

impl Command {
    /// The command for people.
    pub(super) fn shown(&self) -> String {
        self.words.join(" ")
    }
}

/// The longest part of a command that is kept to find it.
const MAX_BEGINNING: usize = 80;

/// Words of the shell that stand before a command.
const KEYWORDS: [&str; 12] = ["if", "then", "else", "elif", "while", "until", "do", "{", "(", "!", "&", "time"];

/// The commands of a script, in order.
pub(super) fn commands(script: &str) -> Vec<Command> {
    let script = Marked::new(script);
    let mut splitter = Splitter::default();
    let mut ends_of_documents: Vec<String> = Vec::new();
    for line in script.text.lines() {
        if let Some(end) = ends_of_documents.first() {
            if line.trim() == end {
                ends_of_documents.remove(0);
            }
            continue;
        }
        let ends = splitter.line(line);
        ends_of_documents.extend(ends);
    }
    splitter.finish(&script)
}

/// Which quote is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    Single,
    Double,
}

#[derive(Default)]
struct Splitter {
    /// Commands with the number of the place where they begin, in the order of their ends.
    commands: Vec<(usize, Command)>,
    begun: usize,
    open: Part,
    /// What is interrupted by `$(`, the outermost first.
    interrupted: Vec<Part>,
}

/// A command that is being read.
#[derive(Default)]
struct Part {
    words: Vec<String>,
    word: Option<String>,
    beginning: String,
    number: usize,
    quote: Option<Quote>,
}

/// The rest of a line.
type Characters<'a> = Peekable<Chars<'a>>;

/// How deep commands may be nested by `$(`; deeper ones are read as words.
const MAX_NESTED: usize = 20;

impl Splitter {
    /// Reads a line, and returns the words that end the here-documents that begin in it.
    fn line(&mut self, line: &str) -> Vec<String> {
        let mut documents = Vec::new();
        let mut rest = line.chars().peekable();
        let mut continued = false;
        while let Some(character) = rest.next() {
            self.remember_beginning(character);
            match (self.open.quote, character) {
                (Some(Quote::Single), '\'') | (Some(Quote::Double), '"') => self.open.quote = None,
                (Some(Quote::Single), _) => self.push(character),
                (_, '\\') => match rest.next() {
                    Some(next) => self.push(next),
                    None => continued = true,
                },
                (_, '$') if rest.peek() == Some(&'(') && self.interrupted.len() < MAX_NESTED => {
                    rest.next();
                    self.interrupt();
                }
                (Some(Quote::Double), _) => self.push(character),
                (None, '#') if self.open.word.is_none() => break,
                (None, _) => documents.extend(self.unquoted(character, &mut rest)),
            }
        }
        if self.open.quote.is_some() {
            self.push('\n');
        } else if continued {
            self.end_word();
        } else {
            self.end_command();
        }
        documents
    }

    /// Reads a character outside quotes, and returns the word that ends the here-document that begins there.
    fn unquoted(&mut self, character: char, rest: &mut Characters<'_>) -> Option<String> {
        match character {
            '\'' => self.quote(Quote::Single),
            '"' => self.quote(Quote::Double),
            '<' if rest.next_if_eq(&'<').is_some() => {
                self.end_word();
                // Three of them are a text on the same line.
                if rest.next_if_eq(&'<').is_none() {
                    return end_of_document(rest);
                }
            }
            '>' if rest.next_if_eq(&'&').is_some() => self.push('>'),
            '&' if rest.next_if_eq(&'>').is_some() => self.push('>'),
            '(' if !self.interrupted.is_empty() && self.interrupted.len() < MAX_NESTED => self.interrupt(),
            ')' if !self.interrupted.is_empty() => self.resume(),
            '(' if self.open.word.is_none() => self.end_command(),
            ';' | '|' | '&' | ')' => self.end_command(),
            _ if character.is_whitespace() => self.end_word(),
            _ => self.push(character),
        }
        None
    }

    /// Keeps how the command begins.
    fn remember_beginning(&mut self, character: char) {
        let open = &mut self.open;
        if open.words.is_empty() && open.word.is_none() {
            open.beginning.clear();
            self.begun += 1;
            open.number = self.begun;
        }
        if open.beginning.len() < MAX_BEGINNING && !(open.beginning.is_empty() && character.is_whitespace()) {
            open.beginning.push(character);
        }
    }

    /// Begins a command inside the word of another.
    fn interrupt(&mut self) {
        self.push('$');
        self.interrupted.push(std::mem::take(&mut self.open));
    }

    /// Ends the command inside, and goes on with the one around it.
    fn resume(&mut self) {
        self.end_command();
        if let Some(outer) = self.interrupted.pop() {
            self.open = outer;
        }
    }

    fn push(&mut self, character: char) {
        self.open.word.get_or_insert_default().push(character);
    }

    fn quote(&mut self, quote: Quote) {
        self.open.word.get_or_insert_default();
        self.open.quote = Some(quote);
    }

    fn end_word(&mut self) {
        let Some(word) = self.open.word.take() else { return };
        let leads = self.open.words.is_empty() && (KEYWORDS.contains(&word.as_str()) || is_assignment(&word));
        if !leads {
            self.open.words.push(word);
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        let words = std::mem::take(&mut self.open.words);
        let beginning = std::mem::take(&mut self.open.beginning);
        if !words.is_empty() {
            self.commands.push((self.open.number, Command { words, beginning }));
        }
    }

    /// The commands in the order in which they begin.
    fn finish(mut self, script: &Marked<'_>) -> Vec<Command> {
        while !self.interrupted.is_empty() {
            self.resume();
        }
        self.end_command();
        self.commands.sort_by_key(|(number, _)| *number);
        self.commands
            .into_iter()
            .map(|(_, command)| Command {
                words: command.words.iter().map(|word| script.restored(word)).collect(),
                beginning: script.restored(&command.beginning).trim_end().to_owned(),
            })
            .collect()
    }
}

/// The word after `<<`, without `-`, quotes and spaces.
fn end_of_document(rest: &mut Characters<'_>) -> Option<String> {
    rest.next_if_eq(&'-');
    while rest.next_if(|c| *c == ' ' || *c == '\t').is_some() {}
    let mut word = String::new();
    while let Some(next) = rest.next_if(|c| c.is_alphanumeric() || matches!(c, '_' | '\'' | '"' | '\\' | '-' | '.')) {
        if next.is_alphanumeric() || matches!(next, '_' | '-' | '.') {
            word.push(next);
        }
    }
    Some(word).filter(|word| !word.is_empty())
}

/// Whether a word sets a variable, as in `CI=true npm test`.
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(script: &str) -> Vec<String> {
        commands(script).into_iter().map(|command| command.words.join(" ")).collect()
    }

    #[test]
    fn scripts_are_split_into_commands() {
        let cases: &[(&str, &[&str])] = &[
            ("cargo test", &["cargo test"]),
            ("a && b || c; d | e & f", &["a", "b", "c", "d", "e", "f"]),
            ("# cargo test\nmake # cargo test", &["make"]),
            ("cargo \\\n  test \\\n  --all\nb", &["cargo test --all", "b"]),
            ("echo 'cargo test; x' \"a && b\"", &["echo cargo test; x a && b"]),
            ("CI=1 FOO='a b' npm test", &["npm test"]),
            ("if ! cargo test; then\n  exit 1\nfi", &["cargo test", "exit 1", "fi"]),
            ("(cd x && go test ./...)", &["cd x", "go test ./..."]),
            ("cat <<EOF > x\ncargo test\nEOF\nmake", &["cat > x", "make"]),
            ("cat <<-'END'\n  cargo test\n  END\nmake", &["cat", "make"]),
            ("grep x <<< \"$y\"\nmake", &["grep x $y", "make"]),
            ("make 2>&1 | tee log", &["make 2>1", "tee log"]),
            ("echo \"a\ncargo test\nb\"\nmake", &["echo a\ncargo test\nb", "make"]),
            ("test ${{ a || b }} && x", &["test ${{ a || b }}", "x"]),
            ("x=$(cargo test)\nb", &["cargo test", "b"]),
            ("a \"$(b c | d)\" e", &["a $ e", "b c", "d"]),
            ("a $((1 + 2)) b", &["a $ b", "$", "1 + 2"]),
            ("case x in\n  y) make ;;\nesac", &["case x in", "y", "make", "esac"]),
            ("a#b c", &["a#b c"]),
            ("", &[]),
            ("x=1", &[]),
        ];
        for (script, expected) in cases {
            assert_eq!(words(script), *expected, "{script}");
        }
    }

    #[test]
    fn beginnings_stand_in_the_script() {
        let script = "set -e; npm ci\nif npm test -- \\\n  --all; then x; fi";
        let found: Vec<_> = commands(script).into_iter().map(|command| command.beginning).collect();
        assert_eq!(found[1], "npm ci");
        assert!(found[2].starts_with("npm test"), "{found:?}");
    }

    proptest! {
        #[test]
        fn never_panics(script in "[a-c'\"\\\\#;|&<>()${}= \n\té-]{0,120}") {
            for command in commands(&script) {
                prop_assert!(!command.words.is_empty());
            }
        }
    }
}
