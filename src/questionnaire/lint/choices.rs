//! Names of choices: each its own, and a word that stays a word in YAML.

use std::collections::BTreeSet;

use super::field_at;
use crate::questionnaire::question::Question;
use crate::yaml::{Document, Problem};

/// Words that readers of YAML take for true, false or nothing (YAML 1.1, section "Tag Repository").
const READ_OTHERWISE: [&str; 10] = ["y", "yes", "n", "no", "true", "false", "on", "off", "null", "~"];

/// Adds what is wrong with the names of a question's choices.
pub(super) fn lint(document: &Document, question: &Question, problems: &mut Vec<Problem>) {
    let at = || field_at(document, &question.span, "choices");
    let mut known = BTreeSet::new();
    for id in question.choices.iter().map(|choice| choice.id.as_str()) {
        if !known.insert(id) {
            problems.push(Problem::error(format!("`{}` has two choices `{id}`", question.id), at()));
        }
        let lower = id.to_lowercase();
        if READ_OTHERWISE.contains(&lower.as_str()) || id.parse::<f64>().is_ok() {
            problems.push(
                Problem::error(format!("`{}` has a choice `{id}`, which YAML does not read as a word", question.id), at())
                    .help("name it for what it says, such as `in-part`; where only yes and no are to choose from, the type is `yes-no`"),
            );
        }
    }
}
