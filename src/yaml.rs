//! YAML that people write: read strictly, with positions, so that each problem points at its line and column.
//!
//! [`parse`] makes a tree of [`Node`]s. [`Fields`] walks a mapping and collects [`Problem`]s, all of them in one run.
//! [`Problem::render`] shows a problem beside the line it is about.

mod fields;
mod node;
mod problem;

pub(crate) use fields::texts;
pub use fields::{Fields, nearest};
pub use node::{Key, Kind, Node, parse};
pub use problem::{Document, Problem, Severity};
