//! `seaworthy schema`: print the JSON Schema of a format.

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::output::Output;
use crate::schema;

/// Print the JSON Schema of a format, for editors and other programs.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The format
    name: Name,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    Evidence,
    Answers,
    Assessment,
    Questions,
    Model,
    /// Which questions took the place of old ones
    Replaced,
    /// How requirements of different models relate
    Crosswalk,
    /// What `doctor --format json` prints
    Doctor,
    /// What `diff --format json` prints
    Diff,
    /// What `annual --format json` prints
    Annual,
    /// What `status --format json` prints
    Status,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    let schema = match arguments.name {
        Name::Evidence => schema::evidence(),
        Name::Answers => schema::answers(),
        Name::Assessment => schema::assessment(),
        Name::Questions => schema::questions(),
        Name::Model => schema::model(),
        Name::Replaced => schema::replaced(),
        Name::Crosswalk => schema::crosswalk(),
        Name::Doctor => schema::doctor(),
        Name::Diff => schema::diff(),
        Name::Annual => schema::year(),
        Name::Status => schema::status(),
    };
    output.result(&(serde_json::to_string_pretty(&schema)? + "\n"))
}
