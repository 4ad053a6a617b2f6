//! The token, kept from being printed.

use std::fmt;

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

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
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
    fn a_fingerprint_tells_tokens_apart_and_nothing_more() {
        let of = |text: &str| Token::new(text).unwrap().fingerprint();
        assert_eq!((of("one").len(), of("one")), (32, of(" one")));
        assert_ne!(of("one"), of("two"));
        assert!(!format!("{:x}", Sha256::digest("one")).starts_with(&of("one")));
    }

    #[test]
    fn what_a_header_cannot_carry_is_no_token() {
        for text in ["", "  \n", "two words", "line\nbreak", "schlüssel"] {
            assert!(Token::new(text).is_none(), "{text:?}");
        }
    }
}
