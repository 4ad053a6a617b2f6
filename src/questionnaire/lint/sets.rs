//! Checks of files that belong together: does anything use each question, and does the lock know it as it is?

use std::collections::BTreeSet;

use super::field_at;
use crate::questionnaire::bank::{File, Questionnaires, Source};
use crate::questionnaire::lock::{LOCK_FILE, Lock};
use crate::questionnaire::model::Requirement;
use crate::questionnaire::question::Question;
use crate::yaml::Problem;

/// Adds the problems of all files that show only beside the others.
pub(in crate::questionnaire) fn lint_sets(files: &mut [File], all: &Questionnaires) {
    let locks: Vec<(usize, Lock)> = files
        .iter()
        .filter_map(|file| match &file.source {
            Some(Source::Lock(lock)) => Some((file.set, lock.clone())),
            _ => None,
        })
        .collect();
    let by_models = all.models().iter().flat_map(|model| &model.requirements).flat_map(Requirement::questions);
    let by_questions = all.questions().iter().flat_map(Question::asks_first);
    let used: BTreeSet<&str> = by_models.chain(by_questions).collect();
    for file in files {
        let lock = locks.iter().find(|(set, _)| *set == file.set).map(|(_, lock)| lock);
        let found = match &file.source {
            Some(Source::Questions { .. }) => lint_questions(file, &used, lock),
            Some(Source::Lock(lock)) => lint_lock(lock, all),
            Some(Source::Replaced(replaced)) => {
                let never = replaced.iter().filter(|old| lock.is_some_and(|lock| !lock.knows(&old.id)));
                never
                    .map(|old| {
                        let message = format!("`{}` has never been a question: it is not in {LOCK_FILE}", old.id);
                        Problem::warning(message, old.span.start..old.span.start).help("leave the entry out")
                    })
                    .collect()
            }
            Some(Source::Model(_) | Source::Profile { .. } | Source::Crosswalk(_)) | None => Vec::new(),
        };
        file.problems.extend(found);
    }
}

fn lint_questions(file: &File, used: &BTreeSet<&str>, lock: Option<&Lock>) -> Vec<Problem> {
    let Some(Source::Questions { questions, .. }) = &file.source else { return Vec::new() };
    let mut problems = Vec::new();
    for question in questions {
        if !used.contains(question.id.as_str()) {
            problems.push(
                Problem::warning(format!("no model uses `{}`", question.id), question.span.start..question.span.start)
                    .help("name it in a condition of a requirement; until then nobody is asked"),
            );
        }
        let Some(lock) = lock else { continue };
        if let Some(disagreement) = lock.disagreement(question) {
            let help = if lock.knows(&question.id) {
                "give the new question a new id and name the old one in replaced.yaml; where only the wording is better, \
                 `seaworthy lint FOLDER --update-lock --same-meaning ID`"
            } else {
                "`seaworthy lint FOLDER --update-lock` adds it"
            };
            problems.push(Problem::error(disagreement, field_at(&file.document, &question.span, "ask")).help(help));
        }
    }
    problems
}

fn lint_lock(lock: &Lock, all: &Questionnaires) -> Vec<Problem> {
    let gone = lock.ids().filter(|(id, _)| all.question(id).is_none() && all.replacement(id).is_none());
    gone.map(|(id, span)| {
        Problem::error(format!("`{id}` is gone, and nothing says what took its place"), span)
            .help("name it in replaced.yaml, so that its answers can be carried over")
    })
    .collect()
}
