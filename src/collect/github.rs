//! Collecting from GitHub: settings, history, releases and files of a repository, in few requests.
//!
//! With a token one GraphQL query carries most and the REST API the rest; without one, the REST API and an archive of
//! the files do. Both end in the same [`gathered`] facts, from which observations are made. What cannot be read becomes
//! an observation that says why. Only where the subject itself cannot be identified is there no evidence at all.

mod access;
mod answer;
mod archive;
mod blob;
mod by_rest;
mod client;
mod contents;
mod deadline;
mod error;
mod gathered;
mod history;
mod parts;
mod plan;
mod progress;
mod protection;
mod query;
mod raw;
pub mod reads;
mod releases;
mod repository;
mod rest;
mod reviews;
#[cfg(test)]
mod script;
mod settings;
mod slug;
mod token;
mod transport;
mod tree;
mod with_token;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

pub use self::error::CollectError;
pub use self::progress::{Progress, Told};
pub use self::slug::{Slug, SlugError};
pub use self::token::Token;

use self::client::{Client, Refusal};
use self::deadline::Deadline;
use self::transport::{GitHub, Transport, TransportError};
use crate::collect::Collected;

/// How GitHub is reached.
#[derive(Clone)]
pub struct Settings {
    /// The REST API: `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server.
    pub api_url: Url,
    /// None reads as anybody can.
    pub token: Option<Token>,
    /// For the whole collection. What was not read by then is *failed*.
    pub timeout: Duration,
    pub depth: Depth,
    pub progress: Progress,
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
    /// An API that is read as anybody can, within two minutes.
    pub fn new(api_url: Url) -> Self {
        Self {
            api_url,
            token: None,
            timeout: Duration::from_secs(120),
            depth: Depth::Standard,
            progress: Arc::new(|_| ()),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { api_url, token, timeout, depth, progress: _ } = self;
        f.debug_struct("Settings")
            .field("api_url", &api_url.as_str())
            .field("token", token)
            .field("timeout", timeout)
            .field("depth", depth)
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
    let subject = Asked {
        slug: slug.clone(),
        api: shown(&settings.api_url),
        api_url: settings.api_url.clone(),
        token: settings.token.is_some(),
    };
    let deadline = Deadline::after(settings.timeout);
    let transport = GitHub::new(settings).map_err(|error| subject.fatal(&Refusal::Transport(error)))?;
    Box::pin(collect_with(transport, &subject, settings, deadline, collected_at)).await
}

async fn collect_with<T: Transport>(
    transport: T,
    subject: &Asked,
    settings: &Settings,
    deadline: Deadline,
    now: DateTime<Utc>,
) -> Result<Collected, CollectError> {
    let budget = if settings.token.is_some() { plan::WITH_TOKEN } else { plan::ANONYMOUS };
    let client = Client::new(transport, budget, deadline, Arc::clone(&settings.progress));
    let gathered = match settings.token {
        Some(_) => with_token::gather(&client, subject, now).await?,
        None => by_rest::gather(&client, subject, false).await?,
    };
    let answers = gathered.answers();
    Ok(Collected { evidence: gathered.into_evidence(&subject.slug, client.used(), now), answers })
}

/// What was asked for, and where.
#[derive(Clone, Debug)]
struct Asked {
    slug: Slug,
    /// Address of the API for messages.
    api: String,
    api_url: Url,
    /// Whether a token is used.
    token: bool,
}

impl Asked {
    fn not_found(&self) -> CollectError {
        CollectError::NotFound { subject: self.slug.to_string(), api: self.api.clone() }
    }

    fn refused(&self, why: &str) -> CollectError {
        let (api, why) = (self.api.clone(), client::plain(why));
        if self.token { CollectError::TokenRefused { api, why } } else { CollectError::TokenNeeded { api, why } }
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
            Refusal::TimeUp | Refusal::Transport(TransportError::Connection(_) | TransportError::Late(_)) => {
                CollectError::Network { api, why: refusal.reason() }
            }
            refusal => CollectError::Server { api, why: refusal.reason() },
        }
    }
}
