//! Looks at a connection: whether GitHub is reached, who the token is, and what it can see of a subject.
//!
//! At most six requests count against the rate limit. What a role cannot see is not tried, as a collection does not
//! try it either; what was neither tried nor follows from the role is *unknown*.

mod advice;
mod examination;
mod groups;
mod headers;
mod probes;
mod sight;

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

pub use self::advice::Advice;
pub use self::examination::{
    Examination, GroupSight, Identity, Limit, PermissionSight, Reach, Sight, SubjectExamination,
};

use self::headers::Headers;
use self::probes::Probes;
use super::client::Refusal;
use super::connection::Connection;
use super::credentials::Credentials;
use super::deadline::Deadline;
use super::installation::{AppRefusal, Exchange};
use super::token::TokenKind;
use super::transport::{GitHub, Response, Transport, TransportError};
use super::{Settings, Slug, Told, shown};

/// Requests that count, at most.
const BUDGET: u32 = 6;

/// Examines the connection, and what can be seen of a subject. `now` is the present.
pub async fn examine(slug: Option<&Slug>, settings: &Settings, now: DateTime<Utc>) -> Examination {
    let mut doctor = Doctor { settings, deadline: Deadline::after(settings.timeout), now, begun: Instant::now() };
    let mut examination = Examination::new(shown(&settings.api_url));
    if let Credentials::App(_) = &settings.credentials {
        doctor.app(slug, &mut examination).await;
    } else {
        match GitHub::new(settings, token_of(&settings.credentials)) {
            Ok(github) => doctor.reach(&github, &mut examination).await,
            Err(error) => examination.reached = Reach::No { why: error.to_string() },
        }
    }
    let Some(slug) = slug.filter(|_| examination.is_usable()) else { return examination };
    match Connection::open(settings, slug, doctor.deadline, now).await {
        Ok(connection) => doctor.subject(&connection, slug, &mut examination).await,
        Err(refusal) => examination.refused = Some(refusal.to_string()),
    }
    examination
}

fn token_of(credentials: &Credentials) -> Option<&super::Token> {
    match credentials {
        Credentials::Token(token) => Some(token),
        Credentials::Anonymous | Credentials::App(_) => None,
    }
}

struct Doctor<'a> {
    settings: &'a Settings,
    deadline: Deadline,
    now: DateTime<Utc>,
    begun: Instant,
}

#[derive(Deserialize)]
struct Account {
    login: String,
}

impl Doctor<'_> {
    /// The present, by the clock of this machine.
    fn now(&self) -> DateTime<Utc> {
        self.now + TimeDelta::from_std(self.begun.elapsed()).unwrap_or_default()
    }

    async fn get(&self, github: &impl Transport, path: &str) -> Result<Response, Refusal> {
        let answer = match self.deadline.hold(github.get(path, None)).await {
            Ok(answer) => answer.map_err(Refusal::Transport),
            Err(late) => Err(late.into()),
        };
        let outcome = answer.as_ref().map_or_else(Refusal::reason, |response| response.status.to_string());
        (self.settings.progress)(Told::Request(&format!("GET {path}: {outcome}")));
        answer
    }

    /// `GET /rate_limit`, which counts against nothing, and `GET /user`.
    async fn reach(&mut self, github: &GitHub, examination: &mut Examination) {
        let response = match self.get(github, "/rate_limit").await {
            Ok(response) => response,
            Err(refusal) => {
                examination.reached = unreached(&refusal);
                return;
            }
        };
        let now = self.now();
        examination.learn(&Headers::of(&response), now);
        examination.reached = Reach::of(&response);
        examination.limits = headers::limits(&response);
        let Credentials::Token(token) = &self.settings.credentials else { return };
        examination.kind = Some(token.kind());
        if response.status == 401 {
            examination.refused = Some(headers::message(&response));
        }
        if !examination.is_usable() || token.kind().is_app() {
            return;
        }
        examination.requests += 1;
        let Ok(response) = self.get(github, "/user").await else { return };
        examination.learn(&Headers::of(&response), now);
        match response.status {
            200 => {
                examination.identity.login = serde_json::from_slice(&response.body).ok().map(|Account { login }| login);
            }
            401 => examination.refused = Some(headers::message(&response)),
            _ => {}
        }
    }

    /// As an app: who it is, and what its installation was granted.
    async fn app(&mut self, slug: Option<&Slug>, examination: &mut Examination) {
        let Credentials::App(app) = &self.settings.credentials else { return };
        examination.kind = Some(TokenKind::Installation);
        examination.identity.app = Some(app.id().to_owned());
        let exchange = match Exchange::new(self.settings, app.clone(), self.deadline, self.now) {
            Ok(exchange) => exchange,
            Err(error) => {
                examination.reached = Reach::No { why: error.to_string() };
                return;
            }
        };
        match exchange.identity().await {
            Ok(identity) => {
                examination.reached = Reach::Yes;
                examination.identity.app_name = identity.slug;
            }
            Err(AppRefusal::Failed(refusal)) => {
                examination.reached = unreached(&refusal);
                return;
            }
            Err(refusal) => {
                examination.reached = Reach::Yes;
                examination.refused = Some(refusal.to_string());
                return;
            }
        }
        // With a subject, the connection makes the token.
        let (None, Some(installation)) = (slug, app.installation()) else { return };
        examination.identity.installation = Some(installation);
        match exchange.token(installation).await {
            Ok(made) => {
                examination.granted = Some(made.granted);
                if let Ok(github) = GitHub::new(self.settings, Some(&made.token)) {
                    self.rate_limit(&github, examination).await;
                }
            }
            Err(refusal) => examination.refused = Some(refusal.to_string()),
        }
    }

    async fn rate_limit(&self, github: &impl Transport, examination: &mut Examination) {
        if let Ok(response) = self.get(github, "/rate_limit").await {
            examination.learn(&Headers::of(&response), self.now());
            examination.limits = headers::limits(&response);
        }
    }

    async fn subject(&mut self, connection: &Connection, slug: &Slug, examination: &mut Examination) {
        if let Credentials::App(app) = connection.credentials() {
            examination.identity.installation = app.installation();
            examination.granted = connection.granted().cloned();
            self.rate_limit(connection, examination).await;
        }
        let mut probes = Probes::new(connection, self.deadline, &self.settings.progress, BUDGET - examination.requests);
        let found = probes.of(slug, examination).await;
        examination.requests += probes.made();
        for headers in probes.headers() {
            examination.learn(headers, self.now());
        }
        match found {
            Ok(facts) => {
                examination.advice = Advice::new(facts.is_organization());
                examination.subject = Some(sight::of(&facts, slug, examination));
            }
            Err(refusal) => examination.subject_refused = Some(probes::unseen(&refusal, slug)),
        }
    }
}

/// Why nobody answered, as far as the error tells.
fn unreached(refusal: &Refusal) -> Reach {
    let why = refusal.reason();
    let text = why.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let hint = match refusal {
        Refusal::TimeUp | Refusal::Transport(TransportError::Late(_)) => "nobody answered in time",
        _ if has(&["dns", "lookup", "resolve"]) => "its name could not be resolved (DNS)",
        _ if has(&["tunnel", "proxy"]) => "the proxy let nothing through",
        _ if has(&["certificate", "tls", "handshake", "ssl", "corrupt message"]) => {
            "no secure connection could be made (TLS)"
        }
        _ if has(&["refused"]) => "the connection was refused",
        _ => "the connection failed",
    };
    Reach::No { why: format!("{hint}: {why}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_nobody_answers_is_told_from_the_error() {
        let of = |text: &str| match unreached(&Refusal::Transport(TransportError::Connection(text.to_owned()))) {
            Reach::No { why } => why,
            other => format!("{other:?}"),
        };
        for (error, hint) in [
            ("dns error: failed to lookup address information: Name or service not known", "(DNS)"),
            ("tcp connect error: Connection refused (os error 111)", "was refused"),
            ("invalid peer certificate: UnknownIssuer", "(TLS)"),
            ("received fatal alert: HandshakeFailure", "(TLS)"),
            ("client error (Connect): received corrupt message of type InvalidContentType", "(TLS)"),
            ("unsuccessful tunnel: proxy authorization required", "the proxy"),
            ("connection reset by peer", "failed"),
        ] {
            assert!(of(error).contains(hint), "{error}: {}", of(error));
        }
        assert!(matches!(unreached(&Refusal::TimeUp), Reach::No { why } if why.contains("in time")));
    }
}
