//! Assessing a repository of the fake GitHub with the real program.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up is to fail")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::fake_github::*;
use crate::support::{Run, seaworthy};
use seaworthy::assess::record::Assessment;
use seaworthy::evidence::{Evidence, State, Value as Seen};
use serde_json::json;
use wiremock::ResponseTemplate;

/// Runs the program in a folder, with the API at this address.
fn run(folder: &Path, api: &str, token: Option<&str>, arguments: &[&str]) -> Run {
    let mut command = seaworthy();
    command.current_dir(folder).args(arguments).args(["--api-url", api]);
    command.envs(token.map(|token| ("GITHUB_TOKEN", token)));
    let output = command.output().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Collects `acme/widget` and gives the evidence, which must be there.
fn collected(api: &str, token: Option<&str>, arguments: &[&str]) -> Evidence {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path(), api, token, &[&["collect", "acme/widget"], arguments].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    Evidence::from_json(&run.stdout).unwrap()
}

/// The answers of a whole repository, archive included.
pub(crate) fn whole() -> BTreeMap<String, ResponseTemplate> {
    let mut answers = with_token(&json!("READ"));
    answers.insert(format!("/repos/acme/widget/tarball/{COMMIT}"), redirect(302, "/codeload/widget.tar.gz"));
    let files = tarball(&[("README.md", "# Widget"), ("SECURITY.md", "Write us.")]);
    answers.insert("/codeload/widget.tar.gz".to_owned(), ResponseTemplate::new(200).set_body_bytes(files));
    answers
}

fn hanging() -> ResponseTemplate {
    ResponseTemplate::new(200).set_delay(Duration::from_secs(60))
}

#[tokio::test]
async fn a_repository_is_assessed_with_and_without_a_token() {
    for (token, budget, access) in [(Some(TOKEN), 8, "read"), (None, 12, "anonymous")] {
        let fake = FakeGitHub::start(whole()).await;
        let folder = tempfile::tempdir().unwrap();
        let files = ["r.html", "r.md", "r.json", "r.txt", "e.json"];
        let mut arguments = vec!["assess", "acme/widget", "-v", "--save-evidence", "e.json"];
        arguments.extend(files.iter().take(4).flat_map(|file| ["-o", *file]));
        let run = run(folder.path(), &fake.url(), token, &arguments);
        assert_eq!(run.status, 0, "{}", run.stderr);
        let texts = files.map(|file| std::fs::read_to_string(folder.path().join(file)).unwrap());
        let record = Assessment::from_json(&texts[2]).unwrap();
        assert_eq!(record.subject.id, "github.com/acme/widget");
        assert_eq!(record.subject.commit.as_deref(), Some(COMMIT));
        assert_eq!(record.inputs.evidence.access.word(), access);
        let evidence = Evidence::from_json(&texts[4]).unwrap();
        assert_eq!(evidence.access.word(), access);
        assert!(evidence.api_requests <= budget, "{}", evidence.api_requests);
        assert_eq!(*seen(&evidence, "policy.security"), Seen::Text("SECURITY.md".to_owned()));
        // Each request is told, with what came of it.
        let told = run.stderr.lines().filter(|line| line.starts_with("GET /") || line.starts_with("POST ")).count();
        assert_eq!(told, evidence.api_requests as usize, "{}", run.stderr);
        assert!(run.stderr.contains("GET /repos/acme/widget/rules/branches/main?per_page=100: 200"), "{}", run.stderr);
        for text in texts.iter().chain([&run.stdout, &run.stderr]) {
            assert!(!text.contains(TOKEN));
            assert!(!text.contains("ann@example.org"));
        }
    }
}

/// Answers that differ, the token, and words of the message.
type Case<'a> = (&'a [(&'a str, ResponseTemplate)], Option<&'a str>, &'a [&'a str]);

#[tokio::test]
async fn what_cannot_be_assessed_ends_with_status_4_and_says_what_to_do() {
    let missing = no_repository("NOT_FOUND", "Could not resolve");
    let html = || ResponseTemplate::new(200).set_body_string("<html><p>Sign in</p></html>");
    let cases: [Case<'_>; 9] = [
        (&[("/repos/acme/widget", message(404, "Not Found"))], None, &["was not found", "check the name"]),
        (&[("graphql Seaworthy", missing)], Some(TOKEN), &["was not found", "a token that can read it"]),
        (&[], Some("wrong-token"), &["refused the token (Bad credentials)", "has not expired"]),
        (&[("/repos/acme/widget", message(401, "Log in"))], None, &["does not answer without a token", "GITHUB_TOKEN"]),
        (&[("/repos/acme/widget", limited())], None, &["until 2027-01-15 08:00:00 UTC", "use a token whose own limit"]),
        (&[("graphql Seaworthy", limited())], Some(TOKEN), &["until 2027-01-15 08:00:00 UTC"]),
        (&[("/repos/acme/widget", html())], None, &["it is a web page", "check --api-url"]),
        (
            &[("/repos/acme/widget", html()), ("graphql Seaworthy", html())],
            Some(TOKEN),
            &["it is a web page", "check --api-url"],
        ),
        (&[("/repos/acme/widget", message(503, ""))], None, &["HTTP 503", "try again later"]),
    ];
    for (changes, token, expected) in cases {
        let mut answers = whole();
        answers.extend(changes.iter().map(|(key, answer)| ((*key).to_owned(), answer.clone())));
        let fake = FakeGitHub::start(answers).await;
        let folder = tempfile::tempdir().unwrap();
        let run = run(folder.path(), &fake.url(), token, &["assess", "acme/widget", "-o", "r.json"]);
        assert_eq!(run.status, 4, "{}", run.stderr);
        assert!(run.stderr.contains("error: ") && run.stdout.is_empty(), "{}", run.stderr);
        for words in expected {
            assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
        }
        assert!(token.is_none_or(|token| !run.stderr.contains(token)), "{}", run.stderr);
        assert!(!folder.path().join("r.json").exists());
    }
}

#[test]
fn a_server_that_is_not_there_ends_with_status_4() {
    // A port that was free a moment ago.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for token in [None, Some(TOKEN)] {
        let run = run(folder.path(), &format!("http://{address}"), token, &["assess", "acme/widget"]);
        assert_eq!(run.status, 4, "{}", run.stderr);
        assert!(run.stderr.contains("could not be reached") && run.stderr.contains("--api-url"), "{}", run.stderr);
    }
}

#[tokio::test]
async fn a_failing_endpoint_makes_its_keys_failed_and_no_more() {
    for (endpoint, key) in [
        ("/repos/acme/widget/private-vulnerability-reporting", "security.private_reporting"),
        ("/repos/acme/widget/security-advisories?state=published&per_page=100", "security.advisories_published"),
        ("/repos/acme/widget/contributors?per_page=100", "repo.contributors"),
        ("/repos/acme/widget/rules/branches/main?per_page=100", "default_branch.code_scanning_required"),
    ] {
        let mut answers = whole();
        answers.insert(endpoint.to_owned(), message(500, "Server Error"));
        // Protected, so that it does not follow from elsewhere that there are no rules.
        answers.insert("/repos/acme/widget/branches/main".to_owned(), json_of(&branch(true)));
        let fake = FakeGitHub::start(answers).await;
        for token in [None, Some(TOKEN)] {
            let evidence = collected(&fake.url(), token, &[]);
            assert!(matches!(state(&evidence, key), State::Failed { .. }), "{key}: {:?}", state(&evidence, key));
            assert_eq!(*seen(&evidence, "repo.archived"), Seen::Bool(false));
        }
    }
}

#[tokio::test]
async fn the_time_for_collecting_is_kept() {
    let endpoint = "/repos/acme/widget/rules/branches/main?per_page=100";
    let mut one = whole();
    one.insert(endpoint.to_owned(), hanging());
    let fake = FakeGitHub::start(one).await;
    let begun = Instant::now();
    let evidence = collected(&fake.url(), None, &["--timeout", "4"]);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert_eq!(*seen(&evidence, "security.private_reporting"), Seen::Bool(true));
    assert_eq!(*seen(&evidence, "policy.security"), Seen::Text("SECURITY.md".to_owned()));

    // All but what identifies the repository: what was not asked says that there was no time.
    let mut most = whole();
    for (key, answer) in &mut most {
        if key != "/repos/acme/widget" && key != "graphql Seaworthy" {
            *answer = hanging();
        }
    }
    let fake = FakeGitHub::start(most).await;
    for token in [None, Some(TOKEN)] {
        let begun = Instant::now();
        let evidence = collected(&fake.url(), token, &["--timeout", "2"]);
        assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
        let State::Failed { reason } = state(&evidence, "repo.contributors") else { panic!("{evidence:?}") };
        assert_eq!(reason, "the time for collecting was used up");
    }

    let fake = FakeGitHub::start(
        [("/repos/acme/widget", hanging()), ("graphql Seaworthy", hanging())]
            .map(|(key, answer)| (key.to_owned(), answer))
            .into(),
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    for token in [None, Some(TOKEN)] {
        let begun = Instant::now();
        let run = run(folder.path(), &fake.url(), token, &["assess", "acme/widget", "--timeout", "2"]);
        assert_eq!(run.status, 4, "{}", run.stderr);
        assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_download_that_does_not_end_is_cut_off() {
    // A server that sends a head, and then nothing more.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for mut stream in listener.incoming().flatten() {
            use std::io::{Read as _, Write as _};
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap_or(0);
            let path = String::from_utf8_lossy(&request[..length]).into_owned();
            let (status, body) = match path.split_whitespace().nth(1).unwrap_or_default() {
                "/repos/acme/widget" => ("200 OK", repository().to_string()),
                "/repos/acme/widget/branches/main" => ("200 OK", branch(false).to_string()),
                path if path.contains("/git/trees/") => (
                    "200 OK",
                    json!({ "truncated": false, "tree": [
                        { "path": "SECURITY.md", "mode": "100644", "sha": "3".repeat(40), "size": 9 },
                    ] })
                    .to_string(),
                ),
                path if path.contains("/tarball/") => ("302 Found\r\nlocation: /archive", "{}".to_owned()),
                "/archive" => {
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n\x1f\x8b").unwrap();
                    open.push(stream);
                    continue;
                }
                _ => ("404 Not Found", json!({ "message": "Not Found" }).to_string()),
            };
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    let begun = Instant::now();
    let evidence = collected(&format!("http://{address}"), None, &["--timeout", "3"]);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert_eq!(*seen(&evidence, "policy.security"), Seen::Text("SECURITY.md".to_owned()));
    assert!(matches!(state(&evidence, "policy.security_contacts"), State::Failed { .. }));
}

#[tokio::test]
async fn notices_stand_in_every_report() {
    let mut full = repository();
    full["archived"] = json!(true);
    full["fork"] = json!(true);
    full["parent"] = json!({ "full_name": "up/stream" });
    let mut answers = whole();
    answers.insert("/repos/acme/old".to_owned(), redirect(301, "/repositories/42"));
    answers.insert("/repositories/42".to_owned(), json_of(&full));
    let mut graph = graphql(&json!("READ"));
    graph["data"]["repository"]["isArchived"] = json!(true);
    graph["data"]["repository"]["isFork"] = json!(true);
    graph["data"]["repository"]["parent"] = json!({ "nameWithOwner": "up/stream" });
    answers.insert("graphql Seaworthy".to_owned(), json_of(&graph));
    let fake = FakeGitHub::start(answers).await;
    for token in [None, Some(TOKEN)] {
        let folder = tempfile::tempdir().unwrap();
        let run = run(
            folder.path(),
            &fake.url(),
            token,
            &["assess", "acme/old", "-o", "r.md", "-o", "r.html", "-o", "r.json"],
        );
        assert_eq!(run.status, 0, "{}", run.stderr);
        let reports =
            ["r.md", "r.html", "r.json"].map(|file| std::fs::read_to_string(folder.path().join(file)).unwrap());
        // Beside what is printed stand the notices on stderr.
        for text in reports.iter().chain([&run.stderr]) {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for notice in ["renamed from acme/old to acme/widget", "is archived", "is a fork of up/stream"] {
                assert!(words.contains(notice), "{notice}: {text}");
            }
        }
    }
}

#[tokio::test]
async fn an_enterprise_server_is_asked_below_its_path() {
    let fake = FakeGitHub::start(whole()).await;
    for (token, first) in [(None, "/api/v3/repos/acme/widget"), (Some(TOKEN), "/api/graphql")] {
        let before = fake.paths().await.len();
        let evidence = collected(&format!("{}/api/v3", fake.url()), token, &[]);
        assert_eq!(evidence.subject.repository_id, Some(42));
        assert_eq!(fake.paths().await[before], first);
    }
}

#[tokio::test]
async fn the_token_goes_to_no_other_host() {
    let trap = FakeGitHub::start(whole()).await;
    let mut answers = whole();
    for (key, answer) in &mut answers {
        if key != "/repos/acme/widget" && key != "graphql Seaworthy" {
            *answer = redirect(302, &format!("{}{key}", trap.url()));
        }
    }
    let fake = FakeGitHub::start(answers).await;
    collected(&fake.url(), Some(TOKEN), &[]);
    collected(&fake.url(), None, &[]);
    assert_eq!(trap.requests().await, []);
    let all = FakeGitHub::start(
        ["/repos/acme/widget", "graphql Seaworthy"]
            .map(|key| (key.to_owned(), redirect(307, &format!("{}/repos/acme/widget", trap.url()))))
            .into(),
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path(), &all.url(), Some(TOKEN), &["assess", "acme/widget"]);
    assert_eq!(run.status, 4, "{}", run.stderr);
    assert_eq!(trap.requests().await, []);
}

#[tokio::test]
async fn a_lender_that_cannot_be_read_makes_policies_unknown() {
    let mut graph = graphql(&json!("READ"));
    graph["errors"] = json!([{ "path": ["inherited"], "message": "Something went wrong" }]);
    let mut answers = whole();
    answers.insert("graphql Seaworthy".to_owned(), json_of(&graph));
    answers.insert("/repos/acme/.github/tarball/HEAD".to_owned(), message(502, ""));
    let fake = FakeGitHub::start(answers).await;
    for token in [None, Some(TOKEN)] {
        let evidence = collected(&fake.url(), token, &[]);
        let State::Failed { reason } = state(&evidence, "policy.contributing") else { panic!("{token:?}") };
        assert!(reason.contains("acme/.github could not be read"), "{reason}");
        // The repository has a security policy of its own.
        assert_eq!(*state(&evidence, "policy.security_contacts"), State::Absent);
        assert!(evidence.remarks.iter().any(|remark| remark.contains("acme/.github")), "{:?}", evidence.remarks);
    }
    let fake = FakeGitHub::start(whole()).await;
    for token in [None, Some(TOKEN)] {
        assert_eq!(*state(&collected(&fake.url(), token, &[]), "policy.contributing"), State::Absent);
    }
}

#[tokio::test]
async fn a_change_log_is_compared_only_with_known_tags() {
    let mut answers = whole();
    answers.insert("/repos/acme/widget/releases?per_page=30".to_owned(), message(500, ""));
    let fake = FakeGitHub::start(answers).await;
    let evidence = collected(&fake.url(), None, &[]);
    assert!(matches!(state(&evidence, "docs.changelog_covers_latest"), State::Unavailable { .. }));
}
