//! Whether two answers differ in more than counts that others change at any time.

use serde_json::{Map, Value};

/// Fields of a repository that stars, forks, issues and GitHub's own housekeeping change.
const PASSING: [&str; 11] = [
    "forks",
    "forks_count",
    "network_count",
    "open_issues",
    "open_issues_count",
    "size",
    "stargazers_count",
    "subscribers_count",
    "updated_at",
    "watchers",
    "watchers_count",
];

/// Whether two bodies say the same.
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    let lasting = |body: &[u8]| {
        let mut object: Map<String, Value> = serde_json::from_slice(body).ok()?;
        object.retain(|name, _| !PASSING.contains(&name.as_str()));
        Some(object)
    };
    one == other || lasting(one).is_some_and(|one| Some(one) == lasting(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_no_change_and_a_push_is() {
        let body = |stars: u32, pushed: &str| {
            format!(r#"{{"stargazers_count": {stars}, "pushed_at": "{pushed}", "parent": {{"forks": 1}}}}"#)
                .into_bytes()
        };
        assert!(is_same(&body(1, "a"), &body(2, "a")));
        assert!(!is_same(&body(1, "a"), &body(1, "b")));
        assert!(is_same(b"no JSON", b"no JSON") && !is_same(b"no JSON", b"nor this"));
        assert!(!is_same(b"[1]", b"[2]"));
    }
}
