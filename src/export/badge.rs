//! `.bestpractices.json`: statuses and justifications for the criteria of the OpenSSF Best Practices Badge.
//!
//! A status follows from answers alone, by the conditions of the badge's models. Where a criterion's own question is answered,
//! that goes before an answer by which it would not apply.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::{Exported, NoExport, Source};
use crate::answers::Answer;
use crate::assess::{badge_counts, badge_lacks, said_passes};
use crate::import::{Status, badge_criterion, badge_requirements};
use crate::questionnaire::logic::{Truth, evaluate};
use crate::questionnaire::{Condition, Requirement};

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
    let mut lacking: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for requirement in badge_requirements(source.questionnaires) {
        let Some((status, questions)) = follows(requirement, source, remarks) else { continue };
        let answers: Vec<&Answer> =
            questions.iter().filter_map(|question| standing(source, question, remarks)).collect();
        let justification = justification(&answers);
        let criterion = badge_criterion(requirement);
        let of_levels = requirement.rules.values().filter(|rules| !badge_counts(status, **rules, &justification));
        let lacks: BTreeSet<&str> = of_levels.filter_map(|rules| badge_lacks(status, *rules)).collect();
        // A text with an address is a justification too.
        if let Some(lacks) = lacks.into_iter().max() {
            lacking.entry(lacks).or_default().push(criterion.clone());
        }
        used.extend(questions);
        statuses.insert(criterion, (status, justification));
    }
    for (lacks, criteria) in lacking {
        remarks.insert(format!("the badge does not count these before they have {lacks}: {}", criteria.join(", ")));
    }
    statuses
}

/// The status that follows from answers, with the questions that decide it.
fn follows(
    requirement: &Requirement,
    source: &Source<'_>,
    remarks: &mut BTreeSet<String>,
) -> Option<(Status, Vec<String>)> {
    let mut truth = |condition: &Condition| {
        let evaluated = evaluate(condition, &mut |leaf| {
            let answer = standing(source, &leaf.name, remarks);
            (answer.map_or(Truth::Unknown, |answer| said_passes(leaf, &answer.said, source.as_of)), 0)
        });
        let questions: BTreeSet<String> = evaluated.names(condition).into_iter().map(str::to_owned).collect();
        (evaluated.truth, questions.into_iter().collect())
    };
    let condition = requirement.met_when()?;
    let (met, questions) = truth(condition);
    let own = matches!(condition, Condition::Leaf(_));
    if met == Truth::True || (met == Truth::False && own) {
        return Some((if met == Truth::True { Status::Met } else { Status::Unmet }, questions));
    }
    if let Some((Truth::True, questions)) = requirement.not_applicable_when.as_ref().map(&mut truth) {
        return Some((Status::NotApplicable, questions));
    }
    let status = match met {
        Truth::False => Status::Unmet,
        Truth::NotApplicable => Status::NotApplicable,
        Truth::True | Truth::Unknown => return None,
    };
    Some((status, questions))
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
