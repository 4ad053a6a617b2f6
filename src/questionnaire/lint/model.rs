//! Whether the requirements of a model can be met, and whether all its parts are used.

use super::shape::Shape;
use super::{field_at, holds::Search, names};
use crate::evidence::Vocabulary;
use crate::questionnaire::bank::Questionnaires;
use crate::questionnaire::condition::Condition;
use crate::questionnaire::model::{Model, Requirement};
use crate::questionnaire::outline::Row;
use crate::yaml::{Document, Problem, Severity, nearest};

/// Adds the problems of a model.
pub(super) fn lint(document: &Document, model: &Model, all: &Questionnaires, problems: &mut Vec<Problem>) {
    for requirement in &model.requirements {
        lint_requirement(document, requirement, all, problems);
    }
    lint_documents(model, all, problems);
    lint_parts(document, model, problems);
}

/// Adds the parts of a model that nothing uses.
pub(super) fn lint_parts(document: &Document, model: &Model, problems: &mut Vec<Problem>) {
    if model.requirements.is_empty() {
        let at = field_at(document, &(0..0), "requirements");
        problems.push(Problem::error(format!("model `{}` has no requirements", model.id), at));
        return;
    }
    let unused = |what: &str, field: &str| {
        Problem::warning(format!("no requirement {what}"), field_at(document, &(0..0), field))
    };
    for level in &model.levels {
        if !model.requirements.iter().any(|requirement| requirement.levels.contains(&level.id)) {
            problems.push(unused(&format!("has the level {}", level.id), "levels").help("leave the level out"));
        }
    }
    for area in &model.areas {
        if !model.requirements.iter().any(|requirement| requirement.area == area.id) {
            problems.push(unused(&format!("is in the area `{}`", area.id), "areas").help("leave the area out"));
        }
    }
}

/// What rows show must be there, and every requirement needs a place in one of the documents.
fn lint_documents(model: &Model, all: &Questionnaires, problems: &mut Vec<Problem>) {
    let sections = || model.documents.iter().flat_map(|document| document.all()).map(|(_, section)| section);
    for row in sections().flat_map(|section| &section.rows) {
        lint_row(row, all, problems);
    }
    for requirement in model.requirements.iter().filter(|_| !model.documents.is_empty()) {
        let placed = |id: &String| *id == requirement.id;
        if !sections().any(|section| section.requirement.iter().chain(&section.also).any(placed)) {
            let at = requirement.span.start..requirement.span.start;
            let problem = Problem::warning(format!("`{}` stands in no section of a document", requirement.id), at);
            problems.push(problem.help("name it as the `requirement` of a section, or in its `also`"));
        }
    }
}

fn lint_row(row: &Row, all: &Questionnaires, problems: &mut Vec<Problem>) {
    let at = row.span.start..row.span.start;
    let mut missing = |what: &str, name: &str, near: Option<&str>| {
        let problem = Problem::error(format!("there is no {what} `{name}`"), at.clone());
        problems.push(match near {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!("`seaworthy {what}s` lists them")),
        });
    };
    if let Some(id) = row.question.as_deref().filter(|id| all.question(id).is_none()) {
        missing("question", id, nearest(id, all.questions().iter().map(|question| question.id.as_str())));
    }
    let vocabulary = Vocabulary::built_in();
    for key in row.observations.iter().filter(|key| vocabulary.get(key).is_none()) {
        missing("observation", key, nearest(key, vocabulary.keys().map(|info| info.key.as_str())));
    }
}

/// The conditions of a requirement with the fields that they stand in.
fn conditions(requirement: &Requirement) -> Vec<(&'static str, &Condition)> {
    let named = [
        ("met_when", requirement.met_when()),
        ("partly_when", requirement.partly_when.as_ref()),
        ("not_applicable_when", requirement.not_applicable_when.as_ref()),
    ];
    let worth = requirement.worth.iter().map(|worth| ("worth", &worth.when));
    named.into_iter().filter_map(|(field, condition)| Some((field, condition?))).chain(worth).collect()
}

/// Adds the problems of a requirement.
pub(super) fn lint_requirement(
    document: &Document,
    requirement: &Requirement,
    all: &Questionnaires,
    problems: &mut Vec<Problem>,
) {
    for (field, condition) in conditions(requirement) {
        let mut found = Vec::new();
        names::lint_condition(condition, all, &mut found);
        let sound = found.iter().all(|problem| problem.severity != Severity::Error);
        problems.extend(found);
        if sound && !Search::all(&[condition]).finds(|id| all.question(id).map(Shape::from)) {
            let at = field_at(document, &requirement.span, field);
            let help = format!("it asks for what excludes itself: {condition}");
            let never = match field {
                "met_when" => Problem::error(format!("nothing can ever meet `{}`", requirement.id), at),
                _ => Problem::warning(format!("`{field}` of `{}` can never hold", requirement.id), at),
            };
            problems.push(never.help(help));
        }
    }
}
