//! `seaworthy report`: render a stored record again.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::output::Output;
use crate::assess::record::Assessment;
use crate::disk;
use crate::report::{self, Format};

/// Render a stored assessment record, with the built-in templates or one of your own.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Record written by `assess -o FILE.json`
    record: PathBuf,
    /// Where to write; may be repeated; without it the report is printed
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// Format of reports whose ending does not tell it, and of what is printed
    #[arg(long, value_name = "FORMAT")]
    format: Option<FileFormat>,
    /// Write this document of a model, such as self-assessment, instead of the report; as .md or .html
    #[arg(long, value_name = "ID")]
    document: Option<String>,
    /// Template of your own, in the language of Jinja; docs/templates.md tells what it is given
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
}

/// A format that can be named on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FileFormat {
    Html,
    #[value(alias = "md")]
    Markdown,
    Json,
    Text,
}

impl From<FileFormat> for Format {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Html => Self::Html,
            FileFormat::Markdown => Self::Markdown,
            FileFormat::Json => Self::Json,
            FileFormat::Text => Self::Text,
        }
    }
}

/// The format of a file: as its ending says, or else as the command line does.
pub(super) fn format_of(path: &Path, named: Option<FileFormat>) -> Result<Format, Failure> {
    Format::of_file(path).or(named.map(Format::from)).ok_or_else(|| {
        Failure::Invalid(format!(
            "the ending of `{}` tells no format; use .html, .md, .json or .txt, or name it with --format",
            path.display()
        ))
    })
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    let json = disk::read_text(&arguments.record).map_err(|error| Failure::io("read", &arguments.record, &error))?;
    let record = Assessment::from_json(&json)
        .map_err(|error| Failure::Invalid(format!("`{}`: {error}", arguments.record.display())))?;
    if record.computed_digest()? != record.digest {
        output.remark("The record does not have the digest that it names: it was changed after it was made.");
    }
    let template = match &arguments.template {
        Some(path) => Some((path, disk::read_text(path).map_err(|error| Failure::io("read", path, &error))?)),
        None => None,
    };
    let render = |format: Format| match (&arguments.document, &template) {
        (Some(id), template) => {
            let names = template.as_ref().map(|(path, text)| (path.display().to_string(), text));
            let template = names.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
            report::render_document(&record, id, template, format).map_err(|error| Failure::Invalid(error.to_string()))
        }
        (None, Some((path, text))) => report::render_with(&record, text, &path.display().to_string(), format)
            .map_err(|error| Failure::Invalid(error.to_string())),
        (None, None) => report::render(&record, format).map_err(|error| Failure::Error(error.to_string())),
    };
    if arguments.output.is_empty() {
        let usual = if arguments.document.is_some() { Format::Markdown } else { Format::Text };
        return output.result(&render(arguments.format.map_or(usual, Format::from))?);
    }
    for path in &arguments.output {
        let content = render(format_of(path, arguments.format)?)?;
        disk::write(path, &content).map_err(|error| Failure::io("write", path, &error))?;
    }
    Ok(())
}
