//! Conditions of jobs and steps, as far as they exclude an event.
//!
//! Only comparisons of one context with a text are understood, with what joins them. All else may be true or false.

use github_actions_models::common::If;

use super::expression::{Segment, Token, follow_path, tokens};

/// Whether a condition can be true when this context, such as `github.event_name`, has this value.
pub(super) fn may_hold(condition: Option<&If>, context: &str, value: &str) -> bool {
    match condition {
        None => true,
        Some(If::Bool(constant)) => *constant,
        Some(If::Expr(text)) => {
            let text = text.trim();
            let inside = text.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or(text);
            if inside.contains("${{") {
                return true;
            }
            let tokens = tokens(inside);
            let mut reader = Reader { tokens: &tokens, at: 0, depth: 0, context, value };
            let result = reader.either();
            reader.at < tokens.len() || result != Some(false)
        }
    }
}

/// How deep brackets may stand inside each other.
const MAX_DEPTH: usize = 50;

/// Reads a condition from left to right. Each part is true, false, or unknown.
struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    context: &'a str,
    value: &'a str,
}

/// What stands on a side of a comparison.
enum Side {
    Context,
    Text(String),
    Truth(Option<bool>),
}

impl Reader<'_> {
    fn take(&mut self, wanted: &Token) -> bool {
        let found = self.tokens.get(self.at) == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> Option<bool> {
        let mut result = self.all();
        while self.take(&Token::Or) {
            result = match (result, self.all()) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
        }
        result
    }

    fn all(&mut self) -> Option<bool> {
        let mut result = self.comparison();
        while self.take(&Token::And) {
            result = match (result, self.comparison()) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        result
    }

    fn comparison(&mut self) -> Option<bool> {
        let left = self.side();
        let equal = if self.take(&Token::Equal) {
            Some(true)
        } else if self.take(&Token::Unequal) {
            Some(false)
        } else if self.take(&Token::Order) {
            None
        } else {
            return if let Side::Truth(truth) = left { truth } else { None };
        };
        match (left, self.side(), equal) {
            (Side::Context, Side::Text(text), Some(equal)) | (Side::Text(text), Side::Context, Some(equal)) => {
                Some(text.eq_ignore_ascii_case(self.value) == equal)
            }
            _ => None,
        }
    }

    fn side(&mut self) -> Side {
        let mut negations = 0_usize;
        while self.take(&Token::Not) {
            negations += 1;
        }
        if negations > 0 {
            return match self.plain_side() {
                Side::Truth(truth) => Side::Truth(truth.map(|truth| truth != (negations % 2 == 1))),
                _ => Side::Truth(None),
            };
        }
        self.plain_side()
    }

    fn plain_side(&mut self) -> Side {
        if self.take(&Token::OpenParenthesis) {
            return Side::Truth(self.bracketed());
        }
        let Some(token) = self.tokens.get(self.at) else { return Side::Truth(None) };
        match token {
            Token::Text(text) => {
                self.at += 1;
                Side::Text(text.clone())
            }
            Token::Name(name) => {
                self.at += 1;
                if self.take(&Token::OpenParenthesis) {
                    self.arguments();
                    return Side::Truth(None);
                }
                let mut path = vec![Segment::Name(name.clone())];
                self.at = follow_path(self.tokens, self.at, &mut path);
                match (path.len(), name.as_str()) {
                    (1, "true") => Side::Truth(Some(true)),
                    (1, "false") => Side::Truth(Some(false)),
                    _ if is_path(&path, self.context) => Side::Context,
                    _ => Side::Truth(None),
                }
            }
            Token::Number => {
                self.at += 1;
                Side::Truth(None)
            }
            _ => Side::Truth(None),
        }
    }

    /// What stands in brackets; unknown where they are too deep or do not close.
    fn bracketed(&mut self) -> Option<bool> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let result = self.either();
        self.depth -= 1;
        if self.take(&Token::CloseParenthesis) { result } else { None }
    }

    /// Passes over the arguments of a function.
    fn arguments(&mut self) {
        let mut open = 1_usize;
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            match token {
                Token::OpenParenthesis => open += 1,
                Token::CloseParenthesis => open -= 1,
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }
}

fn is_path(path: &[Segment], context: &str) -> bool {
    let mut names = context.split('.');
    path.iter().all(|segment| matches!((segment, names.next()), (Segment::Name(name), Some(wanted)) if name == wanted))
        && names.next().is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn conditions_on_the_event() {
        let cases = [
            ("github.event_name == 'push'", false),
            ("${{ github.event_name == 'push' }}", false),
            ("'push' == github.event_name", false),
            ("github.event_name != 'pull_request'", false),
            ("github['event_name'] == 'push'", false),
            ("github.event_name == 'push' && github.ref == 'refs/heads/main'", false),
            ("always() && github.event_name == 'push'", false),
            ("github.event_name == 'push' || github.event_name == 'schedule'", false),
            ("github.event_name == 'push' && (startsWith(github.ref, 'x') || github.ref == 'y')", false),
            ("!(github.event_name == 'pull_request')", false),
            ("false", false),
            ("github.event_name == 'pull_request'", true),
            ("github.event_name == 'Pull_Request'", true),
            ("github.event_name != 'push'", true),
            ("github.event_name == 'push' || github.actor == 'x'", true),
            ("(github.event_name == 'push' || a) && b", true),
            ("contains(github.event_name, 'push')", true),
            ("github.ref == 'refs/heads/main'", true),
            ("!github.event_name == 'x'", true),
            ("github.event_name == inputs.event", true),
            ("github.event_name == 'push' x", true),
            ("(github.event_name == 'push'", true),
            ("${{ a }} && github.event_name == 'push'", true),
            ("", true),
        ];
        for (text, expected) in cases {
            let condition = If::Expr(text.to_owned());
            assert_eq!(may_hold(Some(&condition), "github.event_name", "pull_request"), expected, "{text}");
        }
        assert!(!may_hold(Some(&If::Bool(false)), "github.event_name", "push"));
        assert!(may_hold(None, "github.event_name", "push"));
    }

    #[test]
    fn deep_brackets_are_unknown() {
        for bracket in ["(", "!", "!("] {
            let text = format!("{}false{}", bracket.repeat(5_000), ")".repeat(5_000));
            may_hold(Some(&If::Expr(text)), "github.event_name", "push");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "[a-c.'()!&|=<\\[\\]0 ]{0,60}") {
            may_hold(Some(&If::Expr(text)), "a.b", "c");
        }
    }
}
