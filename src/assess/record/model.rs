//! The result under one model: its findings and what to do next.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::document::DocumentResult;
use super::question::Reason;
use super::score::{AreaResult, CountResult, Coverage, LevelResult, Maturity, ScoreResult, Three};
use super::words::{Basis, Certainty, Outcome};
use crate::questionnaire::{Derived, Relation, Scoring};

/// The result under one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelResult {
    pub id: String,
    pub title: String,
    pub version: String,
    pub source: String,
    pub digest: String,
    /// How the model scores: cumulative-levels, badge-percentages, averaged-practices or completeness.
    #[serde(default = "cumulative_levels", skip_serializing_if = "is_cumulative_levels")]
    pub scoring: String,
    /// What the model is a profile of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<Derived>,
    pub maturity: Maturity,
    /// What the model counts beside levels: percentages, averages or shares.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<ScoreResult>,
    pub coverage: Coverage,
    pub levels: Vec<LevelResult>,
    pub areas: Vec<AreaResult>,
    pub findings: Vec<Finding>,
    /// What stands between the subject and the next level, the least work first.
    pub next_steps: Vec<NextStep>,
    /// What a stronger token would settle.
    pub reveals: Vec<Reveal>,
    /// What the model is written down as.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentResult>,
}

/// The way of scoring of the first records, which do not name it.
fn cumulative_levels() -> String {
    Scoring::CumulativeLevels.word().to_owned()
}

fn is_cumulative_levels(scoring: &String) -> bool {
    scoring == Scoring::CumulativeLevels.word()
}

/// The outcome of one requirement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    pub requirement: String,
    pub area: String,
    /// The levels that the source tags it with.
    pub levels: Vec<u32>,
    /// The level from which on it counts.
    pub from_level: u32,
    pub demands: String,
    pub outcome: Outcome,
    pub basis: Basis,
    pub certainty: Certainty,
    /// Whether it counts in the verified reading (met or not applicable, by proof).
    pub verified: bool,
    /// Whether it counts in the possible reading: it is not disproved. What only a sign speaks against is not.
    pub possible: bool,
    /// The questions that decide it.
    pub questions: Vec<String>,
    /// Those of them on which the outcome rests, or which keep it open.
    pub decided_by: Vec<String>,
    pub reasons: Vec<Arc<Reason>>,
    /// What to do next; none where nothing is to be done.
    pub next: Option<String>,
    /// The day on which the first of its reasons runs out.
    pub valid_until: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverShown>,
    /// Whether it counts at each of its levels, where the model has rules for that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<CountResult>,
    /// What it is worth, where the model adds that up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worth: Option<Three>,
    /// Framework to the ids there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub maps: BTreeMap<String, Vec<String>>,
    /// Requirements of the other models of this record that are equal to it, covered by it, or cover it. A relation never
    /// decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<AlsoShown>,
}

/// A requirement of another model to which one relates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlsoShown {
    pub model: String,
    pub requirement: String,
    /// equal: each is met where the other is; covers: where this one is met, the other is; part-of: the other way round.
    pub relation: Relation,
    /// From 1 to 3.
    pub confidence: u8,
    /// `bank` where it follows from the questions, else who published it.
    pub source: String,
}

/// A waiver as it stands on the day of the assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaiverShown {
    pub reason: String,
    pub by: String,
    pub until: NaiveDate,
    /// Whether it has ended.
    pub ended: bool,
}

/// What kind of work a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// Set right what was said and is disproved.
    Correct,
    /// Do what is missing.
    Fix,
    /// Answer a question that only a person can.
    Answer,
    /// Let a stronger token look.
    Reveal,
    /// Have a reviewer accept what is only said, or show it.
    Prove,
    /// Say why, or where it can be seen.
    Justify,
}

/// One step towards the next level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NextStep {
    pub kind: StepKind,
    pub question: String,
    pub ask: String,
    pub how: String,
    /// small, medium or large
    pub effort: String,
    /// The requirements of the next level that wait for it.
    pub requirements: Vec<String>,
    /// The level that it helps to reach.
    pub level: u32,
}

/// What a permission would settle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reveal {
    pub permission: String,
    pub keys: Vec<String>,
    /// Requirements that are unknown, or known only by word or sign, and that it could settle.
    pub requirements: Vec<String>,
}
