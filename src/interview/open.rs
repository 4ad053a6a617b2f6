//! Which questions wait for an answer, and in which order they are best asked.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::assess::record::{Assessment, Basis, Certainty, Finding, Outcome, QuestionResult};

/// The most requirements that are named beside a question.
const MAX_NAMED: usize = 4;

/// Which open questions are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// All that an answer could settle.
    Open,
    /// Those of which nothing is known.
    Unknown,
    /// Those whose answer has run out, is due, or is suspect since something changed: what `status` says of them.
    Due,
    /// Those whose answer is contradicted or disputed.
    Contradicted,
}

/// A question that waits for an answer, and what waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    pub question: String,
    /// The topic, the part of the id before the dot.
    pub topic: String,
    /// Areas of the requirements.
    pub areas: Vec<String>,
    /// The ids of the requirements that wait, in the order of the models.
    pub requirements: Vec<String>,
    /// The lowest level at which one of them counts.
    pub level: u32,
    /// Whether it is a level of a model that has levels.
    pub has_level: bool,
}

impl Open {
    /// The requirements that wait, the first of them by name.
    pub fn waiting(&self) -> String {
        let named = if self.requirements.len() > MAX_NAMED + 1 { MAX_NAMED } else { self.requirements.len() };
        let list = self.requirements.iter().take(named).map(String::as_str).collect::<Vec<_>>().join(", ");
        match self.requirements.len() - named {
            0 => list,
            more => format!("{list} and {more} more"),
        }
    }

    /// What waits, and from which level on where there are levels.
    pub fn waiting_from(&self) -> String {
        let waiting = self.waiting();
        if self.has_level { format!("{waiting}, level {}", self.level) } else { waiting }
    }
}

/// The questions that an answer could settle, by topic. Topics and the questions in them stand in the order of what
/// they move: lower levels first, then what is unknown before what signs speak for, then those on which most waits.
pub fn open_questions(record: &Assessment, only: Only, as_of: NaiveDate) -> Vec<Open> {
    let mut waiting: BTreeMap<&str, Open> = BTreeMap::new();
    let findings = record.models.iter().flat_map(|model| {
        let has_levels = model.maturity.highest > 0;
        model.findings.iter().map(move |finding| (has_levels, finding))
    });
    for (has_levels, finding) in findings {
        for question in waits_for(finding, only).iter().filter_map(|id| record.question(id)) {
            if is_meant(question, finding, only, as_of) {
                if !question.unasked {
                    note(&mut waiting, question, finding, has_levels);
                }
                for first in asked_first(question, record) {
                    if is_meant(first, finding, only, as_of) && !first.unasked {
                        note(&mut waiting, first, finding, has_levels);
                    }
                }
            }
        }
    }
    let mut open: Vec<Open> = waiting.into_values().collect();
    put_in_order(&mut open, record);
    open
}

/// Puts open questions in the order in which they are best asked.
pub fn put_in_order(open: &mut [Open], record: &Assessment) {
    let rank = |open: &Open| {
        let result = record.question(&open.question);
        let known = result.is_some_and(|result| result.certainty != Certainty::None);
        (open.level, known, usize::MAX - open.requirements.len(), position(record, &open.question))
    };
    let mut topics: BTreeMap<String, _> = BTreeMap::new();
    for open in open.iter() {
        let own = rank(open);
        let best = topics.entry(open.topic.clone()).or_insert(own);
        *best = own.min(*best);
    }
    open.sort_by_key(|open| (topics.get(&open.topic).copied(), rank(open)));
    put_first(open, record);
}

/// Moves each question behind those on which it hangs whether it is asked; else the order stays.
fn put_first(open: &mut [Open], record: &Assessment) {
    for at in 0..open.len() {
        let ready = (at..open.len()).find(|candidate| {
            let rest = || open.iter().enumerate().skip(at).filter(|(other, _)| other != candidate);
            let result = open.get(*candidate).and_then(|open| record.question(&open.question));
            let first = result.map(|result| asked_first(result, record)).unwrap_or_default();
            !rest().any(|(_, open)| first.iter().any(|first| first.id == open.question))
        });
        if let Some(part) = ready.and_then(|ready| open.get_mut(at..=ready)) {
            part.rotate_right(1);
        }
    }
}

fn position(record: &Assessment, id: &str) -> usize {
    record.questions.iter().position(|question| question.id == id).unwrap_or(usize::MAX)
}

/// The questions on which a finding waits. One that is met or does not apply, but only by word or sign, waits for
/// those that make it so; any other for all of its questions.
fn waits_for(finding: &Finding, only: Only) -> &[String] {
    match finding.outcome {
        // What is due is looked at again, whatever else decides today.
        _ if only == Only::Due => &finding.questions,
        Outcome::Met | Outcome::NotApplicable => &finding.decided_by,
        Outcome::Partly | Outcome::Unmet | Outcome::Unknown => &finding.questions,
    }
}

/// The questions on which it hangs, at any remove, whether a question is asked.
fn asked_first<'r>(question: &'r QuestionResult, record: &'r Assessment) -> Vec<&'r QuestionResult> {
    let mut first: Vec<&QuestionResult> = Vec::new();
    let mut pending: Vec<&String> = question.asks_first.iter().collect();
    while let Some(id) = pending.pop() {
        let Some(result) = record.question(id) else { continue };
        if result.id != question.id && !first.iter().any(|known| known.id == result.id) {
            first.push(result);
            pending.extend(&result.asks_first);
        }
    }
    first
}

fn is_meant(question: &QuestionResult, finding: &Finding, only: Only, as_of: NaiveDate) -> bool {
    let is_due = || {
        let due = question.answer.as_ref().map(|answer| answer.due.unwrap_or(answer.until));
        due.is_some_and(|due| due <= as_of) || !question.suspect.is_empty()
    };
    let disputed = matches!(question.basis, Basis::Contradicted | Basis::Disputed);
    let answered = question.answer.is_some();
    let lapsed = question.answer.as_ref().is_some_and(|answer| answer.lapsed);
    match only {
        Only::Unknown => question.basis == Basis::Unknown,
        Only::Due => is_due(),
        Only::Contradicted => disputed,
        Only::Open => {
            let unsettled = !finding.verified && question.certainty != Certainty::Proof && !answered;
            unsettled || disputed || lapsed || question.lacks_criteria() || is_due()
        }
    }
}

fn note<'r>(waiting: &mut BTreeMap<&'r str, Open>, question: &'r QuestionResult, finding: &Finding, has_levels: bool) {
    let open = waiting.entry(&question.id).or_insert_with(|| Open {
        question: question.id.clone(),
        topic: question.id.split('.').next().unwrap_or_default().to_owned(),
        areas: Vec::new(),
        requirements: Vec::new(),
        level: finding.from_level,
        has_level: has_levels,
    });
    // A level of a model that has levels says more than the only one of a model that has none.
    open.level = match (open.has_level, has_levels) {
        (false, true) => finding.from_level,
        (true, false) => open.level,
        _ => open.level.min(finding.from_level),
    };
    open.has_level |= has_levels;
    if !open.requirements.contains(&finding.requirement) {
        open.requirements.push(finding.requirement.clone());
    }
    if !open.areas.contains(&finding.area) {
        open.areas.push(finding.area.clone());
    }
}
