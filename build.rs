//! Reads the YAML of `questionnaires/` while the program is built, so that it need not at every start: that took most of
//! the time of a short run. `src/built_in.rs` holds what this makes.
//!
//! Questionnaires become trees of nodes with their places; the tables of the program itself become JSON.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[expect(dead_code, unreachable_pub, reason = "a module of the program, of which this needs a part")]
#[path = "src/yaml/node.rs"]
mod node;
#[path = "src/yaml/read.rs"]
mod read;

/// Tables that most runs read.
const TABLES: [&str; 4] = ["events", "observations", "permissions", "tools"];

fn main() -> Result<(), Box<dyn Error>> {
    for path in ["build.rs", "src/yaml/node.rs", "src/yaml/read.rs", "questionnaires"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut files = String::from("&[\n");
    for (number, name) in questionnaires()?.iter().enumerate() {
        let tree = format!("{number}.tree");
        std::fs::write(out.join(&tree), tree_of(name)?)?;
        writeln!(
            files,
            r#"    BuiltIn {{ name: "{name}", text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/{name}")), tree: include_bytes!(concat!(env!("OUT_DIR"), "/{tree}")) }},"#
        )?;
    }
    std::fs::write(out.join("questionnaires.in"), files + "]")?;
    for table in TABLES {
        let name = format!("questionnaires/{table}.yaml");
        let table_of: serde_json::Value =
            serde_saphyr::from_str(&text_of(&name)?).map_err(|error| format!("{name}: {error}"))?;
        std::fs::write(out.join(format!("{table}.json")), table_of.to_string())?;
    }
    Ok(())
}

/// The files with questions, models, relations and replaced questions, and the lock, in a fixed order.
fn questionnaires() -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for folder in ["questionnaires/questions", "questionnaires/models"] {
        let mut found: Vec<String> = Vec::new();
        for entry in Path::new(folder).read_dir()? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if is_yaml(&name) {
                found.push(format!("{folder}/{name}"));
            }
        }
        found.sort();
        names.append(&mut found);
    }
    names.extend(["crosswalk.yaml", "replaced.yaml", "questions.lock"].map(|name| format!("questionnaires/{name}")));
    Ok(names)
}

/// The tree of a file; of a lock, which is no YAML, nothing.
fn tree_of(name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    if !is_yaml(name) {
        return Ok(Vec::new());
    }
    let text = text_of(name)?;
    let tree = read::read(&text).map_err(|unreadable| {
        let line = text.get(..unreadable.span.start).unwrap_or_default().matches('\n').count() + 1;
        format!("{name}:{line}: {}", unreadable.message)
    })?;
    Ok(postcard::to_stdvec(&tree)?)
}

fn is_yaml(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "yaml")
}

fn text_of(name: &str) -> Result<String, String> {
    std::fs::read_to_string(name).map_err(|error| format!("cannot read {name}: {error}"))
}
