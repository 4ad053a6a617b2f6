//! Releases: how many, how recent, with what files.

use chrono::{DateTime, Utc};

use super::answer::Answer;
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
}

/// The latest releases, and how many there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Releases {
    /// At most 30, without drafts, the newest first.
    latest: Vec<Release>,
    count: usize,
    /// Whether there are more than `count`.
    more: bool,
    /// Why it is not known which are immutable, where that is so.
    immutable_untold: Option<String>,
    source: &'static str,
}

/// Release notes count from this many characters on.
const MIN_NOTES: usize = 20;
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
];

impl From<rest::Release> for Release {
    fn from(from: rest::Release) -> Self {
        let asset =
            |asset: rest::Asset| Asset { address: asset.browser_download_url.unwrap_or_default(), name: asset.name };
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
        let asset = |asset: query::Asset| Asset { address: asset.download_url.unwrap_or_default(), name: asset.name };
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
        Self { count: latest.len(), latest, more, immutable_untold: None, source: SOURCE_REST }
    }

    /// From GraphQL, whose total holds the drafts that the token's owner may see.
    pub(super) fn from_graphql(list: query::List<query::Release>) -> Self {
        let total = list.total_count.and_then(|total| usize::try_from(total).ok());
        let all: Vec<Release> = list.into_items().into_iter().map(Release::from).collect();
        let seen = all.len();
        let latest = newest_first(all);
        let drafts = seen - latest.len();
        let count = total.map_or(latest.len(), |total| total.saturating_sub(drafts));
        Self { count, latest, more: false, immutable_untold: None, source: SOURCE_GRAPHQL }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.latest.is_empty()
    }

    /// Names of the releases' tags.
    pub(super) fn tags(&self) -> Vec<String> {
        self.latest.iter().map(|release| release.tag.clone()).collect()
    }

    /// Takes over from another list of the same releases whether each is immutable, or why that is not known.
    pub(super) fn learn_immutable(&mut self, other: &Answer<Self>) {
        let other = match other {
            Answer::Known(other) => other,
            Answer::Untold(reason) | Answer::Failed(reason) => {
                self.immutable_untold = Some(reason.clone());
                return;
            }
            Answer::Denied => return,
        };
        for release in &mut self.latest {
            let same = other.latest.iter().find(|other| other.tag == release.tag);
            release.immutable = release.immutable.or(same.and_then(|same| same.immutable));
        }
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
    pub(super) fn observe(&self, url: &str) -> Vec<Observation> {
        let page = || Place::page(format!("{url}/releases"));
        let count = Observation::seen("releases.count", self.count);
        let count = if self.more { count.detail("at least: only the latest were counted") } else { count };
        let mut observations = vec![count.at(page())];
        observations.extend(self.of_sample().into_iter().map(|observation| observation.at(page())));
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

    fn of_latest(&self, url: &str) -> Vec<Observation> {
        const LATEST: [&str; 4] = ["releases.latest", "releases.latest_on", "releases.assets", "releases.immutable"];
        let named = "releases.assets_named_by_version_percent";
        let Some(latest) = self.latest() else {
            return LATEST.into_iter().chain([named]).map(Observation::absent).collect();
        };
        let with_version = latest.assets.iter().filter(|asset| carries_version(asset, &latest.tag)).count();
        let untold = || {
            let reason = self.immutable_untold.as_deref().unwrap_or("GitHub did not tell it");
            Observation::unavailable("releases.immutable", reason)
        };
        let immutable = latest.immutable.map_or_else(untold, |is| Observation::seen("releases.immutable", is));
        let observations = [
            Observation::seen("releases.latest", latest.tag.as_str()),
            Observation::seen_or_absent("releases.latest_on", latest.published_at.map(|at| at.date_naive())),
            Observation::seen("releases.assets", latest.assets.len()),
            immutable,
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

/// A kind of file that accompanies a release, told by its name in lower case.
struct FileKind {
    key: &'static str,
    is: fn(&str) -> bool,
}

const SIGNATURES: &[&str] = &[".sig", ".asc", ".sign", ".minisig", ".sigstore", ".sigstore.json"];
const PROVENANCE: &[&str] = &[".intoto.jsonl", ".provenance", ".attestation", ".build.slsa"];
const CERTIFICATES: &[&str] = &[".pem", ".crt"];

const FILES: &[FileKind] = &[
    FileKind { key: "releases.signature_assets", is: |name| ends_in(name, SIGNATURES) },
    FileKind { key: "releases.provenance_assets", is: |name| ends_in(name, PROVENANCE) },
    FileKind { key: "releases.checksum_assets", is: is_checksum },
    FileKind { key: "releases.sbom_assets", is: is_sbom },
    FileKind { key: "releases.vex_assets", is: |name| has_word(name, "vex") || name.contains("openvex") },
    FileKind { key: "releases.license_assets", is: is_license },
];

fn is_sbom(name: &str) -> bool {
    ["sbom", "spdx", "cdx"].iter().any(|word| has_word(name, word)) || ends_in(name, &["bom.json", "bom.xml"])
}

fn ends_in(name: &str, endings: &[&str]) -> bool {
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Whether a name holds a word, with no letter before it that would make it part of another word.
fn has_word(name: &str, word: &str) -> bool {
    name.match_indices(word).any(|(at, _)| {
        let before = name.get(..at).and_then(|before| before.chars().next_back());
        let after = name.get(at + word.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(char::is_alphabetic) && !after.is_some_and(char::is_alphabetic)
    })
}

/// A list of checksums, or a checksum beside its file; not a signature of one.
fn is_checksum(name: &str) -> bool {
    const ALGORITHMS: [&str; 7] = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "b2"];
    let stem = name.trim_end_matches(".txt");
    let is_sums = |text: &str| {
        ALGORITHMS
            .iter()
            .any(|algorithm| text.ends_with(&format!("{algorithm}sum")) || text.ends_with(&format!("{algorithm}sums")))
    };
    let beside = ALGORITHMS.iter().any(|algorithm| stem.ends_with(&format!(".{algorithm}")));
    let word = ["checksum", "checksums"].iter().any(|word| has_word(stem, word));
    let signature = ends_in(name, SIGNATURES) || ends_in(name, CERTIFICATES);
    !signature && (is_sums(stem) || beside || word)
}

fn is_license(name: &str) -> bool {
    let stem = name.split(['.', '-', '_']).next().unwrap_or_default();
    matches!(stem, "license" | "licenses" | "licence" | "licences" | "copying" | "notice" | "notices" | "unlicense")
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
