//! Webhooks: whether their receivers can tell that a message is GitHub's. Neither addresses nor secrets are kept.

use serde::Deserialize;
use serde_json::Value;

use super::endpoint::{Endpoint, Found, Only, Read, whole_count};
use crate::evidence::Access;

const OF_REPOSITORY: [&str; 3] = ["access.webhooks", "access.webhooks_without_secret", "access.webhooks_insecure"];
const OF_ORGANIZATION: [&str; 3] = ["org.webhooks", "org.webhooks_without_secret", "org.webhooks_insecure"];

pub(super) const REPOSITORY: Endpoint = Endpoint {
    path: "/hooks?per_page=100",
    page: "/settings/hooks",
    keys: &OF_REPOSITORY,
    least: Access::Admin,
    scopes: &["repo", "admin:repo_hook", "write:repo_hook", "read:repo_hook"],
    only: Only::Always,
    read: |found| hooks(found, OF_REPOSITORY),
    lacking: false,
};

pub(super) const ORGANIZATION: Endpoint = Endpoint {
    path: "/hooks?per_page=100",
    page: "/settings/hooks",
    keys: &OF_ORGANIZATION,
    least: Access::Admin,
    scopes: &["admin:org_hook"],
    only: Only::Always,
    read: |found| hooks(found, OF_ORGANIZATION),
    lacking: false,
};

#[derive(Deserialize)]
struct Hook {
    active: bool,
    config: Config,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Config {
    url: Option<String>,
    /// Asterisks where there is one.
    secret: Option<String>,
    /// "1" or 1 where the receiver's certificate is not checked.
    insecure_ssl: Value,
}

impl Config {
    fn has_secret(&self) -> bool {
        self.secret.as_deref().is_some_and(|secret| !secret.is_empty())
    }

    fn is_insecure(&self) -> bool {
        let unchecked = self.insecure_ssl == "1" || self.insecure_ssl == 1;
        let plain = self.url.as_deref().is_some_and(|url| url.to_ascii_lowercase().starts_with("http:"));
        unchecked || plain
    }
}

/// Counts the active ones.
fn hooks(found: Found, keys: [&'static str; 3]) -> Read {
    let more = found.more;
    let hooks: Vec<Hook> = found.read()?;
    let active: Vec<&Config> = hooks.iter().filter(|hook| hook.active).map(|hook| &hook.config).collect();
    let [all, without_secret, insecure] = keys;
    Ok(vec![
        whole_count(all, active.len(), more),
        whole_count(without_secret, active.iter().filter(|config| !config.has_secret()).count(), more),
        whole_count(insecure, active.iter().filter(|config| config.is_insecure()).count(), more),
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::endpoint::tests::states;
    use super::*;
    use crate::evidence::State;

    #[test]
    fn only_active_hooks_count_and_nothing_of_them_is_kept() {
        let value = json!([
            { "active": true, "config": { "url": "https://ci.example.org/x", "secret": "********", "insecure_ssl": "0" } },
            { "active": true, "config": { "url": "HTTP://ci.example.org/?token=x", "insecure_ssl": "0" } },
            { "active": true, "config": { "url": "https://ci.example.org", "secret": "", "insecure_ssl": 1 } },
            { "active": false, "config": {} },
        ]);
        let count = |number: i64| State::Observed(number.into());
        assert_eq!(states(&REPOSITORY, value.clone(), false), [count(3), count(2), count(2)]);
        assert!(matches!(states(&ORGANIZATION, value, true)[..], [State::Unavailable { .. }, _, _]));
        assert!(matches!(states(&REPOSITORY, json!({ "odd": 1 }), false)[..], [State::Failed { .. }, _, _]));
    }
}
