//! People and access: who may do what in the repository, and what the organisation demands.

use super::answer::{Answer, denied};
use super::client::Page;
use super::repository::{OwnerType, Repository, role_of_permissions};
use super::rest::{Collaborator, Organization};
use crate::evidence::{Access, Observation, Place};

/// Keys of [`collaborators`].
pub(super) const COLLABORATOR_KEYS: &[&str] = &["access.administrators", "access.writers"];

const SOURCE: &str = "GET /repos/{owner}/{repo}/collaborators?per_page=100";
const ORGANIZATION: &str = "GET /orgs/{org}";

/// How many people may administer and push, from the first page of collaborators.
pub(super) fn collaborators(page: Answer<Page<Vec<Collaborator>>>, url: &str) -> Vec<Observation> {
    page.observe(COLLABORATOR_KEYS, |page| {
        let unavailable = |reason: &str| {
            COLLABORATOR_KEYS.iter().map(|key| Observation::unavailable(*key, reason)).collect::<Vec<_>>()
        };
        if page.more {
            return unavailable("the repository has more than 100 collaborators, of whom only the first 100 were read");
        }
        let roles = page.value.iter().map(|person| person.permissions.map(role_of_permissions));
        let Some(roles) = roles.collect::<Option<Vec<Access>>>() else {
            return unavailable("GitHub did not tell what each collaborator may do");
        };
        let with = |least: Access| roles.iter().filter(|role| **role >= least).count();
        let place = || Place::page(format!("{url}/settings/access"));
        vec![
            Observation::seen("access.administrators", with(Access::Admin)).from(SOURCE).at(place()),
            Observation::seen("access.writers", with(Access::Write)).from(SOURCE).at(place()),
        ]
    })
}

/// What the organisation demands of its members. Its owners see the settings, everybody whether it is verified.
pub(super) fn organization(repository: &Repository, access: Access, answer: Answer<Organization>) -> Vec<Observation> {
    const KEYS: [&str; 3] = ["org.two_factor_required", "org.default_repository_permission", "org.verified"];
    if repository.owner_type == Some(OwnerType::User) {
        let reason = "the owner is a personal account";
        return KEYS.into_iter().map(|key| Observation::not_applicable(key, reason)).collect();
    }
    let verified = match (&answer, repository.owner_verified) {
        (Answer::Known(Organization { is_verified: Some(verified), .. }), _) => {
            Observation::seen("org.verified", *verified).from(ORGANIZATION)
        }
        (_, Some(verified)) => Observation::seen("org.verified", verified).from("GraphQL Organization.isVerified"),
        (answer, None) => answer.as_ref().map(|_| false).observe_one("org.verified"),
    };
    let verified = match &answer {
        // An answer without the field tells nothing.
        Answer::Known(Organization { is_verified: None, .. }) if repository.owner_verified.is_none() => {
            denied("org.verified")
        }
        _ => verified,
    };
    let settings = if access == Access::Admin { answer } else { Answer::Denied };
    let settings = settings.observe(&KEYS[..2], |organization| {
        let words = ["none", "read", "write", "admin"];
        let permission = organization.default_repository_permission;
        let permission = permission.filter(|permission| words.contains(&permission.as_str()));
        vec![
            seen_or_denied(KEYS[0], organization.two_factor_requirement_enabled).from(ORGANIZATION),
            seen_or_denied(KEYS[1], permission).from(ORGANIZATION),
        ]
    });
    let page = repository.url.rsplit_once('/').map(|(owner, _)| owner.to_owned()).unwrap_or_default();
    settings.into_iter().chain([verified]).map(|observation| observation.at(Place::page(page.clone()))).collect()
}

/// A value that GitHub leaves out where the token may not see it.
pub(super) fn seen_or_denied(key: &str, value: Option<impl Into<crate::evidence::Value>>) -> Observation {
    match value {
        Some(value) => Observation::seen(key, value),
        None => denied(key),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::evidence::State;

    fn people(more: bool) -> Answer<Page<Vec<Collaborator>>> {
        let value = json!([
            { "permissions": { "admin": true, "maintain": true, "push": true } },
            { "permissions": { "admin": false, "maintain": true, "push": true } },
            { "permissions": { "admin": false, "push": true } },
            { "permissions": { "admin": false, "push": false } },
        ]);
        Answer::Known(Page { value: serde_json::from_value(value).unwrap(), more })
    }

    fn states(observations: Vec<Observation>) -> Vec<State> {
        observations.into_iter().map(|observation| observation.state).collect()
    }

    #[test]
    fn collaborators_are_counted_by_role() {
        let count = |number: i64| State::Observed(number.into());
        assert_eq!(states(collaborators(people(false), "u")), [count(1), count(3)]);
        assert!(matches!(states(collaborators(people(true), "u"))[..], [State::Unavailable { .. }, _]));
        let odd = Page { value: vec![Collaborator { permissions: None }], more: false };
        assert!(matches!(states(collaborators(Answer::Known(odd), "u"))[..], [State::Unavailable { .. }, _]));
        let permission = "write access to the repository".to_owned();
        assert_eq!(states(collaborators(Answer::Denied, "u"))[0], State::NotPermitted { permission });
    }

    #[test]
    fn settings_that_are_left_out_are_not_permitted() {
        let repository = Repository { owner_type: Some(OwnerType::Organization), ..Repository::default() };
        let read =
            |value| organization(&repository, Access::Admin, Answer::Known(serde_json::from_value(value).unwrap()));
        let found =
            states(read(json!({ "login": "acme", "is_verified": true, "default_repository_permission": "read" })));
        assert!(matches!(found[0], State::NotPermitted { .. }));
        assert_eq!(found[1..], [State::Observed("read".into()), State::Observed(true.into())]);
        assert!(matches!(states(read(json!({ "login": "acme" })))[2], State::Unavailable { .. }));
    }

    #[test]
    fn a_personal_account_has_no_organisation() {
        let repository = Repository { owner_type: Some(OwnerType::User), ..Repository::default() };
        for state in states(organization(&repository, Access::Admin, Answer::Denied)) {
            assert!(matches!(state, State::NotApplicable { .. }));
        }
    }
}
