//! Figures of the year: people, vulnerabilities, releases and the life of the project, then and now.

use schemars::JsonSchema;
use serde::Serialize;

use crate::evidence::{Evidence, Observation, State, Vocabulary};

/// What a yearly report tells, by heading. Each is an observation of the vocabulary.
const GROUPS: [(&str, &[&str]); 4] = [
    (
        "People",
        &[
            "reviews.maintainers_90_days",
            "history.authors",
            "history.top_author_percent",
            "reviews.top_merger_percent",
            "repo.contributors",
        ],
    ),
    (
        "Vulnerabilities and incidents",
        &[
            "security.advisories_published",
            "security.advisories_severe",
            "security.latest_advisory_on",
            "security.advisories_with_fix_percent",
            "security.advisory_median_days",
            "security.dependabot_alerts_open",
        ],
    ),
    ("Releases", &["releases.latest", "releases.latest_on", "releases.last_365_days", "releases.signed_percent"]),
    (
        "Work",
        &[
            "history.commits_90_days",
            "history.last_commit_on",
            "issues.open",
            "issues.answered_percent",
            "issues.median_days_to_answer",
        ],
    ),
];

/// Figures under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FigureGroup {
    pub title: String,
    pub figures: Vec<Figure>,
}

/// A figure, then and now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Figure {
    pub key: String,
    pub title: String,
    /// Before the year; none where there was no assessment.
    pub then: Option<String>,
    pub now: String,
    /// Whether it is known now.
    pub known: bool,
}

/// The figures of which something is known, now or then.
pub(super) fn groups(then: Option<&Evidence>, now: &Evidence) -> Vec<FigureGroup> {
    let group = |(title, keys): &(&str, &[&str])| FigureGroup {
        title: (*title).to_owned(),
        figures: keys.iter().filter_map(|key| figure(key, then, now)).collect(),
    };
    GROUPS.iter().map(group).filter(|group| !group.figures.is_empty()).collect()
}

fn figure(key: &str, then: Option<&Evidence>, now: &Evidence) -> Option<Figure> {
    let info = Vocabulary::built_in().get(key)?;
    let before = then.map(|evidence| evidence.get(key));
    let today = now.get(key);
    let is_known = |observation: Option<&Observation>| observation.is_some_and(|seen| seen.state.is_known());
    if !is_known(today) && !before.is_some_and(is_known) {
        return None;
    }
    Some(Figure {
        key: key.to_owned(),
        title: info.title.clone(),
        then: before.map(|seen| shown(key, seen)),
        now: shown(key, today),
        known: is_known(today),
    })
}

fn shown(key: &str, observation: Option<&Observation>) -> String {
    match observation.map(|observation| &observation.state) {
        Some(State::Observed(value)) if key.ends_with("_percent") => format!("{value} %"),
        Some(State::Observed(value)) => value.to_string(),
        Some(State::Absent) => "none".to_owned(),
        Some(State::NotApplicable { .. }) => "does not apply".to_owned(),
        _ => "not known".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_is_an_observation() {
        for key in GROUPS.iter().flat_map(|(_, keys)| keys.iter()) {
            assert!(Vocabulary::built_in().get(key).is_some(), "{key}");
        }
    }
}
