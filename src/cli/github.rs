//! Collecting from GitHub on behalf of a verb: the address, the progress, and the errors.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use super::Common;
use super::collect::Limits;
use super::failure::Failure;
use super::output::Output;
use super::subject::github_host;
use crate::collect::Collected;
use crate::collect::github::{self, Settings, Slug, Told};

/// Collects from the repository that `name` names: `owner/name` or an address.
pub(super) fn collect(
    name: &str,
    common: &Common,
    limits: &Limits,
    at: DateTime<Utc>,
    output: &Output,
) -> Result<Collected, Failure> {
    let api_url = Url::parse(&common.api_url)
        .ok()
        .filter(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
        .ok_or_else(|| {
            Failure::Invalid(format!("`{}` is no address of an API; it begins with https://", common.api_url))
        })?;
    let host = github_host(&common.api_url);
    let slug = if name.contains("://") || name.contains('@') { Slug::from_url(name, &host) } else { name.parse() };
    let slug = slug.map_err(|error| Failure::Invalid(error.to_string()))?;
    let credentials = limits.app.find(&host)?;
    if credentials.is_anonymous() {
        output.progress("no token: reading what anybody can read (GITHUB_TOKEN or GH_TOKEN would show more)");
    }
    let (progress, verbose) = (output.progress_line(), output.is_verbose());
    let tell = move |told: Told<'_>| match told {
        Told::Step(text) => progress(text),
        Told::Request(text) if verbose => progress(text),
        Told::Request(_) => {}
    };
    let settings = Settings {
        credentials,
        timeout: limits.timeout(),
        depth: limits.depth(),
        progress: Arc::new(tell),
        ..Settings::new(api_url)
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Error(format!("cannot start: {error}")))?;
    runtime.block_on(github::collect(&slug, &settings, at)).map_err(|error| Failure::NotAssessed(error.to_string()))
}
