//! The file with relations between requirements of different models.
#![expect(dead_code, reason = "these types describe files and are never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;

use crate::questionnaire::Relation;

/// How requirements of different models relate, as others have published it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct CrosswalkFile {
    /// seaworthy.crosswalk/1
    schema: String,
    /// By id: where relations come from
    #[schemars(required)]
    sources: BTreeMap<String, Source>,
    #[schemars(required)]
    relations: Vec<Related>,
}

/// A published map.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Source {
    title: String,
    address: String,
    version: String,
    licence: String,
}

/// A relation between requirements of two models. It explains, and never decides.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Related {
    /// MODEL/REQUIREMENT
    from: String,
    /// MODEL/REQUIREMENT of another model
    to: String,
    relation: Relation,
    /// From 1, a weak signal, to 3, as good as certain
    confidence: u8,
    /// An id of `sources`
    source: String,
}
