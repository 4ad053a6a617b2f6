//! Two assessments that differ in one thing each: that thing, and nothing else, must be named as the cause.

use chrono::{DateTime, NaiveDate};

use super::*;
use crate::answers::Answers;
use crate::assess::assess;
use crate::evidence::{Access, Observation, Sheet, State, Subject};
use crate::questionnaire::Questionnaires;
use crate::yaml::Document;
use fixture::{APPROVED, QUESTIONS};

/// One requirement that an observation decides, one that the calendar does too, and one of which people only say so.
fn levels() -> String {
    fixture::model(&format!(
        "{APPROVED}  - {{ id: R2, area: A, levels: [2], demands: The project is at work., met_when: {{ t.recent: yes }} }}\n  - {{ id: \
         R3, area: A, levels: [2], demands: There is a plan., met_when: {{ t.word: yes }} }}\n"
    ))
}

/// All that goes into an assessment.
struct Case {
    approvals: State,
    access: Access,
    answers: String,
    as_of: &'static str,
    questions: String,
    model: String,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            approvals: State::Observed(0_i64.into()),
            access: Access::Read,
            answers: String::new(),
            as_of: "2026-06-01",
            questions: QUESTIONS.to_owned(),
            model: levels(),
        }
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Case {
    fn answering(answers: &str) -> Self {
        Self { answers: answers.to_owned(), ..Self::default() }
    }

    fn evidence(&self) -> Evidence {
        let mut sheet = Sheet::new();
        sheet.put(Observation::new("default_branch.required_approvals", self.approvals.clone()));
        sheet.put(Observation::seen("history.last_commit_on", day("2026-05-20")));
        let subject = Subject { id: "github.com/acme/widget".into(), ..Subject::default() };
        sheet.into_evidence(subject, self.access, 0, DateTime::from_timestamp(1_780_272_000, 0).unwrap(), |_| {
            State::Unavailable { reason: "test".into() }
        })
    }

    fn record(&self) -> Assessment {
        let questionnaires = Questionnaires::load(vec![
            Document::new("questions.yaml", &self.questions),
            Document::new("model.yaml", &self.model),
        ])
        .unwrap();
        let text = format!("schema: seaworthy.answers/1\n{}", self.answers);
        let (answers, problems) = Answers::read(&Document::new("answers.yaml", text), &questionnaires);
        let mut answers = answers.unwrap_or_else(|| panic!("{problems:?}"));
        answers.reviews_trusted = true;
        let model = questionnaires.model("m").unwrap();
        assess(&self.evidence(), Some(&answers), &questionnaires, &[model], day(self.as_of)).unwrap()
    }
}

fn between(old: &Case, new: &Case) -> Diff {
    Diff::between(&old.record(), &new.record(), None).unwrap()
}

/// The changed findings: requirement, meaning, causes.
fn findings(diff: &Diff) -> Vec<(&str, Meaning, Vec<Cause>)> {
    let causes = |finding: &FindingDiff| finding.causes.iter().map(|because| because.cause).collect();
    let findings = diff.models[0].findings.iter();
    findings.map(|finding| (finding.requirement.as_str(), finding.meaning, causes(finding))).collect()
}

const YES: &str = "answers:\n  t.word: { value: yes, by: '@a', on: 2026-05-01 }\n";

#[test]
fn nothing_changed() {
    let diff = between(&Case::answering(YES), &Case::answering(YES));
    assert!(diff.is_empty(), "{diff:?}");
}

#[test]
fn the_project_changed() {
    let diff = between(&Case::default(), &Case { approvals: State::Observed(1_i64.into()), ..Case::default() });
    assert_eq!(findings(&diff), [("R1", Meaning::Progress, vec![Cause::Project])]);
    let level = &diff.models[0].levels[0];
    assert_eq!((level.old, level.new, level.comparable), (0, 1, Some(1)));
    assert_eq!(diff.observations.len(), 1);
    assert_eq!((diff.observations[0].old.as_str(), diff.observations[0].new.as_str()), ("0", "1"));
    let back = between(&Case { approvals: State::Observed(1_i64.into()), ..Case::default() }, &Case::default());
    assert_eq!(findings(&back), [("R1", Meaning::Setback, vec![Cause::Project])]);
}

#[test]
fn another_token_is_no_progress() {
    let hidden = || Case {
        approvals: State::NotPermitted { permission: "administration: read".into() },
        access: Access::Anonymous,
        ..Case::default()
    };
    let seen = |approvals: i64| Case {
        approvals: State::Observed(approvals.into()),
        access: Access::Admin,
        ..Case::default()
    };
    for (old, new, levels) in [(hidden(), seen(2), (0, 1)), (seen(2), hidden(), (1, 0)), (hidden(), seen(0), (0, 0))] {
        let diff = between(&old, &new);
        assert_eq!(findings(&diff), [("R1", Meaning::SeenDifferently, vec![Cause::Access])]);
        let level = &diff.models[0].levels[0];
        assert_eq!((level.old, level.new), levels);
        assert_eq!(level.comparable, Some(level.old), "what is only seen differently moves no level");
        assert!(diff.remarks.iter().any(|remark| remark.contains("no progress")), "{:?}", diff.remarks);
        assert_eq!(diff.observations[0].cause, Cause::Access);
    }
}

#[test]
fn reading_that_failed_before_is_no_progress() {
    let failed = Case { approvals: State::Failed { reason: "HTTP 502".into() }, ..Case::default() };
    let diff = between(&failed, &Case { approvals: State::Observed(1_i64.into()), ..Case::default() });
    assert_eq!(findings(&diff), [("R1", Meaning::SeenDifferently, vec![Cause::Access])]);
    assert!(diff.models[0].findings[0].causes[0].text.contains("HTTP 502"));
}

#[test]
fn an_answer_changed() {
    let no = "answers:\n  t.word: { value: no, by: '@a', on: 2026-05-01 }\n";
    for (old, new, meaning) in [
        ("", YES, Meaning::Progress),
        (no, YES, Meaning::Progress),
        (YES, no, Meaning::Setback),
        (YES, "", Meaning::Setback),
    ] {
        let diff = between(&Case::answering(old), &Case::answering(new));
        assert_eq!(findings(&diff), [("R3", meaning, vec![Cause::Answer])], "{old} to {new}");
        assert_eq!(diff.answers.len(), 1);
    }
    let diff = between(&Case::answering(no), &Case::answering(""));
    assert_eq!(
        findings(&diff),
        [("R3", Meaning::OtherGround, vec![Cause::Answer])],
        "to take a no back is no progress"
    );
    let again = YES.replace("2026-05-01", "2026-05-30");
    let diff = between(&Case::answering(YES), &Case::answering(&again));
    assert_eq!((findings(&diff).len(), diff.answers.len()), (0, 1), "a confirmation moves no finding");
}

#[test]
fn a_review_changed() {
    let reviewed = format!("{YES}reviews:\n  t.word: {{ verdict: accepted, by: '@b', on: 2026-05-02 }}\n");
    let diff = between(&Case::answering(YES), &Case::answering(&reviewed));
    assert_eq!(findings(&diff), [("R3", Meaning::Progress, vec![Cause::Review])]);
    let diff = between(&Case::answering(&reviewed), &Case::answering(YES));
    assert_eq!(findings(&diff), [("R3", Meaning::Setback, vec![Cause::Review])]);
}

#[test]
fn a_waiver_changed_and_ended() {
    let waived = "waivers:\n  m/R1: { reason: r, by: '@c', until: 2026-06-30 }\n";
    let diff = between(&Case::default(), &Case::answering(waived));
    assert_eq!(findings(&diff), [("R1", Meaning::OtherGround, vec![Cause::Waiver])]);
    let ended = Case { as_of: "2026-07-15", ..Case::answering(waived) };
    assert_eq!(findings(&between(&Case::answering(waived), &ended)), [("R1", Meaning::OtherGround, vec![Cause::Time])]);
}

#[test]
fn time_passed() {
    let later = |answers: &str| Case { as_of: "2027-06-01", ..Case::answering(answers) };
    let diff = between(&Case::answering(YES), &later(YES));
    let expected = [("R2", Meaning::RanOut, vec![Cause::Time]), ("R3", Meaning::RanOut, vec![Cause::Time])];
    assert_eq!(findings(&diff), expected);
    assert!(diff.models[0].findings[1].causes[0].text.contains("ran out on 2027-05-01"));
}

#[test]
fn the_model_changed() {
    let model = levels().replace("met_when: { t.reviewed: yes }", "met_when: { t.reviewed: no }");
    let diff = between(&Case::default(), &Case { model, ..Case::default() });
    assert_eq!(findings(&diff), [("R1", Meaning::MeasuredDifferently, vec![Cause::Model])]);
    assert_eq!(diff.models[0].levels[0].comparable, Some(0));
    let model = levels().replace("id: R3", "id: R4").replace("version: '1'", "version: '2'");
    let diff = between(&Case::default(), &Case { model, ..Case::default() });
    let ids: Vec<&str> = diff.models[0].findings.iter().map(|finding| finding.requirement.as_str()).collect();
    assert_eq!(ids, ["R4", "R3"]);
    assert_eq!(diff.models[0].new_version.as_deref(), Some("2"));
}

#[test]
fn the_questions_changed() {
    let questions = QUESTIONS.replace(
        "      - value: no\n        when: { default_branch.required_approvals: 0 }\n        certainty: proof\n",
        "",
    );
    let diff = between(&Case::default(), &Case { questions, ..Case::default() });
    assert_eq!(findings(&diff), [("R1", Meaning::MeasuredDifferently, vec![Cause::Questionnaire])]);
}

#[test]
fn the_program_changed() {
    let (old, mut new) = (Case::default().record(), Case::default().record());
    let finding = &mut new.models[0].findings[0];
    (finding.outcome, finding.basis) = (Outcome::Unknown, Basis::Unknown);
    new.engine.version = "9.0.0".to_owned();
    let diff = Diff::between(&old, &new, None).unwrap();
    assert_eq!(findings(&diff), [("R1", Meaning::MeasuredDifferently, vec![Cause::Engine])]);
    // Without any cause that the records tell, none is made up.
    new.engine = old.engine.clone();
    let diff = Diff::between(&old, &new, None).unwrap();
    assert_eq!(findings(&diff), [("R1", Meaning::MeasuredDifferently, vec![Cause::Unexplained])]);
}

#[test]
fn evidence_tells_all_observations() {
    let (old, new) = (Case::default(), Case { approvals: State::Absent, ..Case::default() });
    let (seen, sees) = (old.evidence(), new.evidence());
    let diff = Diff::between(&old.record(), &new.record(), Some((&seen, &sees))).unwrap();
    assert!(diff.all_observations);
    assert_eq!(diff.observations.len(), 1);
    assert_eq!(diff.observations[0].new, "not there");
}

#[test]
fn other_subjects_are_refused_and_renamed_ones_are_not() {
    let (old, mut new) = (Case::default().record(), Case::default().record());
    new.subject.id = "github.com/acme/gadget".to_owned();
    assert!(Diff::between(&old, &new, None).is_err());
    let mut old = old;
    (old.subject.repository_id, new.subject.repository_id) = (Some(7), Some(7));
    let diff = Diff::between(&old, &new, None).unwrap();
    assert!(diff.remarks[0].contains("is called github.com/acme/gadget"));
    new.subject.repository_id = Some(8);
    new.subject.id = old.subject.id.clone();
    assert!(Diff::between(&old, &new, None).is_err(), "another repository may take the name");
}
