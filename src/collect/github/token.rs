//! The token, kept from being printed, and what its form tells of its kind.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::evidence::Observation;

/// What keeps a fingerprint from being the plain digest of a token, which somebody might have elsewhere.
const FINGERPRINT_DOMAIN: &str = "seaworthy: fingerprint of a token\n";
/// What stands for a token that was struck out.
const STRUCK: &str = "***";
/// What is shorter is no token of GitHub, and would be found everywhere.
const MIN_STRUCK: usize = 8;
/// How many hex digits of the digest make the fingerprint.
const FINGERPRINT_DIGITS: usize = 32;

/// A GitHub token. It can be sent, and that is all: it has no `Display`, its `Debug` shows nothing of it, and its memory
/// is cleared when it is dropped.
#[derive(Clone)]
pub struct Token {
    secret: SecretString,
    in_actions: bool,
}

/// The kinds of token, which GitHub marks by a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TokenKind {
    /// Personal access token (classic): scopes, for all that its owner can reach.
    Classic,
    /// Given to an OAuth app or to the `gh` program: scopes, too.
    OAuth,
    /// Fine-grained personal access token: permissions, for one owner's repositories.
    FineGrained,
    /// Of a GitHub App's installation.
    Installation,
    /// Of a GitHub App on behalf of a person.
    AppUser,
    /// The `GITHUB_TOKEN` of a workflow run.
    Actions,
    /// Without a prefix that is known.
    Unknown,
}

/// Prefix and kind.
const PREFIXES: [(&str, TokenKind); 5] = [
    ("ghp_", TokenKind::Classic),
    ("gho_", TokenKind::OAuth),
    ("github_pat_", TokenKind::FineGrained),
    ("ghs_", TokenKind::Installation),
    ("ghu_", TokenKind::AppUser),
];

impl TokenKind {
    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Classic => "personal access token (classic)",
            Self::OAuth => "OAuth token",
            Self::FineGrained => "fine-grained personal access token",
            Self::Installation => "installation token of a GitHub App",
            Self::AppUser => "user token of a GitHub App",
            Self::Actions => "GITHUB_TOKEN of GitHub Actions",
            Self::Unknown => "token of a kind that its form does not tell",
        }
    }

    /// Its word in the evidence.
    fn word(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::OAuth => "oauth",
            Self::FineGrained => "fine-grained",
            Self::Installation => "installation",
            Self::AppUser => "app-user",
            Self::Actions => "actions",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it acts for no person, so that GitHub knows no role of it.
    pub fn is_app(self) -> bool {
        matches!(self, Self::Installation | Self::Actions)
    }
}

impl Token {
    /// Takes a token as it stands in an environment variable. None where nothing is left of it without blanks, or where
    /// it holds characters that no HTTP header may carry.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let sendable = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        sendable.then(|| Self { secret: text.into(), in_actions: false })
    }

    /// The same, found in a run of GitHub Actions or not. There an installation token is the workflow's own.
    #[must_use]
    pub fn in_actions(mut self, in_actions: bool) -> Self {
        self.in_actions = in_actions;
        self
    }

    /// Its kind, by its prefix and by where it was found.
    pub fn kind(&self) -> TokenKind {
        let text = self.secret.expose_secret();
        let found = PREFIXES.iter().find(|(prefix, _)| text.starts_with(prefix));
        match found.map_or(TokenKind::Unknown, |(_, kind)| *kind) {
            TokenKind::Installation if self.in_actions => TokenKind::Actions,
            kind => kind,
        }
    }

    /// A name for what it may see, from which it cannot be told: 32 hex digits.
    pub fn fingerprint(&self) -> String {
        let digest =
            Sha256::new().chain_update(FINGERPRINT_DOMAIN).chain_update(self.secret.expose_secret()).finalize();
        let mut text = format!("{digest:x}");
        text.truncate(FINGERPRINT_DIGITS);
        text
    }

    /// Strikes the token out of the body of an answer, also where JSON writes characters of it as escapes.
    pub(super) fn strike(&self, body: &mut Vec<u8>) {
        let secret = self.secret.expose_secret();
        if secret.len() < MIN_STRUCK {
            return;
        }
        let text = String::from_utf8_lossy(body);
        if text.contains(secret) {
            *body = text.replace(secret, STRUCK).into_bytes();
        }
        if body.contains(&b'\\')
            && let Ok(mut value) = serde_json::from_slice::<Value>(body)
            && strike_value(&mut value, secret)
        {
            *body = value.to_string().into_bytes();
        }
    }

    /// Strikes the token out of a text.
    pub(super) fn strike_text(&self, text: &mut String) {
        let secret = self.secret.expose_secret();
        if secret.len() >= MIN_STRUCK && text.contains(secret) {
            *text = text.replace(secret, STRUCK);
        }
    }

    /// The value of the `Authorization` header.
    pub(super) fn header(&self) -> String {
        format!("Bearer {}", self.secret.expose_secret())
    }
}

/// Strikes a text out of all texts of a value, and says whether there was one.
fn strike_value(value: &mut Value, secret: &str) -> bool {
    match value {
        Value::String(text) if text.contains(secret) => {
            *text = text.replace(secret, STRUCK);
            true
        }
        Value::Array(items) => items.iter_mut().fold(false, |struck, item| strike_value(item, secret) | struck),
        Value::Object(fields) => {
            let names: Vec<String> = fields.keys().filter(|name| name.contains(secret)).cloned().collect();
            for name in &names {
                fields.remove(name);
            }
            fields.values_mut().fold(!names.is_empty(), |struck, field| strike_value(field, secret) | struck)
        }
        _ => false,
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// The observations of the group `token`. `scopes` are those of a classic token, where GitHub tells them.
pub(super) fn observe(kind: Option<TokenKind>, scopes: Option<&[String]>) -> Vec<Observation> {
    const KEYS: [&str; 2] = ["token.kind", "token.scopes"];
    let Some(kind) = kind else {
        return KEYS.map(|key| Observation::not_applicable(key, "no token is used")).into();
    };
    let scopes = match scopes {
        Some(scopes) => Observation::list(KEYS[1], scopes.to_vec()),
        None => Observation::absent(KEYS[1]),
    };
    vec![Observation::seen(KEYS[0], kind.word()).from("the token's prefix"), scopes.from("header x-oauth-scopes")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::new(" secret-words\n").unwrap();
        assert_eq!(format!("{token:?} {:#?}", Some(&token)), "Token(***) Some(\n    Token(***),\n)");
        assert_eq!(token.header(), "Bearer secret-words");
    }

    #[test]
    fn what_a_header_cannot_carry_is_no_token() {
        for text in ["", "  \n", "two words", "line\nbreak", "schlüssel"] {
            assert!(Token::new(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn the_kind_follows_from_prefix_and_place() {
        for (text, in_actions, kind) in [
            ("ghp_x", false, TokenKind::Classic),
            ("ghp_x", true, TokenKind::Classic),
            ("gho_x", false, TokenKind::OAuth),
            ("github_pat_11A_x", false, TokenKind::FineGrained),
            ("ghs_x", false, TokenKind::Installation),
            ("ghs_x", true, TokenKind::Actions),
            ("ghu_x", false, TokenKind::AppUser),
            ("0123456789012345678901234567890123456789", false, TokenKind::Unknown),
            ("GHP_x", false, TokenKind::Unknown),
        ] {
            assert_eq!(Token::new(text).unwrap().in_actions(in_actions).kind(), kind, "{text}");
        }
    }

    #[test]
    fn fingerprints_tell_tokens_apart_and_hide_them() {
        let of = |text: &str| Token::new(text).unwrap().fingerprint();
        assert_eq!(of("ghp_one"), of("ghp_one"));
        assert_ne!(of("ghp_one"), of("ghp_two"));
        assert_eq!(of("ghp_one").len(), 32);
        assert!(of("ghp_one").bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(of("ghp_one"), format!("{:x}", Sha256::digest("ghp_one"))[..32]);
    }

    #[test]
    fn what_a_server_sends_back_of_it_is_struck_out() {
        let struck = |token: &str, body: &str| {
            let mut body = body.as_bytes().to_vec();
            Token::new(token).unwrap().strike(&mut body);
            String::from_utf8(body).unwrap()
        };
        assert_eq!(struck("ghp_secret", r#"{"message": "no: ghp_secret!"}"#), r#"{"message": "no: ***!"}"#);
        assert_eq!(struck("ghp_secret", "<p>ghp_secretghp_secret"), "<p>******");
        let escaped = r#"{"a": ["\u0067hp_secret"], "\u0067hp_secret": 1, "b": "x\ny"}"#;
        assert_eq!(struck("ghp_secret", escaped), r#"{"a":["***"],"b":"x\ny"}"#);
        let untouched = r#"{ "a": "\u0067" }"#;
        assert_eq!(struck("ghp_secret", untouched), untouched);
        assert_eq!(struck("a", "a man"), "a man");
        let mut header = "https://example.org/ghp_secret".to_owned();
        Token::new("ghp_secret").unwrap().strike_text(&mut header);
        assert_eq!(header, "https://example.org/***");
    }

    #[test]
    fn a_token_without_scopes_is_no_token_without_rights() {
        use crate::evidence::State;
        let states = |kind, scopes: Option<&[String]>| -> Vec<State> {
            observe(kind, scopes).into_iter().map(|seen| seen.state).collect()
        };
        let scopes = ["repo".to_owned()];
        let classic = states(Some(TokenKind::Classic), Some(&scopes));
        assert_eq!(classic[1], State::Observed(vec!["repo".to_owned()].into()));
        assert_eq!(states(Some(TokenKind::FineGrained), None)[1], State::Absent);
        assert!(states(None, None).iter().all(|state| matches!(state, State::NotApplicable { .. })));
    }
}
