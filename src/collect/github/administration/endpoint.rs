//! Settings that one request of the REST API tells: its path, who may ask, and what the answer is read as.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::answer::Answer;
use super::super::client::{Client, Page, Refusal, from_value, plain, says_off};
use super::super::transport::Transport;
use crate::evidence::{Access, Observation, Place, State, Vocabulary};

/// What an answer of the API is made into. The error says how the answer differs from what the API promises.
pub(super) type Read = Result<Vec<Observation>, serde_json::Error>;

/// A path of the API, below `/repos/{owner}/{repo}` or `/orgs/{org}`.
pub(super) struct Endpoint {
    pub(super) path: &'static str,
    /// The page of the setting, below that of the repository or the organisation.
    pub(super) page: &'static str,
    /// All keys that it tells.
    pub(super) keys: &'static [&'static str],
    /// The least role that GitHub answers.
    pub(super) least: Access,
    /// Of these a classic token needs one, beyond the scope that opens the repository.
    pub(super) scopes: &'static [&'static str],
    pub(super) only: Only,
    pub(super) read: fn(Found) -> Read,
    /// Whether 404 says that this server does not have it, which stays so for a while.
    pub(super) lacking: bool,
}

/// What a setting is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Only {
    Always,
    PublicRepository,
    PrivateRepository,
    /// A repository of an organisation.
    Organization,
    /// A repository in which only selected actions may run.
    SelectedActions,
}

/// An answer of success.
pub(super) struct Found {
    /// Null where GitHub says that there is none.
    pub(super) value: Value,
    /// Whether more pages follow.
    pub(super) more: bool,
}

impl Found {
    pub(super) fn read<D: DeserializeOwned>(self) -> Result<D, serde_json::Error> {
        from_value(&self.value)
    }
}

/// What paths and pages begin with.
pub(super) struct Root {
    /// Such as `/repos/acme/widget`.
    pub(super) path: String,
    /// The same for messages: `/repos/{owner}/{repo}`.
    pub(super) pattern: &'static str,
    pub(super) page: String,
}

/// Asks for settings of a repository or an organisation.
pub(super) struct Asking<'a, T> {
    pub(super) client: &'a Client<T>,
    pub(super) root: Root,
    /// Whether all is asked for that the token can see.
    pub(super) full: bool,
}

impl<T: Transport> Asking<'_, T> {
    /// Asks, and makes the observations of the endpoint's keys.
    pub(super) async fn ask(&self, endpoint: &Endpoint) -> Vec<Observation> {
        if !self.client.has_scope(endpoint.scopes) {
            return unknown(endpoint.keys, &Answer::Denied);
        }
        let answer = self.get_setting(endpoint.path, endpoint.lacking).await;
        let observations = match answer {
            Answer::Known(page) => {
                let read = read(endpoint, page).unwrap_or_else(|error| unknown(endpoint.keys, &odd(&error)));
                if read.iter().any(is_gap) {
                    self.forget(endpoint.path);
                }
                read
            }
            other => unknown(endpoint.keys, &other.map(|_| ())),
        };
        let path = endpoint.path.split('?').next().unwrap_or_default();
        let source = format!("GET {}{path}", self.root.pattern);
        let place = |observation: Observation| {
            observation.from(source.clone()).at(Place::page(format!("{}{}", self.root.page, endpoint.page)))
        };
        observations.into_iter().map(place).collect()
    }

    /// Drops what is kept of a path, because it has gaps: a later run asks anew.
    pub(super) fn forget(&self, path: &str) {
        self.client.forget(&format!("{}{path}", self.root.path));
    }

    /// Gets a path below the root.
    pub(super) async fn get(&self, path: &str) -> Answer<Page<Value>> {
        self.get_setting(path, false).await
    }

    async fn get_setting(&self, path: &str, absence_tells: bool) -> Answer<Page<Value>> {
        match self.client.get_setting(&format!("{}{path}", self.root.path), absence_tells).await {
            Ok(page) => Answer::Known(page),
            Err(refusal) => self.refused(refusal),
        }
    }

    /// What a refusal makes of a setting. GitHub says 404 of what is off, what this server does not have and what the
    /// token may not know; only its message tells these apart.
    pub(super) fn refused<D>(&self, refusal: Refusal) -> Answer<D> {
        match &refusal {
            Refusal::Budget(_) if !self.full => {
                Answer::untold(format!("{}; a collection in full depth asks for it", refusal.reason()))
            }
            Refusal::Status { status: 403 | 404, message, limited: None, .. } if says_off(message) => {
                Answer::untold(format!("GitHub says: {message}"))
            }
            Refusal::Status { status: 404, limited: None, .. } => {
                Answer::untold("GitHub answered HTTP 404: it is off, or this server or this token does not have it")
            }
            Refusal::Status { status: 402 | 409 | 410 | 422, .. } => Answer::untold(refusal.reason()),
            _ => refusal.into_answer(),
        }
    }
}

/// What is said of a value that an answer should hold and does not.
const UNTOLD: &str = "GitHub did not tell it";

/// Whether an answer should have told it and did not, or could not be read.
fn is_gap(observation: &Observation) -> bool {
    match &observation.state {
        State::Unavailable { reason } => reason == UNTOLD,
        state => matches!(state, State::Failed { .. }),
    }
}

fn read(endpoint: &Endpoint, page: Page<Value>) -> Read {
    (endpoint.read)(Found { value: page.value, more: page.more })
}

/// What an answer of another shape makes of a setting.
fn odd(error: &serde_json::Error) -> Answer<()> {
    Answer::Failed(Refusal::Shape(plain(&error.to_string())).reason())
}

/// The observations of keys without an answer.
pub(super) fn unknown(keys: &[&str], answer: &Answer<()>) -> Vec<Observation> {
    answer.as_ref().observe(keys, |&()| Vec::new())
}

/// The observations of keys that do not apply, with the reason that the vocabulary gives.
pub(super) fn not_applicable(keys: &[&str]) -> Vec<Observation> {
    let of = |key: &&str| match Vocabulary::built_in().get(key).and_then(|info| info.not_applicable.clone()) {
        Some(reason) => Observation::not_applicable(*key, reason),
        None => Observation::unavailable(*key, "it does not apply to this repository"),
    };
    keys.iter().map(of).collect()
}

/// A value that every answer should hold.
pub(super) fn told(key: &str, value: Option<impl Into<crate::evidence::Value>>) -> Observation {
    match value {
        Some(value) => Observation::seen(key, value),
        None => Observation::unavailable(key, UNTOLD),
    }
}

/// A word of those that the vocabulary knows.
pub(super) fn word(key: &str, value: Option<String>) -> Observation {
    let known = |value: &String| {
        Vocabulary::built_in().get(key).is_some_and(|info| info.values.is_empty() || info.values.contains(value))
    };
    told(key, value.filter(known))
}

/// A number of things on one page. Where more follow, it is the least number, and says so.
pub(super) fn count(key: &str, number: usize, more: bool) -> Observation {
    let observation = Observation::seen(key, number);
    if more { observation.at_least("at least: the first 100 were looked at") } else { observation }
}

/// A number that only a whole list tells.
pub(super) fn whole_count(key: &str, number: usize, more: bool) -> Observation {
    if more {
        Observation::unavailable(key, "there are more than the 100 that were read")
    } else {
        Observation::seen(key, number)
    }
}

/// The earliest day, absent where there is nothing that has one.
pub(super) fn earliest(key: &str, times: impl Iterator<Item = Option<DateTime<Utc>>>, more: bool) -> Observation {
    let mut times = times.peekable();
    if times.peek().is_none() {
        return Observation::absent(key);
    }
    if more {
        return Observation::unavailable(key, "there are more than the 100 that were read");
    }
    told(key, times.collect::<Option<Vec<_>>>().and_then(|times| times.into_iter().min()).map(|at| at.date_naive()))
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use serde_json::json;

    use super::super::super::deadline::Deadline;
    use super::super::super::script::Script;
    use super::super::super::transport::{Response, TransportError};
    use super::*;
    use crate::evidence::State;

    /// The states of the keys that an endpoint tells, in their order, from an answer.
    pub(in super::super) fn states(endpoint: &Endpoint, value: Value, more: bool) -> Vec<State> {
        let observations =
            read(endpoint, Page { value, more }).unwrap_or_else(|error| unknown(endpoint.keys, &odd(&error)));
        let keys: Vec<&str> = observations.iter().map(|observation| observation.key.as_str()).collect();
        assert_eq!(keys, endpoint.keys);
        for observation in &observations {
            let info = Vocabulary::built_in().get(&observation.key).unwrap();
            assert!(info.states().contains(&observation.state.word()), "{observation:?}");
        }
        observations.into_iter().map(|observation| observation.state).collect()
    }

    const ENDPOINT: Endpoint = super::super::hooks::REPOSITORY;

    async fn asked(scopes: &str, status: u16, message: &str) -> State {
        let body = json!({ "message": message }).to_string().into_bytes();
        let headers = [("x-oauth-scopes".to_owned(), scopes.to_owned())];
        let first = Response { status: 200, headers: headers.into(), body: b"[]".to_vec() };
        let answers: Vec<Result<Response, TransportError>> =
            vec![Ok(first), Ok(Response { status, body, ..Response::default() })];
        let deadline = Deadline::after(Duration::from_secs(60));
        let client = Client::new(Script::new(answers), 9, deadline, Arc::new(|_| ()));
        client.get::<Value>("/first").await.unwrap();
        let root = Root { path: "/repos/acme/widget".into(), pattern: "/repos/{owner}/{repo}", page: "u".into() };
        let asking = Asking { client: &client, root, full: false };
        let observation = asking.ask(&ENDPOINT).await.remove(0);
        assert!(
            client.transport().asked().len() == 1
                || observation.source.as_deref() == Some("GET /repos/{owner}/{repo}/hooks")
        );
        observation.state
    }

    #[tokio::test]
    async fn a_refusal_is_never_a_no() {
        let denied =
            |state: &State| matches!(state, State::NotPermitted { permission } if permission == "webhooks: read");
        let untold = |state: &State| matches!(state, State::Unavailable { .. });
        assert!(denied(&asked("repo", 403, "Resource not accessible by personal access token").await));
        assert!(untold(&asked("repo", 403, "Advanced Security must be enabled for this repository").await));
        assert!(untold(&asked("repo", 404, "Not Found").await));
        assert!(untold(&asked("repo", 404, "Secret scanning is disabled on this repository.").await));
        assert!(untold(&asked("repo", 409, "Conflict").await));
        assert!(matches!(asked("repo", 500, "").await, State::Failed { .. }));
        // Without the scope it is not even asked.
        assert!(denied(&asked("public_repo, read:org", 200, "").await));
    }

    #[test]
    fn days_and_numbers_of_half_a_list_are_not_told() {
        let day = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        let days = || [day("2026-01-02T00:00:00Z"), day("2025-01-02T00:00:00Z")].into_iter();
        let key = "access.oldest_deploy_key_on";
        assert_eq!(earliest(key, days(), false).state, State::Observed("2025-01-02".into()));
        assert!(matches!(earliest(key, days(), true).state, State::Unavailable { .. }));
        assert!(matches!(earliest(key, days().chain([None]), false).state, State::Unavailable { .. }));
        assert_eq!(earliest(key, std::iter::empty(), false).state, State::Absent);
        assert!(count("access.webhooks", 100, true).detail.is_some());
        assert!(matches!(whole_count("access.webhooks", 100, true).state, State::Unavailable { .. }));
    }
}
