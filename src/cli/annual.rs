//! `seaworthy annual`: what a year brought, from the ledger.

use std::path::PathBuf;

use chrono::Datelike as _;
use clap::Args;

use super::failure::Failure;
use super::ledger;
use super::output::Output;
use super::report::{FileFormat, format_of};
use super::subject::now;
use crate::annual::{Moment, Year};
use crate::disk;
use crate::ledger::Ledger;
use crate::report::{self, Format, Terminal};

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
    /// Where to write; may be repeated. The format follows from the ending: .html .md .json .txt
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// Format of files whose ending does not tell it, and of what is printed
    #[arg(long, value_name = "FORMAT")]
    format: Option<FileFormat>,
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    let targets: Vec<(&PathBuf, Format)> = arguments
        .output
        .iter()
        .map(|path| Ok((path, format_of(path, arguments.format)?)))
        .collect::<Result<_, Failure>>()?;
    let ledger = Ledger::open(&ledger::folder(arguments.folder.as_deref())?)?;
    let last = ledger.latest().map_or_else(|| now().year(), |entry| entry.as_of().year());
    let year = arguments.year.unwrap_or(last);
    let moments = moments(&ledger, year)?;
    let year = Year::of(year, &moments).map_err(|error| Failure::Invalid(error.to_string()))?;
    let failed = |error: report::ReportError| Failure::Error(error.to_string());
    for (path, format) in &targets {
        let content = report::render_year(&year, *format).map_err(failed)?;
        disk::write(path, &content).map_err(|error| Failure::io("write", path, &error))?;
    }
    if let Some(format) = arguments.format.filter(|_| targets.is_empty()) {
        return output.result(&report::render_year(&year, format.into()).map_err(failed)?);
    }
    let terminal = Terminal {
        width: output.width(),
        colour: output.colours_results(),
        unicode: true,
        verbose: output.is_verbose(),
    };
    output.result(&report::summary_of_year(&year, &terminal))
}

/// The assessments up to the end of a year, with what they were made of.
fn moments(ledger: &Ledger, year: i32) -> Result<Vec<Moment>, Failure> {
    let until = ledger.entries().iter().filter(|entry| entry.as_of().year() <= year);
    until
        .map(|entry| {
            let targets = entry.answers()?.map(|answers| answers.targets).unwrap_or_default();
            Ok(Moment { record: entry.record()?, evidence: entry.evidence()?, targets })
        })
        .collect()
}
