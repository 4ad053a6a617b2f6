//! The file that says which questions took the place of old ones.
#![expect(dead_code, reason = "these types describe files and are never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

use super::value::Written;

/// Which questions took the place of old ones, and how their answers carry over.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ReplacedFile {
    /// seaworthy.replaced/1
    schema: String,
    replaced: Vec<Replaced>,
}

/// A question that is no longer asked.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Replaced {
    /// Id of the old question
    id: String,
    /// Ids of the new ones; none where nothing took its place
    #[schemars(required)]
    by: Vec<String>,
    /// The version of the questionnaires since which it holds
    since: String,
    carry: Carry,
    /// With `carry: values` and nothing else: what each old value becomes
    values: Option<BTreeMap<String, Written>>,
    /// What has changed, for the person who looks at the answer again
    note: Option<String>,
}

/// How an answer carries over: the new question means the same, values become others, or it is asked again.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Carry {
    Same,
    Values,
    Again,
}
