//! The outline of a document: headings, sentences, links and code, each with its line.
//!
//! Markdown is read here; other kinds of text are read by [`prose`](super::prose). Both end in the same [`Outline`].

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::note::plain;
use super::pattern::Pattern;

/// The most headings, sentences, links and lines of code that are kept, each.
const MAX_ITEMS: usize = 20_000;

#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) headings: Vec<Heading>,
    pub(super) sentences: Vec<Sentence>,
    pub(super) links: Vec<Link>,
    pub(super) code: Vec<Sentence>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Heading {
    pub(super) text: String,
    pub(super) line: u32,
    pub(super) level: u8,
    /// Whether anything but headings stands below it, before the next heading of its level or above.
    pub(super) has_body: bool,
}

/// A sentence, a row of a table with ` | ` between its cells, or a line of code.
#[derive(Debug, PartialEq)]
pub(super) struct Sentence {
    pub(super) text: String,
    pub(super) line: u32,
    /// Index of the heading it stands under.
    pub(super) heading: Option<usize>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Link {
    pub(super) target: String,
    pub(super) line: u32,
    /// The sentence or heading that it stands in.
    pub(super) sentence: String,
}

impl Outline {
    /// Reads Markdown.
    pub(super) fn of_markdown(text: &str) -> Self {
        let mut reader = MarkdownReader::new(text);
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            reader.take(event, range);
        }
        reader.builder.end_block();
        reader.builder.outline
    }

    /// Headings with something below them that the pattern matches.
    pub(super) fn sections<'a>(&'a self, pattern: &'a Pattern) -> impl Iterator<Item = (usize, &'a Heading)> {
        self.headings.iter().enumerate().filter(|(_, heading)| heading.has_body && pattern.is_match(&heading.text))
    }

    /// The sentences below a heading, up to the next one of its level or above.
    pub(super) fn below(&self, heading: usize) -> impl Iterator<Item = &Sentence> {
        let level = self.headings.get(heading).map_or(0, |heading| heading.level);
        let end = self
            .headings
            .iter()
            .enumerate()
            .skip(heading + 1)
            .find(|(_, later)| later.level <= level)
            .map_or(usize::MAX, |(index, _)| index);
        self.sentences
            .iter()
            .filter(move |sentence| sentence.heading.is_some_and(|index| (heading..end).contains(&index)))
    }
}

/// Collects blocks of text into an outline.
pub(super) struct Builder<'t> {
    newlines: Vec<usize>,
    outline: Outline,
    /// Indices of the headings that are open, from the outermost.
    open: Vec<usize>,
    block: String,
    /// Where in the block which byte of the source begins.
    marks: Vec<(usize, usize)>,
    /// Links of the block, with their position in it.
    links: Vec<(usize, String)>,
    source: std::marker::PhantomData<&'t str>,
}

impl<'t> Builder<'t> {
    pub(super) fn new(source: &'t str) -> Self {
        let newlines = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        Self {
            newlines,
            outline: Outline::default(),
            open: Vec::new(),
            block: String::new(),
            marks: Vec::new(),
            links: Vec::new(),
            source: std::marker::PhantomData,
        }
    }

    pub(super) fn finish(mut self) -> Outline {
        self.end_block();
        self.outline
    }

    pub(super) fn push(&mut self, text: &str, offset: usize) {
        self.marks.push((self.block.len(), offset));
        self.block.push_str(text);
    }

    pub(super) fn push_link(&mut self, target: &str) {
        if self.links.len() < MAX_ITEMS {
            self.links.push((self.block.len(), plain(target)));
        }
    }

    /// Ends the block as a heading.
    pub(super) fn end_heading(&mut self, level: u8) {
        let line = self.line_at(0);
        let text = plain(&std::mem::take(&mut self.block));
        self.marks.clear();
        for (_, target) in std::mem::take(&mut self.links) {
            self.keep_link(target, line, &text);
        }
        if text.is_empty() || self.outline.headings.len() >= MAX_ITEMS {
            return;
        }
        let headings = &self.outline.headings;
        self.open.retain(|&index| headings.get(index).is_some_and(|heading| heading.level < level));
        self.open.push(headings.len());
        self.outline.headings.push(Heading { text, line, level, has_body: false });
    }

    /// Ends the block as text, split into sentences.
    pub(super) fn end_block(&mut self) {
        let block = std::mem::take(&mut self.block);
        let mut links = std::mem::take(&mut self.links).into_iter().peekable();
        for range in sentences(&block) {
            let text = plain(block.get(range.clone()).unwrap_or_default());
            let line = self.line_at(first_visible(&block, &range));
            while let Some((at, target)) = links.next_if(|(at, _)| *at < range.end) {
                let line = self.line_at(at);
                self.keep_link(target, line, &text);
            }
            if !text.is_empty() && self.outline.sentences.len() < MAX_ITEMS {
                self.mark_body();
                self.outline.sentences.push(Sentence { text, line, heading: self.open.last().copied() });
            }
        }
        for (at, target) in links {
            self.mark_body();
            let line = self.line_at(at);
            self.keep_link(target, line, &plain(&block));
        }
        self.marks.clear();
    }

    /// Ends the block as code.
    pub(super) fn end_code(&mut self) {
        let block = std::mem::take(&mut self.block);
        let first = self.line_at(0);
        self.marks.clear();
        self.links.clear();
        self.mark_body();
        for (line, text) in (first..).zip(block.lines()) {
            let text = plain(text);
            if !text.is_empty() && self.outline.code.len() < MAX_ITEMS {
                self.outline.code.push(Sentence { text, line, heading: self.open.last().copied() });
            }
        }
    }

    fn keep_link(&mut self, target: String, line: u32, sentence: &str) {
        if self.outline.links.len() < MAX_ITEMS {
            // A block that is one long sentence with very many links would otherwise be copied as often.
            let sentence = super::note::shortened(sentence, 1000);
            self.outline.links.push(Link { target, line, sentence });
        }
    }

    fn mark_body(&mut self) {
        for &index in &self.open {
            if let Some(heading) = self.outline.headings.get_mut(index) {
                heading.has_body = true;
            }
        }
    }

    /// The line of a position in the block, counted from 1.
    fn line_at(&self, position: usize) -> u32 {
        let after = self.marks.partition_point(|(at, _)| *at <= position);
        let offset = after
            .checked_sub(1)
            .and_then(|index| self.marks.get(index))
            .or_else(|| self.marks.first())
            .map_or(0, |(at, offset)| offset + position.saturating_sub(*at));
        let before = self.newlines.partition_point(|newline| *newline < offset);
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }
}

fn first_visible(block: &str, range: &Range<usize>) -> usize {
    let text = block.get(range.clone()).unwrap_or_default();
    range.start + (text.len() - text.trim_start().len())
}

/// Where the sentences of a block begin and end.
fn sentences(block: &str) -> Vec<Range<usize>> {
    static END: Pattern = Pattern::new(r#"[.!?][)"'”’*_]*\s+"#);
    static SHORT_FORM: Pattern = Pattern::new(r"(\b(e\.g|i\.e|etc|vs|cf|approx|no|incl|resp|mr|mrs|dr)|\b[a-z])\.\s+$");
    let mut found = Vec::new();
    let mut start = 0;
    for end in END.find_all(block).iter().filter_map(|found| found.get(0)) {
        let so_far = block.get(end.start().saturating_sub(8)..end.end()).or_else(|| block.get(start..end.end()));
        let next_is_small = block.get(end.end()..).is_some_and(|rest| rest.starts_with(char::is_lowercase));
        if next_is_small && so_far.is_some_and(|text| SHORT_FORM.is_match(text)) {
            continue;
        }
        found.push(start..end.end());
        start = end.end();
    }
    if start < block.len() {
        found.push(start..block.len());
    }
    found
}

/// Reads the events of the Markdown parser.
struct MarkdownReader<'t> {
    builder: Builder<'t>,
    in_code: bool,
    html: Option<String>,
}

impl<'t> MarkdownReader<'t> {
    fn new(text: &'t str) -> Self {
        Self { builder: Builder::new(text), in_code: false, html: None }
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range.start),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.builder.push(&text, range.start);
            }
            Event::Html(html) => match &mut self.html {
                Some(block) => block.push_str(&html),
                None => self.inline_html(&html, range.start),
            },
            Event::InlineHtml(html) => self.inline_html(&html, range.start),
            Event::SoftBreak | Event::HardBreak => self.builder.push("\n", range.start),
            Event::Rule => self.builder.end_block(),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, offset: usize) {
        match tag {
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
                self.builder.push_link(&format!("mailto:{dest_url}"));
            }
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.builder.push_link(&dest_url),
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            Tag::TableCell => self.builder.push("", offset),
            Tag::CodeBlock(_) => {
                self.builder.end_block();
                self.in_code = true;
            }
            Tag::HtmlBlock => {
                self.builder.end_block();
                self.builder.push("", offset);
                self.html = Some(String::new());
            }
            _ => self.builder.end_block(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.builder.end_heading(level_number(level)),
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.builder.end_code();
            }
            TagEnd::HtmlBlock => self.end_html(),
            TagEnd::TableCell => self.builder.block.push_str(" | "),
            TagEnd::Link
            | TagEnd::Image
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript => {}
            _ => self.builder.end_block(),
        }
    }

    fn inline_html(&mut self, html: &str, offset: usize) {
        for target in html_links(html) {
            self.builder.push_link(&target);
        }
        self.builder.push(" ", offset);
    }

    /// A block of HTML: its headings are headings, the rest is text. Comments are nothing.
    fn end_html(&mut self) {
        static COMMENT: Pattern = Pattern::new(r"<!--(?s:.)*?(-->|$)");
        static HEADING: Pattern = Pattern::new(r"<h([1-6])\b[^>]*>((?s:.)*?)</h[1-6]\s*>");
        static TAG: Pattern = Pattern::new(r"<[^>]*>");
        let Some(html) = self.html.take() else { return };
        let offset = self.builder.marks.first().map_or(0, |(_, offset)| *offset);
        self.builder.marks.clear();
        let html = COMMENT.replace_all(&html, " ");
        for heading in HEADING.find_all(&html) {
            let level = heading.get(1).and_then(|level| level.as_str().parse().ok()).unwrap_or(6);
            let text = heading.get(2).map_or("", |text| text.as_str());
            self.builder.push(&TAG.replace_all(text, " "), offset);
            self.builder.end_heading(level);
        }
        for target in html_links(&html) {
            self.builder.push_link(&target);
        }
        let rest = HEADING.replace_all(&html, " ");
        self.builder.push(&TAG.replace_all(&rest, " "), offset);
        self.builder.end_block();
    }
}

/// Targets of links and pictures in HTML.
fn html_links(html: &str) -> Vec<String> {
    static LINK: Pattern = Pattern::new(r#"\b(href|src)\s*=\s*["']?([^"'\s>]+)"#);
    LINK.find_all(html).iter().filter_map(|found| Some(found.get(2)?.as_str().to_owned())).collect()
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    fn texts(items: &[Sentence]) -> Vec<(u32, &str)> {
        items.iter().map(|item| (item.line, item.text.as_str())).collect()
    }

    #[test]
    fn headings_sentences_links_and_code_with_their_lines() {
        let outline = Outline::of_markdown(
            "# Widget\n\n<!-- # Hidden -->\nOne sentence, e.g. this. Two\nlines! See [the\nguide](docs/guide.md).\n\n## Empty\n\n## Use\n\n```sh\n$ make\n\n$ make test\n```\n\n| A | B |\n|---|---|\n| 1 | **2** |\n\n- item\n  - inner <https://example.org>\n",
        );
        let headings: Vec<_> =
            outline.headings.iter().map(|heading| (heading.line, heading.text.as_str(), heading.has_body)).collect();
        assert_eq!(headings, [(1, "Widget", true), (8, "Empty", false), (10, "Use", true)]);
        assert_eq!(
            texts(&outline.sentences),
            [
                (4, "One sentence, e.g. this."),
                (4, "Two lines!"),
                (5, "See the guide."),
                (18, "A | B |"),
                (20, "1 | 2 |"),
                (22, "item"),
                (23, "inner https://example.org")
            ]
        );
        assert_eq!(texts(&outline.code), [(13, "$ make"), (15, "$ make test")]);
        let links: Vec<_> =
            outline.links.iter().map(|link| (link.line, link.target.as_str(), link.sentence.as_str())).collect();
        assert_eq!(
            links,
            [(5, "docs/guide.md", "See the guide."), (23, "https://example.org", "inner https://example.org")]
        );
    }

    #[test]
    fn html_headings_and_links_count() {
        let outline = Outline::of_markdown(
            "<h2 align=\"center\">Getting <b>started</b></h2>\n<p><a href='http://a.example'>a</a></p>\n\nText <img src=http://b.example/x.png>.\n",
        );
        assert_eq!(outline.headings[0].text, "Getting started");
        assert!(outline.headings[0].has_body);
        let targets: Vec<_> = outline.links.iter().map(|link| link.target.as_str()).collect();
        assert_eq!(targets, ["http://a.example", "http://b.example/x.png"]);
    }

    #[test]
    fn below_a_heading() {
        let outline = Outline::of_markdown("# A\na\n## B\nb\n### C\nc\n## D\nd\n");
        let below: Vec<_> = outline.below(1).map(|sentence| sentence.text.as_str()).collect();
        assert_eq!(below, ["b", "c"]);
    }

    #[test]
    fn hostile_markdown_is_read_in_time() {
        let size = 300_000;
        for (name, text) in [
            ("quotes", ">".repeat(size)),
            ("brackets", "[".repeat(size)),
            ("lists", "- ".repeat(size / 2)),
            ("stars", "*a_".repeat(size / 3)),
            ("links", "[a](".repeat(size / 4)),
            ("ticks", (0..700).map(|n| "`".repeat(n) + " ").collect::<String>()),
            ("html", "<a href=x ".repeat(size / 10)),
            ("comments", "<!--\n".repeat(size / 5)),
            ("headings", "# a\n".repeat(size / 4)),
            ("deep headings", "###### a\n# b\n".repeat(size / 13)),
            ("cells", format!("{}\n{}\n", "a|".repeat(size / 4), "-|".repeat(size / 4))),
            ("full stops", "a. ".repeat(size / 3)),
            ("html headings", "<h1>".repeat(size / 4)),
            ("sentence of links", "[a](b) ".repeat(size / 7)),
        ] {
            let start = Instant::now();
            let outline = Outline::of_markdown(&text);
            assert!(outline.sentences.len() <= MAX_ITEMS);
            assert!(start.elapsed() < Duration::from_secs(20), "{name} took {:?}", start.elapsed());
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "[-a-cä#*_`\\[\\]()<>!|:/.\"' \n]{0,200}") {
            let lines = u32::try_from(text.lines().count()).unwrap() + 1;
            let outline = Outline::of_markdown(&text);
            for sentence in &outline.sentences {
                prop_assert!(sentence.line >= 1 && sentence.line <= lines);
            }
        }
    }
}
