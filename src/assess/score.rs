//! Scoring: what requirements come to makes levels, percentages, averages and shares. Integers and exact fractions only.

mod badge;
mod completeness;
mod levels;
mod practices;

use std::collections::BTreeMap;

use super::judge::{Judgement, Readings};
use super::record::{AreaResult, Coverage, Finding, LevelResult, Maturity, Outcome, ScoreOf, ScoreResult, ScoreUnit};
use crate::questionnaire::{Exact, Model, Requirement, Scoring};

pub(super) use self::badge::counted;
pub(crate) use self::badge::{Status as BadgeStatus, counts as badge_counts, lacks as badge_lacks};

/// A requirement with what it came to.
pub(super) struct Judged<'m> {
    pub(super) requirement: &'m Requirement,
    pub(super) judgement: Judgement,
    pub(super) finding: Finding,
}

/// Which of the readings is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Verified,
    Claimed,
    Possible,
}

impl Reading {
    /// Whether the finding is met, or does not apply.
    fn passes(self, finding: &Finding) -> bool {
        match self {
            Self::Verified => finding.verified,
            Self::Claimed => matches!(finding.outcome, Outcome::Met | Outcome::NotApplicable),
            Self::Possible => finding.possible,
        }
    }
}

/// The same in each reading.
fn in_readings<T>(of: impl Fn(Reading) -> T) -> Readings<T> {
    Readings { verified: of(Reading::Verified), claimed: of(Reading::Claimed), possible: of(Reading::Possible) }
}

/// Whether a requirement stands in nobody's way to a level, in a reading.
fn passes_at(model: &Model, judged: &Judged<'_>, level: u32, reading: Reading) -> bool {
    match model.scoring {
        Scoring::BadgePercentages => badge::passes_at(judged, level, reading),
        _ => judged.finding.from_level > level || reading.passes(&judged.finding),
    }
}

/// The level reached in each reading: the highest of which, as of all below it, every requirement passes.
pub(super) fn reached(model: &Model, all: &[Judged<'_>]) -> Readings<u32> {
    if !model.scoring.has_levels() {
        return Readings::default();
    }
    let mut levels: Vec<u32> = model.levels.iter().map(|level| level.id).collect();
    levels.sort_unstable();
    in_readings(|reading| {
        let complete = |level: &u32| all.iter().all(|judged| passes_at(model, judged, *level, reading));
        levels.iter().copied().take_while(complete).last().unwrap_or(0)
    })
}

pub(super) fn maturity(model: &Model, all: &[Judged<'_>]) -> Maturity {
    let Readings { verified, claimed, possible } = reached(model, all);
    Maturity { verified, claimed, possible, highest: model.highest() }
}

/// Whether a requirement stands in the way of a level that is to be verified. Of a model without levels: whether it is
/// not fully met.
pub(super) fn blocks(model: &Model, judged: &Judged<'_>, level: u32) -> bool {
    match model.scoring {
        Scoring::AveragedPractices => judged.judgement.worth.verified < Exact::from_integer(1),
        Scoring::Completeness => !judged.finding.verified,
        _ => !passes_at(model, judged, level, Reading::Verified),
    }
}

/// What the model counts beside levels.
pub(super) fn scores(model: &Model, all: &[Judged<'_>], targets: Option<&Targets>) -> Vec<ScoreResult> {
    let mut scores = match model.scoring {
        Scoring::CumulativeLevels => Vec::new(),
        Scoring::BadgePercentages => badge::scores(model, all),
        Scoring::AveragedPractices => practices::scores(model, all, targets),
        Scoring::Completeness => completeness::scores(model, all),
    };
    for score in &mut scores {
        let own = targets.and_then(|targets| targets.get(&score.id)).map(|target| (*target).into());
        score.target = own.or_else(|| score.target.take());
    }
    scores
}

/// What the maintainers aim at, by id of what has a score.
type Targets = BTreeMap<String, Exact>;

/// The score of a part in the three readings, before targets are told.
fn score(
    id: &str,
    title: &str,
    of: ScoreOf,
    unit: ScoreUnit,
    readings: Readings<Exact>,
    highest: Exact,
) -> ScoreResult {
    ScoreResult {
        id: id.to_owned(),
        title: title.to_owned(),
        of,
        unit,
        verified: readings.verified.into(),
        claimed: readings.claimed.into(),
        possible: readings.possible.into(),
        highest: highest.into(),
        target: None,
        to_target: None,
    }
}

/// How many requirements could be judged.
pub(super) fn coverage(all: &[Judged<'_>]) -> Coverage {
    Coverage { judged: count(all, |finding| finding.outcome != Outcome::Unknown), total: count(all, |_| true) }
}

pub(super) fn levels(model: &Model, all: &[Judged<'_>]) -> Vec<LevelResult> {
    if model.scoring.has_levels() { levels::levels(model, all) } else { Vec::new() }
}

pub(super) fn areas(model: &Model, all: &[Judged<'_>]) -> Vec<AreaResult> {
    levels::areas(model, all)
}

fn count<'j>(all: impl IntoIterator<Item = &'j Judged<'j>>, holds: impl Fn(&Finding) -> bool) -> u32 {
    number(all.into_iter().filter(|judged| holds(&judged.finding)).count())
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
