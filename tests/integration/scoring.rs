//! The ways of scoring beside levels, over small models: percentages of a badge, averages of practices, completeness.

use std::fmt::Write as _;

use chrono::NaiveDate;
use seaworthy::answers::Answers;
use seaworthy::assess::assess;
use seaworthy::assess::record::{Assessment, ModelResult, Outcome};
use seaworthy::evidence::{Access, Observation, Sheet, State, Subject};
use seaworthy::questionnaire::Questionnaires;
use seaworthy::report::{self, Format};
use seaworthy::yaml::{Document, Severity};

const QUESTIONS: [(&str, &str); 7] = [
    (
        "demo.stages",
        "choice, choices: [{ id: by-hand, title: H, score: 0 }, { id: script, title: S, score: 1/3 }, { id: pipeline, \
         title: P, score: 1 }, { id: vendor, title: V, score: 1 }]",
    ),
    ("demo.licence", "yes-no"),
    ("demo.tests", "yes-no"),
    ("demo.fuzzing", "yes-no"),
    ("demo.build", "coverage"),
    ("demo.deploy", "coverage"),
    ("demo.overview", "text"),
];

const HEAD: &str = "schema: seaworthy.model/1\nversion: '1'\nsource: https://example.org\nabout: A model for tests.\n";

const BADGE: &str = "id: badge
title: Badge
scoring: badge-percentages
levels: [{ id: 1, title: Passing, meaning: First. }, { id: 2, title: Silver, meaning: Second. }]
areas: [{ id: basics, title: Basics }]
requirements:
  - id: licence
    area: basics
    levels: [1]
    rules: { 1: [MUST, met-url] }
    demands: State a licence.
    met_when: { demo.licence: yes }
  - id: tests
    area: basics
    levels: [1, 2]
    rules: { 1: [SHOULD], 2: [MUST] }
    demands: Have tests.
    met_when: { demo.tests: yes }
  - id: fuzzing
    area: basics
    levels: [1]
    rules: { 1: [SUGGESTED, na] }
    demands: Fuzz.
    met_when: { demo.fuzzing: yes }
  - id: achieve_passing
    area: basics
    levels: [2]
    rules: { 2: [MUST] }
    demands: Reach passing.
    met_when_level: 1
";

const PRACTICES: &str = "id: practices
title: Practices
scoring: averaged-practices
groups: [{ id: I, title: Implementation }]
areas: [{ id: SB, title: Secure build, group: I }, { id: SD, title: Secure deployment, group: I }]
requirements:
  - id: SB-A-1
    area: SB
    demands: Build in a defined way.
    met_when: { demo.build: all }
    worth: { 1/4: { demo.build: some }, 1/2: { demo.build: most } }
  - id: SB-B-1
    area: SB
    demands: Know what is built in.
    met_when: { demo.tests: yes }
  - id: SD-A-1
    area: SD
    demands: Deploy in a defined way.
    met_when: { demo.deploy: all }
    worth: { 1/4: { demo.deploy: some }, 1/2: { demo.deploy: most } }
";

/// The same as above where a question says by its scores what each answer is worth.
const SHORT: &str = "id: short
title: Short
scoring: averaged-practices
areas: [{ id: SB, title: Secure build }, { id: SD, title: Secure deployment }]
requirements:
  - { id: SB-A-1, area: SB, demands: Build in a defined way., worth_of: demo.build }
  - { id: SD-A-1, area: SD, demands: Deploy in a defined way., worth_of: demo.stages }
";

const SECTIONS: &str = "id: sections
title: Self-assessment
scoring: completeness
areas: [{ id: overview, title: Overview }, { id: practice, title: Practice }]
requirements:
  - { id: overview, area: overview, demands: Say what it is., met_when: { demo.overview: { present: true } } }
  - { id: tests, area: practice, demands: Say how it is tested., met_when: { demo.tests: { present: true } } }
";

fn questionnaires() -> Questionnaires {
    let mut questions = "schema: seaworthy.questions/1\ntopic: demo\ntitle: Demonstration\nquestions:\n".to_owned();
    for (id, answer) in QUESTIONS {
        writeln!(
            questions,
            "  - {{ id: {id}, ask: Is it so?, why: It matters., how: Do it., answer: {answer}, valid_for: 12 months }}"
        )
        .unwrap();
    }
    let tested = "    observe: [{ value: yes, certainty: proof, when: { workflows.tests: { at_least: 1 } } }]\n";
    questions
        .push_str("  - id: demo.seen\n    ask: Is it so?\n    why: It matters.\n    how: Do it.\n    answer: yes-no\n");
    questions.push_str(tested);
    questions.push_str("    valid_for: 12 months\n");
    let model = |text: &str| Document::new("m.yaml", format!("{HEAD}{text}"));
    let documents =
        vec![Document::new("q.yaml", questions), model(BADGE), model(PRACTICES), model(SHORT), model(SECTIONS)];
    Questionnaires::load(documents).unwrap()
}

/// A record of these answers: id, value, justification.
fn assessed(said: &[(&str, &str, &str)], targets: &str) -> Assessment {
    let questionnaires = questionnaires();
    let mut text = "schema: seaworthy.answers/1\n".to_owned();
    if !said.is_empty() {
        text.push_str("answers:\n");
    }
    for (id, value, because) in said {
        let because = if because.is_empty() { String::new() } else { format!("because: '{because}', ") };
        writeln!(text, "  {id}: {{ {value}, {because}by: '@ann', on: 2026-11-01 }}").unwrap();
    }
    text.push_str(targets);
    let (answers, problems) = Answers::read(&Document::new("answers.yaml", text), &questionnaires);
    let errors: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut sheet = Sheet::new();
    sheet.put(Observation::absent("repo.mirror_of"));
    let subject = Subject { id: "github.com/acme/widget".into(), ..Subject::default() };
    let evidence = sheet.into_evidence(subject, Access::Read, 1, chrono::DateTime::UNIX_EPOCH, |_| {
        State::Unavailable { reason: "not in this test".into() }
    });
    let models: Vec<_> = questionnaires.models().iter().collect();
    let day: NaiveDate = "2026-11-24".parse().unwrap();
    assess(&evidence, answers.as_ref(), &questionnaires, &models, day).unwrap()
}

fn model<'r>(record: &'r Assessment, id: &str) -> &'r ModelResult {
    record.models.iter().find(|model| model.id == id).unwrap()
}

/// The claimed and possible numbers of each score, exactly.
fn scores(model: &ModelResult) -> Vec<String> {
    let one = |score: &seaworthy::assess::record::ScoreResult| {
        format!("{} {} {} {}", score.id, score.verified.exact, score.claimed.exact, score.possible.exact)
    };
    model.scores.iter().map(one).collect()
}

/// A record under models of every way of scoring beside levels.
pub(crate) fn several_models() -> Assessment {
    let said = [
        ("demo.build", "value: most", ""),
        ("demo.licence", "value: yes", ADDRESS),
        ("demo.fuzzing", "value: no", "=HYPERLINK(1)"),
        ("demo.overview", "value: A widget.", ""),
    ];
    assessed(&said, "targets: { practices: { SB: 2 } }\n")
}

const ADDRESS: &str = "See https://example.org/licence";

#[test]
fn what_is_not_answered_is_neither_done_nor_missed() {
    let record = assessed(&[], "");
    assert_eq!(scores(model(&record, "badge")), ["all 0 0 200", "1 0 0 100", "2 0 0 100"]);
    assert_eq!(scores(model(&record, "practices")), ["all 0 0 3/4", "I 0 0 3/4", "SB 0 0 1", "SD 0 0 1/2"]);
    assert_eq!(scores(model(&record, "sections")), ["all 0 0 100", "overview 0 0 100", "practice 0 0 100"]);
}

#[test]
fn a_badge_counts_by_the_rules_of_each_level() {
    let licence = ("demo.licence", "value: yes", ADDRESS);
    let tests_no = ("demo.tests", "value: no", "There is only one file.");
    let tests_yes = ("demo.tests", "value: yes", "");
    let fuzz_no = ("demo.fuzzing", "value: no", "");
    for (said, claimed, level) in [
        (vec![licence], ["33", "33", "0"], 0),
        // A SHOULD may be unmet for a reason, a SUGGESTED without one; at the next level it is a MUST.
        (vec![licence, tests_no, fuzz_no], ["150", "100", "50"], 1),
        (vec![licence, tests_yes, fuzz_no], ["200", "100", "100"], 2),
        // Without the address it does not count.
        (vec![("demo.licence", "value: yes", "MIT"), tests_yes, fuzz_no], ["67", "67", "50"], 0),
    ] {
        let record = assessed(&said, "");
        let badge = model(&record, "badge");
        let found: Vec<&str> = badge.scores.iter().map(|score| score.claimed.exact.as_str()).collect();
        assert_eq!(found, claimed, "{said:?}");
        assert_eq!((badge.maturity.claimed, badge.maturity.verified), (level, 0), "{said:?}");
    }
}

#[test]
fn what_a_criterion_lacks_is_told() {
    let record = assessed(&[("demo.licence", "value: yes", "MIT")], "");
    let licence = &model(&record, "badge").findings[0];
    assert_eq!(licence.outcome, Outcome::Met);
    assert_eq!(licence.counts[0].lacks.as_deref(), Some("a justification with an address"));
    assert!(!licence.counts[0].claimed && licence.counts[0].possible);
}

#[test]
fn practices_add_up_what_is_partly_done() {
    let said =
        [("demo.build", "value: some", ""), ("demo.tests", "value: yes", ""), ("demo.deploy", "value: none", "")];
    let record = assessed(&said, "targets: { practices: { SB: 1.75, SD: 0.5 } }\n");
    let practices = model(&record, "practices");
    assert_eq!(scores(practices), ["all 0 5/16 5/16", "I 0 5/16 5/16", "SB 0 5/8 5/8", "SD 0 0 0"]);
    let outcomes: Vec<Outcome> = practices.findings.iter().map(|finding| finding.outcome).collect();
    assert_eq!(outcomes, [Outcome::Partly, Outcome::Met, Outcome::Unmet]);
    // 1 - (9/8 + 1/2) / (9/4)
    assert_eq!(practices.scores[0].to_target.as_ref().unwrap().claimed.exact, "5/18");
    assert_eq!(practices.scores[2].target.as_ref().unwrap().exact, "7/4");
}

#[test]
fn a_requirement_is_worth_what_the_answer_is_worth() {
    for (build, stages, expected, outcome) in [
        ("all", "vendor", ["all 0 1/2 1/2", "SB 0 1/2 1/2", "SD 0 1/2 1/2"], Outcome::Met),
        ("most", "script", ["all 0 5/24 5/24", "SB 0 1/4 1/4", "SD 0 1/6 1/6"], Outcome::Partly),
        ("some", "by-hand", ["all 0 1/16 1/16", "SB 0 1/8 1/8", "SD 0 0 0"], Outcome::Unmet),
    ] {
        let (build, stages) = (format!("value: {build}"), format!("value: {stages}"));
        let record = assessed(&[("demo.build", &build, ""), ("demo.stages", &stages, "")], "");
        let short = model(&record, "short");
        assert_eq!(scores(short), expected);
        assert_eq!(short.findings[1].outcome, outcome);
    }
    assert_eq!(scores(model(&assessed(&[], ""), "short")), ["all 0 0 1/2", "SB 0 0 1/2", "SD 0 0 1/2"]);
}

#[test]
fn only_scored_answers_say_what_something_is_worth() {
    let unscored = SHORT.replace("demo.stages", "demo.tests").replace("demo.build", "demo.biuld");
    let questions = Document::new("q.yaml", QUESTIONS_WITH_HOLES);
    let (_, files) = Questionnaires::check(vec![questions, Document::new("m.yaml", format!("{HEAD}{unscored}"))]);
    let told: Vec<&str> =
        files.iter().flat_map(|file| &file.problems).map(|problem| problem.message.as_str()).collect();
    for message in [
        "either all `choices` have a `score`, or none",
        "a `score` is 0, 1 or a share such as 1/2",
        "`demo.biuld` is no question",
        "the answers to `demo.tests` have no scores",
    ] {
        assert!(told.contains(&message), "{message}: {told:?}");
    }
}

const QUESTIONS_WITH_HOLES: &str = "schema: seaworthy.questions/1
topic: demo
title: Demonstration
questions:
  - { id: demo.build, ask: Is it so?, why: W., how: H., answer: coverage, valid_for: 1 year }
  - { id: demo.tests, ask: Is it so?, why: W., how: H., answer: choice, choices: [{ id: a, title: A, score: 1 }, { id: b, title: B }], valid_for: 1 year }
  - { id: demo.odd, ask: Is it so?, why: W., how: H., answer: choice, choices: [{ id: a, title: A, score: 2 }, { id: b, title: B, score: x }], valid_for: 1 year }
";

#[test]
fn reports_show_the_scores() {
    let said = [("demo.build", "value: most", ""), ("demo.overview", "value: A widget.", "")];
    let record = assessed(&said, "targets: { practices: { SB: 2 } }\n");
    let text = report::render(&record, Format::Markdown).unwrap();
    insta::assert_snapshot!(
        text.lines()
            .filter(|line| line.starts_with('|') || line.contains("target"))
            .take(24)
            .collect::<Vec<_>>()
            .join("\n")
    );
    let page = report::render(&record, Format::Html).unwrap();
    assert!(page.contains("12 % of the way to the targets is gone, by what is claimed."));
    assert!(page.contains("Practices in numbers."));
}
