//! Outlines of documents in other formats than Markdown: reStructuredText, `AsciiDoc` and plain text.

use super::outline::{Builder, Outline};
use super::pattern::Pattern;

/// Reads text by its lines: blank lines end a paragraph, underlined or marked lines are headings.
pub(super) fn outline(text: &str) -> Outline {
    let mut builder = Builder::new(text);
    let mut underlines = Underlines::default();
    let lines = lines(text);
    let mut index = 0;
    while let Some(&(offset, line)) = lines.get(index) {
        let next = lines.get(index + 1).map_or("", |(_, next)| *next);
        index += 1;
        if line.trim().is_empty() {
            builder.end_block();
        } else if let Some((level, title)) = marked_heading(line) {
            builder.end_block();
            builder.push(title, offset);
            builder.end_heading(level);
        } else if let Some(mark) = underline(line, next) {
            builder.end_block();
            builder.push(line, offset);
            builder.end_heading(underlines.level(mark));
            index += 1;
        } else if is_rule(line) {
            builder.end_block();
        } else {
            if begins_item(line) {
                builder.end_block();
            }
            push_with_links(&mut builder, line, offset);
        }
    }
    builder.finish()
}

/// The lines with the byte at which each begins.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut offset = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let start = offset;
            offset += line.len();
            (start, line.trim_end())
        })
        .collect()
}

/// `= Title` of `AsciiDoc`, `# Title` as many write it in plain text.
fn marked_heading(line: &str) -> Option<(u8, &str)> {
    let mark = line.chars().next().filter(|mark| matches!(mark, '=' | '#'))?;
    let title = line.trim_start_matches(mark);
    let level = line.len() - title.len();
    let title = title.strip_prefix(' ')?.trim_matches([' ', '=', '#']);
    (level <= 6 && !title.is_empty()).then_some((u8::try_from(level).unwrap_or(6), title))
}

/// The mark that underlines a title, where the next line does that.
fn underline(line: &str, next: &str) -> Option<char> {
    let mark = next.chars().next()?;
    let length = next.chars().count();
    let title = line.chars().count();
    let fits = length >= 3 && length + 2 >= title && length <= title.saturating_mul(4) + 10;
    (fits && is_rule(next) && !is_rule(line) && !line.starts_with([' ', '\t'])).then_some(mark)
}

fn is_rule(line: &str) -> bool {
    let Some(mark) = line.chars().next() else { return false };
    // Three backticks are the fence of a block of code.
    let shortest = if mark == '`' { 4 } else { 3 };
    matches!(mark, '=' | '-' | '~' | '^' | '"' | '#' | '*' | '+' | '_' | '`')
        && line.len() >= shortest
        && line.chars().all(|c| c == mark)
}

fn begins_item(line: &str) -> bool {
    static ITEM: Pattern = Pattern::new(r"^\s*([-*+•]|\d{1,3}[.)])\s");
    ITEM.is_match(line)
}

fn push_with_links(builder: &mut Builder<'_>, line: &str, offset: usize) {
    static LINK: Pattern = Pattern::new(r#"\b((https?|ftp|git)://|mailto:)[^\s<>"'`)\]\[]+"#);
    let mut done = 0;
    for found in LINK.find_all(line).iter().filter_map(|found| found.get(0)) {
        builder.push(line.get(done..found.start()).unwrap_or_default(), offset + done);
        builder.push_link(found.as_str().trim_end_matches(['.', ',', ';', ':']));
        done = found.start();
    }
    builder.push(line.get(done..).unwrap_or_default(), offset + done);
    builder.push("\n", offset + line.len());
}

/// Which underline stands for which level: the first seen is the highest.
#[derive(Default)]
struct Underlines(Vec<char>);

impl Underlines {
    fn level(&mut self, mark: char) -> u8 {
        let position = self.0.iter().position(|known| *known == mark).unwrap_or_else(|| {
            self.0.push(mark);
            self.0.len() - 1
        });
        u8::try_from(position + 1).unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn restructured_text() {
        let outline = outline(
            "======\nWidget\n======\n\nA sentence. Another\none; see https://example.org/x.\n\nUsage\n-----\n\n* item\n* item two\n\nDetails\n~~~~~~~\nEnd\n\nTests\n-----\n",
        );
        let headings: Vec<_> = outline
            .headings
            .iter()
            .map(|heading| (heading.line, heading.level, heading.text.as_str(), heading.has_body))
            .collect();
        assert_eq!(
            headings,
            [(2, 1, "Widget", true), (8, 2, "Usage", true), (14, 3, "Details", true), (18, 2, "Tests", false)]
        );
        let sentences: Vec<_> =
            outline.sentences.iter().map(|sentence| (sentence.line, sentence.text.as_str())).collect();
        assert_eq!(
            sentences,
            [
                (5, "A sentence."),
                (5, "Another one; see https://example.org/x."),
                (11, "* item"),
                (12, "* item two"),
                (16, "End")
            ]
        );
        assert_eq!((outline.links[0].line, outline.links[0].target.as_str()), (6, "https://example.org/x"));
    }

    #[test]
    fn ascii_doc_and_plain_text() {
        let outline = outline("= Widget\n\n== Usage ==\nRun it.\n\n# Notes\nx\n");
        let headings: Vec<_> = outline.headings.iter().map(|heading| (heading.level, heading.text.as_str())).collect();
        assert_eq!(headings, [(1, "Widget"), (2, "Usage"), (1, "Notes")]);
    }

    proptest! {
        #[test]
        fn never_panics(text in "[-a-cä#=*_:/. \r\n]{0,200}") {
            let _ = outline(&text);
        }
    }
}
