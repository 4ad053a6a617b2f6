//! Expressions that put text of others into a script before it runs.
//!
//! Handing the text over in an environment variable is the remedy, so `env:` itself does not count; `${{ env.NAME }}`
//! inside the script does, as it is expanded like the text itself.

use github_actions_models::common::expr::LoE;
use github_actions_models::common::{Env, EnvValue};
use github_actions_models::workflow::event::{Events, OptionalBody, WorkflowCallInputType, WorkflowDispatchInputType};

use super::expression::{Context, expressions};
use super::outcome::Outcome;
use super::read::Flows;
use super::steps::{StepView, jobs};
use super::triggers::started_by_outsiders;
use crate::evidence::{Observation, Place};

/// Texts of events that people without rights in the repository write.
const OUTSIDERS_WRITE: [&str; 33] = [
    "github.head_ref",
    "github.event.issue.title",
    "github.event.issue.body",
    "github.event.pull_request.title",
    "github.event.pull_request.body",
    "github.event.pull_request.head.ref",
    "github.event.pull_request.head.label",
    "github.event.pull_request.head.repo.default_branch",
    "github.event.pull_request.head.repo.description",
    "github.event.pull_request.head.repo.homepage",
    "github.event.comment.body",
    "github.event.review.body",
    "github.event.review_comment.body",
    "github.event.discussion.title",
    "github.event.discussion.body",
    "github.event.pages.*.page_name",
    "github.event.pages.*.title",
    "github.event.commits.*.message",
    "github.event.commits.*.author.email",
    "github.event.commits.*.author.name",
    "github.event.commits.*.committer.email",
    "github.event.commits.*.committer.name",
    "github.event.head_commit.message",
    "github.event.head_commit.author.email",
    "github.event.head_commit.author.name",
    "github.event.head_commit.committer.email",
    "github.event.head_commit.committer.name",
    "github.event.workflow_run.display_title",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_commit.message",
    "github.event.workflow_run.head_commit.author.email",
    "github.event.workflow_run.head_commit.author.name",
    "github.event.workflow_run.pull_requests.*.head.ref",
];

pub(super) fn observe(flows: &Flows<'_>, outcome: &Outcome) -> Vec<Observation> {
    let started = started_by_outsiders(flows);
    let mut scripts = Vec::new();
    let mut inputs = Vec::new();
    for flow in &flows.read {
        let typed = Inputs::of(&flow.workflow.on.events);
        for step in jobs(flow).flat_map(|view| view.steps()) {
            if started.contains(flow.path) {
                scripts.extend(places(&step, &|context| OUTSIDERS_WRITE.iter().any(|text| context.reads(text))));
            }
            inputs.extend(places(&step, &|context| typed.writes(context)));
        }
    }
    vec![outcome.count("workflows.script_injections", scripts), outcome.count("workflows.input_injections", inputs)]
}

/// The expressions in the scripts of a step whose result holds a context that is `written` by others.
fn places(step: &StepView<'_>, written: &dyn Fn(&Context) -> bool) -> Vec<Place> {
    let mut found = Vec::new();
    for script in step.scripts() {
        let mut finder = step.flow.lines.inside(&script.path);
        for expression in expressions(script.text) {
            let line = finder.next(expression.source);
            let injects = expression
                .contexts
                .iter()
                .any(|context| context.flows && (written(context) || environment_is(step, context, written)));
            if injects {
                found.push(step.flow.place_at(line, expression.source));
            }
        }
    }
    found
}

/// Whether a context is an environment variable that holds such a text. The nearest definition counts.
fn environment_is(step: &StepView<'_>, context: &Context, written: &dyn Fn(&Context) -> bool) -> bool {
    let names = context.names();
    let ["env", name] = names.as_slice() else { return false };
    let find = |env: &LoE<Env>| match env {
        LoE::Literal(variables) => {
            variables.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| match value {
                EnvValue::String(text) => expressions(text)
                    .iter()
                    .flat_map(|expression| &expression.contexts)
                    .any(|context| context.flows && written(context)),
                EnvValue::Number(_) | EnvValue::Boolean(_) => false,
            })
        }
        LoE::Expr(_) => None,
    };
    find(step.env()).or_else(|| find(&step.job.env)).or_else(|| find(&step.flow.workflow.env)).unwrap_or(false)
}

/// The inputs of a workflow that can be any text.
struct Inputs {
    texts: Vec<String>,
}

impl Inputs {
    fn of(events: &Events) -> Self {
        let mut texts = Vec::new();
        if let OptionalBody::Body(dispatch) = &events.workflow_dispatch {
            let free =
                dispatch.inputs.iter().filter(|(_, input)| matches!(input.r#type, WorkflowDispatchInputType::String));
            texts.extend(free.map(|(name, _)| name.to_ascii_lowercase()));
        }
        if let OptionalBody::Body(call) = &events.workflow_call {
            let free = call.inputs.iter().filter(|(_, input)| matches!(input.r#type, WorkflowCallInputType::String));
            texts.extend(free.map(|(name, _)| name.to_ascii_lowercase()));
        }
        Self { texts }
    }

    fn writes(&self, context: &Context) -> bool {
        match context.names().as_slice() {
            ["inputs", name] | ["github", "event", "inputs", name] => {
                context.path.len() == context.names().len() && self.texts.iter().any(|text| text == name)
            }
            ["inputs"] | ["github", "event", "inputs"] => {
                (context.written_out || context.path.len() > context.names().len()) && !self.texts.is_empty()
            }
            _ => false,
        }
    }
}
