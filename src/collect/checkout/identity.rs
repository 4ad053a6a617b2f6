//! Who a repository is, by the address of its remote.

/// Host, owner and name of a repository on a forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) host: String,
    owner: String,
    name: String,
}

impl Identity {
    /// Reads `https://host/owner/name.git`, `ssh://git@host/owner/name` or `git@host:owner/name.git`. None where it has
    /// another form, such as a path.
    pub(super) fn of_remote(address: &str) -> Option<Self> {
        let (host, path) = match address.split_once("://") {
            Some((scheme, rest)) if ["https", "http", "ssh", "git"].contains(&scheme) => rest.split_once('/')?,
            Some(_) => return None,
            None => address.split_once(':').filter(|(host, _)| host.contains('@') || host.contains('.'))?,
        };
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let host = host.split_once(':').map_or(host, |(host, _)| host).to_ascii_lowercase();
        let path = path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        let (owner, name) = path.rsplit_once('/')?;
        let good = |text: &str| {
            !text.is_empty() && text.split('/').all(|part| !part.is_empty() && part != ".." && plain(part) == part)
        };
        (host.contains('.') && good(&host) && good(owner) && good(name)).then(|| Self {
            host,
            owner: owner.to_owned(),
            name: name.to_owned(),
        })
    }

    /// `host/owner/name`
    pub(super) fn id(&self) -> String {
        format!("{}/{}/{}", self.host, self.owner, self.name)
    }
}

/// A name reduced to the characters that names on forges have.
pub(super) fn plain(name: &str) -> String {
    name.chars().take(100).map(|c| if c.is_alphanumeric() || "-_.~+".contains(c) { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes_are_understood_or_refused() {
        for (address, id) in [
            ("https://github.com/acme/widget.git", Some("github.com/acme/widget")),
            ("https://user:secret@github.com/acme/widget", Some("github.com/acme/widget")),
            ("git@github.com:acme/widget.git", Some("github.com/acme/widget")),
            ("ssh://git@GitHub.com:22/acme/widget/", Some("github.com/acme/widget")),
            ("https://gitlab.com/group/sub/widget.git", Some("gitlab.com/group/sub/widget")),
            ("/srv/git/widget.git", None),
            ("../widget", None),
            ("file:///srv/git/widget", None),
            ("https://github.com/acme", None),
            ("https://github.com/acme/wid get", None),
            ("https://github.com/../widget", None),
            ("C:\\work\\widget", None),
        ] {
            assert_eq!(Identity::of_remote(address).map(|identity| identity.id()).as_deref(), id, "{address}");
        }
    }
}
