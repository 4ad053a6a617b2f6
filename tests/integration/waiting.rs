//! Rate limits, with the real program: what is waited for, what is not, and that several runs do not hammer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::fake_github::*;
use crate::support::seaworthy;
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A GitHub whose rate limit is used up until some second.
#[derive(Clone)]
struct Limited {
    reset: u64,
    refused: Arc<AtomicU32>,
    answered: Arc<AtomicU32>,
}

#[expect(clippy::disallowed_methods, reason = "the reset is a time of the real clock, which the program reads")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

impl Respond for Limited {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        if now() < self.reset {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return message(403, "API rate limit exceeded for user ID 1.")
                .insert_header("x-ratelimit-remaining", "0")
                .insert_header("x-ratelimit-reset", self.reset.to_string().as_str());
        }
        self.answered.fetch_add(1, Ordering::Relaxed);
        let answers = with_token(&json!("READ"));
        answers.get(&key(request)).cloned().unwrap_or_else(|| message(404, "Not Found"))
    }
}

impl Limited {
    async fn start(seconds: u64) -> (Self, MockServer) {
        let limited = Self { reset: now() + seconds, refused: Arc::default(), answered: Arc::default() };
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(limited.clone()).mount(&server).await;
        (limited, server)
    }

    fn counts(&self) -> (u32, u32) {
        (self.refused.load(Ordering::Relaxed), self.answered.load(Ordering::Relaxed))
    }
}

/// Collects with a cache in this folder, and gives the exit status and stderr.
fn run(server: &MockServer, cache: &str, arguments: &[&str]) -> (i32, String) {
    let mut command = seaworthy();
    command.env_remove("SEAWORTHY_NO_CACHE").env("GITHUB_TOKEN", TOKEN).env("SEAWORTHY_CACHE_DIR", cache);
    command.args(["collect", "acme/widget", "--api-url", &server.uri()]).args(arguments);
    let output = command.output().unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn eight_runs_wait_for_one_limit_and_say_so() {
    let (limited, server) = Limited::start(4).await;
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().to_str().unwrap();
    let ended: Vec<(i32, String)> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..8).map(|_| scope.spawn(|| run(&server, cache, &[]))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    for (status, said) in ended {
        assert_eq!(status, 0, "{said}");
        assert!(said.matches("note: waiting ").count() <= 1, "{said}");
        assert!(said.is_empty() || said.contains(" UTC: GitHub's rate limit is used up"), "{said}");
    }
    let (refused, answered) = limited.counts();
    assert!(refused <= 8, "each run asks at most once before the limit is full again: {refused}");
    assert!(answered >= 8);
}

#[tokio::test]
async fn what_is_not_waited_for_ends_at_once_and_is_not_asked_by_others() {
    let (limited, server) = Limited::start(300).await;
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().to_str().unwrap();
    // The first finds out; the others are told by it. A timeout that is too short is as good as not waiting.
    for arguments in [&["--no-wait"][..], &["--no-wait"], &["--timeout", "20"], &["--timeout", "20", "--quiet"]] {
        let begun = Instant::now();
        let (status, said) = run(&server, cache, arguments);
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        assert_eq!(status, 4, "{said}");
        assert!(said.contains("the rate limit is used up until 20") && !said.contains("waiting"), "{said}");
        assert!(!said.contains(TOKEN));
    }
    assert_eq!(limited.counts(), (1, 0));
    // Another token has a limit of its own, and so has whoever keeps nothing.
    assert_eq!(run(&server, cache, &["--no-wait", "--no-cache"]).0, 4);
    assert_eq!(limited.counts(), (2, 0));
}

#[tokio::test]
async fn a_limit_met_on_the_way_costs_what_was_left_to_ask() {
    let mut answers = with_token(&json!("READ"));
    let limit = message(403, "You have exceeded a secondary rate limit.").insert_header("retry-after", "600");
    answers.insert(format!("/repos/acme/widget/git/trees/{COMMIT}?recursive=1"), limit);
    let fake = FakeGitHub::start(answers).await;
    let evidence = fake.collect(Some(TOKEN)).await.unwrap();
    let seaworthy::evidence::State::Failed { reason } = state(&evidence, "repo.contributors") else {
        panic!("{:?}", state(&evidence, "repo.contributors"))
    };
    assert!(reason.starts_with("GitHub's rate limit is used up; ask again after 20"), "{reason}");
    assert_eq!(*seen(&evidence, "tags.count"), seaworthy::evidence::Value::Count(3));
    assert!(!fake.asked().await.contains(&"/repos/acme/widget/contributors?per_page=100".to_owned()));
}
