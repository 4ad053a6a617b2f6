//! Questions and maturity models: data in YAML, read strictly and checked.
//!
//! Questions live in one bank; a [`Model`] only says which resolved questions meet which of its requirements. Conditions
//! are small trees of YAML ([`Condition`]), never strings of code.

mod bank;
mod condition;
mod duration;
mod lint;
mod lock;
pub(crate) mod logic;
mod model;
mod question;
mod replaced;

pub use bank::{
    File, LoadError, MODEL_SCHEMA, QUESTIONS_SCHEMA, QuestionnaireFile, Questionnaires, Source, built_in_documents,
    folder_documents,
};
pub use condition::{Condition, Leaf, Test};
pub(crate) use condition::{boolean, scalar};
pub use duration::Months;
pub use lock::{LOCK_FILE, Lock, meaning};
pub use model::{Area, Demand, Exact, Group, Level, Model, Requirement, Rules, Scoring, Strength, Worth, WorthOf};
pub use question::{AnswerType, Certainty, Choice, Effort, Given, Limits, Question, Rule};
pub(crate) use question::{COVERAGE, is_link};
pub use replaced::{Carry, REPLACED_SCHEMA, Replacement};
