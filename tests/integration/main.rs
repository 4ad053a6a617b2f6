//! End-to-end tests: the real program, and the library as other programs use it. A file a subject.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that meets the unexpected fails")]

mod assess;
mod cache;
mod checkout;
mod cli;
mod documentation;
mod export;
mod fake_github;
mod github;
mod github_cli;
mod import;
mod lint;
mod migrate;
mod questionnaires;
mod review;
mod scoring;
mod support;
mod waiting;
