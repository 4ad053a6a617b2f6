//! The installation of a GitHub App: finds it, and makes tokens for it, which last an hour.
//!
//! These requests count against the app's own limit, not against what a collection may ask. They are few: at most three
//! to find the installation, and one for each token.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::ACCEPT;
use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::app::{App, AppError};
use super::client::{Refusal, plain};
use super::deadline::Deadline;
use super::slug::Slug;
use super::token::Token;
use super::transport::{self, Response, TransportError};
use super::{Progress, Settings, Told};

/// A difference between the clocks that the leeway of a signed word does not cover.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::seconds(30);
/// How long a token lasts, where GitHub does not say it.
const LASTS: TimeDelta = TimeDelta::minutes(60);

/// What an installation was granted: permission and level, such as `administration` and `read`.
pub(super) type Granted = BTreeMap<String, String>;

/// `GET /repos/{owner}/{repo}/installation` and the like.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Installation {
    pub(super) id: u64,
    #[serde(default)]
    pub(super) suspended_at: Option<DateTime<Utc>>,
}

/// `GET /app`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct AppIdentity {
    pub(super) slug: Option<String>,
}

#[derive(Deserialize)]
struct AccessToken {
    token: String,
    expires_at: Option<DateTime<Utc>>,
    #[serde(default)]
    permissions: Granted,
}

/// A token of an installation.
#[derive(Debug)]
pub(super) struct InstallationToken {
    pub(super) token: Token,
    pub(super) granted: Granted,
    /// When it ends, by the clock of this machine.
    pub(super) until: Instant,
}

/// Why there is no token of an installation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum AppRefusal {
    #[error("{0}")]
    Key(#[from] AppError),
    #[error("GitHub refused its key ({0}); check that id and key belong together, and the clock of this machine")]
    Refused(String),
    #[error("it is not installed on {0}; its owner installs it, or --installation-id names an installation")]
    NotInstalled(String),
    #[error("there is no installation {0} of it")]
    NoSuchInstallation(u64),
    #[error("its installation {0} is suspended; an owner can end that in the settings of installed apps")]
    Suspended(u64),
    /// No answer, or an odd one.
    #[error("{}", .0.reason())]
    Failed(Refusal),
}

/// Asks GitHub as an app.
pub(super) struct Exchange {
    http: reqwest::Client,
    api: String,
    app: App,
    deadline: Deadline,
    progress: Progress,
    /// The present of this machine when the exchange was opened.
    opened_at: DateTime<Utc>,
    opened: Instant,
    /// How much the clock of GitHub is ahead, where that matters.
    ahead: std::sync::Mutex<TimeDelta>,
}

impl Exchange {
    /// Prepares to ask; nothing is sent yet.
    pub(super) fn new(
        settings: &Settings,
        app: App,
        deadline: Deadline,
        now: DateTime<Utc>,
    ) -> Result<Self, TransportError> {
        Ok(Self {
            http: transport::http_client(settings)?,
            api: super::shown(&settings.api_url),
            app,
            deadline,
            progress: settings.progress.clone(),
            opened_at: now,
            opened: Instant::now(),
            ahead: std::sync::Mutex::new(TimeDelta::zero()),
        })
    }

    /// The installation that the app names, or the one of the subject's owner.
    pub(super) async fn find(&self, slug: &Slug) -> Result<u64, AppRefusal> {
        let owner = slug.owner();
        if let Some(id) = self.app.installation() {
            return Ok(id);
        }
        for path in [
            format!("/repos/{slug}/installation"),
            format!("/orgs/{owner}/installation"),
            format!("/users/{owner}/installation"),
        ] {
            let response = self.ask(&Method::GET, &path).await?;
            match response.status {
                200 => {
                    let found: Installation = decode(&response)?;
                    return if found.suspended_at.is_some() {
                        Err(AppRefusal::Suspended(found.id))
                    } else {
                        Ok(found.id)
                    };
                }
                // A renamed repository is redirected; its owner is asked for instead.
                301..=308 | 404 => {}
                _ => return Err(refused(&response)),
            }
        }
        Err(AppRefusal::NotInstalled(owner.to_owned()))
    }

    /// Makes a token: `POST /app/installations/{installation_id}/access_tokens`.
    pub(super) async fn token(&self, installation: u64) -> Result<InstallationToken, AppRefusal> {
        let response = self.ask(&Method::POST, &format!("/app/installations/{installation}/access_tokens")).await?;
        match response.status {
            201 => {}
            404 => return Err(AppRefusal::NoSuchInstallation(installation)),
            403 if message(&response).contains("suspended") => return Err(AppRefusal::Suspended(installation)),
            _ => return Err(refused(&response)),
        }
        let made: AccessToken = decode(&response)?;
        let odd = || AppRefusal::Failed(Refusal::Shape("it is no token".to_owned()));
        let token = Token::new(&made.token).ok_or_else(odd)?;
        // Counted from GitHub's own clock, so that a clock that is wrong here does no harm.
        let now = served_at(&response).unwrap_or_else(|| self.now());
        let lasts = made.expires_at.map_or(LASTS, |end| end - now);
        let until = Instant::now() + lasts.to_std().unwrap_or(Duration::ZERO).min(Duration::from_secs(86_400));
        Ok(InstallationToken { token, granted: made.permissions, until })
    }

    /// Who the app is: `GET /app`.
    pub(super) async fn identity(&self) -> Result<AppIdentity, AppRefusal> {
        let response = self.ask(&Method::GET, "/app").await?;
        if response.status == 200 { decode(&response) } else { Err(refused(&response)) }
    }

    /// The present, by the clock of this machine.
    fn now(&self) -> DateTime<Utc> {
        self.opened_at + TimeDelta::from_std(self.opened.elapsed()).unwrap_or_default()
    }

    /// Asks, and where GitHub refuses the key while its clock shows another time, once more by its clock.
    async fn ask(&self, method: &Method, path: &str) -> Result<Response, AppRefusal> {
        let response = self.send(method, path).await?;
        let Some(server) = served_at(&response).filter(|_| response.status == 401) else { return Ok(response) };
        let ahead = server - self.now();
        if (ahead - self.ahead()).abs() < CLOCKS_DIFFER {
            return Ok(response);
        }
        if let Ok(mut known) = self.ahead.lock() {
            *known = ahead;
        }
        self.send(method, path).await
    }

    fn ahead(&self) -> TimeDelta {
        self.ahead.lock().map(|known| *known).unwrap_or_default()
    }

    async fn send(&self, method: &Method, path: &str) -> Result<Response, AppRefusal> {
        let word = self.app.signed(self.now() + self.ahead())?;
        let request = self.http.request(method.clone(), format!("{}{path}", self.api));
        let answer = self.deadline.hold(receive(request.bearer_auth(&word))).await;
        let struck = |mut response: Response| {
            // Whatever a server sends back of it is neither shown nor kept.
            if let Some(word) = Token::new(&word) {
                word.strike(&mut response.body);
            }
            response
        };
        let answer = match answer {
            Ok(answer) => answer.map(struck).map_err(Refusal::Transport),
            Err(late) => Err(late.into()),
        };
        let outcome = match &answer {
            Ok(response) => response.status.to_string(),
            Err(refusal) => refusal.reason(),
        };
        (self.progress)(Told::Request(&format!("as app: {method} {path}: {outcome}")));
        answer.map_err(AppRefusal::Failed)
    }
}

async fn receive(request: RequestBuilder) -> Result<Response, TransportError> {
    let request = request.header(ACCEPT, "application/vnd.github+json");
    let answer = request.send().await.map_err(|error| transport::connection(&error.without_url()))?;
    transport::read(answer).await
}

fn decode<D: DeserializeOwned>(response: &Response) -> Result<D, AppRefusal> {
    // The message of a parser may quote what it read, which here may be a token.
    let odd = |_| AppRefusal::Failed(Refusal::Shape("it is not what the API promises of apps".to_owned()));
    serde_json::from_slice(&response.body).map_err(odd)
}

fn message(response: &Response) -> String {
    #[derive(Deserialize)]
    struct Message {
        message: String,
    }
    serde_json::from_slice::<Message>(&response.body).map(|body| plain(&body.message)).unwrap_or_default()
}

/// What an answer without success says of the app.
fn refused(response: &Response) -> AppRefusal {
    let (status, message) = (response.status, message(response));
    match status {
        401 if message.is_empty() => AppRefusal::Refused("HTTP 401".to_owned()),
        401 => AppRefusal::Refused(message),
        _ => AppRefusal::Failed(Refusal::Status { status, message, limited: None, location: None }),
    }
}

/// The time of GitHub when it answered.
fn served_at(response: &Response) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(response.headers.get("date")?).ok().map(|at| at.to_utc())
}
