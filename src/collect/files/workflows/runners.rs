//! Jobs that run on machines of the project's own.

use github_actions_models::common::expr::LoE;
use github_actions_models::workflow::Job;
use github_actions_models::workflow::job::{NormalJob, RunsOn};
use serde_yaml::Value;

use super::expression::expressions;
use super::lines::Part;
use super::matrix::values;
use super::outcome::Outcome;
use super::read::Flows;
use super::steps::jobs;
use crate::evidence::Observation;

/// The label that every self-hosted runner has unless its owner removes it.
const LABEL: &str = "self-hosted";

pub(super) fn observe(flows: &Flows<'_>, outcome: &Outcome) -> Observation {
    let places = flows.read.iter().flat_map(jobs).filter_map(|view| {
        let Job::NormalJob(job) = view.job else { return None };
        is_self_hosted(job).then(|| view.flow.place(&view.path(&[Part::Key("runs-on")]), &format!("job {}", view.id)))
    });
    outcome.count("workflows.self_hosted_runners", places.collect())
}

fn is_self_hosted(job: &NormalJob) -> bool {
    let labels: Vec<&str> = match &job.runs_on {
        LoE::Expr(expression) => vec![expression.as_raw()],
        LoE::Literal(RunsOn::Target(labels) | RunsOn::Group { labels, .. }) => {
            labels.iter().map(String::as_str).collect()
        }
    };
    labels.iter().any(|label| {
        label.trim().eq_ignore_ascii_case(LABEL)
            || expressions(label).iter().any(|expression| {
                expression.source.contains(LABEL)
                    || expression.contexts.iter().flat_map(|context| values(job, context)).any(holds_label)
            })
    })
}

fn holds_label(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().eq_ignore_ascii_case(LABEL),
        Value::Sequence(items) => items.iter().any(holds_label),
        Value::Mapping(entries) => entries.values().any(holds_label),
        _ => false,
    }
}
