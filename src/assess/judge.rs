//! Judging a requirement: resolved questions come to an outcome, in three readings.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::logic::{Evaluated, Truth, evaluate};
use super::record::{Basis, Certainty, Outcome, Three};
use super::resolve::Resolution;
use super::test::passes;
use crate::answers::Said;
use crate::questionnaire::{Condition, Exact, Leaf, Requirement, Test, each_once};

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

/// Resolutions by id of the question. They are looked up and never walked, so that their order does not matter.
pub(super) type Resolutions<'a> = HashMap<&'a str, Resolution<'a>>;

/// Judges a requirement by the questions that it names.
pub(super) fn judge(requirement: &Requirement, resolutions: &Resolutions<'_>, as_of: NaiveDate) -> Judgement {
    let Read { outcome, by, least, .. } = read(requirement, resolutions, as_of, |_| true);
    let deciding = names(&by);
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
struct Read<'c> {
    outcome: Outcome,
    /// What decided.
    by: Vec<Decided<'c>>,
    /// What it is worth, where nothing unknown helps.
    least: Exact,
    /// What it is worth, where everything unknown helps.
    most: Exact,
}

/// A condition and what it came to.
struct Decided<'c> {
    condition: &'c Condition,
    evaluated: Evaluated,
}

impl Decided<'_> {
    fn truth(&self) -> Truth {
        self.evaluated.truth
    }
}

/// The outcome with only those resolutions that `counts` admits; the others are unknown.
fn read<'c>(
    requirement: &'c Requirement,
    resolutions: &Resolutions<'_>,
    as_of: NaiveDate,
    counts: impl Fn(&Resolution<'_>) -> bool,
) -> Read<'c> {
    let decided = |condition: &'c Condition| {
        let evaluated = evaluate(condition, &mut |leaf| question_passes(leaf, resolutions, as_of, &counts));
        Decided { condition, evaluated }
    };
    let (nothing, all) = (Exact::from_integer(0), Exact::from_integer(1));
    let whole = |outcome: Outcome, by: Vec<Decided<'c>>, least: Exact, most: Exact| Read { outcome, by, least, most };
    let not_applicable = requirement.not_applicable_when.as_ref().map(decided);
    let not_applicable = match not_applicable {
        Some(decided) if decided.truth() == Truth::True => {
            return whole(Outcome::NotApplicable, vec![decided], nothing, nothing);
        }
        open => open.filter(|decided| decided.truth() == Truth::Unknown),
    };
    let Some(met) = requirement.met_when().map(decided) else {
        return whole(Outcome::Unknown, Vec::new(), nothing, all);
    };
    match (met.truth(), not_applicable) {
        (Truth::True, _) => return whole(Outcome::Met, vec![met], all, all),
        (Truth::NotApplicable, _) => return whole(Outcome::NotApplicable, vec![met], nothing, nothing),
        // As long as it may not apply, it is not disproved.
        (Truth::False, Some(open)) => return whole(Outcome::Unknown, vec![open], nothing, nothing),
        (Truth::False | Truth::Unknown, _) => {}
    }
    let shares: Vec<(Exact, Decided<'c>)> =
        requirement.worth.iter().map(|worth| (worth.share, decided(&worth.when))).collect();
    let share_with = |holds: fn(Truth) -> bool| {
        shares.iter().find(|(_, decided)| holds(decided.truth())).map_or(nothing, |(share, _)| *share)
    };
    let least = share_with(|truth| truth == Truth::True);
    if met.truth() == Truth::Unknown {
        return whole(Outcome::Unknown, vec![met], least, all);
    }
    let most = share_with(|truth| matches!(truth, Truth::True | Truth::Unknown));
    let partly = requirement.partly_when.as_ref().map(decided).into_iter();
    let mut partly: Vec<Decided<'c>> = partly.chain(shares.into_iter().map(|(_, decided)| decided)).collect();
    let with = |partly: &[Decided<'c>], wanted: Truth| partly.iter().position(|decided| decided.truth() == wanted);
    if let Some(position) = with(&partly, Truth::True) {
        return whole(Outcome::Partly, vec![met, partly.swap_remove(position)], least, most);
    }
    match with(&partly, Truth::Unknown).filter(|_| !requirement.worth.is_empty()) {
        Some(position) => whole(Outcome::Unknown, vec![partly.swap_remove(position)], least, most),
        None => whole(Outcome::Unmet, vec![met], least, most),
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

/// The names of the leaves that decided, each once.
fn names(by: &[Decided<'_>]) -> Vec<String> {
    let names = by.iter().flat_map(|decided| decided.evaluated.names(decided.condition));
    each_once(names).into_iter().map(str::to_owned).collect()
}
