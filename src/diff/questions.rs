//! What questions came to, side by side, and why that changed.

use std::collections::{BTreeMap, BTreeSet};

use super::observations::{Known, change, of_question};
use super::{Because, Came, Cause, QuestionDiff, Sides, answers};
use crate::assess::record::{Basis, Certainty, QuestionResult};
use crate::evidence::Value;

/// The questions that come to something else, in the order of the new record; then those that are no longer asked.
pub(super) fn changed(sides: &Sides<'_>) -> Vec<QuestionDiff> {
    let of = |id: &str| (sides.old.question(id), sides.new.question(id));
    let mut seen = BTreeSet::new();
    let all = sides.new.questions.iter().chain(&sides.old.questions).filter(|question| seen.insert(&question.id));
    let diff = |question: &QuestionResult| match of(&question.id) {
        (Some(old), Some(new)) if came(old) == came(new) => None,
        (old, new) => {
            let causes = match (old, new) {
                (Some(old), Some(new)) => causes(sides, old, new),
                _ => vec![only_once(sides, new.is_some())],
            };
            Some(QuestionDiff {
                id: question.id.clone(),
                ask: question.ask.clone(),
                old: old.map(came),
                new: new.map(came),
                causes,
            })
        }
    };
    all.filter_map(diff).collect()
}

fn came(question: &QuestionResult) -> Came {
    Came {
        value: question.value.clone(),
        not_applicable: question.not_applicable,
        basis: question.basis,
        certainty: question.certainty,
    }
}

/// Why a question is in one of the records alone.
fn only_once(sides: &Sides<'_>, is_new: bool) -> Because {
    let ids = |record: &crate::assess::record::Assessment| -> BTreeSet<String> {
        record.models.iter().map(|model| model.id.clone()).collect()
    };
    let asked = if is_new { "It is asked now, and was not." } else { "It is no longer asked." };
    if ids(sides.old) == ids(sides.new) {
        Because::new(Cause::Questionnaire, asked)
    } else {
        Because::new(Cause::Model, format!("{asked} The models of the two assessments differ."))
    }
}

/// Why a question comes to something else.
fn causes(sides: &Sides<'_>, old: &QuestionResult, new: &QuestionResult) -> Vec<Because> {
    let mut causes: Vec<Because> = answers::answer(sides, old, new).into_iter().collect();
    causes.extend(answers::review(old, new));
    for change in new.suspect.iter().filter(|change| !old.suspect.contains(change)) {
        let what = change.what.as_ref().map(|what| format!(", {what}")).unwrap_or_default();
        let text = format!("{} on {}{what}, after the answer was given.", change.title, change.on);
        causes.push(Because::new(Cause::Project, text).about(&change.key));
    }
    if old.ask != new.ask {
        causes.push(Because::new(Cause::Questionnaire, "The question is worded differently."));
    }
    if seen(old) != seen(new) || old.unasked != new.unasked {
        causes.extend(by_observations(sides, old, new));
    }
    if old.unasked || new.unasked {
        causes.extend(by_conditions(sides, old, new));
    }
    if causes.is_empty() {
        causes.push(by_elimination(sides));
    }
    causes
}

/// What observations say of a question, and how surely.
fn seen(question: &QuestionResult) -> (Option<&Value>, bool, Certainty) {
    let certainty = match question.basis {
        Basis::Observed | Basis::Corroborated | Basis::Contradicted => question.certainty,
        // Where a person's word decides, at most a sign was seen.
        _ if question.observed.is_some() => Certainty::Sign,
        _ => Certainty::None,
    };
    let does_not_apply = question.not_applicable && certainty != Certainty::None;
    (question.observed.as_ref(), does_not_apply, certainty)
}

/// The observations that make the difference.
fn by_observations(sides: &Sides<'_>, old: &QuestionResult, new: &QuestionResult) -> Vec<Because> {
    let (was, is) = (with_evidence(sides, old, true), with_evidence(sides, new, false));
    let keys: BTreeSet<&str> = was.keys().chain(is.keys()).copied().collect();
    let of = |side: &BTreeMap<&str, Known>, key: &str| side.get(key).cloned().unwrap_or(Known::Untold);
    let told: Vec<Because> = keys.iter().filter_map(|key| change(key, &of(&was, key), &of(&is, key))).collect();
    let decides = |question: &QuestionResult, key: &Option<String>| {
        let mut unknown = question.unknown.iter().map(|unknown| &unknown.key);
        !unknown.any(|unknown| Some(unknown) == key.as_ref())
            && question.reasons.iter().any(|reason| reason.key == *key)
    };
    // What decided on one of the sides comes first; the rest explains only where nothing else does.
    let deciding = |because: &&Because| decides(old, &because.key) || decides(new, &because.key);
    let decisive: Vec<Because> = told.iter().filter(deciding).cloned().collect();
    if !decisive.is_empty() {
        return decisive;
    }
    if !told.is_empty() {
        return told;
    }
    if sides.evidence_changed() && was != is {
        let now = new.reasons.iter().chain(&old.reasons).find(|reason| reason.key.is_some());
        let text = now.map_or_else(|| "Something else was seen.".to_owned(), |reason| format!("{}.", reason.text));
        let mut causes = vec![Because::new(Cause::Project, text)];
        if sides.questionnaires_changed() {
            let text = "The rules of the question may have changed too; the records alone do not tell.";
            causes.push(Because::new(Cause::Questionnaire, text));
        }
        return causes;
    }
    Vec::new()
}

/// The observations of which a result speaks; with evidence, what that says of them.
fn with_evidence<'q>(sides: &Sides<'_>, question: &'q QuestionResult, is_old: bool) -> BTreeMap<&'q str, Known> {
    let mut told = of_question(question);
    let evidence = sides.evidence.map(|(old, new)| if is_old { old } else { new });
    for (key, known) in &mut told {
        if let (Known::Is(text), Some(value)) =
            (known, evidence.and_then(|evidence| evidence.get(key)).and_then(|observation| observation.value()))
        {
            *text = value.to_string();
        }
    }
    told
}

/// The causes of the questions on which it hangs whether this one is asked.
fn by_conditions(sides: &Sides<'_>, old: &QuestionResult, new: &QuestionResult) -> Vec<Because> {
    let first: BTreeSet<&String> = old.asks_first.iter().chain(&new.asks_first).collect();
    let mut all = Vec::new();
    for id in first {
        // A question that hangs on itself is refused when questionnaires are read; a record may hold anything.
        if let (Some(was), Some(is)) = (sides.old.question(id), sides.new.question(id))
            && came(was) != came(is)
            && was.asks_first.is_empty()
            && is.asks_first.is_empty()
        {
            all.extend(causes(sides, was, is).into_iter().map(|because| because.by_question(id)));
        }
    }
    all
}

/// Where nothing that the question names changed.
pub(super) fn by_elimination(sides: &Sides<'_>) -> Because {
    if sides.questionnaires_changed() {
        Because::new(Cause::Questionnaire, "The question or its rules changed.")
    } else if sides.engine_changed() {
        Because::new(Cause::Engine, "Another version of the program judges it so.")
    } else if sides.time_passed() {
        Because::new(Cause::Time, format!("A rule counts days, and {} is another day.", sides.new.as_of))
    } else {
        Because::new(Cause::Unexplained, "The records do not tell why.")
    }
}
