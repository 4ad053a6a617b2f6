//! What is to be done, as reports show it: contradictions, steps, unknowns and answers that run out.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::finding::{FindingRef, FindingView, ReasonView, is_unknown};
use super::model::{AnchorMap, ModelView};
use super::words;
use crate::assess::record::{Assessment, Basis, ModelResult, QuestionResult, Reason};
use crate::report::escape::{clean, web_link};

/// How many answers that are still valid are listed with the day on which they run out.
const ANSWERS_SHOWN: usize = 10;

/// A question whose answer is disproved by what was observed, or which something speaks against.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ContradictionView {
    /// Id of the question.
    pub question: String,
    /// The question as a person is asked.
    pub ask: String,
    /// What the maintainers answered.
    pub answered: Option<String>,
    /// Who answered.
    pub by: Option<String>,
    /// On which day: `2026-03-01`.
    pub on: Option<String>,
    /// Why, in the words of the maintainers.
    pub because: Option<String>,
    /// What the maintainers point to.
    pub evidence: Vec<LinkView>,
    /// What was observed.
    pub observed: Option<String>,
    /// What was found, and where.
    pub reasons: Vec<ReasonView>,
    /// The requirements that it decides, of all models.
    pub requirements: Vec<FindingRef>,
    /// How to put it right.
    pub how: String,
}

/// An address, or text in place of one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LinkView {
    /// The address as it was given.
    pub text: String,
    /// Only ever an http or https address.
    pub link: Option<String>,
}

/// One step towards the next level.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StepView {
    /// Counted from 1.
    pub number: usize,
    /// correct, answer, reveal, prove or fix
    pub kind: &'static str,
    /// What that kind of step is.
    pub kind_meaning: &'static str,
    /// What it needs, to follow the word "needs": `a fix`, `an answer`.
    pub needs: &'static str,
    /// Id of the question.
    pub question: String,
    /// The question as a person is asked.
    pub ask: String,
    /// What to do.
    pub how: String,
    /// small, medium or large
    pub effort: String,
    /// The requirements that wait for it.
    pub requirements: Vec<RequirementRef>,
    /// The level that it helps to reach.
    pub level: u32,
}

/// The id of a requirement, with its place in the report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RequirementRef {
    /// Id of the requirement.
    pub id: String,
    /// Name for links inside the report.
    pub anchor: String,
}

/// Requirements that one thing would settle.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UnknownGroup {
    /// `A token with "administration: read" could settle 2 requirements.`
    pub sentence: String,
    /// permission, renewal, retry, platform or answer
    pub kind: &'static str,
    /// The permission that is missing; only of kind permission.
    pub permission: Option<String>,
    /// How many requirements.
    pub count: usize,
    /// The requirements.
    pub requirements: Vec<FindingRef>,
    /// What could not be read; only of kinds permission and retry.
    pub missing: Vec<String>,
}

/// An answer that has run out, or runs out next.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DueView {
    /// Id of the question.
    pub question: String,
    /// The question as a person is asked.
    pub ask: String,
    /// The answer; none where it is that the question does not apply.
    pub answered: Option<String>,
    /// Who answered.
    pub by: String,
    /// `2026-03-01`
    pub on: String,
    /// `2027-03-01`
    pub until: String,
    /// `in 97 days`, counted from the day of the assessment.
    pub when: String,
    /// Whether it has run out.
    pub lapsed: bool,
}

/// The contradictions of the record, with the requirements of all models that they decide.
pub(super) fn contradictions(record: &Assessment, models: &[ModelView]) -> Vec<ContradictionView> {
    let questions = record.contradictions.iter().filter_map(|id| record.question(id));
    questions.map(|question| contradiction(question, models)).collect()
}

/// The questions of the record whose answer a sign or a reviewer speaks against.
pub(super) fn disputes(record: &Assessment, models: &[ModelView]) -> Vec<ContradictionView> {
    let questions = record.questions.iter().filter(|question| question.basis == Basis::Disputed);
    questions.map(|question| contradiction(question, models)).collect()
}

/// Whether a reason is more than the answer itself.
fn is_no_answer(reason: &Reason) -> bool {
    !reason.source.as_ref().is_some_and(|source| source.starts_with("answer by "))
}

fn contradiction(question: &QuestionResult, models: &[ModelView]) -> ContradictionView {
    let id = clean(&question.id);
    let answer = question.answer.as_ref();
    let said_inapplicable = answer.is_some_and(|answer| answer.not_applicable);
    ContradictionView {
        ask: clean(&question.ask),
        answered: if said_inapplicable {
            Some("does not apply".to_owned())
        } else {
            question.answered.as_ref().map(|value| clean(&value.to_string()))
        },
        by: answer.map(|answer| clean(&answer.by)),
        on: answer.map(|answer| answer.on.to_string()),
        because: answer.and_then(|answer| answer.because.as_deref()).map(clean),
        evidence: answer
            .map(|answer| answer.evidence.iter().map(|address| LinkView::new(address)).collect())
            .unwrap_or_default(),
        observed: question.observed.as_ref().map(|value| clean(&value.to_string())),
        reasons: question
            .reasons
            .iter()
            .filter(|reason| is_no_answer(reason))
            .map(|reason| ReasonView::new(reason))
            .collect(),
        requirements: models
            .iter()
            .flat_map(|model| &model.findings)
            .filter(|finding| finding.questions.contains(&id))
            .map(FindingView::reference)
            .collect(),
        how: clean(&question.how),
        question: id,
    }
}

impl LinkView {
    pub(super) fn new(address: &str) -> Self {
        Self { text: clean(address), link: web_link(address) }
    }
}

pub(super) fn steps(model: &ModelResult, anchors: &AnchorMap) -> Vec<StepView> {
    model
        .next_steps
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let step_words = words::step_words(step.kind);
            StepView {
                number: index + 1,
                kind: step_words.kind,
                kind_meaning: step_words.meaning,
                needs: step_words.needs,
                question: clean(&step.question),
                ask: clean(&step.ask),
                how: clean(&step.how),
                effort: clean(&step.effort),
                requirements: step
                    .requirements
                    .iter()
                    .map(|id| RequirementRef { id: clean(id), anchor: anchors.get(id).cloned().unwrap_or_default() })
                    .collect(),
                level: step.level,
            }
        })
        .collect()
}

/// What a group of kind other than permission is about: kind, singular of what would settle it.
const OTHER_GROUPS: [(&str, &str); 4] = [
    ("renewal", "Renewing answers that have run out"),
    ("retry", "Collecting again, where reading failed,"),
    ("platform", "Collecting from GitHub instead of a checkout"),
    ("answer", "Answers of the maintainers"),
];

/// First what permissions would reveal; then each other unknown requirement once, by what would settle it.
pub(super) fn unknown_groups(model: &ModelResult, findings: &[FindingView], record: &Assessment) -> Vec<UnknownGroup> {
    let mut placed = BTreeSet::new();
    let mut groups = Vec::new();
    for reveal in &model.reveals {
        let ids: BTreeSet<String> = reveal.requirements.iter().map(|id| clean(id)).collect();
        let requirements: Vec<FindingRef> =
            findings.iter().filter(|finding| ids.contains(&finding.id)).map(FindingView::reference).collect();
        placed.extend(ids);
        let permission = clean(&reveal.permission);
        groups.push(UnknownGroup {
            sentence: format!(
                "A token with \"{permission}\" could settle {}.",
                words::plural(requirements.len(), "requirement")
            ),
            kind: "permission",
            count: requirements.len(),
            missing: reveal.keys.iter().map(|key| clean(key)).collect(),
            permission: Some(permission),
            requirements,
        });
    }
    let rest: Vec<(&FindingView, &'static str)> = findings
        .iter()
        .filter(|finding| is_unknown(finding) && !placed.contains(&finding.id))
        .map(|finding| (finding, settled_by(finding, record)))
        .collect();
    for (kind, start) in OTHER_GROUPS {
        let members: Vec<&FindingView> =
            rest.iter().filter(|(_, settled)| *settled == kind).map(|(finding, _)| *finding).collect();
        if members.is_empty() {
            continue;
        }
        let could = if kind == "answer" && members.len() == 1 { "An answer of the maintainers" } else { start };
        groups.push(UnknownGroup {
            sentence: format!("{could} could settle {}.", words::plural(members.len(), "requirement")),
            kind,
            permission: None,
            count: members.len(),
            requirements: members.iter().map(|finding| finding.reference()).collect(),
            missing: if kind == "retry" { unread(&members, record) } else { Vec::new() },
        });
    }
    groups
}

/// The kind of group that an unknown requirement belongs to.
fn settled_by(finding: &FindingView, record: &Assessment) -> &'static str {
    if finding.basis == Basis::Lapsed.word() {
        return "renewal";
    }
    let has_state = |state: &str| {
        // Whether criteria hold is never seen.
        let seen = questions_of(finding, record).filter(|question| question.criteria.is_empty());
        seen.into_iter().any(|question| question.unknown.iter().any(|unknown| unknown.state == state))
    };
    if has_state("failed") {
        "retry"
    } else if record.inputs.evidence.access == crate::evidence::Access::Checkout && has_state("unavailable") {
        "platform"
    } else {
        "answer"
    }
}

fn questions_of<'a>(
    finding: &'a FindingView,
    record: &'a Assessment,
) -> impl Iterator<Item = &'a QuestionResult> + use<'a> {
    record.questions.iter().filter(|question| finding.questions.contains(&clean(&question.id)))
}

/// What could not be read for these findings, each once.
fn unread(findings: &[&FindingView], record: &Assessment) -> Vec<String> {
    let mut seen = BTreeSet::new();
    findings
        .iter()
        .flat_map(|finding| questions_of(finding, record))
        .flat_map(|question| &question.unknown)
        .filter(|unknown| seen.insert(unknown.key.as_str()))
        .map(|unknown| clean(&format!("{}: {}", unknown.title, unknown.reason)))
        .collect()
}

/// All answers that have run out, and the next that will, the earliest first.
pub(super) fn due(record: &Assessment) -> Vec<DueView> {
    let mut answered: Vec<_> =
        record.questions.iter().filter_map(|question| Some((question, question.answer.as_ref()?))).collect();
    answered.sort_by(|(left, left_answer), (right, right_answer)| {
        (left_answer.until, &left.id).cmp(&(right_answer.until, &right.id))
    });
    let mut valid_shown = 0;
    answered
        .into_iter()
        .filter(|(_, answer)| {
            if answer.lapsed {
                return true;
            }
            valid_shown += 1;
            valid_shown <= ANSWERS_SHOWN
        })
        .map(|(question, answer)| DueView {
            question: clean(&question.id),
            ask: clean(&question.ask),
            answered: question.answered.as_ref().map(|value| clean(&value.to_string())),
            by: clean(&answer.by),
            on: answer.on.to_string(),
            until: answer.until.to_string(),
            when: words::days_from(record.as_of, answer.until),
            lapsed: answer.lapsed,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{View, sample};

    #[test]
    fn each_unknown_requirement_has_a_way_to_settle_it() {
        let view = View::new(&sample::record());
        let model = &view.models[0];
        let settled: BTreeSet<&str> =
            model.unknowns.iter().flat_map(|group| &group.requirements).map(|finding| finding.id.as_str()).collect();
        let unknown: Vec<&str> =
            model.findings.iter().filter(|finding| is_unknown(finding)).map(|finding| finding.id.as_str()).collect();
        assert!(!unknown.is_empty());
        for id in unknown {
            assert!(settled.contains(id), "{id}");
        }
        let kinds: Vec<&str> = model.unknowns.iter().map(|group| group.kind).collect();
        assert_eq!(kinds, ["permission", "renewal", "retry", "answer"]);
        assert_eq!(model.unknowns[0].sentence, "A token with \"administration: read\" could settle 2 requirements.");
    }

    #[test]
    fn contradictions_show_both_sides() {
        let view = View::new(&sample::record());
        let first = &view.contradictions[0];
        assert_eq!(first.question, "workflows.least-privilege");
        assert_eq!((first.answered.as_deref(), first.observed.as_deref()), (Some("yes"), Some("no")));
        assert_eq!(first.requirements[0].anchor, "OSPS-AC-04.02");
    }

    #[test]
    fn answers_run_out_in_order() {
        let view = View::new(&sample::record());
        assert!(view.due[0].lapsed);
        assert!(view.due.is_sorted_by_key(|due| due.until.clone()));
        assert_eq!(view.due.iter().filter(|due| !due.lapsed).count(), ANSWERS_SHOWN);
    }
}
