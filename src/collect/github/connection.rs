//! The way to GitHub with credentials that can end: where an app asks, its tokens are renewed before they do.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use super::credentials::Credentials;
use super::deadline::Deadline;
use super::installation::{AppRefusal, Exchange, Granted};
use super::slug::Slug;
use super::transport::{GitHub, Response, Transport, TransportError, path_on_api};
use super::{Settings, Told};

/// A token that has less time than this is renewed.
const RENEWED_BEFORE: Duration = Duration::from_secs(5 * 60);
/// Tokens that are made at most: the longest collection lasts a day, a token an hour.
const MOST_RENEWALS: u32 = 30;

/// A connection, which keeps itself allowed to ask.
pub(super) struct Connection {
    settings: Settings,
    credentials: Credentials,
    granted: Option<Granted>,
    exchange: Option<(Exchange, u64)>,
    current: Mutex<Current>,
}

struct Current {
    github: Arc<GitHub>,
    /// Counts the tokens.
    token: u32,
    /// When the token ends, where that is known.
    until: Option<Instant>,
    /// Whether a refused token has been renewed already.
    refused: bool,
}

impl Connection {
    /// Opens the connection. As an app it finds the installation for the subject and makes its first token. Must be
    /// called inside a tokio runtime.
    pub(super) async fn open(
        settings: &Settings,
        slug: &Slug,
        deadline: Deadline,
        now: DateTime<Utc>,
    ) -> Result<Self, AppRefusal> {
        let prepared = |error| AppRefusal::Failed(super::Refusal::Transport(error));
        let mut connection = Self {
            settings: settings.clone(),
            credentials: settings.credentials.clone(),
            granted: None,
            exchange: None,
            current: Mutex::new(Current {
                github: Arc::new(GitHub::new(settings, None).map_err(prepared)?),
                token: 0,
                until: None,
                refused: false,
            }),
        };
        match &settings.credentials {
            Credentials::Anonymous => {}
            Credentials::Token(token) => {
                connection.current.get_mut().github = Arc::new(GitHub::new(settings, Some(token)).map_err(prepared)?);
            }
            Credentials::App(app) => {
                let exchange = Exchange::new(settings, app.clone(), deadline, now).map_err(prepared)?;
                let installation = exchange.find(slug).await?;
                let made = exchange.token(installation).await?;
                let current = connection.current.get_mut();
                current.github = Arc::new(GitHub::new(settings, Some(&made.token)).map_err(prepared)?);
                current.until = Some(made.until);
                connection.granted = Some(made.granted);
                connection.credentials = Credentials::App(app.clone().installed(installation));
                connection.exchange = Some((exchange, installation));
            }
        }
        Ok(connection)
    }

    /// With what is asked; an app's installation is known.
    pub(super) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// What the app's installation was granted. None where no app asks.
    pub(super) fn granted(&self) -> Option<&Granted> {
        self.granted.as_ref()
    }

    /// What to ask with now, and the number of its token. A token that soon ends is renewed; where that fails, the old
    /// one serves as long as it lasts.
    async fn current(&self) -> (Arc<GitHub>, u32) {
        let mut current = self.current.lock().await;
        let soon = Instant::now() + RENEWED_BEFORE;
        if current.until.is_some_and(|until| until <= soon) {
            self.renew(&mut current).await;
        }
        (Arc::clone(&current.github), current.token)
    }

    /// What to ask with where this token was refused: a newer one, once.
    async fn after_refusal(&self, token: u32) -> Option<Arc<GitHub>> {
        self.exchange.as_ref()?;
        let mut current = self.current.lock().await;
        if current.token == token {
            if current.refused {
                return None;
            }
            current.refused = true;
            self.renew(&mut current).await;
        }
        (current.token != token).then(|| Arc::clone(&current.github))
    }

    async fn renew(&self, current: &mut Current) {
        let Some((exchange, installation)) = &self.exchange else { return };
        if current.token >= MOST_RENEWALS {
            return;
        }
        let made = match exchange.token(*installation).await {
            Ok(made) => made,
            Err(refusal) => {
                (self.settings.progress)(Told::Step(&format!("the app's token could not be renewed: {refusal}")));
                // Not tried again for each request to come.
                current.until = None;
                return;
            }
        };
        if let Ok(github) = GitHub::new(&self.settings, Some(&made.token)) {
            current.github = Arc::new(github);
            current.token += 1;
            current.until = Some(made.until);
        }
    }
}

impl Transport for Connection {
    async fn get(&self, path: &str, etag: Option<&str>) -> Result<Response, TransportError> {
        let (github, token) = self.current().await;
        let response = github.get(path, etag).await?;
        match response.status {
            401 => match self.after_refusal(token).await {
                Some(github) => github.get(path, etag).await,
                None => Ok(response),
            },
            _ => Ok(response),
        }
    }

    fn path_of(&self, location: &str) -> Option<String> {
        path_on_api(&self.settings.api_url, location)
    }

    async fn graphql(&self, body: &serde_json::Value) -> Result<Response, TransportError> {
        let (github, token) = self.current().await;
        let response = github.graphql(body).await?;
        match response.status {
            401 => match self.after_refusal(token).await {
                Some(github) => github.graphql(body).await,
                None => Ok(response),
            },
            _ => Ok(response),
        }
    }

    async fn download(
        &self,
        url: &str,
        limit: u64,
        deadline: Deadline,
    ) -> Result<Box<dyn std::io::Read + Send>, TransportError> {
        let (github, _) = self.current().await;
        github.download(url, limit, deadline).await
    }
}
