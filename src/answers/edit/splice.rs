//! Changing one place of a YAML text and nothing else, by the positions of its nodes.

use std::ops::Range;

use super::write::{Yaml, key_text};
use crate::yaml::{Document, Key, Kind, Node, parse};

/// Why a text cannot be changed in place.
pub(super) type Obstacle = String;

/// Puts a value at a path of keys, making the mappings on the way. `order` is the order in which the keys of the last
/// mapping are best written; keys that it does not name go to the end.
pub(super) fn put(text: &str, path: &[&str], value: &Yaml, order: &[&str]) -> Result<String, Obstacle> {
    let root = root(text)?;
    let place = Place::of(text, &root);
    place.put(path, value, order)
}

/// Removes the pair at the end of a path; nothing where there is none.
pub(super) fn remove(text: &str, section: &str, entry: &str, field: &str) -> Result<String, Obstacle> {
    let root = root(text)?;
    let mut place = Place::of(text, &root);
    for key in [section, entry] {
        match place.child(key) {
            Some(child) => place = child,
            None => return Ok(text.to_owned()),
        }
    }
    place.remove(field)
}

/// Puts the lines of an entry in the place of the comments that stand for it: `# key:` and what is indented under it.
pub(super) fn fill_in(text: &str, section: &str, key: &str, value: &Yaml) -> Result<Option<String>, Obstacle> {
    let root = root(text)?;
    let place = Place::of(text, &root);
    let Some(place) = place.child(section).filter(|place| !place.is_flow()) else { return Ok(None) };
    let within = place.section();
    let Some(comment) = commented(text, within, key) else { return Ok(None) };
    let indent = place.indent()?.unwrap_or(comment.indent);
    let entry = block_pair(key, value, indent);
    Ok(Some(replaced(text, comment.lines, &entry)))
}

/// Puts comment lines at the end of a section, which is made where it is missing. Each line begins with `#`.
pub(super) fn comment(text: &str, section: &str, lines: &str) -> Result<String, Obstacle> {
    let root_node = root(text)?;
    let root_place = Place::of(text, &root_node);
    let Some(place) = root_place.child(section) else {
        let with_section = ended(text) + section + ":\n";
        return comment(&with_section, section, lines);
    };
    if place.is_empty_flow() {
        let bare = replaced(text, place.value_range(), "");
        return comment(&bare, section, lines);
    }
    if place.is_flow() {
        return Err(format!("`{section}` is written in braces; write it on lines of its own"));
    }
    let indent = place.indent()?.unwrap_or(2);
    let at = place.section().end;
    let lead = " ".repeat(indent);
    let block =
        lines.lines().fold(String::new(), |block, line| block + if line.is_empty() { "" } else { &lead } + line + "\n");
    Ok(inserted_lines(text, at, &block))
}

/// Whether a section has an entry.
pub(in crate::answers) fn has_entry(text: &str, section: &str, key: &str) -> bool {
    let Ok(root) = root(text) else { return false };
    let place = Place::of(text, &root);
    place.child(section).is_some_and(|place| place.child(key).is_some())
}

/// Whether the section has comments that stand for an entry, ready to be uncommented.
pub(crate) fn has_comment_for(text: &str, section: &str, key: &str) -> bool {
    let Ok(root) = root(text) else { return false };
    let place = Place::of(text, &root);
    place.child(section).is_some_and(|place| commented(text, place.section(), key).is_some())
}

pub(super) fn root(text: &str) -> Result<Node, Obstacle> {
    parse(&Document::new("", text)).map_err(|problem| problem.message)
}

/// A node of a text, with the key that it belongs to.
pub(super) struct Place<'t> {
    text: &'t str,
    node: &'t Node,
    parent: Option<(&'t Key, usize)>,
    /// Whether it stands within `{ }` or `[ ]`.
    flow: bool,
}

impl<'t> Place<'t> {
    /// The whole of a text.
    pub(super) fn of(text: &'t str, root: &'t Node) -> Self {
        Self { text, node: root, parent: None, flow: false }
    }

    /// The key that it belongs to.
    pub(super) fn key(&self) -> Option<&'t Key> {
        self.parent.map(|(key, _)| key)
    }

    /// Whether it stands within `{ }` or `[ ]`.
    pub(super) fn is_within_braces(&self) -> bool {
        self.flow
    }

    fn pairs(&self) -> &'t [(Key, Node)] {
        match &self.node.kind {
            Kind::Map(pairs) => pairs,
            _ => &[],
        }
    }

    pub(super) fn child(&self, key: &str) -> Option<Self> {
        let (key, node) = self.pairs().iter().find(|(own, _)| own.text == key)?;
        let indent = column(self.text, key.span.start);
        Some(Self { text: self.text, node, parent: Some((key, indent)), flow: self.is_flow() })
    }

    /// Whether its own pairs stand within braces.
    fn is_flow(&self) -> bool {
        self.flow || self.begins_with('{')
    }

    fn begins_with(&self, bracket: char) -> bool {
        self.text.get(self.node.span.start..).is_some_and(|rest| rest.starts_with(bracket))
            && matches!(self.node.kind, Kind::Map(_) | Kind::List(_))
    }

    fn is_empty_flow(&self) -> bool {
        let inside = self.node.span.start + 1..self.end().saturating_sub(1);
        self.begins_with('{')
            && self.pairs().is_empty()
            && self.text.get(inside).is_some_and(|inside| inside.trim().is_empty())
    }

    /// The indentation of its pairs, where it has any.
    fn indent(&self) -> Result<Option<usize>, Obstacle> {
        let Some((key, _)) = self.pairs().first() else { return Ok(None) };
        let start = line_start(self.text, key.span.start);
        let lead = self.text.get(start..key.span.start).unwrap_or_default();
        if lead.chars().all(|c| c == ' ' || c == '\u{feff}') {
            Ok(Some(lead.chars().filter(|c| *c == ' ').count()))
        } else {
            Err("it is written in a form that cannot be changed in place".to_owned())
        }
    }

    /// Where it ends, without white space and comments behind it.
    pub(super) fn end(&self) -> usize {
        let after_colon = self.parent.map_or(0, |(key, _)| after_colon(self.text, key.span.end));
        end_of(self.text, self.node, after_colon)
    }

    /// What stands behind the colon of its key, up to its end.
    fn value_range(&self) -> Range<usize> {
        let start = self.parent.map_or(0, |(key, _)| after_colon(self.text, key.span.end));
        start..self.end().max(start)
    }

    /// From the line behind its key to the last line that belongs to it, indented comments included.
    fn section(&self) -> Range<usize> {
        let first = self.parent.map_or(0, |(key, _)| next_line(self.text, key.span.end));
        let mut end = next_line(self.text, self.end()).max(first);
        let mut at = end;
        while at < self.text.len() {
            let next = next_line(self.text, at);
            let line = self.text.get(at..next).unwrap_or_default();
            let content = line.trim();
            if content.starts_with('#') && line.starts_with([' ', '\t']) {
                end = next;
            } else if !content.is_empty() {
                break;
            }
            at = next;
        }
        first..end
    }

    fn put(&self, path: &[&str], value: &Yaml, order: &[&str]) -> Result<String, Obstacle> {
        let Some((key, rest)) = path.split_first() else { return Ok(self.replace(value)) };
        if let Some(child) = self.child(key) {
            return child.put(rest, value, order);
        }
        let value = rest.iter().rev().fold(value.clone(), |value, key| Yaml::Map(vec![((*key).to_owned(), value)]));
        self.insert(key, &value, if rest.is_empty() { order } else { &[] })
    }

    fn replace(&self, value: &Yaml) -> String {
        if is_same(self.node, value) {
            return self.text.to_owned();
        }
        let range = self.value_range();
        if self.flow {
            return replaced(self.text, range, &format!(" {}", value.flow()));
        }
        let block = value.block(self.parent.map_or(0, |(_, indent)| indent));
        let behind = self.text.get(range.end..next_line(self.text, range.end)).unwrap_or_default();
        let fits = !block.contains('\n') || behind.trim().is_empty();
        replaced(self.text, range, &if fits { block } else { format!(" {}", value.flow()) })
    }

    fn insert(&self, key: &str, value: &Yaml, order: &[&str]) -> Result<String, Obstacle> {
        if self.is_empty_flow() && !self.flow && self.parent.is_some() {
            // A comment behind the braces stays on the line of the key.
            let bare = replaced(self.text, self.value_range(), "");
            let at = next_line(&bare, self.value_range().start);
            let indent = self.parent.map_or(0, |(_, indent)| indent) + 2;
            return Ok(inserted_lines(&bare, at, &block_pair(key, value, indent)));
        }
        if self.is_flow() {
            let pair = format!("{}: {}", key_text(key), value.flow());
            return Ok(match self.pairs().last() {
                Some((key, node)) => {
                    let at = end_of(self.text, node, after_colon(self.text, key.span.end));
                    inserted(self.text, at, &format!(", {pair}"))
                }
                None => inserted(self.text, self.node.span.start + 1, &format!(" {pair} ")),
            });
        }
        match self.node.kind {
            Kind::Map(_) => {}
            Kind::Null if self.parent.is_some() => {
                let indent = self.parent.map_or(0, |(_, indent)| indent) + 2;
                return Ok(inserted_lines(self.text, self.section().end, &block_pair(key, value, indent)));
            }
            _ => return Err(format!("{} stands where a mapping belongs", self.node.type_name())),
        }
        let indent = self.indent()?.unwrap_or(0);
        let entry = block_pair(key, value, indent);
        Ok(inserted_lines(self.text, self.where_to_insert(key, order), &entry))
    }

    /// The beginning of the line where a new pair belongs.
    fn where_to_insert(&self, key: &str, order: &[&str]) -> usize {
        let rank = |key: &str| order.iter().position(|name| *name == key);
        let own = rank(key);
        let before = self.pairs().iter().rfind(|(other, _)| own.is_none() || rank(&other.text) < own);
        match (before, self.pairs().first()) {
            (Some((key, _)), _) => {
                let child = self.child(&key.text);
                let at_root = self.parent.is_none();
                child.map_or(self.text.len(), |child| {
                    if at_root { child.section().end } else { next_line(self.text, child.end()) }
                })
            }
            (None, Some((first, _))) => line_start(self.text, first.span.start),
            (None, None) => self.text.len(),
        }
    }

    fn remove(&self, field: &str) -> Result<String, Obstacle> {
        let pairs = self.pairs();
        let Some(position) = pairs.iter().position(|(key, _)| key.text == field) else {
            return Ok(self.text.to_owned());
        };
        let Some(child) = self.child(field) else { return Ok(self.text.to_owned()) };
        let key_start = child.parent.map_or(0, |(key, _)| key.span.start);
        if !self.is_flow() {
            self.indent()?;
            return Ok(replaced(self.text, line_start(self.text, key_start)..next_line(self.text, child.end()), ""));
        }
        let range = match (pairs.get(position + 1), position.checked_sub(1).and_then(|before| pairs.get(before))) {
            (Some((next, _)), _) => key_start..next.span.start,
            (None, Some((key, node))) => end_of(self.text, node, after_colon(self.text, key.span.end))..child.end(),
            (None, None) => key_start..child.end(),
        };
        Ok(replaced(self.text, range, ""))
    }
}

/// Comments that stand for an entry.
struct Commented {
    lines: Range<usize>,
    indent: usize,
}

fn commented(text: &str, within: Range<usize>, key: &str) -> Option<Commented> {
    let mut at = within.start;
    let mut found: Option<Commented> = None;
    while at < within.end {
        let next = next_line(text, at);
        let line = text.get(at..next).unwrap_or_default();
        let content = line.trim_start().strip_prefix('#').filter(|content| !content.starts_with('#'));
        let deep = content.map(|content| content.len() - content.trim_start().len());
        match (&mut found, content, deep) {
            (Some(found), Some(content), Some(deep)) if deep >= 2 && !content.trim().is_empty() => {
                found.lines.end = next;
            }
            // An empty line of a text of several lines.
            (Some(_), Some(content), _) if content.trim().is_empty() => {}
            (Some(_), ..) => break,
            (None, Some(content), Some(0 | 1)) if is_key_line(content, key) => {
                found = Some(Commented {
                    lines: at..next,
                    indent: column(text, at + line.len() - line.trim_start().len()),
                });
            }
            _ => {}
        }
        at = next;
    }
    found.filter(|found| found.indent > 0)
}

fn is_key_line(content: &str, key: &str) -> bool {
    let rest = content.trim().strip_prefix(key).and_then(|rest| rest.strip_prefix(':'));
    rest.is_some_and(|rest| rest.trim().is_empty() || rest.trim_start().starts_with('#'))
}

fn block_pair(key: &str, value: &Yaml, indent: usize) -> String {
    format!("{}{}:{}\n", " ".repeat(indent), key_text(key), value.block(indent))
}

/// Whether a node says the same as a value.
fn is_same(node: &Node, value: &Yaml) -> bool {
    match (&node.kind, value) {
        (Kind::Text(text), Yaml::Text(wanted)) => text.trim() == wanted,
        (Kind::Text(text), Yaml::Word(wanted)) => text == wanted,
        (Kind::Int(number), Yaml::Word(wanted)) => number.to_string() == *wanted,
        (Kind::Bool(value), Yaml::Word(wanted)) => (if *value { "yes" } else { "no" }) == wanted,
        (Kind::List(items), Yaml::List(wanted)) => {
            items.len() == wanted.len() && items.iter().zip(wanted).all(|(item, wanted)| is_same(item, wanted))
        }
        (Kind::Map(pairs), Yaml::Map(wanted)) => {
            pairs.len() == wanted.len()
                && pairs
                    .iter()
                    .zip(wanted)
                    .all(|((key, node), (name, value))| key.text == *name && is_same(node, value))
        }
        _ => false,
    }
}

/// Where a node ends; `from` is where the search begins for one that takes no room.
fn end_of(text: &str, node: &Node, from: usize) -> usize {
    let own = text.get(node.span.clone()).unwrap_or_default();
    match &node.kind {
        Kind::List(items) => {
            let last = items.last().map(|item| end_of(text, item, item.span.start));
            closed(text, node, last, ']')
        }
        Kind::Map(pairs) => {
            let last = pairs.last().map(|(key, value)| end_of(text, value, after_colon(text, key.span.end)));
            closed(text, node, last, '}')
        }
        _ if own.trim().is_empty() => from,
        _ => node.span.start + own.trim_end().len(),
    }
}

/// The end of a collection: its bracket where it has one, or else the end of its last part.
fn closed(text: &str, node: &Node, last: Option<usize>, bracket: char) -> usize {
    let opens = text.get(node.span.start..).is_some_and(|rest| rest.starts_with(['[', '{']));
    if !opens {
        return last.unwrap_or(node.span.start);
    }
    let mut in_comment = false;
    let from = last.unwrap_or(node.span.start + 1);
    for (offset, character) in text.get(from..).unwrap_or_default().char_indices() {
        match character {
            '\n' => in_comment = false,
            '#' => in_comment = true,
            character if character == bracket && !in_comment => return from + offset + 1,
            _ => {}
        }
    }
    text.len()
}

/// The byte behind the colon of a key that ends at `end`.
fn after_colon(text: &str, end: usize) -> usize {
    text.get(end..).and_then(|rest| rest.find(':')).map_or(end, |offset| end + offset + 1)
}

pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

pub(super) fn next_line(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |offset| at + offset + 1)
}

fn column(text: &str, at: usize) -> usize {
    text.get(line_start(text, at)..at).unwrap_or_default().chars().filter(|c| *c != '\u{feff}').count()
}

/// The text with a line break at its end.
fn ended(text: &str) -> String {
    let missing = !text.is_empty() && !text.ends_with('\n');
    format!("{text}{}", if missing { "\n" } else { "" })
}

pub(super) fn replaced(text: &str, range: Range<usize>, by: &str) -> String {
    let (before, after) = (text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default());
    format!("{before}{}{after}", with_breaks_of(text, by))
}

fn inserted(text: &str, at: usize, new: &str) -> String {
    replaced(text, at..at, new)
}

/// Whole lines put before the line that begins at `at`, or behind the last line.
fn inserted_lines(text: &str, at: usize, lines: &str) -> String {
    let before = text.get(..at).unwrap_or_default();
    let missing = !before.is_empty() && !before.ends_with('\n');
    inserted(text, at, &format!("{}{lines}", if missing { "\n" } else { "" }))
}

/// New lines end as those of the text do.
fn with_breaks_of(text: &str, new: &str) -> String {
    if text.contains("\r\n") { new.replace('\n', "\r\n") } else { new.to_owned() }
}
