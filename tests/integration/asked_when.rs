//! Questions that are asked only when something holds of other questions or of observations.

use chrono::NaiveDate;
use seaworthy::answers::Answers;
use seaworthy::assess::assess;
use seaworthy::assess::record::{Assessment, Basis, Outcome, QuestionResult};
use seaworthy::evidence::{Access, Observation, Sheet, State, Subject};
use seaworthy::interview::{Only, open_questions};
use seaworthy::questionnaire::Questionnaires;
use seaworthy::yaml::{Document, Severity};

const QUESTIONS: &str = "schema: seaworthy.questions/1
topic: own
title: Our own
questions:
  - { id: own.rotated, ask: Are the keys rotated?, why: W., how: H., answer: yes-no, asked_when: { own.keys: yes }, valid_for: 1 year }
  - id: own.keys
    ask: Are releases signed with keys?
    why: W.
    how: H.
    answer: yes-no
    asked_when: { own.releases: yes, repo.archived: false }
    observe: [{ value: yes, certainty: proof, when: { tags.count: 7 } }]
    valid_for: 1 year
  - id: own.releases
    ask: Are there releases?
    why: W.
    how: H.
    answer: yes-no
    observe: [{ value: yes, certainty: proof, when: { releases.count: { at_least: 1 } } }]
    valid_for: 6 months
";

const MODEL: &str = "schema: seaworthy.model/1
id: ours
title: Ours
version: '1'
source: https://example.org/ours
about: Ours.
scoring: cumulative-levels
levels: [{ id: 1, title: One, meaning: First. }]
areas: [{ id: A, title: A }]
requirements:
  - { id: A-1, area: A, levels: [1], demands: Sign., met_when: { own.keys: yes } }
  - { id: A-2, area: A, levels: [1], demands: Rotate., met_when: { own.rotated: yes } }
";

const DAY: &str = "2026-11-24";

fn assessed(said: &[(&str, &str)], observed: Vec<Observation>) -> Assessment {
    let documents = vec![Document::new("q.yaml", QUESTIONS), Document::new("m.yaml", MODEL)];
    let (questionnaires, files) = Questionnaires::check(documents);
    assert!(files.iter().all(|file| file.problems.is_empty()), "{files:?}");
    let mut text = "schema: seaworthy.answers/1\nanswers:\n".to_owned();
    for (id, value) in said {
        text += &format!("  {id}: {{ value: {value}, by: '@ann', on: 2026-11-01 }}\n");
    }
    let (answers, problems) = Answers::read(&Document::new("answers.yaml", text), &questionnaires);
    assert!(!problems.iter().any(|problem| problem.severity == Severity::Error), "{problems:?}");
    let mut sheet = Sheet::new();
    for observation in observed {
        sheet.put(observation);
    }
    let subject = Subject { id: "github.com/acme/widget".into(), ..Subject::default() };
    let evidence = sheet.into_evidence(subject, Access::Read, 1, chrono::DateTime::UNIX_EPOCH, |_| {
        State::Unavailable { reason: "not in this test".into() }
    });
    let models: Vec<_> = questionnaires.models().iter().collect();
    assess(&evidence, answers.as_ref(), &questionnaires, &models, day()).unwrap()
}

fn day() -> NaiveDate {
    DAY.parse().unwrap()
}

fn open(record: &Assessment) -> Vec<String> {
    open_questions(record, Only::Open, day()).into_iter().map(|open| open.question).collect()
}

fn question<'r>(record: &'r Assessment, id: &str) -> &'r QuestionResult {
    record.question(id).unwrap()
}

fn outcomes(record: &Assessment) -> Vec<(Outcome, bool)> {
    record.models[0].findings.iter().map(|finding| (finding.outcome, finding.verified)).collect()
}

const UNKNOWN: (Outcome, bool) = (Outcome::Unknown, false);

#[test]
fn what_may_hold_is_asked_after_what_it_hangs_on() {
    let record = assessed(&[], Vec::new());
    assert_eq!(open(&record), ["own.releases", "own.keys", "own.rotated"]);
    assert_eq!(outcomes(&record), [UNKNOWN, UNKNOWN]);
    let record = assessed(&[("own.releases", "yes")], Vec::new());
    assert_eq!(open(&record), ["own.keys", "own.rotated"]);
}

#[test]
fn what_does_not_hold_by_word_hides_by_word() {
    let record = assessed(&[("own.releases", "no")], Vec::new());
    assert_eq!(outcomes(&record), [(Outcome::NotApplicable, false); 2]);
    // Both are hidden: one by the answer, the other since what it hangs on does not apply.
    for id in ["own.keys", "own.rotated"] {
        let hidden = question(&record, id);
        assert!(hidden.not_applicable && hidden.unasked, "{id}");
        assert_eq!(hidden.basis, Basis::Attested);
        assert_eq!(hidden.valid_until, Some("2027-05-01".parse().unwrap()), "that of the answer it rests on");
    }
    let reasons = &question(&record, "own.keys").reasons;
    assert!(reasons[0].text.starts_with("Not asked, for this does not hold: all of (own.releases must be yes"));
    assert_eq!(open(&record), Vec::<String>::new());
    let steps: Vec<&str> = record.models[0].next_steps.iter().map(|step| step.question.as_str()).collect();
    assert_eq!(steps, ["own.releases"]);
}

#[test]
fn what_does_not_hold_by_observation_hides_for_good() {
    let record = assessed(&[], vec![Observation::new("repo.archived", State::Observed(true.into()))]);
    assert_eq!(outcomes(&record), [(Outcome::NotApplicable, true); 2]);
    assert_eq!(question(&record, "own.keys").basis, Basis::Observed);
    assert!(question(&record, "own.keys").reasons.iter().any(|reason| reason.key.as_deref() == Some("repo.archived")));
}

#[test]
fn a_word_does_not_hide_what_is_proved() {
    let tags = Observation::new("tags.count", State::Observed(seaworthy::evidence::Value::Count(7)));
    let record = assessed(&[("own.releases", "no")], vec![tags.clone()]);
    assert_eq!(outcomes(&record)[0], (Outcome::Met, true));
    let archived = Observation::new("repo.archived", State::Observed(true.into()));
    let record = assessed(&[], vec![tags, archived]);
    assert_eq!(outcomes(&record)[0], (Outcome::NotApplicable, true));
}
