//! The few requests that show what can be seen of a subject.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::super::answer::Answer;
use super::super::client::{GraphQl, Refusal, from_value, plain};
use super::super::connection::Connection;
use super::super::deadline::Deadline;
use super::super::plan::plan;
use super::super::progress::{Progress, Told};
use super::super::releases::encode;
use super::super::repository::role_of_permissions;
use super::super::rest;
use super::super::slug::Slug;
use super::super::transport::{Response, Transport as _, TransportError};
use super::examination::Examination;
use super::headers::{self, Headers};
use crate::evidence::Access;

/// Who asks, and whether contents and pull requests can be read.
const QUERY: &str = include_str!("../queries/doctor.graphql");

/// What the requests showed.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) repository: rest::Repository,
    pub(super) access: Access,
    /// Whether the token's owner owns the organisation; None where it is not known.
    pub(super) owns_organization: Option<bool>,
    pub(super) contents: Answer<()>,
    pub(super) pull_requests: Answer<()>,
    /// What answers only with the permission *administration*.
    pub(super) administration: Answer<()>,
    pub(super) collaborators: Answer<()>,
    /// Whether the organisation shows its settings.
    pub(super) organization: Answer<bool>,
}

impl Facts {
    pub(super) fn is_public(&self) -> bool {
        match self.repository.visibility.as_deref() {
            Some(visibility) => visibility == "public",
            None => !self.repository.private,
        }
    }

    /// Whether the owner is an organisation.
    pub(super) fn is_organization(&self) -> Option<bool> {
        Some(self.repository.owner.as_ref()?.kind.as_deref()? == "Organization")
    }
}

/// Asks with a budget, and keeps the headers of all answers.
pub(super) struct Probes<'a> {
    connection: &'a Connection,
    deadline: Deadline,
    progress: &'a Progress,
    budget: u32,
    made: u32,
    headers: Vec<Headers>,
}

#[derive(Deserialize)]
struct Viewer {
    login: String,
}

#[derive(Deserialize)]
struct Owned {
    owner: Option<Owner>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Owner {
    viewer_can_administer: Option<bool>,
}

#[derive(Deserialize)]
struct Anything {}

impl<'a> Probes<'a> {
    pub(super) fn new(connection: &'a Connection, deadline: Deadline, progress: &'a Progress, budget: u32) -> Self {
        Self { connection, deadline, progress, budget, made: 0, headers: Vec::new() }
    }

    /// Requests made.
    pub(super) fn made(&self) -> u32 {
        self.made
    }

    pub(super) fn headers(&self) -> &[Headers] {
        &self.headers
    }

    /// Finds out all that the role makes worth asking for. The error says why the subject itself cannot be read.
    pub(super) async fn of(&mut self, slug: &Slug, examination: &mut Examination) -> Result<Facts, Refusal> {
        let repository = self.repository(slug).await?;
        let full_name = repository.full_name.as_deref().and_then(|name| name.parse::<Slug>().ok());
        let slug = full_name.as_ref().unwrap_or(slug);
        let anonymous = examination.kind.is_none();
        let permissions = repository.permissions;
        let access = match permissions {
            _ if anonymous => Access::Anonymous,
            Some(permissions) => role_of_permissions(permissions),
            None => Access::Read,
        };
        let untried = || Answer::untold("it was not tried");
        let mut facts = Facts {
            repository,
            access,
            owns_organization: None,
            contents: untried(),
            pull_requests: untried(),
            administration: Answer::Denied,
            collaborators: Answer::Denied,
            organization: Answer::Denied,
        };
        if anonymous {
            return Ok(facts);
        }
        self.graphql(slug, &mut facts, examination).await;
        let plan = plan(access, super::super::Depth::Full).of_app(self.connection.granted());
        if plan.administration {
            facts.administration = self.get(&format!("/repos/{slug}/actions/permissions")).await.map(|Anything {}| ());
        }
        if plan.collaborators {
            let path = format!("/repos/{slug}/collaborators?per_page=1");
            facts.collaborators = self.get(&path).await.map(|_: Vec<serde::de::IgnoredAny>| ());
        }
        if plan.administration && facts.is_organization() == Some(true) {
            let answer = self.get(&format!("/orgs/{}", encode(slug.owner()))).await;
            facts.organization = answer.map(|found: rest::Organization| found.two_factor_requirement_enabled.is_some());
        }
        Ok(facts)
    }

    /// The repository, behind at most one redirect to its name of today.
    async fn repository(&mut self, slug: &Slug) -> Result<rest::Repository, Refusal> {
        let response = self.ask(&format!("/repos/{slug}")).await?;
        let moved = matches!(response.status, 301 | 307 | 308);
        let response = match response.headers.get("location").filter(|_| moved).and_then(|to| repository_path(to)) {
            Some(path) => self.ask(&path).await?,
            None => response,
        };
        decode(&response)
    }

    async fn graphql(&mut self, slug: &Slug, facts: &mut Facts, examination: &mut Examination) {
        let body = json!({ "query": QUERY, "variables": { "owner": slug.owner(), "name": slug.name() } });
        let connection = self.connection;
        let answer = self.count("POST graphql", connection.graphql(&body)).await;
        let answer: GraphQl = match answer.and_then(|response| decode(&response)) {
            Ok(answer) => answer,
            Err(refusal) => {
                facts.contents = Answer::failed(format!("GraphQL did not answer: {}", refusal.reason()));
                facts.pull_requests = facts.contents.clone();
                return;
            }
        };
        if let Answer::Known(Some(Viewer { login })) = answer.section_but("viewer", |_| true) {
            examination.identity.login.get_or_insert(login);
        }
        if let Answer::Known(Some(Owned { owner })) = answer.section_but("repository", |_| true) {
            facts.owns_organization = owner.and_then(|owner| owner.viewer_can_administer);
        }
        facts.contents = readable(&answer, "contents", "object");
        facts.pull_requests = readable(&answer, "reviews", "pullRequests");
    }

    async fn get<D: DeserializeOwned>(&mut self, path: &str) -> Answer<D> {
        match self.ask(path).await.and_then(|response| decode(&response)) {
            Ok(found) => Answer::Known(found),
            Err(refusal) => refusal.into_answer(),
        }
    }

    async fn ask(&mut self, path: &str) -> Result<Response, Refusal> {
        let connection = self.connection;
        self.count(&format!("GET {path}"), connection.get(path, None)).await
    }

    async fn count(
        &mut self,
        what: &str,
        request: impl Future<Output = Result<Response, TransportError>>,
    ) -> Result<Response, Refusal> {
        if self.made >= self.budget {
            return Err(Refusal::Budget(self.budget));
        }
        self.made += 1;
        let answer = match self.deadline.hold(request).await {
            Ok(answer) => answer.map_err(Refusal::Transport),
            Err(late) => Err(late.into()),
        };
        let outcome = answer.as_ref().map_or_else(Refusal::reason, |response| response.status.to_string());
        (self.progress)(Told::Request(&format!("{what}: {outcome}")));
        let response = answer?;
        self.headers.push(Headers::of(&response));
        Ok(response)
    }
}

/// Whether a field of a section was answered: it was, if no error speaks of it, or of the section.
fn readable(answer: &GraphQl, section: &str, field: &str) -> Answer<()> {
    if let Some(error) = answer.error_at(&[section, field]).or_else(|| answer.error_at(&[section])) {
        return error.answer();
    }
    match answer.section::<Anything>(section) {
        Answer::Known(Some(Anything {})) => Answer::Known(()),
        Answer::Known(None) => Answer::untold("GraphQL told nothing of it"),
        other => other.map(|_| ()),
    }
}

/// The path of `/repositories/{id}` in the address of a redirect, whatever the host: it is asked of the same API.
fn repository_path(location: &str) -> Option<String> {
    let (_, id) = location.rsplit_once("/repositories/")?;
    id.parse::<u64>().ok().map(|id| format!("/repositories/{id}"))
}

fn decode<D: DeserializeOwned>(response: &Response) -> Result<D, Refusal> {
    let status = response.status;
    if !(200..300).contains(&status) {
        let limited = None;
        return Err(Refusal::Status { status, message: headers::message(response), limited, location: None });
    }
    let body: &[u8] = if response.body.is_empty() { b"{}" } else { &response.body };
    let value = serde_json::from_slice(body).map_err(|error| Refusal::Shape(error.to_string()))?;
    from_value(&value).map_err(|error| Refusal::Shape(plain(&error.to_string())))
}

/// Why a subject cannot be read, for people.
pub(super) fn unseen(refusal: &Refusal, slug: &Slug) -> String {
    match refusal.status() {
        Some(404) => {
            format!("{slug} was not found: it does not exist, or what you ask with may not see it")
        }
        _ => format!("{slug} could not be read: {}", refusal.reason()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_followed_on_the_same_api_only() {
        assert_eq!(repository_path("https://api.github.com/repositories/42").as_deref(), Some("/repositories/42"));
        assert_eq!(repository_path("https://evil.example/x").as_deref(), None);
        assert_eq!(repository_path("/repositories/42/../user").as_deref(), None);
    }

    #[test]
    fn fields_are_readable_unless_an_error_speaks_of_them() {
        let answer: GraphQl = serde_json::from_value(json!({
            "data": { "contents": { "object": null }, "reviews": null, "other": null },
            "errors": [{ "type": "FORBIDDEN", "path": ["reviews", "pullRequests"], "message": "no" }],
        }))
        .unwrap();
        assert_eq!(readable(&answer, "contents", "object"), Answer::Known(()));
        assert_eq!(readable(&answer, "reviews", "pullRequests"), Answer::Denied);
        assert!(matches!(readable(&answer, "other", "x"), Answer::Untold(_)));
    }
}
