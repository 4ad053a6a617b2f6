//! Reviewing answers: one after the other, each accepted, challenged, overruled or left.
//!
//! A [`Session`] knows no terminal. It tells which answer comes next, takes the reviewer's word, refuses what a reviewer may
//! not say, and gives the reviews to be written. Each is signed with the digest of the answer that was looked at.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::answers::edit::Edit;
use crate::answers::{Answer, Answers, Conflict, Review, Said, Verdict};
use crate::evidence::Value;
use crate::questionnaire::{AnswerType, Question, Questionnaires};

/// Who reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    pub by: String,
    pub conflict: Conflict,
    pub on: NaiveDate,
}

/// An answer to be looked at.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    pub question: &'a Question,
    pub answer: &'a Answer,
    /// What a reviewer has said of it before.
    pub before: Option<&'a Review>,
}

impl Item<'_> {
    /// Whether the answer is another one than was reviewed before.
    pub fn has_changed(&self) -> bool {
        self.before.is_some_and(|review| match &review.of {
            Some(of) => *of != self.answer.digest(),
            None => self.answer.on > review.on,
        })
    }
}

/// A reviewer's word on one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// It is true, with a note where there is something to add.
    Accept(Option<String>),
    /// It is doubtful, for this reason.
    Challenge(String),
    /// It is wrong: this is so instead, for this reason.
    Overrule(Said, String),
}

/// What a reviewer does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    Say(Word),
    Skip,
    Back,
    Quit,
}

/// Why a word is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("with a hard conflict of interest you can challenge an answer, and neither accept nor overrule it")]
    HardConflict,
    #[error("you gave this answer yourself; a review needs somebody else")]
    OwnAnswer,
    #[error("a reason is needed")]
    NoReason,
    #[error("nobody has answered `{0}`, so there is nothing to accept or challenge; it can be overruled")]
    NotAnswered(String),
    #[error("the answer to `{question}` is {expected}")]
    WrongValue { question: String, expected: String },
}

/// A review in progress.
#[derive(Clone, Debug)]
pub struct Session<'a> {
    reviewer: Reviewer,
    items: Vec<Item<'a>>,
    position: usize,
    words: BTreeMap<usize, Word>,
    over: bool,
}

impl<'a> Session<'a> {
    /// Starts with the answers in the order of the questions. Those that this reviewer has reviewed as they are now are left
    /// out, unless `again`.
    pub fn new(answers: &'a Answers, questionnaires: &'a Questionnaires, reviewer: Reviewer, again: bool) -> Self {
        let items = questionnaires.questions().iter().filter_map(|question| {
            let answer = answers.answers.get(&question.id)?;
            let item = Item { question, answer, before: answers.review(&question.id).map(|(review, _)| review) };
            let reviewed = item.before.is_some_and(|review| review.by.eq_ignore_ascii_case(&reviewer.by));
            (again || !reviewed || item.has_changed()).then_some(item)
        });
        Self { items: items.collect(), position: 0, words: BTreeMap::new(), over: false, reviewer }
    }

    /// The answer to be looked at; none where the review is over.
    pub fn current(&self) -> Option<&Item<'a>> {
        if self.over { None } else { self.items.get(self.position) }
    }

    /// Which one it is, counted from 1, and of how many.
    pub fn progress(&self) -> (usize, usize) {
        (self.position + 1, self.items.len())
    }

    /// What was said of the current answer in this session.
    pub fn said(&self) -> Option<&Word> {
        self.words.get(&self.position)
    }

    /// Takes the reviewer's move. What is refused changes nothing.
    pub fn take(&mut self, step: Move) -> Result<(), Refusal> {
        let Some(item) = self.current() else { return Ok(()) };
        match step {
            Move::Say(word) => {
                check(&self.reviewer, item.question, Some(item.answer), &word)?;
                self.words.insert(self.position, word);
                self.position += 1;
            }
            Move::Skip => {
                self.words.remove(&self.position);
                self.position += 1;
            }
            Move::Back => self.position = self.position.saturating_sub(1),
            Move::Quit => self.over = true,
        }
        Ok(())
    }

    /// The reviews so far, by id of the question.
    pub fn reviews(&self) -> Vec<(String, Review)> {
        let named = self.words.iter().filter_map(|(position, word)| Some((self.items.get(*position)?, word)));
        named
            .map(|(item, word)| (item.question.id.clone(), signed(&self.reviewer, Some(item.answer), word.clone())))
            .collect()
    }
}

/// The changes that write reviews into an answers file, each in the place of the one before.
pub fn edits(reviews: Vec<(String, Review)>) -> Vec<Edit> {
    reviews.into_iter().map(|(question, review)| Edit::Review { question, review }).collect()
}

/// A review of one answer, or the reason why it may not be given.
pub fn review(
    reviewer: &Reviewer,
    question: &Question,
    answer: Option<&Answer>,
    word: Word,
) -> Result<Review, Refusal> {
    check(reviewer, question, answer, &word)?;
    Ok(signed(reviewer, answer, word))
}

fn check(reviewer: &Reviewer, question: &Question, answer: Option<&Answer>, word: &Word) -> Result<(), Refusal> {
    if reviewer.conflict == Conflict::Hard && !matches!(word, Word::Challenge(_)) {
        return Err(Refusal::HardConflict);
    }
    if answer.is_some_and(|answer| answer.by.eq_ignore_ascii_case(&reviewer.by)) {
        return Err(Refusal::OwnAnswer);
    }
    if answer.is_none() && !matches!(word, Word::Overrule(..)) {
        return Err(Refusal::NotAnswered(question.id.clone()));
    }
    match word {
        Word::Challenge(reason) | Word::Overrule(_, reason) if reason.trim().is_empty() => Err(Refusal::NoReason),
        Word::Overrule(Said::Value(value), _) => match question.refuses(value) {
            Some(expected) => Err(Refusal::WrongValue { question: question.id.clone(), expected }),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn signed(reviewer: &Reviewer, answer: Option<&Answer>, word: Word) -> Review {
    let (verdict, note) = match word {
        Word::Accept(note) => (Verdict::Accepted, note),
        Word::Challenge(reason) => (Verdict::Challenged, Some(reason)),
        Word::Overrule(said, reason) => (Verdict::Overruled(said), Some(reason)),
    };
    Review {
        verdict,
        by: reviewer.by.clone(),
        on: reviewer.on,
        note: note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty()),
        conflict: reviewer.conflict,
        of: answer.map(Answer::digest),
    }
}

/// A value as a person types it; `not-applicable` where the question does not apply.
pub fn typed(question: &Question, text: &str) -> Result<Said, Refusal> {
    let text = text.trim();
    if text == "not-applicable" {
        return Ok(Said::NotApplicable);
    }
    let value = match question.answer {
        AnswerType::YesNo => match text {
            "yes" | "y" => Some(Value::Bool(true)),
            "no" | "n" => Some(Value::Bool(false)),
            _ => None,
        },
        AnswerType::Count | AnswerType::Days => text.parse().ok().map(Value::Count),
        AnswerType::Links => crate::interview::links(text).ok().map(Value::List),
        AnswerType::People => Some(Value::List(
            text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect(),
        )),
        AnswerType::Choice | AnswerType::Coverage | AnswerType::Date | AnswerType::Link | AnswerType::Text => {
            Some(Value::Text(text.to_owned()))
        }
    };
    value
        .filter(|value| question.refuses(value).is_none())
        .map(Said::Value)
        .ok_or_else(|| Refusal::WrongValue { question: question.id.clone(), expected: question.expects() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answers::edit::apply;
    use crate::yaml::Document;

    const ANSWERS: &str = "\
schema: seaworthy.answers/1
answers:
  access.branch-guarded: { value: yes, by: '@alice', on: 2026-03-01 }
  access.direct-push-blocked: { value: yes, by: '@alice', on: 2026-03-01 }
  quality.review-before-merge: { value: yes, by: '@bob', on: 2026-03-01 }
";

    fn read(questionnaires: &Questionnaires, text: &str) -> Answers {
        Answers::read(&Document::new("a.yaml", text), questionnaires).0.unwrap()
    }

    fn reviewer(conflict: Conflict) -> Reviewer {
        Reviewer { by: "@bob".into(), conflict, on: NaiveDate::from_ymd_opt(2026, 11, 24).unwrap() }
    }

    #[test]
    fn a_walk_forth_and_back() {
        let questionnaires = Questionnaires::built_in().unwrap();
        let answers = read(&questionnaires, ANSWERS);
        let mut session = Session::new(&answers, &questionnaires, reviewer(Conflict::None), false);
        let current = |session: &Session<'_>| session.current().map(|item| item.question.id.clone());
        assert_eq!(current(&session).as_deref(), Some("access.direct-push-blocked"));
        session.take(Move::Say(Word::Accept(None))).unwrap();
        assert_eq!(session.take(Move::Say(Word::Challenge(" ".into()))), Err(Refusal::NoReason));
        session.take(Move::Say(Word::Overrule(Said::Value(false.into()), "No rule.".into()))).unwrap();
        assert_eq!(session.take(Move::Say(Word::Accept(None))), Err(Refusal::OwnAnswer));
        session.take(Move::Back).unwrap();
        assert!(matches!(session.said(), Some(Word::Overrule(..))));
        session.take(Move::Back).unwrap();
        session.take(Move::Back).unwrap();
        assert_eq!(session.progress(), (1, 3));
        session.take(Move::Skip).unwrap();
        session.take(Move::Quit).unwrap();
        assert_eq!(current(&session), None);
        let reviews = session.reviews();
        assert_eq!(reviews.len(), 1);
        assert_eq!(reviews[0].1.of.as_ref(), Some(&answers.answers["access.branch-guarded"].digest()));
    }

    #[test]
    fn a_hard_conflict_only_challenges() {
        let questionnaires = Questionnaires::built_in().unwrap();
        let answers = read(&questionnaires, ANSWERS);
        let mut session = Session::new(&answers, &questionnaires, reviewer(Conflict::Hard), false);
        assert_eq!(session.take(Move::Say(Word::Accept(None))), Err(Refusal::HardConflict));
        let overrule = Word::Overrule(Said::NotApplicable, "Why.".into());
        assert_eq!(session.take(Move::Say(overrule)), Err(Refusal::HardConflict));
        assert_eq!(session.take(Move::Say(Word::Challenge("Not shown.".into()))), Ok(()));
    }

    #[test]
    fn only_what_has_changed_comes_again() {
        let questionnaires = Questionnaires::built_in().unwrap();
        let answers = read(&questionnaires, ANSWERS);
        let mut session = Session::new(&answers, &questionnaires, reviewer(Conflict::None), false);
        session.take(Move::Say(Word::Accept(None))).unwrap();
        session.take(Move::Say(Word::Accept(Some("Seen.".into())))).unwrap();
        let text = apply(ANSWERS, &edits(session.reviews()), &questionnaires).unwrap();
        let reviewed = read(&questionnaires, &text);
        let ids = |answers: &Answers, again: bool| {
            let mut session = Session::new(answers, &questionnaires, reviewer(Conflict::None), again);
            let mut ids = Vec::new();
            while let Some(item) = session.current() {
                ids.push(item.question.id.clone());
                session.take(Move::Skip).unwrap();
            }
            ids
        };
        assert_eq!(ids(&reviewed, false), ["quality.review-before-merge"]);
        assert_eq!(ids(&reviewed, true).len(), 3);
        let changed = read(&questionnaires, &text.replacen("value: yes, by: '@alice'", "value: no, by: '@alice'", 1));
        assert_eq!(ids(&changed, false), ["access.branch-guarded", "quality.review-before-merge"]);
    }

    #[test]
    fn values_are_typed_as_people_type() {
        let questionnaires = Questionnaires::built_in().unwrap();
        let yes_no = questionnaires.question("access.branch-guarded").unwrap();
        assert_eq!(typed(yes_no, " no "), Ok(Said::Value(false.into())));
        assert_eq!(typed(yes_no, "not-applicable"), Ok(Said::NotApplicable));
        assert!(matches!(typed(yes_no, "perhaps"), Err(Refusal::WrongValue { .. })));
        let people = Question { answer: AnswerType::People, ..yes_no.clone() };
        assert_eq!(typed(&people, "@a, @b"), Ok(Said::Value(Value::List(vec!["@a".into(), "@b".into()]))));
        assert!(typed(&people, " ,").is_err());
        let days = Question { answer: AnswerType::Days, ..yes_no.clone() };
        assert_eq!(typed(&days, "14"), Ok(Said::Value(Value::Count(14))));
        assert!(typed(&days, "-1").is_err());
    }
}
