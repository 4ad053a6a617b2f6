//! How questions are worded: one thing at a time, as a question, and not too long.

use std::ops::Range;

use super::field_at;
use crate::evidence::Vocabulary;
use crate::questionnaire::bank::Questionnaires;
use crate::questionnaire::question::Question;
use crate::yaml::{Document, Problem};

/// The most characters of a field that people read before they answer.
const LONGEST: [(&str, usize); 5] = [("ask", 200), ("why", 400), ("how", 1000), ("evidence", 400), ("criteria", 160)];

/// Verbs that, after `and`, begin a second question.
const VERBS: [&str; 18] = [
    "is", "are", "was", "were", "does", "do", "did", "has", "have", "had", "can", "must", "may", "will", "should",
    "would", "could", "shall",
];

/// Adds what is wrong with the wording of a question.
pub(super) fn lint(document: &Document, question: &Question, all: &Questionnaires, problems: &mut Vec<Problem>) {
    let at = |field: &str| field_at(document, &question.span, field);
    if !question.ask.ends_with('?') {
        problems.push(
            Problem::warning(
                format!("`{}` asks nothing: its text does not end with a question mark", question.id),
                at("ask"),
            )
            .help("word it so that the answer fits, such as `Is every change reviewed?`"),
        );
    }
    if let Some(words) = two_things(&question.ask) {
        problems.push(
            Problem::warning(format!("`{}` seems to ask two things at once (`{words}`)", question.id), at("ask"))
                .help("who can say yes to one and no to the other cannot answer; ask each in a question of its own"),
        );
    }
    for (field, text) in texts(question) {
        if text.split(|c: char| !c.is_alphabetic()).any(|word| word.eq_ignore_ascii_case("please")) {
            problems.push(
                Problem::warning(format!("`{field}` of `{}` says please", question.id), at(field))
                    .help("ask and advise plainly, in as few words as it takes"),
            );
        }
        lint_length(field, text, question, at(field), problems);
        lint_names(field, text, all, &at(field), problems);
    }
}

fn texts(question: &Question) -> impl Iterator<Item = (&'static str, &str)> {
    let evidence = question.evidence.as_deref().map(|text| ("evidence", text));
    let criteria = question.criteria.iter().map(|criterion| ("criteria", criterion.as_str()));
    [("ask", question.ask.as_str()), ("why", &question.why), ("how", &question.how)]
        .into_iter()
        .chain(evidence)
        .chain(criteria)
}

/// The words that join two questions, where there are two.
fn two_things(ask: &str) -> Option<String> {
    if ask.matches('?').count() > 1 {
        return Some("?".to_owned());
    }
    let words: Vec<String> = ask.split_whitespace().map(str::to_lowercase).collect();
    if words.iter().any(|word| word == "and/or") {
        return Some("and/or".to_owned());
    }
    words.windows(2).find_map(|pair| match pair {
        [and, verb] if and == "and" && VERBS.contains(&verb.as_str()) => Some(format!("and {verb}")),
        _ => None,
    })
}

fn lint_length(field: &str, text: &str, question: &Question, at: Range<usize>, problems: &mut Vec<Problem>) {
    let length = text.chars().count();
    let Some((_, most)) = LONGEST.iter().find(|(name, most)| *name == field && length > *most) else { return };
    problems.push(
        Problem::warning(format!("`{field}` of `{}` is {length} characters long", question.id), at)
            .help(format!("more than {most} are rarely read; link to a page that tells the rest")),
    );
}

/// Names in backticks that look like those of questions or observations, and are none.
fn lint_names(field: &str, text: &str, all: &Questionnaires, at: &Range<usize>, problems: &mut Vec<Problem>) {
    for name in text.split('`').skip(1).step_by(2) {
        let topic = name.split('.').next().unwrap_or_default();
        let looks_like_id = all.questions().iter().any(|question| question.id.split('.').next() == Some(topic))
            && name.split('.').count() == 2
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c));
        if looks_like_id && all.question(name).is_none() && Vocabulary::built_in().get(name).is_none() {
            let problem = Problem::warning(format!("`{field}` names `{name}`, which is no question"), at.clone());
            let ids = all.questions().iter().map(|question| question.id.as_str());
            problems.push(match crate::yaml::nearest(name, ids) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem,
            });
        }
    }
}
