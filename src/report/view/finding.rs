//! Findings as reports show them.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::words;
use crate::assess::record::{AlsoShown, CountResult, Finding, LevelResult, Outcome, Reason, Three};
use crate::evidence::Place;
use crate::questionnaire::{BANK, Relation};
use crate::report::escape::{clean, web_link};

/// The outcome of one requirement.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FindingView {
    /// Id of the requirement, as its source writes it.
    pub id: String,
    /// Name for links inside the report; unique, also where two models share an id.
    pub anchor: String,
    /// Id of the area.
    pub area: String,
    /// What the requirement demands.
    pub demands: String,
    /// The levels that the source names, as text: `1, 2, 3`.
    pub levels: String,
    /// The level from which on it counts.
    pub from_level: u32,
    /// met, partly, unmet, not-applicable or unknown
    pub outcome: &'static str,
    /// The outcome as words: `Not met`; where it is met but not proved, `Met, not proved`.
    pub outcome_title: &'static str,
    /// A sign for the outcome: ✓ ○ ◐ ✗ – ?
    pub symbol: &'static str,
    /// corroborated, reviewed, observed, contradicted, attested, disputed, lapsed, waived or unknown
    pub basis: &'static str,
    /// What that basis means, as a sentence.
    pub basis_meaning: &'static str,
    /// proof, sign, word or none
    pub certainty: &'static str,
    /// What that certainty means.
    pub certainty_meaning: &'static str,
    /// Whether it counts in the verified reading.
    pub verified: bool,
    /// What it is worth, from 0 to 1, where the model adds that up: `1/2`, or `0 to 1` as long as it is open.
    pub worth: Option<String>,
    /// Ids of the questions that decide it.
    pub questions: Vec<String>,
    /// Why it comes to this, leaf by leaf.
    pub reasons: Vec<ReasonView>,
    /// What to do next; none where nothing is to be done.
    pub next: Option<String>,
    /// The day on which the first of its reasons runs out: `2027-03-01`.
    pub valid_until: Option<String>,
    /// The waiver of it, also where it has ended.
    pub waiver: Option<WaiverView>,
    /// Where and how it counts, in a model that scores as a badge.
    pub counts: Vec<CountView>,
    /// The levels at which it does not count although it is met or does not apply: `Passing, Silver`.
    pub uncounted: Option<String>,
    /// The same demand in other frameworks.
    pub maps: Vec<MapView>,
    /// Requirements of the other models of this report that it satisfies too, or would if it were met.
    pub also: Vec<AlsoView>,
}

/// A requirement of another model to which a finding relates.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AlsoView {
    /// Id of the requirement.
    pub id: String,
    /// Id of its model.
    pub model: String,
    /// Title of its model.
    pub title: String,
    /// Name for links inside the report; empty where it is not in it.
    pub anchor: String,
    /// equal, covers, part-of or related
    pub relation: &'static str,
    /// The relation in words: `the same`, `wholly`, `in part`.
    pub words: &'static str,
    /// Who says so: `the questions`, or the source of a published map.
    pub source: String,
}

/// Whether a requirement counts at a level of a badge.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CountView {
    /// `Passing`
    pub level: String,
    /// MUST, SHOULD or SUGGESTED
    pub strength: String,
    /// `does not count: it lacks a justification`
    pub verdict: String,
}

/// One reason of a finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReasonView {
    /// The reason, as a sentence.
    pub text: String,
    /// What was read, or who said it.
    pub source: Option<String>,
    /// The observation that it is about.
    pub key: Option<String>,
    /// Only ever an http or https address.
    pub link: Option<String>,
    /// Where it was seen.
    pub places: Vec<PlaceView>,
}

/// Where something was seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlaceView {
    /// Path and line: `.github/workflows/ci.yml:12`; for a page its address.
    pub text: String,
    /// A few words about what stands there.
    pub note: Option<String>,
    /// Only ever an http or https address.
    pub link: Option<String>,
}

/// A finding that is accepted for a time although it is not met.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WaiverView {
    /// Id of the requirement.
    pub requirement: String,
    /// Name for links inside the report.
    pub anchor: String,
    /// What the requirement demands.
    pub demands: String,
    /// Why.
    pub reason: String,
    /// Who accepts it.
    pub by: String,
    /// `2026-12-31`
    pub until: String,
    /// `in 37 days`, counted from the day of the assessment.
    pub when: String,
    /// Whether it has ended.
    pub ended: bool,
}

/// Ids in another framework.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MapView {
    /// `SSDF`
    pub framework: String,
    /// The ids there, as text: `PO.3.2, PS.1`.
    pub ids: String,
}

/// All findings of one outcome; what is proved stands apart from what is claimed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OutcomeGroup {
    /// met, partly, unmet, not-applicable or unknown
    pub outcome: &'static str,
    /// Whether it is met, or does not apply, by proof.
    pub verified: bool,
    /// `Not met`
    pub title: &'static str,
    /// A sign for the outcome.
    pub symbol: &'static str,
    /// What the outcome means, as a sentence.
    pub meaning: &'static str,
    /// How many findings.
    pub count: usize,
    /// The findings, in the order of the model.
    pub findings: Vec<FindingRef>,
}

/// A finding in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FindingRef {
    /// Id of the requirement.
    pub id: String,
    /// Name for links inside the report.
    pub anchor: String,
    /// What the requirement demands.
    pub demands: String,
    /// The basis of the finding.
    pub basis: &'static str,
}

/// Gives each finding of all models a name of its own.
#[derive(Default)]
pub(super) struct Anchors {
    given: BTreeSet<String>,
}

impl Anchors {
    /// The id itself where it is free, else with the model's id, else with a number.
    fn give(&mut self, model: &str, id: &str) -> String {
        let plain = anchor(id);
        if self.given.insert(plain.clone()) {
            return plain;
        }
        let with_model = format!("{}-{plain}", anchor(model));
        let mut candidate = with_model.clone();
        let mut number = 2_u32;
        while !self.given.insert(candidate.clone()) {
            candidate = format!("{with_model}-{number}");
            number = number.saturating_add(1);
        }
        candidate
    }

    /// The anchors of a model's findings, by the id of the requirement.
    pub(super) fn of_model(&mut self, model: &str, findings: &[Finding]) -> BTreeMap<String, String> {
        let mut anchors = BTreeMap::new();
        for finding in findings {
            if !anchors.contains_key(&finding.requirement) {
                anchors.insert(finding.requirement.clone(), self.give(model, &finding.requirement));
            }
        }
        anchors
    }
}

/// Text as a name for links: letters, digits, `.`, `_` and `-`.
pub(super) fn anchor(text: &str) -> String {
    let name: String = text
        .chars()
        .take(100)
        .map(|character| if character.is_ascii_alphanumeric() || "._-".contains(character) { character } else { '-' })
        .collect();
    if name.is_empty() { "unnamed".to_owned() } else { name }
}

impl FindingView {
    pub(super) fn new(
        finding: &Finding,
        levels: &[LevelResult],
        anchors: &BTreeMap<String, String>,
        as_of: chrono::NaiveDate,
    ) -> Self {
        let anchor = anchors.get(&finding.requirement).cloned().unwrap_or_default();
        let waiver = finding.waiver.as_ref().map(|waiver| WaiverView {
            requirement: clean(&finding.requirement),
            anchor: anchor.clone(),
            demands: clean(&finding.demands),
            reason: clean(&waiver.reason),
            by: clean(&waiver.by),
            until: waiver.until.to_string(),
            when: words::days_from(as_of, waiver.until),
            ended: waiver.ended,
        });
        let outcome = words::outcome_words(finding.outcome, finding.verified);
        Self {
            id: clean(&finding.requirement),
            anchor,
            area: clean(&finding.area),
            demands: clean(&finding.demands),
            levels: finding.levels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            from_level: finding.from_level,
            outcome: finding.outcome.word(),
            outcome_title: outcome.title,
            symbol: outcome.symbol,
            basis: finding.basis.word(),
            basis_meaning: words::basis_meaning(finding.basis),
            certainty: finding.certainty.word(),
            certainty_meaning: words::certainty_meaning(finding.certainty),
            verified: finding.verified,
            worth: finding.worth.as_ref().map(worth),
            questions: finding.questions.iter().map(|id| clean(id)).collect(),
            reasons: finding.reasons.iter().map(|reason| ReasonView::new(reason)).collect(),
            next: finding.next.as_deref().map(clean),
            valid_until: finding.valid_until.map(|day| day.to_string()),
            waiver,
            counts: finding.counts.iter().map(|count| CountView::new(count, finding, levels)).collect(),
            uncounted: uncounted(finding, levels),
            maps: finding
                .maps
                .iter()
                .map(|(framework, ids)| MapView { framework: clean(framework), ids: clean(&ids.join(", ")) })
                .collect(),
            also: finding.also.iter().map(AlsoView::new).collect(),
        }
    }

    pub(super) fn reference(&self) -> FindingRef {
        FindingRef {
            id: self.id.clone(),
            anchor: self.anchor.clone(),
            demands: self.demands.clone(),
            basis: self.basis,
        }
    }
}

impl AlsoView {
    /// The title of the model and the anchor are filled in once all models are known.
    fn new(also: &AlsoShown) -> Self {
        Self {
            id: clean(&also.requirement),
            model: clean(&also.model),
            title: clean(&also.model),
            anchor: String::new(),
            relation: also.relation.word(),
            words: match also.relation {
                Relation::Equal => "the same",
                Relation::Covers => "wholly",
                Relation::PartOf => "in part",
                Relation::Related => "related",
            },
            source: if also.source == BANK { "the questions".to_owned() } else { clean(&also.source) },
        }
    }
}

/// What a requirement is worth by what is claimed, and by what is possible where that is more.
fn worth(worth: &Three) -> String {
    let (claimed, possible) = (clean(&worth.claimed.exact), clean(&worth.possible.exact));
    if claimed == possible { claimed } else { format!("{claimed} to {possible}") }
}

impl CountView {
    fn new(count: &CountResult, finding: &Finding, levels: &[LevelResult]) -> Self {
        let verdict = match (&count.lacks, finding.outcome) {
            (Some(lacks), _) => format!("does not count: it lacks {}", clean(lacks)),
            (None, Outcome::Unmet | Outcome::Partly) if count.claimed && count.strength == "SHOULD" => {
                "counts although it is not met, since a reason is given".to_owned()
            }
            (None, Outcome::Unmet | Outcome::Partly) if count.claimed => {
                "counts although it is not met, since it is only suggested".to_owned()
            }
            (None, _) if count.verified => "counts, verified".to_owned(),
            (None, _) if count.claimed => "counts, as claimed".to_owned(),
            (None, Outcome::Unknown) => "does not count as long as it is unknown".to_owned(),
            (None, Outcome::NotApplicable) => "does not count: here it always applies".to_owned(),
            (None, _) => "does not count".to_owned(),
        };
        Self { level: level_title(count.level, levels), strength: clean(&count.strength), verdict }
    }
}

fn level_title(id: u32, levels: &[LevelResult]) -> String {
    levels.iter().find(|level| level.id == id).map_or_else(|| format!("Level {id}"), |level| clean(&level.title))
}

/// The levels at which a finding does not count although it is met or does not apply.
fn uncounted(finding: &Finding, levels: &[LevelResult]) -> Option<String> {
    if !matches!(finding.outcome, Outcome::Met | Outcome::NotApplicable) {
        return None;
    }
    let missing = finding.counts.iter().filter(|count| !count.claimed);
    let titles: Vec<String> = missing.map(|count| level_title(count.level, levels)).collect();
    (!titles.is_empty()).then(|| titles.join(", "))
}

impl ReasonView {
    pub(super) fn new(reason: &Reason) -> Self {
        let mut places: Vec<PlaceView> = reason.places.iter().map(PlaceView::new).collect();
        let link = reason.link.as_deref().and_then(web_link);
        if let (None, Some(address)) = (&link, &reason.link) {
            places.push(PlaceView { text: clean(address), note: None, link: None });
        }
        Self {
            text: clean(&reason.text),
            source: reason.source.as_deref().map(clean),
            key: reason.key.as_deref().map(clean),
            link,
            places,
        }
    }
}

impl PlaceView {
    fn new(place: &Place) -> Self {
        let text = match (&place.path, place.line) {
            (Some(path), Some(line)) => format!("{}:{line}", clean(path)),
            (Some(path), None) => clean(path),
            (None, _) => place.link.as_deref().map(clean).unwrap_or_default(),
        };
        Self { text, note: place.note.as_deref().map(clean), link: place.link.as_deref().and_then(web_link) }
    }
}

/// The findings by outcome, those first that somebody should look at; outcomes without findings are left out.
pub(super) fn by_outcome(findings: &[FindingView]) -> Vec<OutcomeGroup> {
    words::OUTCOMES
        .iter()
        .map(|words| {
            let refs: Vec<FindingRef> = findings
                .iter()
                .filter(|finding| finding.outcome_title == words.title)
                .map(FindingView::reference)
                .collect();
            OutcomeGroup {
                outcome: words.outcome.word(),
                verified: words.verified && matches!(words.outcome, Outcome::Met | Outcome::NotApplicable),
                title: words.title,
                symbol: words.symbol,
                meaning: words.meaning,
                count: refs.len(),
                findings: refs,
            }
        })
        .filter(|group| group.count > 0)
        .collect()
}

/// Whether anything could settle it.
pub(super) fn is_unknown(finding: &FindingView) -> bool {
    finding.outcome == Outcome::Unknown.word()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_unique_and_safe() {
        let mut anchors = Anchors::default();
        assert_eq!(anchors.give("a", "AC-01.01"), "AC-01.01");
        assert_eq!(anchors.give("b", "AC-01.01"), "b-AC-01.01");
        assert_eq!(anchors.give("b", "AC-01.01"), "b-AC-01.01-2");
        assert_eq!(anchors.give("c\" x", "<é>"), "---");
        assert_eq!(anchors.give("c\" x", "..."), "...");
        assert_eq!(anchors.give("c\" x", ""), "unnamed");
        assert_eq!(anchors.give("c\" x", "<é>"), "c--x----");
    }
}
