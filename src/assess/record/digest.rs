//! The digest of a record: that of its compact JSON, of which models and questions, nearly all of it, are written side by
//! side.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write as _};

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest as _, Sha256};

use super::{Assessment, AuditShown, ConductShown, Engine, Inputs, Kept};
use crate::evidence::Subject;
use crate::parallel;

/// A record with the same fields in the same order, without a digest. A test holds its JSON to that of the record.
#[derive(Serialize)]
struct Written<'r> {
    schema: &'r str,
    subject: &'r Subject,
    as_of: NaiveDate,
    engine: &'r Engine,
    inputs: &'r Inputs,
    models: Vec<Box<RawValue>>,
    questions: Vec<Box<RawValue>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    audits: &'r [AuditShown],
    contradictions: &'r [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    conduct: Option<&'r ConductShown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<&'r Kept>,
    previous: Option<&'r str>,
    digest: &'static str,
    #[serde(flatten)]
    other: &'r BTreeMap<String, serde_json::Value>,
}

impl<'r> Written<'r> {
    fn of(record: &'r Assessment) -> Result<Self, serde_json::Error> {
        let Assessment {
            schema,
            subject,
            as_of,
            engine,
            inputs,
            models,
            questions,
            audits,
            contradictions,
            conduct,
            kept,
            previous,
            digest: _,
            other,
        } = record;
        Ok(Self {
            schema,
            subject,
            as_of: *as_of,
            engine,
            inputs,
            models: each(models)?,
            questions: each(questions)?,
            audits,
            contradictions,
            conduct: conduct.as_ref(),
            kept: kept.as_ref(),
            previous: previous.as_deref(),
            digest: "",
            other,
        })
    }
}

/// The JSON of each, in their order.
fn each<T: Serialize + Sync>(items: &[T]) -> Result<Vec<Box<RawValue>>, serde_json::Error> {
    parallel::each(items, to_raw_value).into_iter().collect()
}

/// `sha256:` and the digest of the record's compact JSON with the field `digest` empty.
pub(super) fn of(record: &Assessment) -> Result<String, serde_json::Error> {
    let mut hasher = Sha256::new();
    let mut writer = BufWriter::new(&mut hasher);
    serde_json::to_writer(&mut writer, &Written::of(record)?)?;
    writer.flush().map_err(serde_json::Error::io)?;
    drop(writer);
    Ok(format!("sha256:{:x}", hasher.finalize()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::sample;

    /// A record in which every field is there.
    fn full() -> Assessment {
        let mut json = serde_json::to_value(sample::hostile()).unwrap();
        json["kept"] = json!({ "recorded_at": "2026-11-24T10:12:13Z", "evidence": "a", "questionnaires": "b" });
        json["conduct"] = json!({ "vouched": true, "reviewers": [], "team": [], "recommendations": [] });
        json["of_later"] = json!({ "a": [1, "<b>"] });
        Assessment::from_json(&json.to_string()).unwrap()
    }

    #[test]
    fn it_is_that_of_the_records_own_json() {
        let bare = Assessment { models: Vec::new(), questions: Vec::new(), audits: Vec::new(), ..sample::record() };
        for record in [sample::record(), sample::hostile(), full(), bare] {
            let without = Assessment { digest: String::new(), ..record.clone() };
            let own = serde_json::to_string(&without).unwrap();
            assert_eq!(serde_json::to_string(&Written::of(&record).unwrap()).unwrap(), own);
            assert_eq!(of(&record).unwrap(), format!("sha256:{:x}", Sha256::digest(own)));
        }
        let json = serde_json::to_value(full()).unwrap();
        let schema = serde_json::to_value(schemars::schema_for!(Assessment)).unwrap();
        for field in schema["properties"].as_object().unwrap().keys() {
            assert!(json.get(field).is_some(), "the full record of this test has no `{field}`");
        }
    }
}
