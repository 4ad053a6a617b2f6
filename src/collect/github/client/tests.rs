use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::collect::github::script::Script;

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

#[tokio::test]
async fn what_passes_is_tried_once_more_and_counted() {
    for first in [lost(), Ok(answer(502, "<html>")), Ok(answer(500, ""))] {
        let client = client(8, vec![first, Ok(answer(200, "[1]"))]);
        assert_eq!(client.get::<Vec<u32>>("/x").await, Ok(vec![1]));
        assert_eq!(client.used(), 2);
    }
    let client = client(8, vec![lost(), lost(), Ok(answer(200, "[1]"))]);
    assert!(matches!(client.get::<Vec<u32>>("/x").await, Err(Refusal::Transport(_))));
    assert_eq!(client.used(), 2);
}

#[tokio::test]
async fn what_stays_is_not_tried_again() {
    let stays = [
        Ok(answer(404, "{}")),
        Ok(answer(403, "{}")),
        Ok(answer(429, "{}")),
        Ok(answer(200, "<html>")),
        Err(TransportError::TooLarge(1)),
    ];
    for first in stays {
        let client = client(8, vec![first, Ok(answer(200, "[1]"))]);
        assert!(client.get::<Vec<u32>>("/x").await.is_err());
        assert_eq!(client.used(), 1);
    }
}

#[tokio::test]
async fn the_budget_is_never_passed() {
    let client = client(1, vec![Ok(answer(500, "")), Ok(answer(200, "[]"))]);
    assert_eq!(client.get::<Vec<u32>>("/x").await.unwrap_err().status(), Some(500));
    assert_eq!(client.get::<Vec<u32>>("/y").await, Err(Refusal::Budget(1)));
    assert_eq!((client.used(), client.left()), (1, 0));
    client.set_budget(2);
    assert_eq!(client.get::<Vec<u32>>("/y").await, Ok(Vec::new()));
    assert_eq!(client.transport.asked(), ["/x", "/y"]);
}

#[tokio::test]
async fn rate_limits_are_told_from_refusals() {
    let used_up = with_header(answer(403, "{}"), "x-ratelimit-remaining", "0");
    let used_up = with_header(used_up, "x-ratelimit-reset", "1700000000");
    let secondary = answer(403, r#"{"message": "You have exceeded a secondary rate limit."}"#);
    let until = DateTime::from_timestamp(1_700_000_000, 0);
    let waiting = with_header(answer(429, "{}"), "retry-after", "60");
    for (response, expected) in [
        (used_up, Some(RateLimit { until })),
        (secondary, Some(RateLimit { until: None })),
        (answer(429, "{}"), Some(RateLimit { until: None })),
        (with_header(answer(403, "{}"), "retry-after", "60"), Some(RateLimit { until: None })),
        (with_header(waiting, "date", "Tue, 14 Nov 2023 22:12:20 GMT"), Some(RateLimit { until })),
        (answer(403, r#"{"message": "Must have admin rights to Repository."}"#), None),
        (with_header(answer(404, "{}"), "x-ratelimit-remaining", "0"), None),
    ] {
        let client = client(8, vec![Ok(response.clone())]);
        let refusal = client.get::<Vec<u32>>("/x").await.unwrap_err();
        assert_eq!(limit(&refusal), expected, "{response:?}");
        assert_eq!(matches!(refusal.into_answer::<u32>(), Answer::Denied), expected.is_none());
    }
    let limited = json!({ "errors": [{ "type": "RATE_LIMITED", "message": "x" }] }).to_string();
    let client = client(8, vec![Ok(answer(200, &limited))]);
    assert!(limit(&client.graphql("query", json!({})).await.unwrap_err()).is_some());
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
    assert_eq!(client.get_page::<Vec<u32>>("/x").await, Ok(Page { value: Vec::new(), more: false }));
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
