//! Whether what was said and seen still holds: the validity of each answer, what broke it, and the least work that makes the
//! assessment whole again.
//!
//! Pure: a record says of each answer until when it holds, when it is due and what changed since; [`compare`] tells what
//! changed between two snapshots. The rules are data (`questionnaires/events.yaml`), explained in `docs/validity.md`.

pub mod compare;
mod standing;
mod superseded;

pub use standing::{Counts, Item, ItemKind, STATUS_SCHEMA, Standing, Touched, Work};
pub use superseded::superseded;

use schemars::JsonSchema;
use serde::Serialize;

/// Whether something still holds. The order is that of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Validity {
    /// It holds.
    Fresh,
    /// Something else took its place.
    Superseded,
    /// It holds, and somebody should look at it again: its soft limit has passed.
    Due,
    /// Something on which it rests changed after it was said, or a sign or a person speaks against it.
    Suspect,
    /// What was observed says otherwise.
    Contradicted,
    /// Its hard limit has passed: it does not count.
    Expired,
}

impl Validity {
    /// All kinds, the most urgent first.
    pub const ALL: [Self; 6] =
        [Self::Expired, Self::Contradicted, Self::Suspect, Self::Due, Self::Superseded, Self::Fresh];

    pub fn word(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Superseded => "superseded",
            Self::Due => "due",
            Self::Suspect => "suspect",
            Self::Contradicted => "contradicted",
            Self::Expired => "expired",
        }
    }

    /// Whether somebody has to do something about it.
    pub fn is_open(self) -> bool {
        self >= Self::Due
    }
}
