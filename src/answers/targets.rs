//! What the maintainers aim at, by model.

use std::collections::BTreeMap;

use crate::questionnaire::{Exact, Model, Questionnaires, Scoring};
use crate::yaml::{Key, Kind, Node, Problem, nearest};

/// A target is kept to so many parts of one.
const PARTS: u32 = 10_000;

/// Reads the targets under one model: `{ D-TA: 1.5, all: 2 }`. A requirement may be named in any way in which it is written.
pub(super) fn read(
    model: &Key,
    node: &Node,
    questionnaires: &Questionnaires,
    problems: &mut Vec<Problem>,
) -> Option<BTreeMap<String, Exact>> {
    let Some(known) = questionnaires.model(&model.text) else {
        let problem = Problem::error(format!("there is no model `{}`", model.text), model.span.clone());
        let ids = questionnaires.models().iter().map(|model| model.id.as_str());
        problems.push(match nearest(&model.text, ids) {
            Some(id) => problem.help(format!("did you mean `{id}`?")),
            None => problem.help("`seaworthy models` lists them"),
        });
        return None;
    };
    let Kind::Map(entries) = &node.kind else {
        problems.push(Problem::error("targets are numbers by area, such as `{ all: 2 }`", node.span.clone()));
        return None;
    };
    let mut targets = BTreeMap::new();
    for (name, value) in entries {
        let Some(part) = part(known, &name.text) else {
            problems.push(unknown(known, name));
            continue;
        };
        let Some(number) = number(value, part.highest) else {
            let message = format!("a target of `{}` is a number from 0 to {}, such as 0.5", name.text, part.highest);
            problems.push(Problem::error(message, value.span.clone()));
            continue;
        };
        if targets.insert(part.id.to_owned(), number).is_some() {
            problems.push(Problem::error(format!("`{}` has a target already", part.id), name.span.clone()));
        }
    }
    for (name, _) in entries {
        let parts = |requirement: &&crate::questionnaire::Requirement| {
            requirement.area == name.text && targets.contains_key(&requirement.id)
        };
        if let Some(requirement) = known.requirements.iter().find(parts) {
            let message = format!("`{}` has a target of its own, and so has `{}` in it", name.text, requirement.id);
            let help = "the targets of its requirements make that of the whole; leave one of them out";
            problems.push(Problem::error(message, name.span.clone()).help(help));
        }
    }
    Some(targets)
}

/// Something that has a score.
struct Part<'m> {
    id: &'m str,
    /// The highest score.
    highest: u32,
}

/// What a name means: the whole, a group, an area, a level of a badge, or a requirement that is worth something.
fn part<'m>(model: &'m Model, name: &str) -> Option<Part<'m>> {
    let highest = match model.scoring {
        Scoring::AveragedPractices => 3,
        _ => 300,
    };
    let areas = model.areas.iter().map(|area| area.id.as_str());
    let groups = model.groups.iter().map(|group| group.id.as_str());
    let id = std::iter::once("all").chain(groups).chain(areas).find(|id| *id == name);
    let requirement = || match model.scoring {
        Scoring::AveragedPractices => model.requirement(name).map(|found| Part { id: &found.id, highest: 1 }),
        _ => None,
    };
    id.map(|id| Part { id, highest }).or_else(requirement)
}

fn unknown(model: &Model, name: &Key) -> Problem {
    let message = format!("`{}` is no part of {} that has a score", name.text, model.title);
    let problem = Problem::error(message, name.span.clone());
    let areas = model.areas.iter().map(|area| area.id.as_str());
    let groups = model.groups.iter().map(|group| group.id.as_str());
    let names: Vec<&str> = std::iter::once("all").chain(groups).chain(areas).collect();
    let requirements = model.requirements.iter().map(|requirement| requirement.id.as_str());
    let requirements = requirements.filter(|_| model.scoring == Scoring::AveragedPractices);
    match nearest(&name.text, names.iter().copied().chain(requirements)) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("there are: {}", names.join(", "))),
    }
}

fn number(node: &Node, highest: u32) -> Option<Exact> {
    match node.kind {
        Kind::Int(number) => u32::try_from(number).ok().filter(|number| *number <= highest).map(Exact::from_integer),
        Kind::Float(number) if (0.0..=f64::from(highest)).contains(&number) => {
            let parts = (number * f64::from(PARTS)).round();
            // At most 3,000,000, and no less than nothing.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was bounded just now")]
            let parts = parts as u32;
            Some(Exact::new(parts, PARTS))
        }
        _ => None,
    }
}
