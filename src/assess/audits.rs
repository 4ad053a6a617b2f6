//! The register of audits in the light of the evidence: what it tells, and whether the code that was looked at still ships.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::logic::{Truth, evaluate, passes};
use super::record::{AuditFindings, AuditShown, Shipped};
use crate::answers::{Answer, Answers, Audit, Details, Said, Severity};
use crate::evidence::{Evidence, State, Value};
use crate::questionnaire::{AUDITS_LIST as LIST, Given, Leaf, Question, Questionnaires, Test, each_once};

/// The most audits that the justification of an answer names.
const NAMED: usize = 3;

/// The audits that are known on a day, the latest first.
fn register(answers: &Answers, as_of: NaiveDate) -> Vec<(&str, &Audit)> {
    let known = answers.audits.iter().filter(|(_, audit)| audit.on <= as_of && audit.finished <= as_of);
    let mut known: Vec<(&str, &Audit)> = known.map(|(id, audit)| (id.as_str(), audit)).collect();
    known.sort_by(|left, right| right.1.finished.cmp(&left.1.finished).then(left.0.cmp(right.0)));
    known
}

/// The register as the record shows it.
pub(super) fn shown(answers: Option<&Answers>, evidence: &Evidence, as_of: NaiveDate) -> Vec<AuditShown> {
    let register = answers.map(|answers| register(answers, as_of)).unwrap_or_default();
    register.into_iter().map(|(id, audit)| one(id, audit, evidence)).collect()
}

fn one(id: &str, audit: &Audit, evidence: &Evidence) -> AuditShown {
    let (shipped, shipped_because) = shipped(audit, evidence);
    AuditShown {
        id: id.to_owned(),
        auditor: audit.auditor.clone(),
        independent: audit.independent,
        finished: audit.finished,
        scope: audit.scope.clone(),
        release: audit.release.clone(),
        commit: audit.commit.clone(),
        report: audit.report.clone(),
        findings: audit.findings.as_ref().map(|findings| {
            let one = |(severity, count): (&Severity, &crate::answers::Count)| AuditFindings {
                severity: *severity,
                found: count.found,
                fixed: count.fixed,
            };
            findings.iter().map(one).collect()
        }),
        by: audit.by.clone(),
        on: audit.on,
        shipped,
        shipped_because,
    }
}

/// Whether the code that an audit looked at is what ships, and why that is said. What ships is the latest release, or the
/// head of the default branch where nothing is released.
fn shipped(audit: &Audit, evidence: &Evidence) -> (Shipped, String) {
    let head = evidence.subject.commit.as_deref();
    let at_head = audit.commit.as_deref().zip(head).map(|(audited, head)| audited == head);
    match evidence.get("releases.latest").map(|observation| &observation.state) {
        Some(State::Observed(Value::Text(latest))) => match &audit.release {
            Some(release) if same_release(release, latest) => {
                (Shipped::Same, format!("It looked at {release}, which is the latest release."))
            }
            Some(release) => (Shipped::Changed, format!("It looked at {release}; the latest release is {latest}.")),
            None => by_commit(audit, latest, evidence),
        },
        Some(State::Absent) => match (at_head, &audit.release) {
            (Some(true), _) => (Shipped::Same, "It looked at the head of the default branch.".to_owned()),
            (Some(false), _) => {
                (Shipped::Changed, "Nothing is released, and the default branch has moved on since.".to_owned())
            }
            (None, Some(release)) => {
                (Shipped::Unknown, format!("It looked at {release}, and no release is published."))
            }
            (None, None) => (Shipped::Unknown, "Which code was looked at is not told.".to_owned()),
        },
        _ => (Shipped::Unknown, "What the latest release is could not be seen.".to_owned()),
    }
}

/// Whether an audit that names a commit alone looked at the commit of the latest release.
fn by_commit(audit: &Audit, latest: &str, evidence: &Evidence) -> (Shipped, String) {
    let Some(audited) = audit.commit.as_deref() else {
        let message = format!("The latest release is {latest}; which release was looked at is not told.");
        return (Shipped::Unknown, message);
    };
    let short: String = audited.chars().take(10).collect();
    match evidence.get("releases.latest_commit").and_then(|observation| observation.value()) {
        Some(Value::Text(released)) if released == audited => {
            (Shipped::Same, format!("It looked at commit {short}, which is {latest}, the latest release."))
        }
        Some(_) => {
            (Shipped::Changed, format!("It looked at commit {short}; the latest release, {latest}, is another one."))
        }
        None => {
            let message = format!(
                "It looked at commit {short}; which commit the latest release, {latest}, is could not be seen."
            );
            (Shipped::Unknown, message)
        }
    }
}

/// Whether two tags name the same release: `v1.2.0` and `1.2.0` do.
fn same_release(one: &str, other: &str) -> bool {
    let plain = |tag: &str| {
        let tag = tag.trim();
        let rest = tag.strip_prefix(['v', 'V']).filter(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
        rest.unwrap_or(tag).to_owned()
    };
    plain(one) == plain(other)
}

/// What the register tells: none is unknown. What is not listed is not there.
fn facts(register: &[(&str, &Audit)], evidence: &Evidence) -> BTreeMap<&'static str, Option<Value>> {
    let count = |number: usize| Some(Value::Count(i64::try_from(number).unwrap_or(i64::MAX)));
    let sum = |from: fn(Severity) -> bool| {
        let open = register.iter().map(|(_, audit)| audit.open(from));
        open.sum::<Option<u32>>().map(|open| Value::Count(i64::from(open)))
    };
    let independent: Vec<&Audit> = register.iter().map(|(_, audit)| *audit).filter(|audit| audit.independent).collect();
    let latest = register.first().map(|(_, audit)| *audit);
    let mut facts = BTreeMap::from([
        ("audits.count", count(register.len())),
        ("audits.independent_count", count(independent.len())),
        ("audits.open_findings", sum(|_| true)),
        ("audits.open_serious", sum(|severity| severity <= Severity::High)),
        (LIST, Some(Value::Text(listed(register, evidence)))),
    ]);
    if let Some(audit) = latest {
        facts.insert("audits.latest_on", Some(Value::from(audit.finished)));
        let is_shipped = match shipped(audit, evidence).0 {
            Shipped::Same => Some(Value::Bool(true)),
            Shipped::Changed => Some(Value::Bool(false)),
            Shipped::Unknown => None,
        };
        facts.insert("audits.latest_is_shipped", is_shipped);
    }
    if let Some(audit) = independent.first() {
        facts.insert("audits.independent_on", Some(Value::from(audit.finished)));
    }
    facts
}

/// The answers that follow from the register, by question. They are the word of who keeps it.
pub(super) fn answered(
    answers: &Answers,
    questionnaires: &Questionnaires,
    evidence: &Evidence,
    as_of: NaiveDate,
) -> BTreeMap<String, Answer> {
    let register = register(answers, as_of);
    // An empty register says nothing: nobody may have written it yet.
    let Some(on) = register.iter().map(|(_, audit)| audit.on).max() else { return BTreeMap::new() };
    let facts = facts(&register, evidence);
    let passes = |leaf: &Leaf| match (facts.get(leaf.name.as_str()), &leaf.test) {
        (Some(Some(value)), test) => (passes(test, value, as_of, None), 0),
        (Some(None), _) => (Truth::Unknown, 0),
        (None, Test::Present(wanted)) => (Truth::from(!wanted), 0),
        (None, _) => (Truth::False, 0),
    };
    let value = |question: &Question| {
        let holds = |rule: &&crate::questionnaire::AuditRule| {
            evaluate(&rule.when, &mut |leaf| passes(leaf)).truth == Truth::True
        };
        let rule = question.from_audits.iter().find(holds)?;
        match &rule.given {
            Given::Value(value) => Some(value.clone()),
            Given::ValueOf(fact) => facts.get(fact.as_str()).cloned().flatten(),
            Given::NotApplicable => None,
        }
    };
    let answer = |value: Value| Answer {
        said: Said::Value(value),
        because: Some(justification(&register)),
        evidence: register.iter().filter_map(|(_, audit)| audit.report.clone()).take(NAMED).collect(),
        by: keepers(&register),
        on,
        until: None,
        details: Details::default(),
    };
    let questions = questionnaires.questions().iter();
    questions.filter_map(|question| Some((question.id.clone(), answer(value(question)?)))).collect()
}

/// The audits as a list in Markdown. What people wrote stands in it as Markdown of theirs.
fn listed(register: &[(&str, &Audit)], evidence: &Evidence) -> String {
    let one = |(_, audit): &(&str, &Audit)| {
        let auditor = audit.auditor.as_deref().unwrap_or("An auditor who is not named");
        let whose = if audit.independent { "" } else { ", who belongs to the project" };
        let scope =
            audit.scope.as_ref().map(|scope| format!(": {}", scope.trim().trim_end_matches('.'))).unwrap_or_default();
        let report = audit.report.as_ref().map(|address| format!(" [Report](<{address}>).")).unwrap_or_default();
        let findings = match &audit.findings {
            None => " Nothing is told of its findings.".to_owned(),
            Some(findings) if findings.values().all(|count| count.found == 0) => " It found nothing.".to_owned(),
            Some(findings) => {
                let counts = findings.iter().filter(|(_, count)| count.found > 0);
                let counts: Vec<String> = counts
                    .map(|(severity, count)| format!("{} {} ({} fixed)", count.found, severity.word(), count.fixed))
                    .collect();
                format!(" Findings: {}.", counts.join(", "))
            }
        };
        let (_, shipped) = shipped(audit, evidence);
        format!("- **{}**, {auditor}{whose}{scope}.{findings} {shipped}{report}", audit.finished)
    };
    register.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn justification(register: &[(&str, &Audit)]) -> String {
    let one = |(id, audit): &(&str, &Audit)| {
        let auditor = audit.auditor.as_deref().unwrap_or("an auditor who is not named");
        let scope = audit.scope.as_ref().map(|scope| format!(" ({scope})")).unwrap_or_default();
        format!("{id}, by {auditor}, {}{scope}", audit.finished)
    };
    let named: Vec<String> = register.iter().take(NAMED).map(one).collect();
    let more = register.len().saturating_sub(NAMED);
    let rest = if more == 0 { String::new() } else { format!("; and {more} more") };
    format!("By the register of audits: {}{rest}.", named.join("; "))
}

/// Who keeps the register, each once.
fn keepers(register: &[(&str, &Audit)]) -> String {
    each_once(register.iter().map(|(_, audit)| audit.by.as_str())).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether an audit of commit `c1` ships where the latest release is at this commit.
    fn by_commit_alone(commit: Option<&str>, released: Option<&str>) -> Shipped {
        let mut observations = vec![crate::evidence::Observation::seen("releases.latest", "v1.0.0")];
        observations
            .extend(released.map(|commit| crate::evidence::Observation::seen("releases.latest_commit", commit)));
        let mut sheet = crate::evidence::Sheet::new();
        sheet.put_all(observations);
        let now = chrono::DateTime::UNIX_EPOCH;
        let subject = crate::evidence::Subject::default();
        let access = crate::evidence::Access::Read;
        let missing = |_: &crate::evidence::KeyInfo| State::Unavailable { reason: "not told".to_owned() };
        let evidence = sheet.into_evidence(subject, access, 1, now, missing);
        by_commit(&audit(commit), "v1.0.0", &evidence).0
    }

    fn audit(commit: Option<&str>) -> Audit {
        Audit {
            auditor: None,
            independent: true,
            finished: NaiveDate::MIN,
            scope: None,
            release: None,
            commit: commit.map(str::to_owned),
            report: None,
            findings: None,
            by: "@a".into(),
            on: NaiveDate::MIN,
        }
    }

    #[test]
    fn an_audit_that_names_a_commit_alone_is_compared_with_the_release() {
        assert_eq!(by_commit_alone(Some("c1"), Some("c1")), Shipped::Same);
        assert_eq!(by_commit_alone(Some("c1"), Some("c2")), Shipped::Changed);
        assert_eq!(by_commit_alone(Some("c1"), None), Shipped::Unknown, "not seen is not changed");
        assert_eq!(by_commit_alone(None, Some("c1")), Shipped::Unknown);
    }

    #[test]
    fn tags_of_the_same_release() {
        for (one, other, same) in [
            ("v1.2.0", "1.2.0", true),
            ("1.2.0", "1.2.0", true),
            ("1.2", "1.2.0", false),
            ("vault", "ault", false),
            ("release-1", "v-1", false),
        ] {
            assert_eq!(same_release(one, other), same, "{one} {other}");
        }
    }
}
