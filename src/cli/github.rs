//! Collecting from GitHub on behalf of a verb: the token, the address, and the errors.

use std::process::{Command, Stdio};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use super::Common;
use super::collect::Limits;
use super::failure::Failure;
use super::output::Output;
use super::subject::github_host;
use crate::collect::Collected;
use crate::collect::github::{self, Settings, Slug, Token, Told};

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
    let token = token(&host);
    if token.is_none() {
        output.progress("no token: reading what anybody can read (GITHUB_TOKEN or GH_TOKEN would show more)");
    }
    let (said, verbose) = (output.clone(), output.is_verbose());
    let tell = move |told: Told<'_>| match told {
        Told::Step(text) => said.progress(text),
        Told::Request(text) if verbose => said.progress(text),
        Told::Request(_) => {}
        Told::Wait(text) | Told::Warning(text) => said.remark(text),
    };
    let settings = Settings {
        token,
        timeout: limits.timeout(),
        depth: limits.depth(),
        progress: Arc::new(tell),
        cache: limits.cache(),
        wait: limits.waits(),
        ..Settings::new(api_url)
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Error(format!("cannot start: {error}")))?;
    runtime.block_on(github::collect(&slug, &settings, at)).map_err(|error| Failure::NotAssessed(error.to_string()))
}

/// The token: of the environment, or of the `gh` program for this host.
fn token(host: &str) -> Option<Token> {
    let of_environment = |name: &str| std::env::var(name).ok().and_then(|text| Token::new(&text));
    of_environment("GITHUB_TOKEN").or_else(|| of_environment("GH_TOKEN")).or_else(|| token_of_gh(host))
}

fn token_of_gh(host: &str) -> Option<Token> {
    let answer = Command::new("gh")
        .args(["auth", "token", "--hostname", host])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|answer| answer.status.success())?;
    Token::new(&String::from_utf8(answer.stdout).ok()?)
}
