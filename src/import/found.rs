//! Files of a subject's own repository that can be taken over.

use super::{Confidence, Format, Imported, Input, Refused, import};
use crate::collect::files::insights::is_insights;

/// A file that was found and read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Path in the repository.
    pub path: String,
    pub format: Format,
    pub imported: Result<Imported, Refused>,
}

impl Found {
    /// What a person should know of it; nothing where it holds no proposal.
    pub fn remark(&self) -> Option<String> {
        let verb = format!("seaworthy import {} {}", self.format.word(), self.path);
        match &self.imported {
            Err(Refused(reason)) => Some(format!("{reason}; it was not read.")),
            Ok(imported) if imported.proposals.is_empty() => None,
            Ok(imported) => {
                let certain = imported.proposals.iter().filter(|of| of.confidence == Confidence::Certain).count();
                Some(format!(
                    "{} speaks for the answers to {} questions, {certain} of them for certain. They do not count until \
                     somebody takes them over: {verb}",
                    self.path,
                    imported.proposals.len(),
                ))
            }
        }
    }
}

/// The format of a file in a repository, by its path.
fn format_of(path: &str) -> Option<Format> {
    match path {
        ".bestpractices.json" => Some(Format::BestPractices),
        ".clomonitor.yml" => Some(Format::Clomonitor),
        path if is_insights(path) => Some(Format::SecurityInsights),
        _ => None,
    }
}

/// Reads every file of a repository that can be taken over: Security Insights, `.bestpractices.json`, `.clomonitor.yml`.
/// The files are paths with their texts; all but those three are passed over. `input` gives the rest.
pub fn found_in_repository<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>, input: &Input<'_>) -> Vec<Found> {
    let read = |(path, text): (&'f str, &'f str)| {
        let format = format_of(path)?;
        let imported = import(format, &Input { name: path, text, ..*input });
        Some(Found { path: path.to_owned(), format, imported })
    };
    files.into_iter().filter_map(read).collect()
}
