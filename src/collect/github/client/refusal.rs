//! What became of a request that came to nothing, and what a rate limit says.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::super::answer::Answer;
use super::super::deadline::Late;
use super::super::patience::{Pause, Resource, UNSAID};
use super::super::transport::{Response, TransportError};
use super::plain;

/// A rate limit that is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct RateLimit {
    /// When requests are answered again, where GitHub says it.
    pub(in super::super) until: Option<DateTime<Utc>>,
}

/// A request that came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Refusal {
    /// No request is left in the budget.
    Budget(u32),
    /// The time for collecting was used up, before or while this was asked.
    TimeUp,
    /// No whole answer came.
    Transport(TransportError),
    /// An answer that is no success, with GitHub's own message.
    Status { status: u16, message: String, limited: Option<RateLimit>, location: Option<String> },
    /// An answer of success that is not what the API promises.
    Shape(String),
}

impl Refusal {
    /// What happened, in a few words.
    pub(in super::super) fn reason(&self) -> String {
        match self {
            Self::Budget(budget) => format!("not asked: the {budget} requests that a collection may make are used up"),
            Self::TimeUp => "the time for collecting was used up".to_owned(),
            Self::Transport(error) => error.to_string(),
            Self::Status { limited: Some(RateLimit { until: Some(until) }), .. } => {
                format!("GitHub's rate limit is used up; ask again after {}", until.format("%Y-%m-%d %H:%M:%S UTC"))
            }
            Self::Status { limited: Some(_), .. } => "GitHub's rate limit is used up".to_owned(),
            Self::Status { status, location: Some(_), .. } => {
                format!("HTTP {status}: a redirect that is not followed, to another server or once too often")
            }
            Self::Status { status, message, .. } if message.is_empty() => format!("HTTP {status}"),
            Self::Status { status, message, .. } => format!("HTTP {status}: {message}"),
            Self::Shape(what) => format!("GitHub's answer could not be read: {what}"),
        }
    }

    pub(in super::super) fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// What it makes of a question: refused ones are `Denied`, the others failed.
    pub(in super::super) fn into_answer<T>(self) -> Answer<T> {
        match &self {
            Self::Status { status: 401 | 403 | 404, limited: None, .. } => Answer::Denied,
            Self::Budget(_) => Answer::Untold(self.reason()),
            _ => Answer::Failed(self.reason()),
        }
    }

    /// That nothing may be asked before a pause ends.
    pub(super) fn paused(pause: &Pause) -> Self {
        let limited = Some(RateLimit { until: Some(pause.shown) });
        Self::Status { status: 429, message: String::new(), limited, location: None }
    }
}

impl From<Late> for Refusal {
    fn from(late: Late) -> Self {
        match late {
            Late::End => Self::TimeUp,
            Late::Answer(wait) => Self::Transport(TransportError::Late(wait)),
        }
    }
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    message: String,
}

pub(super) fn message(response: &Response) -> String {
    serde_json::from_slice::<Message>(&response.body).map(|body| body.message).unwrap_or_default()
}

/// Whether a message of GitHub says that something is off, or not to be had, rather than not to be seen.
pub(in super::super) fn says_off(message: &str) -> bool {
    const OFF: [&str; 6] =
        ["disabled", "not enabled", "must be enabled", "not available", "no analysis found", "upgrade"];
    let message = message.to_ascii_lowercase();
    OFF.iter().any(|word| message.contains(word))
}

/// What an answer without success says, where it is not of a rate limit.
pub(super) fn refused(response: &Response) -> Refusal {
    Refusal::Status {
        status: response.status,
        message: plain(&message(response)),
        limited: None,
        location: response.headers.get("location").cloned(),
    }
}

/// The pause that an answer imposes because a limit is used up.
pub(super) fn limit(response: &Response, asked: &Resource, now: DateTime<Utc>) -> Option<(Resource, Pause)> {
    if !matches!(response.status, 403 | 429) {
        return None;
    }
    let message = message(response).to_ascii_lowercase();
    let speaks_of_it = message.contains("rate limit") || message.contains("abuse");
    if let Some(wait) = response.headers.get("retry-after") {
        let wait = wait.parse().ok().and_then(TimeDelta::try_seconds).unwrap_or(UNSAID);
        return Some((Resource::All, Pause::lasting(wait, now, date(response))));
    }
    // A true refusal can be the last answer of an hour.
    if (message.is_empty() || speaks_of_it)
        && let Some(found) = used_up(response, asked, now)
    {
        return Some(found);
    }
    (speaks_of_it || response.status == 429).then(|| (Resource::All, Pause::lasting(UNSAID, now, date(response))))
}

/// The pause after an answer that says that it was the last one until the limit is full again.
pub(super) fn used_up(response: &Response, asked: &Resource, now: DateTime<Utc>) -> Option<(Resource, Pause)> {
    if response.headers.get("x-ratelimit-remaining")?.trim() != "0" {
        return None;
    }
    let reset = response.headers.get("x-ratelimit-reset")?.trim().parse().ok()?;
    let reset = DateTime::from_timestamp(reset, 0)?;
    let named = response.headers.get("x-ratelimit-resource").map(|name| Resource::Named(name.clone()));
    Some((named.unwrap_or_else(|| asked.clone()), Pause::until(reset, now, date(response))))
}

/// The time by the server's clock.
fn date(response: &Response) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc2822(response.headers.get("date")?).ok()?.to_utc())
}
