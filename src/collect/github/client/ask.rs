//! One request: waits where it must, follows redirects, tries again what passes, and uses what is kept.

use std::time::Duration;

use chrono::TimeDelta;
use serde::de::IgnoredAny;

use super::super::cache::Entry;
use super::super::patience::{Pause, Resource, spread};
use super::super::progress::Told;
use super::super::transport::{MAX_REDIRECTS, Response, Transport, TransportError};
use super::refusal::{self, Refusal};
use super::{Client, decode};

/// How often a request is made at most, where the connection fails or GitHub is out of order.
const TRIES: u32 = 3;
/// The same, where no answer comes or what comes is no answer.
const TRIES_OF_OTHERS: u32 = 2;
/// How often one request waits for a rate limit.
const WAITS: u32 = 3;
/// How long to wait before the second try; twice as long before the third.
const BACKOFF: Duration = Duration::from_millis(300);
/// How long an answer that anybody can get is taken for the present, where nothing was pushed.
const REUSED_FOR: TimeDelta = TimeDelta::hours(1);
/// How much earlier another run's clock may be.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::seconds(5);

/// What is asked.
#[derive(Clone, Copy)]
pub(super) enum Call<'a> {
    Get(&'a str),
    Query(&'a serde_json::Value),
}

/// How a request is made.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    /// Whether the answer is kept, and what is kept is used.
    pub(super) kept: bool,
    /// Whether it says if something has changed, so that it is always asked.
    pub(super) anew: bool,
    /// What an answer of success must be. Others are not kept, and none that is kept is used.
    pub(super) check: fn(&Response) -> Result<(), Refusal>,
    /// Whether 302 is the answer that is due, and leads to a download.
    pub(super) download: bool,
    /// How often it is made at most.
    pub(super) tries: u32,
    /// Whether 404 tells as much as an answer of success, and is kept like one.
    pub(super) absence_tells: bool,
}

impl Manner {
    pub(super) const UNREAD: Self =
        Self { kept: true, anew: false, check: |_| Ok(()), download: false, tries: TRIES, absence_tells: false };
    pub(super) const USUAL: Self = Self { check: super::checked::<IgnoredAny>, ..Self::UNREAD };
    pub(super) const DOWNLOAD: Self = Self { kept: false, download: true, ..Self::UNREAD };
}

/// How far one request has got.
#[derive(Default)]
struct Course {
    tries: u32,
    waits: u32,
    redirects: u32,
}

impl Call<'_> {
    fn resource(&self) -> Resource {
        match self {
            Self::Get(_) => Resource::core(),
            Self::Query(_) => Resource::graphql(),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Get(path) => format!("GET {path}"),
            Self::Query(_) => "POST graphql".to_owned(),
        }
    }
}

impl<T: Transport> Client<T> {
    /// Makes a request and gives the answer, whatever its status; rate limits and answers that stay broken are refusals.
    pub(super) async fn ask(&self, call: Call<'_>, manner: Manner) -> Result<Response, Refusal> {
        let mut course = Course::default();
        let mut path = match call {
            Call::Get(path) => path.to_owned(),
            Call::Query(_) => String::new(),
        };
        loop {
            let call = if let Call::Get(_) = call { Call::Get(&path) } else { call };
            let response = self.ask_one(call, manner, &mut course).await?;
            let moved = matches!(response.status, 301 | 307 | 308) || (response.status == 302 && !manner.download);
            let location = response.headers.get("location").filter(|_| moved && matches!(call, Call::Get(_)));
            match location.and_then(|location| self.transport.path_of(location)) {
                Some(next) if course.redirects < MAX_REDIRECTS => {
                    course.redirects += 1;
                    course.tries = 0;
                    path = next;
                }
                _ => return Ok(response),
            }
        }
    }

    /// The same for one path.
    async fn ask_one(&self, call: Call<'_>, manner: Manner, course: &mut Course) -> Result<Response, Refusal> {
        let kept = match call {
            Call::Get(path) if manner.kept => self.cache.get(&name_of(path)),
            _ => None,
        };
        let kept = kept.filter(|entry| {
            let is_success = (200..300).contains(&entry.status);
            !is_success || (manner.check)(&response_of(entry.clone())).is_ok()
        });
        // Charged even where it costs nothing, so that a later run asks for neither more nor less than the first one.
        let charged = Charge::take(self)?;
        if let Some(entry) = kept.as_ref().filter(|entry| !manner.anew && self.is_reusable(entry)) {
            (self.progress)(Told::Request(&format!("{}: {} as before, not asked", call.shown(), entry.status)));
            self.reused.store(true, std::sync::atomic::Ordering::Relaxed);
            return Ok(response_of(entry.clone()));
        }
        let response = self.try_until(call, kept.as_ref(), manner, course).await;
        let response = response.inspect_err(|refusal| charged.settle(refusal))?;
        self.learn_scopes(&response);
        let Call::Get(path) = call else { return Ok(response) };
        match (response.status, kept) {
            (304, Some(entry)) => Ok(self.confirmed(path, entry, manner)),
            (_, kept) => {
                self.learn(path, kept, &response, manner);
                Ok(response)
            }
        }
    }

    /// Tries until there is an answer that stays, or the tries are used up.
    async fn try_until(
        &self,
        call: Call<'_>,
        kept: Option<&Entry>,
        manner: Manner,
        course: &mut Course,
    ) -> Result<Response, Refusal> {
        let etag = kept.and_then(|entry| entry.headers.get("etag")).map(String::as_str);
        loop {
            self.wait_for(&call.resource()).await?;
            self.deadline.left().ok_or(Refusal::TimeUp)?;
            course.tries += 1;
            let request = async {
                match call {
                    Call::Get(path) => self.transport.get(path, etag).await,
                    Call::Query(body) => self.transport.graphql(body).await,
                }
            };
            let refusal = match self.deadline.hold(request).await {
                Ok(Ok(response)) => {
                    (self.progress)(Told::Request(&format!("{}: {}", call.shown(), response.status)));
                    match self.judge(call, response, etag.is_some(), manner, course)? {
                        Verdict::Stays(response) => return Ok(response),
                        Verdict::Waits => continue,
                        Verdict::Passes(refusal) => refusal,
                    }
                }
                Ok(Err(error)) => Refusal::Transport(error),
                Err(late) => late.into(),
            };
            if !matches!(refusal, Refusal::Status { .. }) {
                (self.progress)(Told::Request(&format!("{}: {}", call.shown(), refusal.reason())));
            }
            if matches!(refusal, Refusal::Transport(_)) {
                // It may have reached GitHub.
                self.budget.count();
            }
            if course.tries >= manner.tries || !self.tries_again(&refusal, course.tries).await {
                return Err(refusal);
            }
        }
    }

    /// What an answer means for the course of its request.
    fn judge(
        &self,
        call: Call<'_>,
        response: Response,
        conditional: bool,
        manner: Manner,
        course: &mut Course,
    ) -> Result<Verdict, Refusal> {
        let (resource, now) = (call.resource(), self.clock.now());
        let limited = refusal::limit(&response, &resource, now).or_else(|| {
            let is_limited = matches!(call, Call::Query(_)) && super::graphql::is_rate_limited(&response.body);
            is_limited
                .then(|| refusal::used_up(&response, &resource, now).unwrap_or_else(|| unsaid(resource.clone(), now)))
        });
        if let Some((resource, pause)) = limited {
            // Whatever is limited, this request is.
            let resource = if resource == Resource::All { resource } else { call.resource() };
            self.patience.pause(resource, pause, &self.cache);
            course.waits += 1;
            course.tries -= 1;
            return if course.waits > WAITS { Err(Refusal::paused(&pause)) } else { Ok(Verdict::Waits) };
        }
        if let Some((resource, pause)) = refusal::used_up(&response, &resource, now) {
            self.patience.pause(resource, pause, &self.cache);
        }
        if response.status != 304 || self.anonymous {
            self.budget.count();
        }
        if response.status >= 500 {
            return Ok(Verdict::Passes(refusal::refused(&response)));
        }
        if response.status == 304 && !conditional {
            return Ok(Verdict::Passes(Refusal::Shape("it says that nothing has changed, but of what?".to_owned())));
        }
        if (200..300).contains(&response.status)
            && let Err(refusal) = (manner.check)(&response)
        {
            // What is whole, but of another shape, stays so.
            let is_whole = decode::<IgnoredAny>(&response.body).is_ok();
            return if is_whole { Err(refusal) } else { Ok(Verdict::Passes(refusal)) };
        }
        Ok(Verdict::Stays(response))
    }

    /// Waits until no pause is in force. Where that may or can not be, it is refused at once.
    async fn wait_for(&self, resource: &Resource) -> Result<(), Refusal> {
        while let Some(pause) = self.patience.pause_of(resource, &self.cache) {
            let wait = self.patience.left(&pause);
            if !self.patience.waits() || self.deadline.left().is_none_or(|left| left <= wait) {
                let refusal = Refusal::paused(&pause);
                self.limited.get_or_init(|| refusal.reason());
                return Err(refusal);
            }
            if self.patience.announces(&pause) {
                (self.progress)(Told::Wait(&announcement(&pause, wait)));
            }
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    /// Waits before another try, after so many. False where there is to be none.
    pub(super) async fn tries_again(&self, refusal: &Refusal, tries: u32) -> bool {
        if tries >= most_tries(refusal) {
            return false;
        }
        let is_late = matches!(refusal, Refusal::Transport(TransportError::Late(_)));
        let longest = BACKOFF * 2_u32.saturating_pow(tries.saturating_sub(1));
        let wait = longest / 2 + spread(longest / 2);
        let has_time = self.deadline.left().is_some_and(|left| left > wait);
        if !has_time || (is_late && !self.deadline.allows_another()) || !self.budget.repeat() {
            return false;
        }
        tokio::time::sleep(wait).await;
        true
    }

    /// Whether an answer of before is taken for the present: it was given not long ago, and since then nothing has changed
    /// that would show. What costs nothing to confirm is asked.
    pub(super) fn is_reusable(&self, entry: &Entry) -> bool {
        let horizon = *self.horizon.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let age = self.clock.now().signed_duration_since(entry.asked_at);
        (self.anonymous || !entry.headers.contains_key("etag"))
            && horizon.is_some_and(|horizon| entry.asked_at >= horizon)
            && age < REUSED_FOR
            && age > -CLOCKS_DIFFER
    }

    /// An answer that 304 has confirmed.
    fn confirmed(&self, path: &str, mut entry: Entry, manner: Manner) -> Response {
        if manner.anew {
            self.changed_at(entry.since);
        }
        if self.anonymous {
            entry.asked_at = self.clock.now();
            self.cache.put(&name_of(path), &entry);
        }
        response_of(entry)
    }

    /// Keeps an answer of success. Without an `ETag` it can only be taken for the present for a while; so can the answer
    /// that something is off. A refusal is not kept, for rights are given to be used at once.
    fn learn(&self, path: &str, before: Option<Entry>, response: &Response, manner: Manner) {
        let now = self.clock.now();
        let same =
            |entry: &Entry| entry.status == response.status && super::change::is_same(&entry.body, &response.body);
        let since = before.filter(same).map_or(now, |entry| entry.since);
        if manner.anew {
            self.changed_at(since);
        }
        if manner.kept && is_kept(response, manner) {
            let needed = |(name, _): &(&String, &String)| matches!(name.as_str(), "etag" | "link");
            let headers = response.headers.iter().filter(needed).map(|(name, value)| (name.clone(), value.clone()));
            let entry = Entry {
                asked_at: now,
                since,
                status: response.status,
                headers: headers.collect(),
                body: response.body.clone(),
            };
            self.cache.put(&name_of(path), &entry);
        }
    }

    /// Compares what is known of the repository with what was known before. Until it has been, no answer is reused.
    pub(in super::super) fn learn_state(&self, name: &str, state: Vec<u8>) {
        let now = self.clock.now();
        let before = self.cache.get(name).filter(|entry| entry.body == state);
        let since = before.map_or(now, |entry| entry.since);
        self.cache.put(name, &Entry { asked_at: now, since, ..Entry::of(state) });
        self.changed_at(since);
    }

    fn changed_at(&self, since: chrono::DateTime<chrono::Utc>) {
        let mut horizon = self.horizon.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *horizon = horizon.max(Some(since));
    }
}

enum Verdict {
    Stays(Response),
    Waits,
    Passes(Refusal),
}

/// A request that is charged to the budget.
struct Charge<'a>(&'a super::budget::Budget);

impl<'a> Charge<'a> {
    fn take<T>(client: &'a Client<T>) -> Result<Self, Refusal> {
        client.budget.take()?;
        Ok(Self(&client.budget))
    }

    /// What was never answered because of a rate limit has cost nothing.
    fn settle(&self, refusal: &Refusal) {
        if matches!(refusal, Refusal::TimeUp | Refusal::Status { limited: Some(_), .. }) {
            self.0.give_back();
        }
    }
}

/// How often a request is made at most that came to this.
fn most_tries(refusal: &Refusal) -> u32 {
    match refusal {
        Refusal::Transport(TransportError::Connection(_) | TransportError::Download(500..)) => TRIES,
        Refusal::Transport(TransportError::Late(_)) | Refusal::Shape(_) => TRIES_OF_OTHERS,
        Refusal::Status { status, .. } if *status >= 500 => TRIES,
        _ => 1,
    }
}

/// The name under which the answer to a path is kept.
pub(super) fn name_of(path: &str) -> String {
    format!("GET {path}")
}

/// Whether an answer tells something that may be kept: it is one of success, or says that something is off.
fn is_kept(response: &Response, manner: Manner) -> bool {
    match response.status {
        200 | 204 => true,
        404 => manner.absence_tells || refusal::says_off(&refusal::message(response)),
        _ => false,
    }
}

fn unsaid(resource: Resource, now: chrono::DateTime<chrono::Utc>) -> (Resource, Pause) {
    (resource, Pause::lasting(super::super::patience::UNSAID, now, None))
}

fn response_of(entry: Entry) -> Response {
    Response { status: entry.status, headers: entry.headers, body: entry.body }
}

fn announcement(pause: &Pause, wait: Duration) -> String {
    format!(
        "waiting {} s until {}: GitHub's rate limit is used up",
        wait.as_secs_f64().ceil(),
        pause.shown.format("%H:%M:%S UTC")
    )
}

#[cfg(test)]
mod tests;
