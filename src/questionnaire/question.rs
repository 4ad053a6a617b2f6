//! A question: one thing that a person can be asked and, often, that observations can settle.

mod criteria;
mod limits;

use std::ops::Range;

use chrono::NaiveDate;
use schemars::JsonSchema;

use super::condition::{Condition, boolean, each_once, scalar};
use super::duration::Months;
use super::model::{Exact, share};
use super::register::{self, AuditRule};
use crate::evidence::{Events, Value};
use crate::yaml::{Fields, Kind, Node, Problem, nearest};

pub use limits::Limits;

/// What kind of answer a question takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
pub enum AnswerType {
    YesNo,
    /// One of the question's choices.
    Choice,
    /// How much of the project it holds for: none, some, most, all.
    Coverage,
    Count,
    Days,
    Date,
    Link,
    Links,
    People,
    Text,
}

/// The answer types by their written names.
pub(crate) const ANSWER_TYPES: [(&str, AnswerType); 10] = [
    ("yes-no", AnswerType::YesNo),
    ("choice", AnswerType::Choice),
    ("coverage", AnswerType::Coverage),
    ("count", AnswerType::Count),
    ("days", AnswerType::Days),
    ("date", AnswerType::Date),
    ("link", AnswerType::Link),
    ("links", AnswerType::Links),
    ("people", AnswerType::People),
    ("text", AnswerType::Text),
];

/// The words of [`AnswerType::Coverage`], from least to most.
pub(crate) const COVERAGE: [&str; 4] = ["none", "some", "most", "all"];

impl AnswerType {
    /// The written name.
    pub fn word(self) -> &'static str {
        ANSWER_TYPES.iter().find(|(_, kind)| *kind == self).map_or("text", |(word, _)| word)
    }
}

/// One of the answers to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub id: String,
    pub title: String,
    /// What it is worth, from 0 to 1.
    pub score: Option<Exact>,
}

/// How sure an observation makes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Certainty {
    /// Speaks for it.
    Sign,
    /// Settles it.
    Proof,
}

/// What a rule gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    Value(Value),
    NotApplicable,
    /// The value of an observation.
    ValueOf(String),
}

/// A rule by which observations settle the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub given: Given,
    pub when: Condition,
    pub certainty: Certainty,
    pub span: Range<usize>,
}

impl Rule {
    /// The observation whose value it gives.
    pub(crate) fn value_of(&self) -> Option<&str> {
        match &self.given {
            Given::ValueOf(key) => Some(key),
            Given::Value(_) | Given::NotApplicable => None,
        }
    }
}

/// How much work it is to make the answer a good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Effort {
    /// A setting or a sentence.
    Small,
    /// A document or a workflow.
    Medium,
    /// A change in how people work.
    Large,
}

impl Effort {
    pub fn word(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub id: String,
    pub ask: String,
    pub why: String,
    /// What to do so that the answer is a good one.
    pub how: String,
    /// What counts as evidence for an answer.
    pub evidence: Option<String>,
    pub answer: AnswerType,
    pub choices: Vec<Choice>,
    /// The unit and the range of a number.
    pub limits: Limits,
    /// What must hold so that an answer above the lowest counts.
    pub criteria: Vec<String>,
    /// Whether a claim needs a justification.
    pub because_required: bool,
    /// Whether a claim needs a link or an attachment that shows it.
    pub evidence_required: bool,
    /// Asked only where this holds, or may hold, of other questions and of observations.
    pub asked_when: Option<Condition>,
    pub observe: Vec<Rule>,
    /// Answers that follow from the register of audits.
    pub from_audits: Vec<AuditRule>,
    pub valid_for: Months,
    /// When the answer is due to be looked at again, where that is not a share of its time as of all questions.
    pub due_after: Option<Months>,
    /// Events after which the answer must be looked at again.
    pub revisit_on: Vec<String>,
    /// Ids of questions about the same matter, whose answers help with this one.
    pub see_also: Vec<String>,
    pub effort: Effort,
    pub span: Range<usize>,
}

impl Question {
    /// Reads a question; problems are added with their places.
    pub fn parse(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(node, "a question", problems)?;
        let id = fields.required("id", problems).and_then(|node| identifier(node, problems));
        let ask = fields.required_text("ask", problems);
        let why = fields.required_text("why", problems);
        let how = fields.required_text("how", problems);
        let evidence = fields.text("evidence", problems);
        fields.required("answer", problems);
        let answer = fields.word("answer", &ANSWER_TYPES, problems);
        let choices = fields.node("choices").map_or_else(Vec::new, |node| choices(node, problems));
        let limits = Limits::parse(&mut fields, problems);
        let criteria = criteria::parse(&mut fields, problems);
        let because_required =
            fields.word("because", &[("required", true), ("optional", false)], problems).unwrap_or(false);
        let evidence_required =
            fields.node("evidence_required").is_some_and(|node| flag(node, "evidence_required", problems));
        let asked_when = fields.node("asked_when").and_then(|node| Condition::parse(node, problems));
        let observe = fields.node("observe").map_or_else(Vec::new, |node| rules(node, problems));
        let from_audits = fields.node("from_audits").map_or_else(Vec::new, |node| register::rules(node, problems));
        let valid_for =
            fields.required("valid_for", problems).and_then(|node| Months::parse(node, "valid_for", problems));
        let due_after = fields.node("due_after").and_then(|node| due_after(node, valid_for, problems));
        let revisit_on = fields.node("revisit_on").map_or_else(Vec::new, |node| events(node, problems));
        let see_also = fields.texts("see_also", problems);
        let efforts = [("small", Effort::Small), ("medium", Effort::Medium), ("large", Effort::Large)];
        let effort = fields.word("effort", &efforts, problems).unwrap_or(Effort::Medium);
        let span = fields.span();
        fields.finish(problems);
        let question = Self {
            id: id?,
            ask: ask?,
            why: why?,
            how: how?,
            evidence,
            answer: answer?,
            choices,
            limits,
            criteria,
            because_required,
            evidence_required,
            asked_when,
            observe,
            from_audits,
            valid_for: valid_for?,
            due_after,
            revisit_on,
            see_also,
            effort,
            span,
        };
        question.check_values(problems);
        Some(question)
    }

    /// The day on which an answer is due to be looked at again: its soft limit. The hard one is the day until which it holds.
    pub fn due_on(&self, on: NaiveDate, until: NaiveDate, is_own_limit: bool) -> NaiveDate {
        match self.due_after {
            Some(due) if !is_own_limit => due.after(on),
            _ => {
                let days = u64::try_from((until - on).num_days()).unwrap_or(0);
                on.checked_add_days(chrono::Days::new(Events::built_in().due_days(days))).unwrap_or(until)
            }
        }
    }

    /// The keys of all observations that can settle it, in the order of its rules.
    pub fn keys(&self) -> Vec<&str> {
        each_once(self.observe.iter().flat_map(|rule| {
            let named = rule.when.leaves().into_iter().map(|leaf| leaf.name.as_str());
            named.chain(rule.value_of())
        }))
    }

    /// The names on which it hangs whether it is asked: those of questions, and of observations.
    pub fn asks_first(&self) -> Vec<&str> {
        self.asked_when.iter().flat_map(Condition::leaves).map(|leaf| leaf.name.as_str()).collect()
    }

    /// Whether this value is a claim, and a claim needs evidence. To say no, or none, takes none.
    pub fn needs_evidence(&self, value: &Value) -> bool {
        let claims_nothing = *value == Value::Bool(false) || *value == Value::Text("none".to_owned());
        self.evidence_required && !claims_nothing
    }

    /// The answers to choose from and what each is worth; none where the question does not say it for all of them. Those of
    /// a coverage are 0, 1/4, 1/2 and 1.
    pub fn scores(&self) -> Option<Vec<(&str, Exact)>> {
        match self.answer {
            AnswerType::Coverage => {
                let worth = [Exact::from_integer(0), Exact::new(1, 4), Exact::new(1, 2), Exact::from_integer(1)];
                Some(COVERAGE.into_iter().zip(worth).collect())
            }
            AnswerType::Choice => self.choices.iter().map(|choice| Some((choice.id.as_str(), choice.score?))).collect(),
            _ => None,
        }
    }

    /// Why a value is no answer to this question; None where it is one.
    pub fn refuses(&self, value: &Value) -> Option<String> {
        let fits = match (self.answer, value) {
            (AnswerType::YesNo, Value::Bool(_)) => true,
            (AnswerType::Text, Value::Text(text)) => !text.trim().is_empty(),
            (AnswerType::Choice, Value::Text(text)) => self.choices.iter().any(|choice| choice.id == *text),
            (AnswerType::Coverage, Value::Text(text)) => COVERAGE.contains(&text.as_str()),
            (AnswerType::Count | AnswerType::Days, Value::Count(number)) => self.limits.admits(*number),
            (AnswerType::Date, Value::Text(text)) => text.parse::<chrono::NaiveDate>().is_ok(),
            (AnswerType::Link, Value::Text(text)) => is_link(text),
            (AnswerType::Links, Value::List(links)) => !links.is_empty() && links.iter().all(|link| is_link(link)),
            (AnswerType::People, Value::List(people)) => !people.is_empty(),
            _ => false,
        };
        (!fits).then(|| self.expects())
    }

    /// What an answer looks like, as a phrase.
    pub fn expects(&self) -> String {
        match self.answer {
            AnswerType::YesNo => "yes or no".to_owned(),
            AnswerType::Choice => {
                format!(
                    "one of {}",
                    self.choices.iter().map(|choice| choice.id.as_str()).collect::<Vec<_>>().join(", ")
                )
            }
            AnswerType::Coverage => format!("one of {}", COVERAGE.join(", ")),
            AnswerType::Count => match &self.limits.unit {
                Some(unit) => format!("a whole number of {unit}, {}", self.limits.range()),
                None => format!("a whole number, {}", self.limits.range()),
            },
            AnswerType::Days => format!("a number of days, {}", self.limits.range()),
            AnswerType::Date => "a day such as 2026-03-01".to_owned(),
            AnswerType::Link => "a link that begins with https://".to_owned(),
            AnswerType::Links => "a list of links that begin with https://".to_owned(),
            AnswerType::People => "a list of people, such as [\"@alice\", \"@bob\"]".to_owned(),
            AnswerType::Text => "text or Markdown".to_owned(),
        }
    }

    fn check_values(&self, problems: &mut Vec<Problem>) {
        if self.answer == AnswerType::Choice && self.choices.len() < 2 {
            problems.push(Problem::error("a choice needs at least two `choices`", self.span.start..self.span.start));
        }
        if self.answer != AnswerType::Choice && !self.choices.is_empty() {
            problems
                .push(Problem::error("only an answer of type choice has `choices`", self.span.start..self.span.start));
        }
        let is_number = matches!(self.answer, AnswerType::Count | AnswerType::Days);
        if !is_number && !self.limits.is_empty() {
            problems.push(Problem::error(
                "only an answer of type count or days has `unit`, `min` and `max`",
                self.span.start..self.span.start,
            ));
        }
        if self.answer == AnswerType::Days && self.limits.unit.is_some() {
            problems.push(
                Problem::error("the unit of an answer of type days is days", self.span.start..self.span.start)
                    .help("leave `unit` out, or take `answer: count`"),
            );
        }
        let scored = self.choices.iter().filter(|choice| choice.score.is_some()).count();
        if scored > 0 && scored < self.choices.len() {
            problems
                .push(Problem::error("either all `choices` have a `score`, or none", self.span.start..self.span.start));
        }
        self.check_criteria(problems);
        for rule in &self.observe {
            if let Given::Value(value) = &rule.given
                && let Some(expected) = self.refuses(value)
            {
                problems.push(Problem::error(
                    format!("`{value}` is no answer to this question: it takes {expected}"),
                    rule.span.clone(),
                ));
            }
        }
    }
}

/// Whether a text is a link to a page.
pub(crate) fn is_link(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && url::Url::parse(text).is_ok_and(|url| url.has_host())
}

/// Whether a text is a name of small letters, digits and hyphens.
pub(super) fn identifier_part(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_lowercase())
        && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// An id such as `access.direct-push-blocked`.
pub(crate) fn identifier(node: &Node, problems: &mut Vec<Problem>) -> Option<String> {
    let good = |text: &str| text.split('.').count() == 2 && text.split('.').all(identifier_part);
    match node.as_text() {
        Some(text) if good(text) => Some(text.to_owned()),
        _ => {
            problems.push(
                Problem::error(
                    "an id has the form `topic.name`, in small letters, digits and hyphens",
                    node.span.clone(),
                )
                .help("for example `access.direct-push-blocked`"),
            );
            None
        }
    }
}

/// What a choice is worth: 0, 1 or a share such as 1/2.
fn score(node: &Node, problems: &mut Vec<Problem>) -> Option<Exact> {
    let score = match &node.kind {
        Kind::Int(whole @ (0 | 1)) => u32::try_from(*whole).ok().map(Exact::from_integer),
        Kind::Text(text) => share(text),
        _ => None,
    };
    if score.is_none() {
        problems.push(Problem::error("a `score` is 0, 1 or a share such as 1/2", node.span.clone()));
    }
    score
}

fn flag(node: &Node, name: &str, problems: &mut Vec<Problem>) -> bool {
    boolean(node).unwrap_or_else(|| {
        problems.push(Problem::error(format!("`{name}` is yes or no"), node.span.clone()));
        false
    })
}

fn choices(node: &Node, problems: &mut Vec<Problem>) -> Vec<Choice> {
    let Kind::List(items) = &node.kind else {
        problems.push(Problem::error("`choices` is a list of `{ id, title }`", node.span.clone()));
        return Vec::new();
    };
    items
        .iter()
        .filter_map(|item| {
            let mut fields = Fields::of(item, "a choice", problems)?;
            let id = fields.required_text("id", problems);
            let title = fields.required_text("title", problems);
            let score = fields.node("score").and_then(|node| score(node, problems));
            fields.finish(problems);
            Some(Choice { id: id?, title: title?, score })
        })
        .collect()
}

/// The soft limit, which comes before the hard one.
fn due_after(node: &Node, valid_for: Option<Months>, problems: &mut Vec<Problem>) -> Option<Months> {
    let due = Months::parse(node, "due_after", problems)?;
    if valid_for.is_some_and(|valid_for| due >= valid_for) {
        problems.push(
            Problem::error("`due_after` is as long as `valid_for`, or longer", node.span.clone())
                .help("an answer is due before it runs out; leave it out for the usual share of its time"),
        );
        return None;
    }
    Some(due)
}

fn events(node: &Node, problems: &mut Vec<Problem>) -> Vec<String> {
    let Kind::List(items) = &node.kind else {
        problems.push(Problem::error("`revisit_on` is a list of events", node.span.clone()));
        return Vec::new();
    };
    for item in items {
        let text = item.as_text().unwrap_or("");
        if Events::built_in().get(text).is_none() {
            let names: Vec<&str> = Events::built_in().all().iter().map(|event| event.id.as_str()).collect();
            let problem = Problem::error(format!("`{text}` is no event"), item.span.clone());
            problems.push(match nearest(text, names.iter().copied()) {
                Some(name) => problem.help(format!("did you mean `{name}`?")),
                None => problem.help(format!("events are {}", names.join(", "))),
            });
        }
    }
    items.iter().filter_map(|item| item.as_text().map(str::to_owned)).collect()
}

fn rules(node: &Node, problems: &mut Vec<Problem>) -> Vec<Rule> {
    let Kind::List(items) = &node.kind else {
        problems.push(Problem::error("`observe` is a list of rules", node.span.clone()));
        return Vec::new();
    };
    items.iter().filter_map(|item| rule(item, problems)).collect()
}

fn rule(node: &Node, problems: &mut Vec<Problem>) -> Option<Rule> {
    let mut fields = Fields::of(node, "a rule", problems)?;
    let value = fields.node("value");
    let value_of = fields.text("value_of", problems);
    let when = fields.required("when", problems).and_then(|node| Condition::parse(node, problems));
    fields.required("certainty", problems);
    let certainty = fields.word("certainty", &[("proof", Certainty::Proof), ("sign", Certainty::Sign)], problems);
    let span = fields.span();
    fields.finish(problems);
    let given = match (value, value_of) {
        (Some(node), None) if node.as_text() == Some("not-applicable") => Given::NotApplicable,
        (Some(node), None) => match scalar(node) {
            Some(value) => Given::Value(value),
            None => {
                problems.push(Problem::error(
                    format!("a rule gives one value, this is {}", node.type_name()),
                    node.span.clone(),
                ));
                return None;
            }
        },
        (None, Some(key)) => Given::ValueOf(key),
        _ => {
            problems.push(Problem::error("a rule gives either `value` or `value_of`", span.start..span.start));
            return None;
        }
    };
    Some(Rule { given, when: when?, certainty: certainty?, span })
}
