//! The versions of a model's source, and what changed from one to the next: data that says what an older report was judged by.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::number;
use crate::yaml::{Fields, Kind, Node, Problem};

/// A version of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub version: String,
    pub date: NaiveDate,
    /// Requirements that count at some level.
    pub total: u32,
    /// Ids that are new since the version before.
    pub added: Vec<String>,
    /// Ids that are gone since.
    pub retired: Vec<String>,
    /// Ids whose levels are others now: those before and those after.
    pub moved: BTreeMap<String, (Vec<u32>, Vec<u32>)>,
    /// Ids whose text has changed.
    pub reworded: Vec<String>,
    pub note: Option<String>,
}

impl Version {
    pub(super) fn parse(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(node, "a version", problems)?;
        let version = fields.required_text("version", problems);
        fields.required("date", problems);
        let date = fields.date("date", problems);
        let total = fields.required("total", problems).and_then(|node| {
            let total = match node.kind {
                Kind::Int(number) => u32::try_from(number).ok(),
                _ => None,
            };
            if total.is_none() {
                problems.push(Problem::error("`total` is a number of requirements", node.span.clone()));
            }
            total
        });
        let added = fields.texts("added", problems);
        let retired = fields.texts("retired", problems);
        let moved = fields.node("moved").map_or_else(BTreeMap::new, |node| moved(node, problems));
        let reworded = fields.texts("reworded", problems);
        let note = fields.text("note", problems);
        fields.finish(problems);
        Some(Self { version: version?, date: date?, total: total?, added, retired, moved, reworded, note })
    }
}

fn moved(node: &Node, problems: &mut Vec<Problem>) -> BTreeMap<String, (Vec<u32>, Vec<u32>)> {
    let Kind::Map(entries) = &node.kind else {
        let problem = Problem::error("`moved` has the levels before and after for each id", node.span.clone());
        problems.push(problem.help("write it as `ID: { from: [1], to: [1, 2] }`"));
        return BTreeMap::new();
    };
    let mut all = BTreeMap::new();
    for (key, value) in entries {
        let Some(mut fields) = Fields::of(value, "a change of levels", problems) else { continue };
        let from = fields.required("from", problems).map(|node| levels(node, problems));
        let to = fields.required("to", problems).map(|node| levels(node, problems));
        fields.finish(problems);
        if let (Some(from), Some(to)) = (from, to) {
            all.insert(key.text.clone(), (from, to));
        }
    }
    all
}

/// Levels; none where a text counted at no level.
fn levels(node: &Node, problems: &mut Vec<Problem>) -> Vec<u32> {
    match &node.kind {
        Kind::List(items) => items.iter().filter_map(|item| number(item, problems)).collect(),
        _ => {
            problems.push(Problem::error("a list of levels belongs here", node.span.clone()));
            Vec::new()
        }
    }
}
