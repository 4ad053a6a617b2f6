//! The shape of a Security Insights file of version 2, and where a file departs from it.
//!
//! Transcribed from the specification 2.2.0 (`spec/schema.cue` of ossf/security-insights): names, types and what is
//! required. Its objects are closed: a field that it does not know is an error there, and a fault here. Of lists that must not
//! be empty CUE checks the first entry alone; here every entry is checked.

use serde_yaml::Value as Yaml;

use super::Fault;
use super::gather::day;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Map,
    List,
    Texts,
    Text,
    Link,
    Email,
    Day,
    Bool,
    Version,
    Status,
    Tool,
}

use Kind::{Bool, Day, Email, Link, List, Map, Status, Text, Texts, Tool, Version};

/// The words of `repository.status`.
const STATUSES: [&str; 8] = ["active", "abandoned", "concept", "inactive", "moved", "suspended", "unsupported", "WIP"];
const TOOLS: [&str; 6] = ["fuzzing", "container", "secret", "SCA", "SAST", "other"];

type Field = (&'static str, Kind, bool);

const ROOT: &[Field] = &[("header", Map, true), ("project", Map, false), ("repository", Map, false)];

/// The fields of each object, by the way to it. `[]` stands for the entries of a list. An object that occurs at several
/// places is listed under the end of its way.
const OBJECTS: &[(&str, &[Field])] = &[
    (
        "header",
        &[
            ("last-reviewed", Day, true),
            ("last-updated", Day, true),
            ("schema-version", Version, true),
            ("url", Link, true),
            ("comment", Text, false),
            ("project-si-source", Link, false),
        ],
    ),
    (
        "project",
        &[
            ("name", Text, true),
            ("homepage", Link, false),
            ("roadmap", Link, false),
            ("funding", Link, false),
            ("steward", Map, false),
            ("administrators", List, true),
            ("repositories", List, true),
            ("vulnerability-reporting", Map, true),
            ("documentation", Map, false),
        ],
    ),
    ("project.steward", LINK),
    ("project.administrators[]", CONTACT),
    ("project.repositories[]", &[("name", Text, true), ("comment", Text, true), ("url", Link, true)]),
    (
        "project.vulnerability-reporting",
        &[
            ("reports-accepted", Bool, true),
            ("bug-bounty-available", Bool, true),
            ("bug-bounty-program", Link, false),
            ("contact", Map, false),
            ("comment", Text, false),
            ("policy", Link, false),
            ("pgp-key", Text, false),
            ("in-scope", Texts, false),
            ("out-of-scope", Texts, false),
        ],
    ),
    ("project.vulnerability-reporting.contact", CONTACT),
    (
        "project.documentation",
        &[
            ("design", Link, false),
            ("detailed-guide", Link, false),
            ("code-of-conduct", Link, false),
            ("quickstart-guide", Link, false),
            ("release-process", Link, false),
            ("support-policy", Link, false),
            ("signature-verification", Link, false),
        ],
    ),
    (
        "repository",
        &[
            ("status", Status, true),
            ("url", Link, true),
            ("accepts-change-request", Bool, true),
            ("accepts-automated-change-request", Bool, true),
            ("bug-fixes-only", Bool, false),
            ("no-third-party-packages", Bool, false),
            ("core-team", List, true),
            ("license", Map, true),
            ("security", Map, true),
            ("documentation", Map, false),
            ("release", Map, false),
        ],
    ),
    ("repository.core-team[]", CONTACT),
    ("repository.license", LICENSE),
    (
        "repository.documentation",
        &[
            ("contributing-guide", Link, false),
            ("dependency-management-policy", Link, false),
            ("governance", Link, false),
            ("review-policy", Link, false),
            ("security-policy", Link, false),
        ],
    ),
    (
        "repository.release",
        &[
            ("automated-pipeline", Bool, true),
            ("distribution-points", List, true),
            ("changelog", Link, false),
            ("license", Map, false),
            ("attestations", List, false),
        ],
    ),
    ("repository.release.distribution-points[]", LINK),
    ("repository.release.license", LICENSE),
    ("repository.release.attestations[]", ATTESTATION),
    ("repository.security", &[("assessments", Map, true), ("champions", List, false), ("tools", List, false)]),
    ("repository.security.assessments", &[("self", Map, true), ("third-party", List, false)]),
    ("repository.security.assessments.self", ASSESSMENT),
    ("repository.security.assessments.third-party[]", ASSESSMENT),
    ("repository.security.champions[]", CONTACT),
    (
        "repository.security.tools[]",
        &[
            ("name", Text, true),
            ("type", Tool, true),
            ("version", Text, false),
            ("comment", Text, false),
            ("rulesets", Texts, true),
            ("integration", Map, true),
            ("results", Map, true),
        ],
    ),
    ("repository.security.tools[].integration", &[("adhoc", Bool, true), ("ci", Bool, true), ("release", Bool, true)]),
    ("repository.security.tools[].results", &[("adhoc", Map, false), ("ci", Map, false), ("release", Map, false)]),
    ("repository.security.tools[].results.adhoc", ATTESTATION),
    ("repository.security.tools[].results.ci", ATTESTATION),
    ("repository.security.tools[].results.release", ATTESTATION),
];

const CONTACT: &[Field] = &[
    ("name", Text, true),
    ("primary", Bool, true),
    ("affiliation", Text, false),
    ("email", Email, false),
    ("social", Text, false),
];
const LICENSE: &[Field] = &[("url", Link, true), ("expression", Text, true)];
const LINK: &[Field] = &[("uri", Text, true), ("comment", Text, true)];
const ASSESSMENT: &[Field] =
    &[("comment", Text, true), ("name", Text, false), ("evidence", Link, false), ("date", Day, false)];
const ATTESTATION: &[Field] =
    &[("name", Text, true), ("location", Link, true), ("predicate-uri", Text, true), ("comment", Text, false)];

/// Lists that must not be empty.
const NOT_EMPTY: [&str; 4] = [
    "project.administrators",
    "project.repositories",
    "repository.core-team",
    "repository.release.distribution-points",
];

/// The most faults that are told.
const MOST_FAULTS: usize = 100;

/// Where a document departs from the specification. Nothing is told of a document that is valid.
pub fn check(document: &Yaml) -> Vec<Fault> {
    let mut faults = Vec::new();
    object(document, "", "", ROOT, &mut faults);
    faults.truncate(MOST_FAULTS);
    faults
}

/// `way` names the place in the document, `object` the same place in the table.
fn object(value: &Yaml, way: &str, name: &str, fields: &[Field], faults: &mut Vec<Fault>) {
    let Some(mapping) = value.as_mapping() else {
        tell(faults, way, "must be a mapping by specification 2.2");
        return;
    };
    let below = |base: &str, field: &str| if base.is_empty() { field.to_owned() } else { format!("{base}.{field}") };
    for (field, _, required) in fields {
        if *required && value.get(*field).is_none_or(Yaml::is_null) {
            tell(faults, &below(way, field), "is required and missing");
        }
    }
    for (key, value) in mapping {
        if faults.len() > MOST_FAULTS {
            return;
        }
        let key = key.as_str().unwrap_or("?");
        match fields.iter().find(|(field, ..)| *field == key) {
            Some((field, kind, _)) => field_value(value, *kind, &below(way, field), &below(name, field), faults),
            None => tell(faults, &below(way, key), "is no field of specification 2.2"),
        }
    }
}

fn field_value(value: &Yaml, kind: Kind, way: &str, name: &str, faults: &mut Vec<Fault>) {
    if value.is_null() {
        return;
    }
    let text = value.as_str();
    let expected = match kind {
        Map => return object(value, way, name, fields_of(name), faults),
        List => return list(value, way, name, faults),
        Texts => (!value.as_sequence().is_some_and(|items| items.iter().all(Yaml::is_string)), "a list of texts"),
        Text => (text.is_none(), "a text"),
        Link => (!text.is_some_and(is_address), "a link that begins with http:// or https://"),
        Email => (!text.is_some_and(is_email), "an e-mail address"),
        Day => (!text.is_some_and(|text| text.len() == 10 && day(text).is_some()), "a day such as 2026-03-01"),
        Bool => (!value.is_bool(), "true or false"),
        Version => (!text.is_some_and(is_version), "a version such as 2.2.0"),
        Status => (!text.is_some_and(|text| STATUSES.contains(&text)), "a status of repostatus.org"),
        Tool => {
            (!text.is_some_and(|text| TOOLS.contains(&text)), "one of fuzzing, container, secret, SCA, SAST, other")
        }
    };
    if expected.0 {
        tell(faults, way, &format!("must be {} by specification 2.2", expected.1));
    }
}

fn list(value: &Yaml, way: &str, name: &str, faults: &mut Vec<Fault>) {
    let Some(items) = value.as_sequence() else {
        tell(faults, way, "must be a list by specification 2.2");
        return;
    };
    if items.is_empty() && NOT_EMPTY.contains(&name) {
        tell(faults, way, "needs an entry");
    }
    let item_name = format!("{name}[]");
    for (index, item) in items.iter().enumerate().take(MOST_FAULTS) {
        object(item, &format!("{way}[{index}]"), &item_name, fields_of(&item_name), faults);
    }
}

fn fields_of(name: &str) -> &'static [Field] {
    OBJECTS.iter().find(|(object, _)| *object == name).map_or(&[], |(_, fields)| *fields)
}

fn tell(faults: &mut Vec<Fault>, place: &str, message: &str) {
    let place = if place.is_empty() { "the file" } else { place };
    faults.push(Fault { place: place.to_owned(), message: message.to_owned() });
}

fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

fn is_email(text: &str) -> bool {
    let plain = |part: &str, extra: &str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_ascii_alphanumeric() || extra.contains(letter))
    };
    text.split_once('@').is_some_and(|(name, host)| {
        let end = host.rsplit_once('.').map_or("", |(_, end)| end);
        plain(name, "._%+-")
            && plain(host, ".-")
            && end.len() >= 2
            && end.chars().all(|letter| letter.is_ascii_alphabetic())
    })
}

fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let digits = |part: &&str| !part.is_empty() && part.chars().all(|digit| digit.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(digits) && parts.first().is_some_and(|major| !major.contains('0'))
}

#[cfg(test)]
mod unit {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let document = serde_yaml::from_str(text).unwrap();
        check(&document).into_iter().map(|fault| format!("{} {}", fault.place, fault.message)).collect()
    }

    const HEADER: &str = "header:\n  schema-version: 2.2.0\n  last-updated: '2026-01-02'\n  last-reviewed: '2026-01-02'\n  url: https://example.org/si.yml\n";

    #[test]
    fn a_header_alone_is_valid() {
        assert!(faults(HEADER).is_empty());
    }

    #[test]
    fn what_departs_is_told_with_its_place() {
        let text = format!(
            "{HEADER}  extra: 1\nproject:\n  name: 7\n  administrators: []\n  repositories: [{{name: a, url: ftp://x, comment: c}}]\n  vulnerability-reporting: {{reports-accepted: 'yes', bug-bounty-available: false, contact: {{name: A, primary: true, email: nobody}}}}\n"
        );
        assert_eq!(
            faults(&text),
            [
                "header.extra is no field of specification 2.2",
                "project.name must be a text by specification 2.2",
                "project.administrators needs an entry",
                "project.repositories[0].url must be a link that begins with http:// or https:// by specification 2.2",
                "project.vulnerability-reporting.reports-accepted must be true or false by specification 2.2",
                "project.vulnerability-reporting.contact.email must be an e-mail address by specification 2.2",
            ]
        );
        assert_eq!(faults("[]"), ["the file must be a mapping by specification 2.2"]);
        assert_eq!(faults("{}"), ["header is required and missing"]);
    }

    /// Every object that a field announces is in the table, and nothing else.
    #[test]
    fn the_table_is_complete() {
        let mut announced = vec!["header".to_owned(), "project".to_owned(), "repository".to_owned()];
        for (object, fields) in OBJECTS {
            for (field, kind, _) in *fields {
                match kind {
                    Map => announced.push(format!("{object}.{field}")),
                    List => announced.push(format!("{object}.{field}[]")),
                    _ => {}
                }
            }
        }
        announced.sort();
        let mut listed: Vec<String> = OBJECTS.iter().map(|(object, _)| (*object).to_owned()).collect();
        listed.sort();
        assert_eq!(announced, listed);
    }
}
