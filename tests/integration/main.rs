//! End-to-end tests: the real program, and the library as other programs use it. A file a subject.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that meets the unexpected fails")]

mod action;
mod answer;
mod answer_details;
mod apps;
mod asked_when;
mod assess;
mod both_ways;
mod cache;
mod checkout;
mod cli;
mod declared;
mod doctor;
mod documentation;
mod exchange;
mod export;
mod fake_github;
mod fault_proxy;
mod faults;
mod github;
mod github_cli;
mod github_reads;
mod import;
mod init;
mod ledger;
mod lint;
mod migrate;
mod questionnaires;
mod review;
mod rich_github;
mod schemas;
mod scoring;
mod secrets;
mod support;
mod validators;
mod waiting;
