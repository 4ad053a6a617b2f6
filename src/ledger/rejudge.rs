//! Judging what was kept again, under other questionnaires: what did the rules change?

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::entry::Entry;
use super::error::LedgerError;
use crate::assess::assess;
use crate::assess::record::{Assessment, Basis, Finding, Maturity, ModelResult, Outcome};
use crate::questionnaire::{Model, Questionnaires, meaning};

/// A record, judged again.
#[derive(Clone, Debug)]
pub struct Rejudged {
    /// As it was recorded.
    pub before: Assessment,
    /// By the same evidence and answers, for the same day.
    pub after: Assessment,
    pub changes: Changes,
}

/// What the rules changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    pub models: Vec<ModelChange>,
    /// Models of the record that there are no longer.
    pub models_gone: Vec<String>,
    /// Questions that are asked now and were not then.
    pub questions_new: Vec<String>,
    /// Questions that were asked then and are not now.
    pub questions_gone: Vec<String>,
    /// Questions whose meaning is another one now.
    pub questions_changed: Vec<String>,
    /// What was said then and has no place now, such as `answers: ID`. It does not count.
    pub left_out: Vec<String>,
}

/// What changed under a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelChange {
    pub id: String,
    pub version_before: String,
    pub version_after: String,
    pub before: Maturity,
    pub after: Maturity,
    pub requirements_new: Vec<String>,
    pub requirements_gone: Vec<String>,
    pub findings: Vec<FindingChange>,
}

/// A finding that comes to something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingChange {
    pub requirement: String,
    pub before: (Outcome, Basis),
    pub after: (Outcome, Basis),
    /// The questions on which it rests now.
    pub decided_by: Vec<String>,
}

impl Changes {
    /// Whether the rules changed no finding and no level.
    pub fn are_none(&self) -> bool {
        let none = |model: &ModelChange| {
            model.findings.is_empty()
                && model.requirements_new.is_empty()
                && model.requirements_gone.is_empty()
                && model.before == model.after
        };
        self.models_gone.is_empty() && self.models.iter().all(none)
    }
}

/// Judges a record's evidence and answers under these questionnaires, for the day of the record and under its models.
pub fn rejudge(entry: &Entry, questionnaires: &Questionnaires) -> Result<Rejudged, LedgerError> {
    let (before, inputs) = (entry.record()?, entry.inputs()?);
    let (answers, left_out) = inputs
        .answers_that_fit(questionnaires, before.as_of)
        .map_err(|files| LedgerError::Questionnaires { path: entry.path().to_owned(), files })?;
    let models: Vec<&Model> = before.models.iter().filter_map(|model| questionnaires.model(&model.id)).collect();
    let after = assess(&inputs.evidence, answers.as_ref(), questionnaires, &models, before.as_of)?;
    let mut changes = Changes { left_out, ..changes(&before, &after) };
    if let Ok(old) = entry.questionnaires() {
        let asked = |id: &&str| after.question(id).is_some();
        let old: BTreeMap<&str, String> =
            old.questions().iter().map(|question| (question.id.as_str(), meaning(question))).collect();
        let new = questionnaires.questions().iter().map(|question| (question.id.as_str(), meaning(question)));
        let changed = new.filter(|(id, meaning)| old.get(id).is_some_and(|old| old != meaning));
        changes.questions_changed = changed.map(|(id, _)| id).filter(asked).map(str::to_owned).collect();
    }
    Ok(Rejudged { before, after, changes })
}

fn changes(before: &Assessment, after: &Assessment) -> Changes {
    let ids = |record: &Assessment| -> BTreeSet<String> {
        record.questions.iter().map(|question| question.id.clone()).collect()
    };
    let (asked_before, asked_after) = (ids(before), ids(after));
    let now = |id: &str| after.models.iter().find(|model| model.id == id);
    Changes {
        models: before.models.iter().filter_map(|model| Some(model_change(model, now(&model.id)?))).collect(),
        models_gone: before.models.iter().map(|model| model.id.clone()).filter(|id| now(id).is_none()).collect(),
        questions_new: asked_after.difference(&asked_before).cloned().collect(),
        questions_gone: asked_before.difference(&asked_after).cloned().collect(),
        questions_changed: Vec::new(),
        left_out: Vec::new(),
    }
}

fn model_change(before: &ModelResult, after: &ModelResult) -> ModelChange {
    let find = |model: &ModelResult, id: &str| -> Option<Finding> {
        model.findings.iter().find(|finding| finding.requirement == id).cloned()
    };
    let missing = |of: &ModelResult, from: &ModelResult| -> Vec<String> {
        let ids = of.findings.iter().map(|finding| finding.requirement.clone());
        ids.filter(|id| find(from, id).is_none()).collect()
    };
    let changed = after.findings.iter().filter_map(|now| {
        let then = find(before, &now.requirement)?;
        let (then, outcome) = ((then.outcome, then.basis), (now.outcome, now.basis));
        (then != outcome).then(|| FindingChange {
            requirement: now.requirement.clone(),
            before: then,
            after: outcome,
            decided_by: now.decided_by.clone(),
        })
    });
    ModelChange {
        id: after.id.clone(),
        version_before: before.version.clone(),
        version_after: after.version.clone(),
        before: before.maturity,
        after: after.maturity,
        requirements_new: missing(after, before),
        requirements_gone: missing(before, after),
        findings: changed.collect(),
    }
}
