//! What an answer rests on may have changed since it was given. The evidence tells when each such thing last changed.

use chrono::NaiveDate;

use super::record::ChangeShown;
use crate::evidence::{Event, Events, Evidence, Observation, Value};
use crate::questionnaire::Question;

/// The events that touch a question and happened after a day, up to the day of the assessment.
pub(super) fn fired(question: &Question, evidence: &Evidence, since: NaiveDate, as_of: NaiveDate) -> Vec<ChangeShown> {
    let events = Events::built_in().all().iter().filter(|event| event.touches(&question.revisit_on));
    events
        .filter_map(|event| {
            let (on, observation) = last(event, evidence)?;
            (on > since && on <= as_of).then(|| shown(event, on, observation))
        })
        .collect()
}

/// The day on which something last changed, and the observation that tells it.
fn last<'e>(event: &Event, evidence: &'e Evidence) -> Option<(NaiveDate, &'e Observation)> {
    let day = |key: &str| {
        let observation = evidence.get(key)?;
        match observation.value() {
            Some(Value::Text(text)) => Some((text.parse().ok()?, observation)),
            _ => None,
        }
    };
    let told = event.dated_by.as_deref().and_then(day);
    day(&event.changed).into_iter().chain(told).max_by_key(|(on, _)| *on)
}

fn shown(event: &Event, on: NaiveDate, observation: &Observation) -> ChangeShown {
    ChangeShown {
        event: event.id.clone(),
        title: event.title.clone(),
        on,
        what: observation.detail.clone(),
        key: observation.key.clone(),
        link: observation.places.iter().find_map(|place| place.link.clone()),
    }
}
