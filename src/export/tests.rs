//! Exports, and that what is exported comes back when it is imported.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::answers::{Conflict, Review, Said};
use crate::evidence::Value;
use crate::import::{Confidence, Format, Input, Mapping, check_insights, demanded, import};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The built-in questionnaires, read once.
fn built_in() -> &'static Questionnaires {
    static BUILT_IN: std::sync::OnceLock<Questionnaires> = std::sync::OnceLock::new();
    BUILT_IN.get_or_init(|| Questionnaires::built_in().unwrap())
}

fn yes(value: bool) -> Said {
    Said::Value(Value::Bool(value))
}

fn answer(said: Said) -> Answer {
    Answer {
        said,
        because: Some("So it is.".into()),
        evidence: vec!["https://example.org/evidence".into()],
        by: "@ada".into(),
        on: day("2026-06-01"),
        until: None,
        details: crate::answers::Details::default(),
    }
}

fn answers<'q>(said: impl IntoIterator<Item = (&'q str, Said)>) -> Answers {
    let answers = said.into_iter().map(|(question, said)| (question.to_owned(), answer(said))).collect();
    Answers { answers, ..Answers::default() }
}

fn source(answers: &Answers) -> Source<'_> {
    Source { answers, evidence: None, base: None, set: &[], as_of: day("2026-11-24"), questionnaires: built_in() }
}

/// Everything that the specification wants and that no answer tells.
fn required() -> Vec<(String, String)> {
    [
        ("header.url", "https://github.com/acme/widget/blob/main/security-insights.yml"),
        ("project.name", "Widget"),
        ("project.administrators", "Ada, Bob"),
        ("project.vulnerability-reporting.reports-accepted", "true"),
        ("project.vulnerability-reporting.bug-bounty-available", "false"),
        ("repository.url", "https://github.com/acme/widget"),
        ("repository.accepts-change-request", "true"),
        ("repository.accepts-automated-change-request", "true"),
        ("repository.core-team", "Ada"),
        ("repository.license.url", "https://example.org/licence"),
        ("repository.license.expression", "MIT"),
    ]
    .map(|(field, value)| (field.to_owned(), value.to_owned()))
    .to_vec()
}

/// What the base file gives of lists that `--set` cannot.
const BASE: &str = "header: {schema-version: 2.2.0}\nproject:\n  repositories: [{name: widget, comment: code, url: 'https://github.com/acme/widget'}]\n";

fn reimported(format: Format, text: &str) -> BTreeMap<String, Said> {
    let (today, on) = (day("2026-11-24"), Some(day("2026-06-01")));
    let input = Input { name: "file", text, parent: None, today, on, by: None, questionnaires: built_in() };
    let imported = import(format, &input).unwrap();
    imported.proposals.into_iter().map(|of| (of.question, of.answer.said)).collect()
}

#[test]
fn the_badge_gets_what_follows_from_answers() {
    let mut answers = answers([
        ("access.second-factor-required", yes(true)),
        ("releases.signed", Said::NotApplicable),
        ("governance.contribution-process", yes(false)),
        ("vulnerabilities.disclosure-process", yes(true)),
        ("project.active", yes(true)),
        ("quality.no-executables", yes(true)),
        ("quality.source-public", yes(true)),
    ]);
    answers.answers.get_mut("quality.no-executables").unwrap().until = Some(day("2026-07-01"));
    answers.answers.get_mut("project.active").unwrap().because = None;
    let review = Review {
        verdict: Verdict::Challenged,
        by: "@eve".into(),
        on: day("2026-06-02"),
        note: None,
        conflict: Conflict::None,
        of: None,
    };
    answers.reviews.insert("quality.source-public".into(), review);
    let exported = best_practices(&source(&answers)).unwrap();
    insta::assert_snapshot!(exported.text, @r#"
    {
      "contribution_justification": "So it is. https://example.org/evidence",
      "contribution_status": "Unmet",
      "interact_justification": "So it is. https://example.org/evidence",
      "interact_status": "Unmet",
      "maintained_justification": "https://example.org/evidence",
      "maintained_status": "Met",
      "osps_ac_01_01_justification": "So it is. https://example.org/evidence",
      "osps_ac_01_01_status": "Met",
      "osps_br_06_01_justification": "So it is. https://example.org/evidence",
      "osps_br_06_01_status": "N/A",
      "osps_gv_03_01_justification": "So it is. https://example.org/evidence",
      "osps_gv_03_01_status": "Unmet",
      "require_2FA_justification": "So it is. https://example.org/evidence",
      "require_2FA_status": "Met",
      "vulnerability_response_process_justification": "So it is. https://example.org/evidence",
      "vulnerability_response_process_status": "Met"
    }
    "#);
    assert_eq!(exported.answers, 5);
    assert_eq!(
        exported.remarks,
        [
            "a reviewer does not accept the answer to quality.source-public; it is left out",
            "the answer to quality.no-executables ran out on 2026-07-01 and is left out",
        ]
    );
}

#[test]
fn what_a_file_says_already_stays() {
    let answers = answers([("project.active", yes(true)), ("governance.contribution-process", yes(true))]);
    let base = r#"{"name": "Widget", "maintained_status": "Unmet", "contribution_status": "?"}"#;
    let exported = best_practices(&Source { base: Some(("old", base)), ..source(&answers) }).unwrap();
    let file: serde_json::Value = serde_json::from_str(&exported.text).unwrap();
    assert_eq!((&file["name"], &file["maintained_status"]), (&"Widget".into(), &"Unmet".into()));
    assert_eq!((&file["contribution_status"], &file["osps_gv_03_01_status"]), (&"Met".into(), &"Met".into()));
    assert_eq!(exported.remarks, ["maintained is Unmet in the file, Met by the answers; it stays"]);
    for broken in ["[]", "{"] {
        assert!(best_practices(&Source { base: Some(("old", broken)), ..source(&answers) }).is_err());
    }
}

#[test]
fn security_insights_names_what_it_lacks() {
    let none = Answers::default();
    let Err(NoExport::Incomplete(lacking)) = security_insights(&source(&none)) else { panic!() };
    assert!(lacking.contains(
        &"project.administrators is required and missing; give --set project.administrators=NAME,NAME".to_owned()
    ));
    assert!(lacking.iter().any(|line| line.starts_with("repository.status is required and missing")));
    assert!(lacking.iter().any(|line| line.contains("repository.security.assessments.self.comment=VALUE")));
    let first = "header: {schema-version: 1.0.0}\n";
    assert!(security_insights(&Source { base: Some(("old", first)), ..source(&none) }).is_err());
}

#[test]
fn security_insights_from_answers_and_fields() {
    let mut answers = answers([
        ("project.active", yes(true)),
        ("build.third-party-packages", yes(true)),
        ("governance.contribution-process", yes(true)),
        ("documentation.user-guide", yes(true)),
        ("design.security-assessment", yes(true)),
    ]);
    answers.answers.get_mut("documentation.user-guide").unwrap().evidence.clear();
    let exported =
        security_insights(&Source { base: Some(("old", BASE)), set: &required(), ..source(&answers) }).unwrap();
    insta::assert_snapshot!(exported.text, @"
    header:
      schema-version: 2.2.0
      url: https://github.com/acme/widget/blob/main/security-insights.yml
      last-updated: '2026-11-24'
      last-reviewed: '2026-06-01'
    project:
      repositories:
      - name: widget
        comment: code
        url: https://github.com/acme/widget
      name: Widget
      administrators:
      - name: Ada
        primary: true
      - name: Bob
        primary: false
      vulnerability-reporting:
        reports-accepted: true
        bug-bounty-available: false
    repository:
      url: https://github.com/acme/widget
      accepts-change-request: true
      accepts-automated-change-request: true
      core-team:
      - name: Ada
        primary: true
      license:
        url: https://example.org/licence
        expression: MIT
      status: active
      no-third-party-packages: false
      documentation:
        contributing-guide: https://example.org/evidence
      security:
        assessments:
          self:
            comment: So it is.
            evidence: https://example.org/evidence
    ");
    assert_eq!(exported.answers, 4);
    assert_eq!(
        exported.remarks,
        ["project.documentation.detailed-guide takes a link, and the answer to documentation.user-guide has none"]
    );
    let kept = security_insights(&Source { base: Some(("old", &exported.text)), ..source(&answers) }).unwrap();
    assert_eq!(kept.text, exported.text, "what was written stays");
}

#[test]
fn a_file_that_inherits_gets_no_project() {
    let base = "header: {schema-version: 2.2.0, url: 'https://example.org/si.yml', project-si-source: 'https://example.org/p.yml'}\n";
    let answers = answers([("documentation.support-scope", yes(true))]);
    let exported = security_insights(&Source { base: Some(("old", base)), ..source(&answers) }).unwrap();
    assert!(!exported.text.contains("project:"), "{}", exported.text);
}

/// Answers to some of these questions.
fn some_answers(questions: Vec<String>, said: Vec<Said>) -> impl Strategy<Value = Answers> {
    proptest::collection::vec(proptest::option::of(proptest::sample::select(said)), questions.len()).prop_map(
        move |said| answers(questions.iter().zip(said).filter_map(|(question, said)| Some((question.as_str(), said?)))),
    )
}

/// The questions that decide a requirement of a model alone.
fn single_questions(model: &str) -> Vec<String> {
    let requirements = &built_in().model(model).unwrap().requirements;
    let single: BTreeSet<String> =
        requirements.iter().map(demanded).filter(|questions| questions.len() == 1).flatten().collect();
    single.into_iter().collect()
}

fn exported_fields() -> Vec<String> {
    let rules = Mapping::of(Format::SecurityInsights).rules;
    rules.into_iter().filter(|rule| rule.export).map(|rule| rule.question).collect()
}

#[test]
fn most_of_the_baseline_goes_into_the_badge() {
    assert_eq!(single_questions("osps-baseline").len(), 63);
    assert!(single_questions("best-practices-badge").len() > 80);
    assert!(exported_fields().len() >= 11);
    let rules = Mapping::of(Format::SecurityInsights).rules;
    assert!(rules.iter().filter(|rule| rule.export).all(|rule| rule.confidence >= Confidence::Likely));
}

fn comes_back(answers: &Answers) -> Result<(), TestCaseError> {
    // Some hold for three months only.
    let mut answers = answers.clone();
    answers.answers.values_mut().for_each(|answer| answer.on = day("2026-11-01"));
    let exported = best_practices(&source(&answers)).unwrap();
    if answers.answers.is_empty() {
        prop_assert_eq!(exported.text, "{}\n");
        return Ok(());
    }
    let back = reimported(Format::BestPractices, &exported.text);
    for (question, answer) in &answers.answers {
        prop_assert_eq!(back.get(question), Some(&answer.said), "{}", question);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Answers that go into the badge come back the same, however often they go.
    #[test]
    fn the_badge_gives_back_what_it_gets(
        answers in some_answers(single_questions("osps-baseline"), vec![yes(true), yes(false), Said::NotApplicable])
    ) {
        comes_back(&answers)?;
    }

    #[test]
    fn the_levels_of_the_badge_give_back_what_they_get(
        answers in some_answers(
            single_questions("best-practices-badge"),
            vec![yes(true), yes(false), Said::NotApplicable]
        )
    ) {
        comes_back(&answers)?;
    }

    /// Answers that go into Security Insights come back the same, in a file that follows the specification.
    #[test]
    fn security_insights_gives_back_what_it_gets(answers in some_answers(exported_fields(), vec![yes(true), yes(false)])) {
        let mut set = required();
        let always = [("repository.security.assessments.self.comment", "Not done."), ("repository.status", "concept")];
        let is_active = answers.answers.get("project.active").is_some_and(|answer| answer.said == yes(true));
        set.extend(
            always
                .into_iter()
                .filter(|(field, _)| *field != "repository.status" || !is_active)
                .map(|(field, value)| (field.to_owned(), value.to_owned())),
        );
        let exported =
            security_insights(&Source { base: Some(("old", BASE)), set: &set, ..source(&answers) }).unwrap();
        prop_assert_eq!(check_insights(&serde_yaml::from_str(&exported.text).unwrap()), vec![]);
        let back = reimported(Format::SecurityInsights, &exported.text);
        let packages = "build.third-party-packages";
        for (question, answer) in answers.answers.iter().filter(|(of, answer)| answer.said == yes(true) || *of == packages) {
            prop_assert_eq!(back.get(question), Some(&answer.said), "{}", question);
        }
        // What is answered with no is not turned into a declaration of the opposite.
        let own = ["governance.contribution-process", "documentation.user-guide", "documentation.support-scope"];
        for question in own.into_iter().filter(|of| answers.answers.get(*of).is_some_and(|a| a.said == yes(false))) {
            prop_assert_eq!(back.get(question), None, "{}", question);
        }
    }
}
