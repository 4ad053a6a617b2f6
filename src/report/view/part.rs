//! What stands in a section of a document: answers told in words, and rows of a table, each with what it stands on.

use schemars::JsonSchema;
use serde::Serialize;

use super::document::{PlaceInDocument, links, pinned, short};
use super::work::LinkView;
use crate::assess::record::{AnswerShown, Basis, Certainty, FactShown, QuestionResult, Reason, ReviewShown};
use crate::evidence::{Subject, Value};
use crate::report::escape::{clean, web_link};

/// What one question tells in words.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PartView {
    /// Id of the question.
    pub question: String,
    /// The question as a person is asked.
    pub ask: String,
    /// Whether it is asked beside the outline: then the question is best shown before the answer.
    pub beside: bool,
    /// What is told, in Markdown; write it with the filter `narrative`.
    pub text: Option<String>,
    /// Why it does not apply, where that is the answer.
    pub inapplicable: Option<String>,
    /// The question, where nobody has answered it.
    pub open: Option<String>,
    /// The section that tells it already.
    pub told_in: Option<PlaceInDocument>,
    /// Who says it, when and how long it holds, as a sentence.
    pub said: Option<String>,
    /// Whether the answer has run out.
    pub lapsed: bool,
    /// What a reviewer says of it, as a sentence.
    pub review: Option<String>,
    /// What a reviewer puts in its place, in Markdown; write it with the filter `narrative`.
    pub instead: Option<String>,
    /// What shows it, beside the links that the text holds.
    pub evidence: Vec<LinkView>,
}

impl PartView {
    pub(super) fn new(
        question: &QuestionResult,
        beside: bool,
        told_in: Option<PlaceInDocument>,
        subject: &Subject,
    ) -> Self {
        let answer = question.answer.as_ref();
        let text = |value: &Option<Value>| match value {
            Some(Value::Text(text)) => Some(pinned(text, subject)),
            _ => None,
        };
        let instead = question.review.as_ref().filter(|review| review.counts).and_then(|review| text(&review.value));
        let inapplicable = answer
            .filter(|answer| answer.not_applicable)
            .map(|answer| clean(answer.because.as_deref().unwrap_or("no reason is given")));
        // What was said after the day of the assessment is not told.
        let told = if question.basis == Basis::Unknown { None } else { text(&question.answered) };
        let is_told = told.is_some() || instead.is_some() || inapplicable.is_some();
        let evidence = answer.map_or(&[][..], |answer| answer.evidence.as_slice());
        // A link that the text holds itself need not be read twice.
        let held = |address: &String| question.answered.as_ref().is_some_and(|text| holds(&text.to_string(), address));
        let beside_the_text: Vec<String> = evidence.iter().filter(|address| !held(address)).cloned().collect();
        Self {
            question: clean(&question.id),
            ask: clean(&question.ask),
            beside,
            open: (!is_told).then(|| clean(&question.ask)),
            text: told,
            inapplicable,
            told_in: told_in.filter(|_| is_told),
            said: answer.filter(|_| is_told).map(said),
            lapsed: question.basis == Basis::Lapsed,
            review: question.review.as_ref().filter(|_| is_told).map(reviewed),
            instead,
            evidence: links(&beside_the_text, subject),
        }
    }
}

/// Whether a text holds an address, and not only a longer one that begins with it.
fn holds(text: &str, address: &str) -> bool {
    text.match_indices(address).any(|(at, _)| {
        let after = text.get(at + address.len()..).unwrap_or_default();
        // A full stop, or another mark that ends a sentence, belongs to an address only where it goes on.
        let after = after.trim_start_matches(['.', ',', ';', ':', '!', '?', '*']);
        !after.starts_with(|next: char| next.is_alphanumeric() || "/#?&=-_~%+@$".contains(next))
    })
}

/// `Said by @alice on 2026-03-01, holds until 2028-03-01.`
fn said(answer: &AnswerShown) -> String {
    let declared = answer.declared_in.as_ref().map_or_else(String::new, |place| format!(" in {}", clean(place)));
    let until = if answer.lapsed { "ran out on" } else { "holds until" };
    let mut text = format!("Said by {}{declared} on {}, {until} {}.", clean(&answer.by), answer.on, answer.until);
    for other in &answer.respondents {
        let agrees = if other.agrees { "agrees" } else { "does not agree" };
        text.push_str(&format!(" {} {agrees}.", clean(&other.by)));
    }
    text
}

/// `Accepted by @bob on 2026-03-10 (conflict of interest: none).`
fn reviewed(review: &ReviewShown) -> String {
    let verdict = match review.verdict.as_str() {
        "accepted" => "Accepted",
        "challenged" => "Challenged",
        _ => "Overruled",
    };
    let note = review.note.as_ref().map_or_else(String::new, |note| format!(" {}", clean(note)));
    let counts = if review.counts { "" } else { " This review does not count." };
    format!(
        "{verdict} by {} on {} (conflict of interest: {}).{note}{counts}",
        clean(&review.by),
        review.on,
        clean(&review.conflict)
    )
}

/// A row of a table.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RowView {
    /// What it is about.
    pub label: String,
    /// What is known of it.
    pub cells: Vec<CellView>,
}

/// Something that is known of a row, or not known.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CellView {
    /// What is known; none where nothing is.
    pub text: Option<String>,
    /// Only ever an http or https address.
    pub link: Option<String>,
    /// On what it stands, or why it is not known.
    pub basis: Option<String>,
    /// The question that nobody has answered.
    pub open: Option<String>,
}

impl CellView {
    pub(super) fn plain(text: &str) -> Self {
        Self { text: Some(clean(text)), link: None, basis: None, open: None }
    }

    pub(super) fn linked(text: &str, address: Option<&str>) -> Self {
        Self { link: address.and_then(web_link), ..Self::plain(text) }
    }

    pub(super) fn missing(why: &str) -> Self {
        Self { text: None, link: None, basis: Some(clean(why)), open: None }
    }

    pub(super) fn based_on(self, basis: String) -> Self {
        Self { basis: Some(basis), ..self }
    }

    /// What a question comes to.
    fn of_question(question: &QuestionResult, subject: &Subject) -> Self {
        let answer = question.answer.as_ref();
        let value = match &question.value {
            Some(Value::Text(text)) if web_link(text).is_some() => {
                let address = pinned(text, subject);
                Some(Self::linked(&short(&address, subject), Some(&address)))
            }
            Some(value) => Some(Self::plain(&value.to_string())),
            None if question.not_applicable => Some(Self::plain("does not apply")),
            None => None,
        };
        let Some(cell) = value else {
            let open = Self { open: Some(clean(&question.ask)), ..Self::missing(NOT_ANSWERED) };
            return match question.basis {
                Basis::Lapsed => {
                    let old = question.answered.as_ref().map_or_else(String::new, Value::to_string);
                    let said = answer.map_or_else(String::new, said);
                    open.based_on(clean(&format!("{old}: {said}")))
                }
                _ => open,
            };
        };
        let seen = question.reasons.iter().map(AsRef::as_ref).find(|reason: &&Reason| reason.key.is_some());
        let link = cell.link.clone().or_else(|| seen.and_then(|reason| reason.link.as_deref()).and_then(web_link));
        let link = link.or_else(|| answer.and_then(|answer| answer.evidence.first()).and_then(|link| web_link(link)));
        Self { link, basis: Some(basis(question, seen)), ..cell }
    }

    fn of_fact(fact: &FactShown) -> Option<Self> {
        let value = fact.value.as_ref()?;
        let place = fact.places.iter().find(|place| place.link.is_some()).or_else(|| fact.places.first());
        let text = match value {
            Value::List(items) if items.is_empty() => return None,
            Value::List(items) if items.len() > MOST_NAMED => {
                let named = items.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
                format!("{named} and {} more", items.len() - MOST_NAMED)
            }
            value => value.to_string(),
        };
        // What was read stands in the record; readers want to know that somebody looked, and where.
        let path = place.and_then(|place| place.path.as_deref()).filter(|path| *path != text);
        let basis = path.map_or_else(|| "seen".to_owned(), |path| format!("seen in {}", clean(path)));
        let basis = Some(basis);
        let link = place.and_then(|place| place.link.as_deref());
        Some(Self { basis, ..Self::linked(&text, link) })
    }
}

/// Why nothing is known where nobody has said anything.
const NOT_ANSWERED: &str = "not yet answered";

/// The most items of a list that a cell names.
const MOST_NAMED: usize = 8;

/// On what a value stands, in few words.
fn basis(question: &QuestionResult, seen: Option<&Reason>) -> String {
    let said = question.answer.as_ref().map(|answer| format!("said by {} on {}", clean(&answer.by), answer.on));
    let said = said.unwrap_or_else(|| "said".to_owned());
    let seen = seen.map_or_else(|| "seen".to_owned(), |reason| format!("seen: {}", clean(&reason.text)));
    let sign = if question.certainty == Certainty::Sign { ", which is a sign and no proof" } else { "" };
    match question.basis {
        Basis::Observed => format!("{seen}{sign}"),
        Basis::Corroborated => format!("{seen}; {said}"),
        Basis::Contradicted => format!("{seen}; otherwise {said}"),
        Basis::Disputed => format!("{said}; something speaks against it"),
        Basis::Reviewed => match &question.review {
            Some(review) => format!("{said}; {} by {} on {}", clean(&review.verdict), clean(&review.by), review.on),
            None => said,
        },
        Basis::Attested | Basis::Lapsed | Basis::Waived | Basis::Unknown => said,
    }
}

impl RowView {
    /// A row that is named by its question need not ask it again: it says that the answer is missing, or has run out.
    pub(super) fn ask_once(&mut self) {
        for cell in &mut self.cells {
            if cell.open.as_ref() != Some(&self.label) {
                continue;
            }
            if cell.basis.as_deref() == Some(NOT_ANSWERED) {
                (cell.basis, cell.open) = (Some("open".to_owned()), Some(NOT_ANSWERED.to_owned()));
            } else {
                cell.open = Some("to be answered again".to_owned());
            }
        }
    }

    pub(super) fn of_question(question: &QuestionResult, subject: &Subject) -> Self {
        Self { label: clean(&question.ask), cells: vec![CellView::of_question(question, subject)] }
    }

    /// What was observed, or else what a question comes to, or else why neither is known.
    pub(super) fn of_facts(
        label: String,
        facts: &[FactShown],
        question: Option<&QuestionResult>,
        subject: &Subject,
    ) -> Self {
        let known: Vec<CellView> = facts.iter().filter_map(CellView::of_fact).collect();
        if !known.is_empty() {
            return Self { label, cells: known };
        }
        let cell = match (question.map(|question| CellView::of_question(question, subject)), facts.first()) {
            (Some(cell), _) => cell,
            (None, Some(fact)) if fact.reason.is_none() => CellView::plain("none").based_on("looked for".to_owned()),
            (None, Some(fact)) => CellView::missing(fact.reason.as_deref().unwrap_or("not known")),
            (None, None) => CellView::missing("not known"),
        };
        Self { label, cells: vec![cell] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_held_where_it_ends() {
        let text = "See [a](https://example.org/a), https://example.org/b. And (https://example.org/c/d).";
        for (address, expected) in [
            ("https://example.org/a", true),
            ("https://example.org/b", true),
            ("https://example.org/c/d", true),
            ("https://example.org/c", false),
            ("https://example.org", false),
            ("https://example.org/e", false),
        ] {
            assert_eq!(holds(text, address), expected, "{address}");
        }
    }

    #[test]
    fn a_row_named_by_its_question_does_not_ask_it_again() {
        let cell = |basis: &str| CellView { open: Some("Is it so?".into()), ..CellView::missing(basis) };
        let row = |label: &str, basis: &str| {
            let mut row = RowView { label: label.into(), cells: vec![cell(basis)] };
            row.ask_once();
            (row.cells[0].basis.clone().unwrap(), row.cells[0].open.clone().unwrap())
        };
        assert_eq!(row("Is it so?", NOT_ANSWERED), ("open".into(), NOT_ANSWERED.into()));
        assert_eq!(row("It", NOT_ANSWERED), (NOT_ANSWERED.into(), "Is it so?".into()));
        assert_eq!(row("Is it so?", "yes: ran out").1, "to be answered again");
    }
}
