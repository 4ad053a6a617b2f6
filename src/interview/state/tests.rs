use super::*;
use crate::answers::Answers;
use crate::assess::assess;
use crate::evidence::{Access, Sheet, State, Subject};
use crate::interview::{Only, open_questions};
use crate::questionnaire::Questionnaires;
use crate::yaml::Document;

const QUESTIONS: &str = "
schema: seaworthy.questions/1
topic: demo
title: Demonstration
questions:
  - { id: demo.releases, ask: Releases?, why: W., how: H., answer: yes-no, valid_for: 1 year }
  - { id: demo.signed, ask: Signed?, why: W., how: H., answer: yes-no, because: required, valid_for: 1 year }
  - { id: demo.days, ask: Days?, why: W., how: H., answer: days, valid_for: 1 year }
";
const MODEL: &str = "
schema: seaworthy.model/1
id: demo
title: Demonstration
version: '1'
source: https://example.org/demo
about: A model for tests.
scoring: cumulative-levels
levels: [{ id: 1, title: One, meaning: The first. }]
areas: [{ id: A, title: All }]
requirements:
  - { id: A-0, area: A, levels: [1], demands: Releases., met_when: { demo.releases: yes } }
  - { id: A-1, area: A, levels: [1], demands: Sign., met_when: { demo.signed: yes }, not_applicable_when: { demo.releases: no } }
  - { id: A-2, area: A, levels: [1], demands: Be quick., met_when: { demo.days: { at_most: 14 } } }
";

struct World {
    questionnaires: Questionnaires,
    answers: Answers,
}

impl World {
    fn new() -> Self {
        let documents = vec![Document::new("q.yaml", QUESTIONS), Document::new("m.yaml", MODEL)];
        Self { questionnaires: Questionnaires::load(documents).unwrap(), answers: Answers::default() }
    }

    fn assess(&self) -> (Assessment, Vec<Open>) {
        let unseen = |_: &crate::evidence::KeyInfo| State::Unavailable { reason: "not in this test".into() };
        let evidence =
            Sheet::new().into_evidence(Subject::default(), Access::Read, 0, chrono::DateTime::UNIX_EPOCH, unseen);
        let models: Vec<_> = self.questionnaires.models().iter().collect();
        let record = assess(&evidence, Some(&self.answers), &self.questionnaires, &models, on()).unwrap();
        let open = open_questions(&record, Only::Open, on());
        (record, open)
    }

    fn interview(&self) -> Interview<'_> {
        let (record, open) = self.assess();
        let items = open
            .iter()
            .map(|open| Item {
                question: self.questionnaires.question(&open.question).unwrap(),
                topic: "Demonstration".into(),
                open: open.clone(),
                result: record.question(&open.question).unwrap().clone(),
                present: self.answers.answers.get(&open.question).cloned(),
                near: Vec::new(),
                done: false,
                needed: true,
            })
            .collect();
        Interview::new(items, "@alice".into(), on(), None)
    }
}

fn on() -> NaiveDate {
    "2026-11-24".parse().unwrap()
}

fn chosen(choice: Choice) -> Reply {
    Reply::Chosen(choice)
}

fn typed(text: &str) -> Reply {
    Reply::Typed(text.into())
}

fn at<'i>(interview: &'i Interview<'_>) -> &'i str {
    interview.item().map_or("", |item| item.question.id.as_str())
}

fn no() -> Choice {
    Choice::Value(Value::Bool(false))
}

/// Gives the answer that is confirmed to the world, as a driver does.
fn keep(world: &mut World, interview: &mut Interview<'_>, step: Step, id: &str) -> Step {
    let Step::Confirmed(answer) = step else { panic!("{step:?}") };
    world.answers.answers.insert(id.to_owned(), (*answer).clone());
    let (record, open) = world.assess();
    interview.kept(*answer, &record, &open)
}

#[test]
fn the_question_on_which_most_waits_comes_first() {
    let world = World::new();
    let interview = world.interview();
    assert_eq!((at(&interview), interview.place()), ("demo.releases", (1, 3)));
    let Some(Prompt::Choose(choices)) = interview.prompt() else { panic!() };
    let words: Vec<&str> = choices.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(words, ["yes", "no", "does not apply, for a reason", "skip", "save and quit"]);
}

#[test]
fn an_answer_that_settles_another_question_leaves_it_out() {
    let world = World::new();
    let mut other = World::new();
    let mut interview = world.interview();
    assert_eq!(interview.reply(chosen(no())), Step::Same);
    assert_eq!(interview.reply(typed("")), Step::Same);
    let step = interview.reply(typed(""));
    assert_eq!(keep(&mut other, &mut interview, step, "demo.releases"), Step::Moved);
    assert_eq!((at(&interview), interview.place()), ("demo.days", (2, 2)), "signing does not matter any more");
    assert_eq!(interview.reply(Reply::Back), Step::Moved);
    assert_eq!(at(&interview), "demo.releases");
    assert_eq!(interview.item().unwrap().present.as_ref().unwrap().said, Said::Value(Value::Bool(false)));
}

#[test]
fn reasons_are_required_where_the_format_demands_them() {
    let world = World::new();
    let mut interview = world.interview();
    interview.reply(chosen(Choice::Skip));
    assert_eq!(at(&interview), "demo.signed");
    interview.reply(chosen(Choice::Value(Value::Bool(true))));
    assert_eq!(interview.reply(typed("  ")), Step::Refused("this answer needs a reason".into()));
    assert!(matches!(interview.reply(typed("bell \u{7}")), Step::Refused(_)));
    assert_eq!(interview.reply(typed(" Sigstore. ")), Step::Same);
    assert!(matches!(interview.reply(typed("the wiki")), Step::Refused(_)));
    let Step::Confirmed(answer) = interview.reply(typed("https://a.example/ https://b.example/")) else { panic!() };
    assert_eq!((answer.because.as_deref(), answer.evidence.len()), (Some("Sigstore."), 2));
    assert_eq!((answer.by.as_str(), answer.on, answer.until), ("@alice", on(), None));
    interview.reply(Reply::Back);
    interview.reply(Reply::Back);
    interview.reply(chosen(Choice::NotApplicable));
    assert_eq!(interview.reply(typed("")), Step::Refused("this answer needs a reason".into()));
}

#[test]
fn typed_answers_are_checked_and_steps_can_be_taken_back() {
    let world = World::new();
    let mut interview = world.interview();
    interview.reply(chosen(Choice::Skip));
    interview.reply(chosen(Choice::Skip));
    assert_eq!(at(&interview), "demo.days");
    assert_eq!(interview.reply(typed("14")), Step::Refused("one of the choices is asked for".into()));
    interview.reply(chosen(Choice::Type));
    assert!(matches!(interview.reply(typed("soon")), Step::Refused(_)));
    assert_eq!(interview.reply(typed("14")), Step::Same);
    assert_eq!(interview.reply(chosen(no())), Step::Refused("a text is asked for".into()));
    assert_eq!(interview.reply(typed("As we say.")), Step::Same);
    assert_eq!(interview.reply(Reply::Back), Step::Same);
    assert_eq!(interview.reply(Reply::Back), Step::Same);
    assert!(matches!(interview.prompt(), Some(Prompt::Choose(_))));
    assert_eq!(interview.reply(chosen(Choice::Skip)), Step::Finished);
    assert_eq!((interview.prompt(), interview.answered()), (None, 0));
}

#[test]
fn the_first_question_has_nothing_before_it_and_leaving_ends_it() {
    let world = World::new();
    let mut interview = world.interview();
    assert_eq!(interview.reply(Reply::Back), Step::Refused("this is the first question".into()));
    interview.reply(chosen(no()));
    assert_eq!(interview.reply(Reply::Quit), Step::Finished);
    assert_eq!(interview.prompt(), None);
    assert_eq!(Interview::new(Vec::new(), "@a".into(), on(), None).prompt(), None);
}

proptest::proptest! {
    #[test]
    fn no_reply_gets_it_stuck(replies in proptest::collection::vec((0..9u8, "[ -~]{0,8}"), 0..60)) {
        let mut world = World::new();
        let fixed = World::new();
        let mut interview = fixed.interview();
        for (kind, text) in replies {
            let Some(item) = interview.item() else { break };
            let id = item.question.id.clone();
            let reply = match kind {
                0 => chosen(no()),
                1 => chosen(Choice::Type),
                2 => chosen(Choice::NotApplicable),
                3 => chosen(Choice::Skip),
                4 => Reply::Back,
                5 => typed("https://example.org/"),
                6 => typed("3"),
                _ => typed(&text),
            };
            let step = interview.reply(reply);
            if matches!(step, Step::Confirmed(_)) {
                keep(&mut world, &mut interview, step, &id);
            }
            let (number, total) = interview.place();
            proptest::prop_assert!(interview.prompt().is_none() || (number >= 1 && number <= total));
        }
    }
}
