//! One text document from the web, such as a self-assessment or a results file that somebody published.
//!
//! Nothing of this program's credentials is sent. The way is encrypted (`http` is followed on this machine alone), and
//! size, time and redirects are bounded: what comes back is a stranger's.

use std::time::Duration;

use reqwest::redirect::Policy;
use url::{Host, Url};

/// The most bytes that are read.
const MAX_BYTES: usize = 8 * 1024 * 1024;
const MAX_REDIRECTS: usize = 5;
const TIMEOUT: Duration = Duration::from_secs(30);
const PROGRAM: &str = concat!("seaworthy/", env!("CARGO_PKG_VERSION"));

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("`{0}` is no address of the web")]
    NoAddress(String),
    #[error("`{0}` is not encrypted; give an address that begins with https://")]
    NotEncrypted(String),
    #[error("cannot fetch {url}: {reason}")]
    Connection { url: String, reason: String },
    #[error("{url} answered HTTP {status}")]
    Status { url: String, status: u16 },
    #[error("{0} is larger than 8 MiB")]
    TooLarge(String),
    #[error("{0} is no text in UTF-8")]
    NoText(String),
    #[error("{0} is a web page; give the address of the file itself (on GitHub: the one behind \"Raw\")")]
    WebPage(String),
}

/// Whether a name is an address of the web rather than of a file.
pub fn is_address(name: &str) -> bool {
    name.starts_with("https://") || name.starts_with("http://")
}

/// Fetches the text at an address. A page of a file on GitHub stands for the file.
///
/// # Errors
/// If the address cannot be used, nobody answers in time, or what comes is no text of a bearable size.
pub async fn fetch(address: &str) -> Result<String, FetchError> {
    let url = address_of(address)?;
    let failed = |error: reqwest::Error| connection(&url, &error);
    let redirects = Policy::custom(|attempt| {
        if attempt.previous().len() > MAX_REDIRECTS {
            attempt.error("it redirects too often")
        } else if is_safe(attempt.url()) {
            attempt.follow()
        } else {
            attempt.error("it redirects to an address that is not encrypted")
        }
    });
    let client = reqwest::Client::builder()
        .user_agent(PROGRAM)
        .timeout(TIMEOUT)
        .redirect(redirects)
        .referer(false)
        .build()
        .map_err(failed)?;
    let mut answer = client.get(url.clone()).send().await.map_err(failed)?;
    if !answer.status().is_success() {
        return Err(FetchError::Status { url: url.to_string(), status: answer.status().as_u16() });
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(FetchError::TooLarge(url.to_string()));
        }
        bytes.extend_from_slice(&chunk);
    }
    let text = String::from_utf8(bytes).map_err(|_| FetchError::NoText(url.to_string()))?;
    if is_web_page(&text) { Err(FetchError::WebPage(url.to_string())) } else { Ok(text) }
}

/// The address to ask, if it may be asked.
fn address_of(address: &str) -> Result<Url, FetchError> {
    let url: Url = address.parse().map_err(|_| FetchError::NoAddress(address.to_owned()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::NoAddress("an address with a password".to_owned()));
    }
    if is_safe(&url) { Ok(raw(url)) } else { Err(FetchError::NotEncrypted(url.to_string())) }
}

fn is_safe(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_local)
}

/// The address of the file that a page of GitHub shows.
fn raw(mut url: Url) -> Url {
    if url.host_str() == Some("github.com") {
        let parts: Vec<String> = url.path().split('/').map(str::to_owned).collect();
        if let [_, owner, name, kind, rest @ ..] = parts.as_slice()
            && kind == "blob"
            && rest.len() > 1
        {
            url.set_path(&format!("/{owner}/{name}/raw/{}", rest.join("/")));
        }
    }
    url
}

fn is_web_page(text: &str) -> bool {
    let start: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(15).collect();
    let start = start.to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

fn connection(url: &Url, error: &reqwest::Error) -> FetchError {
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        reason = cause.to_string();
        source = cause.source();
    }
    FetchError::Connection { url: url.to_string(), reason }
}

#[cfg(test)]
mod tests {
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;

    #[test]
    fn a_page_of_github_stands_for_the_file() {
        let of = |text: &str| address_of(text).map(String::from).map_err(|error| error.to_string());
        let page = "https://github.com/acme/widget/blob/main/docs/self-assessment.md";
        assert_eq!(of(page).unwrap(), "https://github.com/acme/widget/raw/main/docs/self-assessment.md");
        for same in ["https://github.com/acme/widget/blob/main", "https://example.org/a/b/blob/c/d", "http://[::1]/x"] {
            assert_eq!(of(same).unwrap(), same);
        }
        assert!(of("http://example.org/x").unwrap_err().contains("not encrypted"));
        assert!(of("https://ann:word@example.org/x").is_err_and(|error| !error.contains("word@")));
        assert!(of("https://").is_err());
    }

    #[tokio::test]
    async fn what_comes_is_text_of_a_bearable_size() {
        let server = MockServer::start().await;
        let answers = [
            ("/text", ResponseTemplate::new(200).set_body_string("# Hello")),
            ("/page", ResponseTemplate::new(200).set_body_string("\n<!DOCTYPE html><html></html>")),
            ("/bytes", ResponseTemplate::new(200).set_body_bytes([0xff, 0xfe])),
            ("/large", ResponseTemplate::new(200).set_body_bytes(vec![b'x'; MAX_BYTES + 1])),
            ("/moved", ResponseTemplate::new(302).insert_header("location", "/text")),
            ("/round", ResponseTemplate::new(302).insert_header("location", "/round")),
            ("/plain", ResponseTemplate::new(302).insert_header("location", "http://example.org/x")),
        ];
        for (name, answer) in answers {
            Mock::given(path(name)).respond_with(answer).mount(&server).await;
        }
        let get = async |name: &str| fetch(&format!("{}{name}", server.uri())).await;
        assert_eq!(get("/text").await.unwrap(), "# Hello");
        assert_eq!(get("/moved").await.unwrap(), "# Hello");
        assert!(matches!(get("/page").await, Err(FetchError::WebPage(_))));
        assert!(matches!(get("/bytes").await, Err(FetchError::NoText(_))));
        assert!(matches!(get("/large").await, Err(FetchError::TooLarge(_))));
        assert!(matches!(get("/missing").await, Err(FetchError::Status { status: 404, .. })));
        for (name, why) in [("/round", "too often"), ("/plain", "not encrypted")] {
            let error = get(name).await.unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
