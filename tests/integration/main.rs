//! End-to-end tests: the real program, and the library as other programs use it. A file a subject.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that meets the unexpected fails")]

mod answer;
mod assess;
mod checkout;
mod cli;
mod documentation;
mod fake_github;
mod github;
mod github_cli;
mod init;
mod support;
