//! YAML that people write: read strictly, with positions, so that each problem points at its line and column.
//!
//! [`parse`] makes a tree of [`Node`]s. [`Fields`] walks a mapping and collects [`Problem`]s, all of them in one run.
//! [`Problem::render`] shows a problem beside the line it is about.

mod fields;
mod node;
mod problem;
mod read;

pub(crate) use fields::texts;
pub use fields::{Fields, nearest};
pub use node::{Key, Kind, Node};
pub use problem::{Document, Lines, Problem, Severity};

/// Reads a document. Duplicate keys, aliases, excessive size or depth, and broken YAML are problems.
pub fn parse(document: &Document) -> Result<Node, Problem> {
    read::read(document.text()).map_err(|unreadable| Problem::error(unreadable.message, unreadable.span))
}
