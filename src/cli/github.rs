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
use crate::collect::github::{self, Progress, Settings, Slug, Told};

/// Collects from the repository that `name` names: `owner/name` or an address.
pub(super) fn collect(
    name: &str,
    common: &Common,
    limits: &Limits,
    at: DateTime<Utc>,
    output: &Output,
) -> Result<Collected, Failure> {
    let api_url = api_url(common)?;
    let slug = slug(name, common)?;
    let credentials = limits.app.find(&github_host(&common.api_url))?;
    if credentials.is_anonymous() {
        output.progress("no token: reading what anybody can read (GITHUB_TOKEN or GH_TOKEN would show more)");
    }
    let settings = Settings {
        credentials,
        timeout: limits.timeout(),
        depth: limits.depth(),
        progress: progress(output),
        cache: limits.cache(),
        wait: limits.waits(),
        ..Settings::new(api_url)
    };
    block_on(github::collect(&slug, &settings, at))?.map_err(|error| Failure::NotAssessed(error.to_string()))
}

/// The address of the API.
pub(super) fn api_url(common: &Common) -> Result<Url, Failure> {
    Url::parse(&common.api_url)
        .ok()
        .filter(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
        .ok_or_else(|| {
            Failure::Invalid(format!("`{}` is no address of an API; it begins with https://", common.api_url))
        })
}

/// The repository that a text names: `owner/name` or an address.
pub(super) fn slug(name: &str, common: &Common) -> Result<Slug, Failure> {
    let host = github_host(&common.api_url);
    let slug = if name.contains("://") || name.contains('@') { Slug::from_url(name, &host) } else { name.parse() };
    slug.map_err(|error| Failure::Invalid(error.to_string()))
}

/// Tells what is done; each request where much is to be told.
pub(super) fn progress(output: &Output) -> Progress {
    let (said, verbose) = (output.clone(), output.is_verbose());
    Arc::new(move |told: Told<'_>| match told {
        Told::Step(text) => said.progress(text),
        Told::Request(text) if verbose => said.progress(text),
        Told::Request(_) => {}
        Told::Wait(text) | Told::Warning(text) => said.remark(text),
    })
}

/// Runs what talks to the network, on this thread.
pub(super) fn block_on<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Error(format!("cannot start: {error}")))?;
    Ok(runtime.block_on(work))
}
