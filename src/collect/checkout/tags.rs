//! The tags of a repository: versions, dates, and whether they are signed.

use chrono::{DateTime, NaiveDate};
use gix::Repository;

use crate::collect::history;
use crate::evidence::{Observation, Sheet};

/// The most tags that are read.
const MAX_TAGS: usize = 20_000;
/// How many of the latest tags the share of versions is told from.
const VERSIONED_SAMPLE: usize = 200;
/// How many of the latest version tags the share of signatures is told from.
const SIGNED_SAMPLE: usize = 30;

/// A tag.
pub(super) struct Tag {
    pub(super) name: String,
    /// Seconds since 1970: the tagger's time, or the commit's.
    time: i64,
    signed: bool,
    version: Option<semver::Version>,
}

/// Reads the tags, the latest first.
pub(super) fn read(repository: &Repository) -> Vec<Tag> {
    let Ok(references) = repository.references() else { return Vec::new() };
    let Ok(tags) = references.tags() else { return Vec::new() };
    let mut tags: Vec<Tag> =
        tags.filter_map(Result::ok).take(MAX_TAGS).filter_map(|reference| tag(repository, &reference)).collect();
    tags.sort_by(|left, right| right.time.cmp(&left.time).then_with(|| right.name.cmp(&left.name)));
    tags
}

fn tag(repository: &Repository, reference: &gix::Reference<'_>) -> Option<Tag> {
    let name = reference.name().shorten().to_string();
    let object = repository.find_object(reference.try_id()?).ok()?;
    let (time, signed) = if object.kind == gix::objs::Kind::Tag {
        let tag = object.try_into_tag().ok()?;
        let decoded = tag.decode().ok()?;
        let tagger = decoded.tagger().ok().flatten().and_then(|tagger| tagger.time().ok()).map(|time| time.seconds);
        let time = tagger.or_else(|| commit_time(repository, decoded.target()));
        (time.unwrap_or(0), decoded.signature.is_some())
    } else {
        (commit_time(repository, object.id).unwrap_or(0), false)
    };
    let version = version(&name);
    Some(Tag { name, time, signed, version })
}

fn commit_time(repository: &Repository, id: gix::ObjectId) -> Option<i64> {
    Some(repository.find_commit(id).ok()?.time().ok()?.seconds)
}

/// The version that a tag names: `v1.2.3`, `1.2`, `release-1.2.3`, `widget/v1.2.3`, `widget-1_2_3`.
pub(crate) fn version(tag: &str) -> Option<semver::Version> {
    let start = tag.rfind('/').map_or(0, |slash| slash + 1);
    let name = tag.get(start..)?;
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let prefix = name.get(..digits)?;
    if !prefix.chars().all(|c| c.is_alphabetic() || "-_.@".contains(c)) {
        return None;
    }
    let number = name.get(digits..)?;
    let is_joined_by_underscores = number.contains('_') && number.chars().all(|c| c == '_' || c.is_ascii_digit());
    let number = if is_joined_by_underscores { number.replace('_', ".") } else { number.to_owned() };
    let (core, rest) = number.split_at(number.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(number.len()));
    let mut parts: Vec<&str> = core
        .split('.')
        .map(|part| part.trim_start_matches('0'))
        .map(|part| if part.is_empty() { "0" } else { part })
        .collect();
    if parts.len() < 2 || parts.len() > 4 {
        return None;
    }
    parts.resize(3, "0");
    let rest = if rest.is_empty() || rest.starts_with(['-', '+']) { rest.to_owned() } else { format!("-{rest}") };
    semver::Version::parse(&format!("{}{rest}", parts.join("."))).ok()
}

/// Writes what the tags tell.
pub(super) fn observe(tags: &[Tag], shallow: bool, sheet: &mut Sheet) {
    if shallow {
        for key in [
            "tags.count",
            "tags.latest_version",
            "tags.latest_version_on",
            "tags.versioned_percent",
            "tags.signed_percent",
        ] {
            sheet.put(Observation::unavailable(
                key,
                "the clone is shallow and may lack tags; fetch all of them with `git fetch --unshallow --tags`",
            ));
        }
        return;
    }
    let from = |observation: Observation| observation.from("git refs/tags");
    sheet.put(from(Observation::seen("tags.count", tags.len())));
    let highest = tags
        .iter()
        .filter_map(|tag| Some((tag, tag.version.as_ref()?)))
        .max_by(|(_, left), (_, right)| left.pre.is_empty().cmp(&right.pre.is_empty()).then_with(|| left.cmp(right)));
    sheet.put(from(Observation::seen_or_absent("tags.latest_version", highest.map(|(tag, _)| tag.name.clone()))));
    sheet.put(from(Observation::seen_or_absent("tags.latest_version_on", highest.and_then(|(tag, _)| day(tag.time)))));
    let sample: Vec<&Tag> = tags.iter().take(VERSIONED_SAMPLE).collect();
    let versioned = sample.iter().filter(|tag| tag.version.is_some()).count();
    sheet.put(from(percent("tags.versioned_percent", versioned, sample.len())));
    let sample: Vec<&Tag> = tags.iter().filter(|tag| tag.version.is_some()).take(SIGNED_SAMPLE).collect();
    let signed = sample.iter().filter(|tag| tag.signed).count();
    sheet.put(from(percent("tags.signed_percent", signed, sample.len())));
}

/// A share in percent, rounded down, with the size of its sample; absent where there is nothing to count.
fn percent(key: &str, part: usize, whole: usize) -> Observation {
    Observation::seen_or_absent(key, history::percent(part, whole)).detail(format!("{part} of {whole}"))
}

/// The day of a time in seconds since 1970, in UTC.
fn day(seconds: i64) -> Option<NaiveDate> {
    DateTime::from_timestamp(seconds, 0).map(|time| time.date_naive())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_versions_or_not() {
        for (tag, expected) in [
            ("v1.2.3", Some("1.2.3")),
            ("1.2", Some("1.2.0")),
            ("release-2.0.0-rc.1", Some("2.0.0-rc.1")),
            ("widget/v1.2.3", Some("1.2.3")),
            ("widget@1.2.3", Some("1.2.3")),
            ("v1.2.3rc1", Some("1.2.3-rc1")),
            ("v2024.01.05", Some("2024.1.5")),
            ("widget-8_15_0", Some("8.15.0")),
            ("widget-8_15_0-rc1", None),
            ("v1", None),
            ("nightly", None),
            ("2024-01-05", None),
            ("", None),
        ] {
            assert_eq!(version(tag).map(|version| version.to_string()).as_deref(), expected, "{tag}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_tag_is_read(tag in "\\PC{0,40}") {
            let _ = version(&tag);
        }
    }
}
