//! Questions and maturity models: data in YAML, read strictly and checked.
//!
//! Questions live in one bank; a [`Model`] only says which resolved questions meet which of its requirements. Conditions
//! are small trees of YAML ([`Condition`]), never strings of code.

mod bank;
mod condition;
mod coverage;
mod crosswalk;
mod duration;
mod lint;
mod lock;
pub(crate) mod logic;
mod model;
mod outline;
mod profile;
mod question;
mod register;
mod replaced;

pub(crate) use bank::Related;
pub use bank::{
    File, LoadError, MODEL_SCHEMA, QUESTIONS_SCHEMA, QuestionnaireFile, Questionnaires, Source, built_in_documents,
    folder_documents,
};
pub use condition::{Condition, Leaf, Test};
pub(crate) use condition::{boolean, each_once, scalar};
pub use coverage::{Coverage, MetBy, coverage, questions};
pub use crosswalk::{BANK, CROSSWALK_SCHEMA, Crosswalk, Link, Origin, Place, Relation};
pub use duration::Months;
pub use lock::{LOCK_FILE, Lock, meaning};
pub use model::{
    Area, Demand, Exact, Group, Level, Model, Requirement, Rules, Scoring, Strength, Version, Worth, WorthOf,
};
pub(crate) use outline::about;
pub use outline::{Outline, Row, Section, Shows};
pub use profile::{Changed, Derived, Dropped, Profile};
pub use question::{AnswerType, Certainty, Choice, Effort, Given, Limits, Question, Rule};
pub(crate) use question::{COVERAGE, is_link};
pub(crate) use register::LIST as AUDITS_LIST;
pub use register::{AuditRule, FACTS, Fact};
pub use replaced::{Carry, REPLACED_SCHEMA, Replacement};
