//! Answers told in words: Markdown that people wrote, read into a small tree and written again for each format.
//!
//! The text is from outside, so only this much of it survives: paragraphs, headings, lists, quotes, tables, code, emphasis,
//! and links to http and https addresses. Images become links, so that nothing is loaded; HTML becomes text; comments of
//! HTML are left out. What is longer or lies deeper than the bounds is cut or flattened.

mod html;
mod markdown;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::escape::{visible, web_link};

/// The most bytes of one text that are read.
const MAX_BYTES: usize = 64 * 1024;
/// How deep things may lie in each other.
const DEEPEST: usize = 10;
/// The deepest level of a heading.
const LOWEST_HEADING: usize = 6;

/// A part of a text that stands on lines of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Block {
    Paragraph(Vec<Inline>),
    /// With its level within the text, from 1.
    Heading(usize, Vec<Inline>),
    /// With the language that it names.
    Code(String, String),
    Quote(Vec<Self>),
    /// With the number of the first item, where they are numbered.
    List(Option<u64>, Vec<Vec<Self>>),
    /// The first row is the head.
    Table(Vec<Vec<Vec<Inline>>>),
    Rule,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Inline {
    Text(String),
    Code(String),
    Emphasis(Vec<Self>),
    Strong(Vec<Self>),
    /// With an address that may be a link.
    Link(String, Vec<Self>),
    Break,
}

/// The text as HTML. Its highest headings get the level `level`.
pub(super) fn to_html(text: &str, level: usize) -> String {
    html::write(&read(text), level)
}

/// The text as Markdown, with a line break at its end. Its highest headings get the level `level`.
pub(super) fn to_markdown(text: &str, level: usize) -> String {
    markdown::write(&read(text), level)
}

fn read(text: &str) -> Vec<Block> {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let (kept, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let mut reader = Reader { events: Parser::new_ext(kept, Options::ENABLE_TABLES) };
    let mut blocks = reader.blocks(0);
    if !rest.is_empty() {
        blocks.push(Block::Paragraph(vec![Inline::Text("… (the text is longer than is shown here)".to_owned())]));
    }
    blocks
}

/// The level of a heading in a report, of its level in the text and the one that the highest of the text gets.
fn heading_level(blocks: &[Block], own: usize, level: usize) -> usize {
    let highest = blocks.iter().filter_map(|block| match block {
        Block::Heading(level, _) => Some(*level),
        _ => None,
    });
    (level + own.saturating_sub(highest.min().unwrap_or(1))).clamp(1, LOWEST_HEADING)
}

struct Reader<'t> {
    events: Parser<'t>,
}

impl Reader<'_> {
    /// The blocks up to the end of what they lie in.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut loose = Vec::new();
        loop {
            let event = match self.events.next() {
                None | Some(Event::End(_)) => break,
                Some(event) => event,
            };
            match event {
                Event::Start(tag) if is_block(&tag) => {
                    flush(&mut loose, &mut blocks);
                    blocks.extend(self.block(&tag, depth));
                }
                Event::Rule => {
                    flush(&mut loose, &mut blocks);
                    blocks.push(Block::Rule);
                }
                other => self.inline(other, depth, &mut loose),
            }
        }
        flush(&mut loose, &mut blocks);
        blocks
    }

    fn block(&mut self, tag: &Tag<'_>, depth: usize) -> Option<Block> {
        if depth >= DEEPEST {
            let text = self.flat();
            return (!text.trim().is_empty()).then(|| Block::Paragraph(linked(vec![Inline::Text(text)])));
        }
        Some(match tag {
            Tag::Heading { level, .. } => Block::Heading(*level as usize, self.inlines(depth + 1)),
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(name) => name.chars().take(20).filter(|c| is_of_language(*c)).collect(),
                    CodeBlockKind::Indented => String::new(),
                };
                Block::Code(language, visible(&self.flat()))
            }
            Tag::HtmlBlock => {
                let text = without_comments(&self.flat());
                if text.trim().is_empty() {
                    return None;
                }
                Block::Paragraph(vec![Inline::Text(one_line(&text))])
            }
            Tag::BlockQuote(_) => Block::Quote(self.blocks(depth + 1)),
            Tag::List(start) => {
                let mut items = Vec::new();
                while let Some(Event::Start(_)) = self.events.next() {
                    items.push(self.blocks(depth + 1));
                }
                Block::List(*start, items)
            }
            Tag::Table(_) => {
                let mut rows = Vec::new();
                while let Some(Event::Start(_)) = self.events.next() {
                    let mut cells = Vec::new();
                    while let Some(Event::Start(_)) = self.events.next() {
                        cells.push(self.inlines(depth + 1));
                    }
                    rows.push(cells);
                }
                Block::Table(rows)
            }
            _ => Block::Paragraph(self.inlines(depth + 1)),
        })
    }

    /// The parts of a line up to the end of what they lie in, with bare addresses made links.
    fn inlines(&mut self, depth: usize) -> Vec<Inline> {
        linked(self.raw_inlines(depth))
    }

    fn raw_inlines(&mut self, depth: usize) -> Vec<Inline> {
        let mut inlines = Vec::new();
        loop {
            match self.events.next() {
                None | Some(Event::End(_)) => return inlines,
                Some(event) => self.inline(event, depth, &mut inlines),
            }
        }
    }

    fn inline(&mut self, event: Event<'_>, depth: usize, inlines: &mut Vec<Inline>) {
        match event {
            Event::Text(text) => push_text(&text, inlines),
            Event::Code(text) => inlines.push(Inline::Code(one_line(&text))),
            Event::SoftBreak => push_text(" ", inlines),
            Event::HardBreak => inlines.push(Inline::Break),
            Event::InlineHtml(text) | Event::Html(text) => match text.trim().to_lowercase().as_str() {
                "<br>" | "<br/>" | "<br />" => inlines.push(Inline::Break),
                _ => push_text(&without_comments(&text), inlines),
            },
            Event::Start(_) if depth >= DEEPEST => {
                let text = self.flat();
                push_text(&text, inlines);
            }
            Event::Start(Tag::Emphasis) => inlines.push(Inline::Emphasis(self.raw_inlines(depth + 1))),
            Event::Start(Tag::Strong) => inlines.push(Inline::Strong(self.raw_inlines(depth + 1))),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let inside = self.raw_inlines(depth + 1);
                match web_link(&dest_url) {
                    Some(address) => inlines.push(Inline::Link(address, without_links(inside))),
                    None => inlines.extend(inside),
                }
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let alternative = one_line(&self.flat());
                let name = if alternative.trim().is_empty() { "without a description" } else { alternative.trim() };
                let text = Inline::Text(format!("image: {name}"));
                inlines.push(match web_link(&dest_url) {
                    Some(address) => Inline::Link(address, vec![text]),
                    None => text,
                });
            }
            Event::Start(_) => inlines.extend(self.raw_inlines(depth + 1)),
            _ => {}
        }
    }

    /// All text up to the end of what is open, without its form.
    fn flat(&mut self) -> String {
        let mut text = String::new();
        let mut open = 1_usize;
        while open > 0 {
            match self.events.next() {
                None => break,
                Some(Event::Start(_)) => open += 1,
                Some(Event::End(_)) => {
                    open -= 1;
                    if open > 0 && !text.ends_with([' ', '\n']) {
                        text.push(' ');
                    }
                }
                Some(Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part)) => {
                    text.push_str(&part);
                }
                Some(Event::SoftBreak | Event::HardBreak) => text.push(' '),
                Some(_) => {}
            }
        }
        text
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. } | Tag::TableCell
    )
}

fn is_of_language(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '+' | '#')
}

/// Puts parts of a line that lie in no paragraph, as in the items of a tight list, into one.
fn flush(loose: &mut Vec<Inline>, blocks: &mut Vec<Block>) {
    if !loose.is_empty() {
        blocks.push(Block::Paragraph(linked(std::mem::take(loose))));
    }
}

fn push_text(text: &str, inlines: &mut Vec<Inline>) {
    let text = one_line(text);
    match inlines.last_mut() {
        Some(Inline::Text(before)) => before.push_str(&text),
        _ if text.is_empty() => {}
        _ => inlines.push(Inline::Text(text)),
    }
}

/// Without harmful characters and line breaks.
fn one_line(text: &str) -> String {
    visible(text).replace(['\n', '\t'], " ")
}

/// Comments of HTML say nothing to readers.
fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = behind.split_once("-->").map_or("", |(_, behind)| behind);
    }
    kept + rest
}

fn without_links(inlines: Vec<Inline>) -> Vec<Inline> {
    let one = |inline: Inline| match inline {
        Inline::Link(_, inside) => inside,
        Inline::Emphasis(inside) => vec![Inline::Emphasis(without_links(inside))],
        Inline::Strong(inside) => vec![Inline::Strong(without_links(inside))],
        other => vec![other],
    };
    inlines.into_iter().flat_map(one).collect()
}

/// Makes links of bare addresses.
fn linked(inlines: Vec<Inline>) -> Vec<Inline> {
    let one = |inline: Inline| match inline {
        Inline::Text(text) => addresses(&text),
        Inline::Emphasis(inside) => vec![Inline::Emphasis(linked(inside))],
        Inline::Strong(inside) => vec![Inline::Strong(linked(inside))],
        other => vec![other],
    };
    inlines.into_iter().flat_map(one).collect()
}

/// What ends an address in prose, and what a sentence puts behind it.
const BEHIND_ADDRESS: [char; 14] = ['.', ',', ';', ':', '!', '?', '*', '\'', '"', ')', ']', '}', '>', '_'];

fn addresses(text: &str) -> Vec<Inline> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = next_address(rest) {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let end = from.find(|c: char| c.is_whitespace() || "<>\"`|()[]".contains(c)).unwrap_or(from.len());
        let (word, _) = from.split_at_checked(end).unwrap_or((from, ""));
        let address = word.trim_end_matches(BEHIND_ADDRESS);
        plain.push_str(before);
        match web_link(address) {
            Some(link) => {
                if !plain.is_empty() {
                    parts.push(Inline::Text(std::mem::take(&mut plain)));
                }
                parts.push(Inline::Link(link, vec![Inline::Text(address.to_owned())]));
                rest = from.get(address.len()..).unwrap_or_default();
            }
            None => {
                let passed = word.len().max("http".len()).min(from.len());
                plain.push_str(from.get(..passed).unwrap_or_default());
                rest = from.get(passed..).unwrap_or_default();
            }
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(Inline::Text(plain));
    }
    parts
}

fn next_address(text: &str) -> Option<usize> {
    [text.find("https://"), text.find("http://")].into_iter().flatten().min()
}

#[cfg(test)]
mod tests;
