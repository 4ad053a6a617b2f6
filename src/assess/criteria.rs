//! Whether an answer counts in the light of the criteria of its question.
//!
//! A coverage says how far something reaches; the criteria say whether it is good enough to count at all. An answer above the
//! lowest counts where its author says that all of them hold. Where some do not hold, it counts as the lowest. Where nothing is
//! said of them it is unknown: neither is what nobody has denied a no, nor what nobody has claimed a yes.

use super::record::{Basis, Certainty};
use super::resolve::Seen;
use crate::answers::{Answer, CriteriaHeld, Said, Verdict};
use crate::evidence::Value;
use crate::questionnaire::{self, Question};

/// What the criteria make of what was said or seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Weighed {
    /// They all hold, by the answer.
    Held,
    /// These do not, so the answer counts as the lowest; their numbers and texts.
    NotHeld(Vec<(usize, String)>),
    /// The answer says nothing of them.
    Untold,
    /// There is no answer, only signs.
    OnlySeen,
}

/// Value, basis and certainty.
type Settled = (Option<Said>, Basis, Certainty);

/// What a question comes to by its criteria; and what they made of it, where they were asked for.
pub(super) fn weigh(
    question: &Question,
    settled: Settled,
    answer: Option<&Answer>,
    verdict: Option<&Verdict>,
    lapsed: bool,
) -> (Settled, Option<Weighed>) {
    let (said, basis, certainty) = settled;
    let needed = matches!(&said, Some(Said::Value(value)) if question.needs_criteria(value));
    // A reviewer who puts a value in place has weighed the criteria.
    if !needed || matches!(verdict, Some(Verdict::Overruled(_))) {
        return ((said, basis, certainty), None);
    }
    let Some(answer) = answer else {
        let basis = if lapsed { Basis::Lapsed } else { Basis::Unknown };
        return ((None, basis, Certainty::None), Some(Weighed::OnlySeen));
    };
    let Some(held) = &answer.details.criteria else {
        return ((None, Basis::Unknown, Certainty::None), Some(Weighed::Untold));
    };
    let missing = held.missing(question);
    if missing.is_empty() {
        return ((said, basis, certainty), Some(Weighed::Held));
    }
    // A sign speaks for how far it reaches, and so for nothing of this.
    let (basis, certainty) = match basis {
        Basis::Corroborated => (Basis::Attested, Certainty::Word),
        other => (other, certainty),
    };
    let lowest = question.lowest().first().map(|word| Said::Value(Value::Text((*word).to_owned())));
    let missing = missing.into_iter().map(|(number, text)| (number, text.to_owned())).collect();
    ((lowest, basis, certainty), Some(Weighed::NotHeld(missing)))
}

/// What a sign says beside an answer. That it is done somewhere speaks for every answer above the lowest: how far it reaches,
/// signs do not tell.
pub(super) fn beside(question: &Question, seen: Option<Seen>, answered: Option<&Said>) -> Option<Seen> {
    let above = |said: &Said| matches!(said, Said::Value(value) if question.needs_criteria(value));
    let seen = seen?;
    match answered {
        Some(answered) if seen.certainty == questionnaire::Certainty::Sign && above(&seen.said) && above(answered) => {
            Some(Seen { said: answered.clone(), ..seen })
        }
        _ => Some(seen),
    }
}

/// What the criteria made of it, as a sentence.
pub(super) fn sentence(weighed: &Weighed, question: &Question) -> String {
    let list = |missing: &[(usize, String)]| {
        missing.iter().map(|(number, text)| format!("{number}. {text}")).collect::<Vec<_>>().join(" ")
    };
    match weighed {
        Weighed::Held if question.criteria.len() == 1 => "The criterion holds, by the answer.".to_owned(),
        Weighed::Held => format!("All {} criteria hold, by the answer.", question.criteria.len()),
        Weighed::NotHeld(missing) => {
            let lowest = question.lowest().first().copied().unwrap_or_default().to_owned();
            format!("It counts as `{lowest}`, since by the answer this does not hold: {}", list(missing))
        }
        Weighed::Untold => format!(
            "The answer does not count yet: it does not say whether this holds: {}",
            crate::answers::criteria_listed(question)
        ),
        Weighed::OnlySeen => {
            "What was seen may reach some way; nobody has said how far, and whether its criteria hold.".to_owned()
        }
    }
}

/// The numbers of the criteria that hold.
pub(super) fn holding(held: &CriteriaHeld, question: &Question) -> Vec<usize> {
    let missing: Vec<usize> = held.missing(question).into_iter().map(|(number, _)| number).collect();
    (1..=question.criteria.len()).filter(|number| !missing.contains(number)).collect()
}
