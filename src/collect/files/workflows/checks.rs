//! The jobs that run on pull requests, with the names that GitHub gives to their checks.

use github_actions_models::common::Uses;
use github_actions_models::workflow::Job;
use github_actions_models::workflow::event::{Events, OptionalBody, PullRequest};

use super::condition::may_hold;
use super::matrix;
use super::read::{Flow, Flows};
use super::steps::{JobView, jobs};

/// How deep reusable workflows may call each other; GitHub allows ten.
const MAX_DEPTH: usize = 10;

/// The most jobs and the most names of a job that are looked at.
const MAX_JOBS: usize = 2000;
const MAX_NAMES: usize = 256;

/// A job that runs on pull requests.
pub(super) struct PullRequestJob<'a> {
    /// The names of its checks: one for each combination of its matrix, where that is known beforehand.
    pub(super) names: Vec<String>,
    pub(super) view: JobView<'a>,
    /// The events of pull requests that it may run on.
    pub(super) events: Vec<&'static str>,
}

/// All jobs that run on pull requests, also those of local workflows that they call.
pub(super) fn pull_request_jobs<'a>(flows: &'a Flows<'a>) -> Vec<PullRequestJob<'a>> {
    let mut found = Vec::new();
    for flow in &flows.read {
        let events = pull_request_events(&flow.workflow.on.events);
        if !events.is_empty() {
            Collector { flows, found: &mut found }.workflow(flow, &[], &events, 1);
        }
    }
    found
}

/// The triggers of a workflow that make checks on pull requests.
fn pull_request_events(events: &Events) -> Vec<&'static str> {
    let mut found = Vec::new();
    if checks_changes(&events.pull_request) {
        found.push("pull_request");
    }
    if checks_changes(&events.pull_request_target) {
        found.push("pull_request_target");
    }
    if events.merge_group.is_present() {
        found.push("merge_group");
    }
    found
}

/// Whether a trigger fires when a pull request is opened or its code changes, rather than on labels or its closing.
fn checks_changes(trigger: &OptionalBody<PullRequest>) -> bool {
    match trigger {
        OptionalBody::Missing => false,
        OptionalBody::Default => true,
        OptionalBody::Body(body) => {
            body.types.is_empty()
                || body
                    .types
                    .iter()
                    .any(|kind| ["opened", "synchronize", "reopened", "ready_for_review"].contains(&kind.as_str()))
        }
    }
}

struct Collector<'a, 'found> {
    flows: &'a Flows<'a>,
    found: &'found mut Vec<PullRequestJob<'a>>,
}

impl<'a> Collector<'a, '_> {
    fn workflow(&mut self, flow: &'a Flow<'a>, callers: &[String], events: &[&'static str], depth: usize) {
        for view in jobs(flow) {
            let events: Vec<_> =
                events.iter().copied().filter(|event| may_hold(view.condition(), "github.event_name", event)).collect();
            if events.is_empty() || self.found.len() >= MAX_JOBS {
                continue;
            }
            let names = called_names(callers, &matrix::check_names(&view));
            match called_workflow(self.flows, view.job) {
                Some(called) if depth < MAX_DEPTH => self.workflow(called, &names, &events, depth + 1),
                _ => self.found.push(PullRequestJob { names, view, events }),
            }
        }
    }
}

/// Checks of a called workflow are named `caller / job`.
fn called_names(callers: &[String], names: &[String]) -> Vec<String> {
    if callers.is_empty() {
        return names.to_vec();
    }
    let combined = callers.iter().flat_map(|caller| names.iter().map(move |name| format!("{caller} / {name}")));
    combined.take(MAX_NAMES).collect()
}

/// The workflow of this repository that a job calls.
pub(super) fn called_workflow<'a>(flows: &'a Flows<'a>, job: &Job) -> Option<&'a Flow<'a>> {
    let Job::ReusableWorkflowCallJob(job) = job else { return None };
    let Uses::Local(local) = &job.uses else { return None };
    let path = local.raw().strip_prefix("./").or(local.raw().strip_prefix("$/"))?;
    flows.read.iter().find(|flow| flow.path == path && flow.workflow.on.events.workflow_call.is_present())
}
