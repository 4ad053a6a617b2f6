//! Gathering what a file yields: every claim is checked against its question, dated, and set beside the others.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Confidence, Fault, Format, Imported, Input, Narrative, NotTaken, Proposal, said_word};
use crate::answers::{Answer, Audit, Details, Said};
use crate::collect::files::note::quotation;
use crate::evidence::Value;
use crate::questionnaire::is_link;

/// The longest text of a justification that is taken over, in characters.
const LONGEST_TEXT: usize = 2000;
/// The most links that are taken over for one answer.
const MOST_LINKS: usize = 10;
/// The most audits that are taken over.
const MOST_AUDITS: usize = 50;
/// The most faults that are told, and the most passages that are listed as not taken over.
const MOST_LISTED: usize = 1000;

/// What a place in the file says about a question.
pub(super) struct Claim {
    pub(super) question: String,
    pub(super) said: Said,
    pub(super) confidence: Confidence,
    pub(super) place: String,
    /// What the file says there, as a sentence.
    pub(super) because: String,
    pub(super) links: Vec<String>,
    /// The day of this claim, where it has one of its own.
    pub(super) on: Option<NaiveDate>,
    pub(super) until: Option<NaiveDate>,
    /// Who says it, where it is not who says everything.
    pub(super) by: Option<String>,
}

impl Claim {
    pub(super) fn new(question: &str, said: Said, confidence: Confidence, place: &str, because: String) -> Self {
        Self {
            question: question.to_owned(),
            said,
            confidence,
            place: place.to_owned(),
            because,
            links: Vec::new(),
            on: None,
            until: None,
            by: None,
        }
    }
}

/// An audit by somebody from outside, as a file tells of it.
pub(super) struct Told {
    pub(super) auditor: Option<String>,
    pub(super) finished: NaiveDate,
    pub(super) scope: Option<String>,
    pub(super) report: Option<String>,
}

/// An import in the making.
pub(super) struct Gather<'i> {
    input: &'i Input<'i>,
    by: String,
    until: Option<NaiveDate>,
    imported: Imported,
    proposals: Vec<Proposal>,
    undated: bool,
}

impl<'i> Gather<'i> {
    /// `by` says who declares it, where nobody else vouches for it.
    pub(super) fn new(format: Format, input: &'i Input<'i>, by: impl Into<String>) -> Self {
        let imported = Imported {
            format,
            name: quotation(input.name, 300),
            subject: None,
            dated: None,
            proposals: Vec::new(),
            audits: Vec::new(),
            not_taken: Vec::new(),
            faults: Vec::new(),
            narratives: Vec::new(),
            remarks: Vec::new(),
        };
        let vouching = input.by.map(|by| quotation(by, 200)).filter(|by| !by.is_empty());
        let by = vouching.unwrap_or_else(|| quotation(&by.into(), 200));
        Self { input, by, until: None, imported, proposals: Vec::new(), undated: false }
    }

    /// The name of the file, as it is quoted.
    pub(super) fn name(&self) -> &str {
        &self.imported.name
    }

    /// The day of the declarations. A day that has not come yet is no date.
    pub(super) fn dated(&mut self, place: &str, day: Option<NaiveDate>) {
        match day {
            Some(day) if day > self.input.today => self.fault(place, format!("{day} has not come yet")),
            day => self.imported.dated = day,
        }
    }

    /// The last day on which the declarations hold, where the file says so.
    pub(super) fn until(&mut self, until: Option<NaiveDate>) {
        self.until = until;
    }

    pub(super) fn subject(&mut self, subject: Option<String>) {
        self.imported.subject = subject;
    }

    pub(super) fn remark(&mut self, remark: impl Into<String>) {
        self.imported.remarks.push(remark.into());
    }

    pub(super) fn fault(&mut self, place: impl Into<String>, message: impl Into<String>) {
        if self.imported.faults.len() < MOST_LISTED {
            let fault = Fault { place: quotation(&place.into(), 200), message: quotation(&message.into(), 400) };
            self.imported.faults.push(fault);
        }
    }

    pub(super) fn not_taken(&mut self, place: impl Into<String>, why: impl Into<String>) {
        if self.imported.not_taken.len() < MOST_LISTED {
            let entry = NotTaken { place: quotation(&place.into(), 200), why: quotation(&why.into(), 400) };
            self.imported.not_taken.push(entry);
        }
    }

    /// Takes an audit for the register, told by who declares the rest, on the day of that.
    pub(super) fn audit(&mut self, id: String, place: &str, told: Told) {
        if self.imported.audits.len() >= MOST_AUDITS {
            return self.not_taken(place, "there are too many audits");
        }
        if told.finished > self.input.today {
            return self.fault(place, format!("{} has not come yet", told.finished));
        }
        let text =
            |text: Option<String>| text.map(|text| quotation(&text, LONGEST_TEXT)).filter(|text| !text.is_empty());
        let on = self.imported.dated.or(self.input.on).unwrap_or(self.input.today).max(told.finished);
        let audit = Audit {
            auditor: text(told.auditor),
            independent: true,
            finished: told.finished,
            scope: text(told.scope),
            release: None,
            commit: None,
            report: links(told.report.into_iter().collect()).pop(),
            findings: None,
            by: self.by.clone(),
            on,
        };
        self.imported.audits.push((id, audit));
    }

    pub(super) fn narrative(&mut self, narrative: Narrative) {
        self.imported.narratives.push(narrative);
    }

    /// Proposes an answer, unless the question is not there or does not take it.
    pub(super) fn claim(&mut self, claim: Claim) {
        let Some(question) = self.input.questionnaires.question(&claim.question) else {
            self.not_taken(claim.place, format!("there is no question {}", claim.question));
            return;
        };
        if let Said::Value(value) = &claim.said
            && let Some(expected) = question.refuses(value)
        {
            self.fault(claim.place, format!("{} takes {expected}, not `{value}`", question.id));
            return;
        }
        let own = claim.on.filter(|day| *day <= self.input.today);
        let on = own.or(self.imported.dated).or(self.input.on);
        self.undated |= on.is_none();
        // Without a day nobody can tell whether a declaration is fresh: a person has to look at it.
        let confidence = if on.is_none() { claim.confidence.min(Confidence::Likely) } else { claim.confidence };
        let on = on.unwrap_or(self.input.today);
        let until = claim.until.or(self.until).map(|until| until.max(on));
        let by = match (self.input.by, &claim.by) {
            (None, Some(by)) => quotation(by, 200),
            _ => self.by.clone(),
        };
        let because = Some(quotation(&claim.because, LONGEST_TEXT));
        let answer = Answer {
            said: claim.said,
            because,
            evidence: links(claim.links),
            by,
            on,
            until,
            details: Details::default(),
        };
        let place = quotation(&claim.place, 200);
        self.proposals.push(Proposal { question: claim.question, answer, confidence, place });
    }

    /// The import, with one proposal for each question.
    pub(super) fn finish(mut self) -> Imported {
        let mut by_question: BTreeMap<String, Vec<Proposal>> = BTreeMap::new();
        for proposal in std::mem::take(&mut self.proposals) {
            by_question.entry(proposal.question.clone()).or_default().push(proposal);
        }
        let questions = self.input.questionnaires.questions();
        for question in questions {
            if let Some(proposals) = by_question.remove(&question.id)
                && let Some(best) = self.settle(proposals)
            {
                self.imported.proposals.push(best);
            }
        }
        if self.undated {
            self.remark(
                "The file gives no day. Its declarations are dated with the day of the import and wait for your word; \
                 --on DATE gives their day.",
            );
        }
        self.imported
    }

    /// The proposal of the highest confidence, with the links of all that agree with it. Where two of the same
    /// confidence say different things, only a person can decide.
    fn settle(&mut self, mut proposals: Vec<Proposal>) -> Option<Proposal> {
        // What holds of several questions together may do so although one of them does not apply.
        let applies = |proposal: &Proposal| proposal.answer.said != Said::NotApplicable;
        proposals.sort_by_key(|proposal| (std::cmp::Reverse(proposal.confidence), applies(proposal)));
        let mut proposals = proposals.into_iter();
        let mut best = proposals.next()?;
        for other in proposals {
            if other.answer.said == best.answer.said {
                best.answer.evidence.extend(other.answer.evidence);
                continue;
            }
            let words = (said_word(&best.answer.said), said_word(&other.answer.said));
            if other.confidence == best.confidence {
                let message = format!("says {}, but {} says {}: {}", words.0, other.place, words.1, best.question);
                self.fault(best.place.clone(), message);
                best.confidence = Confidence::Guess;
            } else {
                let why = format!("speaks for {} = {}, but {} tells more", best.question, words.1, best.place);
                self.not_taken(other.place, why);
            }
        }
        best.answer.evidence = links(best.answer.evidence);
        Some(best)
    }
}

/// Links to pages, each once, without those that carry a name or password.
fn links(links: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for link in links {
        let link = link.trim();
        let plain = is_link(link)
            && link.len() <= 1000
            && !link.contains(|letter: char| letter.is_whitespace() || letter.is_control())
            && url::Url::parse(link).is_ok_and(|url| url.username().is_empty() && url.password().is_none());
        if plain && !kept.iter().any(|known| known == link) && kept.len() < MOST_LINKS {
            kept.push(link.to_owned());
        }
    }
    kept
}

/// The links in a text.
pub(super) fn links_in(text: &str) -> Vec<String> {
    text.split(|letter: char| letter.is_whitespace() || "<>\"'`()[]{}|".contains(letter))
        .filter_map(|word| word.find("http").and_then(|start| word.get(start..)))
        .map(|word| word.trim_end_matches(|letter: char| ".,;:!?*".contains(letter)).to_owned())
        .filter(|word| is_link(word))
        .take(MOST_LINKS)
        .collect()
}

/// A day, or the day of a time, as the first ten characters of a text.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    text.trim().get(..10)?.parse().ok()
}

/// Yes or no.
pub(super) fn yes(value: bool) -> Said {
    Said::Value(Value::Bool(value))
}

/// `github.com/owner/name` of an address of a repository.
pub(super) fn subject_of(address: &str) -> Option<String> {
    let rest = address.trim().trim_end_matches('/').trim_end_matches(".git");
    let rest = rest.strip_prefix("https://").or_else(|| rest.strip_prefix("http://")).unwrap_or(rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let parts: Vec<&str> = rest.split('/').collect();
    let plain = |part: &&str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
    };
    match parts.as_slice() {
        [host, owner, name, ..] if host.contains('.') && [owner, name].into_iter().all(plain) && plain(host) => {
            Some(format!("{host}/{owner}/{name}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn links_are_found_in_prose() {
        let text = "See https://example.org/a, and (https://example.org/b). Not http://; <https://x.org/?q=1>.";
        assert_eq!(links_in(text), ["https://example.org/a", "https://example.org/b", "https://x.org/?q=1"]);
        assert_eq!(links_in("https://user:secret@example.org/a").len(), 1);
        assert!(links(links_in("https://user:secret@example.org/a")).is_empty());
    }

    #[test]
    fn subjects_of_addresses() {
        for (address, subject) in [
            ("https://github.com/acme/widget", Some("github.com/acme/widget")),
            ("https://github.com/acme/widget.git", Some("github.com/acme/widget")),
            ("https://github.com/acme/widget/blob/main/x.yml", Some("github.com/acme/widget")),
            ("github.com/acme/widget", Some("github.com/acme/widget")),
            ("https://example.org", None),
            ("acme/widget", None),
            ("file:///home/me/widget", None),
            ("", None),
        ] {
            assert_eq!(subject_of(address).as_deref(), subject, "{address}");
        }
    }
}
