//! Sample records for the tests: one that is realistic, and one whose every outside text is hostile.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::answers::Severity;
use crate::assess::record::{
    ASSESSMENT_SCHEMA, AlsoShown, AnswerShown, AnswersInput, AreaResult, Assessment, AuditFindings, AuditShown, Basis,
    Certainty, Coverage, Engine, EvidenceInput, Finding, Inputs, LevelResult, Maturity, ModelResult, NextStep, Outcome,
    QuestionResult, QuestionnairesInput, Reason, Reveal, ReviewShown, Shipped, StepKind, UnknownKey, WaiverShown,
};
use crate::evidence::{Access, Place, Subject, Value};
use crate::questionnaire::Relation;

const COMMIT: &str = "4f1c2a9d7be05c83f6e1a0b2c3d4e5f60718293a";

/// Area, title.
const AREAS: &[(&str, &str)] = &[
    ("AC", "Access Control"),
    ("BR", "Build and Release"),
    ("DO", "Documentation"),
    ("GV", "Governance"),
    ("LE", "Legal"),
    ("QA", "Quality"),
    ("SA", "Security Assessment"),
    ("VM", "Vulnerability Management"),
];

/// Code, outcome, basis, certainty, what the reason says.
const CASES: &[(char, Outcome, Basis, Certainty, &str)] = &[
    ('o', Outcome::Met, Basis::Observed, Certainty::Proof, "The setting was read and is as demanded"),
    ('s', Outcome::Met, Basis::Observed, Certainty::Sign, "The names of the release files speak for it"),
    ('c', Outcome::Met, Basis::Corroborated, Certainty::Proof, "What was seen and what the maintainers say agree"),
    ('r', Outcome::Met, Basis::Reviewed, Certainty::Proof, "A reviewer has looked at the answer and accepted it"),
    ('a', Outcome::Met, Basis::Attested, Certainty::Word, "The maintainers say so; nothing was seen that proves it"),
    ('d', Outcome::Met, Basis::Disputed, Certainty::Word, "The maintainers say yes, a sign speaks against it"),
    (
        '!',
        Outcome::Unmet,
        Basis::Contradicted,
        Certainty::Proof,
        "Required approvals is 0 and two jobs hold write-all, needs neither",
    ),
    ('x', Outcome::Unmet, Basis::Observed, Certainty::Proof, "Required approvals is 0, needs at least 1"),
    ('p', Outcome::Partly, Basis::Observed, Certainty::Proof, "Two of five release files carry a signature"),
    (
        'u',
        Outcome::Unknown,
        Basis::Unknown,
        Certainty::None,
        "Nothing that can be seen settles it, and nobody has answered",
    ),
    ('?', Outcome::Unknown, Basis::Unknown, Certainty::None, "The setting may not be read with this token"),
    ('l', Outcome::Unknown, Basis::Lapsed, Certainty::None, "The answer of 2025-06-01 has run out"),
    ('n', Outcome::NotApplicable, Basis::Observed, Certainty::Proof, "The project has a single repository"),
    ('w', Outcome::Unmet, Basis::Waived, Certainty::Word, "The maintainers say no"),
    ('e', Outcome::Unmet, Basis::Attested, Certainty::Word, "The maintainers say no"),
];

/// Requirement, levels, case, demand.
const REQUIREMENTS: &[(&str, &str, char, &str)] = &[
    ("OSPS-AC-01.01", "123", 'o', "Anyone reaching protected project assets must pass a second sign-in factor first."),
    ("OSPS-AC-02.01", "123", 'o', "Newly invited people start with least access unless somebody grants more by hand."),
    ("OSPS-AC-03.01", "123", 'c', "Pushing straight to the default branch is refused by some technical guard."),
    ("OSPS-AC-03.02", "123", 'o', "Removing the default branch needs a deliberate, confirmed act or is blocked."),
    ("OSPS-AC-04.01", "23", '?', "Pipeline jobs that declare no permissions fall back to a minimal token."),
    ("OSPS-AC-04.02", "3", '!', "Each pipeline job holds only those token scopes its own work needs."),
    ("OSPS-BR-01.01", "123", 'o', "Outside-controlled event text gets cleaned before any pipeline script uses it."),
    (
        "OSPS-BR-01.03",
        "123",
        'o',
        "Code from strangers runs without reach to pipeline secrets or privileged resources.",
    ),
    ("OSPS-BR-01.04", "3", 'u', "Values typed in by trusted team members also get checked before pipeline use."),
    ("OSPS-BR-02.01", "23", 'a', "Every published release carries its own distinct version label or commit mark."),
    ("OSPS-BR-02.02", "3", 'p', "Files shipped with a release can be traced to that exact release."),
    ("OSPS-BR-03.01", "123", 'o', "All project web addresses named as official are reachable over encryption only."),
    (
        "OSPS-BR-03.02",
        "123",
        'r',
        "Official download places resist tampering in transit through authenticated cryptography.",
    ),
    (
        "OSPS-BR-04.01",
        "23",
        'a',
        "Users get readable notes on what changed, functionally and for security, per release.",
    ),
    ("OSPS-BR-05.01", "23", 'o', "Build jobs fetch third-party packages with the ecosystem's usual manager."),
    ("OSPS-BR-06.01", "23", 's', "Shipped artifacts are signed, or listed with hashes in something signed."),
    ("OSPS-BR-07.01", "1", 'o', "Safeguards stop passwords and keys from landing unencrypted in version history."),
    ("OSPS-BR-07.02", "3", 'a', "Written rules say how project secrets are kept, reached and renewed."),
    ("OSPS-DO-01.01", "123", 'c', "Released software comes with guides covering its ordinary everyday features."),
    ("OSPS-DO-02.01", "123", 'o', "Users can read how and where to report bugs in released versions."),
    ("OSPS-DO-03.01", "3", 'o', "Docs teach users how to check that downloads are intact and genuine."),
    ("OSPS-DO-03.02", "3", 'n', "Docs name who or what should have produced each release, for checking."),
    ("OSPS-DO-04.01", "3", 'l', "Docs state which versions get help, what kind, and until when."),
    ("OSPS-DO-05.01", "3", 'l', "Docs announce when a version's security fixes stop."),
    ("OSPS-DO-06.01", "23", 'o', "Docs explain how third-party components are chosen, fetched and followed over time."),
    ("OSPS-DO-07.01", "23", 'a', "Docs tell a newcomer how to compile everything, with all prerequisites named."),
    ("OSPS-GV-01.01", "23", 'r', "A public list names people holding access to sensitive project assets."),
    ("OSPS-GV-01.02", "23", 'o', "Docs describe what each project role does and is answerable for."),
    ("OSPS-GV-02.01", "123", 'r', "Open places exist where people discuss changes and usage problems publicly."),
    ("OSPS-GV-03.01", "123", 'o', "Docs walk a contributor through how changes get proposed and accepted."),
    ("OSPS-GV-03.02", "23", 'o', "Contributor docs spell out standards a code change must meet."),
    ("OSPS-GV-04.01", "3", 'u', "Written rules require vetting a person before giving them stronger rights."),
    ("OSPS-LE-01.01", "23", 'o', "Each commit's author affirms they may legally contribute it."),
    ("OSPS-LE-02.01", "123", 'o', "Source is under a licence accepted as open or free software."),
    ("OSPS-LE-02.02", "123", 'c', "What users download is also licensed as open or free software."),
    ("OSPS-LE-03.01", "123", 'o', "The source licence text sits in a standard, easily found file."),
    ("OSPS-LE-03.02", "123", 'r', "Licence text travels along with the released files or their source."),
    ("OSPS-QA-01.01", "123", 'r', "Anybody can read the source at an unchanging web address."),
    ("OSPS-QA-01.02", "123", 'o', "Public history shows what changed, by whom, and at what time."),
    ("OSPS-QA-02.01", "123", 'o', "Repository holds a manifest naming its direct language-level packages."),
    ("OSPS-QA-02.02", "3", 'x', "Compiled downloads are accompanied by a machine-made ingredient list."),
    (
        "OSPS-QA-03.01",
        "23",
        '?',
        "Automatic checks go green, or are knowingly overridden, before default-branch commits.",
    ),
    ("OSPS-QA-04.01", "123", 'n', "Projects spread over several repositories publish which ones belong together."),
    ("OSPS-QA-04.02", "3", 'n', "Sibling repositories in one release meet equally strict security rules."),
    ("OSPS-QA-05.01", "123", 'r', "Version control holds no built, runnable output files."),
    ("OSPS-QA-05.02", "123", 'o', "Version control holds no opaque binaries a reviewer could not inspect."),
    ("OSPS-QA-06.01", "23", 'o', "Pipelines run some automated test suite before a change gets merged."),
    ("OSPS-QA-06.02", "3", 'u', "Docs make clear how to run tests and when they run."),
    ("OSPS-QA-06.03", "3", 'u', "Written rules say larger changes must bring new or updated automated tests."),
    ("OSPS-QA-07.01", "3", '!', "Somebody besides the author has to approve changes before they merge."),
    ("OSPS-SA-01.01", "23", 'a', "Design docs show who and what acts within the system, and how."),
    ("OSPS-SA-02.01", "23", 'o', "Docs describe each interface other software or users can call."),
    ("OSPS-SA-03.01", "23", 'c', "Project has assessed which security problems are likeliest and would hurt most."),
    ("OSPS-SA-03.02", "3", 'w', "Project has modelled threats and attack surface for its critical parts."),
    ("OSPS-VM-01.01", "23", 'o', "Docs publish a coordinated disclosure process with a promised reply time."),
    ("OSPS-VM-02.01", "1", 'o', "Docs tell outsiders whom to contact about security."),
    ("OSPS-VM-03.01", "23", 'd', "Reporters have some confidential way to reach the security people."),
    ("OSPS-VM-04.01", "23", 'a', "Known weaknesses in the project get announced somewhere public."),
    ("OSPS-VM-04.02", "3", 'e', "Component weaknesses that do not bite are explained in a VEX file."),
    ("OSPS-VM-05.01", "3", 'u', "Written rules set how bad a dependency finding must be before fixing."),
    ("OSPS-VM-05.02", "3", 'o', "Written rules demand dependency findings be settled before shipping a version."),
    ("OSPS-VM-05.03", "3", 'n', "Every change is scanned for bad or vulnerable packages and stopped on violation."),
    ("OSPS-VM-06.01", "3", 'l', "Written rules set how bad a code-scanner finding must be before fixing."),
    ("OSPS-VM-06.02", "3", 'u', "Every change is scanned for insecure code and stopped on violation."),
];

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

fn finding(&(requirement, levels, code, demands): &(&str, &str, char, &str)) -> Finding {
    let &(_, outcome, basis, certainty, text) = CASES.iter().find(|case| case.0 == code).unwrap();
    let levels: Vec<u32> = levels.chars().filter_map(|digit| digit.to_digit(10)).collect();
    let seen = certainty == Certainty::Proof || certainty == Certainty::Sign;
    let reason = Reason {
        text: text.to_owned(),
        question: Some(question_of(requirement)),
        key: seen.then(|| "default_branch.required_approvals".to_owned()),
        source: Some(if seen { "GET /repos/acme/widget/rules/branches/main" } else { "@alice" }.to_owned()),
        link: seen.then(|| "https://github.com/acme/widget/settings/rules".to_owned()),
        places: if code == 'o' || code == 'p' {
            vec![
                Place {
                    link: Some(format!("https://github.com/acme/widget/blob/{COMMIT}/.github/workflows/ci.yml#L12")),
                    ..Place::line(".github/workflows/ci.yml", 12).noted("top-level permissions")
                },
                Place::file("SECURITY.md"),
            ]
        } else {
            Vec::new()
        },
    };
    let next = match outcome {
        Outcome::Met | Outcome::NotApplicable => None,
        Outcome::Unknown => {
            Some("Answer the question, or collect again with a token that may read the setting.".to_owned())
        }
        Outcome::Partly | Outcome::Unmet => {
            Some("Require a pull request in a ruleset on the default branch, with no bypass list.".to_owned())
        }
    };
    Finding {
        requirement: requirement.to_owned(),
        area: requirement.get(5..7).unwrap().to_owned(),
        from_level: *levels.iter().min().unwrap(),
        levels,
        demands: demands.to_owned(),
        outcome,
        basis,
        certainty,
        verified: certainty == Certainty::Proof && matches!(outcome, Outcome::Met | Outcome::NotApplicable),
        possible: !matches!(outcome, Outcome::Unmet | Outcome::Partly),
        questions: vec![question_of(requirement)],
        decided_by: vec![question_of(requirement)],
        reasons: vec![reason],
        next,
        valid_until: matches!(code, 'a' | 'c' | 'r' | 'd').then(|| day("2027-03-01")),
        waiver: match code {
            'w' => Some(("Threat modelling is budgeted for the spring.", "2027-04-30", false)),
            'e' => Some(("No component vulnerability has needed an explanation yet.", "2026-09-30", true)),
            _ => None,
        }
        .map(|(reason, until, ended)| WaiverShown {
            reason: reason.to_owned(),
            by: "@carol".to_owned(),
            until: day(until),
            ended,
        }),
        counts: Vec::new(),
        worth: None,
        also: Vec::new(),
        maps: BTreeMap::from([
            ("SSDF".to_owned(), vec!["PO.3.2".to_owned(), "PS.1".to_owned()]),
            ("CRA".to_owned(), vec!["1.2f".to_owned()]),
        ]),
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
pub(super) fn record() -> Assessment {
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

/// The text that stands in every place where the hostile record quotes something from outside.
pub(super) const HOSTILE: &str = "<script>alert(1)</script>\n# [x](javascript:alert(2)) | `@alice` \u{1b}[31m\u{202e}&amp; \
                                  \"><img src=x onerror=alert(3)> 日本語 acme/widget#12 {{ 7*7 }} ";

/// The same record with hostile text in all that comes from outside, and two models that share their ids.
pub(super) fn hostile() -> Assessment {
    let mut record = record();
    let hostile = || HOSTILE.to_owned();
    record.subject.id = hostile();
    record.subject.url = Some("javascript:alert(4)".to_owned());
    record.subject.default_branch = Some(hostile());
    record.inputs.evidence.remarks = vec![hostile()];
    for question in &mut record.questions {
        question.ask = hostile();
        question.how = hostile();
        question.observed = question.observed.is_some().then(|| Value::Text(hostile()));
        question.answered = question.answered.is_some().then(|| Value::List(vec![hostile(), hostile()]));
        if let Some(answer) = &mut question.answer {
            answer.because = Some(hostile());
            answer.by = hostile();
            answer.evidence = vec!["javascript:alert(5)".to_owned(), "https://example.org/a|b)(c".to_owned()];
        }
        for unknown in &mut question.unknown {
            unknown.permission = unknown.permission.is_some().then(hostile);
            unknown.reason = hostile();
        }
    }
    for audit in &mut record.audits {
        audit.id = hostile();
        audit.auditor = Some(hostile());
        audit.scope = Some(hostile());
        audit.release = Some(hostile());
        audit.report = Some("javascript:alert(9)".to_owned());
        audit.by = hostile();
        audit.shipped_because = hostile();
    }
    record.models.truncate(1);
    let second = record.models[0].clone();
    record.models.push(ModelResult { id: "second \" onclick=\"alert(6)".to_owned(), ..second });
    for model in &mut record.models {
        model.title = hostile();
        model.source = "data:text/html,<script>alert(7)</script>".to_owned();
        for level in &mut model.levels {
            level.title = hostile();
            level.meaning = hostile();
        }
        for area in &mut model.areas {
            area.title = hostile();
        }
        for finding in &mut model.findings {
            finding.demands = hostile();
            finding.next = finding.next.is_some().then(hostile);
            for reason in &mut finding.reasons {
                reason.text = hostile();
                reason.source = Some(hostile());
                reason.link = Some("javascript:alert(8)".to_owned());
                reason.places = vec![Place { link: Some("vbscript:x".to_owned()), ..Place::file(HOSTILE) }];
            }
            if let Some(waiver) = &mut finding.waiver {
                waiver.reason = hostile();
                waiver.by = hostile();
            }
            finding.maps = BTreeMap::from([(hostile(), vec![hostile()])]);
            finding.also = vec![AlsoShown {
                model: hostile(),
                requirement: hostile(),
                relation: Relation::Covers,
                confidence: 3,
                source: hostile(),
            }];
        }
        for step in &mut model.next_steps {
            step.ask = hostile();
            step.how = hostile();
            step.effort = hostile();
        }
        for reveal in &mut model.reveals {
            reveal.permission = hostile();
        }
    }
    record
}
