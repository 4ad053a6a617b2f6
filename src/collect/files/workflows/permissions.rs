//! Permissions of the workflow's token: declared, all writes, and writes given to several jobs at once.

use github_actions_models::common::{BasePermission, Permission, Permissions};
use github_actions_models::workflow::Job;

use super::lines::Part;
use super::outcome::Outcome;
use super::read::{Flow, Flows};
use super::steps::{JobView, jobs};
use crate::evidence::{Observation, Place};

pub(super) fn observe(flows: &Flows<'_>, outcome: &Outcome) -> Vec<Observation> {
    let undeclared = flows.read.iter().flat_map(undeclared).collect();
    let write_all = flows.read.iter().flat_map(write_all).collect();
    let broad = flows.read.iter().filter_map(broad).collect();
    vec![
        outcome.unless("workflows.permissions_declared", undeclared),
        outcome.count("workflows.write_all", write_all),
        outcome.count("workflows.broad_permissions", broad),
    ]
}

fn of_job<'a>(view: &JobView<'a>) -> &'a Permissions {
    match view.job {
        Job::NormalJob(job) => &job.permissions,
        Job::ReusableWorkflowCallJob(job) => &job.permissions,
    }
}

fn is_declared(permissions: &Permissions) -> bool {
    *permissions != Permissions::Base(BasePermission::Default)
}

fn undeclared(flow: &Flow<'_>) -> Vec<Place> {
    if is_declared(&flow.workflow.permissions) {
        return Vec::new();
    }
    jobs(flow)
        .filter(|view| !is_declared(of_job(view)))
        .map(|view| flow.place(&view.path(&[]), &format!("job {} has no permissions", view.id)))
        .collect()
}

fn write_all(flow: &Flow<'_>) -> Vec<Place> {
    const WRITE_ALL: Permissions = Permissions::Base(BasePermission::WriteAll);
    let mut places = Vec::new();
    if flow.workflow.permissions == WRITE_ALL {
        places.push(flow.place(&[Part::Key("permissions")], "write-all for the workflow"));
    }
    for view in jobs(flow).filter(|view| *of_job(view) == WRITE_ALL) {
        places.push(flow.place(&view.path(&[Part::Key("permissions")]), &format!("write-all for job {}", view.id)));
    }
    places
}

/// A write permission at the top that more than one job is given; a job with its own permissions is not given it.
fn broad(flow: &Flow<'_>) -> Option<Place> {
    let written = match &flow.workflow.permissions {
        Permissions::Base(BasePermission::WriteAll) => "write-all".to_owned(),
        Permissions::Base(_) => return None,
        Permissions::Explicit(all) => {
            let names: Vec<&str> =
                all.iter().filter(|(_, level)| **level == Permission::Write).map(|(name, _)| name.as_str()).collect();
            names.join(", ")
        }
    };
    let holders = jobs(flow).filter(|view| !is_declared(of_job(view))).count();
    (!written.is_empty() && holders > 1)
        .then(|| flow.place(&[Part::Key("permissions")], &format!("{holders} jobs may write: {written}")))
}
