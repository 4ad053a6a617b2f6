//! A Gemara evaluation log, as YAML: an evaluation for each control, with the log of each of its requirements.
//!
//! *Passed* is only what is proved. What is met by somebody's word or a sign needs review, as Gemara calls it, for a review is
//! what would prove it. Who answered, until when it holds and who waived stands in the payload of evidence.

use serde_json::{Map, Value, json};

use super::facts::{self, Reading};
use crate::assess::record::{Assessment, Certainty, Finding, LevelResult, ModelResult, Outcome, QuestionResult};
use crate::report::ReportError;
use crate::report::escape::{clean, web_link};

/// The version of Gemara whose evaluation log this is.
const GEMARA: &str = "1.1.0";
/// What the subject's evidence refers to.
const SUBJECT: &str = "subject";

pub(super) fn render(record: &Assessment) -> Result<String, ReportError> {
    let collected = facts::instant(record.inputs.evidence.collected_at)?;
    let log = Log { record, collected: &collected };
    let evaluations: Vec<Value> = record.models.iter().flat_map(|model| log.of_model(model)).collect();
    if evaluations.is_empty() {
        return Err(ReportError::Unfit { reason: "the record has no requirements".to_owned() });
    }
    let results = record.models.iter().flat_map(|model| &model.findings).map(result);
    let document = json!({
        "metadata": log.metadata(),
        "target": with(json!({
            "id": text(&record.subject.id),
            "name": text(&record.subject.id),
            "type": "Software",
        }), [
            ("uri", record.subject.url.as_deref().and_then(web_link).map(Value::from)),
            ("version", record.subject.commit.as_deref().map(|commit| Value::from(text(commit)))),
        ]),
        "result": together(results),
        "evaluations": evaluations,
    });
    serde_yaml::to_string(&document).map_err(|error| ReportError::Unfit { reason: error.to_string() })
}

struct Log<'r> {
    record: &'r Assessment,
    collected: &'r str,
}

impl Log<'_> {
    fn metadata(&self) -> Value {
        let record = self.record;
        let kind = if record.inputs.answers.is_some() { "Software Assisted" } else { "Software" };
        let subject = with(
            json!({ "id": SUBJECT, "title": text(&record.subject.id), "version": text(
                record.subject.commit.as_deref().unwrap_or("without a commit")
            ) }),
            [("url", record.subject.url.as_deref().and_then(web_link).map(Value::from))],
        );
        let models = record.models.iter().map(|model| {
            with(
                json!({ "id": reference(model), "title": text(&model.title), "version": text(&model.version) }),
                [("url", web_link(&model.source).map(Value::from))],
            )
        });
        let groups: Vec<Value> =
            record.models.iter().flat_map(|model| model.levels.iter().map(move |level| group(model, level))).collect();
        with(
            json!({
                "id": text(&format!("seaworthy-{}", record.digest.trim_start_matches("sha256:"))),
                "type": "EvaluationLog",
                "gemara-version": GEMARA,
                "date": self.collected,
                "description": text(&format!("Security assessment of {} as of {}", record.subject.id, record.as_of)),
                "author": {
                    "id": "seaworthy",
                    "name": text(&record.engine.name),
                    "type": kind,
                    "version": text(&record.engine.version),
                },
                "mapping-references": models.chain([subject]).collect::<Vec<_>>(),
            }),
            [("applicability-groups", (!groups.is_empty()).then(|| Value::from(groups)))],
        )
    }

    /// An evaluation for each control of a model, in the order of its requirements.
    fn of_model(&self, model: &ModelResult) -> Vec<Value> {
        let mut controls: Vec<(String, Vec<&Finding>)> = Vec::new();
        for finding in &model.findings {
            let control = control(finding);
            match controls.iter_mut().find(|entry| entry.0 == control) {
                Some((_, findings)) => findings.push(finding),
                None => controls.push((control, vec![finding])),
            }
        }
        controls.iter().map(|(control, findings)| self.evaluation(model, control, findings)).collect()
    }

    fn evaluation(&self, model: &ModelResult, control: &str, findings: &[&Finding]) -> Value {
        let area = findings.first().and_then(|finding| model.areas.iter().find(|area| area.id == finding.area));
        let passed = findings.iter().filter(|finding| result(finding) == PASSED).count();
        json!({
            "name": text(&format!("{control}, {}", area.map_or("", |area| area.title.as_str()))),
            "result": together(findings.iter().map(|finding| result(finding))),
            "message": format!("{passed} of {} requirements passed.", findings.len()),
            "control": { "reference-id": reference(model), "entry-id": control },
            "assessment-logs": findings.iter().map(|finding| self.assessment(model, finding)).collect::<Vec<_>>(),
        })
    }

    fn assessment(&self, model: &ModelResult, finding: &Finding) -> Value {
        let evidence = self.evidence(finding);
        with(
            json!({
                "requirement": { "reference-id": reference(model), "entry-id": text(&finding.requirement) },
                "description": text(&finding.demands),
                "applicability": applicability(model, finding),
                "result": result(finding),
                "message": text(&facts::sentence(finding)),
                "steps": steps(finding),
                "start": self.collected,
                "confidence-level": match finding.certainty {
                    Certainty::Proof => "High",
                    Certainty::Sign => "Medium",
                    Certainty::Word => "Low",
                    Certainty::None => "Undetermined",
                },
            }),
            [
                ("recommendation", finding.next.as_deref().map(|next| Value::from(text(next)))),
                ("evidence", (!evidence.is_empty()).then(|| Value::from(evidence))),
            ],
        )
    }

    /// What was seen, said and reviewed, and last what Gemara has no words for.
    fn evidence(&self, finding: &Finding) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        for reason in finding.reasons.iter().filter(|reason| reason.key.is_some()) {
            let source = reason.source.as_deref().map(clean).filter(|source| !source.is_empty());
            let link = reason.link.as_deref().and_then(web_link);
            all.push(with(
                json!({
                    "type": "observation",
                    "collected-at": self.collected,
                    "description": text(&reason.text),
                    "source": with(json!({ "reference-id": SUBJECT }), [("coordinate", source.map(Value::from))]),
                }),
                [("payload", link.map(|link| json!({ "link": link })))],
            ));
        }
        all.extend(facts::deciding(finding, self.record).flat_map(spoken));
        let facts = facts::of_finding(finding, self.record);
        let payload: Map<String, Value> =
            facts.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
        all.push(json!({ "type": "assessment-facts", "collected-at": self.collected, "payload": payload }));
        for (number, evidence) in all.iter_mut().enumerate() {
            if let Value::Object(fields) = evidence {
                fields.insert("id".to_owned(), text(&format!("{}-{}", finding.requirement, number + 1)).into());
            }
        }
        all
    }
}

/// An answer and its review.
fn spoken(question: &QuestionResult) -> Vec<Value> {
    let answer = question.answer.as_ref().and_then(|answer| {
        Some(json!({
            "type": "maintainer-answer",
            "collected-at": facts::begin_of(answer.on)?,
            "description": text(&question.ask),
            "payload": {
                "question": clean(&question.id),
                "answer": question.answered.as_ref().map_or_else(
                    || "does not apply".to_owned(), |value| clean(&value.to_string())
                ),
                "because": answer.because.as_deref().map(clean),
                "by": clean(&answer.by),
                "until": answer.until.to_string(),
                "lapsed": answer.lapsed,
            },
        }))
    });
    let review = question.review.as_ref().and_then(|review| {
        Some(json!({
            "type": "review",
            "collected-at": facts::begin_of(review.on)?,
            "description": text(&question.ask),
            "payload": {
                "question": clean(&question.id),
                "verdict": clean(&review.verdict),
                "by": clean(&review.by),
                "conflict-of-interest": clean(&review.conflict),
                "counts": review.counts,
            },
        }))
    });
    answer.into_iter().chain(review).collect()
}

const PASSED: &str = "Passed";

fn result(finding: &Finding) -> &'static str {
    match (finding.outcome, Reading::of(finding)) {
        (Outcome::Met, Reading::Verified) => PASSED,
        (Outcome::NotApplicable, Reading::Verified) => "Not Applicable",
        (Outcome::Met | Outcome::NotApplicable, _) => "Needs Review",
        (Outcome::Partly | Outcome::Unmet, _) => "Failed",
        (Outcome::Unknown, _) => "Unknown",
    }
}

/// The result of several: the first of this order that is among them. Only where nothing applies does the whole not apply.
fn together(results: impl Iterator<Item = &'static str>) -> &'static str {
    let results: Vec<&str> = results.collect();
    let order = ["Failed", "Unknown", "Needs Review", PASSED];
    order.into_iter().find(|result| results.contains(result)).unwrap_or("Not Applicable")
}

/// The control that a requirement belongs to: `OSPS-AC-03` of `OSPS-AC-03.01`; else its area.
fn control(finding: &Finding) -> String {
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|character| character.is_ascii_digit());
    match finding.requirement.rsplit_once('.') {
        Some((control, number)) if is_number(number) && !control.is_empty() => text(control),
        _ => text(&finding.area),
    }
}

/// The name by which evaluations refer to a model.
fn reference(model: &ModelResult) -> String {
    let id = clean(&model.id);
    // The subject has its name to itself.
    if id.is_empty() || id == SUBJECT { format!("model-{id}") } else { id }
}

/// The Baseline's own name of a level, or one with the model before it.
fn level_name(model: &ModelResult, level: u32) -> String {
    if model.id == "osps-baseline" { format!("maturity-{level}") } else { text(&format!("{}-level-{level}", model.id)) }
}

fn group(model: &ModelResult, level: &LevelResult) -> Value {
    json!({ "id": level_name(model, level.id), "title": text(&level.title), "description": text(&level.meaning) })
}

fn applicability(model: &ModelResult, finding: &Finding) -> Vec<String> {
    if finding.levels.is_empty() {
        return vec!["all".to_owned()];
    }
    finding.levels.iter().map(|level| level_name(model, *level)).collect()
}

/// What was done: the observations that were looked at and the questions that were asked.
fn steps(finding: &Finding) -> Vec<String> {
    let keys = finding.reasons.iter().filter_map(|reason| reason.key.as_deref());
    let questions = if finding.questions.is_empty() {
        vec!["none"]
    } else {
        finding.questions.iter().map(String::as_str).collect()
    };
    let mut steps: Vec<String> = Vec::new();
    let all = keys.map(|key| format!("observation: {key}")).chain(questions.iter().map(|id| format!("question: {id}")));
    for step in all.map(|step| clean(&step)) {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps
}

/// Clean text, never empty.
fn text(text: &str) -> String {
    let cleaned = clean(text);
    if cleaned.is_empty() { "(none)".to_owned() } else { cleaned }
}

/// An object with those of the fields that have a value.
fn with<const N: usize>(object: Value, fields: [(&str, Option<Value>); N]) -> Value {
    let mut object = object;
    if let Value::Object(known) = &mut object {
        let given = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        known.extend(given);
    }
    object
}
