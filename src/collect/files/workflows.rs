//! What GitHub Actions workflows tell: permissions, pinning, injections, and the tools that they run.
//!
//! A workflow that cannot be read may hold anything. What was found elsewhere stands, but what it could change is
//! unknown: see [`outcome`].

mod checkouts;
mod checks;
mod condition;
mod expression;
mod injections;
mod lines;
mod matrix;
mod outcome;
mod pattern;
mod permissions;
mod pins;
mod read;
mod release_configuration;
mod runners;
mod script;
mod steps;
mod tools;
mod triggers;
mod usage;

use self::outcome::{Found, Outcome};
use self::read::Flows;
use self::release_configuration::Configured;
pub(super) use self::release_configuration::is_release_configuration;
use self::usage::Elsewhere;
use super::{Repository, commit_hooks, fuzzing};
use crate::evidence::{Observation, Place};

/// Observations of the group `workflows`, but for other systems of continuous integration.
pub(super) fn analyse(repository: &Repository) -> Vec<Observation> {
    let flows = read::read(repository);
    let outcome = Outcome::new(&flows);
    let mut observations = vec![files(&flows), unreadable(&flows)];
    observations.extend(permissions::observe(&flows, &outcome));
    observations.extend(pins::observe(&flows, &outcome));
    observations.extend(injections::observe(&flows, &outcome));
    observations.push(checkouts::observe(&flows, &outcome));
    observations.push(triggers::observe(&flows, &outcome));
    observations.push(runners::observe(&flows, &outcome));
    let elsewhere = Elsewhere {
        secret_scanners: commit_hooks::secret_scanners(repository),
        fuzzing: fuzzing::signs(repository),
        configured: Configured::of(repository),
    };
    observations.extend(usage::observe(&flows, &outcome, elsewhere));
    observations.into_iter().map(|observation| observation.from("workflow files")).collect()
}

/// The workflow files; there is no doubt about them but where the list of files was cut.
fn files(flows: &Flows<'_>) -> Observation {
    let found = flows.files.iter().map(|path| Found { name: (*path).to_owned(), place: Place::file(*path) });
    Outcome::of_tree(flows).list("workflows.files", found)
}

fn unreadable(flows: &Flows<'_>) -> Observation {
    let found = flows
        .unreadable
        .iter()
        .map(|(path, reason)| Found { name: (*path).to_owned(), place: Place::file(*path).noted(reason.as_str()) });
    Outcome::of_contents(flows).list("workflows.unreadable", found)
}

#[cfg(test)]
mod tests;
