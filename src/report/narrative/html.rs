//! Writing the tree as HTML.

use std::fmt::Write as _;

use super::{Block, Inline, heading_level};
use crate::report::escape::html_of_visible;

pub(super) fn write(blocks: &[Block], level: usize) -> String {
    let mut out = String::new();
    for block in blocks {
        write_block(block, blocks, level, &mut out);
    }
    out
}

fn write_block(block: &Block, all: &[Block], level: usize, out: &mut String) {
    // Writing to a text does not fail.
    let _ = match block {
        Block::Paragraph(inside) => writeln!(out, "<p>{}</p>", inlines(inside)),
        Block::Heading(own, inside) => {
            let level = heading_level(all, *own, level);
            writeln!(out, "<h{level}>{}</h{level}>", inlines(inside))
        }
        Block::Code(_, text) => writeln!(out, "<pre><code>{}</code></pre>", html_of_visible(text)),
        Block::Quote(inside) => writeln!(out, "<blockquote>\n{}</blockquote>", write(inside, level)),
        Block::Rule => writeln!(out, "<hr>"),
        Block::List(start, items) => {
            let (tag, from) = match start {
                Some(1) => ("ol", String::new()),
                Some(number) => ("ol", format!(" start=\"{number}\"")),
                None => ("ul", String::new()),
            };
            let items =
                items.iter().fold(String::new(), |all, item| all + "<li>" + &list_item(item, level) + "</li>\n");
            writeln!(out, "<{tag}{from}>\n{items}</{tag}>")
        }
        Block::Table(rows) => write_table(rows, out),
    };
}

/// A single paragraph stands in its item without a mark of its own.
fn list_item(item: &[Block], level: usize) -> String {
    match item.split_first() {
        Some((Block::Paragraph(first), rest)) if !rest.iter().any(|block| matches!(block, Block::Paragraph(_))) => {
            format!("{}{}", inlines(first), write(rest, level))
        }
        _ => write(item, level),
    }
}

fn write_table(rows: &[Vec<Vec<Inline>>], out: &mut String) -> std::fmt::Result {
    let row = |tag: &str, cells: &[Vec<Inline>]| {
        let one = |all: String, cell: &Vec<Inline>| all + &format!("<{tag}>{}</{tag}>", inlines(cell));
        let cells = cells.iter().fold(String::new(), one);
        format!("<tr>{cells}</tr>\n")
    };
    let (head, body) = rows.split_first().map_or((&[][..], &[][..]), |(head, body)| (head.as_slice(), body));
    let body: String = body.iter().map(|cells| row("td", cells)).collect();
    let head = if head.iter().all(Vec::is_empty) { String::new() } else { row("th", head) };
    writeln!(out, "<div class=\"wide\"><table>\n<thead>{head}</thead>\n<tbody>{body}</tbody>\n</table></div>")
}

fn inlines(inlines: &[Inline]) -> String {
    inlines.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> String {
    match inline {
        Inline::Text(text) => html_of_visible(text),
        Inline::Code(text) => format!("<code>{}</code>", html_of_visible(text)),
        Inline::Emphasis(inside) => format!("<em>{}</em>", inlines(inside)),
        Inline::Strong(inside) => format!("<strong>{}</strong>", inlines(inside)),
        Inline::Link(address, inside) => {
            format!("<a href=\"{}\" rel=\"nofollow noreferrer\">{}</a>", html_of_visible(address), inlines(inside))
        }
        Inline::Break => "<br>".to_owned(),
    }
}
