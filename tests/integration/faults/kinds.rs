//! The ways in which a request goes wrong.

use serde_json::Value;

use crate::fault_proxy::{Fault, is_download};

/// Ways to go wrong that need time: the collector waits for more.
pub(super) fn needs_time(fault: &Fault) -> bool {
    matches!(fault, Fault::Hang | Fault::Trickle | Fault::Endless)
}

/// Ways to go wrong that are the same to the collector, or need much time.
pub(super) fn has_likes(fault: &Fault) -> bool {
    match fault {
        Fault::Status(status, _) => [409, 410, 422, 451].contains(status),
        Fault::At(path, _) => path.len() > 2,
        Fault::Html(_)
        | Fault::CutShort
        | Fault::NotUtf8
        | Fault::JustNull
        | Fault::Bomb
        | Fault::OddHeaders
        | Fault::RedirectElsewhere
        | Fault::RedirectLoop
        | Fault::UsedUp(_)
        | Fault::Dropped => true,
        fault => needs_time(fault),
    }
}

/// Ways that any request can go wrong.
pub(super) fn common_faults() -> Vec<Fault> {
    let limited: &[(&str, &str)] = &[("retry-after", "1"), ("date", "Sun, 01 Feb 2026 00:00:00 GMT")];
    vec![
        Fault::Status(401, "Bad credentials"),
        Fault::Status(403, "Resource not accessible by integration"),
        Fault::Status(404, "Not Found"),
        Fault::Status(409, "Git Repository is empty."),
        Fault::Status(410, "Issues are disabled for this repo"),
        Fault::Status(422, "Validation Failed"),
        Fault::With(429, limited, "Too many requests"),
        Fault::Status(451, "Repository access blocked"),
        Fault::Status(500, "Server Error"),
        Fault::Html(502),
        Fault::Html(504),
        Fault::With(403, limited, "You have exceeded a secondary rate limit."),
        Fault::UsedUp(3600),
        Fault::UsedUp(-5),
        Fault::Html(200),
        Fault::CutShort,
        Fault::EmptyBody,
        Fault::OddHeaders,
        Fault::NotUtf8,
        Fault::Reset,
        Fault::Dropped,
        Fault::Bomb,
        Fault::RedirectElsewhere,
        Fault::RedirectLoop,
        Fault::Hang,
        Fault::Trickle,
        Fault::Endless,
    ]
}

/// Ways that an answer in JSON can be another one.
pub(super) const JSON_FAULTS: [Fault; 5] =
    [Fault::NoContent, Fault::OtherType, Fault::Hollow, Fault::Nulls, Fault::JustNull];

/// Ways that GraphQL goes wrong in its own manner.
pub(super) fn graphql_faults(name: &str, body: &[u8]) -> Vec<Fault> {
    let mut faults = vec![
        Fault::Error("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded."),
        Fault::Error("MAX_NODE_LIMIT_EXCEEDED", "This query requests up to 1,000,000 possible nodes."),
        Fault::Error("RATE_LIMITED", "API rate limit exceeded for user ID 1."),
        Fault::Error(
            "INTERNAL",
            "Something went wrong while executing your query. This may be the result of a timeout.",
        ),
        Fault::Error("FORBIDDEN", "Resource protected by organization SAML enforcement."),
        Fault::OnlyRepository("FORBIDDEN"),
        Fault::OnlyRepository("NOT_FOUND"),
        Fault::OnlyRepository("SERVICE_UNAVAILABLE"),
        Fault::OnlyRepository("RESOURCE_LIMITS_EXCEEDED"),
    ];
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let mut paths = Vec::new();
    nullable(&answer["data"], &[], if name == "graphql Seaworthy" { 3 } else { 2 }, &mut paths);
    for kind in ["FORBIDDEN", "INTERNAL"] {
        faults.extend(paths.iter().map(|path| Fault::At(path.clone(), kind)));
    }
    faults.extend(paths.iter().filter(|path| path.len() < 3).map(|path| Fault::At(path.clone(), "NOT_FOUND")));
    faults
}

/// The paths of all fields that hold an object, down to a depth.
pub(super) fn nullable(value: &Value, at: &[String], depth: usize, paths: &mut Vec<Vec<String>>) {
    for (name, field) in value.as_object().into_iter().flatten().filter(|(_, field)| field.is_object()) {
        let path: Vec<String> = at.iter().chain([name]).cloned().collect();
        if depth > 1 {
            nullable(field, &path, depth - 1, paths);
        }
        paths.push(path);
    }
}

/// All ways in which this request is to go wrong.
pub(super) fn faults_of(name: &str, body: &[u8]) -> Vec<Fault> {
    let mut faults = common_faults();
    if !is_download(name) {
        faults.extend(JSON_FAULTS);
    }
    if name.starts_with("graphql") {
        faults.extend(graphql_faults(name, body));
    }
    faults
}
