//! What writers, administrators and owners of the organisation see beyond a reader, and in which order it is asked.
//!
//! One GraphQL query carries what it can. What is left of the budget goes to single settings, the weightiest first, so
//! that in standard depth the last of them may not be asked. An organisation is asked once in a session.

mod access;
mod actions;
mod alerts;
mod deploy_keys;
mod endpoint;
mod environments;
mod hooks;
mod organization;
mod people;
mod sections;
mod security;

use chrono::{DateTime, Utc};
use serde_json::json;

pub(super) use self::sections::Sections;

use self::endpoint::{Asking, Endpoint, Only, Root, not_applicable, unknown};
use super::answer::Answer;
use super::client::{Client, GraphQl};
use super::plan::Plan;
use super::releases::encode;
use super::repository::{OwnerType, Repository};
use super::rest;
use super::slug::Slug;
use super::transport::Transport;
use crate::evidence::{Access, Observation};

/// Asked for in every depth, as far as the budget goes: first what settles a requirement, then what many attacks begin
/// with, then what tells how the rest is kept.
const STANDARD: [&Endpoint; 7] = [
    &security::IMMUTABLE_RELEASES,
    &actions::FORK_APPROVAL,
    &hooks::REPOSITORY,
    &security::CONFIGURATION,
    &actions::SELECTED_ACTIONS,
    &alerts::SECRET_SCANNING,
    &alerts::CODE_SCANNING,
];

/// Asked for in full depth.
const FULL: [&Endpoint; 14] = [
    &environments::ENVIRONMENTS,
    &actions::RUNNERS,
    &actions::REPOSITORY_SECRETS,
    &actions::ORGANIZATION_SECRETS,
    &access::RULE_BYPASSES,
    &access::TEAMS,
    &access::INVITATIONS,
    &alerts::LATEST_SCAN,
    &actions::OIDC_SUBJECT,
    &actions::RETENTION,
    &security::SECURITY_FIXES,
    &access::INTERACTION_LIMIT,
    &actions::FORKS_OF_PRIVATE,
    &actions::SHARED,
];

const STANDARD_DEPTH: &str = "not asked in standard depth; a collection in full depth asks for it";

/// Whose settings, as which role, and how much is asked.
pub(super) struct Asker<'a, T> {
    pub(super) client: &'a Client<T>,
    pub(super) slug: &'a Slug,
    pub(super) repository: &'a Repository,
    pub(super) access: Access,
    pub(super) plan: Plan,
}

/// What was learnt of the repository that bears on its settings.
pub(super) struct Learnt {
    pub(super) sections: Sections,
    /// Which actions may run.
    pub(super) allowed_actions: Answer<Option<String>>,
    /// Whether Dependabot alerts are on.
    pub(super) alerts: Option<bool>,
    /// The ids of the repository's own rulesets.
    pub(super) rulesets: Answer<Vec<u64>>,
}

/// What an organisation answered. It is the same for each of its repositories.
#[derive(Clone, Debug)]
pub(super) struct OrganizationSeen {
    pub(super) settings: Answer<rest::Organization>,
    pub(super) observations: Vec<Observation>,
}

impl OrganizationSeen {
    /// Whether it is worth keeping for the next repository.
    pub(super) fn is_settled(&self) -> bool {
        matches!(self.settings, Answer::Known(_) | Answer::Denied)
    }
}

impl<T: Transport> Asker<'_, T> {
    /// Asks for the organisation of the repository.
    pub(super) async fn organization(&self) -> OrganizationSeen {
        let repository = self.repository;
        if !self.plan.administration || repository.owner_type != Some(OwnerType::Organization) {
            let observations = organization_unasked(repository, &Answer::Denied);
            return OrganizationSeen { settings: Answer::Denied, observations };
        }
        let path = format!("/orgs/{}", encode(&repository.owner));
        let settings: Answer<rest::Organization> = match self.client.get(&path).await {
            Ok(found) => Answer::Known(found),
            Err(refusal) => refusal.into_answer(),
        };
        let page = organization::page(&repository.url, &repository.owner);
        let mut observations = organization::privileges(&settings);
        observations.extend(self.owners_view(path, &page).await);
        OrganizationSeen { settings, observations: organization::placed(observations, &page) }
    }

    /// What owners see, and GitHub Apps whose rights GraphQL does not tell.
    async fn owners_view(&self, path: String, page: &str) -> Vec<Observation> {
        let may_be_owner = self.repository.administers_owner || self.repository.role.is_none();
        if !may_be_owner {
            return organization::unasked(&Answer::Denied);
        }
        if !self.plan.full {
            return organization::unasked(&Answer::untold(STANDARD_DEPTH));
        }
        let root = Root { path, pattern: "/orgs/{org}", page: page.to_owned() };
        let asking = Asking { client: self.client, root, full: true };
        let mut observations = Vec::new();
        for endpoint in organization::FULL {
            observations.extend(asking.ask(endpoint).await);
        }
        observations.extend(self.policy().await);
        observations
    }

    /// The fields of an organisation that a token without a scope for organisations would be refused.
    async fn policy(&self) -> Vec<Observation> {
        if !self.client.has_scope(organization::MEMBERS) {
            return unknown(&organization::POLICY_KEYS, &Answer::Denied);
        }
        let variables = json!({ "owner": self.repository.owner });
        let answer = match self.client.graphql(include_str!("queries/organization_policy.graphql"), variables).await {
            Ok(answer) => Answer::Known(answer),
            Err(refusal) => refusal.into_answer(),
        };
        let refused = |answer: &GraphQl| answer.error_at(&["organization", "samlIdentityProvider"]).is_some();
        let saml_refused = answer.known().is_some_and(refused);
        organization::policy(sections::section_of_fields(&answer, "organization"), saml_refused)
    }

    /// Asks for single settings with what is left of the budget, and makes all observations of this module but those of
    /// the organisation.
    pub(super) async fn settings(&self, learnt: Learnt, now: DateTime<Utc>) -> Vec<Observation> {
        let root = Root {
            path: format!("/repos/{}", self.slug),
            pattern: "/repos/{owner}/{repo}",
            page: self.repository.url.clone(),
        };
        let asking = Asking { client: self.client, root, full: self.plan.full };
        let mut observations = Vec::new();
        for endpoint in STANDARD {
            observations.extend(self.ask(&asking, endpoint, &learnt.allowed_actions).await);
        }
        observations.push(learnt.sections.idle(self, now).await);
        if self.plan.full {
            for endpoint in FULL {
                observations.extend(self.ask(&asking, endpoint, &learnt.allowed_actions).await);
            }
            observations.extend(self.ruleset_history(&asking, &learnt.rulesets).await);
        } else {
            observations.extend(full_unasked(self.repository, self.access));
        }
        observations.extend(learnt.sections.observe(self.repository, learnt.alerts));
        observations
    }

    async fn ask(
        &self,
        asking: &Asking<'_, T>,
        endpoint: &Endpoint,
        allowed: &Answer<Option<String>>,
    ) -> Vec<Observation> {
        if let Some(beside) = beside(self.repository, endpoint) {
            return beside;
        }
        if self.access < endpoint.least {
            return unknown(endpoint.keys, &Answer::Denied);
        }
        match (endpoint.only, allowed) {
            (Only::SelectedActions, Answer::Known(Some(word))) if word != "selected" => not_applicable(endpoint.keys),
            (Only::SelectedActions, Answer::Known(None)) => {
                unknown(endpoint.keys, &Answer::untold("GitHub did not tell which actions may run"))
            }
            (Only::SelectedActions, Answer::Denied | Answer::Untold(_) | Answer::Failed(_)) => {
                unknown(endpoint.keys, &allowed.as_ref().map(|_| ()))
            }
            _ => asking.ask(endpoint).await,
        }
    }

    async fn ruleset_history(&self, asking: &Asking<'_, T>, rulesets: &Answer<Vec<u64>>) -> Vec<Observation> {
        match rulesets {
            _ if !self.plan.administration => unknown(&access::HISTORY_KEYS, &Answer::Denied),
            Answer::Known(rulesets) => access::ruleset_history(asking, rulesets).await,
            // Whose history to ask for is not known.
            other => unknown(&access::HISTORY_KEYS, &other.as_ref().map(|_| ())),
        }
    }
}

/// The observations of a setting that this kind of repository does not have.
fn beside(repository: &Repository, endpoint: &Endpoint) -> Option<Vec<Observation>> {
    let public = repository.visibility.as_ref().map(|_| repository.is_public());
    let organization = repository.owner_type.map(|owner| owner == OwnerType::Organization);
    let fits = match endpoint.only {
        Only::Always | Only::SelectedActions => None,
        Only::PublicRepository => public,
        Only::PrivateRepository => public.map(|public| !public),
        Only::Organization => organization,
    };
    (fits == Some(false)).then(|| not_applicable(endpoint.keys))
}

/// What only full depth asks for, in standard depth.
fn full_unasked(repository: &Repository, access: Access) -> Vec<Observation> {
    let standard = Answer::untold(STANDARD_DEPTH);
    let administrator = if access == Access::Admin { &standard } else { &Answer::Denied };
    let mut observations = endpoints_unasked(&FULL, repository, access, &standard);
    observations.extend(unknown(&access::HISTORY_KEYS, administrator));
    observations
}

fn endpoints_unasked(
    endpoints: &[&Endpoint],
    repository: &Repository,
    access: Access,
    why: &Answer<()>,
) -> Vec<Observation> {
    let of = |endpoint: &&Endpoint| {
        let why = if access < endpoint.least { &Answer::Denied } else { why };
        beside(repository, endpoint).unwrap_or_else(|| unknown(endpoint.keys, why))
    };
    endpoints.iter().flat_map(of).collect()
}

fn organization_unasked(repository: &Repository, why: &Answer<()>) -> Vec<Observation> {
    let keys: Vec<&str> = organization::PRIVILEGE_KEYS.into_iter().chain(organization::full_keys()).collect();
    if repository.owner_type == Some(OwnerType::User) { not_applicable(&keys) } else { unknown(&keys, why) }
}

/// All observations of this module where nothing was asked. `why` holds for those who could have asked.
pub(super) fn unasked(repository: &Repository, access: Access, why: &str) -> Vec<Observation> {
    let why = Answer::untold(why);
    let administrator = if access >= Access::Admin { &why } else { &Answer::Denied };
    let mut observations = endpoints_unasked(&STANDARD, repository, access, &why);
    observations.extend(endpoints_unasked(&FULL, repository, access, &why));
    observations.extend(unknown(&access::HISTORY_KEYS, administrator));
    observations.extend(sections::unasked(repository, access, &why));
    observations.extend(organization_unasked(repository, administrator));
    observations
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::evidence::{State, Vocabulary};

    fn unasked_of(owner_type: OwnerType, visibility: &str, access: Access) -> Vec<Observation> {
        let visibility = Some(visibility.to_owned());
        let repository = Repository { owner_type: Some(owner_type), visibility, ..Repository::default() };
        unasked(&repository, access, "why")
    }

    #[test]
    fn each_key_is_spoken_of_once_in_a_state_that_it_can_have() {
        for access in [Access::Anonymous, Access::Read, Access::Write, Access::Admin] {
            for (owner, visibility) in [(OwnerType::Organization, "public"), (OwnerType::User, "private")] {
                let observations = unasked_of(owner, visibility, access);
                let keys: BTreeSet<&str> = observations.iter().map(|seen| seen.key.as_str()).collect();
                assert_eq!(keys.len(), observations.len());
                for seen in &observations {
                    let info = Vocabulary::built_in().get(&seen.key).unwrap_or_else(|| panic!("{}", seen.key));
                    assert!(info.states().contains(&seen.state.word()), "{seen:?}");
                    assert!(!seen.state.is_known(), "{seen:?}");
                }
            }
        }
    }

    #[test]
    fn what_a_role_cannot_see_is_not_permitted() {
        let state = |access, key: &str| {
            let observations = unasked_of(OwnerType::Organization, "public", access);
            observations.into_iter().find(|seen| seen.key == key).unwrap().state
        };
        let permission = |text: &str| State::NotPermitted { permission: text.to_owned() };
        assert_eq!(state(Access::Write, "access.webhooks"), permission("webhooks: read"));
        assert!(matches!(state(Access::Admin, "access.webhooks"), State::Unavailable { .. }));
        assert!(matches!(state(Access::Read, "actions.environments"), State::Unavailable { .. }));
        assert!(matches!(state(Access::Read, "actions.private_forks_run"), State::NotApplicable { .. }));
    }
}
