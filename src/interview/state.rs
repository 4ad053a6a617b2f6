//! The interview as a state machine.

use chrono::NaiveDate;

use super::open::Open;
use super::typed::{links, said};
use crate::answers::{Answer, CriteriaHeld, Details, Said};
use crate::assess::record::{Assessment, QuestionResult};
use crate::evidence::Value;
use crate::questionnaire::{AnswerType, COVERAGE, Question};

/// A question of the interview.
#[derive(Clone, Debug)]
pub struct Item<'q> {
    pub question: &'q Question,
    /// The title of its topic.
    pub topic: String,
    pub open: Open,
    /// What it comes to without a new answer.
    pub result: QuestionResult,
    /// The answer that stands in the file.
    pub present: Option<Answer>,
    /// What is said or seen of questions nearby.
    pub near: Vec<String>,
    /// Whether it was answered in this interview.
    pub done: bool,
    /// Whether it still matters; another answer may have settled what it is asked for.
    pub needed: bool,
}

/// One of the things that can be chosen of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Value(Value),
    /// Type the answer.
    Type,
    NotApplicable,
    Skip,
    Back,
    Quit,
}

/// What to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// One of these, each with its words.
    Choose(Vec<(Choice, String)>),
    /// Who answers. An empty reply takes what is proposed, if anything is.
    Name { proposed: String },
    /// Which of these hold, by what is marked. `said` is what was said of them before, if anything.
    Mark { ask: String, criteria: Vec<String>, said: Option<CriteriaHeld> },
    /// A text of one line, or of several where `long` says so. An empty one leaves it out, unless it is `required`.
    /// `guidance` is for who writes many lines, out of sight of the question.
    Text { ask: String, initial: String, required: bool, long: bool, guidance: String },
}

/// What was replied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    Chosen(Choice),
    /// The criteria that hold, by their numbers, counted from 1.
    Marked(CriteriaHeld),
    Typed(String),
    /// To the step before, or the question before.
    Back,
    /// Leave; what was confirmed stays.
    Quit,
}

/// What a reply led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The next prompt belongs to the same question.
    Same,
    /// The next prompt belongs to another question.
    Moved,
    /// The reply does not fit, for this reason; the prompt is the same.
    Refused(String),
    /// The answer is complete. Once it is kept, [`Interview::kept`] goes on.
    Confirmed(Box<Answer>),
    /// There is nothing more to ask, or the person has had enough.
    Finished,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Choose,
    Type,
    Criteria,
    Because,
    Evidence,
}

/// An interview: its questions, where it stands, and the answer that is being given.
#[derive(Clone, Debug)]
pub struct Interview<'q> {
    items: Vec<Item<'q>>,
    at: usize,
    stage: Stage,
    said: Option<Said>,
    criteria: Option<CriteriaHeld>,
    because: Option<String>,
    by: String,
    on: NaiveDate,
    until: Option<NaiveDate>,
    finished: bool,
}

impl<'q> Interview<'q> {
    /// An interview of a person on a day. Answers hold until `until`, or as long as each question says.
    pub fn new(items: Vec<Item<'q>>, by: String, on: NaiveDate, until: Option<NaiveDate>) -> Self {
        let finished = items.is_empty();
        let stage = Stage::Choose;
        Self { items, at: 0, stage, said: None, criteria: None, because: None, by, on, until, finished }
    }

    /// The question that is being asked; None at the end.
    pub fn item(&self) -> Option<&Item<'q>> {
        self.items.get(self.at).filter(|_| !self.finished)
    }

    /// Which of how many questions it is, counted from 1.
    pub fn place(&self) -> (usize, usize) {
        let counts = |item: &&Item<'_>| item.needed || item.done;
        let before = self.items.iter().take(self.at).filter(counts).count();
        (before + 1, self.items.iter().filter(counts).count())
    }

    /// How many questions were answered.
    pub fn answered(&self) -> usize {
        self.items.iter().filter(|item| item.done).count()
    }

    /// Whether a new question begins.
    pub fn is_at_question(&self) -> bool {
        self.stage == Stage::Choose
    }

    /// What to ask for now; None at the end.
    pub fn prompt(&self) -> Option<Prompt> {
        let item = self.item()?;
        Some(match self.stage {
            Stage::Choose => Prompt::Choose(self.choices(item.question)),
            Stage::Type => Prompt::Text {
                ask: format!("The answer ({})", item.question.expects()),
                initial: match item.present.as_ref().map(|answer| &answer.said) {
                    Some(Said::Value(value)) => value.to_string(),
                    _ => String::new(),
                },
                required: true,
                long: is_in_words(item.question),
                guidance: guidance(item.question),
            },
            Stage::Criteria => Prompt::Mark {
                ask: "Which of these hold? The answer counts only where all of them do".to_owned(),
                criteria: item.question.criteria.clone(),
                said: item.present.as_ref().and_then(|answer| answer.details.criteria.clone()),
            },
            Stage::Because => Prompt::Text {
                ask: if self.said == Some(Said::NotApplicable) {
                    "Why it does not apply".to_owned()
                } else {
                    "Why it is so".to_owned()
                },
                initial: self.same_as_before().and_then(|answer| answer.because.clone()).unwrap_or_default(),
                required: self.needs_reason(item.question),
                long: false,
                guidance: String::new(),
            },
            Stage::Evidence => Prompt::Text {
                ask: "Links that show it, separated by spaces".to_owned(),
                initial: self.same_as_before().map_or_else(String::new, |answer| answer.evidence.join(" ")),
                required: self.needs_evidence(),
                long: false,
                guidance: String::new(),
            },
        })
    }

    /// Takes a reply to the prompt.
    pub fn reply(&mut self, reply: Reply) -> Step {
        match (self.stage, reply) {
            (_, Reply::Quit) | (Stage::Choose, Reply::Chosen(Choice::Quit)) => {
                self.finished = true;
                Step::Finished
            }
            (Stage::Choose, Reply::Back | Reply::Chosen(Choice::Back)) => self.question_before(),
            (Stage::Choose, Reply::Chosen(Choice::Skip)) => self.next_question(),
            (Stage::Choose, Reply::Chosen(Choice::Value(value))) => self.take(Said::Value(value)),
            (Stage::Choose, Reply::Chosen(Choice::NotApplicable)) => self.take(Said::NotApplicable),
            (Stage::Choose, Reply::Chosen(Choice::Type)) => self.to(Stage::Type),
            (Stage::Type, Reply::Typed(text)) => self.typed(&text),
            (Stage::Criteria, Reply::Marked(held)) => self.marked(held),
            (Stage::Because, Reply::Typed(text)) => self.because(&text),
            (Stage::Evidence, Reply::Typed(text)) => self.evidence(&text),
            (Stage::Evidence, Reply::Back) if self.is_told() => self.to(Stage::Type),
            (Stage::Evidence, Reply::Back) => self.to(Stage::Because),
            (Stage::Because, Reply::Back) if self.criteria.is_some() => self.to(Stage::Criteria),
            (_, Reply::Back) => self.to(Stage::Choose),
            (Stage::Criteria, _) => Step::Refused("it is asked which of the criteria hold".to_owned()),
            (_, Reply::Chosen(_) | Reply::Marked(_)) => Step::Refused("a text is asked for".to_owned()),
            (_, Reply::Typed(_)) => Step::Refused("one of the choices is asked for".to_owned()),
        }
    }

    /// Takes in questions that have opened since the interview began, to be asked next. Those it knows are left out.
    pub fn add(&mut self, items: Vec<Item<'q>>) {
        let is_new = |item: &Item<'_>| !self.items.iter().any(|known| known.question.id == item.question.id);
        let new: Vec<Item<'q>> = items.into_iter().filter(is_new).collect();
        let next = (self.at + 1).min(self.items.len());
        self.items.splice(next..next, new);
    }

    /// Goes on once an answer is kept. `record` is the assessment with it; questions that no longer matter are left out.
    pub fn kept(&mut self, answer: Answer, record: &Assessment, open: &[Open]) -> Step {
        if let Some(item) = self.items.get_mut(self.at) {
            item.present = Some(answer);
            item.done = true;
        }
        for item in &mut self.items {
            if let Some(result) = record.question(&item.question.id) {
                item.result = result.clone();
            }
            item.needed = open.iter().any(|open| open.question == item.question.id);
        }
        self.next_question()
    }

    fn choices(&self, question: &Question) -> Vec<(Choice, String)> {
        let text = |text: &str| Choice::Value(Value::Text(text.to_owned()));
        let mut choices = match question.answer {
            AnswerType::YesNo => [true, false]
                .map(|value| (Choice::Value(Value::Bool(value)), if value { "yes" } else { "no" }.to_owned()))
                .to_vec(),
            AnswerType::Choice => {
                question.choices.iter().map(|choice| (text(&choice.id), choice.title.clone())).collect()
            }
            AnswerType::Coverage => COVERAGE.iter().map(|word| (text(word), (*word).to_owned())).collect(),
            _ => vec![(Choice::Type, format!("give the answer: {}", question.expects()))],
        };
        choices.push((Choice::NotApplicable, "does not apply, for a reason".to_owned()));
        choices.push((Choice::Skip, "skip".to_owned()));
        if self.before().is_some() {
            choices.push((Choice::Back, "back".to_owned()));
        }
        choices.push((Choice::Quit, "save and quit".to_owned()));
        choices
    }

    fn needs_reason(&self, question: &Question) -> bool {
        match &self.said {
            Some(Said::NotApplicable) => true,
            Some(Said::Value(value)) => question.because_required && *value == Value::Bool(true),
            None => false,
        }
    }

    fn needs_evidence(&self) -> bool {
        match (self.item(), &self.said) {
            (Some(item), Some(Said::Value(value))) => item.question.needs_evidence(value),
            _ => false,
        }
    }

    /// The present answer, where the new one says the same.
    fn same_as_before(&self) -> Option<&Answer> {
        self.item()?.present.as_ref().filter(|answer| Some(&answer.said) == self.said.as_ref())
    }

    fn to(&mut self, stage: Stage) -> Step {
        self.stage = stage;
        Step::Same
    }

    fn take(&mut self, said: Said) -> Step {
        let needs_criteria = match (self.item(), &said) {
            (Some(item), Said::Value(value)) => item.question.needs_criteria(value),
            _ => false,
        };
        self.said = Some(said);
        self.criteria = None;
        self.because = self.same_as_before().and_then(|answer| answer.because.clone());
        // What is told in words gives its own reasons.
        let told = if self.is_told() { Stage::Evidence } else { Stage::Because };
        self.to(if needs_criteria { Stage::Criteria } else { told })
    }

    /// Whether the answer that is being given is told in words.
    fn is_told(&self) -> bool {
        matches!(self.said, Some(Said::Value(_))) && self.item().is_some_and(|item| is_in_words(item.question))
    }

    fn marked(&mut self, held: CriteriaHeld) -> Step {
        self.criteria = Some(held);
        self.to(Stage::Because)
    }

    fn typed(&mut self, text: &str) -> Step {
        let Some(item) = self.item() else { return Step::Finished };
        match said(item.question, text) {
            Ok(said) => self.take(said),
            Err(reason) => Step::Refused(reason),
        }
    }

    fn because(&mut self, text: &str) -> Step {
        let Some(item) = self.item() else { return Step::Finished };
        let text = text.trim();
        if text.is_empty() && self.needs_reason(item.question) {
            return Step::Refused("this answer needs a reason".to_owned());
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Step::Refused("the text holds control characters".to_owned());
        }
        self.because = (!text.is_empty()).then(|| text.to_owned());
        self.to(Stage::Evidence)
    }

    fn evidence(&mut self, text: &str) -> Step {
        let evidence = match links(text) {
            Ok(evidence) => evidence,
            Err(reason) => return Step::Refused(reason),
        };
        let Some(said) = self.said.clone() else { return self.to(Stage::Choose) };
        let details = match (self.same_as_before(), self.item().and_then(|item| item.present.as_ref())) {
            (Some(same), _) => same.details.clone(),
            (None, Some(other)) => other.details.for_another_answer(),
            (None, None) => Details::default(),
        };
        let details = Details { criteria: self.criteria.clone(), ..details };
        if evidence.is_empty() && details.attachments.is_empty() && self.needs_evidence() {
            return Step::Refused("this answer needs a link that shows it".to_owned());
        }
        Step::Confirmed(Box::new(Answer {
            said,
            because: self.because.clone(),
            evidence,
            by: self.by.clone(),
            on: self.on,
            until: self.until,
            details,
        }))
    }

    fn before(&self) -> Option<usize> {
        (0..self.at).rev().find(|at| self.items.get(*at).is_some_and(|item| item.needed || item.done))
    }

    fn question_before(&mut self) -> Step {
        match self.before() {
            Some(at) => self.move_to(at),
            None => Step::Refused("this is the first question".to_owned()),
        }
    }

    fn next_question(&mut self) -> Step {
        let next = (self.at + 1..self.items.len()).find(|at| self.items.get(*at).is_some_and(|item| item.needed));
        match next {
            Some(at) => self.move_to(at),
            None => {
                self.finished = true;
                Step::Finished
            }
        }
    }

    fn move_to(&mut self, at: usize) -> Step {
        self.at = at;
        self.stage = Stage::Choose;
        self.said = None;
        self.criteria = None;
        self.because = None;
        Step::Moved
    }
}

fn is_in_words(question: &Question) -> bool {
    question.answer == AnswerType::Text
}

/// What to keep in mind while writing.
fn guidance(question: &Question) -> String {
    let evidence = question.evidence.as_ref().map_or_else(String::new, |evidence| format!("\n\nEvidence: {evidence}"));
    format!("{}\n\nWhy: {}\n\nHow: {}{evidence}", question.ask, question.why, question.how)
}

#[cfg(test)]
mod tests;
