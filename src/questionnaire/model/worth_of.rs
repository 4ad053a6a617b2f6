//! `worth_of`: a requirement that is worth what the answer to one question is worth.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Demand, Exact, Requirement, Worth};
use crate::questionnaire::condition::{Condition, Leaf, Test};
use crate::questionnaire::question::Question;
use crate::yaml::{Node, Problem, nearest};

/// The question whose answer says what a requirement is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorthOf {
    pub question: String,
    pub span: Range<usize>,
}

impl WorthOf {
    pub(super) fn parse(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let question = node.as_text().map(str::to_owned);
        if question.is_none() {
            problems.push(Problem::error("`worth_of` is the id of a question", node.span.clone()));
        }
        Some(Self { question: question?, span: node.span.clone() })
    }

    fn leaf(&self, test: Test) -> Condition {
        Condition::Leaf(Leaf { name: self.question.clone(), test, span: self.span.clone() })
    }

    /// What stands for it until the questions are known: that no answer is enough.
    pub(super) fn answered(&self) -> Condition {
        self.leaf(Test::OneOf(Vec::new()))
    }
}

impl Requirement {
    /// Writes `worth_of` out: met by the answers that are worth 1, worth what the others are worth.
    pub(in crate::questionnaire) fn write_out(&mut self, questions: &[Question], problems: &mut Vec<Problem>) {
        let Some(of) = self.worth_of.clone() else { return };
        let Some(question) = questions.iter().find(|question| question.id == of.question) else {
            let problem = Problem::error(format!("`{}` is no question", of.question), of.span.clone());
            let ids = questions.iter().map(|question| question.id.as_str());
            problems.push(match nearest(&of.question, ids) {
                Some(name) => problem.help(format!("did you mean `{name}`?")),
                None => problem,
            });
            return;
        };
        let Some(scores) = question.scores() else {
            problems.push(
                Problem::error(format!("the answers to `{}` have no scores", of.question), of.span.clone())
                    .help("it must be a coverage, or a choice of which each has a `score`"),
            );
            return;
        };
        let mut by_score: BTreeMap<Exact, Vec<String>> = BTreeMap::new();
        for (answer, score) in scores {
            by_score.entry(score).or_default().push(answer.to_owned());
        }
        let (nothing, all) = (Exact::from_integer(0), Exact::from_integer(1));
        self.met = Demand::When(of.leaf(Test::OneOf(by_score.remove(&all).unwrap_or_default())));
        let shares = by_score.into_iter().rev().filter(|(share, _)| *share > nothing);
        self.worth = shares.map(|(share, answers)| Worth { share, when: of.leaf(Test::OneOf(answers)) }).collect();
    }
}
