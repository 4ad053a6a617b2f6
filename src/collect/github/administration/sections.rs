//! The GraphQL query for writers and administrators, and what it answers.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::super::answer::Answer;
use super::super::client::{GraphQl, GraphQlError, Page};
use super::super::parts::{self, Part};
use super::super::plan::Plan;
use super::super::remembered::Remembered;
use super::super::repository::{OwnerType, Repository};
use super::super::rest;
use super::super::transport::Transport;
use super::super::with_token::flat;
use super::alerts::{self, Dependabot};
use super::deploy_keys::{self, DeployKeys};
use super::endpoint::{not_applicable, unknown};
use super::environments::{self, Environments};
use super::people::{self, People};
use super::{Asker, STANDARD_DEPTH};
use crate::evidence::{Access, Observation};

/// The part that needs a scope beyond reading.
const PEOPLE: &str = "people";

/// What the query answered.
pub(in super::super) struct Sections {
    people: Answer<People>,
    dependabot: Answer<Dependabot>,
    deploy_keys: Answer<DeployKeys>,
    environments: Answer<Environments>,
}

/// A section of an answer, which must be there.
fn section<D: DeserializeOwned>(answer: &Answer<GraphQl>, name: &str) -> Answer<D> {
    answer.as_ref().and_then(|answer| flat(answer.section(name)))
}

/// The same, where errors of the fields right below it are looked for apart.
pub(super) fn section_of_fields<D: DeserializeOwned>(answer: &Answer<GraphQl>, name: &str) -> Answer<D> {
    answer.as_ref().and_then(|answer| flat(answer.section_but(name, |fields| fields.len() == 1)))
}

/// A section whose field is null because of an error is what the error makes of it.
fn checked<D>(answer: &Answer<GraphQl>, path: &[&str], found: D, is_missing: impl Fn(&D) -> bool) -> Answer<D> {
    let error = answer.known().and_then(|answer| answer.error_at(path)).filter(|_| is_missing(&found));
    error.map_or(Answer::Known(found), GraphQlError::answer)
}

impl Sections {
    fn of(answer: &Answer<GraphQl>, plan: Plan) -> Self {
        let people = section_of_fields(answer, "people");
        let dependabot = section_of_fields(answer, "dependabot");
        let no_alerts = |found: &Dependabot| found.vulnerability_alerts.is_none();
        Self {
            people: people.and_then(|found| checked(answer, &["people", "collaborators"], found, People::is_empty)),
            dependabot: dependabot
                .and_then(|found| checked(answer, &["dependabot", "vulnerabilityAlerts"], found, no_alerts)),
            deploy_keys: if plan.administration { section(answer, "deploy_keys") } else { Answer::Denied },
            environments: section(answer, "environments"),
        }
    }

    fn unasked() -> Self {
        Self {
            people: Answer::Denied,
            dependabot: Answer::Denied,
            deploy_keys: Answer::Denied,
            environments: Answer::untold(STANDARD_DEPTH),
        }
    }

    /// The collaborators, if GraphQL told them.
    pub(in super::super) fn collaborators(&self) -> Answer<Page<Vec<rest::Collaborator>>> {
        people::collaborators(&self.people)
    }

    /// Whether GraphQL says that Dependabot alerts are on. It says *no* also where the token may not know.
    pub(in super::super) fn alerts_are_on(&self) -> bool {
        self.dependabot.known().is_some_and(|found| found.has_vulnerability_alerts_enabled == Some(true))
    }

    /// How many administrators do nothing any more.
    pub(super) async fn idle<T: Transport>(&self, asker: &Asker<'_, T>, now: DateTime<Utc>) -> Observation {
        let idle = match asker.plan {
            Plan { administration: true, full: true, .. } => people::idle(asker.client, &self.people, now).await,
            Plan { administration: true, .. } => Answer::untold(STANDARD_DEPTH),
            Plan { .. } => Answer::Denied,
        };
        people::idle_observation(idle, &asker.repository.url)
    }

    /// The observations. `alerts` says whether Dependabot alerts are on, where that is known.
    pub(super) fn observe(self, repository: &Repository, alerts: Option<bool>) -> Vec<Observation> {
        let url = &repository.url;
        let mut observations = match repository.owner_type {
            Some(OwnerType::User) => not_applicable(&people::OUTSIDE_KEYS),
            _ => people::outside(&self.people, url),
        };
        observations.extend(alerts::observe(self.dependabot, alerts, url));
        observations.extend(deploy_keys::observe(self.deploy_keys, url));
        observations.extend(environments::from_graphql(self.environments, url));
        observations
    }
}

/// The observations where the query was not asked. `why` holds for those who could have asked.
pub(super) fn unasked(repository: &Repository, access: Access, why: &Answer<()>) -> Vec<Observation> {
    let from = |least: Access| if access >= least { why } else { &Answer::Denied };
    let mut observations = match repository.owner_type {
        Some(OwnerType::User) => not_applicable(&people::OUTSIDE_KEYS),
        _ => unknown(&people::OUTSIDE_KEYS, from(Access::Write)),
    };
    observations.extend(unknown(&[people::IDLE_KEY], from(Access::Admin)));
    observations.extend(unknown(&deploy_keys::KEYS, from(Access::Admin)));
    observations.extend(unknown(&alerts::DEPENDABOT_KEYS, from(Access::Write)));
    observations
}

impl<T: Transport> Asker<'_, T> {
    /// Asks the one query for what this role can see, and says which parts were answered and what that took.
    pub(in super::super) async fn sections(&self) -> (Sections, Remembered) {
        if !self.plan.collaborators {
            return (Sections::unasked(), Remembered::default());
        }
        let for_role = |part: &Part| self.plan.administration || part.name != "deploy_keys";
        let mut parts: Vec<Part> = parts::ADMINISTRATION.into_iter().filter(for_role).collect();
        let mut answer = self.query(&parts).await;
        // A classic token without the scope of one field is refused the whole query.
        let is_closed = answer.known().is_some_and(GraphQl::is_refused_for_scopes);
        if is_closed {
            parts.retain(|part| part.name != PEOPLE);
            answer = self.query(&parts).await;
        }
        if answer.known().is_none_or(|answer| answer.data.is_none()) {
            parts.clear();
        }
        let mut sections = Sections::of(&answer, self.plan);
        if is_closed {
            sections.people = Answer::Denied;
        }
        // Others ask at the same time, so that what was charged meanwhile would tell too much.
        (sections, Remembered::new(&parts, 1 + u32::from(is_closed)))
    }

    /// The same of an answer that already holds these parts.
    pub(in super::super) fn sections_of(&self, answer: &GraphQl, parts: &[Part]) -> Sections {
        if !self.plan.collaborators {
            return Sections::unasked();
        }
        let mut sections = Sections::of(&Answer::Known(answer.clone()), self.plan);
        if !parts.iter().any(|part| part.name == PEOPLE) {
            // It was left out because the token lacks a scope.
            sections.people = Answer::Denied;
        }
        sections
    }

    async fn query(&self, parts: &[Part]) -> Answer<GraphQl> {
        let variables = json!({ "owner": self.slug.owner(), "name": self.slug.name() });
        match self.client.graphql(&parts::named("SeaworthyAdministration", parts), variables).await {
            Ok(answer) => Answer::Known(answer),
            Err(refusal) => refusal.into_answer(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use serde_json::Value;

    use super::super::super::Depth;
    use super::super::super::client::Client;
    use super::super::super::deadline::Deadline;
    use super::super::super::plan::plan;
    use super::super::super::script::Script;
    use super::*;
    use crate::evidence::State;

    async fn asked(access: Access, answers: &[Value]) -> (Sections, Vec<String>) {
        let deadline = Deadline::after(Duration::from_secs(60));
        let client = Client::new(Script::of(answers), 9, deadline, Arc::new(|_| ()));
        let (slug, repository) = ("acme/widget".parse().unwrap(), Repository::default());
        let plan = plan(access, Depth::Standard);
        let asker = Asker { client: &client, slug: &slug, repository: &repository, access, plan };
        let (sections, _) = asker.sections().await;
        (sections, client.transport().asked())
    }

    fn answered() -> Value {
        json!({ "data": {
            "people": { "collaborators": null, "outside": null, "owner": null },
            "dependabot": { "hasVulnerabilityAlertsEnabled": true, "vulnerabilityAlerts": null },
            "deploy_keys": { "deployKeys": { "totalCount": 0, "nodes": [] } },
            "environments": { "environments": { "totalCount": 0, "nodes": [] } },
        }, "errors": [
            { "type": "FORBIDDEN", "path": ["people", "collaborators"], "message": "no" },
            { "path": ["dependabot", "vulnerabilityAlerts"], "message": "Something went wrong" },
        ] })
    }

    #[tokio::test]
    async fn a_role_asks_for_what_it_can_see() {
        assert!(asked(Access::Read, &[]).await.1.is_empty());
        let queries = asked(Access::Write, &[answered()]).await.1;
        assert!(queries[0].contains("dependabot: ") && !queries[0].contains("deploy_keys"));
        let queries = asked(Access::Admin, &[answered()]).await.1;
        assert!(queries[0].contains("deploy_keys: "));
    }

    #[tokio::test]
    async fn errors_of_a_field_hide_that_field_alone() {
        let (sections, _) = asked(Access::Admin, &[answered()]).await;
        assert!(matches!(sections.collaborators(), Answer::Denied));
        let states: Vec<(String, State)> = sections
            .observe(&Repository::default(), Some(true))
            .into_iter()
            .map(|seen| (seen.key, seen.state))
            .collect();
        let of = |key: &str| &states.iter().find(|(name, _)| name == key).unwrap().1;
        assert!(matches!(of("access.outside_writers"), State::NotPermitted { .. }));
        assert!(matches!(of("security.dependabot_alerts_open"), State::Failed { .. }));
        assert_eq!(*of("access.deploy_keys"), State::Observed(0_i64.into()));
    }

    #[tokio::test]
    async fn a_query_refused_for_one_scope_is_asked_without_it() {
        let refused =
            json!({ "errors": [{ "type": "INSUFFICIENT_SCOPES", "message": "Your token has not been granted" }] });
        let (sections, queries) = asked(Access::Admin, &[refused, answered()]).await;
        assert_eq!(queries.len(), 2);
        assert!(!queries[1].contains("people: "));
        assert!(sections.deploy_keys.known().is_some());
    }
}
