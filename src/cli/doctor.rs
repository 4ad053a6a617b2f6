//! `seaworthy doctor`: whether GitHub is reached, who the token is, and what it can see.

mod page;

use std::time::Duration;

use clap::{Args, ValueEnum};
use url::Url;

use super::Common;
use super::collect::CacheOptions;
use super::credentials::AppOptions;
use super::failure::Failure;
use super::github;
use super::output::Output;
use super::subject::{github_host, now};
use crate::collect::github::Settings;
use crate::collect::github::doctor::{Examination, Reach, examine};

/// Say whether GitHub is reached, who the token is, and what it can see of a subject. It makes at most six requests that
/// count against the rate limit, and ends with status 4 where nothing could be assessed.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// owner/name or the address of a repository, to see what can be seen of it
    subject: Option<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Seconds until it gives up
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,
    #[command(flatten)]
    cache: CacheOptions,
    #[command(flatten)]
    app: AppOptions,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    let api_url = github::api_url(common)?;
    let slug = arguments.subject.as_deref().map(|name| github::slug(name, common)).transpose()?;
    let settings = Settings {
        credentials: arguments.app.find(&github_host(&common.api_url))?,
        timeout: Duration::from_secs(arguments.timeout),
        progress: github::progress(output),
        ..Settings::new(api_url.clone())
    };
    let mut examination = github::block_on(examine(slug.as_ref(), &settings, now()))?;
    examination.cache = arguments.cache.folder().map(|folder| folder.display().to_string());
    examination.proxy = proxy(&api_url, |name| std::env::var(name).ok());
    match arguments.format {
        Format::Json => output.result(&(serde_json::to_string_pretty(&examination)? + "\n"))?,
        Format::Text => output.result(&page::page(&examination, output.width()))?,
    }
    unusable(&examination).map_or(Ok(()), |why| Err(Failure::NotAssessed(why)))
}

/// Why nothing could be assessed.
fn unusable(examination: &Examination) -> Option<String> {
    let Examination { api, reached, refused, subject_refused, .. } = examination;
    match (reached, refused, subject_refused) {
        (Reach::No { why }, _, _) => Some(format!("{api} could not be reached: {why}")),
        (Reach::Odd { why }, _, _) => Some(format!("{api} does not answer as GitHub does: {why}; check --api-url")),
        (Reach::Yes, Some(why), _) => Some(format!("{api} refuses what you ask with: {why}")),
        (Reach::Yes, None, subject_refused) => subject_refused.clone(),
    }
}

/// The proxy that the environment names for an address, as host and port alone.
fn proxy(api: &Url, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let either =
        |name: &str| variable(&name.to_lowercase()).or_else(|| variable(name)).filter(|value| !value.trim().is_empty());
    let host = api.host_str()?;
    let excluded = |pattern: &str| {
        let pattern = pattern.trim().trim_start_matches('.');
        pattern == "*"
            || pattern == host
            || (!pattern.is_empty() && host.strip_suffix(pattern).is_some_and(|before| before.ends_with('.')))
    };
    if either("NO_PROXY").is_some_and(|list| list.split(',').any(excluded)) {
        return None;
    }
    let value =
        either(if api.scheme() == "https" { "HTTPS_PROXY" } else { "HTTP_PROXY" }).or_else(|| either("ALL_PROXY"))?;
    let address = if value.contains("://") { value } else { format!("http://{value}") };
    let address = Url::parse(address.trim()).ok()?;
    let port = address.port_or_known_default().map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("{}{port}", address.host_str()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proxy_is_named_without_its_password() {
        let of = |api: &str, variables: &[(&str, &str)]| {
            let find =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            proxy(&api.parse().unwrap(), find)
        };
        let api = "https://api.github.com";
        assert_eq!(of(api, &[]), None);
        assert_eq!(
            of(api, &[("HTTPS_PROXY", "http://ann:secret@proxy.example:3128")]).as_deref(),
            Some("proxy.example:3128")
        );
        assert_eq!(of(api, &[("https_proxy", "proxy.example")]).as_deref(), Some("proxy.example:80"));
        assert_eq!(of(api, &[("HTTP_PROXY", "http://other:1")]), None);
        assert_eq!(of("http://git.local/api/v3", &[("HTTP_PROXY", "http://other:1")]).as_deref(), Some("other:1"));
        let both = |except| [("ALL_PROXY", "socks5://p:1080"), ("NO_PROXY", except)];
        assert_eq!(of(api, &both("example.org")).as_deref(), Some("p:1080"));
        for except in ["*", "github.com", ".github.com", "x, api.github.com"] {
            assert_eq!(of(api, &both(except)), None, "{except}");
        }
    }
}
