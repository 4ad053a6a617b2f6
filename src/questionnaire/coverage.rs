//! What observations can settle of a model: each requirement is met at best by proof, by signs, or only by somebody's word.

use std::collections::BTreeSet;

use super::bank::Questionnaires;
use super::lint::reachable_by;
use super::model::{Demand, Model, Requirement};
use super::question::{Certainty, Given, Question};

/// The best that a requirement can be met by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MetBy {
    /// Observations that settle it.
    Proof,
    /// Observations that speak for it.
    Sign,
    /// Only what a person answers.
    Answer,
    /// A level of the same model, and so what that rests on.
    Level,
}

/// What can be observed of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage<'m> {
    pub model: &'m Model,
    pub requirements: Vec<(&'m Requirement, MetBy)>,
    /// Questions that decide it.
    pub questions: usize,
    /// Those of them that only a person can answer.
    pub answer_only: usize,
}

impl Coverage<'_> {
    /// How many requirements are met at best by this.
    pub fn count(&self, by: MetBy) -> usize {
        self.requirements.iter().filter(|(_, of)| *of == by).count()
    }
}

/// What can be observed of a model.
pub fn coverage<'m>(model: &'m Model, all: &Questionnaires) -> Coverage<'m> {
    let questions = questions(model);
    let answer_only = questions.iter().filter(|id| all.question(id).is_some_and(|of| of.observe.is_empty())).count();
    let requirements = model.requirements.iter().map(|requirement| (requirement, met_by(requirement, all))).collect();
    Coverage { model, requirements, questions: questions.len(), answer_only }
}

/// The questions that decide a model, each once.
pub fn questions(model: &Model) -> BTreeSet<&str> {
    model.requirements.iter().flat_map(Requirement::questions).collect()
}

fn met_by(requirement: &Requirement, all: &Questionnaires) -> MetBy {
    let condition = match &requirement.met {
        Demand::LevelReached(_) => return MetBy::Level,
        Demand::When(condition) => condition,
    };
    let given = |certainties: &'static [Certainty]| {
        move |question: &Question| -> Vec<Given> {
            let rules = question.observe.iter().filter(|rule| certainties.contains(&rule.certainty));
            rules.map(|rule| rule.given.clone()).collect()
        }
    };
    if reachable_by(condition, all, given(&[Certainty::Proof])) {
        MetBy::Proof
    } else if reachable_by(condition, all, given(&[Certainty::Proof, Certainty::Sign])) {
        MetBy::Sign
    } else {
        MetBy::Answer
    }
}
