//! Whether the rules by which observations settle a question make sense together.
//!
//! Rules stand in the order of their rank, so two of them may hold at once and the first decides: that is how exceptions are
//! written. Wrong is a rule that can never hold, and one that never decides because those before it always hold when it does.
//! Doubtful are two rules about the same things of which neither is the exception of the other.

use std::collections::BTreeSet;

use super::holds::Search;
use super::shape;
use crate::questionnaire::condition::Condition;
use crate::questionnaire::question::{Question, Rule};
use crate::yaml::Problem;

/// Adds what is wrong with the rules of a question whose names and types are right.
pub(super) fn lint(question: &Question, problems: &mut Vec<Problem>) {
    for (position, rule) in question.observe.iter().enumerate() {
        let at = rule.span.start..rule.span.start;
        if !Search::all(&[&rule.when]).finds(shape::of_key) {
            problems.push(
                Problem::error(format!("this rule of `{}` can never hold", question.id), at)
                    .help(format!("it asks for what excludes itself: {}", rule.when)),
            );
            continue;
        }
        let before = question.observe.get(..position).unwrap_or(&[]);
        if decides(question, rule, before, problems) {
            lint_overlap(question, rule, before, problems);
        }
    }
}

/// Whether a rule ever decides. It does not where another one before it, at least as sure, holds whenever it does.
fn decides(question: &Question, rule: &Rule, before: &[Rule], problems: &mut Vec<Problem>) -> bool {
    let surer: Vec<&Rule> = before.iter().filter(|other| other.certainty >= rule.certainty).collect();
    if !covered(&rule.when, surer.iter().map(|other| &other.when).collect()) {
        return true;
    }
    let at = rule.span.start..rule.span.start;
    let contradicts = surer.iter().any(|other| other.given != rule.given && covered(&rule.when, vec![&other.when]));
    let message = format!("this rule of `{}` never decides: whenever it holds, one before it does", question.id);
    let problem = if contradicts { Problem::error(message, at) } else { Problem::warning(message, at) };
    problems.push(problem.help("the first rule that holds decides; put the exception first, or leave this one out"));
    false
}

/// Whether one of the others holds whenever a condition does, also where things are unknown.
fn covered(condition: &Condition, others: Vec<&Condition>) -> bool {
    !Search { holding: vec![condition], failing: others, with_unknown: true, all_apply: false }.finds(shape::of_key)
}

/// Two rules about the same things overlap where both can hold and neither is the exception of the other.
///
/// Rules about different things are left alone: what is seen together there is known only to who wrote them.
fn lint_overlap(question: &Question, rule: &Rule, before: &[Rule], problems: &mut Vec<Problem>) {
    let names = names(&rule.when);
    let overlaps = |other: &&Rule| {
        let others = self::names(&other.when);
        other.certainty == rule.certainty
            && other.given != rule.given
            && names == others
            && Search::all(&[&rule.when, &other.when]).finds(shape::of_key)
            && !covered(&other.when, vec![&rule.when])
    };
    if let Some(other) = before.iter().find(overlaps) {
        let at = rule.span.start..rule.span.start;
        let message = format!("two rules of `{}` can hold at once and give different values", question.id);
        problems.push(
            Problem::warning(message, at)
                .help(format!("the one before it wins; make them exclude each other: {}", other.when)),
        );
    }
}

fn names(condition: &Condition) -> BTreeSet<&str> {
    condition.leaves().into_iter().map(|leaf| leaf.name.as_str()).collect()
}
