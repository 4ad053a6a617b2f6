//! Whether a profile is nowhere looser than the model that it extends, unless it says so.

use super::holds::{Found, Search};
use super::model::{lint_parts, lint_requirement};
use super::shape::Shape;
use super::{field_at, names};
use crate::questionnaire::bank::Questionnaires;
use crate::questionnaire::condition::Condition;
use crate::questionnaire::model::{Demand, Model, Parts, Requirement, Rules};
use crate::questionnaire::profile::Profile;
use crate::yaml::{Document, Problem, Severity};

/// Adds the problems of a profile. What it takes over unchanged is checked in the model that it extends.
pub(super) fn lint(
    document: &Document,
    profile: &Profile,
    model: &Model,
    all: &Questionnaires,
    problems: &mut Vec<Problem>,
) {
    let base = model.derived.as_ref().and_then(|derived| all.model(&derived.model));
    let in_base = |id: &str| base?.requirements.iter().find(|requirement| requirement.id == id);
    for parts in &profile.requirements {
        let Some(requirement) = model.requirements.iter().find(|requirement| requirement.id == parts.id) else {
            continue;
        };
        match in_base(&parts.id) {
            None => lint_requirement(document, requirement, all, problems),
            Some(before) => lint_change(document, parts, requirement, before, profile, all, problems),
        }
    }
    lint_parts(document, model, problems);
}

fn lint_change(
    document: &Document,
    parts: &Parts,
    requirement: &Requirement,
    before: &Requirement,
    profile: &Profile,
    all: &Questionnaires,
    problems: &mut Vec<Problem>,
) {
    let mut found = Vec::new();
    if let Some(also) = &parts.also_when {
        // The rest of the condition stands in another file.
        names::lint_condition(also, all, &mut found);
        if found.is_empty() && !requirement.met_when().is_none_or(|met| can_hold(met, all)) {
            let at = field_at(document, &parts.span, "also_when");
            let help = format!("`{}` demands already: {}", requirement.id, shown(before.met_when()));
            found.push(Problem::error(format!("nothing can ever meet `{}`", requirement.id), at).help(help));
        }
    } else {
        // What it does not change is checked where it stands.
        let changed = Requirement {
            met: parts.met.clone().unwrap_or(Demand::LevelReached(1)),
            partly_when: parts.partly_when.clone(),
            not_applicable_when: parts.not_applicable_when.clone(),
            worth: Vec::new(),
            ..requirement.clone()
        };
        lint_requirement(document, &changed, all, &mut found);
    }
    if found.iter().all(|problem| problem.severity != Severity::Error) {
        found.extend(lint_loosening(document, parts, requirement, before, profile, all));
    }
    problems.extend(found);
}

fn can_hold(condition: &Condition, all: &Questionnaires) -> bool {
    Search::all(&[condition]).finds(|id| all.question(id).map(Shape::from))
}

fn shown(condition: Option<&Condition>) -> String {
    condition.map_or_else(|| "a level".to_owned(), ToString::to_string)
}

fn lint_loosening(
    document: &Document,
    parts: &Parts,
    requirement: &Requirement,
    before: &Requirement,
    profile: &Profile,
    all: &Questionnaires,
) -> Option<Problem> {
    let (field, how) = match (loosened(parts, requirement, before, profile, all), &parts.loosens) {
        (Some(found), None) => found,
        (None, Some(_)) => {
            let at = field_at(document, &parts.span, "loosens");
            return Some(Problem::warning(format!("`{}` is nowhere looser, for all that can be told", parts.id), at));
        }
        _ => return None,
    };
    let problem = Problem::error(format!("`{}` {how}", parts.id), field_at(document, &parts.span, field));
    Some(problem.help("say why in `loosens`, or demand more with `also_when`; reports tell what a profile loosens"))
}

/// The field that makes a requirement looser, and how.
fn loosened(
    parts: &Parts,
    requirement: &Requirement,
    before: &Requirement,
    profile: &Profile,
    all: &Questionnaires,
) -> Option<(&'static str, String)> {
    let holds_without = |new: &Condition, old: &Condition| {
        let search = Search { holding: vec![new], failing: vec![old], with_unknown: true, all_apply: true };
        search.concludes(|id| all.question(id).map(Shape::from)) == Found::Yes
    };
    if parts.met.is_some() {
        let looser = match (requirement.met_when(), before.met_when()) {
            (Some(new), Some(old)) => holds_without(new, old),
            _ => requirement.met != before.met,
        };
        if looser {
            let help = shown(before.met_when());
            return Some(("met_when", format!("would be met where the model does not meet it ({help})")));
        }
    }
    if let Some(new) = &parts.not_applicable_when
        && before.not_applicable_when.as_ref().is_none_or(|old| holds_without(new, old))
    {
        return Some(("not_applicable_when", "would not apply where it does in the model".to_owned()));
    }
    // Levels of its own cannot be compared.
    if profile.levels.is_none() && parts.levels.is_some() && requirement.from_level() > before.from_level() {
        let levels = (before.from_level(), requirement.from_level());
        return Some(("levels", format!("would count from level {} on, and not from level {}", levels.1, levels.0)));
    }
    let looser = |(level, old): (&u32, &Rules)| requirement.rules.get(level).is_none_or(|new| new.is_looser_than(*old));
    let known = |(level, _): &(&u32, &Rules)| requirement.levels.contains(level);
    if parts.rules.is_some() && before.rules.iter().filter(known).any(looser) {
        return Some(("rules", "has weaker rules than in the model".to_owned()));
    }
    None
}
