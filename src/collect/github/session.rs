//! What several collections of one run share: the connection, and what organisations answered.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use super::administration::OrganizationSeen;
use super::connection::Connection;
use super::deadline::Deadline;
use super::{Asked, CollectError, Settings, Slug, collect_with, shown};
use crate::collect::Collected;
use crate::evidence::Access;

/// A run over one or several repositories. Each organisation is asked once.
#[derive(Debug)]
pub struct Session {
    settings: Settings,
    shared: Shared,
}

impl Session {
    /// Nothing is sent yet.
    pub fn new(settings: &Settings) -> Self {
        Self { settings: settings.clone(), shared: Shared::default() }
    }

    /// Collects the evidence of a repository. `now` is the present. The time limit is for each collection.
    ///
    /// # Errors
    /// If the repository cannot be identified: not found, token refused, rate limit used up, no network, no GitHub.
    pub async fn collect(&self, slug: &Slug, now: DateTime<Utc>) -> Result<Collected, CollectError> {
        let settings = &self.settings;
        let deadline = Deadline::after(settings.timeout);
        let mut subject = Asked {
            slug: slug.clone(),
            api: shown(&settings.api_url),
            token: settings.credentials.kind(),
            depth: settings.depth,
            granted: None,
        };
        let connection = Connection::open(settings, slug, deadline, now).await;
        let connection = connection.map_err(|refusal| subject.no_app(settings, refusal))?;
        subject.granted = connection.granted().cloned();
        let credentials = connection.credentials().clone();
        Box::pin(collect_with(connection, &credentials, &subject, &self.shared, settings, deadline, now)).await
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
#[derive(Debug, Default)]
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
