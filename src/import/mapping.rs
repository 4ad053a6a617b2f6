//! The tables in `questionnaires/imports/`: which name of a format speaks for which question, and how surely.
//!
//! ```yaml
//! schema: seaworthy.imports/1
//! format: security-insights
//! rules:
//!   - { name: repository.status, is: [active], question: project.active, value: yes, confidence: certain }
//! ```

use super::{CONFIDENCES, Confidence, Format};
use crate::answers::Said;
use crate::evidence::Value;
use crate::questionnaire::scalar;
use crate::yaml::{Document, Fields, Kind, Node, Problem, parse, texts};

/// The schema of a table.
const IMPORTS_SCHEMA: &str = "seaworthy.imports/1";

/// The built-in tables.
const TABLES: [(Format, &str); 5] = [
    (Format::SecurityInsights, include_str!("../../questionnaires/imports/security-insights.yaml")),
    (Format::BestPractices, include_str!("../../questionnaires/imports/best-practices.yaml")),
    (Format::Scorecard, include_str!("../../questionnaires/imports/scorecard.yaml")),
    (Format::Clomonitor, include_str!("../../questionnaires/imports/clomonitor.yaml")),
    (Format::Cncf, include_str!("../../questionnaires/imports/cncf.yaml")),
];

/// What is asked of the value under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    /// It says something.
    Present,
    /// It is a link to a page.
    Link,
    /// As text it is one of these, whatever the case.
    Is(Vec<String>),
    /// A list has at least so many entries.
    AtLeast(usize),
    /// A list has at most so many entries, and at least one.
    AtMost(usize),
    /// Every entry of a list, or its `uri`, begins so.
    EveryBegins(String),
    /// An entry of a list, or its `uri`, begins so.
    SomeBegins(String),
    /// Some entry of a list has these fields with one of these values each; `*` stands for more text.
    Entry(Vec<(String, Vec<String>)>),
    /// An SPDX expression all of whose licences are approved by the OSI or listed as free by the FSF.
    OpenLicence,
    /// A score from the first to the last of these.
    Score(i64, i64),
}

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Name of a field, criterion, probe, check or section.
    pub(crate) name: String,
    pub(crate) test: Test,
    pub(crate) question: String,
    pub(crate) said: Said,
    pub(crate) confidence: Confidence,
    /// Whether an answer is written back to this name.
    pub(crate) export: bool,
}

/// A section of a narrative and the headings under which it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) id: String,
    pub(crate) headings: Vec<String>,
    /// The question that its text answers.
    pub(crate) question: Option<String>,
    /// Whether its name at the beginning of an item of a list, or in bold, opens it too.
    pub(crate) in_lists: bool,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub(crate) rules: Vec<Rule>,
    pub(crate) sections: Vec<Section>,
}

impl Mapping {
    /// The built-in table of a format; empty where it has none. A test reads them all without problems.
    pub(crate) fn of(format: Format) -> Self {
        let table = TABLES.iter().find(|(of, _)| *of == format);
        table.map_or_else(Self::default, |(_, text)| read(&Document::new(format.word(), *text)).0)
    }

    /// The rules for a name, in the order of the table.
    pub(crate) fn rules_of<'m>(&'m self, name: &'m str) -> impl Iterator<Item = &'m Rule> {
        self.rules.iter().filter(move |rule| rule.name == name)
    }
}

/// Reads a table, with everything that is wrong with it.
pub(super) fn read(document: &Document) -> (Mapping, Vec<Problem>) {
    let mut problems = Vec::new();
    let mapping = match parse(document) {
        Ok(node) => mapping(&node, &mut problems).unwrap_or_default(),
        Err(problem) => {
            problems.push(problem);
            Mapping::default()
        }
    };
    (mapping, problems)
}

fn mapping(node: &Node, problems: &mut Vec<Problem>) -> Option<Mapping> {
    let mut fields = Fields::of(node, "a table", problems)?;
    if fields.required_text("schema", problems).is_some_and(|schema| schema != IMPORTS_SCHEMA) {
        problems.push(Problem::error(format!("the schema must be `{IMPORTS_SCHEMA}`"), 0..0));
    }
    fields.required_text("format", problems);
    fields.text("source", problems);
    let rules = list(fields.required("rules", problems), problems);
    let sections = list(fields.node("sections"), problems);
    fields.finish(problems);
    let rules = rules.into_iter().flat_map(|node| rule(node, problems)).collect();
    let sections = sections.into_iter().filter_map(|node| section(node, problems)).collect();
    Some(Mapping { rules, sections })
}

fn list<'n>(node: Option<&'n Node>, problems: &mut Vec<Problem>) -> Vec<&'n Node> {
    match node.map(|node| (&node.kind, node)) {
        Some((Kind::List(items), _)) => items.iter().collect(),
        Some((_, node)) => {
            problems.push(Problem::error("this is a list", node.span.clone()));
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn section(node: &Node, problems: &mut Vec<Problem>) -> Option<Section> {
    let mut fields = Fields::of(node, "a section", problems)?;
    let id = fields.required_text("id", problems);
    let headings = fields.texts("headings", problems);
    let question = fields.text("question", problems);
    let in_lists = fields.node("in_lists").is_some_and(|node| node.as_text() == Some("yes"));
    fields.finish(problems);
    Some(Section { id: id?, headings, question, in_lists })
}

/// The rules of one entry: one with `value` and `confidence`, or up to three with `met`, `unmet` and `na`.
fn rule(node: &Node, problems: &mut Vec<Problem>) -> Vec<Rule> {
    let Some(mut fields) = Fields::of(node, "a rule", problems) else { return Vec::new() };
    let name = fields.required_text("name", problems).unwrap_or_default();
    let question = fields.required_text("question", problems).unwrap_or_default();
    let value = fields.node("value").and_then(said);
    let confidence = fields.word("confidence", &CONFIDENCES, problems);
    let export = fields.node("export").is_some_and(|node| node.as_text() == Some("yes"));
    let outcomes = [("met", "Met", yes(true)), ("unmet", "Unmet", yes(false)), ("na", "N/A", Said::NotApplicable)]
        .map(|(field, status, said)| (fields.word(field, &CONFIDENCES, problems), status, said));
    let test = test(&mut fields, problems);
    let span = fields.span();
    fields.finish(problems);
    let rule = |test: Test, said: Said, confidence: Confidence| Rule {
        name: name.clone(),
        test,
        question: question.clone(),
        said,
        confidence,
        export,
    };
    match (value, confidence) {
        (Some(said), Some(confidence)) => vec![rule(test, said, confidence)],
        (None, None) if outcomes.iter().any(|(confidence, ..)| confidence.is_some()) => outcomes
            .into_iter()
            .filter_map(|(confidence, status, said)| Some(rule(Test::Is(vec![status.to_owned()]), said, confidence?)))
            .collect(),
        _ => {
            let message = "a rule has `value` and `confidence`, or one of `met`, `unmet` and `na`";
            problems.push(Problem::error(message, span.start..span.start));
            Vec::new()
        }
    }
}

fn yes(value: bool) -> Said {
    Said::Value(Value::Bool(value))
}

fn said(node: &Node) -> Option<Said> {
    match node.as_text() {
        Some("not-applicable") => Some(Said::NotApplicable),
        _ => scalar(node).map(Said::Value),
    }
}

fn test(fields: &mut Fields<'_>, problems: &mut Vec<Problem>) -> Test {
    let number = |node: Option<&Node>| match node.map(|node| &node.kind) {
        Some(Kind::Int(number)) => Some(*number),
        _ => None,
    };
    let count = |node: Option<&Node>| number(node).and_then(|number| usize::try_from(number).ok());
    let link = fields.node("link").is_some();
    let open = fields.node("open_licence").is_some();
    let is = fields.node("is").map(|node| texts(node, "is", problems));
    let at_least = count(fields.node("at_least"));
    let at_most = count(fields.node("at_most"));
    let every = fields.text("every_begins", problems);
    let some = fields.text("some_begins", problems);
    let entry = fields.node("entry").map(|node| entry(node, problems));
    let from = number(fields.node("score_from"));
    let to = number(fields.node("score_to"));
    let tests = [
        is.map(Test::Is),
        link.then_some(Test::Link),
        open.then_some(Test::OpenLicence),
        at_least.map(Test::AtLeast),
        at_most.map(Test::AtMost),
        every.map(Test::EveryBegins),
        some.map(Test::SomeBegins),
        entry.map(Test::Entry),
        from.zip(to).map(|(from, to)| Test::Score(from, to)),
    ];
    let mut tests = tests.into_iter().flatten();
    let test = tests.next().unwrap_or(Test::Present);
    if tests.next().is_some() {
        let start = fields.span().start;
        problems.push(Problem::error("a rule asks one thing of its name", start..start));
    }
    test
}

fn entry(node: &Node, problems: &mut Vec<Problem>) -> Vec<(String, Vec<String>)> {
    let Kind::Map(entries) = &node.kind else {
        problems.push(Problem::error("`entry` is a mapping of fields to values", node.span.clone()));
        return Vec::new();
    };
    entries.iter().map(|(key, node)| (key.text.clone(), texts(node, &key.text, problems))).collect()
}

#[cfg(test)]
mod unit {
    use std::collections::BTreeSet;

    use super::*;
    use crate::questionnaire::Questionnaires;

    /// Every table is free of problems, names questions that exist, and gives values that they take.
    #[test]
    fn the_tables_fit_the_questions() {
        let questionnaires = Questionnaires::built_in().unwrap();
        for (format, text) in TABLES {
            let document = Document::new(format.word(), text);
            let (mapping, problems) = read(&document);
            let shown: Vec<String> = problems.iter().map(|problem| problem.render(&document, false)).collect();
            assert!(shown.is_empty(), "{}", shown.join("\n"));
            assert!(!mapping.rules.is_empty(), "{format:?}");
            for id in mapping.sections.iter().filter_map(|section| section.question.as_ref()) {
                let question = questionnaires.question(id).unwrap_or_else(|| panic!("{format:?}: no question {id}"));
                assert_eq!(question.refuses(&Value::Text("Text.".to_owned())), None, "{format:?}: {id}");
            }
            let mut seen = BTreeSet::new();
            for rule in &mapping.rules {
                let question = questionnaires.question(&rule.question);
                let question = question.unwrap_or_else(|| panic!("{format:?}: no question {}", rule.question));
                if let Said::Value(value) = &rule.said {
                    assert_eq!(question.refuses(value), None, "{format:?}: {}", rule.name);
                }
                assert!(seen.insert(format!("{rule:?}")), "{format:?}: {} stands twice", rule.name);
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_table_is_told() {
        let problems = |rule: &str| {
            let text = format!("schema: seaworthy.imports/1\nformat: x\nrules:\n  - {rule}\n");
            let (_, problems) = read(&Document::new("x", text));
            problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>()
        };
        assert!(problems("{name: a, question: b.c, value: yes, confidence: likely}").is_empty());
        assert_eq!(problems("{name: a, question: b.c}").len(), 1);
        assert_eq!(problems("{name: a, question: b.c, value: yes, confidence: sure}").len(), 2);
        assert_eq!(problems("{name: a, question: b.c, met: likely, link: yes, at_least: 2}").len(), 1);
        assert_eq!(problems("{name: a, question: b.c, met: likely, lnik: yes}").len(), 1);
        assert_eq!(read(&Document::new("x", "[")).1.len(), 1);
        assert_eq!(read(&Document::new("x", "schema: y\nformat: x\nrules: z\n")).1.len(), 2);
    }
}
