//! Assessing: resolve questions, judge requirements, score, and write the record.
//!
//! Everything here is pure. It knows no network, file system or clock: the same evidence, answers, questionnaires and day
//! give a byte-identical record on any machine, years later.

mod asked;
mod audits;
mod criteria;
mod crosswalk;
mod document;
mod judge;
mod reasons;
pub mod record;
mod resolve;
mod score;
mod steps;
mod suspect;
mod test;
mod told;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::answers::{Answers, Declaration};
use crate::evidence::Evidence;
use crate::parallel;
use crate::questionnaire::{Demand, Model, Outline, Questionnaires, Requirement, Scoring, logic};
pub(crate) use judge::said_passes;
use judge::{Judgement, Readings, Resolutions, judge, judge_by_level};
use record::{
    ASSESSMENT_SCHEMA, AnswersInput, Assessment, Basis, DeclaredInput, Engine, EvidenceInput, Finding, Inputs,
    ModelResult, Outcome, QuestionResult, QuestionnairesInput, Reason, WaiverShown,
};
use resolve::resolve;
use score::Judged;
pub(crate) use score::{BadgeStatus, badge_counts, badge_lacks};
use told::Told;

/// What questions come to, by id. It is looked up and never walked, so that its order does not matter.
type Results<'r> = HashMap<&'r str, &'r QuestionResult>;

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
    let told = answers.map(|answers| Told::of(answers, questionnaires, evidence, as_of));
    let questions = asked::with_conditions(needed(models), questionnaires);
    let resolutions: Resolutions<'_> = asked::resolve_all(&questions, evidence, as_of, |question| {
        let answer = told.as_ref().and_then(|told| told.answer(&question.id));
        let (review, trusted) = answers.and_then(|answers| answers.review(&question.id)).unzip();
        resolve(question, evidence, answer, review, trusted.unwrap_or_default(), as_of)
    });
    let results = parallel::each(&questions, |question| {
        let declared = told.as_ref().and_then(|told| told.declaration(&question.id));
        let resolution = resolutions.get(question.id.as_str())?;
        let mut result = reasons::question_result(question, resolution, declared, evidence, as_of);
        result.asks_first.retain(|id| resolutions.contains_key(id.as_str()));
        Some(result)
    });
    let results: Vec<QuestionResult> = results.into_iter().flatten().collect();
    let by_id: Results<'_> = results.iter().map(|result| (result.id.as_str(), result)).collect();
    let related = if models.len() > 1 { Some(questionnaires.related()) } else { None };
    let models = parallel::each(models, |model| {
        let digest = questionnaires.model_digest(&model.id);
        let documents = model.documents.iter().map(|outline| document::shown(outline, evidence)).collect();
        let mut result = ModelResult { documents, ..model_result(model, digest, &resolutions, &by_id, answers, as_of) };
        if let Some(related) = related {
            crosswalk::add(&mut result, models, related);
        }
        result
    });
    let contradictions =
        results.iter().filter(|result| result.basis == Basis::Contradicted).map(|result| result.id.clone()).collect();
    let mut record = Assessment {
        schema: ASSESSMENT_SCHEMA.to_owned(),
        subject: evidence.subject.clone(),
        as_of,
        engine: Engine::this(),
        inputs: inputs(evidence, told.as_ref(), questionnaires)?,
        models,
        questions: results,
        audits: audits::shown(answers, evidence, as_of),
        contradictions,
        conduct: answers.and_then(Answers::conduct).map(|(conduct, vouched)| document::conduct_shown(conduct, vouched)),
        kept: None,
        previous: None,
        digest: String::new(),
        other: BTreeMap::new(),
    };
    record.digest = record.computed_digest()?;
    Ok(record)
}

/// Ids of the questions that decide requirements of some models, or stand in their documents.
fn needed<'m>(models: &[&'m Model]) -> HashSet<&'m str> {
    let asked = models.iter().flat_map(|model| &model.requirements).flat_map(Requirement::questions);
    let shown = models.iter().flat_map(|model| &model.documents).flat_map(Outline::questions);
    asked.chain(shown).collect()
}

fn inputs(
    evidence: &Evidence,
    told: Option<&Told<'_>>,
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
        answers: told.map(|told| AnswersInput {
            digest: told.answers.digest.clone(),
            count: number(told.answers.answers.len()),
            reviews: told.answers.reviews_digest.clone(),
            declared: declared_inputs(told),
        }),
        questionnaires: QuestionnairesInput { digest: questionnaires.digest().to_owned() },
    })
}

/// The files that declare answers, and how many of those count.
fn declared_inputs(told: &Told<'_>) -> Vec<DeclaredInput> {
    let input = |file: &Declaration| DeclaredInput {
        path: file.path.clone(),
        digest: file.digest.clone(),
        count: u32::try_from(told.declared_by(&file.path)).unwrap_or(u32::MAX),
    };
    told.answers.declarations.iter().map(input).collect()
}

fn model_result(
    model: &Model,
    digest: &str,
    resolutions: &Resolutions<'_>,
    questions: &Results<'_>,
    answers: Option<&Answers>,
    as_of: NaiveDate,
) -> ModelResult {
    let waiver_of = |requirement| waiver(&model.id, requirement, answers, as_of);
    let (by_level, by_questions): (Vec<&Requirement>, Vec<&Requirement>) =
        model.requirements.iter().partition(|requirement| matches!(requirement.met, Demand::LevelReached(_)));
    let mut judged: Vec<Judged<'_>> = by_questions
        .into_iter()
        .map(|requirement| {
            let judgement = judge(requirement, resolutions, as_of);
            let finding = finding(requirement, &judgement, waiver_of(requirement), questions);
            Judged { requirement, judgement, finding }
        })
        .collect();
    // Those that ask for another level come after what that level rests on, the lowest first.
    for requirement in by_level {
        let Demand::LevelReached(level) = requirement.met else { continue };
        let judgement = judge_by_level(level, score::reached(model, &judged));
        let finding = finding(requirement, &judgement, waiver_of(requirement), questions);
        judged.push(Judged { requirement, judgement, finding });
    }
    let place =
        |requirement: &Requirement| model.requirements.iter().position(|other| std::ptr::eq(other, requirement));
    judged.sort_by_cached_key(|judged| place(judged.requirement));
    let maturity = score::maturity(model, &judged);
    let blocking: Vec<(&Finding, Option<&str>)> = judged
        .iter()
        .filter(|judged| score::blocks(model, judged, maturity.verified + 1))
        .map(|judged| (&judged.finding, judged.requirement.advice.as_deref()))
        .collect();
    let next_steps = steps::next_steps(maturity, &blocking, questions);
    let targets = answers.and_then(|answers| answers.targets.get(&model.id));
    let (coverage, scores) = (score::coverage(&judged), score::scores(model, &judged, targets));
    let (levels, areas) = (score::levels(model, &judged), score::areas(model, &judged));
    let findings: Vec<Finding> = judged.into_iter().map(|judged| with_worth(model, judged)).collect();
    ModelResult {
        id: model.id.clone(),
        title: model.title.clone(),
        version: model.version.clone(),
        source: model.source.clone(),
        digest: digest.to_owned(),
        scoring: model.scoring.word().to_owned(),
        extends: model.derived.clone(),
        maturity,
        scores,
        coverage,
        levels,
        areas,
        next_steps,
        reveals: steps::reveals(&findings, questions),
        findings,
        documents: Vec::new(),
    }
}

/// The finding, with what it is worth where the model adds that up.
fn with_worth(model: &Model, judged: Judged<'_>) -> Finding {
    let worth = (model.scoring == Scoring::AveragedPractices).then(|| judged.judgement.worth.into());
    Finding { worth, ..judged.finding }
}

fn finding(
    requirement: &Requirement,
    judgement: &Judgement,
    waiver: Option<WaiverShown>,
    questions: &Results<'_>,
) -> Finding {
    let open = matches!(judgement.outcome, Outcome::Unmet | Outcome::Partly | Outcome::Unknown);
    let waived = open && waiver.as_ref().is_some_and(|waiver| !waiver.ended);
    let deciding: Vec<&QuestionResult> =
        judgement.deciding.iter().filter_map(|id| questions.get(id.as_str()).copied()).collect();
    let outcomes = Readings { verified: judgement.verified, claimed: judgement.outcome, possible: judgement.possible };
    let mut finding = Finding {
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
        counts: score::counted(requirement, outcomes, || justification(&deciding)),
        worth: None,
        maps: requirement.maps.clone(),
        also: Vec::new(),
    };
    finding.next = steps::next(&finding, requirement.advice.as_deref(), questions);
    finding
}

/// All that is said for what these questions come to, and where it can be seen.
fn justification(questions: &[&QuestionResult]) -> String {
    let mut texts: Vec<&str> = Vec::new();
    for question in questions {
        if let Some(answer) = &question.answer {
            texts.extend(answer.because.as_deref());
            texts.extend(answer.evidence.iter().map(String::as_str));
        }
        if question.observed.is_some() {
            texts.extend(
                question
                    .reasons
                    .iter()
                    .flat_map(|reason| [Some(reason.text.as_str()), reason.link.as_deref()])
                    .flatten(),
            );
        }
    }
    texts.join(" ")
}

/// The reasons of several questions. What two of them have in common is told with the first.
fn told_once(questions: &[&QuestionResult]) -> Vec<Arc<Reason>> {
    let mut reasons: Vec<Arc<Reason>> = Vec::new();
    for reason in questions.iter().flat_map(|question| &question.reasons) {
        if !reasons.iter().any(|told| told.text == reason.text && told.source == reason.source) {
            reasons.push(Arc::clone(reason));
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
