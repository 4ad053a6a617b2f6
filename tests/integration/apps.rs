//! Asking as a GitHub App: finding the installation, making and renewing its tokens, and saying what is wrong.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up is to fail")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use seaworthy::evidence::{Evidence, State, Value as Seen};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::fake_github::*;
use crate::support::{Run, seaworthy};

pub(crate) const APP: &str = "12345";

/// A key pair made for this run.
fn pair() -> &'static KeyPair {
    static PAIR: OnceLock<KeyPair> = OnceLock::new();
    PAIR.get_or_init(|| KeyPair::generate(KeySize::Rsa2048).unwrap())
}

/// The private key as a PEM file holds it.
pub(crate) fn pem() -> String {
    let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair().as_der().unwrap();
    let body = STANDARD.encode(der.as_ref());
    let lines: Vec<&str> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

/// What a fake GitHub knows of the app.
#[derive(Clone)]
pub(crate) struct Scene {
    /// Answers that differ, by path; those of the app's own paths too.
    pub(crate) answers: BTreeMap<String, ResponseTemplate>,
    /// Minutes until each token ends, in turn; then an hour.
    pub(crate) lasts: Vec<i64>,
    /// Tokens that are refused although they are new, by their number.
    pub(crate) refused: Vec<usize>,
    /// Seconds by which its clock is ahead.
    pub(crate) ahead: i64,
    pub(crate) permissions: Value,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self {
            answers: with_token(&json!(null)),
            lasts: Vec::new(),
            refused: Vec::new(),
            ahead: 0,
            permissions: json!({ "metadata": "read", "contents": "read", "pull_requests": "read" }),
        }
    }

    pub(crate) fn answer(mut self, path: &str, answer: ResponseTemplate) -> Self {
        self.answers.insert(path.to_owned(), answer);
        self
    }
}

/// A GitHub that lets an app in by its signed word, and nobody else.
pub(crate) struct AppGitHub {
    pub(crate) server: MockServer,
    made: Arc<Mutex<usize>>,
}

struct Answers {
    scene: Scene,
    made: Arc<Mutex<usize>>,
}

/// The present, by which GitHub checks what is signed.
#[expect(clippy::disallowed_methods, reason = "a server has a clock of its own")]
fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}

pub(crate) fn token_text(number: usize) -> String {
    format!("ghs_distinctive{number}installationtoken")
}

impl Answers {
    fn now(&self) -> DateTime<Utc> {
        now() + TimeDelta::seconds(self.scene.ahead)
    }

    /// Checks the signed word as GitHub does, by its own clock.
    fn word_is_right(&self, word: &str) -> bool {
        let Some((signed, signature)) = word.rsplit_once('.') else { return false };
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair().public_key());
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        let claims = URL_SAFE_NO_PAD.decode(signed.split('.').nth(1).unwrap_or_default()).unwrap_or_default();
        let claims: Value = serde_json::from_slice(&claims).unwrap_or_default();
        let (begins, ends, now) = (claims["iat"].as_i64(), claims["exp"].as_i64(), self.now().timestamp());
        public.verify(signed.as_bytes(), &signature).is_ok()
            && claims["iss"] == APP
            && begins.is_some_and(|begins| begins <= now)
            && ends.is_some_and(|ends| now < ends && ends <= now + 600)
    }

    fn of_the_app(&self, key: &str) -> ResponseTemplate {
        match self.scene.answers.get(key) {
            Some(answer) => answer.clone(),
            None if key == "/app" => json_of(&json!({ "id": 12345, "slug": "assessor" })),
            None if key == "/orgs/acme/installation" => json_of(&json!({ "id": 77, "suspended_at": null })),
            None if key == "/app/installations/77/access_tokens" => {
                let mut made = self.made.lock().unwrap();
                let lasts = self.scene.lasts.get(*made).copied().unwrap_or(60);
                let ends = self.now() + TimeDelta::minutes(lasts);
                *made += 1;
                ResponseTemplate::new(201).set_body_json(json!({
                    "token": token_text(*made), "expires_at": ends, "permissions": self.scene.permissions,
                    "repository_selection": "all",
                }))
            }
            None => message(404, "Not Found"),
        }
    }
}

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let key = key(request);
        let authorization = request.headers.get("authorization").and_then(|value| value.to_str().ok());
        let bearer = authorization.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        let is_app = key.starts_with("/app") || key.ends_with("/installation");
        let made = *self.made.lock().unwrap();
        let usable = made > 0 && bearer == token_text(made) && !self.scene.refused.contains(&made);
        let answer = if is_app && !self.word_is_right(bearer) {
            message(401, "A JSON web token could not be decoded")
        } else if is_app {
            self.of_the_app(&key)
        } else if usable {
            self.scene.answers.get(&key).cloned().unwrap_or_else(|| message(404, "Not Found"))
        } else {
            message(401, "Bad credentials")
        };
        answer.insert_header("date", self.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string().as_str())
    }
}

impl AppGitHub {
    pub(crate) async fn start(scene: Scene) -> Self {
        let server = MockServer::start().await;
        let made = Arc::new(Mutex::new(0));
        Mock::given(any()).respond_with(Answers { scene, made: Arc::clone(&made) }).mount(&server).await;
        Self { server, made }
    }

    fn made(&self) -> usize {
        *self.made.lock().unwrap()
    }

    async fn asked_as_app(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        let keys = requests.iter().map(|request| format!("{} {}", request.method, key(request)));
        keys.filter(|key| key.contains("/app") || key.ends_with("/installation")).collect()
    }
}

/// Runs the program as the app, in a folder, with the key in the environment.
pub(crate) fn run_as_app(folder: &Path, api: &str, key: Option<&str>, arguments: &[&str]) -> Run {
    let mut command = seaworthy();
    command.current_dir(folder).args(arguments).args(["--api-url", api]).env("SEAWORTHY_APP_ID", APP);
    command.envs(key.map(|key| ("SEAWORTHY_APP_PRIVATE_KEY", key)));
    let output = command.output().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Collects as the app, which must work.
fn collected(github: &AppGitHub, arguments: &[&str]) -> Evidence {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [&["collect", "acme/widget"], arguments].concat();
    let run = run_as_app(folder.path(), &github.server.uri(), Some(&pem()), &arguments);
    assert_eq!(run.status, 0, "{}", run.stderr);
    Evidence::from_json(&run.stdout).unwrap()
}

#[tokio::test]
async fn an_app_finds_its_installation_and_collects() {
    let github = AppGitHub::start(Scene::new()).await;
    let evidence = collected(&github, &[]);
    assert_eq!(evidence.subject.repository_id, Some(42));
    assert_eq!(*seen(&evidence, "policy.security"), Seen::Text("SECURITY.md".to_owned()));
    assert!(matches!(state(&evidence, "actions.enabled"), State::NotPermitted { .. }));
    assert!(evidence.api_requests <= 8, "{}", evidence.api_requests);
    let asked = github.asked_as_app().await;
    assert_eq!(
        asked,
        [
            "GET /repos/acme/widget/installation",
            "GET /orgs/acme/installation",
            "POST /app/installations/77/access_tokens"
        ]
    );
    // What is asked as the app is not counted.
    let all = github.server.received_requests().await.unwrap().len();
    assert_eq!(evidence.api_requests as usize, all - asked.len());
}

#[tokio::test]
async fn a_key_may_stand_in_a_file_and_the_installation_may_be_named() {
    let github = AppGitHub::start(Scene::new()).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("app.pem"), pem()).unwrap();
    let arguments = ["collect", "acme/widget", "--app-key", "app.pem", "--installation-id", "77"];
    let run = run_as_app(folder.path(), &github.server.uri(), None, &arguments);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(github.asked_as_app().await, ["POST /app/installations/77/access_tokens"]);
}

#[tokio::test]
async fn what_an_installation_was_granted_is_asked_for() {
    let mut scene = Scene::new().answer(
        "/repos/acme/widget/actions/permissions",
        json_of(&json!({ "enabled": true, "allowed_actions": "all" })),
    );
    scene.permissions["administration"] = json!("read");
    let github = AppGitHub::start(scene).await;
    let evidence = collected(&github, &[]);
    assert_eq!(*seen(&evidence, "actions.enabled"), Seen::Bool(true));
    assert!(evidence.api_requests <= 16, "{}", evidence.api_requests);
}

#[tokio::test]
async fn a_token_that_soon_ends_is_renewed() {
    let mut scene = Scene::new();
    scene.lasts = vec![4];
    let github = AppGitHub::start(scene).await;
    collected(&github, &[]);
    assert_eq!(github.made(), 2);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let mut scene = Scene::new();
    scene.refused = vec![1];
    let github = AppGitHub::start(scene.clone()).await;
    collected(&github, &[]);
    assert_eq!(github.made(), 2);
    scene.refused = vec![1, 2, 3];
    let github = AppGitHub::start(scene).await;
    let folder = tempfile::tempdir().unwrap();
    let run = run_as_app(folder.path(), &github.server.uri(), Some(&pem()), &["collect", "acme/widget"]);
    assert_eq!((run.status, github.made()), (4, 2), "{}", run.stderr);
    assert!(run.stderr.contains("refused the token"), "{}", run.stderr);
}

#[tokio::test]
async fn a_clock_that_is_wrong_here_does_no_harm() {
    for ahead in [-50, -7200, 7200] {
        let mut scene = Scene::new();
        scene.ahead = ahead;
        let github = AppGitHub::start(scene).await;
        collected(&github, &[]);
        assert_eq!(github.made(), 1, "{ahead}");
    }
}

#[tokio::test]
async fn what_keeps_an_app_from_asking_is_said() {
    let suspended = json!({ "id": 77, "suspended_at": "2026-01-01T00:00:00Z" });
    let token = "/app/installations/77/access_tokens";
    let cases = [
        (Scene::new().answer("/orgs/acme/installation", message(404, "Not Found")), "is not installed on acme"),
        (Scene::new().answer("/orgs/acme/installation", json_of(&suspended)), "installation 77 is suspended"),
        (Scene::new().answer(token, message(403, "This installation has been suspended")), "77 is suspended"),
        (Scene::new().answer(token, message(404, "Not Found")), "no installation 77"),
        (Scene::new().answer("/repos/acme/widget/installation", message(401, "Bad JWT")), "refused its key (Bad JWT)"),
        (Scene::new().answer(token, message(502, "")), "HTTP 502"),
        (Scene::new().answer(token, ResponseTemplate::new(201).set_body_string("<html>")), "could not be read"),
    ];
    for (scene, expected) in cases {
        let github = AppGitHub::start(scene).await;
        let folder = tempfile::tempdir().unwrap();
        let run = run_as_app(folder.path(), &github.server.uri(), Some(&pem()), &["assess", "acme/widget"]);
        assert_eq!(run.status, 4, "{}", run.stderr);
        assert!(run.stderr.contains(expected), "{expected}: {}", run.stderr);
        assert!(github.asked_as_app().await.len() <= 4);
    }
}

#[test]
fn a_key_that_cannot_be_used_is_wrong_use() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("app.pem"), "no key").unwrap();
    for (key, arguments, status, expected) in [
        (None, &[][..], 2, "needs the app's private key"),
        (Some("no key"), &[], 2, "no RSA private key in PEM form"),
        (None, &["--app-key", "app.pem"], 2, "cannot use `app.pem`"),
        (None, &["--app-key", "missing.pem"], 1, "cannot read `missing.pem`"),
        (Some(pem().as_str()), &["--app-id", "a b"], 2, "no id of a GitHub App"),
    ] {
        let arguments = [&["collect", "acme/widget"], arguments].concat();
        let run = run_as_app(folder.path(), "http://127.0.0.1:9", key, &arguments);
        assert_eq!(run.status, status, "{}", run.stderr);
        assert!(run.stderr.contains(expected), "{expected}: {}", run.stderr);
        assert!(!run.stderr.contains("no key\n"), "{}", run.stderr);
    }
}
