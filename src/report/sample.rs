//! Sample records for the tests: one that is realistic, and one whose every outside text is hostile.

mod findings;
mod hostile;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::answers::Severity;
use crate::assess::record::{
    ASSESSMENT_SCHEMA, AnswerShown, AnswersInput, AreaResult, Assessment, AuditFindings, AuditShown, Basis, Certainty,
    Coverage, Engine, EvidenceInput, Finding, Inputs, LevelResult, Maturity, ModelResult, NextStep, Outcome,
    QuestionResult, QuestionnairesInput, Reveal, ReviewShown, Shipped, StepKind, UnknownKey,
};
use crate::evidence::{Access, Subject, Value};
use findings::{AREAS, REQUIREMENTS, finding};
pub(crate) use hostile::hostile;

const COMMIT: &str = "4f1c2a9d7be05c83f6e1a0b2c3d4e5f60718293a";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The question that decides a requirement of the sample.
fn question_of(requirement: &str) -> String {
    match requirement {
        "OSPS-AC-04.02" => "workflows.least-privilege".to_owned(),
        "OSPS-QA-07.01" => "review.required".to_owned(),
        "OSPS-VM-03.01" => "vulnerability.private-channel".to_owned(),
        other => format!("baseline.{}", other.to_lowercase().trim_start_matches("osps-")),
    }
}

fn count(findings: &[&Finding], wanted: impl Fn(&Finding) -> bool) -> u32 {
    u32::try_from(findings.iter().filter(|finding| wanted(finding)).count()).unwrap()
}

fn level(id: u32, findings: &[Finding]) -> LevelResult {
    let counted: Vec<&Finding> = findings.iter().filter(|finding| finding.from_level <= id).collect();
    LevelResult {
        id,
        title: format!("Level {id}"),
        meaning: [
            "For any project",
            "For projects with several maintainers and users",
            "For projects that many rely on",
        ][usize::try_from(id).unwrap() - 1]
            .to_owned(),
        total: count(&counted, |_| true),
        met_verified: count(&counted, |finding| finding.outcome == Outcome::Met && finding.verified),
        met_claimed: count(&counted, |finding| finding.outcome == Outcome::Met),
        partly: count(&counted, |finding| finding.outcome == Outcome::Partly),
        unmet: count(&counted, |finding| finding.outcome == Outcome::Unmet),
        unknown: count(&counted, |finding| finding.outcome == Outcome::Unknown),
        not_applicable: count(&counted, |finding| finding.outcome == Outcome::NotApplicable),
    }
}

fn area(&(id, title): &(&str, &str), findings: &[Finding]) -> AreaResult {
    let counted: Vec<&Finding> = findings.iter().filter(|finding| finding.area == id).collect();
    let not_applicable = count(&counted, |finding| finding.outcome == Outcome::NotApplicable);
    let total = count(&counted, |_| true);
    let met_verified = count(&counted, |finding| finding.outcome == Outcome::Met && finding.verified);
    let met_claimed = count(&counted, |finding| finding.outcome == Outcome::Met);
    let met_possible = met_claimed + count(&counted, |finding| finding.outcome == Outcome::Unknown);
    let share =
        |met: u32| (total > not_applicable).then(|| f64::from(met * 10_000 / (total - not_applicable)) / 10_000.0);
    AreaResult {
        id: id.to_owned(),
        title: title.to_owned(),
        total,
        not_applicable,
        met_verified,
        met_claimed,
        met_possible,
        verified: share(met_verified),
        claimed: share(met_claimed),
        possible: share(met_possible),
    }
}

fn step(kind: StepKind, question: &str, ask: &str, how: &str, effort: &str, requirements: &[&str]) -> NextStep {
    NextStep {
        kind,
        question: question.to_owned(),
        ask: ask.to_owned(),
        how: how.to_owned(),
        effort: effort.to_owned(),
        requirements: requirements.iter().map(|&id| id.to_owned()).collect(),
        level: 2,
    }
}

fn next_steps() -> Vec<NextStep> {
    vec![
        step(
            StepKind::Reveal,
            "workflows.default-rights",
            "Do workflow jobs that ask for no rights get only the right to read?",
            "Collect again with a token that may read the repository's administration settings.",
            "small",
            &["OSPS-AC-04.01", "OSPS-QA-03.01"],
        ),
        step(
            StepKind::Correct,
            "vulnerability.private-channel",
            "Is there a confidential way to report a vulnerability?",
            "Turn on private vulnerability reporting, or correct the answer.",
            "small",
            &["OSPS-VM-03.01"],
        ),
        step(
            StepKind::Answer,
            "design.documented",
            "Is it written down who and what acts within the system?",
            "Answer the question in .seaworthy/answers.yaml, with a link to where it is written down.",
            "small",
            &["OSPS-SA-01.01"],
        ),
        step(
            StepKind::Fix,
            "quality.checks-required",
            "Must all checks succeed before a change reaches the default branch?",
            "Name the checks as required in a ruleset on the default branch, with no bypass list. The ruleset must name every \
             branch from which releases are made, and apply to administrators too.",
            "medium",
            &["OSPS-QA-03.01"],
        ),
        step(
            StepKind::Prove,
            "release.notes",
            "Does each release carry its version and readable notes?",
            "Have somebody outside the project review the answer and accept it.",
            "medium",
            &["OSPS-BR-02.01", "OSPS-BR-04.01"],
        ),
        step(
            StepKind::Fix,
            "release.signed",
            "Is every released file signed, or listed with its hash in something signed?",
            "Sign the release files in the release workflow, for example with build attestations.",
            "large",
            &["OSPS-BR-06.01"],
        ),
    ]
}

/// The highest level at which all that counts is met, for each reading.
fn maturity(findings: &[Finding]) -> Maturity {
    let reached = |is_met: &dyn Fn(&Finding) -> bool| {
        (1..=3).take_while(|level| findings.iter().filter(|finding| finding.from_level <= *level).all(is_met)).count()
    };
    let met = |finding: &Finding| matches!(finding.outcome, Outcome::Met | Outcome::NotApplicable);
    let as_level = |count: usize| u32::try_from(count).unwrap();
    Maturity {
        verified: as_level(reached(&|finding| met(finding) && finding.verified)),
        claimed: as_level(reached(&met)),
        possible: as_level(reached(&|finding| met(finding) || finding.outcome == Outcome::Unknown)),
        highest: 3,
    }
}

fn model() -> ModelResult {
    let findings: Vec<Finding> = REQUIREMENTS.iter().map(finding).collect();
    let all: Vec<&Finding> = findings.iter().collect();
    ModelResult {
        id: "osps-baseline".to_owned(),
        title: "OSPS Baseline".to_owned(),
        version: "2026.02.19".to_owned(),
        source: "https://baseline.openssf.org/versions/2026-02-19".to_owned(),
        digest: format!("sha256:{}", "3c".repeat(32)),
        scoring: "cumulative-levels".to_owned(),
        extends: None,
        maturity: maturity(&findings),
        scores: Vec::new(),
        coverage: Coverage {
            judged: count(&all, |finding| finding.outcome != Outcome::Unknown),
            total: count(&all, |_| true),
        },
        levels: (1..=3).map(|id| level(id, &findings)).collect(),
        areas: AREAS.iter().map(|entry| area(entry, &findings)).collect(),
        next_steps: next_steps(),
        documents: Vec::new(),
        reveals: vec![Reveal {
            permission: "administration: read".to_owned(),
            keys: vec!["actions.default_permissions".to_owned(), "default_branch.required_checks".to_owned()],
            requirements: vec!["OSPS-AC-04.01".to_owned(), "OSPS-QA-03.01".to_owned()],
        }],
        findings,
    }
}

fn answer(until: &str, lapsed: bool) -> AnswerShown {
    AnswerShown {
        because: Some("The contribution guide demands it.".to_owned()),
        evidence: vec!["https://example.org/policy".to_owned()],
        by: "@alice".to_owned(),
        on: day("2026-03-01"),
        until: day(until),
        due: None,
        lapsed,
        not_applicable: false,
        criteria: None,
        declared_in: None,
        people: Vec::new(),
        respondents: Vec::new(),
        attachments: Vec::new(),
    }
}

/// The result of the question that decides a finding of the sample.
fn question(finding: &Finding) -> QuestionResult {
    let answered = matches!(
        finding.basis,
        Basis::Corroborated | Basis::Reviewed | Basis::Contradicted | Basis::Attested | Basis::Disputed | Basis::Lapsed
    );
    let observed = matches!(finding.certainty, Certainty::Proof | Certainty::Sign) && finding.basis != Basis::Reviewed;
    let met = matches!(finding.outcome, Outcome::Met);
    let lapsed = finding.basis == Basis::Lapsed;
    QuestionResult {
        id: finding.questions[0].clone(),
        ask: match finding.requirement.as_str() {
            "OSPS-AC-04.02" => "Does every workflow job hold only the rights that it needs?".to_owned(),
            "OSPS-QA-07.01" => "Must somebody other than the author approve every change?".to_owned(),
            _ => format!("Is it so that: {}", finding.demands),
        },
        why: "One stolen credential must not be able to change what users build.".to_owned(),
        how: "Require it in the settings of the organisation.".to_owned(),
        value: (finding.outcome != Outcome::Unknown).then_some(Value::Bool(met)),
        not_applicable: finding.outcome == Outcome::NotApplicable,
        basis: finding.basis,
        certainty: finding.certainty,
        observed: observed.then_some(Value::Bool(met)),
        answered: answered.then_some(Value::Bool(true)),
        answer: answered.then(|| answer(if lapsed { "2026-06-01" } else { "2027-03-01" }, lapsed)),
        review: (finding.basis == Basis::Reviewed).then(|| ReviewShown {
            verdict: "accepted".to_owned(),
            by: "@bob".to_owned(),
            on: day("2026-03-10"),
            conflict: "none".to_owned(),
            note: Some("Saw the setting on a call.".to_owned()),
            value: None,
            of: None,
            counts: true,
            outdated: false,
        }),
        criteria: Vec::new(),
        reasons: finding.reasons.clone(),
        unknown: if finding.requirement == "OSPS-QA-03.01" || finding.requirement == "OSPS-AC-04.01" {
            vec![UnknownKey {
                key: "secrets.push_protection".to_owned(),
                title: "Push protection of secret scanning".to_owned(),
                state: "not-permitted".to_owned(),
                reason: "the token may not read it".to_owned(),
                permission: Some("administration: read".to_owned()),
                on_github: false,
            }]
        } else if finding.requirement == "OSPS-VM-05.01" {
            vec![UnknownKey {
                key: "policy.text".to_owned(),
                title: "Text of the policy".to_owned(),
                state: "failed".to_owned(),
                reason: "the server answered with an error three times".to_owned(),
                permission: None,
                on_github: false,
            }]
        } else {
            Vec::new()
        },
        valid_until: finding.valid_until,
        effort: "small".to_owned(),
        unasked: false,
        asks_first: Vec::new(),
        suspect: Vec::new(),
        in_words: false,
    }
}

/// Two audits: one of the latest release, with all told, and one of which little is told.
fn audits() -> Vec<AuditShown> {
    let latest = AuditShown {
        id: "2026-parser".to_owned(),
        auditor: Some("Deep Look Ltd".to_owned()),
        independent: true,
        finished: day("2026-03-01"),
        scope: Some("The parser and all that reads from the network.".to_owned()),
        release: Some("v1.4.0".to_owned()),
        commit: Some(COMMIT.to_owned()),
        report: Some("https://example.org/report.pdf".to_owned()),
        findings: Some(vec![
            AuditFindings { severity: Severity::High, found: 1, fixed: 1 },
            AuditFindings { severity: Severity::Low, found: 4, fixed: 3 },
        ]),
        by: "@alice".to_owned(),
        on: day("2026-03-10"),
        shipped: Shipped::Same,
        shipped_because: "It looked at v1.4.0, which is the latest release.".to_owned(),
    };
    let older = AuditShown {
        id: "2022".to_owned(),
        auditor: None,
        independent: false,
        finished: day("2022-05-01"),
        scope: None,
        release: None,
        commit: None,
        report: None,
        findings: None,
        shipped: Shipped::Unknown,
        shipped_because: "The latest release is v1.4.0; which release was looked at is not told.".to_owned(),
        ..latest.clone()
    };
    vec![latest, older]
}

/// A record as a project of middling maturity gets it.
pub(crate) fn record() -> Assessment {
    let model = model();
    let questions: Vec<QuestionResult> = model.findings.iter().map(question).collect();
    let mut record = Assessment {
        schema: ASSESSMENT_SCHEMA.to_owned(),
        subject: Subject {
            id: "github.com/acme/widget".to_owned(),
            url: Some("https://github.com/acme/widget".to_owned()),
            repository_id: Some(1_234_567),
            commit: Some(COMMIT.to_owned()),
            default_branch: Some("main".to_owned()),
        },
        as_of: day("2026-11-24"),
        engine: Engine { name: "seaworthy".to_owned(), version: "0.1.0".to_owned() },
        inputs: Inputs {
            evidence: EvidenceInput {
                digest: format!("sha256:{}", "a1".repeat(32)),
                collected_at: time("2026-11-24T10:12:13Z"),
                access: Access::Read,
                api_requests: 7,
                collector: "seaworthy 0.1.0".to_owned(),
                known: 118,
                total: 141,
                remarks: vec!["The repository was renamed from acme/gadget.".to_owned()],
            },
            answers: Some(AnswersInput {
                digest: format!("sha256:{}", "b2".repeat(32)),
                count: 24,
                reviews: None,
                declared: Vec::new(),
            }),
            questionnaires: QuestionnairesInput { digest: format!("sha256:{}", "c3".repeat(32)) },
        },
        contradictions: questions
            .iter()
            .filter(|question| question.basis == Basis::Contradicted)
            .map(|question| question.id.clone())
            .collect(),
        models: vec![model],
        questions,
        conduct: None,
        audits: audits(),
        kept: None,
        previous: Some(format!("sha256:{}", "d4".repeat(32))),
        digest: String::new(),
        other: BTreeMap::new(),
    };
    record.digest = record.computed_digest().unwrap();
    record
}
