//! OSCAL assessment results, 1.2.1, as JSON: a result for each model.
//!
//! OSCAL knows *satisfied* and *not satisfied*, and no third. What is unknown or does not apply has no finding here; it is
//! named among the controls that were left out. Each source of a finding is an observation with its method: a setting or a
//! file that was read, an answer (interview) with the day on which it runs out, a review. All ids are made of the record's
//! digest, so the same record gives the same document.

mod observations;

use serde_json::{Value, json};
use uuid::Uuid;

use super::facts::{self, Fact, Reading};
use crate::assess::record::{Assessment, Finding, ModelResult, Outcome, WaiverShown};
use crate::report::ReportError;
use crate::report::escape::{clean, markdown, web_link};

/// The version of OSCAL.
const OSCAL: &str = "1.2.1";
/// The namespace of our own properties.
const NAMESPACE: &str = "urn:seaworthy:facts:1";

pub(super) fn render(record: &Assessment) -> Result<String, ReportError> {
    if record.models.is_empty() {
        return Err(ReportError::Unfit { reason: "the record has no model".to_owned() });
    }
    let ids = Ids::of(record);
    let collected = facts::instant(record.inputs.evidence.collected_at)?;
    let results: Vec<Value> = record.models.iter().map(|model| result(model, record, &ids, &collected)).collect();
    let mut document = json!({ "assessment-results": {
        "uuid": ids.make("document", ""),
        "metadata": {
            "title": line(&format!("Security assessment of {}", record.subject.id)),
            "last-modified": collected,
            "version": record.as_of.to_string(),
            "oscal-version": OSCAL,
            "props": props(&facts::of_record(record)),
            "roles": [
                { "id": "maintainer", "title": "Maintainer who answered" },
                { "id": "reviewer", "title": "Reviewer of answers" },
                { "id": "approver", "title": "Person who accepts a deviation" },
            ],
            "parties": observations::people(record).into_iter()
                .map(|name| json!({ "uuid": ids.make("person", &name), "type": "person", "name": name }))
                .collect::<Vec<_>>(),
        },
        "import-ap": { "href": format!("#{}", ids.make("plan", "")) },
        "results": results,
        "back-matter": { "resources": [{
            "uuid": ids.make("plan", ""),
            "title": "Questions and models",
            "description": "What was asked and how it was judged: the questionnaires and models under these digests.",
            "props": props(&facts::of_record(record).into_iter()
                .filter(|(name, _)| *name == "questionnaires-digest").collect::<Vec<_>>()),
        }] },
    }});
    prune(&mut document);
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// Makes ids of what they name.
struct Ids {
    base: Uuid,
}

impl Ids {
    fn of(record: &Assessment) -> Self {
        let name = format!("urn:seaworthy:record:{}", record.digest);
        Self { base: Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()) }
    }

    fn make(&self, kind: &str, name: &str) -> String {
        Uuid::new_v5(&self.base, format!("{kind}\n{name}").as_bytes()).to_string()
    }
}

fn result(model: &ModelResult, record: &Assessment, ids: &Ids, collected: &str) -> Value {
    let tool = ids.make("tool", &model.id);
    let seen = observations::Sources { model, record, ids, collected, tool: &tool };
    let judged: Vec<&Finding> = model.findings.iter().filter(|finding| is_judged(finding)).collect();
    json!({
        "uuid": ids.make("result", &model.id),
        "title": line(&format!("{} {}", model.title, model.version)),
        "description": line(&format!(
            "Judged {} of {} requirements, as of {}. Properties of each finding say on what it stands.",
            model.coverage.judged, model.coverage.total, record.as_of
        )),
        "start": collected,
        "props": props(&facts::of_model(model)),
        "links": web_link(&model.source).map(|href| json!([{ "href": href, "rel": "reference" }])),
        "local-definitions": {
            "components": [{
                "uuid": ids.make("subject", &model.id),
                "type": "software",
                "title": line(&record.subject.id),
                "description": line("The project assessed."),
                "links": record.subject.url.as_deref().and_then(web_link).map(|href| json!([{ "href": href }])),
                "status": { "state": "operational" },
            }],
            "assessment-assets": {
                "components": [{
                    "uuid": tool,
                    "type": "software",
                    "title": line(&record.engine.name),
                    "description": line(&facts::engine(record)),
                    "status": { "state": "operational" },
                }],
                "assessment-platforms": [{
                    "uuid": ids.make("platform", &model.id),
                    "title": line(&facts::engine(record)),
                    "uses-components": [{ "component-uuid": tool }],
                }],
            },
        },
        "reviewed-controls": { "control-selections": selections(model) },
        "attestations": seen.attestations(),
        "observations": seen.all(),
        "risks": model.findings.iter().filter_map(|finding| risk(finding, model, ids)).collect::<Vec<_>>(),
        "findings": judged.iter().map(|finding| oscal_finding(finding, &seen)).collect::<Vec<_>>(),
    })
}

/// Whether OSCAL has a state for it.
fn is_judged(finding: &Finding) -> bool {
    matches!(finding.outcome, Outcome::Met | Outcome::Partly | Outcome::Unmet)
}

/// Which requirements were judged, and which were not and why.
fn selections(model: &ModelResult) -> Value {
    let ids = |wanted: &dyn Fn(&Finding) -> bool| -> Vec<Value> {
        let chosen = model.findings.iter().filter(|finding| wanted(finding));
        chosen.map(|finding| json!({ "control-id": token(&model.id, &finding.requirement) })).collect()
    };
    let left_out = |outcome: Outcome, why: &str| {
        let excluded = ids(&|finding| finding.outcome == outcome);
        let fact: Fact = ("outcome", outcome.word().to_owned());
        // The schema demands that something is selected before something is left out.
        json!({
            "description": why,
            "props": props(&[fact]),
            "include-controls": excluded.clone(),
            "exclude-controls": excluded,
        })
    };
    let all = [
        json!({ "description": "Requirements that were judged.", "include-controls": ids(&is_judged) }),
        left_out(Outcome::NotApplicable, "Requirements that do not apply to the project."),
        left_out(Outcome::Unknown, "Requirements that could not be judged. That is neither a yes nor a no."),
    ];
    let is_empty = |selection: &&Value| {
        ["include-controls", "exclude-controls"]
            .iter()
            .all(|name| selection.get(name).and_then(Value::as_array).is_none_or(Vec::is_empty))
    };
    let kept: Vec<&Value> = all.iter().filter(|selection| !is_empty(selection)).collect();
    if kept.is_empty() { json!([{ "description": "The model has no requirements." }]) } else { json!(kept) }
}

fn oscal_finding(finding: &Finding, seen: &observations::Sources<'_>) -> Value {
    let (model, ids) = (seen.model, seen.ids);
    let proved = Reading::of(finding) == Reading::Verified;
    let (state, reason, remarks) = match finding.outcome {
        Outcome::Met if proved => ("satisfied", "pass", None),
        Outcome::Met => ("satisfied", "other", Some("Not proved: by somebody's word, or a sign.")),
        Outcome::Partly => ("not-satisfied", "other", Some("Partly met.")),
        Outcome::Unmet | Outcome::Unknown | Outcome::NotApplicable => ("not-satisfied", "fail", None),
    };
    json!({
        "uuid": ids.make("finding", &format!("{}\n{}", model.id, finding.requirement)),
        "title": line(&finding.requirement),
        "description": line(&format!("{} {}", finding.demands, facts::sentence(finding))),
        "props": props(&facts::of_finding(finding, seen.record)),
        "target": {
            "type": "objective-id",
            "target-id": token(&model.id, &finding.requirement),
            "status": { "state": state, "reason": reason, "remarks": remarks },
        },
        "related-observations": seen.of_finding(finding).into_iter()
            .map(|id| json!({ "observation-uuid": id })).collect::<Vec<_>>(),
        "related-risks": finding.waiver.as_ref()
            .map(|_| json!([{ "risk-uuid": risk_id(finding, model, ids) }])),
        "remarks": finding.next.as_deref().map(line),
    })
}

fn risk_id(finding: &Finding, model: &ModelResult, ids: &Ids) -> String {
    ids.make("risk", &format!("{}\n{}", model.id, finding.requirement))
}

/// A waiver, as a deviation that is approved until its day.
fn risk(finding: &Finding, model: &ModelResult, ids: &Ids) -> Option<Value> {
    if !is_judged(finding) {
        return None;
    }
    let WaiverShown { reason, by, until, ended } = finding.waiver.as_ref()?;
    Some(json!({
        "uuid": risk_id(finding, model, ids),
        "title": line(&format!("{} is waived", finding.requirement)),
        "description": line(reason),
        "statement": line(&finding.demands),
        "props": props(&[("waived-by", clean(by)), ("waived-until", until.to_string())]),
        "status": if *ended { "open" } else { "deviation-approved" },
        "origins": [{ "actors": [{
            "type": "party",
            "actor-uuid": ids.make("person", &observations::name(by)),
            "role-id": "approver",
        }] }],
        "deadline": facts::end_of(*until),
    }))
}

/// Text as one line of Markdown, never empty.
fn line(text: &str) -> String {
    let escaped = markdown(text);
    if escaped.trim().is_empty() { "(none)".to_owned() } else { escaped }
}

/// Facts as properties. Their values stand on one line, with no space at either end.
fn props(facts: &[Fact]) -> Vec<Value> {
    let one = |(name, value): &Fact| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        (!value.is_empty()).then(|| json!({ "name": name, "ns": NAMESPACE, "value": value }))
    };
    facts.iter().filter_map(one).collect()
}

/// An id as OSCAL can write it: in small letters; what does not begin with a letter gets the model's id before it.
fn token(model: &str, id: &str) -> String {
    let plain = |text: &str| -> String {
        let kept = |character: char| character.is_ascii_alphanumeric() || ".-_".contains(character);
        text.chars().map(|character| if kept(character) { character.to_ascii_lowercase() } else { '_' }).collect()
    };
    let begins_well = |text: &str| text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let id = plain(id);
    if begins_well(&id) {
        return id;
    }
    let model = plain(model);
    if begins_well(&model) { format!("{model}-{id}") } else { format!("_{model}-{id}") }
}

/// Takes out what is null, and lists and objects without entries: OSCAL forbids empty lists.
fn prune(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(prune);
            fields.retain(|_, field| !is_void(field));
        }
        Value::Array(items) => {
            items.iter_mut().for_each(prune);
            items.retain(|item| !is_void(item));
        }
        _ => {}
    }
}

fn is_void(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}
