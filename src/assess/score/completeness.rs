//! How complete a self-assessment in words is: which of its sections somebody has written.

use super::{Judged, in_readings, number, score};
use crate::assess::record::{Outcome, ScoreOf, ScoreResult, ScoreUnit};
use crate::questionnaire::{Exact, Model};

const ALL: Exact = Exact::new_raw(100, 1);

/// The share of the sections that are there, of those that apply: the whole, then each area.
pub(super) fn scores(model: &Model, all: &[Judged<'_>]) -> Vec<ScoreResult> {
    let of_area = |area: &crate::questionnaire::Area| {
        let own: Vec<&Judged<'_>> = all.iter().filter(|judged| judged.finding.area == area.id).collect();
        complete(&area.id, &area.title, ScoreOf::Area, &own)
    };
    let whole = complete("all", &model.title, ScoreOf::Model, &all.iter().collect::<Vec<_>>());
    std::iter::once(whole).chain(model.areas.iter().map(of_area)).collect()
}

fn complete(id: &str, title: &str, of: ScoreOf, own: &[&Judged<'_>]) -> ScoreResult {
    let applies: Vec<_> = own.iter().filter(|judged| judged.finding.outcome != Outcome::NotApplicable).collect();
    let whole = number(applies.len());
    let readings = in_readings(|reading| {
        let there = number(applies.iter().filter(|judged| reading.passes(&judged.finding)).count());
        if whole == 0 { ALL } else { ALL * Exact::new(there, whole) }
    });
    score(id, title, of, ScoreUnit::Percent, readings, ALL)
}
