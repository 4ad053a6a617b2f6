//! What is kept from one run to the next: an unchanged repository costs next to nothing, and nobody gets another's
//! answers.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::fake_github::*;
use crate::support::seaworthy;
use seaworthy::collect::github::{Settings, Slug, Token, collect};
use seaworthy::evidence::{Evidence, State, Value as Seen};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A GitHub whose answers can be asked for with conditions, and can change.
struct Living {
    server: MockServer,
    answers: Answers,
}

/// Each answer with its revision.
#[derive(Clone, Default)]
struct Answers(Arc<Mutex<BTreeMap<String, (u32, ResponseTemplate)>>>);

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let key = key(request);
        let Some((revision, answer)) = self.0.lock().unwrap().get(&key).cloned() else {
            return message(404, "Not Found");
        };
        let etag = format!("W/\"{revision}-{}\"", key.len());
        let known = request.headers.get("if-none-match").and_then(|value| value.to_str().ok());
        if key.starts_with("graphql") || key.contains("tarball") || key.contains("codeload") {
            answer
        } else if known == Some(etag.as_str()) {
            ResponseTemplate::new(304).insert_header("etag", etag)
        } else {
            answer.insert_header("etag", etag)
        }
    }
}

impl Living {
    async fn start() -> Self {
        let mut answers = with_token(&json!("READ"));
        answers.insert(format!("/repos/acme/widget/tarball/{COMMIT}"), redirect(302, "/codeload/widget"));
        let files = tarball(&[("README.md", "# Widget"), ("SECURITY.md", "Write us.")]);
        answers.insert("/codeload/widget".to_owned(), ResponseTemplate::new(200).set_body_bytes(files));
        answers.insert("/repos/acme/.github/tarball/HEAD".to_owned(), redirect(302, "/codeload/lender"));
        let lent = tarball(&[("CONTRIBUTING.md", "# Contributing\n\nSend a pull request.")]);
        answers.insert("/codeload/lender".to_owned(), ResponseTemplate::new(200).set_body_bytes(lent));
        answers.insert("/orgs/acme".to_owned(), json_of(&json!({ "login": "acme", "is_verified": true })));
        let answers = answers.into_iter().map(|(key, answer)| (key, (1, answer))).collect();
        let living = Self { server: MockServer::start().await, answers: Answers(Arc::new(Mutex::new(answers))) };
        Mock::given(any()).respond_with(living.answers.clone()).mount(&living.server).await;
        living
    }

    /// Changes an answer.
    fn change(&self, key: &str, body: &Value) {
        let mut answers = self.answers.0.lock().unwrap();
        let revision = answers.get(key).map_or(1, |(revision, _)| revision + 1);
        answers.insert(key.to_owned(), (revision, json_of(body)));
    }

    /// Collects at this time, and gives the evidence with the requests: key, and whether it was conditional.
    async fn collect(&self, cache: &Path, token: Option<&str>, at: &str) -> (Evidence, Vec<(String, bool)>) {
        self.server.reset().await;
        Mock::given(any()).respond_with(self.answers.clone()).mount(&self.server).await;
        let settings = Settings {
            credentials: token.map(|token| Token::new(token).unwrap()).into(),
            cache: Some(cache.to_owned()),
            ..Settings::new(self.server.uri().parse().unwrap())
        };
        let slug: Slug = "acme/widget".parse().unwrap();
        let collected = collect(&slug, &settings, format!("2026-02-01T{at}Z").parse().unwrap()).await.unwrap();
        let requests = self.server.received_requests().await.unwrap();
        let of = |request: &Request| (key(request), request.headers.contains_key("if-none-match"));
        (collected.evidence, requests.iter().map(of).collect())
    }
}

fn observations(evidence: &Evidence) -> String {
    serde_json::to_string(&evidence.observations).unwrap()
}

fn keys(requests: &[(String, bool)]) -> Vec<&str> {
    requests.iter().map(|(key, _)| key.as_str()).collect()
}

const REPOSITORY: &str = "/repos/acme/widget";
const BRANCH: &str = "/repos/acme/widget/branches/main";

#[tokio::test]
async fn with_a_token_an_unchanged_repository_counts_one_request() {
    let living = Living::start().await;
    let cache = tempfile::tempdir().unwrap();
    let (cold, asked) = living.collect(cache.path(), Some("one"), "00:00:00").await;
    assert_eq!(cold.api_requests as usize, asked.len());
    assert!(asked.iter().all(|(_, conditional)| !conditional));
    // However long ago: each answer is confirmed.
    let (again, asked) = living.collect(cache.path(), Some("one"), "20:00:00").await;
    assert_eq!(again.api_requests, 1);
    assert!(asked.iter().all(|(key, conditional)| *conditional || key == "graphql Seaworthy"), "{asked:?}");
    assert_eq!(observations(&cold), observations(&again));
    assert!(again.remarks.is_empty(), "{:?}", again.remarks);
    // What has changed is seen at once.
    living.change("/repos/acme/widget/private-vulnerability-reporting", &json!({ "enabled": false }));
    let (changed, _) = living.collect(cache.path(), Some("one"), "20:00:01").await;
    assert_eq!(changed.api_requests, 2);
    assert_eq!(*seen(&changed, "security.private_reporting"), Seen::Bool(false));
}

#[tokio::test]
async fn an_answer_that_told_nothing_is_not_taken_again() {
    const SETUP: &str = "/repos/acme/widget/code-scanning/default-setup";
    const ADVISORIES: &str = "/repos/acme/widget/security-advisories?state=published&per_page=100";
    let cases = [
        (SETUP, "security.code_scanning_default_setup", json!({}), json!({ "state": "configured" })),
        (ADVISORIES, "security.advisories_published", json!([{}]), json!([{ "state": "published" }])),
    ];
    for (path, key, hollow, whole) in cases {
        let living = Living::start().await;
        let cache = tempfile::tempdir().unwrap();
        living.change("graphql Seaworthy", &graphql(&json!("ADMIN")));
        living.change(path, &hollow);
        let (evidence, _) = living.collect(cache.path(), Some("one"), "00:00:00").await;
        let state = |evidence: &Evidence| evidence.get(key).unwrap().state.clone();
        assert!(matches!(state(&evidence), State::Failed { .. }), "{:?}", state(&evidence));
        // Another answer under the same mark.
        living.answers.0.lock().unwrap().get_mut(path).unwrap().1 = json_of(&whole);
        let (evidence, asked) = living.collect(cache.path(), Some("one"), "00:00:01").await;
        assert!(asked.contains(&(path.to_owned(), false)), "{asked:?}");
        assert!(matches!(state(&evidence), State::Observed(_)), "{:?}", state(&evidence));
    }
}

#[tokio::test]
async fn for_an_administrator_an_unchanged_repository_counts_two_requests() {
    let server = crate::rich_github::start(Some("ADMIN")).await;
    let cache = tempfile::tempdir().unwrap();
    let subject: Slug = "acme/widget".parse().unwrap();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let settings =
            Settings { cache: Some(cache.path().to_owned()), ..Settings::new(server.uri().parse().unwrap()) };
        seen.push(crate::rich_github::collect_with(settings, &subject, Some(TOKEN)).await.unwrap());
    }
    assert_eq!(observations(&seen[0]), observations(&seen[1]));
    let requests = server.received_requests().await.unwrap();
    let queries: Vec<String> = requests.iter().map(key).filter(|key| key.starts_with("graphql")).collect();
    assert_eq!(queries.iter().filter(|key| *key == "graphql Seaworthy").count(), 2);
    assert_eq!(queries.iter().filter(|key| *key == "graphql SeaworthyAdministration").count(), 1, "{queries:?}");
    assert!(seen[0].api_requests <= 16);
}

#[tokio::test]
async fn without_a_token_an_unchanged_repository_counts_two_requests() {
    let living = Living::start().await;
    let cache = tempfile::tempdir().unwrap();
    let (cold, asked) = living.collect(cache.path(), None, "00:00:00").await;
    assert!(cold.api_requests <= 12);
    assert!(keys(&asked).contains(&"/codeload/widget") && keys(&asked).contains(&"/codeload/lender"), "{asked:?}");
    let (again, asked) = living.collect(cache.path(), None, "00:30:00").await;
    // What the budget did not suffice for the first time is asked now.
    assert!(asked.len() <= 4, "{asked:?}");
    let (third, asked) = living.collect(cache.path(), None, "00:45:00").await;
    assert_eq!((third.api_requests, keys(&asked)), (2, vec![REPOSITORY, BRANCH]));
    assert_eq!(observations(&again), observations(&third));
    assert!(matches!(&third.remarks[..], [remark] if remark.contains("less than an hour ago")), "{:?}", third.remarks);
    assert_eq!(*seen(&third, "policy.security"), *seen(&cold, "policy.security"));
    assert_eq!(*seen(&third, "policy.contributing"), *seen(&cold, "policy.contributing"));
    // A star says nothing of settings.
    let mut starred = repository();
    starred["stargazers_count"] = json!(7);
    living.change(REPOSITORY, &starred);
    let (starred, asked) = living.collect(cache.path(), None, "00:46:00").await;
    assert_eq!((starred.api_requests, keys(&asked)), (2, vec![REPOSITORY, BRANCH]));
}

#[tokio::test]
async fn without_a_token_a_push_or_an_hour_asks_for_everything_again() {
    for (pushed, at) in [(true, "00:10:00"), (false, "01:10:00")] {
        let living = Living::start().await;
        let cache = tempfile::tempdir().unwrap();
        living.collect(cache.path(), None, "00:00:00").await;
        living.change("/repos/acme/widget/private-vulnerability-reporting", &json!({ "enabled": false }));
        if pushed {
            let mut changed = repository();
            changed["pushed_at"] = json!("2026-02-01T00:05:00Z");
            living.change(REPOSITORY, &changed);
        }
        let (evidence, asked) = living.collect(cache.path(), None, at).await;
        assert_eq!(*seen(&evidence, "security.private_reporting"), Seen::Bool(false));
        assert!(evidence.remarks.is_empty(), "{:?}", evidence.remarks);
        // Contents stay, because the tree names the same objects.
        assert!(!keys(&asked).contains(&"/codeload/widget"), "{asked:?}");
        assert!(evidence.api_requests as usize >= 8 && evidence.api_requests <= 12);
    }
}

#[tokio::test]
async fn nobody_gets_what_another_token_saw() {
    let living = Living::start().await;
    let cache = tempfile::tempdir().unwrap();
    living.collect(cache.path(), Some("first-secret"), "00:00:00").await;
    for token in [Some("second-secret"), None] {
        let (_, asked) = living.collect(cache.path(), token, "00:01:00").await;
        assert!(asked.iter().all(|(_, conditional)| !conditional), "{asked:?}");
        let contents = if token.is_some() { "graphql SeaworthyBlobs" } else { "/codeload/widget" };
        assert!(keys(&asked).contains(&contents), "{asked:?}");
    }
    for file in std::fs::read_dir(cache.path().join("answers-1")).unwrap() {
        let file = file.unwrap();
        let bytes = std::fs::read(file.path()).unwrap();
        let shown = format!("{} {}", file.file_name().to_string_lossy(), String::from_utf8_lossy(&bytes));
        assert!(!shown.contains("secret"));
    }
}

/// Collects with the real program, and gives the exit status and stderr.
fn run(living: &Living, arguments: &[&str]) -> (i32, String) {
    let mut command = seaworthy();
    command.env_remove("SEAWORTHY_NO_CACHE").args(["collect", "acme/widget", "--api-url", &living.server.uri()]);
    let output = command.env("GITHUB_TOKEN", "one").args(arguments).output().unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn a_damaged_or_closed_cache_is_told_once_and_costs_nothing_else() {
    let living = Living::start().await;
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let path = cache.to_str().unwrap();
    assert_eq!(run(&living, &["--cache-dir", path]), (0, String::new()));
    for file in std::fs::read_dir(cache.join("answers-1")).unwrap() {
        std::fs::write(file.unwrap().path(), "nonsense").unwrap();
    }
    let (status, said) = run(&living, &["--cache-dir", path]);
    assert_eq!((status, said.matches("note: ").count()), (0, 1), "{said}");
    assert!(said.contains("damaged"), "{said}");
    assert_eq!(run(&living, &["--cache-dir", path]), (0, String::new()));

    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let closed = ["--cache-dir", file.to_str().unwrap()];
    let (status, said) = run(&living, &closed);
    assert_eq!((status, said.matches("note: ").count()), (0, 1), "{said}");
    assert!(said.contains("going on without it"), "{said}");
    assert_eq!(run(&living, &["--quiet", closed[0], closed[1]]), (0, String::new()));
    assert_eq!(run(&living, &["--no-cache", closed[0], closed[1]]), (0, String::new()));
}

#[tokio::test]
async fn eight_runs_share_a_cache() {
    let living = Living::start().await;
    let cache = tempfile::tempdir().unwrap();
    let path = cache.path().to_str().unwrap();
    let living = &living;
    for _ in 0..2 {
        let ended: Vec<(i32, String)> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..8).map(|_| scope.spawn(|| run(living, &["--cache-dir", path]))).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        assert_eq!(ended, vec![(0, String::new()); 8]);
    }
    let names = std::fs::read_dir(cache.path().join("answers-1")).unwrap();
    assert!(names.flatten().all(|file| !file.file_name().to_string_lossy().starts_with('.')), "no temporary is left");
}
