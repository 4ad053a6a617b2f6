//! Why a subject could not be identified at all. Everything less ends as an observation with its reason.

use chrono::{DateTime, Utc};

/// The collection could not begin. Addresses in the messages carry no token.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// GitHub says 404 of repositories that the token may not see, too.
    #[error(
        "{subject} was not found at {api}: it does not exist, or the token may not see it; \
         check the name, and for a private repository use a token that can read it"
    )]
    NotFound { subject: String, api: String },
    /// 451, or a repository that GitHub has taken down.
    #[error("{subject} is blocked by GitHub ({why}); nothing can be collected from it")]
    Blocked { subject: String, why: String },
    #[error(
        "{api} refused the token ({why}); check that it has not expired and is authorised for the organisation, \
         or leave it out to read public repositories"
    )]
    TokenRefused { api: String, why: String },
    /// A GitHub App that GitHub gives no token.
    #[error("the GitHub App {app} cannot ask {api}: {why}")]
    App { app: String, api: String, why: String },
    /// A server that shows nothing to strangers.
    #[error("{api} does not answer without a token ({why}); set GITHUB_TOKEN")]
    TokenNeeded { api: String, why: String },
    #[error(
        "{api} answers no more requests for now: the rate limit is used up{}; \
         wait, or use a token whose own limit is not used up",
        until.map(|until| format!(" until {}", until.format("%Y-%m-%d %H:%M:%S UTC"))).unwrap_or_default()
    )]
    RateLimited { api: String, until: Option<DateTime<Utc>> },
    #[error("{api} could not be reached ({why}); check the network, proxy settings and --api-url")]
    Network { api: String, why: String },
    #[error("{api} did not answer as GitHub does ({why}); try again later, and check --api-url")]
    Server { api: String, why: String },
}
