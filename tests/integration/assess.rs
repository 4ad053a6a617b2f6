//! The pure core over small questionnaires: evidence and answers in, findings and levels out.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use proptest::prelude::*;
use seaworthy::answers::Answers;
use seaworthy::assess::assess;
use seaworthy::assess::record::{Assessment, Basis, Certainty, Finding, Outcome, StepKind};
use seaworthy::evidence::{Access, Evidence, Kind, Observation, Sheet, State, Subject, Value, Vocabulary};
use seaworthy::questionnaire::Questionnaires;
use seaworthy::yaml::{Document, Severity};

const QUESTIONS: &str = "
schema: seaworthy.questions/1
topic: demo
title: Demonstration
questions:
  - id: demo.guarded
    ask: Are direct pushes blocked?
    why: One person must not change what users build.
    how: Require pull requests.
    answer: yes-no
    observe:
      - { value: no, certainty: proof, when: { default_branch.protected: false } }
      - { value: yes, certainty: proof, when: { default_branch.pull_request_required: true, default_branch.bypass_allowed: false } }
      - { value: yes, certainty: sign, when: { default_branch.pull_request_required: true } }
    valid_for: 12 months
    effort: small
  - id: demo.two-factor
    ask: Is a second factor required?
    why: A stolen password must not be enough.
    how: Require it in the organisation.
    answer: yes-no
    because: required
    observe:
      - { value: yes, certainty: proof, when: { org.two_factor_required: true } }
    valid_for: 12 months
  - id: demo.releases
    ask: Are there releases?
    why: Some demands are about releases.
    how: Publish one.
    answer: yes-no
    observe:
      - { value: yes, certainty: proof, when: { releases.count: { at_least: 1 } } }
    valid_for: 12 months
  - id: demo.signed
    ask: Are releases signed?
    why: Users must be able to tell them from forgeries.
    how: Sign them.
    answer: yes-no
    valid_for: 12 months
    effort: large
";

const MODEL: &str = "
schema: seaworthy.model/1
id: demo
title: Demonstration
version: '1'
source: https://example.org/demo
about: A model for tests.
scoring: cumulative-levels
levels:
  - { id: 1, title: One, meaning: The first. }
  - { id: 2, title: Two, meaning: The second. }
areas:
  - { id: A, title: Access }
  - { id: R, title: Releases }
requirements:
  - { id: A-1, area: A, levels: [1, 2], demands: Guard the branch., met_when: { demo.guarded: yes } }
  - { id: A-2, area: A, levels: [1], demands: Two factors., met_when: { demo.two-factor: yes } }
  - { id: R-1, area: R, levels: [2], demands: Sign releases., met_when: { demo.signed: yes }, not_applicable_when: { demo.releases: no } }
";

static BUILT_IN: LazyLock<Questionnaires> = LazyLock::new(|| Questionnaires::built_in().unwrap());

fn questionnaires() -> Questionnaires {
    Questionnaires::load(vec![Document::new("q.yaml", QUESTIONS), Document::new("m.yaml", MODEL)]).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn evidence(observations: Vec<Observation>) -> Evidence {
    let mut sheet = Sheet::new();
    sheet.put_all(observations);
    let subject = Subject { id: "github.com/acme/widget".into(), ..Subject::default() };
    let at: DateTime<Utc> = Utc.with_ymd_and_hms(2026, 11, 1, 0, 0, 0).unwrap();
    sheet.into_evidence(subject, Access::Read, 1, at, |_| State::Unavailable { reason: "not in this test".into() })
}

fn answers(yaml: &str, questionnaires: &Questionnaires) -> Answers {
    let text = format!("schema: seaworthy.answers/1\n{yaml}");
    let (answers, problems) = Answers::read(&Document::new("answers.yaml", text), questionnaires);
    let errors: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    Answers { reviews_trusted: true, ..answers.unwrap() }
}

fn assessed(observations: Vec<Observation>, yaml: &str) -> Assessment {
    let questionnaires = questionnaires();
    let answers = answers(yaml, &questionnaires);
    let models = [questionnaires.model("demo").unwrap()];
    assess(&evidence(observations), Some(&answers), &questionnaires, &models, day("2026-11-24")).unwrap()
}

fn finding<'r>(record: &'r Assessment, id: &str) -> &'r Finding {
    record.models[0].findings.iter().find(|finding| finding.requirement == id).unwrap()
}

fn levels(record: &Assessment) -> (u32, u32, u32) {
    let maturity = record.models[0].maturity;
    (maturity.verified, maturity.claimed, maturity.possible)
}

fn guarded() -> Vec<Observation> {
    vec![
        Observation::seen("default_branch.pull_request_required", true),
        Observation::seen("default_branch.bypass_allowed", false),
    ]
}

#[test]
fn nothing_known_is_unknown_and_possible() {
    let record = assessed(vec![], "");
    assert_eq!(levels(&record), (0, 0, 2));
    let finding = finding(&record, "A-1");
    assert_eq!(
        (finding.outcome, finding.basis, finding.certainty),
        (Outcome::Unknown, Basis::Unknown, Certainty::None)
    );
    assert_eq!(record.models[0].coverage.judged, 0);
}

#[test]
fn proof_verifies_a_sign_only_claims() {
    let hidden = vec![
        Observation::seen("default_branch.pull_request_required", true),
        Observation::not_permitted("default_branch.bypass_allowed", "administration: read"),
        Observation::seen("default_branch.protected", true),
    ];
    let record = assessed(hidden, "");
    let sign = finding(&record, "A-1");
    assert_eq!((sign.outcome, sign.certainty, sign.verified), (Outcome::Met, Certainty::Sign, false));
    let mut open = guarded();
    open.push(Observation::seen("default_branch.protected", true));
    let record = assessed(open, "");
    let proof = finding(&record, "A-1");
    assert_eq!((proof.outcome, proof.certainty, proof.verified), (Outcome::Met, Certainty::Proof, true));
}

#[test]
fn a_proof_that_a_hidden_rule_of_higher_rank_could_overturn_is_a_sign() {
    let record = assessed(guarded(), "");
    assert_eq!(finding(&record, "A-1").certainty, Certainty::Sign);
}

#[test]
fn a_claim_against_proof_is_contradicted_and_counts_by_what_was_observed() {
    let record = assessed(
        vec![Observation::seen("default_branch.protected", false)],
        "answers:\n  demo.guarded: { value: yes, by: '@zoe', on: 2026-10-01 }\n",
    );
    let finding = finding(&record, "A-1");
    assert_eq!((finding.outcome, finding.basis), (Outcome::Unmet, Basis::Contradicted));
    assert_eq!(record.contradictions, ["demo.guarded"]);
    assert_eq!(levels(&record).2, 0);
    assert!(
        record.models[0]
            .next_steps
            .iter()
            .any(|step| step.kind == StepKind::Correct && step.question == "demo.guarded")
    );
}

#[test]
fn a_word_claims_a_reviewer_verifies() {
    let answer = "answers:\n  demo.two-factor: { value: yes, because: It is on., by: '@zoe', on: 2026-10-01 }\n";
    let record = assessed(vec![], answer);
    let said = finding(&record, "A-2");
    assert_eq!((said.outcome, said.basis, said.verified), (Outcome::Met, Basis::Attested, false));
    assert_eq!(said.valid_until, Some(day("2027-10-01")));
    for (review, basis, verified) in [
        ("{ verdict: accepted, by: '@bob', on: 2026-10-02 }", Basis::Reviewed, true),
        ("{ verdict: accepted, by: '@bob', on: 2026-10-02, conflict: soft }", Basis::Reviewed, true),
        ("{ verdict: challenged, by: '@bob', on: 2026-10-02, conflict: hard, note: N. }", Basis::Attested, false),
        ("{ verdict: accepted, by: '@zoe', on: 2026-10-02 }", Basis::Attested, false),
        ("{ verdict: accepted, by: '@bob', on: 2026-09-30 }", Basis::Attested, false),
        ("{ verdict: accepted, by: '@bob', on: 2026-12-30 }", Basis::Attested, false),
        ("{ verdict: challenged, by: '@bob', on: 2026-10-02, note: Not shown. }", Basis::Disputed, false),
    ] {
        let record = assessed(vec![], &format!("{answer}reviews:\n  demo.two-factor: {review}\n"));
        let finding = finding(&record, "A-2");
        assert_eq!((finding.outcome, finding.basis, finding.verified), (Outcome::Met, basis, verified), "{review}");
    }
    let overruled = "reviews:\n  demo.two-factor: { verdict: overruled, value: no, by: '@bob', on: 2026-10-02, note: It is off. }\n";
    let record = assessed(vec![], &format!("{answer}{overruled}"));
    assert_eq!((finding(&record, "A-2").outcome, finding(&record, "A-2").basis), (Outcome::Unmet, Basis::Reviewed));
}

#[test]
fn reviews_of_the_subject_itself_do_not_count() {
    let questionnaires = questionnaires();
    let yaml = "answers:\n  demo.two-factor: { value: yes, because: It is on., by: '@zoe', on: 2026-10-01 }\n\
                reviews:\n  demo.two-factor: { verdict: accepted, by: '@bob', on: 2026-10-02 }\n";
    let answers = Answers { reviews_trusted: false, ..answers(yaml, &questionnaires) };
    let models = [questionnaires.model("demo").unwrap()];
    let record = assess(&evidence(vec![]), Some(&answers), &questionnaires, &models, day("2026-11-24")).unwrap();
    let finding = finding(&record, "A-2");
    assert_eq!((finding.basis, finding.verified), (Basis::Attested, false));
    assert!(finding.reasons.iter().any(|reason| reason.text.contains("does not count")));
}

#[test]
fn an_unknown_finding_names_what_keeps_it_open_and_nothing_else() {
    let seen = |pulls: bool| {
        vec![
            Observation::seen("default_branch.protected", true),
            Observation::seen("default_branch.pull_request_required", pulls),
            Observation::seen("default_branch.bypass_allowed", false),
        ]
    };
    let record = assessed(seen(false), "");
    let finding = finding(&record, "A-1");
    assert_eq!(finding.outcome, Outcome::Unknown);
    let keys: BTreeSet<&str> = finding.reasons.iter().filter_map(|reason| reason.key.as_deref()).collect();
    assert_eq!(keys, BTreeSet::from(["default_branch.protected", "default_branch.pull_request_required"]));
    assert_eq!(self::finding(&assessed(seen(true), ""), "A-1").outcome, Outcome::Met);
}

#[test]
fn an_answer_that_has_run_out_is_lapsed_and_one_of_the_future_not_yet_given() {
    let record =
        assessed(vec![], "answers:\n  demo.two-factor: { value: yes, because: x, by: '@zoe', on: 2025-11-23 }\n");
    let lapsed = finding(&record, "A-2");
    assert_eq!((lapsed.outcome, lapsed.basis), (Outcome::Unknown, Basis::Lapsed));
    assert!(lapsed.reasons.iter().any(|reason| reason.text.contains("ran out on 2026-11-23")), "{:?}", lapsed.reasons);
    let record =
        assessed(vec![], "answers:\n  demo.two-factor: { value: yes, because: x, by: '@zoe', on: 2025-11-24 }\n");
    assert_eq!(finding(&record, "A-2").basis, Basis::Attested);
    let record =
        assessed(vec![], "answers:\n  demo.two-factor: { value: yes, because: x, by: '@zoe', on: 2026-11-25 }\n");
    assert_eq!(finding(&record, "A-2").basis, Basis::Unknown);
}

#[test]
fn what_does_not_apply_stands_in_nobodys_way() {
    let none = "answers:\n  demo.releases: { value: no, by: '@zoe', on: 2026-10-01 }\n";
    let record = assessed(vec![], none);
    assert_eq!(finding(&record, "R-1").outcome, Outcome::NotApplicable);
    assert!(!finding(&record, "R-1").verified);
    let record = assessed(
        vec![],
        "answers:\n  demo.signed: { not_applicable: Nothing is published., by: '@zoe', on: 2026-10-01 }\n",
    );
    assert_eq!(finding(&record, "R-1").outcome, Outcome::NotApplicable);
    let record = assessed(vec![Observation::seen("releases.count", 2_i64)], none);
    assert_eq!(finding(&record, "R-1").outcome, Outcome::Unknown, "releases were observed, so the demand applies");
    assert_eq!(record.contradictions, ["demo.releases"]);
}

#[test]
fn a_waiver_never_counts_as_met() {
    let waiver = |until: &str| {
        format!(
            "answers:\n  demo.signed: {{ value: no, by: '@zoe', on: 2026-10-01 }}\n\
             waivers:\n  demo/R-1: {{ reason: Next year., by: '@carol', until: {until} }}\n"
        )
    };
    let record = assessed(vec![], &waiver("2026-12-31"));
    let waived = finding(&record, "R-1");
    assert_eq!((waived.outcome, waived.basis), (Outcome::Unknown, Basis::Waived), "whether there are releases is open");
    let record = assessed(vec![Observation::seen("releases.count", 2_i64)], &waiver("2026-12-31"));
    let waived = finding(&record, "R-1");
    assert_eq!((waived.outcome, waived.basis, waived.verified), (Outcome::Unmet, Basis::Waived, false));
    let record = assessed(vec![Observation::seen("releases.count", 2_i64)], &waiver("2026-11-23"));
    let ended = finding(&record, "R-1");
    assert_eq!((ended.outcome, ended.basis), (Outcome::Unmet, Basis::Attested));
    assert!(ended.waiver.as_ref().unwrap().ended);
}

#[test]
fn permissions_that_would_settle_something_are_told() {
    let record = assessed(vec![Observation::not_permitted("org.two_factor_required", "organisation owner")], "");
    let reveal = &record.models[0].reveals[0];
    assert_eq!(
        (reveal.permission.as_str(), reveal.requirements.as_slice()),
        ("organisation owner", &["A-2".to_owned()][..])
    );
    let step = record.models[0].next_steps.iter().find(|step| step.question == "demo.two-factor").unwrap();
    assert_eq!(step.kind, StepKind::Reveal);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let make = || assessed(guarded(), "answers:\n  demo.signed: { value: yes, by: '@zoe', on: 2026-10-01 }\n");
    let record = make();
    assert_eq!(record.to_json().unwrap(), make().to_json().unwrap());
    assert_eq!(record.digest, record.computed_digest().unwrap());
    let read = Assessment::from_json(&record.to_json().unwrap()).unwrap();
    assert_eq!(read, record);
}

/// A random state of a key that its vocabulary entry allows.
fn state(info: &seaworthy::evidence::KeyInfo, choice: u8) -> State {
    let word = |text: &str| Value::Text(text.to_owned());
    let value = match info.kind {
        Kind::Boolean => Value::Bool(choice.is_multiple_of(2)),
        Kind::Count | Kind::Percent => Value::Count(i64::from(choice % 4) * 33),
        Kind::Date => word(if choice.is_multiple_of(2) { "2026-10-01" } else { "2020-01-01" }),
        Kind::Text => match info.values.get(usize::from(choice) % info.values.len().max(1)) {
            Some(value) => word(value),
            None => word("x"),
        },
        Kind::List => {
            Value::List(vec![["test", "audit", "sbom", "security-contact"][usize::from(choice % 4)].to_owned()])
        }
    };
    match choice % 7 {
        5 if info.absent => State::Absent,
        6 => State::Unavailable { reason: "random".into() },
        _ => State::Observed(value),
    }
}

fn verified(evidence: &Evidence, questionnaires: &Questionnaires) -> (BTreeSet<String>, [u32; 3]) {
    let models = [questionnaires.model("osps-baseline").unwrap()];
    let record = assess(evidence, None, questionnaires, &models, day("2026-11-24")).unwrap();
    let model = &record.models[0];
    let ids =
        model.findings.iter().filter(|finding| finding.verified).map(|finding| finding.requirement.clone()).collect();
    (ids, [model.maturity.verified, model.maturity.claimed, model.maturity.possible])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whoever sees less never has more verified, and the three readings are in order, whatever the built-in rules say.
    #[test]
    fn hiding_something_never_verifies_more(choices in proptest::collection::vec((any::<u8>(), any::<bool>()), 200)) {
        let questionnaires = &*BUILT_IN;
        let keys: Vec<_> = Vocabulary::built_in().keys().collect();
        let all = evidence(keys.iter().zip(&choices).map(|(info, (choice, _))| Observation::new(info.key.as_str(), state(info, *choice))).collect());
        let some = evidence(
            keys.iter().zip(&choices).filter(|(_, (_, keep))| *keep).map(|(info, (choice, _))| Observation::new(info.key.as_str(), state(info, *choice))).collect(),
        );
        let ((seen_all, levels_all), (seen_some, levels_some)) = (verified(&all, questionnaires), verified(&some, questionnaires));
        prop_assert!(seen_some.is_subset(&seen_all), "verified only with less: {:?}", seen_some.difference(&seen_all).collect::<Vec<_>>());
        for [verified, claimed, possible] in [levels_all, levels_some] {
            prop_assert!(verified <= claimed && claimed <= possible);
        }
        prop_assert!(levels_some[0] <= levels_all[0]);
    }
}
