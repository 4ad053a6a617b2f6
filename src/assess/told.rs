//! What people tell of a subject: the answers file, what its register of audits says, and what other files declare.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::audits;
use crate::answers::{Answer, Answers, Declared};
use crate::evidence::Evidence;
use crate::questionnaire::Questionnaires;

/// The answers with those that follow from the register of audits.
pub(super) struct Told<'a> {
    pub(super) answers: &'a Answers,
    /// By id of the question. An answer of the file stands before it.
    registered: BTreeMap<String, Answer>,
}

impl<'a> Told<'a> {
    pub(super) fn of(
        answers: &'a Answers,
        questionnaires: &Questionnaires,
        evidence: &Evidence,
        as_of: NaiveDate,
    ) -> Self {
        Self { answers, registered: audits::answered(answers, questionnaires, evidence, as_of) }
    }

    /// The answer to a question: of the answers file, or else as it follows from the audits, or as declared elsewhere.
    pub(super) fn answer(&self, question: &str) -> Option<&Answer> {
        let own = self.answers.answers.get(question).or_else(|| self.registered.get(question));
        own.or_else(|| self.answers.answer(question))
    }

    /// The declaration that counts for a question, since nothing else answers it.
    pub(super) fn declaration(&self, question: &str) -> Option<&'a Declared> {
        self.answers.declaration(question).filter(|_| !self.registered.contains_key(question))
    }

    /// How many declarations of a file count.
    pub(super) fn declared_by(&self, path: &str) -> usize {
        let declared = self.answers.declared.keys().filter_map(|question| self.declaration(question));
        declared.filter(|declared| declared.path == path).count()
    }
}
