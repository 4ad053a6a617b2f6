use serde_json::{Value as Json, json};

use super::*;
use crate::evidence::State;

fn by_rest(change: Json) -> Repository {
    let mut value = json!({
        "id": 42, "name": "widget", "full_name": "acme/widget", "html_url": "https://github.com/acme/widget",
        "default_branch": "main", "owner": { "login": "acme", "type": "Organization" },
    });
    merge(&mut value, change);
    serde_json::from_value::<rest::Repository>(value).unwrap().into()
}

fn by_graphql(change: Json) -> Repository {
    let mut value = json!({
        "databaseId": 42, "nameWithOwner": "acme/widget", "url": "https://github.com/acme/widget",
        "visibility": "PUBLIC", "owner": { "__typename": "Organization", "login": "acme" },
    });
    merge(&mut value, change);
    serde_json::from_value::<query::Repository>(value).unwrap().into()
}

fn merge(value: &mut Json, change: Json) {
    if let Json::Object(change) = change {
        for (key, changed) in change {
            value[key] = changed;
        }
    }
}

fn state(repository: &Repository, key: &str) -> State {
    let found = repository.observe("acme/widget").into_iter().find(|observation| observation.key == key);
    found.unwrap_or_else(|| panic!("{key}")).state
}

fn seen(value: impl Into<crate::evidence::Value>) -> State {
    State::Observed(value.into())
}

#[test]
fn a_fork_names_its_parent_where_that_is_shown() {
    let shown = by_rest(json!({ "fork": true, "parent": { "full_name": "up/stream" } }));
    assert_eq!(state(&shown, "repo.fork_of"), seen("up/stream"));
    let shown = by_graphql(json!({ "isFork": true, "parent": { "nameWithOwner": "up/stream" } }));
    assert_eq!(state(&shown, "repo.fork_of"), seen("up/stream"));
    for hidden in [by_rest(json!({ "fork": true })), by_graphql(json!({ "isFork": true, "parent": null }))] {
        assert!(matches!(state(&hidden, "repo.fork_of"), State::Unavailable { .. }));
    }
    assert_eq!(state(&by_rest(json!({})), "repo.fork_of"), State::Absent);
}

#[test]
fn visibility_decides_whether_the_history_is_public() {
    for (repository, visibility, public) in [
        (by_rest(json!({ "private": true })), "private", false),
        (by_rest(json!({ "private": false })), "public", true),
        (by_rest(json!({ "private": true, "visibility": "internal" })), "internal", false),
        (by_graphql(json!({ "visibility": "INTERNAL" })), "internal", false),
        (by_graphql(json!({})), "public", true),
    ] {
        assert_eq!(state(&repository, "repo.visibility"), seen(visibility));
        assert_eq!(state(&repository, "history.public"), seen(public));
    }
}

#[test]
fn what_is_empty_or_not_recognised_is_absent() {
    let repository = by_rest(json!({ "homepage": "  ", "license": { "spdx_id": "NOASSERTION" }, "mirror_url": "" }));
    for key in ["repo.homepage", "repo.homepage_https", "repo.license_spdx", "repo.mirror_of", "default_branch.name"] {
        assert_eq!(state(&repository, key), State::Absent, "{key}");
    }
    let repository = by_rest(json!({ "homepage": "HTTPS://widget.example.org", "license": { "spdx_id": "MIT" } }));
    assert_eq!(state(&repository, "repo.homepage_https"), seen(true));
    assert_eq!(state(&repository, "repo.license_spdx"), seen("MIT"));
    assert_eq!(state(&by_rest(json!({ "homepage": "widget.example.org" })), "repo.homepage_https"), seen(false));
}

#[test]
fn what_was_not_told_is_unavailable_not_no() {
    for key in ["repo.archived", "repo.issues_enabled", "repo.created_on", "repo.web_commit_signoff_required"] {
        assert!(matches!(state(&by_rest(json!({})), key), State::Unavailable { .. }), "{key}");
    }
}

#[test]
fn names_that_differ_in_case_alone_are_no_rename() {
    let renamed = |full_name: &str| state(&by_rest(json!({ "full_name": full_name })), "repo.renamed_from");
    assert_eq!(renamed("ACME/Widget"), State::Absent);
    assert_eq!(renamed("acme/gadget"), seen("acme/widget"));
}

#[test]
fn roles_are_told_by_both() {
    for (word, role) in [
        ("ADMIN", Access::Admin),
        ("MAINTAIN", Access::Write),
        ("WRITE", Access::Write),
        ("TRIAGE", Access::Read),
        ("READ", Access::Read),
        ("NEW", Access::Read),
    ] {
        assert_eq!(by_graphql(json!({ "viewerPermission": word })).role, Some(role));
    }
    assert_eq!(by_graphql(json!({ "viewerPermission": null })).role, None);
    assert_eq!(by_rest(json!({})).role, None);
    assert_eq!(by_rest(json!({ "permissions": { "admin": true } })).role, Some(Access::Admin));
    assert_eq!(by_rest(json!({ "permissions": { "maintain": true } })).role, Some(Access::Write));
    assert_eq!(by_rest(json!({ "permissions": { "pull": true } })).role, Some(Access::Read));
}

#[test]
fn the_subject_begins_with_the_host_of_its_page() {
    let subject = |url: &str| by_rest(json!({ "html_url": url })).subject();
    assert_eq!(subject("https://github.com/acme/widget").id, "github.com/acme/widget");
    assert_eq!(subject("https://git.example.org:8443/acme/widget").id, "git.example.org:8443/acme/widget");
    let empty = subject("https://github.com/acme/widget");
    assert_eq!((empty.repository_id, empty.commit, empty.default_branch), (Some(42), None, None));
}

#[test]
fn names_and_addresses_are_checked_before_use() {
    let asked = Asked {
        slug: "acme/widget".parse().unwrap(),
        api: "https://api.github.com".to_owned(),
        token: false,
        depth: super::super::Depth::Standard,
    };
    assert!(by_rest(json!({})).slug(&asked).is_ok());
    for hostile in [
        json!({ "full_name": "acme/../user" }),
        json!({ "full_name": "acme/widget?x=1" }),
        json!({ "html_url": "javascript:alert(1)" }),
    ] {
        assert!(matches!(by_rest(hostile).slug(&asked), Err(CollectError::Server { .. })));
    }
    let old = json!({ "full_name": null });
    assert_eq!(by_rest(old).full_name, "acme/widget");
}

/// What both APIs tell, the notices that must be there, and those that must not.
#[test]
fn readers_are_told_what_a_repository_is() {
    let plain = by_rest(json!({ "private": false, "archived": false }));
    assert!(plain.notices("ACME/Widget").is_empty());
    for (repository, expected) in [
        (by_rest(json!({ "archived": true })), "The repository is archived: nobody maintains it."),
        (by_graphql(json!({ "isArchived": true })), "The repository is archived: nobody maintains it."),
        (by_graphql(json!({ "isDisabled": true })), "GitHub has disabled the repository"),
        (by_rest(json!({ "fork": true, "parent": { "full_name": "up/stream" } })), "It is a fork of up/stream:"),
        (by_rest(json!({ "fork": true })), "It is a fork of a repository that GitHub does not name:"),
        (
            by_graphql(json!({ "mirrorUrl": "https://example.org/widget" })),
            "It is a mirror of https://example.org/widget: settings seen here are not the project's own controls.",
        ),
        (by_rest(json!({ "private": true })), "The repository is private:"),
        (by_graphql(json!({ "visibility": "INTERNAL" })), "The repository is internal:"),
        (by_rest(json!({ "full_name": "acme/gadget" })), "The repository was renamed from acme/widget to acme/gadget."),
    ] {
        let notices = repository.notices("acme/widget");
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert!(notices[0].starts_with(expected) && notices[0].ends_with('.'), "{notices:?}");
    }
}

#[test]
fn mirrors_are_named_without_credentials() {
    for (address, expected) in [
        ("https://user:secret@example.org:8443/widget.git?token=x", "https://example.org:8443/widget.git"),
        ("git://example.org/widget.git", "git://example.org/widget.git"),
        ("git@example.org:acme/widget.git", "example.org:acme/widget.git"),
        ("file:///srv/widget", "an address without host"),
    ] {
        assert_eq!(state(&by_rest(json!({ "mirror_url": address })), "repo.mirror_of"), seen(expected), "{address}");
    }
}
