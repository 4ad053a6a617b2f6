//! What an examination found.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::TokenKind;
use super::super::transport::Response;
use super::advice::Advice;
use super::headers::Headers;
use crate::evidence::Access;

/// The schema that an examination names.
const SCHEMA: &str = "seaworthy.doctor/1";

/// Whether GitHub is reached, who asks, and what can be seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Examination {
    /// seaworthy.doctor/1
    pub schema: &'static str,
    /// Address of the API.
    pub api: String,
    pub reached: Reach,
    /// Version of a GitHub Enterprise Server; none for github.com.
    pub enterprise_version: Option<String>,
    /// The kind of token; none without one.
    pub kind: Option<TokenKind>,
    pub identity: Identity,
    /// Why GitHub refuses the credentials; none where it takes them.
    pub refused: Option<String>,
    /// Scopes of a classic token; none where GitHub does not list what the token may do.
    pub scopes: Option<Vec<String>>,
    /// What an app's installation was granted; none where no app asks.
    pub granted: Option<BTreeMap<String, String>>,
    pub expires_at: Option<DateTime<Utc>>,
    /// What single sign-on keeps from the token.
    pub sso: Option<String>,
    pub limits: Vec<Limit>,
    /// Seconds by which this machine's clock is ahead of GitHub's; negative where it is behind.
    pub clock_ahead_seconds: Option<i64>,
    /// The proxy in use, without user and password.
    pub proxy: Option<String>,
    /// The folder in which collections keep GitHub's answers; none where they keep nothing.
    pub cache: Option<String>,
    pub subject: Option<SubjectExamination>,
    /// Why nothing can be seen of the subject.
    pub subject_refused: Option<String>,
    /// What to ask for, ready to paste.
    pub advice: Advice,
    /// Requests made that count against the rate limit.
    pub requests: u32,
}

/// Whether the API answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Reach {
    /// It answers as GitHub does.
    Yes,
    /// Something answers, but not as GitHub does.
    Odd { why: String },
    /// Nobody answers.
    No { why: String },
}

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Identity {
    /// The account that the token belongs to.
    pub login: Option<String>,
    /// Id of the GitHub App.
    pub app: Option<String>,
    /// Its name in addresses.
    pub app_name: Option<String>,
    /// The app's installation.
    pub installation: Option<u64>,
}

/// A rate limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Limit {
    /// REST or GraphQL
    pub api: &'static str,
    pub limit: u64,
    pub remaining: u64,
    pub full_again_at: Option<DateTime<Utc>>,
}

/// What can be seen of a subject.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SubjectExamination {
    /// `owner/name`
    pub name: String,
    /// The role with which it is read.
    pub access: Access,
    pub public: bool,
    /// Whether its owner is an organisation; none where GitHub does not tell.
    pub organization: Option<bool>,
    /// What became of each permission that evidence needs.
    pub permissions: Vec<PermissionSight>,
    pub groups: Vec<GroupSight>,
}

/// Whether something can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sight {
    /// It can.
    Seen,
    /// Some of it can: rules that rulesets make, but not classic branch protection.
    Partly,
    /// It cannot.
    Hidden,
    /// It does not exist for this subject.
    NotApplicable,
    /// It was not tried, and does not follow from the role.
    Unknown,
}

/// A permission, and whether the credentials have it here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PermissionSight {
    /// Id of the permission, such as `administration: read`.
    pub permission: String,
    pub sight: Sight,
    /// How that is known, or why it is not.
    pub why: String,
}

/// A group of the vocabulary, and how many of its observations can be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GroupSight {
    pub id: String,
    pub title: String,
    /// Observations that GitHub can tell.
    pub total: usize,
    pub seen: usize,
    /// Seen where a ruleset makes the rule, hidden where classic protection does.
    pub partly: usize,
    pub hidden: usize,
    pub not_applicable: usize,
    pub unknown: usize,
    /// What would reveal the rest: the least permissions, in the words of the reports.
    pub needs: Vec<String>,
}

impl Examination {
    pub(super) fn new(api: String) -> Self {
        Self {
            schema: SCHEMA,
            api,
            reached: Reach::No { why: "it was not asked".to_owned() },
            enterprise_version: None,
            kind: None,
            identity: Identity::default(),
            refused: None,
            scopes: None,
            granted: None,
            expires_at: None,
            sso: None,
            limits: Vec::new(),
            clock_ahead_seconds: None,
            proxy: None,
            cache: None,
            subject: None,
            subject_refused: None,
            advice: Advice::new(None),
            requests: 0,
        }
    }

    /// Whether a collection can begin: GitHub answers, and takes the credentials.
    pub fn is_usable(&self) -> bool {
        self.reached == Reach::Yes && self.refused.is_none()
    }

    /// Takes what the headers of an answer tell that came just now.
    pub(super) fn learn(&mut self, headers: &Headers, now: DateTime<Utc>) {
        self.enterprise_version = self.enterprise_version.take().or_else(|| headers.enterprise.clone());
        self.scopes = self.scopes.take().or_else(|| headers.scopes.clone());
        self.expires_at = self.expires_at.or(headers.expires_at);
        self.sso = self.sso.take().or_else(|| headers.sso.clone());
        self.clock_ahead_seconds =
            self.clock_ahead_seconds.or_else(|| headers.date.map(|date| (now - date).num_seconds()));
    }
}

impl Reach {
    /// What the first answer says of who answers. A server without rate limits answers 404 here.
    pub(super) fn of(response: &Response) -> Self {
        let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&response.body).is_ok();
        let is_github = Headers::of(response).is_github;
        match response.status {
            200 | 401 | 403 | 404 | 429 if is_json => Self::Yes,
            status if is_github && !(200..300).contains(&status) => {
                Self::Odd { why: format!("it is GitHub, but out of order: HTTP {status}") }
            }
            _ if response.body.trim_ascii_start().starts_with(b"<") => Self::Odd { why: "it is a web page".to_owned() },
            status => Self::Odd { why: format!("HTTP {status}, which is not what the API answers") },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_answers_is_told_from_the_answer() {
        let of = |status: u16, body: &str| Reach::of(&Response { status, body: body.into(), ..Response::default() });
        assert_eq!(of(200, "{}"), Reach::Yes);
        assert_eq!(of(404, r#"{"message":"Not Found"}"#), Reach::Yes);
        assert_eq!(of(200, " <html>"), Reach::Odd { why: "it is a web page".to_owned() });
        assert!(matches!(of(502, "bad gateway"), Reach::Odd { why } if why.contains("502")));
        assert!(matches!(of(301, "{}"), Reach::Odd { .. }));
    }
}
