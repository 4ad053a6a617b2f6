//! What a later run asks, and what it takes for the present.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::super::super::cache::Cache;
use super::super::super::deadline::Deadline;
use super::super::super::patience::Clock;
use super::super::super::script::Script;
use super::super::Habits;
use super::*;

fn at(time: &str) -> DateTime<Utc> {
    format!("2026-03-01T{time}:00Z").parse().unwrap()
}

fn answer(status: u16, headers: &[(&str, &str)]) -> Response {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Response { status, headers: headers.collect(), body: b"{}".to_vec() }
}

/// A client of a run that begins at a time, to which one request would be answered so.
fn run(folder: &Path, time: &str, answered: Response) -> Client<Script> {
    let habits = Habits {
        clock: Clock::starting(at(time)),
        waits: false,
        cache: Cache::for_tests(folder, "one"),
        anonymous: false,
    };
    let deadline = Deadline::after(Duration::from_secs(60));
    Client::with_habits(Script::new(vec![Ok(answered)]), 9, deadline, Arc::new(|_| ()), habits)
}

/// Whether a path was asked for in a run that knows this state of the repository, or none.
async fn asks(client: &Client<Script>, state: Option<&str>) -> bool {
    if let Some(state) = state {
        client.learn_state("state", state.as_bytes().to_vec());
    }
    let _ = client.get_status("/x").await;
    assert_eq!(client.charged(), 1, "it is charged in any case");
    let asked = !client.transport().asked().is_empty();
    assert_eq!(client.has_reused(), !asked);
    asked
}

#[tokio::test]
async fn what_cannot_be_confirmed_stands_for_an_hour_where_nothing_changed() {
    for (status, body) in [(200, "{}"), (204, ""), (404, r#"{"message": "Secret scanning is disabled."}"#)] {
        let folder = tempfile::tempdir().unwrap();
        let answered = || Response { body: body.as_bytes().to_vec(), ..answer(status, &[]) };
        let later = |time| run(folder.path(), time, answered());
        assert!(asks(&later("10:00"), Some("a")).await);
        assert!(!asks(&later("10:30"), Some("a")).await, "{status}");
        assert!(asks(&later("10:30"), None).await, "nothing is known of the repository");
        assert!(!asks(&later("10:40"), Some("a")).await);
        assert!(asks(&later("11:40"), Some("a")).await, "it is too old");
        assert!(asks(&later("11:41"), Some("b")).await, "the repository has changed");
        assert!(!asks(&later("11:42"), Some("b")).await);
    }
}

#[tokio::test]
async fn what_is_no_success_is_asked_anew() {
    for status in [401, 403, 404, 409, 422] {
        let folder = tempfile::tempdir().unwrap();
        for time in ["10:00", "10:01"] {
            assert!(asks(&run(folder.path(), time, answer(status, &[])), Some("a")).await, "{status}");
        }
    }
}

#[tokio::test]
async fn what_a_server_lacks_it_lacks_for_a_while() {
    for (absence_tells, asked_again) in [(true, 0), (false, 1)] {
        let folder = tempfile::tempdir().unwrap();
        for (time, asked) in [("10:00", 1), ("10:30", asked_again)] {
            let client = run(folder.path(), time, answer(404, &[]));
            client.learn_state("state", b"a".to_vec());
            assert!(client.get_setting("/x", absence_tells).await.is_err());
            assert_eq!(client.transport().asked().len(), asked, "{time} {absence_tells}");
        }
    }
}

#[tokio::test]
async fn what_can_be_confirmed_is_and_counts_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let first = run(folder.path(), "10:00", answer(200, &[("etag", "\"1\"")]));
    assert!(asks(&first, Some("a")).await);
    let second = run(folder.path(), "10:01", answer(304, &[]));
    assert!(asks(&second, Some("a")).await);
    assert_eq!((first.used(), second.used()), (1, 0));
    assert_eq!(second.transport().asked(), ["/x unless \"1\""]);
}

#[tokio::test]
async fn a_limit_that_is_not_waited_for_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let client = run(folder.path(), "10:00", answer(429, &[("retry-after", "30")]));
    assert_eq!(client.limited(), None);
    assert!(client.get_status("/x").await.is_err());
    assert!(client.limited().is_some_and(|text| text.contains("10:00:30")), "{:?}", client.limited());
}
