//! A transport for tests that gives prepared answers in turn, and notes what it was asked.

use std::io::{Cursor, Read};
use std::sync::Mutex;

use serde_json::Value;

use super::deadline::Deadline;
use super::transport::{Response, Transport, TransportError};

pub(super) struct Script {
    answers: Mutex<Vec<Result<Response, TransportError>>>,
    asked: Mutex<Vec<String>>,
}

impl Script {
    pub(super) fn new(answers: Vec<Result<Response, TransportError>>) -> Self {
        Self { answers: Mutex::new(answers), asked: Mutex::new(Vec::new()) }
    }

    /// One whose answers are successes with these bodies.
    pub(super) fn of(bodies: &[Value]) -> Self {
        let answer =
            |body: &Value| Ok(Response { status: 200, body: body.to_string().into_bytes(), ..Response::default() });
        Self::new(bodies.iter().map(answer).collect())
    }

    /// What was asked so far: paths, queries, and the addresses of downloads.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn next(&self, what: &str) -> Result<Response, TransportError> {
        self.asked.lock().unwrap().push(what.to_owned());
        let mut answers = self.answers.lock().unwrap();
        if answers.is_empty() { Err(TransportError::Request("nothing is left".to_owned())) } else { answers.remove(0) }
    }
}

impl Transport for Script {
    async fn get(&self, path: &str, etag: Option<&str>) -> Result<Response, TransportError> {
        self.next(&etag.map_or_else(|| path.to_owned(), |etag| format!("{path} unless {etag}")))
    }

    /// What begins with a slash stays on the API.
    fn path_of(&self, location: &str) -> Option<String> {
        location.starts_with('/').then(|| location.to_owned())
    }

    async fn graphql(&self, body: &Value) -> Result<Response, TransportError> {
        self.next(body["query"].as_str().unwrap_or_default())
    }

    /// Every download holds the same few bytes.
    async fn download(
        &self,
        url: &str,
        _limit: u64,
        _deadline: Deadline,
    ) -> Result<Box<dyn Read + Send>, TransportError> {
        self.asked.lock().unwrap().push(format!("download {url}"));
        Ok(Box::new(Cursor::new(b"bytes".to_vec())))
    }
}
