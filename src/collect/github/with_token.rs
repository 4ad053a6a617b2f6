//! Gathering with a token: one GraphQL query, then what GraphQL lacks and the token's role can see.

mod sections;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use super::administration::{Asker, Learnt, Sections};
use super::answer::Answer;
use super::client::{Client, GraphQl, GraphQlError, Page, Refusal};
use super::error::CollectError;
use super::gathered::{EMPTY, Gathered, Tags};
use super::in_depth::{self, InDepth, TagObject};
use super::parts::{self, Part};
use super::plan::{Plan, plan};
use super::protection::Sources;
use super::query;
use super::releases::{Releases, encode};
use super::remembered::Remembered;
use super::repository::{Repository, role_of_permissions};
use super::rest::{self, BranchRule};
use super::session::{OrganizationKey, Shared};
use super::settings::{self, Settings};
use super::slug::Slug;
use super::transport::Transport;
use super::{Asked, by_rest, contents, token, tree};
use crate::collect::files;
use crate::collect::history;
use crate::evidence::Access;

/// Gathers all that the token can see.
pub(super) async fn gather<T: Transport>(
    client: &Client<T>,
    asked: &Asked,
    shared: &Shared,
    now: DateTime<Utc>,
) -> Result<Gathered, CollectError> {
    client.tell(&format!("asking {} for {}", asked.api, asked.slug));
    let variables = json!({
        "owner": asked.slug.owner(),
        "name": asked.slug.name(),
        "since": history::recent_from(now).to_rfc3339_opts(SecondsFormat::Secs, true),
    });
    let (answer, remembered) = match first_answer(client, asked, &variables).await {
        Ok(answer) => answer,
        Err(refusal) if leaves_rest(&refusal) => return by_rest_instead(client, asked, &refusal.reason()).await,
        Err(refusal) => return Err(asked.fatal(&refusal)),
    };
    // Errors of fields are looked for one by one.
    match answer.section_but::<query::Repository>("repository", |fields| !fields.is_empty()) {
        Answer::Known(Some(_)) if answer.error_at(&["repository", "defaultBranchRef"]).is_some() => {
            by_rest_instead(client, asked, &message_of(&answer)).await
        }
        Answer::Known(Some(repository)) => {
            let repository = Repository::from(repository).without_failed(&answer);
            Gathering::new(client, asked, (answer, remembered), repository).await?.finish(asked, shared, now).await
        }
        Answer::Denied => Err(asked.refused(&message_of(&answer))),
        _ if answer.error_at(&["repository"]).is_some_and(is_not_found) => Err(asked.not_found()),
        _ => by_rest_instead(client, asked, &message_of(&answer)).await,
    }
}

/// Asks for the repository, and in the same query for what the last run asked in a second one.
async fn first_answer<T: Transport>(
    client: &Client<T>,
    asked: &Asked,
    variables: &serde_json::Value,
) -> Result<(GraphQl, Option<Remembered>), Refusal> {
    let remembered = Remembered::of(client, &asked.slug);
    let further = remembered.parts();
    if !further.is_empty() {
        let parts: Vec<Part> = parts::REPOSITORY.into_iter().chain(further).collect();
        let answer = client.graphql_parts(&parts, variables).await?;
        if !answer.is_refused_for_scopes() {
            client.charge(remembered.requests());
            return Ok((answer, Some(remembered)));
        }
        // The token has lost a scope, for which the whole query is refused.
        Remembered::forget(client, &asked.slug);
    }
    client.graphql_parts(&parts::REPOSITORY, variables).await.map(|answer| (answer, None))
}

fn is_not_found(error: &GraphQlError) -> bool {
    error.kind.as_deref() == Some("NOT_FOUND")
}

fn message_of(answer: &GraphQl) -> String {
    let error = answer.error_at(&["repository"]).or(answer.errors.first());
    error.map_or_else(|| "GraphQL told nothing".to_owned(), |error| error.message.clone())
}

/// Whether the REST API may still answer where GraphQL did not. A dead network shows there once more.
fn leaves_rest(refusal: &Refusal) -> bool {
    !matches!(
        refusal,
        Refusal::Status { limited: Some(_), .. } | Refusal::Status { status: 401, .. } | Refusal::Budget(_)
    )
}

async fn by_rest_instead<T: Transport>(client: &Client<T>, asked: &Asked, why: &str) -> Result<Gathered, CollectError> {
    client.tell("GraphQL is out of order; asking the REST API instead");
    client.set_budget(client.used() + plan(Access::Anonymous, asked.depth).budget);
    let mut gathered = by_rest::gather(client, asked, true).await?;
    gathered.remarks.push(format!(
        "GraphQL did not answer ({}), so that only what the REST API tells was collected.",
        super::client::plain(why)
    ));
    Ok(gathered)
}

/// What is under way once the repository is known.
struct Gathering<'a, T> {
    client: &'a Client<T>,
    answer: GraphQl,
    /// What the query asked beside the repository, because the last run did.
    remembered: Option<Remembered>,
    repository: Repository,
    /// The repository's name today.
    slug: Slug,
    access: Access,
    plan: Plan,
    /// The repository as the REST API tells it, where that was needed.
    rest: Answer<rest::Repository>,
}

impl<'a, T: Transport> Gathering<'a, T> {
    /// Finds out the role, and what it can see.
    async fn new(
        client: &'a Client<T>,
        asked: &Asked,
        (answer, remembered): (GraphQl, Option<Remembered>),
        repository: Repository,
    ) -> Result<Self, CollectError> {
        let slug = repository.slug(asked)?;
        let mut rest = Answer::Denied;
        let mut access = repository.role.unwrap_or(Access::Read);
        client.set_budget(plan(access, asked.depth).budget);
        // GraphQL tells no role of GitHub Apps; administrators read settings there.
        if repository.role.is_none() || access == Access::Admin {
            rest = match client.get::<rest::Repository>(&format!("/repos/{slug}")).await {
                Ok(found) => Answer::Known(found),
                Err(refusal) => refusal.into_answer(),
            };
        }
        if repository.role.is_none() {
            let permissions = rest.known().and_then(|found| found.permissions);
            access = permissions.map_or(Access::Read, role_of_permissions);
        }
        let plan = plan(access, asked.depth).of_app(asked.granted.as_ref());
        client.set_budget(plan.budget);
        let analysis = rest.known().map(|found| &found.security_and_analysis);
        let state = format!("{access:?} {:?} {:?} {analysis:?}", repository.commit, repository.pushed_at);
        client.learn_state(&format!("state of {slug}"), state.into_bytes());
        Ok(Self { client, answer, remembered, repository, slug, access, plan, rest })
    }

    async fn get<D: serde::de::DeserializeOwned>(&self, path: &str) -> Answer<D> {
        match self.client.get(&format!("/repos/{}{path}", self.slug)).await {
            Ok(found) => Answer::Known(found),
            Err(refusal) => refusal.into_answer(),
        }
    }

    async fn finish(self, asked: &Asked, shared: &Shared, now: DateTime<Utc>) -> Result<Gathered, CollectError> {
        self.client.tell("reading rules, settings and the list of files");
        let asker = self.asker();
        let (tree, rules, mut settings, sections) =
            tokio::join!(self.tree(), self.rules(), self.settings(), self.sections(&asker, asked));
        settings.alerts = self.alerts(&sections).await;
        let collaborators = self.collaborators(&sections).await;
        let protection = self.protection(rules).await;
        let mut remarks = Vec::new();
        let files = self.files(tree, &mut remarks).await;
        let releases = self.releases().await;
        let mut contributors = Answer::Denied;
        // In standard depth settings weigh more for those who can see them.
        let settings_first = self.plan.administration && !self.plan.full;
        if !settings_first {
            contributors = self.contributors().await;
        }
        let in_depth = self.in_depth(&releases).await;
        // What the repository alone tells came first: an organisation in full depth takes many requests.
        let organization = shared.organization(self.organization_key(), asker.organization()).await;
        let learnt = Learnt {
            sections,
            allowed_actions: settings.actions.as_ref().map(|actions| actions.allowed_actions.clone()),
            alerts: settings.alerts.known().copied(),
            rulesets: self.own_rulesets(),
        };
        let mut administration = asker.settings(learnt, now).await;
        administration.extend(organization.observations);
        if settings_first {
            contributors = self.contributors().await;
        }
        administration.extend(token::observe(asked.token, self.client.scopes()));
        Ok(Gathered {
            administration,
            access: self.access,
            protection,
            rulesets: self.ruleset_list(),
            tags: self.tags(),
            releases,
            history: self.history(),
            by_graphql: self.by_graphql(),
            in_depth,
            collaborators,
            organization: organization.settings,
            settings,
            contributors,
            files,
            remarks,
            repository: self.repository,
        })
    }

    fn branch(&self) -> Option<&str> {
        self.repository.default_branch.as_deref().filter(|_| self.repository.commit.is_some())
    }

    async fn tree(&self) -> Answer<rest::Tree> {
        match &self.repository.commit {
            Some(commit) => self.get(&format!("/git/trees/{}?recursive=1", encode(commit))).await,
            None => Answer::untold(EMPTY),
        }
    }

    async fn rules(&self) -> Answer<Vec<BranchRule>> {
        match self.branch() {
            Some(branch) => by_rest::rules(self.client, &self.slug, branch).await,
            None => Answer::untold(EMPTY),
        }
    }

    async fn settings(&self) -> Settings {
        let (private_reporting, advisories) = tokio::join!(
            by_rest::private_reporting(self.client, &self.slug, &self.repository),
            by_rest::advisories(self.client, &self.slug)
        );
        if !self.plan.administration {
            return Settings { private_reporting, advisories, ..Settings::denied() };
        }
        let (actions, workflow, default_setup) = tokio::join!(
            self.get("/actions/permissions"),
            self.get("/actions/permissions/workflow"),
            self.get("/code-scanning/default-setup"),
        );
        let analysis = match &self.rest {
            Answer::Known(found) => found.security_and_analysis.clone().map_or(Answer::Denied, Answer::Known),
            other => other.as_ref().map(|_| rest::SecurityAndAnalysis::default()),
        };
        Settings { actions, workflow, private_reporting, analysis, alerts: Answer::Denied, default_setup, advisories }
    }

    /// What writers and administrators see by GraphQL, which the first query may have told.
    async fn sections(&self, asker: &Asker<'_, T>, asked: &Asked) -> Sections {
        if let Some(remembered) = &self.remembered {
            return asker.sections_of(&self.answer, &remembered.parts());
        }
        let (sections, remembered) = asker.sections().await;
        remembered.save(self.client, &asked.slug);
        sections
    }

    fn asker(&self) -> Asker<'_, T> {
        Asker {
            client: self.client,
            slug: &self.slug,
            repository: &self.repository,
            access: self.access,
            plan: self.plan,
        }
    }

    fn organization_key(&self) -> OrganizationKey {
        OrganizationKey {
            owner: self.repository.owner.to_ascii_lowercase(),
            access: self.access,
            administers: self.repository.administers_owner,
            full: self.plan.full,
        }
    }

    /// Whether Dependabot alerts are on. Only a *yes* of GraphQL can be trusted.
    async fn alerts(&self, sections: &Sections) -> Answer<bool> {
        if !self.plan.administration {
            return Answer::Denied;
        }
        if sections.alerts_are_on() {
            return Answer::Known(true);
        }
        settings::alerts(self.client.get_status(&format!("/repos/{}/vulnerability-alerts", self.slug)).await)
    }

    /// The collaborators as GraphQL tells them, or as the REST API does where GraphQL does not.
    async fn collaborators(&self, sections: &Sections) -> Answer<Page<Vec<rest::Collaborator>>> {
        if !self.plan.collaborators {
            return Answer::Denied;
        }
        match sections.collaborators() {
            Answer::Known(page) => Answer::Known(page),
            _ => {
                let path = format!("/repos/{}/collaborators?per_page=100", self.slug);
                self.client.get_page(&path).await.map_or_else(Refusal::into_answer, Answer::Known)
            }
        }
    }

    async fn protection(&self, rules: Answer<Vec<BranchRule>>) -> Answer<Sources> {
        let Some(branch) = self.branch() else { return Answer::untold(EMPTY) };
        let section = flat(self.answer.section_but::<query::Protection>("protection", sections::is_of_rules));
        let queue_error = self.answer.error_at(&["protection", "mergeQueue"]);
        let merge_queue = section.known().filter(|_| queue_error.is_none()).map(|found| found.merge_queue.is_some());
        let section = section.map(|protection| protection.default_branch_ref);
        let mut sources = Sources {
            classic: self.classic(&section),
            update_rule: section.known().and_then(|found| found.as_ref()?.ref_update_rule.clone()),
            rules,
            protected: None,
            public_checks: Vec::new(),
            merge_queue,
            rulesets: self.ruleset_infos(),
            url: self.repository.url.clone(),
        };
        if !sources.is_settled() {
            // Without an answer it stays unknown whether the branch is protected.
            let found = self.get::<rest::Branch>(&format!("/branches/{}", encode(branch))).await;
            if let Answer::Known(found) = found {
                sources.learn_branch(found);
            }
        }
        if self.plan.full {
            in_depth::ask_rulesets(self.client, &self.slug, &mut sources).await;
        }
        Answer::Known(sources)
    }

    async fn in_depth(&self, releases: &Answer<Releases>) -> InDepth {
        let tags = self.tags();
        let latest = releases.known().and_then(Releases::latest_tag);
        let object = tags.known().zip(latest).map_or(TagObject::Unseen, |(tags, latest)| tags.object_of(latest));
        if self.plan.full {
            InDepth::ask(self.client, &self.slug, &self.repository, releases, &object).await
        } else {
            InDepth::not_asked().with_tag(releases, &object)
        }
    }

    /// Releases as GraphQL lists them. It tells neither which are immutable nor digests of files; the REST API does.
    async fn releases(&self) -> Answer<Releases> {
        let section = flat(self.answer.section::<query::Releases>("releases"));
        let known = section.map(Releases::from_graphql);
        match known {
            Answer::Known(releases) if releases.is_empty() => Answer::Known(releases),
            Answer::Known(mut releases) => {
                releases.learn_from_rest(&by_rest::releases(self.client, &self.slug).await);
                Answer::Known(releases)
            }
            _ => by_rest::releases(self.client, &self.slug).await,
        }
    }

    async fn contributors(&self) -> Answer<super::client::Page<Vec<rest::Contributor>>> {
        match self.repository.commit {
            Some(_) => by_rest::contributors(self.client, &self.slug).await,
            None => Answer::untold(EMPTY),
        }
    }

    async fn files(&self, tree: Answer<rest::Tree>, remarks: &mut Vec<String>) -> Answer<files::Repository> {
        let tree = match tree {
            Answer::Known(tree) => tree,
            Answer::Untold(_) if self.repository.commit.is_none() => rest::Tree { tree: Vec::new(), truncated: false },
            Answer::Denied => return Answer::failed("the token may not read the list of files"),
            other => return other.map(|_| files::Repository::default()),
        };
        let (entries, complete) = tree::entries(tree);
        let (inherited, unseen_defaults) = self.inherited(remarks);
        let commit = self.repository.commit.as_deref().unwrap_or_default();
        let contents = contents::with_token(self.client, &self.slug, commit, &entries, complete, inherited).await;
        let tags = self.tags().known().map(Tags::names).unwrap_or_default();
        Answer::Known(files::Repository {
            entries,
            complete,
            contents: contents.own,
            inherited: contents.inherited,
            unseen_defaults,
            tags,
        })
    }
}

/// A section that must be there.
pub(super) fn flat<D>(section: Answer<Option<D>>) -> Answer<D> {
    match section {
        Answer::Known(Some(found)) => Answer::Known(found),
        Answer::Known(None) => Answer::failed("GitHub's answer does not hold it"),
        Answer::Denied => Answer::Denied,
        Answer::Untold(reason) => Answer::Untold(reason),
        Answer::Failed(reason) => Answer::Failed(reason),
    }
}
