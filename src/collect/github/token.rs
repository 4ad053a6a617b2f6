//! The token, kept from being printed.

use std::fmt;

use crate::evidence::Observation;
use sha2::{Digest as _, Sha256};

/// A GitHub token. It can be sent, and that is all: it has no `Display`, and its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Takes a token as it stands in an environment variable. None where nothing is left of it without blanks, or where
    /// it holds characters that no HTTP header may carry.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let sendable = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        sendable.then(|| Self(text.to_owned()))
    }

    /// Which kind of token it is, by the prefix that GitHub gives each.
    pub(super) fn kind(&self) -> TokenKind {
        const PREFIXES: [(&str, TokenKind); 5] = [
            ("ghp_", TokenKind::Classic),
            ("github_pat_", TokenKind::FineGrained),
            ("gho_", TokenKind::OauthApp),
            ("ghu_", TokenKind::AppUser),
            ("ghs_", TokenKind::AppInstallation),
        ];
        let of = PREFIXES.into_iter().find(|(prefix, _)| self.0.starts_with(prefix));
        of.map_or(TokenKind::Other, |(_, kind)| kind)
    }

    /// The value of the `Authorization` header.
    pub(super) fn header(&self) -> String {
        format!("Bearer {}", self.0)
    }

    /// A name for it that tells it from others, and does not give it away: 32 hex digits.
    pub(super) fn fingerprint(&self) -> String {
        let digest = Sha256::new().chain_update("seaworthy: fingerprint of a token\n").chain_update(&self.0).finalize();
        let mut text = format!("{digest:x}");
        text.truncate(32);
        text
    }
}

/// What a token is, which decides what it can be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Classic,
    FineGrained,
    OauthApp,
    AppUser,
    AppInstallation,
    /// Older than the prefixes, or of a server that has others.
    Other,
}

impl TokenKind {
    /// Its word in the evidence.
    fn word(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::FineGrained => "fine-grained",
            Self::OauthApp => "oauth-app",
            Self::AppUser => "app-user",
            Self::AppInstallation => "app-installation",
            Self::Other => "other",
        }
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

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::State;

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::new(" secret-words\n").unwrap();
        assert_eq!(format!("{token:?} {:#?}", Some(&token)), "Token(***) Some(\n    Token(***),\n)");
        assert_eq!(token.header(), "Bearer secret-words");
    }

    #[test]
    fn a_fingerprint_tells_tokens_apart_and_nothing_more() {
        let of = |text: &str| Token::new(text).unwrap().fingerprint();
        assert_eq!((of("one").len(), of("one")), (32, of(" one")));
        assert_ne!(of("one"), of("two"));
        assert!(!format!("{:x}", Sha256::digest("one")).starts_with(&of("one")));
    }

    #[test]
    fn prefixes_tell_kinds_apart() {
        let word = |text: &str| Token::new(text).unwrap().kind().word();
        let words = ["ghp_x", "github_pat_x", "gho_x", "ghu_x", "ghs_x", "0123"].map(word);
        assert_eq!(words, ["classic", "fine-grained", "oauth-app", "app-user", "app-installation", "other"]);
    }

    #[test]
    fn a_token_without_scopes_is_no_token_without_rights() {
        let states = |kind, scopes: Option<&[String]>| -> Vec<State> {
            observe(kind, scopes).into_iter().map(|seen| seen.state).collect()
        };
        let scopes = ["repo".to_owned()];
        let classic = states(Some(TokenKind::Classic), Some(&scopes));
        assert_eq!(classic[1], State::Observed(vec!["repo".to_owned()].into()));
        assert_eq!(states(Some(TokenKind::FineGrained), None)[1], State::Absent);
        assert!(states(None, None).iter().all(|state| matches!(state, State::NotApplicable { .. })));
    }

    #[test]
    fn what_a_header_cannot_carry_is_no_token() {
        for text in ["", "  \n", "two words", "line\nbreak", "schlüssel"] {
            assert!(Token::new(text).is_none(), "{text:?}");
        }
    }
}
