//! Collecting from GitHub, end to end against a fake one: what is asked, with which headers, and what it comes to.

use crate::fake_github::*;
use seaworthy::collect::github::Depth;
use seaworthy::evidence::{Access, State, Value as Seen, Vocabulary};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

pub(crate) fn is_not_permitted(state: &State) -> bool {
    matches!(state, State::NotPermitted { .. })
}

/// Requests without those for files: the number of these depends on what the analysis wants.
async fn asked_but_files(fake: &FakeGitHub) -> Vec<String> {
    let files = |key: &String| !key.contains("SeaworthyBlobs") && !key.contains("tarball") && !key.contains("codeload");
    fake.asked().await.into_iter().filter(files).collect()
}

#[tokio::test]
async fn a_reader_asks_little_and_knows_what_it_may_not() {
    let fake = FakeGitHub::start(with_token(&json!("READ"))).await;
    let evidence = fake.collect(Some(TOKEN)).await.unwrap();
    assert_eq!(
        asked_but_files(&fake).await,
        [
            "/repos/acme/widget/branches/main",
            "/repos/acme/widget/contributors?per_page=100",
            &format!("/repos/acme/widget/git/trees/{COMMIT}?recursive=1"),
            "/repos/acme/widget/private-vulnerability-reporting",
            "/repos/acme/widget/rules/branches/main?per_page=100",
            "/repos/acme/widget/security-advisories?state=published&per_page=100",
            "graphql Seaworthy",
        ]
    );
    let requests = fake.requests().await;
    assert!(requests.iter().all(|(_, _, token)| *token), "each request carries the token");
    assert!(requests.iter().all(|(method, key, _)| method == if key.starts_with("graphql") { "POST" } else { "GET" }));
    assert_eq!(evidence.api_requests as usize, requests.len());
    assert!(requests.len() <= 8);
    assert_eq!(evidence.access, Access::Read);
    assert_eq!(evidence.subject.id, "github.com/acme/widget");
    assert_eq!(evidence.subject.repository_id, Some(42));
    assert_eq!(evidence.subject.commit.as_deref(), Some(COMMIT));
    assert_eq!(*seen(&evidence, "default_branch.pull_request_required"), Seen::Bool(false));
    assert_eq!(*seen(&evidence, "tags.count"), Seen::Count(3));
    assert_eq!(*seen(&evidence, "repo.homepage_https"), Seen::Bool(false));
    assert_eq!(*seen(&evidence, "history.signoff_percent"), Seen::Count(100));
    for key in ["access.administrators", "actions.enabled", "org.two_factor_required", "security.secret_scanning"] {
        assert!(is_not_permitted(state(&evidence, key)), "{key}");
    }
    let json = evidence.to_json().unwrap();
    assert!(!json.contains(TOKEN) && !json.contains("ann@example.org"));
}

#[tokio::test]
async fn every_key_of_github_is_spoken_of_in_a_state_that_it_can_have() {
    let mut without_graphql = common();
    without_graphql.insert("graphql Seaworthy".to_owned(), message(502, ""));
    for (answers, token) in [
        (with_token(&json!("READ")), Some(TOKEN)),
        (with_token(&json!("ADMIN")), Some(TOKEN)),
        (with_token(&Value::Null), Some(TOKEN)),
        (without_graphql, Some(TOKEN)),
        (common(), None),
    ] {
        let fake = FakeGitHub::start(answers).await;
        let evidence = fake.collect(token).await.unwrap();
        for info in Vocabulary::built_in().keys().filter(|info| info.told_by("github")) {
            let word = state(&evidence, &info.key).word();
            assert!(info.states().contains(&word), "{} is {word}", info.key);
            if let State::Unavailable { reason } = state(&evidence, &info.key) {
                assert_ne!(reason, "GitHub does not tell it", "nobody spoke of {}", info.key);
            }
        }
    }
}

#[tokio::test]
async fn headers_name_the_program_and_the_version_of_the_api() {
    let fake = FakeGitHub::start(with_token(&json!("READ"))).await;
    fake.collect(Some(TOKEN)).await.unwrap();
    assert_eq!(fake.header("user-agent").await, [concat!("seaworthy/", env!("CARGO_PKG_VERSION"))]);
    assert_eq!(fake.header("accept").await, ["application/vnd.github+json"]);
    assert_eq!(fake.header("x-github-api-version").await, ["2022-11-28"]);
    assert_eq!(fake.header("authorization").await, [format!("Bearer {TOKEN}")]);
}

#[tokio::test]
async fn without_a_token_graphql_is_not_asked_and_nothing_is_sent() {
    let mut answers = common();
    let (archive, download) = (format!("/repos/acme/widget/tarball/{COMMIT}"), "/codeload/widget.tar.gz");
    answers.insert(archive, redirect(302, download));
    answers.insert(
        download.to_owned(),
        ResponseTemplate::new(200).set_body_bytes(tarball(&[("README.md", "# Widget"), ("SECURITY.md", "Write us.")])),
    );
    let fake = FakeGitHub::start(answers).await;
    let evidence = fake.collect(None).await.unwrap();
    let requests = fake.requests().await;
    assert!(requests.iter().all(|(method, _, token)| method == "GET" && !token));
    assert!(requests.iter().all(|(_, key, _)| !key.starts_with("graphql")));
    let counted = requests.iter().filter(|(_, key, _)| !key.starts_with("/codeload")).count();
    assert_eq!(evidence.api_requests as usize, counted);
    assert!(counted <= 12);
    assert_eq!(evidence.access, Access::Anonymous);
    assert_eq!(*seen(&evidence, "default_branch.protected"), Seen::Bool(false));
    assert_eq!(*seen(&evidence, "tags.protected"), Seen::Bool(false));
    assert_eq!(*state(&evidence, "repo.license_spdx"), State::Absent);
    assert!(matches!(state(&evidence, "reviews.sampled"), State::Unavailable { .. }));
}

#[tokio::test]
async fn an_administrator_reads_the_settings() {
    let mut answers = with_token(&json!("ADMIN"));
    let mut full = repository();
    full["permissions"] = json!({ "admin": true });
    full["security_and_analysis"] = json!({ "secret_scanning": { "status": "enabled" } });
    answers.insert("/repos/acme/widget".to_owned(), json_of(&full));
    let settings = [
        ("/repos/acme/widget/actions/permissions", json!({ "enabled": true, "allowed_actions": "selected" })),
        ("/repos/acme/widget/actions/permissions/workflow", json!({ "default_workflow_permissions": "read" })),
        ("/repos/acme/widget/collaborators?per_page=100", json!([{ "permissions": { "admin": true, "push": true } }])),
        ("/repos/acme/widget/code-scanning/default-setup", json!({ "state": "configured" })),
        ("/orgs/acme", json!({ "login": "acme", "two_factor_requirement_enabled": true })),
    ];
    answers.extend(settings.map(|(key, body)| (key.to_owned(), json_of(&body))));
    answers.insert("/repos/acme/widget/vulnerability-alerts".to_owned(), ResponseTemplate::new(204));
    let fake = FakeGitHub::start(answers).await;
    let evidence = fake.collect(Some(TOKEN)).await.unwrap();
    assert_eq!(evidence.access, Access::Admin);
    assert!(fake.requests().await.len() <= 16);
    // Rulesets and classic rule are both known, so that the branch need not be asked.
    assert!(!fake.asked().await.contains(&"/repos/acme/widget/branches/main".to_owned()));
    assert_eq!(*seen(&evidence, "default_branch.protected"), Seen::Bool(false));
    assert_eq!(*seen(&evidence, "actions.allowed"), Seen::Text("selected".into()));
    assert_eq!(*seen(&evidence, "access.administrators"), Seen::Count(1));
    for key in [
        "security.secret_scanning",
        "security.dependabot_alerts",
        "security.code_scanning_default_setup",
        "org.two_factor_required",
    ] {
        assert_eq!(*seen(&evidence, key), Seen::Bool(true), "{key}");
    }
    assert!(matches!(state(&evidence, "security.push_protection"), State::Unavailable { .. }));
    assert!(is_not_permitted(state(&evidence, "org.default_repository_permission")));
}

/// What GitHub answers an administrator to the second query.
fn administration() -> Value {
    json!({ "data": {
        "people": {
            "collaborators": { "totalCount": 2, "edges": [
                { "permission": "ADMIN", "node": { "id": "U1" } }, { "permission": "WRITE", "node": { "id": "U2" } },
            ] },
            "outside": { "totalCount": 1, "edges": [{ "permission": "WRITE" }] },
            "owner": { "id": "O1", "__typename": "Organization" },
        },
        "dependabot": {
            "hasVulnerabilityAlertsEnabled": true,
            "vulnerabilityAlerts": { "totalCount": 1, "nodes": [
                { "createdAt": "2025-01-02T00:00:00Z", "securityVulnerability": { "severity": "HIGH" } },
            ] },
        },
        "deploy_keys": { "deployKeys": { "totalCount": 1, "nodes": [
            { "createdAt": "2024-01-02T00:00:00Z", "readOnly": false },
        ] } },
        "environments": { "environments": { "totalCount": 1, "nodes": [{ "protectionRules": { "nodes": [
            { "type": "REQUIRED_REVIEWERS", "preventSelfReview": true, "reviewers": { "totalCount": 1 } },
        ] } }] } },
    } })
}

/// A repository whose administrator owns the organisation too, with answers to all that is asked in each depth.
fn administered() -> std::collections::BTreeMap<String, ResponseTemplate> {
    let mut answers = with_token(&json!("ADMIN"));
    let mut main = graphql(&json!("ADMIN"));
    main["data"]["repository"]["owner"]["viewerCanAdminister"] = json!(true);
    let widget = "/repos/acme/widget";
    let hook = json!({ "active": true, "config": { "url": "https://ci.example.org/x", "insecure_ssl": "0" } });
    let user = |any: bool| json!({ "contributionsCollection": { "hasAnyContributions": any, "hasAnyRestrictedContributions": false } });
    let settings = [
        ("graphql Seaworthy".to_owned(), main),
        ("graphql SeaworthyActivity".to_owned(), json!({ "data": { "nodes": [user(false)] } })),
        (format!("{widget}/actions/permissions"), json!({ "enabled": true, "allowed_actions": "all" })),
        (
            format!("{widget}/actions/permissions/fork-pr-contributor-approval"),
            json!({ "approval_policy": "all_external_contributors" }),
        ),
        (format!("{widget}/immutable-releases"), json!({ "enabled": true, "enforced_by_owner": false })),
        (format!("{widget}/hooks?per_page=100"), json!([hook])),
        (format!("{widget}/environments?per_page=100"), json!({ "environments": [{ "can_admins_bypass": true }] })),
        (
            format!("{widget}/actions/secrets?per_page=100"),
            json!({ "secrets": [{ "name": "HIDDEN_NAME", "updated_at": "2025-02-03T00:00:00Z" }] }),
        ),
        (
            "/orgs/acme".to_owned(),
            json!({ "login": "acme", "two_factor_requirement_enabled": true, "members_can_create_teams": false }),
        ),
        ("/orgs/acme/members?role=admin&per_page=100".to_owned(), json!([{ "login": "hidden-login" }])),
    ];
    answers.extend(settings.map(|(key, body)| (key, json_of(&body))));
    answers.insert("graphql SeaworthyAdministration".to_owned(), json_of(&administration()));
    answers
}

#[tokio::test]
async fn an_administrator_sees_who_else_has_a_way_in() {
    let fake = FakeGitHub::start(administered()).await;
    let evidence = fake.collect(Some(TOKEN)).await.unwrap();
    assert!(fake.requests().await.len() <= 16);
    for (key, count) in [
        ("access.administrators", 1),
        ("access.writers", 2),
        ("access.outside_writers", 1),
        ("access.deploy_keys_writable", 1),
        ("actions.environments_no_self_review", 1),
        ("security.dependabot_alerts_high", 1),
    ] {
        assert_eq!(*seen(&evidence, key), Seen::Count(count), "{key}");
    }
    assert_eq!(*seen(&evidence, "security.dependabot_alerts"), Seen::Bool(true));
    assert_eq!(*seen(&evidence, "actions.fork_approval"), Seen::Text("all_external_contributors".into()));
    assert_eq!(*seen(&evidence, "org.members_can_create_teams"), Seen::Bool(false));
    // Only full depth asks for these.
    assert!(matches!(state(&evidence, "org.owners"), State::Unavailable { reason } if reason.contains("full depth")));
}

#[tokio::test]
async fn full_depth_asks_for_all_and_for_an_organisation_once() {
    let fake = FakeGitHub::start(administered()).await;
    let session = fake.session(Depth::Full);
    let now = "2026-02-01T00:00:00Z".parse().unwrap();
    let first = session.collect(&"acme/widget".parse().unwrap(), now).await.unwrap().evidence;
    let second = session.collect(&"acme/old".parse().unwrap(), now).await.unwrap().evidence;
    for evidence in [&first, &second] {
        assert_eq!(*seen(evidence, "org.owners"), Seen::Count(1));
        assert_eq!(*seen(evidence, "org.two_factor_required"), Seen::Bool(true));
        assert_eq!(*seen(evidence, "access.webhooks_without_secret"), Seen::Count(1));
        assert_eq!(*seen(evidence, "access.administrators_idle"), Seen::Count(1));
        assert_eq!(*seen(evidence, "actions.environments_admin_bypass"), Seen::Count(1));
        assert_eq!(*seen(evidence, "actions.oldest_secret_on"), Seen::Text("2025-02-03".into()));
        let json = evidence.to_json().unwrap();
        assert!(!json.contains("HIDDEN_NAME") && !json.contains("hidden-login") && !json.contains("ci.example.org"));
    }
    let asked = fake.asked().await;
    assert_eq!(asked.iter().filter(|key| *key == "/orgs/acme").count(), 1);
    assert_eq!(asked.iter().filter(|key| key.starts_with("/orgs/acme/members?role")).count(), 1);
    assert_eq!(asked.iter().filter(|key| *key == "/repos/acme/widget/hooks?per_page=100").count(), 2);
    assert!(first.api_requests <= 60 && second.api_requests < first.api_requests);
}

#[tokio::test]
async fn a_field_that_is_refused_hides_its_keys_alone() {
    let mut answer = graphql(&json!("ADMIN"));
    answer["errors"] = json!([
        { "type": "FORBIDDEN", "path": ["protection", "defaultBranchRef", "branchProtectionRule"], "message": "no" },
        { "type": "FORBIDDEN", "path": ["tags"], "message": "no" },
        { "path": ["reviews"], "message": "Something went wrong" },
    ]);
    answer["data"]["tags"] = Value::Null;
    answer["data"]["reviews"] = Value::Null;
    let mut answers = with_token(&json!("ADMIN"));
    answers.insert("graphql Seaworthy".to_owned(), json_of(&answer));
    answers.insert("/repos/acme/widget/branches/main".to_owned(), json_of(&branch(true)));
    let fake = FakeGitHub::start(answers).await;
    let evidence = fake.collect(Some(TOKEN)).await.unwrap();
    assert!(is_not_permitted(state(&evidence, "default_branch.pull_request_required")));
    assert!(matches!(state(&evidence, "tags.count"), State::Unavailable { .. }));
    assert!(matches!(state(&evidence, "reviews.sampled"), State::Failed { reason } if reason.contains("went wrong")));
    assert_eq!(*seen(&evidence, "history.authors"), Seen::Count(1));
}

#[tokio::test]
async fn an_app_has_the_role_that_the_rest_api_tells() {
    for (permissions, access) in [
        (json!({ "admin": false, "push": true }), Access::Write),
        (json!({ "admin": false, "push": false }), Access::Read),
    ] {
        let mut full = repository();
        full["permissions"] = permissions;
        let mut answers = with_token(&Value::Null);
        answers.insert("/repos/acme/widget".to_owned(), json_of(&full));
        let fake = FakeGitHub::start(answers).await;
        assert_eq!(fake.collect(Some(TOKEN)).await.unwrap().access, access);
        assert!(fake.requests().await.len() <= 8);
    }
}

/// What differs by nature: the REST API does not tell all that GraphQL does, but what both tell is the same.
#[tokio::test]
async fn both_ways_tell_the_same_where_both_tell() {
    let mut answer = graphql(&json!("READ"));
    answer["data"]["rulesets"]["rulesets"] = json!({ "totalCount": 2, "nodes": [
        {
            "databaseId": 7, "name": "main", "target": "BRANCH", "enforcement": "ACTIVE", "source": { "__typename": "Repository" },
            "rules": { "nodes": [{ "type": "PULL_REQUEST" }, { "type": "CODE_SCANNING" }] },
        },
        {
            "databaseId": 8, "name": "tags", "target": "TAG", "enforcement": "ACTIVE", "source": { "__typename": "Repository" },
            "conditions": { "refName": { "include": ["~ALL"], "exclude": [] } },
            "rules": { "nodes": [{ "type": "DELETION" }, { "type": "UPDATE" }] },
        },
    ] });
    answer["data"]["releases"]["releases"] = json!({ "totalCount": 1, "nodes": [{
        "tagName": "v1", "description": "Notes that say something of it", "publishedAt": "2026-01-02T00:00:00Z",
        "releaseAssets": { "nodes": [{ "name": "w.zip", "downloadUrl": "https://x/v1/w.zip" }] },
    }] });
    answer["data"]["repository"]["homepageUrl"] = Value::Null;
    answer["data"]["repository"]["licenseInfo"] = Value::Null;
    answer["data"]["history"]["defaultBranchRef"]["target"]["history"]["nodes"][0]["message"] = json!("Fix");
    answer["data"]["history"]["defaultBranchRef"]["target"]["recent"]["totalCount"] = json!(1);
    answer["data"]["tags"]["refs"] = json!({ "totalCount": 1, "nodes": [{ "name": "v1" }] });
    let mut answers = with_token(&json!("READ"));
    answers.insert("graphql Seaworthy".to_owned(), json_of(&answer));
    let rules = json!([
        { "type": "pull_request", "ruleset_id": 7, "ruleset_source_type": "Repository", "parameters": {
            "required_approving_review_count": 1, "required_reviewers": [{ "minimum_approvals": 1 }] } },
        { "type": "code_scanning", "ruleset_id": 7, "ruleset_source_type": "Repository", "parameters": {
            "code_scanning_tools": [{ "tool": "CodeQL", "alerts_threshold": "errors", "security_alerts_threshold": "high_or_higher" }] } },
    ]);
    let listed = json!([
        { "id": 7, "name": "main", "target": "branch", "enforcement": "active" },
        { "id": 8, "name": "tags", "target": "tag", "enforcement": "active" },
    ]);
    let detail = json!({ "id": 8, "name": "tags", "target": "tag", "enforcement": "active",
        "rules": [{ "type": "deletion" }, { "type": "update" }], "conditions": { "ref_name": { "include": ["~ALL"] } } });
    let release = json!([{
        "tag_name": "v1", "body": "Notes that say something of it", "published_at": "2026-01-02T00:00:00Z", "immutable": true,
        "assets": [{ "name": "w.zip", "browser_download_url": "https://x/v1/w.zip", "digest": "sha256:0a" }],
    }]);
    for (path, body) in [
        ("/repos/acme/widget/rules/branches/main?per_page=100", rules),
        ("/repos/acme/widget/rulesets?includes_parents=true&per_page=100", listed),
        ("/repos/acme/widget/rulesets/8", detail),
        ("/repos/acme/widget/releases?per_page=30", release),
        ("/repos/acme/widget/branches/main", branch(true)),
    ] {
        answers.insert(path.to_owned(), json_of(&body));
    }
    let files = tarball(&[("README.md", "# Widget"), ("SECURITY.md", "Write us.")]);
    let fake = FakeGitHub::start(answers.clone()).await;
    let codeload = format!("{}/codeload/widget.tar.gz", fake.url());
    answers.insert(format!("/repos/acme/widget/tarball/{COMMIT}"), redirect(302, &codeload));
    answers.insert("/codeload/widget.tar.gz".to_owned(), ResponseTemplate::new(200).set_body_bytes(files));
    let by_graphql = fake.collect(Some(TOKEN)).await.unwrap();
    let by_rest = fake.collect(None).await.unwrap();
    let mut compared = 0;
    for info in Vocabulary::built_in().keys().filter(|info| !info.told_by("files")) {
        let (left, right) = (state(&by_graphql, &info.key), state(&by_rest, &info.key));
        if left.is_known() && right.is_known() {
            assert_eq!(left, right, "{}", info.key);
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared} keys were compared");
    let tools = Seen::List(vec!["CodeQL (alerts: errors, security alerts: high_or_higher)".to_owned()]);
    assert_eq!(*seen(&by_rest, "default_branch.code_scanning_tools"), tools);
    assert_eq!(*seen(&by_rest, "default_branch.team_review_required"), Seen::Bool(true));
    assert_eq!(*seen(&by_graphql, "releases.digests_percent"), Seen::Count(100));
    // What GraphQL alone tells is unknown without it, never no.
    for key in ["reviews.mergers", "checks.none_percent", "issues.open", "repo.code_of_conduct", "repo.merge_methods"] {
        assert!(state(&by_graphql, key).is_known(), "{key}");
        assert!(matches!(state(&by_rest, key), State::Unavailable { .. }), "{key}");
    }
}

#[tokio::test]
async fn in_depth_more_is_asked() {
    let mut answers = with_token(&json!("READ"));
    let release = json!([{
        "tag_name": "v2", "published_at": "2026-01-02T00:00:00Z", "assets": [{ "name": "w.zip", "digest": "sha256:0a" }],
    }]);
    let mut answer = graphql(&json!("READ"));
    answer["data"]["releases"]["releases"] = json!({ "totalCount": 1, "nodes": [{
        "tagName": "v2", "publishedAt": "2026-01-02T00:00:00Z", "releaseAssets": { "nodes": [{ "name": "w.zip" }] },
    }] });
    let activity =
        "/repos/acme/widget/activity?activity_type=force_push&time_period=year&per_page=100&ref=refs%2Fheads%2Fmain";
    let rules = json!([{ "type": "pull_request", "ruleset_id": 7, "ruleset_source_type": "Repository" }]);
    for (key, body) in [
        ("graphql Seaworthy", answer),
        ("/repos/acme/widget/releases?per_page=30", release),
        ("/repos/acme/widget/rules/branches/main?per_page=100", rules),
        (
            "/repos/acme/widget/rulesets/7?includes_parents=true",
            json!({ "id": 7, "name": "main", "current_user_can_bypass": "always" }),
        ),
        (activity, json!([{ "activity_type": "force_push" }])),
        ("/repos/acme/widget/dependency-graph/sbom", json!({ "sbom": { "packages": [{}, {}] } })),
    ] {
        answers.insert(key.to_owned(), json_of(&body));
    }
    let tag = format!("/repos/acme/widget/git/tags/{}", "4".repeat(40));
    answers.insert(tag, json_of(&json!({ "verification": { "verified": false } })));
    let fake = FakeGitHub::start(answers).await;
    let standard = fake.collect(Some(TOKEN)).await.unwrap();
    for key in ["releases.attested", "releases.tag_signed", "history.force_pushes_365_days", "repo.sbom_packages"] {
        assert!(matches!(state(&standard, key), State::Unavailable { reason } if reason.contains("in depth")), "{key}");
    }
    let full = fake.collect_in_depth(TOKEN).await.unwrap();
    assert_eq!(*seen(&full, "releases.attested"), Seen::Bool(false));
    assert_eq!(*seen(&full, "releases.tag_signed"), Seen::Bool(false));
    assert_eq!(*seen(&full, "history.force_pushes_365_days"), Seen::Count(1));
    assert_eq!(*seen(&full, "repo.sbom_packages"), Seen::Count(2));
    assert_eq!(*seen(&full, "default_branch.token_can_bypass"), Seen::Bool(true));
}
