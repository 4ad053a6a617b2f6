//! Whether questions are asked at all: `asked_when`, over other questions and observations.
//!
//! Questions are resolved after those on which it hangs whether they are asked. Where the condition holds, or nobody knows
//! yet whether it does, a question resolves as if it had none. Where it is false, or is about nothing that applies, the
//! question does not apply. What is proved of the question itself stands against a condition that is not: somebody's word
//! must not hide it.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::judge::{Resolutions, question_passes, strength};
use super::logic::{Truth, evaluate};
use super::record::{Basis, Certainty};
use super::resolve::Resolution;
use super::test::observation_passes;
use crate::answers::Said;
use crate::evidence::Evidence;
use crate::parallel;
use crate::questionnaire::{Condition, Leaf, Question, Questionnaires, each_once};

/// Why a question is not asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unasked {
    /// The condition that does not hold.
    pub condition: String,
    /// Names of the questions and observations that decided.
    pub deciding: Vec<String>,
}

/// The strength of an observation, which is a proof.
const OBSERVED: u8 = 7;

/// The questions of some ids and those on which it hangs, at any remove, whether these are asked; in the order of the bank.
pub(super) fn with_conditions<'q>(ids: HashSet<&'q str>, questionnaires: &'q Questionnaires) -> Vec<&'q Question> {
    let mut all = ids.clone();
    let mut pending: Vec<&str> = ids.into_iter().collect();
    while let Some(id) = pending.pop() {
        // What is no question is an observation.
        let first = questionnaires.question(id).map(Question::asks_first).unwrap_or_default();
        pending.extend(first.into_iter().filter(|id| all.insert(id)));
    }
    questionnaires.questions().iter().filter(|question| all.contains(question.id.as_str())).collect()
}

/// Resolves questions, each after those on which it hangs whether it is asked. Questions that wait for each other, which no
/// questionnaire without errors has, are asked.
pub(super) fn resolve_all<'a>(
    questions: &[&'a Question],
    evidence: &Evidence,
    as_of: NaiveDate,
    resolve: impl Fn(&'a Question) -> Resolution<'a> + Sync + Send,
) -> Resolutions<'a> {
    let mut resolved = Resolutions::new();
    let mut waiting: Vec<&Question> = questions.to_vec();
    while !waiting.is_empty() {
        let names: HashSet<&str> = waiting.iter().map(|question| question.id.as_str()).collect();
        let (later, now): (Vec<&Question>, Vec<&Question>) =
            waiting.iter().partition(|question| question.asks_first().iter().any(|id| names.contains(id)));
        let in_a_circle = now.is_empty();
        let settled = parallel::each(if in_a_circle { &later } else { &now }, |question| {
            let own = resolve(question);
            let settled = match &question.asked_when {
                Some(condition) if !in_a_circle => asked(question, condition, own, &resolved, evidence, as_of),
                _ => own,
            };
            (question.id.as_str(), settled)
        });
        resolved.extend(settled);
        waiting = if in_a_circle { Vec::new() } else { later };
    }
    resolved
}

/// What a question comes to, in the light of its condition.
fn asked<'a>(
    question: &Question,
    condition: &Condition,
    own: Resolution<'a>,
    resolved: &Resolutions<'a>,
    evidence: &Evidence,
    as_of: NaiveDate,
) -> Resolution<'a> {
    let evaluated = evaluate(condition, &mut |leaf| passes(leaf, resolved, evidence, as_of));
    if matches!(evaluated.truth, Truth::True | Truth::Unknown) {
        return own;
    }
    let deciding = each_once(evaluated.names(condition));
    let questions = || deciding.iter().filter_map(|name| resolved.get(name));
    let weakest = questions().min_by_key(|resolution| strength(resolution));
    let (basis, certainty) = match weakest.map(|resolution| (resolution.basis, resolution.certainty)) {
        // That an answer is contradicted is told with its own question.
        None | Some((Basis::Contradicted, _)) => (Basis::Observed, Certainty::Proof),
        Some(standing) => standing,
    };
    if own.is_verified() && certainty != Certainty::Proof {
        return own;
    }
    let observed_until = question.valid_for.after(evidence.collected_on());
    let has_observation = deciding.iter().any(|name| !resolved.contains_key(name));
    let until = questions().filter_map(|resolution| resolution.valid_until);
    let valid_until = until.chain(has_observation.then_some(observed_until)).min();
    let deciding = deciding.into_iter().map(str::to_owned).collect();
    let unasked = Some(Unasked { condition: condition.to_string(), deciding });
    Resolution { said: Some(Said::NotApplicable), basis, certainty, valid_until, unasked, ..own }
}

fn passes(leaf: &Leaf, resolved: &Resolutions<'_>, evidence: &Evidence, as_of: NaiveDate) -> (Truth, u8) {
    if resolved.contains_key(leaf.name.as_str()) {
        question_passes(leaf, resolved, as_of, &|_| true)
    } else {
        (observation_passes(leaf, evidence, as_of), OBSERVED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Document;

    const BANK: &str = "schema: seaworthy.questions/1
topic: own
title: Our own
questions:
  - { id: own.last, ask: Is it so?, why: W., how: H., answer: yes-no, asked_when: { own.first: yes }, valid_for: 1 year }
  - { id: own.first, ask: Is it so?, why: W., how: H., answer: yes-no, asked_when: { own.before: yes }, valid_for: 1 year }
  - { id: own.before, ask: Is it so?, why: W., how: H., answer: yes-no, valid_for: 1 year }
  - { id: own.live, ask: Is it so?, why: W., how: H., answer: yes-no, asked_when: { repo.archived: no }, valid_for: 1 year }
  - { id: own.other, ask: Is it so?, why: W., how: H., answer: yes-no, valid_for: 1 year }
";

    #[test]
    fn questions_come_with_those_on_which_they_hang_beside_observations() {
        let bank = Questionnaires::load(vec![Document::new("own.yaml", BANK)]).unwrap();
        let found = |ids: &[&'static str]| -> Vec<&str> {
            with_conditions(ids.iter().copied().collect(), &bank).iter().map(|question| question.id.as_str()).collect()
        };
        for _ in 0..20 {
            assert_eq!(found(&["own.last", "own.live"]), ["own.last", "own.first", "own.before", "own.live"]);
        }
        assert_eq!(found(&["own.other"]), ["own.other"]);
    }
}
