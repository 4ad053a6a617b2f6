//! The way to GitHub: octocrab as transport alone, behind a narrow trait.
//!
//! octocrab's own redirects, cache and retries are left out: a redirect must never carry the token to another host,
//! and what counts against the rate limit must be counted here. Only status, headers and bytes come back.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use octocrab::service::middleware::auth_header::AuthHeaderLayer;
use octocrab::service::middleware::base_uri::BaseUriLayer;
use octocrab::service::middleware::extra_headers::ExtraHeadersLayer;
use octocrab::service::middleware::reqwest_connector::ReqwestConnector;
use octocrab::{AuthState, Octocrab, OctocrabBuilder};
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, IF_NONE_MATCH, LOCATION, USER_AGENT};
use reqwest::redirect::Policy;
use url::{Host, Url};

use super::Settings;
use super::archive::TOO_LARGE;
use super::deadline::Deadline;
use super::token::Token;

/// The most bytes of an answer of the API: a recursive tree may have about 7 MB, batches of file texts more.
const MAX_BODY: usize = 20 * 1024 * 1024;
/// The most redirects that one request follows.
pub(super) const MAX_REDIRECTS: u32 = 3;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const PROGRAM: &str = concat!("seaworthy/", env!("CARGO_PKG_VERSION"));

/// An answer as it came.
#[derive(Clone, Debug, Default)]
pub(super) struct Response {
    pub(super) status: u16,
    /// Names in lower case; values that are no text are left out.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Vec<u8>,
}

/// Why no whole answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TransportError {
    /// Connecting, sending or receiving broke off, or took too long. Worth another try.
    #[error("{0}")]
    Connection(String),
    /// No secure connection could be made, because of the server's certificate or the like. Stays so.
    #[error("no secure connection (TLS) could be made: {0}")]
    Tls(String),
    /// A file was not there to be downloaded.
    #[error("the download was answered with HTTP {0}")]
    Download(u16),
    /// Nobody answered in this time.
    #[error("no answer within {} seconds", .0.as_secs_f32())]
    Late(Duration),
    /// The answer is larger than is read.
    #[error("the answer is larger than {} MiB", .0 / 1024 / 1024)]
    TooLarge(usize),
    /// The request could not be made at all.
    #[error("{0}")]
    Request(String),
}

/// What the collector needs of a connection to GitHub.
pub(super) trait Transport: Sync {
    /// Gets a path of the REST API, such as `/repos/acme/widget`, unless it still has this `ETag`, which 304 says.
    /// Redirects are answers, they are not followed.
    fn get(&self, path: &str, etag: Option<&str>) -> impl Future<Output = Result<Response, TransportError>> + Send;

    /// The path of the REST API that a redirect leads to. None where it leads elsewhere: to another scheme, host, port,
    /// or out of the API.
    fn path_of(&self, location: &str) -> Option<String>;

    /// Posts a GraphQL query.
    fn graphql(&self, body: &serde_json::Value) -> impl Future<Output = Result<Response, TransportError>> + Send;

    /// Opens a file that a redirect of the API points to, without the token. The reader is to be used on a thread
    /// that may block; it gives an error after `limit` bytes, and at the deadline.
    fn download(
        &self,
        url: &str,
        limit: u64,
        deadline: Deadline,
    ) -> impl Future<Output = Result<Box<dyn Read + Send>, TransportError>> + Send;
}

/// The real connection.
pub(super) struct GitHub {
    octocrab: Octocrab,
    downloads: reqwest::Client,
    api: Url,
    rest_prefix: String,
    graphql_path: String,
    /// What is sent with each request, and must not be in any answer.
    token: Option<Token>,
}

impl GitHub {
    /// Prepares the connection; nothing is sent yet. Must be called inside a tokio runtime.
    pub(super) fn new(settings: &Settings, token: Option<&Token>) -> Result<Self, TransportError> {
        let client = http_client(settings)?;
        let downloads = http_client(settings)?;
        let origin = settings.api_url.origin().ascii_serialization();
        let base = || origin.parse().map_err(|_| TransportError::Request(format!("{origin} is no address of an API")));
        let authorization = match token {
            None => None,
            Some(token) => {
                let mut value = HeaderValue::from_str(&token.header())
                    .map_err(|_| TransportError::Request("the token cannot be sent in a header".to_owned()))?;
                value.set_sensitive(true);
                Some(value)
            }
        };
        // octocrab itself adds the version of the API that it speaks.
        let headers = vec![
            (USER_AGENT, HeaderValue::from_static(PROGRAM)),
            (ACCEPT, HeaderValue::from_static("application/vnd.github+json")),
        ];
        let built = OctocrabBuilder::new_empty()
            .with_service(ReqwestConnector::new(client))
            .with_layer(&ExtraHeadersLayer::new(Arc::new(headers)))
            .with_layer(&BaseUriLayer::new(base()?))
            .with_layer(&AuthHeaderLayer::new(authorization, base()?, base()?))
            .with_auth(AuthState::None)
            .build();
        let octocrab = match built {
            Ok(octocrab) => octocrab,
            Err(never) => match never {},
        };
        let rest_prefix = settings.api_url.path().trim_end_matches('/').to_owned();
        let graphql_path = match rest_prefix.strip_suffix("/v3") {
            Some(before) => format!("{before}/graphql"),
            None => format!("{rest_prefix}/graphql"),
        };
        let token = token.cloned();
        Ok(Self { octocrab, downloads, api: settings.api_url.clone(), rest_prefix, graphql_path, token })
    }

    /// Reads an answer. A server that sends the token back finds it neither shown nor kept.
    async fn read(&self, answer: reqwest::Response) -> Result<Response, TransportError> {
        let mut response = read(answer).await?;
        if let Some(token) = &self.token {
            response.headers.values_mut().for_each(|value| token.strike_text(value));
            token.strike(&mut response.body);
        }
        Ok(response)
    }

    /// Whether a download may be fetched from there: over HTTPS, or from the very host of the API.
    fn may_fetch(&self, url: &Url) -> bool {
        let same_origin = url.origin() == self.api.origin();
        let public = matches!(url.host(), Some(Host::Domain(_)));
        same_origin || (url.scheme() == "https" && public)
    }

    /// Begins a download, and follows where it is redirected to, as far as that may be fetched.
    async fn open(&self, url: &str) -> Result<reqwest::Response, TransportError> {
        let mut url = self.api.join(url).map_err(|error| TransportError::Request(error.to_string()))?;
        for _ in 0..=MAX_REDIRECTS {
            if !self.may_fetch(&url) {
                let host = url.host_str().unwrap_or("an address without host");
                return Err(TransportError::Request(format!(
                    "the download was redirected to {host}, which is not fetched"
                )));
            }
            let answer = self.downloads.get(url.clone()).send().await;
            let answer = answer.map_err(|error| connection(&error.without_url()))?;
            let status = answer.status();
            let location = answer.headers().get(LOCATION).filter(|_| status.is_redirection());
            match location.and_then(|location| url.join(location.to_str().ok()?).ok()) {
                Some(next) => url = next,
                None if status.is_success() => return Ok(answer),
                None => return Err(TransportError::Download(status.as_u16())),
            }
        }
        Err(TransportError::Request(format!("the download was redirected more than {MAX_REDIRECTS} times")))
    }
}

/// The path, with its query, below the API's address, of a redirect that stays on its host.
pub(super) fn path_on_api(api: &Url, location: &str) -> Option<String> {
    let target = api.join(location).ok()?;
    let stays = target.origin() == api.origin() && target.username().is_empty() && target.password().is_none();
    let path = target.path().strip_prefix(api.path().trim_end_matches('/')).filter(|_| stays)?;
    let query = target.query().map(|query| format!("?{query}")).unwrap_or_default();
    path.starts_with('/').then(|| format!("{path}{query}"))
}

impl Transport for GitHub {
    async fn get(&self, path: &str, etag: Option<&str>) -> Result<Response, TransportError> {
        let path = format!("{}{path}", self.rest_prefix);
        let etag = etag.and_then(|etag| HeaderValue::from_str(etag).ok());
        let headers = etag.map(|etag| HeaderMap::from_iter([(IF_NONE_MATCH, etag)]));
        let answer = self.octocrab._get_with_headers(path.as_str(), headers).await;
        let answer = answer.map_err(|error| connection(&error))?;
        self.read(reqwest::Response::from(answer.map(reqwest::Body::wrap))).await
    }

    fn path_of(&self, location: &str) -> Option<String> {
        path_on_api(&self.api, location)
    }

    async fn graphql(&self, body: &serde_json::Value) -> Result<Response, TransportError> {
        let answer = self.octocrab._post(self.graphql_path.as_str(), Some(body)).await;
        let answer = answer.map_err(|error| connection(&error))?;
        self.read(reqwest::Response::from(answer.map(reqwest::Body::wrap))).await
    }

    async fn download(
        &self,
        url: &str,
        limit: u64,
        deadline: Deadline,
    ) -> Result<Box<dyn Read + Send>, TransportError> {
        let answer = self.open(url).await?;
        let runtime = tokio::runtime::Handle::current();
        Ok(Box::new(Download { runtime, answer, chunk: Vec::new(), at: 0, left: limit, deadline }))
    }
}

/// A client that follows no redirects. How long an answer may take is for others to say.
pub(super) fn http_client(settings: &Settings) -> Result<reqwest::Client, TransportError> {
    reqwest::Client::builder()
        .user_agent(PROGRAM)
        .connect_timeout(CONNECT_TIMEOUT.min(settings.timeout))
        .redirect(Policy::none())
        .build()
        .map_err(|error| TransportError::Request(chain(&error)))
}

/// Reads status, headers and body, as far as the limit allows.
pub(super) async fn read(mut answer: reqwest::Response) -> Result<Response, TransportError> {
    let headers = answer.headers().iter();
    let headers = headers.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
    let mut response = Response { status: answer.status().as_u16(), headers: headers.collect(), body: Vec::new() };
    while let Some(chunk) = answer.chunk().await.map_err(|error| connection(&error.without_url()))? {
        if response.body.len() + chunk.len() > MAX_BODY {
            return Err(TransportError::TooLarge(MAX_BODY));
        }
        response.body.extend_from_slice(&chunk);
    }
    Ok(response)
}

/// A download that is read as it comes, on a thread that may block.
struct Download {
    runtime: tokio::runtime::Handle,
    answer: reqwest::Response,
    chunk: Vec<u8>,
    at: usize,
    left: u64,
    deadline: Deadline,
}

impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.chunk.len() {
            let next = self.runtime.block_on(self.deadline.hold(self.answer.chunk()));
            let next = next.map_err(|_| io::Error::other("the download took too long"))?;
            let Some(chunk) = next.map_err(|error| io::Error::other(chain(&error.without_url())))? else {
                return Ok(0);
            };
            let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            self.left = self.left.checked_sub(length).ok_or_else(|| io::Error::other(TOO_LARGE))?;
            self.chunk = chunk.to_vec();
            self.at = 0;
        }
        let rest = self.chunk.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}

/// What an error of the connection means.
pub(super) fn connection(error: &dyn std::error::Error) -> TransportError {
    let all = std::iter::successors(Some(error), |error| error.source());
    let messages: Vec<String> = all.map(ToString::to_string).collect();
    let says = |words: &[&str]| messages.iter().any(|message| words.iter().any(|word| message.contains(word)));
    let text = chain(error);
    if says(&["certificate", "HandshakeFailure", "received fatal alert", "InvalidContentType"]) {
        TransportError::Tls(text)
    } else if says(&["dns error"]) {
        TransportError::Connection(format!("the name of the server could not be resolved (DNS): {text}"))
    } else {
        TransportError::Connection(text)
    }
}

/// The innermost messages of an error, which say most: "error sending request: connection refused".
fn chain(error: &dyn std::error::Error) -> String {
    let mut messages = vec![error.to_string()];
    let mut source = error.source();
    while let Some(inner) = source {
        let message = inner.to_string();
        if messages.last() != Some(&message) {
            messages.push(message);
        }
        source = inner.source();
    }
    let from = messages.len().saturating_sub(2);
    messages.split_off(from).join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn github(api: &str) -> GitHub {
        GitHub::new(&Settings::new(api.parse().unwrap()), None).unwrap()
    }

    #[tokio::test]
    async fn each_server_has_its_paths() {
        for (api, rest, graphql) in [
            ("https://api.github.com", "", "/graphql"),
            ("https://api.github.com/", "", "/graphql"),
            ("https://git.example.org/api/v3", "/api/v3", "/api/graphql"),
            ("https://git.example.org/api/v3/", "/api/v3", "/api/graphql"),
            ("http://127.0.0.1:8080/proxy", "/proxy", "/proxy/graphql"),
        ] {
            let github = github(api);
            assert_eq!((github.rest_prefix.as_str(), github.graphql_path.as_str()), (rest, graphql), "{api}");
        }
    }

    #[test]
    fn redirects_stay_on_the_api() {
        let api = Url::parse("https://git.example.org/api/v3").unwrap();
        let path = |location: &str| path_on_api(&api, location);
        assert_eq!(path("https://git.example.org/api/v3/repositories/7"), Some("/repositories/7".to_owned()));
        assert_eq!(path("https://git.example.org/api/v3/x/7?page=2"), Some("/x/7?page=2".to_owned()));
        for elsewhere in [
            "https://evil.example/api/v3/repositories/7",
            "http://git.example.org/api/v3/repositories/7",
            "https://git.example.org:8443/api/v3/repositories/7",
            "https://user@git.example.org/api/v3/repositories/7",
            "https://git.example.org/other",
            "//evil.example/api/v3/x",
            "https://git.example.org/api/v3",
        ] {
            assert_eq!(path(elsewhere), None, "{elsewhere}");
        }
    }

    #[tokio::test]
    async fn downloads_come_from_the_web_or_from_the_api_itself() {
        let may = |api: &str, url: &str| github(api).may_fetch(&url.parse().unwrap());
        let api = "https://api.github.com";
        assert!(may(api, "https://codeload.github.com/a/b"));
        assert!(may(api, "https://api.github.com/a/b"));
        assert!(!may(api, "http://codeload.github.com/a/b"));
        assert!(!may(api, "https://169.254.169.254/latest"));
        assert!(!may(api, "https://[::1]/a"));
        assert!(!may(api, "file:///etc/passwd"));
        assert!(may("http://127.0.0.1:8080", "http://127.0.0.1:8080/codeload/a"));
        assert!(!may("http://127.0.0.1:8080", "http://127.0.0.1:9090/codeload/a"));
    }
}
