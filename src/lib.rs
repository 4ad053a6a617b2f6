//! Seaworthy assesses the security maturity of software projects.
//!
//! The modules, in the order of the data's way:
//!
//! - [`parallel`]: the same work on many things, side by side.
//! - [`yaml`]: YAML that people write, read strictly, with problems shown at their line.
//! - [`built_in`]: what the build script read of the project's own YAML.
//! - [`evidence`]: what was seen. Observations, the vocabulary of their keys, and the snapshot that is complete in itself.
//! - [`collect`]: makes a snapshot from GitHub or from a local checkout. The only part that talks to a network.
//! - [`questionnaire`]: questions, conditions and maturity models, read from YAML and checked.
//! - [`answers`]: what maintainers say, what reviewers say of that, and waivers.
//! - [`review`]: an assessor's walk through the answers.
//! - [`assess`]: resolves questions, judges requirements and scores. Pure: no network, file system or clock.
//! - [`diff`]: what changed between two assessments, and why.
//! - [`validity`]: whether what was said and seen still holds, what broke it, and the least work that makes it whole.
//! - [`import`]: takes over what was declared or measured elsewhere, as proposed answers.
//! - [`export`]: writes answers in the formats of others.
//! - [`ledger`]: the assessments of a subject over time, in a folder, and whether they hold.
//! - [`annual`]: what a year brought, from the records up to its end.
//! - [`report`]: renders an assessment for people.
//! - [`interview`]: asks maintainers: open questions, a file to fill in, and the interview as a state machine.
//! - [`schema`]: the JSON Schemas of the formats.
//! - [`cli`]: the command line, which joins them all.
//!
//! Arrows point one way: a module knows those before it in the list, never those after it.

pub mod annual;
pub mod answers;
pub mod assess;
mod built_in;
pub mod cli;
pub mod collect;
pub mod diff;
mod disk;
pub mod evidence;
pub mod export;
pub mod import;
pub mod interview;
pub mod ledger;
mod parallel;
pub mod questionnaire;
pub mod report;
pub mod review;
pub mod schema;
pub mod validity;
pub mod yaml;
