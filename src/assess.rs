//! Assessing: resolve questions, judge requirements, score, and write the record.
//!
//! Everything here is pure. It knows no network, file system or clock: the same evidence, answers, questionnaires and day
//! give a byte-identical record on any machine, years later.

mod judge;
mod reasons;
pub mod record;
mod resolve;
mod score;
mod steps;
mod test;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::answers::Answers;
use crate::evidence::Evidence;
use crate::questionnaire::{Model, Questionnaires, Requirement, logic};
use judge::{Judgement, Resolutions, judge};
use record::{
    ASSESSMENT_SCHEMA, AnswersInput, Assessment, Basis, Engine, EvidenceInput, Finding, Inputs, ModelResult, Outcome,
    QuestionResult, QuestionnairesInput, Reason, WaiverShown,
};
use resolve::resolve;

/// Assesses a subject under some models, as of a day.
///
/// The only error is that a document cannot be written as JSON, which the types exclude.
pub fn assess(
    evidence: &Evidence,
    answers: Option<&Answers>,
    questionnaires: &Questionnaires,
    models: &[&Model],
    as_of: NaiveDate,
) -> Result<Assessment, serde_json::Error> {
    let asked: BTreeSet<&str> =
        models.iter().flat_map(|model| &model.requirements).flat_map(Requirement::questions).collect();
    let questions: Vec<_> =
        questionnaires.questions().iter().filter(|question| asked.contains(question.id.as_str())).collect();
    let resolutions: Resolutions<'_> = questions
        .iter()
        .map(|question| {
            let answer = answers.and_then(|answers| answers.answers.get(&question.id));
            let (review, trusted) = answers.and_then(|answers| answers.review(&question.id)).unzip();
            (question.id.as_str(), resolve(question, evidence, answer, review, trusted.unwrap_or_default(), as_of))
        })
        .collect();
    let results: Vec<QuestionResult> = questions
        .iter()
        .filter_map(|question| {
            Some(reasons::question_result(question, resolutions.get(question.id.as_str())?, evidence, as_of))
        })
        .collect();
    let by_id: BTreeMap<&str, &QuestionResult> = results.iter().map(|result| (result.id.as_str(), result)).collect();
    let models = models
        .iter()
        .map(|model| model_result(model, questionnaires.model_digest(&model.id), &resolutions, &by_id, answers, as_of))
        .collect();
    let contradictions =
        results.iter().filter(|result| result.basis == Basis::Contradicted).map(|result| result.id.clone()).collect();
    let mut record = Assessment {
        schema: ASSESSMENT_SCHEMA.to_owned(),
        subject: evidence.subject.clone(),
        as_of,
        engine: Engine { name: "seaworthy".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        inputs: inputs(evidence, answers, questionnaires)?,
        models,
        questions: results,
        contradictions,
        previous: None,
        digest: String::new(),
        other: BTreeMap::new(),
    };
    record.digest = record.computed_digest()?;
    Ok(record)
}

fn inputs(
    evidence: &Evidence,
    answers: Option<&Answers>,
    questionnaires: &Questionnaires,
) -> Result<Inputs, serde_json::Error> {
    let known = evidence.observations.iter().filter(|observation| observation.state.is_known()).count();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(Inputs {
        evidence: EvidenceInput {
            digest: evidence.digest()?,
            collected_at: evidence.collected_at,
            access: evidence.access,
            api_requests: evidence.api_requests,
            collector: evidence.collector.clone(),
            known: number(known),
            total: number(evidence.observations.len()),
            remarks: evidence.remarks.clone(),
        },
        answers: answers.map(|answers| AnswersInput {
            digest: answers.digest.clone(),
            count: number(answers.answers.len()),
            reviews: answers.reviews_digest.clone(),
        }),
        questionnaires: QuestionnairesInput { digest: questionnaires.digest().to_owned() },
    })
}

fn model_result(
    model: &Model,
    digest: &str,
    resolutions: &Resolutions<'_>,
    questions: &BTreeMap<&str, &QuestionResult>,
    answers: Option<&Answers>,
    as_of: NaiveDate,
) -> ModelResult {
    let findings: Vec<Finding> = model
        .requirements
        .iter()
        .map(|requirement| {
            let judgement = judge(requirement, resolutions, as_of);
            let waiver = waiver(&model.id, requirement, answers, as_of);
            let mut finding = finding(requirement, &judgement, waiver, questions);
            finding.next = steps::next(&finding, questions);
            finding
        })
        .collect();
    let maturity = score::maturity(model, &findings);
    ModelResult {
        id: model.id.clone(),
        title: model.title.clone(),
        version: model.version.clone(),
        source: model.source.clone(),
        digest: digest.to_owned(),
        maturity,
        coverage: score::coverage(&findings),
        levels: score::levels(model, &findings),
        areas: score::areas(model, &findings),
        next_steps: steps::next_steps(maturity, &findings, questions),
        reveals: steps::reveals(&findings, questions),
        findings,
    }
}

fn finding(
    requirement: &Requirement,
    judgement: &Judgement,
    waiver: Option<WaiverShown>,
    questions: &BTreeMap<&str, &QuestionResult>,
) -> Finding {
    let open = matches!(judgement.outcome, Outcome::Unmet | Outcome::Partly | Outcome::Unknown);
    let waived = open && waiver.as_ref().is_some_and(|waiver| !waiver.ended);
    let deciding: Vec<&QuestionResult> =
        judgement.deciding.iter().filter_map(|id| questions.get(id.as_str()).copied()).collect();
    Finding {
        requirement: requirement.id.clone(),
        area: requirement.area.clone(),
        levels: requirement.levels.clone(),
        from_level: requirement.from_level(),
        demands: requirement.demands.clone(),
        outcome: judgement.outcome,
        basis: if waived { Basis::Waived } else { judgement.basis },
        certainty: judgement.certainty,
        verified: matches!(judgement.verified, Outcome::Met | Outcome::NotApplicable)
            && matches!(judgement.outcome, Outcome::Met | Outcome::NotApplicable),
        possible: !matches!(judgement.possible, Outcome::Unmet | Outcome::Partly),
        questions: requirement.questions().into_iter().map(str::to_owned).collect(),
        decided_by: judgement.deciding.clone(),
        reasons: told_once(&deciding),
        next: None,
        valid_until: judgement.valid_until,
        waiver,
        maps: requirement.maps.clone(),
    }
}

/// The reasons of several questions. What two of them have in common is told with the first.
fn told_once(questions: &[&QuestionResult]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for reason in questions.iter().flat_map(|question| &question.reasons) {
        if !reasons.iter().any(|told| told.text == reason.text && told.source == reason.source) {
            reasons.push(reason.clone());
        }
    }
    reasons
}

fn waiver(model: &str, requirement: &Requirement, answers: Option<&Answers>, as_of: NaiveDate) -> Option<WaiverShown> {
    let waiver = answers?.waivers.get(&format!("{model}/{}", requirement.id))?;
    Some(WaiverShown {
        reason: waiver.reason.clone(),
        by: waiver.by.clone(),
        until: waiver.until,
        ended: waiver.until < as_of,
    })
}
