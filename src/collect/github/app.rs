//! A GitHub App: its id, its private key, and the signed word with which it says who it is.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;

/// How far the beginning is set back, so that a clock that is a little fast does no harm.
const BACK: TimeDelta = TimeDelta::seconds(60);
/// How long a signed word holds; GitHub takes at most ten minutes.
const HOLDS: TimeDelta = TimeDelta::minutes(9);
/// The most characters of an app's id.
const MAX_ID: usize = 64;

/// A GitHub App that has a private key here.
#[derive(Clone, Debug)]
pub struct App {
    id: String,
    key: AppKey,
    installation: Option<u64>,
}

/// The private key of an app. It can sign, and that is all: its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct AppKey(Arc<EncodingKey>);

/// Why there is no app to ask with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    #[error("it is no id of a GitHub App: those are numbers, or client ids such as Iv23liAbCdEf")]
    Id,
    #[error("it is no RSA private key in PEM form, such as GitHub makes for an app (-----BEGIN RSA PRIVATE KEY-----)")]
    Key,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    iat: i64,
    exp: i64,
}

impl App {
    /// An app by its id or client id, and the installation to use; without one it is found by the owner of what is
    /// asked for.
    pub fn new(id: &str, key: AppKey, installation: Option<u64>) -> Result<Self, AppError> {
        let id = id.trim();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
        if id.is_empty() || id.len() > MAX_ID || !id.bytes().all(plain) {
            return Err(AppError::Id);
        }
        Ok(Self { id: id.to_owned(), key, installation })
    }

    /// Its id, as it was given.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The installation to use, where it is known.
    pub fn installation(&self) -> Option<u64> {
        self.installation
    }

    /// The same app with a known installation.
    #[must_use]
    pub(super) fn installed(mut self, installation: u64) -> Self {
        self.installation = Some(installation);
        self
    }

    /// `app-ID-installation-ID`, without the second half where the installation is not known yet.
    pub(super) fn fingerprint(&self) -> String {
        match self.installation {
            Some(installation) => format!("app-{}-installation-{installation}", self.id),
            None => format!("app-{}", self.id),
        }
    }

    /// The signed word (JWT) with which the app asks for itself: it begins a minute ago and holds nine minutes.
    pub(super) fn signed(&self, now: DateTime<Utc>) -> Result<String, AppError> {
        self.key.sign(&Claims { iss: &self.id, iat: (now - BACK).timestamp(), exp: (now + HOLDS).timestamp() })
    }
}

impl AppKey {
    /// Reads a key in PEM form, as GitHub makes it (PKCS#1) or converted to PKCS#8. Line breaks may be written as `\n`, as
    /// variables of one line hold them. The key is tried, so that a broken one is told at once.
    pub fn from_pem(text: &str) -> Result<Self, AppError> {
        let text = text.trim();
        let unfolded = if text.contains('\n') { text.to_owned() } else { text.replace("\\n", "\n") };
        let key = EncodingKey::from_rsa_pem(unfolded.as_bytes()).map_err(|_| AppError::Key)?;
        let key = Self(Arc::new(key));
        key.sign(&Claims { iss: "", iat: 0, exp: 0 })?;
        Ok(key)
    }

    fn sign(&self, claims: &Claims<'_>) -> Result<String, AppError> {
        jsonwebtoken::encode(&Header::new(Algorithm::RS256), claims, &self.0).map_err(|_| AppError::Key)
    }
}

impl fmt::Debug for AppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppKey(***)")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::OnceLock;

    use aws_lc_rs::encoding::AsDer as _;
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::*;

    /// A key made for this run.
    pub(in super::super) fn pem() -> &'static str {
        static PEM: OnceLock<String> = OnceLock::new();
        PEM.get_or_init(|| {
            let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
            let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().unwrap();
            let body = STANDARD.encode(der.as_ref());
            let lines: Vec<&str> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
            format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
        })
    }

    #[test]
    fn a_signed_word_begins_a_minute_ago_and_holds_less_than_ten() {
        let app = App::new("12345", AppKey::from_pem(pem()).unwrap(), None).unwrap();
        let word = app.signed(DateTime::from_timestamp(1_800_000_000, 0).unwrap()).unwrap();
        let parts: Vec<Value> = word
            .split('.')
            .take(2)
            .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
            .collect();
        assert_eq!(parts[0]["alg"], "RS256");
        assert_eq!(parts[1], json!({ "iss": "12345", "iat": 1_799_999_940, "exp": 1_800_000_540 }));
    }

    #[test]
    fn keys_are_read_with_folded_line_breaks_too_and_broken_ones_are_told() {
        assert!(AppKey::from_pem(pem()).is_ok());
        assert!(AppKey::from_pem(&pem().replace('\n', "\\n")).is_ok());
        let cut = pem().lines().take(5).chain(pem().lines().last()).collect::<Vec<_>>().join("\n");
        for text in ["", "words", "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----", &cut] {
            assert!(matches!(AppKey::from_pem(text), Err(AppError::Key)), "{text}");
        }
    }

    #[test]
    fn a_key_is_never_printed() {
        let app = App::new(" Iv23.x ", AppKey::from_pem(pem()).unwrap(), Some(7)).unwrap();
        assert_eq!(format!("{app:?}"), r#"App { id: "Iv23.x", key: AppKey(***), installation: Some(7) }"#);
        assert_eq!(app.fingerprint(), "app-Iv23.x-installation-7");
    }

    #[test]
    fn ids_are_numbers_or_client_ids() {
        let key = AppKey::from_pem(pem()).unwrap();
        for id in ["", "  ", "1 2", "a/b", "é", &"1".repeat(65)] {
            assert_eq!(App::new(id, key.clone(), None).unwrap_err(), AppError::Id, "{id}");
        }
    }
}
