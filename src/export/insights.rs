//! `security-insights.yml`, version 2.2: what answers and evidence tell, and what a person gives. A file that would not
//! follow the specification is not written; what it lacks is told instead.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_yaml::{Mapping as YamlMapping, Value as Yaml};

use super::{Exported, NoExport, Source};
use crate::answers::{Answer, Said};
use crate::collect::files::yaml::parse_bounded;
use crate::evidence::{Evidence, State, Value};
use crate::import::{Format, Mapping, Rule, Test, check_insights};

/// The version of the specification.
const VERSION: &str = "2.2.0";
/// Where the file lies by the specification.
const PATH: &str = "security-insights.yml";
/// The question whose answer becomes the self-assessment.
const SELF_ASSESSMENT: &str = "design.security-assessment";

/// Fields that hold true or false.
const FLAGS: [&str; 6] = [
    "project.vulnerability-reporting.reports-accepted",
    "project.vulnerability-reporting.bug-bounty-available",
    "repository.accepts-change-request",
    "repository.accepts-automated-change-request",
    "repository.bug-fixes-only",
    "repository.no-third-party-packages",
];
/// Fields that hold people, given as names with commas between.
const PEOPLE: [&str; 2] = ["project.administrators", "repository.core-team"];

/// Writes what answers, evidence and a person's own fields tell.
///
/// # Errors
///
/// The base cannot be read, or something that the specification requires is missing or wrong.
pub fn security_insights(source: &Source<'_>) -> Result<Exported, NoExport> {
    let mut file = File { document: base(source)?, remarks: BTreeSet::new() };
    for (field, value) in source.set {
        file.replace(field, given(field, value));
    }
    let (answers, oldest) = declare(source, &mut file);
    if let Some(evidence) = source.evidence {
        observe(evidence, &mut file);
    }
    file.fill("header.schema-version", VERSION.into());
    file.fill("header.last-updated", source.as_of.to_string().into());
    // The file as a whole has been looked at no later than the oldest of its answers.
    file.fill("header.last-reviewed", oldest.unwrap_or(source.as_of).to_string().into());
    let faults = check_insights(&file.document);
    if !faults.is_empty() {
        return Err(NoExport::Incomplete(
            faults.into_iter().map(|fault| lacking(&fault.place, &fault.message)).collect(),
        ));
    }
    let text = serde_yaml::to_string(&file.document).map_err(|error| NoExport::Base(error.to_string()))?;
    Ok(Exported { text: with_quoted_days(&text), answers, remarks: file.remarks.into_iter().collect() })
}

/// Days in quotes: some readers take a bare one for a time, where the specification wants text.
fn with_quoted_days(text: &str) -> String {
    let quoted = |line: &str| match line.rsplit_once(": ") {
        Some((field, day)) if day.len() == 10 && day.parse::<NaiveDate>().is_ok() => format!("{field}: '{day}'\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(quoted).collect()
}

fn base(source: &Source<'_>) -> Result<Yaml, NoExport> {
    let Some((name, text)) = source.base else {
        // Both parts, so that what they lack is told.
        return Ok(mapping(["header", "project", "repository"].map(|part| (part, mapping([])))));
    };
    let document = parse_bounded(text).map_err(|error| NoExport::Base(format!("{name}: {error}")))?;
    let version = document.get("header").and_then(|header| header.get("schema-version")).and_then(Yaml::as_str);
    if version.is_some_and(|version| version.starts_with("2.")) {
        return Ok(document);
    }
    Err(NoExport::Base(format!("{name} is no Security Insights file of version 2, which alone is written")))
}

/// What is lacking, and how to give it.
fn lacking(place: &str, message: &str) -> String {
    let value = if FLAGS.contains(&place) {
        "true or false"
    } else if PEOPLE.contains(&place) {
        "NAME,NAME"
    } else {
        "VALUE"
    };
    let help = match place {
        _ if place.contains('[') || message.contains("no field") => String::new(),
        "repository.security" => "; give --set repository.security.assessments.self.comment=VALUE".to_owned(),
        "repository.license" => {
            "; give --set repository.license.url=URL and repository.license.expression=SPDX".to_owned()
        }
        "project.vulnerability-reporting" => "; give --set project.vulnerability-reporting.reports-accepted=true and \
             project.vulnerability-reporting.bug-bounty-available=false, or what is true"
            .to_owned(),
        _ => format!("; give --set {place}={value}"),
    };
    format!("{place} {message}{help}")
}

/// A value as the field holds it.
fn given(field: &str, value: &str) -> Yaml {
    match value {
        "true" | "false" if FLAGS.contains(&field) => Yaml::Bool(value == "true"),
        _ if PEOPLE.contains(&field) => {
            let names = value.split(',').map(str::trim).filter(|name| !name.is_empty());
            let person =
                |(index, name): (usize, &str)| mapping([("name", name.into()), ("primary", Yaml::Bool(index == 0))]);
            Yaml::Sequence(names.enumerate().map(person).collect())
        }
        _ => value.into(),
    }
}

fn mapping<const N: usize>(fields: [(&str, Yaml); N]) -> Yaml {
    Yaml::Mapping(fields.into_iter().map(|(name, value)| (Yaml::from(name), value)).collect())
}

/// The document in the making.
struct File {
    document: Yaml,
    remarks: BTreeSet<String>,
}

impl File {
    /// Puts a value where there is none. Whether it says now what was to be said. A file that inherits the project's part
    /// has none of its own.
    fn fill(&mut self, way: &str, value: Yaml) -> bool {
        let inherits = self.document.get("header").is_some_and(|header| header.get("project-si-source").is_some());
        if inherits && way.starts_with("project.") {
            return false;
        }
        match way.split('.').try_fold(&self.document, |at, key| at.get(key)).filter(|old| !old.is_null()) {
            Some(old) => *old == value,
            None => {
                self.replace(way, value);
                true
            }
        }
    }

    fn replace(&mut self, way: &str, value: Yaml) {
        let mut at = &mut self.document;
        for key in way.split('.') {
            if !at.is_mapping() {
                *at = Yaml::Mapping(YamlMapping::new());
            }
            let Yaml::Mapping(fields) = at else { return };
            at = fields.entry(key.into()).or_insert(Yaml::Null);
        }
        *at = value;
    }
}

/// Fills fields from answers; how many answers were used, and the day of the oldest.
fn declare(source: &Source<'_>, file: &mut File) -> (usize, Option<NaiveDate>) {
    let mut used = BTreeSet::new();
    let mut oldest: Option<NaiveDate> = None;
    let mut note = |question: &str, answer: &Answer| {
        used.insert(question.to_owned());
        oldest = Some(oldest.map_or(answer.on, |day| day.min(answer.on)));
    };
    let table = Mapping::of(Format::SecurityInsights);
    for rule in table.rules.iter().filter(|rule| rule.export) {
        let answer = match source.standing(&rule.question) {
            Some(Ok(answer)) if answer.said == rule.said => answer,
            Some(Err(why)) => {
                file.remarks.insert(why);
                continue;
            }
            _ => continue,
        };
        match written(rule, answer) {
            Some(value) => {
                if file.fill(&rule.name, value) {
                    note(&rule.question, answer);
                } else {
                    file.remarks.insert(format!("{} says something else in the file, and stays", rule.name));
                }
            }
            None => {
                let why = format!("{} takes a link, and the answer to {} has none", rule.name, rule.question);
                file.remarks.insert(why);
            }
        }
    }
    if let Some(Ok(answer)) = source.standing(SELF_ASSESSMENT) {
        assessment(answer, file);
        note(SELF_ASSESSMENT, answer);
    }
    (used.len(), oldest)
}

/// What an answer becomes in the field of a rule.
fn written(rule: &Rule, answer: &Answer) -> Option<Yaml> {
    match &rule.test {
        Test::Link => answer.evidence.first().map(|link| link.as_str().into()),
        Test::Is(words) => words.first().map(|word| given(&rule.name, word)),
        _ => None,
    }
}

fn assessment(answer: &Answer, file: &mut File) {
    const WAY: &str = "repository.security.assessments.self";
    let because = answer.because.as_deref();
    if answer.said != Said::Value(Value::Bool(true)) {
        file.fill(&format!("{WAY}.comment"), because.unwrap_or("No security assessment has been made.").into());
        return;
    }
    file.fill(&format!("{WAY}.comment"), because.unwrap_or("A security assessment has been made.").into());
    if let Some(link) = answer.evidence.first() {
        file.fill(&format!("{WAY}.evidence"), link.as_str().into());
    }
}

/// Fills fields from what was seen of the subject: name, addresses, licence.
fn observe(evidence: &Evidence, file: &mut File) {
    let subject = &evidence.subject;
    let Some(name) = subject.id.rsplit('/').next().filter(|name| !name.is_empty()) else { return };
    file.fill("project.name", name.into());
    let Some(url) = &subject.url else { return };
    file.fill("repository.url", url.as_str().into());
    let comment = "The repository that holds this file.";
    let repository = mapping([("name", name.into()), ("comment", comment.into()), ("url", url.as_str().into())]);
    file.fill("project.repositories", Yaml::Sequence(vec![repository]));
    let Some(branch) = &subject.default_branch else { return };
    file.fill("header.url", format!("{url}/blob/{branch}/{PATH}").into());
    let list = |key: &str| match evidence.get(key).map(|observation| &observation.state) {
        Some(State::Observed(Value::List(items))) => items.as_slice(),
        _ => &[],
    };
    // Several licences may be a choice or apply together; which, only a person can tell.
    if let ([licence], Some(path)) = (list("license.ids"), list("license.files").first()) {
        file.fill("repository.license.expression", licence.as_str().into());
        file.fill("repository.license.url", format!("{url}/blob/{branch}/{path}").into());
    }
}
