//! Collecting from a GitHub that fails, leads elsewhere, or is another server: what is still known, and what is said.

use crate::fake_github::*;
use crate::github::is_not_permitted;
use seaworthy::collect::github::CollectError;
use seaworthy::evidence::{Access, State, Value as Seen};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

fn with_text(mut answer: ResponseTemplate, text: &str) -> ResponseTemplate {
    answer = answer.set_body_string(text.to_owned());
    answer
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
    let missing = no_repository("NOT_FOUND", "Could not resolve");
    let closed = no_repository("FORBIDDEN", "Resource protected by SAML");
    let cases: [(&str, ResponseTemplate, Option<&str>, &str); 10] = [
        ("/repos/acme/widget", message(401, "Must authenticate"), None, "does not answer without a token"),
        ("/repos/acme/widget", message(404, "Not Found"), None, "was not found"),
        ("/repos/acme/widget", message(451, "Repository access blocked"), None, "is blocked by GitHub"),
        ("/repos/acme/widget", message(403, "Repository access blocked"), None, "is blocked by GitHub"),
        ("/repos/acme/widget", message(500, ""), None, "did not answer as GitHub does (HTTP 500)"),
        ("/repos/acme/widget", limited(), None, "is used up until 2027-01-15 08:00:00 UTC"),
        ("graphql Seaworthy", limited(), Some(TOKEN), "is used up until 2027-01-15 08:00:00 UTC"),
        ("graphql Seaworthy", missing, Some(TOKEN), "was not found"),
        ("graphql Seaworthy", closed, Some(TOKEN), "refused the token (Resource protected by SAML)"),
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
