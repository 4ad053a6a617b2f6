//! The tools that workflows run, and the checks of pull requests that run them.

use std::collections::HashMap;

use github_actions_models::common::If;
use github_actions_models::workflow::Job;
use serde_yaml::Value;

use super::checks::{PullRequestJob, pull_request_jobs};
use super::condition::may_hold;
use super::expression::expressions;
use super::lines::Part;
use super::matrix::values;
use super::outcome::{Found, Outcome};
use super::read::Flows;
use super::script::{Command, commands};
use super::steps::{JobView, StepView, action_name, jobs};
use super::tools::{Purpose, Tool, Tools, input_text};
use crate::evidence::{Observation, Place};

/// A tool that a step or a called workflow is.
struct Use<'a> {
    tool: &'a Tool,
    place: Place,
    condition: Option<&'a If>,
}

/// The uses of each job, by path of its workflow and id.
type Uses<'a> = HashMap<(&'a str, &'a str), Vec<Use<'a>>>;

/// Something seen outside workflows: its name and where.
type Elsewhere = Vec<(String, Place)>;

pub(super) fn observe(
    flows: &Flows<'_>,
    outcome: &Outcome,
    secret_scanners: Elsewhere,
    fuzzing: Elsewhere,
) -> Vec<Observation> {
    let views: Vec<JobView<'_>> = flows.read.iter().flat_map(jobs).collect();
    let uses: Uses<'_> = views.iter().map(|view| ((view.flow.path, view.id), uses_of(view))).collect();
    let pull_requests = pull_request_jobs(flows);
    let tools = |key: &str, purpose| outcome.list(key, tools_for(&views, &uses, purpose));
    let checks = |key: &str, purpose| outcome.list(key, checks_for(&pull_requests, &uses, purpose));
    let with = |key: &str, purpose, others: Elsewhere| {
        let others = others.into_iter().map(|(name, place)| Found { name, place });
        outcome.list(key, tools_for(&views, &uses, purpose).into_iter().chain(others))
    };
    vec![
        outcome.list("workflows.pull_request_checks", pull_requests.iter().flat_map(names)),
        checks("workflows.tests", Purpose::Tests),
        checks("workflows.lint", Purpose::Lint),
        tools("workflows.sast", Purpose::Sast),
        checks("workflows.sast_checks", Purpose::Sast),
        tools("workflows.sca", Purpose::Sca),
        checks("workflows.sca_checks", Purpose::Sca),
        with("workflows.secret_scanning", Purpose::SecretScanning, secret_scanners),
        with("workflows.fuzzing", Purpose::Fuzzing, fuzzing),
        outcome.list("workflows.release", releases(&views, &uses)),
        tools("workflows.signing", Purpose::Signing),
        tools("workflows.provenance", Purpose::Provenance),
        tools("workflows.sbom", Purpose::Sbom),
    ]
}

/// The tools that a job is or runs.
fn uses_of<'a>(view: &JobView<'a>) -> Vec<Use<'a>> {
    if let Job::ReusableWorkflowCallJob(job) = view.job {
        let place = view.flow.place(&view.path(&[Part::Key("uses")]), job.uses.raw());
        return Tools::built_in()
            .of_action(&action_name(&job.uses), &|_| None)
            .into_iter()
            .map(|tool| Use { tool, place: place.clone(), condition: None })
            .collect();
    }
    view.steps().iter().flat_map(uses_of_step).collect()
}

fn uses_of_step<'a>(step: &StepView<'a>) -> Vec<Use<'a>> {
    let condition = step.condition();
    let mut found = Vec::new();
    if let Some(action) = step.action() {
        let place = step.flow.place(&step.path_to(&[Part::Key("uses")]), &action);
        let input = |name: &str| step.input(name).map(input_text);
        let tools = Tools::built_in().of_action(&action, &input);
        found.extend(tools.into_iter().map(|tool| Use { tool, place: place.clone(), condition }));
    }
    for script in step.scripts().iter().filter(|script| script.shell) {
        let mut finder = step.flow.lines.inside(&script.path);
        for command in commands(script.text) {
            let line = finder.next(&command.beginning);
            for command in matrix_commands(step, &command).into_iter().chain([command]) {
                for tool in Tools::built_in().of_command(&command) {
                    let place = step.flow.place_at(line, &command.shown());
                    found.push(Use { tool, place, condition });
                }
            }
        }
    }
    found
}

/// The most commands of a matrix that are looked at for one line.
const MAX_MATRIX_COMMANDS: usize = 200;

/// The commands that the matrix puts where a command begins with an expression.
fn matrix_commands(step: &StepView<'_>, command: &Command) -> Vec<Command> {
    let first = command.words.first().map(String::as_str).unwrap_or_default();
    expressions(first)
        .iter()
        .filter(|expression| expression.source == first)
        .flat_map(|expression| &expression.contexts)
        .flat_map(|context| values(step.job, context))
        .filter_map(Value::as_str)
        .flat_map(commands)
        .take(MAX_MATRIX_COMMANDS)
        .collect()
}

fn tools_for(views: &[JobView<'_>], uses: &Uses<'_>, purpose: Purpose) -> Vec<Found> {
    views
        .iter()
        .filter_map(|view| uses.get(&(view.flow.path, view.id)))
        .flatten()
        .filter(|one| one.tool.purposes.contains(&purpose))
        .map(|one| Found { name: one.tool.id.clone(), place: one.place.clone() })
        .collect()
}

/// The checks on pull requests whose job runs a tool for this purpose, each with the first such place.
fn checks_for(pull_requests: &[PullRequestJob<'_>], uses: &Uses<'_>, purpose: Purpose) -> Vec<Found> {
    let mut found = Vec::new();
    for job in pull_requests {
        let tool = uses.get(&(job.view.flow.path, job.view.id)).into_iter().flatten().find(|one| {
            one.tool.purposes.contains(&purpose)
                && job.events.iter().any(|event| may_hold(one.condition, "github.event_name", event))
        });
        if let Some(tool) = tool {
            found.extend(job.names.iter().map(|name| Found { name: name.clone(), place: tool.place.clone() }));
        }
    }
    found
}

fn names(job: &PullRequestJob<'_>) -> Vec<Found> {
    let place = job.view.flow.place(&job.view.path(&[]), &format!("job {}", job.view.id));
    job.names.iter().map(|name| Found { name: name.clone(), place: place.clone() }).collect()
}

fn releases(views: &[JobView<'_>], uses: &Uses<'_>) -> Vec<Found> {
    views
        .iter()
        .filter_map(|view| uses.get(&(view.flow.path, view.id)))
        .flatten()
        .filter(|one| one.tool.purposes.contains(&Purpose::Release))
        .map(|one| Found { name: one.place.path.clone().unwrap_or_default(), place: one.place.clone() })
        .collect()
}
