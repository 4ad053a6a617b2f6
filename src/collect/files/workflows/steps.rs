//! The jobs and steps of a workflow, flattened, and the scripts that steps run.

use github_actions_models::common::expr::LoE;
use github_actions_models::common::{Env, EnvValue, If, Uses};
use github_actions_models::workflow::job::{NormalJob, ParallelStep, RunStep, Step, UsesStep};
use github_actions_models::workflow::{Defaults, Job};

use super::lines::Part;
use super::read::{Flow, Shape, folder_of_action};

/// A job of a workflow.
#[derive(Clone, Copy)]
pub(super) struct JobView<'a> {
    pub(super) flow: &'a Flow<'a>,
    pub(super) id: &'a str,
    pub(super) job: &'a Job,
}

impl<'a> JobView<'a> {
    /// The path to a value of the job.
    pub(super) fn path(&self, rest: &[Part<'a>]) -> Vec<Part<'a>> {
        let mut path = match self.flow.shape {
            Shape::Workflow => vec![Part::Key("jobs"), Part::Key(self.id)],
            Shape::Action => vec![Part::Key("runs")],
        };
        path.extend_from_slice(rest);
        path
    }

    pub(super) fn condition(&self) -> Option<&'a If> {
        match self.job {
            Job::NormalJob(job) => job.r#if.as_ref(),
            Job::ReusableWorkflowCallJob(job) => job.r#if.as_ref(),
        }
    }

    /// The steps of the job; those that run in parallel stand in line.
    pub(super) fn steps(&self) -> Vec<StepView<'a>> {
        let Job::NormalJob(job) = self.job else { return Vec::new() };
        let mut steps = Vec::new();
        for (index, step) in job.steps.iter().enumerate() {
            let path = self.path(&[Part::Key("steps"), Part::Index(index)]);
            let view = |body, path| StepView { flow: self.flow, job, body, path };
            match step {
                Step::Uses(step) => steps.push(view(Body::Uses(step), path)),
                Step::Run(step) => steps.push(view(Body::Run(step), path)),
                Step::Parallel { parallel } => {
                    for (index, step) in parallel.iter().enumerate() {
                        let mut path = path.clone();
                        path.extend([Part::Key("parallel"), Part::Index(index)]);
                        steps.push(match step {
                            ParallelStep::Uses(step) => view(Body::Uses(step), path),
                            ParallelStep::Run(step) => view(Body::Run(step), path),
                        });
                    }
                }
                Step::Wait { .. } | Step::WaitAll { .. } | Step::Cancel { .. } => {}
            }
        }
        steps
    }
}

/// All jobs of a workflow.
pub(super) fn jobs<'a>(flow: &'a Flow<'a>) -> impl Iterator<Item = JobView<'a>> {
    flow.workflow.jobs.iter().map(move |(id, job)| JobView { flow, id, job })
}

/// What a step does.
#[derive(Clone, Copy)]
pub(super) enum Body<'a> {
    Uses(&'a UsesStep),
    Run(&'a RunStep),
}

/// A step of a job.
pub(super) struct StepView<'a> {
    pub(super) flow: &'a Flow<'a>,
    pub(super) job: &'a NormalJob,
    pub(super) body: Body<'a>,
    pub(super) path: Vec<Part<'a>>,
}

/// A script that a step runs.
pub(super) struct Script<'a> {
    pub(super) text: &'a str,
    /// Whether a shell runs it, rather than Python or JavaScript.
    pub(super) shell: bool,
    pub(super) path: Vec<Part<'a>>,
}

/// Inputs of actions that are run as a script: action, input, whether by a shell.
const SCRIPT_INPUTS: [(&str, &str, bool); 9] = [
    ("actions/github-script", "script", false),
    ("addnab/docker-run-action", "run", true),
    ("appleboy/ssh-action", "script", true),
    ("azure/cli", "inlinescript", true),
    ("azure/powershell", "inlinescript", true),
    ("cross-platform-actions/action", "run", true),
    ("nick-fields/retry", "command", true),
    ("nick-invision/retry", "command", true),
    ("reactivecircus/android-emulator-runner", "script", true),
];

impl<'a> StepView<'a> {
    pub(super) fn condition(&self) -> Option<&'a If> {
        match self.body {
            Body::Uses(step) => step.shared.r#if.as_ref(),
            Body::Run(step) => step.shared.r#if.as_ref(),
        }
    }

    pub(super) fn env(&self) -> &'a LoE<Env> {
        match self.body {
            Body::Uses(step) => &step.shared.env,
            Body::Run(step) => &step.shared.env,
        }
    }

    /// The action of the step in lower case without its version, such as `actions/checkout`.
    pub(super) fn action(&self) -> Option<String> {
        match self.body {
            Body::Uses(step) => Some(action_name(&step.uses)),
            Body::Run(_) => None,
        }
    }

    /// The folder of the action, where it is one of this repository.
    pub(super) fn local_action(&self) -> Option<String> {
        let Body::Uses(UsesStep { uses: Uses::Local(local), .. }) = self.body else { return None };
        let folder = folder_of_action(local.raw().trim())?;
        let below = self.checked_out_to().into_iter().find_map(|path| folder.strip_prefix(path)?.strip_prefix('/'));
        Some(below.unwrap_or(&folder).to_owned())
    }

    /// Folders of the machine that the job checks this repository out to, other than the usual one.
    fn checked_out_to(&self) -> Vec<&'a str> {
        let uses = self.job.steps.iter().filter_map(|step| match step {
            Step::Uses(step) if action_name(&step.uses) == "actions/checkout" => Some(step),
            _ => None,
        });
        uses.filter_map(|step| {
            let LoE::Literal(with) = &step.with else { return None };
            let text = |name: &str| match with.get(name) {
                Some(EnvValue::String(text)) => Some(text.as_str()),
                _ => None,
            };
            let path = text("path")?.trim_start_matches("./").trim_end_matches('/');
            (text("repository").is_none() && !path.is_empty()).then_some(path)
        })
        .collect()
    }

    /// An input that the step gives to its action.
    pub(super) fn input(&self, name: &str) -> Option<&'a EnvValue> {
        self.input_entry(name).map(|(_, value)| value)
    }

    fn input_entry(&self, name: &str) -> Option<(&'a str, &'a EnvValue)> {
        let Body::Uses(UsesStep { with: LoE::Literal(with), .. }) = self.body else { return None };
        with.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(key, value)| (key.as_str(), value))
    }

    /// The path to a value of the step.
    pub(super) fn path_to(&self, rest: &[Part<'a>]) -> Vec<Part<'a>> {
        let mut path = self.path.clone();
        path.extend_from_slice(rest);
        path
    }

    /// The scripts that the step runs: its own, or those that it hands to an action.
    pub(super) fn scripts(&self) -> Vec<Script<'a>> {
        if let Body::Run(step) = self.body {
            let shell = self.shell(step).is_none_or(is_shell);
            return vec![Script { text: &step.run, shell, path: self.path_to(&[Part::Key("run")]) }];
        }
        let Some(action) = self.action() else { return Vec::new() };
        SCRIPT_INPUTS
            .iter()
            .filter(|(name, ..)| *name == action)
            .filter_map(|(_, input, shell)| match self.input_entry(input)? {
                (key, EnvValue::String(text)) => {
                    let path = self.path_to(&[Part::Key("with"), Part::Key(key)]);
                    Some(Script { text, shell: *shell, path })
                }
                _ => None,
            })
            .collect()
    }

    /// The shell of a step, where step, job or workflow name one.
    fn shell(&self, step: &'a RunStep) -> Option<&'a str> {
        fn of(defaults: Option<&Defaults>) -> Option<&LoE<String>> {
            defaults?.run.as_ref()?.shell.as_ref()
        }
        let named = step.shell.as_ref().or(of(self.job.defaults.as_ref())).or(of(self.flow.workflow.defaults.as_ref()));
        match named? {
            LoE::Literal(shell) => Some(shell),
            LoE::Expr(_) => None,
        }
    }
}

fn is_shell(name: &str) -> bool {
    !["python", "node", "perl", "ruby", "deno"].iter().any(|other| name.trim_start().starts_with(other))
}

/// The name of what is used, in lower case and without its version.
pub(super) fn action_name(uses: &Uses) -> String {
    let name = match uses {
        Uses::Local(local) => local.raw().to_owned(),
        Uses::Repository(action) => action.raw().split('@').next().unwrap_or_default().to_owned(),
        Uses::Docker(image) => {
            let registry = image.registry().map(|registry| format!("{registry}/")).unwrap_or_default();
            format!("docker://{registry}{}", image.image())
        }
    };
    name.trim().to_ascii_lowercase()
}
