//! What a subject declares in other files than its answers file.

use chrono::NaiveDate;

use super::output::Output;
use crate::answers::Answers;
use crate::evidence::Evidence;
use crate::import::{Declarations, Input, declarations, found_in_repository};
use crate::questionnaire::Questionnaires;
use crate::report::escape::clean;

/// Reads the files, paths with their texts, and says what they declare beside the answers.
pub(super) fn read(
    files: &[(String, String)],
    answers: Option<&Answers>,
    evidence: &Evidence,
    as_of: NaiveDate,
    questionnaires: &Questionnaires,
    output: &Output,
) -> Declarations {
    let input = Input {
        name: "",
        text: "",
        parent: None,
        today: evidence.collected_on().max(as_of),
        on: None,
        by: None,
        questionnaires,
    };
    let found = found_in_repository(files.iter().map(|(path, text)| (path.as_str(), text.as_str())), &input);
    let declared = declarations(&found, &evidence.subject.id, answers);
    for remark in &declared.remarks {
        output.remark(&clean(remark));
    }
    declared
}

/// Puts declarations below the answers, and says where the two differ.
pub(super) fn below(answers: Option<Answers>, declared: &Declarations, output: &Output) -> Option<Answers> {
    for (question, of) in &declared.answers {
        let answer = answers.as_ref().and_then(|answers| answers.answers.get(question));
        if answer.is_some_and(|answer| answer.said != of.answer.said) {
            output.remark(&clean(&format!(
                "{question} is answered differently from {}, field {}; the answer counts.",
                of.path, of.place
            )));
        }
    }
    declared.below(answers)
}
