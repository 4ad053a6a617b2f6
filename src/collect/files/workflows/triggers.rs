//! Which events start a workflow, and who can cause them.

use std::collections::HashSet;

use github_actions_models::workflow::event::Events;

use super::checks::called_workflow;
use super::lines::Part;
use super::outcome::{Found, Outcome};
use super::read::{Flow, Flows};
use super::steps::jobs;
use crate::evidence::Observation;

/// Events that people without rights in the repository can cause.
fn by_outsiders(events: &Events) -> bool {
    events.pull_request.is_present()
        || events.pull_request_target.is_present()
        || events.pull_request_review.is_present()
        || events.pull_request_review_comment.is_present()
        || events.issues.is_present()
        || events.issue_comment.is_present()
        || events.discussion.is_present()
        || events.discussion_comment.is_present()
        || events.workflow_run.is_present()
        || events.fork.is_present()
        || events.watch.is_present()
        || events.gollum.is_present()
}

/// The events of outsiders on which a workflow runs with the rights of the repository.
pub(super) fn privileged(events: &Events) -> Vec<&'static str> {
    [
        ("pull_request_target", events.pull_request_target.is_present()),
        ("workflow_run", events.workflow_run.is_present()),
        ("issue_comment", events.issue_comment.is_present()),
    ]
    .into_iter()
    .filter_map(|(name, present)| present.then_some(name))
    .collect()
}

/// The paths of workflows that outsiders can start: by their own triggers, or through a local workflow that calls
/// them. One that is there to be called and that nobody calls here may be called by anybody elsewhere.
pub(super) fn started_by_outsiders<'a>(flows: &'a Flows<'a>) -> HashSet<&'a str> {
    let mut started: HashSet<&str> = HashSet::new();
    let mut called: HashSet<&str> = HashSet::new();
    for flow in &flows.read {
        called.extend(callees(flows, flow).iter().map(|callee| callee.path));
    }
    let mut waiting: Vec<&Flow<'_>> = flows
        .read
        .iter()
        .filter(|flow| {
            let events = &flow.workflow.on.events;
            by_outsiders(events) || (events.workflow_call.is_present() && !called.contains(flow.path))
        })
        .collect();
    while let Some(flow) = waiting.pop() {
        if started.insert(flow.path) {
            waiting.extend(callees(flows, flow));
        }
    }
    started
}

/// The privileged events on which each workflow runs, with those of the local workflows that call it.
pub(super) fn privileged_with_callers<'a>(flows: &'a Flows<'a>, flow: &Flow<'_>) -> Vec<&'static str> {
    let mut found = privileged(&flow.workflow.on.events);
    for caller in &flows.read {
        let events = privileged(&caller.workflow.on.events);
        if !events.is_empty() && callees(flows, caller).iter().any(|callee| callee.path == flow.path) {
            found.extend(events);
        }
    }
    found
}

fn callees<'a>(flows: &'a Flows<'a>, flow: &'a Flow<'a>) -> Vec<&'a Flow<'a>> {
    jobs(flow).filter_map(|view| called_workflow(flows, view.job)).collect()
}

pub(super) fn observe(flows: &Flows<'_>, outcome: &Outcome) -> Observation {
    let found = flows.read.iter().flat_map(|flow| {
        privileged(&flow.workflow.on.events).into_iter().map(move |event| {
            let on = Part::Key("on");
            let line = flow.lines.of(&[on, Part::Key(event)]).or_else(|| flow.lines.inside(&[on]).next(event));
            Found { name: flow.path.to_owned(), place: flow.place_at(line, event) }
        })
    });
    outcome.list("workflows.privileged_triggers", found)
}
