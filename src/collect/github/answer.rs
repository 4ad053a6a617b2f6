//! What became of a request: an answer, or one of the ways of not knowing.

use crate::evidence::{Observation, State, Value, Vocabulary};

/// What is known of something that was, or was not, asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer<T> {
    Known(T),
    /// GitHub refuses it to this token, or it was not asked because the token's role cannot see it.
    Denied,
    /// It was not asked, or GitHub does not tell it, for this reason.
    Untold(String),
    /// Asking went wrong.
    Failed(String),
}

impl<T> Answer<T> {
    pub(super) fn untold(reason: impl Into<String>) -> Self {
        Self::Untold(reason.into())
    }

    pub(super) fn failed(reason: impl Into<String>) -> Self {
        Self::Failed(reason.into())
    }

    pub(super) fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn map<U>(self, f: impl FnOnce(T) -> U) -> Answer<U> {
        match self {
            Self::Known(value) => Answer::Known(f(value)),
            Self::Denied => Answer::Denied,
            Self::Untold(reason) => Answer::Untold(reason),
            Self::Failed(reason) => Answer::Failed(reason),
        }
    }

    /// What is made of a known value, which may be unknown again.
    pub(super) fn and_then<U>(self, f: impl FnOnce(T) -> Answer<U>) -> Answer<U> {
        match self {
            Self::Known(value) => f(value),
            Self::Denied => Answer::Denied,
            Self::Untold(reason) => Answer::Untold(reason),
            Self::Failed(reason) => Answer::Failed(reason),
        }
    }

    pub(super) fn as_ref(&self) -> Answer<&T> {
        match self {
            Self::Known(value) => Answer::Known(value),
            Self::Denied => Answer::Denied,
            Self::Untold(reason) => Answer::Untold(reason.clone()),
            Self::Failed(reason) => Answer::Failed(reason.clone()),
        }
    }

    /// The observation of a key, where there is no answer to make it from.
    pub(super) fn unknown(&self, key: &str) -> Observation {
        match self {
            Self::Known(_) => Observation::failed(key, "GitHub's answer does not hold it"),
            Self::Denied => denied(key),
            Self::Untold(reason) => Observation::unavailable(key, reason.as_str()),
            Self::Failed(reason) => Observation::failed(key, reason.as_str()),
        }
    }

    /// The observations of these keys: what `observe` makes of the answer, or for each key why there is none.
    pub(super) fn observe(self, keys: &[&str], observe: impl FnOnce(T) -> Vec<Observation>) -> Vec<Observation> {
        match self {
            Self::Known(value) => observe(value),
            other => keys.iter().map(|key| other.unknown(key)).collect(),
        }
    }

    /// The observation of one key: its value, or why there is none.
    pub(super) fn observe_one(self, key: &str) -> Observation
    where
        T: Into<Value>,
    {
        match self {
            Self::Known(value) => Observation::seen(key, value),
            other => other.unknown(key),
        }
    }
}

/// The observation of a key that the token may not read, with the permission that its entry in the vocabulary names.
pub(super) fn denied(key: &str) -> Observation {
    match Vocabulary::built_in().get(key).and_then(|info| info.permission()) {
        Some(permission) => Observation::not_permitted(key, permission),
        None => {
            Observation::new(key, State::Unavailable { reason: "GitHub does not tell it to this token".to_owned() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_says_why() {
        let keys = ["actions.enabled", "repo.archived"];
        let states = |answer: Answer<bool>| -> Vec<State> {
            answer.observe(&keys, |_| Vec::new()).into_iter().map(|observation| observation.state).collect()
        };
        assert_eq!(
            states(Answer::Denied),
            [
                State::NotPermitted { permission: "administration: read".into() },
                State::Unavailable { reason: "GitHub does not tell it to this token".into() },
            ]
        );
        assert_eq!(states(Answer::failed("x")), vec![State::Failed { reason: "x".into() }; 2]);
        assert_eq!(states(Answer::untold("y")), vec![State::Unavailable { reason: "y".into() }; 2]);
        assert!(states(Answer::Known(true)).is_empty());
    }
}
