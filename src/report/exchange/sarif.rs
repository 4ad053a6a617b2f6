//! SARIF 2.1.0: a run for each model, a rule for each requirement, a result for each that is not met or partly met.
//!
//! GitHub's code scanning takes every result for a problem: it knows neither kinds of results nor suppressions, and refuses a
//! file in which one result has no place. So what is met, unknown or waived is no result here. What is unknown or waived is
//! a notification of the run; so is what is met by somebody's word alone, for nobody else would know that it is not proved.
//! A result that no file shows stands at [`NO_FILE`], which is no file's name.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::facts::{self, Fact, Reading};
use crate::assess::record::{Assessment, Finding, ModelResult, Outcome};
use crate::evidence::Place;
use crate::report::ReportError;
use crate::report::escape::{clean, markdown, markdown_prose, web_link};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The place of what no file shows, such as a setting.
const NO_FILE: &str = "no-file-shows-this";

/// The most places of a result beside the first.
const MOST_PLACES: usize = 10;

type Bag = BTreeMap<&'static str, String>;

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Vec<Run>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Value,
    automation_details: Value,
    invocations: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_control_provenance: Option<Value>,
    results: Vec<Problem>,
    properties: Bag,
}

/// A result, as SARIF calls it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Problem {
    rule_id: String,
    rule_index: usize,
    kind: &'static str,
    level: &'static str,
    message: Message,
    locations: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Value>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    properties: Bag,
}

#[derive(Serialize)]
struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

pub(super) fn render(record: &Assessment) -> Result<String, ReportError> {
    let runs = record.models.iter().map(|model| run(model, record)).collect::<Result<_, _>>()?;
    let log = Log { schema: SCHEMA, version: "2.1.0", runs };
    Ok(serde_json::to_string_pretty(&log)? + "\n")
}

fn run(model: &ModelResult, record: &Assessment) -> Result<Run, ReportError> {
    let mut properties = bag(facts::of_record(record));
    properties.extend(facts::of_model(model));
    let numbered = || model.findings.iter().enumerate();
    let collected = facts::instant(record.inputs.evidence.collected_at)?;
    Ok(Run {
        tool: json!({ "driver": driver(model, record) }),
        automation_details: json!({ "id": format!("seaworthy/{}/{}", clean(&model.id), record.as_of) }),
        invocations: vec![json!({
            "executionSuccessful": true,
            "endTimeUtc": collected,
            "toolExecutionNotifications": numbered()
                .filter_map(|(index, finding)| notification(index, finding))
                .collect::<Vec<_>>(),
        })],
        version_control_provenance: provenance(record),
        results: numbered()
            .filter_map(|(index, finding)| Some(result(index, finding, level(finding)?, model, record)))
            .collect(),
        properties,
    })
}

fn driver(model: &ModelResult, record: &Assessment) -> Value {
    let rules: Vec<Value> = model.findings.iter().map(|finding| rule(finding, model)).collect();
    json!({ "name": clean(&record.engine.name), "version": clean(&record.engine.version), "rules": rules })
}

/// A requirement. Its texts do not depend on what was found, except for what to do next.
fn rule(finding: &Finding, model: &ModelResult) -> Value {
    let title = format!("{} {}: {}", clean(&model.title), clean(&model.version), clean(&finding.requirement));
    let next = finding
        .next
        .as_deref()
        .map_or_else(|| "Nothing is to be done.".to_owned(), |next| format!("What to do next: {}", clean(next)));
    let maps: Vec<String> =
        finding.maps.iter().map(|(framework, ids)| clean(&format!("{framework}: {}", ids.join(", ")))).collect();
    let also = if maps.is_empty() { String::new() } else { format!("The same demand elsewhere: {}.", maps.join("; ")) };
    let source = web_link(&model.source);
    let mut tags = vec!["maturity".to_owned()];
    for tag in [clean(&model.id), clean(&finding.area)] {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let joined =
        |parts: [String; 3]| parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join("\n\n");
    let help_text = joined([clean(&finding.demands), clean(&next), clean(&also)]);
    let help_markdown = joined([markdown(&finding.demands), markdown_prose(&next), markdown(&also)]);
    let mut rule = json!({
        "id": clean(&finding.requirement),
        "name": title,
        "shortDescription": { "text": shown(&finding.demands) },
        "fullDescription": { "text": shown(&format!("{title}. {}", finding.demands)) },
        "help": { "text": help_text, "markdown": help_markdown },
        "defaultConfiguration": { "level": "error" },
        "properties": {
            "tags": tags,
            "levels": facts::joined(finding.levels.iter().map(ToString::to_string)),
        },
    });
    if let (Value::Object(fields), Some(link)) = (&mut rule, source) {
        fields.insert("helpUri".to_owned(), link.into());
    }
    rule
}

/// How SARIF takes a finding; none where it is no result.
fn level(finding: &Finding) -> Option<&'static str> {
    match finding.outcome {
        _ if facts::waiver(finding).is_some() => None,
        Outcome::Unmet => Some("error"),
        Outcome::Partly => Some("warning"),
        Outcome::Met | Outcome::NotApplicable | Outcome::Unknown => None,
    }
}

/// What a reader of the run must know of a finding that is no result.
fn notification(index: usize, finding: &Finding) -> Option<Value> {
    let kind = match finding.outcome {
        Outcome::Partly | Outcome::Unmet if facts::waiver(finding).is_some() => "waived",
        Outcome::Partly | Outcome::Unmet => return None,
        Outcome::Met | Outcome::NotApplicable if Reading::of(finding) == Reading::Verified => return None,
        Outcome::Met | Outcome::NotApplicable => "claimed",
        Outcome::Unknown => "unknown",
    };
    let waived = facts::waiver(finding).map_or_else(String::new, |waiver| {
        format!(" Waived by {} until {}: {}", waiver.by, waiver.until, waiver.reason)
    });
    let id = clean(&finding.requirement);
    Some(json!({
        "descriptor": { "id": kind },
        "associatedRule": { "id": id, "index": index },
        "level": "note",
        "message": { "text": without_links(&shown(&format!("{id}: {}{waived}", facts::sentence(finding)))) },
    }))
}

fn result(index: usize, finding: &Finding, level: &'static str, model: &ModelResult, record: &Assessment) -> Problem {
    let mut places: Vec<Value> = Vec::new();
    for place in finding.reasons.iter().flat_map(|reason| &reason.places) {
        if let Some(place) = location(place).filter(|place| !places.contains(place)) {
            places.push(place);
        }
    }
    let first = if places.is_empty() { nowhere() } else { places.remove(0) };
    places.truncate(MOST_PLACES);
    for (id, place) in places.iter_mut().enumerate() {
        if let Value::Object(fields) = place {
            fields.insert("id".to_owned(), (id + 1).into());
        }
    }
    let next = finding.next.as_deref().map_or_else(String::new, |next| format!(" Next: {}", clean(next)));
    let said = shown(&format!("{} {}{next}", finding.demands, facts::sentence(finding)));
    Problem {
        rule_id: clean(&finding.requirement),
        rule_index: index,
        kind: "fail",
        level,
        message: Message { markdown: Some(markdown(&said)), text: without_links(&said) },
        partial_fingerprints: fingerprints(finding, model, !has_file(&first)),
        locations: vec![first],
        related_locations: places,
        properties: bag(facts::of_finding(finding, record)),
    }
}

/// The place of a file, relative to the repository.
fn location(place: &Place) -> Option<Value> {
    let path = place.path.as_deref().filter(|path| !path.is_empty() && path.len() <= 1_000)?;
    let physical = json!({
        "artifactLocation": { "uri": encoded(path), "uriBaseId": "%SRCROOT%" },
        "region": { "startLine": place.line.unwrap_or(1).max(1) },
    });
    let mut location = json!({ "physicalLocation": physical });
    if let (Value::Object(fields), Some(note)) = (&mut location, &place.note) {
        fields.insert("message".to_owned(), json!({ "text": without_links(&shown(note)) }));
    }
    Some(location)
}

fn nowhere() -> Value {
    json!({
        "physicalLocation": { "artifactLocation": { "uri": NO_FILE }, "region": { "startLine": 1 } },
        "logicalLocations": [{ "name": "the project as a whole", "kind": "module" }],
    })
}

fn has_file(location: &Value) -> bool {
    location.pointer("/physicalLocation/artifactLocation/uri").and_then(Value::as_str) != Some(NO_FILE)
}

/// Marks by which a result is known again: by model and requirement, whatever the place or the wording. GitHub's own mark is
/// of the line; where there is none it is given here, so that the alert stays the same.
fn fingerprints(finding: &Finding, model: &ModelResult, is_nowhere: bool) -> BTreeMap<&'static str, String> {
    let digest = Sha256::digest(format!("{}\n{}", model.id, finding.requirement).as_bytes());
    let mark: String = format!("{digest:x}").chars().take(32).collect();
    let mut marks = BTreeMap::from([("seaworthyRequirement/v1", mark.clone())]);
    if is_nowhere {
        marks.insert("primaryLocationLineHash", format!("{}:1", mark.get(..16).unwrap_or(&mark)));
    }
    marks
}

fn provenance(record: &Assessment) -> Option<Value> {
    let address = record.subject.url.as_deref().and_then(web_link)?;
    let mut one = json!({ "repositoryUri": address });
    if let Value::Object(fields) = &mut one {
        for (name, value) in [("revisionId", &record.subject.commit), ("branch", &record.subject.default_branch)] {
            if let Some(value) = value {
                fields.insert(name.to_owned(), clean(value).into());
            }
        }
    }
    Some(json!([one]))
}

fn bag(facts: Vec<Fact>) -> Bag {
    facts.into_iter().collect()
}

/// Clean text, never empty.
fn shown(text: &str) -> String {
    let cleaned = clean(text);
    if cleaned.is_empty() { "(none)".to_owned() } else { cleaned }
}

/// Plain text of SARIF, in which `[text](target)` would be a link and `{0}` a placeholder. What is neither stays as it is.
fn without_links(text: &str) -> String {
    let escaped = if text.contains("](") {
        text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
    } else {
        text.to_owned()
    };
    if escaped.contains('{') { escaped.replace('{', "{{").replace('}', "}}") } else { escaped }
}

/// A path as a relative address: no scheme, no host, no step upwards.
fn encoded(path: &str) -> String {
    let kept: Vec<String> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "." | ".."))
        .map(|part| {
            let one = |byte: u8| {
                let plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
                if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            };
            part.bytes().map(one).collect()
        })
        .collect();
    if kept.is_empty() { NO_FILE.to_owned() } else { kept.join("/") }
}
