//! What the maintainers aim at, by model.

use std::collections::BTreeMap;

use crate::questionnaire::{Exact, Model, Questionnaires};
use crate::yaml::{Key, Kind, Node, Problem, nearest};

/// A target is kept to so many parts of one.
const PARTS: u32 = 10_000;
/// No score goes higher: three levels of a hundred percent.
const HIGHEST: f64 = 300.0;

/// Reads the targets under one model: `{ D-TA: 1.5, all: 2 }`.
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
    let names = names(known);
    let mut target = |(name, value): &(Key, Node)| {
        if !names.contains(&name.text.as_str()) {
            let message = format!("`{}` is no part of {} that has a score", name.text, known.title);
            let problem = Problem::error(message, name.span.clone());
            problems.push(match nearest(&name.text, names.iter().copied()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help(format!("there are: {}", names.join(", "))),
            });
            return None;
        }
        let number = number(value);
        if number.is_none() {
            problems.push(Problem::error("a target is a number such as 2 or 1.5", value.span.clone()));
        }
        Some((name.text.clone(), number?))
    };
    Some(entries.iter().filter_map(&mut target).collect())
}

/// What a target can be set for.
fn names(model: &Model) -> Vec<&str> {
    let areas = model.areas.iter().map(|area| area.id.as_str());
    let groups = model.groups.iter().map(|group| group.id.as_str());
    std::iter::once("all").chain(groups).chain(areas).collect()
}

fn number(node: &Node) -> Option<Exact> {
    match node.kind {
        Kind::Int(number) => {
            u32::try_from(number).ok().filter(|number| f64::from(*number) <= HIGHEST).map(Exact::from_integer)
        }
        Kind::Float(number) if (0.0..=HIGHEST).contains(&number) => {
            let parts = (number * f64::from(PARTS)).round();
            // At most 3,000,000, and no less than nothing.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was bounded just now")]
            let parts = parts as u32;
            Some(Exact::new(parts, PARTS))
        }
        _ => None,
    }
}
