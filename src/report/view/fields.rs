//! Keeps the list of fields in `docs/templates.md` true.
//!
//! `UPDATE_DOCS=1 cargo test --lib report::view::fields` writes it anew.

use std::fmt::Write as _;

use serde_json::Value;

use super::View;

const BEGIN: &str = "<!-- fields: begin -->\n";
const END: &str = "<!-- fields: end -->";

/// All structures that templates meet, each with a table of its fields, in the order in which they are met.
fn fields() -> String {
    let schema = schemars::schema_for!(View).to_value();
    let mut waiting = vec!["View".to_owned()];
    let mut done: Vec<String> = Vec::new();
    let mut text = String::new();
    while !waiting.is_empty() {
        let name = waiting.remove(0);
        let structure = if name == "View" { &schema } else { &schema["$defs"][&name] };
        let about = structure["description"].as_str().unwrap_or_default().replace('\n', " ");
        let _ = write!(text, "\n### {name}\n\n{about}\n\n| field | type | meaning |\n| --- | --- | --- |\n");
        for (field, property) in structure["properties"].as_object().unwrap() {
            let mut met = None;
            let kind = kind_of(property, &mut met);
            let meaning = property["description"].as_str().unwrap_or_default().replace('\n', " ").replace('|', "\\|");
            assert_ne!(meaning, "", "{name}.{field} has no documentation");
            let _ = writeln!(text, "| `{field}` | {kind} | {meaning} |");
            if let Some(met) = met
                && !done.contains(&met)
                && !waiting.contains(&met)
            {
                waiting.push(met);
            }
        }
        done.push(name);
    }
    text
}

fn kind_of(property: &Value, met: &mut Option<String>) -> String {
    if let Some(reference) = property["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap().to_owned();
        *met = Some(name.clone());
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(choices) = property["anyOf"].as_array() {
        return format!("{} or none", kind_of(&choices[0], met));
    }
    match &property["type"] {
        Value::Array(kinds) => format!("{} or none", plain_kind(kinds[0].as_str().unwrap())),
        Value::String(kind) if kind == "array" => format!("list of {}", kind_of(&property["items"], met)),
        Value::String(kind) => plain_kind(kind).to_owned(),
        other => panic!("{other} is no type"),
    }
}

fn plain_kind(kind: &str) -> &'static str {
    match kind {
        "string" => "text",
        "integer" => "number",
        "boolean" => "yes or no",
        other => panic!("{other} is no type of a field"),
    }
}

#[test]
fn the_documented_fields_are_those_of_the_view() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/templates.md");
    let document = std::fs::read_to_string(path).unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (documented, after) = rest.split_once(END).unwrap();
    let fields = fields();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{fields}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(documented, fields, "run with UPDATE_DOCS=1 to write the list anew");
}

#[test]
fn the_example_in_the_documentation_runs() {
    let document = include_str!("../../../docs/templates.md");
    let example = document.split("```jinja\n").nth(1).unwrap().split("```").next().unwrap();
    let record = crate::report::sample::record();
    let text = crate::report::render_with(&record, example, "example.md", crate::report::Format::Markdown).unwrap();
    insta::assert_snapshot!("documented-example", text);
}
