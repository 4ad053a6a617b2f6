//! Collecting from GitHub, end to end against a fake one: what is asked, with which headers, and what it comes to.

use crate::fake_github::*;
use seaworthy::collect::github::CollectError;
use seaworthy::evidence::{Access, State, Value as Seen, Vocabulary};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

fn is_not_permitted(state: &State) -> bool {
    matches!(state, State::NotPermitted { .. })
}

/// Requests without those for files: the number of these depends on what the analysis wants.
async fn asked_but_files(fake: &FakeGitHub) -> Vec<String> {
    let files = |key: &String| !key.contains("SeaworthyBlobs") && !key.contains("tarball") && !key.contains("codeload");
    fake.asked().await.into_iter().filter(files).collect()
}

fn with_text(mut answer: ResponseTemplate, text: &str) -> ResponseTemplate {
    answer = answer.set_body_string(text.to_owned());
    answer
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
        ("/orgs/acme", json!({ "two_factor_requirement_enabled": true })),
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

#[tokio::test]
async fn without_graphql_the_rest_api_does() {
    for broken in [
        message(502, "Bad gateway"),
        with_text(ResponseTemplate::new(200), "<html>"),
        ResponseTemplate::new(200).set_delay(std::time::Duration::from_secs(30)),
    ] {
        let mut answers = common();
        answers.insert("graphql Seaworthy".to_owned(), broken);
        let fake = FakeGitHub::start(answers).await;
        let evidence = fake.collect(Some(TOKEN)).await.unwrap();
        assert_eq!(evidence.access, Access::Read);
        assert_eq!(*seen(&evidence, "history.authors"), Seen::Count(1));
        assert!(matches!(state(&evidence, "reviews.sampled"), State::Unavailable { .. }));
        assert!(evidence.remarks[0].contains("GraphQL"), "{:?}", evidence.remarks);
    }
}

#[tokio::test]
async fn an_enterprise_server_has_its_own_paths() {
    let mut answer = graphql(&json!("READ"));
    answer["data"]["repository"]["url"] = json!("https://git.example.org/acme/widget");
    let mut answers = with_token(&json!("READ"));
    answers.insert("graphql Seaworthy".to_owned(), json_of(&answer));
    let fake = FakeGitHub::start(answers).await;
    let evidence = fake.collect_at("/api/v3/", "acme/widget", Some(TOKEN)).await.unwrap();
    assert_eq!(evidence.subject.id, "git.example.org/acme/widget");
    let paths = fake.paths().await;
    assert_eq!(paths[0], "/api/graphql");
    assert!(paths.iter().all(|path| path == "/api/graphql" || path.starts_with("/api/v3/repos/acme/widget")));
    assert_eq!(*seen(&evidence, "security.private_reporting"), Seen::Bool(true));
}

#[tokio::test]
async fn a_renamed_repository_is_followed_on_the_same_host() {
    let mut answers = common();
    answers.insert("/repos/acme/old".to_owned(), redirect(301, "/repositories/42"));
    answers.insert("/repositories/42".to_owned(), json_of(&repository()));
    let fake = FakeGitHub::start(answers).await;
    let evidence = fake.collect_at("", "acme/old", None).await.unwrap();
    assert_eq!(evidence.subject.id, "github.com/acme/widget");
    assert_eq!(*seen(&evidence, "repo.renamed_from"), Seen::Text("acme/old".into()));
    assert!(evidence.api_requests <= 12);

    let fake = FakeGitHub::start(with_token(&json!("READ"))).await;
    let evidence = fake.collect_at("", "acme/old", Some(TOKEN)).await.unwrap();
    assert_eq!(*seen(&evidence, "repo.renamed_from"), Seen::Text("acme/old".into()));
}

#[tokio::test]
async fn redirects_never_lead_to_another_host() {
    let trap = FakeGitHub::start(common()).await;
    let mut answers = common();
    answers.insert("/repos/acme/old".to_owned(), redirect(301, &format!("{}/repos/acme/widget", trap.url())));
    answers.insert(format!("/repos/acme/widget/tarball/{COMMIT}"), redirect(302, &format!("{}/x.tar.gz", trap.url())));
    answers.insert(
        "/repos/acme/widget/rules/branches/main?per_page=100".to_owned(),
        redirect(302, &format!("{}/rules", trap.url())),
    );
    answers.insert("graphql Seaworthy".to_owned(), redirect(307, &format!("{}/graphql", trap.url())));
    let fake = FakeGitHub::start(answers).await;
    let error = fake.collect_at("", "acme/old", None).await.unwrap_err();
    assert!(matches!(&error, CollectError::Server { why, .. } if why.contains("redirect")), "{error}");
    fake.collect(None).await.unwrap();
    fake.collect(Some(TOKEN)).await.unwrap();
    assert_eq!(trap.requests().await, []);
}

#[tokio::test]
async fn an_empty_repository_has_no_branch_and_no_history() {
    let mut answers = common();
    answers.insert("/repos/acme/widget/branches/main".to_owned(), message(404, "Branch not found"));
    let commits = "/repos/acme/widget/commits?sha=main&per_page=100";
    answers.insert(commits.to_owned(), message(409, "Git Repository is empty."));
    let mut answer = graphql(&json!("READ"));
    answer["data"]["repository"]["defaultBranchRef"] = Value::Null;
    answer["data"]["protection"]["defaultBranchRef"] = Value::Null;
    answer["data"]["history"]["defaultBranchRef"] = Value::Null;
    answers.insert("graphql Seaworthy".to_owned(), json_of(&answer));
    let fake = FakeGitHub::start(answers).await;
    for token in [None, Some(TOKEN)] {
        let evidence = fake.collect(token).await.unwrap();
        assert_eq!((&evidence.subject.commit, &evidence.subject.default_branch), (&None, &None));
        assert_eq!(*state(&evidence, "default_branch.name"), State::Absent);
        assert_eq!(*state(&evidence, "history.last_commit_on"), State::Absent);
        assert_eq!(*seen(&evidence, "history.commits_90_days"), Seen::Count(0));
        let protected = state(&evidence, "default_branch.protected");
        assert!(matches!(protected, State::Unavailable { reason } if reason == "the repository is empty"));
    }
}

#[tokio::test]
async fn a_branch_that_is_not_shown_makes_no_empty_repository() {
    let mut answers = common();
    answers.insert("/repos/acme/widget/branches/main".to_owned(), message(404, "Not Found"));
    let fake = FakeGitHub::start(answers).await;
    let evidence = fake.collect(None).await.unwrap();
    assert_eq!(evidence.subject.commit.as_deref(), Some(COMMIT));
    assert_eq!(*seen(&evidence, "history.authors"), Seen::Count(1));
    assert!(is_not_permitted(state(&evidence, "default_branch.pull_request_required")));
}

#[tokio::test]
async fn a_failing_endpoint_costs_its_own_keys() {
    // How many requests more than the eight that were planned, and how many that do not count.
    for (broken, more, uncounted) in [
        (message(500, "Server Error"), 2, 0),
        (with_text(ResponseTemplate::new(200), "[{\"type\": "), 1, 0),
        (ResponseTemplate::new(200).set_delay(std::time::Duration::from_secs(30)), 1, 0),
        (message(429, "slow down"), 0, 1),
    ] {
        let mut answers = with_token(&json!("READ"));
        let advisories = "/repos/acme/widget/security-advisories?state=published&per_page=100";
        answers.insert(advisories.to_owned(), broken);
        let fake = FakeGitHub::start(answers).await;
        let evidence = fake.collect(Some(TOKEN)).await.unwrap();
        assert!(matches!(state(&evidence, "security.advisories_published"), State::Failed { .. }));
        assert_eq!(*seen(&evidence, "security.private_reporting"), Seen::Bool(true));
        assert!(evidence.api_requests <= 8 + more);
        assert_eq!(evidence.api_requests as usize + uncounted, fake.requests().await.len());
    }
}

#[tokio::test]
async fn what_cannot_be_identified_is_an_error_that_says_what_to_do() {
    let limited = ResponseTemplate::new(403)
        .insert_header("x-ratelimit-remaining", "0")
        .insert_header("x-ratelimit-reset", "1800000000")
        .set_body_json(json!({ "message": "API rate limit exceeded" }));
    let missing = json!({ "data": { "repository": null },
        "errors": [{ "type": "NOT_FOUND", "path": ["repository"], "message": "Could not resolve" }] });
    let closed = json!({ "data": { "repository": null },
        "errors": [{ "type": "FORBIDDEN", "path": ["repository"], "message": "Resource protected by SAML" }] });
    let cases: [(&str, ResponseTemplate, Option<&str>, &str); 10] = [
        ("/repos/acme/widget", message(401, "Must authenticate"), None, "does not answer without a token"),
        ("/repos/acme/widget", message(404, "Not Found"), None, "was not found"),
        ("/repos/acme/widget", message(451, "Repository access blocked"), None, "is blocked by GitHub"),
        ("/repos/acme/widget", message(403, "Repository access blocked"), None, "is blocked by GitHub"),
        ("/repos/acme/widget", message(500, ""), None, "did not answer as GitHub does (HTTP 500)"),
        ("/repos/acme/widget", limited.clone(), None, "is used up until 2027-01-15 08:00:00 UTC"),
        ("graphql Seaworthy", limited, Some(TOKEN), "is used up until 2027-01-15 08:00:00 UTC"),
        ("graphql Seaworthy", json_of(&missing), Some(TOKEN), "was not found"),
        ("graphql Seaworthy", json_of(&closed), Some(TOKEN), "refused the token (Resource protected by SAML)"),
        ("", message(404, ""), Some("wrong-token"), "refused the token (Bad credentials)"),
    ];
    for (key, answer, token, expected) in cases {
        let mut answers = with_token(&json!("READ"));
        answers.insert(key.to_owned(), answer);
        let fake = FakeGitHub::start(answers).await;
        let error = fake.collect(token).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{key}: {error}");
        assert!(!error.contains(TOKEN) && !error.contains("wrong-token"), "{error}");
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
async fn an_error_in_one_part_costs_its_own_keys() {
    let mut answer = graphql(&json!("READ"));
    for part in ["checks", "issues", "dependencies"] {
        answer["data"][part] = Value::Null;
        let error = json!({ "path": [part], "message": "Something went wrong" });
        answer["errors"].as_array_mut().unwrap().push(error);
    }
    let mut answers = with_token(&json!("READ"));
    answers.insert("graphql Seaworthy".to_owned(), json_of(&answer));
    let fake = FakeGitHub::start(answers).await;
    let evidence = fake.collect(Some(TOKEN)).await.unwrap();
    for key in ["checks.passed_percent", "issues.open", "repo.dependency_manifests"] {
        assert!(matches!(state(&evidence, key), State::Failed { .. }), "{key}");
    }
    assert_eq!(*seen(&evidence, "reviews.approved_as_merged_percent"), Seen::Count(100));
    assert_eq!(*seen(&evidence, "pull_requests.open"), Seen::Count(2));
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

#[tokio::test]
async fn no_server_is_a_network_error() {
    // A port that was free a moment ago.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = seaworthy::collect::github::Settings {
        timeout: std::time::Duration::from_secs(2),
        ..seaworthy::collect::github::Settings::new(format!("http://{address}").parse().unwrap())
    };
    let slug = "acme/widget".parse().unwrap();
    let now = "2026-02-01T00:00:00Z".parse().unwrap();
    let result = seaworthy::collect::github::collect(&slug, &settings, now).await;
    assert!(matches!(result, Err(CollectError::Network { .. })));
}
