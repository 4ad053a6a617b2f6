//! JUnit XML: a suite for each model, a case for each requirement.
//!
//! A case passes where the requirement is met by proof. It fails where it is not met or partly met. All else is skipped, with
//! its reason: what is unknown, what does not apply, what only somebody's word or a sign speaks for, and what is waived.

use serde::Serialize;

use super::facts::{self, Fact, Reading};
use crate::assess::record::{Assessment, Finding, ModelResult, Outcome};
use crate::report::escape::clean;
use crate::report::{Format, ReportError, engine};

#[derive(Serialize)]
struct Report {
    name: String,
    tests: usize,
    failures: usize,
    suites: Vec<Suite>,
}

#[derive(Serialize)]
struct Suite {
    name: String,
    timestamp: String,
    tests: usize,
    failures: usize,
    skipped: usize,
    properties: Vec<Fact>,
    cases: Vec<Case>,
}

#[derive(Serialize)]
struct Case {
    name: String,
    class: String,
    /// failure or skipped; none where the case passes.
    element: Option<&'static str>,
    kind: &'static str,
    message: String,
    facts: Vec<Fact>,
    reasons: Vec<String>,
    next: Option<String>,
}

pub(super) fn render(record: &Assessment) -> Result<String, ReportError> {
    let suites = record.models.iter().map(|model| suite(model, record)).collect::<Result<Vec<_>, _>>()?;
    let all = Report {
        name: format!("Security assessment of {}", clean(&record.subject.id)),
        tests: suites.iter().map(|suite| suite.tests).sum(),
        failures: suites.iter().map(|suite| suite.failures).sum(),
        suites,
    };
    // What is escaped for HTML is well-formed XML: the five characters, as entities that XML knows or as numbers.
    engine::run_built_in(&all, "junit.xml", Format::Html)
}

fn suite(model: &ModelResult, record: &Assessment) -> Result<Suite, ReportError> {
    let cases: Vec<Case> = model.findings.iter().map(|finding| case(finding, model, record)).collect();
    let count = |element: &str| cases.iter().filter(|case| case.element == Some(element)).count();
    let mut properties = facts::of_record(record);
    properties.extend(facts::of_model(model));
    Ok(Suite {
        name: format!("{} {}", clean(&model.title), clean(&model.version)),
        timestamp: facts::instant(record.inputs.evidence.collected_at)?.trim_end_matches('Z').to_owned(),
        tests: cases.len(),
        failures: count("failure"),
        skipped: count("skipped"),
        properties,
        cases,
    })
}

fn case(finding: &Finding, model: &ModelResult, record: &Assessment) -> Case {
    let (element, kind) = verdict(finding);
    Case {
        name: format!("{} {}", clean(&finding.requirement), clean(&finding.demands)),
        class: format!("{}.{}", clean(&model.id), clean(&finding.area)),
        element,
        kind,
        message: facts::sentence(finding),
        facts: facts::of_finding(finding, record),
        reasons: finding.reasons.iter().map(|reason| clean(&reason.text)).collect(),
        next: finding.next.as_deref().map(clean),
    }
}

/// The element of a case, and what it is called.
fn verdict(finding: &Finding) -> (Option<&'static str>, &'static str) {
    match finding.outcome {
        Outcome::Met if Reading::of(finding) == Reading::Verified => (None, "met"),
        Outcome::Met => (Some("skipped"), "claimed"),
        Outcome::NotApplicable => (Some("skipped"), "not-applicable"),
        Outcome::Unknown => (Some("skipped"), "unknown"),
        Outcome::Partly | Outcome::Unmet if facts::waiver(finding).is_some() => (Some("skipped"), "waived"),
        Outcome::Partly => (Some("failure"), "partly"),
        Outcome::Unmet => (Some("failure"), "unmet"),
    }
}
