//! Asking GitHub: counts requests against a budget, waits, tries again, keeps answers, and reads what they mean.

mod ask;
mod budget;
mod change;
mod graphql;
mod pieces;
mod refusal;
mod strict;

use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) use self::graphql::{GraphQl, GraphQlError};
#[cfg(test)]
pub(super) use self::refusal::RateLimit;
pub(super) use self::refusal::{Refusal, says_off};
pub(super) use self::strict::from_value;

use self::ask::{Call, Manner};
use self::budget::Budget;
use super::cache::{Cache, Entry};
use super::deadline::Deadline;
use super::patience::{Clock, Patience};
use super::progress::{Progress, Told};
use super::transport::{Response, Transport};

/// The most characters of a message of GitHub that are kept.
const MAX_MESSAGE: usize = 200;

/// A client with a budget of requests, and of time.
pub(super) struct Client<T> {
    transport: T,
    budget: Budget,
    /// The scopes of a classic token, once GitHub has told them.
    scopes: OnceLock<Vec<String>>,
    deadline: Deadline,
    progress: Progress,
    clock: Clock,
    patience: Patience,
    cache: Cache,
    /// Whether no token is used: what comes then is for anybody, and 304 counts against the rate limit.
    anonymous: bool,
    /// Since when the repository and its branch are as they are, once both are known.
    horizon: Mutex<Option<DateTime<Utc>>>,
    /// Whether an answer of before was taken for the present.
    reused: AtomicBool,
    /// What was said of the first rate limit that was not waited for.
    limited: OnceLock<String>,
}

/// What a client shares with other runs, and how it deals with limits.
pub(super) struct Habits {
    pub(super) clock: Clock,
    /// Whether rate limits are waited for.
    pub(super) waits: bool,
    pub(super) cache: Cache,
    pub(super) anonymous: bool,
}

impl<T: Transport> Client<T> {
    /// A client that keeps nothing.
    #[cfg(test)]
    pub(super) fn new(transport: T, budget: u32, deadline: Deadline, progress: Progress) -> Self {
        let clock = Clock::starting(DateTime::UNIX_EPOCH);
        let habits = Habits { clock, waits: true, cache: Cache::none(), anonymous: false };
        Self::with_habits(transport, budget, deadline, progress, habits)
    }

    pub(super) fn with_habits(
        transport: T,
        budget: u32,
        deadline: Deadline,
        progress: Progress,
        habits: Habits,
    ) -> Self {
        let Habits { clock, waits, cache, anonymous } = habits;
        Self {
            transport,
            budget: Budget::new(budget),
            scopes: OnceLock::new(),
            deadline,
            progress,
            clock,
            patience: Patience::new(clock, waits),
            cache,
            anonymous,
            horizon: Mutex::default(),
            reused: AtomicBool::new(false),
            limited: OnceLock::new(),
        }
    }

    #[cfg(test)]
    pub(super) fn transport(&self) -> &T {
        &self.transport
    }

    /// Requests made so far that count against the rate limit.
    pub(super) fn used(&self) -> u32 {
        self.budget.counted()
    }

    /// The scopes of the token. None where GitHub tells none: other kinds than classic tokens have permissions instead.
    pub(super) fn scopes(&self) -> Option<&[String]> {
        self.scopes.get().map(Vec::as_slice)
    }

    /// Whether the token has one of these scopes, or may have it.
    pub(super) fn has_scope(&self, wanted: &[&str]) -> bool {
        let has = |scopes: &[String]| scopes.iter().any(|scope| wanted.contains(&scope.as_str()));
        wanted.is_empty() || self.scopes().is_none_or(has)
    }

    fn learn_scopes(&self, response: &Response) {
        if let Some(scopes) = response.headers.get("x-oauth-scopes") {
            let scopes = scopes.split(',').map(str::trim).filter(|scope| !scope.is_empty());
            self.scopes.get_or_init(|| scopes.map(str::to_owned).collect());
        }
    }

    /// Requests that may still be made.
    pub(super) fn left(&self) -> u32 {
        self.budget.left()
    }

    /// Changes the budget, once the token's role is known.
    pub(super) fn set_budget(&self, budget: u32) {
        self.budget.set(budget);
    }

    /// Requests that were charged so far.
    pub(super) fn charged(&self) -> u32 {
        self.budget.charged()
    }

    /// Charges requests that an earlier run has spared this one.
    pub(super) fn charge(&self, spared: u32) {
        for _ in 0..spared {
            if self.budget.take().is_err() {
                break;
            }
        }
    }

    /// Leaves the next request uncharged, because it repeats a part of one that was charged.
    pub(super) fn plan_again(&self) {
        self.budget.give_back();
    }

    /// When all must be done.
    pub(super) fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// Says what is being done.
    pub(super) fn tell(&self, what: &str) {
        (self.progress)(Told::Step(what));
    }

    /// Whether answers of before were taken for the present, which they may be for up to an hour.
    pub(super) fn has_reused(&self) -> bool {
        self.reused.load(Ordering::Relaxed)
    }

    /// What was said of a rate limit that kept something from being asked.
    pub(super) fn limited(&self) -> Option<&str> {
        self.limited.get().map(String::as_str)
    }

    pub(super) fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Something of before that was made of answers, where it may be taken for the present.
    pub(super) fn made_before(&self, name: &str) -> Option<Entry> {
        let entry = self.cache.get(name).filter(|entry| self.is_reusable(entry))?;
        self.charge(1);
        self.reused.store(true, Ordering::Relaxed);
        Some(entry)
    }

    /// Keeps something that was made of answers.
    pub(super) fn keep_made(&self, name: &str, body: Vec<u8>) {
        let now = self.clock.now();
        self.cache.put(name, &Entry { asked_at: now, since: now, ..Entry::of(body) });
    }

    /// Gets a path of the REST API and reads its JSON.
    pub(super) async fn get<D: DeserializeOwned>(&self, path: &str) -> Result<D, Refusal> {
        self.get_page(path).await.map(|page| page.value)
    }

    /// The same, with whether there are more pages.
    pub(super) async fn get_page<D: DeserializeOwned>(&self, path: &str) -> Result<Page<D>, Refusal> {
        self.page(path, Manner { check: checked::<D>, ..Manner::USUAL }).await
    }

    /// The same for a list that comes as 204 where it is empty.
    pub(super) async fn get_list<D: DeserializeOwned>(&self, path: &str) -> Result<Page<Vec<D>>, Refusal> {
        let response = self.success(path, Manner { check: checked_list::<D>, ..Manner::USUAL }).await?;
        if is_nothing(&response) { Ok(Page { value: Vec::new(), more: false }) } else { page_of(&response) }
    }

    /// The same for a setting, of which 204 says that there is none: null. `absence_tells` says whether 404 is as good
    /// as an answer of success.
    pub(super) async fn get_setting(&self, path: &str, absence_tells: bool) -> Result<Page<Value>, Refusal> {
        let response = self.success(path, Manner { check: checked_setting, absence_tells, ..Manner::USUAL }).await?;
        if is_nothing(&response) { Ok(Page { value: Value::Null, more: false }) } else { page_of(&response) }
    }

    /// The same for what shows whether something was pushed: without a token other answers of the last hour are taken
    /// for the present where this one has not changed since.
    pub(super) async fn get_anew<D: DeserializeOwned>(&self, path: &str) -> Result<D, Refusal> {
        let manner = Manner { anew: true, check: checked::<D>, ..Manner::USUAL };
        self.page(path, manner).await.map(|page| page.value)
    }

    /// The same for what is of no use later, such as addresses that are good for a short time.
    pub(super) async fn get_once<D: DeserializeOwned>(&self, path: &str) -> Result<D, Refusal> {
        let manner = Manner { kept: false, check: checked::<D>, ..Manner::USUAL };
        self.page(path, manner).await.map(|page| page.value)
    }

    async fn page<D: DeserializeOwned>(&self, path: &str, manner: Manner) -> Result<Page<D>, Refusal> {
        page_of(&self.success(path, manner).await?)
    }

    /// Gets a path whose status alone is the answer.
    pub(super) async fn get_status(&self, path: &str) -> Result<u16, Refusal> {
        self.success(path, Manner::UNREAD).await.map(|response| response.status)
    }

    /// Drops what is kept of a path, because it turned out to be of no use.
    pub(super) fn forget(&self, path: &str) {
        self.cache.forget(&ask::name_of(path));
    }

    async fn success(&self, path: &str, manner: Manner) -> Result<Response, Refusal> {
        let response = self.ask(Call::Get(path), manner).await?;
        if (200..300).contains(&response.status) { Ok(response) } else { Err(refusal::refused(&response)) }
    }

    /// Gets a path that redirects to a download, and opens that. The download does not count.
    pub(super) async fn download(&self, path: &str, limit: u64) -> Result<Box<dyn Read + Send>, Refusal> {
        let location = match self.success(path, Manner::DOWNLOAD).await {
            Err(Refusal::Status { location: Some(location), .. }) => location,
            Err(refusal) => return Err(refusal),
            Ok(_) => return Err(Refusal::Shape("an archive was sent where a redirect was due".to_owned())),
        };
        self.fetch(&location, limit).await
    }

    /// Whether a download that broke off may be begun once more, which costs no request of the budget.
    pub(super) fn repeats_download(&self) -> bool {
        let may = self.deadline.allows_another() && self.budget.repeat();
        if may {
            self.plan_again();
        }
        may
    }

    /// Opens a file at an address that GitHub gave, without the token. That does not count.
    pub(super) async fn fetch(&self, url: &str, limit: u64) -> Result<Box<dyn Read + Send>, Refusal> {
        let mut tries = 0;
        loop {
            tries += 1;
            // It may take long, and others are to have their time too.
            let deadline = self.deadline.halfway();
            let refusal = match self.deadline.hold(self.transport.download(url, limit, deadline)).await {
                Ok(Ok(opened)) => return Ok(opened),
                Ok(Err(error)) => Refusal::Transport(error),
                Err(late) => late.into(),
            };
            (self.progress)(Told::Request(&format!("download: {}", refusal.reason())));
            if !self.tries_again(&refusal, tries).await {
                return Err(refusal);
            }
        }
    }

    /// Posts a GraphQL query and gives what it answered, which may be a part.
    pub(super) async fn graphql(&self, query: &str, variables: Value) -> Result<GraphQl, Refusal> {
        self.query(query, &variables, Manner::USUAL).await
    }

    async fn query(&self, query: &str, variables: &Value, manner: Manner) -> Result<GraphQl, Refusal> {
        let body = serde_json::json!({ "query": query, "variables": variables });
        let response = self.ask(Call::Query(&body), Manner { check: graphql::checked, ..manner }).await?;
        if (200..300).contains(&response.status) { decode(&response.body) } else { Err(refusal::refused(&response)) }
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page<T> {
    pub(super) value: T,
    /// Whether more pages follow.
    pub(super) more: bool,
}

fn page_of<D: DeserializeOwned>(response: &Response) -> Result<Page<D>, Refusal> {
    let more = response.headers.get("link").is_some_and(|links| links.contains("rel=\"next\""));
    Ok(Page { value: decode(&response.body)?, more })
}

/// Whether an answer is what it is read as.
fn checked<D: DeserializeOwned>(response: &Response) -> Result<(), Refusal> {
    decode::<D>(&response.body).map(|_| ())
}

fn checked_list<D: DeserializeOwned>(response: &Response) -> Result<(), Refusal> {
    if is_nothing(response) { Ok(()) } else { checked::<Vec<D>>(response) }
}

fn checked_setting(response: &Response) -> Result<(), Refusal> {
    if is_nothing(response) {
        return Ok(());
    }
    let value: Value = decode(&response.body)?;
    let is_whole = value.is_object() || value.is_array();
    if is_whole { Ok(()) } else { Err(Refusal::Shape("it is neither an object nor a list".to_owned())) }
}

/// Whether GitHub says that there is nothing.
fn is_nothing(response: &Response) -> bool {
    response.status == 204 && response.body.is_empty()
}

/// Text of GitHub for a message: one line, bounded, without control characters.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_MESSAGE).collect()
}

fn decode<D: DeserializeOwned>(body: &[u8]) -> Result<D, Refusal> {
    let value: Value = serde_json::from_slice(body).map_err(|error| match body.trim_ascii_start().first() {
        Some(b'<') => Refusal::Shape("it is a web page".to_owned()),
        None => Refusal::Shape("it is empty".to_owned()),
        _ => Refusal::Shape(error.to_string()),
    })?;
    from_value(&value).map_err(|error| Refusal::Shape(plain(&error.to_string())))
}

#[cfg(test)]
mod tests;
