//! A few words about what stands at a place: plain text, short, without addresses of people.

use super::pattern::Pattern;

/// The longest note, in characters.
const LONGEST: usize = 120;

static EMAIL: Pattern = Pattern::new(r"[\w.+%-]+@[\w-]+(\.[\w-]+)*\.[a-z][\w-]+");
static OBFUSCATED: Pattern =
    Pattern::new(r"[\w.+%-]+\s*[(\[{<]\s*at\s*[)\]}>]\s*[\w-]+(\s*[(\[{<]?\s*(dot|\.)\s*[)\]}>]?\s*[\w-]+)*");
static SPELLED: Pattern = Pattern::new(r"[\w.+%-]+\s+at\s+[\w-]+(\s+dot\s+[\w-]+)+");

/// The text as a note: on one line, without control characters or e-mail addresses, at most 120 characters.
pub(super) fn note(text: &str) -> String {
    quotation(text, LONGEST)
}

/// The text as a note of another length.
pub(crate) fn quotation(text: &str, longest: usize) -> String {
    let plain = plain(text);
    let without =
        [&EMAIL, &OBFUSCATED, &SPELLED].iter().fold(plain, |text, pattern| pattern.replace_all(&text, "(address)"));
    shortened(&without, longest)
}

/// The text on one line, without control characters and invisible marks of direction.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in text.split(|letter: char| letter.is_whitespace() || is_hidden(letter)).filter(|word| !word.is_empty()) {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    plain
}

/// The text with a mark in place of each control character and invisible mark of direction; spaces stay.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|letter| if is_hidden(letter) { '\u{fffd}' } else { letter }).collect()
}

/// At most so many characters, with an ellipsis where it was cut.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let cut: String = text.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether the text holds an e-mail address, plain or disguised.
pub(super) fn holds_address(text: &str) -> bool {
    let plain_address = EMAIL
        .find_all(text)
        .iter()
        .filter_map(|found| found.get(0))
        .any(|found| is_address(found.as_str()) && !goes_on_as_path(text.get(found.end()..).unwrap_or_default()));
    plain_address || OBFUSCATED.is_match(text) || SPELLED.is_match(text)
}

/// The first e-mail address that is written plainly.
pub(super) fn address(text: &str) -> Option<&str> {
    EMAIL.find_all(text).iter().filter_map(|found| Some(found.get(0)?.as_str())).find(|found| is_address(found))
}

/// `user@host:path` is a place on a machine.
fn goes_on_as_path(rest: &str) -> bool {
    rest.strip_prefix(':').is_some_and(|rest| rest.starts_with(|next: char| !next.is_whitespace()))
}

/// `git@github.com` and the like are no addresses of people.
fn is_address(address: &str) -> bool {
    let name = address.split('@').next().unwrap_or_default().to_lowercase();
    !matches!(name.as_str(), "git" | "noreply" | "no-reply" | "donotreply")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_plain_short_and_without_addresses() {
        for (text, expected) in [
            ("Write to\n security@example.org now", "Write to (address) now"),
            ("security at example dot org", "(address)"),
            ("mail security [at] example.org please", "mail (address) please"),
            ("a\u{1b}[31mred\u{7}", "a [31mred"),
            ("right\u{202e}left", "right left"),
            ("<b>bold</b>", "<b>bold</b>"),
        ] {
            assert_eq!(note(text), expected);
        }
        let long = note(&"ä".repeat(500));
        assert_eq!(long.chars().count(), 120);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn addresses() {
        for text in [
            "security@example.org",
            "<security@example.org>",
            "mailto:sec+urity@sub.example.co.uk",
            "security at example dot org",
            "security [at] example [dot] org",
            "security(at)example.org",
            "write security@example.org: we answer",
        ] {
            assert!(holds_address(text), "{text}");
        }
        for text in
            ["git@github.com:acme/widget", "noreply@github.com", "look at this", "meet at noon", "uses: a/b@v1.2"]
        {
            assert!(!holds_address(text), "{text}");
        }
    }
}
