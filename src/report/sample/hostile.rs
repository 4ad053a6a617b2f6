//! The sample with hostile text in all that comes from outside.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::record;
use crate::assess::record::{AlsoShown, Assessment, ModelResult};
use crate::evidence::{Place, Value};
use crate::questionnaire::Relation;

/// The text that stands in every place where the hostile record quotes something from outside.
const HOSTILE: &str = "<script>alert(1)</script>\n# [x](javascript:alert(2)) | `@alice` \u{1b}[31m\u{202e}&amp; \
                                  \"><img src=x onerror=alert(3)> 日本語 acme/widget#12 {{ 7*7 }} ";

/// The same record with hostile text in all that comes from outside, and two models that share their ids.
pub(crate) fn hostile() -> Assessment {
    let mut record = record();
    let hostile = || HOSTILE.to_owned();
    record.subject.id = hostile();
    record.subject.url = Some("javascript:alert(4)".to_owned());
    record.subject.default_branch = Some(hostile());
    record.inputs.evidence.remarks = vec![hostile()];
    for question in &mut record.questions {
        question.ask = hostile();
        question.how = hostile();
        question.observed = question.observed.is_some().then(|| Value::Text(hostile()));
        question.answered = question.answered.is_some().then(|| Value::List(vec![hostile(), hostile()]));
        if let Some(answer) = &mut question.answer {
            answer.because = Some(hostile());
            answer.by = hostile();
            answer.evidence = vec!["javascript:alert(5)".to_owned(), "https://example.org/a|b)(c".to_owned()];
        }
        for unknown in &mut question.unknown {
            unknown.permission = unknown.permission.is_some().then(hostile);
            unknown.reason = hostile();
        }
    }
    for audit in &mut record.audits {
        audit.id = hostile();
        audit.auditor = Some(hostile());
        audit.scope = Some(hostile());
        audit.release = Some(hostile());
        audit.report = Some("javascript:alert(9)".to_owned());
        audit.by = hostile();
        audit.shipped_because = hostile();
    }
    record.models.truncate(1);
    let second = record.models[0].clone();
    record.models.push(ModelResult { id: "second \" onclick=\"alert(6)".to_owned(), ..second });
    for model in &mut record.models {
        model.title = hostile();
        model.source = "data:text/html,<script>alert(7)</script>".to_owned();
        for level in &mut model.levels {
            level.title = hostile();
            level.meaning = hostile();
        }
        for area in &mut model.areas {
            area.title = hostile();
        }
        for finding in &mut model.findings {
            finding.demands = hostile();
            finding.next = finding.next.is_some().then(hostile);
            for reason in finding.reasons.iter_mut().map(Arc::make_mut) {
                reason.text = hostile();
                reason.source = Some(hostile());
                reason.link = Some("javascript:alert(8)".to_owned());
                reason.places = vec![Place { link: Some("vbscript:x".to_owned()), ..Place::file(HOSTILE) }];
            }
            if let Some(waiver) = &mut finding.waiver {
                waiver.reason = hostile();
                waiver.by = hostile();
            }
            finding.maps = BTreeMap::from([(hostile(), vec![hostile()])]);
            finding.also = vec![AlsoShown {
                model: hostile(),
                requirement: hostile(),
                relation: Relation::Covers,
                confidence: 3,
                source: hostile(),
            }];
        }
        for step in &mut model.next_steps {
            step.ask = hostile();
            step.how = hostile();
            step.effort = hostile();
        }
        for reveal in &mut model.reveals {
            reveal.permission = hostile();
        }
    }
    record
}
