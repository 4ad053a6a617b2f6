//! What a collection tells of itself while it is under way.

use std::sync::Arc;

/// Something that was or is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told<'a> {
    /// A step, such as downloading the files.
    Step(&'a str),
    /// A request and what came of it, such as `GET /repos/acme/widget: 200`.
    Request(&'a str),
    /// That a rate limit is waited for, and until when.
    Wait(&'a str),
    /// Something that does not work as it should, and is done without.
    Warning(&'a str),
}

/// Gets what is told. It must not wait.
pub type Progress = Arc<dyn Fn(Told<'_>) + Send + Sync>;
