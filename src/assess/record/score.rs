//! What a model counts: levels, areas, and numbers in three readings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::questionnaire::Exact;

/// A number that a model counts, in three readings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreResult {
    /// Id of the level, area or group; `all` for the whole.
    pub id: String,
    pub title: String,
    pub of: ScoreOf,
    pub unit: ScoreUnit,
    /// By what is proved.
    pub verified: Number,
    /// By what is proved or said.
    pub claimed: Number,
    /// By all that is not disproved.
    pub possible: Number,
    /// The most that can be reached.
    pub highest: Number,
    /// What the maintainers aim at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Number>,
    /// How much of the way to the targets below it is gone, from 0 to 1; what is above a target makes up for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_target: Option<Three>,
}

/// What a score is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScoreOf {
    Level,
    Area,
    Group,
    Model,
}

/// In what a score is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScoreUnit {
    Percent,
    Points,
}

/// An exact number, and the same as a decimal, rounded down to four digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Number {
    /// Such as `5/8` or `3`.
    pub exact: String,
    pub decimal: f64,
}

impl From<Exact> for Number {
    fn from(exact: Exact) -> Self {
        Self { exact: exact.to_string(), decimal: decimal(exact) }
    }
}

/// An exact number as a decimal, rounded down to four digits.
pub(in crate::assess) fn decimal(exact: Exact) -> f64 {
    let ten_thousandths = u64::from(*exact.numer()) * 10_000 / u64::from(*exact.denom());
    f64::from(u32::try_from(ten_thousandths).unwrap_or(u32::MAX)) / 10_000.0
}

/// The level reached, in three readings; 0 is below the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Maturity {
    /// By what is proved.
    pub verified: u32,
    /// By what is proved or said.
    pub claimed: u32,
    /// By all that is not disproved.
    pub possible: u32,
    /// The highest level of the model.
    pub highest: u32,
}

/// How many requirements could be judged at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Requirements whose outcome is not unknown.
    pub judged: u32,
    pub total: u32,
}

/// The requirements that count at a level: its own and those of the levels below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LevelResult {
    pub id: u32,
    pub title: String,
    pub meaning: String,
    pub total: u32,
    pub met_verified: u32,
    /// Those of `met_verified` and those that are met by somebody's word or by signs.
    pub met_claimed: u32,
    pub partly: u32,
    pub unmet: u32,
    pub unknown: u32,
    pub not_applicable: u32,
}

/// How much of an area is met. The shares are of the requirements that apply; null where none does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AreaResult {
    pub id: String,
    pub title: String,
    pub total: u32,
    pub not_applicable: u32,
    pub met_verified: u32,
    pub met_claimed: u32,
    /// `met_claimed`, all that is unknown, and all that only a sign speaks against.
    pub met_possible: u32,
    /// The exact fraction, rounded down to four digits.
    pub verified: Option<f64>,
    pub claimed: Option<f64>,
    pub possible: Option<f64>,
}

/// Whether a requirement counts at a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CountResult {
    pub level: u32,
    /// MUST, SHOULD or SUGGESTED
    pub strength: String,
    pub verified: bool,
    pub claimed: bool,
    pub possible: bool,
    /// What it lacks so that it would count as it is claimed: a justification, or one with an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacks: Option<String>,
}

/// A number from 0 to 1 in each reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Three {
    pub verified: Number,
    pub claimed: Number,
    pub possible: Number,
}
