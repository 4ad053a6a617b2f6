//! Releases: how many, how recent, with what files.

mod kinds;

use chrono::{DateTime, Days, Utc};

use self::kinds::{FILES, FileKind, PROVENANCE, SIGNATURES, ends_in};
use super::answer::Answer;
use super::figures::{days_between, median};
use super::{query, rest};
use crate::collect::history::percent;
use crate::evidence::{Observation, Place};

/// A release that both APIs tell of.
#[derive(Clone, Debug, Default)]
pub(super) struct Release {
    pub(super) tag: String,
    pub(super) notes: String,
    pub(super) draft: bool,
    pub(super) prerelease: bool,
    /// None where the API in use does not tell it.
    pub(super) immutable: Option<bool>,
    pub(super) published_at: Option<DateTime<Utc>>,
    pub(super) assets: Vec<Asset>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Asset {
    pub(super) name: String,
    pub(super) address: String,
    /// `sha256:` and hexadecimal digits, where the API in use tells it.
    pub(super) digest: Option<String>,
}

/// The latest releases, and how many there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Releases {
    /// At most 30, without drafts, the newest first.
    latest: Vec<Release>,
    count: usize,
    /// Whether there are more than `count`.
    more: bool,
    /// What became of asking the REST API for what it alone tells, immutability and digests, where it gave no answer.
    without_rest: Option<Answer<()>>,
    marked_latest: MarkedLatest,
    source: &'static str,
}

/// The tag of the release that the project marks as its latest.
#[derive(Clone, Debug, Default)]
enum MarkedLatest {
    Tag(String),
    /// No release is marked.
    None,
    /// The API in use does not tell it.
    #[default]
    Untold,
}

/// Release notes count from this many characters on.
const MIN_NOTES: usize = 20;
const YEAR: u64 = 365;
const SOURCE_REST: &str = "GET /repos/{owner}/{repo}/releases?per_page=30";
const SOURCE_GRAPHQL: &str = "GraphQL Repository.releases";

/// All keys that [`Releases::observe`] writes.
pub(super) const KEYS: &[&str] = &[
    "releases.count",
    "releases.latest",
    "releases.latest_on",
    "releases.tags_unique",
    "releases.with_notes_percent",
    "releases.assets",
    "releases.assets_named_by_version_percent",
    "releases.signature_assets",
    "releases.provenance_assets",
    "releases.checksum_assets",
    "releases.sbom_assets",
    "releases.vex_assets",
    "releases.license_assets",
    "releases.immutable",
    "releases.sampled",
    "releases.last_365_days",
    "releases.median_days_between",
    "releases.signed_percent",
    "releases.digests_percent",
    "releases.marked_latest",
];

impl From<rest::Release> for Release {
    fn from(from: rest::Release) -> Self {
        let asset = |asset: rest::Asset| Asset {
            address: asset.browser_download_url.unwrap_or_default(),
            name: asset.name,
            digest: asset.digest.filter(|digest| is_digest(digest)),
        };
        Self {
            tag: from.tag_name,
            notes: from.body.unwrap_or_default(),
            draft: from.draft,
            prerelease: from.prerelease,
            immutable: from.immutable,
            published_at: from.published_at,
            assets: from.assets.into_iter().map(asset).collect(),
        }
    }
}

impl From<query::Release> for Release {
    fn from(from: query::Release) -> Self {
        let assets = from.assets.map(query::List::into_items).unwrap_or_default();
        let asset = |asset: query::Asset| Asset {
            address: asset.download_url.unwrap_or_default(),
            name: asset.name,
            digest: None,
        };
        Self {
            tag: from.tag_name,
            notes: from.description.unwrap_or_default(),
            draft: from.is_draft,
            prerelease: from.is_prerelease,
            immutable: None,
            published_at: from.published_at,
            assets: assets.into_iter().map(asset).collect(),
        }
    }
}

impl Releases {
    /// From a page of the REST API. `more` says that another page follows.
    pub(super) fn from_rest(page: Vec<rest::Release>, more: bool) -> Self {
        let latest = newest_first(page.into_iter().map(Release::from).collect());
        Self {
            count: latest.len(),
            latest,
            more,
            without_rest: None,
            marked_latest: MarkedLatest::Untold,
            source: SOURCE_REST,
        }
    }

    /// From GraphQL, whose total holds the drafts that the token's owner may see.
    pub(super) fn from_graphql(found: query::Releases) -> Self {
        let marked = found.marked_latest.map(|release| release.tag_name);
        let marked_latest = marked.map_or(MarkedLatest::None, MarkedLatest::Tag);
        let list = found.releases;
        let total = list.total_count.and_then(|total| usize::try_from(total).ok());
        let all: Vec<Release> = list.into_items().into_iter().map(Release::from).collect();
        let seen = all.len();
        let latest = newest_first(all);
        let drafts = seen - latest.len();
        let count = total.map_or(latest.len(), |total| total.saturating_sub(drafts));
        Self { count, latest, more: false, without_rest: None, marked_latest, source: SOURCE_GRAPHQL }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.latest.is_empty()
    }

    /// Names of the releases' tags.
    pub(super) fn tags(&self) -> Vec<String> {
        self.latest.iter().map(|release| release.tag.clone()).collect()
    }

    /// Takes over from the REST API's list of the same releases what GraphQL lacks, or why that is not known.
    pub(super) fn learn_from_rest(&mut self, other: &Answer<Self>) {
        let other = match other {
            Answer::Known(other) => other,
            unknown => {
                self.without_rest = Some(unknown.as_ref().map(|_| ()));
                return;
            }
        };
        for release in &mut self.latest {
            let Some(same) = other.latest.iter().find(|other| other.tag == release.tag) else { continue };
            release.immutable = release.immutable.or(same.immutable);
            for asset in &mut release.assets {
                let twin = same.assets.iter().find(|twin| twin.name == asset.name);
                asset.digest = twin.and_then(|twin| twin.digest.clone());
            }
        }
    }

    /// A digest of a file of the latest release that has files, and the tag of that release.
    pub(super) fn digest(&self) -> Option<(&str, &str)> {
        let release = self.latest_with_files()?;
        // What accompanies the files is seldom attested itself.
        let plain = |asset: &&Asset| !FILES.iter().any(|kind| (kind.is)(&asset.name.to_ascii_lowercase()));
        let digest = release.assets.iter().filter(plain).find_map(|asset| asset.digest.as_deref())?;
        Some((digest, release.tag.as_str()))
    }

    /// Whether any release has files.
    pub(super) fn has_files(&self) -> bool {
        self.latest_with_files().is_some()
    }

    /// The tag of the latest release.
    pub(super) fn latest_tag(&self) -> Option<&str> {
        self.latest().map(|release| release.tag.as_str())
    }

    /// The newest that is neither draft nor pre-release, or else the newest.
    fn latest(&self) -> Option<&Release> {
        self.latest.iter().find(|release| !release.prerelease).or(self.latest.first())
    }

    /// The latest release, if it has files, or else the newest that has.
    fn latest_with_files(&self) -> Option<&Release> {
        let with_files = |release: &&Release| !release.assets.is_empty();
        self.latest().filter(with_files).or_else(|| self.latest.iter().find(with_files))
    }

    /// The observations of [`KEYS`]. `url` is the address of the repository's page.
    pub(super) fn observe(&self, url: &str, now: DateTime<Utc>) -> Vec<Observation> {
        let page = || Place::page(format!("{url}/releases"));
        let count = Observation::seen("releases.count", self.count);
        let count = if self.more { count.at_least("at least: only the latest were counted") } else { count };
        let mut observations = vec![count.at(page())];
        observations.extend(self.of_sample().into_iter().map(|observation| observation.at(page())));
        observations.extend(self.of_rhythm(now).into_iter().map(|observation| observation.at(page())));
        observations.push(self.marked_latest().at(page()));
        observations.extend(self.of_latest(url));
        observations.extend(self.of_files(url));
        observations.into_iter().map(|observation| observation.from(self.source)).collect()
    }

    fn of_sample(&self) -> Vec<Observation> {
        let some = !self.latest.is_empty();
        let mut tags = self.tags();
        tags.sort_unstable();
        let all = tags.len();
        tags.dedup();
        let unique = tags.len() == all && tags.iter().all(|tag| tag.chars().any(|c| c.is_ascii_digit()));
        let with_notes = self.latest.iter().filter(|release| release.notes.trim().chars().count() >= MIN_NOTES).count();
        let sample = format!("releases looked at: {all}");
        [
            Observation::seen_or_absent("releases.tags_unique", some.then_some(unique)),
            Observation::seen_or_absent("releases.with_notes_percent", percent(with_notes, all)),
        ]
        .map(|observation| observation.detail(sample.clone()))
        .into()
    }

    /// How often releases come. Pre-releases count too.
    fn of_rhythm(&self, now: DateTime<Utc>) -> Vec<Observation> {
        let days: Vec<DateTime<Utc>> = self.latest.iter().filter_map(|release| release.published_at).collect();
        let year = now.checked_sub_days(Days::new(YEAR)).unwrap_or(DateTime::UNIX_EPOCH);
        let recent = days.iter().filter(|at| **at >= year).count();
        let between = days.iter().zip(days.iter().skip(1)).filter_map(|(newer, older)| days_between(*older, *newer));
        let with_files: Vec<&Release> = self.latest.iter().filter(|release| !release.assets.is_empty()).collect();
        let signed = with_files.iter().filter(|release| release.is_signed()).count();
        let sample = format!("releases looked at: {}", self.latest.len());
        vec![
            Observation::seen("releases.sampled", self.latest.len()),
            Observation::seen("releases.last_365_days", recent).detail(sample.clone()),
            Observation::seen_or_absent("releases.median_days_between", median(between.collect())).detail(sample),
            Observation::seen_or_absent("releases.signed_percent", percent(signed, with_files.len()))
                .detail(format!("releases with files looked at: {}", with_files.len())),
        ]
    }

    fn marked_latest(&self) -> Observation {
        let key = "releases.marked_latest";
        match &self.marked_latest {
            MarkedLatest::Tag(tag) => Observation::seen(key, tag.as_str()),
            MarkedLatest::None => Observation::absent(key),
            MarkedLatest::Untold if self.latest.is_empty() && !self.more => Observation::absent(key),
            MarkedLatest::Untold => Observation::unavailable(key, "the list of the REST API does not tell it"),
        }
    }

    fn of_latest(&self, url: &str) -> Vec<Observation> {
        const LATEST: [&str; 5] = [
            "releases.latest",
            "releases.latest_on",
            "releases.assets",
            "releases.immutable",
            "releases.digests_percent",
        ];
        let named = "releases.assets_named_by_version_percent";
        let Some(latest) = self.latest() else {
            return LATEST.into_iter().chain([named]).map(Observation::absent).collect();
        };
        let with_version = latest.assets.iter().filter(|asset| carries_version(asset, &latest.tag)).count();
        let untold = |key: &str| match &self.without_rest {
            Some(answer) => answer.unknown(key),
            None => Observation::unavailable(key, "GitHub did not tell it"),
        };
        let immutable = latest
            .immutable
            .map_or_else(|| untold("releases.immutable"), |is| Observation::seen("releases.immutable", is));
        let digests = latest.assets.iter().filter(|asset| asset.digest.is_some()).count();
        let digests = match percent(digests, latest.assets.len()) {
            // Whoever tells no immutability tells no digests either.
            Some(0) if latest.immutable.is_none() => untold("releases.digests_percent"),
            share => Observation::seen_or_absent("releases.digests_percent", share),
        };
        let observations = [
            Observation::seen("releases.latest", latest.tag.as_str()),
            Observation::seen_or_absent("releases.latest_on", latest.published_at.map(|at| at.date_naive())),
            Observation::seen("releases.assets", latest.assets.len()),
            immutable,
            digests,
            Observation::seen_or_absent(named, percent(with_version, latest.assets.len())),
        ];
        observations.into_iter().map(|observation| observation.at(place(url, latest))).collect()
    }

    fn of_files(&self, url: &str) -> Vec<Observation> {
        let release = self.latest_with_files();
        let observe = |FileKind { key, is }: &FileKind| {
            let names = release.map(|release| {
                let names = release.assets.iter().map(|asset| asset.name.as_str());
                names.filter(|name| is(&name.to_ascii_lowercase())).map(str::to_owned).collect::<Vec<_>>()
            });
            let observation = Observation::list(*key, names.unwrap_or_default());
            match release {
                Some(release) => observation.at(place(url, release).noted(format!("release {}", release.tag))),
                None => observation,
            }
        };
        FILES.iter().map(observe).collect()
    }
}

impl Release {
    /// Whether a file carries a signature or the provenance of the others, by its name.
    fn is_signed(&self) -> bool {
        let names = self.assets.iter().map(|asset| asset.name.to_ascii_lowercase());
        names.into_iter().any(|name| ends_in(&name, SIGNATURES) || ends_in(&name, PROVENANCE))
    }
}

/// Whether it is a digest that may stand in a path.
fn is_digest(text: &str) -> bool {
    text.split_once(':').is_some_and(|(algorithm, hash)| {
        matches!(algorithm, "sha256" | "sha512")
            && hash.len() <= 128
            && !hash.is_empty()
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Whether an asset's name or address carries the version that its release's tag names.
fn carries_version(asset: &Asset, tag: &str) -> bool {
    let version = tag.trim_start_matches(|c: char| !c.is_ascii_digit());
    let in_name = !version.is_empty() && asset.name.contains(version);
    let address = asset.address.replace("%2B", "+").replace("%2F", "/").replace("%40", "@");
    in_name || address.contains(&format!("/{tag}/"))
}

fn place(url: &str, release: &Release) -> Place {
    Place::page(format!("{url}/releases/tag/{}", encode(&release.tag)))
}

/// Encodes a name for the path of an address, with `/` too.
pub(super) fn encode(name: &str) -> String {
    url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Without drafts, the newest first; what has no date comes last.
fn newest_first(mut releases: Vec<Release>) -> Vec<Release> {
    releases.retain(|release| !release.draft);
    releases.sort_by_key(|release| std::cmp::Reverse(release.published_at));
    releases
}

#[cfg(test)]
mod tests;
