//! Workflows that run with the rights of the repository and check out what a stranger proposes.

use github_actions_models::common::{EnvValue, If};
use github_actions_models::workflow::Job;

use super::checks::called_workflow;
use super::condition::may_hold;
use super::expression::{Context, expressions};
use super::lines::Part;
use super::outcome::Outcome;
use super::read::Flows;
use super::script::{Command, commands};
use super::steps::{JobView, StepView, action_name, jobs};
use super::tools::Tools;
use super::triggers::privileged_with_callers;
use crate::evidence::{Observation, Place};

/// Contexts that name the head of a pull request, or the repository that it comes from.
const HEADS: [&str; 13] = [
    "github.head_ref",
    "github.event.pull_request.head.sha",
    "github.event.pull_request.head.ref",
    "github.event.pull_request.head.label",
    "github.event.pull_request.head.repo.full_name",
    "github.event.pull_request.merge_commit_sha",
    "github.event.workflow_run.head_sha",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_commit.id",
    "github.event.workflow_run.head_repository.full_name",
    "github.event.workflow_run.pull_requests.*.head.sha",
    "github.event.workflow_run.pull_requests.*.head.ref",
    "github.event.check_suite.pull_requests.*.head.sha",
];

pub(super) fn observe(flows: &Flows<'_>, outcome: &Outcome) -> Observation {
    const KEY: &str = "workflows.untrusted_checkouts";
    let mut places = Vec::new();
    let mut unclear = Vec::new();
    let privileged = privileged_with_callers(flows);
    for flow in &flows.read {
        let Some(events) = privileged.get(flow.path) else { continue };
        for view in jobs(flow) {
            if events.iter().any(|event| may_hold_for_strangers(view.condition(), event)) {
                unclear.extend(unread_call(flows, &view));
            }
            for step in view.steps() {
                if events.iter().any(|event| may_run_for_strangers(&view, &step, event)) {
                    match checkout(&step, names_head) {
                        Some(place) => places.push(place),
                        None => unclear.extend(checkout(&step, is_computed)),
                    }
                }
            }
        }
    }
    match (places.first(), unclear.first()) {
        (None, Some(first)) => {
            let (path, note) = (first.path.as_deref().unwrap_or_default(), first.note.as_deref().unwrap_or_default());
            let reason = format!("{path} may check out code of strangers: {note}, which only its run can tell");
            Observation::unavailable(KEY, reason).at_all(unclear)
        }
        _ => outcome.count(KEY, places),
    }
}

/// Whether a step can run on this event when a stranger has caused it.
fn may_run_for_strangers(view: &JobView<'_>, step: &StepView<'_>, event: &str) -> bool {
    [view.condition(), step.condition()].into_iter().all(|condition| may_hold_for_strangers(condition, event))
}

fn may_hold_for_strangers(condition: Option<&If>, event: &str) -> bool {
    may_hold(condition, "github.event_name", event)
        && (event != "workflow_run"
            || ["pull_request", "pull_request_target"]
                .iter()
                .any(|origin| may_hold(condition, "github.event.workflow_run.event", origin)))
}

/// A job that calls a workflow of another repository, of which nothing is known.
fn unread_call(flows: &Flows<'_>, view: &JobView<'_>) -> Option<Place> {
    let Job::ReusableWorkflowCallJob(job) = view.job else { return None };
    let (name, tools) = (action_name(&job.uses), Tools::built_in());
    let is_known = called_workflow(flows, view.job).is_some()
        || tools.is_bystander(&name)
        || !tools.of_action(&name, &|_| None).is_empty();
    let note = format!("call of {}", job.uses.raw());
    (!is_known).then(|| view.flow.place(&view.path(&[Part::Key("uses")]), &note))
}

/// Where a step checks out what is named like this.
fn checkout(step: &StepView<'_>, names: fn(&str) -> bool) -> Option<Place> {
    if step.action().as_deref() == Some("actions/checkout") {
        let named = ["ref", "repository"].into_iter().find_map(|input| match step.input(input) {
            Some(EnvValue::String(text)) if names(text) => Some(text),
            _ => None,
        })?;
        return Some(step.flow.place(&step.path_to(&[Part::Key("uses")]), &format!("checkout of {named}")));
    }
    step.scripts().iter().filter(|script| script.shell).find_map(|script| {
        let mut finder = step.flow.lines.inside(&script.path);
        commands(script.text).iter().find_map(|command| {
            let line = finder.next(&command.beginning);
            fetches(command, names).then(|| step.flow.place_at(line, &command.shown()))
        })
    })
}

fn names_head(text: &str) -> bool {
    text.contains("refs/pull/") || expressions(text).iter().any(|one| one.contexts.iter().any(is_head))
}

/// Contexts that earlier steps and jobs fill.
const COMPUTED: [&str; 3] = ["steps", "needs", "env"];

/// Whether only the run itself can tell what is named.
fn is_computed(text: &str) -> bool {
    let contexts = expressions(text).into_iter().flat_map(|one| one.contexts);
    contexts.into_iter().any(|context| context.names().first().is_some_and(|first| COMPUTED.contains(first)))
}

fn is_head(context: &Context) -> bool {
    HEADS.iter().any(|head| context.reads(head))
}

/// Whether a command brings what is named like this into the working tree.
fn fetches(command: &Command, names: fn(&str) -> bool) -> bool {
    let words: Vec<&str> = command.words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["gh", "pr", "checkout", ..] => true,
        ["git", verb, rest @ ..] if ["fetch", "pull", "checkout", "switch", "reset", "merge"].contains(verb) => {
            rest.iter().any(|word| names(word) || word.trim_start_matches('+').starts_with("pull/"))
        }
        _ => false,
    }
}
