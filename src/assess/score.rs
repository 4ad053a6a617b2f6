//! Scoring: findings come to levels, areas and coverage. Integers and exact fractions only.

mod badge;
mod practices;

use super::record::{AreaResult, Coverage, Finding, LevelResult, Maturity, Outcome};
use crate::questionnaire::Model;

/// Whether a finding counts in a reading.
#[derive(Clone, Copy)]
enum Reading {
    Verified,
    Claimed,
    Possible,
}

impl Reading {
    /// Whether the finding stands in nobody's way to a level.
    fn passes(self, finding: &Finding) -> bool {
        match self {
            Self::Verified => finding.verified,
            Self::Claimed => matches!(finding.outcome, Outcome::Met | Outcome::NotApplicable),
            Self::Possible => finding.possible,
        }
    }
}

/// The level reached in each reading: the highest of which, as of all below it, every requirement passes.
pub(super) fn maturity(model: &Model, findings: &[Finding]) -> Maturity {
    let mut levels: Vec<u32> = model.levels.iter().map(|level| level.id).collect();
    levels.sort_unstable();
    let reached = |reading: Reading| {
        levels
            .iter()
            .copied()
            .take_while(|level| {
                findings.iter().filter(|finding| finding.from_level <= *level).all(|finding| reading.passes(finding))
            })
            .last()
            .unwrap_or(0)
    };
    Maturity {
        verified: reached(Reading::Verified),
        claimed: reached(Reading::Claimed),
        possible: reached(Reading::Possible),
        highest: model.highest(),
    }
}

/// How many requirements could be judged.
pub(super) fn coverage(findings: &[Finding]) -> Coverage {
    Coverage {
        judged: count(findings, |finding| finding.outcome != Outcome::Unknown),
        total: count(findings, |_| true),
    }
}

/// The requirements that count at each level.
pub(super) fn levels(model: &Model, findings: &[Finding]) -> Vec<LevelResult> {
    let level = |level: &crate::questionnaire::Level| {
        let own: Vec<&Finding> = findings.iter().filter(|finding| finding.from_level <= level.id).collect();
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

/// How much of each area is met.
pub(super) fn areas(model: &Model, findings: &[Finding]) -> Vec<AreaResult> {
    let area = |area: &crate::questionnaire::Area| {
        let own: Vec<&Finding> = findings.iter().filter(|finding| finding.area == area.id).collect();
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

fn count<'f>(findings: impl IntoIterator<Item = &'f Finding>, holds: impl Fn(&Finding) -> bool) -> u32 {
    u32::try_from(findings.into_iter().filter(|finding| holds(finding)).count()).unwrap_or(u32::MAX)
}

/// An exact fraction as a decimal number, rounded down to four digits; none where the whole is zero.
fn share(part: u32, whole: u32) -> Option<f64> {
    let ten_thousandths = (u64::from(part) * 10_000).checked_div(u64::from(whole))?;
    Some(f64::from(u32::try_from(ten_thousandths).unwrap_or(10_000)) / 10_000.0)
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
