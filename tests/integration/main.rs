//! End-to-end tests: the real program, and the library as other programs use it. A file a subject.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that meets the unexpected fails")]

mod answer;
mod answer_details;
mod apps;
mod asked_when;
mod assess;
mod best_practices_badge;
mod both_ways;
mod cache;
mod checkout;
mod cli;
mod declared;
mod doctor;
mod documentation;
mod documents;
mod export;
mod fake_github;
mod fault_proxy;
mod faults;
mod frameworks;
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
mod samm;
mod scoring;
mod secrets;
mod support;
mod waiting;
