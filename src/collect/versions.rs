//! Versions that tags name, told from their names alone.

use semver::Version;

use super::history::percent;
use crate::evidence::Observation;

/// How many of the latest tags the share of versions is told from.
const SAMPLE: usize = 200;

/// The version that a tag names: `v1.2.3`, `1.2`, `release-1.2.3`, `widget/v1.2.3`, `widget-1_2_3`.
pub(super) fn version(tag: &str) -> Option<Version> {
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
    Version::parse(&format!("{}{rest}", parts.join("."))).ok()
}

/// The first year that a number can be, rather than a major version.
const FIRST_YEAR: u64 = 1990;

/// The series of compatible versions to which a tag belongs: its major version, of versions 0.x the minor one too. None for
/// pre-releases, and for versions that are years.
pub(crate) fn series(tag: &str) -> Option<(u64, u64)> {
    let version = version(tag).filter(|version| version.pre.is_empty() && version.major < FIRST_YEAR)?;
    Some((version.major, if version.major == 0 { version.minor } else { 0 }))
}

/// What the names of tags tell, the newest first: the highest version, and how many are versions at all.
pub(super) fn observe(names: &[&str]) -> [Observation; 2] {
    let versions = names.iter().filter_map(|name| Some((*name, version(name)?)));
    let highest = versions
        .max_by(|(_, left), (_, right)| left.pre.is_empty().cmp(&right.pre.is_empty()).then_with(|| left.cmp(right)));
    let sample = names.len().min(SAMPLE);
    let versioned = names.iter().take(SAMPLE).filter(|name| version(name).is_some()).count();
    [
        Observation::seen_or_absent("tags.latest_version", highest.map(|(name, _)| name)),
        Observation::seen_or_absent("tags.versioned_percent", percent(versioned, sample))
            .detail(format!("{versioned} of {sample}")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_told_by_what_breaks() {
        for (tag, expected) in [
            ("v1.2.3", Some((1, 0))),
            ("v1.9.0", Some((1, 0))),
            ("v0.3.1", Some((0, 3))),
            ("v2.0.0-rc.1", None),
            ("2026.02.19", None),
            ("latest", None),
        ] {
            assert_eq!(series(tag), expected, "{tag}");
        }
    }

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

    #[test]
    fn the_highest_release_goes_before_previews() {
        let seen = |names: &[&str], position: usize| observe(names)[position].value().map(ToString::to_string);
        assert_eq!(seen(&["v2.0.0-rc.1", "v1.9.0", "v1.10.0", "nightly"], 0).as_deref(), Some("v1.10.0"));
        assert_eq!(seen(&["v2.0.0-rc.1"], 0).as_deref(), Some("v2.0.0-rc.1"));
        assert_eq!(seen(&["nightly"], 0), None);
        assert_eq!(seen(&["v1.0.0", "v1.1.0", "nightly"], 1).as_deref(), Some("66"));
        assert_eq!(seen(&[], 1), None);
    }

    proptest::proptest! {
        #[test]
        fn any_tag_is_read(tag in "\\PC{0,40}") {
            let _ = version(&tag);
        }
    }
}
