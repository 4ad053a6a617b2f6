use serde_json::json;

use super::*;
use crate::evidence::{State, Value};

fn release(tag: &str, day: u32, assets: &[&str]) -> rest::Release {
    let assets: Vec<_> = assets
        .iter()
        .map(|name| json!({ "name": name, "browser_download_url": format!("https://github.com/a/b/releases/download/{tag}/{name}") }))
        .collect();
    serde_json::from_value(json!({
        "tag_name": tag, "body": "What has changed since the last one", "published_at": format!("2026-01-{day:02}T00:00:00Z"),
        "assets": assets, "immutable": true,
    }))
    .unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

fn state(releases: &Releases, key: &str) -> State {
    let found = releases.observe("https://github.com/a/b", now()).into_iter().find(|found| found.key == key);
    found.unwrap_or_else(|| panic!("{key}")).state
}

fn seen(value: impl Into<Value>) -> State {
    State::Observed(value.into())
}

#[test]
fn no_releases_are_none_and_nothing_else() {
    let releases = Releases::from_rest(Vec::new(), false);
    assert_eq!(state(&releases, "releases.count"), seen(0_i64));
    let counts = ["releases.count", "releases.sampled", "releases.last_365_days"];
    for key in KEYS.iter().filter(|key| !counts.contains(*key)) {
        assert_eq!(state(&releases, key), State::Absent, "{key}");
    }
}

#[test]
fn the_latest_is_the_newest_full_release() {
    let draft = rest::Release { draft: true, ..release("v9", 30, &[]) };
    let preview = rest::Release { prerelease: true, ..release("v3-rc.1", 20, &[]) };
    let list = vec![release("v1", 1, &[]), draft, preview.clone(), release("v2", 10, &["b.zip"])];
    let releases = Releases::from_rest(list, false);
    assert_eq!(state(&releases, "releases.count"), seen(3_i64));
    assert_eq!(state(&releases, "releases.latest"), seen("v2"));
    assert_eq!(state(&releases, "releases.latest_on"), seen("2026-01-10"));
    assert_eq!(state(&releases, "releases.immutable"), seen(true));
    assert_eq!(state(&Releases::from_rest(vec![preview], false), "releases.latest"), seen("v3-rc.1"));
}

#[test]
fn files_come_from_the_latest_release_that_has_some() {
    let releases = Releases::from_rest(vec![release("v2", 2, &[]), release("v1", 1, &["a.tar.gz.asc"])], false);
    assert_eq!(state(&releases, "releases.assets"), seen(0_i64));
    assert_eq!(state(&releases, "releases.assets_named_by_version_percent"), State::Absent);
    assert_eq!(state(&releases, "releases.signature_assets"), seen(vec!["a.tar.gz.asc".to_owned()]));
}

#[test]
fn tags_and_notes_are_looked_at() {
    let short = rest::Release { body: Some("  Fixes.  ".to_owned()), ..release("v2", 2, &[]) };
    let releases = Releases::from_rest(vec![release("v1", 1, &[]), short.clone()], false);
    assert_eq!(state(&releases, "releases.tags_unique"), seen(true));
    assert_eq!(state(&releases, "releases.with_notes_percent"), seen(50_i64));
    assert_eq!(state(&Releases::from_rest(vec![short.clone(), short], false), "releases.tags_unique"), seen(false));
    assert_eq!(
        state(&Releases::from_rest(vec![release("nightly", 1, &[])], false), "releases.tags_unique"),
        seen(false)
    );
}

#[test]
fn drafts_do_not_count_in_the_total() {
    let found = serde_json::from_value(
        json!({ "latestRelease": { "tagName": "v1" }, "releases": { "totalCount": 41, "nodes": [
        { "tagName": "v2", "isDraft": true, "isPrerelease": false },
        {
            "tagName": "v1", "isDraft": false, "isPrerelease": false, "publishedAt": "2026-01-01T00:00:00Z",
            "releaseAssets": { "nodes": [{ "name": "a.zip" }, { "name": "b.zip" }] },
        },
    ] } }),
    );
    let mut releases = Releases::from_graphql(found.unwrap());
    assert_eq!(state(&releases, "releases.marked_latest"), seen("v1"));
    assert!(matches!(state(&releases, "releases.digests_percent"), State::Unavailable { .. }));
    assert_eq!(state(&releases, "releases.count"), seen(40_i64));
    assert!(matches!(state(&releases, "releases.immutable"), State::Unavailable { .. }));
    releases.learn_from_rest(&Answer::failed("HTTP 502"));
    let failed = State::Failed { reason: "HTTP 502".to_owned() };
    assert_eq!(state(&releases, "releases.immutable"), failed);
    assert_eq!(state(&releases, "releases.digests_percent"), failed);
    let mut twin = release("v1", 1, &["a.zip", "b.zip"]);
    twin.assets[1].digest = Some("sha256:0a1b".to_owned());
    releases.learn_from_rest(&Answer::Known(Releases::from_rest(vec![twin], false)));
    assert_eq!(state(&releases, "releases.immutable"), seen(true));
    assert_eq!(state(&releases, "releases.digests_percent"), seen(50_i64));
    assert_eq!(releases.digest(), Some(("sha256:0a1b", "v1")));
}

#[test]
fn files_are_told_by_their_names() {
    let kinds = |name: &str| -> Vec<&str> {
        let name = name.to_ascii_lowercase();
        FILES.iter().filter(|kind| (kind.is)(&name)).map(|kind| kind.key).collect()
    };
    for (name, expected) in [
        ("widget-1.0.tar.gz.asc", &["releases.signature_assets"][..]),
        ("widget.sigstore.json", &["releases.signature_assets"]),
        ("multiple.intoto.jsonl", &["releases.provenance_assets"]),
        ("SHA256SUMS", &["releases.checksum_assets"]),
        ("sha512sum.txt", &["releases.checksum_assets"]),
        ("checksums.txt", &["releases.checksum_assets"]),
        ("widget_1.0_checksums.txt", &["releases.checksum_assets"]),
        ("widget.zip.sha256", &["releases.checksum_assets"]),
        ("SHA256SUMS.sig", &["releases.signature_assets"]),
        ("widget.spdx.json", &["releases.sbom_assets"]),
        ("widget.cdx.xml", &["releases.sbom_assets"]),
        ("bom.json", &["releases.sbom_assets"]),
        ("widget-sbom.json", &["releases.sbom_assets"]),
        ("openvex.json", &["releases.vex_assets"]),
        ("widget.vex.json", &["releases.vex_assets"]),
        ("LICENSE-MIT.txt", &["releases.license_assets"]),
        ("NOTICE", &["releases.license_assets"]),
        ("convex-1.0.zip", &[]),
        ("sbomb.exe", &[]),
        ("licensed-widget.zip", &[]),
        ("widget-1.0.zip", &[]),
    ] {
        assert_eq!(kinds(name), expected, "{name}");
    }
}

#[test]
fn versions_are_found_in_names_and_addresses() {
    let asset = |name: &str, address: &str| Asset { name: name.to_owned(), address: address.to_owned(), digest: None };
    assert!(carries_version(&asset("widget-1.2.0.zip", ""), "v1.2.0"));
    assert!(carries_version(&asset("widget.zip", "https://x/download/v1.2.0/widget.zip"), "v1.2.0"));
    assert!(carries_version(&asset("widget.zip", "https://x/download/pkg%2Fv1%2B2/widget.zip"), "pkg/v1+2"));
    assert!(!carries_version(&asset("widget-1.1.0.zip", "https://x/y/widget-1.1.0.zip"), "v1.2.0"));
    assert!(!carries_version(&asset("widget.zip", ""), "nightly"));
}

#[test]
fn places_are_encoded() {
    let releases = Releases::from_rest(vec![release("pkg/v1 a", 1, &[])], false);
    let found =
        releases.observe("https://github.com/a/b", now()).into_iter().find(|found| found.key == "releases.latest");
    let link = found.unwrap().places.remove(0).link.unwrap();
    assert_eq!(link, "https://github.com/a/b/releases/tag/pkg%2Fv1%20a");
}

#[test]
fn the_rhythm_and_the_signatures_of_releases_are_told() {
    let old =
        rest::Release { published_at: Some("2025-01-01T00:00:00Z".parse().unwrap()), ..release("v0", 1, &["a.zip"]) };
    let list =
        vec![release("v3", 21, &["a.zip", "a.zip.sig"]), release("v2", 11, &[]), release("v1", 1, &["a.zip"]), old];
    let releases = Releases::from_rest(list, false);
    assert_eq!(state(&releases, "releases.sampled"), seen(4_i64));
    assert_eq!(state(&releases, "releases.last_365_days"), seen(3_i64));
    assert_eq!(state(&releases, "releases.median_days_between"), seen(10_i64));
    assert_eq!(state(&releases, "releases.signed_percent"), seen(33_i64));
    assert!(matches!(state(&releases, "releases.marked_latest"), State::Unavailable { .. }));
}

#[test]
fn digests_that_could_leave_a_path_are_not_taken() {
    for (text, expected) in [
        ("sha256:0a1b", true),
        ("sha512:00", true),
        ("md5:00", false),
        ("sha256:../x", false),
        ("sha256:", false),
        ("0a", false),
    ] {
        assert_eq!(is_digest(text), expected, "{text}");
    }
}
