//! Actions, reusable workflows and images that come from elsewhere: pinned to content, or to a name that can move.

use github_actions_models::common::expr::LoE;
use github_actions_models::common::{DockerUses, Uses};
use github_actions_models::workflow::Job;
use github_actions_models::workflow::job::Container;

use super::lines::Part;
use super::outcome::{Found, Outcome};
use super::read::{Flows, short};
use super::steps::{Body, JobView, jobs};
use crate::evidence::{Observation, Place};

pub(super) fn observe(flows: &Flows<'_>, outcome: &Outcome) -> Vec<Observation> {
    let all: Vec<Dependency> = flows.read.iter().flat_map(jobs).flat_map(|view| dependencies(&view)).collect();
    let pinned = all.iter().filter(|one| one.pinned).count();
    let total = all.len();
    let unpinned =
        all.into_iter().filter(|one| !one.pinned).map(|one| Found { name: short(&one.name), place: one.place });
    vec![outcome.percent("workflows.pinned_percent", pinned, total), outcome.list("workflows.unpinned", unpinned)]
}

/// Something that a workflow takes from outside the repository.
struct Dependency {
    name: String,
    pinned: bool,
    place: Place,
}

fn dependencies(view: &JobView<'_>) -> Vec<Dependency> {
    let mut found = Vec::new();
    match view.job {
        Job::ReusableWorkflowCallJob(job) => found.extend(used(view, &job.uses, &view.path(&[Part::Key("uses")]))),
        Job::NormalJob(job) => {
            if let Some(container) = &job.container {
                found.extend(image(view, container, &[Part::Key("container")]));
            }
            for (name, service) in &job.services {
                found.extend(image(view, service, &[Part::Key("services"), Part::Key(name)]));
            }
        }
    }
    for step in view.steps() {
        if let Body::Uses(body) = step.body {
            found.extend(used(view, &body.uses, &step.path_to(&[Part::Key("uses")])));
        }
    }
    found
}

fn used(view: &JobView<'_>, uses: &Uses, path: &[Part<'_>]) -> Option<Dependency> {
    let (name, pinned) = match uses {
        Uses::Local(_) => return None,
        Uses::Repository(action) => (action.raw().trim().trim_end_matches('@').to_owned(), is_commit(action.git_ref())),
        Uses::Docker(image) => (format!("docker://{}", image.raw().trim()), is_digest(image)),
    };
    let place = view.flow.place(path, &name);
    Some(Dependency { name, pinned, place })
}

/// An image whose name an expression makes is not known, and not counted.
fn image<'a>(view: &JobView<'a>, container: &Container, path: &[Part<'a>]) -> Option<Dependency> {
    let (Container::Name(LoE::Literal(image)) | Container::Container { image: LoE::Literal(image), .. }) = container
    else {
        return None;
    };
    let name = image.raw().trim();
    if name.is_empty() || name.contains("${{") {
        return None;
    }
    let mut path = view.path(path);
    if matches!(container, Container::Container { .. }) {
        path.push(Part::Key("image"));
    }
    let name = format!("docker://{}", name.trim_start_matches("docker://"));
    let place = view.flow.place(&path, &name);
    Some(Dependency { pinned: is_digest(image), name, place })
}

/// Whether a version is a whole commit id rather than a tag, a branch or an abbreviation.
fn is_commit(version: &str) -> bool {
    version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_digest(image: &DockerUses) -> bool {
    image
        .hash()
        .and_then(|hash| hash.trim().strip_prefix("sha256:"))
        .is_some_and(|digest| digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
