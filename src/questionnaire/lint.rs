//! Checks of questionnaires that their form alone does not show: names, types, sense and wording.
//!
//! What makes a file unusable or lets a rule say something that cannot be is an error. What is only doubtful is a warning.

mod asked;
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

use super::bank::{Questionnaires, Source};
use super::question::Question;
use crate::yaml::{Document, Problem, Severity};

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
        Source::Profile { model: None, .. } => {}
        Source::Replaced(replaced) => replaced.iter().for_each(|replacement| replacement.lint(all, problems)),
        Source::Lock(_) => {}
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
    asked::lint(document, question, all, &mut found);
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
