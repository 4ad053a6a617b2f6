//! `seaworthy doctor`: the connection, the token, and what can be seen of a subject.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up is to fail")]

use std::collections::BTreeMap;
use std::path::Path;

use seaworthy::collect::github::doctor::Advice;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::apps::{AppGitHub, Scene, pem, run_as_app};
use crate::fake_github::*;
use crate::support::{Run, seaworthy};

fn run(api: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    let mut command = seaworthy();
    command.arg("doctor").args(arguments).args(["--api-url", api]).envs(variables.iter().copied());
    let output = command.output().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The examination of a subject as JSON, which must be usable.
fn examined(api: &str, variables: &[(&str, &str)]) -> Value {
    let run = run(api, variables, &["acme/widget", "--format", "json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

fn rate_limit() -> ResponseTemplate {
    let resource = json!({ "limit": 5000, "used": 1, "remaining": 4999, "reset": 1_800_000_000 });
    json_of(&json!({ "resources": { "core": resource, "graphql": resource }, "rate": resource }))
        .insert_header("x-github-request-id", "1")
}

/// A GitHub for somebody with these permissions in the repository, who owns the organisation or not.
fn answers(permissions: &Value, owns: bool) -> BTreeMap<String, ResponseTemplate> {
    let mut full = repository();
    full["permissions"] = permissions.clone();
    let organization = if owns {
        json!({ "login": "acme", "two_factor_requirement_enabled": true })
    } else {
        json!({ "login": "acme" })
    };
    [
        ("/rate_limit", rate_limit()),
        ("/user", json_of(&json!({ "login": "alice" }))),
        ("/repos/acme/widget", json_of(&full)),
        (
            "graphql SeaworthyDoctor",
            json_of(&json!({ "data": {
                "viewer": { "login": "alice" }, "repository": { "owner": { "viewerCanAdminister": owns } },
                "contents": { "object": { "id": "x" } }, "reviews": { "pullRequests": { "totalCount": 3 } },
            } })),
        ),
        ("/repos/acme/widget/actions/permissions", json_of(&json!({ "enabled": true }))),
        ("/repos/acme/widget/collaborators?per_page=1", json_of(&json!([{ "login": "alice" }]))),
        ("/orgs/acme", json_of(&organization)),
    ]
    .map(|(key, answer)| (key.to_owned(), answer))
    .into()
}

fn administrator() -> Value {
    json!({ "admin": true, "maintain": true, "push": true })
}

fn reader() -> Value {
    json!({ "admin": false, "push": false, "pull": true })
}

/// What became of a permission.
fn sight<'a>(examination: &'a Value, permission: &str) -> &'a str {
    let all = examination["subject"]["permissions"].as_array().unwrap();
    all.iter().find(|found| found["permission"] == permission).unwrap()["sight"].as_str().unwrap()
}

const TOKEN_SET: [(&str, &str); 1] = [("GITHUB_TOKEN", TOKEN)];

#[tokio::test]
async fn an_administrator_sees_everything_in_six_requests() {
    let fake = FakeGitHub::start(answers(&administrator(), true)).await;
    let found = examined(&fake.url(), &TOKEN_SET);
    assert_eq!((&found["requests"], &found["identity"]["login"]), (&json!(6), &json!("alice")));
    assert_eq!(found["subject"]["access"], "admin");
    for permission in ["metadata: read", "administration: read", "organization_administration: read"] {
        assert_eq!(sight(&found, permission), "seen", "{permission}");
    }
    // The rate limit itself is free.
    assert_eq!(fake.requests().await.len(), 7);
    let mut graphql = fake.asked().await;
    graphql.retain(|key| key.starts_with("graphql"));
    assert_eq!(graphql, ["graphql SeaworthyDoctor"]);
}

#[tokio::test]
async fn a_reader_is_not_asked_for_what_the_role_cannot_see() {
    let fake = FakeGitHub::start(answers(&reader(), false)).await;
    let found = examined(&fake.url(), &TOKEN_SET);
    assert_eq!(found["requests"], 3);
    assert_eq!(sight(&found, "administration: read"), "hidden");
    let run = run(&fake.url(), &TOKEN_SET, &["acme/widget"]);
    let page = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "Server GitHub answers",
        "REST: 4999 of 5000 requests left",
        "may read; the repository is public",
        "the token's owner does not administer the repository",
        "Administration: Read-only",
        "GITHUB_TOKEN can never have administration: read",
    ] {
        assert!(page.contains(words), "{words}: {}", run.stdout);
    }
}

#[tokio::test]
async fn a_fine_grained_token_of_an_administrator_may_lack_permissions() {
    let mut refused = answers(&administrator(), false);
    let no = || message(403, "Resource not accessible by personal access token");
    refused.insert("/repos/acme/widget/actions/permissions".to_owned(), no());
    let mut full = repository();
    full["permissions"] = administrator();
    full["visibility"] = json!("private");
    refused.insert("/repos/acme/widget".to_owned(), json_of(&full));
    let mut graph = json!({ "data": {
        "viewer": null, "repository": { "owner": {} }, "contents": { "object": { "id": "x" } }, "reviews": null,
    } });
    graph["errors"] = json!([{ "type": "FORBIDDEN", "path": ["reviews", "pullRequests"], "message": "no" }]);
    refused.insert("graphql SeaworthyDoctor".to_owned(), json_of(&graph));
    let fake = FakeGitHub::start_for(refused, "github_pat_x").await;
    let found = examined(&fake.url(), &[("GITHUB_TOKEN", "github_pat_x")]);
    assert_eq!(found["kind"], "fine-grained");
    assert_eq!(sight(&found, "administration: read"), "hidden");
    assert_eq!(sight(&found, "pull_requests: read"), "hidden");
    assert_eq!(sight(&found, "contents: read"), "seen");
    assert_eq!(sight(&found, "organization_administration: read"), "hidden");
}

#[tokio::test]
async fn nobody_needs_a_token_or_a_subject() {
    let fake = FakeGitHub::start(answers(&reader(), false)).await;
    let found = examined(&fake.url(), &[]);
    assert_eq!((&found["requests"], &found["kind"]), (&json!(1), &Value::Null));
    assert_eq!(sight(&found, "administration: read"), "hidden");
    let run = run(&fake.url(), &[], &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("nobody: no token") && run.stdout.contains("counted against the rate limit: 0"));
}

#[tokio::test]
async fn headers_tell_of_server_and_token() {
    let mut answers = answers(&reader(), false);
    let headers = rate_limit()
        .insert_header("x-github-enterprise-version", "3.14.2")
        .insert_header("x-oauth-scopes", "public_repo")
        .insert_header("github-authentication-token-expiration", "2099-12-24 10:00:00 UTC")
        .insert_header("x-github-sso", "required; url=https://github.com/orgs/acme/sso?authorization_request=SECRET")
        .insert_header("date", "Tue, 01 Jan 2030 00:00:00 GMT");
    answers.insert("/rate_limit".to_owned(), headers);
    let fake = FakeGitHub::start(answers).await;
    let run = run(&fake.url(), &TOKEN_SET, &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let page = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in
        ["Enterprise Server 3.14.2", "scopes: public_repo", "2099-12-24 10:00 UTC", "single sign-on", "set it right"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("SECRET"));
}

#[tokio::test]
async fn a_server_without_rate_limits_is_usable() {
    let mut answers = answers(&reader(), false);
    answers.insert("/rate_limit".to_owned(), message(404, "Rate limiting is not enabled."));
    let fake = FakeGitHub::start(answers).await;
    assert_eq!(examined(&fake.url(), &TOKEN_SET)["limits"], json!([]));
}

#[tokio::test]
async fn what_cannot_be_used_ends_with_status_4() {
    let fake = FakeGitHub::start(answers(&reader(), false)).await;
    let html = ResponseTemplate::new(200).set_body_string("<html>");
    let web = FakeGitHub::start([("/rate_limit".to_owned(), html)].into()).await;
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (api, variables, arguments, expected) in [
        (fake.url(), &[("GITHUB_TOKEN", "wrong")][..], &[][..], "refuses what you ask with: Bad credentials"),
        (web.url(), &[], &[], "it is a web page"),
        (format!("http://{gone}"), &[], &[], "the connection was refused"),
        (fake.url(), &TOKEN_SET, &["acme/missing"], "acme/missing was not found"),
    ] {
        for format in ["text", "json"] {
            let run = run(&api, variables, &[arguments, &["--format", format]].concat());
            assert_eq!(run.status, 4, "{}", run.stdout);
            assert!(run.stderr.contains(expected), "{expected}: {}", run.stderr);
            assert!(format == "text" || serde_json::from_str::<Value>(&run.stdout).is_ok());
        }
    }
}

#[tokio::test]
async fn the_token_of_a_workflow_never_sees_settings() {
    let fake = FakeGitHub::start_for(answers(&reader(), false), "ghs_workflow").await;
    let found = examined(&fake.url(), &[("GITHUB_TOKEN", "ghs_workflow"), ("GITHUB_ACTIONS", "true")]);
    assert_eq!(found["kind"], "actions");
    assert_eq!(sight(&found, "administration: read"), "hidden");
    // Who it is tells GraphQL; `GET /user` is for people.
    assert!(!fake.asked().await.contains(&"/user".to_owned()));
}

#[tokio::test]
async fn an_app_sees_what_its_installation_was_granted() {
    let mut scene = Scene::new();
    scene.answers.extend(answers(&reader(), false));
    scene.permissions["administration"] = json!("read");
    let github = AppGitHub::start(scene).await;
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["doctor", "acme/widget", "--format", "json"];
    let run = run_as_app(folder.path(), &github.server.uri(), Some(&pem()), &arguments);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let found: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(found["identity"]["app_name"], "assessor");
    assert_eq!(found["identity"]["installation"], 77);
    assert_eq!(found["granted"]["administration"], "read");
    assert_eq!(sight(&found, "administration: read"), "seen");
    assert!(found["requests"].as_u64().unwrap() <= 6);
}

#[tokio::test]
async fn an_app_that_is_not_installed_is_refused() {
    let github = AppGitHub::start(Scene::new().answer("/orgs/acme/installation", message(404, "Not Found"))).await;
    let folder = tempfile::tempdir().unwrap();
    let run = run_as_app(folder.path(), &github.server.uri(), Some(&pem()), &["doctor", "acme/widget"]);
    assert_eq!(run.status, 4, "{}", run.stdout);
    assert!(run.stderr.contains("is not installed on acme"), "{}", run.stderr);
}

#[test]
fn the_page_about_tokens_says_what_is_needed() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tokens.md")).unwrap();
    let advice = Advice::new(None);
    let classic = advice.classic.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(" and ");
    for block in [
        format!("```text\n{}```", advice.fine_grained),
        format!("```yaml\n{}```", advice.app),
        format!("```yaml\n{}```", advice.workflow),
        classic,
    ] {
        assert!(page.contains(&block), "docs/tokens.md must hold\n{block}");
    }
    for words in advice.never_in_workflows {
        assert!(page.contains(&format!("*{words}*")), "docs/tokens.md must name *{words}*");
    }
}
