//! Whether the conditions under which questions are asked make sense: names, types, circles, and whether they can hold.

use std::collections::BTreeSet;

use super::holds::Search;
use super::shape::{self, Shape};
use super::{field_at, names};
use crate::questionnaire::bank::Questionnaires;
use crate::questionnaire::question::Question;
use crate::yaml::{Document, Problem, Severity};

/// Adds what is wrong with the condition under which a question is asked.
pub(super) fn lint(document: &Document, question: &Question, all: &Questionnaires, problems: &mut Vec<Problem>) {
    let Some(condition) = &question.asked_when else { return };
    let mut found = Vec::new();
    names::lint_mixed_condition(condition, all, &mut found);
    found.extend(circle(question, all));
    let sound = found.iter().all(|problem| problem.severity != Severity::Error);
    problems.extend(found);
    let shape = |name: &str| all.question(name).map(Shape::from).or_else(|| shape::of_key(name));
    if sound && !Search::all(&[condition]).finds(shape) {
        problems.push(
            Problem::error(
                format!("`{}` is never asked", question.id),
                field_at(document, &question.span, "asked_when"),
            )
            .help(format!("its condition asks for what excludes itself: {condition}")),
        );
    }
}

/// The first name in the condition that leads back to the question.
fn circle(question: &Question, all: &Questionnaires) -> Option<Problem> {
    let leaves = question.asked_when.as_ref()?.leaves();
    let leaf = leaves.into_iter().find(|leaf| leads_to(&leaf.name, &question.id, all))?;
    let message = if leaf.name == question.id {
        format!("whether `{}` is asked cannot hang on itself", question.id)
    } else {
        format!("whether `{}` is asked hangs on `{}`, which hangs on it in turn", question.id, leaf.name)
    };
    Some(Problem::error(message, leaf.span.clone()).help("one of them must be asked whatever the other says"))
}

/// Whether one question hangs on another, at any remove.
fn leads_to(from: &str, to: &str, all: &Questionnaires) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut pending = vec![from];
    while let Some(id) = pending.pop() {
        if id == to {
            return true;
        }
        let next = all.question(id).map(Question::asks_first).unwrap_or_default();
        pending.extend(next.into_iter().filter(|id| seen.insert(id)));
    }
    false
}
