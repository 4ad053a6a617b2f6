//! Security settings beyond `security_and_analysis`: immutable releases, security fixes and security configurations.

use serde::Deserialize;

use super::endpoint::{Endpoint, Found, Only, Read, told, word};
use crate::evidence::{Access, Observation};

const IMMUTABLE_KEYS: [&str; 2] = ["security.immutable_releases", "security.immutable_releases_enforced"];
const CONFIGURATION_KEYS: [&str; 3] =
    ["security.configuration", "security.configuration_status", "security.configuration_enforced"];

const SETTING: Endpoint = Endpoint {
    path: "",
    page: "/settings/security_analysis",
    keys: &[],
    least: Access::Admin,
    scopes: &[],
    only: Only::Always,
    read: |_| Ok(Vec::new()),
    lacking: false,
};

pub(super) const IMMUTABLE_RELEASES: Endpoint = Endpoint {
    path: "/immutable-releases",
    page: "/settings",
    keys: &IMMUTABLE_KEYS,
    read: immutable_releases,
    ..SETTING
};

pub(super) const SECURITY_FIXES: Endpoint = Endpoint {
    path: "/automated-security-fixes",
    keys: &["security.security_fixes_paused"],
    read: security_fixes,
    ..SETTING
};

pub(super) const CONFIGURATION: Endpoint = Endpoint {
    path: "/code-security-configuration",
    keys: &CONFIGURATION_KEYS,
    scopes: &["repo"],
    only: Only::Organization,
    read: configuration,
    ..SETTING
};

#[derive(Deserialize)]
struct Immutable {
    enabled: Option<bool>,
    enforced_by_owner: Option<bool>,
}

fn immutable_releases(found: Found) -> Read {
    let immutable: Immutable = found.read()?;
    Ok(vec![told(IMMUTABLE_KEYS[0], immutable.enabled), told(IMMUTABLE_KEYS[1], immutable.enforced_by_owner)])
}

#[derive(Deserialize)]
struct Fixes {
    paused: Option<bool>,
}

fn security_fixes(found: Found) -> Read {
    let fixes: Fixes = found.read()?;
    Ok(vec![told("security.security_fixes_paused", fixes.paused)])
}

#[derive(Deserialize)]
struct Attached {
    status: Option<String>,
    configuration: Option<Configuration>,
}

#[derive(Deserialize)]
struct Configuration {
    name: Option<String>,
    enforcement: Option<String>,
}

/// Where no configuration is attached, the answer has no body.
fn configuration(found: Found) -> Read {
    if found.value.is_null() {
        return Ok(CONFIGURATION_KEYS.map(Observation::absent).into());
    }
    let attached: Attached = found.read()?;
    let (name, enforcement) = attached.configuration.map_or((None, None), |of| (of.name, of.enforcement));
    let enforced = match enforcement.as_deref() {
        Some("enforced") => Some(true),
        Some("unenforced") => Some(false),
        _ => None,
    };
    Ok(vec![
        told(CONFIGURATION_KEYS[0], name),
        word(CONFIGURATION_KEYS[1], attached.status),
        told(CONFIGURATION_KEYS[2], enforced),
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::endpoint::tests::states;
    use super::*;
    use crate::evidence::State;

    fn seen(value: impl Into<crate::evidence::Value>) -> State {
        State::Observed(value.into())
    }

    #[test]
    fn settings_are_read_as_they_are() {
        let immutable = json!({ "enabled": true, "enforced_by_owner": false });
        assert_eq!(states(&IMMUTABLE_RELEASES, immutable, false), [seen(true), seen(false)]);
        assert_eq!(states(&SECURITY_FIXES, json!({ "enabled": true, "paused": true }), false), [seen(true)]);
        assert!(matches!(states(&SECURITY_FIXES, json!({}), false)[..], [State::Unavailable { .. }]));
    }

    #[test]
    fn a_configuration_is_named_and_may_be_enforced() {
        let attached =
            json!({ "status": "enforced", "configuration": { "name": "Baseline", "enforcement": "enforced" } });
        assert_eq!(states(&CONFIGURATION, attached, false), [seen("Baseline"), seen("enforced"), seen(true)]);
        assert_eq!(states(&CONFIGURATION, serde_json::Value::Null, false), vec![State::Absent; 3]);
        let odd = json!({ "status": "odd", "configuration": { "name": "B", "enforcement": "odd" } });
        let found = states(&CONFIGURATION, odd, false);
        assert!(matches!(found[1..], [State::Unavailable { .. }, State::Unavailable { .. }]));
    }
}
