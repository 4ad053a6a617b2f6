//! Conditions of jobs and steps, as far as they exclude an event.
//!
//! Only comparisons of a context with a text are understood, joined by `&&` and `||` without brackets. All else is
//! taken to be possibly true.

use github_actions_models::common::If;

/// Whether a condition can be true when this context has this value.
pub(super) fn may_hold(condition: Option<&If>, context: &str, value: &str) -> bool {
    match condition {
        None => true,
        Some(If::Bool(constant)) => *constant,
        Some(If::Expr(text)) => may_be_true(text, context, value),
    }
}

/// Functions of the status, which say nothing about events.
const STATUS: [&str; 4] = ["always()", "success()", "failure()", "cancelled()"];

fn may_be_true(text: &str, context: &str, value: &str) -> bool {
    let mut text = text.trim();
    if let Some(inside) = text.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")) {
        text = inside;
    }
    let plain = STATUS.iter().fold(text.to_owned(), |text, function| text.replace(function, "status"));
    if plain.contains(['(', '{']) {
        return true;
    }
    plain.split("||").any(|alternative| alternative.split("&&").all(|one| term_may_be_true(one, context, value)))
}

fn term_may_be_true(term: &str, context: &str, value: &str) -> bool {
    let term = term.trim();
    if term.eq_ignore_ascii_case("false") {
        return false;
    }
    let (sides, equal) = match (term.split_once("=="), term.split_once("!=")) {
        (Some(sides), None) => (sides, true),
        (None, Some(sides)) => (sides, false),
        _ => return true,
    };
    let (left, right) = (sides.0.trim(), sides.1.trim());
    let text = if left.eq_ignore_ascii_case(context) {
        quoted(right)
    } else if right.eq_ignore_ascii_case(context) {
        quoted(left)
    } else {
        None
    };
    text.is_none_or(|text| text.eq_ignore_ascii_case(value) == equal)
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_on_the_event() {
        let cases = [
            ("github.event_name == 'push'", false),
            ("${{ github.event_name == 'push' }}", false),
            ("'push' == github.event_name", false),
            ("github.event_name != 'pull_request'", false),
            ("github.event_name == 'push' && github.ref == 'refs/heads/main'", false),
            ("always() && github.event_name == 'push'", false),
            ("github.event_name == 'push' || github.event_name == 'schedule'", false),
            ("false", false),
            ("github.event_name == 'pull_request'", true),
            ("github.event_name == 'Pull_Request'", true),
            ("github.event_name != 'push'", true),
            ("github.event_name == 'push' || github.actor == 'x'", true),
            ("github.event_name == 'push' && (a || b)", true),
            ("contains(github.event_name, 'push')", true),
            ("github.ref == 'refs/heads/main'", true),
            ("!github.event_name == 'x'", true),
            ("", true),
        ];
        for (text, expected) in cases {
            let condition = If::Expr(text.to_owned());
            assert_eq!(may_hold(Some(&condition), "github.event_name", "pull_request"), expected, "{text}");
        }
        assert!(!may_hold(Some(&If::Bool(false)), "github.event_name", "push"));
        assert!(may_hold(None, "github.event_name", "push"));
    }
}
