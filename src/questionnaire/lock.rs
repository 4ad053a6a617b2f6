//! The lock of the questions: what each id means, by a digest of the text that carries its meaning.
//!
//! A question whose text changes under the same id would turn old answers into answers to something else. The lock notices.
//! An id stays in it for good, also when its question is no longer asked.

use std::collections::BTreeMap;
use std::ops::Range;

use sha2::{Digest as _, Sha256};

use super::question::Question;
use crate::yaml::{Document, Problem};

/// The name of the file with the lock, in a folder of questionnaires.
pub const LOCK_FILE: &str = "questions.lock";

const HEAD: &str = "\
# What each question means, by a digest of its text, its type of answer and its choices.
# Written by `seaworthy lint FOLDER --update-lock`. A line stays for good: no id is ever used for another meaning.
";

/// The digests of questions by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    entries: BTreeMap<String, Entry>,
    broken: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    digest: String,
    span: Range<usize>,
}

impl Lock {
    /// Reads a lock: an id and a digest on each line; `#` begins a comment.
    pub fn parse(document: &Document, problems: &mut Vec<Problem>) -> Self {
        let mut lock = Self::default();
        let before = problems.len();
        let mut start = 0;
        for line in document.text().split_inclusive('\n') {
            let span = start..start + line.trim_end().len();
            start += line.len();
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                [] => {}
                [first, ..] if first.starts_with('#') => {}
                [id, digest] if digest.starts_with("sha256:") => {
                    let entry = Entry { digest: (*digest).to_owned(), span: span.clone() };
                    if lock.entries.insert((*id).to_owned(), entry).is_some() {
                        problems.push(Problem::error(format!("`{id}` is locked twice"), span));
                    }
                }
                _ => problems.push(
                    Problem::error("a line of the lock is an id and a digest", span)
                        .help("`seaworthy lint FOLDER --update-lock` writes it"),
                ),
            }
        }
        lock.broken = problems.len() > before;
        lock
    }

    /// Whether some of its lines could not be read.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// What it and a question that it covers do not agree on.
    pub(super) fn disagreement(&self, question: &Question) -> Option<String> {
        match self.entries.get(&question.id) {
            None => Some(format!("`{}` is not in {LOCK_FILE}", question.id)),
            Some(entry) if entry.digest != meaning(question) => {
                Some(format!("the meaning of `{}` has changed", question.id))
            }
            Some(_) => None,
        }
    }

    /// Ids in the lock and their places.
    pub fn ids(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.entries.iter().map(|(id, entry)| (id.as_str(), entry.span.clone()))
    }

    /// Whether an id is, or was, that of a question.
    pub fn knows(&self, id: &str) -> bool {
        self.entries.contains_key(id)
    }

    /// Adds questions that are new. Those whose text has changed are taken over only where `same_meaning` names them.
    pub fn update<'q>(&mut self, questions: impl Iterator<Item = &'q Question>, same_meaning: &[String]) {
        for question in questions {
            if !self.knows(&question.id) || same_meaning.contains(&question.id) {
                let entry = Entry { digest: meaning(question), span: 0..0 };
                self.entries.insert(question.id.clone(), entry);
            }
        }
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        let line = |(id, entry): (&String, &Entry)| format!("{id} {}\n", entry.digest);
        HEAD.to_owned() + &self.entries.iter().map(line).collect::<String>()
    }
}

/// The digest of what a question means: its text, the type of its answer, its choices, its unit and its criteria. How it is broken into lines does
/// not count, nor do reasons, advice and rules, nor limits, which say what can be answered and not what it means.
pub fn meaning(question: &Question) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut hasher = Sha256::new();
    hasher.update(format!("ask {}\nanswer {}\n", one_line(&question.ask), question.answer.word()));
    for choice in &question.choices {
        hasher.update(format!("choice {} {}\n", choice.id, one_line(&choice.title)));
    }
    // Digests of questions without a unit are those of the time before there were units.
    if let Some(unit) = &question.limits.unit {
        hasher.update(format!("unit {}\n", one_line(unit)));
    }
    // So are those of questions without criteria. A criterion decides which answers count.
    for criterion in &question.criteria {
        hasher.update(format!("criterion {}\n", one_line(criterion)));
    }
    format!("sha256:{:x}", hasher.finalize())
}
