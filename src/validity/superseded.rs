//! Answers under the id of a question that is no longer asked.

use super::{Item, ItemKind, Validity};
use crate::questionnaire::Questionnaires;
use crate::yaml::{Document, Kind, Node, parse};

/// The answers of a file whose questions something else took the place of. A file that cannot be read has none: the strict
/// reader tells what is wrong with it.
pub fn superseded(document: &Document, questionnaires: &Questionnaires) -> Vec<Item> {
    let Ok(node) = parse(document) else { return Vec::new() };
    let Some(Kind::Map(answers)) = field(&node, "answers").map(|node| &node.kind) else { return Vec::new() };
    let item = |id: &str| {
        let old = questionnaires.replacement(id)?;
        Some(Item {
            validity: Validity::Superseded,
            of: ItemKind::Answer,
            id: id.to_owned(),
            ask: format!("This question was {}.", old.phrase()),
            value: None,
            by: None,
            on: None,
            due: None,
            until: None,
            because: vec!["`seaworthy migrate` carries the answers file over.".to_owned()],
            changes: Vec::new(),
            requirements: Vec::new(),
        })
    };
    answers.iter().filter_map(|(key, _)| item(&key.text)).collect()
}

fn field<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    match &node.kind {
        Kind::Map(entries) => entries.iter().find(|(key, _)| key.text == name).map(|(_, node)| node),
        _ => None,
    }
}
