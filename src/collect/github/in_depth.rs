//! What takes a request of its own and is worth it only in depth: `--depth full`.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::answer::Answer;
use super::client::{Client, Page, Refusal};
use super::protection::Sources;
use super::releases::{Releases, encode};
use super::repository::Repository;
use super::rest::{self, Verification};
use super::slug::Slug;
use super::transport::Transport;
use crate::evidence::{Observation, Place};

const ONLY_IN_DEPTH: &str = "it is only asked for in depth, with a token";
/// The most rulesets that are asked for one by one.
const MAX_RULESETS: usize = 5;

/// Answers to questions that are only asked in depth.
pub(super) struct InDepth {
    /// Whether GitHub holds an attestation of a file of the latest release. Known(None): there is no file.
    pub(super) attested: Answer<Option<bool>>,
    /// Whether the tag of the latest release is signed. Known(None): there is no release.
    pub(super) tag_signed: Answer<Option<bool>>,
    pub(super) force_pushes: Answer<Page<Vec<IgnoredAny>>>,
    pub(super) packages: Answer<usize>,
}

/// What is known of the tag of the latest release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TagObject {
    /// A name of a commit, without a tag object that could be signed.
    Lightweight,
    /// A tag object, with its id.
    Annotated(String),
    /// The tag is not among those that were read.
    Unseen,
}

#[derive(Deserialize)]
struct Attestations {
    attestations: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct TagAnswer {
    verification: Verification,
}

#[derive(Deserialize)]
struct SbomAnswer {
    sbom: Sbom,
}

#[derive(Deserialize)]
struct Sbom {
    packages: Vec<IgnoredAny>,
}

impl InDepth {
    /// Of a collection that does not go into depth.
    pub(super) fn not_asked() -> Self {
        Self {
            attested: Answer::untold(ONLY_IN_DEPTH),
            tag_signed: Answer::untold(ONLY_IN_DEPTH),
            force_pushes: Answer::untold(ONLY_IN_DEPTH),
            packages: Answer::untold(ONLY_IN_DEPTH),
        }
    }

    /// Asks, in at most four requests.
    pub(super) async fn ask<T: Transport>(
        client: &Client<T>,
        slug: &Slug,
        repository: &Repository,
        releases: &Answer<Releases>,
        tag: &TagObject,
    ) -> Self {
        let attested = match releases.as_ref().map(|releases| (releases.digest(), releases.has_files())) {
            Answer::Known((Some((digest, _)), _)) => attested(client, slug, repository, digest).await,
            Answer::Known((None, false)) => Answer::Known(None),
            Answer::Known((None, true)) => Answer::untold("GitHub told no digest of a released file"),
            other => other.map(|_| None),
        };
        let tag_signed = match tag {
            TagObject::Annotated(id) => {
                let answer = get::<TagAnswer, T>(client, &format!("/repos/{slug}/git/tags/{id}")).await;
                answer.map(|tag| Some(tag.verification.verified))
            }
            other => without_asking(releases, other),
        };
        let force_pushes = match &repository.default_branch {
            Some(branch) if repository.commit.is_some() => {
                let reference = encode(&format!("refs/heads/{branch}"));
                let query = format!("activity_type=force_push&time_period=year&per_page=100&ref={reference}");
                let path = format!("/repos/{slug}/activity?{query}");
                client.get_page(&path).await.map_or_else(Refusal::into_answer, Answer::Known)
            }
            _ => Answer::untold(super::gathered::EMPTY),
        };
        let packages = get::<SbomAnswer, T>(client, &format!("/repos/{slug}/dependency-graph/sbom")).await;
        Self { attested, tag_signed, force_pushes, packages: packages.map(|answer| answer.sbom.packages.len()) }
    }

    /// What the tag alone tells, without another request.
    pub(super) fn with_tag(mut self, releases: &Answer<Releases>, tag: &TagObject) -> Self {
        self.tag_signed = without_asking(releases, tag);
        self
    }

    /// The observations of what was asked.
    pub(super) fn observe(self, url: &str) -> Vec<Observation> {
        let yes_or_none = |key: &str, answer: Answer<Option<bool>>| match answer {
            Answer::Known(value) => Observation::seen_or_absent(key, value),
            other => other.map(|_| false).observe_one(key),
        };
        let force_pushes = match self.force_pushes {
            Answer::Known(page) => {
                let seen = Observation::seen("history.force_pushes_365_days", page.value.len());
                if page.more { seen.at_least("at least: only the latest hundred were counted") } else { seen }
            }
            other => other.map(|_| 0_usize).observe_one("history.force_pushes_365_days"),
        };
        let releases = || Place::page(format!("{url}/releases"));
        vec![
            yes_or_none("releases.attested", self.attested)
                .from("GET /repos/{owner}/{repo}/attestations/{digest}")
                .at(releases()),
            yes_or_none("releases.tag_signed", self.tag_signed)
                .from("GraphQL Ref.target; GET /repos/{owner}/{repo}/git/tags/{sha} .verification")
                .at(releases()),
            force_pushes
                .from("GET /repos/{owner}/{repo}/activity?activity_type=force_push&time_period=year")
                .at(Place::page(format!("{url}/activity"))),
            self.packages
                .observe_one("repo.sbom_packages")
                .from("GET /repos/{owner}/{repo}/dependency-graph/sbom")
                .at(Place::page(format!("{url}/network/dependencies"))),
        ]
    }
}

async fn get<D: serde::de::DeserializeOwned, T: Transport>(client: &Client<T>, path: &str) -> Answer<D> {
    client.get(path).await.map_or_else(Refusal::into_answer, Answer::Known)
}

fn without_asking(releases: &Answer<Releases>, tag: &TagObject) -> Answer<Option<bool>> {
    match releases.as_ref().map(Releases::latest_tag) {
        Answer::Known(None) => Answer::Known(None),
        Answer::Known(Some(_)) => match tag {
            TagObject::Lightweight => Answer::Known(Some(false)),
            TagObject::Annotated(_) => Answer::untold(ONLY_IN_DEPTH),
            TagObject::Unseen => Answer::untold("its tag is not among those that were read"),
        },
        other => other.map(|_| None),
    }
}

/// Whether there is an attestation of a digest. Of a public repository anybody may know that there is none.
async fn attested<T: Transport>(
    client: &Client<T>,
    slug: &Slug,
    repository: &Repository,
    digest: &str,
) -> Answer<Option<bool>> {
    match client.get::<Attestations>(&format!("/repos/{slug}/attestations/{digest}")).await {
        Ok(found) => Answer::Known(Some(!found.attestations.is_empty())),
        Err(refusal) if refusal.status() == Some(404) && repository.is_public() => Answer::Known(Some(false)),
        Err(refusal) => refusal.into_answer(),
    }
}

/// Asks for the rulesets of the default branch one by one: what the token's own owner may bypass.
pub(super) async fn ask_rulesets<T: Transport>(client: &Client<T>, slug: &Slug, sources: &mut Sources) {
    let ids: BTreeSet<u64> =
        sources.rules.known().into_iter().flatten().filter_map(|rule| rule.ruleset_id).take(MAX_RULESETS).collect();
    for id in ids {
        let path = format!("/repos/{slug}/rulesets/{id}?includes_parents=true");
        let Ok(ruleset) = client.get::<rest::Ruleset>(&path).await else { continue };
        let info = sources.rulesets.entry(id).or_default();
        let may = ruleset.current_user_can_bypass.as_deref();
        info.token_can_bypass = may.map(|may| may != "never");
        // Whoever may bypass it for pull requests alone is still held to these.
        if matches!(may, Some("always" | "exempt")) {
            info.bypass = Some(true);
        }
        if info.name.is_empty() {
            info.name = ruleset.name;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use serde_json::{Value as Json, json};

    use super::*;
    use crate::collect::github::deadline::Deadline;
    use crate::collect::github::script::Script;
    use crate::evidence::State;

    fn client(answers: &[Json]) -> Client<Script> {
        Client::new(Script::of(answers), 20, Deadline::after(Duration::from_secs(60)), Arc::new(|_| ()))
    }

    fn released(files: &[Json]) -> Answer<Releases> {
        let release = json!({ "tag_name": "v1", "published_at": "2026-01-01T00:00:00Z", "assets": files });
        Answer::Known(Releases::from_rest(vec![serde_json::from_value(release).unwrap()], false))
    }

    fn public() -> Repository {
        Repository {
            visibility: Some("public".into()),
            default_branch: Some("main".into()),
            commit: Some("1".into()),
            ..Repository::default()
        }
    }

    fn states(found: InDepth) -> Vec<State> {
        found.observe("u").into_iter().map(|observation| observation.state).collect()
    }

    #[tokio::test]
    async fn each_question_takes_one_request() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let files = [
            json!({ "name": "SHA256SUMS", "digest": "sha256:bb" }),
            json!({ "name": "widget.tar.gz", "digest": digest }),
        ];
        let client = client(&[
            json!({ "attestations": [{}] }),
            json!({ "verification": { "verified": true } }),
            json!([{}, {}]),
            json!({ "sbom": { "packages": [{}, {}, {}] } }),
        ]);
        let slug = "acme/widget".parse().unwrap();
        let tag = TagObject::Annotated("cc".into());
        let found = InDepth::ask(&client, &slug, &public(), &released(&files), &tag).await;
        let count = |number: i64| State::Observed(number.into());
        assert_eq!(states(found), [State::Observed(true.into()), State::Observed(true.into()), count(2), count(3)]);
        assert_eq!(
            client.transport().asked(),
            [
                format!("/repos/acme/widget/attestations/{digest}"),
                "/repos/acme/widget/git/tags/cc".to_owned(),
                "/repos/acme/widget/activity?activity_type=force_push&time_period=year&per_page=100&ref=refs%2Fheads%2Fmain"
                    .to_owned(),
                "/repos/acme/widget/dependency-graph/sbom".to_owned(),
            ]
        );
    }

    #[test]
    fn a_tag_without_an_object_is_not_signed() {
        let of = |releases: &Answer<Releases>, tag| states(InDepth::not_asked().with_tag(releases, &tag))[1].clone();
        let released = released(&[]);
        assert_eq!(of(&released, TagObject::Lightweight), State::Observed(false.into()));
        assert!(matches!(of(&released, TagObject::Annotated("1".into())), State::Unavailable { .. }));
        assert!(matches!(of(&released, TagObject::Unseen), State::Unavailable { .. }));
        assert_eq!(of(&Answer::Known(Releases::default()), TagObject::Unseen), State::Absent);
    }
}
