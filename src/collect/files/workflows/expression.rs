//! Expressions of workflows, `${{ ... }}`: which contexts they read, and whether these become part of the result.
//!
//! Nothing is evaluated. A context becomes part of the result unless it is only compared, negated, tested by `&&` or
//! handed to a function that answers yes or no.

/// One part of the path of a context, in lower case since names do not differ by case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    Name(String),
    /// Every element, or one whose index is computed.
    Any,
}

/// A context that an expression reads, such as `github.event.issue.title`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Context {
    pub(super) path: Vec<Segment>,
    /// Whether it becomes part of the result.
    pub(super) flows: bool,
    /// Whether all that it holds is written out, by `toJSON`.
    pub(super) written_out: bool,
}

impl Context {
    /// Whether it is this path, where `*` stands for any element. With `toJSON`, whether it holds this path.
    pub(super) fn reads(&self, pattern: &str) -> bool {
        let mut parts = pattern.split('.');
        let agrees = self.path.iter().all(|segment| match (segment, parts.next()) {
            (Segment::Name(name), Some(part)) => name == part,
            (Segment::Any, Some(part)) => part == "*",
            (_, None) => false,
        });
        agrees && (self.written_out || parts.next().is_none())
    }

    /// The names of its path, as long as they are plain names.
    pub(super) fn names(&self) -> Vec<&str> {
        self.path
            .iter()
            .map_while(|segment| match segment {
                Segment::Name(name) => Some(name.as_str()),
                Segment::Any => None,
            })
            .collect()
    }
}

/// An expression in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expression<'a> {
    /// As it stands there, with `${{` and `}}`.
    pub(super) source: &'a str,
    pub(super) contexts: Vec<Context>,
}

/// All expressions of a text, in order. One that never ends is none, as for GitHub.
pub(super) fn expressions(text: &str) -> Vec<Expression<'_>> {
    sources(text)
        .into_iter()
        .map(|source| {
            let body = source.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or_default();
            Expression { source, contexts: contexts(body) }
        })
        .collect()
}

/// What encloses the number of an expression that was taken out of a text: characters that no script uses.
const MARKS: (char, char) = ('\u{E000}', '\u{E001}');

/// A text whose expressions are replaced by marks, so that their signs are not taken for those of a script.
pub(super) struct Marked<'a> {
    pub(super) text: String,
    sources: Vec<&'a str>,
}

impl<'a> Marked<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let sources = sources(text);
        let mut marked = String::with_capacity(text.len());
        let mut rest = text;
        for (number, source) in sources.iter().enumerate() {
            let Some((before, after)) = rest.split_once(source) else { break };
            marked.push_str(before);
            marked.push(MARKS.0);
            marked.push_str(&number.to_string());
            marked.push(MARKS.1);
            rest = after;
        }
        marked.push_str(rest);
        Self { text: marked, sources }
    }

    /// A part of the text with its expressions put back. A mark that is cut off at the end is left out.
    pub(super) fn restored(&self, part: &str) -> String {
        let mut pieces = part.split(MARKS.0);
        let mut restored = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let Some((number, after)) = piece.split_once(MARKS.1) else { break };
            let source = number.parse().ok().and_then(|number: usize| self.sources.get(number));
            restored.push_str(source.copied().unwrap_or_default());
            restored.push_str(after);
        }
        restored
    }
}

fn sources(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${{") {
        let Some(from_start) = rest.get(start..) else { break };
        let Some(length) = length_of_expression(from_start) else { break };
        let (source, after) = from_start.split_at(length);
        found.push(source);
        rest = after;
    }
    found
}

/// The length of the expression at the start of a text, with its `}}`; braces inside strings do not end it.
fn length_of_expression(text: &str) -> Option<usize> {
    let mut in_string = false;
    let mut previous = b' ';
    for (at, byte) in text.bytes().enumerate().skip("${{".len()) {
        if byte == b'\'' {
            in_string = !in_string;
        }
        if byte == b'}' && previous == b'}' && !in_string {
            return Some(at + 1);
        }
        previous = if in_string { b' ' } else { byte };
    }
    None
}

/// A word or sign of an expression; names are in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Number,
    Dot,
    Comma,
    Star,
    Not,
    And,
    Or,
    Equal,
    Unequal,
    /// `<`, `>` and the like.
    Order,
    OpenBracket,
    CloseBracket,
    OpenParenthesis,
    CloseParenthesis,
}

/// The words and signs of an expression, without its braces.
pub(super) fn tokens(body: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = body.chars().peekable();
    while let Some(character) = rest.next() {
        let doubled = rest.peek() == Some(&character);
        let token = match character {
            '.' => Token::Dot,
            ',' => Token::Comma,
            '*' => Token::Star,
            '[' => Token::OpenBracket,
            ']' => Token::CloseBracket,
            '(' => Token::OpenParenthesis,
            ')' => Token::CloseParenthesis,
            '!' if rest.next_if_eq(&'=').is_some() => Token::Unequal,
            '!' => Token::Not,
            '=' => {
                rest.next_if_eq(&'=');
                Token::Equal
            }
            '<' | '>' => {
                rest.next_if_eq(&'=');
                Token::Order
            }
            '&' if doubled => {
                rest.next();
                Token::And
            }
            '|' if doubled => {
                rest.next();
                Token::Or
            }
            '\'' => {
                let mut text = String::new();
                while let Some(next) = rest.next() {
                    if next == '\'' && rest.next_if_eq(&'\'').is_none() {
                        break;
                    }
                    text.push(next);
                }
                Token::Text(text)
            }
            first if first.is_ascii_alphabetic() || first == '_' => {
                let mut name = first.to_ascii_lowercase().to_string();
                while let Some(next) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-') {
                    name.push(next.to_ascii_lowercase());
                }
                Token::Name(name)
            }
            first if first.is_ascii_digit() => {
                while rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '.').is_some() {}
                Token::Number
            }
            _ => continue,
        };
        tokens.push(token);
    }
    tokens
}

/// What a bracket or the call of a function does with what stands inside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Plain,
    /// Answers yes or no, a hash or a number.
    Tests,
    WritesOut,
}

fn function(name: &str) -> Inside {
    match name {
        "contains" | "startswith" | "endswith" | "hashfiles" => Inside::Tests,
        "tojson" => Inside::WritesOut,
        _ => Inside::Plain,
    }
}

fn contexts(body: &str) -> Vec<Context> {
    let tokens = tokens(body);
    let mut found = Vec::new();
    let mut open: Vec<Inside> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before)).cloned();
        match token {
            Token::OpenParenthesis => open.push(match &before {
                Some(Token::Name(name)) => function(name),
                _ => Inside::Plain,
            }),
            Token::CloseParenthesis => {
                open.pop();
            }
            Token::Name(name) if tokens.get(at + 1) != Some(&Token::OpenParenthesis) => {
                let mut path = vec![Segment::Name(name.clone())];
                at = follow_path(&tokens, at + 1, &mut path);
                if path.len() > 1 || !["true", "false", "null", "nan", "infinity"].contains(&name.as_str()) {
                    let tested = matches!(before, Some(Token::Not | Token::Equal | Token::Unequal | Token::Order))
                        || matches!(tokens.get(at), Some(Token::Equal | Token::Unequal | Token::Order | Token::And))
                        || open.contains(&Inside::Tests);
                    let written_out = open.contains(&Inside::WritesOut);
                    found.push(Context { path, flows: !tested, written_out });
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads `.name`, `.*`, `['name']` and `[index]` onto the path, and returns where it ends.
pub(super) fn follow_path(tokens: &[Token], mut at: usize, path: &mut Vec<Segment>) -> usize {
    loop {
        match (tokens.get(at), tokens.get(at + 1)) {
            (Some(Token::Dot), Some(Token::Name(name))) => path.push(Segment::Name(name.clone())),
            (Some(Token::Dot), Some(Token::Star)) => path.push(Segment::Any),
            (Some(Token::OpenBracket), Some(Token::Text(name))) if tokens.get(at + 2) == Some(&Token::CloseBracket) => {
                path.push(Segment::Name(name.to_ascii_lowercase()));
                at += 1;
            }
            (Some(Token::OpenBracket), _) => {
                path.push(Segment::Any);
                at = closing_bracket(tokens, at);
                continue;
            }
            _ => return at,
        }
        at += 2;
    }
}

/// The position after the bracket that closes the one at `at`.
fn closing_bracket(tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            Token::OpenBracket => depth += 1,
            Token::CloseBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flowing(text: &str, pattern: &str) -> bool {
        expressions(text).iter().flat_map(|found| &found.contexts).any(|found| found.flows && found.reads(pattern))
    }

    #[test]
    fn contexts_that_flow_into_the_result() {
        let title = "github.event.issue.title";
        let cases = [
            ("${{ github.event.issue.title }}", true),
            ("${{github.event['issue']['title']}}", true),
            ("${{ GitHub.Event.Issue.Title }}", true),
            ("a ${{ format('{0}', github.event.issue.title) }} b", true),
            ("${{ toJSON(github.event) }}", true),
            ("${{ toJson(github) }}", true),
            ("${{ github.event.issue.title || 'none' }}", true),
            ("${{ 'x }} y' && github.event.issue.title }}", true),
            ("${{\n  github.event.issue.title\n}}", true),
            ("${{ 'it''s' }} ${{ github.event.issue.title }}", true),
            ("${{ github.event.issue.title == 'x' }}", false),
            ("${{ 'x' != github.event.issue.title }}", false),
            ("${{ contains(github.event.issue.title, 'x') }}", false),
            ("${{ !github.event.issue.title }}", false),
            ("${{ github.event.issue.title && 'x' || 'y' }}", false),
            ("${{ 'github.event.issue.title' }}", false),
            ("${{ github.event.issue.number }}", false),
            ("${{ github.event.issue }}", false),
            ("${{ github.event.issue.title.x }}", false),
            ("${{ github.event.issue.title", false),
            ("$ {{ github.event.issue.title }}", false),
            ("github.event.issue.title", false),
        ];
        for (text, expected) in cases {
            assert_eq!(flowing(text, title), expected, "{text}");
        }
    }

    #[test]
    fn elements_stand_for_any_index() {
        for text in ["${{ github.event.commits[0].message }}", "${{ join(github.event.commits.*.message, ' ') }}"] {
            assert!(flowing(text, "github.event.commits.*.message"), "{text}");
        }
        assert!(!flowing("${{ github.event[inputs.which].title }}", "github.event.issue.title"));
    }

    #[test]
    fn sources_are_kept_as_they_stand() {
        let found = expressions("x ${{ a }}${{b}} y ${{ 'c }}' }}");
        assert_eq!(found.iter().map(|one| one.source).collect::<Vec<_>>(), ["${{ a }}", "${{b}}", "${{ 'c }}' }}"]);
    }

    #[test]
    fn marked_texts_are_restored() {
        let text = "go ${{ a || b }} x ${{ c }} ${{ a || b }} y";
        let marked = Marked::new(text);
        assert!(!marked.text.contains("||"));
        assert_eq!(marked.restored(&marked.text), text);
        let cut: String = marked.text.chars().take(4).collect();
        assert_eq!(marked.restored(&cut), "go ");
        assert_eq!(marked.restored("\u{E000}99\u{E001}x"), "x");
    }

    proptest! {
        #[test]
        fn never_panics(text in "[a-c.'\\[\\]()*&|!=<>{}$, é0-9\n]{0,80}") {
            for one in expressions(&format!("${{{{ {text} }}}} {text}")) {
                prop_assert!(one.source.starts_with("${{") && one.source.ends_with("}}"));
            }
            let marked = Marked::new(&text);
            prop_assert_eq!(marked.restored(&marked.text), text);
        }

        #[test]
        fn every_context_written_is_found(
            names in proptest::collection::vec("[a-z_][a-z0-9_-]{0,8}", 2..6),
            bracketed in proptest::collection::vec(any::<bool>(), 6),
        ) {
            let mut text = names[0].clone();
            for (name, bracket) in names[1..].iter().zip(bracketed) {
                let (before, after) = if bracket { ("['", "']") } else { (".", "") };
                text.extend([before, name, after]);
            }
            let text = format!("${{{{ format('{{0}}', {text}) }}}}");
            prop_assert!(flowing(&text, &names.join(".")), "{}", text);
        }
    }
}
