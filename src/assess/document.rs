//! What a model is written down as: its outline in the record, with the observations that it shows, so that the document can
//! be made years later without the questionnaires and the evidence.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::record::PersonShown;
use crate::answers::{Conduct, Person};
use crate::evidence::{Evidence, Observation, Place, State, Value, Vocabulary};
use crate::questionnaire::{Outline, Row, Section, Shows, about};

/// A document of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentResult {
    /// Its name on the command line.
    pub id: String,
    pub title: String,
    /// All sections in their order; their levels say how they lie in each other.
    pub sections: Vec<SectionResult>,
}

/// A section of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SectionResult {
    pub heading: String,
    /// 1 for a section that lies in no other.
    pub level: u32,
    /// The requirement whose answers it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// Requirements whose answers stand here too, but without which the section is complete.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// A fixed text, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// What is shown of the record, such as `reviewers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowResult>,
}

/// A row of a table in a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RowResult {
    pub label: String,
    /// What is shown of the record, such as `stage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactShown>,
}

/// What is known of an observation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FactShown {
    pub key: String,
    pub title: String,
    /// observed, absent, not-permitted, not-applicable, unavailable or failed
    pub state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Why it is not known, or does not apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
}

/// Who conducted the assessment, and what they say and recommend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConductShown {
    /// Whether somebody other than the subject vouches for it.
    pub vouched: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
    pub reviewers: Vec<ReviewerShown>,
    pub team: Vec<PersonShown>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub analysis: Option<String>,
    pub recommendations: Vec<RecommendationShown>,
}

/// Somebody who reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewerShown {
    #[serde(flatten)]
    pub person: PersonShown,
    pub leads: bool,
    /// none, soft or hard
    pub conflict: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waived_by: Vec<String>,
}

/// What the reviewers recommend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecommendationShown {
    /// project, cncf or additional
    pub to: String,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A document of a model, for the subject of some evidence.
pub(super) fn shown(outline: &Outline, evidence: &Evidence) -> DocumentResult {
    let project = evidence.subject.id.rsplit('/').next().unwrap_or(&evidence.subject.id);
    let sections = outline.all().into_iter().map(|(level, section)| section_shown(level, section, project, evidence));
    DocumentResult { id: outline.id.clone(), title: about(&outline.title, project), sections: sections.collect() }
}

fn section_shown(level: usize, section: &Section, project: &str, evidence: &Evidence) -> SectionResult {
    SectionResult {
        heading: section.heading.clone(),
        level: u32::try_from(level).unwrap_or(u32::MAX),
        requirement: section.requirement.clone(),
        also: section.also.clone(),
        says: section.says.as_ref().map(|says| about(says, project)),
        shows: section.shows.map(|shows| shows.word().to_owned()),
        rows: section.rows.iter().map(|row| row_shown(row, evidence)).collect(),
    }
}

fn row_shown(row: &Row, evidence: &Evidence) -> RowResult {
    RowResult {
        label: row.label.clone(),
        shows: row.shows.map(Shows::word).map(str::to_owned),
        question: row.question.clone(),
        facts: row.observations.iter().map(|key| fact(key, evidence.get(key))).collect(),
    }
}

fn fact(key: &str, observation: Option<&Observation>) -> FactShown {
    let title = Vocabulary::built_in().get(key).map_or(key, |info| info.title.as_str());
    let unavailable = State::Unavailable { reason: "the evidence does not speak of it".to_owned() };
    let state = observation.map_or(&unavailable, |observation| &observation.state);
    let reason = match state {
        State::Observed(_) | State::Absent => None,
        State::NotPermitted { permission } => Some(format!("the token may not read it; `{permission}` would")),
        State::NotApplicable { reason } | State::Unavailable { reason } | State::Failed { reason } => {
            Some(reason.clone())
        }
    };
    FactShown {
        key: key.to_owned(),
        title: title.to_owned(),
        state: state.word().to_owned(),
        value: observation.and_then(Observation::value).cloned(),
        reason,
        source: observation.and_then(|observation| observation.source.clone()),
        places: observation.map_or_else(Vec::new, |observation| observation.places.clone()),
    }
}

/// Who conducted the assessment, as the record tells it.
pub(super) fn conduct_shown(conduct: &Conduct, vouched: bool) -> ConductShown {
    let person = |person: &Person| {
        let Person { handle, name, role } = person.clone();
        PersonShown { handle, name, role }
    };
    ConductShown {
        vouched,
        completed: conduct.completed,
        tracking: conduct.tracking.clone(),
        reviewers: conduct
            .reviewers
            .iter()
            .map(|reviewer| ReviewerShown {
                person: person(&reviewer.person),
                leads: reviewer.leads,
                conflict: reviewer.conflict.word().to_owned(),
                note: reviewer.note.clone(),
                waived_by: reviewer.waived_by.clone(),
            })
            .collect(),
        team: conduct.team.iter().map(person).collect(),
        design: conduct.design.clone(),
        analysis: conduct.analysis.clone(),
        recommendations: conduct
            .recommendations
            .iter()
            .map(|recommendation| RecommendationShown {
                to: recommendation.to.word().to_owned(),
                text: recommendation.text.clone(),
                by: recommendation.by.clone(),
                on: recommendation.on,
                link: recommendation.link.clone(),
            })
            .collect(),
    }
}
