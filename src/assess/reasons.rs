//! Reasons: what stands behind a value, in words, with sources and links.

use std::sync::Arc;

use chrono::NaiveDate;

use super::asked::Unasked;
use super::criteria::{self, Weighed};
use super::record::{
    AnswerShown, AttachmentShown, Basis, ChangeShown, PersonShown, QuestionResult, Reason, RespondentShown,
    ReviewShown, UnknownKey,
};
use super::resolve::{AnswerState, Resolution, ReviewState, Standing, against};
use crate::answers::{Attachment, Declared, Person, Respondent, Said, Verdict};
use crate::evidence::{Access, Evidence, KeyInfo, Observation, State, Value, Vocabulary};
use crate::questionnaire::{AnswerType, Question};

/// The result of a question, with its reasons.
pub(super) fn question_result(
    question: &Question,
    resolution: &Resolution<'_>,
    declared: Option<&Declared>,
    evidence: &Evidence,
    as_of: NaiveDate,
) -> QuestionResult {
    let unknown = unknown_keys(question, evidence);
    QuestionResult {
        id: question.id.clone(),
        ask: question.ask.clone(),
        why: question.why.clone(),
        how: question.how.clone(),
        value: resolution.said.as_ref().and_then(value),
        not_applicable: resolution.said == Some(Said::NotApplicable),
        basis: resolution.basis,
        certainty: resolution.certainty,
        observed: resolution.seen.as_ref().and_then(|seen| value(&seen.said)),
        answered: resolution.answer.as_ref().and_then(|standing| value(&standing.answer.said)),
        answer: resolution.answer.as_ref().map(|standing| answer_shown(standing, question, declared)),
        review: resolution.review.map(|(review, state)| ReviewShown {
            verdict: review.verdict.word().to_owned(),
            by: review.by.clone(),
            on: review.on,
            conflict: review.conflict.word().to_owned(),
            note: review.note.clone(),
            value: match &review.verdict {
                Verdict::Overruled(said) => value(said),
                Verdict::Accepted | Verdict::Challenged => None,
            },
            of: review.of.clone(),
            counts: state == ReviewState::Counts,
            outdated: matches!(state, ReviewState::OlderThanAnswer | ReviewState::AnswerChanged),
        }),
        criteria: question.criteria.clone(),
        reasons: reasons(question, resolution, declared, evidence, &unknown, as_of),
        unknown,
        valid_until: resolution.valid_until,
        effort: question.effort.word().to_owned(),
        unasked: resolution.unasked.is_some(),
        asks_first: question.asks_first().into_iter().map(str::to_owned).collect(),
        suspect: resolution.suspect.clone(),
        in_words: question.answer == AnswerType::Text,
    }
}

fn value(said: &Said) -> Option<Value> {
    match said {
        Said::Value(value) => Some(value.clone()),
        Said::NotApplicable => None,
    }
}

/// The most characters of an answer in words that a reason quotes; the answer itself has all.
const MOST_QUOTED: usize = 200;

fn shown(said: &Said) -> String {
    match said {
        Said::Value(Value::Text(text)) if text.chars().count() > MOST_QUOTED => {
            let start: String = text.chars().take(MOST_QUOTED).collect();
            format!("{} …", start.trim_end())
        }
        Said::Value(value) => value.to_string(),
        Said::NotApplicable => "does not apply".to_owned(),
    }
}

fn answer_shown(standing: &Standing<'_>, question: &Question, declared: Option<&Declared>) -> AnswerShown {
    let answer = standing.answer;
    AnswerShown {
        because: answer.because.clone(),
        evidence: answer.evidence.clone(),
        by: answer.by.clone(),
        on: answer.on,
        until: standing.until,
        due: Some(standing.due),
        lapsed: standing.state == AnswerState::Lapsed,
        not_applicable: answer.said == Said::NotApplicable,
        criteria: answer.details.criteria.as_ref().map(|held| criteria::holding(held, question)),
        declared_in: declared.map(declared_in),
        people: answer.details.people.iter().map(person_shown).collect(),
        respondents: answer.details.respondents.iter().map(respondent_shown).collect(),
        attachments: answer.details.attachments.iter().map(attachment_shown).collect(),
    }
}

fn declared_in(declared: &Declared) -> String {
    format!("{}, field {}", declared.path, declared.place)
}

fn reasons(
    question: &Question,
    resolution: &Resolution<'_>,
    declared: Option<&Declared>,
    evidence: &Evidence,
    unknown: &[UnknownKey],
    as_of: NaiveDate,
) -> Vec<Arc<Reason>> {
    let mut reasons: Vec<Reason> =
        resolution.unasked.iter().flat_map(|unasked| unasked_reasons(unasked, evidence)).collect();
    if let Some(seen) = &resolution.seen {
        reasons.extend(seen.keys.iter().filter_map(|key| evidence.get(key)).map(observed_reason));
    }
    if let Some(standing) = &resolution.answer {
        reasons.push(answer_reason(standing, declared));
        let weighed = resolution.weighed.iter().filter(|weighed| **weighed != Weighed::OnlySeen);
        reasons.extend(weighed.map(|weighed| criteria_reason(weighed, question)));
        reasons.extend(people_reason(&standing.answer.details.people));
        reasons.extend(standing.answer.details.respondents.iter().map(|other| respondent_reason(other, as_of)));
        reasons.extend(standing.answer.details.attachments.iter().map(attachment_reason));
    }
    if let Some((review, state)) = resolution.review {
        let note = review.note.as_ref().map_or_else(String::new, |note| format!(" {note}"));
        let objection = state.objection().map_or_else(String::new, |objection| format!(" {objection}"));
        let instead = match &review.verdict {
            Verdict::Overruled(said) => format!(" and says: {}", shown(said)),
            Verdict::Accepted | Verdict::Challenged => String::new(),
        };
        reasons.push(Reason {
            text: format!("Reviewer: {} the answer{instead}.{note}{objection}", review.verdict.word()),
            source: Some(format!(
                "review by {} on {}, conflict of interest: {}",
                review.by,
                review.on,
                review.conflict.word()
            )),
            ..Reason::default()
        });
    }
    reasons.extend(resolution.suspect.iter().map(suspect_reason));
    if matches!(resolution.basis, Basis::Unknown | Basis::Lapsed) {
        reasons.extend(looked_at(question, evidence, as_of));
        reasons.extend(unknown.iter().map(unknown_reason));
        if resolution.weighed == Some(Weighed::OnlySeen) {
            reasons.push(criteria_reason(&Weighed::OnlySeen, question));
        } else if resolution.answer.is_none() {
            let text = if question.observe.is_empty() {
                "Only a person can know, and nobody has answered."
            } else {
                "Nobody has answered."
            };
            reasons.push(Reason { text: text.to_owned(), ..Reason::default() });
        }
    }
    let own = |reason: Reason| Arc::new(Reason { question: Some(question.id.clone()), ..reason });
    reasons.into_iter().map(own).collect()
}

/// What was looked at and does not settle the question: what keeps its rules from giving a value, and nothing else.
fn looked_at(question: &Question, evidence: &Evidence, as_of: NaiveDate) -> Vec<Reason> {
    let keys = against(question, evidence, as_of);
    let known = keys.iter().filter_map(|key| evidence.get(key)).filter(|observation| observation.state.is_known());
    known
        .map(observed_reason)
        .map(|reason| Reason { text: format!("{}. That does not settle it.", reason.text), ..reason })
        .collect()
}

fn observed_reason(observation: &Observation) -> Reason {
    let title =
        Vocabulary::built_in().get(&observation.key).map_or(observation.key.as_str(), |info| info.title.as_str());
    let value = match &observation.state {
        State::Observed(value) => brief(value),
        State::Absent => "not there".to_owned(),
        State::NotApplicable { reason } => format!("does not apply, {reason}"),
        State::NotPermitted { .. } | State::Unavailable { .. } | State::Failed { .. } => "not known".to_owned(),
    };
    let detail = observation.detail.as_ref().map_or_else(String::new, |detail| format!(" ({detail})"));
    Reason {
        text: format!("{title}: {value}{detail}"),
        question: None,
        key: Some(observation.key.clone()),
        source: observation.source.clone(),
        link: observation.places.iter().find_map(|place| place.link.clone()),
        places: observation.places.clone(),
    }
}

fn criteria_reason(weighed: &Weighed, question: &Question) -> Reason {
    Reason { text: criteria::sentence(weighed, question), ..Reason::default() }
}

/// The most items of a list that a reason names; the evidence has all.
const MAX_NAMED: usize = 6;

fn brief(value: &Value) -> String {
    match value {
        Value::List(items) if items.len() > MAX_NAMED + 1 => {
            let named = items.iter().take(MAX_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
            format!("{named} and {} more", items.len() - MAX_NAMED)
        }
        value => value.to_string(),
    }
}

fn person_shown(person: &Person) -> PersonShown {
    let Person { handle, name, role } = person.clone();
    PersonShown { handle, name, role }
}

/// Who the people of an answer are, where the answer says so.
fn people_reason(people: &[Person]) -> Option<Reason> {
    let one = |person: &Person| {
        let more: Vec<&str> = person.name.iter().chain(&person.role).map(String::as_str).collect();
        if more.is_empty() { person.handle.clone() } else { format!("{} ({})", person.handle, more.join(", ")) }
    };
    let text = people.iter().map(one).collect::<Vec<_>>().join("; ");
    (!people.is_empty()).then(|| Reason { text: format!("People: {text}"), ..Reason::default() })
}

fn respondent_shown(respondent: &Respondent) -> RespondentShown {
    let Respondent { by, on, agrees, note } = respondent.clone();
    RespondentShown { by, on, agrees, note }
}

fn attachment_shown(attachment: &Attachment) -> AttachmentShown {
    let Attachment { path, sha256 } = attachment.clone();
    AttachmentShown { path, sha256 }
}

fn respondent_reason(respondent: &Respondent, as_of: NaiveDate) -> Reason {
    let word = if respondent.agrees { "agrees" } else { "does not agree" };
    let note = respondent.note.as_ref().map_or_else(String::new, |note| format!(", because: {note}"));
    let later =
        if respondent.on > as_of { " This was said after the day of the assessment and does not count." } else { "" };
    Reason {
        text: format!("Also asked: {} {word}{note}{later}", respondent.by),
        source: Some(format!("answer by {} on {}", respondent.by, respondent.on)),
        ..Reason::default()
    }
}

/// The digits of a digest that are shown.
const SHORT_DIGEST: usize = 12;

fn attachment_reason(attachment: &Attachment) -> Reason {
    let digest = attachment.sha256.get(..SHORT_DIGEST).unwrap_or_default();
    Reason { text: format!("Attached: {} (sha256 {digest}…)", attachment.path), ..Reason::default() }
}

/// Why a question is not asked: the condition, and the observations that decided it.
fn unasked_reasons(unasked: &Unasked, evidence: &Evidence) -> Vec<Reason> {
    let text = format!("Not asked, for this does not hold: {}", unasked.condition);
    let observed = unasked.deciding.iter().filter_map(|name| evidence.get(name)).map(observed_reason);
    std::iter::once(Reason { text, ..Reason::default() }).chain(observed).collect()
}

fn answer_reason(standing: &Standing<'_>, declared: Option<&Declared>) -> Reason {
    let answer = standing.answer;
    let because = answer.because.as_ref().map_or_else(String::new, |because| format!(", because: {because}"));
    let state = match standing.state {
        AnswerState::Valid => String::new(),
        AnswerState::Lapsed => format!(" This answer ran out on {}.", standing.until),
        AnswerState::NotYet => " This answer was given after the day of the assessment and does not count.".to_owned(),
    };
    Reason {
        text: format!("Answer: {}{because}{state}", shown(&answer.said)),
        source: Some(match declared {
            Some(declared) => format!("declared in {}, on {}", declared_in(declared), answer.on),
            None => format!("answer by {} on {}", answer.by, answer.on),
        }),
        link: answer.evidence.first().cloned(),
        ..Reason::default()
    }
}

/// What changed since the answer was given.
fn suspect_reason(change: &ChangeShown) -> Reason {
    let what = change.what.as_ref().map_or_else(String::new, |what| format!(", {what}"));
    Reason {
        text: format!("Suspect, since this changed after it was said: {} on {}{what}", change.title, change.on),
        key: Some(change.key.clone()),
        link: change.link.clone(),
        ..Reason::default()
    }
}

fn unknown_reason(unknown: &UnknownKey) -> Reason {
    Reason {
        text: format!("Not known: {}. {}", unknown.title, sentence(&unknown.reason)),
        key: Some(unknown.key.clone()),
        ..Reason::default()
    }
}

/// The text as a sentence. A name at its beginning, such as that of a file, stays as it is.
fn sentence(text: &str) -> String {
    let is_word = |word: &str| word.chars().all(|c| c.is_alphabetic() || matches!(c, ',' | '\''));
    let mut letters = text.chars();
    let first: String = letters.next().map_or_else(String::new, |first| match text.split(' ').next() {
        Some(word) if is_word(word) => first.to_uppercase().collect(),
        _ => first.to_string(),
    });
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// The observations that could settle a question and are not known.
fn unknown_keys(question: &Question, evidence: &Evidence) -> Vec<UnknownKey> {
    question.keys().into_iter().filter_map(|key| unknown_key(key, evidence)).collect()
}

/// Whether GitHub can tell it and a checkout cannot.
fn only_on_github(info: &KeyInfo) -> bool {
    info.told_by("github") && !info.told_by("checkout") && !info.told_by("files")
}

fn unknown_key(key: &str, evidence: &Evidence) -> Option<UnknownKey> {
    let make = |state: &str, reason: String, permission: Option<String>| {
        let info = Vocabulary::built_in().get(key);
        let on_github = evidence.access == Access::Checkout && info.is_some_and(only_on_github);
        Some(UnknownKey {
            key: key.to_owned(),
            title: info.map_or_else(|| key.to_owned(), |info| info.title.clone()),
            state: state.to_owned(),
            reason,
            permission,
            on_github,
        })
    };
    let Some(observation) = evidence.get(key) else {
        return make("unavailable", "the evidence does not speak of it".to_owned(), None);
    };
    let state = observation.state.word();
    match &observation.state {
        State::Observed(_) | State::Absent | State::NotApplicable { .. } => None,
        State::NotPermitted { permission } => {
            make(state, format!("the token may not read it; `{permission}` would"), Some(permission.clone()))
        }
        State::Unavailable { reason } | State::Failed { reason } => make(state, reason.clone(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::{brief, sentence};
    use crate::evidence::Value;

    #[test]
    fn long_lists_are_cut() {
        let list = |n: usize| Value::List((1..=n).map(|item| item.to_string()).collect());
        assert_eq!(brief(&list(7)), "1, 2, 3, 4, 5, 6, 7");
        assert_eq!(brief(&list(9)), "1, 2, 3, 4, 5, 6 and 3 more");
    }

    #[test]
    fn sentences_keep_names_as_they_are() {
        for (text, expected) in [
            ("the token may not read it", "The token may not read it."),
            ("docs/usage.md could not be read", "docs/usage.md could not be read."),
            ("`x` is missing!", "`x` is missing!"),
            ("", "."),
        ] {
            assert_eq!(sentence(text), expected);
        }
    }
}
