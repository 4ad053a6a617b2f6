//! With what GitHub is asked: nothing, a token, or as a GitHub App.

use super::app::App;
use super::token::{Token, TokenKind};

/// Who asks.
#[derive(Clone, Debug, Default)]
pub enum Credentials {
    /// Anybody.
    #[default]
    Anonymous,
    Token(Token),
    /// A GitHub App, which makes itself tokens that last an hour.
    App(App),
}

impl Credentials {
    pub fn is_anonymous(&self) -> bool {
        matches!(self, Self::Anonymous)
    }

    /// The kind of token that is sent, if one is.
    pub fn kind(&self) -> Option<TokenKind> {
        match self {
            Self::Anonymous => None,
            Self::Token(token) => Some(token.kind()),
            Self::App(_) => Some(TokenKind::Installation),
        }
    }

    /// A name for what they may see, for keys of a cache: what one reads must not be taken for what another may read.
    /// No secret can be told from it.
    pub fn fingerprint(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::Token(token) => token.fingerprint(),
            Self::App(app) => app.fingerprint(),
        }
    }
}

impl From<Option<Token>> for Credentials {
    fn from(token: Option<Token>) -> Self {
        token.map_or(Self::Anonymous, Self::Token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_name_what_may_be_seen() {
        let token = Token::new("ghp_secret").unwrap();
        assert_eq!(Credentials::default().fingerprint(), "anonymous");
        assert_eq!(Credentials::from(None).fingerprint(), "anonymous");
        assert_eq!(Credentials::from(Some(token.clone())).fingerprint(), token.fingerprint());
    }

    #[test]
    fn nothing_secret_is_shown() {
        let credentials = Credentials::from(Token::new("ghp_secret"));
        assert_eq!(format!("{credentials:?}"), "Token(Token(***))");
    }
}
