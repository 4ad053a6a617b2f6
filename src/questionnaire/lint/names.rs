//! Whether the names in conditions exist, and whether their types fit.

use super::holds::Search;
use super::shape::Shape;
use crate::evidence::{Kind, Value, Vocabulary};
use crate::questionnaire::bank::Questionnaires;
use crate::questionnaire::condition::{Condition, Leaf, Test};
use crate::questionnaire::question::{AnswerType, Given, Question};
use crate::questionnaire::register::{FACTS, fact};
use crate::yaml::{Document, Problem, nearest};

/// Adds what is wrong with the names and types in a question's rules.
pub(super) fn lint_question(question: &Question, problems: &mut Vec<Problem>) {
    for rule in &question.observe {
        for leaf in rule.when.leaves() {
            lint_key_leaf(leaf, problems);
        }
        if let Given::ValueOf(key) = &rule.given {
            lint_value_of(key, question, rule.span.start..rule.span.start, problems);
        }
    }
}

/// Adds what is wrong with the names and types in a condition of a model.
pub(super) fn lint_condition(condition: &Condition, all: &Questionnaires, problems: &mut Vec<Problem>) {
    for leaf in condition.leaves() {
        lint_question_leaf(leaf, all, problems);
    }
}

/// Adds what is wrong with the names and types in a condition over questions and observations.
pub(super) fn lint_mixed_condition(condition: &Condition, all: &Questionnaires, problems: &mut Vec<Problem>) {
    let vocabulary = Vocabulary::built_in();
    for leaf in condition.leaves() {
        if all.question(&leaf.name).is_some() {
            lint_question_leaf(leaf, all, problems);
        } else if vocabulary.get(&leaf.name).is_some() {
            lint_key_leaf(leaf, problems);
        } else {
            let ids = all.questions().iter().map(|question| question.id.as_str());
            let names = ids.chain(vocabulary.keys().map(|info| info.key.as_str()));
            problems.push(unknown(&format!("`{}` is neither a question nor an observation", leaf.name), leaf, names));
        }
    }
}

/// Adds what is wrong with the questions that are named as near.
pub(super) fn lint_see_also(
    document: &Document,
    question: &Question,
    all: &Questionnaires,
    problems: &mut Vec<Problem>,
) {
    for id in &question.see_also {
        let at = || super::field_at(document, &question.span, "see_also");
        if *id == question.id {
            problems.push(Problem::error("a question is not near itself", at()));
        } else if all.question(id).is_none() {
            let problem = Problem::error(format!("there is no question `{id}`"), at());
            problems.push(match nearest(id, all.questions().iter().map(|question| question.id.as_str())) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help("`seaworthy questions` lists them"),
            });
        }
    }
}

/// Adds what is wrong with the rules by which a question is answered from the register of audits.
pub(super) fn lint_from_audits(question: &Question, problems: &mut Vec<Problem>) {
    for rule in &question.from_audits {
        for leaf in rule.when.leaves() {
            match fact(&leaf.name) {
                Some(fact) => lint_test(leaf, &Shape::from(fact), problems),
                None => {
                    let names = FACTS.iter().map(|fact| fact.name);
                    problems.push(unknown(&format!("`{}` is no fact of the register", leaf.name), leaf, names));
                }
            }
        }
        let wrong = match &rule.given {
            Given::Value(value) => {
                question.refuses(value).map(|expected| format!("`{value}` is no answer: it takes {expected}"))
            }
            Given::ValueOf(name) => match fact(name) {
                None => Some(format!("`{name}` is no fact of the register")),
                Some(fact) if fact.kind == Kind::Text && question.answer == AnswerType::Text => None,
                Some(_) => Some(format!("`{name}` can only answer a question that takes a text")),
            },
            Given::NotApplicable => Some("a register does not say what does not apply".to_owned()),
        };
        if let Some(message) = wrong {
            problems.push(Problem::error(message, rule.span.start..rule.span.start));
        } else if !Search::all(&[&rule.when]).finds(|name| fact(name).map(Shape::from)) {
            let message = format!("this rule of `{}` can never hold", question.id);
            problems.push(Problem::error(message, rule.span.start..rule.span.start));
        }
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
