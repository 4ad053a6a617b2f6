//! Judging a requirement: resolved questions come to an outcome, in three readings.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::logic::{Evaluated, Truth, evaluate};
use super::record::{Basis, Certainty, Outcome, Three};
use super::resolve::Resolution;
use super::test::passes;
use crate::answers::Said;
use crate::questionnaire::{Condition, Exact, Leaf, Requirement, Test};

/// What a requirement comes to, before waivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judgement {
    /// By all that is known, said or proved.
    pub outcome: Outcome,
    /// By what is proved alone.
    pub verified: Outcome,
    /// By all but mere signs: what only a sign speaks against is not disproved.
    pub possible: Outcome,
    /// What it is worth, from 0 to 1, in each reading.
    pub worth: Readings<Exact>,
    pub basis: Basis,
    pub certainty: Certainty,
    /// Ids of the questions that decided, in the order of the conditions.
    pub deciding: Vec<String>,
    pub valid_until: Option<NaiveDate>,
}

/// The three readings of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Readings<T> {
    pub verified: T,
    pub claimed: T,
    pub possible: T,
}

impl From<Readings<Exact>> for Three {
    fn from(readings: Readings<Exact>) -> Self {
        let Readings { verified, claimed, possible } = readings;
        Self { verified: verified.into(), claimed: claimed.into(), possible: possible.into() }
    }
}

/// Resolutions by id of the question.
pub(super) type Resolutions<'a> = BTreeMap<&'a str, Resolution<'a>>;

/// Judges a requirement by the questions that it names.
pub(super) fn judge(requirement: &Requirement, resolutions: &Resolutions<'_>, as_of: NaiveDate) -> Judgement {
    let Read { outcome, deciding, least, .. } = read(requirement, resolutions, as_of, |_| true);
    let verified = read(requirement, resolutions, as_of, verified_only);
    let possible = read(requirement, resolutions, as_of, all_but_signs);
    let weakest =
        deciding.iter().filter_map(|id| resolutions.get(id.as_str())).min_by_key(|resolution| strength(resolution));
    let (basis, certainty) = match (outcome, weakest) {
        (Outcome::Unknown, _) => (unknown_basis(&deciding, resolutions), Certainty::None),
        (_, Some(resolution)) => (resolution.basis, resolution.certainty),
        (_, None) => (Basis::Unknown, Certainty::None),
    };
    let valid_until = match outcome {
        Outcome::Unknown => None,
        _ => deciding.iter().filter_map(|id| resolutions.get(id.as_str())?.valid_until).min(),
    };
    let worth = Readings { verified: verified.least.min(least), claimed: least, possible: possible.most.max(least) };
    Judgement {
        outcome,
        verified: verified.outcome,
        possible: possible.outcome,
        worth,
        basis,
        certainty,
        deciding,
        valid_until,
    }
}

/// Judges a requirement that is met when a level of its own model is reached.
pub(super) fn judge_by_level(level: u32, reached: Readings<u32>) -> Judgement {
    let outcome = |met: bool, otherwise: Outcome| if met { Outcome::Met } else { otherwise };
    let possible = outcome(reached.possible >= level, Outcome::Unmet);
    let open = if possible == Outcome::Met { Outcome::Unknown } else { Outcome::Unmet };
    let claimed = outcome(reached.claimed >= level, open);
    let verified = outcome(reached.verified >= level, open);
    let (basis, certainty) = match (claimed, verified) {
        (Outcome::Unknown, _) => (Basis::Unknown, Certainty::None),
        (Outcome::Met, Outcome::Unknown) => (Basis::Attested, Certainty::Word),
        _ => (Basis::Observed, Certainty::Proof),
    };
    let worth = Readings::default();
    Judgement { outcome: claimed, verified, possible, worth, basis, certainty, deciding: Vec::new(), valid_until: None }
}

fn all_but_signs(resolution: &Resolution<'_>) -> bool {
    !(resolution.basis == Basis::Observed && resolution.certainty == Certainty::Sign)
}

fn verified_only(resolution: &Resolution<'_>) -> bool {
    resolution.is_verified()
}

/// What a requirement comes to in one reading.
struct Read {
    outcome: Outcome,
    deciding: Vec<String>,
    /// What it is worth, where nothing unknown helps.
    least: Exact,
    /// What it is worth, where everything unknown helps.
    most: Exact,
}

/// The outcome with only those resolutions that `counts` admits; the others are unknown.
fn read(
    requirement: &Requirement,
    resolutions: &Resolutions<'_>,
    as_of: NaiveDate,
    counts: impl Fn(&Resolution<'_>) -> bool,
) -> Read {
    let truth = |condition: &Condition| {
        let evaluated = evaluate(condition, &mut |leaf| question_passes(leaf, resolutions, as_of, &counts));
        let deciding = names(condition, &evaluated);
        (evaluated.truth, deciding)
    };
    let (nothing, all) = (Exact::from_integer(0), Exact::from_integer(1));
    let whole =
        |outcome: Outcome, deciding: Vec<String>, least: Exact, most: Exact| Read { outcome, deciding, least, most };
    let not_applicable = requirement.not_applicable_when.as_ref().map(&truth);
    if let Some((Truth::True, deciding)) = not_applicable {
        return whole(Outcome::NotApplicable, deciding, nothing, nothing);
    }
    let Some((met, deciding)) = requirement.met_when().map(&truth) else {
        return whole(Outcome::Unknown, Vec::new(), nothing, all);
    };
    match met {
        Truth::True => return whole(Outcome::Met, deciding, all, all),
        Truth::NotApplicable => return whole(Outcome::NotApplicable, deciding, nothing, nothing),
        // As long as it may not apply, it is not disproved.
        Truth::False if let Some((Truth::Unknown, open)) = not_applicable => {
            return whole(Outcome::Unknown, open, nothing, nothing);
        }
        Truth::False | Truth::Unknown => {}
    }
    let shares: Vec<(Exact, (Truth, Vec<String>))> =
        requirement.worth.iter().map(|worth| (worth.share, truth(&worth.when))).collect();
    let share_with = |holds: fn(Truth) -> bool| {
        shares.iter().find(|(_, (truth, _))| holds(*truth)).map_or(nothing, |(share, _)| *share)
    };
    let least = share_with(|truth| truth == Truth::True);
    if met == Truth::Unknown {
        return whole(Outcome::Unknown, deciding, least, all);
    }
    let most = share_with(|truth| matches!(truth, Truth::True | Truth::Unknown));
    let partly = requirement.partly_when.as_ref().map(&truth).into_iter();
    let partly: Vec<(Truth, Vec<String>)> = partly.chain(shares.into_iter().map(|(_, evaluated)| evaluated)).collect();
    let with = |wanted: Truth| partly.iter().find(|(truth, _)| *truth == wanted).map(|(_, names)| names.clone());
    match (with(Truth::True), with(Truth::Unknown)) {
        (Some(names), _) => whole(Outcome::Partly, joined(deciding, names), least, most),
        (None, Some(names)) if !requirement.worth.is_empty() => whole(Outcome::Unknown, names, least, most),
        _ => whole(Outcome::Unmet, deciding, least, most),
    }
}

pub(super) fn question_passes(
    leaf: &Leaf,
    resolutions: &Resolutions<'_>,
    as_of: NaiveDate,
    counts: &impl Fn(&Resolution<'_>) -> bool,
) -> (Truth, u8) {
    let Some(resolution) = resolutions.get(leaf.name.as_str()) else { return (Truth::Unknown, 0) };
    let truth = match &resolution.said {
        Some(said) if counts(resolution) => said_passes(leaf, said, as_of),
        _ => Truth::Unknown,
    };
    (truth, strength(resolution))
}

/// Whether what is said of a question passes a leaf's test.
pub(crate) fn said_passes(leaf: &Leaf, said: &Said, as_of: NaiveDate) -> Truth {
    match (said, &leaf.test) {
        (Said::Value(value), test) => passes(test, value, as_of, None),
        (Said::NotApplicable, Test::Applicable(wanted)) => Truth::from(!wanted),
        (Said::NotApplicable, _) => Truth::NotApplicable,
    }
}

/// How strong a resolution is; the weakest of those that decide gives a finding its basis.
pub(super) fn strength(resolution: &Resolution<'_>) -> u8 {
    match (resolution.basis, resolution.certainty) {
        (Basis::Corroborated, Certainty::Proof) => 9,
        (Basis::Reviewed, _) => 8,
        (Basis::Observed, Certainty::Proof) => 7,
        (Basis::Contradicted, _) => 6,
        (Basis::Corroborated, _) => 5,
        (Basis::Attested, _) => 4,
        (Basis::Observed, _) => 3,
        (Basis::Disputed, _) => 2,
        (Basis::Lapsed, _) => 1,
        (Basis::Waived | Basis::Unknown, _) => 0,
    }
}

fn unknown_basis(deciding: &[String], resolutions: &Resolutions<'_>) -> Basis {
    let lapsed = deciding
        .iter()
        .any(|id| resolutions.get(id.as_str()).is_some_and(|resolution| resolution.basis == Basis::Lapsed));
    if lapsed { Basis::Lapsed } else { Basis::Unknown }
}

fn names(condition: &Condition, evaluated: &Evaluated) -> Vec<String> {
    let leaves = condition.leaves();
    let named = evaluated.deciding.iter().filter_map(|position| leaves.get(*position)).map(|leaf| leaf.name.clone());
    joined(Vec::new(), named.collect())
}

/// Both lists, without repeating a name.
fn joined(mut left: Vec<String>, right: Vec<String>) -> Vec<String> {
    for name in right {
        if !left.contains(&name) {
            left.push(name);
        }
    }
    left
}
