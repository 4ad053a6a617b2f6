//! Who conducted an assessment, as documents show it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::assess::record::{PersonShown, RecommendationShown, ReviewerShown};
use crate::report::escape::{clean, web_link};

/// Somebody who reviewed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReviewerView {
    /// Such as `@bob`, with the name where it is known.
    pub person: String,
    /// lead reviewer or reviewer
    pub role: &'static str,
    /// none, soft or hard
    pub conflict: String,
    /// What the conflict is, and who agreed that the person reviews in spite of it.
    pub note: Option<String>,
}

impl ReviewerView {
    pub(super) fn new(reviewer: &ReviewerShown) -> Self {
        let waived = (!reviewer.waived_by.is_empty())
            .then(|| format!("Waived in writing by {}.", clean(&reviewer.waived_by.join(", "))));
        let note: Vec<String> = reviewer.note.as_deref().map(clean).into_iter().chain(waived).collect();
        Self {
            person: person(&reviewer.person),
            role: if reviewer.leads { "lead reviewer" } else { "reviewer" },
            conflict: clean(&reviewer.conflict),
            note: (!note.is_empty()).then(|| note.join(" ")),
        }
    }
}

/// Somebody of the project who took part.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TeamView {
    /// Such as `@alice`, with the name where it is known.
    pub person: String,
    /// What the person does in the project.
    pub role: Option<String>,
}

impl TeamView {
    pub(super) fn new(shown: &PersonShown) -> Self {
        Self { person: person(shown), role: shown.role.as_deref().map(clean) }
    }
}

/// What the reviewers recommend.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RecommendationView {
    /// What to do, in Markdown; write it with the filter `narrative`.
    pub text: String,
    /// Who recommends it, and when.
    pub by: Option<String>,
    /// Where it is followed.
    pub link: Option<String>,
}

impl RecommendationView {
    pub(super) fn new(shown: &RecommendationShown) -> Self {
        let on = shown.on.map_or_else(String::new, |day| format!(" on {day}"));
        Self {
            text: shown.text.clone(),
            by: shown.by.as_deref().map(|by| format!("{}{on}", clean(by))),
            link: shown.link.as_deref().and_then(web_link),
        }
    }
}

fn person(person: &PersonShown) -> String {
    match &person.name {
        Some(name) => format!("{} ({})", clean(name), clean(&person.handle)),
        None => clean(&person.handle),
    }
}
