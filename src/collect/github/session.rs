//! What several collections of one run share: the connection, and what organisations answered.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use super::administration::OrganizationSeen;
use super::client::Refusal;
use super::transport::GitHub;
use super::{Asked, CollectError, Settings, Slug, Token, collect_with, shown};
use crate::collect::Collected;
use crate::evidence::Access;

/// A run over one or several repositories. Each organisation is asked once.
pub struct Session {
    settings: Settings,
    transport: GitHub,
    shared: Shared,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Session {
    /// Prepares the connection; nothing is sent yet. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// If requests to this API cannot be made at all.
    pub fn new(settings: &Settings) -> Result<Self, CollectError> {
        let transport = GitHub::new(settings).map_err(|error| CollectError::Server {
            api: shown(&settings.api_url),
            why: Refusal::Transport(error).reason(),
        })?;
        Ok(Self { settings: settings.clone(), transport, shared: Shared::default() })
    }

    /// Collects the evidence of a repository. `now` is the present. The time limit is for each collection.
    ///
    /// # Errors
    /// If the repository cannot be identified: not found, token refused, rate limit used up, no network, no GitHub.
    pub async fn collect(&self, slug: &Slug, now: DateTime<Utc>) -> Result<Collected, CollectError> {
        let subject = Asked {
            slug: slug.clone(),
            api: shown(&self.settings.api_url),
            token: self.settings.token.as_ref().map(Token::kind),
            depth: self.settings.depth,
        };
        Box::pin(collect_with(&self.transport, &subject, &self.shared, &self.settings, now)).await
    }
}

/// Whose answers are the same: those to one role of an organisation, in one depth.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OrganizationKey {
    pub(super) owner: String,
    pub(super) access: Access,
    pub(super) administers: bool,
    pub(super) full: bool,
}

/// What was learnt in a session.
#[derive(Default)]
pub(super) struct Shared {
    organizations: Mutex<BTreeMap<OrganizationKey, OrganizationSeen>>,
}

impl Shared {
    /// What the organisation answered before, or what it answers now. One is asked at a time.
    pub(super) async fn organization(
        &self,
        key: OrganizationKey,
        ask: impl Future<Output = OrganizationSeen>,
    ) -> OrganizationSeen {
        let mut organizations = self.organizations.lock().await;
        if let Some(seen) = organizations.get(&key) {
            return seen.clone();
        }
        let seen = ask.await;
        if seen.is_settled() {
            organizations.insert(key, seen.clone());
        }
        seen
    }
}
