//! What the rules name beside a plain yes or no: checks, tools, workflows and environments.

use std::collections::BTreeSet;

use super::super::rest::{BranchRule, RuleParameters, ScanningTool};
use super::demands::{has_workflows, rule_checks};
use super::{CLASSIC, QUEUE, RULES, Sources, UPDATE_RULE};
use crate::evidence::Observation;

/// A tool and the gravest alerts that it lets through, in GitHub's words.
fn tool(tool: &ScanningTool) -> String {
    let word = |threshold: &Option<String>| threshold.clone().unwrap_or_else(|| "untold".to_owned());
    format!(
        "{} (alerts: {}, security alerts: {})",
        tool.tool,
        word(&tool.alerts_threshold),
        word(&tool.security_alerts_threshold)
    )
}

impl Sources {
    pub(super) fn required_checks(&self) -> Observation {
        let key = "default_branch.required_checks";
        if let Some(failed) = self.if_failed(key) {
            return failed;
        }
        let classic = self.classic().filter(|classic| classic.requires_status_checks);
        let classic = classic.and_then(|classic| classic.required_status_check_contexts.as_ref());
        let update = self.update_rule.as_ref().and_then(|update| update.required_status_check_contexts.as_ref());
        let listed = classic.into_iter().chain(update).flatten().flatten().cloned();
        let ruled = self.rules().iter().flat_map(rule_checks).map(str::to_owned);
        let names: BTreeSet<String> = listed.chain(ruled).chain(self.public_checks.iter().cloned()).collect();
        if names.is_empty() && self.rules().iter().any(has_workflows) {
            return Observation::unavailable(key, "workflows are required, whose checks GitHub does not name");
        }
        if names.is_empty() {
            let negative = match self.doubt("default_branch.status_checks_required") {
                Some(reason) => Observation::unavailable(key, reason),
                None => Observation::absent(key),
            };
            return self.unproved(key, negative);
        }
        let sources = format!("{RULES}; {CLASSIC}; {UPDATE_RULE}");
        let observation = Observation::seen(key, names.into_iter().collect::<Vec<_>>());
        self.as_far_as_seen(observation.from(sources).at(self.rules_page()), "a classic rule may demand more")
    }

    /// Only rulesets can demand it, and everybody sees those.
    pub(super) fn code_scanning_required(&self) -> Observation {
        let key = "default_branch.code_scanning_required";
        if self.rules_known() {
            let required = self.rules().iter().any(|rule| rule.kind == "code_scanning");
            return Observation::seen(key, required).from(RULES).at(self.rules_page());
        }
        self.unproved(key, Observation::seen(key, false))
    }

    /// The items of the rules of a kind, each once.
    fn of_rules(&self, kind: &str, items: fn(&RuleParameters) -> Vec<String>) -> Vec<String> {
        let rules = self.rules().iter().filter(|rule| rule.kind == kind);
        let items: BTreeSet<String> =
            rules.filter_map(|rule: &BranchRule| rule.parameters.as_ref()).flat_map(items).collect();
        items.into_iter().collect()
    }

    /// A list that only rulesets can fill.
    fn list_of_rulesets(&self, key: &str, items: Vec<String>) -> Observation {
        if self.rules_known() {
            return Observation::list(key, items).from(RULES).at(self.rules_page());
        }
        self.unproved(key, Observation::absent(key))
    }

    pub(super) fn code_scanning_tools(&self) -> Observation {
        let tools = self.of_rules("code_scanning", |found| found.code_scanning_tools.iter().map(tool).collect());
        self.list_of_rulesets("default_branch.code_scanning_tools", tools)
    }

    pub(super) fn required_workflows(&self) -> Observation {
        let paths = |found: &RuleParameters| found.workflows.iter().map(|workflow| workflow.path.clone()).collect();
        self.list_of_rulesets("default_branch.required_workflows", self.of_rules("workflows", paths))
    }

    /// Only rulesets can demand it.
    pub(super) fn team_review_required(&self) -> Observation {
        let key = "default_branch.team_review_required";
        let parameters = self.rules().iter().filter(|rule| rule.kind == "pull_request");
        let required = parameters.filter_map(|rule| rule.parameters.as_ref()).any(|p| !p.required_reviewers.is_empty());
        if self.rules_known() {
            return Observation::seen(key, required).from(RULES).at(self.rules_page());
        }
        self.unproved(key, Observation::seen(key, false))
    }

    pub(super) fn required_deployments(&self) -> Observation {
        let key = "default_branch.required_deployments";
        let mut names = self.of_rules("required_deployments", |found| found.required_deployment_environments.clone());
        let classic = self.classic().filter(|classic| classic.requires_deployments);
        let environments = classic.and_then(|classic| classic.required_deployment_environments.as_ref());
        names.extend(environments.into_iter().flatten().flatten().cloned());
        names.sort_unstable();
        names.dedup();
        if let Some(failed) = self.if_failed(key) {
            return failed;
        }
        if names.is_empty() {
            return self.unproved(key, Observation::absent(key));
        }
        let seen = Observation::seen(key, names).from(format!("{RULES}; {CLASSIC}")).at(self.rules_page());
        self.as_far_as_seen(seen, "a classic rule may demand more")
    }

    /// A rule of a ruleset, or GitHub's word on the branch, which speaks of classic rules too.
    pub(super) fn merge_queue_required(&self) -> Observation {
        let key = "default_branch.merge_queue_required";
        if self.rules().iter().any(|rule| rule.kind == "merge_queue") {
            return Observation::seen(key, true).from(RULES).at(self.rules_page());
        }
        match self.merge_queue {
            Some(queue) => Observation::seen(key, queue).from(QUEUE).at(self.rules_page()),
            None if self.rules_known() && !self.classic_known() => {
                Observation::unavailable(key, "no ruleset demands it, and only GraphQL tells of classic rules")
            }
            None => self.unproved(key, Observation::seen(key, false)),
        }
    }

    /// Whether the token's own owner may bypass a ruleset of the branch.
    pub(super) fn token_can_bypass(&self) -> Observation {
        let key = "default_branch.token_can_bypass";
        let rulesets: BTreeSet<u64> = self.rules().iter().filter_map(|rule| rule.ruleset_id).collect();
        let told: Vec<Option<bool>> =
            rulesets.iter().map(|id| self.rulesets.get(id).and_then(|ruleset| ruleset.token_can_bypass)).collect();
        let source = "GET /repos/{owner}/{repo}/rulesets/{id} .current_user_can_bypass";
        if told.contains(&Some(true)) {
            return Observation::seen(key, true).from(source).at(self.rules_page());
        }
        if !told.is_empty() && told.iter().all(|told| *told == Some(false)) {
            return Observation::seen(key, false).from(source).at(self.rules_page());
        }
        let reason = if rulesets.is_empty() {
            "no ruleset holds for the branch, as far as seen"
        } else {
            "it is only asked for in depth, with a token"
        };
        Observation::unavailable(key, reason)
    }
}
