//! The arithmetic of the OpenSSF Best Practices Badge, exactly as the badge's own site does it.
//!
//! A criterion counts towards the percentage of a level when it is met (with the justification or address that the
//! level demands), does not apply (likewise), or is unmet where the level only suggests it. All criteria weigh the same.
//! Source: best-practices-badge, app/models/project.rb at 074ec3d3 (2026-06-11).

use super::{Judged, Reading, in_readings, number, score};
use crate::assess::judge::Readings;
use crate::assess::record::{CountResult, Outcome, ScoreOf, ScoreResult, ScoreUnit};
use crate::questionnaire::{Exact, Level, Model, Requirement, Rules, Strength};

/// What is said of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Unknown,
    Unmet,
    NotApplicable,
    Met,
}

/// The shortest text that is a justification.
const SHORTEST: usize = 5;
/// A text that begins so is a remark to oneself.
const REMARK: &str = "// ";

fn is_justification(text: &str) -> bool {
    !text.starts_with(REMARK) && text.chars().count() >= SHORTEST
}

/// Whether a text names a web address: a scheme, a host with a dot in it, and something after the dot.
fn has_address(text: &str) -> bool {
    let after_scheme = |scheme: &str| {
        text.match_indices(scheme).any(|(at, _)| {
            let rest = text.get(at + scheme.len()..).unwrap_or_default();
            let host = rest.find(['/', '.', ' ']).unwrap_or(rest.len());
            let mut after = rest.get(host..).unwrap_or_default().chars();
            host > 0 && after.next() == Some('.') && after.next().is_some_and(|next| next != ' ')
        })
    };
    !text.starts_with(REMARK) && (after_scheme("http://") || after_scheme("https://"))
}

/// Whether a criterion counts as done at a level.
pub(crate) fn counts(status: Status, rules: Rules, justification: &str) -> bool {
    match status {
        Status::Unknown => false,
        Status::Met if rules.met_url => has_address(justification),
        Status::Met => !rules.met_justification || is_justification(justification),
        Status::NotApplicable => rules.na_allowed && (!rules.na_justification || is_justification(justification)),
        Status::Unmet => match rules.strength {
            Strength::Must => false,
            Strength::Should => is_justification(justification),
            Strength::Suggested => true,
        },
    }
}

/// What a criterion lacks that does not count, although it could with this status.
pub(crate) fn lacks(status: Status, rules: Rules) -> Option<&'static str> {
    match status {
        Status::Met if rules.met_url => Some("a justification with an address"),
        Status::Met => Some("a justification"),
        Status::NotApplicable if rules.na_allowed => Some("a justification"),
        Status::Unmet if rules.strength == Strength::Should => Some("a justification"),
        _ => None,
    }
}

/// The percentage of a level: rounded, but 100 only where every criterion counts.
pub(crate) fn percentage(counting: u32, criteria: u32) -> u32 {
    match (counting, criteria) {
        (_, 0) | (0, _) => 0,
        (counting, criteria) if counting >= criteria => 100,
        // Rounded half away from zero, in whole numbers.
        (counting, criteria) => ((200 * counting + criteria) / (2 * criteria)).min(99),
    }
}

/// The percentage over all levels, each of which counts only once the one before is complete.
pub(crate) fn tiered(levels: &[u32]) -> u32 {
    let mut sum = 0;
    for percentage in levels {
        sum += percentage;
        if *percentage < 100 {
            break;
        }
    }
    sum
}

impl From<Outcome> for Status {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Met => Self::Met,
            Outcome::NotApplicable => Self::NotApplicable,
            Outcome::Partly | Outcome::Unmet => Self::Unmet,
            Outcome::Unknown => Self::Unknown,
        }
    }
}

/// Whether a requirement counts at each of its levels. `justification` gives all that is said and shown for it; it is
/// taken only where the model has rules.
pub(crate) fn counted(
    requirement: &Requirement,
    outcomes: Readings<Outcome>,
    justification: impl FnOnce() -> String,
) -> Vec<CountResult> {
    if requirement.rules.is_empty() {
        return Vec::new();
    }
    let justification = justification();
    let at_level = |(level, rules): (&u32, &Rules)| {
        let rules = *rules;
        let claimed = counts(outcomes.claimed.into(), rules, &justification);
        let verified = claimed && counts(outcomes.verified.into(), rules, &justification);
        let could = |outcome: Outcome| match Status::from(outcome) {
            Status::Unknown | Status::Met => true,
            Status::NotApplicable => rules.na_allowed,
            Status::Unmet => rules.strength != Strength::Must,
        };
        let lacks = if claimed { None } else { lacks(outcomes.claimed.into(), rules) };
        CountResult {
            level: *level,
            strength: rules.strength.word().to_owned(),
            verified,
            claimed,
            possible: claimed || could(outcomes.possible),
            lacks: lacks.map(str::to_owned),
        }
    };
    requirement.rules.iter().map(at_level).collect()
}

fn counts_at(judged: &Judged<'_>, level: u32, reading: Reading) -> Option<bool> {
    let count = judged.finding.counts.iter().find(|count| count.level == level)?;
    Some(match reading {
        Reading::Verified => count.verified,
        Reading::Claimed => count.claimed,
        Reading::Possible => count.possible,
    })
}

/// Whether it counts at the level, or the level does not demand it.
pub(super) fn passes_at(judged: &Judged<'_>, level: u32, reading: Reading) -> bool {
    counts_at(judged, level, reading).unwrap_or(true)
}

/// The percentage of each level, and over all.
pub(super) fn scores(model: &Model, all: &[Judged<'_>]) -> Vec<ScoreResult> {
    let of_level = |level: &Level| {
        in_readings(|reading| {
            let counted: Vec<bool> = all.iter().filter_map(|judged| counts_at(judged, level.id, reading)).collect();
            percentage(number(counted.iter().filter(|counts| **counts).count()), number(counted.len()))
        })
    };
    let levels: Vec<(&Level, Readings<u32>)> = model.levels.iter().map(|level| (level, of_level(level))).collect();
    let over_all = |of: fn(&Readings<u32>) -> u32| tiered(&levels.iter().map(|(_, all)| of(all)).collect::<Vec<_>>());
    let whole = Readings {
        verified: over_all(|all| all.verified),
        claimed: over_all(|all| all.claimed),
        possible: over_all(|all| all.possible),
    };
    let highest = 100 * number(model.levels.len());
    let whole = percent("all", &model.title, ScoreOf::Model, whole, highest);
    let by_level = levels
        .iter()
        .map(|(level, percentages)| percent(&level.id.to_string(), &level.title, ScoreOf::Level, *percentages, 100));
    std::iter::once(whole).chain(by_level).collect()
}

fn percent(id: &str, title: &str, of: ScoreOf, percentages: Readings<u32>, highest: u32) -> ScoreResult {
    let exact = Exact::from_integer;
    let readings = Readings {
        verified: exact(percentages.verified),
        claimed: exact(percentages.claimed),
        possible: exact(percentages.possible),
    };
    score(id, title, of, ScoreUnit::Percent, readings, exact(highest))
}

#[cfg(test)]
mod tests;
