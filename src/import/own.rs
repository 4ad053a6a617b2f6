//! Seaworthy's own: the answers of an earlier record, or of another answers file. They keep who said them and when.

use super::gather::{Claim, Gather};
use super::{Confidence, Format, Imported, Input, Refused};
use crate::answers::{Answer, Answers, Details, Said};
use crate::assess::record::Assessment;
use crate::collect::files::note::quotation;
use crate::yaml::{Document, Severity};

pub(super) fn import(input: &Input<'_>) -> Result<Imported, Refused> {
    let mut gather = Gather::new(Format::Seaworthy, input, format!("the answers in {}", input.name));
    let is_record = input.text.trim_start().starts_with('{');
    let read = if is_record { record(input, &mut gather) } else { answers(input, &mut gather) };
    read?;
    Ok(gather.finish())
}

fn record(input: &Input<'_>, gather: &mut Gather<'_>) -> Result<(), Refused> {
    let record = Assessment::from_json(input.text)
        .map_err(|error| Refused(format!("{}: {}", input.name, quotation(&error.to_string(), 300))))?;
    gather.subject(Some(record.subject.id));
    gather.dated("/as_of", Some(record.as_of));
    for (index, question) in record.questions.into_iter().enumerate() {
        let place = format!("/questions/{index}");
        let Some(shown) = question.answer else {
            if question.observed.is_some() {
                gather.not_taken(place, format!("{} was observed, not answered: it is observed anew", question.id));
            }
            continue;
        };
        let said = match question.answered {
            _ if shown.not_applicable => Said::NotApplicable,
            Some(value) => Said::Value(value),
            None => {
                gather.fault(place, format!("{} has an answer without a value", question.id));
                continue;
            }
        };
        let until = Some(shown.until);
        let answer = Answer {
            said,
            because: shown.because,
            evidence: shown.evidence,
            by: shown.by,
            on: shown.on,
            until,
            details: Details::default(),
        };
        take(&question.id, &place, answer, gather);
    }
    Ok(())
}

fn answers(input: &Input<'_>, gather: &mut Gather<'_>) -> Result<(), Refused> {
    let document = Document::new(input.name, input.text);
    let (answers, problems) = Answers::read(&document, input.questionnaires);
    let Some(answers) = answers else {
        let first = problems.iter().find(|problem| problem.severity == Severity::Error);
        return Err(Refused(first.map_or_else(
            || format!("{} holds no answers", input.name),
            |problem| {
                let (line, column) = document.position(problem.span.start);
                format!("{}:{line}:{column}: {}", input.name, quotation(&problem.message, 300))
            },
        )));
    };
    gather.subject(answers.subject);
    for (id, answer) in answers.answers {
        let place = format!("answers.{id}");
        take(&id, &place, answer, gather);
    }
    for (name, number) in [("reviews", answers.reviews.len()), ("waivers", answers.waivers.len())] {
        if number > 0 {
            gather.not_taken(name, format!("{number} {name} stay where somebody vouches for them"));
        }
    }
    Ok(())
}

fn take(question: &str, place: &str, answer: Answer, gather: &mut Gather<'_>) {
    let because =
        answer.because.unwrap_or_else(|| format!("Answered by {} on {}, in {}", answer.by, answer.on, gather.name()));
    let mut claim = Claim::new(question, answer.said, Confidence::Certain, place, because);
    claim.links = answer.evidence;
    claim.by = Some(answer.by);
    claim.on = Some(answer.on);
    claim.until = answer.until;
    gather.claim(claim);
}
