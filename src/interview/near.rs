//! What is known of the questions near one: who has said once that there is a threat model is reminded of it where somebody
//! asks how many parts have one. It helps to answer, and answers nothing.

use std::collections::BTreeSet;

use crate::answers::{Answers, Said};
use crate::assess::record::Assessment;
use crate::questionnaire::{AnswerType, Question, Questionnaires};
use crate::report::escape::clean;

/// The most questions that are told of.
const MOST: usize = 4;
/// The most characters of an answer.
const LONGEST: usize = 60;

/// A line for each question nearby of which something is said or seen. Near is what one question says of the other, in
/// either direction.
pub fn near(question: &Question, all: &Questionnaires, answers: &Answers, record: &Assessment) -> Vec<String> {
    let named: BTreeSet<&str> = question.see_also.iter().map(String::as_str).collect();
    let back = |other: &&Question| named.contains(other.id.as_str()) || other.see_also.contains(&question.id);
    all.questions().iter().filter(back).filter_map(|other| line(other, answers, record)).take(MOST).collect()
}

fn line(other: &Question, answers: &Answers, record: &Assessment) -> Option<String> {
    let known = match answers.answers.get(&other.id) {
        Some(answer) => {
            let value = match &answer.said {
                // Long texts say less than that they are there.
                Said::Value(_) if other.answer == AnswerType::Text => "told".to_owned(),
                Said::Value(value) => shortened(&value.to_string()),
                Said::NotApplicable => "does not apply".to_owned(),
            };
            format!("{value}, by {} on {}", answer.by, answer.on)
        }
        None => {
            let seen = record.question(&other.id)?.observed.as_ref()?;
            format!("{}, as seen", shortened(&seen.to_string()))
        }
    };
    Some(clean(&format!("`{}` ({}): {known}", other.id, other.ask.trim())))
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}
