//! Checks that need more than one file: do the names in conditions exist, and do their types fit?

use std::collections::BTreeSet;

use super::bank::{Questionnaires, Source};
use super::condition::{Condition, Leaf, Test};
use super::question::{AnswerType, COVERAGE, Given, Question};
use crate::evidence::{KeyInfo, Kind, Value, Vocabulary};
use crate::yaml::{Problem, nearest};

/// Adds the problems of a file that has been read, in the light of all files.
pub fn lint(source: &Source, all: &Questionnaires, problems: &mut Vec<Problem>) {
    match source {
        Source::Questions { topic, questions, .. } => lint_questions(topic, questions, problems),
        Source::Model(model) => {
            for requirement in &model.requirements {
                for leaf in requirement.conditions().flat_map(Condition::leaves) {
                    lint_question_leaf(leaf, all, problems);
                }
            }
        }
    }
}

fn lint_questions(topic: &str, questions: &[Question], problems: &mut Vec<Problem>) {
    let mut ids = BTreeSet::new();
    for question in questions {
        let at = question.span.start..question.span.start;
        if !ids.insert(question.id.as_str()) {
            problems.push(Problem::error(format!("question `{}` stands twice", question.id), at.clone()));
        }
        if question.id.split('.').next() != Some(topic) {
            problems
                .push(Problem::error(format!("question `{}` does not belong to the topic `{topic}`", question.id), at));
        }
        for rule in &question.observe {
            for leaf in rule.when.leaves() {
                lint_key_leaf(leaf, problems);
            }
            if let Given::ValueOf(key) = &rule.given {
                lint_value_of(key, question, rule.span.start..rule.span.start, problems);
            }
        }
    }
}

/// What a named thing can be.
struct Shape {
    kind: Kind,
    values: Vec<String>,
    absent: bool,
}

impl From<&KeyInfo> for Shape {
    fn from(info: &KeyInfo) -> Self {
        Self { kind: info.kind, values: info.values.clone(), absent: info.absent }
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
            AnswerType::People => (Kind::List, Vec::new()),
        };
        Self { kind, values, absent: false }
    }
}

fn lint_key_leaf(leaf: &Leaf, problems: &mut Vec<Problem>) {
    let vocabulary = Vocabulary::built_in();
    let Some(info) = vocabulary.get(&leaf.name) else {
        problems.push(unknown(
            &format!("`{}` is no observation", leaf.name),
            leaf,
            vocabulary.keys().map(|info| info.key.as_str()),
        ));
        return;
    };
    if let Test::SharesWith(other) = &leaf.test
        && vocabulary.get(other).is_none_or(|info| info.kind != Kind::List)
    {
        problems.push(Problem::error(format!("`{other}` is no observation of type list"), leaf.span.clone()));
    }
    if matches!(leaf.test, Test::Applicable(_)) && info.not_applicable.is_none() {
        problems.push(Problem::error(format!("`{}` always applies", leaf.name), leaf.span.clone()));
    }
    lint_test(leaf, &Shape::from(info), problems);
}

fn lint_question_leaf(leaf: &Leaf, all: &Questionnaires, problems: &mut Vec<Problem>) {
    match all.question(&leaf.name) {
        // Whether there is an answer, whatever it is.
        Some(_) if leaf.test == Test::Present(true) => {}
        Some(question) => lint_test(leaf, &Shape::from(question), problems),
        None => {
            let ids = all.questions().iter().map(|question| question.id.as_str());
            problems.push(unknown(&format!("`{}` is no question", leaf.name), leaf, ids));
        }
    }
}

fn unknown<'a>(message: &str, leaf: &Leaf, names: impl Iterator<Item = &'a str>) -> Problem {
    let problem = Problem::error(message, leaf.span.clone());
    match nearest(&leaf.name, names) {
        Some(name) => problem.help(format!("did you mean `{name}`?")),
        None => problem,
    }
}

fn lint_test(leaf: &Leaf, shape: &Shape, problems: &mut Vec<Problem>) {
    if fits(&leaf.test, shape) {
        return;
    }
    let message = format!("`{}` is of type {}, so the test cannot hold: {}", leaf.name, shape.kind.word(), leaf.test);
    let problem = Problem::error(message, leaf.span.clone());
    problems.push(if shape.values.is_empty() {
        problem
    } else {
        problem.help(format!("its values are {}", shape.values.join(", ")))
    });
}

fn fits(test: &Test, shape: &Shape) -> bool {
    let is_value = |text: &String| shape.values.is_empty() || shape.values.contains(text);
    match (test, shape.kind) {
        (Test::Applicable(_), _)
        | (Test::Is(Value::Bool(_)), Kind::Boolean)
        | (Test::Is(Value::Count(_)), Kind::Count | Kind::Percent)
        | (Test::AtLeast(_) | Test::AtMost(_), Kind::Count | Kind::Percent | Kind::List)
        | (Test::WithinDays(_), Kind::Date)
        | (Test::Contains(_) | Test::SharesWith(_), Kind::List) => true,
        (Test::Is(Value::Text(text)), Kind::Text) => is_value(text),
        (Test::OneOf(items), Kind::Text) => items.iter().all(is_value),
        (Test::Present(_), _) => shape.absent,
        _ => false,
    }
}

fn lint_value_of(key: &str, question: &Question, at: std::ops::Range<usize>, problems: &mut Vec<Problem>) {
    let vocabulary = Vocabulary::built_in();
    let wanted = Shape::from(question).kind;
    match vocabulary.get(key) {
        None => {
            let problem = Problem::error(format!("`{key}` is no observation"), at);
            problems.push(match nearest(key, vocabulary.keys().map(|info| info.key.as_str())) {
                Some(name) => problem.help(format!("did you mean `{name}`?")),
                None => problem,
            });
        }
        Some(info) if info.kind == wanted || (wanted == Kind::Count && info.kind == Kind::Percent) => {}
        Some(info) => problems.push(Problem::error(
            format!("`{key}` is of type {}, an answer to this question is {}", info.kind.word(), question.expects()),
            at,
        )),
    }
}
