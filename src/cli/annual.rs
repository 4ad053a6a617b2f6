//! `seaworthy annual`: what a year brought, from the ledger.

use chrono::Datelike as _;
use clap::Args;

use super::failure::Failure;
use super::ledger;
use super::output::Output;
use super::pages::Pages;
use super::subject::now;
use crate::annual::{Moment, Year};
use crate::ledger::{Ledger, Opened};
use crate::report;

/// Tell what a year brought: the trend of the three readings, what was achieved, what slipped or ran out, figures, goals.
#[derive(Args, Debug)]
#[command(after_help = "\
The year is measured from the last assessment before it, or else the first one in it, to the last one in it. What only another
token saw, or another version of a model demands, stands apart.

Examples:
    seaworthy annual                             this year, or the last one that has an assessment
    seaworthy annual --year 2025 -o 2025.html    to print or to publish; a browser prints it as PDF")]
pub(super) struct Arguments {
    /// Folder of the ledger, or a checkout that has one; by default the checkout here
    folder: Option<String>,
    /// The year; by default that of the last assessment
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1970..=9999))]
    year: Option<i32>,
    #[command(flatten)]
    pages: Pages,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    let targets = arguments.pages.targets()?;
    let ledger = Ledger::open(&ledger::folder(arguments.folder.as_deref())?)?;
    let last = ledger.latest().map_or_else(|| now().year(), |entry| entry.as_of().year());
    let year = arguments.year.unwrap_or(last);
    let opened = ledger.read(|entry| entry.as_of().year() <= year)?;
    let moments: Vec<Moment> = opened.into_iter().map(moment).collect();
    let year = Year::of(year, &moments).map_err(|error| Failure::Invalid(error.to_string()))?;
    let render = |format| report::render_year(&year, format);
    arguments.pages.write(&targets, output, render, |terminal| report::summary_of_year(&year, terminal))
}

fn moment(opened: Opened) -> Moment {
    let targets = opened.answers.map(|answers| answers.targets).unwrap_or_default();
    Moment { record: opened.record, evidence: opened.evidence, targets }
}
