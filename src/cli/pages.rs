//! Where the pages of `annual` and `diff` go, and in which formats: they are no assessments, so that formats for assessments
//! do not fit them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::output::Output;
use crate::disk;
use crate::report::{Format, ReportError, Terminal};

/// Where a page goes.
#[derive(Args, Debug)]
pub(super) struct Pages {
    /// Where to write; may be repeated. The format follows from the ending: .html .md .json .txt
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// Format of files whose ending does not tell it, and of what is printed
    #[arg(long, value_name = "FORMAT")]
    format: Option<PageFormat>,
}

/// A format of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PageFormat {
    Html,
    #[value(alias = "md")]
    Markdown,
    Json,
    Text,
}

impl From<PageFormat> for Format {
    fn from(format: PageFormat) -> Self {
        match format {
            PageFormat::Html => Self::Html,
            PageFormat::Markdown => Self::Markdown,
            PageFormat::Json => Self::Json,
            PageFormat::Text => Self::Text,
        }
    }
}

impl Pages {
    /// The files to write, with their formats; told before anything is read, so that a wrong name costs nothing.
    pub(super) fn targets(&self) -> Result<Vec<(&PathBuf, Format)>, Failure> {
        let format = |path: &PathBuf| {
            let told = Format::of_file(path);
            if let Some(Format::Exchange(_)) = told {
                return Err(Failure::Invalid(format!(
                    "`{}` is for a single assessment; this page is written as .html, .md, .json or .txt",
                    path.display()
                )));
            }
            told.or(self.format.map(Format::from)).ok_or_else(|| {
                Failure::Invalid(format!(
                    "the ending of `{}` tells no format; end it in .html, .md, .json or .txt, or give --format",
                    path.display()
                ))
            })
        };
        self.output.iter().map(|path| Ok((path, format(path)?))).collect()
    }

    /// Writes the files, and prints what is to be printed: in the format that is asked for and goes to no file, else the
    /// summary.
    pub(super) fn write(
        &self,
        targets: &[(&PathBuf, Format)],
        output: &Output,
        render: impl Fn(Format) -> Result<String, ReportError>,
        summary: impl Fn(&Terminal) -> String,
    ) -> Result<(), Failure> {
        let rendered = |format| render(format).map_err(|error| Failure::Error(error.to_string()));
        for (path, format) in targets {
            disk::write(path, rendered(*format)?).map_err(|error| Failure::io("write", path, &error))?;
        }
        if let Some(format) = self.format.filter(|_| targets.is_empty()) {
            return output.result(&rendered(format.into())?);
        }
        output.result(&summary(&Terminal {
            width: output.width(),
            colour: output.colours_results(),
            unicode: true,
            verbose: output.is_verbose(),
        }))
    }
}
