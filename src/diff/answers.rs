//! Answers and reviews side by side.

use std::collections::BTreeSet;

use super::{AnswerDiff, Because, Cause, Sides};
use crate::assess::record::{AnswerShown, QuestionResult, ReviewShown};

/// The answers and reviews that changed, of the questions that both records ask, and of those that one asks and that are
/// answered there.
pub(super) fn changed(sides: &Sides<'_>) -> Vec<AnswerDiff> {
    let mut seen = BTreeSet::new();
    let all = sides.new.questions.iter().chain(&sides.old.questions).filter(|question| seen.insert(&question.id));
    let mut diffs = Vec::new();
    for question in all {
        let (Some(old), Some(new)) = (sides.old.question(&question.id), sides.new.question(&question.id)) else {
            continue;
        };
        let causes = answer(sides, old, new).into_iter().chain(review(old, new));
        diffs.extend(causes.map(|cause| AnswerDiff {
            question: question.id.clone(),
            ask: question.ask.clone(),
            old: if cause.cause == Cause::Review { old.review.as_ref().map(reviewed) } else { said(old) },
            new: if cause.cause == Cause::Review { new.review.as_ref().map(reviewed) } else { said(new) },
            cause,
        }));
    }
    diffs
}

/// How the answer to a question changed, if it did.
pub(super) fn answer(sides: &Sides<'_>, old: &QuestionResult, new: &QuestionResult) -> Option<Because> {
    let told = |cause, text: String| Some(Because::new(cause, text));
    match (&old.answer, &new.answer) {
        (None, None) => None,
        (None, Some(now)) => told(Cause::Answer, format!("Answered: {}.", words(new, now))),
        (Some(was), None) => told(Cause::Answer, format!("The answer was taken back: {}.", words(old, was))),
        (Some(was), Some(now)) if same_word(old, new) && content(was) == content(now) => {
            if was.lapsed != now.lapsed {
                let ran = if now.lapsed { "ran out" } else { "does not run out any more" };
                return told(Cause::Time, format!("The answer by {} {ran} on {}.", now.by, now.until));
            }
            // It stood there before, but was given after the day of the assessment.
            if was.on > sides.old.as_of && now.on <= sides.new.as_of {
                return told(Cause::Answer, format!("The answer counts since {}: {}.", now.on, words(new, now)));
            }
            if was.until != now.until {
                let cause = if sides.old.inputs.answers != sides.new.inputs.answers || !sides.questionnaires_changed() {
                    Cause::Answer
                } else {
                    Cause::Questionnaire
                };
                return told(cause, format!("The answer holds until {}, not {}.", now.until, was.until));
            }
            None
        }
        (Some(was), Some(now)) if same_word(old, new) && was.on != now.on => {
            told(Cause::Answer, format!("The answer was given anew: {}.", words(new, now)))
        }
        (Some(_), Some(now)) if same_word(old, new) => {
            told(Cause::Answer, format!("The justification or the evidence changed: {}.", words(new, now)))
        }
        (Some(was), Some(now)) => {
            told(Cause::Answer, format!("The answer is {}. It was {}.", words(new, now), words(old, was)))
        }
    }
}

/// Whether both say the same, whoever says it and whenever.
fn same_word(old: &QuestionResult, new: &QuestionResult) -> bool {
    let not_applicable = |question: &QuestionResult| question.answer.as_ref().is_some_and(|a| a.not_applicable);
    old.answered == new.answered && not_applicable(old) == not_applicable(new)
}

/// The answer without what follows from the day and the question.
fn content(answer: &AnswerShown) -> AnswerShown {
    AnswerShown { until: answer.on, due: None, lapsed: false, ..answer.clone() }
}

/// How the review of an answer changed, if it did.
pub(super) fn review(old: &QuestionResult, new: &QuestionResult) -> Option<Because> {
    let told = |text: String| Some(Because::new(Cause::Review, text));
    match (&old.review, &new.review) {
        (None, None) => None,
        (None, Some(now)) => told(format!("Reviewed: {}.", reviewed(now))),
        (Some(was), None) => told(format!("The review was taken back: {}.", reviewed(was))),
        (Some(was), Some(now)) if given(was) == given(now) && was.counts == now.counts => None,
        (Some(was), Some(now)) if given(was) == given(now) => {
            told(format!("The review by {} {}.", now.by, if now.counts { "counts now" } else { "no longer counts" }))
        }
        (Some(was), Some(now)) => told(format!("The review is {}. It was {}.", reviewed(now), reviewed(was))),
    }
}

/// The review without what follows from the answer.
fn given(review: &ReviewShown) -> ReviewShown {
    ReviewShown { counts: false, outdated: false, ..review.clone() }
}

fn said(question: &QuestionResult) -> Option<String> {
    question.answer.as_ref().map(|answer| words(question, answer))
}

fn words(question: &QuestionResult, answer: &AnswerShown) -> String {
    let value = match &question.answered {
        Some(value) => value.to_string(),
        None => "does not apply".to_owned(),
    };
    let by = match &answer.declared_in {
        Some(place) => format!("declared in {place}"),
        None => format!("by {}", answer.by),
    };
    format!("{value}, {by} on {}", answer.on)
}

fn reviewed(review: &ReviewShown) -> String {
    let value = review.value.as_ref().map(|value| format!(" with {value}")).unwrap_or_default();
    let counts = if review.counts { "" } else { ", does not count" };
    format!("{}{value}, by {} on {}{counts}", review.verdict, review.by, review.on)
}
