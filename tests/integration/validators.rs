//! Validators of the exchange formats: what their JSON Schemas cannot say, and the formats that have none. Each gives what is
//! wrong.

use std::collections::BTreeSet;

use serde_json::Value;

const JUNIT: &str = include_str!("../schemas/junit-10.xsd");

/// What is wrong with a text in a format, by the rules that its schema cannot say.
pub(crate) fn faults(format: &str, text: &str) -> Vec<String> {
    match format {
        "sarif" => sarif(&json(text)),
        "oscal" => oscal(&json(text)),
        "gemara" => {
            let document: Value = serde_yaml::from_str(text).unwrap();
            [gemara(&document), gemara_references(&document)].concat()
        }
        "in-toto" => in_toto(&json(text)),
        "csv" => csv(text),
        "junit" => junit(text),
        "badge" => badge(text),
        "shields" => {
            let badge = json(text);
            let fields = ["schemaVersion", "label", "message", "color"];
            fields.iter().filter(|name| badge[**name].is_null()).map(|name| (*name).to_owned()).collect()
        }
        other => vec![format!("{other} has no validator")],
    }
}

/// Calls a function with each object in a document, and the key under which it or its list stands.
fn each_field(value: &Value, seen: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                seen(name, field);
                each_field(field, seen);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each_field(item, seen)),
        _ => {}
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// OSCAL: ids that stand once, and references that lead somewhere.
pub(crate) fn oscal(document: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let (mut ids, mut references) = (Vec::new(), Vec::new());
    each_field(document, &mut |name, field| {
        if name == "uuid" {
            ids.extend(texts(field));
        } else if name.ends_with("-uuid") || name.ends_with("-uuids") {
            references.extend(texts(field));
        } else if name == "href" {
            references.extend(texts(field).iter().filter_map(|href| href.strip_prefix('#')).map(str::to_owned));
        }
    });
    let known: BTreeSet<&String> = ids.iter().collect();
    if known.len() < ids.len() {
        wrong.push("an id stands twice".to_owned());
    }
    wrong.extend(references.iter().filter(|id| !known.contains(id)).map(|id| format!("{id} leads nowhere")));
    let (mut roles, mut used) = (BTreeSet::new(), BTreeSet::new());
    each_field(document, &mut |name, field| match name {
        "roles" => roles.extend(field.as_array().into_iter().flatten().flat_map(|role| texts(&role["id"]))),
        "role-id" => used.extend(texts(field)),
        _ => {}
    });
    wrong.extend(used.difference(&roles).map(|role| format!("there is no role {role}")));
    wrong
}

/// Gemara: a requirement that names its catalogue names that of its control.
pub(crate) fn gemara(document: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for evaluation in list(&document["evaluations"]) {
        let control = &evaluation["control"]["reference-id"];
        for log in list(&evaluation["assessment-logs"]) {
            let own = &log["requirement"]["reference-id"];
            if !own.is_null() && own != control {
                wrong.push(format!("{own} is not the reference id of the control, {control}"));
            }
        }
    }
    wrong
}

/// Beyond what Gemara checks: every reference id is declared, and so is every group of applicability.
pub(crate) fn gemara_references(document: &Value) -> Vec<String> {
    let declared = |list: &str| -> BTreeSet<String> {
        let entries = document["metadata"][list].as_array().cloned().unwrap_or_default();
        entries.iter().flat_map(|entry| texts(&entry["id"])).collect()
    };
    let (references, groups) = (declared("mapping-references"), declared("applicability-groups"));
    let mut wrong = Vec::new();
    each_field(document, &mut |name, field| {
        let known = match name {
            "reference-id" => &references,
            "applicability" if !groups.is_empty() => &groups,
            _ => return,
        };
        wrong.extend(texts(field).into_iter().filter(|id| !known.contains(id) && id != "all"));
    });
    wrong
}

/// SARIF: what GitHub's code scanning demands.
pub(crate) fn sarif(document: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut categories = BTreeSet::new();
    for run in list(&document["runs"]) {
        let id = run["automationDetails"]["id"].as_str().unwrap_or_default();
        if !categories.insert(id.rsplit_once('/').map_or("", |parts| parts.0).to_owned()) {
            wrong.push(format!("two runs have the category of {id}"));
        }
        let rules = list(&run["tool"]["driver"]["rules"]);
        let mut marks = BTreeSet::new();
        for result in list(&run["results"]) {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
            if rules.get(index).is_none_or(|rule| rule["id"] != result["ruleId"]) {
                wrong.push(format!("{} is not the rule {index}", result["ruleId"]));
            }
            if result["kind"] != "fail" || !matches!(result["level"].as_str(), Some("error" | "warning" | "note")) {
                wrong.push("code scanning takes every result for a problem".to_owned());
            }
            if !marks.insert(result["partialFingerprints"]["seaworthyRequirement/v1"].to_string()) {
                wrong.push("two results have the same fingerprint".to_owned());
            }
            if list(&result["locations"]).is_empty() {
                wrong.push("code scanning refuses results without a place".to_owned());
            }
            for location in list(&result["locations"]).iter().chain(&list(&result["relatedLocations"])) {
                let place = &location["physicalLocation"];
                let uri = place["artifactLocation"]["uri"].as_str().unwrap_or_default();
                let steps = uri.split('/').any(|part| part == "..");
                if uri.is_empty() || uri.starts_with('/') || uri.contains(':') || steps {
                    wrong.push(format!("`{uri}` is no place in the repository"));
                }
                if place["region"]["startLine"].as_u64().is_none_or(|line| line == 0) {
                    wrong.push("a place has no line".to_owned());
                }
            }
        }
    }
    wrong
}

/// in-toto: the rules of statements (v1) and of the Simple Verification Result (v0.2), which have no schema.
pub(crate) fn in_toto(document: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut must = |holds: bool, rule: &str| {
        if !holds {
            wrong.push(rule.to_owned());
        }
    };
    let only = |value: &Value, names: &[&str]| {
        value.as_object().is_some_and(|fields| fields.keys().all(|name| names.contains(&name.as_str())))
    };
    let is_hex = |value: &Value, lengths: &[usize]| {
        value.as_str().is_some_and(|text| lengths.contains(&text.len()) && text.chars().all(|c| c.is_ascii_hexdigit()))
    };
    let is_uri = |value: &Value| value.as_str().is_some_and(|text| text.parse::<url::Url>().is_ok());
    let descriptor = |value: &Value| {
        only(value, &["name", "uri", "digest", "annotations", "mediaType", "downloadLocation", "content"])
    };
    must(only(document, &["_type", "subject", "predicateType", "predicate"]), "a statement has four fields");
    must(document["_type"] == "https://in-toto.io/Statement/v1", "the type is that of statements");
    must(
        document["predicateType"] == "https://in-toto.io/attestation/svr/v0.2",
        "the predicate is a verification result",
    );
    let subjects = document["subject"].as_array().cloned().unwrap_or_default();
    must(!subjects.is_empty(), "there is a subject");
    for subject in &subjects {
        must(descriptor(subject), "a subject is a resource descriptor");
        must(is_hex(&subject["digest"]["gitCommit"], &[40, 64]), "a subject has a digest");
    }
    let predicate = &document["predicate"];
    must(only(predicate, &["verifier", "timeCreated", "properties"]), "a predicate has three fields");
    must(is_uri(&predicate["verifier"]["id"]), "the verifier is named by an address");
    let policies = predicate["verifier"]["policies"].as_array();
    must(policies.is_some(), "there is a list of policies");
    for policy in policies.into_iter().flatten() {
        must(descriptor(policy), "a policy is a resource descriptor");
        must(["name", "uri", "digest"].iter().any(|name| !policy[name].is_null()), "a policy is named");
    }
    let time = predicate["timeCreated"].as_str().unwrap_or_default();
    must(chrono::DateTime::parse_from_rfc3339(time).is_ok(), "the time is a timestamp");
    let properties = predicate["properties"].as_array();
    must(properties.is_some_and(|list| list.iter().all(Value::is_string)), "properties are a list of texts");
    wrong
}

/// JUnit: the XML Schema, and numbers that are those of the cases.
pub(crate) fn junit(text: &str) -> Vec<String> {
    let document = match uppsala::parse(text) {
        Ok(document) => document,
        Err(error) => return vec![format!("{error:?}")],
    };
    let schema = uppsala::parse(JUNIT).unwrap();
    let validator = uppsala::xsd::XsdValidator::from_schema(&schema).unwrap();
    let mut wrong: Vec<String> = validator.validate(&document).iter().map(|error| format!("{error:?}")).collect();
    let number = |name: &str| -> usize {
        let mark = format!(" {name}=\"");
        let rest =
            text.split_once("<testsuites").and_then(|(_, rest)| rest.split_once('>')).map_or("", |parts| parts.0);
        rest.split_once(&mark).and_then(|(_, rest)| rest.split_once('"')).and_then(|(n, _)| n.parse().ok()).unwrap_or(0)
    };
    for (name, element) in [("tests", "<testcase "), ("failures", "<failure ")] {
        if number(name) != text.matches(element).count() {
            wrong.push(format!("{name} is not the number of {element}"));
        }
    }
    wrong
}

/// CSV: rows of the same length, and no cell that a spreadsheet takes for a formula.
pub(crate) fn csv(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        match row {
            Ok(row) => wrong.extend(
                row.iter().filter(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r'])).map(str::to_owned),
            ),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    wrong
}

/// An image of plain shapes and text, without scripts, links or anything that is loaded.
pub(crate) fn badge(text: &str) -> Vec<String> {
    let mut wrong: Vec<String> = uppsala::parse(text).err().map(|error| format!("{error:?}")).into_iter().collect();
    let elements = ["svg", "title", "clipPath", "rect", "g", "text"];
    for tag in text.split('<').skip(1) {
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let attributes = tag.split_once('>').map_or(tag, |parts| parts.0);
        if !elements.contains(&name.as_str()) || attributes.contains("href=") || attributes.contains(" on") {
            wrong.push(tag.to_owned());
        }
    }
    wrong
}
