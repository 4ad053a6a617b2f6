//! Judging a requirement: resolved questions come to an outcome, in three readings.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::logic::{Evaluated, Truth, evaluate};
use super::record::{Basis, Certainty, Outcome};
use super::resolve::Resolution;
use super::test::passes;
use crate::answers::Said;
use crate::questionnaire::{Condition, Leaf, Requirement};

/// What a requirement comes to, before waivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judgement {
    /// By all that is known, said or proved.
    pub outcome: Outcome,
    /// By what is proved alone.
    pub verified: Outcome,
    pub basis: Basis,
    pub certainty: Certainty,
    /// Ids of the questions that decided, in the order of the conditions.
    pub deciding: Vec<String>,
    pub valid_until: Option<NaiveDate>,
}

/// Resolutions by id of the question.
pub(super) type Resolutions<'a> = BTreeMap<&'a str, Resolution<'a>>;

/// Judges a requirement.
pub(super) fn judge(requirement: &Requirement, resolutions: &Resolutions<'_>, as_of: NaiveDate) -> Judgement {
    let (outcome, deciding) = reading(requirement, resolutions, as_of, |_| true);
    let (verified, _) = reading(requirement, resolutions, as_of, verified_only);
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
    Judgement { outcome, verified, basis, certainty, deciding, valid_until }
}

fn verified_only(resolution: &Resolution<'_>) -> bool {
    resolution.is_verified()
}

/// The outcome with only those resolutions that `counts` admits; the others are unknown.
fn reading(
    requirement: &Requirement,
    resolutions: &Resolutions<'_>,
    as_of: NaiveDate,
    counts: impl Fn(&Resolution<'_>) -> bool,
) -> (Outcome, Vec<String>) {
    let truth = |condition: &Condition| {
        let evaluated = evaluate(condition, &mut |leaf| question_passes(leaf, resolutions, as_of, &counts));
        let deciding = names(condition, &evaluated);
        (evaluated.truth, deciding)
    };
    let not_applicable = requirement.not_applicable_when.as_ref().map(&truth);
    if let Some((Truth::True, deciding)) = not_applicable {
        return (Outcome::NotApplicable, deciding);
    }
    let (met, deciding) = truth(&requirement.met_when);
    match met {
        Truth::True => (Outcome::Met, deciding),
        Truth::NotApplicable => (Outcome::NotApplicable, deciding),
        Truth::Unknown => (Outcome::Unknown, deciding),
        Truth::False => match (not_applicable, requirement.partly_when.as_ref().map(&truth)) {
            // As long as it may not apply, it is not disproved.
            (Some((Truth::Unknown, open)), _) => (Outcome::Unknown, open),
            (_, Some((Truth::True, partly))) => (Outcome::Partly, joined(deciding, partly)),
            _ => (Outcome::Unmet, deciding),
        },
    }
}

fn question_passes(
    leaf: &Leaf,
    resolutions: &Resolutions<'_>,
    as_of: NaiveDate,
    counts: &impl Fn(&Resolution<'_>) -> bool,
) -> (Truth, u8) {
    let Some(resolution) = resolutions.get(leaf.name.as_str()) else { return (Truth::Unknown, 0) };
    let truth = match &resolution.said {
        Some(_) if !counts(resolution) => Truth::Unknown,
        Some(Said::Value(value)) => passes(&leaf.test, value, as_of, None),
        Some(Said::NotApplicable) => match leaf.test {
            crate::questionnaire::Test::Applicable(wanted) => Truth::from(!wanted),
            _ => Truth::NotApplicable,
        },
        None => Truth::Unknown,
    };
    (truth, strength(resolution))
}

/// How strong a resolution is; the weakest of those that decide gives a finding its basis.
fn strength(resolution: &Resolution<'_>) -> u8 {
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
