//! Writing the tree as GitHub-flavoured Markdown: every text is escaped again, and each block stands on lines of its own.

use super::{Block, Inline, heading_level};
use crate::report::escape::{markdown_address, markdown_code, markdown_of_visible};

pub(super) fn write(blocks: &[Block], level: usize) -> String {
    let mut text = String::new();
    for line in lines(blocks, level) {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The lines of blocks, with an empty one between two blocks.
fn lines(blocks: &[Block], level: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks {
        let own = block_lines(block, blocks, level);
        if own.iter().all(String::is_empty) {
            continue;
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(own);
    }
    lines
}

fn block_lines(block: &Block, all: &[Block], level: usize) -> Vec<String> {
    match block {
        Block::Paragraph(inside) => on_lines(inside),
        Block::Heading(own, inside) => {
            vec![format!("{} {}", "#".repeat(heading_level(all, *own, level)), on_one_line(inside))]
        }
        Block::Code(language, text) => code(language, text),
        Block::Quote(inside) => prefixed(lines(inside, level), "> ", "> "),
        Block::Rule => vec!["---".to_owned()],
        Block::List(start, items) => {
            let mut all = Vec::new();
            let is_loose = items.iter().any(|item| item.iter().filter(|block| is_paragraph(block)).count() > 1);
            for (number, item) in (start.unwrap_or(1)..).zip(items) {
                let mark = if start.is_some() { format!("{number}. ") } else { "- ".to_owned() };
                if is_loose && !all.is_empty() {
                    all.push(String::new());
                }
                let own = item_lines(item, level);
                all.extend(prefixed(
                    if own.is_empty() { vec![String::new()] } else { own },
                    &mark,
                    &" ".repeat(mark.len()),
                ));
            }
            all
        }
        Block::Table(rows) => table(rows),
    }
}

fn is_paragraph(block: &Block) -> bool {
    matches!(block, Block::Paragraph(_))
}

/// A list that follows a paragraph needs no empty line between them.
fn item_lines(item: &[Block], level: usize) -> Vec<String> {
    match item {
        [first @ Block::Paragraph(_), rest @ Block::List(None, _)] => {
            let mut own = block_lines(first, item, level);
            own.extend(block_lines(rest, item, level));
            own
        }
        _ => lines(item, level),
    }
}

fn prefixed(lines: Vec<String>, first: &str, rest: &str) -> Vec<String> {
    let prefix = |(position, line): (usize, String)| {
        let lead = if position == 0 { first } else { rest };
        if line.is_empty() && lead.trim().is_empty() { line } else { format!("{lead}{line}") }
    };
    lines.into_iter().enumerate().map(prefix).collect()
}

/// A fence longer than any in the text.
fn code(language: &str, text: &str) -> Vec<String> {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let body = text.trim_end_matches('\n').split('\n').map(|line| line.replace('\t', "    "));
    std::iter::once(format!("{fence}{language}")).chain(body).chain([fence.clone()]).collect()
}

fn table(rows: &[Vec<Vec<Inline>>]) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let line = |cells: &Vec<Vec<Inline>>| {
        let cells: Vec<String> =
            (0..width).map(|at| cells.get(at).map_or_else(String::new, |cell| on_one_line(cell))).collect();
        format!("| {} |", cells.join(" | "))
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    if width > 0 && !lines.is_empty() {
        lines.insert(1, format!("|{}", " --- |".repeat(width)));
    }
    lines
}

fn on_one_line(inlines: &[Inline]) -> String {
    written(inlines).replace("\\\n", " ").trim().to_owned()
}

/// A hard break ends a line with a backslash.
fn on_lines(inlines: &[Inline]) -> Vec<String> {
    let text = written(inlines);
    let text = text.trim().trim_end_matches("\\\n");
    text.split('\n').map(str::to_owned).collect()
}

fn written(inlines: &[Inline]) -> String {
    let mut out = Out { text: String::new(), at_start: true };
    out.inlines(inlines);
    out.text
}

struct Out {
    text: String,
    /// Whether what comes next begins a line.
    at_start: bool,
}

impl Out {
    fn inlines(&mut self, inlines: &[Inline]) {
        for (position, inline) in inlines.iter().enumerate() {
            match inline {
                Inline::Text(text) => {
                    let text = if self.at_start { text.trim_start() } else { text };
                    if !text.is_empty() {
                        self.put(&markdown_of_visible(text, self.at_start));
                    }
                }
                Inline::Code(text) => self.put(&markdown_code(text)),
                Inline::Emphasis(inside) => self.marked("*", inside, inlines.get(position + 1)),
                Inline::Strong(inside) => self.marked("**", inside, inlines.get(position + 1)),
                Inline::Link(address, inside) => self.put(&link(address, inside)),
                Inline::Break if self.at_start => {}
                Inline::Break => {
                    self.text = self.text.trim_end().to_owned() + "\\\n";
                    self.at_start = true;
                }
            }
        }
    }

    fn put(&mut self, text: &str) {
        // Before a link it would make an image of it.
        if text.starts_with('[') && self.text.ends_with('!') {
            self.text.pop();
            self.text.push_str("\\!");
        }
        // Two code spans side by side would become one.
        if self.text.ends_with('`') && text.starts_with('`') {
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.at_start = self.at_start && text.is_empty();
    }

    /// Marks only where they are read as such: what they enclose must not begin or end with a space, and where it does so
    /// with a punctuation mark, a space or nothing must stand beside it.
    fn marked(&mut self, mark: &str, inside: &[Inline], next: Option<&Inline>) {
        let mut own = Self { text: String::new(), at_start: self.at_start };
        own.inlines(inside);
        let core = own.text.trim();
        let free_before = self.text.is_empty() || self.text.ends_with([' ', '\n']);
        let free_behind = match next {
            None | Some(Inline::Break) => true,
            Some(Inline::Text(text)) => text.starts_with(' '),
            Some(_) => false,
        };
        let fits = |edge: Option<char>, free: bool| edge.is_some_and(|edge| edge.is_alphanumeric() || free);
        let is_read = fits(core.chars().next(), free_before) && fits(core.chars().last(), free_behind);
        if !is_read || core.contains('\n') || core.starts_with('*') || core.ends_with('*') || self.text.ends_with('*') {
            return self.put(&own.text);
        }
        let lead = own.text.len() - own.text.trim_start().len();
        let tail = own.text.len() - own.text.trim_end().len();
        self.put(&format!("{}{mark}{core}{mark}{}", " ".repeat(lead), " ".repeat(tail)));
    }
}

fn link(address: &str, inside: &[Inline]) -> String {
    let text = match inside {
        [Inline::Text(text)] if text.trim_end_matches('/') == address.trim_end_matches('/') => {
            return format!("<{address}>");
        }
        _ => on_one_line(inside),
    };
    if text.is_empty() { format!("<{address}>") } else { format!("[{text}]({})", markdown_address(address)) }
}
