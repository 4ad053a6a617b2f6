//! How the three readings went over the years: of each model, and of each of its areas.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::Moment;
use crate::assess::record::{ModelResult, Number, ScoreOf, ScoreUnit};

/// The most assessments of which a trend tells: the last ones.
const MAX_POINTS: usize = 60;

/// In what a trend is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    Level,
    Percent,
    Points,
}

/// The three readings on a day.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Point {
    pub on: NaiveDate,
    /// The version of the model that it was judged by.
    pub version: String,
    pub verified: f64,
    pub claimed: f64,
    pub possible: f64,
}

/// How a model, or a part of it, went.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Trend {
    pub model: String,
    /// `OSPS Baseline`, `Access Control`
    pub title: String,
    pub unit: Unit,
    pub highest: f64,
    pub points: Vec<Point>,
    /// The trends of its parts.
    pub parts: Vec<Self>,
}

/// The trends of the models of the last assessment.
pub(super) fn trends(moments: &[&Moment], last: &Moment) -> Vec<Trend> {
    last.record.models.iter().map(|model| trend(model, moments)).collect()
}

fn trend(model: &ModelResult, moments: &[&Moment]) -> Trend {
    let results: Vec<(NaiveDate, &ModelResult)> = moments
        .iter()
        .filter_map(|moment| {
            let of_it = moment.record.models.iter().find(|other| other.id == model.id)?;
            Some((moment.record.as_of, of_it))
        })
        .collect();
    let results = results.get(results.len().saturating_sub(MAX_POINTS)..).unwrap_or_default();
    let scored = model.scores.iter().find(|score| score.of == ScoreOf::Model);
    let parts = if model.scores.is_empty() { areas(model, results) } else { scores(model, results) };
    match scored {
        Some(score) => Trend { title: model.title.clone(), parts, ..of_score(model, &score.id, results) },
        None => Trend {
            model: model.id.clone(),
            title: model.title.clone(),
            unit: Unit::Level,
            highest: f64::from(model.maturity.highest),
            points: results
                .iter()
                .map(|(on, result)| Point {
                    on: *on,
                    version: result.version.clone(),
                    verified: f64::from(result.maturity.verified),
                    claimed: f64::from(result.maturity.claimed),
                    possible: f64::from(result.maturity.possible),
                })
                .collect(),
            parts,
        },
    }
}

/// The shares of the areas that are met, where some of it applies.
fn areas(model: &ModelResult, results: &[(NaiveDate, &ModelResult)]) -> Vec<Trend> {
    let of = |id: &str, title: &str| Trend {
        model: model.id.clone(),
        title: title.to_owned(),
        unit: Unit::Percent,
        highest: 100.0,
        points: results
            .iter()
            .filter_map(|(on, result)| {
                let area = result.areas.iter().find(|area| area.id == id)?;
                let percent = |share: Option<f64>| share.map(|share| share * 100.0);
                Some(Point {
                    on: *on,
                    version: result.version.clone(),
                    verified: percent(area.verified)?,
                    claimed: percent(area.claimed)?,
                    possible: percent(area.possible)?,
                })
            })
            .collect(),
        parts: Vec::new(),
    };
    model.areas.iter().map(|area| of(&area.id, &area.title)).collect()
}

/// The numbers that the model counts, but that of the whole.
fn scores(model: &ModelResult, results: &[(NaiveDate, &ModelResult)]) -> Vec<Trend> {
    let parts = model.scores.iter().filter(|score| score.of != ScoreOf::Model);
    parts.map(|score| of_score(model, &score.id, results)).collect()
}

fn of_score(model: &ModelResult, id: &str, results: &[(NaiveDate, &ModelResult)]) -> Trend {
    let score = model.scores.iter().find(|score| score.id == id);
    let of = |number: &Number| number.decimal;
    Trend {
        model: model.id.clone(),
        title: score.map_or_else(String::new, |score| score.title.clone()),
        unit: match score.map(|score| score.unit) {
            Some(ScoreUnit::Points) => Unit::Points,
            _ => Unit::Percent,
        },
        highest: score.map_or(0.0, |score| score.highest.decimal),
        points: results
            .iter()
            .filter_map(|(on, result)| {
                let score = result.scores.iter().find(|score| score.id == id)?;
                Some(Point {
                    on: *on,
                    version: result.version.clone(),
                    verified: of(&score.verified),
                    claimed: of(&score.claimed),
                    possible: of(&score.possible),
                })
            })
            .collect(),
        parts: Vec::new(),
    }
}
