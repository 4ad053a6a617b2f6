//! What a named thing can be: the observations and questions that conditions speak of.

use chrono::{Days, NaiveDate};

use crate::evidence::{KeyInfo, Kind, Value, Vocabulary};
use crate::questionnaire::condition::Test;
use crate::questionnaire::question::{AnswerType, COVERAGE, Question};
use crate::questionnaire::register::Fact;

/// What a named thing can be.
pub(super) struct Shape {
    pub(super) kind: Kind,
    /// All values of a text; empty where it is free.
    pub(super) values: Vec<String>,
    /// The smallest and the largest number.
    pub(super) range: (i64, i64),
    /// Whether it can be looked for and not be there.
    pub(super) absent: bool,
    /// Whether it can be that it does not apply.
    pub(super) inapplicable: bool,
}

impl From<&KeyInfo> for Shape {
    fn from(info: &KeyInfo) -> Self {
        Self {
            kind: info.kind,
            values: info.values.clone(),
            range: (0, if info.kind == Kind::Percent { 100 } else { i64::MAX }),
            absent: info.absent,
            inapplicable: info.not_applicable.is_some(),
        }
    }
}

impl From<&Fact> for Shape {
    fn from(fact: &Fact) -> Self {
        Self { kind: fact.kind, values: Vec::new(), range: (0, i64::MAX), absent: fact.absent, inapplicable: false }
    }
}

impl From<&Question> for Shape {
    fn from(question: &Question) -> Self {
        let (kind, values) = match question.answer {
            AnswerType::YesNo => (Kind::Boolean, Vec::new()),
            AnswerType::Choice => (Kind::Text, question.choices.iter().map(|choice| choice.id.clone()).collect()),
            AnswerType::Coverage => (Kind::Text, COVERAGE.map(str::to_owned).to_vec()),
            AnswerType::Count | AnswerType::Days => (Kind::Count, Vec::new()),
            AnswerType::Date => (Kind::Date, Vec::new()),
            AnswerType::Link | AnswerType::Text => (Kind::Text, Vec::new()),
            AnswerType::Links | AnswerType::People => (Kind::List, Vec::new()),
        };
        let range = (question.limits.least(), question.limits.most());
        Self { kind, values, range, absent: false, inapplicable: true }
    }
}

/// The shape of an observation.
pub(super) fn of_key(name: &str) -> Option<Shape> {
    Vocabulary::built_in().get(name).map(Shape::from)
}

/// One way in which a named thing can stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Unknown,
    Absent,
    Inapplicable,
    Value(Value),
}

/// The longest list that stands for lists of its length.
const MAX_LENGTH: i64 = 1000;
/// The most items that a condition may look for in a list, to be followed.
const MAX_ITEMS: usize = 6;

impl Shape {
    /// Cases that stand for all: whatever the thing is, one of them passes the same of these tests. None where there would
    /// be too many.
    pub(super) fn cases(&self, tests: &[&Test], day: NaiveDate) -> Option<Vec<Case>> {
        let values = match self.kind {
            Kind::Boolean => vec![Value::Bool(true), Value::Bool(false)],
            Kind::Count | Kind::Percent => numbers(tests, self.range).into_iter().map(Value::Count).collect(),
            Kind::Date => days(tests, day)?,
            Kind::Text => self.texts(tests),
            Kind::List => lists(tests)?,
        };
        let mut cases: Vec<Case> = values.into_iter().map(Case::Value).collect();
        cases.extend(self.absent.then_some(Case::Absent));
        cases.extend(self.inapplicable.then_some(Case::Inapplicable));
        Some(cases)
    }

    fn texts(&self, tests: &[&Test]) -> Vec<Value> {
        if !self.values.is_empty() {
            return self.values.iter().cloned().map(Value::Text).collect();
        }
        let mut texts: Vec<String> = vec![String::new()];
        for test in tests {
            match test {
                Test::Is(Value::Text(text)) => texts.push(text.clone()),
                Test::OneOf(items) => texts.extend(items.iter().cloned()),
                _ => {}
            }
        }
        texts.into_iter().map(Value::Text).collect()
    }
}

/// The numbers at which a test can change its mind.
fn numbers(tests: &[&Test], (least, most): (i64, i64)) -> Vec<i64> {
    let mut numbers = vec![least];
    for test in tests {
        if let Test::Is(Value::Count(n)) | Test::AtLeast(n) | Test::AtMost(n) = test {
            numbers.extend([n.saturating_sub(1), *n, n.saturating_add(1)]);
        }
    }
    numbers.retain(|n| (least..=most).contains(n));
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn days(tests: &[&Test], day: NaiveDate) -> Option<Vec<Value>> {
    let ages = tests.iter().filter_map(|test| match test {
        Test::WithinDays(days) => u64::try_from(*days).ok(),
        _ => None,
    });
    let ages = ages.flat_map(|age| [age, age.saturating_add(1)]).chain([0]);
    ages.map(|age| Some(Value::from(day.checked_sub_days(Days::new(age))?))).collect()
}

fn lists(tests: &[&Test]) -> Option<Vec<Value>> {
    let mut items: Vec<&String> = tests
        .iter()
        .filter_map(|test| match test {
            Test::Contains(item) => Some(item),
            _ => None,
        })
        .collect();
    items.sort_unstable();
    items.dedup();
    let lengths = numbers(tests, (0, MAX_LENGTH));
    if items.len() > MAX_ITEMS || tests.iter().any(|test| too_long(test)) {
        return None;
    }
    let mut lists = Vec::new();
    for chosen in 0..(1_usize << items.len()) {
        let list: Vec<String> = items
            .iter()
            .enumerate()
            .filter(|(position, _)| chosen & (1 << position) != 0)
            .map(|(_, item)| (*item).clone())
            .collect();
        let longer = lengths.iter().filter_map(|length| usize::try_from(*length).ok());
        for length in longer.filter(|length| *length > list.len()).chain([list.len()]) {
            let filled = (list.len()..length).map(|n| format!("item {n}"));
            lists.push(Value::List(list.iter().cloned().chain(filled).collect()));
        }
    }
    Some(lists)
}

fn too_long(test: &Test) -> bool {
    matches!(test, Test::AtLeast(n) | Test::AtMost(n) if *n >= MAX_LENGTH)
}
