use std::sync::LazyLock;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::answers::Details;

static BUILT_IN: LazyLock<Questionnaires> = LazyLock::new(|| Questionnaires::built_in().unwrap());

const FACTOR: &str = "access.second-factor-required";
const PUSH: &str = "access.direct-push-blocked";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn yes(because: &str) -> Answer {
    Answer {
        said: Said::Value(Value::Bool(true)),
        because: Some(because.to_owned()),
        evidence: vec!["https://example.org/policy".to_owned()],
        by: "@alice".to_owned(),
        on: day("2026-11-24"),
        until: None,
        details: Details::default(),
    }
}

fn answered(text: &str, question: &str, answer: Answer) -> String {
    apply(text, &[Edit::Answer { question: question.to_owned(), answer }], &BUILT_IN).unwrap()
}

const COMMENTED: &str = "\
# Answers of the widget project
schema:   'seaworthy.answers/1'   # never change


answers:   # ours
  # about accounts
  access.direct-push-blocked:
      value: no    # not yet
      # asked in the meeting
      because: \"Two people push directly.\"   # see the minutes
      by: '@bob'
      on: 2026-01-02

  ## Does everyone use a second factor?
  # access.second-factor-required:
  #   value: # yes or no
  #   by: \"@you\"
  ## The next one
  # documentation.design: # nothing yet

# The reviewers' part
reviews: {}   # none
";

#[test]
fn an_entry_takes_the_place_of_its_comments() {
    insta::assert_snapshot!(answered(COMMENTED, FACTOR, yes("The organisation requires it.")));
}

#[test]
fn only_the_fields_that_differ_change() {
    let answer = Answer { by: "@bob".to_owned(), ..yes("Two people push directly.") };
    insta::assert_snapshot!(answered(COMMENTED, PUSH, answer));
}

#[test]
fn a_value_gives_way_to_not_applicable_and_back() {
    let away = Answer { said: Said::NotApplicable, evidence: Vec::new(), ..yes("Nobody\npushes.") };
    let gone = answered(COMMENTED, PUSH, away);
    insta::assert_snapshot!(gone);
    let back = answered(&gone, PUSH, yes("x"));
    assert!(back.contains("      value: yes\n") && !back.contains("not_applicable"), "{back}");
}

#[test]
fn reviews_and_waivers_are_put() {
    let review = Review {
        verdict: Verdict::Overruled(Said::Value(Value::Bool(true))),
        by: "@ines".to_owned(),
        on: day("2026-11-25"),
        note: Some("Seen: it is on.".to_owned()),
        conflict: Conflict::Soft,
        of: Some(format!("sha256:{}", "0".repeat(64))),
    };
    let waiver = Waiver { reason: "Next year.".to_owned(), by: "@carol".to_owned(), until: day("2027-12-31") };
    let edits = [
        Edit::Review { question: PUSH.to_owned(), review },
        Edit::Waiver { requirement: "osps-baseline/OSPS-AC-01.01".to_owned(), waiver },
        Edit::Comments("## more\n# documentation.roles:\n".to_owned()),
    ];
    insta::assert_snapshot!(apply(COMMENTED, &edits, &BUILT_IN).unwrap());
}

#[test]
fn every_way_to_write_a_file_takes_an_answer() {
    for text in [
        "schema: seaworthy.answers/1\n",
        "schema: seaworthy.answers/1",
        "schema: seaworthy.answers/1\nanswers:\n",
        "schema: seaworthy.answers/1\nanswers: # none\n# end\n",
        "schema: seaworthy.answers/1\nanswers: {}\nwaivers: {}\n",
        "schema: seaworthy.answers/1\nanswers: {  # none\n}\n",
        "{ schema: seaworthy.answers/1 }",
        "{\"schema\": \"seaworthy.answers/1\", \"answers\": {}}",
        "---\nschema: seaworthy.answers/1\nanswers:\n...\n",
        "schema: seaworthy.answers/1\r\nanswers:\r\n    # none\r\nreviews:\r\n",
        "\u{feff}schema: seaworthy.answers/1\nanswers:\n",
        "answers:\n    access.direct-push-blocked: { value: no, by: a, on: 2026-01-01, } # x\nschema: seaworthy.answers/1\n",
        "schema: seaworthy.answers/1\nanswers: { access.direct-push-blocked: { value: no, by: a, on: 2026-01-01 } # x\n }\n",
        "schema: seaworthy.answers/1\nanswers:\n  access.direct-push-blocked:\n    value: no\n    by: a\n    on: 2026-01-01\n    because: |\n      One.\n\n      # access.second-factor-required:\n\n",
    ] {
        for question in [FACTOR, PUSH] {
            let once = answered(text, question, yes("So it is."));
            let twice = answered(&once, question, yes("So it is."));
            assert_eq!(once, twice, "the same again changes nothing");
            let lone = once.matches('\n').count() - once.matches("\r\n").count();
            assert!(!text.contains('\r') || lone == 0, "{once:?}");
        }
    }
}

#[test]
fn what_cannot_be_written_is_refused() {
    let refused = |text: &str, answer: Answer| {
        apply(text, &[Edit::Answer { question: FACTOR.to_owned(), answer }], &BUILT_IN).unwrap_err().to_string()
    };
    assert_eq!(refused(COMMENTED, yes("bell \u{7}")), "a text holds control characters");
    assert_eq!(refused(COMMENTED, yes(" ")), "a text is empty");
    assert_eq!(refused(COMMENTED, Answer { by: "a\nb".into(), ..yes("x") }), "`by` is a text of one line");
    assert!(refused(COMMENTED, Answer { because: None, ..yes("x") }).contains("needs a justification"));
    assert!(refused(COMMENTED, Answer { evidence: vec!["the wiki".into()], ..yes("x") }).contains("no link"));
    assert_eq!(refused("schema: wrong\n", yes("x")), "the answers file has errors");
    let comments = apply(COMMENTED, &[Edit::Comments("answers: {}".into())], &BUILT_IN);
    assert_eq!(comments.unwrap_err().to_string(), "comments are lines that begin with `#`");
}

/// Entries in several styles, each with comments of its own.
fn file() -> impl Strategy<Value = String> {
    let ids: Vec<String> = BUILT_IN.questions().iter().take(12).map(|question| question.id.clone()).collect();
    let entry = (0..4u8, "[a-z ]{0,12}", "[ -~]{0,20}");
    proptest::collection::vec(entry, 0..ids.len()).prop_map(move |entries| {
        let mut text = String::from("# top\nschema: seaworthy.answers/1 # s\n\nanswers:  # a\n");
        for ((style, note, because), id) in entries.iter().zip(&ids) {
            let because = serde_json::to_string(&format!("b{because}")).unwrap();
            text += &match style {
                0 => format!("  {id}: {{ value: no, because: {because}, by: '@b', on: 2026-01-01 }} # {note}\n\n"),
                1 => format!("  # {note}\n  {id}:\n    by: b # who\n    value: no\n    because: {because}\n    on: 2026-01-01\n"),
                2 => format!("  ## {note}\n  # {id}:\n  #   value: # yes or no\n  #   by: \"@you\"\n\n"),
                _ => format!("  {id}:\n      value: no # {note}\n      because: |\n        {note}x\n        # no comment\n      on: 2026-01-01\n      by: b\n"),
            };
        }
        text + "# last\nwaivers:\n"
    })
}

proptest! {
    #[test]
    fn all_else_stays_byte_for_byte(text in file(), at in 0..14usize, because in "[ -~\\n]{0,40}[a-z]", away: bool) {
        let question = BUILT_IN.questions()[at].id.clone();
        let said = if away { Said::NotApplicable } else { Said::Value(Value::Bool(false)) };
        let answer = Answer { said, because: Some(because.trim().to_owned()), ..yes("") };
        let before = read(&text, &BUILT_IN).unwrap();
        let after = answered(&text, &question, answer.clone());
        let said = read(&after, &BUILT_IN).unwrap();
        let mut expected = before.clone();
        expected.answers.insert(question.clone(), answer);
        prop_assert_eq!(Answers { digest: String::new(), ..said }, Answers { digest: String::new(), ..expected });
        // Outside of one run of lines nothing has changed, and that run speaks of this question alone.
        let (old, new): (Vec<&str>, Vec<&str>) = (text.lines().collect(), after.lines().collect());
        let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
        let rest = old.len().min(new.len()) - head;
        let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
        for line in &old[head..old.len() - tail] {
            let other = BUILT_IN.questions().iter().any(|known| known.id != question && line.contains(&known.id));
            prop_assert!(!other, "{} is gone", line);
        }
    }
}

/// All that can stand beside an answer is written as it is read.
#[test]
fn details_are_written_and_kept() {
    let questions = "schema: seaworthy.questions/1\ntopic: own\ntitle: Own\nquestions:\n- { id: own.who, ask: Who is it?, why: W., \
                     how: H., answer: people, valid_for: 1 year }\n";
    let own = Questionnaires::load(vec![Document::new("q.yaml", questions)]).unwrap();
    let entry = "schema: seaworthy.answers/1\nanswers:\n  own.who:\n    value: [{ handle: '@alice', name: Alice, role: lead }, '@bob']\n    \
                 confidential: Room 12.\n    respondents: [{ by: '@eve', on: 2026-11-02, agrees: no, note: 'One: no.' }]\n    \
                 attachments: [{ path: a/b.txt, sha256: DIGEST }]\n    by: '@a'\n    on: 2026-11-01\n";
    let text = entry.replace("DIGEST", &"0a".repeat(32));
    let (answers, problems) = Answers::read(&Document::new("a.yaml", &*text), &own);
    assert!(problems.is_empty(), "{problems:?}");
    let answer = answers.unwrap().answers["own.who"].clone();
    assert_eq!((answer.details.people.len(), answer.details.respondents.len()), (2, 1));
    let edit = |answer: &Answer| Edit::Answer { question: "own.who".to_owned(), answer: answer.clone() };
    let written = apply("schema: seaworthy.answers/1\nanswers: {}\n", &[edit(&answer)], &own).unwrap();
    let (again, _) = Answers::read(&Document::new("a.yaml", written), &own);
    assert_eq!(again.unwrap().answers["own.who"], answer);
    let less = Answer { details: answer.details.for_another_answer(), ..answer };
    let changed = apply(&text, &[edit(&less)], &own).unwrap();
    assert!(changed.contains("Room 12.") && !changed.contains("@eve") && !changed.contains("b.txt"), "{changed}");
}

/// An audit is written as it is read, in the place of the one before, and nothing else changes.
#[test]
fn audits_are_written_and_kept() {
    let text = "schema: seaworthy.answers/1\nanswers: {} # none\naudits:\n  # the first\n  2022:\n    independent: no\n    \
                finished: 2022-05-01\n    release: v1.0.0\n    findings: {}\n    by: '@a'\n    on: 2022-05-02\n";
    let before = read(text, &BUILT_IN).unwrap();
    let first = before.audits["2022"].clone();
    assert_eq!((first.independent, first.open(|_| true)), (false, Some(0)));
    let counts = |found, fixed| crate::answers::Count { found, fixed };
    let audit = crate::answers::Audit {
        auditor: Some("Deep Look: Ltd".to_owned()),
        independent: true,
        scope: Some("The parser.".to_owned()),
        commit: Some("0a".repeat(20)),
        report: Some("https://example.org/r.pdf".to_owned()),
        findings: Some([(crate::answers::Severity::High, counts(2, 1))].into()),
        ..first.clone()
    };
    let put = |id: &str, audit: &crate::answers::Audit, text: &str| {
        apply(text, &[Edit::Audit { id: id.to_owned(), audit: audit.clone() }], &BUILT_IN).unwrap()
    };
    let after = put("2026-parser", &audit, text);
    assert!(after.starts_with(text.trim_end()), "{after}");
    let said = read(&after, &BUILT_IN).unwrap();
    assert_eq!((&said.audits["2026-parser"], &said.audits["2022"]), (&audit, &first));
    let changed = put("2026-parser", &first, &after);
    assert_eq!(read(&changed, &BUILT_IN).unwrap().audits["2026-parser"], first);
    assert!(changed.contains("# the first"));
    assert_eq!(read(&put("x", &audit, "schema: seaworthy.answers/1\n"), &BUILT_IN).unwrap().audits.len(), 1);
}
