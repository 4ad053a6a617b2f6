//! Walking a mapping field by field, collecting every problem on the way.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;

use super::node::{Key, Kind, Node};
use super::problem::Problem;

/// A mapping that is being read. Fields that nobody asked for are reported by [`Fields::finish`].
pub struct Fields<'n> {
    what: &'static str,
    entries: &'n [(Key, Node)],
    asked: BTreeSet<&'static str>,
    span: Range<usize>,
}

impl<'n> Fields<'n> {
    /// Starts reading a mapping; anything else is a problem. `what` names it in messages ("an answer").
    pub fn of(node: &'n Node, what: &'static str, problems: &mut Vec<Problem>) -> Option<Self> {
        match &node.kind {
            Kind::Map(entries) => Some(Self { what, entries, asked: BTreeSet::new(), span: node.span.clone() }),
            _ => {
                problems.push(Problem::error(
                    format!("{what} is a mapping, this is {}", node.type_name()),
                    node.span.clone(),
                ));
                None
            }
        }
    }

    /// Where the mapping stands.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// A field that may be missing.
    pub fn node(&mut self, name: &'static str) -> Option<&'n Node> {
        self.asked.insert(name);
        self.entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| node)
    }

    /// A field that must be there.
    pub fn required(&mut self, name: &'static str, problems: &mut Vec<Problem>) -> Option<&'n Node> {
        let node = self.node(name);
        if node.is_none() {
            problems.push(Problem::error(format!("{} needs the field `{name}`", self.what), first_line(&self.span)));
        }
        node
    }

    /// A text that may be missing.
    pub fn text(&mut self, name: &'static str, problems: &mut Vec<Problem>) -> Option<String> {
        self.node(name).and_then(|node| text(node, name, problems))
    }

    /// A text that must be there.
    pub fn required_text(&mut self, name: &'static str, problems: &mut Vec<Problem>) -> Option<String> {
        self.required(name, problems).and_then(|node| text(node, name, problems))
    }

    /// A list of texts; empty where it is missing.
    pub fn texts(&mut self, name: &'static str, problems: &mut Vec<Problem>) -> Vec<String> {
        self.node(name).map_or_else(Vec::new, |node| texts(node, name, problems))
    }

    /// A day that may be missing.
    pub fn date(&mut self, name: &'static str, problems: &mut Vec<Problem>) -> Option<NaiveDate> {
        self.node(name).and_then(|node| date(node, name, problems))
    }

    /// One of some words, or a problem that names the nearest.
    pub fn word<T: Copy>(&mut self, name: &'static str, words: &[(&str, T)], problems: &mut Vec<Problem>) -> Option<T> {
        self.node(name).and_then(|node| word(node, name, words, problems))
    }

    /// Reports every field that nobody asked for, with the nearest right name.
    pub fn finish(self, problems: &mut Vec<Problem>) {
        for (key, _) in self.entries {
            if !self.asked.contains(key.text.as_str()) {
                let problem = Problem::error(format!("{} has no field `{}`", self.what, key.text), key.span.clone());
                let known: Vec<&str> = self.asked.iter().copied().collect();
                problems.push(match nearest(&key.text, known.iter().copied()) {
                    Some(name) => problem.help(format!("did you mean `{name}`?")),
                    None => problem.help(format!("its fields are {}", known.join(", "))),
                });
            }
        }
    }
}

fn first_line(span: &Range<usize>) -> Range<usize> {
    span.start..span.start
}

fn wrong(node: &Node, name: &str, wanted: &str) -> Problem {
    Problem::error(format!("`{name}` is {wanted}, this is {}", node.type_name()), node.span.clone())
}

fn text(node: &Node, name: &str, problems: &mut Vec<Problem>) -> Option<String> {
    match &node.kind {
        Kind::Text(text) if !text.trim().is_empty() => return Some(text.trim().to_owned()),
        Kind::Text(_) => problems.push(Problem::error(format!("`{name}` is empty"), node.span.clone())),
        Kind::Float(_) | Kind::Int(_) | Kind::Bool(_) => {
            problems.push(wrong(node, name, "text").help("write it in quotes to make it text"));
        }
        _ => problems.push(wrong(node, name, "text")),
    }
    None
}

pub(crate) fn texts(node: &Node, name: &str, problems: &mut Vec<Problem>) -> Vec<String> {
    match &node.kind {
        Kind::List(items) => items.iter().filter_map(|item| text(item, name, problems)).collect(),
        _ => {
            problems.push(wrong(node, name, "a list of texts").help("write it as `[first, second]`"));
            Vec::new()
        }
    }
}

fn date(node: &Node, name: &str, problems: &mut Vec<Problem>) -> Option<NaiveDate> {
    let Kind::Text(text) = &node.kind else {
        problems.push(wrong(node, name, "a day such as 2026-03-01"));
        return None;
    };
    let parsed = (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten();
    if parsed.is_none() {
        problems.push(
            Problem::error(format!("`{text}` is no day of the calendar"), node.span.clone())
                .help("write it as 2026-03-01: year, month, day"),
        );
    }
    parsed
}

fn word<T: Copy>(node: &Node, name: &str, words: &[(&str, T)], problems: &mut Vec<Problem>) -> Option<T> {
    let names = || words.iter().map(|(word, _)| *word);
    let list = names().collect::<Vec<_>>().join(", ");
    let Kind::Text(text) = &node.kind else {
        problems.push(wrong(node, name, &format!("one of {list}")));
        return None;
    };
    let found = words.iter().find(|(word, _)| word == text).map(|(_, value)| *value);
    if found.is_none() {
        let problem = Problem::error(format!("`{name}` cannot be `{text}`"), node.span.clone());
        problems.push(match nearest(text, names()) {
            Some(near) => problem.help(format!("did you mean `{near}`? It is one of {list}")),
            None => problem.help(format!("it is one of {list}")),
        });
    }
    found
}

/// The name nearest to a wrong one, if any is near enough to be meant.
pub fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wrong: String = wrong.chars().take(100).collect();
    names
        .map(|name| (strsim::jaro_winkler(&wrong, name), name))
        .filter(|(likeness, _)| *likeness > 0.82)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_or_none() {
        let names = ["value", "because", "evidence", "until"];
        assert_eq!(nearest("valeu", names.into_iter()), Some("value"));
        assert_eq!(nearest("becuase", names.into_iter()), Some("because"));
        assert_eq!(nearest("zzz", names.into_iter()), None);
    }
}
