//! Resolving a question: what was observed, what was answered and what was reviewed come to one value with a basis.
//!
//! The table that this follows stands in `docs/method.md`; the tests below go through it row by row.

use chrono::NaiveDate;

use super::asked::Unasked;
use super::criteria::{self, Weighed};
use super::logic::{Evaluated, Truth, evaluate};
use super::record::{Basis, Certainty, ChangeShown};
use super::suspect::fired;
use super::test::observation_passes;
use crate::answers::{Answer, Conflict, Review, Said, Verdict};
use crate::evidence::Evidence;
use crate::questionnaire::{self, Given, Question, Rule, each_once};

/// What observations say, or a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub said: Said,
    pub certainty: questionnaire::Certainty,
    /// Position of the rule that gave it.
    pub rule: usize,
    /// Keys of the observations that decided.
    pub keys: Vec<String>,
}

/// An answer in the light of the day of the assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing<'a> {
    pub answer: &'a Answer,
    pub until: NaiveDate,
    /// When it is due to be looked at again.
    pub due: NaiveDate,
    pub state: AnswerState,
}

/// Whether an answer counts on the day of the assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AnswerState {
    Valid,
    Lapsed,
    /// Given after the day for which the assessment is made.
    NotYet,
}

/// Whether a review counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReviewState {
    Counts,
    /// The answer was given after the review.
    OlderThanAnswer,
    /// The answer is another one than was looked at, by its digest.
    AnswerChanged,
    /// The reviewer has a hard conflict of interest.
    HardConflict,
    /// The reviewer is who answered.
    OwnAnswer,
    /// What the answer rests on has changed since the review.
    Suspect,
    /// It stands in the subject's own file, which nobody but the subject vouches for.
    NotTrusted,
}

impl ReviewState {
    /// Why a review does not count, as a sentence; none where it counts.
    pub(super) fn objection(self) -> Option<&'static str> {
        match self {
            Self::Counts => None,
            Self::OlderThanAnswer => Some("It does not count: the answer is newer than the review."),
            Self::AnswerChanged => Some("It does not count: the answer has changed since the review."),
            Self::HardConflict => Some("It does not count: the reviewer has a hard conflict of interest."),
            Self::OwnAnswer => Some("It does not count: the reviewer gave the answer."),
            Self::Suspect => Some("It does not count: what the answer rests on has changed since the review."),
            Self::NotTrusted => {
                Some("It does not count: it stands in the subject's own file, and nobody has said to trust it.")
            }
        }
    }
}

/// What a question comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resolution<'a> {
    /// None is unknown.
    pub said: Option<Said>,
    pub basis: Basis,
    pub certainty: Certainty,
    pub seen: Option<Seen>,
    pub answer: Option<Standing<'a>>,
    pub review: Option<(&'a Review, ReviewState)>,
    /// The day on which it runs out.
    pub valid_until: Option<NaiveDate>,
    /// Why it is not asked, where the condition for that does not hold.
    pub unasked: Option<Unasked>,
    /// What changed after the answer was given or accepted.
    pub suspect: Vec<ChangeShown>,
    /// What the criteria of the question made of it, where it has some and they were asked for.
    pub weighed: Option<Weighed>,
}

impl Resolution<'_> {
    /// Whether it counts in the verified reading.
    pub(super) fn is_verified(&self) -> bool {
        match self.basis {
            Basis::Corroborated | Basis::Observed | Basis::Contradicted => self.certainty == Certainty::Proof,
            Basis::Reviewed => true,
            Basis::Attested | Basis::Disputed | Basis::Lapsed | Basis::Waived | Basis::Unknown => false,
        }
    }
}

/// Resolves a question.
pub(super) fn resolve<'a>(
    question: &Question,
    evidence: &Evidence,
    answer: Option<&'a Answer>,
    review: Option<&'a Review>,
    reviews_trusted: bool,
    as_of: NaiveDate,
) -> Resolution<'a> {
    let seen = observe(question, evidence, as_of);
    let standing = answer.map(|answer| stand(answer, question, as_of));
    let review = review
        .filter(|review| review.on <= as_of)
        .map(|review| (review, review_state(review, answer, reviews_trusted)));
    let said_by_person =
        standing.as_ref().filter(|standing| standing.state == AnswerState::Valid).map(|s| &s.answer.said);
    let lapsed = standing.as_ref().is_some_and(|standing| standing.state == AnswerState::Lapsed);
    let verdict = review.filter(|(_, state)| *state == ReviewState::Counts).map(|(review, _)| &review.verdict);

    let disagrees = standing.as_ref().is_some_and(|standing| {
        let others = &standing.answer.details.respondents;
        said_by_person.is_some() && others.iter().any(|other| !other.agrees && other.on <= as_of)
    });
    let compared = criteria::beside(question, seen.clone(), said_by_person);
    let settled = settle(compared.as_ref(), said_by_person, verdict, lapsed);
    let suspect = suspicions(question, evidence, &settled, standing.as_ref(), review, as_of);
    let review = review.map(|(review, state)| match state {
        ReviewState::Counts if !suspect.is_empty() && review.verdict != Verdict::Challenged => {
            (review, ReviewState::Suspect)
        }
        state => (review, state),
    });
    let (settled, verdict) = if !suspect.is_empty() && settled.1 == Basis::Reviewed {
        let settled = no_longer_reviewed(compared.as_ref(), said_by_person, verdict, lapsed, settled);
        (settled, verdict.filter(|verdict| **verdict != Verdict::Accepted))
    } else {
        (settled, verdict)
    };
    let settled = if disagrees { doubted(settled) } else { settled };
    let counted = answer.filter(|_| said_by_person.is_some());
    let ((said, basis, certainty), weighed) = criteria::weigh(question, settled, counted, verdict, lapsed);
    let observed_until = question.valid_for.after(evidence.collected_on());
    let valid_until = match (basis, &standing, review) {
        (Basis::Unknown | Basis::Lapsed | Basis::Waived, ..) => None,
        (Basis::Attested | Basis::Disputed | Basis::Reviewed, Some(standing), _)
            if standing.state == AnswerState::Valid =>
        {
            Some(standing.until)
        }
        (Basis::Reviewed, _, Some((review, _))) => Some(question.valid_for.after(review.on)),
        _ => Some(observed_until),
    };
    Resolution { said, basis, certainty, seen, answer: standing, review, valid_until, unasked: None, suspect, weighed }
}

/// What a question comes to: value, basis, certainty.
type Settled = (Option<Said>, Basis, Certainty);

/// What changed after somebody last vouched for what a question comes to. What is proved is seen anew each time, so that
/// nothing that happened before speaks against it.
fn suspicions(
    question: &Question,
    evidence: &Evidence,
    settled: &Settled,
    standing: Option<&Standing<'_>>,
    review: Option<(&Review, ReviewState)>,
    as_of: NaiveDate,
) -> Vec<ChangeShown> {
    let (said, basis, certainty) = settled;
    let by_word = match basis {
        Basis::Attested | Basis::Reviewed | Basis::Disputed => true,
        Basis::Corroborated => *certainty == Certainty::Sign,
        _ => false,
    };
    let given = standing.filter(|standing| standing.state == AnswerState::Valid).map(|standing| standing.answer.on);
    let confirmed = review
        .filter(|(review, state)| *state == ReviewState::Counts && review.verdict != Verdict::Challenged)
        .map(|(review, _)| review.on);
    match given.max(confirmed).filter(|_| by_word && said.is_some()) {
        Some(since) => fired(question, evidence, since, as_of),
        None => Vec::new(),
    }
}

/// What is left of what a reviewer said, after what it rests on has changed. The reviewer looked at what was before: what was
/// accepted is a word again, and a word that was overruled stands against the reviewer's.
fn no_longer_reviewed(
    seen: Option<&Seen>,
    answered: Option<&Said>,
    verdict: Option<&Verdict>,
    lapsed: bool,
    settled: Settled,
) -> Settled {
    match verdict {
        Some(Verdict::Accepted) => settle(seen, answered, None, lapsed),
        _ => (settled.0, Basis::Disputed, Certainty::Word),
    }
}

/// The resolution table.
#[expect(clippy::match_same_arms, reason = "one arm is one row of the table")]
fn settle(seen: Option<&Seen>, answered: Option<&Said>, verdict: Option<&Verdict>, lapsed: bool) -> Settled {
    if let Some(Verdict::Overruled(said)) = verdict {
        return (Some(said.clone()), Basis::Reviewed, Certainty::Proof);
    }
    let proof = seen.filter(|seen| seen.certainty == questionnaire::Certainty::Proof);
    let sign = seen.filter(|seen| seen.certainty == questionnaire::Certainty::Sign);
    match (proof, sign, answered, verdict) {
        (Some(proof), _, None, _) => (Some(proof.said.clone()), Basis::Observed, Certainty::Proof),
        (Some(proof), _, Some(answer), _) if *answer == proof.said => {
            (Some(proof.said.clone()), Basis::Corroborated, Certainty::Proof)
        }
        (Some(proof), ..) => (Some(proof.said.clone()), Basis::Contradicted, Certainty::Proof),
        (None, _, Some(answer), Some(Verdict::Accepted)) => (Some(answer.clone()), Basis::Reviewed, Certainty::Proof),
        (None, _, Some(answer), Some(_)) => (Some(answer.clone()), Basis::Disputed, Certainty::Word),
        (None, Some(sign), None, _) => (Some(sign.said.clone()), Basis::Observed, Certainty::Sign),
        (None, Some(sign), Some(answer), None) if *answer == sign.said => {
            (Some(answer.clone()), Basis::Corroborated, Certainty::Sign)
        }
        (None, Some(_), Some(answer), None) => (Some(answer.clone()), Basis::Disputed, Certainty::Word),
        (None, None, Some(answer), None) => (Some(answer.clone()), Basis::Attested, Certainty::Word),
        (None, None, None, _) if lapsed => (None, Basis::Lapsed, Certainty::None),
        (None, None, None, _) => (None, Basis::Unknown, Certainty::None),
    }
}

/// What it comes to where one of several respondents does not agree: a word against a word. A proof stands, and so does what a
/// reviewer says, who has seen both.
fn doubted((said, basis, certainty): Settled) -> Settled {
    match basis {
        Basis::Attested | Basis::Corroborated if certainty != Certainty::Proof => {
            (said, Basis::Disputed, Certainty::Word)
        }
        _ => (said, basis, certainty),
    }
}

/// What the observations say: the first rule by proof that holds, or else the first by sign.
///
/// Rules stand in the order of their rank. Where a rule of higher rank with another value may hold, for all that is
/// known, a proof of lower rank is only a sign: hiding something must never make the rest look better.
pub(super) fn observe(question: &Question, evidence: &Evidence, as_of: NaiveDate) -> Option<Seen> {
    let mut sign = None;
    let mut doubted: Vec<&Given> = Vec::new();
    for (position, rule) in question.observe.iter().enumerate() {
        let evaluated = evaluate(&rule.when, &mut |leaf| (observation_passes(leaf, evidence, as_of), 0));
        let proof = rule.certainty == questionnaire::Certainty::Proof;
        match evaluated.truth {
            Truth::True => {
                let doubt = doubted.iter().any(|given| **given != rule.given);
                let seen = seen(rule, position, &evaluated, evidence);
                match (proof, doubt) {
                    (true, false) if seen.is_some() => return seen,
                    _ => sign = sign.or_else(|| seen.map(as_sign)),
                }
            }
            Truth::Unknown if proof => doubted.push(&rule.given),
            _ => {}
        }
    }
    sign
}

/// The observations that kept rules from giving a value, by key. Rules by which a question does not apply are left out.
pub(super) fn against<'q>(question: &'q Question, evidence: &Evidence, as_of: NaiveDate) -> Vec<&'q str> {
    let rules = question.observe.iter().filter(|rule| rule.given != Given::NotApplicable);
    let evaluated =
        rules.map(|rule| (rule, evaluate(&rule.when, &mut |leaf| (observation_passes(leaf, evidence, as_of), 0))));
    let false_ones = evaluated.filter(|(_, evaluated)| evaluated.truth == Truth::False);
    each_once(false_ones.flat_map(|(rule, evaluated)| evaluated.names(&rule.when)))
}

fn as_sign(seen: Seen) -> Seen {
    Seen { certainty: questionnaire::Certainty::Sign, ..seen }
}

fn seen(rule: &Rule, position: usize, evaluated: &Evaluated, evidence: &Evidence) -> Option<Seen> {
    let said = match &rule.given {
        Given::Value(value) => Said::Value(value.clone()),
        Given::NotApplicable => Said::NotApplicable,
        Given::ValueOf(key) => Said::Value(evidence.get(key)?.value()?.clone()),
    };
    let keys = each_once(evaluated.names(&rule.when).into_iter().chain(rule.value_of()))
        .into_iter()
        .map(str::to_owned)
        .collect();
    Some(Seen { said, certainty: rule.certainty, rule: position, keys })
}

fn stand<'a>(answer: &'a Answer, question: &Question, as_of: NaiveDate) -> Standing<'a> {
    let until = answer.until.unwrap_or_else(|| question.valid_for.after(answer.on));
    let state = if answer.on > as_of {
        AnswerState::NotYet
    } else if until < as_of {
        AnswerState::Lapsed
    } else {
        AnswerState::Valid
    };
    let due = question.due_on(answer.on, until, answer.until.is_some());
    Standing { answer, until, due, state }
}

fn review_state(review: &Review, answer: Option<&Answer>, trusted: bool) -> ReviewState {
    if review.conflict == Conflict::Hard {
        ReviewState::HardConflict
    } else if answer.is_some_and(|answer| answer.by.eq_ignore_ascii_case(&review.by)) {
        ReviewState::OwnAnswer
    } else if review.of.is_some() && review.of != answer.map(Answer::digest) {
        ReviewState::AnswerChanged
    } else if review.of.is_none() && answer.is_some_and(|answer| answer.on > review.on) {
        ReviewState::OlderThanAnswer
    } else if trusted {
        ReviewState::Counts
    } else {
        ReviewState::NotTrusted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Value;
    use crate::questionnaire::Certainty::{Proof, Sign};
    use Basis::{Attested, Contradicted, Corroborated, Disputed, Lapsed, Observed, Reviewed, Unknown};

    /// What is seen, answered, reviewed, and whether an answer has run out; then the value, its basis and certainty.
    type Row<'v> = (Option<Seen>, Option<Said>, Option<&'v Verdict>, bool, Option<bool>, Basis, Certainty);

    fn seen(value: bool, certainty: questionnaire::Certainty) -> Seen {
        Seen { said: said(value), certainty, rule: 0, keys: Vec::new() }
    }

    fn said(value: bool) -> Said {
        Said::Value(Value::Bool(value))
    }

    #[test]
    fn who_does_not_agree_disputes_what_is_not_proved() {
        let yes = || Some(said(true));
        for (basis, certainty, expected) in [
            (Attested, Certainty::Word, (yes(), Disputed, Certainty::Word)),
            (Corroborated, Certainty::Sign, (yes(), Disputed, Certainty::Word)),
            (Corroborated, Certainty::Proof, (yes(), Corroborated, Certainty::Proof)),
            (Reviewed, Certainty::Proof, (yes(), Reviewed, Certainty::Proof)),
            (Contradicted, Certainty::Proof, (yes(), Contradicted, Certainty::Proof)),
        ] {
            assert_eq!(doubted((yes(), basis, certainty)), expected);
        }
    }

    #[test]
    fn the_table_row_by_row() {
        let (accepted, challenged) = (Verdict::Accepted, Verdict::Challenged);
        let overruled = Verdict::Overruled(said(false));
        let rows: Vec<Row<'_>> = vec![
            (Some(seen(true, Proof)), None, None, false, Some(true), Observed, Certainty::Proof),
            (Some(seen(false, Proof)), None, None, true, Some(false), Observed, Certainty::Proof),
            (Some(seen(true, Proof)), Some(said(true)), None, false, Some(true), Corroborated, Certainty::Proof),
            (Some(seen(false, Proof)), Some(said(true)), None, false, Some(false), Contradicted, Certainty::Proof),
            (
                Some(seen(false, Proof)),
                Some(Said::NotApplicable),
                None,
                false,
                Some(false),
                Contradicted,
                Certainty::Proof,
            ),
            (
                Some(seen(false, Proof)),
                Some(said(true)),
                Some(&accepted),
                false,
                Some(false),
                Contradicted,
                Certainty::Proof,
            ),
            (Some(seen(true, Sign)), None, None, false, Some(true), Observed, Certainty::Sign),
            (Some(seen(true, Sign)), None, None, true, Some(true), Observed, Certainty::Sign),
            (Some(seen(true, Sign)), Some(said(true)), None, false, Some(true), Corroborated, Certainty::Sign),
            (Some(seen(false, Sign)), Some(said(true)), None, false, Some(true), Disputed, Certainty::Word),
            (Some(seen(false, Sign)), Some(said(true)), Some(&accepted), false, Some(true), Reviewed, Certainty::Proof),
            (None, Some(said(true)), None, false, Some(true), Attested, Certainty::Word),
            (None, Some(said(true)), Some(&accepted), false, Some(true), Reviewed, Certainty::Proof),
            (None, Some(said(true)), Some(&challenged), false, Some(true), Disputed, Certainty::Word),
            (None, None, None, true, None, Lapsed, Certainty::None),
            (None, None, None, false, None, Unknown, Certainty::None),
            (None, None, Some(&accepted), false, None, Unknown, Certainty::None),
            (
                Some(seen(true, Proof)),
                Some(said(true)),
                Some(&overruled),
                false,
                Some(false),
                Reviewed,
                Certainty::Proof,
            ),
            (None, None, Some(&overruled), false, Some(false), Reviewed, Certainty::Proof),
        ];
        for (position, (seen, answered, verdict, lapsed, value, basis, certainty)) in rows.into_iter().enumerate() {
            let settled = settle(seen.as_ref(), answered.as_ref(), verdict, lapsed);
            assert_eq!(settled, (value.map(said), basis, certainty), "row {position}");
        }
    }
}
