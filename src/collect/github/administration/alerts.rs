//! Alerts that are open: how many, how severe, and since when. What they say is neither kept nor, for secrets, asked.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::answer::Answer;
use super::super::query::List;
use super::endpoint::{Endpoint, Found, Only, Read, count, earliest, told, unknown, whole_count};
use crate::evidence::{Access, Observation, Place};

const CODE_KEYS: [&str; 4] = [
    "security.code_scanning_alerts_open",
    "security.code_scanning_alerts_critical",
    "security.code_scanning_alerts_high",
    "security.oldest_code_scanning_alert_on",
];
const SECRET_KEYS: [&str; 3] =
    ["security.secret_alerts_open", "security.secret_alerts_bypassed", "security.oldest_secret_alert_on"];
const SCAN_KEYS: [&str; 2] = ["security.latest_code_scan_on", "security.code_scanning_tool"];
/// Keys of [`observe`].
pub(super) const DEPENDABOT_KEYS: [&str; 4] = [
    "security.dependabot_alerts_open",
    "security.dependabot_alerts_critical",
    "security.dependabot_alerts_high",
    "security.oldest_dependabot_alert_on",
];

pub(super) const CODE_SCANNING: Endpoint = Endpoint {
    path: "/code-scanning/alerts?state=open&sort=created&direction=asc&per_page=100",
    page: "/security/code-scanning",
    keys: &CODE_KEYS,
    least: Access::Write,
    scopes: &["repo", "public_repo", "security_events"],
    only: Only::Always,
    read: code_scanning,
    lacking: false,
};

pub(super) const SECRET_SCANNING: Endpoint = Endpoint {
    path: "/secret-scanning/alerts?state=open&hide_secret=true&sort=created&direction=asc&per_page=100",
    page: "/security/secret-scanning",
    keys: &SECRET_KEYS,
    least: Access::Admin,
    scopes: &["repo", "public_repo", "security_events"],
    only: Only::Always,
    read: secret_scanning,
    lacking: false,
};

pub(super) const LATEST_SCAN: Endpoint = Endpoint {
    path: "/code-scanning/analyses?per_page=1",
    page: "/security/code-scanning",
    keys: &SCAN_KEYS,
    least: Access::Write,
    scopes: &["repo", "public_repo", "security_events"],
    only: Only::Always,
    read: latest_scan,
    lacking: false,
};

#[derive(Deserialize)]
struct CodeAlert {
    created_at: DateTime<Utc>,
    rule: Rule,
}

#[derive(Deserialize)]
struct Rule {
    /// low, medium, high or critical; null for rules that do not speak of security.
    security_severity_level: Option<String>,
}

fn code_scanning(found: Found) -> Read {
    let more = found.more;
    let alerts: Vec<CodeAlert> = found.read()?;
    let of = |level: &str| {
        alerts.iter().filter(|alert| alert.rule.security_severity_level.as_deref() == Some(level)).count()
    };
    // The oldest come first, so that the first page tells their day.
    Ok(vec![
        count(CODE_KEYS[0], alerts.len(), more),
        whole_count(CODE_KEYS[1], of("critical"), more),
        whole_count(CODE_KEYS[2], of("high"), more),
        earliest(CODE_KEYS[3], alerts.iter().map(|alert| Some(alert.created_at)), false),
    ])
}

#[derive(Deserialize)]
struct SecretAlert {
    created_at: DateTime<Utc>,
    push_protection_bypassed: Option<bool>,
}

fn secret_scanning(found: Found) -> Read {
    let more = found.more;
    let alerts: Vec<SecretAlert> = found.read()?;
    let bypassed = alerts.iter().filter(|alert| alert.push_protection_bypassed == Some(true)).count();
    Ok(vec![
        count(SECRET_KEYS[0], alerts.len(), more),
        whole_count(SECRET_KEYS[1], bypassed, more),
        earliest(SECRET_KEYS[2], alerts.iter().map(|alert| Some(alert.created_at)), false),
    ])
}

#[derive(Deserialize)]
struct Analysis {
    created_at: Option<DateTime<Utc>>,
    tool: Option<Tool>,
}

#[derive(Deserialize)]
struct Tool {
    name: Option<String>,
}

fn latest_scan(found: Found) -> Read {
    let analyses: Vec<Analysis> = found.read()?;
    let Some(latest) = analyses.into_iter().next() else {
        return Ok(SCAN_KEYS.map(Observation::absent).into());
    };
    Ok(vec![
        told(SCAN_KEYS[0], latest.created_at.map(|at| at.date_naive())),
        told(SCAN_KEYS[1], latest.tool.and_then(|tool| tool.name)),
    ])
}

/// The part `dependabot` of the query. Fields that the token may not see are null.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dependabot {
    pub(super) has_vulnerability_alerts_enabled: Option<bool>,
    pub(super) vulnerability_alerts: Option<List<DependencyAlert>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DependencyAlert {
    created_at: Option<DateTime<Utc>>,
    #[serde(rename = "securityVulnerability")]
    vulnerability: Option<Vulnerability>,
}

#[derive(Clone, Debug, Deserialize)]
struct Vulnerability {
    severity: String,
}

/// The observations of [`DEPENDABOT_KEYS`]. `enabled` says whether the alerts are on, where that is known.
pub(super) fn observe(answer: Answer<Dependabot>, enabled: Option<bool>, url: &str) -> Vec<Observation> {
    // Null is what those see who may not.
    let alerts = answer.and_then(|found| found.vulnerability_alerts.map_or(Answer::Denied, Answer::Known));
    let page = || Place::page(format!("{url}/security/dependabot"));
    let source = "GraphQL Repository.vulnerabilityAlerts(states: OPEN)";
    dependabot(alerts, enabled).into_iter().map(|seen| seen.from(source).at(page())).collect()
}

/// The alerts of Dependabot, where it is known whether there can be any: none of a feature that is off is no zero.
fn dependabot(answer: Answer<List<DependencyAlert>>, enabled: Option<bool>) -> Vec<Observation> {
    let untold = |reason: &str| unknown(&DEPENDABOT_KEYS, &Answer::untold(reason));
    answer.observe(&DEPENDABOT_KEYS, |list| {
        let total = list.total_count.and_then(|total| usize::try_from(total).ok());
        let alerts = list.into_items();
        let total = total.unwrap_or(alerts.len());
        match enabled {
            Some(false) => return untold("Dependabot alerts are switched off"),
            None if total == 0 => {
                return untold("GitHub shows none, and does not show this role whether Dependabot alerts are on");
            }
            _ => {}
        }
        let more = total > alerts.len();
        let of = |severity: &str| {
            let severities = alerts.iter().filter_map(|alert| alert.vulnerability.as_ref());
            severities.filter(|vulnerability| vulnerability.severity == severity).count()
        };
        vec![
            Observation::seen(DEPENDABOT_KEYS[0], total),
            whole_count(DEPENDABOT_KEYS[1], of("CRITICAL"), more),
            whole_count(DEPENDABOT_KEYS[2], of("HIGH"), more),
            earliest(DEPENDABOT_KEYS[3], alerts.iter().map(|alert| alert.created_at), more),
        ]
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::endpoint::tests::states;
    use super::*;
    use crate::evidence::State;

    fn seen(value: impl Into<crate::evidence::Value>) -> State {
        State::Observed(value.into())
    }

    #[test]
    fn code_scanning_alerts_are_counted_by_severity() {
        let alerts = json!([
            { "created_at": "2025-02-01T00:00:00Z", "rule": { "security_severity_level": "high" } },
            { "created_at": "2025-03-01T00:00:00Z", "rule": { "security_severity_level": null } },
        ]);
        let found = states(&CODE_SCANNING, alerts.clone(), false);
        assert_eq!(found, [seen(2_i64), seen(0_i64), seen(1_i64), seen("2025-02-01")]);
        let found = states(&CODE_SCANNING, alerts, true);
        assert_eq!((&found[0], &found[3]), (&seen(2_i64), &seen("2025-02-01")));
        assert!(matches!(found[2], State::Unavailable { .. }));
        assert_eq!(states(&CODE_SCANNING, json!([]), false)[3], State::Absent);
    }

    #[test]
    fn secrets_are_counted_and_scans_dated() {
        let alerts = json!([{ "created_at": "2025-02-01T00:00:00Z", "push_protection_bypassed": true }]);
        assert_eq!(states(&SECRET_SCANNING, alerts, false), [seen(1_i64), seen(1_i64), seen("2025-02-01")]);
        let scans = json!([{ "created_at": "2025-02-01T00:00:00Z", "tool": { "name": "CodeQL" } }]);
        assert_eq!(states(&LATEST_SCAN, scans, true), [seen("2025-02-01"), seen("CodeQL")]);
        assert_eq!(states(&LATEST_SCAN, json!([]), false), [State::Absent, State::Absent]);
    }

    fn of_dependabot(list: Value, enabled: Option<bool>) -> Vec<State> {
        let list = Answer::Known(serde_json::from_value(list).unwrap());
        dependabot(list, enabled).into_iter().map(|observation| observation.state).collect()
    }

    #[test]
    fn no_alerts_of_a_feature_that_may_be_off_are_no_zero() {
        let none = json!({ "totalCount": 0, "nodes": [] });
        assert_eq!(of_dependabot(none.clone(), Some(true)), [seen(0_i64), seen(0_i64), seen(0_i64), State::Absent]);
        for enabled in [None, Some(false)] {
            assert!(
                of_dependabot(none.clone(), enabled).iter().all(|state| matches!(state, State::Unavailable { .. }))
            );
        }
        let one = json!({ "totalCount": 1, "nodes": [
            { "createdAt": "2025-02-01T00:00:00Z", "securityVulnerability": { "severity": "CRITICAL" } },
        ] });
        assert_eq!(of_dependabot(one, None), [seen(1_i64), seen(1_i64), seen(0_i64), seen("2025-02-01")]);
        let many = of_dependabot(json!({ "totalCount": 300, "nodes": [] }), Some(true));
        assert_eq!(many[0], seen(300_i64));
        assert!(matches!(many[3], State::Absent | State::Unavailable { .. }));
    }
}
