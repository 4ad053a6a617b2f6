//! `seaworthy models map`: how the requirements of two models relate.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde::Serialize;

use super::failure::Failure;
use super::output::Output;
use super::table::{table, wrapped};
use crate::questionnaire::{BANK, Link, Model, Questionnaires, Relation, Requirement};

/// How the table is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Md,
}

/// The table, as JSON.
#[derive(Serialize)]
struct Table<'t> {
    from: Of<'t>,
    to: Of<'t>,
    relations: Vec<Row<'t>>,
    /// Requirements of the first model that are not related to any of the second.
    unmapped_from: Vec<&'t str>,
    /// And the other way round.
    unmapped_to: Vec<&'t str>,
}

#[derive(Serialize)]
struct Of<'t> {
    model: &'t str,
    version: &'t str,
}

#[derive(Serialize)]
struct Row<'t> {
    from: &'t str,
    to: &'t str,
    relation: Relation,
    confidence: u8,
    source: &'t str,
}

pub(super) fn run(
    from: &Model,
    to: &Model,
    format: Format,
    questionnaires: &Questionnaires,
    output: &Output,
) -> Result<(), Failure> {
    let links = questionnaires.relations(from, to);
    let row = |link: &'_ Link| -> [String; 5] {
        let confidence = link.confidence.to_string();
        let relation = link.relation.word().to_owned();
        [link.from.requirement.clone(), relation, link.to.requirement.clone(), confidence, link.source.clone()]
    };
    let unmapped = |model: &'_ Model, of: fn(&Link) -> &str| -> Vec<String> {
        let is_there = |requirement: &&Requirement| !links.iter().any(|link| of(link) == requirement.id);
        model.requirements.iter().filter(is_there).map(|requirement| requirement.id.clone()).collect()
    };
    let left = unmapped(from, |link| &link.from.requirement);
    let right = unmapped(to, |link| &link.to.requirement);
    match format {
        Format::Json => {
            let whole = Table {
                from: Of { model: &from.id, version: &from.version },
                to: Of { model: &to.id, version: &to.version },
                relations: links
                    .iter()
                    .map(|link| Row {
                        from: &link.from.requirement,
                        to: &link.to.requirement,
                        relation: link.relation,
                        confidence: link.confidence,
                        source: &link.source,
                    })
                    .collect(),
                unmapped_from: left.iter().map(String::as_str).collect(),
                unmapped_to: right.iter().map(String::as_str).collect(),
            };
            output.result(&(serde_json::to_string_pretty(&whole)? + "\n"))
        }
        Format::Md => {
            let mut text = format!("# {} {} and {} {}\n\n", from.title, from.version, to.title, to.version);
            text.push_str(&format!("| {} | relation | {} | confidence | source |\n", from.id, to.id));
            text.push_str("| --- | --- | --- | --- | --- |\n");
            for link in &links {
                let _ = writeln!(text, "| {} |", row(link).join(" | "));
            }
            text.push_str("\n## Not related\n\n");
            for (model, ids) in [(from, &left), (to, &right)] {
                let _ =
                    writeln!(text, "- {} ({} of {}): {}", model.id, ids.len(), model.requirements.len(), listed(ids));
            }
            text.push_str("\n## Sources\n\n");
            for line in sources(&links, questionnaires) {
                let _ = writeln!(text, "- {line}");
            }
            output.result(&text)
        }
        Format::Text => {
            let width = output.width();
            let head = [from.id.as_str(), "relation", to.id.as_str(), "confidence", "source"];
            let mut text = table(width, head, links.iter().map(row));
            text.push('\n');
            for (model, ids) in [(from, &left), (to, &right)] {
                let lead = format!("Not related of {} ({} of {}): ", model.id, ids.len(), model.requirements.len());
                text.push_str(&wrapped(width, &lead, &listed(ids)));
            }
            for line in sources(&links, questionnaires) {
                text.push_str(&wrapped(width, "", &line));
            }
            text.push_str(&wrapped(width, "", "A relation explains and proposes; it never decides a finding."));
            output.result(&text)
        }
    }
}

fn listed(ids: &[String]) -> String {
    if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
}

/// What the sources in the table are.
fn sources(links: &[Link], questionnaires: &Questionnaires) -> Vec<String> {
    let mut ids: Vec<&str> = links.iter().map(|link| link.source.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let told = |id: &str| match questionnaires.origin(id) {
        _ if id == BANK => {
            Some("bank: both are decided by the same questions; equal, covers and part-of are proved".to_owned())
        }
        Some(origin) => {
            Some(format!("{id}: {}, {} ({}), {}", origin.title, origin.version, origin.licence, origin.address))
        }
        None => None,
    };
    ids.into_iter().filter_map(told).collect()
}
