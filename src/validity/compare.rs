//! What changed between an earlier snapshot and this one, written into this one as the days of changes.
//!
//! So a snapshot stays complete in itself: whoever assesses it later, with no earlier one at hand, comes to the same. Only
//! what both snapshots know is compared; a token that sees more or less changes nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::collect::files::{note, roster};
use crate::collect::versions;
use crate::evidence::{
    By, Compared, Event, Events, Evidence, Observation, Reading, SUBJECT_OWNER, Share, State, Value,
};

/// The longest text about what changed, in characters.
const LONGEST: usize = 200;

/// This snapshot with the days of changes that an earlier one of the same subject tells.
///
/// A change that is dated already, by the history of git, keeps its day. Any other gets the day after the earlier
/// snapshot: it cannot have been sooner. What the earlier one knew of changes before it is kept.
#[must_use]
pub fn since(earlier: &Evidence, mut now: Evidence) -> Evidence {
    if earlier.collected_at >= now.collected_at {
        return now;
    }
    for event in Events::built_in().all() {
        let observation = match different(event, earlier, &now) {
            Some(what) => Some(dated(event, &what, earlier, &now)),
            None => carried(event, earlier, &now),
        };
        if let Some(observation) = observation {
            put(&mut now, observation);
        }
    }
    now
}

fn put(evidence: &mut Evidence, observation: Observation) {
    match evidence.observations.iter_mut().find(|present| present.key == observation.key) {
        Some(present) => *present = observation,
        None => {
            evidence.observations.push(observation);
            evidence.observations.sort_by(|left, right| left.key.cmp(&right.key));
        }
    }
}

fn day(evidence: &Evidence, key: &str) -> Option<NaiveDate> {
    match evidence.get(key)?.value()? {
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn dated(event: &Event, what: &str, earlier: &Evidence, now: &Evidence) -> Observation {
    let present = day(now, &event.changed).filter(|day| *day > earlier.collected_on());
    if let Some(observation) = present.and_then(|_| now.get(&event.changed)) {
        return observation.clone();
    }
    let (from, to) = (earlier.collected_on(), now.collected_on());
    let next = from.succ_opt().unwrap_or(from);
    Observation::seen(event.changed.as_str(), next)
        .detail(note::quotation(&format!("between {from} and {to}: {what}"), LONGEST))
        .from(format!("comparison with the snapshot of {from}"))
}

/// What the earlier snapshot knew, where this one does not know as much.
fn carried(event: &Event, earlier: &Evidence, now: &Evidence) -> Option<Observation> {
    let before = day(earlier, &event.changed)?;
    let later = day(now, &event.changed).is_none_or(|present| present < before);
    later.then(|| earlier.get(&event.changed).cloned()).flatten()
}

/// What of an event differs between two snapshots, in words.
fn different(event: &Event, earlier: &Evidence, now: &Evidence) -> Option<String> {
    let anchor = event.anchor.iter().filter_map(|key| match event.reading {
        Reading::Layout => restructured(key, event.share, earlier, now),
        Reading::People => roster::different(&digests(list(earlier, key)?), &digests(list(now, key)?), event.share),
        Reading::Text | Reading::Workflow => files(key, earlier, now),
    });
    let compared = event.compare.iter().filter_map(|compared| value(compared, earlier, now));
    let all: Vec<String> = anchor.chain(compared).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// An observation that both know, and whose values differ. What is not there is a value too.
fn value(compared: &Compared, earlier: &Evidence, now: &Evidence) -> Option<String> {
    if compared.key == SUBJECT_OWNER {
        let owner = |evidence: &Evidence| {
            let is_lasting = crate::evidence::Subject::is_lasting(&evidence.subject.id);
            let owner = evidence.subject.id.rsplit_once('/').map(|(owner, _)| owner.to_ascii_lowercase());
            owner.filter(|_| is_lasting)
        };
        let (was, is) = (owner(earlier)?, owner(now)?);
        return (was != is).then(|| format!("the owner is {is}, was {was}"));
    }
    let (was, is) = (known(earlier, &compared.key)?, known(now, &compared.key)?);
    let differs = match compared.by {
        By::Value => was != is,
        By::Major => match (versions::series(&was), versions::series(&is)) {
            (Some(was), Some(is)) => is > was,
            _ => false,
        },
    };
    differs.then(|| format!("{} is {is}, was {was}", compared.key))
}

fn known(evidence: &Evidence, key: &str) -> Option<String> {
    match &evidence.get(key)?.state {
        State::Observed(Value::List(items)) => {
            let mut items = items.clone();
            items.sort();
            Some(items.join(", "))
        }
        State::Observed(value) => Some(value.to_string()),
        State::Absent => Some("not there".to_owned()),
        _ => None,
    }
}

/// The list of an anchor, which is empty where there is nothing; none where it is not known.
fn list<'e>(evidence: &'e Evidence, key: &str) -> Option<&'e [String]> {
    match &evidence.get(key)?.state {
        State::Observed(Value::List(items)) => Some(items),
        State::Absent => Some(&[]),
        _ => None,
    }
}

/// The paths of an anchor, each with what stands of it.
fn digests(items: &[String]) -> BTreeMap<String, String> {
    items.iter().filter_map(|item| item.rsplit_once(' ')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
}

/// The files that came, went or say something else.
fn files(key: &str, earlier: &Evidence, now: &Evidence) -> Option<String> {
    let (was, is) = (digests(list(earlier, key)?), digests(list(now, key)?));
    // A digest of words and one of bytes are not comparable: the file could not be read once.
    let comparable =
        |was: &str, is: &str| was.split_once(':').map(|(kind, _)| kind) == is.split_once(':').map(|(kind, _)| kind);
    let mut changed: Vec<&str> = is
        .iter()
        .filter(|(path, digest)| was.get(*path).is_none_or(|old| old != *digest && comparable(old, digest)))
        .map(|(path, _)| path.as_str())
        .collect();
    changed.extend(was.keys().filter(|path| !is.contains_key(*path)).map(String::as_str));
    (!changed.is_empty()).then(|| changed.join(", "))
}

fn restructured(key: &str, share: Option<Share>, earlier: &Evidence, now: &Evidence) -> Option<String> {
    let (was, is) = (list(earlier, key)?, list(now, key)?);
    let came = is.iter().filter(|folder| !was.contains(folder)).count();
    let went = was.iter().filter(|folder| !is.contains(folder)).count();
    let all = is.len() + went;
    let moved = came + went;
    crate::collect::files::anchors::is_restructured(share, moved, all)
        .then(|| format!("{moved} of {all} folders came or went"))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::evidence::{Access, Sheet, Subject};

    fn evidence(on: &str, observations: Vec<Observation>) -> Evidence {
        let mut sheet = Sheet::new();
        sheet.put_all(observations);
        let subject = Subject { id: "github.com/acme/widget".into(), ..Subject::default() };
        let at = format!("{on}T12:00:00Z").parse::<DateTime<chrono::Utc>>().unwrap();
        sheet.into_evidence(subject, Access::Read, 0, at, |_| State::Unavailable { reason: "test".into() })
    }

    fn texts(items: &[&str]) -> Vec<String> {
        items.iter().map(|item| (*item).to_owned()).collect()
    }

    fn fired(earlier: Vec<Observation>, now: Vec<Observation>) -> Vec<(String, String)> {
        let now = since(&evidence("2026-03-01", earlier), evidence("2026-06-01", now));
        let events = Events::built_in().all().iter();
        events.filter_map(|event| Some((event.id.clone(), day(&now, &event.changed)?.to_string()))).collect()
    }

    #[test]
    fn what_differs_fires_its_event_and_no_other() {
        let seen = |key: &str, value: Value| vec![Observation::seen(key, value)];
        for (key, was, is, event) in [
            ("default_branch.required_approvals", Value::Count(2), Value::Count(1), "branch-rules-changed"),
            ("repo.owner_type", "user".into(), "organization".into(), "ownership-changed"),
            ("repo.archived", false.into(), true.into(), "archived"),
            ("repo.main_language", "C".into(), "Rust".into(), "code-restructured"),
            ("tags.latest_version", "v1.9.0".into(), "v2.0.0".into(), "major-release"),
            (
                "dependencies.ecosystems",
                texts(&["npm"]).into(),
                texts(&["npm", "cargo"]).into(),
                "dependencies-changed",
            ),
            (
                "anchors.security_policy",
                texts(&["SECURITY.md text:a"]).into(),
                texts(&["SECURITY.md text:b"]).into(),
                "security-policy-changed",
            ),
            (
                "anchors.workflows",
                texts(&["w.yml text:a"]).into(),
                texts(&["v.yml text:a"]).into(),
                "workflows-changed",
            ),
            (
                "anchors.maintainers",
                texts(&["OWNERS people:0a,0b,0c"]).into(),
                texts(&["OWNERS people:0a,0b,0d"]).into(),
                "maintainers-changed",
            ),
            (
                "anchors.layout",
                texts(&["a", "b", "c", "d"]).into(),
                texts(&["a", "x", "y", "d"]).into(),
                "code-restructured",
            ),
        ] {
            let fired = fired(seen(key, was), seen(key, is));
            assert_eq!(fired, [(event.to_owned(), "2026-03-02".to_owned())], "{key}");
        }
    }

    #[test]
    fn what_is_not_known_twice_or_counts_for_nothing_fires_nothing() {
        let seen = |key: &str, value: Value| vec![Observation::seen(key, value)];
        for (was, is) in [
            (vec![Observation::not_permitted("repo.archived", "x")], seen("repo.archived", true.into())),
            (seen("tags.latest_version", "v1.2.0".into()), seen("tags.latest_version", "v1.9.0".into())),
            (seen("tags.latest_version", "v2.0.0".into()), seen("tags.latest_version", "v1.9.0".into())),
            (
                seen("anchors.license", texts(&["COPYING blob:a"]).into()),
                seen("anchors.license", texts(&["COPYING text:b"]).into()),
            ),
            (
                seen("anchors.maintainers", texts(&["OWNERS people:0a,0b,0c"]).into()),
                seen("anchors.maintainers", texts(&["OWNERS people:0a,0b,0c,0d"]).into()),
            ),
            (
                seen("dependencies.ecosystems", texts(&["a", "b"]).into()),
                seen("dependencies.ecosystems", texts(&["b", "a"]).into()),
            ),
        ] {
            assert!(fired(was, is).is_empty());
        }
    }

    #[test]
    fn known_days_are_kept_and_carried_on() {
        let seen = |on: &str| Observation::seen("changes.license", on);
        let text = |digest: &str| Observation::seen("anchors.license", texts(&[&format!("COPYING text:{digest}")]));
        let of = |was, is| fired(was, is);
        assert_eq!(of(vec![text("a")], vec![text("b"), seen("2026-05-05")])[0].1, "2026-05-05", "git knows the day");
        assert_eq!(of(vec![text("a"), seen("2026-01-01")], vec![text("a")])[0].1, "2026-01-01", "carried on");
        assert_eq!(of(vec![text("a"), seen("2026-01-01")], vec![text("b")])[0].1, "2026-03-02", "the later one counts");
        let (old, now) = (evidence("2026-06-01", vec![text("a")]), evidence("2026-03-01", vec![text("b")]));
        assert_eq!(since(&old, now.clone()), now, "a later snapshot tells nothing");
    }

    #[test]
    fn another_owner_is_told() {
        let mut moved = evidence("2026-06-01", Vec::new());
        moved.subject.id = "github.com/other/widget".into();
        let now = since(&evidence("2026-03-01", Vec::new()), moved);
        let observation = now.get("changes.ownership").unwrap();
        assert!(observation.detail.as_ref().unwrap().contains("the owner is github.com/other"), "{observation:?}");
    }
}
