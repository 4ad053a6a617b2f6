//! Levels, scores and findings of models, side by side.

use std::collections::BTreeSet;

use super::findings::{Frame, diff};
use super::{Because, Direction, FindingDiff, LevelDiff, Meaning, ModelDiff, QuestionDiff, ScoreDiff, Sides};
use crate::assess::record::{Assessment, Finding, ModelResult, Outcome, ScoreResult, ScoreUnit};
use crate::questionnaire::Scoring;

/// The models of either record, those of the new one first.
pub(super) fn changed(sides: &Sides<'_>, questions: &[QuestionDiff]) -> Vec<ModelDiff> {
    let of = |record: &'_ Assessment| -> Vec<String> { record.models.iter().map(|model| model.id.clone()).collect() };
    let mut seen = BTreeSet::new();
    let ids = of(sides.new).into_iter().chain(of(sides.old)).filter(|id| seen.insert(id.clone()));
    ids.filter_map(|id| {
        let find = |record: &'_ Assessment| record.models.iter().position(|model| model.id == id);
        let old = find(sides.old).and_then(|position| sides.old.models.get(position));
        let new = find(sides.new).and_then(|position| sides.new.models.get(position));
        one(sides, questions, old, new)
    })
    .collect()
}

fn one(
    sides: &Sides<'_>,
    questions: &[QuestionDiff],
    old: Option<&ModelResult>,
    new: Option<&ModelResult>,
) -> Option<ModelDiff> {
    let shown = new.or(old)?;
    let (Some(old), Some(new)) = (old, new) else {
        let version = |model: Option<&ModelResult>| model.map(|model| model.version.clone());
        return Some(ModelDiff {
            id: shown.id.clone(),
            title: shown.title.clone(),
            old_version: version(old),
            new_version: version(new),
            demands_changed: false,
            levels: Vec::new(),
            scores: Vec::new(),
            judged: (old.map_or(0, |m| m.coverage.judged), new.map_or(0, |m| m.coverage.judged)),
            total: (old.map_or(0, |m| m.coverage.total), new.map_or(0, |m| m.coverage.total)),
            unchanged: 0,
            findings: Vec::new(),
        });
    };
    let frame = Frame { sides, questions, demands_changed: old.digest != new.digest };
    let mut findings = findings(&frame, old, new);
    by_levels(&mut findings, old, new);
    let unchanged = new.findings.len() - findings.iter().filter(|finding| finding.new.is_some()).count();
    findings.sort_by_key(|finding| finding.meaning);
    let not_comparable = findings.iter().any(|finding| is_apart(finding) && finding.direction != Direction::Neither);
    Some(ModelDiff {
        id: new.id.clone(),
        title: new.title.clone(),
        old_version: Some(old.version.clone()),
        new_version: Some(new.version.clone()),
        demands_changed: frame.demands_changed,
        levels: levels(old, new, &findings),
        scores: scores(old, new, not_comparable),
        judged: (old.coverage.judged, new.coverage.judged),
        total: (old.coverage.total, new.coverage.total),
        unchanged,
        findings,
    })
}

/// Whether it lies in the eye and not in the project.
fn is_apart(finding: &FindingDiff) -> bool {
    matches!(finding.meaning, Meaning::SeenDifferently | Meaning::MeasuredDifferently)
}

fn of<'m>(model: &'m ModelResult, requirement: &str) -> Option<&'m Finding> {
    model.findings.iter().find(|finding| finding.requirement == requirement)
}

fn findings(frame: &Frame<'_>, old: &ModelResult, new: &ModelResult) -> Vec<FindingDiff> {
    let now = new.findings.iter().filter_map(|finding| diff(frame, of(old, &finding.requirement), Some(finding)));
    let gone = old.findings.iter().filter(|finding| of(new, &finding.requirement).is_none());
    now.chain(gone.filter_map(|finding| diff(frame, Some(finding), None))).collect()
}

/// Findings that ask for a level of the model itself, and so for no question, change with those that make the level.
fn by_levels(findings: &mut [FindingDiff], old: &ModelResult, new: &ModelResult) {
    let by_level = |requirement: &str| {
        [old, new].into_iter().filter_map(|model| of(model, requirement)).all(|finding| finding.questions.is_empty())
    };
    let (meanings, causes): (Vec<Meaning>, Vec<Because>) = findings
        .iter()
        .filter(|finding| !by_level(&finding.requirement) && finding.direction != Direction::Neither)
        .flat_map(|finding| finding.causes.iter().map(|because| (finding.meaning, because.clone())))
        .unzip();
    let apart = meanings.iter().any(|meaning| matches!(meaning, Meaning::SeenDifferently));
    let Some(first) = causes.first() else { return };
    for finding in findings.iter_mut().filter(|finding| by_level(&finding.requirement) && finding.old.is_some()) {
        if finding.new.is_none() || old.digest != new.digest {
            continue;
        }
        let text = "It asks for a level of this model, which changed with other findings.";
        finding.causes = vec![Because::new(first.cause, text)];
        finding.meaning = match finding.direction {
            _ if apart => Meaning::SeenDifferently,
            Direction::Better => Meaning::Progress,
            Direction::Worse => Meaning::Setback,
            Direction::Neither => Meaning::OtherGround,
        };
    }
}

fn levels(old: &ModelResult, new: &ModelResult, findings: &[FindingDiff]) -> Vec<LevelDiff> {
    if old.maturity.highest == 0 && new.maturity.highest == 0 {
        return Vec::new();
    }
    let cumulative = [old, new].iter().all(|model| model.scoring == Scoring::CumulativeLevels.word());
    let level = |reading: &str, was: u32, is: u32, passes: fn(&Finding) -> bool| LevelDiff {
        reading: reading.to_owned(),
        old: was,
        new: is,
        comparable: cumulative.then(|| comparable(old, new, findings, passes)),
    };
    vec![
        level("verified", old.maturity.verified, new.maturity.verified, |finding| finding.verified),
        level("claimed", old.maturity.claimed, new.maturity.claimed, |finding| {
            matches!(finding.outcome, Outcome::Met | Outcome::NotApplicable)
        }),
        level("possible", old.maturity.possible, new.maturity.possible, |finding| finding.possible),
    ]
}

/// The level that the old demands give with the new findings, where those that stand apart are as before.
fn comparable(old: &ModelResult, new: &ModelResult, diffs: &[FindingDiff], passes: fn(&Finding) -> bool) -> u32 {
    let stands = |was: &Finding| {
        let apart = diffs.iter().any(|diff| diff.requirement == was.requirement && is_apart(diff));
        if apart { passes(was) } else { of(new, &was.requirement).map_or_else(|| passes(was), passes) }
    };
    let mut levels: Vec<u32> = old.levels.iter().map(|level| level.id).collect();
    levels.sort_unstable();
    let complete = |level: &u32| old.findings.iter().all(|was| was.from_level > *level || stands(was));
    levels.into_iter().take_while(complete).last().unwrap_or(0)
}

fn scores(old: &ModelResult, new: &ModelResult, not_comparable: bool) -> Vec<ScoreDiff> {
    let numbers = |score: &ScoreResult| [&score.verified, &score.claimed, &score.possible].map(|n| n.exact.clone());
    let pairs = new.scores.iter().filter_map(|score| {
        let was = old.scores.iter().find(|old| old.id == score.id && old.of == score.of)?;
        (numbers(was) != numbers(score)).then(|| ScoreDiff {
            id: score.id.clone(),
            title: score.title.clone(),
            unit: match score.unit {
                ScoreUnit::Percent => "percent",
                ScoreUnit::Points => "points",
            }
            .to_owned(),
            old: numbers(was),
            new: numbers(score),
            not_comparable,
        })
    });
    pairs.collect()
}
