//! `seaworthy diff`: what changed between two assessments, and why.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;

use super::failure::Failure;
use super::ledger::folder;
use super::output::Output;
use super::pages::Pages;
use crate::assess::record::Assessment;
use crate::diff::Diff;
use crate::disk;
use crate::evidence::Evidence;
use crate::ledger::Ledger;
use crate::report;

/// Show what changed between two assessments of a subject, each change with its cause.
#[derive(Args, Debug)]
#[command(
    after_help = "What became known only because another token saw more stands apart: it is no progress.\n\nExamples:\n    \
        seaworthy diff 2025.json 2026.json -o diff.html\n    seaworthy diff 2026-01-01 2026-12-31"
)]
pub(super) struct Arguments {
    /// The earlier record, written by `assess -o FILE.json`; or a day, of which the ledger has the last record until then
    old: String,
    /// The later record, or a day
    new: String,
    /// The ledger in which days are looked up; by default that of the checkout that you are in
    #[arg(long, value_name = "DIR")]
    ledger: Option<PathBuf>,
    /// Evidence of the earlier record: with that of both, all observations are compared and not only those that the
    /// records name
    #[arg(long, value_name = "FILE", requires = "new_evidence")]
    old_evidence: Option<PathBuf>,
    /// Evidence of the later record
    #[arg(long, value_name = "FILE", requires = "old_evidence")]
    new_evidence: Option<PathBuf>,
    #[command(flatten)]
    pages: Pages,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    let targets = arguments.pages.targets()?;
    let ledger = arguments.ledger.as_deref();
    let (old, old_kept) = record(&arguments.old, ledger, output)?;
    let (new, new_kept) = record(&arguments.new, ledger, output)?;
    let evidence = match (&arguments.old_evidence, &arguments.new_evidence) {
        (Some(before), Some(now)) => Some((evidence(before, &old)?, evidence(now, &new)?)),
        _ => old_kept.zip(new_kept),
    };
    let evidence = evidence.as_ref().map(|(old, new)| (old, new));
    let diff = Diff::between(&old, &new, evidence).map_err(|error| Failure::Invalid(error.to_string()))?;
    let render = |format| report::render_diff(&diff, format);
    arguments.pages.write(&targets, output, render, |terminal| report::summary_of_diff(&diff, terminal))
}

/// A record by its file, or by a day of a ledger, which keeps its evidence too.
fn record(named: &str, ledger: Option<&Path>, output: &Output) -> Result<(Assessment, Option<Evidence>), Failure> {
    let path = Path::new(named);
    if let Some(day) = named.parse::<NaiveDate>().ok().filter(|_| !path.exists()) {
        let folder = match ledger {
            Some(folder) => folder.to_owned(),
            None => folder(None)?,
        };
        let ledger = Ledger::open(&folder)?;
        let entry = ledger.entries().iter().rev().find(|entry| entry.as_of() <= day);
        let entry = entry.ok_or_else(|| {
            Failure::Invalid(format!("the ledger in `{}` has no record of {day} or before", folder.display()))
        })?;
        let (record, inputs) = entry.read()?;
        return Ok((record, Some(inputs.evidence)));
    }
    let json = disk::read_text(path).map_err(|error| Failure::io("read", path, &error))?;
    let record = Assessment::from_json(&json).map_err(|error| Failure::Invalid(format!("`{named}`: {error}")))?;
    if record.computed_digest()? != record.digest {
        output.remark(&format!("`{named}` does not have the digest that it names: it was changed after it was made."));
    }
    Ok((record, None))
}

/// The evidence of a record, which names it by its digest.
fn evidence(path: &Path, record: &Assessment) -> Result<Evidence, Failure> {
    let json = disk::read_text(path).map_err(|error| Failure::io("read", path, &error))?;
    let invalid = |reason: String| Failure::Invalid(format!("`{}`: {reason}", path.display()));
    let evidence = Evidence::from_json(&json).map_err(|error| invalid(error.to_string()))?;
    if evidence.digest()? != record.inputs.evidence.digest {
        return Err(invalid(format!("it is not the evidence of the record of {}", record.as_of)));
    }
    Ok(evidence)
}
