//! Writing reviews into a file, so that all else in it stays as it is.

use crate::answers::{Answers, Conflict, Review, Said, Verdict, put_entry, quoted};
use crate::evidence::Value;
use crate::questionnaire::Questionnaires;
use crate::yaml::{Document, Problem, Severity};

/// Why reviews cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file has errors, which come first.
    #[error("the file has errors")]
    Invalid(Vec<Problem>),
    #[error("the review of `{0}` cannot be written into this file: {1}")]
    Refused(String, String),
}

/// The text of an answers file with these reviews, each in the place of the one before.
pub fn write(text: &str, reviews: &[(String, Review)], questionnaires: &Questionnaires) -> Result<String, WriteError> {
    let mut expected = read(text, questionnaires)?;
    let mut text = text.to_owned();
    for (id, review) in reviews {
        let refused = |reason: &str| WriteError::Refused(id.clone(), reason.to_owned());
        text = put_entry(&text, "reviews", id, &lines(review)).map_err(|obstacle| refused(&obstacle.to_string()))?;
        expected.reviews.insert(id.clone(), review.clone());
        let written = read(&text, questionnaires).map_err(|_| refused("the result would not be valid"))?;
        if written != expected {
            return Err(refused("the result would say something else"));
        }
    }
    Ok(text)
}

fn read(text: &str, questionnaires: &Questionnaires) -> Result<Answers, WriteError> {
    let (answers, problems) = Answers::read(&Document::new("", text), questionnaires);
    let errors = || problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect();
    answers.map(|answers| Answers { digest: String::new(), ..answers }).ok_or_else(|| WriteError::Invalid(errors()))
}

/// The fields of a review, a line each.
fn lines(review: &Review) -> Vec<String> {
    let mut lines = vec![format!("verdict: {}", review.verdict.word())];
    if let Verdict::Overruled(said) = &review.verdict {
        lines.push(format!("value: {}", written(said)));
    }
    lines.push(format!("by: {}", quoted(&review.by)));
    lines.push(format!("on: {}", review.on));
    if review.conflict != Conflict::None {
        lines.push(format!("conflict: {}", review.conflict.word()));
    }
    lines.extend(review.note.as_ref().map(|note| format!("note: {}", quoted(note))));
    lines.extend(review.of.as_ref().map(|of| format!("of: {of}")));
    lines
}

fn written(said: &Said) -> String {
    match said {
        Said::NotApplicable => "not-applicable".to_owned(),
        Said::Value(value @ (Value::Bool(_) | Value::Count(_))) => value.to_string(),
        Said::Value(Value::Text(text)) => quoted(text),
        Said::Value(Value::List(items)) => {
            format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))
        }
    }
}
