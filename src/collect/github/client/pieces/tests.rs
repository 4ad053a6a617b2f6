use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, json};

use super::*;
use crate::collect::github::answer::Answer;
use crate::collect::github::deadline::Deadline;
use crate::collect::github::script::Script;
use crate::collect::github::transport::Response;

fn names(parts: &[Part]) -> Vec<&'static str> {
    parts.iter().map(|part| part.name).collect()
}

fn all() -> Vec<&'static str> {
    names(&parts::REPOSITORY)
}

/// An answer with data for these parts.
fn whole(names: &[&str]) -> Value {
    json!({ "data": names.iter().map(|name| ((*name).to_owned(), json!({ "is": name }))).collect::<Map<_, _>>() })
}

fn ok(body: &Value) -> Response {
    Response { status: 200, body: body.to_string().into_bytes(), ..Response::default() }
}

fn broken(status: u16) -> Response {
    Response { status, ..Response::default() }
}

struct Asked {
    answer: Result<GraphQl, Refusal>,
    /// The parts of each query.
    queries: Vec<Vec<&'static str>>,
    /// Requests that count, and those that are left of ten.
    used: (u32, u32),
}

async fn asked(answers: Vec<Response>) -> Asked {
    let answers = answers.into_iter().map(Ok).collect();
    let client = Client::new(Script::new(answers), 10, Deadline::after(Duration::from_secs(120)), Arc::new(|_| ()));
    let variables = json!({ "owner": "acme", "name": "widget", "since": "2026-01-01T00:00:00Z" });
    let answer = client.graphql_parts(&parts::REPOSITORY, &variables).await;
    let of = |query: &String| {
        let holds = |name: &&str| {
            query.lines().any(|line| {
                line.trim_start().starts_with(&format!("{name}: "))
                    || line.trim_start().starts_with(&format!("{name}("))
            })
        };
        all().into_iter().filter(holds).collect()
    };
    let queries = client.transport().asked().iter().map(of).collect();
    Asked { answer, queries, used: (client.used(), client.left()) }
}

fn is_whole(answer: &GraphQl, names: &[&str]) -> bool {
    names.iter().all(|name| matches!(answer.section::<Value>(name), Answer::Known(Some(value)) if value["is"] == *name))
}

#[tokio::test(start_paused = true)]
async fn all_parts_are_one_query() {
    let asked = asked(vec![ok(&whole(&all()))]).await;
    assert_eq!((asked.queries, asked.used), (vec![all()], (1, 9)));
    assert!(is_whole(&asked.answer.unwrap(), &all()));
}

#[tokio::test(start_paused = true)]
async fn what_github_cannot_do_at_once_is_halved() {
    let all = all();
    let (one, other) = all.split_at(all.len() / 2);
    let limits = json!({ "data": null, "errors": [{ "type": "MAX_NODE_LIMIT_EXCEEDED", "message": "x" }] });
    let timeout =
        json!({ "errors": [{ "message": "Something went wrong while executing your query. Please include `1`" }] });
    for first in [vec![ok(&limits)], vec![ok(&timeout)], vec![broken(502), broken(504)]] {
        let tries = first.len();
        let answers = [first, vec![ok(&whole(one)), ok(&whole(other))]].concat();
        let asked = asked(answers).await;
        assert_eq!(asked.queries[tries..], [one.to_vec(), other.to_vec()]);
        // The halves are no more than what was planned.
        assert_eq!(asked.used.1, 9);
        assert!(is_whole(&asked.answer.unwrap(), &all));
    }
}

#[tokio::test(start_paused = true)]
async fn only_what_was_too_much_is_asked_again() {
    let all = all();
    let mut first = whole(&all);
    first["data"]["reviews"] = Value::Null;
    first["data"]["inherited"] = Value::Null;
    first["errors"] = json!([
        { "type": "RESOURCE_LIMITS_EXCEEDED", "path": ["reviews", "nodes"], "message": "x" },
        { "type": "NOT_FOUND", "path": ["inherited"], "message": "none" },
    ]);
    let asked = asked(vec![ok(&first), ok(&whole(&["reviews"]))]).await;
    assert_eq!(asked.queries, [all.clone(), vec!["reviews"]]);
    let answer = asked.answer.unwrap();
    assert!(is_whole(&answer, &all[..7]));
    assert_eq!(answer.error_at(&["inherited"]).unwrap().kind.as_deref(), Some("NOT_FOUND"));
}

#[tokio::test(start_paused = true)]
async fn a_part_that_stays_too_much_costs_itself() {
    let mut first = whole(&all());
    first["data"]["reviews"] = Value::Null;
    let errors = json!([{ "type": "RESOURCE_LIMITS_EXCEEDED", "path": ["reviews"], "message": "too much" }]);
    first["errors"] = errors.clone();
    let asked = asked(vec![ok(&first), ok(&json!({ "data": { "reviews": null }, "errors": errors }))]).await;
    assert_eq!(asked.queries.len(), 2);
    let answer = asked.answer.unwrap();
    assert!(matches!(answer.section::<Value>("reviews"), Answer::Failed(reason) if reason.contains("too much")));
    assert!(is_whole(&answer, &["repository", "history"]));
}

#[tokio::test(start_paused = true)]
async fn what_a_server_does_not_know_is_left_out() {
    let message = "Field 'mergeQueue' doesn't exist on type 'Repository'";
    let line = parts::document(&parts::REPOSITORY).lines().position(|line| line.contains("mergeQueue")).unwrap() + 1;
    for error in [
        json!({ "path": ["query Seaworthy", "protection", "mergeQueue"], "extensions": { "code": "undefinedField" }, "message": message }),
        json!({ "path": ["query"], "extensions": { "code": "undefinedField" }, "locations": [{ "line": line, "column": 5 }], "message": message }),
    ] {
        let rest: Vec<&str> = all().into_iter().filter(|name| *name != "protection").collect();
        let asked = asked(vec![ok(&json!({ "errors": [error] })), ok(&whole(&rest))]).await;
        assert_eq!(asked.queries, [all(), rest.clone()]);
        let answer = asked.answer.unwrap();
        assert!(is_whole(&answer, &rest));
        let Answer::Untold(reason) = answer.section::<Value>("protection") else { panic!("{answer:?}") };
        assert!(reason.contains(message), "{reason}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_query_refused_without_a_reason_ends() {
    let refused = json!({ "errors": [{ "path": ["query"], "extensions": { "code": "invalid" }, "message": "No." }] });
    let asked = asked(vec![ok(&refused); 40]).await;
    assert_eq!(asked.queries.len(), MAX_QUERIES);
    assert!(matches!(asked.answer.unwrap().section::<Value>("repository"), Answer::Untold(_)));
}

#[tokio::test(start_paused = true)]
async fn without_the_repository_nothing_is_of_use() {
    let refused = |answers| async { asked(answers).await };
    for status in [401, 403] {
        let asked = refused(vec![broken(status)]).await;
        assert_eq!((asked.answer.unwrap_err().status(), asked.queries.len()), (Some(status), 1));
    }
    // Halved until the repository stands alone, and then given up.
    let asked = refused(vec![broken(502); 40]).await;
    assert_eq!(asked.answer.unwrap_err().status(), Some(502));
    assert_eq!(asked.queries.last(), Some(&vec!["repository"]));
    // A part that is refused later is told apart.
    let all = all();
    let (one, other) = all.split_at(all.len() / 2);
    let limits = json!({ "errors": [{ "type": "MAX_NODE_LIMIT_EXCEEDED", "message": "x" }] });
    let answers = vec![ok(&limits), ok(&whole(one)), broken(404)];
    let answer = refused(answers).await.answer.unwrap();
    assert!(is_whole(&answer, one));
    assert!(other.iter().all(|name| matches!(answer.section::<Value>(name), Answer::Failed(_))));
}
