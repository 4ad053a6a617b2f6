//! What is shown of a question, and where the subject stands.

use super::state::Item;
use crate::answers::{Answer, Said};
use crate::assess::record::{Assessment, Basis};
use crate::report::escape::clean;
use crate::report::whole_in_words;

/// A question as a person reads it: its place among all, why it is asked, how to get there, what was seen, and the
/// present answer. Lines are at most `width` columns wide.
pub fn card(item: &Item<'_>, place: (usize, usize), width: usize) -> String {
    let question = item.question;
    let (number, total) = place;
    let mut text =
        wrapped(width, "", &format!("Question {number} of {total}: {} (for {})", item.topic, item.open.waiting_from()));
    text += "\n";
    text += &wrapped(width, "", &question.ask);
    text += "\n";
    text += &wrapped(width, "Why: ", &question.why);
    text += &wrapped(width, "How: ", &question.how);
    if let Some(evidence) = &question.evidence {
        text += &wrapped(width, "Evidence: ", evidence);
    }
    for (number, criterion) in (1_usize..).zip(&question.criteria) {
        text += &wrapped(
            width,
            if number == 1 { "It counts only where: " } else { "  and where: " },
            &format!("{number}. {criterion}"),
        );
    }
    for reason in item.result.reasons.iter().filter(|reason| reason.key.is_some()) {
        let link = reason.link.as_ref().map_or_else(String::new, |link| format!(" ({link})"));
        let lead = if reason.text.starts_with("Not known: ") { "Not seen: " } else { "Seen: " };
        text += &wrapped(width, lead, &format!("{}{link}", reason.text.trim_start_matches("Not known: ")));
    }
    for near in &item.near {
        text += &wrapped(width, "So far: ", near);
    }
    if let Some(answer) = &item.present {
        text += &wrapped(width, "Answered: ", &answered(answer, item));
    }
    text
}

/// The most characters of an answer in words that a card shows.
const MOST_SHOWN: usize = 300;

fn shortened(text: &str) -> String {
    if text.chars().count() <= MOST_SHOWN {
        return text.to_owned();
    }
    text.chars().take(MOST_SHOWN).chain([' ', '…']).collect()
}

fn answered(answer: &Answer, item: &Item<'_>) -> String {
    let value = match &answer.said {
        Said::Value(value) => shortened(&value.to_string()),
        Said::NotApplicable => "does not apply".to_owned(),
    };
    let because = answer.because.as_ref().map_or_else(String::new, |because| format!(": {because}"));
    let standing = match item.result.basis {
        Basis::Unknown if item.result.lacks_criteria() => " It does not say which of the criteria hold.",
        Basis::Contradicted => " This is contradicted by what was seen.",
        Basis::Disputed => " A sign, a reviewer or another respondent speaks against it.",
        Basis::Lapsed => " This answer has run out.",
        _ => "",
    };
    format!("{value}, by {} on {}{because}{standing}", answer.by, answer.on)
}

/// The level of each model in its three readings, or its score where it has no levels; one line a model.
pub fn standing(record: &Assessment) -> Vec<String> {
    let line = |model: &crate::assess::record::ModelResult| {
        let maturity = model.maturity;
        if let (0, Some(words)) = (maturity.highest, whole_in_words(model)) {
            return format!(
                "{}: {words}; {} of {} requirements judged.",
                model.title, model.coverage.judged, model.coverage.total
            );
        }
        let verified = model.findings.iter().filter(|finding| finding.verified).count();
        let claimed =
            model.findings.iter().filter(|finding| matches!(finding.outcome.word(), "met" | "not-applicable")).count();
        format!(
            "{}: level {} verified, {} claimed, {} possible; requirements met: {verified} verified, {claimed} claimed, of {}.",
            model.title, maturity.verified, maturity.claimed, maturity.possible, model.coverage.total
        )
    };
    record.models.iter().map(line).collect()
}

fn wrapped(width: usize, lead: &str, text: &str) -> String {
    let indent = " ".repeat(if lead.is_empty() { 0 } else { 2 });
    let options = textwrap::Options::new(width)
        .initial_indent(lead)
        .subsequent_indent(&indent)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(&clean(text), options) + "\n"
}
