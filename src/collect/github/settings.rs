//! Settings of GitHub Actions and of GitHub's security features. Most are shown to administrators alone.

use super::access::seen_or_denied;
use super::advisories;
use super::answer::Answer;
use super::client::{Page, Refusal};
use super::repository::Repository;
use super::rest;
use crate::evidence::{Observation, Place};

/// What was asked of the settings.
pub(super) struct Settings {
    pub(super) actions: Answer<rest::ActionsPermissions>,
    pub(super) workflow: Answer<rest::WorkflowPermissions>,
    pub(super) private_reporting: Answer<rest::Enabled>,
    /// The block `security_and_analysis` of the repository, `Denied` where it is left out.
    pub(super) analysis: Answer<rest::SecurityAndAnalysis>,
    pub(super) alerts: Answer<bool>,
    pub(super) default_setup: Answer<rest::DefaultSetup>,
    pub(super) advisories: Answer<Page<Vec<rest::Advisory>>>,
}

/// Whether Dependabot alerts are on: 204 says yes, and of 404 the message tells *off* from *not allowed*.
pub(super) fn alerts(answer: Result<u16, Refusal>) -> Answer<bool> {
    match answer {
        Ok(204) => Answer::Known(true),
        Ok(status) => Answer::failed(format!("GitHub answered HTTP {status}, which says nothing of them")),
        Err(Refusal::Status { status: 404, message, .. }) if message.contains("disabled") => Answer::Known(false),
        Err(refusal) => refusal.into_answer(),
    }
}

impl Settings {
    /// Of a role that cannot see them, so that they are not asked for.
    pub(super) fn denied() -> Self {
        Self {
            actions: Answer::Denied,
            workflow: Answer::Denied,
            private_reporting: Answer::Denied,
            analysis: Answer::Denied,
            alerts: Answer::Denied,
            default_setup: Answer::Denied,
            advisories: Answer::Denied,
        }
    }

    /// The observations of the groups `actions` and `security`.
    pub(super) fn observe(self, repository: &Repository) -> Vec<Observation> {
        let url = repository.url.as_str();
        let mut observations = actions(self.actions, url);
        observations.extend(workflow(self.workflow, url));
        observations.push(private_reporting(repository, self.private_reporting));
        observations.extend(analysis(self.analysis, url));
        observations.push(
            self.alerts
                .observe_one("security.dependabot_alerts")
                .from("GET /repos/{owner}/{repo}/vulnerability-alerts")
                .at(analysis_page(url)),
        );
        observations.push(default_setup(self.default_setup, url));
        observations.extend(advisories::observe(self.advisories, url));
        observations
    }
}

fn analysis_page(url: &str) -> Place {
    Place::page(format!("{url}/settings/security_analysis"))
}

fn actions(answer: Answer<rest::ActionsPermissions>, url: &str) -> Vec<Observation> {
    const KEYS: [&str; 3] = ["actions.enabled", "actions.allowed", "actions.sha_pinning_required"];
    let observations = answer.observe(&KEYS, |permissions| {
        let off = !permissions.enabled;
        let allowed =
            permissions.allowed_actions.filter(|word| ["all", "local_only", "selected"].contains(&word.as_str()));
        let pinning = permissions.sha_pinning_required;
        let told = |key: &str, value: Option<crate::evidence::Value>| match value {
            Some(value) => Observation::seen(key, value),
            None if off => Observation::unavailable(key, "GitHub does not tell it while Actions are switched off"),
            None => Observation::unavailable(key, "GitHub did not tell it"),
        };
        vec![
            Observation::seen(KEYS[0], permissions.enabled),
            told(KEYS[1], allowed.map(Into::into)),
            told(KEYS[2], pinning.map(Into::into)),
        ]
    });
    let source = "GET /repos/{owner}/{repo}/actions/permissions";
    let page = || Place::page(format!("{url}/settings/actions"));
    observations.into_iter().map(|observation| observation.from(source).at(page())).collect()
}

fn workflow(answer: Answer<rest::WorkflowPermissions>, url: &str) -> Vec<Observation> {
    const KEYS: [&str; 2] = ["actions.default_permissions", "actions.can_approve_pull_requests"];
    let observations = answer.observe(&KEYS, |permissions| {
        let default = Some(permissions.default_workflow_permissions);
        vec![
            seen_or_denied(KEYS[0], default.filter(|word| ["read", "write"].contains(&word.as_str()))),
            seen_or_denied(KEYS[1], permissions.can_approve_pull_request_reviews),
        ]
    });
    let source = "GET /repos/{owner}/{repo}/actions/permissions/workflow";
    let page = || Place::page(format!("{url}/settings/actions"));
    observations.into_iter().map(|observation| observation.from(source).at(page())).collect()
}

fn private_reporting(repository: &Repository, answer: Answer<rest::Enabled>) -> Observation {
    let key = "security.private_reporting";
    if repository.visibility.is_some() && !repository.is_public() {
        return Observation::not_applicable(key, "the repository is not public");
    }
    answer
        .map(|reporting| reporting.enabled)
        .observe_one(key)
        .from("GET /repos/{owner}/{repo}/private-vulnerability-reporting")
        .at(Place::page(format!("{}/security", repository.url)))
}

fn analysis(answer: Answer<rest::SecurityAndAnalysis>, url: &str) -> Vec<Observation> {
    const KEYS: [&str; 6] = [
        "security.secret_scanning",
        "security.push_protection",
        "security.dependabot_updates",
        "security.non_provider_patterns",
        "security.validity_checks",
        "security.delegated_bypass",
    ];
    let observations = answer.observe(&KEYS, |analysis| {
        let features = [
            analysis.secret_scanning,
            analysis.secret_scanning_push_protection,
            analysis.dependabot_security_updates,
            analysis.secret_scanning_non_provider_patterns,
            analysis.secret_scanning_validity_checks,
            analysis.secret_scanning_delegated_bypass,
        ];
        let observe = |(key, feature): (&str, Option<rest::Feature>)| {
            let status = feature.and_then(|feature| feature.status);
            match status.as_deref() {
                Some("enabled") => Observation::seen(key, true),
                Some("disabled") => Observation::seen(key, false),
                _ => Observation::unavailable(key, "GitHub does not tell it of this repository"),
            }
        };
        KEYS.into_iter().zip(features).map(observe).collect()
    });
    let source = "GET /repos/{owner}/{repo} .security_and_analysis";
    observations.into_iter().map(|observation| observation.from(source).at(analysis_page(url))).collect()
}

fn default_setup(answer: Answer<rest::DefaultSetup>, url: &str) -> Observation {
    let key = "security.code_scanning_default_setup";
    let observation = match answer.map(|setup| setup.state) {
        Answer::Known(state) if state == "configured" => Observation::seen(key, true),
        Answer::Known(state) if state == "not-configured" => Observation::seen(key, false),
        Answer::Known(_) => Observation::unavailable(key, "GitHub did not tell it"),
        other => other.map(|_| false).observe_one(key),
    };
    observation.from("GET /repos/{owner}/{repo}/code-scanning/default-setup").at(analysis_page(url))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::evidence::State;

    fn known<T: serde::de::DeserializeOwned>(value: Json) -> Answer<T> {
        Answer::Known(serde_json::from_value(value).unwrap())
    }

    fn seen(value: impl Into<crate::evidence::Value>) -> State {
        State::Observed(value.into())
    }

    fn states(observations: Vec<Observation>) -> Vec<State> {
        observations.into_iter().map(|observation| observation.state).collect()
    }

    #[test]
    fn alerts_that_are_off_are_told_from_refused_ones() {
        let refusal = |status, message: &str| Refusal::Status {
            status,
            message: message.to_owned(),
            limited: None,
            location: None,
        };
        assert_eq!(alerts(Ok(204)), Answer::Known(true));
        assert_eq!(alerts(Err(refusal(404, "Vulnerability alerts are disabled."))), Answer::Known(false));
        assert_eq!(alerts(Err(refusal(404, "Not Found"))), Answer::Denied);
        assert!(matches!(alerts(Err(refusal(502, ""))), Answer::Failed(_)));
        assert!(matches!(alerts(Ok(200)), Answer::Failed(_)), "a web page of a proxy, say");
    }

    #[test]
    fn switched_off_actions_tell_little() {
        let found = states(actions(known(json!({ "enabled": false })), "u"));
        assert_eq!(found[0], seen(false));
        assert!(matches!(&found[1], State::Unavailable { reason } if reason.contains("switched off")));
        let found = states(actions(known(json!({ "enabled": true, "allowed_actions": "odd" })), "u"));
        assert!(matches!(found[1], State::Unavailable { .. }));
        let found = states(actions(Answer::Denied, "u"));
        assert!(found.iter().all(|state| matches!(state, State::NotPermitted { .. })));
    }

    #[test]
    fn features_without_a_status_are_not_off() {
        let value = json!({ "secret_scanning": { "status": "enabled" }, "dependabot_security_updates": {} });
        let found = states(analysis(known(value), "u"));
        assert_eq!(found[0], seen(true));
        assert!(found[1..].iter().all(|state| matches!(state, State::Unavailable { .. })));
    }

    #[test]
    fn private_reporting_needs_a_public_repository() {
        let of = |visibility: &str, answer| {
            let repository = Repository { visibility: Some(visibility.to_owned()), ..Repository::default() };
            private_reporting(&repository, answer).state
        };
        assert!(matches!(of("private", Answer::Denied), State::NotApplicable { .. }));
        assert_eq!(of("public", known(json!({ "enabled": false }))), seen(false));
        assert!(matches!(of("public", Answer::Denied), State::Unavailable { .. }));
    }

    #[test]
    fn default_setup_has_two_words() {
        let state = |value: Json| default_setup(known(value), "u").state;
        assert_eq!(state(json!({ "state": "configured" })), seen(true));
        assert_eq!(state(json!({ "state": "not-configured" })), seen(false));
        assert!(matches!(state(json!({ "state": "odd" })), State::Unavailable { .. }));
    }
}
