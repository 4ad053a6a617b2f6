use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::collect::github::answer::Answer;
use crate::collect::github::script::Script;
use crate::collect::github::transport::TransportError;

fn client(budget: u32, answers: Vec<Result<Response, TransportError>>) -> Client<Script> {
    Client::new(Script::new(answers), budget, Deadline::after(Duration::from_secs(60)), Arc::new(|_| ()))
}

fn answer(status: u16, body: &str) -> Response {
    Response { status, headers: BTreeMap::new(), body: body.as_bytes().to_vec() }
}

fn with_header(mut response: Response, name: &str, value: &str) -> Response {
    response.headers.insert(name.to_owned(), value.to_owned());
    response
}

fn lost() -> Result<Response, TransportError> {
    Err(TransportError::Connection("reset".to_owned()))
}

fn limit(refusal: &Refusal) -> Option<RateLimit> {
    match refusal {
        Refusal::Status { limited, .. } => *limited,
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_tried_again_and_charged_once() {
    for passing in [lost(), Ok(answer(502, "<html>")), Ok(answer(500, ""))] {
        let client = client(1, vec![passing.clone(), passing, Ok(answer(200, "[1]"))]);
        assert_eq!(client.get::<Vec<u32>>("/x").await, Ok(vec![1]));
        assert_eq!((client.used(), client.left()), (3, 0));
    }
    let client = client(8, vec![lost(), lost(), lost(), Ok(answer(200, "[1]"))]);
    assert!(matches!(client.get::<Vec<u32>>("/x").await, Err(Refusal::Transport(_))));
    assert_eq!((client.used(), client.left()), (3, 7));
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_none_are_asked_for_once_more() {
    for broken in ["<html>", "[1", "", "nonsense"] {
        let answers = [Ok(answer(200, broken)), Ok(answer(200, "[1]")), Ok(answer(200, "{}"))];
        let client = client(8, answers.to_vec());
        assert_eq!(client.get::<Vec<u32>>("/x").await, Ok(vec![1]), "{broken}");
        // What is whole, but of another shape, stays so.
        assert!(matches!(client.get::<Vec<u32>>("/x").await, Err(Refusal::Shape(_))));
        assert_eq!(client.transport.asked().len(), 3);
    }
    let client = client(8, vec![Ok(answer(200, "<html>")), Ok(answer(200, "<html>")), Ok(answer(200, "[1]"))]);
    let refusal = client.get::<Vec<u32>>("/x").await.unwrap_err();
    assert_eq!(refusal.reason(), "GitHub's answer could not be read: it is a web page");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_come_is_asked_for_once_more_if_there_is_time() {
    let late = || Err(TransportError::Late(Duration::from_secs(15)));
    let slow = client(8, vec![late(), late(), Ok(answer(200, "[1]"))]);
    assert!(slow.get::<Vec<u32>>("/x").await.is_err());
    assert_eq!(slow.transport.asked().len(), 2);
    let client = client(8, vec![late(), Ok(answer(200, "[1]"))]);
    tokio::time::advance(Duration::from_secs(31)).await;
    assert!(client.get::<Vec<u32>>("/x").await.is_err());
    assert_eq!(client.transport.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_stays_is_not_tried_again() {
    let stays = [
        Ok(answer(404, "{}")),
        Ok(answer(403, r#"{"message": "Resource not accessible"}"#)),
        Ok(answer(451, "{}")),
        Err(TransportError::TooLarge(1)),
        Err(TransportError::Tls("bad certificate".to_owned())),
    ];
    for first in stays {
        let client = client(8, vec![first, Ok(answer(200, "[1]"))]);
        assert!(client.get::<Vec<u32>>("/x").await.is_err());
        assert_eq!(client.transport.asked().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn repeats_are_bounded_in_all() {
    let client = client(20, vec![Ok(answer(503, "")); 40]);
    for _ in 0..10 {
        assert_eq!(client.get::<Vec<u32>>("/x").await.unwrap_err().status(), Some(503));
    }
    assert_eq!((client.transport.asked().len(), client.left()), (18, 10));
}

#[tokio::test(start_paused = true)]
async fn the_budget_is_never_passed() {
    let client = client(1, vec![Ok(answer(404, "{}")), Ok(answer(200, "[]"))]);
    assert_eq!(client.get::<Vec<u32>>("/x").await.unwrap_err().status(), Some(404));
    assert_eq!(client.get::<Vec<u32>>("/y").await, Err(Refusal::Budget(1)));
    assert_eq!((client.used(), client.left()), (1, 0));
    client.set_budget(2);
    assert_eq!(client.get::<Vec<u32>>("/y").await, Ok(Vec::new()));
    assert_eq!(client.transport.asked(), ["/x", "/y"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_after_the_end() {
    let client = client(8, vec![Ok(answer(200, "[1]"))]);
    tokio::time::advance(Duration::from_secs(61)).await;
    assert_eq!(client.get::<Vec<u32>>("/x").await, Err(Refusal::TimeUp));
    assert_eq!(client.transport.asked().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn redirects_are_followed_on_the_api_alone() {
    let to = |status, location: &str| Ok(with_header(answer(status, "{}"), "location", location));
    for status in [301, 302, 307, 308] {
        let client = client(8, vec![to(status, "/repositories/42/x?page=2"), Ok(answer(200, "[1]"))]);
        assert_eq!(client.get::<Vec<u32>>("/repos/a/b/x").await, Ok(vec![1]));
        assert_eq!(client.transport.asked(), ["/repos/a/b/x", "/repositories/42/x?page=2"]);
        assert_eq!((client.used(), client.left()), (2, 6));
    }
    for elsewhere in [to(301, "https://evil.example/x"), Ok(answer(301, ""))] {
        let client = client(8, vec![elsewhere]);
        assert_eq!(client.get::<Vec<u32>>("/x").await.unwrap_err().status(), Some(301));
        assert_eq!(client.transport.asked().len(), 1);
    }
    let client = client(8, vec![to(301, "/x"); 8]);
    assert_eq!(client.get::<Vec<u32>>("/x").await.unwrap_err().status(), Some(301));
    assert_eq!(client.transport.asked().len(), 4);
}

/// What was announced.
struct Waited(Arc<Mutex<Vec<String>>>);

/// A client at this time that notes what it announces.
fn announcing(waits: bool, cache: Cache, answers: Vec<Result<Response, TransportError>>) -> (Client<Script>, Waited) {
    let waited = Arc::new(Mutex::new(Vec::new()));
    let said = Arc::clone(&waited);
    let progress = move |told: Told<'_>| {
        if let Told::Wait(text) = told {
            said.lock().unwrap().push(text.to_owned());
        }
    };
    let clock = Clock::starting(DateTime::from_timestamp(1_700_000_000, 0).unwrap());
    let habits = Habits { clock, waits, cache, anonymous: false };
    let deadline = Deadline::after(Duration::from_secs(120));
    (Client::with_habits(Script::new(answers), 8, deadline, Arc::new(progress), habits), Waited(waited))
}

fn used_up(seconds: i64) -> Response {
    let response = with_header(answer(403, "{}"), "x-ratelimit-remaining", "0");
    with_header(response, "x-ratelimit-reset", &(1_700_000_000 + seconds).to_string())
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_ends_in_time_is_waited_for() {
    let graphql = json!({ "errors": [{ "type": "RATE_LIMITED", "message": "x" }] }).to_string();
    let secondary = answer(403, r#"{"message": "You have exceeded a secondary rate limit."}"#);
    for (limited, seconds) in [
        (used_up(42), 43),
        (Response { status: 429, ..used_up(42) }, 43),
        (with_header(answer(429, "{}"), "retry-after", "5"), 5),
        (with_header(answer(403, "{}"), "retry-after", "5"), 5),
        (secondary, 60),
        (answer(429, ""), 60),
        (Response { status: 200, body: graphql.clone().into_bytes(), ..used_up(42) }, 43),
        (answer(200, &graphql), 60),
    ] {
        let (client, waited) =
            announcing(true, Cache::none(), vec![Ok(limited.clone()), Ok(answer(200, r#"{"data": {}}"#))]);
        let began = tokio::time::Instant::now();
        assert!(client.graphql("query", json!({})).await.is_ok(), "{limited:?}");
        let took = began.elapsed();
        assert!(
            took >= Duration::from_secs(seconds) && took <= Duration::from_secs(seconds + 1),
            "{took:?} {limited:?}"
        );
        assert_eq!(waited.0.lock().unwrap().len(), 1);
        assert_eq!((client.used(), client.left()), (1, 7));
    }
    let (client, waited) = announcing(true, Cache::none(), vec![Ok(used_up(42)), Ok(answer(200, "[]"))]);
    client.get::<Vec<u32>>("/x").await.unwrap();
    let said = waited.0.lock().unwrap().clone();
    assert!(
        said[0].starts_with("waiting 4") && said[0].ends_with(" s until 22:14:02 UTC: GitHub's rate limit is used up"),
        "{said:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_is_not_waited_for_is_refused_at_once_and_not_asked_again() {
    for (waits, seconds) in [(false, 5), (true, 130)] {
        let (client, waited) =
            announcing(waits, Cache::none(), vec![Ok(used_up(seconds)), Ok(answer(200, r#"{"data": {}}"#))]);
        for _ in 0..2 {
            let refusal = client.get::<Vec<u32>>("/x").await.unwrap_err();
            let until = DateTime::from_timestamp(1_700_000_000 + seconds, 0);
            assert_eq!(limit(&refusal), Some(RateLimit { until }));
            assert!(refusal.reason().contains("; ask again after 2023-11-14 22:1"), "{}", refusal.reason());
            assert!(matches!(refusal.into_answer::<u32>(), Answer::Failed(_)));
        }
        assert_eq!((client.transport.asked().len(), client.used(), client.left()), (1, 0, 8));
        assert!(waited.0.lock().unwrap().is_empty());
        // GraphQL has a limit of its own.
        assert!(client.graphql("query", json!({})).await.is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_never_ends_is_given_up() {
    let (client, waited) =
        announcing(true, Cache::none(), vec![Ok(with_header(answer(429, ""), "retry-after", "5")); 9]);
    assert!(limit(&client.get::<Vec<u32>>("/x").await.unwrap_err()).is_some());
    assert_eq!((client.transport.asked().len(), waited.0.lock().unwrap().len()), (4, 3));
}

#[tokio::test(start_paused = true)]
async fn one_pause_holds_for_all_requests_and_runs() {
    let folder = tempfile::tempdir().unwrap();
    let cache = || Cache::for_tests(folder.path(), "one");
    // The first answer is good, and says that it was the last one.
    let last = Response { status: 200, body: b"[]".to_vec(), ..used_up(20) };
    let (client, waited) = announcing(true, cache(), vec![Ok(last), Ok(answer(200, "[]")), Ok(answer(200, "[]"))]);
    client.get::<Vec<u32>>("/a").await.unwrap();
    let (other, others_wait) = announcing(false, cache(), vec![]);
    assert!(limit(&other.get::<Vec<u32>>("/c").await.unwrap_err()).is_some());
    assert!(other.transport.asked().is_empty() && others_wait.0.lock().unwrap().is_empty());
    let began = tokio::time::Instant::now();
    let (b, c) = tokio::join!(client.get::<Vec<u32>>("/b"), client.get::<Vec<u32>>("/c"));
    assert!(b.is_ok() && c.is_ok());
    assert!(began.elapsed() >= Duration::from_secs(21) && began.elapsed() < Duration::from_secs(22));
    assert_eq!(waited.0.lock().unwrap().len(), 1, "announced once");
}

#[tokio::test(start_paused = true)]
async fn refusals_are_told_from_rate_limits() {
    let refused = answer(403, r#"{"message": "Must have admin rights to Repository."}"#);
    let last = with_header(refused.clone(), "x-ratelimit-remaining", "0");
    for response in [refused, last, with_header(answer(404, "{}"), "x-ratelimit-remaining", "0")] {
        let client = client(8, vec![Ok(response.clone())]);
        let refusal = client.get::<Vec<u32>>("/x").await.unwrap_err();
        assert_eq!(limit(&refusal), None, "{response:?}");
        assert!(matches!(refusal.into_answer::<u32>(), Answer::Denied));
    }
}

#[tokio::test]
async fn messages_are_bounded_and_plain() {
    let message = json!({ "message": format!("\u{1b}[31mred\n{}", "x".repeat(1000)) }).to_string();
    let client = client(8, vec![Ok(answer(404, &message))]);
    let reason = client.get::<Vec<u32>>("/x").await.unwrap_err().reason();
    assert!(reason.starts_with("HTTP 404:  [31mred x"), "{reason}");
    assert!(reason.chars().count() < 250 && !reason.chars().any(char::is_control));
}

#[tokio::test]
async fn pages_say_whether_more_follow() {
    let next = r#"<https://api.github.com/x?page=2>; rel="next", <https://api.github.com/x?page=9>; rel="last""#;
    let client = client(8, vec![Ok(with_header(answer(200, "[1]"), "link", next)), Ok(answer(204, ""))]);
    assert_eq!(client.get_page::<Vec<u32>>("/x").await, Ok(Page { value: vec![1], more: true }));
    assert_eq!(client.get_list::<u32>("/x").await, Ok(Page { value: Vec::new(), more: false }));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_no_list_but_where_that_is_due() {
    let nothing = || vec![Ok(answer(204, "")); 4];
    assert!(matches!(client(8, nothing()).get::<Vec<u32>>("/x").await, Err(Refusal::Shape(_))));
    assert_eq!(client(8, nothing()).get_setting("/x", false).await.unwrap().value, Value::Null);
    for empty in ["", "null", "1"] {
        let client = client(8, vec![Ok(answer(200, empty)); 6]);
        assert!(matches!(client.get_list::<u32>("/x").await, Err(Refusal::Shape(_))), "{empty}");
        assert!(matches!(client.get_setting("/x", false).await, Err(Refusal::Shape(_))), "{empty}");
        assert!(matches!(client.graphql("query", json!({})).await, Err(Refusal::Shape(_))), "{empty}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_broken_is_neither_kept_nor_used() {
    let folder = tempfile::tempdir().unwrap();
    let cache = || Cache::for_tests(folder.path(), "one");
    let tagged = |body: &str| Ok(with_header(answer(200, body), "etag", "\"1\""));
    let (client, _) = announcing(true, cache(), vec![tagged("{}"), tagged("[1]"), Ok(answer(304, ""))]);
    assert!(matches!(client.get::<Vec<u32>>("/x").await, Err(Refusal::Shape(_))));
    assert_eq!(client.get::<Vec<u32>>("/x").await, Ok(vec![1]), "nothing was kept that 304 could confirm");
    assert_eq!(client.get::<Vec<u32>>("/x").await, Ok(vec![1]));
    client.forget("/x");
    assert!(cache().get("GET /x").is_none());
}

#[test]
fn a_null_that_an_error_left_is_no_answer() {
    let answer = |errors: Value| -> GraphQl {
        let data = json!({ "part": { "field": null, "list": [null] }, "other": null });
        serde_json::from_value(json!({ "data": data, "errors": errors })).unwrap()
    };
    let whole = answer(json!([{ "path": ["other"], "message": "m" }]));
    assert!(matches!(whole.section::<Value>("part"), Answer::Known(Some(_))));
    assert!(matches!(whole.section::<Value>("other"), Answer::Failed(_)));
    assert!(matches!(whole.section::<Value>("missing"), Answer::Failed(_)));
    let below = answer(json!([{ "path": ["part", "list", 0], "type": "FORBIDDEN", "message": "m" }]));
    assert!(matches!(below.section::<Value>("part"), Answer::Denied));
    assert!(matches!(below.section_but::<Value>("part", |fields| fields == ["list"]), Answer::Known(Some(_))));
    assert!(matches!(below.section_but::<Value>("part", |fields| fields == ["field"]), Answer::Denied));
    assert!(matches!(below.section::<Value>("other"), Answer::Known(None)));
}

#[tokio::test(start_paused = true)]
async fn a_repository_that_moves_takes_its_archive_along() {
    let to = |status, location: &str| Ok(with_header(answer(status, "{}"), "location", location));
    let client = client(8, vec![to(301, "/repositories/42/tarball"), to(302, "/codeload/x")]);
    assert!(client.download("/tarball", 10).await.is_ok());
    assert_eq!(client.transport.asked(), ["/tarball", "/repositories/42/tarball", "download /codeload/x"]);
}

#[tokio::test]
async fn downloads_follow_one_redirect_and_do_not_count() {
    let redirect = with_header(answer(302, ""), "location", "https://codeload.github.com/x");
    let client = client(8, vec![Ok(redirect), Ok(answer(200, "")), Ok(answer(404, "{}"))]);
    assert!(client.download("/tarball", 10).await.is_ok());
    assert_eq!(client.used(), 1);
    assert_eq!(client.transport.asked(), ["/tarball", "download https://codeload.github.com/x"]);
    assert!(matches!(client.download("/tarball", 10).await.err(), Some(Refusal::Shape(_))));
    assert_eq!(client.download("/tarball", 10).await.err().unwrap().status(), Some(404));
}

#[test]
fn sections_are_read_apart() {
    let answer: GraphQl = serde_json::from_value(json!({
        "data": { "good": [1], "odd": "text", "empty": null, "hidden": null, "missing": null, "partly": { "field": null } },
        "errors": [
            { "type": "FORBIDDEN", "path": ["hidden"], "message": "no" },
            { "type": "NOT_FOUND", "path": ["missing", 0, "x"], "message": "no\nsuch" },
            { "type": "FORBIDDEN", "path": ["partly", "field"], "message": "no" },
        ],
    }))
    .unwrap();
    let section = |name: &str| answer.section::<Vec<u32>>(name);
    assert_eq!(section("good"), Answer::Known(Some(vec![1])));
    assert!(matches!(section("odd"), Answer::Failed(_)));
    assert_eq!(section("empty"), Answer::Known(None));
    assert_eq!(section("hidden"), Answer::Denied);
    assert_eq!(section("missing"), Answer::Failed("GitHub answered: no such".to_owned()));
    assert!(answer.error_at(&["partly", "field"]).is_some());
    assert!(answer.error_at(&["partly", "other"]).is_none());
}

#[test]
fn an_answer_without_data_has_no_sections() {
    let answer: GraphQl =
        serde_json::from_value(json!({ "errors": [{ "message": "Field 'x' doesn't exist" }] })).unwrap();
    assert!(matches!(answer.section::<Vec<u32>>("good"), Answer::Failed(reason) if reason.contains("doesn't exist")));
}
