//! `seaworthy report`: render a stored record again.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, TypedValueParser as _};
use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::output::Output;
use crate::assess::record::Assessment;
use crate::disk;
use crate::report::escape::clean;
use crate::report::{self, Exchange, Format};

/// Render a stored assessment record, with the built-in templates or one of your own.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Record written by `assess -o FILE.json`
    record: PathBuf,
    /// Where to write, as FILE or FORMAT=FILE; may be repeated; without it the report is printed
    #[arg(short, long, value_name = "[FORMAT=]FILE", value_parser = OsStringValueParser::new().map(Target::of))]
    output: Vec<Target>,
    /// Format of reports whose ending does not tell it, and of what is printed
    #[arg(long, value_name = "FORMAT")]
    format: Option<FileFormat>,
    /// Show this model of the record alone; may be repeated. A badge shows the first
    #[arg(long, value_name = "ID")]
    model: Vec<String>,
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
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// OSCAL assessment results
    Oscal,
    /// Gemara evaluation log
    Gemara,
    /// in-toto statement of the verified levels, not signed
    InToto,
    /// Findings as a table
    Csv,
    /// Findings as test results
    Junit,
    /// The verified level as an SVG image
    Badge,
    /// The same for shields.io
    Shields,
}

impl From<FileFormat> for Format {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Html => Self::Html,
            FileFormat::Markdown => Self::Markdown,
            FileFormat::Json => Self::Json,
            FileFormat::Text => Self::Text,
            FileFormat::Sarif => Self::Exchange(Exchange::Sarif),
            FileFormat::Oscal => Self::Exchange(Exchange::Oscal),
            FileFormat::Gemara => Self::Exchange(Exchange::Gemara),
            FileFormat::InToto => Self::Exchange(Exchange::InToto),
            FileFormat::Csv => Self::Exchange(Exchange::Csv),
            FileFormat::Junit => Self::Exchange(Exchange::Junit),
            FileFormat::Badge => Self::Exchange(Exchange::Badge),
            FileFormat::Shields => Self::Exchange(Exchange::Shields),
        }
    }
}

/// Where a report goes, as `-o` says.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) path: PathBuf,
    /// The format, where it stands before the name.
    named: Option<FileFormat>,
}

impl Target {
    /// `FILE` or `FORMAT=FILE`. What stands before a `=` and names no format belongs to the file's name.
    pub(super) fn of(argument: OsString) -> Self {
        let parts = argument.to_str().and_then(|text| text.split_once('='));
        let named = parts.and_then(|(format, path)| Some((FileFormat::from_str(format, true).ok()?, path)));
        match named {
            Some((format, path)) => Self { path: path.into(), named: Some(format) },
            None => Self { path: argument.into(), named: None },
        }
    }

    /// The format: as it is named before the file; as `--format` says, where files of that format may end so; as the ending
    /// says; or else as `--format` says.
    pub(super) fn format(&self, otherwise: Option<FileFormat>) -> Result<Format, Failure> {
        let otherwise = otherwise.map(Format::from);
        self.named
            .map(Format::from)
            .or_else(|| otherwise.filter(|format| format.fits(&self.path)))
            .or_else(|| Format::of_file(&self.path))
            .or(otherwise)
            .ok_or_else(|| {
                Failure::Invalid(format!(
                    "the ending of `{path}` tells no format; write FORMAT={path} with one of {formats}",
                    path = self.path.display(),
                    formats = Format::names().join(", ")
                ))
            })
    }
}

/// The format of a file without a format before its name.
pub(super) fn format_of(path: &Path, named: Option<FileFormat>) -> Result<Format, Failure> {
    Target { named: None, path: path.to_owned() }.format(named)
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    let json = disk::read_text(&arguments.record).map_err(|error| Failure::io("read", &arguments.record, &error))?;
    let mut record = Assessment::from_json(&json)
        .map_err(|error| Failure::Invalid(format!("`{}`: {error}", arguments.record.display())))?;
    if record.computed_digest()? != record.digest {
        output.remark("The record does not have the digest that it names: it was changed after it was made.");
    }
    choose(&mut record, &arguments.model)?;
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
        let format = arguments.format.map_or(usual, Format::from);
        refuse_parts(arguments, format)?;
        return output.result(&render(format)?);
    }
    let formats =
        arguments.output.iter().map(|target| target.format(arguments.format)).collect::<Result<Vec<_>, _>>()?;
    for (target, format) in arguments.output.iter().zip(formats) {
        refuse_parts(arguments, format)?;
        let content = render(format)?;
        disk::write(&target.path, &content).map_err(|error| Failure::io("write", &target.path, &error))?;
    }
    Ok(())
}

/// A record is written whole: a part of it would not have its digest.
fn refuse_parts(arguments: &Arguments, format: Format) -> Result<(), Failure> {
    if format == Format::Json && !arguments.model.is_empty() {
        return Err(Failure::Invalid("a record is written whole; leave out --model".to_owned()));
    }
    Ok(())
}

/// Keeps the models that are asked for, in the order in which they are.
fn choose(record: &mut Assessment, ids: &[String]) -> Result<(), Failure> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut chosen = Vec::new();
    for id in ids {
        let model = record.models.iter().find(|model| model.id == *id).ok_or_else(|| {
            let known: Vec<String> = record.models.iter().map(|model| clean(&model.id)).collect();
            Failure::Invalid(format!("the record has no model `{id}`; it has {}", known.join(", ")))
        })?;
        chosen.push(model.clone());
    }
    record.models = chosen;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_report_goes() {
        for (argument, format, path, wanted) in [
            ("report.html", None, "report.html", Some("html")),
            ("csv=a.txt", None, "a.txt", Some("csv")),
            ("a=b.csv", None, "a=b.csv", Some("csv")),
            ("./csv=a.txt", None, "./csv=a.txt", Some("text")),
            ("badge.svg", None, "badge.svg", Some("badge")),
            ("results.xml", None, "results.xml", Some("junit")),
            ("a.sarif", None, "a.sarif", Some("sarif")),
            ("a.oscal.json", None, "a.oscal.json", Some("oscal")),
            ("in-toto=a.json", None, "a.json", Some("in-toto")),
            ("a.shields.json", None, "a.shields.json", Some("shields")),
            ("a.shields.html", None, "a.shields.html", Some("html")),
            ("a.json", None, "a.json", Some("json")),
            ("a.json", Some(FileFormat::Shields), "a.json", Some("shields")),
            ("a.html", Some(FileFormat::Shields), "a.html", Some("html")),
            ("a", Some(FileFormat::Shields), "a", Some("shields")),
            ("a.yaml", None, "a.yaml", None),
        ] {
            let target = Target::of(argument.into());
            assert_eq!(target.path, PathBuf::from(path), "{argument}");
            assert_eq!(target.format(format).ok().map(Format::word), wanted, "{argument}");
        }
    }

    #[test]
    fn every_format_has_a_name_on_the_command_line() {
        let names: Vec<&str> = FileFormat::value_variants().iter().map(|format| Format::from(*format).word()).collect();
        assert_eq!(names, Format::names());
        for name in names {
            assert!(FileFormat::from_str(name, false).is_ok(), "{name}");
        }
    }
}
