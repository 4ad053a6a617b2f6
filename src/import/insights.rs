//! Security Insights, versions 1 and 2: what the project declares about itself in `security-insights.yml`.

use serde_yaml::Value as Yaml;

use super::gather::{Claim, Gather, Told, day, subject_of};
use super::{Format, Imported, Input, Mapping, Refused, Rule, Test, schema};
use crate::collect::files::note::quotation;
use crate::collect::files::yaml::parse_bounded;
use crate::questionnaire::is_link;

/// The longest part of a value that is quoted, in characters.
const LONGEST_QUOTE: usize = 200;

pub(super) fn import(input: &Input<'_>) -> Result<Imported, Refused> {
    let document = read(input.name, input.text)?;
    let mut gather = Gather::new(Format::SecurityInsights, input, format!("the project, in {}", input.name));
    header(&document, &mut gather);
    let parent = match (text_at(&document, "header.project-si-source"), input.parent) {
        (_, Some((name, text))) => Some((name, read(name, text)?)),
        (Some(address), None) => {
            gather.remark(format!(
                "It inherits the project's part from {}, which was not fetched; give that file with --parent.",
                quotation(address, 200)
            ));
            None
        }
        (None, None) => None,
    };
    let mapping = Mapping::of(Format::SecurityInsights);
    declare(&document, &mapping, None, &mut gather);
    audits(&document, &mut gather);
    if let Some((name, parent)) = &parent {
        inherit(name, parent, &document, &mapping, &mut gather);
    }
    Ok(gather.finish())
}

fn read(name: &str, text: &str) -> Result<Yaml, Refused> {
    let document = parse_bounded(text).map_err(|error| Refused(format!("{name}: {}", quotation(&error, 300))))?;
    if document.get("header").and_then(Yaml::as_mapping).is_none() {
        return Err(Refused(format!("{name} has no `header`, as every Security Insights file has")));
    }
    Ok(document)
}

fn header(document: &Yaml, gather: &mut Gather<'_>) {
    let version = at(document, "header.schema-version").map(shown).unwrap_or_default();
    let is_second = version.starts_with('2');
    if is_second {
        for fault in schema::check(document) {
            gather.fault(fault.place, fault.message);
        }
    } else if !version.starts_with('1') {
        gather
            .fault("header.schema-version", "names neither version 1 nor version 2; the fields are read all the same");
    }
    for field in ["header.last-reviewed", "header.last-updated"] {
        if let Some(text) = text_at(document, field) {
            match day(text) {
                Some(day) => {
                    gather.dated(field, Some(day));
                    break;
                }
                None => gather.fault(field, "is no day"),
            }
        }
    }
    gather.until(text_at(document, "header.expiration-date").and_then(day));
    let addresses = ["repository.url", "header.project-url", "header.url"];
    gather.subject(addresses.iter().find_map(|field| text_at(document, field).and_then(subject_of)));
}

/// What the fields of a document say. `of_parent` names the file where it is the parent.
fn declare(document: &Yaml, mapping: &Mapping, of_parent: Option<&str>, gather: &mut Gather<'_>) {
    let mut used: Vec<&str> = Vec::new();
    for rule in &mapping.rules {
        let Some(value) = at(document, &rule.name) else { continue };
        let Some(links) = fits(&rule.test, value) else { continue };
        used.push(&rule.name);
        let source = of_parent.map_or_else(|| gather.name().to_owned(), str::to_owned);
        let because = format!("Declared in {source}, field {}{}", rule.name, quoted(rule, value));
        let mut claim = Claim::new(&rule.question, rule.said.clone(), rule.confidence, &rule.name, because);
        claim.links = links;
        claim.links.extend(text_at(document, "header.url").map(str::to_owned));
        gather.claim(claim);
    }
    left_over(document, &used, gather);
}

/// The audits by others, which are to stand in the register: `repository.security.assessments.third-party` of version 2,
/// `security-assessments` of version 1, which tells the year alone.
fn audits(document: &Yaml, gather: &mut Gather<'_>) {
    let field = |entry: &Yaml, name: &str| text_at(entry, name).map(str::to_owned);
    for (way, is_second) in [("repository.security.assessments.third-party", true), ("security-assessments", false)] {
        for (position, entry) in at(document, way).and_then(Yaml::as_sequence).into_iter().flatten().enumerate() {
            let place = format!("{way}[{position}]");
            let finished = if is_second {
                text_at(entry, "date").and_then(day)
            } else {
                let year = at(entry, "report-year").map(shown).and_then(|year| year.parse().ok());
                year.and_then(|year| chrono::NaiveDate::from_ymd_opt(year, 1, 1))
            };
            let Some(finished) = finished else {
                gather.not_taken(place, "the register of audits needs the day of each");
                continue;
            };
            let told = if is_second {
                Told {
                    auditor: field(entry, "name"),
                    finished,
                    scope: field(entry, "comment"),
                    report: field(entry, "evidence"),
                }
            } else {
                gather.remark(format!("{place} tells the year alone; its audit is dated {finished}."));
                Told {
                    auditor: field(entry, "auditor-name"),
                    finished,
                    scope: field(entry, "comment"),
                    report: field(entry, "auditor-report"),
                }
            };
            gather.audit(format!("insights-{}", position + 1), &place, told);
        }
    }
}

/// The project's part of the parent, where the document has none.
fn inherit(name: &str, parent: &Yaml, document: &Yaml, mapping: &Mapping, gather: &mut Gather<'_>) {
    if document.get("project").is_some() {
        gather.remark(format!("The file has a project's part of its own; that of {name} was not read."));
        return;
    }
    let mut only = serde_yaml::Mapping::new();
    for part in ["header", "project"] {
        if let Some(value) = parent.get(part) {
            only.insert(part.into(), value.clone());
        }
    }
    declare(&Yaml::Mapping(only), mapping, Some(name), gather);
}

/// Lists the fields that no rule has used.
fn left_over(document: &Yaml, used: &[&str], gather: &mut Gather<'_>) {
    let mut stack = vec![(String::new(), document)];
    while let Some((way, value)) = stack.pop() {
        if way == "header" || used.contains(&way.as_str()) || !says_something(value) {
            continue;
        }
        match value.as_mapping() {
            Some(mapping) => {
                let below: Vec<_> = mapping.iter().map(|(key, value)| (join(&way, key), value)).collect();
                stack.extend(below.into_iter().rev());
            }
            None => gather.not_taken(way, "no question asks for it"),
        }
    }
}

fn join(way: &str, key: &Yaml) -> String {
    let key = key.as_str().unwrap_or("?");
    if way.is_empty() { key.to_owned() } else { format!("{way}.{key}") }
}

/// The links that a value brings where it passes the test; none where it does not.
fn fits(test: &Test, value: &Yaml) -> Option<Vec<String>> {
    let links = |value: &Yaml| -> Vec<String> {
        value.as_str().filter(|text| is_link(text)).map(str::to_owned).into_iter().collect()
    };
    let entries = || value.as_sequence().into_iter().flatten();
    let all_links = || entries().flat_map(|entry| links(address(entry))).collect();
    let passed = match test {
        Test::Present => says_something(value),
        Test::Link => value.as_str().is_some_and(is_link),
        Test::Is(words) => words.iter().any(|word| word.eq_ignore_ascii_case(&shown(value))),
        Test::AtLeast(least) => entries().count() >= *least,
        Test::AtMost(most) => (1..=*most).contains(&entries().count()),
        Test::EveryBegins(start) => {
            entries().count() > 0 && entries().all(|entry| shown(address(entry)).starts_with(start))
        }
        Test::SomeBegins(start) => entries().any(|entry| shown(address(entry)).starts_with(start)),
        Test::Entry(fields) => {
            let found = entries().find(|entry| fits_entry(entry, fields))?;
            let of_entry = ["evidence", "location", "uri", "tool-url"];
            return Some(of_entry.iter().filter_map(|field| found.get(*field)).flat_map(links).collect());
        }
        Test::OpenLicence => value.as_str().is_some_and(is_open_licence),
        Test::Score(..) => false,
    };
    passed.then(|| if value.is_sequence() { all_links() } else { links(value) })
}

fn fits_entry(entry: &Yaml, fields: &[(String, Vec<String>)]) -> bool {
    fields.iter().all(|(field, patterns)| {
        at(entry, field).is_some_and(|value| {
            let text = shown(value).to_lowercase();
            !text.is_empty() && patterns.iter().any(|pattern| fits_pattern(&text, &pattern.to_lowercase()))
        })
    })
}

/// Whether a text follows a pattern in which `*` at the start or end stands for any text.
fn fits_pattern(text: &str, pattern: &str) -> bool {
    let middle = pattern.trim_matches('*');
    match (pattern.starts_with('*'), pattern.ends_with('*')) {
        (true, true) => text.contains(middle),
        (true, false) => text.ends_with(middle),
        (false, true) => text.starts_with(middle),
        (false, false) => text == middle,
    }
}

/// Whether every licence of an SPDX expression is approved by the OSI or listed as free by the FSF.
fn is_open_licence(expression: &str) -> bool {
    spdx::Expression::parse(expression).is_ok_and(|expression| {
        let mut some = false;
        let all = expression.requirements().all(|requirement| {
            some = true;
            requirement.req.license.id().is_some_and(|id| id.is_osi_approved() || id.is_fsf_free_libre())
        });
        some && all
    })
}

/// The address of an entry that is one, or that has one as its `uri`.
fn address(entry: &Yaml) -> &Yaml {
    entry.get("uri").unwrap_or(entry)
}

/// What stands in the field, for the justification. People are counted, not named.
fn quoted(rule: &Rule, value: &Yaml) -> String {
    match value {
        Yaml::String(_) if rule.name.ends_with("email") || rule.name.ends_with("email-contact") => ".".to_owned(),
        Yaml::String(_) | Yaml::Bool(_) | Yaml::Number(_) => format!(": {}", quotation(&shown(value), LONGEST_QUOTE)),
        Yaml::Sequence(items) => match &rule.test {
            Test::Entry(fields) => {
                let of = items.iter().find(|entry| fits_entry(entry, fields));
                let name =
                    of.and_then(|entry| ["name", "tool-name", "predicate-uri"].iter().find_map(|f| entry.get(*f)));
                name.map_or_else(|| ".".to_owned(), |name| format!(": {}", quotation(&shown(name), LONGEST_QUOTE)))
            }
            _ if items.len() == 1 => ", with one entry.".to_owned(),
            _ => format!(", with {} entries.", items.len()),
        },
        _ => ".".to_owned(),
    }
}

fn at<'y>(document: &'y Yaml, way: &str) -> Option<&'y Yaml> {
    way.split('.').try_fold(document, |value, key| value.get(key)).filter(|value| !value.is_null())
}

fn text_at<'y>(document: &'y Yaml, way: &str) -> Option<&'y str> {
    at(document, way).and_then(Yaml::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// A scalar as text; nothing of a list or mapping.
fn shown(value: &Yaml) -> String {
    match value {
        Yaml::String(text) => text.trim().to_owned(),
        Yaml::Bool(value) => value.to_string(),
        Yaml::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Whether a value is more than an empty text, list or mapping.
fn says_something(value: &Yaml) -> bool {
    match value {
        Yaml::String(text) => !text.trim().is_empty(),
        Yaml::Sequence(items) => items.iter().any(says_something),
        Yaml::Mapping(fields) => fields.values().any(says_something),
        Yaml::Null => false,
        Yaml::Bool(_) | Yaml::Number(_) | Yaml::Tagged(_) => true,
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn tests_of_values() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        let entry = |field: &str, values: &[&str]| Test::Entry(vec![(field.to_owned(), words(values))]);
        for (test, value, passes) in [
            (Test::Present, "''", false),
            (Test::Present, "[{}, '']", false),
            (Test::Present, "false", true),
            (Test::Link, "https://example.org", true),
            (Test::Link, "docs/x.md", false),
            (Test::Is(words(&["true"])), "true", true),
            (Test::Is(words(&["Active"])), "active", true),
            (Test::Is(words(&["active"])), "[active]", false),
            (Test::AtLeast(2), "[a, b]", true),
            (Test::AtMost(1), "[]", false),
            (Test::AtMost(1), "[a]", true),
            (Test::EveryBegins("https://".into()), "[{uri: https://a.org}, https://b.org]", true),
            (Test::EveryBegins("https://".into()), "[{uri: https://a.org}, {uri: 'pkg:npm/x'}]", false),
            (Test::EveryBegins("https://".into()), "[]", false),
            (Test::SomeBegins("http://".into()), "[https://a.org, http://b.org]", true),
            (entry("type", &["secret"]), "[{type: SAST}, {type: Secret}]", true),
            (entry("integration.ci", &["true"]), "[{integration: {ci: true}}]", true),
            (entry("predicate-uri", &["*slsa*"]), "[{predicate-uri: 'https://slsa.dev/provenance/v1'}]", true),
            (entry("value", &["*"]), "[{value: ''}]", false),
            (entry("evidence", &["http*"]), "[{evidence: https://a.org}]", true),
            (entry("evidence", &["http*"]), "[text, 7]", false),
            (Test::OpenLicence, "MIT OR Apache-2.0", true),
            (Test::OpenLicence, "MIT AND LicenseRef-Own", false),
            (Test::OpenLicence, "Our licence", false),
        ] {
            let parsed: Yaml = serde_yaml::from_str(value).unwrap();
            assert_eq!(fits(&test, &parsed).is_some(), passes, "{test:?} {value}");
        }
    }
}
