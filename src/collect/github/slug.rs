//! The name of a repository: `owner/name`, typed or taken from an address.

use std::fmt;
use std::str::FromStr;

use url::Url;

/// Owner and name of a repository, each of characters that GitHub allows. They need no encoding in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slug {
    owner: String,
    name: String,
}

/// Why a text names no repository.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlugError {
    #[error("`{0}` is not of the form owner/name")]
    Shape(String),
    #[error("`{0}` is no name of a GitHub account: letters, digits, single hyphens and underscores, at most 39")]
    Owner(String),
    #[error("`{0}` is no name of a GitHub repository: letters, digits, `.`, `-` and `_`, at most 100")]
    Name(String),
    #[error("`{0}` is no address of a repository on {1}")]
    Address(String, String),
}

/// Texts longer than this are refused unread.
const MAX_LENGTH: usize = 2_000;

impl Slug {
    /// Checks owner and name. A name may not be `.` or `..`, which a path would swallow.
    pub fn new(owner: &str, name: &str) -> Result<Self, SlugError> {
        let word = |text: &str, extra: &[u8], longest: usize| {
            (1..=longest).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || extra.contains(&byte))
        };
        if !word(owner, b"-_", 39) || owner.starts_with('-') {
            return Err(SlugError::Owner(shorten(owner)));
        }
        if !word(name, b"-_.", 100) || matches!(name, "." | "..") {
            return Err(SlugError::Name(shorten(name)));
        }
        Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
    }

    pub fn owner(&self) -> &str {
        &self.owner
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The repository that an address names: the page of it or of anything in it, with or without `.git`
    /// (`https://HOST/o/r/tree/main`), a clone address (`git@HOST:o/r.git`, `ssh://git@HOST/o/r`), or `HOST/o/r`.
    ///
    /// `host` is GitHub's, such as `github.com`; addresses of other hosts are errors.
    pub fn from_url(text: &str, host: &str) -> Result<Self, SlugError> {
        let refused = || SlugError::Address(shorten(text), host.to_owned());
        if text.len() > MAX_LENGTH {
            return Err(refused());
        }
        let path = path_on_host(text.trim(), host).ok_or_else(refused)?;
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let (Some(owner), Some(name)) = (parts.next(), parts.next()) else { return Err(refused()) };
        Self::new(owner, name.strip_suffix(".git").unwrap_or(name))
    }
}

/// The path of an address on this host, without query and fragment.
fn path_on_host(text: &str, host: &str) -> Option<String> {
    if let Some((before, path)) = text.split_once(':')
        && !path.starts_with("//")
    {
        let found = before.rsplit('@').next()?;
        let colon_is_of_scp = !before.contains('/') && same_host(found, host);
        return colon_is_of_scp.then(|| path.to_owned());
    }
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&with_scheme).ok()?;
    let known = matches!(url.scheme(), "https" | "http" | "ssh" | "git" | "git+ssh" | "git+https");
    (known && same_host(url.host_str()?, host)).then(|| url.path().to_owned())
}

fn same_host(found: &str, host: &str) -> bool {
    let plain = |text: &str| text.to_ascii_lowercase().trim_start_matches("www.").to_owned();
    plain(found) == plain(host)
}

/// The start of a text that is quoted in an error, without control characters.
fn shorten(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        match text.split_once('/') {
            Some((owner, name)) if !name.contains('/') => Self::new(owner, name),
            _ => Err(SlugError::Shape(shorten(text))),
        }
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_checked() {
        for good in ["a/b", "acme/wid.get_1", "a-b/.github", "user_corp/x", "A/..."] {
            assert_eq!(good.parse::<Slug>().unwrap().to_string(), good);
        }
        for bad in ["", "a", "a/", "/b", "a/b/c", "a/..", "a/.", "-a/b", "a b/c", "a/b?c", "a/b%2f", "ä/b", "a/b\n"] {
            assert!(bad.parse::<Slug>().is_err(), "{bad:?}");
        }
        assert!(format!("{}/b", "a".repeat(40)).parse::<Slug>().is_err());
        assert!(format!("a/{}", "b".repeat(101)).parse::<Slug>().is_err());
    }

    #[test]
    fn addresses_name_repositories() {
        for address in [
            "https://github.com/acme/widget",
            "https://github.com/acme/widget.git",
            "https://www.GitHub.com/acme/widget/tree/main/src?x=1#L3",
            "http://github.com//acme/widget/",
            "https://person:word@github.com/acme/widget",
            "git@github.com:acme/widget.git",
            "github.com:acme/widget",
            "ssh://git@github.com/acme/widget.git",
            "ssh://git@github.com:22/acme/widget",
            "git+https://github.com/acme/widget.git",
            "github.com/acme/widget",
        ] {
            let slug = Slug::from_url(address, "github.com");
            assert_eq!(slug.map(|slug| slug.to_string()), Ok("acme/widget".to_owned()), "{address}");
        }
        assert!(Slug::from_url("https://git.example.org/acme/widget", "git.example.org").is_ok());
    }

    #[test]
    fn other_addresses_are_refused() {
        for address in [
            "",
            "https://github.com",
            "https://github.com/acme",
            "https://gitlab.com/acme/widget",
            "https://github.com.evil.example/acme/widget",
            "https://evil.example/@github.com/acme/widget",
            "git@evil.example:acme/widget",
            "file:///github.com/acme/widget",
            "C:\\acme\\widget",
            "https://github.com/acme/wid%20get",
        ] {
            assert!(Slug::from_url(address, "github.com").is_err(), "{address}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_slug_or_an_error(text in "\\PC{0,60}", prefix in "(https://github.com/|git@github.com:|)") {
            if let Ok(slug) = Slug::from_url(&format!("{prefix}{text}"), "github.com") {
                prop_assert_eq!(slug.to_string().parse::<Slug>(), Ok(slug));
            }
        }
    }
}
