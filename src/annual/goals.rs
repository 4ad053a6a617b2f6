//! What the maintainers aim at, and how far they are.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Targets;
use crate::assess::record::{Assessment, ModelResult, Number};
use crate::questionnaire::Exact;

/// Something that is aimed at.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Goal {
    pub model: String,
    /// The part of the model, or the model itself.
    pub part: String,
    pub target: f64,
    /// What is reached by what is proved or reviewed; none where the model no longer has that part.
    pub verified: Option<f64>,
    /// The same by what is said, too.
    pub claimed: Option<f64>,
}

impl Goal {
    /// Whether it is reached by what is proved.
    pub fn is_reached(&self) -> bool {
        self.verified.is_some_and(|verified| verified >= self.target)
    }

    /// Whether it is reached by what is said.
    pub fn is_claimed(&self) -> bool {
        self.claimed.is_some_and(|claimed| claimed >= self.target)
    }
}

/// The targets under the models of a record, with what is reached there.
pub(super) fn goals(targets: &Targets, record: &Assessment) -> Vec<Goal> {
    let of = |model: &ModelResult| targets.get(&model.id).map(|targets| of_model(targets, model)).unwrap_or_default();
    record.models.iter().flat_map(of).collect()
}

fn of_model(targets: &BTreeMap<String, Exact>, model: &ModelResult) -> Vec<Goal> {
    let goal = |(part, target): (&String, &Exact)| {
        let target = f64::from(*target.numer()) / f64::from(*target.denom());
        let score = model.scores.iter().find(|score| score.id == *part);
        let reached = |number: fn(&crate::assess::record::ScoreResult) -> &Number, level: u32| match score {
            Some(score) => Some(number(score).decimal),
            None if part == "all" && model.scores.is_empty() => Some(f64::from(level)),
            None => None,
        };
        let title = match score {
            Some(score) => score.title.clone(),
            None if part == "all" => "level".to_owned(),
            None => part.clone(),
        };
        Goal {
            model: model.title.clone(),
            part: title,
            target,
            verified: reached(|score| &score.verified, model.maturity.verified),
            claimed: reached(|score| &score.claimed, model.maturity.claimed),
        }
    };
    targets.iter().map(goal).collect()
}
