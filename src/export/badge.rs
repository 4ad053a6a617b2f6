//! `.bestpractices.json`: statuses and justifications for the criteria of the OpenSSF Best Practices Badge.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::{Exported, NoExport, Source};
use crate::answers::{Answer, Said};
use crate::evidence::Value;
use crate::import::{Confidence, Format, Mapping, Status, Test, badge_criterion, badge_model, demanded};

/// The badge reads no larger file, in bytes.
const MOST_BYTES: usize = 50 * 1024;
/// The longest justification that the badge takes is 8192 characters.
const LONGEST_JUSTIFICATION: usize = 8000;

/// Writes the criteria whose status follows from answers. A criterion that does not follow is left out: nothing becomes `?`.
///
/// # Errors
///
/// The base is no JSON object.
pub fn best_practices(source: &Source<'_>) -> Result<Exported, NoExport> {
    let mut remarks = BTreeSet::new();
    let mut used = BTreeSet::new();
    let statuses = statuses(source, &mut used, &mut remarks);
    let mut file = base(source)?;
    for (criterion, (status, justification)) in statuses {
        let key = format!("{criterion}_status");
        let said = file.get(&key).and_then(Json::as_str).map(str::to_owned);
        if let Some(said) = said.filter(|said| !matches!(said.as_str(), "" | "?")) {
            if !said.eq_ignore_ascii_case(status.word()) {
                remarks
                    .insert(format!("{criterion} is {said} in the file, {} by the answers; it stays", status.word()));
            }
            continue;
        }
        file.insert(key, status.word().into());
        let key = format!("{criterion}_justification");
        let has_one = file.get(&key).and_then(Json::as_str).is_some_and(|old| !old.trim().is_empty());
        if !has_one && !justification.is_empty() {
            file.insert(key, justification.into());
        }
    }
    let text = format!("{:#}\n", Json::Object(file));
    if text.len() > MOST_BYTES {
        remarks.insert(format!("the file has {} bytes; the badge reads at most {MOST_BYTES}", text.len()));
    }
    Ok(Exported { text, answers: used.len(), remarks: remarks.into_iter().collect() })
}

fn base(source: &Source<'_>) -> Result<Map<String, Json>, NoExport> {
    let Some((name, text)) = source.base else { return Ok(Map::new()) };
    match serde_json::from_str(text) {
        Ok(Json::Object(fields)) => Ok(fields),
        Ok(_) => Err(NoExport::Base(format!("{name} is no JSON object"))),
        Err(error) => Err(NoExport::Base(format!("{name}: {error}"))),
    }
}

/// The criteria that follow from answers, with their justifications.
fn statuses(
    source: &Source<'_>,
    used: &mut BTreeSet<String>,
    remarks: &mut BTreeSet<String>,
) -> BTreeMap<String, (Status, String)> {
    let mut statuses = BTreeMap::new();
    for requirement in badge_model(source.questionnaires).map_or(&[][..], |model| &model.requirements) {
        let questions = demanded(requirement);
        let answers: Option<Vec<&Answer>> =
            questions.iter().map(|question| standing(source, question, remarks)).collect();
        let Some(answers) = answers.filter(|answers| !answers.is_empty()) else { continue };
        let Some(status) = joined(&answers) else { continue };
        used.extend(questions);
        statuses.insert(badge_criterion(requirement), (status, justification(&answers)));
    }
    let mapping = Mapping::of(Format::BestPractices);
    for rule in mapping.rules.iter().filter(|rule| rule.confidence == Confidence::Certain) {
        let Test::Is(words) = &rule.test else { continue };
        let Some(answer) = standing(source, &rule.question, remarks) else { continue };
        let status =
            [Status::Met, Status::Unmet].into_iter().find(|status| words.iter().any(|word| word == status.word()));
        if let Some(status) = status.filter(|_| answer.said == rule.said) {
            used.insert(rule.question.clone());
            statuses.insert(rule.name.clone(), (status, justification(&[answer])));
        }
    }
    statuses
}

fn standing<'a>(source: &Source<'a>, question: &str, remarks: &mut BTreeSet<String>) -> Option<&'a Answer> {
    match source.standing(question)? {
        Ok(answer) => Some(answer),
        Err(why) => {
            remarks.insert(why);
            None
        }
    }
}

/// The status of a requirement, all of whose questions are answered.
fn joined(answers: &[&Answer]) -> Option<Status> {
    let is = |value: bool| Said::Value(Value::Bool(value));
    if answers.iter().any(|answer| answer.said == is(false)) {
        return Some(Status::Unmet);
    }
    if answers.iter().all(|answer| answer.said == Said::NotApplicable) {
        return Some(Status::NotApplicable);
    }
    let met = |answer: &&Answer| answer.said == is(true) || answer.said == Said::NotApplicable;
    answers.iter().all(met).then_some(Status::Met)
}

/// The justifications of answers, with the links that they do not name already.
fn justification(answers: &[&Answer]) -> String {
    let mut text = String::new();
    for answer in answers {
        for part in answer.because.iter().chain(&answer.evidence) {
            if !text.contains(part.as_str()) {
                text.push_str(if text.is_empty() { "" } else { " " });
                text.push_str(part);
            }
        }
    }
    text.chars().take(LONGEST_JUSTIFICATION).collect()
}
