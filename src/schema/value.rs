//! Values, people and conditions, which files of several kinds hold.
#![expect(dead_code, reason = "these types describe files and are never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

use crate::evidence::Value;

/// Somebody whom an answer names.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Person {
    /// Such as @alice; no e-mail address
    handle: String,
    name: Option<String>,
    role: Option<String>,
}

/// A value; yes and no may be written as words.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum Written {
    Value(Value),
    People(Vec<Person>),
}

/// A tree of `all`, `any`, `none` and `at_least` over leaves, each a name with a value or a test.
pub(super) type Condition = BTreeMap<String, serde_json::Value>;
