//! Changing an answers file as a careful person would: every comment, the order, quotes, indentation and blank lines of
//! all else stay as they are, byte for byte.
//!
//! A change is spliced into the text at the positions of its nodes. The result is then read again: where it does not
//! say exactly what was meant, the change is refused and the text stays as it was.

mod confidential;
pub(super) mod entries;
mod splice;
pub(crate) mod write;

use super::{
    Answer, Answers, Attachment, Audit, Conflict, Count, CriteriaHeld, Person, Respondent, Review, Said, Verdict,
    Waiver,
};
use crate::evidence::Value;
use crate::questionnaire::Questionnaires;
use crate::yaml::{Document, Problem, Severity};
use splice::{comment, fill_in, has_entry, put, remove};
use write::{Yaml, key_text};

pub(crate) use confidential::leave_out;
pub(crate) use splice::has_comment_for;

/// A change of an answers file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Puts an answer to a question in the place of the one before, of the comments that stand for it, or at the end.
    Answer { question: String, answer: Answer },
    /// Puts a review of the answer to a question.
    Review { question: String, review: Review },
    /// Puts a waiver of a requirement, named as `model/requirement`.
    Waiver { requirement: String, waiver: Waiver },
    /// Puts an audit into the register.
    Audit { id: String, audit: Audit },
    /// Adds comment lines at the end of the answers. Each line is empty or begins with `#`.
    Comments(String),
}

/// Why a file was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It has errors, which come first.
    #[error("the answers file has errors")]
    Invalid(Vec<Problem>),
    /// What is to be written is no valid entry, or holds characters that no file should.
    #[error("{0}")]
    Unfit(String),
    /// The way in which the file is written leaves no place for the change.
    #[error("the answers file cannot be changed by program: {0}")]
    Refused(String),
}

/// The text with all changes, or the reason why it stays as it is.
pub fn apply(text: &str, edits: &[Edit], questionnaires: &Questionnaires) -> Result<String, EditError> {
    edits.iter().try_fold(text.to_owned(), |text, edit| apply_one(&text, edit, questionnaires))
}

/// The comments that stand for an answer: lines with `##` that explain it, and the answer's own with `#`, ready to be
/// uncommented.
pub fn as_comments(question: &str, answer: &Answer, explanation: &[String]) -> Result<String, EditError> {
    let fields = answer_fields(answer)?;
    let whole = Yaml::Map(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect());
    let explained = explanation.iter().flat_map(|text| textwrap::wrap(text, COMMENT_WIDTH));
    let explained = explained.fold(String::new(), |text, line| text + "## " + line.trim_end() + "\n");
    let entry = format!("{}:{}", key_text(question), whole.block(0));
    Ok(entry.lines().fold(explained, |text, line| text + format!("# {line}").trim_end() + "\n"))
}

/// The width of explanations, without their indentation.
const COMMENT_WIDTH: usize = 98;

/// Reads the text of an answers file; its problems where it has errors.
fn read(text: &str, questionnaires: &Questionnaires) -> Result<Answers, Vec<Problem>> {
    let (answers, problems) = Answers::read(&Document::new("", text), questionnaires);
    answers.ok_or_else(|| problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect())
}

fn apply_one(text: &str, edit: &Edit, questionnaires: &Questionnaires) -> Result<String, EditError> {
    let before = read(text, questionnaires).map_err(EditError::Invalid)?;
    let expected = with_edit(&before, edit);
    let candidates: Vec<Result<String, String>> = match edit {
        Edit::Comments(lines) => {
            if lines.lines().any(|line| !line.is_empty() && !line.starts_with('#')) || has_controls(lines) {
                return Err(EditError::Unfit("comments are lines that begin with `#`".to_owned()));
            }
            vec![comment(text, "answers", lines)]
        }
        Edit::Answer { question, answer } => entry(text, "answers", question, &answer_fields(answer)?),
        Edit::Review { question, review } => entry(text, "reviews", question, &review_fields(review)?),
        Edit::Audit { id, audit } => entry(text, "audits", id, &audit_fields(audit)?),
        Edit::Waiver { requirement, waiver } => entry(text, "waivers", requirement, &waiver_fields(waiver)?),
    };
    let mut reason = String::new();
    for candidate in candidates {
        match candidate {
            Ok(changed) => match read(&changed, questionnaires) {
                Ok(answers) if Answers { digest: String::new(), ..answers.clone() } == expected => return Ok(changed),
                Ok(_) => reason = String::from("the result would say something else"),
                Err(problems) => {
                    reason = problems.first().map_or_else(String::new, |problem| problem.message.clone());
                }
            },
            Err(obstacle) => reason = obstacle,
        }
    }
    Err(EditError::Refused(reason))
}

/// What the file must say after a change.
fn with_edit(before: &Answers, edit: &Edit) -> Answers {
    let mut after = Answers { digest: String::new(), ..before.clone() };
    match edit {
        Edit::Answer { question, answer } => {
            after.answers.insert(question.clone(), answer.clone());
        }
        Edit::Review { question, review } => {
            after.reviews.insert(question.clone(), review.clone());
        }
        Edit::Waiver { requirement, waiver } => {
            after.waivers.insert(requirement.clone(), waiver.clone());
        }
        Edit::Audit { id, audit } => {
            after.audits.insert(id.clone(), audit.clone());
        }
        Edit::Comments(_) => {}
    }
    after
}

/// The ways to put an entry, the best first.
fn entry(text: &str, section: &str, key: &str, fields: &[Field]) -> Vec<Result<String, String>> {
    let whole =
        Yaml::Map(fields.iter().filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?))).collect());
    let order: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    if has_entry(text, section, key) {
        let puts = fields.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let put_all = puts
            .into_iter()
            .try_fold(text.to_owned(), |text, (name, value)| put(&text, &[section, key, name], value, &order));
        let mut gone = fields.iter().filter(|(_, value)| value.is_none());
        let by_field =
            put_all.and_then(|text| gone.try_fold(text, |text, (name, _)| remove(&text, section, key, name)));
        return vec![by_field, put(text, &[section, key], &whole, &[])];
    }
    let in_comment = fill_in(text, section, key, &whole).transpose();
    in_comment.into_iter().chain([put(text, &[section, key], &whole, &[])]).collect()
}

/// A field's name, and its value where it has one.
type Field = (&'static str, Option<Yaml>);

fn answer_fields(answer: &Answer) -> Result<Vec<Field>, EditError> {
    let (value, not_applicable, because) = match &answer.said {
        Said::Value(_) if !answer.details.people.is_empty() => {
            (people(&answer.details.people)?, None, answer.because.as_deref())
        }
        Said::Value(said) => (Some(value(said)?), None, answer.because.as_deref()),
        Said::NotApplicable => (None, answer.because.as_deref(), None),
    };
    let details = &answer.details;
    let evidence: Vec<Yaml> =
        answer.evidence.iter().map(|link| line("evidence", link)).collect::<Result<_, EditError>>()?;
    Ok(vec![
        ("value", value),
        ("not_applicable", not_applicable.map(prose).transpose()?),
        ("criteria", details.criteria.as_ref().map(criteria)),
        ("because", because.map(prose).transpose()?),
        ("evidence", (!evidence.is_empty()).then_some(Yaml::List(evidence))),
        ("by", Some(line("by", &answer.by)?)),
        ("on", Some(Yaml::Word(answer.on.to_string()))),
        ("until", answer.until.map(|day| Yaml::Word(day.to_string()))),
        ("confidential", details.confidential.as_deref().map(prose).transpose()?),
        ("respondents", respondents(&details.respondents)?),
        ("attachments", attachments(&details.attachments)?),
    ])
}

fn criteria(held: &CriteriaHeld) -> Yaml {
    match held {
        CriteriaHeld::All => Yaml::Word("all".to_owned()),
        CriteriaHeld::These(numbers) if numbers.is_empty() => Yaml::Word("none".to_owned()),
        CriteriaHeld::These(numbers) => {
            Yaml::List(numbers.iter().map(|number| Yaml::Word(number.to_string())).collect())
        }
    }
}

fn respondents(respondents: &[Respondent]) -> Result<Option<Yaml>, EditError> {
    let one = |respondent: &Respondent| {
        let word = if respondent.agrees { "yes" } else { "no" };
        let note = respondent.note.as_deref().map(prose).transpose()?;
        let fields = [
            ("by", Some(line("by", &respondent.by)?)),
            ("on", Some(Yaml::Word(respondent.on.to_string()))),
            ("agrees", Some(Yaml::Word(word.to_owned()))),
            ("note", note),
        ];
        Ok(map(fields))
    };
    list(respondents.iter().map(one))
}

fn people(people: &[Person]) -> Result<Option<Yaml>, EditError> {
    let text = |name: &str, text: &Option<String>| text.as_deref().map(|text| line(name, text)).transpose();
    list(people.iter().map(|person| {
        let handle = Some(line("handle", &person.handle)?);
        Ok(map([("handle", handle), ("name", text("name", &person.name)?), ("role", text("role", &person.role)?)]))
    }))
}

fn attachments(attachments: &[Attachment]) -> Result<Option<Yaml>, EditError> {
    list(attachments.iter().map(|attachment| {
        let path = line("path", &attachment.path)?;
        Ok(map([("path", Some(path)), ("sha256", Some(line("sha256", &attachment.sha256)?))]))
    }))
}

fn map<const N: usize>(fields: [Field; N]) -> Yaml {
    Yaml::Map(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

fn list(items: impl Iterator<Item = Result<Yaml, EditError>>) -> Result<Option<Yaml>, EditError> {
    let items = items.collect::<Result<Vec<Yaml>, EditError>>()?;
    Ok((!items.is_empty()).then_some(Yaml::List(items)))
}

fn review_fields(review: &Review) -> Result<Vec<Field>, EditError> {
    let overruled = match &review.verdict {
        Verdict::Overruled(Said::Value(said)) => Some(value(said)?),
        Verdict::Overruled(Said::NotApplicable) => Some(Yaml::Word("not-applicable".to_owned())),
        Verdict::Accepted | Verdict::Challenged => None,
    };
    let conflict = (review.conflict != Conflict::None).then(|| Yaml::Word(review.conflict.word().to_owned()));
    Ok(vec![
        ("verdict", Some(Yaml::Word(review.verdict.word().to_owned()))),
        ("value", overruled),
        ("by", Some(line("by", &review.by)?)),
        ("on", Some(Yaml::Word(review.on.to_string()))),
        ("of", review.of.as_deref().map(|of| line("of", of)).transpose()?),
        ("conflict", conflict),
        ("note", review.note.as_deref().map(prose).transpose()?),
    ])
}

fn waiver_fields(waiver: &Waiver) -> Result<Vec<Field>, EditError> {
    Ok(vec![
        ("reason", Some(prose(&waiver.reason)?)),
        ("by", Some(line("by", &waiver.by)?)),
        ("until", Some(Yaml::Word(waiver.until.to_string()))),
    ])
}

fn audit_fields(audit: &Audit) -> Result<Vec<Field>, EditError> {
    let text = |name: &str, text: &Option<String>| text.as_deref().map(|text| line(name, text)).transpose();
    let number = |name: &str, number: u32| (name.to_owned(), Yaml::Word(number.to_string()));
    let count = |count: &Count| Yaml::Map(vec![number("found", count.found), number("fixed", count.fixed)]);
    let findings = audit.findings.as_ref().map(|findings| match findings.len() {
        0 => Yaml::Word("{}".to_owned()),
        _ => Yaml::Map(findings.iter().map(|(severity, of)| (severity.word().to_owned(), count(of))).collect()),
    });
    let independent = if audit.independent { "yes" } else { "no" };
    Ok(vec![
        ("auditor", text("auditor", &audit.auditor)?),
        ("independent", Some(Yaml::Word(independent.to_owned()))),
        ("finished", Some(Yaml::Word(audit.finished.to_string()))),
        ("scope", audit.scope.as_deref().map(prose).transpose()?),
        ("release", text("release", &audit.release)?),
        ("commit", text("commit", &audit.commit)?),
        ("report", text("report", &audit.report)?),
        ("findings", findings),
        ("by", Some(line("by", &audit.by)?)),
        ("on", Some(Yaml::Word(audit.on.to_string()))),
    ])
}

fn value(value: &Value) -> Result<Yaml, EditError> {
    Ok(match value {
        Value::Bool(true) => Yaml::Word("yes".to_owned()),
        Value::Bool(false) => Yaml::Word("no".to_owned()),
        Value::Count(number) => Yaml::Word(number.to_string()),
        Value::Text(text) if text.parse::<chrono::NaiveDate>().is_ok_and(|day| day.to_string() == *text) => {
            Yaml::Word(text.clone())
        }
        Value::Text(text) => prose(text)?,
        Value::List(items) => Yaml::List(items.iter().map(|item| line("value", item)).collect::<Result<_, _>>()?),
    })
}

fn has_controls(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && c != '\n' && c != '\t')
}

/// A text of one line or several.
fn prose(text: &str) -> Result<Yaml, EditError> {
    if has_controls(text) {
        return Err(EditError::Unfit("a text holds control characters".to_owned()));
    }
    match text.trim() {
        "" => Err(EditError::Unfit("a text is empty".to_owned())),
        text => Ok(Yaml::Text(text.to_owned())),
    }
}

/// A text of one line.
fn line(name: &str, text: &str) -> Result<Yaml, EditError> {
    if text.contains(['\n', '\t']) {
        return Err(EditError::Unfit(format!("`{name}` is a text of one line")));
    }
    prose(text)
}

#[cfg(test)]
mod tests;
