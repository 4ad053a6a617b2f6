//! Observations side by side: as the evidence has them, or else as far as the records name them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Because, Cause, ObservationDiff, Sides};
use crate::assess::record::{Assessment, QuestionResult, UnknownKey};
use crate::evidence::{Evidence, State, Vocabulary};

/// What a side knows of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Known: what it is, in words.
    Is(String),
    /// Not known: the state, and why.
    Not { state: String, reason: String },
    /// Known, but it decided nothing, so that the record does not say what it is.
    Untold,
}

/// The reason of an observation that a snapshot does not have at all.
const NOT_SPOKEN_OF: &str = "the evidence does not speak of it";

/// The observations of which a question's result speaks, by key.
pub(super) fn of_question(question: &QuestionResult) -> BTreeMap<&str, Known> {
    let unknown = question.unknown.iter().map(|unknown| (unknown.key.as_str(), not_known(unknown)));
    let told = question.reasons.iter().filter_map(|reason| {
        let key = reason.key.as_deref()?;
        let is_unknown = question.unknown.iter().any(|unknown| unknown.key == key);
        (!is_unknown).then(|| (key, Known::Is(value_of(&reason.text).to_owned())))
    });
    unknown.chain(told).collect()
}

/// The value in a reason such as "Title: value". What is added for one question is left out.
fn value_of(text: &str) -> &str {
    let text = text.strip_suffix(". That does not settle it.").unwrap_or(text);
    text.split_once(": ").map_or(text, |(_, value)| value)
}

fn not_known(unknown: &UnknownKey) -> Known {
    Known::Not { state: unknown.state.clone(), reason: unknown.reason.clone() }
}

fn title(key: &str) -> String {
    Vocabulary::built_in().get(key).map_or_else(|| key.to_owned(), |info| info.title.clone())
}

/// How an observation changed between two sides; none where it did not, or where the records do not tell.
pub(super) fn change(key: &str, old: &Known, new: &Known) -> Option<Because> {
    let title = title(key);
    let because = match (old, new) {
        (Known::Not { state, reason }, Known::Is(_) | Known::Untold) => {
            let now = if let Known::Is(value) = new { format!(": {value}") } else { String::new() };
            let cause = if reason == NOT_SPOKEN_OF { Cause::Engine } else { Cause::Access };
            Because::new(cause, format!("{title} is seen now{now}. Before, it was not: {}.", why(state, reason)))
        }
        (Known::Is(_) | Known::Untold, Known::Not { state, reason }) => {
            let before = if let Known::Is(value) = old { format!(" It was: {value}.") } else { String::new() };
            let cause = if reason == NOT_SPOKEN_OF { Cause::Engine } else { Cause::Access };
            Because::new(cause, format!("{title} is no longer seen: {}.{before}", why(state, reason)))
        }
        (Known::Is(was), Known::Is(is)) if was != is => {
            Because::new(Cause::Project, format!("{title}: {is}. It was: {was}."))
        }
        _ => return None,
    };
    Some(because.about(key))
}

fn why(state: &str, reason: &str) -> String {
    let reason = reason.trim_end_matches('.');
    match state {
        "failed" => format!("reading it failed, {reason}"),
        _ => reason.to_owned(),
    }
}

/// All observations that changed.
pub(super) fn changed(sides: &Sides<'_>) -> Vec<ObservationDiff> {
    match sides.evidence {
        Some((old, new)) => compared(&of_evidence(old), &of_evidence(new)),
        None => compared(&of_record(sides.old), &of_record(sides.new)),
    }
}

fn compared(old: &BTreeMap<String, Known>, new: &BTreeMap<String, Known>) -> Vec<ObservationDiff> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let diff = |key: &String| {
        let (was, is) = (old.get(key)?, new.get(key)?);
        let cause = change(key, was, is)?.cause;
        Some(ObservationDiff { key: key.clone(), title: title(key), old: words(was), new: words(is), cause })
    };
    keys.into_iter().filter_map(diff).collect()
}

fn words(known: &Known) -> String {
    match known {
        Known::Is(value) => value.clone(),
        Known::Not { state, .. } => format!("unknown ({})", state.replace('-', " ")),
        Known::Untold => "known".to_owned(),
    }
}

/// As far as a record names them. What one question says of a key holds for all.
fn of_record(record: &Assessment) -> BTreeMap<String, Known> {
    let mut all: BTreeMap<String, Known> = BTreeMap::new();
    for question in &record.questions {
        for (key, known) in of_question(question) {
            all.entry(key.to_owned()).or_insert(known);
        }
    }
    all
}

fn of_evidence(evidence: &Evidence) -> BTreeMap<String, Known> {
    let known = |state: &State| match state {
        State::Observed(value) => Known::Is(value.to_string()),
        State::Absent => Known::Is("not there".to_owned()),
        State::NotApplicable { reason } => Known::Is(format!("does not apply, {reason}")),
        State::NotPermitted { permission } => Known::Not {
            state: "not-permitted".to_owned(),
            reason: format!("the token may not read it; `{permission}` would"),
        },
        State::Unavailable { reason } | State::Failed { reason } => {
            Known::Not { state: state.word().to_owned(), reason: reason.clone() }
        }
    };
    let observations = evidence.observations.iter();
    observations.map(|observation| (observation.key.clone(), known(&observation.state))).collect()
}
