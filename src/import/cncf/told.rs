//! What the sections of a self-assessment tell, as the Markdown that stands there.
//!
//! A section begins with a heading, with a line of bold text, or with an item of a list that opens with its name, as the
//! outline writes its smaller ones (`* Ecosystem. How it fits in`). Headings that the outline does not know belong to the
//! section in which they stand.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::section_of;
use crate::import::Mapping;
use crate::import::mapping::Section;

/// The most places at which something begins or ends that are read.
const MOST_MARKS: usize = 5000;
/// The most bytes of one section's text that are kept.
const MOST_BYTES: usize = 60 * 1024;
/// The longest name of a section, in bytes.
const LONGEST_NAME: usize = 60;
/// Texts that stand for one that is still to be written.
const PLACEHOLDERS: [&str; 8] = ["todo", "tbd", "tba", "tbc", "to be done", "to be added", "n a", "coming soon"];

/// What a section tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// Id of the question that it answers.
    pub(super) question: String,
    /// The headings under which it stands.
    pub(super) titles: Vec<String>,
    pub(super) text: String,
    /// Where the first of them begins.
    pub(super) at: usize,
}

/// A place at which a section begins or ends.
struct Mark {
    at: usize,
    /// Where its text begins.
    text: usize,
    kind: Kind,
}

enum Kind {
    /// With its depth: headings before bold lines before items of lists.
    Begin(usize, String),
    /// The end of an item of a list of this depth.
    End(usize),
}

/// The depth of a bold line, and of the items of the outermost list.
const BOLD: usize = 7;
const ITEM: usize = 8;

/// What the sections with a question tell, in the order of the text. What several sections tell in answer to one question
/// stands together.
pub(super) fn told(text: &str, mapping: &Mapping) -> Vec<Told> {
    let marks = marks(text, mapping);
    let mut all: Vec<Told> = Vec::new();
    // The sections that are open, each with its depth and the place of what it tells.
    let mut open: Vec<(usize, Option<usize>)> = Vec::new();
    for (position, mark) in marks.iter().enumerate() {
        let end = marks.get(position + 1).map_or(text.len(), |next| next.at);
        let mut body = text.get(mark.text..end).unwrap_or_default().to_owned();
        match &mark.kind {
            Kind::End(depth) => open.retain(|(own, _)| own < depth),
            Kind::Begin(depth, title) => {
                open.retain(|(own, _)| own < depth);
                let above = open.last().and_then(|(_, told)| *told);
                let place = match section(title, mapping) {
                    Some(section) => {
                        section.question.as_ref().map(|question| enter(question, title, mark.at, &mut all))
                    }
                    None => {
                        let heading = text.get(mark.at..mark.text).unwrap_or_default();
                        body = format!("\n\n{}\n{body}", heading.trim_end());
                        above
                    }
                };
                open.push((*depth, place));
            }
        }
        let depth = open.last().map_or(0, |(depth, _)| *depth);
        if let Some(told) = open.last().and_then(|(_, told)| *told).and_then(|place| all.get_mut(place)) {
            let body = if depth >= ITEM { dedented(&body) } else { body };
            if told.text.len() + body.len() <= MOST_BYTES {
                told.text.push_str("\n\n");
                told.text.push_str(body.trim_end());
            }
        }
    }
    for told in &mut all {
        told.text = tidy(&told.text);
    }
    all.retain(|told| says_something(&told.text));
    all
}

/// The place of what answers a question.
fn enter(question: &str, title: &str, at: usize, all: &mut Vec<Told>) -> usize {
    if let Some(place) = all.iter().position(|told| told.question == question) {
        if let Some(told) = all.get_mut(place) {
            told.titles.push(title.trim().to_owned());
        }
        return place;
    }
    let titles = vec![title.trim().to_owned()];
    all.push(Told { question: question.to_owned(), titles, text: String::new(), at });
    all.len() - 1
}

fn section<'m>(title: &str, mapping: &'m Mapping) -> Option<&'m Section> {
    let id = section_of(title, mapping)?;
    mapping.sections.iter().find(|section| section.id == id)
}

/// Whether a name at the beginning of an item or in bold opens a section.
fn opens(name: &str, mapping: &Mapping) -> bool {
    section(name, mapping).is_some_and(|section| section.in_lists)
}

fn marks(text: &str, mapping: &Mapping) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut lists = 0_usize;
    // The ends of the items that opened a section.
    let mut items: Vec<Option<usize>> = Vec::new();
    let mut heading: Option<(usize, Range<usize>, String)> = None;
    for (event, span) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        if marks.len() >= MOST_MARKS {
            break;
        }
        match event {
            Event::Start(Tag::Heading { level, .. }) => heading = Some((level as usize, span, String::new())),
            Event::Text(part) | Event::Code(part) => {
                if let Some((.., title)) = &mut heading {
                    title.push_str(&part);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((depth, span, title)) = heading.take() {
                    marks.push(Mark { at: span.start, text: span.end, kind: Kind::Begin(depth, title) });
                }
            }
            Event::Start(Tag::List(_)) => lists += 1,
            Event::End(TagEnd::List(_)) => lists = lists.saturating_sub(1),
            Event::Start(Tag::Item) => {
                let name = item_name(text, &span).filter(|(name, _)| opens(name, mapping));
                items.push(name.is_some().then_some(span.end));
                if let Some((name, behind)) = name {
                    let kind = Kind::Begin(ITEM + lists, name);
                    marks.push(Mark { at: span.start, text: behind, kind });
                }
            }
            Event::End(TagEnd::Item) => {
                if let Some(end) = items.pop().flatten() {
                    marks.push(Mark { at: end, text: end, kind: Kind::End(ITEM + lists) });
                }
            }
            Event::Start(Tag::Paragraph) if lists == 0 => {
                let line = text.get(span.clone()).unwrap_or_default().lines().next().unwrap_or_default();
                if let Some((name, behind)) = bold_name(line).filter(|(name, _)| opens(name, mapping)) {
                    let kind = Kind::Begin(BOLD, name);
                    marks.push(Mark { at: span.start, text: span.start + behind, kind });
                }
            }
            _ => {}
        }
    }
    // An item ends before the next thing begins where both are at one place.
    marks.sort_by_key(|mark| (mark.at, matches!(mark.kind, Kind::Begin(..))));
    marks
}

/// The name with which an item begins, up to a full stop, colon or the end of the line, and where its text begins.
fn item_name(text: &str, span: &Range<usize>) -> Option<(String, usize)> {
    let line = text.get(span.clone())?.lines().next()?;
    let mark = line.find(|c: char| !(c.is_ascii_digit() || "-*+.) \t".contains(c)) || c == '*')?;
    let mark = line.get(mark..)?;
    let lead = line.len() - mark.trim_start_matches(['*', ' ', '\t']).len();
    let stars = line.get(..lead)?.ends_with("**");
    let rest = line.get(lead..)?;
    if stars {
        let (name, behind) = bold_name(line.get(lead - 2..)?)?;
        return Some((name, span.start + lead - 2 + behind));
    }
    if let Some((name, behind)) = rest.strip_prefix('[').and_then(|rest| rest.split_once("](")) {
        let text = behind.split_once(')')?.1.trim_start_matches(['.', ':', '*', ' ']);
        let name = name.trim_matches(['*', '_', ' ']);
        return (name.len() <= LONGEST_NAME).then(|| (name.to_owned(), span.start + line.len() - text.len()));
    }
    let end = rest.find(['.', ':']).unwrap_or(rest.len());
    let name = rest.get(..end)?.trim_matches(['*', '_', '[', ' ']);
    let behind = (lead + end + 1).min(line.len());
    (name.len() <= LONGEST_NAME).then(|| (name.to_owned(), span.start + behind))
}

/// The bold name with which a line begins, and where the text behind it begins.
fn bold_name(line: &str) -> Option<(String, usize)> {
    let (name, rest) = line.strip_prefix("**")?.split_once("**")?;
    let behind = rest.trim_start_matches([':', '.', ' ']);
    (name.len() <= LONGEST_NAME).then(|| (name.trim_end_matches(['.', ':']).to_owned(), line.len() - behind.len()))
}

/// The text of an item, without the indentation that its further lines have in common.
fn dedented(body: &str) -> String {
    let further = body.lines().skip(1).filter(|line| !line.trim().is_empty());
    let indent = further.map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let lines = body.lines().enumerate().map(|(position, line)| match position {
        0 => line.trim_start(),
        _ => line.get(indent..).unwrap_or_default(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Without control characters, space at the ends of lines, and more than one empty line.
fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.replace("\r\n", "\n").replace('\t', "    ").lines() {
        let line: String = line.chars().filter(|c| !c.is_control() && *c != '\u{feff}').collect();
        let line = line.trim_end().to_owned();
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    lines.join("\n").trim().to_owned()
}

/// Whether a text is more than a placeholder.
fn says_something(text: &str) -> bool {
    let words: Vec<String> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let words = words.join(" ");
    !words.is_empty() && !PLACEHOLDERS.contains(&words.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Format;

    fn read(text: &str) -> Vec<(String, String)> {
        let told = told(text, &Mapping::of(Format::Cncf));
        told.into_iter().map(|told| (told.question, told.text)).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(question, text)| ((*question).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn sections_end_where_the_next_begins() {
        let text = "## Overview\n\nA widget.\n\n### Background\n\nOld.\n\n### Actors\n\n#### Server\n\nIt serves.\n\n- a\n- b\n\n\
                    ### Goals\n\nTODO\n\n## Unknown\n\nLost.\n";
        assert_eq!(
            read(text),
            pairs(&[
                ("narrative.overview", "A widget."),
                ("narrative.background", "Old."),
                ("narrative.actors", "#### Server\n\nIt serves.\n\n- a\n- b"),
            ])
        );
    }

    #[test]
    fn items_and_bold_lines_open_sections() {
        let text = "## Secure development practices\n\n* Development Pipeline. All is\n  reviewed.\n\n  * twice\n* \
                    **Communication Channels**\n  * Internal: Slack.\n  * Inbound. Mail.\n  * Other: none.\n\nBehind.\n\n\
                    **Ecosystem**\n\nEverywhere.\n\n## Appendix\n\n- Known Issues Over Time. None.\n";
        assert_eq!(
            read(text),
            pairs(&[
                ("narrative.pipeline", "All is\nreviewed.\n\n* twice\n\nBehind."),
                ("narrative.channels-inbound", "Mail.\n\n* Other: none."),
                ("narrative.channels-internal", "Slack."),
                ("narrative.ecosystem", "Everywhere."),
                ("narrative.known-issues", "None."),
            ])
        );
    }

    #[test]
    fn what_several_sections_tell_stands_together() {
        let text = "## Security functions and features\n\nSome.\n\n### Critical\n\nMore.\n";
        assert_eq!(read(text), pairs(&[("narrative.critical-functions", "Some.\n\nMore.")]));
    }
}
