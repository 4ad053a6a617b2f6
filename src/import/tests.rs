//! Each format on small files of our own: what it proposes, what it leaves, and what it says is wrong.

mod cncf;
mod properties;

use chrono::NaiveDate;

use super::*;
use crate::questionnaire::Questionnaires;
use crate::yaml::{Document, Severity};

fn today() -> NaiveDate {
    "2026-11-24".parse().unwrap()
}

/// The built-in questionnaires, read once.
fn built_in() -> &'static Questionnaires {
    static BUILT_IN: std::sync::OnceLock<Questionnaires> = std::sync::OnceLock::new();
    BUILT_IN.get_or_init(|| Questionnaires::built_in().unwrap())
}

fn input<'a>(name: &'a str, text: &'a str) -> Input<'a> {
    Input { name, text, parent: None, today: today(), on: None, by: None, questionnaires: built_in() }
}

fn read(format: Format, text: &str) -> Imported {
    import(format, &input("file", text)).unwrap()
}

/// The proposals as `question = value (confidence)`.
fn proposed(imported: &Imported) -> Vec<String> {
    let line = |of: &Proposal| format!("{} = {} ({})", of.question, said_word(&of.answer.said), of.confidence.word());
    imported.proposals.iter().map(line).collect()
}

fn proposal<'i>(imported: &'i Imported, question: &str) -> &'i Proposal {
    imported.proposals.iter().find(|of| of.question == question).unwrap()
}

fn not_taken(imported: &Imported) -> Vec<String> {
    imported.not_taken.iter().map(|entry| format!("{}: {}", entry.place, entry.why)).collect()
}

fn faults(imported: &Imported) -> Vec<String> {
    imported.faults.iter().map(|fault| format!("{} {}", fault.place, fault.message)).collect()
}

const SECOND: &str = "\
header:
  schema-version: 2.2.0
  last-updated: '2026-05-02'
  last-reviewed: '2026-05-03'
  url: https://github.com/acme/widget/blob/main/security-insights.yml
project:
  name: Widget
  administrators: [{name: Ada, primary: true}]
  repositories:
    - {name: widget, url: https://github.com/acme/widget, comment: code}
    - {name: site, url: https://github.com/acme/site, comment: pages}
  vulnerability-reporting:
    reports-accepted: true
    bug-bounty-available: false
    policy: https://example.org/security
    contact: {name: Ada, primary: true, email: ada@example.org}
repository:
  status: active
  url: https://github.com/acme/widget
  accepts-change-request: true
  accepts-automated-change-request: true
  no-third-party-packages: false
  core-team: [{name: Ada, primary: true}]
  license: {url: https://example.org/licence, expression: MIT OR Apache-2.0}
  documentation: {contributing-guide: https://example.org/contribute}
  security:
    assessments: {self: {comment: Not done.}}
    tools:
      - {name: CodeQL, type: SAST, rulesets: [default], integration: {adhoc: false, ci: true, release: false}, results: {}}
      - {name: gitleaks, type: secret-scanning, rulesets: [default], integration: {adhoc: false, ci: true, release: false}, results: {}}
";

#[test]
fn security_insights_version_two() {
    let imported = read(Format::SecurityInsights, SECOND);
    assert_eq!(
        proposed(&imported),
        [
            "build.third-party-packages = yes (certain)",
            "build.secrets-kept-out = yes (likely)",
            "documentation.repository-list = yes (likely)",
            "governance.access-list = yes (likely)",
            "governance.contribution-process = yes (certain)",
            "governance.contribution-standards = yes (guess)",
            "legal.source-licence-open = yes (certain)",
            "legal.licence-file = yes (guess)",
            "project.active = yes (certain)",
            "project.multiple-repositories = yes (likely)",
            "vulnerabilities.disclosure-process = yes (certain)",
            "vulnerabilities.security-contact = yes (certain)",
            "vulnerabilities.private-reporting = yes (likely)",
            "vulnerabilities.code-analysis-running = yes (likely)",
        ]
    );
    assert_eq!(imported.subject.as_deref(), Some("github.com/acme/widget"));
    let policy = &proposal(&imported, "vulnerabilities.disclosure-process").answer;
    assert_eq!(
        policy.because.as_deref(),
        Some("Declared in file, field project.vulnerability-reporting.policy: https://example.org/security")
    );
    assert_eq!(
        policy.evidence,
        ["https://example.org/security", "https://github.com/acme/widget/blob/main/security-insights.yml"]
    );
    assert_eq!((policy.by.as_str(), policy.on.to_string().as_str()), ("the project, in file", "2026-05-03"));
    assert_eq!(
        faults(&imported),
        [
            "repository.security.tools[1].type must be one of fuzzing, container, secret, SCA, SAST, other by specification 2.2"
        ]
    );
    assert!(not_taken(&imported).contains(&"project.name: no question asks for it".to_owned()));
    assert!(!format!("{imported:?}").contains("ada@"), "addresses of people are not kept");
}

#[test]
fn security_insights_version_one_runs_out() {
    let text = "header:\n  schema-version: 1.0.0\n  last-reviewed: '2023-01-05'\n  expiration-date: '2024-08-31T10:10:09.000Z'\n  project-url: https://github.com/acme/widget\nproject-lifecycle: {status: unsupported}\ndependencies: {third-party-packages: false}\nsecurity-artifacts: {threat-model: {threat-model-created: false}}\nsecurity-testing:\n  - {tool-type: sca, tool-name: Dependabot, integration: {ci: true}}\n  - {tool-type: sast, tool-name: x, integration: {ci: false}}\n";
    let imported = read(Format::SecurityInsights, text);
    assert_eq!(
        proposed(&imported),
        [
            "build.third-party-packages = no (certain)",
            "design.threat-model = no (certain)",
            "project.active = no (certain)",
            "vulnerabilities.dependency-check-running = yes (likely)",
        ]
    );
    assert_eq!(imported.proposals[0].answer.until, Some("2024-08-31".parse().unwrap()));
}

#[test]
fn a_parent_is_read_where_it_is_given_and_never_fetched() {
    let header = "header:\n  schema-version: 2.2.0\n  last-updated: '2026-05-02'\n  last-reviewed: '2026-05-02'\n  url: https://example.org/si.yml\n";
    let child = format!("{header}  project-si-source: https://example.org/parent.yml\n");
    let parent = format!(
        "{header}project: {{documentation: {{support-policy: 'https://example.org/support'}}}}\nrepository: {{status: active}}\n"
    );
    let alone = read(Format::SecurityInsights, &child);
    assert!(
        alone.proposals.is_empty()
            && alone.remarks[0].contains("https://example.org/parent.yml, which was not fetched")
    );
    let joined = import(
        Format::SecurityInsights,
        &Input { parent: Some(("parent.yml", &parent)), ..input("child.yml", &child) },
    )
    .unwrap();
    assert_eq!(
        proposed(&joined),
        ["documentation.support-scope = yes (likely)", "documentation.end-of-support = yes (guess)"]
    );
    assert!(joined.proposals[0].answer.because.as_ref().unwrap().starts_with("Declared in parent.yml, field"));
}

#[test]
fn the_badge_in_both_spellings() {
    let text = r#"{
        "id": 42, "updated_at": "2026-06-01T10:00:00.000Z", "repo_url": "https://github.com/acme/widget",
        "OSPS-AC-01.01_status": "Met", "OSPS-AC-01.01_justification": "Enforced: https://example.org/mfa.",
        "osps_br_06_01_status": "N/A", "osps_br_06_01_justification": "No releases; ask me@example.org",
        "osps_br_04_01_status": "na",
        "osps_vm_01_01_status": "Unmet",
        "osps_br_01_02_status": "Met",
        "osps_gv_02_01_status": 1,
        "maintained": "met", "repo_track": 3, "user_id": 3,
        "two_person_review_status": "Met",
        "test_status": "?",
        "sites_https_status": "Perhaps",
        "description_good_status": 3,
        "achieve_passing_status": "Met"
    }"#;
    let imported = read(Format::BestPractices, text);
    assert_eq!(
        proposed(&imported),
        [
            "access.second-factor-required = yes (certain)",
            "documentation.purpose = yes (certain)",
            "governance.public-discussion = no (certain)",
            "project.active = yes (certain)",
            "quality.history-public = yes (certain)",
            "quality.reviewed-in-practice = most (guess)",
            "releases.signed = not applicable (likely)",
        ]
    );
    let second = &proposal(&imported, "access.second-factor-required").answer;
    assert_eq!(second.evidence, ["https://example.org/mfa", "https://www.bestpractices.dev/projects/42"]);
    assert_eq!(second.by, "the project, in its Best Practices Badge entry 42");
    assert_eq!(second.on.to_string(), "2026-06-01");
    let reason = proposal(&imported, "releases.signed").answer.because.clone().unwrap();
    assert_eq!(reason, "In file, criterion osps_br_06_01 is N/A: \"No releases; ask (address)\"");
    assert_eq!(faults(&imported), ["/sites_https_status is no status: Met, Unmet, N/A or ?"]);
    assert_eq!(
        not_taken(&imported),
        [
            "/osps_br_01_02_status: no question asks for it",
            "/osps_br_04_01_status: says N/A without a reason",
            "/osps_vm_01_01_status: the questions do not follow from this status",
            "/test_status: the project has not answered it",
        ]
    );
}

#[test]
fn remarks_to_oneself_are_no_justification() {
    let text = r#"{"updated_at": "2026-06-01", "release_notes_status": "N/A",
        "release_notes_justification": "// ask about https://example.org/notes",
        "maintained_status": "Met", "maintained_justification": "// see https://example.org/later"}"#;
    let imported = read(Format::BestPractices, text);
    assert_eq!(proposed(&imported), ["project.active = yes (certain)"]);
    assert!(imported.proposals[0].answer.evidence.is_empty());
    assert_eq!(not_taken(&imported), ["/release_notes_status: says N/A without a reason"]);
}

#[test]
fn without_a_day_nothing_is_certain() {
    let text = r#"{"osps_ac_01_01_status": "Met"}"#;
    let undated = read(Format::BestPractices, text);
    assert_eq!(proposed(&undated), ["access.second-factor-required = yes (likely)"]);
    assert!(undated.remarks[0].contains("--on DATE"));
    let on: NaiveDate = "2026-03-01".parse().unwrap();
    let dated =
        import(Format::BestPractices, &Input { on: Some(on), by: Some("@ada"), ..input("file", text) }).unwrap();
    assert_eq!(proposed(&dated), ["access.second-factor-required = yes (certain)"]);
    assert_eq!((dated.proposals[0].answer.on, dated.proposals[0].answer.by.as_str()), (on, "@ada"));
    let future = read(Format::BestPractices, r#"{"updated_at": "2027-01-01", "osps_ac_01_01_status": "Met"}"#);
    assert_eq!(faults(&future), ["/updated_at 2027-01-01 has not come yet"]);
    assert_eq!(future.proposals[0].confidence, Confidence::Likely);
}

#[test]
fn criteria_that_contradict_each_other_wait_for_a_person() {
    let text = r#"{"updated_at": "2026-06-01", "osps_gv_03_01_status": "Met", "contribution_status": "Unmet"}"#;
    let imported = read(Format::BestPractices, text);
    assert_eq!(imported.proposals.len(), 1);
    assert_eq!(imported.proposals[0].confidence, Confidence::Guess);
    assert_eq!(
        faults(&imported),
        ["/contribution_status says no, but /osps_gv_03_01_status says yes: governance.contribution-process"]
    );
}

#[test]
fn scorecard_checks_are_signs() {
    let text = r#"{"date": "2026-03-02T10:30:43-06:00", "repo": {"name": "github.com/acme/widget"},
        "scorecard": {"version": "v5.1.0"}, "checks": [
        {"name": "Binary-Artifacts", "score": 7, "reason": "binaries present"},
        {"name": "License", "score": 10.0, "reason": "license file detected"},
        {"name": "Code-Review", "score": 5, "reason": "some"},
        {"name": "Signed-Releases", "score": -1, "reason": "no releases found"},
        {"name": "Fuzzing", "score": 0, "reason": "not fuzzed"},
        {"name": "SAST", "score": 11}, 7]}"#;
    let imported = read(Format::Scorecard, text);
    assert_eq!(
        proposed(&imported),
        [
            "legal.source-licence-open = yes (likely)",
            "legal.licence-file = yes (likely)",
            "quality.no-executables = no (likely)",
        ]
    );
    assert_eq!(imported.proposals[2].answer.by, "OpenSSF Scorecard v5.1.0");
    assert_eq!(
        not_taken(&imported),
        [
            "/checks/2: Code-Review with the score 5 settles no question",
            "/checks/3: Scorecard could not judge Signed-Releases: no releases found",
            "/checks/4: no question asks for Fuzzing",
        ]
    );
    assert_eq!(imported.faults.len(), 2);
}

#[test]
fn scorecard_probes_have_their_own_polarity() {
    let text = r#"{"predicate": {"date": "2026-03-02", "findings": [
        {"probe": "hasUnverifiedBinaryArtifacts", "outcome": "False", "message": "none"},
        {"probe": "hasDangerousWorkflowScriptInjection", "outcome": "True", "message": "x.yml"},
        {"probe": "hasDangerousWorkflowScriptInjection", "outcome": "True", "message": "y.yml"},
        {"probe": "releasesAreSigned", "outcome": "True"}, {"probe": "releasesAreSigned", "outcome": "False"},
        {"probe": "hasLicenseFile", "outcome": "NotAvailable"},
        {"probe": "fuzzed", "outcome": "False"}, {"probe": "fuzzed", "outcome": "False"},
        {"probe": "archived", "outcome": "Positive"}, {"outcome": "True"}]}}"#;
    let imported = read(Format::Scorecard, text);
    assert_eq!(
        proposed(&imported),
        [
            "build.untrusted-input-sanitised = no (likely)",
            "quality.no-executables = yes (likely)",
            "releases.signed = yes (guess)",
        ]
    );
    assert_eq!(
        faults(&imported),
        [
            "/predicate/findings/9 has no probe, or no outcome",
            "/predicate/findings/3 says yes, but /predicate/findings/4 says no: releases.signed",
        ]
    );
    assert_eq!(
        not_taken(&imported),
        [
            "/predicate/findings/8: probe archived is Positive: Scorecard could not tell",
            "/predicate/findings/6: probe fuzzed is False, 2 times: no question asks for it",
            "/predicate/findings/5: probe hasLicenseFile is NotAvailable: Scorecard could not tell",
        ]
    );
}

/// No rule makes a sign of another tool certain.
#[test]
fn what_others_judge_is_never_certain() {
    for format in [Format::Scorecard, Format::Clomonitor, Format::Cncf] {
        for rule in Mapping::of(format).rules {
            assert!(rule.confidence < Confidence::Certain, "{format:?} {}", rule.name);
        }
    }
}

#[test]
fn clomonitor_exemptions_are_read_by_a_person() {
    let text = "exemptions:\n  - {check: sbom, reason: 'Nothing is released, see https://example.org/why'}\n  - {check: analytics, reason: No.}\n  - {check: dco}\nlicenseScanning: {url: https://example.org}\n";
    let imported = read(Format::Clomonitor, text);
    assert_eq!(proposed(&imported), ["releases.sbom = not applicable (guess)"]);
    assert_eq!(imported.proposals[0].answer.evidence, ["https://example.org/why"]);
    assert_eq!(faults(&imported), ["exemptions[2] has no check, or no reason"]);
    assert_eq!(
        not_taken(&imported),
        ["exemptions[1]: no question asks for the check analytics", "licenseScanning: no question asks for it"]
    );
}

#[test]
fn oscal_findings_about_the_baseline() {
    let finding = |id: &str, state: &str| {
        format!(
            r#"{{"description": "Seen.", "target": {{"target-id": "{id}", "status": {{"state": "{state}"}}}}, "related-observations": [{{"observation-uuid": "o1"}}]}}"#
        )
    };
    let findings = [
        finding("osps-ac-01.01_obj", "satisfied"),
        finding("OSPS-AC-03.01", "not-satisfied"),
        finding("osps-vm-01.01", "not-satisfied"),
        finding("ac-2", "satisfied"),
        finding("osps-gv-01.01", "perhaps"),
    ]
    .join(",");
    let text = format!(
        r#"{{"assessment-results": {{"metadata": {{"title": "Yearly"}}, "results": [
            {{"start": "2025-01-01T00:00:00Z", "findings": []}},
            {{"start": "2026-02-01T00:00:00Z", "observations": [{{"uuid": "o1", "collected": "2026-01-31T00:00:00Z",
              "expires": "2027-01-31T00:00:00Z", "relevant-evidence": [{{"href": "https://example.org/e"}}, {{"href": "file:x"}}]}}],
              "findings": [{findings}]}}]}}}}"#
    );
    let imported = read(Format::Oscal, &text);
    assert_eq!(
        proposed(&imported),
        ["access.second-factor-required = yes (likely)", "access.direct-push-blocked = no (likely)"]
    );
    let answer = &imported.proposals[0].answer;
    assert_eq!((answer.on.to_string(), answer.until.unwrap().to_string()), ("2026-01-31".into(), "2027-01-31".into()));
    assert_eq!(answer.evidence, ["https://example.org/e"]);
    assert_eq!(answer.by, "OSCAL assessment results, Yearly");
    assert_eq!(faults(&imported), ["/assessment-results/results/1/findings/4 perhaps is no state of OSCAL"]);
    assert_eq!(imported.not_taken.len(), 2);
}

#[test]
fn own_answers_keep_who_said_them() {
    let text = "schema: seaworthy.answers/1\nsubject: github.com/acme/widget\nanswers:\n  project.active: { value: yes, by: '@ada', on: 2026-02-01, until: 2026-12-01 }\n  releases.sbom: { not_applicable: No binaries., by: '@bob', on: 2026-02-02 }\nreviews:\n  project.active: { verdict: accepted, by: '@eve', on: 2026-02-03 }\n";
    let imported = read(Format::Seaworthy, text);
    assert_eq!(proposed(&imported), ["project.active = yes (certain)", "releases.sbom = not applicable (certain)"]);
    assert_eq!(imported.proposals[0].answer.by, "@ada");
    assert_eq!(imported.proposals[0].answer.because.as_deref(), Some("Answered by @ada on 2026-02-01, in file"));
    assert_eq!(not_taken(&imported), ["reviews: 1 reviews stay where somebody vouches for them"]);
    let refused = import(Format::Seaworthy, &input("old.yaml", "schema: seaworthy.answers/1\nanswers:\n  a.b: 7\n"));
    assert_eq!(refused, Err(Refused("old.yaml:3:3: there is no question `a.b`".into())));
}

#[test]
fn what_is_another_format_is_refused() {
    for (format, text) in [
        (Format::SecurityInsights, "name: x\n"),
        (Format::SecurityInsights, "header: [\n"),
        (Format::BestPractices, "[]"),
        (Format::BestPractices, "{\"name\": \"x\"}"),
        (Format::BestPractices, "{\"a_status\": \"Met\", \"a_status\": \"Unmet\"}"),
        (Format::Scorecard, "{}"),
        (Format::Scorecard, "header: x"),
        (Format::Clomonitor, "- a"),
        (Format::Cncf, "no headings"),
        (Format::Oscal, "{}"),
        (Format::Oscal, "{\"assessment-results\": {\"results\": []}}"),
        (Format::Seaworthy, "{}"),
        (Format::Seaworthy, "schema: x\n"),
    ] {
        assert!(import(format, &input("file", text)).is_err(), "{format:?} {text}");
    }
}

#[test]
fn answers_that_exist_are_never_replaced() {
    let imported = read(Format::SecurityInsights, SECOND);
    let mut existing = as_answers(&imported.proposals[..1]).answers;
    let mut other = imported.proposals[8].answer.clone();
    other.said = Said::Value(false.into());
    existing.insert("project.active".into(), other.clone());
    let applied = apply(&imported.proposals, &existing, Confidence::Guess);
    assert_eq!(
        applied.agreeing.iter().map(|of| of.question.as_str()).collect::<Vec<_>>(),
        ["build.third-party-packages"]
    );
    assert_eq!(applied.differing.iter().map(|of| of.question.as_str()).collect::<Vec<_>>(), ["project.active"]);
    assert_eq!(applied.taken.len(), imported.proposals.len() - 2);
    assert_eq!(existing["project.active"], other);
    let careful = apply(&imported.proposals, &BTreeMap::new(), Confidence::Certain);
    assert!(careful.taken.iter().all(|of| of.confidence == Confidence::Certain));
    assert_eq!(careful.taken.len() + careful.waiting.len(), imported.proposals.len());
}

#[test]
fn a_repository_is_searched() {
    let files = [
        (".github/SECURITY-INSIGHTS.yml", SECOND),
        (".bestpractices.json", "{\"maintained_status\": \"Met\"}"),
        (".clomonitor.yml", "exemptions: [\n"),
        ("docs/security-insights.yml", SECOND),
        ("README.md", "# Widget"),
    ];
    let found = found_in_repository(files, &input("", ""));
    let paths: Vec<&str> = found.iter().map(|found| found.path.as_str()).collect();
    assert_eq!(paths, [".github/SECURITY-INSIGHTS.yml", ".bestpractices.json", ".clomonitor.yml"]);
    assert_eq!(
        found[0].remark(|_| false).unwrap(),
        ".github/SECURITY-INSIGHTS.yml declares the answers to 6 questions. It speaks for the answers to 8 questions that do \
         not count until somebody takes them over: seaworthy import security-insights .github/SECURITY-INSIGHTS.yml --into \
         .seaworthy/answers.yaml"
    );
    assert_eq!(
        found[0].remark(|_| true).unwrap(),
        ".github/SECURITY-INSIGHTS.yml declares the answers to 6 questions.",
        "what was taken over does not wait"
    );
    assert_eq!(found[1].remark(|_| true), None);
    assert!(found[2].remark(|_| true).unwrap().contains("was not read"));
}

/// What is written is an answers file without a problem, and holds what was taken and nothing else.
fn check_file(imported: &Imported, least: Confidence) {
    let applied = apply(&imported.proposals, &BTreeMap::new(), least);
    let text = answers_file(imported, &applied, imported.subject.as_deref());
    let document = Document::new("answers.yaml", text);
    let (answers, problems) = Answers::read(&document, built_in());
    let errors: Vec<String> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| problem.render(&document, false))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert_eq!(answers.unwrap().answers, as_answers(applied.taken).answers);
}

#[test]
fn comments_become_answers_where_the_mark_is_taken_away() {
    let imported = read(Format::SecurityInsights, SECOND);
    let applied = apply(&imported.proposals, &BTreeMap::new(), Confidence::Certain);
    let text = answers_file(&imported, &applied, None);
    let confirmed: Vec<&str> =
        text.lines().map(|line| line.strip_prefix('#').filter(|rest| rest.starts_with("  ")).unwrap_or(line)).collect();
    let (answers, problems) = Answers::read(&Document::new("answers.yaml", confirmed.join("\n")), built_in());
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(answers.unwrap().answers, as_answers(&imported.proposals).answers);
}
