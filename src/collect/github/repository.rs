//! The repository itself: what it is, who owns it, and what the token's owner may do with it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::answer::Answer;
use super::client::GraphQl;
use super::error::CollectError;
use super::slug::Slug;
use super::{Asked, query, rest};
use crate::evidence::{Access, Observation, Place, Subject};

/// What both APIs tell of a repository.
#[derive(Clone, Debug, Default)]
pub(super) struct Repository {
    pub(super) id: Option<u64>,
    /// `owner/name`, as GitHub writes it today.
    pub(super) full_name: String,
    /// Address of its page.
    pub(super) url: String,
    /// public, private or internal
    pub(super) visibility: Option<String>,
    pub(super) archived: Option<bool>,
    pub(super) disabled: Option<bool>,
    pub(super) fork: Fork,
    pub(super) mirror_of: Option<String>,
    /// Account name of the owner.
    pub(super) owner: String,
    pub(super) owner_type: Option<OwnerType>,
    pub(super) created_at: Option<DateTime<Utc>>,
    pub(super) pushed_at: Option<DateTime<Utc>>,
    pub(super) homepage: Option<String>,
    pub(super) issues: Option<bool>,
    pub(super) discussions: Option<bool>,
    pub(super) license: Option<String>,
    /// The language with most code.
    pub(super) language: Option<String>,
    /// None where the API in use does not list them.
    pub(super) languages: Option<Vec<String>>,
    pub(super) topics: Option<Vec<String>>,
    pub(super) archived_at: Option<DateTime<Utc>>,
    /// None where the API in use does not tell it.
    pub(super) locked: Option<bool>,
    pub(super) signoff: Option<bool>,
    pub(super) default_branch: Option<String>,
    /// The commit at its tip. None in an empty repository, or not yet known.
    pub(super) commit: Option<String>,
    /// The role of the token's owner, where GitHub tells it.
    pub(super) role: Option<Access>,
    pub(super) owner_verified: Option<bool>,
    /// Whether the token's owner administers the organisation too.
    pub(super) administers_owner: bool,
    /// Keys whose fields an error left empty.
    pub(super) failed: BTreeMap<&'static str, Answer<bool>>,
    /// Which API told it.
    pub(super) source: &'static str,
}

/// Fields of GraphQL that are null where there is nothing, and after an error; and the keys that they tell.
const FIELDS: [(&str, &[&str]); 18] = [
    ("archivedAt", &["repo.archived_on"]),
    ("createdAt", &["repo.created_on"]),
    ("hasDiscussionsEnabled", &["repo.discussions_enabled"]),
    ("hasIssuesEnabled", &["repo.issues_enabled"]),
    ("homepageUrl", &["repo.homepage", "repo.homepage_https"]),
    ("isArchived", &["repo.archived"]),
    ("isDisabled", &["repo.disabled"]),
    ("isLocked", &["repo.locked"]),
    ("languages", &["repo.languages"]),
    ("licenseInfo", &["repo.license_spdx"]),
    ("mirrorUrl", &["repo.mirror_of"]),
    ("owner", &["repo.owner_type"]),
    ("parent", &["repo.fork_of"]),
    ("primaryLanguage", &["repo.main_language"]),
    ("pushedAt", &["repo.pushed_on"]),
    ("repositoryTopics", &["repo.topics"]),
    ("visibility", &["repo.visibility", "history.public"]),
    ("webCommitSignoffRequired", &["repo.web_commit_signoff_required"]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnerType {
    Organization,
    User,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Fork {
    #[default]
    No,
    /// Of this `owner/name`.
    Of(String),
    /// Of a repository that is not shown.
    OfHidden,
}

/// The most topics and languages that are kept.
const MAX_ITEMS: usize = 30;

/// Text without blanks around, if there is any.
fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// An address without user, password and query, which are nobody's business.
pub(super) fn without_credentials(address: &str) -> String {
    match url::Url::parse(address) {
        Ok(url) => match url.host_str() {
            Some(host) => {
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                format!("{}://{host}{port}{}", url.scheme(), url.path())
            }
            None => "an address without host".to_owned(),
        },
        // Such as `git@example.org:acme/widget.git`.
        Err(_) => address.rsplit_once('@').map_or(address, |(_, rest)| rest).to_owned(),
    }
}

/// A recognised licence. GitHub says NOASSERTION of texts that it does not recognise.
fn recognised(license: Option<String>) -> Option<String> {
    filled(license).filter(|id| !matches!(id.as_str(), "NOASSERTION" | "NONE"))
}

impl From<query::Repository> for Repository {
    fn from(from: query::Repository) -> Self {
        let owner = from.owner.as_ref();
        let branch = from.default_branch_ref;
        Self {
            id: from.database_id,
            full_name: from.name_with_owner,
            url: from.url,
            visibility: from.visibility.map(|visibility| visibility.to_ascii_lowercase()),
            archived: from.is_archived,
            disabled: from.is_disabled,
            fork: fork(from.is_fork, from.parent.map(|parent| parent.name_with_owner)),
            mirror_of: filled(from.mirror_url).map(|address| without_credentials(&address)),
            owner: owner.map(|owner| owner.login.clone()).unwrap_or_default(),
            owner_type: owner.map(|owner| owner_type(&owner.kind)),
            created_at: from.created_at,
            pushed_at: from.pushed_at,
            homepage: filled(from.homepage_url),
            issues: from.has_issues_enabled,
            discussions: from.has_discussions_enabled,
            license: recognised(from.license_info.and_then(|license| license.spdx_id)),
            language: from.primary_language.map(|language| language.name),
            languages: from.languages.map(|list| list.into_items().into_iter().map(|item| item.name).collect()),
            topics: from.topics.map(|list| list.into_items().into_iter().map(|item| item.topic.name).collect()),
            archived_at: from.archived_at,
            locked: from.is_locked,
            signoff: from.web_commit_signoff_required,
            commit: branch.as_ref().and_then(|branch| branch.target.as_ref()).map(|target| target.oid.clone()),
            default_branch: branch.map(|branch| branch.name),
            role: from.viewer_permission.as_deref().map(role_of_word),
            owner_verified: owner.and_then(|owner| owner.is_verified),
            administers_owner: owner.and_then(|owner| owner.viewer_can_administer).unwrap_or(false),
            failed: BTreeMap::new(),
            source: "GraphQL Repository",
        }
    }
}

impl From<rest::Repository> for Repository {
    fn from(from: rest::Repository) -> Self {
        let visibility =
            from.visibility.unwrap_or_else(|| (if from.private { "private" } else { "public" }).to_owned());
        let login = from.owner.as_ref().and_then(|owner| owner.login.clone());
        let full_name =
            from.full_name.unwrap_or_else(|| format!("{}/{}", login.as_deref().unwrap_or_default(), from.name));
        let owner_of_name = full_name.split_once('/').map(|(owner, _)| owner.to_owned());
        Self {
            id: Some(from.id),
            full_name,
            url: from.html_url,
            visibility: Some(visibility),
            archived: from.archived,
            disabled: from.disabled,
            fork: fork(from.fork, from.parent.map(|parent| parent.full_name)),
            mirror_of: filled(from.mirror_url).map(|address| without_credentials(&address)),
            owner: login.or(owner_of_name).unwrap_or_default(),
            owner_type: from.owner.and_then(|owner| owner.kind).map(|kind| owner_type(&kind)),
            created_at: from.created_at,
            pushed_at: from.pushed_at,
            homepage: filled(from.homepage),
            issues: from.has_issues,
            discussions: from.has_discussions,
            license: recognised(from.license.and_then(|license| license.spdx_id)),
            language: filled(from.language),
            languages: None,
            topics: from.topics,
            archived_at: None,
            locked: None,
            signoff: from.web_commit_signoff_required,
            default_branch: filled(from.default_branch),
            commit: None,
            role: from.permissions.map(role_of_permissions),
            owner_verified: None,
            administers_owner: false,
            failed: BTreeMap::new(),
            source: "GET /repos/{owner}/{repo}",
        }
    }
}

fn fork(is_fork: bool, parent: Option<String>) -> Fork {
    match parent {
        _ if !is_fork => Fork::No,
        Some(parent) => Fork::Of(parent),
        None => Fork::OfHidden,
    }
}

fn owner_type(word: &str) -> OwnerType {
    if word == "Organization" { OwnerType::Organization } else { OwnerType::User }
}

fn role_of_word(word: &str) -> Access {
    match word {
        "ADMIN" => Access::Admin,
        "MAINTAIN" | "WRITE" => Access::Write,
        _ => Access::Read,
    }
}

/// The role that the REST API's permissions amount to.
pub(super) fn role_of_permissions(permissions: rest::Permissions) -> Access {
    if permissions.admin {
        Access::Admin
    } else if permissions.maintain || permissions.push {
        Access::Write
    } else {
        Access::Read
    }
}

impl Repository {
    pub(super) fn is_public(&self) -> bool {
        self.visibility.as_deref() == Some("public")
    }

    /// Notes which fields are empty because of an error.
    pub(super) fn without_failed(mut self, answer: &GraphQl) -> Self {
        for (field, keys) in FIELDS {
            if let Some(error) = answer.error_at(&["repository", field]) {
                self.failed.extend(keys.iter().map(|key| (*key, error.answer())));
            }
        }
        self
    }

    /// Its name today, checked before it goes into any path. Its page, to which every link leads, is checked too.
    pub(super) fn slug(&self, asked: &Asked) -> Result<Slug, CollectError> {
        let server = |why: String| CollectError::Server { api: asked.api.clone(), why };
        if !self.url.starts_with("https://") && !self.url.starts_with("http://") {
            return Err(server("the repository's page has no web address".to_owned()));
        }
        self.full_name.parse().map_err(|error: super::SlugError| server(error.to_string()))
    }

    /// The subject. Its id begins with the host of the repository's page.
    pub(super) fn subject(&self) -> Subject {
        let host = url::Url::parse(&self.url).ok().and_then(|url| {
            let host = url.host_str()?.to_owned();
            Some(url.port().map_or(host.clone(), |port| format!("{host}:{port}")))
        });
        Subject {
            id: format!("{}/{}", host.as_deref().unwrap_or("github.com"), self.full_name),
            url: Some(self.url.clone()),
            repository_id: self.id,
            commit: self.commit.clone(),
            default_branch: self.default_branch.clone().filter(|_| self.commit.is_some()),
        }
    }

    /// What a reader of the results must know of the repository as a whole. `asked_for` is the name that the user gave.
    pub(super) fn notices(&self, asked_for: &str) -> Vec<String> {
        let mut notices = Vec::new();
        if !self.full_name.eq_ignore_ascii_case(asked_for) {
            notices.push(format!("The repository was renamed from {asked_for} to {}.", self.full_name));
        }
        if self.archived == Some(true) {
            notices.push(
                "The repository is archived: nobody maintains it. Demands that hold only for active projects do not apply."
                    .to_owned(),
            );
        }
        if self.disabled == Some(true) {
            notices.push(
                "GitHub has disabled the repository: nobody can work in it, and what is seen here may be out of date."
                    .to_owned(),
            );
        }
        match &self.fork {
            Fork::No => {}
            Fork::Of(parent) => notices.push(format!(
                "It is a fork of {parent}: settings, history and releases seen here are the fork's, not those of {parent}."
            )),
            Fork::OfHidden => notices.push(
                "It is a fork of a repository that GitHub does not name: settings, history and releases seen here are the fork's."
                    .to_owned(),
            ),
        }
        if let Some(origin) = &self.mirror_of {
            notices.push(format!("It is a mirror of {origin}: settings seen here are not the project's own controls."));
        }
        if let Some(visibility) = self.visibility.as_deref().filter(|visibility| *visibility != "public") {
            notices.push(format!(
                "The repository is {visibility}: not everybody can check what is said here, and the report may hold what is not meant for everybody."
            ));
        }
        notices
    }

    /// The day of archiving: the REST API tells only whether there was one.
    fn archived_on(&self) -> Observation {
        let key = "repo.archived_on";
        match (self.archived, self.archived_at) {
            (_, Some(at)) => Observation::seen(key, at.date_naive()),
            (Some(false), None) => Observation::absent(key),
            _ => Observation::unavailable(key, "GitHub did not tell the day"),
        }
    }

    /// The observations of the group `repo` (but contributors), the branch's name and whether the history is public.
    /// `asked_for` is the name that the user gave.
    pub(super) fn observe(&self, asked_for: &str) -> Vec<Observation> {
        let renamed = !self.full_name.eq_ignore_ascii_case(asked_for);
        let homepage_https = self.homepage.as_ref().map(|address| address.to_ascii_lowercase().starts_with("https:"));
        let fork_of = match &self.fork {
            Fork::No => Observation::absent("repo.fork_of"),
            Fork::Of(parent) => Observation::seen("repo.fork_of", parent.as_str()),
            Fork::OfHidden => {
                Observation::unavailable("repo.fork_of", "it is a fork, but GitHub does not name its parent")
            }
        };
        let owner_type = self.owner_type.map(|owner_type| match owner_type {
            OwnerType::Organization => "organization",
            OwnerType::User => "user",
        });
        let branch = self.default_branch.clone().filter(|_| self.commit.is_some());
        let observations = vec![
            told("repo.visibility", self.visibility.clone()),
            told("repo.archived", self.archived),
            told("repo.disabled", self.disabled),
            fork_of,
            Observation::seen_or_absent("repo.mirror_of", self.mirror_of.clone()),
            Observation::seen_or_absent("repo.renamed_from", renamed.then(|| asked_for.to_owned())),
            told("repo.owner_type", owner_type),
            told("repo.created_on", self.created_at.map(|at| at.date_naive())),
            Observation::seen_or_absent("repo.pushed_on", self.pushed_at.map(|at| at.date_naive())),
            Observation::seen_or_absent("repo.homepage", self.homepage.clone()),
            Observation::seen_or_absent("repo.homepage_https", homepage_https),
            told("repo.issues_enabled", self.issues),
            told("repo.discussions_enabled", self.discussions),
            Observation::seen_or_absent("repo.license_spdx", self.license.clone()),
            told("repo.web_commit_signoff_required", self.signoff),
            Observation::seen_or_absent("repo.main_language", self.language.clone()),
            listed("repo.languages", self.languages.clone()),
            listed("repo.topics", self.topics.clone()),
            self.archived_on(),
            told("repo.locked", self.locked),
            Observation::seen_or_absent("default_branch.name", branch),
            told("history.public", self.visibility.as_ref().map(|_| self.is_public())),
        ];
        let page = || Place::page(self.url.clone());
        let or_failed = |observation: Observation| match self.failed.get(observation.key.as_str()) {
            Some(answer) if observation.value().is_none() => answer.clone().observe_one(&observation.key),
            _ => observation,
        };
        observations.into_iter().map(or_failed).map(|observation| observation.from(self.source).at(page())).collect()
    }
}

/// A list that may be empty, where GitHub told one.
fn listed(key: &str, items: Option<Vec<String>>) -> Observation {
    items.map_or_else(
        || Observation::unavailable(key, "GitHub did not tell it"),
        |items| Observation::list(key, items.into_iter().take(MAX_ITEMS).collect()),
    )
}

/// A value that GitHub always tells; if it did not, that is said.
fn told(key: &str, value: Option<impl Into<crate::evidence::Value>>) -> Observation {
    match value {
        Some(value) => Observation::seen(key, value),
        None => Observation::unavailable(key, "GitHub did not tell it"),
    }
}

#[cfg(test)]
mod tests;
