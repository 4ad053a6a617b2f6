//! Asking GitHub: counts requests against a budget, tries again once, and reads what an answer means.

use std::io::Read;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::Answer;
use super::deadline::{Deadline, Late};
use super::progress::{Progress, Told};
use super::transport::{Response, Transport, TransportError};

/// How often a request is made at most, where the connection fails or GitHub is out of order.
const TRIES: u32 = 2;
/// The most characters of a message of GitHub that are kept.
const MAX_MESSAGE: usize = 200;

/// A rate limit that is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RateLimit {
    /// When requests are answered again, where GitHub says it.
    pub(super) until: Option<DateTime<Utc>>,
}

/// A request that came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
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
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Budget(budget) => format!("not asked: the {budget} requests that a collection may make are used up"),
            Self::TimeUp => "the time for collecting was used up".to_owned(),
            Self::Transport(error) => error.to_string(),
            Self::Status { limited: Some(_), .. } => "GitHub's rate limit is used up".to_owned(),
            Self::Status { status, message, .. } if message.is_empty() => format!("HTTP {status}"),
            Self::Status { status, message, .. } => format!("HTTP {status}: {message}"),
            Self::Shape(what) => format!("GitHub's answer could not be read: {what}"),
        }
    }

    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// What it makes of a question: refused ones are `Denied`, the others failed.
    pub(super) fn into_answer<T>(self) -> Answer<T> {
        match &self {
            Self::Status { status: 401 | 403 | 404, limited: None, .. } => Answer::Denied,
            Self::Budget(_) => Answer::Untold(self.reason()),
            _ => Answer::Failed(self.reason()),
        }
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

/// A client with a budget of requests, and of time.
pub(super) struct Client<T> {
    transport: T,
    budget: AtomicU32,
    used: AtomicU32,
    deadline: Deadline,
    progress: Progress,
}

impl<T: Transport> Client<T> {
    pub(super) fn new(transport: T, budget: u32, deadline: Deadline, progress: Progress) -> Self {
        Self { transport, budget: AtomicU32::new(budget), used: AtomicU32::new(0), deadline, progress }
    }

    #[cfg(test)]
    pub(super) fn transport(&self) -> &T {
        &self.transport
    }

    /// Requests made so far that count against the rate limit.
    pub(super) fn used(&self) -> u32 {
        self.used.load(Ordering::Relaxed)
    }

    /// Requests that may still be made.
    pub(super) fn left(&self) -> u32 {
        self.budget.load(Ordering::Relaxed).saturating_sub(self.used())
    }

    /// Changes the budget, once the token's role is known.
    pub(super) fn set_budget(&self, budget: u32) {
        self.budget.store(budget, Ordering::Relaxed);
    }

    /// When all must be done.
    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// Says what is being done.
    pub(super) fn tell(&self, what: &str) {
        (self.progress)(Told::Step(what));
    }

    fn take(&self) -> Result<(), Refusal> {
        let budget = self.budget.load(Ordering::Relaxed);
        let more = |used: u32| (used < budget).then_some(used + 1);
        match self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more) {
            Ok(_) => Ok(()),
            Err(_) => Err(Refusal::Budget(budget)),
        }
    }

    /// Makes a request, at most twice, and gives the answer of success.
    async fn ask<F>(&self, what: &str, request: impl Fn() -> F) -> Result<Response, Refusal>
    where
        F: Future<Output = Result<Response, TransportError>>,
    {
        let mut tries = 0;
        loop {
            if self.deadline.left().is_none() {
                return Err(Refusal::TimeUp);
            }
            self.take()?;
            tries += 1;
            let answer = self.deadline.hold(request()).await;
            let refusal = match answer {
                Ok(Ok(response)) => {
                    (self.progress)(Told::Request(&format!("{what}: {}", response.status)));
                    if (200..300).contains(&response.status) {
                        return Ok(response);
                    }
                    refused(&response)
                }
                Ok(Err(error)) => Refusal::Transport(error),
                Err(late) => late.into(),
            };
            if !matches!(refusal, Refusal::Status { .. }) {
                (self.progress)(Told::Request(&format!("{what}: {}", refusal.reason())));
            }
            let passing = match &refusal {
                Refusal::Transport(error) => matches!(error, TransportError::Connection(_)),
                refusal => refusal.status().is_some_and(|status| status >= 500),
            };
            if !passing || tries >= TRIES || self.left() == 0 {
                return Err(refusal);
            }
        }
    }

    /// Gets a path of the REST API and reads its JSON.
    pub(super) async fn get<D: DeserializeOwned>(&self, path: &str) -> Result<D, Refusal> {
        self.get_page(path).await.map(|page| page.value)
    }

    /// The same, with whether there are more pages.
    pub(super) async fn get_page<D: DeserializeOwned>(&self, path: &str) -> Result<Page<D>, Refusal> {
        let response = self.ask(&format!("GET {path}"), || self.transport.get(path)).await?;
        let more = response.headers.get("link").is_some_and(|links| links.contains("rel=\"next\""));
        // An empty list comes as 204 without a body.
        let body: &[u8] = if response.body.is_empty() { b"[]" } else { &response.body };
        Ok(Page { value: decode(body)?, more })
    }

    /// Gets a path whose status alone is the answer.
    pub(super) async fn get_status(&self, path: &str) -> Result<u16, Refusal> {
        self.ask(&format!("GET {path}"), || self.transport.get(path)).await.map(|response| response.status)
    }

    /// Gets a path that redirects to a download, and opens that. The download does not count.
    pub(super) async fn download(&self, path: &str, limit: u64) -> Result<Box<dyn Read + Send>, Refusal> {
        let location = match self.ask(&format!("GET {path}"), || self.transport.get(path)).await {
            Err(Refusal::Status { location: Some(location), .. }) => location,
            Err(refusal) => return Err(refusal),
            Ok(_) => return Err(Refusal::Shape("an archive was sent where a redirect was due".to_owned())),
        };
        self.fetch(&location, limit).await
    }

    /// Opens a file at an address that GitHub gave, without the token. That does not count.
    pub(super) async fn fetch(&self, url: &str, limit: u64) -> Result<Box<dyn Read + Send>, Refusal> {
        match self.deadline.hold(self.transport.download(url, limit, self.deadline)).await {
            Ok(opened) => opened.map_err(Refusal::Transport),
            Err(late) => Err(late.into()),
        }
    }

    /// Posts a GraphQL query and gives what it answered, which may be a part.
    pub(super) async fn graphql(&self, query: &str, variables: Value) -> Result<GraphQl, Refusal> {
        let body = serde_json::json!({ "query": query, "variables": variables });
        let response = self.ask("POST graphql", || self.transport.graphql(&body)).await?;
        let answer: GraphQl = decode(&response.body)?;
        if answer.errors.iter().any(|error| error.kind.as_deref() == Some("RATE_LIMITED")) {
            let status = response.status;
            let limited = Some(RateLimit { until: reset(&response) });
            return Err(Refusal::Status { status, message: String::new(), limited, location: None });
        }
        Ok(answer)
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page<T> {
    pub(super) value: T,
    /// Whether more pages follow.
    pub(super) more: bool,
}

/// The answer to a GraphQL query: data, errors, or both.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct GraphQl {
    #[serde(default)]
    pub(super) data: Option<Value>,
    #[serde(default)]
    pub(super) errors: Vec<GraphQlError>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct GraphQlError {
    #[serde(default, rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(default)]
    pub(super) path: Vec<Value>,
    #[serde(default)]
    pub(super) message: String,
}

impl GraphQl {
    /// The part of the answer under a name of the query. `Denied` and `Failed` come from the errors that speak of it;
    /// `null` without an error is no answer, but known to be empty.
    pub(super) fn section<D: DeserializeOwned>(&self, name: &str) -> Answer<Option<D>> {
        let value = self.data.as_ref().and_then(|data| data.get(name)).unwrap_or(&Value::Null);
        if value.is_null() {
            let error = self.error_at(&[name]).or_else(|| self.errors.first().filter(|_| self.data.is_none()));
            return error.map_or(Answer::Known(None), GraphQlError::answer);
        }
        match D::deserialize(value) {
            Ok(read) => Answer::Known(Some(read)),
            Err(error) => Answer::Failed(Refusal::Shape(error.to_string()).reason()),
        }
    }

    /// The first error at or below a path of names.
    pub(super) fn error_at(&self, path: &[&str]) -> Option<&GraphQlError> {
        let below = |error: &&GraphQlError| {
            let names = error.path.iter().filter_map(Value::as_str);
            path.iter().copied().eq(names.take(path.len()))
        };
        self.errors.iter().find(below)
    }
}

impl GraphQlError {
    /// What the error makes of the field that it speaks of.
    pub(super) fn answer<D>(&self) -> Answer<D> {
        match self.kind.as_deref() {
            Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => Answer::Denied,
            _ => Answer::Failed(format!("GitHub answered: {}", plain(&self.message))),
        }
    }
}

/// Text of GitHub for a message: one line, bounded, without control characters.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_MESSAGE).collect()
}

fn decode<D: DeserializeOwned>(body: &[u8]) -> Result<D, Refusal> {
    serde_json::from_slice(body).map_err(|error| match body.trim_ascii_start().first() {
        Some(b'<') => Refusal::Shape("it is a web page".to_owned()),
        _ => Refusal::Shape(error.to_string()),
    })
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    message: String,
}

/// What an answer without success says.
fn refused(response: &Response) -> Refusal {
    let message = serde_json::from_slice::<Message>(&response.body).map(|body| body.message).unwrap_or_default();
    let used_up = response.headers.get("x-ratelimit-remaining").is_some_and(|remaining| remaining == "0");
    let secondary = message.to_ascii_lowercase().contains("rate limit") || response.headers.contains_key("retry-after");
    let limited = response.status == 429 || (response.status == 403 && (used_up || secondary));
    Refusal::Status {
        status: response.status,
        message: plain(&message),
        limited: limited.then(|| RateLimit { until: reset(response) }),
        location: response.headers.get("location").cloned(),
    }
}

/// When requests are answered again: `retry-after` seconds later, or when the rate limit is full again.
fn reset(response: &Response) -> Option<DateTime<Utc>> {
    if let Some(wait) = response.headers.get("retry-after") {
        let asked = DateTime::parse_from_rfc2822(response.headers.get("date")?).ok()?.to_utc();
        return asked.checked_add_signed(chrono::TimeDelta::try_seconds(wait.parse().ok()?)?);
    }
    let seconds = response.headers.get("x-ratelimit-reset")?.parse().ok()?;
    DateTime::from_timestamp(seconds, 0)
}

#[cfg(test)]
mod tests;
