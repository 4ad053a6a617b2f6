//! What can be observed of each model: a table, or the page of the documentation.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::table::{table, wrapped};
use crate::questionnaire::{Coverage, MetBy, Questionnaires, coverage, questions};

/// The classes with their headings.
const CLASSES: [(MetBy, &str); 4] = [
    (MetBy::Proof, "by proof"),
    (MetBy::Sign, "by signs"),
    (MetBy::Answer, "answer only"),
    (MetBy::Level, "by a level"),
];

/// What each number of questions stands for.
const QUESTIONS: &str = "Each question is asked once, whichever models it decides.";

/// The table for the terminal.
pub(super) fn text(questionnaires: &Questionnaires, width: usize) -> String {
    let all = of_all(questionnaires);
    let head = ["model", "requirements", "by proof", "by signs", "answer only", "by a level", "questions"];
    let mut text = table(width, head, all.iter().map(row));
    let (sum, once) = totals(questionnaires);
    text.push('\n');
    text.push_str(&wrapped(width, "", &format!("{sum} questions model by model, {once} in all. {QUESTIONS}")));
    text
}

fn of_all(questionnaires: &Questionnaires) -> Vec<Coverage<'_>> {
    questionnaires.models().iter().map(|model| coverage(model, questionnaires)).collect()
}

fn row(of: &Coverage<'_>) -> [String; 7] {
    let [proof, sign, answer, level] = CLASSES.map(|(class, _)| of.count(class).to_string());
    let (all, questions) = (of.requirements.len().to_string(), of.questions.to_string());
    [of.model.id.clone(), all, proof, sign, answer, level, questions]
}

/// The questions of all models one by one, and each once.
fn totals(questionnaires: &Questionnaires) -> (usize, usize) {
    let each: Vec<BTreeSet<&str>> = questionnaires.models().iter().map(questions).collect();
    let once: BTreeSet<&str> = each.iter().flatten().copied().collect();
    (each.iter().map(BTreeSet::len).sum(), once.len())
}

/// The page of the documentation.
pub(super) fn page(questionnaires: &Questionnaires) -> String {
    let all = of_all(questionnaires);
    let mut text = String::from(
        "# Coverage\n\n<!-- Made by `seaworthy models coverage --markdown`; a test compares. -->\n\n\
         What observations can settle of each built-in model. A requirement is met at best *by proof* (observations settle\n\
         it), *by signs* (they speak for it), or only by what a person answers. What a token may not see stays unknown all\n\
         the same. Requirements *by a level* ask for another level of the same model.\n\n\
         | Model | Requirements | By proof | By signs | Answer only | By a level | Questions | Of these answer only |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for of in &all {
        let _ = writeln!(text, "| {} | {} |", row(of).join(" | "), of.answer_only);
    }
    let (sum, once) = totals(questionnaires);
    let _ =
        write!(text, "\n{QUESTIONS} Asked model by model, these would be {sum} questions; together they are {once}.\n");
    for of in &all {
        let _ = write!(text, "\n## {} {}\n\n", of.model.title, of.model.version);
        for (class, heading) in CLASSES {
            let ids: Vec<String> = of
                .requirements
                .iter()
                .filter(|(_, by)| *by == class)
                .map(|(requirement, _)| format!("`{}`", requirement.id))
                .collect();
            if !ids.is_empty() {
                let item = format!("- {} ({}): {}", capitalised(heading), ids.len(), ids.join(", "));
                let options = textwrap::Options::new(130)
                    .subsequent_indent("  ")
                    .break_words(false)
                    .word_separator(textwrap::WordSeparator::AsciiSpace)
                    .word_splitter(textwrap::WordSplitter::NoHyphenation);
                text.push_str(&(textwrap::fill(&item, options) + "\n"));
            }
        }
    }
    text
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}
