//! From what was found in the workflows that could be read to observations that claim no more than that.

use std::collections::HashSet;

use super::read::{Flows, short};
use crate::evidence::{Observation, Place, State};

/// Something found, with a name for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) place: Place,
}

/// What is needed to turn finds into observations.
pub(super) struct Outcome {
    /// Why more may be there than was found.
    doubt: Option<State>,
    any_workflow: bool,
}

impl Outcome {
    pub(super) fn new(flows: &Flows<'_>) -> Self {
        Self { doubt: flows.doubt(), any_workflow: !flows.files.is_empty() }
    }

    /// For which workflows cannot be read, of those whose contents came.
    pub(super) fn of_contents(flows: &Flows<'_>) -> Self {
        Self { doubt: flows.unseen(), ..Self::of_tree(flows) }
    }

    /// For what the list of files alone tells.
    pub(super) fn of_tree(flows: &Flows<'_>) -> Self {
        Self { doubt: flows.cut(), any_workflow: !flows.files.is_empty() }
    }

    /// The same, where these were used but could not be looked into.
    pub(super) fn without(&self, unseen: &[String]) -> Self {
        let unread = unseen.first().map(|first| {
            let more = if unseen.len() > 1 { format!(" (and {} more)", unseen.len() - 1) } else { String::new() };
            State::Unavailable { reason: format!("workflows use {}, which was not read{more}", short(first)) }
        });
        Self { doubt: self.doubt.clone().or(unread), any_workflow: self.any_workflow }
    }

    /// A list of distinct names. With nothing found it is absent, or unknown where something was not read.
    pub(super) fn list(&self, key: &str, found: impl IntoIterator<Item = Found>) -> Observation {
        let mut names: Vec<String> = Vec::new();
        let mut places = Vec::new();
        let (mut seen, mut seen_at) = (HashSet::new(), HashSet::new());
        for one in found {
            if seen_at.insert((one.place.path.clone(), one.place.line, one.place.note.clone())) {
                places.push(one.place);
            }
            if seen.insert(one.name.clone()) {
                names.push(one.name);
            }
        }
        if names.is_empty() {
            return Observation::new(key, self.doubt.clone().unwrap_or(State::Absent));
        }
        self.qualified(Observation::seen(key, names), places)
    }

    /// A count of places. Nothing found is zero, or unknown where something was not read, or absent without workflows.
    pub(super) fn count(&self, key: &str, places: Vec<Place>) -> Observation {
        match (&self.doubt, places.len()) {
            (Some(doubt), 0) => Observation::new(key, doubt.clone()),
            (None, 0) if !self.any_workflow => Observation::absent(key),
            (_, number) => self.qualified(Observation::seen(key, number), places),
        }
    }

    /// Something that one place is enough to refute: no with such places; yes only if everything was read.
    pub(super) fn unless(&self, key: &str, against: Vec<Place>) -> Observation {
        match &self.doubt {
            _ if !against.is_empty() => {
                let number = against.len();
                many(Observation::seen(key, false), number).at_all(against)
            }
            Some(doubt) => Observation::new(key, doubt.clone()),
            None if self.any_workflow => Observation::seen(key, true),
            None => Observation::absent(key),
        }
    }

    /// A share of the whole, rounded down. Known only if everything was read, and absent where there is no whole.
    pub(super) fn percent(&self, key: &str, part: usize, whole: usize) -> Observation {
        match (&self.doubt, (part * 100).checked_div(whole)) {
            (Some(doubt), _) => Observation::new(key, doubt.clone()),
            (None, Some(percent)) => Observation::seen(key, percent).detail(format!("{part} of {whole}")),
            (None, None) => Observation::absent(key),
        }
    }

    fn qualified(&self, observation: Observation, places: Vec<Place>) -> Observation {
        let number = places.len();
        let observation = match &self.doubt {
            Some(State::Failed { reason } | State::Unavailable { reason }) => {
                observation.at_least(format!("at least: {reason}"))
            }
            _ => many(observation, number),
        };
        observation.at_all(places)
    }
}

/// Says how many places there are where not all are listed.
fn many(observation: Observation, number: usize) -> Observation {
    if number > 20 { observation.detail(format!("the first 20 of {number} places are listed")) } else { observation }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(doubt: Option<State>, any_workflow: bool) -> Outcome {
        Outcome { doubt, any_workflow }
    }

    fn found(name: &str, line: u32) -> Found {
        Found { name: name.to_owned(), place: Place::line("x.yml", line) }
    }

    #[test]
    fn finds_stand_and_absence_needs_everything_read() {
        let doubt = State::Failed { reason: "x.yml could not be read: y".to_owned() };
        let (sure, unsure, none) = (outcome(None, true), outcome(Some(doubt.clone()), true), outcome(None, false));
        let place = || vec![Place::line("x.yml", 1)];

        assert_eq!(sure.list("k", []).state, State::Absent);
        assert_eq!(unsure.list("k", []).state, doubt);
        let list = unsure.list("k", [found("a", 1), found("a", 2), found("b", 2)]);
        assert_eq!(list.value(), Some(&vec!["a".to_owned(), "b".to_owned()].into()));
        assert_eq!(list.places.len(), 2);
        assert!(list.detail.unwrap().starts_with("at least"));

        assert_eq!(sure.count("k", vec![]).value(), Some(&0_usize.into()));
        assert_eq!(unsure.count("k", vec![]).state, doubt);
        assert_eq!(none.count("k", vec![]).state, State::Absent);
        assert_eq!(unsure.count("k", place()).value(), Some(&1_usize.into()));

        assert_eq!(sure.unless("k", vec![]).value(), Some(&true.into()));
        assert_eq!(unsure.unless("k", vec![]).state, doubt);
        assert_eq!(unsure.unless("k", place()).value(), Some(&false.into()));
        assert_eq!(none.unless("k", vec![]).state, State::Absent);

        assert_eq!(sure.percent("k", 2, 3).value(), Some(&66_usize.into()));
        assert_eq!(sure.percent("k", 0, 0).state, State::Absent);
        assert_eq!(unsure.percent("k", 2, 3).state, doubt);
    }

    #[test]
    fn many_places_are_counted() {
        let observation = outcome(None, true).count("k", (1..=30).map(|line| Place::line("x.yml", line)).collect());
        assert_eq!(observation.places.len(), 20);
        assert_eq!(observation.detail.as_deref(), Some("the first 20 of 30 places are listed"));
    }
}
