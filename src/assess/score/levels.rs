//! How much of each level and each area is met.

use super::{Judged, Reading, count};
use crate::assess::record::{AreaResult, LevelResult, Outcome, decimal};
use crate::questionnaire::{Area, Exact, Level, Model, Scoring};

/// The requirements that count at each level.
pub(super) fn levels(model: &Model, all: &[Judged<'_>]) -> Vec<LevelResult> {
    let level = |level: &Level| {
        let own: Vec<&Judged<'_>> = all.iter().filter(|judged| counts_at(model, judged, level)).collect();
        let with = |outcome: Outcome| count(own.iter().copied(), |finding| finding.outcome == outcome);
        LevelResult {
            id: level.id,
            title: level.title.clone(),
            meaning: level.meaning.clone(),
            total: count(own.iter().copied(), |_| true),
            met_verified: count(own.iter().copied(), |finding| finding.outcome == Outcome::Met && finding.verified),
            met_claimed: with(Outcome::Met),
            partly: with(Outcome::Partly),
            unmet: with(Outcome::Unmet),
            unknown: with(Outcome::Unknown),
            not_applicable: with(Outcome::NotApplicable),
        }
    };
    model.levels.iter().map(level).collect()
}

/// Whether a level counts a requirement: its own and those of the levels below, or in a badge its own alone.
fn counts_at(model: &Model, judged: &Judged<'_>, level: &Level) -> bool {
    match model.scoring {
        Scoring::BadgePercentages => judged.requirement.rules.contains_key(&level.id),
        _ => judged.finding.from_level <= level.id,
    }
}

/// How much of each area is met.
pub(super) fn areas(model: &Model, all: &[Judged<'_>]) -> Vec<AreaResult> {
    let area = |area: &Area| {
        let own: Vec<&Judged<'_>> = all.iter().filter(|judged| judged.finding.area == area.id).collect();
        let met = |reading: Reading| {
            count(own.iter().copied(), |finding| finding.outcome != Outcome::NotApplicable && reading.passes(finding))
        };
        let total = count(own.iter().copied(), |_| true);
        let not_applicable = count(own.iter().copied(), |finding| finding.outcome == Outcome::NotApplicable);
        let applies = total - not_applicable;
        let (verified, claimed, possible) = (met(Reading::Verified), met(Reading::Claimed), met(Reading::Possible));
        AreaResult {
            id: area.id.clone(),
            title: area.title.clone(),
            total,
            not_applicable,
            met_verified: verified,
            met_claimed: claimed,
            met_possible: possible,
            verified: share(verified, applies),
            claimed: share(claimed, applies),
            possible: share(possible, applies),
        }
    };
    model.areas.iter().map(area).collect()
}

/// A fraction as a decimal number; none where the whole is zero.
fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| decimal(Exact::new(part, whole)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_down() {
        assert_eq!(share(2, 3), Some(0.6666));
        assert_eq!(share(4, 5), Some(0.8));
        assert_eq!(share(0, 0), None);
        assert_eq!(share(7, 7), Some(1.0));
    }
}
