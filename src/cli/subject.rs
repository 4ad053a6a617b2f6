//! What a SUBJECT argument names, and collecting its evidence.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::Common;
use super::collect::Limits;
use super::failure::Failure;
use super::output::Output;
use crate::answers::ANSWERS_PATH;
use crate::collect::{Collected, checkout};
use crate::disk;

/// A subject, as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Checkout(PathBuf),
    GitHub(String),
}

impl Subject {
    /// A path where there is such a folder or the text looks like a path; a repository on GitHub otherwise.
    pub(super) fn parse(text: &str) -> Self {
        let path = PathBuf::from(text);
        let is_address = text.contains("://") || text.starts_with("git@");
        let looks_like_path =
            path.is_absolute() || text.starts_with('.') || text.starts_with('~') || !text.contains('/');
        if !is_address && (looks_like_path || path.exists()) {
            Self::Checkout(path)
        } else {
            Self::GitHub(text.to_owned())
        }
    }

    /// The subject's own answers, where it is a folder that has them.
    pub(super) fn answers_on_disk(&self) -> Option<String> {
        match self {
            Self::Checkout(path) => disk::read_text(&path.join(ANSWERS_PATH)).ok(),
            Self::GitHub(_) => None,
        }
    }

    /// Other files in which the subject declares answers, where it is a checkout: those of its commit.
    pub(super) fn declared_on_disk(&self) -> Vec<(String, String)> {
        match self {
            Self::Checkout(path) => checkout::declared(path),
            Self::GitHub(_) => Vec::new(),
        }
    }

    /// The folder of the subject's own answers, where it lies on this machine.
    pub(super) fn folder_of_answers(&self) -> Option<PathBuf> {
        match self {
            Self::Checkout(path) => {
                path.join(ANSWERS_PATH).parent().filter(|folder| folder.is_dir()).map(Path::to_owned)
            }
            Self::GitHub(_) => None,
        }
    }

    /// Collects the evidence.
    pub(super) fn collect(&self, common: &Common, limits: &Limits, output: &Output) -> Result<Collected, Failure> {
        let collected_at = now();
        let collected = match self {
            Self::Checkout(path) => checkout::collect(path, &github_host(&common.api_url), collected_at)
                .map_err(|error| Failure::NotAssessed(not_a_checkout(&error)))?,
            Self::GitHub(name) => super::github::collect(name, common, limits, collected_at, output)?,
        };
        for remark in &collected.evidence.remarks {
            output.remark(remark);
        }
        Ok(collected)
    }

    /// Collects the evidence as of an earlier commit.
    pub(super) fn collect_at(&self, revision: &str, common: &Common, output: &Output) -> Result<Collected, Failure> {
        let Self::Checkout(path) = self else {
            return Err(Failure::Invalid("--at is for checkouts: GitHub tells of the present alone".to_owned()));
        };
        let collected = checkout::collect_at(path, &github_host(&common.api_url), revision)
            .map_err(|error| Failure::NotAssessed(not_a_checkout(&error)))?;
        for remark in &collected.evidence.remarks {
            output.remark(remark);
        }
        Ok(collected)
    }
}

fn not_a_checkout(error: &checkout::CheckoutError) -> String {
    let help = match error {
        checkout::CheckoutError::NoSuchPath(_) => "name a folder, or `owner/name` for a repository on GitHub",
        checkout::CheckoutError::NoRepository(_) => {
            "only what git keeps can be assessed: run `git init` and commit, or name another folder"
        }
        checkout::CheckoutError::NoSuchRevision { .. } => {
            "name a commit, tag or branch; `git fetch --unshallow --tags` brings those that a shallow clone lacks"
        }
        checkout::CheckoutError::Broken { .. } => "`git fsck` tells more",
    };
    format!("{error}; {help}")
}

/// The host whose repositories belong to an API address.
pub(super) fn github_host(api_url: &str) -> String {
    let host = url::Url::parse(api_url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    if host == "api.github.com" { "github.com".to_owned() } else { host }
}

/// The present. The only place where the program looks at the clock.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(super) fn now() -> DateTime<Utc> {
    let now = Utc::now();
    DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_told_apart() {
        for (text, github) in [
            (".", false),
            ("..", false),
            ("/no/such/path", false),
            ("./acme/widget", false),
            ("src", false),
            ("nothing-here", false),
            ("acme/widget", true),
            ("https://github.com/acme/widget", true),
            ("git@github.com:acme/widget.git", true),
        ] {
            assert_eq!(matches!(Subject::parse(text), Subject::GitHub(_)), github, "{text}");
        }
    }

    #[test]
    fn hosts_follow_from_the_api_address() {
        assert_eq!(github_host("https://api.github.com"), "github.com");
        assert_eq!(github_host("https://github.example.com/api/v3"), "github.example.com");
        assert_eq!(github_host("nonsense"), "");
    }
}
