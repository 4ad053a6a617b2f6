//! Due dates as a calendar (RFC 5545).

use chrono::{NaiveTime, TimeZone as _, Utc};
use icalendar::{Calendar, Component as _, Event, EventLike as _};
use sha2::{Digest as _, Sha256};

use super::escape::clean;
use crate::validity::{Item, ItemKind, Standing};

/// The digits of an event's id.
const DIGITS: usize = 32;

/// A calendar with a day for each answer and waiver that is due now or later. The id of an event stays the same as long as it
/// is about the same thing, so that importing the calendar again moves the day.
pub fn calendar(standing: &Standing) -> String {
    let mut calendar = Calendar::new();
    calendar.name(&format!("Security answers of {}", clean(&standing.subject)));
    let stamp = Utc.from_utc_datetime(&standing.as_of.and_time(NaiveTime::MIN));
    for item in standing.items.iter().filter(|item| item.of != ItemKind::Observation) {
        let Some(due) = item.due else { continue };
        let mut event = Event::with_uid(&uid(&standing.subject, item));
        event.timestamp(stamp).summary(&summary(item)).description(&description(item)).all_day(due);
        calendar.push(event.done());
    }
    calendar.to_string()
}

fn uid(subject: &str, item: &Item) -> String {
    let what = if item.of == ItemKind::Waiver { "waiver" } else { "answer" };
    let digest = format!("{:x}", Sha256::digest(format!("{subject}\n{what}\n{}", item.id)));
    format!("{}@seaworthy", digest.chars().take(DIGITS).collect::<String>())
}

fn summary(item: &Item) -> String {
    match item.of {
        ItemKind::Waiver => format!("The waiver of {} is about to end", clean(&item.id)),
        _ => format!("Look again: {}", clean(&item.ask)),
    }
}

fn description(item: &Item) -> String {
    let value = item.value.as_ref().map(|value| format!("Said: {}", clean(value))).unwrap_or_default();
    let by = item.by.as_ref().map(|by| format!(", by {}", clean(by))).unwrap_or_default();
    let until = item.until.map(|until| format!(". It runs out on {until}")).unwrap_or_default();
    format!("{}: {value}{by}{until}.", item.id)
}
