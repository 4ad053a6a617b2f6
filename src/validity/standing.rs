//! What still holds of an assessment, and what does not.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use schemars::JsonSchema;
use serde::Serialize;

use super::Validity;
use crate::assess::record::{AnswerShown, Assessment, Basis, ChangeShown, Finding, QuestionResult};
use crate::evidence::Events;

/// The schema that a written status names.
pub const STATUS_SCHEMA: &str = "seaworthy.status/1";

/// How many days before its end a waiver is due.
const WAIVER_DUE_DAYS: u64 = 30;

/// What is valid or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    Answer,
    /// What was observed, where no answer stands beside it.
    Observation,
    Waiver,
}

/// An answer, an observation or a waiver, and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Item {
    pub validity: Validity,
    pub of: ItemKind,
    /// Id of the question; of a waiver `model/requirement`.
    pub id: String,
    pub ask: String,
    pub value: Option<String>,
    pub by: Option<String>,
    pub on: Option<NaiveDate>,
    /// The soft limit.
    pub due: Option<NaiveDate>,
    /// The hard limit: the last day on which it holds.
    pub until: Option<NaiveDate>,
    /// Why it does not hold, each a sentence.
    pub because: Vec<String>,
    /// What changed since, where it is suspect.
    pub changes: Vec<ChangeShown>,
    /// The requirements that rest on it.
    pub requirements: Vec<String>,
}

/// How many there are of each validity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    pub fresh: usize,
    pub due: usize,
    pub suspect: usize,
    pub contradicted: usize,
    pub expired: usize,
    pub superseded: usize,
}

/// Something that changed, and the questions that it touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Touched {
    pub change: ChangeShown,
    pub questions: Vec<String>,
}

/// What to do so that the assessment is whole again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Work {
    /// Id of the question; of a waiver `model/requirement`.
    pub id: String,
    /// A sentence.
    pub what: String,
    /// How many requirements wait for it.
    pub requirements: usize,
}

/// What still holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Standing {
    /// `seaworthy.status/1`
    pub schema: String,
    pub subject: String,
    pub as_of: NaiveDate,
    /// The day on which the evidence was collected.
    pub seen_on: NaiveDate,
    /// Of answers and waivers.
    pub counts: Counts,
    /// Of what was observed, where no answer stands beside it.
    pub observed: Counts,
    /// The next day on which an answer or a waiver is due.
    pub next_due: Option<NaiveDate>,
    pub touched: Vec<Touched>,
    /// The least work: only what is not fresh, the most urgent first.
    pub work: Vec<Work>,
    /// Everything, the most urgent first.
    pub items: Vec<Item>,
}

impl Standing {
    /// What holds of a record. `superseded` are answers to questions that are no longer asked.
    pub fn of(record: &Assessment, superseded: Vec<Item>) -> Self {
        let waits = waiting(record);
        let mut items: Vec<Item> =
            record.questions.iter().filter_map(|question| item(question, record, &waits)).collect();
        items.extend(
            record
                .models
                .iter()
                .flat_map(|model| model.findings.iter().filter_map(|finding| waiver(&model.id, finding, record.as_of))),
        );
        items.extend(superseded);
        items.sort_by_key(|item| (std::cmp::Reverse(item.validity), item.of));
        let (said, seen): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| item.of != ItemKind::Observation);
        let upcoming = said.iter().filter(|item| item.validity == Validity::Fresh).filter_map(|item| item.due);
        Self {
            schema: STATUS_SCHEMA.to_owned(),
            subject: record.subject.id.clone(),
            as_of: record.as_of,
            seen_on: record.inputs.evidence.collected_at.date_naive(),
            counts: counts(&said),
            observed: counts(&seen),
            next_due: upcoming.min(),
            touched: touched(&items),
            work: work(&items),
            items,
        }
    }

    /// The items of a validity.
    pub fn with(&self, validity: Validity) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.validity == validity)
    }

    /// The most urgent validity that there is.
    pub fn worst(&self) -> Validity {
        self.items.iter().map(|item| item.validity).max().unwrap_or(Validity::Fresh)
    }

    /// All in one line, for a badge or a shell: `whole: 12 fresh`, or `due: 12 fresh, 2 due`.
    pub fn line(&self) -> String {
        let Counts { fresh, due, suspect, contradicted, expired, superseded } = self.counts;
        let parts = [
            (fresh, Validity::Fresh),
            (due, Validity::Due),
            (suspect, Validity::Suspect),
            (contradicted, Validity::Contradicted),
            (expired, Validity::Expired),
            (superseded, Validity::Superseded),
        ];
        let told: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, validity)| format!("{count} {}", validity.word()))
            .collect();
        let worst = self.worst();
        let lead = if worst.is_open() { worst.word() } else { "whole" };
        if told.is_empty() { format!("{lead}: nothing was said") } else { format!("{lead}: {}", told.join(", ")) }
    }
}

/// The requirements that name each question.
fn waiting(record: &Assessment) -> BTreeMap<&str, Vec<String>> {
    let mut waits: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for finding in record.models.iter().flat_map(|model| &model.findings) {
        for question in &finding.questions {
            let known = waits.entry(question).or_default();
            if !known.contains(&finding.requirement) {
                known.push(finding.requirement.clone());
            }
        }
    }
    waits
}

fn counts(items: &[&Item]) -> Counts {
    let count = |validity: Validity| items.iter().filter(|item| item.validity == validity).count();
    Counts {
        fresh: count(Validity::Fresh),
        due: count(Validity::Due),
        suspect: count(Validity::Suspect),
        contradicted: count(Validity::Contradicted),
        expired: count(Validity::Expired),
        superseded: count(Validity::Superseded),
    }
}

/// How a question that was answered or observed stands. None where nothing is known of it.
fn item(question: &QuestionResult, record: &Assessment, waits: &BTreeMap<&str, Vec<String>>) -> Option<Item> {
    let requirements = waits.get(question.id.as_str()).cloned().unwrap_or_default();
    if question.unasked && question.answer.is_none() {
        return None;
    }
    match &question.answer {
        Some(answer) if answer.on <= record.as_of => Some(answered(question, answer, record.as_of, requirements)),
        _ if question.basis == Basis::Observed => Some(observed(question, record, requirements)),
        _ => None,
    }
}

fn answered(question: &QuestionResult, answer: &AnswerShown, as_of: NaiveDate, requirements: Vec<String>) -> Item {
    let (validity, because) = validity(question, answer, as_of);
    let value = question.answered.as_ref().map_or_else(|| "does not apply".to_owned(), ToString::to_string);
    Item {
        validity,
        of: ItemKind::Answer,
        id: question.id.clone(),
        ask: question.ask.clone(),
        value: Some(value),
        by: Some(answer.declared_in.clone().unwrap_or_else(|| answer.by.clone())),
        on: Some(answer.on),
        due: answer.due,
        until: Some(answer.until),
        because,
        changes: if validity == Validity::Suspect { question.suspect.clone() } else { Vec::new() },
        requirements,
    }
}

/// The validity of an answer, and why: what is proved against it weighs more than its age, and its age more than suspicion.
fn validity(question: &QuestionResult, answer: &AnswerShown, as_of: NaiveDate) -> (Validity, Vec<String>) {
    let told = |validity, text: String| (validity, vec![text]);
    if answer.lapsed && question.basis == Basis::Observed {
        let seen = question.observed.as_ref().map_or_else(|| "does not apply".to_owned(), ToString::to_string);
        return told(
            Validity::Superseded,
            format!("It ran out on {}; what is observed stands alone: {seen}.", answer.until),
        );
    }
    if question.basis == Basis::Contradicted {
        let seen = question.observed.as_ref().map_or_else(|| "does not apply".to_owned(), ToString::to_string);
        return told(Validity::Contradicted, format!("Observed is: {seen}."));
    }
    if answer.lapsed {
        return told(Validity::Expired, format!("It ran out on {}.", answer.until));
    }
    let mut doubts: Vec<String> = question.suspect.iter().map(change).collect();
    if question.basis == Basis::Disputed && question.suspect.is_empty() {
        doubts.push(disputed(question));
    }
    if !doubts.is_empty() {
        return (Validity::Suspect, doubts);
    }
    match answer.due {
        Some(due) if due <= as_of => {
            told(Validity::Due, format!("It is due since {due}, and runs out on {}.", answer.until))
        }
        _ => (Validity::Fresh, Vec::new()),
    }
}

fn change(change: &ChangeShown) -> String {
    let what = change.what.as_ref().map(|what| format!(", {what}")).unwrap_or_default();
    format!("{} on {}{what}.", change.title, change.on)
}

fn disputed(question: &QuestionResult) -> String {
    if let Some(review) = question.review.as_ref().filter(|review| review.counts && review.verdict != "accepted") {
        return format!("{} has {} it.", review.by, review.verdict);
    }
    match &question.observed {
        Some(seen) => format!("A sign speaks against it: {seen}."),
        None => "Not everybody who was asked agrees.".to_owned(),
    }
}

/// What was observed holds as long as an answer would, from the day on which it was seen.
fn observed(question: &QuestionResult, record: &Assessment, requirements: Vec<String>) -> Item {
    let on = record.inputs.evidence.collected_at.date_naive();
    let due = question.valid_until.and_then(|until| {
        let days = u64::try_from((until - on).num_days()).unwrap_or(0);
        on.checked_add_days(Days::new(Events::built_in().due_days(days)))
    });
    let validity = match (question.valid_until, due) {
        (Some(until), _) if until < record.as_of => Validity::Expired,
        (_, Some(due)) if due <= record.as_of => Validity::Due,
        _ => Validity::Fresh,
    };
    let because = if validity == Validity::Fresh { Vec::new() } else { vec![format!("It was last seen on {on}.")] };
    Item {
        validity,
        of: ItemKind::Observation,
        id: question.id.clone(),
        ask: question.ask.clone(),
        value: question.observed.as_ref().map(ToString::to_string),
        by: None,
        on: Some(on),
        due,
        until: question.valid_until,
        because,
        changes: Vec::new(),
        requirements,
    }
}

fn waiver(model: &str, finding: &Finding, as_of: NaiveDate) -> Option<Item> {
    let waiver = finding.waiver.as_ref()?;
    let due = waiver.until.checked_sub_days(Days::new(WAIVER_DUE_DAYS));
    let (validity, because) = match due {
        _ if waiver.ended => (Validity::Expired, vec![format!("It ended on {}.", waiver.until)]),
        Some(due) if due <= as_of => (Validity::Due, vec![format!("It ends on {}.", waiver.until)]),
        _ => (Validity::Fresh, Vec::new()),
    };
    Some(Item {
        validity,
        of: ItemKind::Waiver,
        id: format!("{model}/{}", finding.requirement),
        ask: finding.demands.clone(),
        value: Some(waiver.reason.clone()),
        by: Some(waiver.by.clone()),
        on: None,
        due,
        until: Some(waiver.until),
        because,
        changes: Vec::new(),
        requirements: vec![finding.requirement.clone()],
    })
}

/// Each change once, with all the questions that it touches; the latest first.
fn touched(items: &[Item]) -> Vec<Touched> {
    let mut touched: Vec<Touched> = Vec::new();
    for item in items {
        for change in &item.changes {
            match touched.iter_mut().find(|touched| touched.change == *change) {
                Some(known) => known.questions.push(item.id.clone()),
                None => touched.push(Touched { change: change.clone(), questions: vec![item.id.clone()] }),
            }
        }
    }
    touched.sort_by_key(|touched| std::cmp::Reverse(touched.change.on));
    touched
}

/// What to do about everything that is not fresh.
fn work(items: &[Item]) -> Vec<Work> {
    let what = |item: &Item| match (item.of, item.validity) {
        (ItemKind::Observation, _) => "Assess again: what was seen is old.".to_owned(),
        (ItemKind::Waiver, Validity::Expired) => "Renew the waiver, or do what it put off.".to_owned(),
        (ItemKind::Waiver, _) => "Do what the waiver puts off, or renew it before it ends.".to_owned(),
        (ItemKind::Answer, Validity::Expired) => "Answer it anew.".to_owned(),
        (ItemKind::Answer, Validity::Contradicted) => "Correct the answer, or set right what was observed.".to_owned(),
        (ItemKind::Answer, Validity::Superseded) => "Carry it over, or take it out: nothing rests on it.".to_owned(),
        (ItemKind::Answer, _) => "Look whether it is still true, and answer it again.".to_owned(),
    };
    let open = items.iter().filter(|item| item.validity.is_open());
    let mut work: Vec<Work> = Vec::new();
    let mut again = 0;
    for item in open {
        if item.of == ItemKind::Observation {
            again += 1;
            continue;
        }
        work.push(Work { id: item.id.clone(), what: what(item), requirements: item.requirements.len() });
    }
    if again > 0 {
        let what = format!("Assess again: what was seen of {again} questions is old.");
        work.push(Work { id: "assess".to_owned(), what, requirements: 0 });
    }
    work
}
