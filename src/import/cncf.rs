//! A CNCF security self-assessment in Markdown: its metadata, and the passages under its headings.
//!
//! What a section tells becomes the proposed answer to the question that asks for it in words. There is no answer to a
//! yes-or-no question in a narrative; where a section exists that such a question asks about, it is quoted and proposed.

mod metadata;
mod told;

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use self::metadata::metadata;
use self::told::told;
use super::gather::{Claim, Gather, links_in};
use super::{Confidence, Format, Imported, Input, Mapping, Narrative, Refused, Rule};
use crate::answers::Said;
use crate::collect::files::note::quotation;
use crate::evidence::Value;

/// The largest document that is read, in bytes.
const MAX_BYTES: usize = 1024 * 1024;
/// The most passages that are read.
const MOST_PASSAGES: usize = 2000;
/// The shortest text that counts as one, in characters: less is a placeholder.
const SHORTEST: usize = 60;
/// The longest text that is quoted, and the longest that is kept of a passage, in characters.
const LONGEST_QUOTE: usize = 400;
const LONGEST_PASSAGE: usize = 20_000;
/// The section that only lists the others.
const CONTENTS: &str = "contents";
/// The fewest known sections that make a document a self-assessment.
const FEWEST_SECTIONS: usize = 3;

pub(super) fn import(input: &Input<'_>) -> Result<Imported, Refused> {
    if input.text.len() > MAX_BYTES {
        return Err(Refused(format!("{} is larger than {} KiB", input.name, MAX_BYTES / 1024)));
    }
    let mapping = Mapping::of(Format::Cncf);
    let passages = passages(input.text, &mapping);
    let passages: Vec<Passage> =
        passages.into_iter().filter(|passage| passage.section.as_deref() != Some(CONTENTS)).collect();
    let known = passages.iter().filter(|passage| passage.section.is_some()).count();
    if known < FEWEST_SECTIONS {
        let message = "has fewer than three headings of a CNCF self-assessment, such as Overview, Actors and Goals";
        return Err(Refused(format!("{} {message}", input.name)));
    }
    let mut gather = Gather::new(Format::Cncf, input, format!("the authors of {}", input.name));
    metadata(&passages, input.text, &mut gather);
    tell(input.text, &mapping, &mut gather);
    let mut used = told_passages(&passages, &mapping);
    for rule in &mapping.rules {
        propose(rule, &passages, &mut used, &mut gather);
    }
    for (index, passage) in passages.into_iter().enumerate() {
        if !used.contains(&index) && !passage.text.trim().is_empty() {
            gather.not_taken(place(&passage), "no question asks for it");
        }
        let title = quotation(&passage.title, 200);
        gather.narrative(Narrative {
            section: passage.section,
            title,
            text: quotation(&passage.text, LONGEST_PASSAGE),
            line: passage.line,
        });
    }
    Ok(gather.finish())
}

/// Proposes what the sections tell as answers in words.
fn tell(text: &str, mapping: &Mapping, gather: &mut Gather<'_>) {
    for told in told(text, mapping) {
        let titles = told.titles.join(", ");
        let line = text.get(..told.at).map_or(1, |before| before.matches('\n').count() + 1);
        let because = format!("{}, section {}", gather.name(), quotation(&titles, 100));
        let links = links_in(&told.text);
        let said = Said::Value(Value::Text(told.text));
        let place = format!("line {line}, {titles}");
        let mut claim = Claim::new(&told.question, said, Confidence::Likely, &place, because);
        claim.links = links;
        gather.claim(claim);
    }
}

/// The passages whose text is an answer: those of sections with a question, and what stands below them under headings that
/// no section has.
fn told_passages(passages: &[Passage], mapping: &Mapping) -> Vec<usize> {
    let mut within: Option<HeadingLevel> = None;
    let mut told = Vec::new();
    for (index, passage) in passages.iter().enumerate() {
        let section = mapping.sections.iter().find(|section| Some(&section.id) == passage.section.as_ref());
        match section {
            Some(section) => within = section.question.as_ref().map(|_| passage.level),
            None if within.is_some_and(|level| passage.level <= level) => within = None,
            None => {}
        }
        if within.is_some() {
            told.push(index);
        }
    }
    told
}

/// A heading and the text down to the next one.
struct Passage {
    section: Option<String>,
    level: HeadingLevel,
    title: String,
    text: String,
    links: Vec<String>,
    /// Rows of tables and items of lists: where they stand in `text` and in `links`.
    rows: Vec<(Range<usize>, Range<usize>)>,
    line: usize,
}

impl Passage {
    /// Where a row that begins now begins, in `text` and in `links`.
    fn here(&self) -> (usize, usize) {
        (self.text.len(), self.links.len())
    }

    fn end_row(&mut self, began: Option<(usize, usize)>) {
        let (text, links) = began.unwrap_or_default();
        self.rows.push((text..self.text.len(), links..self.links.len()));
    }

    /// The words and the links of each row. Links that are written out stand in both.
    fn rows(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.rows
            .iter()
            .filter_map(|(text, links)| Some((self.text.get(text.clone())?, self.links.get(links.clone())?)))
    }
}

/// The passages of a document, in its order. What stands before the first heading is left out.
fn passages(text: &str, mapping: &Mapping) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut heading = false;
    let mut lines = Lines { text, byte: 0, line: 1 };
    // Where the rows begin that are not ended yet; items of lists lie in each other.
    let mut began = Vec::new();
    for (event, span) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                if passages.len() >= MOST_PASSAGES {
                    break;
                }
                heading = true;
                began.clear();
                let line = lines.of(&span);
                let (title, text) = (String::new(), String::new());
                let (links, rows) = (Vec::new(), Vec::new());
                passages.push(Passage { section: None, level, title, text, links, rows, line });
            }
            Event::End(TagEnd::Heading(_)) => {
                heading = false;
                if let Some(passage) = passages.last_mut() {
                    passage.section = section_of(&passage.title, mapping);
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                if let Some(passage) = passages.last_mut() {
                    passage.links.push(dest_url.into_string());
                }
            }
            Event::Start(Tag::TableRow | Tag::TableHead | Tag::Item) => {
                began.push(passages.last().map(Passage::here).unwrap_or_default());
            }
            Event::Text(piece) | Event::Code(piece) => {
                if let Some(passage) = passages.last_mut() {
                    let into = if heading { &mut passage.title } else { &mut passage.text };
                    into.push_str(&piece);
                }
            }
            Event::SoftBreak
            | Event::HardBreak
            | Event::End(TagEnd::Paragraph | TagEnd::TableCell | TagEnd::CodeBlock) => {
                if let Some(passage) = passages.last_mut().filter(|_| !heading) {
                    passage.text.push(' ');
                }
            }
            Event::End(TagEnd::Item) => {
                if let Some(passage) = passages.last_mut().filter(|_| !heading) {
                    passage.text.push(' ');
                    passage.end_row(began.pop());
                }
            }
            Event::End(TagEnd::TableRow | TagEnd::TableHead) => {
                if let Some(passage) = passages.last_mut() {
                    passage.text.push_str(" ; ");
                    passage.end_row(began.pop());
                }
            }
            _ => {}
        }
    }
    passages
}

/// Lines of growing positions in a text.
struct Lines<'t> {
    text: &'t str,
    byte: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, span: &Range<usize>) -> usize {
        if let Some(between) = self.text.get(self.byte..span.start) {
            self.line += between.matches('\n').count();
            self.byte = span.start;
        }
        self.line
    }
}

/// The section that a heading opens: its words, without regard to case and punctuation.
fn section_of(title: &str, mapping: &Mapping) -> Option<String> {
    let words: Vec<String> = title
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let title = words.join(" ");
    let section = mapping.sections.iter().find(|section| section.headings.contains(&title))?;
    Some(section.id.clone())
}

fn place(passage: &Passage) -> String {
    format!("line {}, {}", passage.line, passage.title.trim())
}

/// Proposes what a rule says where its sections have text. The text of a section goes down to the next heading of its level.
fn propose(rule: &Rule, passages: &[Passage], used: &mut Vec<usize>, gather: &mut Gather<'_>) {
    let mut found = Vec::new();
    for section in rule.name.split(" + ") {
        let full = (0..passages.len()).find_map(|start| {
            let passage = passages.get(start)?;
            (passage.section.as_deref() == Some(section)).then_some(())?;
            let below = passages.iter().skip(start + 1).take_while(|below| below.level > passage.level);
            let all: Vec<&Passage> = std::iter::once(passage).chain(below).collect();
            let text = all.iter().map(|passage| passage.text.trim()).collect::<Vec<_>>().join(" ");
            (text.chars().count() >= SHORTEST).then_some((start, all, text))
        });
        let Some(full) = full else { return };
        found.push(full);
    }
    let Some((start, ..)) = found.first() else { return };
    let Some(first) = passages.get(*start) else { return };
    let quotes: Vec<String> = found
        .iter()
        .map(|(_, all, text)| {
            let title = all.first().map_or("", |passage| passage.title.trim());
            format!("section {}: \"{}\"", quotation(title, 100), quotation(text, LONGEST_QUOTE))
        })
        .collect();
    let because = format!("{}, {}", gather.name(), quotes.join("; "));
    let mut claim = Claim::new(&rule.question, rule.said.clone(), rule.confidence, &place(first), because);
    claim.links = found.iter().flat_map(|(_, all, _)| all.iter().flat_map(|passage| passage.links.clone())).collect();
    gather.claim(claim);
    used.extend(found.iter().flat_map(|(start, all, _)| *start..start + all.len()));
}
