//! Collecting: from GitHub or a local checkout to an evidence snapshot.
//!
//! Each collector writes observations on a [`Sheet`](crate::evidence::Sheet). What repository files tell is analysed in
//! one place, [`files`], which knows neither GitHub nor git.

pub mod files;
pub mod github;
