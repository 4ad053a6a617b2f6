//! Conditions: trees of `all`, `any`, `none` and `at_least` over leaves.
//!
//! A leaf names an observation (in a question) or a question (in a model) and says what its value must be:
//!
//! ```yaml
//! when:
//!   all:
//!     - { default_branch.pull_request_required: true }
//!     - { default_branch.required_approvals: { at_least: 1 } }
//! ```
//!
//! A mapping with several entries means that all of them must hold.

use std::fmt;
use std::ops::Range;

use crate::evidence::Value;
use crate::yaml::{Key, Kind, Node, Problem, nearest};

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    None(Vec<Self>),
    AtLeast { n: usize, of: Vec<Self> },
    Leaf(Leaf),
}

/// One thing named, and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Key of an observation, or id of a question.
    pub name: String,
    pub test: Test,
    /// Where the name stands in its document.
    pub span: Range<usize>,
}

/// What is asked of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// It is this value.
    Is(Value),
    /// There is (or is no) such thing.
    Present(bool),
    /// It applies (or does not) to the subject.
    Applicable(bool),
    AtLeast(i64),
    AtMost(i64),
    /// A list has this item.
    Contains(String),
    /// A text is one of these.
    OneOf(Vec<String>),
    /// A day lies at most so many days before the day of the assessment.
    WithinDays(i64),
    /// A list shares an item with the list of another observation.
    SharesWith(String),
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(value) => write!(f, "must be {value}"),
            Self::Present(true) => f.write_str("must be there"),
            Self::Present(false) => f.write_str("must not be there"),
            Self::Applicable(true) => f.write_str("must apply"),
            Self::Applicable(false) => f.write_str("must not apply"),
            Self::AtLeast(n) => write!(f, "needs at least {n}"),
            Self::AtMost(n) => write!(f, "must be at most {n}"),
            Self::Contains(item) => write!(f, "must contain {item}"),
            Self::OneOf(items) => write!(f, "must be one of {}", items.join(", ")),
            Self::WithinDays(days) => write!(f, "must lie within {days} days"),
            Self::SharesWith(other) => write!(f, "must share an item with {other}"),
        }
    }
}

/// The deepest tree that is read.
const MAX_DEPTH: usize = 16;

impl Condition {
    /// Reads a condition; problems are added with their places.
    pub fn parse(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        parse_at(node, 0, problems)
    }

    /// All leaves, in the order of the text.
    pub fn leaves(&self) -> Vec<&Leaf> {
        let mut leaves = Vec::new();
        self.gather(&mut leaves);
        leaves
    }

    fn gather<'c>(&'c self, leaves: &mut Vec<&'c Leaf>) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) | Self::AtLeast { of: parts, .. } => {
                for part in parts {
                    part.gather(leaves);
                }
            }
            Self::Leaf(leaf) => leaves.push(leaf),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |parts: &[Self]| parts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        match self {
            Self::All(parts) => write!(f, "all of ({})", list(parts)),
            Self::Any(parts) => write!(f, "any of ({})", list(parts)),
            Self::None(parts) => write!(f, "none of ({})", list(parts)),
            Self::AtLeast { n, of } => write!(f, "at least {n} of ({})", list(of)),
            Self::Leaf(leaf) => write!(f, "{} {}", leaf.name, leaf.test),
        }
    }
}

/// Names in their order, each once. They are few.
pub(crate) fn each_once<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let mut once: Vec<&str> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

fn parse_at(node: &Node, depth: usize, problems: &mut Vec<Problem>) -> Option<Condition> {
    if depth > MAX_DEPTH {
        problems.push(Problem::error("the condition is nested too deeply", node.span.clone()));
        return None;
    }
    let Kind::Map(entries) = &node.kind else {
        let message = format!("a condition is a mapping, this is {}", node.type_name());
        problems.push(
            Problem::error(message, node.span.clone())
                .help("write it as `{ name: value }`, or with all, any, none, at_least"),
        );
        return None;
    };
    let mut parts: Vec<Condition> =
        entries.iter().filter_map(|(key, value)| parse_entry(key, value, depth, problems)).collect();
    match parts.len() {
        0 if entries.is_empty() => {
            problems.push(Problem::error("the condition is empty", node.span.clone()));
            None
        }
        0 => None,
        1 => parts.pop(),
        _ => Some(Condition::All(parts)),
    }
}

fn parse_entry(key: &Key, value: &Node, depth: usize, problems: &mut Vec<Problem>) -> Option<Condition> {
    match key.text.as_str() {
        "all" => Some(Condition::All(parse_list(value, depth, problems)?)),
        "any" => Some(Condition::Any(parse_list(value, depth, problems)?)),
        "none" => Some(Condition::None(parse_list(value, depth, problems)?)),
        "at_least" => parse_at_least(value, depth, problems),
        name => {
            let test = parse_test(value, problems)?;
            Some(Condition::Leaf(Leaf { name: name.to_owned(), test, span: key.span.clone() }))
        }
    }
}

fn parse_list(node: &Node, depth: usize, problems: &mut Vec<Problem>) -> Option<Vec<Condition>> {
    let Kind::List(items) = &node.kind else {
        problems.push(Problem::error(
            format!("a list of conditions belongs here, this is {}", node.type_name()),
            node.span.clone(),
        ));
        return None;
    };
    if items.is_empty() {
        problems.push(Problem::error("the list of conditions is empty", node.span.clone()));
        return None;
    }
    Some(items.iter().filter_map(|item| parse_at(item, depth + 1, problems)).collect())
}

fn parse_at_least(node: &Node, depth: usize, problems: &mut Vec<Problem>) -> Option<Condition> {
    let help = "write it as `at_least: { n: 2, of: [...] }`";
    let Kind::Map(entries) = &node.kind else {
        problems.push(Problem::error("`at_least` needs `n` and `of`", node.span.clone()).help(help));
        return None;
    };
    let field = |name: &str| entries.iter().find(|(key, _)| key.text == name).map(|(_, value)| value);
    let (Some(n), Some(of), 2) = (field("n"), field("of"), entries.len()) else {
        problems.push(Problem::error("`at_least` needs `n` and `of`, and nothing else", node.span.clone()).help(help));
        return None;
    };
    let of = parse_list(of, depth, problems)?;
    match n.kind {
        Kind::Int(count) if count >= 1 && usize::try_from(count).is_ok_and(|count| count <= of.len()) => {
            Some(Condition::AtLeast { n: usize::try_from(count).unwrap_or(usize::MAX), of })
        }
        _ => {
            problems.push(Problem::error("`n` is a whole number from 1 to the number of conditions", n.span.clone()));
            None
        }
    }
}

/// The operators of a test, as they are written.
const OPERATORS: [&str; 8] =
    ["present", "applicable", "at_least", "at_most", "contains", "one_of", "within_days", "shares_with"];

fn parse_test(node: &Node, problems: &mut Vec<Problem>) -> Option<Test> {
    if let Some(value) = scalar(node) {
        return Some(Test::Is(value));
    }
    let Kind::Map(entries) = &node.kind else {
        problems.push(Problem::error(
            format!("a value or a test belongs here, this is {}", node.type_name()),
            node.span.clone(),
        ));
        return None;
    };
    let [(key, value)] = entries.as_slice() else {
        problems.push(
            Problem::error("a test has exactly one operator", node.span.clone())
                .help(format!("one of {}", OPERATORS.join(", "))),
        );
        return None;
    };
    let test = match (key.text.as_str(), &value.kind) {
        ("present", _) => boolean(value).map(Test::Present),
        ("applicable", _) => boolean(value).map(Test::Applicable),
        ("at_least", Kind::Int(n)) => Some(Test::AtLeast(*n)),
        ("at_most", Kind::Int(n)) => Some(Test::AtMost(*n)),
        ("within_days", Kind::Int(n)) if *n >= 0 => Some(Test::WithinDays(*n)),
        ("contains", Kind::Text(text)) => Some(Test::Contains(text.clone())),
        ("shares_with", Kind::Text(text)) => Some(Test::SharesWith(text.clone())),
        ("one_of", Kind::List(items)) => {
            items.iter().map(|item| item.as_text().map(str::to_owned)).collect::<Option<_>>().map(Test::OneOf)
        }
        _ => None,
    };
    if test.is_none() {
        problems.push(wrong_operator(key, value));
    }
    test
}

fn wrong_operator(key: &Key, value: &Node) -> Problem {
    if OPERATORS.contains(&key.text.as_str()) {
        return Problem::error(format!("`{}` does not take {}", key.text, value.type_name()), value.span.clone());
    }
    let problem = Problem::error(format!("`{}` is no test", key.text), key.span.clone());
    match nearest(&key.text, OPERATORS.into_iter()) {
        Some(name) => problem.help(format!("did you mean `{name}`?")),
        None => problem.help(format!("tests are {}", OPERATORS.join(", "))),
    }
}

/// A boolean, also written as `yes` or `no`.
pub(crate) fn boolean(node: &Node) -> Option<bool> {
    match &node.kind {
        Kind::Bool(value) => Some(*value),
        Kind::Text(text) if text == "yes" => Some(true),
        Kind::Text(text) if text == "no" => Some(false),
        _ => None,
    }
}

/// A scalar as a value; `yes` and `no` are booleans.
pub(crate) fn scalar(node: &Node) -> Option<Value> {
    if let Some(value) = boolean(node) {
        return Some(Value::Bool(value));
    }
    match &node.kind {
        Kind::Int(number) => Some(Value::Count(*number)),
        Kind::Text(text) => Some(Value::Text(text.clone())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Document, parse};

    fn read(yaml: &str) -> (Option<Condition>, Vec<Problem>) {
        let mut problems = Vec::new();
        let node = parse(&Document::new("test.yaml", yaml)).unwrap();
        let condition = Condition::parse(&node, &mut problems);
        (condition, problems)
    }

    #[test]
    fn conditions_are_read() {
        let (condition, problems) = read(
            "any:\n  - { a.b: yes }\n  - a.c: { at_least: 1 }\n    a.d: { present: false }\n  - at_least: { n: 1, of: [{ a.e: text }] }\n",
        );
        assert_eq!(problems, []);
        insta::assert_snapshot!(
            condition.unwrap(),
            @"any of (a.b must be yes; all of (a.c needs at least 1; a.d must not be there); at least 1 of (a.e must be text))"
        );
    }

    #[test]
    fn wrong_conditions_are_explained() {
        for (yaml, message, help) in [
            ("{ a.b: { atleast: 1 } }", "`atleast` is no test", "did you mean `at_least`?"),
            ("{ a.b: { at_least: x } }", "`at_least` does not take text", ""),
            ("{ any: [] }", "the list of conditions is empty", ""),
            ("{}", "the condition is empty", ""),
            ("[1]", "a condition is a mapping, this is a list", "write it as"),
            (
                "{ at_least: { n: 3, of: [{ a.b: yes }] } }",
                "`n` is a whole number from 1 to the number of conditions",
                "",
            ),
        ] {
            let (_, problems) = read(yaml);
            assert_eq!(problems[0].message, message, "{yaml}");
            assert!(problems[0].help.clone().unwrap_or_default().starts_with(help), "{yaml}");
        }
    }
}
