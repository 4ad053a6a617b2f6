//! The JSON Schemas of exchange formats. Each function gives what is wrong with a document.

use std::sync::{Arc, Mutex};

use jsonschema::Validator;
use serde_json::Value;

const OSCAL: &str = include_str!("../schemas/oscal-assessment-results-1.2.1.json");
const SARIF: &str = include_str!("../schemas/sarif-2.1.0.json");
const GEMARA: &str = include_str!("../schemas/gemara-evaluation-log.json");

/// What is wrong with a text in a format, by its schema where it has one in JSON.
pub(crate) fn faults(format: &str, text: &str) -> Vec<String> {
    match format {
        "oscal" => oscal(&serde_json::from_str(text).unwrap()),
        "sarif" => sarif(&serde_json::from_str(text).unwrap()),
        "gemara" => gemara(&serde_yaml::from_str(text).unwrap()),
        _ => Vec::new(),
    }
}

pub(crate) fn oscal(document: &Value) -> Vec<String> {
    against(OSCAL, document)
}

pub(crate) fn sarif(document: &Value) -> Vec<String> {
    against(SARIF, document)
}

pub(crate) fn gemara(document: &Value) -> Vec<String> {
    against(GEMARA, document)
}

/// Reading a schema takes a while, so each is read once.
fn against(schema: &'static str, document: &Value) -> Vec<String> {
    static READ: Mutex<Vec<(usize, Arc<Validator>)>> = Mutex::new(Vec::new());
    let address = schema.as_ptr().addr();
    let validator = {
        let mut read = READ.lock().unwrap();
        let known = read.iter().find(|entry| entry.0 == address).map(|entry| entry.1.clone());
        known.unwrap_or_else(|| {
            let schema: Value = serde_json::from_str(schema).unwrap();
            let made = Arc::new(jsonschema::options().should_validate_formats(true).build(&schema).unwrap());
            read.push((address, made.clone()));
            made
        })
    };
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}
