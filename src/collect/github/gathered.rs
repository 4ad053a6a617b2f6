//! All that was gathered of a repository, whichever API told it, and the evidence that it makes.

use chrono::{DateTime, Utc};

use super::answer::Answer;
use super::client::Page;
use super::in_depth::{InDepth, TagObject};
use super::query::{self, List};
use super::releases::{self, Releases};
use super::repository::Repository;
use super::rest;
use super::rulesets::{self, Rulesets};
use super::settings::Settings;
use super::slug::Slug;
use super::{access, checks, community, issues, protection, pull_requests, reviews};
use crate::collect::files;
use crate::collect::history::{self, History, is_bot, percent};
use crate::collect::versions;
use crate::evidence::{Access, Evidence, KeyInfo, Observation, Place, Sheet, State, Value};

/// The newest tags, the newest first, and how many there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Tags {
    pub(super) count: usize,
    pub(super) latest: Vec<Tag>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Tag {
    pub(super) name: String,
    /// The id of its tag object, where it is annotated.
    pub(super) object: Option<String>,
    /// When it was made, or else the commit that it names.
    pub(super) made_at: Option<DateTime<Utc>>,
    /// The commit that it names, where that is known.
    pub(super) commit: Option<String>,
}

impl Tags {
    pub(super) fn names(&self) -> Vec<String> {
        self.latest.iter().map(|tag| tag.name.clone()).collect()
    }

    /// What is known of the tag of a release.
    pub(super) fn object_of(&self, name: &str) -> TagObject {
        match self.latest.iter().find(|tag| tag.name == name) {
            Some(Tag { object: Some(id), .. }) => TagObject::Annotated(id.clone()),
            Some(Tag { object: None, .. }) => TagObject::Lightweight,
            None => TagObject::Unseen,
        }
    }
}

/// All that was gathered.
pub(super) struct Gathered {
    pub(super) repository: Repository,
    pub(super) access: Access,
    pub(super) protection: Answer<protection::Sources>,
    pub(super) rulesets: Answer<Rulesets>,
    pub(super) tags: Answer<Tags>,
    pub(super) releases: Answer<Releases>,
    pub(super) history: Answer<History>,
    pub(super) by_graphql: ByGraphQl,
    pub(super) in_depth: InDepth,
    pub(super) collaborators: Answer<Page<Vec<rest::Collaborator>>>,
    pub(super) organization: Answer<rest::Organization>,
    pub(super) settings: Settings,
    /// What writers, administrators and owners see beyond that.
    pub(super) administration: Vec<Observation>,
    pub(super) contributors: Answer<Page<Vec<rest::Contributor>>>,
    pub(super) files: Answer<files::Repository>,
    pub(super) remarks: Vec<String>,
}

/// What GraphQL alone tells.
pub(super) struct ByGraphQl {
    /// The latest merged pull requests.
    pub(super) reviews: Answer<List<query::PullRequest>>,
    pub(super) checks: Answer<List<query::Checked>>,
    pub(super) pull_requests: Answer<query::PullRequests>,
    pub(super) issues: Answer<query::Issues>,
    pub(super) community: Answer<query::Community>,
    pub(super) merging: Answer<query::Merging>,
    pub(super) dependencies: Answer<query::Dependencies>,
}

impl ByGraphQl {
    /// Where GraphQL is not asked, for this reason.
    pub(super) fn untold(reason: &str) -> Self {
        Self {
            reviews: Answer::untold(reason),
            checks: Answer::untold(reason),
            pull_requests: Answer::untold(reason),
            issues: Answer::untold(reason),
            community: Answer::untold(reason),
            merging: Answer::untold(reason),
            dependencies: Answer::untold(reason),
        }
    }

    fn observe(self, repository: &Repository, now: DateTime<Utc>) -> Vec<Observation> {
        let url = repository.url.as_str();
        let mut observations = self.reviews.observe(&reviews::keys(), |requests| reviews::observe(requests, url, now));
        observations.extend(checks::observe(self.checks, url));
        observations.extend(pull_requests::observe_open(self.pull_requests, url));
        observations.extend(issues::observe(self.issues, repository.issues, url, now));
        observations.extend(community::observe(self.community, url));
        observations.extend(community::merging(self.merging, url));
        observations.push(community::dependencies(self.dependencies, url));
        observations
    }
}

/// The reason for what a repository without a commit does not have.
pub(super) const EMPTY: &str = "the repository is empty";

impl Gathered {
    /// The answers file that the subject itself keeps.
    pub(super) fn answers(&self) -> Option<String> {
        match &self.files {
            Answer::Known(repository) => files::answers(repository),
            _ => None,
        }
    }

    /// The other files in which the subject declares answers.
    pub(super) fn declared(&self) -> Vec<(String, String)> {
        match &self.files {
            Answer::Known(repository) => files::declared(repository),
            _ => Vec::new(),
        }
    }

    /// The evidence. `asked_for` is the name that the user gave.
    pub(super) fn into_evidence(self, asked_for: &Slug, api_requests: u32, now: DateTime<Utc>) -> Evidence {
        let repository = &self.repository;
        let (subject, url) = (repository.subject(), repository.url.clone());
        let notices = repository.notices(&asked_for.to_string());
        let mut sheet = Sheet::new();
        sheet.put_all(plain(repository.observe(&asked_for.to_string())));
        sheet.put_all(plain(self.protection.observe(protection::KEYS, |sources| sources.observe())));
        sheet.put_all(plain(rulesets::observe(self.rulesets, &url)));
        let tags_known = self.tags.known().is_some();
        sheet.put(latest_commit(&self.tags, &self.releases, &url));
        sheet.put_all(tags(self.tags, &url));
        sheet.put_all(plain(self.releases.observe(releases::KEYS, |releases| releases.observe(&url, now))));
        sheet.put_all(self.history.observe(history::KEYS, |history| history.observe(Some(&url), now)));
        sheet.put_all(plain(self.by_graphql.observe(repository, now)));
        sheet.put_all(self.in_depth.observe(&url));
        sheet.put_all(access::collaborators(self.collaborators, &url));
        sheet.put_all(access::organization(repository, self.access, self.organization));
        sheet.put_all(self.settings.observe(repository));
        sheet.put_all(plain(self.administration));
        sheet.put(contributors(self.contributors, &url));
        let no_files = match &self.files {
            Answer::Known(repository) => {
                let no_tags = !tags_known && repository.tags.is_empty();
                sheet.put_all(
                    files::analyse(repository).into_iter().map(|seen| if no_tags { untold(seen) } else { seen }),
                );
                None
            }
            other => Some(other.as_ref().map(|_| false).observe_one("tree.files").state),
        };
        for remark in notices.into_iter().chain(self.remarks) {
            sheet.remark(text(&remark));
        }
        sheet.into_evidence(subject, self.access, api_requests, now, |info| missing(info, no_files.as_ref()))
    }
}

/// The most items of a list, and the most characters of a text, that are kept.
const MAX_ITEMS: usize = 500;
const MAX_TEXT: usize = 1_000;

/// What no tag was compared with, although there may be tags, is not absent.
fn untold(observation: Observation) -> Observation {
    const KEY: &str = "docs.changelog_covers_latest";
    if observation.key == KEY && observation.state == State::Absent {
        return Observation::unavailable(KEY, "the tags are not known");
    }
    observation
}

fn text(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(MAX_TEXT).collect()
}

/// Observations whose texts, which others chose, are plain and bounded: names of branches, checks, tags and the like.
fn plain(observations: Vec<Observation>) -> impl Iterator<Item = Observation> {
    observations.into_iter().map(|mut observation| {
        match &mut observation.state {
            State::Observed(Value::Text(value)) => *value = text(value),
            State::Observed(Value::List(items)) => {
                items.truncate(MAX_ITEMS);
                for item in items {
                    *item = text(item);
                }
            }
            _ => {}
        }
        for note in observation.places.iter_mut().filter_map(|place| place.note.as_mut()) {
            *note = text(note);
        }
        observation
    })
}

const LATEST_ON: &str = "tags.latest_version_on";
const TAG_KEYS: [&str; 4] = ["tags.latest_version", LATEST_ON, "tags.versioned_percent", "tags.annotated_percent"];

/// The commit of the latest release: that of its tag, where this is among the newest hundred.
fn latest_commit(tags: &Answer<Tags>, releases: &Answer<Releases>, url: &str) -> Observation {
    const KEY: &str = "releases.latest_commit";
    // Where tags are not asked for, nothing else can tell it, whatever became of the releases.
    let Some(tags) = tags.known() else { return tags.as_ref().map(|_| false).observe_one(KEY) };
    let Some(releases) = releases.known() else { return releases.as_ref().map(|_| false).observe_one(KEY) };
    let Some(latest) = releases.latest_tag() else { return Observation::absent(KEY) };
    let tag = tags.latest.iter().find(|tag| tag.name == latest);
    let observation = match tag.and_then(|tag| tag.commit.clone()) {
        Some(commit) => Observation::seen(KEY, commit),
        None => Observation::unavailable(KEY, "its tag is not among the newest 100 tags"),
    };
    observation.from("GraphQL Ref.target").at(Place::page(format!("{url}/releases")))
}

/// What the tags tell: how many there are, and the versions and tag objects among the newest hundred.
fn tags(tags: Answer<Tags>, url: &str) -> Vec<Observation> {
    let count = tags.as_ref().map(|tags| tags.count).observe_one("tags.count");
    let mut observations = tags.observe(&TAG_KEYS, |tags| {
        let names: Vec<&str> = tags.latest.iter().map(|tag| tag.name.as_str()).collect();
        let annotated = tags.latest.iter().filter(|tag| tag.object.is_some()).count();
        let share = Observation::seen_or_absent("tags.annotated_percent", percent(annotated, names.len()));
        let share = share.detail(format!("tags looked at: {}", names.len()));
        let [latest, versioned] = versions::observe(&names);
        let highest = latest.value().map(ToString::to_string);
        let highest = highest.and_then(|name| tags.latest.iter().find(|tag| tag.name == name));
        let on = match highest {
            None => Observation::absent(LATEST_ON),
            Some(Tag { made_at: Some(at), .. }) => Observation::seen(LATEST_ON, at.date_naive()),
            Some(_) => Observation::unavailable(LATEST_ON, "GitHub did not tell when the tag was made"),
        };
        vec![latest, on, versioned, share]
    });
    observations.push(count);
    let page =
        |observation: Observation| observation.from("GraphQL Repository.refs").at(Place::page(format!("{url}/tags")));
    observations.into_iter().map(page).collect()
}

/// The state of a key that nothing was written about.
fn missing(info: &KeyInfo, no_files: Option<&State>) -> State {
    match no_files {
        Some(state) if info.told_by("files") => state.clone(),
        _ if !info.told_by("github") => State::Unavailable { reason: "only a checkout is read for it".to_owned() },
        _ => State::Unavailable { reason: "GitHub does not tell it".to_owned() },
    }
}

/// People with commits on the default branch, from the first page of contributors.
fn contributors(page: Answer<Page<Vec<rest::Contributor>>>, url: &str) -> Observation {
    let person = |one: &&rest::Contributor| one.kind != "Bot" && !one.login.as_deref().is_some_and(is_bot);
    let more = page.known().is_some_and(|page| page.more);
    let count = page.map(|page| {
        // A full page stands for 100 or more, even where some of it are bots.
        if page.more { page.value.len() } else { page.value.iter().filter(person).count() }
    });
    let observation = count.observe_one("repo.contributors");
    let accounts = "accounts; authors whose address belongs to no account are not counted";
    let observation = match observation.value() {
        Some(_) if more => observation.at_least(format!("at least: the first 100 {accounts}")),
        Some(_) => observation.detail(accounts),
        None => observation,
    };
    observation
        .from("GET /repos/{owner}/{repo}/contributors?per_page=100")
        .at(Place::page(format!("{url}/graphs/contributors")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_others_are_plain_and_bounded() {
        let long = vec!["x".repeat(5_000); 5_000];
        let observations = vec![
            Observation::seen("repo.homepage", "\u{1b}[2Jhttps://example.org"),
            Observation::seen("default_branch.required_checks", long).at(Place::page("p").noted("a\nb")),
            Observation::absent("repo.mirror_of"),
        ];
        let found: Vec<Observation> = plain(observations).collect();
        assert_eq!(found[0].value(), Some(&Value::Text("\u{fffd}[2Jhttps://example.org".to_owned())));
        let Some(Value::List(items)) = found[1].value() else { panic!("{:?}", found[1].state) };
        assert_eq!((items.len(), items[0].len()), (MAX_ITEMS, MAX_TEXT));
        assert_eq!(found[1].places[0].note.as_deref(), Some("a\u{fffd}b"));
        assert_eq!(found[2].state, State::Absent);
    }

    /// The state of a key among the observations of tags, and that of the commit of the release `v1.0.0`.
    fn of_tags(listed: &[Tag], key: &str) -> (State, State) {
        let known = Answer::Known(Tags { count: listed.len(), latest: listed.to_vec() });
        let release =
            serde_json::json!([{ "tag_name": "v1.0.0", "published_at": "2026-01-10T00:00:00Z", "assets": [] }]);
        let releases = Releases::from_rest(serde_json::from_value(release).unwrap(), false);
        let commit = latest_commit(&known, &Answer::Known(releases), "u");
        let found = tags(known, "u").into_iter().find(|observation| observation.key == key).unwrap();
        (found.state, commit.state)
    }

    #[test]
    fn the_highest_version_has_a_day_and_the_latest_release_a_commit() {
        let at = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        let tag = |name: &str, made_at, commit: Option<&str>| Tag {
            name: name.into(),
            object: None,
            made_at,
            commit: commit.map(str::to_owned),
        };
        let newest = tag("nightly", at("2026-02-01T00:00:00Z"), None);
        let highest = tag("v1.0.0", at("2026-01-09T23:00:00Z"), Some("c0ffee"));
        let (on, commit) = of_tags(&[newest.clone(), highest], LATEST_ON);
        assert_eq!(on, State::Observed("2026-01-09".parse::<chrono::NaiveDate>().unwrap().into()));
        assert_eq!(commit, State::Observed("c0ffee".into()));
        let (on, commit) = of_tags(&[newest], LATEST_ON);
        assert_eq!(on, State::Absent);
        assert!(matches!(commit, State::Unavailable { .. }), "a tag that was not listed is not known: {commit:?}");
        let (on, _) = of_tags(&[tag("v1.0.0", None, None)], LATEST_ON);
        assert!(matches!(on, State::Unavailable { .. }), "{on:?}");
    }

    #[test]
    fn bots_are_no_contributors() {
        let accounts = |more: bool| {
            let value = serde_json::json!([
                { "login": "ann", "type": "User" }, { "login": "x", "type": "Bot" }, { "login": "dependabot[bot]", "type": "User" },
            ]);
            Answer::Known(Page { value: serde_json::from_value(value).unwrap(), more })
        };
        assert_eq!(contributors(accounts(false), "u").state, State::Observed(1_i64.into()));
        assert_eq!(contributors(accounts(true), "u").state, State::Observed(3_i64.into()));
        assert_eq!([false, true].map(|more| contributors(accounts(more), "u").at_least), [false, true]);
    }
}
