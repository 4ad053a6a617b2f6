//! The built-in model of the OpenSSF Best Practices Badge: its facts, its arithmetic from answers to percentages, and its
//! way to the badge's own file and back.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::NaiveDate;
use seaworthy::answers::{Answers, Said};
use seaworthy::assess::assess;
use seaworthy::assess::record::{Assessment, Finding, ModelResult, Outcome, StepKind};
use seaworthy::evidence::{Access, Evidence, Observation, Sheet, State, Subject, Value};
use seaworthy::export::{self, Source};
use seaworthy::import::{self, Format, Input};
use seaworthy::questionnaire::{AnswerType, Demand, Model, Question, Questionnaires};
use seaworthy::report;
use seaworthy::yaml::{Document, Severity};

const CRITERIA: &str = include_str!("../facts/badge_criteria.tsv");
const LEVELS: [&str; 3] = ["passing", "silver", "gold"];
const ADDRESS: &str = "https://example.org/evidence";

fn questionnaires() -> &'static Questionnaires {
    static BUILT_IN: std::sync::OnceLock<Questionnaires> = std::sync::OnceLock::new();
    BUILT_IN.get_or_init(|| Questionnaires::built_in().unwrap())
}

fn badge() -> &'static Model {
    questionnaires().model("best-practices-badge").unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The questions of the model and those on which these hang.
fn asked() -> Vec<&'static Question> {
    let mut ids: BTreeSet<&str> = badge().requirements.iter().flat_map(|requirement| requirement.questions()).collect();
    let mut pending: Vec<&str> = ids.iter().copied().collect();
    while let Some(question) = pending.pop().and_then(|id| questionnaires().question(id)) {
        pending.extend(question.asks_first().into_iter().filter(|id| ids.insert(id)));
    }
    questionnaires().questions().iter().filter(|question| ids.contains(question.id.as_str())).collect()
}

/// An answers file that says this of each question.
fn answers_saying(said: impl Fn(&Question) -> Option<&'static str>) -> Answers {
    let mut text = "schema: seaworthy.answers/1\nanswers:\n".to_owned();
    for question in asked() {
        let Some(value) = said(question) else { continue };
        writeln!(text, "  {}: {{ {value}, by: '@ann', on: 2026-11-01 }}", question.id).unwrap();
    }
    let (answers, problems) = Answers::read(&Document::new("answers.yaml", text), questionnaires());
    let errors: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    answers.unwrap()
}

/// Evidence in which nothing is known but these observations.
fn evidence(observations: impl IntoIterator<Item = Observation>) -> Evidence {
    let mut sheet = Sheet::new();
    for observation in observations {
        sheet.put(observation);
    }
    let subject = Subject { id: "github.com/acme/widget".into(), ..Subject::default() };
    sheet.into_evidence(subject, Access::Read, 1, chrono::DateTime::UNIX_EPOCH, |_| State::Unavailable {
        reason: "not in this test".into(),
    })
}

fn assessed(answers: Option<&Answers>, evidence: &Evidence) -> Assessment {
    assess(evidence, answers, questionnaires(), &[badge()], day("2026-11-24")).unwrap()
}

fn result(record: &Assessment) -> &ModelResult {
    &record.models[0]
}

/// Verified, claimed and possible, over all and of each level.
fn percentages(record: &Assessment) -> Vec<String> {
    let scores = &result(record).scores;
    scores
        .iter()
        .map(|score| format!("{} {} {} {}", score.id, score.verified.exact, score.claimed.exact, score.possible.exact))
        .collect()
}

/// The best answer: yes, as much as there can be.
fn best(question: &Question) -> &'static str {
    match question.answer {
        AnswerType::Coverage => "value: all, because: 'So it is.', evidence: ['https://example.org/evidence']",
        AnswerType::Count => "value: 100, because: 'So it is.', evidence: ['https://example.org/evidence']",
        _ => "value: yes, because: 'So it is.', evidence: ['https://example.org/evidence']",
    }
}

/// The worst answer, with an address all the same.
fn worst(question: &Question) -> &'static str {
    match question.answer {
        AnswerType::Coverage => "value: none, because: 'https://example.org/evidence'",
        AnswerType::Count => "value: 0, because: 'https://example.org/evidence'",
        _ => "value: no, because: 'https://example.org/evidence'",
    }
}

#[test]
fn the_model_has_the_facts_of_the_source() {
    let source: BTreeSet<String> =
        CRITERIA.lines().filter(|line| !line.starts_with('#')).skip(1).map(str::to_owned).collect();
    let word = |held: bool| if held { "yes" } else { "no" };
    let mut own = BTreeSet::new();
    for requirement in &badge().requirements {
        for (level, rules) in &requirement.rules {
            let cells = [
                requirement.id.as_str(),
                LEVELS[usize::try_from(*level).unwrap() - 1],
                rules.strength.word(),
                word(rules.na_allowed),
                word(rules.met_url),
                word(rules.met_justification),
                word(rules.na_justification),
            ];
            assert!(own.insert(cells.join("\t")), "{cells:?}");
        }
    }
    assert_eq!(own, source);
    let at = |level: u32| badge().requirements.iter().filter(|of| of.rules.contains_key(&level)).count();
    assert_eq!([1, 2, 3].map(at), [67, 55, 23]);
    assert_eq!(badge().requirements.len(), 129);
    let titles: Vec<&str> = badge().areas.iter().map(|area| area.title.as_str()).collect();
    assert_eq!(titles, ["Basics", "Change Control", "Reporting", "Quality", "Security", "Analysis"]);
}

#[test]
fn the_page_tells_how_many_questions_the_baseline_asks_too() {
    let questions = |model: &'static Model| -> BTreeSet<&str> {
        model.requirements.iter().flat_map(|requirement| requirement.questions()).collect()
    };
    let baseline = questions(questionnaires().model("osps-baseline").unwrap());
    let shared = questions(badge()).intersection(&baseline).count();
    let page = include_str!("../../docs/best-practices-badge.md");
    assert!(
        page.contains(&format!("{shared} of the badge's questions are those of the OSPS Baseline too")),
        "{shared}"
    );
}

#[test]
fn the_levels_build_on_each_other() {
    let by_level: BTreeMap<&str, u32> = badge()
        .requirements
        .iter()
        .filter_map(|requirement| match requirement.met {
            Demand::LevelReached(level) => Some((requirement.id.as_str(), level)),
            Demand::When(_) => None,
        })
        .collect();
    assert_eq!(by_level, [("achieve_passing", 1), ("achieve_silver", 2)].into());
}

#[test]
fn all_met_with_evidence_is_gold() {
    let all = answers_saying(|question| Some(best(question)));
    let record = assessed(Some(&all), &evidence([]));
    assert_eq!(percentages(&record), ["all 0 300 300", "1 0 100 100", "2 0 100 100", "3 0 100 100"]);
    let maturity = result(&record).maturity;
    assert_eq!((maturity.verified, maturity.claimed, maturity.possible), (0, 3, 3));
    let left: Vec<&Finding> =
        result(&record).findings.iter().filter(|finding| finding.outcome != Outcome::Met).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Everything is met, with a justification and no address.
fn without_addresses() -> Assessment {
    let bare = answers_saying(|question| match question.answer {
        AnswerType::Coverage => Some("value: all, because: So it is."),
        AnswerType::Count => Some("value: 100, because: So it is."),
        _ => Some("value: yes, because: So it is."),
    });
    assessed(Some(&bare), &evidence([]))
}

#[test]
fn reports_say_what_does_not_count_and_why() {
    let record = without_addresses();
    let findings = &result(&record).findings;
    let licence = findings.iter().find(|finding| finding.requirement == "license_location").unwrap();
    assert_eq!(
        licence.next.as_deref(),
        Some(
            "It does not count without a justification with an address. Add it to the answer to `legal.licence-file`."
        )
    );
    assert_eq!(result(&record).next_steps[0].kind, StepKind::Justify);
    let page = report::render(&record, report::Format::Html).unwrap();
    assert!(page.contains("· not counted for Passing<"));
    assert!(page.contains("Passing, MUST: does not count"));
    let text = report::render(&record, report::Format::Markdown).unwrap();
    assert!(text.contains(", not counted for Passing |"));
}

#[test]
fn without_the_addresses_that_are_demanded_no_level_is_complete() {
    let record = without_addresses();
    // 59 of 67 criteria; 37 of 55 and 13 of 23, since the level before lacks too.
    assert_eq!(percentages(&record), ["all 0 88 300", "1 0 88 100", "2 0 67 100", "3 0 57 100"]);
    let lacking = |level: u32| {
        let counts = result(&record).findings.iter().flat_map(|finding| &finding.counts);
        counts
            .filter(|count| count.level == level && count.lacks.as_deref() == Some("a justification with an address"))
            .count()
    };
    assert_eq!([1, 2, 3].map(lacking), [8, 17, 9]);
}

#[test]
fn an_address_alone_meets_nothing() {
    // Nobody answers, and all that is seen is an address.
    let seen = [
        Observation::new("repo.homepage", State::Observed(Value::Text(ADDRESS.into()))),
        Observation::new("repo.contact_links", State::Observed(Value::List(vec![ADDRESS.into()]))),
    ];
    let silent = assessed(None, &evidence(seen));
    let no = answers_saying(|question| Some(worst(question)));
    let denied = assessed(Some(&no), &evidence([]));
    for record in [&silent, &denied] {
        let met: Vec<&str> = result(record)
            .findings
            .iter()
            .filter(|finding| finding.outcome == Outcome::Met)
            .map(|finding| finding.requirement.as_str())
            .collect();
        assert!(met.is_empty(), "{met:?}");
    }
    assert_eq!(percentages(&silent), ["all 0 0 300", "1 0 0 100", "2 0 0 100", "3 0 0 100"]);

    // Whether there is cryptography at all is asked before anything about it.
    let steps = &result(&silent).next_steps;
    let first = steps.iter().find(|step| step.question == "cryptography.used").unwrap();
    assert!(first.requirements.contains(&"crypto_keylength".to_owned()), "{first:?}");
    assert!(!steps.iter().any(|step| step.question == "cryptography.key-lengths"));

    // An address beside no status is no answer either.
    let criteria = badge().requirements.iter().map(|requirement| {
        format!("\"{id}_status\": \"?\", \"{id}_justification\": \"{ADDRESS}\"", id = requirement.id)
    });
    let text = format!("{{\"updated_at\": \"2026-06-01\", {}}}", criteria.collect::<Vec<_>>().join(", "));
    assert_eq!(imported(&text), BTreeMap::new());
}

#[test]
fn without_releases_and_cryptography_their_criteria_do_not_apply() {
    let answers = answers_saying(|question| match question.id.as_str() {
        "releases.made" | "cryptography.used" | "cryptography.network" | "cryptography.passwords-kept" => {
            Some("value: no, because: There is none as yet.")
        }
        _ => None,
    });
    let record = assessed(Some(&answers), &evidence([]));
    let apart: Vec<&str> = result(&record)
        .findings
        .iter()
        .filter(|finding| finding.outcome == Outcome::NotApplicable)
        .map(|finding| {
            assert!(finding.counts.iter().all(|count| count.claimed), "{finding:?}");
            finding.requirement.as_str()
        })
        .collect();
    let of_releases = ["release_notes", "release_notes_vulns", "maintenance_or_update", "signed_releases"];
    assert!(of_releases.iter().all(|id| apart.contains(id)), "{apart:?}");
    let cryptographic = badge().requirements.iter().map(|of| of.id.as_str()).filter(|id| id.starts_with("crypto_"));
    assert!(cryptographic.clone().all(|id| apart.contains(&id)), "{apart:?}");
    assert_eq!(apart.len(), of_releases.len() + cryptographic.count());
}

/// What an import proposes.
fn imported(text: &str) -> BTreeMap<String, Said> {
    let input = Input {
        name: ".bestpractices.json",
        text,
        parent: None,
        today: day("2026-11-24"),
        on: Some(day("2026-06-01")),
        by: None,
        questionnaires: questionnaires(),
    };
    let imported = import::import(Format::BestPractices, &input).unwrap();
    assert!(imported.faults.is_empty(), "{:?}", imported.faults);
    imported.proposals.into_iter().map(|proposal| (proposal.question, proposal.answer.said)).collect()
}

#[test]
fn every_criterion_goes_to_the_badge_and_its_questions_come_back() {
    let all = answers_saying(|question| Some(best(question)));
    let source = Source {
        answers: &all,
        evidence: None,
        base: None,
        set: &[],
        as_of: day("2026-11-24"),
        questionnaires: questionnaires(),
    };
    let exported = export::best_practices(&source).unwrap();
    let file: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&exported.text).unwrap();
    for requirement in &badge().requirements {
        let status = file.get(&format!("{}_status", requirement.id));
        if matches!(requirement.met, Demand::LevelReached(_)) {
            assert_eq!(status, None, "the badge computes {}", requirement.id);
        } else {
            assert_eq!(status, Some(&"Met".into()), "{}", requirement.id);
        }
    }
    let back = imported(&exported.text);
    for requirement in &badge().requirements {
        let questions = requirement.met_when().map_or(0, |condition| condition.leaves().len());
        if let (1, [question, ..]) = (questions, requirement.questions().as_slice()) {
            // A status tells no number.
            let exact = questionnaires().question(question).unwrap().answer == AnswerType::YesNo;
            let said = back.get(*question);
            assert!(if exact { said == Some(&Said::Value(true.into())) } else { said.is_some() }, "{}", requirement.id);
        }
    }
}
