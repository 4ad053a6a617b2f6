//! Collecting from GitHub: settings, history, releases and files of a repository, in few requests.
//!
//! With a token one GraphQL query carries most and the REST API the rest; without one, the REST API and an archive of
//! the files do. Both end in the same [`gathered`] facts, from which observations are made. What cannot be read becomes
//! an observation that says why. Only where the subject itself cannot be identified is there no evidence at all.

mod access;
mod administration;
mod advisories;
mod answer;
mod app;
mod archive;
mod blob;
mod by_rest;
mod cache;
mod checks;
mod client;
mod community;
mod connection;
mod contents;
mod credentials;
mod deadline;
pub mod doctor;
mod error;
mod figures;
mod gathered;
mod history;
mod in_depth;
mod installation;
mod issues;
mod kept;
mod parts;
mod patience;
mod plan;
mod progress;
mod protection;
mod pull_requests;
mod query;
mod raw;
pub mod reads;
mod releases;
mod remembered;
mod repository;
mod rest;
mod reviews;
mod rulesets;
#[cfg(test)]
mod script;
mod session;
mod settings;
mod slug;
mod token;
mod transport;
mod tree;
mod with_token;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

pub use self::app::{App, AppError, AppKey};
pub use self::credentials::Credentials;
pub use self::error::CollectError;
pub use self::progress::{Progress, Told};
pub use self::session::Session;
pub use self::slug::{Slug, SlugError};
pub use self::token::{Token, TokenKind};

use self::cache::Cache;
use self::client::{Client, Habits, Refusal};
use self::deadline::Deadline;
use self::installation::{AppRefusal, Granted};
use self::patience::Clock;
use self::session::Shared;
use self::transport::{Transport, TransportError};
use crate::collect::Collected;
use crate::evidence::Access;

/// How GitHub is reached.
#[derive(Clone)]
pub struct Settings {
    /// The REST API: `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server.
    pub api_url: Url,
    pub credentials: Credentials,
    /// For the whole collection. What was not read by then is *failed*.
    pub timeout: Duration,
    pub depth: Depth,
    pub progress: Progress,
    /// Where answers are kept for the next time. None keeps nothing.
    pub cache: Option<PathBuf>,
    /// Whether a rate limit is waited for, where it ends in time.
    pub wait: bool,
}

/// How much is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// What few requests tell.
    #[default]
    Standard,
    /// All that the token can see.
    Full,
}

impl Settings {
    /// An API that is read as anybody can, within two minutes, keeping nothing.
    pub fn new(api_url: Url) -> Self {
        Self {
            api_url,
            credentials: Credentials::Anonymous,
            timeout: Duration::from_secs(120),
            depth: Depth::Standard,
            progress: Arc::new(|_| ()),
            cache: None,
            wait: true,
        }
    }
}

impl Settings {
    /// The cache of answers that the API at this address gave to these credentials.
    fn cache(&self, api: &str, credentials: &Credentials) -> Cache {
        let Some(folder) = &self.cache else { return Cache::none() };
        Cache::open(folder, api, &credentials.fingerprint(), Arc::clone(&self.progress))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { api_url, credentials, timeout, depth, progress: _, cache, wait } = self;
        f.debug_struct("Settings")
            .field("api_url", &api_url.as_str())
            .field("credentials", credentials)
            .field("timeout", timeout)
            .field("depth", depth)
            .field("cache", cache)
            .field("wait", wait)
            .finish_non_exhaustive()
    }
}

/// The address of the API for messages: without credentials.
fn shown(api: &Url) -> String {
    format!("{}{}", api.origin().ascii_serialization(), api.path().trim_end_matches('/'))
}

/// Collects the evidence of a repository. `collected_at` is the present.
///
/// # Errors
/// If the repository cannot be identified: not found, token refused, rate limit used up, no network, no GitHub.
pub async fn collect(slug: &Slug, settings: &Settings, collected_at: DateTime<Utc>) -> Result<Collected, CollectError> {
    Session::new(settings).collect(slug, collected_at).await
}

async fn collect_with<T: Transport>(
    transport: T,
    credentials: &Credentials,
    subject: &Asked,
    shared: &Shared,
    settings: &Settings,
    deadline: Deadline,
    now: DateTime<Utc>,
) -> Result<Collected, CollectError> {
    let access = if subject.token.is_some() { Access::Read } else { Access::Anonymous };
    let budget = plan::plan(access, subject.depth).budget;
    let cache = settings.cache(&subject.api, credentials);
    let habits =
        Habits { clock: Clock::starting(now), waits: settings.wait, cache, anonymous: subject.token.is_none() };
    let client = Client::with_habits(transport, budget, deadline, Arc::clone(&settings.progress), habits);
    let gathered = gather(&client, subject, shared, now).await;
    client.cache().tidy();
    let mut gathered = gathered?;
    if client.has_reused() {
        let remark = if subject.token.is_some() { REUSED_WITH_TOKEN } else { REUSED };
        gathered.remarks.push(remark.to_owned());
    }
    if let Some(limit) = client.limited() {
        gathered.remarks.push(format!("{limit}. What it kept from being asked is failed."));
    }
    let answers = gathered.answers();
    let declared = gathered.declared();
    Ok(Collected { evidence: gathered.into_evidence(&subject.slug, client.used(), now), answers, declared })
}

/// Said where answers of before were taken for the present.
const REUSED: &str = "Nothing was pushed since the repository was last read, less than an hour ago, so that most answers \
    are of then; without a token, asking again would cost as much as the first time.";

/// The same with a token.
const REUSED_WITH_TOKEN: &str = "Nothing was pushed since the repository was last read, less than an hour ago, so that \
    answers which cannot be confirmed are of then, such as that a feature is off; with --no-cache all is asked anew.";

async fn gather<T: Transport>(
    client: &Client<T>,
    subject: &Asked,
    shared: &Shared,
    now: DateTime<Utc>,
) -> Result<gathered::Gathered, CollectError> {
    if subject.token.is_some() {
        with_token::gather(client, subject, shared, now).await
    } else {
        by_rest::gather(client, subject, false).await
    }
}

/// What was asked for, and where.
#[derive(Clone, Debug)]
struct Asked {
    slug: Slug,
    /// Address of the API for messages.
    api: String,
    /// The kind of token that is used, if one is.
    token: Option<TokenKind>,
    depth: Depth,
    /// What an app's installation was granted, where an app asks.
    granted: Option<Granted>,
}

impl Asked {
    fn not_found(&self) -> CollectError {
        CollectError::NotFound { subject: self.slug.to_string(), api: self.api.clone() }
    }

    fn refused(&self, why: &str) -> CollectError {
        let (api, why) = (self.api.clone(), client::plain(why));
        if self.token.is_some() {
            CollectError::TokenRefused { api, why }
        } else {
            CollectError::TokenNeeded { api, why }
        }
    }

    /// Why an app cannot ask.
    fn no_app(&self, settings: &Settings, refusal: AppRefusal) -> CollectError {
        match (refusal, &settings.credentials) {
            (AppRefusal::Failed(refusal), _) => self.fatal(&refusal),
            (refusal, Credentials::App(app)) => {
                CollectError::App { app: app.id().to_owned(), api: self.api.clone(), why: refusal.to_string() }
            }
            (refusal, _) => CollectError::Server { api: self.api.clone(), why: refusal.to_string() },
        }
    }

    /// What it means that the repository itself could not be read.
    fn fatal(&self, refusal: &Refusal) -> CollectError {
        let api = self.api.clone();
        let subject = self.slug.to_string();
        match refusal {
            Refusal::Status { limited: Some(limit), .. } => CollectError::RateLimited { api, until: limit.until },
            Refusal::Status { status: 404, .. } => self.not_found(),
            Refusal::Status { status: 451, .. } => CollectError::Blocked { subject, why: refusal.reason() },
            Refusal::Status { status: 403, message, .. } if message.contains("blocked") => {
                CollectError::Blocked { subject, why: refusal.reason() }
            }
            Refusal::Status { status: 401 | 403, message, .. } => self.refused(message),
            Refusal::TimeUp
            | Refusal::Transport(TransportError::Connection(_) | TransportError::Late(_) | TransportError::Tls(_)) => {
                CollectError::Network { api, why: refusal.reason() }
            }
            refusal => CollectError::Server { api, why: refusal.reason() },
        }
    }
}
