//! Makes outside text harmless for each format.
//!
//! A record quotes files, settings and people, so any text in it may hold markup, terminal escapes or text that only
//! looks different from what it is. [`clean`] comes first, for every format; then the escaping of the format.

use std::fmt::Write as _;

/// The most characters of one outside text that a report shows.
const LONGEST_TEXT: usize = 2_000;

/// The most characters of an address that becomes a link.
const LONGEST_LINK: usize = 2_000;

/// What stands in the place of a character that must not be shown.
const HIDDEN: char = '\u{FFFD}';

/// One line of plain text: white space becomes single spaces; control characters, terminal escapes and characters that
/// reorder or hide text become `�`; what is longer than 2,000 characters is cut, with an ellipsis.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len().min(LONGEST_TEXT));
    let mut count = 0;
    let mut pending_space = false;
    for character in text.chars() {
        if character.is_whitespace() {
            pending_space = !cleaned.is_empty();
            continue;
        }
        if count >= LONGEST_TEXT {
            cleaned.push('…');
            break;
        }
        if std::mem::take(&mut pending_space) {
            cleaned.push(' ');
            count += 1;
        }
        cleaned.push(if is_harmful(character) { HIDDEN } else { character });
        count += 1;
    }
    cleaned
}

/// Control characters, and those that reorder, hide or annotate the text around them.
fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061C}'
                | '\u{200B}'
                | '\u{200E}'..='\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{E0000}'..='\u{E007F}'
                // No characters, and forbidden in XML.
                | '\u{FFFE}'..='\u{FFFF}'
        )
}

/// Text of several lines in which harmful characters became `�`. It is not cut.
pub(super) fn visible(text: &str) -> String {
    let line_break =
        |character: char| if matches!(character, '\r' | '\u{2028}' | '\u{2029}') { '\n' } else { character };
    let shown = text.replace("\r\n", "\n");
    shown
        .chars()
        .map(line_break)
        .map(|character| match character {
            '\n' | '\t' => character,
            _ if is_harmful(character) => HIDDEN,
            _ if character.is_whitespace() => ' ',
            _ => character,
        })
        .collect()
}

/// For HTML, what came from [`visible`].
pub(super) fn html_of_visible(text: &str) -> String {
    html_of_clean(text)
}

/// For a line of Markdown, what came from [`visible`] and has no line breaks.
pub(super) fn markdown_of_visible(text: &str, at_start: bool) -> String {
    markdown_of_clean(text, at_start)
}

/// Text for HTML, in elements and in quoted attributes.
pub fn html(text: &str) -> String {
    html_of_clean(&clean(text))
}

fn html_of_clean(cleaned: &str) -> String {
    let mut escaped = String::with_capacity(cleaned.len());
    for character in cleaned.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text for a cell of a table that a spreadsheet opens. What a spreadsheet would take for a formula gets an apostrophe
/// before it, also where it is written with wide characters.
pub fn cell(text: &str) -> String {
    let cleaned = clean(text);
    let begins_formula = |first: char| "=+-@|%\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(first);
    if cleaned.starts_with(begins_formula) { format!("'{cleaned}") } else { cleaned }
}

/// Text for GitHub-flavoured Markdown, in paragraphs, list items, headings, table cells, link texts and addresses.
///
/// What GitHub would turn into a mention, a reference or a link of its own accord becomes a code span, for there a
/// backslash does not help: GitHub looks for them in the finished page.
pub fn markdown(text: &str) -> String {
    markdown_of_clean(&clean(text), true)
}

fn markdown_of_clean(cleaned: &str, mut at_start: bool) -> String {
    let mut escaped = String::with_capacity(cleaned.len() + 16);
    for piece in pieces(cleaned) {
        let core = piece.trim_matches(|character: char| "()[]{}<>.,;:!?*_~\"'\\".contains(character));
        if links_itself(core)
            && let Some((before, after)) = piece.split_once(core)
        {
            escape_markdown(before, at_start, &mut escaped);
            let _ = write!(escaped, "`{core}`");
            escape_markdown(after, false, &mut escaped);
        } else {
            escape_markdown(piece, at_start, &mut escaped);
        }
        at_start = false;
    }
    escaped
}

/// Prose for HTML: what stands between two backticks becomes code.
pub fn html_prose(text: &str) -> String {
    let cleaned = clean(text);
    let Some(parts) = prose_parts(&cleaned) else { return html_of_clean(&cleaned) };
    parts
        .map(|(part, is_code)| {
            let escaped = html_of_clean(part);
            if is_code { format!("<code>{escaped}</code>") } else { escaped }
        })
        .collect()
}

/// Prose for Markdown: what stands between two backticks stays code.
pub fn markdown_prose(text: &str) -> String {
    let cleaned = clean(text);
    let Some(parts) = prose_parts(&cleaned) else { return markdown_of_clean(&cleaned, true) };
    let mut escaped = String::with_capacity(cleaned.len() + 16);
    for (part, is_code) in parts {
        let is_plain_code = is_code && !part.trim().is_empty() && !part.contains(NOT_IN_CODE);
        let part = if is_plain_code { format!("`{part}`") } else { markdown_of_clean(part, escaped.is_empty()) };
        if escaped.ends_with('`') && part.starts_with('`') {
            escaped.push(' ');
        }
        escaped.push_str(&part);
    }
    escaped
}

/// The parts between backticks, and whether each is code. None where a backtick lacks its partner.
fn prose_parts(cleaned: &str) -> Option<impl Iterator<Item = (&str, bool)>> {
    let is_balanced = cleaned.matches('`').count().is_multiple_of(2);
    is_balanced.then(|| cleaned.split('`').enumerate().map(|(index, part)| (part, !index.is_multiple_of(2))))
}

/// Text as a code span; where it holds what must not stand in one, as escaped text.
pub fn markdown_code(text: &str) -> String {
    let cleaned = clean(text);
    if cleaned.is_empty() || cleaned.contains(NOT_IN_CODE) { markdown(&cleaned) } else { format!("`{cleaned}`") }
}

/// An address for the inside of a Markdown link, `[text](address)`. It comes from [`web_link`].
pub fn markdown_address(address: &str) -> String {
    let mut escaped = String::with_capacity(address.len());
    for character in address.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '_' | '*' | '~' | '[' | ']' | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// What never stands inside a code span: pipes end table cells, backticks the span, and a bracket with a colon after it
/// makes the definition of a link.
const NOT_IN_CODE: [char; 4] = ['|', '`', '[', ']'];

/// Cuts at spaces and at what never stands inside a code span. Each separator is a piece of its own.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let is_separator = |character: char| character == ' ' || NOT_IN_CODE.contains(&character);
    text.split_inclusive(is_separator).flat_map(move |part| {
        let cut = part.strip_suffix(is_separator).map_or(part.len(), str::len);
        let (word, separator) = part.split_at(cut);
        [word, separator].into_iter().filter(|piece| !piece.is_empty())
    })
}

/// Whether GitHub makes a link, a mention or a reference of it.
fn links_itself(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    word.contains('@')
        || lower.contains("://")
        || lower.contains("www.")
        || lower.contains("mailto:")
        || lower.contains("xmpp:")
        || lower.starts_with("gh-")
        || word.contains('#') && word.chars().any(|character| character.is_ascii_digit())
}

/// Escapes the marks of Markdown; at the start of a text also those that begin a heading, a list or a rule.
fn escape_markdown(text: &str, at_start: bool, escaped: &mut String) {
    if at_start {
        if let Some(number) = text.strip_suffix(['.', ')'])
            && !number.is_empty()
            && number.chars().all(|character| character.is_ascii_digit())
        {
            let _ = write!(escaped, "{number}\\");
            return escape_marks(text.trim_start_matches(number), escaped);
        }
        if text.starts_with(['#', '+', '-', '=', ':']) {
            escaped.push('\\');
        }
    }
    escape_marks(text, escaped);
}

fn escape_marks(text: &str, escaped: &mut String) {
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '`' => escaped.push_str("&#96;"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
}

/// The address where it may become a link: http or https, without user or password; as a browser would write it, with
/// what Markdown and HTML could misread percent-encoded.
pub fn web_link(address: &str) -> Option<String> {
    if address.len() > LONGEST_LINK || address.chars().any(|character| character.is_control() || is_harmful(character))
    {
        return None;
    }
    let parsed = url::Url::parse(address.trim()).ok()?;
    let is_web = matches!(parsed.scheme(), "http" | "https") && parsed.has_host();
    if !is_web || !parsed.username().is_empty() || parsed.password().is_some() {
        return None;
    }
    let mut link = String::with_capacity(address.len());
    for character in parsed.as_str().chars() {
        if "()<>\"'`\\|{}^ ".contains(character) {
            let _ = write!(link, "%{:02X}", u32::from(character));
        } else {
            link.push(character);
        }
    }
    Some(link)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    #[test]
    fn clean_keeps_one_visible_line() {
        for (text, wanted) in [
            ("plain", "plain"),
            ("  two\r\n lines\t", "two lines"),
            ("\u{1b}[31mred\u{1b}[0m", "�[31mred�[0m"),
            ("\u{9b}31m", "�31m"),
            ("abc\u{202e}gpj.exe", "abc�gpj.exe"),
            ("zero\u{200b}width", "zero�width"),
            ("bell\u{7}", "bell�"),
            ("naïve – 日本語 👩‍💻", "naïve – 日本語 👩‍💻"),
            ("", ""),
            (" \n ", ""),
        ] {
            assert_eq!(clean(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn clean_cuts_what_is_too_long() {
        let cut = clean(&"a".repeat(5_000));
        assert_eq!(cut.chars().count(), LONGEST_TEXT + 1);
        assert!(cut.ends_with('…'));
    }

    #[test]
    fn html_escapes_markup_and_quotes() {
        assert_eq!(
            html("<script>alert(\"1\" + '2')</script> & more"),
            "&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;)&lt;/script&gt; &amp; more"
        );
    }

    #[test]
    fn cells_are_no_formulas() {
        for (text, wanted) in [
            ("=1+1", "'=1+1"),
            (" \t=cmd|'/c calc'!A0", "'=cmd|'/c calc'!A0"),
            ("\n+1", "'+1"),
            ("-1", "'-1"),
            ("@alice", "'@alice"),
            ("＝1", "'＝1"),
            ("a=1", "a=1"),
            ("", ""),
        ] {
            assert_eq!(cell(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn markdown_escapes_marks_and_silences_mentions() {
        for (text, wanted) in [
            ("snake_case *bold* [x](y)", "snake\\_case \\*bold\\* \\[x\\](y)"),
            ("a | b", "a \\| b"),
            ("`code`", "&#96;code&#96;"),
            ("<b>", "&lt;b&gt;"),
            ("by @alice, and (@acme/security).", "by `@alice`, and (`@acme/security`)."),
            ("fixes acme/widget#12", "fixes `acme/widget#12`"),
            ("see https://example.org/a_b.", "see `https://example.org/a_b`."),
            ("javascript:alert(1)", "javascript:alert(1)"),
            ("# heading", "\\# heading"),
            ("- item", "\\- item"),
            ("1. item", "1\\. item"),
            ("10 items", "10 items"),
            ("2026.02.19 is it", "2026.02.19 is it"),
            ("AT&T", "AT&amp;T"),
            ("$x$", "\\$x\\$"),
            ("1#]:x", "`1#`\\]:x"),
            ("a`@bob`c", "a&#96;`@bob`&#96;c"),
        ] {
            assert_eq!(markdown(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn prose_keeps_what_is_marked_as_code() {
        for (text, html, markdown) in [
            ("set `a_b` here", "set <code>a_b</code> here", "set `a_b` here"),
            ("`<b>` first", "<code>&lt;b&gt;</code> first", "`<b>` first"),
            ("one ` only", "one ` only", "one &#96; only"),
            ("a `x|y` b_c", "a <code>x|y</code> b_c", "a x\\|y b\\_c"),
            ("`a`@bob", "<code>a</code>@bob", "`a` `@bob`"),
            ("``", "<code></code>", ""),
        ] {
            assert_eq!(html_prose(text), html, "{text:?}");
            assert_eq!(markdown_prose(text), markdown, "{text:?}");
        }
    }

    #[test]
    fn only_web_addresses_become_links() {
        for (address, wanted) in [
            ("https://example.org/a", Some("https://example.org/a")),
            ("HTTP://Example.org", Some("http://example.org/")),
            ("https://example.org/a b(c)|d", Some("https://example.org/a%20b%28c%29%7Cd")),
            ("https://example.org/\"onmouseover=\"x", Some("https://example.org/%22onmouseover=%22x")),
            ("javascript:alert(1)", None),
            (" java\nscript:alert(1)", None),
            ("data:text/html,<script>", None),
            ("//example.org", None),
            ("ftp://example.org/", None),
            ("https://user:secret@example.org/", None),
            ("https://", None),
            ("mailto:a@example.org", None),
            ("https://example.org/\u{202e}", None),
        ] {
            assert_eq!(web_link(address).as_deref(), wanted, "{address:?}");
        }
    }

    /// The plain text of a document that must hold nothing but one paragraph of text and code.
    fn plain_text_of(markdown: &str) -> Result<String, String> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        let mut text = String::new();
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Text(part) | Event::Code(part) => text.push_str(&part),
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                other => return Err(format!("{other:?}")),
            }
        }
        Ok(text)
    }

    const HOSTILE: &str = r"[-#+=1.)(\[\]!<>&|`*_~$@:/\\ a-z\n\t'{}^\u{1b}\u{202e}é]{0,40}";

    proptest! {
        #[test]
        fn markdown_reads_as_the_text_itself(text in HOSTILE) {
            prop_assert_eq!(plain_text_of(&markdown(&text)), Ok(clean(&text)));
        }

        #[test]
        fn code_reads_as_the_text_itself(text in HOSTILE) {
            prop_assert_eq!(plain_text_of(&markdown_code(&text)), Ok(clean(&text)));
        }

        #[test]
        fn markdown_leaves_a_table_row_whole(text in HOSTILE) {
            let table = format!("| a | b |\n| --- | --- |\n| {} | end |\n", markdown(&text));
            let cells = Parser::new_ext(&table, Options::ENABLE_TABLES)
                .filter(|event| matches!(event, Event::Start(Tag::TableCell)))
                .count();
            prop_assert_eq!(cells, 4);
        }

        #[test]
        fn markdown_leaves_a_link_whole(text in HOSTILE, tail in "[a-z()_*~ <>\"'`|]{0,12}") {
            let address = web_link(&format!("https://example.org/{tail}")).unwrap();
            let line = format!("[x{}]({})", markdown(&text), markdown_address(&address));
            let found: Vec<String> = Parser::new_ext(&line, Options::ENABLE_TABLES)
                .filter_map(|event| match event {
                    Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
                    _ => None,
                })
                .collect();
            prop_assert_eq!(found, vec![address]);
        }

        #[test]
        fn prose_reads_as_its_text(text in HOSTILE) {
            let shown = |text: &str| text.chars().filter(|character| !character.is_whitespace()).collect::<String>();
            let cleaned = clean(&text);
            let wanted = match prose_parts(&cleaned) {
                Some(parts) => parts.map(|(part, _)| part).collect(),
                None => cleaned.clone(),
            };
            let found = plain_text_of(&markdown_prose(&text)).map(|text| shown(&text));
            prop_assert_eq!(found, Ok(shown(&wanted)));
            let html = html_prose(&text).replace("<code>", "").replace("</code>", "");
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
        }

        #[test]
        fn html_holds_no_markup(text in any::<String>()) {
            let escaped = html(&text);
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
            prop_assert!(!escaped.chars().any(char::is_control));
        }

        #[test]
        fn clean_text_stays_as_it_is(text in any::<String>()) {
            let once = clean(&text);
            prop_assert!(!once.chars().any(|character| character.is_control() || is_harmful(character)));
            if once.chars().count() <= LONGEST_TEXT {
                prop_assert_eq!(&clean(&once), &once);
            }
        }

        #[test]
        fn links_are_web_addresses(text in any::<String>()) {
            if let Some(link) = web_link(&text) {
                prop_assert!(link.starts_with("http://") || link.starts_with("https://"));
                prop_assert!(!link.contains(['"', '\'', '<', '>', '`', ' ', '(', ')']));
            }
        }
    }
}
