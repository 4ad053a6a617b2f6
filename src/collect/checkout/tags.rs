//! The tags of a repository: versions, dates, and whether they are signed.

use chrono::{DateTime, NaiveDate};
use gix::Repository;

use crate::collect::files::note;
use crate::collect::{history, versions};
use crate::evidence::{Observation, Sheet};

/// The most tags that are read.
const MAX_TAGS: usize = 20_000;
/// How many of the latest version tags the share of signatures is told from.
const SIGNED_SAMPLE: usize = 30;

/// A tag.
pub(super) struct Tag {
    pub(super) name: String,
    /// Seconds since 1970: the tagger's time, or the commit's.
    time: i64,
    signed: bool,
    /// The commit that it names in the end. None where it names something else.
    pub(super) commit: Option<gix::ObjectId>,
    /// When it was made, in seconds since 1970. None of a plain tag, which does not tell.
    pub(super) made_at: Option<i64>,
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
    let commit = object.clone().peel_to_commit().ok().map(|commit| commit.id);
    let (time, signed, made_at) = if object.kind == gix::objs::Kind::Tag {
        let tag = object.try_into_tag().ok()?;
        let decoded = tag.decode().ok()?;
        let tagger = decoded.tagger().ok().flatten().and_then(|tagger| tagger.time().ok()).map(|time| time.seconds);
        let time = tagger.or_else(|| commit_time(repository, decoded.target()));
        (time.unwrap_or(0), decoded.signature.is_some(), tagger)
    } else {
        (commit_time(repository, object.id).unwrap_or(0), false, None)
    };
    Some(Tag { name, time, signed, commit, made_at })
}

fn commit_time(repository: &Repository, id: gix::ObjectId) -> Option<i64> {
    Some(repository.find_commit(id).ok()?.time().ok()?.seconds)
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
                "the clone is shallow or incomplete and may lack tags; fetch all of them with `git fetch --unshallow --tags`",
            ));
        }
        return;
    }
    let from = |observation: Observation| observation.from("git refs/tags");
    sheet.put(from(Observation::seen("tags.count", tags.len())));
    let names: Vec<&str> = tags.iter().map(|tag| tag.name.as_str()).collect();
    let [latest, versioned] = versions::observe(&names);
    let highest = latest.value().and_then(|name| tags.iter().find(|tag| name.to_string() == tag.name));
    let on = highest.and_then(|tag| day(tag.time));
    sheet.put(from(Observation::seen_or_absent("tags.latest_version_on", on)));
    sheet.put_all([latest, versioned].map(from));
    let sample: Vec<&Tag> =
        tags.iter().filter(|tag| versions::version(&tag.name).is_some()).take(SIGNED_SAMPLE).collect();
    let signed = sample.iter().filter(|tag| tag.signed).count();
    sheet.put(from(percent("tags.signed_percent", signed, sample.len())));
}

/// Writes when the present major version began: the earliest tag of the series to which the highest version belongs, where
/// there was another series before.
pub(super) fn observe_series(tags: &[Tag], shallow: bool, sheet: &mut Sheet) {
    const KEY: &str = "changes.major_release";
    if shallow {
        return;
    }
    let series = tags.iter().filter_map(|tag| Some((versions::series(&tag.name)?, tag)));
    let Some(highest) = series.clone().map(|(series, _)| series).max() else {
        sheet.put(Observation::absent(KEY).from("git refs/tags"));
        return;
    };
    let first = series.clone().filter(|(series, _)| *series == highest).map(|(_, tag)| tag).min_by_key(|tag| tag.time);
    let has_others = series.clone().any(|(series, _)| series < highest);
    let observation = match first.filter(|_| has_others) {
        Some(tag) => Observation::seen_or_absent(KEY, day(tag.time)).detail(note::quotation(&tag.name, 60)),
        None => Observation::absent(KEY),
    };
    sheet.put(observation.from("git refs/tags"));
}

/// A share in percent, rounded down, with the size of its sample; absent where there is nothing to count.
fn percent(key: &str, part: usize, whole: usize) -> Observation {
    Observation::seen_or_absent(key, history::percent(part, whole)).detail(format!("{part} of {whole}"))
}

/// The day of a time in seconds since 1970, in UTC.
fn day(seconds: i64) -> Option<NaiveDate> {
    DateTime::from_timestamp(seconds, 0).map(|time| time.date_naive())
}
