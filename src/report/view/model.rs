//! The result under one model as reports show it: readings, levels, areas.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::finding::{Anchors, FindingView, OutcomeGroup, WaiverView, anchor, by_outcome};
use super::profile::ProfileView;
use super::score::ScoreView;
use super::words;
use super::work::{StepView, UnknownGroup, steps, unknown_groups};
use crate::assess::record::{AreaResult, Assessment, LevelResult, ModelResult, Outcome, ScoreOf};
use crate::report::escape::{clean, web_link};

/// The result under one model.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ModelView {
    /// `osps-baseline`
    pub id: String,
    /// Name for links inside the report.
    pub anchor: String,
    /// `OSPS Baseline`
    pub title: String,
    /// The version of the source that it follows.
    pub version: String,
    /// Where the model comes from, as text.
    pub source: String,
    /// The same where it is an http or https address.
    pub source_link: Option<String>,
    /// Digest of the model.
    pub digest: String,
    /// What the model is a profile of; none where it stands by itself.
    pub profile: Option<ProfileView>,
    /// The result in a sentence: "On 24 November 2026, under …, level 1 of 3 is verified, …"
    pub statement: String,
    /// The three readings: verified, claimed, possible.
    pub readings: Vec<ReadingView>,
    /// The highest level of the model; 0 where it has no levels.
    pub highest: u32,
    /// What the model counts beside levels, the whole first.
    pub scores: Vec<ScoreView>,
    /// Whether each area has a score, so that counts of its requirements say little.
    pub areas_scored: bool,
    /// Whether the maintainers aim at any of these scores.
    pub has_targets: bool,
    /// How many requirements could be judged at all.
    pub judged: u32,
    /// How many requirements there are.
    pub total: u32,
    /// Each level with the requirements that count there.
    pub levels: Vec<LevelView>,
    /// Which requirements a level counts, as a sentence.
    pub levels_meaning: &'static str,
    /// The areas with their findings.
    pub areas: Vec<AreaView>,
    /// The findings by outcome, for an index; those first that somebody should look at.
    pub outcomes: Vec<OutcomeGroup>,
    /// All findings in the order of the model. Each area holds its own, too.
    pub findings: Vec<FindingView>,
    /// Findings whose area the model does not list.
    pub elsewhere: Vec<FindingView>,
    /// What stands between the subject and the next level, the least work first.
    pub steps: Vec<StepView>,
    /// Unknown requirements by what would settle them.
    pub unknowns: Vec<UnknownGroup>,
    /// Findings that are accepted for a time although they are not met.
    pub waivers: Vec<WaiverView>,
}

/// One of the three readings of the level reached.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReadingView {
    /// verified, claimed or possible
    pub name: &'static str,
    /// `Verified`
    pub title: &'static str,
    /// The level reached; 0 is below the lowest.
    pub level: u32,
    /// The name of that level where it has one beside its number: `Sound`.
    pub named: Option<String>,
    /// What counts in this reading.
    pub meaning: &'static str,
}

/// The requirements that count at a level.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LevelView {
    /// The level, counted from 1.
    pub id: u32,
    /// `Level 1`
    pub title: String,
    /// For whom the level is.
    pub meaning: String,
    /// Requirements that count at the level.
    pub total: u32,
    /// Met by proof.
    pub met_verified: u32,
    /// Met only by somebody's word or by signs.
    pub met_claimed_only: u32,
    /// Met in part.
    pub partly: u32,
    /// Not met.
    pub unmet: u32,
    /// Requirements that could not be judged.
    pub unknown: u32,
    /// Requirements that do not apply.
    pub not_applicable: u32,
    /// Whether the level is reached: verified, claimed, possible or no.
    pub reached: &'static str,
    /// The same numbers as a bar.
    pub bar: Bar,
}

/// How much of an area is met.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AreaView {
    /// `AC`
    pub id: String,
    /// Name for links inside the report.
    pub anchor: String,
    /// `Access Control`
    pub title: String,
    /// Requirements that apply.
    pub applicable: u32,
    /// Requirements that do not apply.
    pub not_applicable: u32,
    /// Met by proof.
    pub met_verified: u32,
    /// Met only by somebody's word or by signs.
    pub met_claimed_only: u32,
    /// Requirements that could not be judged.
    pub unknown: u32,
    /// Not met, or met in part.
    pub missing: u32,
    /// The same numbers as a bar.
    pub bar: Bar,
    /// The findings of the area, in the order of the model.
    pub findings: Vec<FindingView>,
}

/// A stacked bar of the requirements that apply.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Bar {
    /// Requirements in the whole bar.
    pub total: u32,
    /// The whole bar in words: "20 verified, 2 claimed, 2 unknown, 0 not met".
    pub words: String,
    /// The shortest way to say it: "20 of 24 verified".
    pub note: String,
    /// Only those with a count above 0.
    pub segments: Vec<Segment>,
}

/// A part of a bar.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Segment {
    /// verified, claimed, unknown or missing
    pub kind: &'static str,
    /// The kind in words: `not met`.
    pub label: &'static str,
    /// How many requirements.
    pub count: u32,
    /// Where it begins, in per cent of the bar: `12.50`.
    pub start: String,
    /// How wide it is, in per cent of the bar.
    pub width: String,
}

/// Kind and label of the segments, in their order.
pub(super) const SEGMENTS: [(&str, &str); 4] =
    [("verified", "verified"), ("claimed", "claimed"), ("unknown", "unknown"), ("missing", "not met")];

impl Bar {
    /// From the counts in the order of [`SEGMENTS`].
    pub(super) fn new(counts: [u32; 4]) -> Self {
        let total: u32 = counts.iter().fold(0, |sum, count| sum.saturating_add(*count));
        let percent = |count: u32| {
            let hundredths = u64::from(count) * 10_000 / u64::from(total.max(1));
            format!("{}.{:02}", hundredths / 100, hundredths % 100)
        };
        let mut segments = Vec::new();
        let mut words = Vec::new();
        let mut before = 0_u32;
        for ((kind, label), count) in SEGMENTS.into_iter().zip(counts) {
            words.push(format!("{count} {label}"));
            if count > 0 {
                segments.push(Segment { kind, label, count, start: percent(before), width: percent(count) });
            }
            before = before.saturating_add(count);
        }
        let note = if total == 0 { "nothing applies".to_owned() } else { format!("{} of {total} verified", counts[0]) };
        Self { total, words: words.join(", "), note, segments }
    }
}

impl ModelView {
    pub(super) fn new(model: &ModelResult, record: &Assessment, anchors: &mut Anchors) -> Self {
        let anchors = anchors.of_model(&model.id, &model.findings);
        let findings: Vec<FindingView> =
            model.findings.iter().map(|of| FindingView::new(of, &model.levels, &anchors, record.as_of)).collect();
        Self {
            id: clean(&model.id),
            anchor: format!("model-{}", anchor(&model.id)),
            title: clean(&model.title),
            version: clean(&model.version),
            source: clean(&model.source),
            source_link: web_link(&model.source),
            digest: clean(&model.digest),
            profile: model.extends.as_ref().map(ProfileView::new),
            statement: statement(model, record.as_of),
            readings: readings(model),
            highest: model.maturity.highest,
            scores: model.scores.iter().map(ScoreView::new).collect(),
            areas_scored: model.scores.iter().any(|score| score.of == ScoreOf::Area),
            has_targets: model.scores.iter().any(|score| score.target.is_some()),
            judged: model.coverage.judged,
            total: model.coverage.total,
            levels: model.levels.iter().map(|level| level_view(level, model)).collect(),
            levels_meaning: words::levels_meaning(&model.scoring),
            areas: model.areas.iter().map(|area| area_view(area, model, &findings)).collect(),
            outcomes: by_outcome(&findings),
            elsewhere: findings
                .iter()
                .filter(|finding| !model.areas.iter().any(|area| clean(&area.id) == finding.area))
                .cloned()
                .collect(),
            steps: steps(model, &anchors),
            unknowns: unknown_groups(model, &findings, record),
            waivers: findings.iter().filter_map(|finding| finding.waiver.clone()).collect(),
            findings,
        }
    }
}

/// Fills in where the requirements stand to which findings of other models relate.
pub(super) fn join(models: &mut [ModelView]) {
    let titles: BTreeMap<String, String> = models.iter().map(|model| (model.id.clone(), model.title.clone())).collect();
    let anchors: BTreeMap<(String, String), String> = models
        .iter()
        .flat_map(|model| model.findings.iter().map(|finding| (model.id.clone(), finding)))
        .map(|(model, finding)| ((model, finding.id.clone()), finding.anchor.clone()))
        .collect();
    let all = models.iter_mut().flat_map(|model| {
        let areas = model.areas.iter_mut().flat_map(|area| &mut area.findings);
        model.findings.iter_mut().chain(areas).chain(&mut model.elsewhere)
    });
    for also in all.flat_map(|finding| &mut finding.also) {
        if let Some(title) = titles.get(&also.model) {
            also.title.clone_from(title);
        }
        also.anchor = anchors.get(&(also.model.clone(), also.id.clone())).cloned().unwrap_or_default();
    }
}

/// The result in a sentence.
fn statement(model: &ModelResult, as_of: NaiveDate) -> String {
    let start = format!("On {}, under {} {}, ", words::long_date(as_of), clean(&model.title), clean(&model.version));
    let maturity = model.maturity;
    if let (0, Some(whole)) = (maturity.highest, model.scores.first().map(ScoreView::new)) {
        return format!(
            "{start}{} of {} is verified, {} is claimed and {} is possible.",
            whole.verified, whole.highest, whole.claimed, whole.possible
        );
    }
    if maturity.highest == 0 {
        return format!("{start}{} of {} requirements could be judged.", model.coverage.judged, model.coverage.total);
    }
    let first = match maturity.verified {
        0 => format!("none of the {} levels is verified", maturity.highest),
        level => format!("level {level} of {}{} is verified", maturity.highest, in_brackets(level, model)),
    };
    let later = |level: u32, reading: &str| match level {
        0 => format!("none is {reading}"),
        _ => format!("level {level}{} is {reading}", in_brackets(level, model)),
    };
    format!("{start}{first}, {} and {}.", later(maturity.claimed, "claimed"), later(maturity.possible, "possible"))
}

fn readings(model: &ModelResult) -> Vec<ReadingView> {
    let maturity = model.maturity;
    [
        ("verified", "Verified", maturity.verified, "proved by observation, or confirmed by a reviewer"),
        ("claimed", "Claimed", maturity.claimed, "verified, said or shown by signs, and not disproved"),
        ("possible", "Possible", maturity.possible, "everything that no proof speaks against"),
    ]
    .into_iter()
    .map(|(name, title, level, meaning)| ReadingView { name, title, level, named: named(level, model), meaning })
    .collect()
}

/// The name of a level, where it says more than its number.
fn named(level: u32, model: &ModelResult) -> Option<String> {
    let title = clean(&model.levels.iter().find(|one| one.id == level)?.title);
    (title != format!("Level {level}")).then_some(title)
}

fn in_brackets(level: u32, model: &ModelResult) -> String {
    named(level, model).map_or_else(String::new, |name| format!(" ({name})"))
}

fn level_view(level: &LevelResult, model: &ModelResult) -> LevelView {
    let claimed_only = level.met_claimed.saturating_sub(level.met_verified);
    let maturity = model.maturity;
    let reached = if level.id <= maturity.verified {
        "verified"
    } else if level.id <= maturity.claimed {
        "claimed"
    } else if level.id <= maturity.possible {
        "possible"
    } else {
        "no"
    };
    LevelView {
        id: level.id,
        title: clean(&level.title),
        meaning: clean(&level.meaning),
        total: level.total,
        met_verified: level.met_verified,
        met_claimed_only: claimed_only,
        partly: level.partly,
        unmet: level.unmet,
        unknown: level.unknown,
        not_applicable: level.not_applicable,
        reached,
        bar: Bar::new([level.met_verified, claimed_only, level.unknown, level.unmet.saturating_add(level.partly)]),
    }
}

fn area_view(area: &AreaResult, model: &ModelResult, findings: &[FindingView]) -> AreaView {
    let applicable = area.total.saturating_sub(area.not_applicable);
    let claimed_only = area.met_claimed.saturating_sub(area.met_verified);
    // As levels are counted. What is possible holds more: also what only a sign speaks against.
    let own = || model.findings.iter().filter(|finding| finding.area == area.id);
    let unknown = count(own().filter(|finding| finding.outcome == Outcome::Unknown));
    let missing = count(own().filter(|finding| matches!(finding.outcome, Outcome::Unmet | Outcome::Partly)));
    let id = clean(&area.id);
    AreaView {
        anchor: format!("area-{}-{}", anchor(&model.id), anchor(&area.id)),
        title: clean(&area.title),
        applicable,
        not_applicable: area.not_applicable,
        met_verified: area.met_verified,
        met_claimed_only: claimed_only,
        unknown,
        missing,
        bar: Bar::new([area.met_verified, claimed_only, unknown, missing]),
        findings: findings.iter().filter(|finding| finding.area == id).cloned().collect(),
        id,
    }
}

fn count(findings: impl Iterator) -> u32 {
    u32::try_from(findings.count()).unwrap_or(u32::MAX)
}

/// The anchors of requirements, by id.
pub(super) type AnchorMap = BTreeMap<String, String>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::record::Maturity;
    use crate::report::sample;

    #[test]
    fn levels_with_a_name_of_their_own_are_told_by_it() {
        let record = sample::record();
        let mut model = record.models[0].clone();
        model.maturity = Maturity { verified: 1, claimed: 2, possible: 3, highest: 3 };
        assert!(readings(&model).iter().all(|reading| reading.named.is_none()));
        model.levels[1].title = "Sound".to_owned();
        let named: Vec<_> = readings(&model).into_iter().map(|reading| reading.named).collect();
        assert_eq!(named, [None, Some("Sound".to_owned()), None]);
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        assert!(
            statement(&model, day)
                .ends_with("level 1 of 3 is verified, level 2 (Sound) is claimed and level 3 is possible.")
        );
    }

    #[test]
    fn the_statement_says_which_levels_are_reached() {
        let record = sample::record();
        let mut model = record.models[0].clone();
        for (verified, claimed, possible, highest, wanted) in [
            (1, 2, 3, 3, "level 1 of 3 is verified, level 2 is claimed and level 3 is possible."),
            (0, 0, 1, 3, "none of the 3 levels is verified, none is claimed and level 1 is possible."),
            (0, 0, 0, 0, "52 of 64 requirements could be judged."),
        ] {
            model.maturity = Maturity { verified, claimed, possible, highest };
            model.coverage.judged = 52;
            let wanted = format!("On 24 November 2026, under OSPS Baseline 2026.02.19, {wanted}");
            assert_eq!(statement(&model, record.as_of), wanted);
        }
    }

    #[test]
    fn bars_fill_the_whole_without_rounding_over_it() {
        let bar = Bar::new([1, 1, 1, 0]);
        assert_eq!(bar.words, "1 verified, 1 claimed, 1 unknown, 0 not met");
        let parts: Vec<_> = bar.segments.iter().map(|part| (part.start.as_str(), part.width.as_str())).collect();
        assert_eq!(parts, [("0.00", "33.33"), ("33.33", "33.33"), ("66.66", "33.33")]);
        assert!(Bar::new([0; 4]).segments.is_empty());
        assert_eq!(Bar::new([u32::MAX, u32::MAX, 0, 0]).total, u32::MAX);
    }

    #[test]
    fn what_only_a_sign_speaks_against_is_counted_as_not_met_in_levels_and_areas() {
        let mut record = sample::record();
        let model = &mut record.models[0];
        let open = model.findings.iter_mut().find(|finding| finding.outcome == Outcome::Unknown).unwrap();
        open.outcome = Outcome::Unmet;
        assert!(open.possible);
        let of = open.area.clone();
        let area = model.areas.iter().find(|area| area.id == of).unwrap();
        let (before, after) = (area_view(area, &sample::record().models[0], &[]), area_view(area, model, &[]));
        assert_eq!((after.missing, after.unknown), (before.missing + 1, before.unknown - 1));
        assert_eq!(after.bar.total, after.applicable);
    }

    #[test]
    fn the_parts_of_each_level_and_area_add_up() {
        let view = crate::report::View::new(&sample::record());
        for level in &view.models[0].levels {
            assert_eq!(level.bar.total + level.not_applicable, level.total, "level {}", level.id);
        }
        for area in &view.models[0].areas {
            assert_eq!(area.bar.total, area.applicable, "area {}", area.id);
            assert_eq!(area.findings.len(), usize::try_from(area.applicable + area.not_applicable).unwrap());
        }
    }
}
