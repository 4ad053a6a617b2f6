//! The tools that workflows run, and the checks of pull requests that run them.

use std::collections::{BTreeSet, HashMap};

use github_actions_models::common::If;
use github_actions_models::workflow::Job;
use serde_yaml::Value;

use super::checks::{PullRequestJob, PullRequestJobs, called_workflow, pull_request_jobs};
use super::condition::may_hold;
use super::expression::expressions;
use super::lines::Part;
use super::matrix::values;
use super::outcome::{Found, Outcome};
use super::read::{Flow, Flows};
use super::release_configuration::Configured;
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

/// What a job runs.
#[derive(Default)]
struct JobUses<'a> {
    uses: Vec<Use<'a>>,
    /// Workflows elsewhere and actions of the repository that it runs, but that were not read.
    unseen: Vec<String>,
    /// How many steps of actions and commands of matrices it may still look at.
    steps_left: usize,
}

/// What each job runs, by path of its workflow and id.
struct AllUses<'a> {
    jobs: HashMap<(&'a str, &'a str), JobUses<'a>>,
    views: Vec<JobView<'a>>,
}

/// What was seen outside workflows: names, and where.
pub(super) struct Elsewhere {
    pub(super) secret_scanners: Vec<(String, Place)>,
    pub(super) fuzzing: Vec<(String, Place)>,
    pub(super) configured: Configured,
}

pub(super) fn observe(flows: &Flows<'_>, outcome: &Outcome, elsewhere: Elsewhere) -> Vec<Observation> {
    let Elsewhere { secret_scanners, fuzzing, configured } = elsewhere;
    let all = AllUses::of(flows);
    let PullRequestJobs { jobs: pull_requests, cut } = pull_request_jobs(flows);
    let cut: Vec<String> = cut.then(|| "a long chain of calls".to_owned()).into_iter().collect();
    let anywhere = outcome.without(&all.unseen(all.views.iter()));
    let unseen = all.unseen(pull_requests.iter().map(|job| &job.view));
    let on_pull_requests = outcome.without(&cut).without(&unseen);
    let tools = |key: &str, purpose| anywhere.list(key, all.tools(purpose));
    let checks = |key: &str, purpose| on_pull_requests.list(key, all.checks(&pull_requests, purpose));
    let with = |key: &str, purpose, others: Vec<(String, Place)>| {
        let others = others.into_iter().map(|(name, place)| Found { name, place });
        anywhere.list(key, all.tools(purpose).into_iter().chain(others))
    };
    let released = |key: &str, purpose| {
        let others = configured.tools(purpose).into_iter().map(|(name, place)| Found { name, place });
        anywhere.without(&configured.unread).list(key, all.tools(purpose).into_iter().chain(others))
    };
    vec![
        outcome.without(&cut).list("workflows.pull_request_checks", pull_requests.iter().flat_map(names)),
        checks("workflows.tests", Purpose::Tests),
        checks("workflows.lint", Purpose::Lint),
        tools("workflows.sast", Purpose::Sast),
        checks("workflows.sast_checks", Purpose::Sast),
        tools("workflows.sca", Purpose::Sca),
        checks("workflows.sca_checks", Purpose::Sca),
        with("workflows.secret_scanning", Purpose::SecretScanning, secret_scanners),
        with("workflows.fuzzing", Purpose::Fuzzing, fuzzing),
        anywhere.list("workflows.release", all.releases()),
        released("workflows.signing", Purpose::Signing),
        tools("workflows.provenance", Purpose::Provenance),
        released("workflows.sbom", Purpose::Sbom),
    ]
}

impl<'a> AllUses<'a> {
    fn of(flows: &'a Flows<'a>) -> Self {
        let views: Vec<JobView<'a>> = flows.read.iter().flat_map(jobs).collect();
        let mut all = Self { jobs: HashMap::new(), views };
        let mut steps_left = MAX_STEPS_OF_ACTIONS;
        for view in &all.views {
            let uses = uses_of(flows, view, steps_left);
            steps_left = uses.steps_left;
            all.jobs.insert((view.flow.path, view.id), uses);
        }
        all
    }

    fn of_job(&self, view: &JobView<'a>) -> impl Iterator<Item = &Use<'a>> {
        self.jobs.get(&(view.flow.path, view.id)).into_iter().flat_map(|job| &job.uses)
    }

    /// What these jobs run, but was not read.
    fn unseen<'v>(&self, views: impl Iterator<Item = &'v JobView<'a>>) -> Vec<String>
    where
        'a: 'v,
    {
        let jobs = views.filter_map(|view| self.jobs.get(&(view.flow.path, view.id)));
        let names: BTreeSet<&String> = jobs.flat_map(|job| &job.unseen).collect();
        names.into_iter().cloned().collect()
    }

    fn all_for(&self, purpose: Purpose) -> impl Iterator<Item = &Use<'a>> {
        self.views.iter().flat_map(|view| self.of_job(view)).filter(move |one| one.tool.purposes.contains(&purpose))
    }

    fn tools(&self, purpose: Purpose) -> Vec<Found> {
        self.all_for(purpose).map(|one| Found { name: one.tool.id.clone(), place: one.place.clone() }).collect()
    }

    /// The workflows that publish something.
    fn releases(&self) -> Vec<Found> {
        let mut found = Vec::new();
        for view in &self.views {
            let publishing = self.of_job(view).filter(|one| one.tool.purposes.contains(&Purpose::Release));
            found.extend(publishing.map(|one| Found { name: view.flow.path.to_owned(), place: one.place.clone() }));
        }
        found
    }

    /// The checks on pull requests whose job runs a tool for this purpose, each with the first such place.
    fn checks(&self, pull_requests: &[PullRequestJob<'a>], purpose: Purpose) -> Vec<Found> {
        let mut found = Vec::new();
        for job in pull_requests {
            let tool = self.of_job(&job.view).find(|one| {
                one.tool.purposes.contains(&purpose)
                    && job.events.iter().any(|event| may_hold(one.condition, "github.event_name", event))
            });
            if let Some(tool) = tool {
                found.extend(job.names.iter().map(|name| Found { name: name.clone(), place: tool.place.clone() }));
            }
        }
        found
    }
}

/// What a job is or runs.
fn uses_of<'a>(flows: &'a Flows<'a>, view: &JobView<'a>, steps_left: usize) -> JobUses<'a> {
    let mut found = JobUses { steps_left, ..JobUses::default() };
    if let Job::ReusableWorkflowCallJob(job) = view.job {
        let place = view.flow.place(&view.path(&[Part::Key("uses")]), job.uses.raw());
        let name = action_name(&job.uses);
        let tools = Tools::built_in().of_action(&name, &|_| None);
        if tools.is_empty() && called_workflow(flows, view.job).is_none() && !Tools::built_in().is_bystander(&name) {
            found.unseen.push(job.uses.raw().to_owned());
        }
        found.uses.extend(tools.into_iter().map(|tool| Use { tool, place: place.clone(), condition: None }));
    }
    for step in view.steps() {
        found.step(flows, &step, None, 0);
    }
    found
}

/// How deep actions of the repository may use each other; GitHub allows ten.
const MAX_DEPTH: usize = 10;

/// The most steps of actions and commands of matrices that are looked at in all jobs together.
const MAX_STEPS_OF_ACTIONS: usize = 5_000;

impl<'a> JobUses<'a> {
    fn step(&mut self, flows: &'a Flows<'a>, step: &StepView<'a>, outer: Option<&'a If>, depth: usize) {
        let condition = outer.or(step.condition());
        if let Some(folder) = step.local_action() {
            match flows.actions.get(&folder) {
                Some(action) if depth < MAX_DEPTH && self.steps_left > 0 => {
                    for inner in jobs(action).flat_map(|view| view.steps()) {
                        self.steps_left = self.steps_left.saturating_sub(1);
                        if may_run_with_inputs(step, action, &inner) {
                            self.step(flows, &inner, condition, depth + 1);
                        }
                    }
                }
                _ => self.unseen.push(format!("./{folder}")),
            }
        }
        let uses = uses_of_step(step, &mut self.steps_left);
        if self.steps_left == 0 && self.unseen.is_empty() {
            self.unseen.push("a very large matrix".to_owned());
        }
        self.uses.extend(uses.into_iter().map(|one| Use { condition, ..one }));
    }
}

/// Whether a step of an action can run with the inputs that the outer step gives to the action.
fn may_run_with_inputs(outer: &StepView<'_>, action: &Flow<'_>, inner: &StepView<'_>) -> bool {
    action.defaults.iter().all(|(name, default)| {
        let value = outer.input(name).map_or_else(|| default.clone(), input_text);
        value.contains("${{") || may_hold(inner.condition(), &format!("inputs.{name}"), &value)
    })
}

/// What a step is or runs. Commands of a matrix are taken from `left`, the number that may still be looked at.
fn uses_of_step<'a>(step: &StepView<'a>, left: &mut usize) -> Vec<Use<'a>> {
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
            let called = matrix_commands(step, &command, *left);
            *left = left.saturating_sub(called.len());
            for command in called.into_iter().chain([command]) {
                for tool in Tools::built_in().of_command(&command) {
                    let place = step.flow.place_at(line, &format!("{}: {}", tool.id, command.shown()));
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
fn matrix_commands(step: &StepView<'_>, command: &Command, left: usize) -> Vec<Command> {
    let first = command.words.first().map(String::as_str).unwrap_or_default();
    expressions(first)
        .iter()
        .filter(|expression| expression.source == first)
        .flat_map(|expression| &expression.contexts)
        .flat_map(|context| values(step.job, context))
        .filter_map(Value::as_str)
        .flat_map(commands)
        .take(left.min(MAX_MATRIX_COMMANDS))
        .collect()
}

fn names(job: &PullRequestJob<'_>) -> Vec<Found> {
    let place = job.view.flow.place(&job.view.path(&[]), &format!("job {}", job.view.id));
    job.names.iter().map(|name| Found { name: name.clone(), place: place.clone() }).collect()
}
