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
    let aims = targets.map(|targets| aims(model, all, targets));
    let of = |own: &dyn Fn(&Area) -> bool| {
        let aims = aims.iter().flatten().filter(|aim| own(aim.area)).collect::<Vec<_>>();
        Told::of(&aims)
    };
    let told = |id: &str, scores: &Readings<Exact>, own: &dyn Fn(&Area) -> bool| {
        // What has a target of its own goes by that, anything else by the areas in it that have one.
        match targets.and_then(|targets| targets.get(id)) {
            Some(target) => Told::alone(*scores, *target),
            None => of(own),
        }
    };
    let whole_scores = mean_of(&parts);
    let whole = points("all", &model.title, ScoreOf::Model, whole_scores, told("all", &whole_scores, &|_| true));
    let area_points = |(area, scores): &(&Area, Readings<Exact>)| {
        let told = of(&|other: &Area| other.id == area.id);
        points(&area.id, &area.title, ScoreOf::Area, *scores, told)
    };
    // Each group stands before its areas.
    let with_areas = groups.iter().flat_map(|(group, scores)| {
        let own = |area: &Area| area.group.as_deref() == Some(group.id.as_str());
        let whole = points(&group.id, &group.title, ScoreOf::Group, *scores, told(&group.id, scores, &own));
        let areas = areas.iter().filter(|(area, _)| own(area)).map(area_points);
        std::iter::once(whole).chain(areas).collect::<Vec<_>>()
    });
    let ungrouped = areas.iter().filter(|(area, _)| area.group.is_none()).map(area_points);
    std::iter::once(whole).chain(with_areas).chain(ungrouped).collect()
}

/// The targets of an area: of its requirements, or of the whole of it.
struct Aim<'m> {
    area: &'m Area,
    /// In points of the area.
    target: Exact,
    /// What is missing to the target, in points of the area: above one target is no help to another.
    missing: Readings<Exact>,
}

/// The areas that have targets.
fn aims<'m>(model: &'m Model, all: &[Judged<'_>], targets: &Targets) -> Vec<Aim<'m>> {
    let aim = |area: &'m Area| {
        let own: Vec<&Judged<'_>> = all.iter().filter(|judged| judged.finding.area == area.id).collect();
        let aimed: Vec<(&Judged<'_>, Exact)> =
            own.iter().filter_map(|judged| Some((*judged, *targets.get(&judged.requirement.id)?))).collect();
        if aimed.is_empty() {
            let target = *targets.get(&area.id)?;
            let missing = in_readings(|reading| {
                let score = practice(&own.iter().map(|judged| worth(judged, reading)).collect::<Vec<_>>());
                short_of(score, target)
            });
            return Some(Aim { area, target, missing });
        }
        let target = practice(&aimed.iter().map(|(_, target)| *target).collect::<Vec<_>>());
        let missing = in_readings(|reading| {
            practice(
                &aimed.iter().map(|(judged, target)| short_of(worth(judged, reading), *target)).collect::<Vec<_>>(),
            )
        });
        Some(Aim { area, target, missing })
    };
    model.areas.iter().filter_map(aim).collect()
}

/// What is missing to a target.
fn short_of(score: Exact, target: Exact) -> Exact {
    if target > score { target - score } else { Exact::from_integer(0) }
}

/// What is told of the targets of a part.
struct Told {
    /// The target of an area whose requirements have some.
    target: Option<Exact>,
    to_target: Option<Three>,
}

impl Told {
    fn of(aims: &[&Aim<'_>]) -> Self {
        let wanted: Exact = aims.iter().map(|aim| aim.target).sum();
        let missing = |pick: fn(&Readings<Exact>) -> Exact| aims.iter().map(|aim| pick(&aim.missing)).sum::<Exact>();
        let target = match aims {
            [one] => Some(one.target),
            _ => None,
        };
        let to_target = gone(
            wanted,
            Readings {
                verified: missing(|all| all.verified),
                claimed: missing(|all| all.claimed),
                possible: missing(|all| all.possible),
            },
        );
        Self { target, to_target }
    }

    /// Of a part that has a target of its own.
    fn alone(scores: Readings<Exact>, target: Exact) -> Self {
        let missing = Readings {
            verified: short_of(scores.verified, target),
            claimed: short_of(scores.claimed, target),
            possible: short_of(scores.possible, target),
        };
        Self { target: Some(target), to_target: gone(target, missing) }
    }
}

/// How much of the way is gone, from 0 to 1. None where nothing is wanted: there is no way to go.
fn gone(wanted: Exact, missing: Readings<Exact>) -> Option<Three> {
    let share = |missing: Exact| Exact::from_integer(1) - missing / wanted;
    (wanted > Exact::from_integer(0)).then(|| Three {
        verified: share(missing.verified).into(),
        claimed: share(missing.claimed).into(),
        possible: share(missing.possible).into(),
    })
}

fn points(id: &str, title: &str, of: ScoreOf, scores: Readings<Exact>, told: Told) -> ScoreResult {
    let score = score(id, title, of, ScoreUnit::Points, scores, Exact::from_integer(HIGHEST));
    let target = if of == ScoreOf::Area { told.target.map(Into::into) } else { None };
    ScoreResult { target, to_target: told.to_target, ..score }
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
        let missing: Vec<Exact> = now.into_iter().zip(wanted).map(|(now, wanted)| short_of(now, wanted)).collect();
        let missing = practice(&missing);
        let same = Readings { verified: missing, claimed: missing, possible: missing };
        // 1 - 2.25 / 3.5
        assert_eq!(gone(exact(7, 4), same).unwrap().claimed.exact, "5/14");
        assert_eq!(gone(none, Readings::default()), None);
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
