//! Checks of questionnaires that their form alone does not show: names, types, sense and wording.
//!
//! What makes a file unusable or lets a rule say something that cannot be is an error. What is only doubtful is a warning.

mod asked;
mod choices;
mod holds;
mod model;
mod names;
mod profile;
mod rules;
mod sets;
mod shape;
mod wording;

use std::collections::BTreeSet;
use std::ops::Range;

pub(super) use sets::lint_sets;

use self::holds::{Found, Search};
use self::shape::{Case, Shape};
use super::bank::{Questionnaires, Source};
use super::condition::Condition;
use super::question::{Given, Question};
use crate::yaml::{Document, Problem, Severity};

/// Which of two conditions over questions holds whenever the other does. What cannot be proved is not so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Compared {
    pub(super) left_implies: bool,
    pub(super) right_implies: bool,
}

/// Compares two conditions over questions, where everything applies and all else may be unknown.
pub(super) fn compare(left: &Condition, right: &Condition, all: &Questionnaires) -> Compared {
    let implies = |one: &Condition, other: &Condition| {
        let search = Search { holding: vec![one], failing: vec![other], with_unknown: true, all_apply: true };
        search.concludes(|id| all.question(id).map(Shape::from)) == Found::No
    };
    Compared { left_implies: implies(left, right), right_implies: implies(right, left) }
}

/// Whether a condition over questions can hold by the values that `given` says of each, all else being unknown. Where that
/// cannot be told, it can.
pub(super) fn reachable_by(
    condition: &Condition,
    all: &Questionnaires,
    given: impl Fn(&Question) -> Vec<Given>,
) -> bool {
    let search = Search { holding: vec![condition], failing: Vec::new(), with_unknown: true, all_apply: false };
    let keeps = |id: &str, case: &Case| {
        let Some(question) = all.question(id) else { return false };
        given(question).iter().any(|given| match (given, case) {
            (Given::Value(value), Case::Value(case)) => value == case,
            (Given::ValueOf(_), Case::Value(_)) | (Given::NotApplicable, Case::Inapplicable) => true,
            _ => false,
        })
    };
    search.concludes_with(|id| all.question(id).map(Shape::from), keeps) != Found::No
}

/// Adds the problems of a file that has been read, in the light of all files.
pub(super) fn lint(document: &Document, source: &Source, all: &Questionnaires, problems: &mut Vec<Problem>) {
    match source {
        Source::Questions { topic, questions, .. } => {
            lint_ids(topic, questions, problems);
            for question in questions {
                lint_question(document, question, all, problems);
            }
        }
        Source::Model(model) => model::lint(document, model, all, problems),
        Source::Profile { profile, model: Some(model) } => profile::lint(document, profile, model, all, problems),
        Source::Crosswalk(crosswalk) => crosswalk.lint(all, problems),
        Source::Replaced(replaced) => replaced.iter().for_each(|replacement| replacement.lint(all, problems)),
        Source::Profile { model: None, .. } | Source::Lock(_) => {}
    }
}

fn lint_ids(topic: &str, questions: &[Question], problems: &mut Vec<Problem>) {
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
    }
}

fn lint_question(document: &Document, question: &Question, all: &Questionnaires, problems: &mut Vec<Problem>) {
    let mut found = Vec::new();
    names::lint_question(question, &mut found);
    // Rules with wrong names or types have no sense that could be checked.
    if found.iter().all(|problem| problem.severity != Severity::Error) {
        rules::lint(question, &mut found);
    }
    names::lint_from_audits(question, &mut found);
    names::lint_see_also(document, question, all, &mut found);
    asked::lint(document, question, all, &mut found);
    choices::lint(document, question, &mut found);
    wording::lint(document, question, all, &mut found);
    problems.extend(found);
}

/// Where a field of a mapping stands: the line with its name, or the beginning of the mapping where it is written in one line.
pub(super) fn field_at(document: &Document, mapping: &Range<usize>, name: &str) -> Range<usize> {
    let (_, column) = document.position(mapping.start);
    let text = document.text().get(mapping.start..).unwrap_or("");
    let mut at = mapping.start;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let indent = if number == 0 { column - 1 } else { line.len() - line.trim_start_matches(' ').len() };
        let is_blank = line.trim().is_empty() || line.trim_start().starts_with('#');
        if indent + 1 < column && !is_blank {
            break;
        }
        let trimmed = line.trim_start_matches(' ');
        if indent + 1 == column && trimmed.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')) {
            let start = at + (line.len() - trimmed.len());
            return start..start + trimmed.trim_end().len();
        }
        at += line.len();
    }
    mapping.start..mapping.start
}
