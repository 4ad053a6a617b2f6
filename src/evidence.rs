//! What was seen of a subject: the evidence snapshot.
//!
//! A snapshot is a JSON document (`seaworthy.evidence/1`) that is complete in itself. It holds one observation for each
//! key of the [`Vocabulary`]; everything that a collector does not speak of is *unavailable*, never silently missing.

mod events;
mod not_collected;
mod observation;
mod permissions;
mod snapshot;
mod value;
mod vocabulary;

pub use events::{By, Compared, EVENTS_YAML, Event, Events, Reading, SUBJECT_OWNER, Share};
pub use not_collected::NotCollected;
pub use observation::{Observation, Place, State};
pub use permissions::{Holder, Level, PERMISSIONS_YAML, Permission, Permissions, Role};
pub use snapshot::{Access, EVIDENCE_SCHEMA, Evidence, EvidenceError, Sheet, Subject};
pub use value::Value;
pub use vocabulary::{Group, KeyInfo, Kind, Source, VOCABULARY_YAML, Vocabulary};
