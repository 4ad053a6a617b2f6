//! The arithmetic of OWASP SAMM v2: averages of activities, practices and functions, in exact fractions.
//!
//! An activity is worth 0, 1/4, 1/2 or 1. A practice has two streams of three activities, one a level; a level is worth
//! the mean of its two activities and the practice the sum of its three levels, from 0 to 3. A function is worth the
//! mean of its practices, the whole the mean of its functions. Levels do not gate: an activity of level 3 counts
//! whatever stands below it. Source: the SAMM toolbox, sheets Interview and Scorecard.

use super::{Judged, Reading, Targets, in_readings, score};
use crate::assess::judge::Readings;
use crate::assess::record::{ScoreOf, ScoreResult, ScoreUnit, Three};
use crate::questionnaire::{Area, Exact, Group, Model};

/// Streams of a practice.
const STREAMS: u32 = 2;

/// The score of a practice, from what each of its activities is worth.
pub(crate) fn practice(activities: &[Exact]) -> Exact {
    activities.iter().sum::<Exact>() / STREAMS
}

/// The mean; none of nothing.
pub(crate) fn mean(scores: &[Exact]) -> Option<Exact> {
    let count = u32::try_from(scores.len()).ok().filter(|count| *count > 0)?;
    Some(scores.iter().sum::<Exact>() / count)
}

/// How much of the way to the targets is gone: what is above a target makes up for nothing. None without a target.
pub(crate) fn to_target(scores: &[(Exact, Exact)]) -> Option<Exact> {
    let wanted: Exact = scores.iter().map(|(_, target)| *target).sum();
    if wanted == Exact::from_integer(0) {
        return None;
    }
    let missing: Exact =
        scores.iter().filter(|(score, target)| target > score).map(|(score, target)| *target - *score).sum();
    Some(Exact::from_integer(1) - missing / wanted)
}

/// The highest score of a practice.
const HIGHEST: u32 = 3;

/// The whole, the groups and the areas.
pub(super) fn scores(model: &Model, all: &[Judged<'_>], targets: Option<&Targets>) -> Vec<ScoreResult> {
    let of_area = |area: &str| {
        in_readings(|reading| {
            let own = all.iter().filter(|judged| judged.finding.area == area);
            practice(&own.map(|judged| worth(judged, reading)).collect::<Vec<_>>())
        })
    };
    let areas: Vec<(&Area, Readings<Exact>)> = model.areas.iter().map(|area| (area, of_area(&area.id))).collect();
    let mean_of = |scores: &[Readings<Exact>]| {
        let of = |pick: fn(&Readings<Exact>) -> Exact| {
            mean(&scores.iter().map(pick).collect::<Vec<_>>()).unwrap_or_default()
        };
        Readings { verified: of(|all| all.verified), claimed: of(|all| all.claimed), possible: of(|all| all.possible) }
    };
    let groups: Vec<(&Group, Readings<Exact>)> = model
        .groups
        .iter()
        .map(|group| {
            let own = areas.iter().filter(|(area, _)| area.group.as_deref() == Some(group.id.as_str()));
            (group, mean_of(&own.map(|(_, scores)| *scores).collect::<Vec<_>>()))
        })
        .collect();
    let parts: Vec<Readings<Exact>> = if groups.is_empty() {
        areas.iter().map(|(_, scores)| *scores).collect()
    } else {
        groups.iter().map(|(_, scores)| *scores).collect()
    };
    let whole = points("all", &model.title, ScoreOf::Model, mean_of(&parts));
    let whole = ScoreResult { to_target: targets.and_then(|targets| all_to_target(&areas, targets)), ..whole };
    let groups = groups.iter().map(|(group, scores)| points(&group.id, &group.title, ScoreOf::Group, *scores));
    let areas = areas.iter().map(|(area, scores)| points(&area.id, &area.title, ScoreOf::Area, *scores));
    std::iter::once(whole).chain(groups).chain(areas).collect()
}

fn points(id: &str, title: &str, of: ScoreOf, scores: Readings<Exact>) -> ScoreResult {
    score(id, title, of, ScoreUnit::Points, scores, Exact::from_integer(HIGHEST))
}

/// How much of the way to the targets of all practices is gone.
fn all_to_target(areas: &[(&Area, Readings<Exact>)], targets: &Targets) -> Option<Three> {
    let reading = |pick: fn(&Readings<Exact>) -> Exact| {
        let pairs = areas.iter().filter_map(|(area, scores)| Some((pick(scores), *targets.get(&area.id)?)));
        to_target(&pairs.collect::<Vec<_>>())
    };
    Some(Three {
        verified: reading(|scores| scores.verified)?.into(),
        claimed: reading(|scores| scores.claimed)?.into(),
        possible: reading(|scores| scores.possible)?.into(),
    })
}

fn worth(judged: &Judged<'_>, reading: Reading) -> Exact {
    let worth = judged.judgement.worth;
    match reading {
        Reading::Verified => worth.verified,
        Reading::Claimed => worth.claimed,
        Reading::Possible => worth.possible,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(n: u32, d: u32) -> Exact {
        Exact::new(n, d)
    }

    #[test]
    fn all_activities_done_make_three() {
        let one = exact(1, 1);
        let practices = [practice(&[one; 6]); 3];
        assert_eq!(practices[0], exact(3, 1));
        assert_eq!(mean(&[mean(&practices).unwrap(); 5]), Some(exact(3, 1)));
    }

    #[test]
    fn levels_do_not_gate() {
        let none = exact(0, 1);
        assert_eq!(practice(&[none, none, exact(1, 1), none, none, none]), exact(1, 2));
    }

    /// The example of the article on relative scoring.
    #[test]
    fn a_practice_on_its_way_to_a_target() {
        let (none, half, one) = (exact(0, 1), exact(1, 2), exact(1, 1));
        let now = [exact(1, 4), none, none, one, none, none];
        let wanted = [one, one, none, one, half, none];
        assert_eq!(practice(&now), exact(5, 8));
        assert_eq!(practice(&wanted), exact(7, 4));
        let pairs: Vec<(Exact, Exact)> = now.into_iter().zip(wanted).collect();
        // 1 - 2.25 / 3.5
        assert_eq!(to_target(&pairs), Some(exact(5, 14)));
        assert_eq!(to_target(&[(one, none)]), None);
    }

    /// The example of a calculator for SAMM.
    #[test]
    fn functions_and_the_whole_are_means() {
        let practices = [12, 0, 3, 6, 12, 0, 3, 6, 12, 0, 3, 6, 12, 0, 3].map(|quarters| exact(quarters, 4));
        let functions: Vec<Exact> = practices.chunks(3).filter_map(mean).collect();
        assert_eq!(functions, [exact(5, 4), exact(3, 2), exact(7, 4), exact(3, 4), exact(5, 4)]);
        assert_eq!(mean(&functions), Some(exact(13, 10)));
    }
}
