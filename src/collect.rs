//! Collecting: from GitHub or a local checkout to an evidence snapshot.
//!
//! Each collector writes observations on a [`Sheet`](crate::evidence::Sheet). What repository files tell is analysed in
//! one place, [`files`], which knows neither GitHub nor git. [`document`] fetches what is imported.

pub mod checkout;
pub mod document;
pub mod files;
pub mod github;
mod history;
pub(crate) mod versions;

use crate::evidence::Evidence;

/// What a collector brings: the evidence, and the answers file that the subject itself keeps.
#[derive(Clone, Debug)]
pub struct Collected {
    pub evidence: Evidence,
    /// The text of `.seaworthy/answers.yaml`, where the subject has one.
    pub answers: Option<String>,
    /// Other files of the subject's commit in which it declares answers: path and text.
    pub declared: Vec<(String, String)>,
}
