//! What a model is a profile of, as reports show it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::questionnaire::Derived;
use crate::report::escape::clean;

/// What a model is a profile of, and what it does otherwise.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProfileView {
    /// Id of the model that it is derived from.
    pub model: String,
    /// The whole in a sentence: "A profile of OSPS Baseline 2026.02.19: it takes over 60 of 64 requirements, …"
    pub sentence: String,
    /// What it leaves out on purpose.
    pub dropped: Vec<ProfileNote>,
    /// Requirements that it changes without demanding less, with what is different.
    pub changed: Vec<ProfileNote>,
    /// Requirements of which it demands less, with the reason.
    pub loosened: Vec<ProfileNote>,
    /// Requirements that it adds.
    pub added: Vec<String>,
}

/// An id and a remark on it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProfileNote {
    /// Id of a requirement or an area.
    pub id: String,
    /// Why, or what.
    pub note: String,
}

impl ProfileView {
    pub(super) fn new(derived: &Derived) -> Self {
        let note = |id: &str, note: &str| ProfileNote { id: clean(id), note: clean(note) };
        let loosened: Vec<ProfileNote> = derived
            .changed
            .iter()
            .filter_map(|change| Some(note(&change.requirement, change.loosened_because.as_ref()?)))
            .collect();
        let changed: Vec<ProfileNote> = derived
            .changed
            .iter()
            .filter(|change| change.loosened_because.is_none())
            .map(|change| note(&change.requirement, &change.what.join(", ")))
            .collect();
        let mut parts = vec![format!("it takes over {} of {} requirements", derived.kept, derived.total)];
        for (count, what) in [(changed.len(), "changes"), (loosened.len(), "loosens"), (derived.added.len(), "adds")] {
            if count > 0 {
                parts.push(format!("{what} {count}"));
            }
        }
        Self {
            model: clean(&derived.model),
            sentence: format!(
                "A profile of {} {}: {}.",
                clean(&derived.title),
                clean(&derived.version),
                parts.join(", ")
            ),
            dropped: derived.dropped.iter().map(|dropped| note(&dropped.id, &dropped.because)).collect(),
            changed,
            loosened,
            added: derived.added.iter().map(|id| clean(id)).collect(),
        }
    }
}
