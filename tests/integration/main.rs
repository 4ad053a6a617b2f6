//! End-to-end tests: the real program, and the library as other programs use it. A file a subject.

mod assess;
mod checkout;
mod cli;
mod fake_github;
mod github;
mod github_cli;
mod support;
