//! The answer to a GraphQL query: data, errors, or both.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};

use super::super::answer::Answer;
use super::super::transport::Response;
use super::refusal::Refusal;
use super::{decode, from_value, plain};

#[derive(Clone, Debug, Default, Deserialize)]
pub(in super::super) struct GraphQl {
    #[serde(default)]
    pub(in super::super) data: Option<Value>,
    #[serde(default)]
    pub(in super::super) errors: Vec<GraphQlError>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(in super::super) struct GraphQlError {
    #[serde(default, rename = "type")]
    pub(in super::super) kind: Option<String>,
    #[serde(default)]
    pub(in super::super) path: Vec<Value>,
    #[serde(default)]
    pub(in super::super) message: String,
    #[serde(default)]
    pub(super) extensions: Option<Extensions>,
    #[serde(default)]
    pub(super) locations: Vec<Location>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Extensions {
    #[serde(default)]
    pub(super) code: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Location {
    #[serde(default)]
    pub(super) line: usize,
}

/// The kind that stands for a part that the server does not know.
const NOT_KNOWN: &str = "seaworthy: not known to the server";

impl GraphQl {
    /// The part of the answer under a name of the query. `Denied` and `Failed` come from the errors that speak of it;
    /// `null` without an error is no answer, but known to be empty.
    pub(in super::super) fn section<D: DeserializeOwned>(&self, name: &str) -> Answer<Option<D>> {
        self.section_but(name, |_| false)
    }

    /// The same, where the reader itself looks for some errors: `handled` is given the names of the fields below the
    /// part that lead to one. Any other error below the part makes all of it unknown, since the null that it left
    /// behind would say that there is nothing.
    pub(in super::super) fn section_but<D: DeserializeOwned>(
        &self,
        name: &str,
        handled: impl Fn(&[&str]) -> bool,
    ) -> Answer<Option<D>> {
        let value = self.data.as_ref().and_then(|data| data.get(name));
        let of_all =
            || self.errors.iter().find(|error| error.path.is_empty()).filter(|_| value.is_none_or(Value::is_null));
        let unhandled = self.errors.iter().find(|error| error.is_of(name) && !handled(&error.fields_below()));
        if let Some(error) = unhandled.or_else(of_all) {
            return error.answer();
        }
        match value {
            None => Answer::failed("GitHub's answer does not hold it"),
            Some(Value::Null) => self.error_at(&[name]).map_or(Answer::Known(None), GraphQlError::answer),
            Some(value) => match from_value(value) {
                Ok(read) => Answer::Known(Some(read)),
                Err(error) => Answer::Failed(Refusal::Shape(plain(&error.to_string())).reason()),
            },
        }
    }

    /// The first error at or below a path of names.
    pub(in super::super) fn error_at(&self, path: &[&str]) -> Option<&GraphQlError> {
        let below = |error: &&GraphQlError| {
            let names = error.path.iter().filter_map(Value::as_str);
            path.iter().copied().eq(names.take(path.len()))
        };
        self.errors.iter().find(below)
    }

    /// Whether the query was too much for GitHub, as a whole or somewhere.
    pub(in super::super) fn is_too_much(&self) -> bool {
        self.errors.iter().any(GraphQlError::is_too_much)
    }

    /// Whether a classic token lacks the scope of a field, for which the whole query is refused.
    pub(in super::super) fn is_refused_for_scopes(&self) -> bool {
        let lacks_scope = |error: &GraphQlError| error.kind.as_deref() == Some("INSUFFICIENT_SCOPES");
        self.data.is_none() && self.errors.iter().any(lacks_scope)
    }

    /// Takes over the part under a name, with the errors that speak of it.
    pub(super) fn adopt(&mut self, name: &str, from: &Self) {
        if let Some(value) = from.data.as_ref().and_then(|data| data.get(name)) {
            let data = self.data.get_or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(data) = data {
                data.insert(name.to_owned(), value.clone());
            }
        }
        self.errors.extend(from.errors.iter().filter(|error| error.is_of(name)).cloned());
    }
}

impl GraphQlError {
    /// What the error makes of the field that it speaks of.
    pub(in super::super) fn answer<D>(&self) -> Answer<D> {
        match self.kind.as_deref() {
            Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => Answer::Denied,
            Some(NOT_KNOWN) => Answer::Untold(format!("this server does not know it: {}", plain(&self.message))),
            _ => Answer::Failed(format!("GitHub answered: {}", plain(&self.message))),
        }
    }

    /// That a part came to nothing, for this reason.
    pub(super) fn of_part(name: &str, message: String) -> Self {
        Self { path: vec![name.into()], message, ..Self::default() }
    }

    /// That the server does not know a field of a part.
    pub(super) fn not_known(name: &str, message: String) -> Self {
        Self { kind: Some(NOT_KNOWN.to_owned()), ..Self::of_part(name, message) }
    }

    /// The names of the fields below its part that lead to what it speaks of.
    pub(in super::super) fn fields_below(&self) -> Vec<&str> {
        self.path.iter().skip(1).filter_map(Value::as_str).collect()
    }

    /// Whether it speaks of the part under this name.
    pub(in super::super) fn is_of(&self, name: &str) -> bool {
        self.path.first().and_then(Value::as_str) == Some(name)
    }

    /// Whether the query was too much for GitHub.
    pub(super) fn is_too_much(&self) -> bool {
        const KINDS: [&str; 3] = ["RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED", "EXCESSIVE_PAGINATION"];
        self.kind.as_deref().is_some_and(|kind| KINDS.contains(&kind))
            || self.message.starts_with("Something went wrong while executing your query")
            || self.message.starts_with("We couldn't respond to your request in time")
    }

    /// Whether the query itself was refused, as by an older server that lacks a field.
    pub(super) fn is_of_query(&self) -> bool {
        let path = self.path.first().and_then(Value::as_str);
        self.kind.is_none()
            && (self.extensions.as_ref().is_some_and(|extensions| extensions.code.is_some())
                || path.is_some_and(|first| first == "query" || first.starts_with("query ")))
    }
}

/// Whether an answer is one: it has data, or errors, or both.
pub(super) fn checked(response: &Response) -> Result<(), Refusal> {
    let answer: GraphQl = decode(&response.body)?;
    let is_object = answer.data.as_ref().is_some_and(Value::is_object);
    if is_object || (answer.data.is_none() && !answer.errors.is_empty()) {
        Ok(())
    } else {
        Err(Refusal::Shape("it holds neither data nor errors".to_owned()))
    }
}

/// Whether an answer says that the rate limit is used up.
pub(super) fn is_rate_limited(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Errors {
        #[serde(default)]
        errors: Vec<Kind>,
        #[serde(default, rename = "data")]
        _data: Option<IgnoredAny>,
    }
    #[derive(Deserialize)]
    struct Kind {
        #[serde(default, rename = "type")]
        kind: Option<String>,
    }
    let of_limit = |error: &Kind| matches!(error.kind.as_deref(), Some("RATE_LIMITED" | "RATE_LIMIT"));
    serde_json::from_slice(body).is_ok_and(|answer: Errors| answer.errors.iter().any(of_limit))
}
