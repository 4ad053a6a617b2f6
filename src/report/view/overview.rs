//! Several models side by side: what each comes to, which single action moves most of them, and each question once.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Bar, ModelView};
use super::words;
use crate::assess::record::{Assessment, Basis, Finding, NextStep, QuestionResult, StepKind};
use crate::report::escape::clean;

/// How many actions are listed.
const ACTIONS_SHOWN: usize = 12;

/// Several models side by side.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OverviewView {
    /// A line for each model.
    pub models: Vec<OverviewRow>,
    /// What moves most models, the most first.
    pub actions: Vec<ActionView>,
    /// How many actions there are in all.
    pub actions_total: usize,
    /// Questions that a person still has to answer, each counted once.
    pub to_answer: usize,
    /// The same, counted for each model alone and added up.
    pub to_answer_apart: usize,
    /// Each question that decides something, once.
    pub questions: Vec<QuestionView>,
}

/// What a model comes to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OverviewRow {
    /// `OSPS Baseline`
    pub title: String,
    /// The version of the source that it follows.
    pub version: String,
    /// Name for links inside the report.
    pub anchor: String,
    /// The three readings in words: `level 1`, `63 %`.
    pub readings: Vec<String>,
    /// The highest that there is: `level 3`, `100 %`.
    pub highest: String,
    /// Its requirements as a bar.
    pub bar: Bar,
    /// How many requirements could be judged.
    pub judged: u32,
    /// How many requirements there are.
    pub total: u32,
    /// Questions that a person still has to answer for it.
    pub to_answer: usize,
}

/// Something to do, with all that it moves.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ActionView {
    /// Counted from 1.
    pub number: usize,
    /// The question as a person is asked.
    pub ask: String,
    /// What to do.
    pub how: String,
    /// What kind of step it is, as a sentence.
    pub kind_meaning: &'static str,
    /// small, medium or large
    pub effort: String,
    /// The requirements that it moves, by model.
    pub moves: Vec<MovesView>,
    /// How many requirements.
    pub count: usize,
}

/// Requirements of a model.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MovesView {
    /// `OSPS Baseline`
    pub model: String,
    /// Ids, each with its name for links inside the report.
    pub requirements: Vec<super::work::RequirementRef>,
}

/// A question with all that it decides.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct QuestionView {
    /// Id of the question.
    pub id: String,
    /// The question as a person is asked.
    pub ask: String,
    /// What it comes to: `yes`, `does not apply`, `not known`.
    pub value: String,
    /// On what that stands.
    pub basis: &'static str,
    /// What it decides, by model.
    pub decides: Vec<MovesView>,
}

/// The overview; none of a single model.
pub(super) fn overview(record: &Assessment, models: &[ModelView]) -> Option<OverviewView> {
    if record.models.len() < 2 {
        return None;
    }
    let open: Vec<BTreeSet<&str>> = record.models.iter().map(|model| open(&model.findings, record)).collect();
    let rows = record.models.iter().zip(models).zip(&open).map(|((_, view), open)| row(view, open.len())).collect();
    let mut actions = actions(record, models);
    let actions_total = actions.len();
    actions.truncate(ACTIONS_SHOWN);
    Some(OverviewView {
        models: rows,
        actions,
        actions_total,
        to_answer: open.iter().flatten().collect::<BTreeSet<_>>().len(),
        to_answer_apart: open.iter().map(BTreeSet::len).sum(),
        questions: questions(record, models),
    })
}

fn row(view: &ModelView, to_answer: usize) -> OverviewRow {
    let whole = view.scores.iter().find(|score| score.of == "model");
    let level = |level: u32| if level == 0 { "no level".to_owned() } else { format!("level {level}") };
    let readings = match whole {
        Some(score) if view.highest == 0 => {
            vec![score.verified.clone(), score.claimed.clone(), score.possible.clone()]
        }
        _ => view.readings.iter().map(|reading| level(reading.level)).collect(),
    };
    let highest = match whole {
        Some(score) if view.highest == 0 => score.highest.clone(),
        _ => level(view.highest),
    };
    let counts = |kind: &str| {
        let segments = view.areas.iter().flat_map(|area| &area.bar.segments);
        segments.filter(|segment| segment.kind == kind).map(|segment| segment.count).sum()
    };
    OverviewRow {
        title: view.title.clone(),
        version: view.version.clone(),
        anchor: view.anchor.clone(),
        readings,
        highest,
        bar: Bar::new(super::model::SEGMENTS.map(|(kind, _)| counts(kind))),
        judged: view.judged,
        total: view.total,
        to_answer,
    }
}

/// The questions that a person still has to answer for some findings: those of which nothing is known, or whose answer has
/// run out, behind a finding that is not met by proof.
fn open<'r>(findings: &'r [Finding], record: &'r Assessment) -> BTreeSet<&'r str> {
    let waits =
        |question: &&QuestionResult| matches!(question.basis, Basis::Unknown | Basis::Lapsed) && !question.unasked;
    let questions = findings.iter().filter(|finding| !finding.verified).flat_map(|finding| &finding.questions);
    questions.filter_map(|id| record.question(id)).filter(waits).map(|question| question.id.as_str()).collect()
}

/// The next steps of all models, those first that move most models, then most requirements.
fn actions(record: &Assessment, models: &[ModelView]) -> Vec<ActionView> {
    let mut grouped: BTreeMap<(StepKind, &str), (&NextStep, Vec<MovesView>)> = BTreeMap::new();
    for (model, view) in record.models.iter().zip(models) {
        for step in &model.next_steps {
            let (_, moves) = grouped.entry((step.kind, step.question.as_str())).or_insert_with(|| (step, Vec::new()));
            moves.push(moves_of(view, step.requirements.iter().map(String::as_str)));
        }
    }
    let mut actions: Vec<ActionView> = grouped.into_values().map(|(step, moves)| action(step, moves)).collect();
    actions.sort_by(|one, other| {
        let rank = |action: &ActionView| (action.moves.len(), action.count);
        rank(other).cmp(&rank(one)).then_with(|| one.ask.cmp(&other.ask))
    });
    for (position, action) in actions.iter_mut().enumerate() {
        action.number = position + 1;
    }
    actions
}

fn action(step: &NextStep, moves: Vec<MovesView>) -> ActionView {
    ActionView {
        number: 0,
        ask: clean(&step.ask),
        how: clean(&step.how),
        kind_meaning: words::step_words(step.kind).meaning,
        effort: clean(&step.effort),
        count: moves.iter().map(|moves| moves.requirements.len()).sum(),
        moves,
    }
}

fn moves_of<'i>(view: &ModelView, ids: impl Iterator<Item = &'i str>) -> MovesView {
    let of = |id: &str| {
        let finding = view.findings.iter().find(|finding| finding.id == clean(id))?;
        Some(super::work::RequirementRef { id: finding.id.clone(), anchor: finding.anchor.clone() })
    };
    MovesView { model: view.title.clone(), requirements: ids.filter_map(of).collect() }
}

fn questions(record: &Assessment, models: &[ModelView]) -> Vec<QuestionView> {
    let decides = |question: &QuestionResult| {
        let of = |(model, view): (&crate::assess::record::ModelResult, &ModelView)| {
            let findings = model.findings.iter().filter(|finding| finding.questions.contains(&question.id));
            let moves = moves_of(view, findings.map(|finding| finding.requirement.as_str()));
            (!moves.requirements.is_empty()).then_some(moves)
        };
        record.models.iter().zip(models).filter_map(of).collect::<Vec<_>>()
    };
    let view = |question: &QuestionResult| {
        let decides = decides(question);
        (!decides.is_empty()).then(|| QuestionView {
            id: clean(&question.id),
            ask: clean(&question.ask),
            value: match &question.value {
                _ if question.not_applicable => "does not apply".to_owned(),
                Some(value) => clean(&value.to_string()),
                None => "not known".to_owned(),
            },
            basis: question.basis.word(),
            decides,
        })
    };
    record.questions.iter().filter_map(view).collect()
}
