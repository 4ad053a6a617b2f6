//! The next steps: what stands between the subject and the next level, and what would settle the unknowns.

use std::collections::{BTreeMap, BTreeSet};

use super::Results;
use super::record::{Basis, Finding, Maturity, NextStep, Outcome, QuestionResult, Reveal, StepKind};
use crate::evidence::Permissions;

/// What to do about one finding, or nothing where nothing is to be done.
///
/// `advice` is what readers can do who are not of the project.
pub(super) fn next(finding: &Finding, advice: Option<&str>, questions: &Results<'_>) -> Option<String> {
    if finding.verified && lacks(finding).is_none() {
        return None;
    }
    let question = deciding(finding, questions).next()?;
    let ended = finding.waiver.as_ref().filter(|waiver| waiver.ended);
    let lead = ended.map_or_else(String::new, |waiver| {
        format!("The waiver ended on {}: renew it, or do what it put off. ", waiver.until)
    });
    let step = match advice {
        Some(advice) => advised(kind(finding, question), question, advice),
        None => step(finding, question),
    };
    Some(lead + &step)
}

/// What somebody can do who depends on the project: nobody can ask of them to answer for it, or to change it.
fn advised(kind: StepKind, question: &QuestionResult, advice: &str) -> String {
    match kind {
        StepKind::Reveal => {
            let look = where_to_look(question).unwrap_or_default();
            format!("{look}, or ask the maintainers. {UNTIL_YOU_KNOW} {advice}")
        }
        StepKind::Prove | StepKind::Justify => {
            "It stands on a sign or on the word of the project. Follow the links and look for yourself.".to_owned()
        }
        StepKind::Correct => format!("What the project says is contradicted by what was seen. {advice}"),
        StepKind::Answer => format!("Ask the maintainers. {UNTIL_YOU_KNOW} {advice}"),
        StepKind::Fix => advice.to_owned(),
    }
}

/// What is not known may be well; who depends on it should not count on that.
const UNTIL_YOU_KNOW: &str = "Until you know, act as if it were not so.";

fn step(finding: &Finding, question: &QuestionResult) -> String {
    match kind(finding, question) {
        StepKind::Correct => format!(
            "The answer to `{}` is contradicted. Correct it, or set right what was observed. {}",
            question.id, question.how
        ),
        StepKind::Fix => what_is_missing(question) + &question.how,
        StepKind::Answer if question.lacks_criteria() => which_criteria(question),
        StepKind::Answer => format!("Answer `{}`: {}", question.id, question.ask),
        StepKind::Reveal => {
            let look = where_to_look(question).unwrap_or_default();
            format!("{look}, or answer `{}`: {}", question.id, question.ask)
        }
        StepKind::Prove if is_outdated(question) => {
            format!("Have the answer to `{}` reviewed again: it has changed since the review.", question.id)
        }
        StepKind::Prove if question.answered.is_some() => {
            format!("Have a reviewer accept the answer to `{}`.", question.id)
        }
        StepKind::Prove => format!("What was seen is a sign, not proof. Answer `{}`: {}", question.id, question.ask),
        StepKind::Justify => justify(finding, question),
    }
}

/// The criteria that do not hold, as a lead to what is to be done.
fn what_is_missing(question: &QuestionResult) -> String {
    match question.missing_criteria().as_slice() {
        [] => String::new(),
        missing => format!("What is missing: {} ", missing.join(" ")),
    }
}

/// What is wanted of an answer that says nothing of the criteria.
fn which_criteria(question: &QuestionResult) -> String {
    let numbered = (1..).zip(&question.criteria).map(|(number, text): (usize, _)| format!("{number}. {text}"));
    let list = numbered.collect::<Vec<_>>().join(" ");
    format!(
        "Say in the answer to `{}` which of its criteria hold (`criteria: all`, or their numbers): {list}",
        question.id
    )
}

/// What a finding lacks to count at a level although it is met or does not apply; the most demanding first.
fn lacks(finding: &Finding) -> Option<&str> {
    finding.counts.iter().filter_map(|count| count.lacks.as_deref()).max()
}

fn justify(finding: &Finding, question: &QuestionResult) -> String {
    let id = &question.id;
    let how = match &question.answered {
        Some(_) => format!("Add it to the answer to `{id}`."),
        None => format!("Answer `{id}` with it."),
    };
    format!("It does not count without {}. {how}", lacks(finding).unwrap_or_default())
}

/// Whether it was reviewed, and the answer is another one now.
fn is_outdated(question: &QuestionResult) -> bool {
    question.review.as_ref().is_some_and(|review| review.outdated)
}

/// The steps to the next level in the verified reading, the least work first. `blocking` are the findings that stand in
/// its way, each with the advice of the model where that speaks to others than the project. Of a model without levels they
/// are all that is open, and the level is 0.
pub(super) fn next_steps(
    maturity: Maturity,
    blocking: &[(&Finding, Option<&str>)],
    questions: &Results<'_>,
) -> Vec<NextStep> {
    if maturity.verified >= maturity.highest && maturity.highest > 0 {
        return Vec::new();
    }
    let level = if maturity.highest == 0 { 0 } else { maturity.verified + 1 };
    let mut steps: BTreeMap<(StepKind, &str), NextStep> = BTreeMap::new();
    let mut first: BTreeMap<(StepKind, &str), u8> = BTreeMap::new();
    for (finding, advice) in blocking {
        // Advice is about the requirement; one question stands for it.
        let most = if advice.is_some() { 1 } else { usize::MAX };
        for question in deciding(finding, questions).take(most) {
            let kind = kind(finding, question);
            let place = first.entry((kind, question.id.as_str())).or_insert(u8::MAX);
            *place = urgency(finding, level).min(*place);
            let step = steps.entry((kind, question.id.as_str())).or_insert_with(|| NextStep {
                kind,
                question: question.id.clone(),
                ask: question.ask.clone(),
                how: advice.map_or_else(|| how(kind, finding, question), |advice| advised(kind, question, advice)),
                effort: if advice.is_some() { "small" } else { effort(kind, question) }.to_owned(),
                requirements: Vec::new(),
                level,
            });
            if step.requirements.last() != Some(&finding.requirement) {
                step.requirements.push(finding.requirement.clone());
            }
        }
    }
    let mut steps: Vec<NextStep> = steps.into_values().collect();
    steps.sort_by_cached_key(|step| {
        let urgency = first.get(&(step.kind, step.question.as_str())).copied();
        let many = std::cmp::Reverse(step.requirements.len());
        (effort_rank(&step.effort), urgency, step.kind, many, step.question.clone())
    });
    steps
}

/// What each permission that the token lacks could settle, the most first.
pub(super) fn reveals(findings: &[Finding], questions: &Results<'_>) -> Vec<Reveal> {
    let mut groups: BTreeMap<&str, (BTreeSet<&str>, BTreeSet<&str>)> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| !finding.verified) {
        let questions = finding.questions.iter().filter_map(|id| questions.get(id.as_str()));
        for question in questions.filter(|question| question.criteria.is_empty()) {
            for unknown in &question.unknown {
                if let Some(permission) = &unknown.permission {
                    let words = Permissions::built_in().words(permission);
                    let (keys, requirements) = groups.entry(words).or_default();
                    keys.insert(&unknown.key);
                    requirements.insert(&finding.requirement);
                }
            }
        }
    }
    let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect();
    let mut reveals: Vec<Reveal> = groups
        .into_iter()
        .map(|(permission, (keys, requirements))| Reveal {
            permission: permission.to_owned(),
            keys: owned(keys),
            requirements: owned(requirements),
        })
        .collect();
    reveals.sort_by_key(|reveal| std::cmp::Reverse(reveal.requirements.len()));
    reveals
}

/// The questions behind a finding that is not verified: those on which it rests and that are not settled for it.
fn deciding<'q>(finding: &'q Finding, questions: &'q Results<'q>) -> impl Iterator<Item = &'q QuestionResult> {
    let settles = |question: &&QuestionResult| {
        // In a finding that is only said, what is proved already needs no further step.
        finding.outcome != Outcome::Met
            || question.certainty != super::record::Certainty::Proof
            || lacks(finding).is_some()
    };
    let named = finding.decided_by.iter().filter_map(|id| questions.get(id.as_str()).copied());
    named.flat_map(|question| asked_instead(question, questions)).filter(settles)
}

fn is_unknown(question: &QuestionResult) -> bool {
    matches!(question.basis, Basis::Unknown | Basis::Lapsed)
}

/// The question, or where it is not asked, or may not be, those on which that hangs.
fn asked_instead<'q>(question: &'q QuestionResult, questions: &Results<'q>) -> Vec<&'q QuestionResult> {
    let mut asked: Vec<&QuestionResult> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut pending = vec![question];
    while let Some(next) = pending.pop() {
        if !seen.insert(&next.id) {
            continue;
        }
        let first = || next.asks_first.iter().filter_map(|id| questions.get(id.as_str()).copied());
        if next.unasked && !next.asks_first.is_empty() {
            pending.extend(first());
        } else if is_unknown(next) && first().any(is_unknown) {
            pending.extend(first().filter(|question| is_unknown(question)));
        } else {
            asked.push(next);
        }
    }
    asked
}

fn kind(finding: &Finding, question: &QuestionResult) -> StepKind {
    match (finding.outcome, question.basis) {
        (_, Basis::Contradicted) => StepKind::Correct,
        (Outcome::Met | Outcome::NotApplicable, _) if lacks(finding).is_some() => StepKind::Justify,
        (Outcome::Unmet | Outcome::Partly, _) => StepKind::Fix,
        // Whether criteria hold is never seen.
        (Outcome::Unknown, _) if question.criteria.is_empty() && where_to_look(question).is_some() => StepKind::Reveal,
        (Outcome::Unknown, _) => StepKind::Answer,
        (Outcome::Met | Outcome::NotApplicable, _) => StepKind::Prove,
    }
}

fn how(kind: StepKind, finding: &Finding, question: &QuestionResult) -> String {
    match kind {
        StepKind::Correct => question.how.clone(),
        StepKind::Fix => what_is_missing(question) + &question.how,
        StepKind::Answer if question.lacks_criteria() => which_criteria(question),
        StepKind::Answer => {
            let lead = if question.in_words { "" } else { "If the answer is no: " };
            format!("Answer `{}` in the answers file. {lead}{}", question.id, question.how)
        }
        StepKind::Reveal => format!("{}, or answer `{}`.", where_to_look(question).unwrap_or_default(), question.id),
        StepKind::Prove if is_outdated(question) => {
            "Have a reviewer look at the answer again: it has changed since the review.".to_owned()
        }
        StepKind::Prove if question.answered.is_some() => {
            "Have a reviewer look at the answer and accept it.".to_owned()
        }
        StepKind::Prove => {
            format!("What was seen is only a sign. Answer `{}`, and have a reviewer accept it.", question.id)
        }
        StepKind::Justify => justify(finding, question),
    }
}

/// Where what is unknown could be seen; none where nothing but an answer helps.
fn where_to_look(question: &QuestionResult) -> Option<String> {
    let permissions: BTreeSet<&str> = question
        .unknown
        .iter()
        .filter_map(|unknown| unknown.permission.as_deref())
        .map(|permission| Permissions::built_in().words(permission))
        .collect();
    if !permissions.is_empty() {
        let named: Vec<String> = permissions.into_iter().map(|permission| format!("`{permission}`")).collect();
        return Some(format!("Assess again with a token that has {}", named.join(" and ")));
    }
    let on_github = question.unknown.iter().any(|unknown| unknown.on_github);
    on_github.then(|| "Assess the repository on GitHub instead of a checkout".to_owned())
}

/// A word is small work, whatever it is about.
fn effort(kind: StepKind, question: &QuestionResult) -> &str {
    match kind {
        StepKind::Correct | StepKind::Fix => &question.effort,
        StepKind::Answer | StepKind::Reveal | StepKind::Prove | StepKind::Justify => "small",
    }
}

/// How much a level of a badge waits for a criterion, the least the most: a MUST before what is only suggested, and last
/// what counts already by somebody's word.
fn urgency(finding: &Finding, level: u32) -> u8 {
    let Some(count) = finding.counts.iter().find(|count| count.level == level) else { return 0 };
    match count.strength.as_str() {
        _ if count.claimed => 3,
        "MUST" => 0,
        "SHOULD" => 1,
        _ => 2,
    }
}

fn effort_rank(effort: &str) -> u8 {
    match effort {
        "small" => 0,
        "medium" => 1,
        _ => 2,
    }
}
