//! Finding and reading the answers of a run.

use std::path::Path;

use super::failure::Failure;
use super::output::Output;
use crate::answers::{Answers, check_attachments};
use crate::disk;
use crate::questionnaire::Questionnaires;
use crate::yaml::{Document, Severity};

/// Where a subject keeps its own answers.
pub(super) const ANSWERS_PATH: &str = crate::answers::ANSWERS_PATH;

/// Reads the answers of a file that the person named: its reviews are trusted.
pub(super) fn from_file(path: &Path, questionnaires: &Questionnaires, output: &Output) -> Result<Answers, Failure> {
    let text = disk::read_text(path).map_err(|error| Failure::io("read", path, &error))?;
    let document = Document::new(path.display().to_string(), text);
    let answers = read(document, path.parent(), questionnaires, output)?;
    Ok(Answers { reviews_trusted: true, ..answers })
}

/// Adds the reviews of a file that the assessor keeps: they count.
pub(super) fn with_reviews(
    answers: Option<Answers>,
    path: &Path,
    questionnaires: &Questionnaires,
    output: &Output,
) -> Result<Answers, Failure> {
    let reviews = from_file(path, questionnaires, output)?;
    if !reviews.answers.is_empty() || !reviews.waivers.is_empty() {
        return Err(Failure::Invalid(format!(
            "`{}` holds more than reviews; give answers and waivers with --answers",
            path.display()
        )));
    }
    Ok(answers.unwrap_or_default().with_vouched(reviews))
}

/// Reads the answers that the subject itself keeps; in `folder`, where that lies on this machine.
pub(super) fn of_subject(
    text: String,
    folder: Option<&Path>,
    trust: bool,
    questionnaires: &Questionnaires,
    output: &Output,
) -> Result<Answers, Failure> {
    let answers = read(Document::new(ANSWERS_PATH, text), folder, questionnaires, output)?;
    let word = if answers.answers.len() == 1 { "answer was" } else { "answers were" };
    output.remark(&format!("{} {word} read from the subject's own {ANSWERS_PATH}.", answers.answers.len()));
    if !trust && !answers.reviews.is_empty() {
        output.remark(&format!(
            "{} reviews in that file do not count, since nobody but the subject vouches for them; --trust-reviews counts them.",
            answers.reviews.len()
        ));
    }
    Ok(Answers { reviews_trusted: trust, ..answers })
}

/// `folder` is where the file lies, if it does on this machine: attachments are looked for there.
fn read(
    document: Document,
    folder: Option<&Path>,
    questionnaires: &Questionnaires,
    output: &Output,
) -> Result<Answers, Failure> {
    let (answers, problems) = Answers::read(&document, questionnaires);
    match answers {
        Some(answers) => {
            let attached = folder.into_iter().flat_map(|folder| check_attachments(&document, folder));
            let warnings = problems.into_iter().filter(|problem| problem.severity == Severity::Warning);
            let warnings: Vec<_> = warnings.chain(attached).collect();
            output.problems(&document, &warnings);
            Ok(answers)
        }
        None => Err(Failure::Problems(vec![(document, problems)])),
    }
}
