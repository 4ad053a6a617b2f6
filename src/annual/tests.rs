//! Years over small ledgers.

use chrono::NaiveDate;

use super::*;
use crate::answers::Answers;
use crate::assess::assess;
use crate::diff::fixture::{self, APPROVED, QUESTIONS};
use crate::evidence::{Access, Observation, Sheet, State, Subject};
use crate::questionnaire::Questionnaires;
use crate::yaml::Document;

const PLAN: &str = "\
schema: seaworthy.answers/1
answers:
  t.word: { value: yes, by: '@ann', on: 2024-06-01 }
reviews:
  t.word: { verdict: accepted, by: '@bob', on: 2024-06-02, conflict: soft }
targets:
  m: { all: 2 }
";

fn moment(day: &str, approvals: Option<i64>, answers: Option<&str>) -> Moment {
    let plan = "  - { id: R2, area: A, levels: [2], demands: There is a plan., met_when: { t.word: yes } }\n";
    let model = fixture::model(&format!("{APPROVED}{plan}"));
    let questions = Questionnaires::load(vec![Document::new("q.yaml", QUESTIONS), Document::new("m.yaml", model)]);
    let questionnaires = questions.unwrap();
    let read = |text| Answers::read(&Document::new("a.yaml", text), &questionnaires).0.unwrap();
    let answers = answers.map(|text| Answers { reviews_trusted: true, ..read(text) });
    let mut sheet = Sheet::new();
    if let Some(approvals) = approvals {
        sheet.put(Observation::seen("default_branch.required_approvals", approvals));
    }
    sheet.put(Observation::seen("history.authors", approvals.unwrap_or_default() + 2));
    let subject = Subject { id: "github.com/acme/widget".to_owned(), ..Subject::default() };
    let at: chrono::DateTime<chrono::Utc> = format!("{day}T00:00:00Z").parse().unwrap();
    let access = if approvals.is_some() { Access::Admin } else { Access::Read };
    let evidence = sheet.into_evidence(subject, access, 1, at, |_| State::Unavailable { reason: "test".to_owned() });
    let as_of: NaiveDate = day.parse().unwrap();
    let record =
        assess(&evidence, answers.as_ref(), &questionnaires, &[questionnaires.model("m").unwrap()], as_of).unwrap();
    Moment { record, evidence, targets: answers.map(|answers| answers.targets).unwrap_or_default() }
}

fn findings(year: &Year, meaning: crate::diff::Meaning) -> Vec<&str> {
    let models = year.diff.iter().flat_map(|diff| &diff.models);
    models.flat_map(|model| model.of(meaning)).map(|finding| finding.requirement.as_str()).collect()
}

#[test]
fn a_year_is_measured_from_the_last_assessment_before_it() {
    let ledger = [
        moment("2023-06-01", Some(0), None),
        moment("2024-06-03", Some(0), Some(PLAN)),
        moment("2025-03-01", Some(1), Some(PLAN)),
        moment("2025-12-01", Some(1), Some(PLAN)),
        moment("2026-02-01", Some(0), Some(PLAN)),
    ];
    let year = Year::of(2025, &ledger).unwrap();
    let days = (year.from.unwrap().to_string(), year.to.to_string(), year.assessments);
    assert_eq!(days, ("2024-06-03".to_owned(), "2025-12-01".to_owned(), 2));
    assert_eq!(findings(&year, crate::diff::Meaning::Progress), ["R1"]);
    // The plan was told in June 2024 and holds for a year.
    assert_eq!(findings(&year, crate::diff::Meaning::RanOut), ["R2"]);
    assert_eq!(year.expired.len(), 1);
    let levels: Vec<f64> = year.trends[0].points.iter().map(|point| point.verified).collect();
    assert_eq!(levels, [0.0, 0.0, 2.0, 1.0]);
    assert_eq!(year.trends[0].parts[0].title, "Area");
    let people = year.figures.iter().find(|group| group.title == "People").unwrap();
    assert_eq!((people.figures[0].then.as_deref(), people.figures[0].now.as_str()), (Some("2"), "3"));
    let slipped = Year::of(2026, &ledger).unwrap();
    assert_eq!(findings(&slipped, crate::diff::Meaning::Setback), ["R1"]);
}

#[test]
fn goals_of_before_are_held_against_today() {
    let ledger = [moment("2024-06-03", Some(0), Some(PLAN)), moment("2025-05-01", Some(1), Some(PLAN))];
    let year = Year::of(2025, &ledger).unwrap();
    let goal = &year.goals[0];
    assert_eq!((goal.part.as_str(), goal.target, goal.claimed), ("level", 2.0, Some(2.0)));
    assert!(goal.is_claimed());
    assert_eq!(year.next_goals.len(), 1);
    let reviewer = &year.reviewers[0];
    assert_eq!((reviewer.by.as_str(), reviewer.conflict.as_str(), reviewer.accepted), ("@bob", "soft", 1));
}

#[test]
fn another_token_is_no_progress() {
    let ledger = [moment("2024-06-03", None, None), moment("2025-05-01", Some(1), None)];
    let year = Year::of(2025, &ledger).unwrap();
    assert!(findings(&year, crate::diff::Meaning::Progress).is_empty());
    assert_eq!(findings(&year, crate::diff::Meaning::SeenDifferently), ["R1"]);
}

#[test]
fn a_first_year_has_nothing_before_it_and_an_empty_one_is_told() {
    let ledger = [moment("2024-06-03", Some(0), None)];
    let year = Year::of(2024, &ledger).unwrap();
    assert!(year.from.is_none() && year.diff.is_none() && year.goals.is_empty());
    assert!(year.figures[0].figures[0].then.is_none());
    assert_eq!(Year::of(2023, &ledger).unwrap_err(), YearError::TooEarly(2023));
    let error = Year::of(2025, &ledger).unwrap_err().to_string();
    assert!(error.contains("2025") && error.contains("2024-06-03"), "{error}");
}
