//! An answers file to fill in: a block of comments for each open question.
//!
//! Lines that begin with `##` explain; those that begin with `# ` are the answer, ready to be uncommented. Both carry one
//! mark, so an editor's "uncomment" of a whole block leaves the explanation as comments.

use chrono::NaiveDate;

use super::near::near;
use super::open::Open;
use crate::answers::{ANSWERS_SCHEMA, Answers};
use crate::assess::record::{Assessment, QuestionResult};
use crate::evidence::Subject;
use crate::questionnaire::{AnswerType, Question, Questionnaires};
use crate::report::escape::clean;

/// The width that comments are wrapped to, without their indentation.
const WIDTH: usize = 98;

/// The beginning of a new answers file, up to and with the line `answers:`. `schema` is the address of its JSON Schema
/// and `subject` the id of what it is about, where they are known.
pub fn beginning(schema: &str, subject: &str) -> String {
    format!(
        "# yaml-language-server: $schema={schema}\n\
         # What the maintainers say of this project, for `seaworthy assess`. To answer a question, uncomment the lines\n\
         # below it and fill them in, or run `seaworthy answer`. Check the file with `seaworthy lint`.\n\
         # A question that does not apply has `not_applicable:` with the reason in the place of `value:`.\n\
         schema: {ANSWERS_SCHEMA}\n{}answers:\n",
        if Subject::is_lasting(subject) { format!("subject: {}\n", clean(subject)) } else { String::new() }
    )
}

/// The blocks of some open questions, with a heading for each topic.
pub fn blocks(
    open: &[&Open],
    record: &Assessment,
    answers: &Answers,
    questionnaires: &Questionnaires,
    by: Option<&str>,
    on: NaiveDate,
) -> String {
    let mut text = String::new();
    let mut topic = "";
    for open in open {
        let Some(question) = questionnaires.question(&open.question) else { continue };
        if open.topic != topic {
            topic = &open.topic;
            text += &format!("\n## == {} ==\n", questionnaires.topic_title(topic));
        }
        text += "\n";
        let near = near(question, questionnaires, answers, record);
        text += &explanation(question, open, record.question(&open.question), &near);
        text += &to_fill_in(question, by.unwrap_or("@you"), on);
    }
    text
}

fn explanation(question: &Question, open: &Open, result: Option<&QuestionResult>, near: &[String]) -> String {
    let mut text = wrapped("", &question.ask);
    text += &wrapped("Why: ", &question.why);
    text += &wrapped("How: ", &question.how);
    if let Some(evidence) = &question.evidence {
        text += &wrapped("Evidence: ", evidence);
    }
    for (number, criterion) in (1_usize..).zip(&question.criteria) {
        text += &wrapped("", &format!("Criterion {number}: {criterion}"));
    }
    for reason in result.into_iter().flat_map(|result| &result.reasons).filter(|reason| reason.key.is_some()) {
        let link = reason.link.as_ref().map_or_else(String::new, |link| format!(" ({link})"));
        let lead = if reason.text.starts_with("Not known: ") { "Not seen: " } else { "Seen: " };
        text += &wrapped(lead, &format!("{}{link}", reason.text.trim_start_matches("Not known: ")));
    }
    for near in near {
        text += &wrapped("So far: ", near);
    }
    let level = if open.has_level { format!(" (level {})", open.level) } else { String::new() };
    text + &wrapped("For: ", &(open.waiting() + &level))
}

fn to_fill_in(question: &Question, by: &str, on: NaiveDate) -> String {
    let because =
        if question.because_required { "required for a yes" } else { "delete the line if there is nothing to say" };
    let links = if question.evidence_required { "links, at least one for a claim" } else { "links" };
    let allowed = match question.answer {
        AnswerType::Choice => question
            .choices
            .iter()
            .map(|choice| format!("{} ({})", choice.id, choice.title))
            .collect::<Vec<_>>()
            .join(", "),
        _ => question.expects(),
    };
    let by = serde_json::Value::from(clean(by));
    if question.answer == AnswerType::Text {
        return format!(
            "# {}:\n#   value: |- # in Markdown, on lines below this one, indented by two more spaces\n#\n\
             #   evidence: [] # {links}\n#   by: {by}\n#   on: {on}\n",
            question.id
        );
    }
    let criteria = if question.criteria.is_empty() {
        ""
    } else {
        "#   criteria: # all, none, or the numbers of those that hold, such as [1]; the answer counts where all do\n"
    };
    format!(
        "# {}:\n#   value: # {}\n{criteria}#   because: # {because}\n#   evidence: [] # {links}\n#   by: {by}\n#   on: {on}\n",
        question.id,
        clean(&allowed),
    )
}

fn wrapped(lead: &str, text: &str) -> String {
    let indent = " ".repeat(if lead.is_empty() { 0 } else { 2 });
    let options = textwrap::Options::new(WIDTH)
        .initial_indent(lead)
        .subsequent_indent(&indent)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::wrap(&clean(text), options).iter().fold(String::new(), |text, line| text + "## " + line.trim_end() + "\n")
}
