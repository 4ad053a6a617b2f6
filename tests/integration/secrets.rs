//! Tokens and keys appear nowhere: not in what is printed, and not in what is written.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up is to fail")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::apps::{APP, AppGitHub, Scene, pem, token_text};
use crate::fake_github::*;
use crate::support::seaworthy;

/// A token that nothing else looks like.
const SECRET: &str = "ghp_Zq7Distinctive0Words1That2Nobody3Else4Uses";

/// Every way in which the program talks to GitHub and writes.
const RUNS: [&[&str]; 5] = [
    &["collect", "acme/widget", "-v"],
    &["collect", "acme/widget", "-v", "-o", "evidence.json"],
    &[
        "assess",
        "acme/widget",
        "-v",
        "-o",
        "r.html",
        "-o",
        "r.md",
        "-o",
        "r.json",
        "-o",
        "r.txt",
        "--save-evidence",
        "e.json",
    ],
    &["doctor", "acme/widget", "-v"],
    &["doctor", "acme/widget", "-v", "--format", "json"],
];

/// What must not be seen: secrets, plain and in the forms in which they are sent or kept.
struct Needles(Vec<String>);

impl Needles {
    fn of(secrets: &[&str]) -> Self {
        let forms = |secret: &&str| {
            let encoded = [STANDARD.encode(secret), STANDARD_NO_PAD.encode(secret), URL_SAFE_NO_PAD.encode(secret)];
            let hex = secret.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
            let reversed: String = secret.chars().rev().collect();
            [vec![(*secret).to_owned(), hex, reversed], encoded.to_vec()].concat()
        };
        Self(secrets.iter().flat_map(forms).collect())
    }

    fn check(&self, text: &[u8], what: &str) {
        assert!(!self.are_in(text), "{what} holds a secret: {}", String::from_utf8_lossy(text));
    }

    fn are_in(&self, text: &[u8]) -> bool {
        let text = String::from_utf8_lossy(text);
        self.0.iter().any(|needle| text.contains(needle.as_str()))
    }

    /// Checks every file below a folder, and the files' names.
    fn check_folder(&self, folder: &Path) -> usize {
        let mut files = 0;
        let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                self.check(path.to_string_lossy().as_bytes(), "a path");
                if path.is_dir() {
                    folders.push(path);
                } else {
                    self.check(&std::fs::read(&path).unwrap(), &path.display().to_string());
                    files += 1;
                }
            }
        }
        files
    }
}

/// Runs the program everywhere it could leak, with a home and a working folder of its own, and looks at all that is left.
fn nothing_leaks(api: &str, variables: &[(&str, &str)], needles: &Needles, status: i32) {
    let folder = tempfile::tempdir().unwrap();
    for arguments in RUNS {
        let mut command = seaworthy();
        command.current_dir(folder.path()).args(arguments).args(["--api-url", api, "--timeout", "20"]);
        command.envs(variables.iter().copied()).env("HOME", folder.path()).env("RUST_BACKTRACE", "1");
        command.env("XDG_CACHE_HOME", folder.path().join("cache"));
        let output = command.output().unwrap();
        needles.check(&output.stdout, "stdout");
        needles.check(&output.stderr, "stderr");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
    let files = needles.check_folder(folder.path());
    assert!(status != 0 || files >= 6, "{files} files");
}

/// A repository that both collecting and examining can read.
fn whole() -> BTreeMap<String, ResponseTemplate> {
    let mut answers = with_token(&json!("READ"));
    answers.insert("/rate_limit".to_owned(), json_of(&json!({ "resources": {} })));
    answers.insert("/user".to_owned(), json_of(&json!({ "login": "alice" })));
    let probe =
        json!({ "data": { "contents": { "object": null }, "reviews": { "pullRequests": { "totalCount": 0 } } } });
    answers.insert("graphql SeaworthyDoctor".to_owned(), json_of(&probe));
    answers
}

/// The same answer to everything that begins a collection or an examination.
fn everything(answer: &ResponseTemplate) -> BTreeMap<String, ResponseTemplate> {
    ["/rate_limit", "/repos/acme/widget", "graphql Seaworthy"].map(|key| (key.to_owned(), answer.clone())).into()
}

#[test]
fn secrets_are_found_in_each_form() {
    let needles = Needles::of(&[SECRET]);
    for text in [format!("GET /: Bearer {SECRET}"), STANDARD.encode(SECRET), SECRET.chars().rev().collect()] {
        assert!(needles.are_in(text.as_bytes()), "{text}");
    }
    assert!(!needles.are_in(b"Token(***)"));
}

#[tokio::test]
async fn a_token_that_works_is_seen_nowhere() {
    let fake = FakeGitHub::start_for(whole(), SECRET).await;
    nothing_leaks(&fake.url(), &[("GITHUB_TOKEN", SECRET)], &Needles::of(&[SECRET]), 0);
    assert!(fake.requests().await.iter().any(|(_, _, token)| *token), "it was sent");
}

#[tokio::test]
async fn a_token_that_does_not_work_is_seen_nowhere() {
    let html = ResponseTemplate::new(200).set_body_string("<html><p>Sign in</p></html>");
    let cases = [
        BTreeMap::new(),
        everything(&message(401, "Bad credentials")),
        everything(&message(403, "Resource not accessible")),
        everything(&html),
        everything(&message(500, "")),
        everything(&redirect(302, "http://127.0.0.1:9/elsewhere")),
    ];
    for answers in cases {
        let fake = FakeGitHub::start_for(answers, SECRET).await;
        nothing_leaks(&fake.url(), &[("GH_TOKEN", SECRET)], &Needles::of(&[SECRET]), 4);
    }
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    nothing_leaks(&format!("http://{gone}"), &[("GITHUB_TOKEN", SECRET)], &Needles::of(&[SECRET]), 4);
}

#[tokio::test]
async fn a_password_in_an_address_is_seen_nowhere() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let password = "Zq7password8of9an0address";
    nothing_leaks(&format!("http://ann:{password}@{gone}"), &[], &Needles::of(&[password]), 4);
}

#[test]
fn a_token_that_cannot_be_sent_is_refused_and_not_shown() {
    let text = format!("{SECRET} and more");
    let folder = tempfile::tempdir().unwrap();
    let output = seaworthy()
        .current_dir(folder.path())
        .args(["collect", "acme/widget"])
        .env("GITHUB_TOKEN", &text)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    Needles::of(&[SECRET]).check(&output.stderr, "stderr");
}

#[tokio::test]
async fn the_key_and_the_tokens_of_an_app_are_seen_nowhere() {
    let key = pem();
    let body: Vec<&str> = key.lines().filter(|line| !line.starts_with('-')).collect();
    let whole_body = body.concat();
    let tokens = [token_text(1), token_text(2)];
    let mut secrets = vec![whole_body.as_str(), tokens[0].as_str(), tokens[1].as_str()];
    // The first line of every key holds little but its kind.
    secrets.extend(body.iter().skip(1));
    // A signed word begins like this.
    secrets.push("eyJ0eXAiOiJKV1Qi");
    let needles = Needles::of(&secrets);
    let variables = [("SEAWORTHY_APP_ID", APP), ("SEAWORTHY_APP_PRIVATE_KEY", key.as_str())];
    let mut scene = Scene::new();
    scene.answers.extend(whole());
    scene.lasts = vec![4];
    let github = AppGitHub::start(scene.clone()).await;
    nothing_leaks(&github.server.uri(), &variables, &needles, 0);
    let token = "/app/installations/77/access_tokens";
    let odd = json!({ "token": 5, "expires_at": tokens[0] });
    for answer in [message(401, "Bad credentials"), message(500, ""), ResponseTemplate::new(201).set_body_json(odd)] {
        let github = AppGitHub::start(scene.clone().answer(token, answer)).await;
        nothing_leaks(&github.server.uri(), &variables, &needles, 4);
    }
    let broken = key.replacen('M', "!", 1);
    let folder = tempfile::tempdir().unwrap();
    let mut command = seaworthy();
    command.current_dir(folder.path()).args(["collect", "acme/widget"]).env("SEAWORTHY_APP_ID", APP);
    let output = command.env("SEAWORTHY_APP_PRIVATE_KEY", broken).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    needles.check(&output.stderr, "stderr");
}
