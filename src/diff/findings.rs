//! Findings side by side: whether they are better or worse, why, and what that means.

use super::{Because, Cause, Direction, FindingDiff, Meaning, QuestionDiff, Sides, Stand, questions};
use crate::assess::record::{Finding, Outcome, WaiverShown};

/// What is the same for all findings of a model.
pub(super) struct Frame<'d> {
    pub(super) sides: &'d Sides<'d>,
    pub(super) questions: &'d [QuestionDiff],
    /// Whether the demands of the model are others.
    pub(super) demands_changed: bool,
}

/// A finding that changed; none where it stands as before.
pub(super) fn diff(frame: &Frame<'_>, old: Option<&Finding>, new: Option<&Finding>) -> Option<FindingDiff> {
    let (old_stand, new_stand) = (old.map(stand), new.map(stand));
    let waiver = |finding: Option<&Finding>| finding.and_then(|finding| finding.waiver.clone());
    let worth = |finding: Option<&Finding>| finding.map(|finding| (finding.counts.clone(), finding.worth.clone()));
    if old_stand == new_stand && waiver(old) == waiver(new) && worth(old) == worth(new) {
        return None;
    }
    let shown = new.or(old)?;
    let direction = direction(old, new);
    let causes = match (old, new) {
        (Some(old), Some(new)) => causes(frame, old, new),
        (None, _) => vec![Because::new(Cause::Model, "The model demands it now, and did not.")],
        (_, None) => vec![Because::new(Cause::Model, "The model no longer demands it.")],
    };
    Some(FindingDiff {
        requirement: shown.requirement.clone(),
        area: shown.area.clone(),
        demands: shown.demands.clone(),
        from_level: shown.from_level,
        old: old_stand,
        new: new_stand,
        direction,
        meaning: meaning(direction, &causes),
        causes,
    })
}

fn stand(finding: &Finding) -> Stand {
    Stand {
        outcome: finding.outcome,
        basis: finding.basis,
        certainty: finding.certainty,
        verified: finding.verified,
        possible: finding.possible,
    }
}

/// Better where no reading is worse and one is better, and the other way round.
fn direction(old: Option<&Finding>, new: Option<&Finding>) -> Direction {
    let (Some(old), Some(new)) = (old, new) else { return Direction::Neither };
    let readings = |finding: &Finding| {
        let claimed = match finding.outcome {
            Outcome::Met | Outcome::NotApplicable => 2,
            Outcome::Partly | Outcome::Unknown => 1,
            Outcome::Unmet => 0,
        };
        let worth = finding.worth.as_ref().map(|worth| {
            [&worth.verified, &worth.claimed, &worth.possible].map(|number| number.decimal.clamp(0.0, 1.0))
        });
        let whole = [f64::from(u8::from(finding.verified)), f64::from(claimed), f64::from(u8::from(finding.possible))];
        let counts = |of: fn(&crate::assess::record::CountResult) -> bool| {
            let counted = finding.counts.iter().filter(|count| of(count)).count();
            f64::from(u32::try_from(counted).unwrap_or(u32::MAX))
        };
        let counts = [counts(|count| count.verified), counts(|count| count.claimed), counts(|count| count.possible)];
        whole.into_iter().chain(worth.into_iter().flatten()).chain(counts).collect::<Vec<f64>>()
    };
    let (was, is) = (readings(old), readings(new));
    let better = was.iter().zip(&is).any(|(was, is)| is > was);
    let worse = was.iter().zip(&is).any(|(was, is)| is < was);
    match (better, worse) {
        // To know less is never better: a no that ran out or was taken back is no progress.
        (true, false) if new.outcome == Outcome::Unknown => Direction::Neither,
        (true, false) => Direction::Better,
        (false, true) => Direction::Worse,
        _ => Direction::Neither,
    }
}

fn causes(frame: &Frame<'_>, old: &Finding, new: &Finding) -> Vec<Because> {
    let mut causes: Vec<Because> = waiver(old.waiver.as_ref(), new.waiver.as_ref()).into_iter().collect();
    let decided = of_questions(frame, old.decided_by.iter().chain(&new.decided_by));
    let named = || of_questions(frame, old.questions.iter().chain(&new.questions));
    causes.extend(if decided.is_empty() && causes.is_empty() { named() } else { decided });
    if old.demands != new.demands {
        causes.push(Because::new(Cause::Model, "The model words the demand differently."));
    }
    if causes.is_empty() {
        causes.push(if frame.demands_changed {
            Because::new(Cause::Model, "The model judges it by other conditions.")
        } else {
            questions::by_elimination(frame.sides)
        });
    }
    causes
}

/// The causes of the questions that changed, each told once.
fn of_questions<'f>(frame: &Frame<'_>, ids: impl Iterator<Item = &'f String>) -> Vec<Because> {
    let mut causes: Vec<Because> = Vec::new();
    for id in ids {
        let changed = frame.questions.iter().find(|question| question.id == *id);
        for because in changed.iter().flat_map(|question| &question.causes) {
            let because = if because.question.is_some() { because.clone() } else { because.clone().by_question(id) };
            if !causes.contains(&because) {
                causes.push(because);
            }
        }
    }
    causes
}

fn waiver(old: Option<&WaiverShown>, new: Option<&WaiverShown>) -> Option<Because> {
    let told = |cause, text: String| Some(Because::new(cause, text));
    match (old, new) {
        (None, None) => None,
        (None, Some(now)) => told(Cause::Waiver, format!("Waived by {} until {}.", now.by, now.until)),
        (Some(was), None) => told(Cause::Waiver, format!("The waiver by {} was taken back.", was.by)),
        (Some(was), Some(now)) if was == now => None,
        (Some(was), Some(now)) if WaiverShown { ended: now.ended, ..was.clone() } == *now => {
            told(Cause::Time, format!("The waiver by {} ended on {}.", now.by, now.until))
        }
        (Some(was), Some(now)) => {
            told(Cause::Waiver, format!("The waiver by {} ends on {}, not {}.", now.by, now.until, was.until))
        }
    }
}

/// What it means. A single cause that lies in the eye and not in the project is enough to take it out of the comparison:
/// what cannot be told apart must not look like progress.
fn meaning(direction: Direction, causes: &[Because]) -> Meaning {
    let any = |wanted: &[Cause]| causes.iter().any(|because| wanted.contains(&because.cause));
    if any(&[Cause::Access]) {
        return Meaning::SeenDifferently;
    }
    if any(&[Cause::Model, Cause::Questionnaire, Cause::Engine, Cause::Unexplained]) {
        return Meaning::MeasuredDifferently;
    }
    match direction {
        Direction::Better if causes.iter().all(|because| because.cause == Cause::Time) => Meaning::OtherGround,
        Direction::Better => Meaning::Progress,
        Direction::Worse if causes.iter().all(|because| because.cause == Cause::Time) => Meaning::RanOut,
        Direction::Worse => Meaning::Setback,
        Direction::Neither => Meaning::OtherGround,
    }
}
