//! Gathering by the REST API alone: without a token, or where GraphQL is out of order. Files come in one archive.

mod contents;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::answer::Answer;
use super::client::{Client, Page, Refusal};
use super::error::CollectError;
use super::gathered::{ByGraphQl, EMPTY, Gathered};
use super::in_depth::InDepth;
use super::protection::{RulesetInfo, Sources};
use super::query::BranchProtectionRule;
use super::releases::{Releases, encode};
use super::repository::{OwnerType, Repository};
use super::rest::{self, BranchRule};
use super::rulesets::{Ruleset, Rulesets};
use super::settings::Settings;
use super::slug::Slug;
use super::transport::Transport;
use super::{Asked, administration, token, tree};
use crate::collect::history::History;
use crate::evidence::{Access, State};

const NEEDS_TOKEN: &str = "only GraphQL tells it, which answers nobody without a token";
const NEEDS_GRAPHQL: &str = "only GraphQL tells it, which did not answer";

async fn get<D: DeserializeOwned, T: Transport>(client: &Client<T>, path: &str) -> Answer<D> {
    client.get(path).await.map_or_else(Refusal::into_answer, Answer::Known)
}

async fn get_page<D: DeserializeOwned, T: Transport>(client: &Client<T>, path: &str) -> Answer<Page<D>> {
    client.get_page(path).await.map_or_else(Refusal::into_answer, Answer::Known)
}

/// The active rules of rulesets for a branch.
pub(super) async fn rules<T: Transport>(client: &Client<T>, slug: &Slug, branch: &str) -> Answer<Vec<BranchRule>> {
    let path = format!("/repos/{slug}/rules/branches/{}?per_page=100", encode(branch));
    match client.get_page(&path).await {
        Ok(page) if page.more => Answer::failed("there are more rules than one answer holds"),
        Ok(page) => Answer::Known(page.value),
        // Everybody may see rules: a refusal speaks of the server or its plan, and says nothing of rules.
        Err(refusal) => Answer::failed(refusal.reason()),
    }
}

/// Whether private vulnerability reporting is on. Only public repositories have it.
pub(super) async fn private_reporting<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
    repository: &Repository,
) -> Answer<rest::Enabled> {
    if !repository.is_public() {
        return Answer::untold("the repository is not public");
    }
    get(client, &format!("/repos/{slug}/private-vulnerability-reporting")).await
}

pub(super) async fn advisories<T: Transport>(client: &Client<T>, slug: &Slug) -> Answer<Page<Vec<rest::Advisory>>> {
    get_page(client, &format!("/repos/{slug}/security-advisories?state=published&per_page=100")).await
}

pub(super) async fn releases<T: Transport>(client: &Client<T>, slug: &Slug) -> Answer<Releases> {
    let page = get_page(client, &format!("/repos/{slug}/releases?per_page=30")).await;
    page.map(|page| Releases::from_rest(page.value, page.more))
}

pub(super) async fn contributors<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
) -> Answer<Page<Vec<rest::Contributor>>> {
    let path = format!("/repos/{slug}/contributors?per_page=100");
    client.get_list(&path).await.map_or_else(Refusal::into_answer, Answer::Known)
}

/// Remarks that an owner's `.github` repository could not be read. Gives the state of policies that it may lend.
pub(super) fn inherited_unknown(owner: &str, reason: &str, remarks: &mut Vec<String>) -> State {
    remarks.push(format!(
        "{owner}/.github could not be read ({reason}); policies that it may lend to this repository were not seen."
    ));
    State::Failed {
        reason: format!("the repository has none of its own, and {owner}/.github could not be read: {reason}"),
    }
}

/// Gathers all that the REST API tells to everybody. `token` says whether one is used.
pub(super) async fn gather<T: Transport>(
    client: &Client<T>,
    asked: &Asked,
    token: bool,
) -> Result<Gathered, CollectError> {
    client.tell(&format!("asking {} for {}", asked.api, asked.slug));
    let found = client.get_anew::<rest::Repository>(&format!("/repos/{}", asked.slug)).await;
    let found = found.map_err(|refusal| asked.fatal(&refusal))?;
    let analysis = found.security_and_analysis.clone();
    let mut repository = Repository::from(found);
    let slug = repository.slug(asked)?;
    let access = if token { repository.role.unwrap_or(Access::Read) } else { Access::Anonymous };
    let branch_name = repository.default_branch.clone().unwrap_or_default();
    let head = Head::read(client, &slug, &branch_name).await;
    repository.commit = head.commit();
    if repository.commit.is_none() && !head.empty {
        let why = "the commit of the default branch is not known";
        repository.failed.insert("default_branch.name", Answer::failed(why));
    }
    client.tell("reading rules, settings and the list of files");
    let (rules, releases, private_reporting, advisories, rulesets) = tokio::join!(
        rules(client, &slug, &branch_name),
        releases(client, &slug),
        private_reporting(client, &slug, &repository),
        advisories(client, &slug),
        rulesets(client, &slug),
    );
    let mut remarks = Vec::new();
    let tags = releases.known().map(Releases::tags).unwrap_or_default();
    let files = contents::gather(client, &slug, &repository, head.empty, tags, &mut remarks).await;
    let listed = rulesets_in_detail(client, &slug, &rulesets).await;
    let contributors = if head.empty { Answer::untold(EMPTY) } else { contributors(client, &slug).await };
    let organization = organization(client, &repository).await;
    let protection = if head.empty {
        Answer::untold(EMPTY)
    } else {
        let classic = settings(access, Access::Admin);
        Answer::Known(protection(rules, classic, head.branch.clone(), &rulesets, &repository.url))
    };
    let untold = if token { NEEDS_GRAPHQL } else { NEEDS_TOKEN };
    let analysis = analysis.map_or(Answer::Denied, Answer::Known);
    let mut administration = administration::unasked(&repository, access, untold);
    administration.extend(token::observe(asked.token, client.scopes()));
    Ok(Gathered {
        administration,
        access,
        protection,
        rulesets: listed,
        tags: Answer::untold(untold),
        releases,
        history: head.history(),
        by_graphql: ByGraphQl::untold(untold),
        in_depth: InDepth::not_asked(),
        collaborators: settings(access, Access::Write),
        organization,
        settings: Settings {
            actions: settings(access, Access::Admin),
            workflow: settings(access, Access::Admin),
            private_reporting,
            analysis,
            alerts: settings(access, Access::Admin),
            default_setup: settings(access, Access::Admin),
            advisories,
        },
        contributors,
        files,
        remarks,
        repository,
    })
}

/// The tip of the default branch and what led to it.
struct Head {
    branch: Answer<rest::Branch>,
    commits: Answer<Vec<rest::Commit>>,
    /// Whether there is no commit at all.
    empty: bool,
}

impl Head {
    /// Asks for the branch and its latest commits. Of an empty repository GitHub answers 404 and 409.
    async fn read<T: Transport>(client: &Client<T>, slug: &Slug, branch: &str) -> Self {
        let branch = encode(branch);
        let branch_path = format!("/repos/{slug}/branches/{branch}");
        let commits_path = format!("/repos/{slug}/commits?sha={branch}&per_page=100");
        // The branch tells whether the commits that were seen last are still the latest.
        let branch = client.get_anew(&branch_path).await;
        let commits = client.get(&commits_path).await;
        let empty = status(&branch) == Some(404) && status(&commits) == Some(409);
        Self {
            branch: branch.map_or_else(Refusal::into_answer, Answer::Known),
            commits: commits.map_or_else(Refusal::into_answer, Answer::Known),
            empty,
        }
    }

    /// The commit at the tip, from whichever answer tells it.
    fn commit(&self) -> Option<String> {
        let of_branch = self.branch.known().map(|branch| &branch.commit.sha);
        let latest = || self.commits.known().and_then(|commits| commits.first()).map(|commit| &commit.sha);
        of_branch.or_else(latest).filter(|commit| tree::is_object_id(commit)).cloned()
    }

    fn history(self) -> Answer<History> {
        let commits = match self.commits {
            _ if self.empty => Answer::Known(Vec::new()),
            Answer::Denied => Answer::failed("GitHub did not list the commits"),
            commits => commits,
        };
        commits.map(|commits| History {
            commits: commits.into_iter().map(Into::into).collect(),
            recent: None,
            source: "GET /repos/{owner}/{repo}/commits?per_page=100",
        })
    }
}

fn status<D>(answer: &Result<D, Refusal>) -> Option<u16> {
    answer.as_ref().err().and_then(Refusal::status)
}

async fn rulesets<T: Transport>(client: &Client<T>, slug: &Slug) -> Answer<Page<Vec<rest::Ruleset>>> {
    get_page(client, &format!("/repos/{slug}/rulesets?includes_parents=true&per_page=100")).await
}

async fn organization<T: Transport>(client: &Client<T>, repository: &Repository) -> Answer<rest::Organization> {
    if repository.owner_type != Some(OwnerType::Organization) {
        return Answer::Denied;
    }
    get(client, &format!("/orgs/{}", encode(&repository.owner))).await
}

/// Settings for the sake of which nothing more is asked: hidden from roles below `needed`, not asked for the others.
fn settings<D>(access: Access, needed: Access) -> Answer<D> {
    if access >= needed { Answer::untold("not asked, because GraphQL did not answer") } else { Answer::Denied }
}

fn protection(
    rules: Answer<Vec<BranchRule>>,
    classic: Answer<Option<BranchProtectionRule>>,
    branch: Answer<rest::Branch>,
    rulesets: &Answer<Page<Vec<rest::Ruleset>>>,
    url: &str,
) -> Sources {
    let named = rulesets.known().into_iter().flat_map(|page| &page.value);
    let named = named.map(|ruleset| (ruleset.id, RulesetInfo { name: ruleset.name.clone(), ..RulesetInfo::default() }));
    let mut sources = Sources {
        rules,
        classic,
        update_rule: None,
        protected: None,
        public_checks: Vec::new(),
        merge_queue: None,
        rulesets: named.collect::<BTreeMap<_, _>>(),
        url: url.to_owned(),
    };
    if let Answer::Known(branch) = branch {
        sources.learn_branch(branch);
    }
    sources
}

/// The rulesets. The list shows no rules, so that one for tags is asked for.
async fn rulesets_in_detail<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
    listed: &Answer<Page<Vec<rest::Ruleset>>>,
) -> Answer<Rulesets> {
    let page = match listed {
        Answer::Known(page) => page,
        Answer::Denied => return Answer::failed("GitHub does not list the rulesets"),
        other => return other.as_ref().map(|_| Rulesets::default()),
    };
    let mut list: Vec<Ruleset> = page.value.iter().cloned().map(Ruleset::from).collect();
    if let Some(ruleset) = list.iter_mut().find(|ruleset| ruleset.is_active_for("tag")) {
        let id = ruleset.id.unwrap_or_default();
        if let Answer::Known(detail) = get::<rest::Ruleset, T>(client, &format!("/repos/{slug}/rulesets/{id}")).await {
            ruleset.learn(detail);
        }
    }
    let source = "GET /repos/{owner}/{repo}/rulesets?includes_parents=true";
    Answer::Known(Rulesets { list, complete: !page.more, source })
}
