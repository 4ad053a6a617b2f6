//! Questions and maturity models: data in YAML, read strictly and checked.
//!
//! Questions live in one bank; a [`Model`] only says which resolved questions meet which of its requirements. Conditions
//! are small trees of YAML ([`Condition`]), never strings of code.

mod bank;
mod condition;
mod duration;
mod lint;
mod model;
mod question;

pub use bank::{File, LoadError, MODEL_SCHEMA, QUESTIONS_SCHEMA, Questionnaires, Source, built_in_documents};
pub(crate) use condition::scalar;
pub use condition::{Condition, Leaf, Test};
pub use duration::Months;
pub use lint::lint;
pub use model::{Area, Level, Model, Requirement, Scoring};
pub use question::{AnswerType, Certainty, Choice, Effort, Given, Question, Rule};
pub(crate) use question::{COVERAGE, is_link};
