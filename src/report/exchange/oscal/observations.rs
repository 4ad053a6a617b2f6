//! What findings rest on, as observations of OSCAL: what was read, what was said, what a reviewer says of that.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Ids, line, props};
use crate::assess::record::{AnswerShown, Assessment, Finding, ModelResult, QuestionResult, Reason, ReviewShown};
use crate::evidence;
use crate::report::escape::{clean, web_link};
use crate::report::exchange::facts;

/// What the observations of a result are made of.
pub(super) struct Sources<'r> {
    pub(super) model: &'r ModelResult,
    pub(super) record: &'r Assessment,
    pub(super) ids: &'r Ids,
    /// When the evidence was collected.
    pub(super) collected: &'r str,
    /// Id of the program.
    pub(super) tool: &'r str,
}

/// The kinds of observations, in the order in which they stand.
const KINDS: [&str; 3] = ["seen", "said", "reviewed"];

impl Sources<'_> {
    /// All observations, in the order of the questions.
    pub(super) fn all(&self) -> Vec<Value> {
        self.questions()
            .into_iter()
            .flat_map(|question| KINDS.map(|kind| self.observation(question, kind)))
            .flatten()
            .collect()
    }

    /// Ids of the observations that a finding rests on.
    pub(super) fn of_finding(&self, finding: &Finding) -> Vec<String> {
        let questions = finding.questions.iter().filter_map(|id| self.record.question(id));
        questions
            .flat_map(|question| KINDS.map(|kind| self.observation(question, kind).map(|_| self.id(question, kind))))
            .flatten()
            .collect()
    }

    /// Reviewers stand for the answers that they accept.
    pub(super) fn attestations(&self) -> Vec<Value> {
        let questions = self.questions();
        let counting = |question: &&QuestionResult| question.review.as_ref().is_some_and(|review| review.counts);
        let reviewers: BTreeSet<String> = questions
            .iter()
            .copied()
            .filter(counting)
            .filter_map(|question| question.review.as_ref().map(|review| name(&review.by)))
            .collect();
        let by = |reviewer: &str| {
            let own = questions
                .iter()
                .copied()
                .filter(counting)
                .filter(|question| question.review.as_ref().is_some_and(|review| name(&review.by) == reviewer));
            facts::joined(own.map(|question| clean(&question.id)))
        };
        let one = |reviewer: &String| {
            json!({
                "responsible-parties": [{
                    "role-id": "reviewer",
                    "party-uuids": [self.ids.make("person", reviewer)],
                }],
                "parts": [{ "name": "reviewed-answers", "prose": line(&format!("Reviewed: {}", by(reviewer))) }],
            })
        };
        reviewers.iter().map(one).collect()
    }

    /// The questions of the model, each once.
    fn questions(&self) -> Vec<&QuestionResult> {
        let asked: BTreeSet<&str> =
            self.model.findings.iter().flat_map(|finding| &finding.questions).map(String::as_str).collect();
        self.record.questions.iter().filter(|question| asked.contains(question.id.as_str())).collect()
    }

    fn id(&self, question: &QuestionResult, kind: &str) -> String {
        self.ids.make(kind, &format!("{}\n{}", self.model.id, question.id))
    }

    fn observation(&self, question: &QuestionResult, kind: &str) -> Option<Value> {
        match (kind, &question.answer, &question.review) {
            ("seen", ..) => self.seen(question),
            ("said", Some(answer), _) => self.said(question, answer),
            ("reviewed", _, Some(review)) => self.reviewed(question, review),
            _ => None,
        }
    }

    fn seen(&self, question: &QuestionResult) -> Option<Value> {
        let own = question.reasons.iter().map(Arc::as_ref);
        let reasons: Vec<&Reason> = own.filter(|reason| reason.key.is_some()).collect();
        if reasons.is_empty() {
            return None;
        }
        let in_file = |reason: &&&Reason| reason.places.iter().any(|place| place.path.is_some());
        let files = reasons.iter().filter(in_file).count();
        let mut methods = Vec::new();
        if files > 0 {
            methods.push("EXAMINE");
        }
        if files < reasons.len() {
            methods.push("TEST");
        }
        let texts: Vec<&str> = reasons.iter().map(|reason| reason.text.as_str()).collect();
        let links = reasons.iter().flat_map(|reason| {
            let places = reason.places.iter().filter_map(|place| place.link.as_deref());
            reason.link.as_deref().into_iter().chain(places).map(move |link| (link, reason.text.as_str()))
        });
        let keys = facts::joined(reasons.iter().filter_map(|reason| reason.key.as_deref()).map(clean));
        Some(json!({
            "uuid": self.id(question, "seen"),
            "title": line(&question.ask),
            "description": line(&texts.join("; ")),
            "props": props(&[
                ("question", clean(&question.id)),
                ("observations", keys),
                ("value", question.observed.as_ref().map(shown).unwrap_or_default()),
            ]),
            "methods": methods,
            "origins": [{ "actors": [{ "type": "tool", "actor-uuid": self.tool }] }],
            "subjects": self.subjects(),
            "relevant-evidence": relevant(links),
            "collected": self.collected,
        }))
    }

    fn said(&self, question: &QuestionResult, answer: &AnswerShown) -> Option<Value> {
        let value = match (&question.answered, answer.not_applicable) {
            (_, true) => "does not apply".to_owned(),
            (Some(value), false) => shown(value),
            (None, false) => return None,
        };
        let because = answer.because.as_deref().map_or_else(String::new, |because| format!(" {because}"));
        let lapsed = if answer.lapsed { " The answer has run out." } else { "" };
        Some(json!({
            "uuid": self.id(question, "said"),
            "title": line(&question.ask),
            "description": line(&format!("The maintainers say: {value}.{because}{lapsed}")),
            "props": props(&[
                ("question", clean(&question.id)),
                ("value", value),
                ("declared-in", answer.declared_in.as_deref().map(clean).unwrap_or_default()),
            ]),
            "methods": ["INTERVIEW"],
            "origins": self.person(&answer.by, "maintainer"),
            "subjects": self.subjects(),
            "relevant-evidence": relevant(answer.evidence.iter().map(|link| (link.as_str(), "Named by the maintainers"))),
            "collected": facts::begin_of(answer.on)?,
            "expires": facts::end_of(answer.until),
        }))
    }

    fn reviewed(&self, question: &QuestionResult, review: &ReviewShown) -> Option<Value> {
        let note = review.note.as_deref().map_or_else(String::new, |note| format!(" {note}"));
        let void = if review.counts { "" } else { " The review does not count." };
        Some(json!({
            "uuid": self.id(question, "reviewed"),
            "title": line(&question.ask),
            "description": line(&format!("A reviewer: {} the answer.{note}{void}", review.verdict)),
            "props": props(&[
                ("question", clean(&question.id)),
                ("verdict", clean(&review.verdict)),
                ("conflict-of-interest", clean(&review.conflict)),
                ("counts", if review.counts { "yes" } else { "no" }.to_owned()),
            ]),
            "methods": ["EXAMINE"],
            "origins": self.person(&review.by, "reviewer"),
            "subjects": self.subjects(),
            "collected": facts::begin_of(review.on)?,
        }))
    }

    fn person(&self, by: &str, role: &str) -> Value {
        json!([{ "actors": [{ "type": "party", "actor-uuid": self.ids.make("person", &name(by)), "role-id": role }] }])
    }

    fn subjects(&self) -> Value {
        json!([{ "subject-uuid": self.ids.make("subject", &self.model.id), "type": "component" }])
    }
}

/// A value as clean text.
fn shown(value: &evidence::Value) -> String {
    clean(&value.to_string())
}

/// Links that are web addresses, each once, with what they show.
fn relevant<'t>(links: impl Iterator<Item = (&'t str, &'t str)>) -> Vec<Value> {
    let mut kept = BTreeSet::new();
    links
        .filter_map(|(link, what)| Some((web_link(link)?, what)))
        .filter(|(link, _)| kept.insert(link.clone()))
        .map(|(href, what)| json!({ "href": href, "description": line(what) }))
        .collect()
}

/// A person's name, never empty.
pub(super) fn name(by: &str) -> String {
    let name = clean(by);
    if name.is_empty() { "unnamed".to_owned() } else { name }
}

/// All who answered, reviewed or waived.
pub(super) fn people(record: &Assessment) -> BTreeSet<String> {
    let of_questions = record.questions.iter().flat_map(|question| {
        let answer = question.answer.iter().map(|answer| &answer.by);
        answer.chain(question.review.iter().map(|review| &review.by))
    });
    let findings = record.models.iter().flat_map(|model| &model.findings);
    let of_waivers = findings.filter_map(|finding| finding.waiver.as_ref()).map(|waiver| &waiver.by);
    of_questions.chain(of_waivers).map(|by| name(by)).collect()
}
