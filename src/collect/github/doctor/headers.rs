//! What the headers of GitHub's answers tell of the server and of the token.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::client::plain;
use super::super::transport::Response;
use super::examination::Limit;

/// What one answer tells.
#[derive(Clone, Debug, Default)]
pub(super) struct Headers {
    /// Version of a GitHub Enterprise Server.
    pub(super) enterprise: Option<String>,
    /// Scopes of a classic token; None where GitHub lists none.
    pub(super) scopes: Option<Vec<String>>,
    pub(super) expires_at: Option<DateTime<Utc>>,
    pub(super) sso: Option<String>,
    /// The clock of the server.
    pub(super) date: Option<DateTime<Utc>>,
    /// When it came is not known here; the one who asks compares with the clock.
    pub(super) is_github: bool,
}

impl Headers {
    pub(super) fn of(response: &Response) -> Self {
        let header = |name: &str| response.headers.get(name).map(|value| plain(value));
        let scopes = header("x-oauth-scopes");
        let split = |text: String| {
            text.split(',').map(|scope| scope.trim().to_owned()).filter(|scope| !scope.is_empty()).collect()
        };
        Self {
            enterprise: header("x-github-enterprise-version"),
            scopes: scopes.map(split),
            expires_at: header("github-authentication-token-expiration").and_then(|text| expiry(&text)),
            sso: header("x-github-sso").and_then(|text| sso(&text)),
            date: header("date").and_then(|text| Some(DateTime::parse_from_rfc2822(&text).ok()?.to_utc())),
            is_github: ["x-github-request-id", "x-github-media-type"]
                .iter()
                .any(|name| response.headers.contains_key(*name)),
        }
    }
}

/// `2026-12-24 10:00:00 UTC`, or with an offset.
fn expiry(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim().replace("UTC", "+0000");
    DateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S %z").ok().map(|at| at.to_utc())
}

/// What single sign-on wants. The address that GitHub adds stays out: it carries a request that is only the owner's.
fn sso(text: &str) -> Option<String> {
    match text.split(';').next().map(str::trim) {
        Some("required") => Some("the organisation demands that the token is authorised for single sign-on".to_owned()),
        Some("partial-results") => {
            Some("organisations for whose single sign-on the token is not authorised are left out".to_owned())
        }
        _ => None,
    }
}

#[derive(Deserialize)]
struct RateLimits {
    resources: Resources,
}

#[derive(Deserialize)]
struct Resources {
    core: Option<Resource>,
    graphql: Option<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    limit: u64,
    remaining: u64,
    reset: i64,
}

/// The rate limits that a collection uses. None where the server does not tell; enterprise servers often have none.
pub(super) fn limits(response: &Response) -> Vec<Limit> {
    let Ok(RateLimits { resources }) = serde_json::from_slice::<RateLimits>(&response.body) else { return Vec::new() };
    [("REST", resources.core), ("GraphQL", resources.graphql)]
        .into_iter()
        .filter_map(|(api, resource)| {
            let Resource { limit, remaining, reset } = resource?;
            Some(Limit { api, limit, remaining, full_again_at: DateTime::from_timestamp(reset, 0) })
        })
        .collect()
}

/// GitHub's message, or the status.
pub(super) fn message(response: &Response) -> String {
    #[derive(Deserialize)]
    struct Message {
        message: String,
    }
    match serde_json::from_slice::<Message>(&response.body) {
        Ok(Message { message }) if !message.is_empty() => plain(&message),
        _ => format!("HTTP {}", response.status),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with(headers: &[(&str, &str)]) -> Headers {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Headers::of(&Response { status: 200, headers, body: Vec::new() })
    }

    #[test]
    fn scopes_are_listed_or_not_known() {
        assert_eq!(with(&[]).scopes, None);
        assert_eq!(with(&[("x-oauth-scopes", "")]).scopes, Some(vec![]));
        assert_eq!(with(&[("x-oauth-scopes", "repo, read:org")]).scopes.unwrap(), ["repo", "read:org"]);
    }

    #[test]
    fn both_forms_of_an_expiry_are_read() {
        let of = |text: &str| with(&[("github-authentication-token-expiration", text)]).expires_at;
        let at = "2026-12-24T10:00:00Z".parse::<DateTime<Utc>>().unwrap();
        assert_eq!(of("2026-12-24 10:00:00 UTC"), Some(at));
        assert_eq!(of("2026-12-24 06:00:00 -0400"), Some(at));
        assert_eq!(of("soon"), None);
    }

    #[test]
    fn the_address_of_single_sign_on_is_not_kept() {
        let text = with(&[("x-github-sso", "required; url=https://github.com/orgs/acme/sso?authorization_request=AB")]);
        assert!(text.sso.as_deref().is_some_and(|text| text.contains("authorised") && !text.contains("AB")));
        assert!(with(&[("x-github-sso", "partial-results; organizations=1,2")]).sso.is_some());
        assert!(with(&[("x-github-sso", "odd")]).sso.is_none());
    }

    #[test]
    fn limits_are_those_that_a_collection_uses() {
        let body = json!({ "resources": {
            "core": { "limit": 5000, "used": 97, "remaining": 4903, "reset": 1_684_195_041 },
            "search": { "limit": 30, "used": 0, "remaining": 30, "reset": 1_684_191_622 },
            "graphql": { "limit": 5000, "used": 0, "remaining": 5000, "reset": 1_684_195_162 },
        } });
        let response = |body: &[u8]| Response { status: 200, body: body.to_vec(), ..Response::default() };
        let found = limits(&response(body.to_string().as_bytes()));
        assert_eq!(
            found.iter().map(|limit| (limit.api, limit.remaining)).collect::<Vec<_>>(),
            [("REST", 4903), ("GraphQL", 5000)]
        );
        assert!(limits(&response(b"<html>")).is_empty());
    }
}
