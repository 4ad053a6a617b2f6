//! Whether the requirements of a model can be met, and whether all its parts are used.

use super::shape::Shape;
use super::{field_at, holds::Search, names};
use crate::questionnaire::bank::Questionnaires;
use crate::questionnaire::condition::Condition;
use crate::questionnaire::model::{Model, Requirement};
use crate::yaml::{Document, Problem, Severity};

/// Adds the problems of a model.
pub(super) fn lint(document: &Document, model: &Model, all: &Questionnaires, problems: &mut Vec<Problem>) {
    for requirement in &model.requirements {
        lint_requirement(document, requirement, all, problems);
    }
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
