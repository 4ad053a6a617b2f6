//! What stands beside an answer: a word that stays in the file, what others who were asked say, and attachments.

use chrono::NaiveDate;
use serde::Serialize;

use super::{CriteriaHeld, Person};
use crate::questionnaire::boolean;
use crate::yaml::{Fields, Kind, Node, Problem};

/// The most respondents or attachments of one answer.
const MAX_ENTRIES: usize = 50;

/// What stands beside an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Details {
    /// Which criteria of the question hold, where it has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criteria: Option<CriteriaHeld>,
    /// The people of an answer that names some, where more is said of them than handles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
    /// For those who may read the file. It goes into no record, report, export or digest.
    #[serde(skip)]
    pub confidential: Option<String>,
    /// Others who were asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub respondents: Vec<Respondent>,
    /// Files that show it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// Somebody else who was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Respondent {
    pub by: String,
    pub on: NaiveDate,
    /// Whether the respondent says the same as the answer.
    pub agrees: bool,
    pub note: Option<String>,
}

/// A file that lies beside the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// From the folder of the answers file, with slashes, and not out of it.
    pub path: String,
    /// 64 digits.
    pub sha256: String,
}

impl Details {
    /// Reads the fields of an answer that belong here; problems are added with their places.
    pub(super) fn parse(fields: &mut Fields<'_>, problems: &mut Vec<Problem>) -> Self {
        let confidential = fields.text("confidential", problems);
        let respondents = list(fields, "respondents", "`{ by, on, agrees, note }`", problems, respondent);
        let attachments = list(fields, "attachments", "`{ path, sha256 }`", problems, attachment);
        Self { criteria: None, people: Vec::new(), confidential, respondents, attachments }
    }

    /// What stays where another answer takes the place of the one that these belong to.
    #[must_use]
    pub fn for_another_answer(&self) -> Self {
        Self { confidential: self.confidential.clone(), ..Self::default() }
    }
}

fn list<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    of: &str,
    problems: &mut Vec<Problem>,
    read: fn(&Node, &mut Vec<Problem>) -> Option<T>,
) -> Vec<T> {
    let Some(node) = fields.node(name) else { return Vec::new() };
    match &node.kind {
        Kind::List(items) if items.len() <= MAX_ENTRIES => {
            items.iter().filter_map(|item| read(item, problems)).collect()
        }
        Kind::List(_) => {
            problems.push(Problem::error(format!("`{name}` has more than {MAX_ENTRIES} entries"), node.span.clone()));
            Vec::new()
        }
        _ => {
            problems.push(Problem::error(format!("`{name}` is a list of {of}"), node.span.clone()));
            Vec::new()
        }
    }
}

fn respondent(node: &Node, problems: &mut Vec<Problem>) -> Option<Respondent> {
    let mut fields = Fields::of(node, "a respondent", problems)?;
    let by = fields.required_text("by", problems);
    fields.required("on", problems);
    let on = fields.date("on", problems);
    let agrees = match fields.node("agrees") {
        None => Some(true),
        Some(node) => boolean(node).or_else(|| {
            problems.push(Problem::error("`agrees` is yes or no", node.span.clone()));
            None
        }),
    };
    let note = fields.text("note", problems);
    let span = fields.span();
    fields.finish(problems);
    if agrees == Some(false) && note.is_none() {
        problems.push(Problem::error("who does not agree says why in `note`", span.start..span.start));
    }
    Some(Respondent { by: by?, on: on?, agrees: agrees?, note })
}

fn attachment(node: &Node, problems: &mut Vec<Problem>) -> Option<Attachment> {
    let mut fields = Fields::of(node, "an attachment", problems)?;
    let path = fields.required_text("path", problems);
    let sha256 = fields.required_text("sha256", problems);
    if let (Some(path), Some(node)) = (&path, fields.node("path"))
        && !stays_inside(path)
    {
        problems.push(
            Problem::error("an attachment lies in the folder of the answers file or below it", node.span.clone())
                .help("write its path from there, such as `evidence/rota.pdf`"),
        );
    }
    if let (Some(sha256), Some(node)) = (&sha256, fields.node("sha256"))
        && !(sha256.len() == 64 && sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
    {
        problems.push(
            Problem::error("`sha256` is 64 digits, in small letters", node.span.clone())
                .help("`sha256sum FILE` prints it"),
        );
    }
    fields.finish(problems);
    Some(Attachment { path: path?, sha256: sha256? })
}

/// Whether a path leads nowhere out of the folder that it starts from.
pub(super) fn stays_inside(path: &str) -> bool {
    !path.contains(['\\', ':'])
        && !path.chars().any(char::is_control)
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_do_not_lead_out() {
        for (path, inside) in [
            ("rota.pdf", true),
            ("evidence/rota.pdf", true),
            ("../rota.pdf", false),
            ("a/../../b", false),
            ("/etc/passwd", false),
            ("C:/x", false),
            ("a\\b", false),
            ("a//b", false),
            ("a/", false),
        ] {
            assert_eq!(stays_inside(path), inside, "{path}");
        }
    }
}
