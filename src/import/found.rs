//! Files of a subject's own repository that can be taken over, and those of their declarations that count by themselves.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::{Confidence, Format, Imported, Input, Refused, import};
use crate::answers::{Answers, Audit, Declaration, Declared};
use crate::collect::files::insights::is_insights;
use crate::collect::files::{BADGE_FILES, CLOMONITOR_FILE};
use crate::evidence::Subject;

/// A file that was found and read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Path in the repository.
    pub path: String,
    pub format: Format,
    /// `sha256:` and the digest of its text.
    pub digest: String,
    pub imported: Result<Imported, Refused>,
}

impl Found {
    /// What a person should know of it; nothing where it holds no proposal. `is_answered` tells of which questions the
    /// answers file speaks, so that nothing waits to be taken over that was.
    pub fn remark(&self, is_answered: impl Fn(&str) -> bool) -> Option<String> {
        let proposals = match &self.imported {
            Err(Refused(reason)) => return Some(format!("{reason}; it was not read.")),
            Ok(imported) => &imported.proposals,
        };
        let (certain, other): (Vec<_>, Vec<_>) =
            proposals.iter().partition(|proposal| proposal.confidence == Confidence::Certain);
        let waiting = other.iter().filter(|proposal| !is_answered(&proposal.question)).count();
        let questions = |number: usize| format!("{number} question{}", if number == 1 { "" } else { "s" });
        let mut sentences = Vec::new();
        if !certain.is_empty() {
            sentences.push(format!("{} declares the answers to {}.", self.path, questions(certain.len())));
        }
        if waiting > 0 {
            let it = if certain.is_empty() { &self.path } else { "It" };
            sentences.push(format!(
                "{it} speaks for the answers to {} that do not count until somebody takes them over: seaworthy import {} {} \
                 --into {}",
                questions(waiting),
                self.format.word(),
                self.path,
                crate::answers::ANSWERS_PATH,
            ));
        }
        Some(sentences.join(" ")).filter(|remark| !remark.is_empty())
    }
}

/// The format of a file in a repository, by its path.
fn format_of(path: &str) -> Option<Format> {
    match path {
        path if BADGE_FILES.contains(&path) => Some(Format::BestPractices),
        CLOMONITOR_FILE => Some(Format::Clomonitor),
        path if is_insights(path) => Some(Format::SecurityInsights),
        _ => None,
    }
}

/// Reads every file of a repository that can be taken over: Security Insights, `.bestpractices.json`, `.clomonitor.yml`.
/// The files are paths with their texts; all but those are passed over. `input` gives the rest.
pub fn found_in_repository<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>, input: &Input<'_>) -> Vec<Found> {
    let read = |(path, text): (&'f str, &'f str)| {
        let format = format_of(path)?;
        let imported = import(format, &Input { name: path, text, ..*input });
        let digest = format!("sha256:{:x}", Sha256::digest(text));
        Some(Found { path: path.to_owned(), format, digest, imported })
    };
    files.into_iter().filter_map(read).collect()
}

/// What the files of a repository declare for certain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declarations {
    /// By id of the question.
    pub answers: BTreeMap<String, Declared>,
    /// Audits by their id, with the path of the file that tells of them.
    pub audits: BTreeMap<String, (String, Audit)>,
    /// The files that declare something.
    pub files: Vec<Declaration>,
    pub remarks: Vec<String>,
}

impl Declarations {
    /// The answers with these below them: what an answer speaks of, no declaration does.
    pub fn below(&self, answers: Option<Answers>) -> Option<Answers> {
        if self.files.is_empty() {
            return answers;
        }
        let answers = answers.unwrap_or_default();
        let mut audits = answers.audits.clone();
        for (id, (_, audit)) in &self.audits {
            // An audit whose report stands in the register is not put there again.
            let known = |other: &Audit| audit.report.is_some() && audit.report == other.report;
            if !answers.audits.values().any(known) {
                audits.entry(id.clone()).or_insert_with(|| audit.clone());
            }
        }
        Some(Answers { audits, declared: self.answers.clone(), declarations: self.files.clone(), ..answers })
    }
}

/// The declarations that count by themselves: those that are certain and about this subject, and that no other file
/// contradicts. The remarks say what counts, and what does not and why; `answers` are those that stand before them.
pub fn declarations(found: &[Found], subject: &str, answers: Option<&Answers>) -> Declarations {
    let is_answered = |question: &str| answers.is_some_and(|answers| answers.answers.contains_key(question));
    let mut declarations = Declarations::default();
    let mut contradicted = BTreeSet::new();
    for found in found {
        let other = found
            .imported
            .as_ref()
            .ok()
            .and_then(|imported| imported.subject.as_deref())
            .filter(|about| Subject::is_lasting(subject) && !about.eq_ignore_ascii_case(subject));
        if let Some(other) = other {
            let remark =
                format!("{} is about {other}, not about {subject}; what it declares does not count.", found.path);
            declarations.remarks.push(remark);
            continue;
        }
        declarations.remarks.extend(found.remark(is_answered));
        let Ok(imported) = &found.imported else { continue };
        let certain = imported.proposals.iter().filter(|proposal| proposal.confidence == Confidence::Certain);
        for proposal in certain {
            let declared =
                Declared { answer: proposal.answer.clone(), path: found.path.clone(), place: proposal.place.clone() };
            match declarations.answers.get(&proposal.question) {
                Some(first) if first.answer.said != declared.answer.said => {
                    declarations.remarks.push(format!(
                        "{} and {} contradict each other on {}; neither counts.",
                        first.path, declared.path, proposal.question
                    ));
                    contradicted.insert(proposal.question.clone());
                }
                Some(_) => {}
                None => {
                    declarations.answers.insert(proposal.question.clone(), declared);
                }
            }
        }
        for (id, audit) in &imported.audits {
            declarations.audits.entry(id.clone()).or_insert_with(|| (found.path.clone(), audit.clone()));
        }
        declarations.files.push(Declaration { path: found.path.clone(), digest: found.digest.clone() });
    }
    declarations.answers.retain(|question, _| !contradicted.contains(question));
    let tells = |path: &str| {
        declarations.answers.values().any(|declared| declared.path == path)
            || declarations.audits.values().any(|(of, _)| of == path)
    };
    let files = std::mem::take(&mut declarations.files);
    declarations.files = files.into_iter().filter(|file| tells(&file.path)).collect();
    declarations
}

#[cfg(test)]
mod unit {
    use super::*;
    use crate::questionnaire::Questionnaires;

    const INSIGHTS: &str = "\
header:
  schema-version: 2.0.0
  last-updated: '2026-01-02'
  last-reviewed: '2026-01-02'
  url: https://github.com/acme/widget
repository:
  url: https://github.com/acme/widget
  status: active
  accepts-change-request: true
  accepts-automated-change-request: true
";

    #[test]
    fn what_counts_by_itself() {
        let questionnaires = Questionnaires::built_in().unwrap();
        let day = "2026-11-24".parse().unwrap();
        let input =
            Input { name: "", text: "", parent: None, today: day, on: None, by: None, questionnaires: &questionnaires };
        let badge = "{\"maintained_status\": \"Met\", \"contribution_status\": \"Met\"}";
        let files = [("security-insights.yml", INSIGHTS), (".project.d/bestpractices.json", badge), ("README.md", "")];
        let found = found_in_repository(files, &input);
        assert_eq!(found.len(), 2);
        let declared = declarations(&found, "github.com/Acme/widget", None);
        assert!(declared.answers.values().all(|declared| declared.path == "security-insights.yml"));
        assert_eq!(declared.files.len(), usize::from(!declared.answers.is_empty()));
        // Without a day nothing is certain.
        assert!(declared.remarks.iter().any(|remark| remark.contains(".project.d/bestpractices.json speaks for")));
        assert_eq!(declarations(&found, "local/widget", None).answers, declared.answers);
        let other = declarations(&found, "github.com/acme/other", None);
        assert!(other.answers.is_empty(), "{other:?}");
        assert!(other.remarks[0].contains("is about github.com/acme/widget"), "{other:?}");
    }
}
