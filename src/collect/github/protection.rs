//! The rules of the default branch, from all that tells of them.
//!
//! Five sources speak of the same rules, and each sees only a part: the active rules of rulesets (everybody sees them),
//! the classic rule (administrators), GitHub's summary of both for the token's owner (`RefUpdateRule`, which may leave
//! out what that person can bypass), the plain yes or no of `.protected`, and the checks that the branch shows to all.
//! Whichever proves a demand counts. That there is no demand is only known where rulesets and the classic rule are both
//! known; otherwise it stays unknown.

mod demands;
mod named;

use std::collections::{BTreeMap, BTreeSet};

use self::demands::{DEMANDS, DOORS, Demand, OTHER_RULES, PUSH_DEMANDS};
use super::answer::{Answer, denied};
use super::query::{BranchProtectionRule, RefUpdateRule};
use super::rest::{Branch, BranchRule};
use crate::evidence::{Observation, Place, Value};

/// A ruleset, as far as it is known beside its rules.
#[derive(Clone, Debug, Default)]
pub(super) struct RulesetInfo {
    pub(super) name: String,
    /// Whether anybody may bypass it. None where the token may not know.
    pub(super) bypass: Option<bool>,
    /// Whether the token's owner may. None where that was not asked.
    pub(super) token_can_bypass: Option<bool>,
}

/// All that was read of the default branch's rules.
#[derive(Clone, Debug)]
pub(super) struct Sources {
    /// `GET rules/branches/{branch}`: the active rules of rulesets.
    pub(super) rules: Answer<Vec<BranchRule>>,
    /// GraphQL `branchProtectionRule`, as an administrator sees it; `Known(None)` says that there is none.
    pub(super) classic: Answer<Option<BranchProtectionRule>>,
    /// GraphQL `refUpdateRule`.
    pub(super) update_rule: Option<RefUpdateRule>,
    /// `GET branches/{branch}`, `.protected`.
    pub(super) protected: Option<bool>,
    /// `GET branches/{branch}`, the required checks of the classic rule that everybody sees.
    pub(super) public_checks: Vec<String>,
    /// Whether the branch has a merge queue, of a ruleset or of the classic rule. None where that was not told.
    pub(super) merge_queue: Option<bool>,
    /// Names and bypasses of rulesets, by id.
    pub(super) rulesets: BTreeMap<u64, RulesetInfo>,
    /// Address of the repository's page.
    pub(super) url: String,
}

/// All keys that [`Sources::observe`] writes.
pub(super) const KEYS: &[&str] = &[
    "default_branch.protected",
    "default_branch.protection_sources",
    "default_branch.pull_request_required",
    "default_branch.required_approvals",
    "default_branch.code_owner_review_required",
    "default_branch.stale_approvals_dismissed",
    "default_branch.last_push_approval_required",
    "default_branch.conversations_must_be_resolved",
    "default_branch.status_checks_required",
    "default_branch.required_checks",
    "default_branch.up_to_date_required",
    "default_branch.force_push_blocked",
    "default_branch.deletion_blocked",
    "default_branch.signatures_required",
    "default_branch.linear_history_required",
    "default_branch.push_restricted",
    "default_branch.bypass_allowed",
    "default_branch.code_scanning_required",
    "default_branch.code_scanning_tools",
    "default_branch.merge_queue_required",
    "default_branch.required_workflows",
    "default_branch.required_deployments",
    "default_branch.team_review_required",
    "default_branch.locked",
    "default_branch.review_dismissal_restricted",
    "default_branch.token_can_bypass",
];

const RULES: &str = "GET /repos/{owner}/{repo}/rules/branches/{branch}";
const CLASSIC: &str = "GraphQL Ref.branchProtectionRule";
const UPDATE_RULE: &str = "GraphQL Ref.refUpdateRule";
const QUEUE: &str = "GraphQL Repository.mergeQueue";
const BRANCH: &str = "GET /repos/{owner}/{repo}/branches/{branch}";

impl Sources {
    /// The observations of [`KEYS`].
    pub(super) fn observe(&self) -> Vec<Observation> {
        let mut observations: Vec<Observation> = DEMANDS.iter().map(|demand| self.demand(demand)).collect();
        observations.push(self.protected());
        observations.push(self.protection_sources());
        observations.push(self.required_approvals());
        observations.push(self.required_checks());
        observations.push(self.bypass_allowed());
        observations.push(self.code_scanning_required());
        observations.push(self.code_scanning_tools());
        observations.push(self.merge_queue_required());
        observations.push(self.required_workflows());
        observations.push(self.team_review_required());
        observations.push(self.required_deployments());
        observations.push(self.token_can_bypass());
        observations
    }

    /// Whether asking for the branch itself could tell nothing more.
    pub(super) fn is_settled(&self) -> bool {
        let seen = !self.rules().is_empty() || self.classic().is_some() || self.update_rule.is_some();
        seen || (self.rules_known() && self.classic_known())
    }

    /// Takes over what the branch itself says of its protection.
    pub(super) fn learn_branch(&mut self, branch: Branch) {
        self.protected = branch.protected;
        let Some(protection) = branch.protection.filter(|protection| protection.enabled != Some(false)) else { return };
        let checks = protection.required_status_checks;
        let enforced = checks.filter(|checks| checks.enforcement_level.as_deref() != Some("off"));
        self.public_checks = enforced.map(|checks| checks.contexts).unwrap_or_default();
    }

    fn rules(&self) -> &[BranchRule] {
        self.rules.known().map_or(&[], Vec::as_slice)
    }

    fn classic(&self) -> Option<&BranchProtectionRule> {
        self.classic.known()?.as_ref()
    }

    /// Whether all rules of rulesets are known. An unprotected branch has none.
    fn rules_known(&self) -> bool {
        self.rules.known().is_some() || self.protected == Some(false)
    }

    /// Whether the classic rule, or that there is none, is known.
    fn classic_known(&self) -> bool {
        self.classic.known().is_some() || self.protected == Some(false)
    }

    /// Something that no source proves: absent for sure, or unknown.
    fn unproved(&self, key: &str, negative: Observation) -> Observation {
        if self.rules_known() && self.classic_known() {
            return negative.from(self.source_of_negatives()).at(self.rules_page());
        }
        if !self.rules_known() {
            return self.rules.as_ref().observe(&[key], |_| Vec::new()).pop().unwrap_or_else(|| denied(key));
        }
        self.classic.as_ref().observe(&[key], |_| Vec::new()).pop().unwrap_or_else(|| denied(key))
    }

    fn source_of_negatives(&self) -> String {
        if self.protected == Some(false) { BRANCH.to_owned() } else { format!("{RULES}; {CLASSIC}") }
    }

    fn rules_page(&self) -> Place {
        Place::page(format!("{}/rules", self.url))
    }

    fn branches_page(&self) -> Place {
        Place::page(format!("{}/settings/branches", self.url))
    }

    fn demand(&self, demand: &Demand) -> Observation {
        let seen = Observation::seen(demand.key, true);
        if let Some(rule) = self.rules().iter().find(|rule| (demand.rule)(rule)) {
            return seen.from(RULES).at(self.rules_page().noted(self.source_name(rule)));
        }
        if self.classic().is_some_and(demand.classic) {
            return seen.from(CLASSIC).at(self.branches_page().noted("classic"));
        }
        if self.update_rule.as_ref().is_some_and(demand.update_rule) {
            return seen.from(UPDATE_RULE).at(self.rules_page());
        }
        if demand.key == "default_branch.status_checks_required" && !self.public_checks.is_empty() {
            return seen.from(BRANCH).at(self.rules_page());
        }
        if demand.key == "default_branch.pull_request_required" && self.merge_queue == Some(true) {
            return seen.from(QUEUE).at(self.rules_page().noted("merge queue"));
        }
        let negative = match self.doubt(demand.key) {
            Some(reason) => Observation::unavailable(demand.key, reason),
            None => Observation::seen(demand.key, false),
        };
        self.unproved(demand.key, negative)
    }

    /// Why *no* is not certain, although all rules are known.
    fn doubt(&self, key: &str) -> Option<String> {
        if !PUSH_DEMANDS.contains(&key) {
            return None;
        }
        let classic_deploys = self.classic().is_some_and(|classic| classic.requires_deployments);
        let deploys = classic_deploys || self.rules().iter().any(|rule| rule.kind == "required_deployments");
        if deploys && key == "default_branch.push_restricted" {
            return Some(
                "pushes are refused until the change is deployed, which is no list of who may push".to_owned(),
            );
        }
        // The queue of a classic rule shows nowhere else.
        if key == "default_branch.pull_request_required" && self.classic().is_some() && self.merge_queue.is_none() {
            return Some("the classic rule may demand a merge queue, of which nothing was told".to_owned());
        }
        self.strange_rule()
            .map(|kind| format!("there is a rule of the kind `{kind}`, which this version does not know"))
    }

    /// A kind of rule of which it is not known what it demands.
    fn strange_rule(&self) -> Option<&str> {
        let strange = |kind: &&str| !OTHER_RULES.contains(kind) && *kind != "required_deployments";
        self.rules().iter().map(|rule| rule.kind.as_str()).find(strange)
    }

    /// The ruleset of a rule, as `default_branch.protection_sources` names it.
    fn source_name(&self, rule: &BranchRule) -> String {
        let kind = match rule.ruleset_source_type.as_deref() {
            None | Some("Repository") => "ruleset",
            Some(_) => "organization-ruleset",
        };
        let name = rule.ruleset_id.and_then(|id| self.rulesets.get(&id)).map(|ruleset| ruleset.name.clone());
        let name = name.or_else(|| rule.ruleset_id.map(|id| id.to_string()));
        format!("{kind}:{}", name.unwrap_or_else(|| "unnamed".to_owned()))
    }

    fn protected(&self) -> Observation {
        let key = "default_branch.protected";
        if !self.rules().is_empty() {
            return Observation::seen(key, true).from(RULES).at(self.rules_page());
        }
        if self.classic().is_some() {
            return Observation::seen(key, true).from(CLASSIC).at(self.branches_page());
        }
        if self.update_rule.is_some() {
            return Observation::seen(key, true).from(UPDATE_RULE).at(self.rules_page());
        }
        match self.protected {
            Some(protected) => Observation::seen(key, protected).from(BRANCH).at(self.rules_page()),
            None => self.unproved(key, Observation::seen(key, false)),
        }
    }

    /// Whether a classic rule is there: seen, or the only thing that can protect the branch.
    fn classic_exists(&self) -> bool {
        let only_classic = self.protected == Some(true) && self.rules.known().is_some_and(Vec::is_empty);
        self.classic().is_some() || only_classic
    }

    /// Where one of the sources went wrong, what the other tells is no whole list and no largest number. That the
    /// token may not see classic rules is another thing, which is said beside what was seen.
    fn if_failed(&self, key: &str) -> Option<Observation> {
        let classic_failed = !self.classic_known() && matches!(self.classic, Answer::Failed(_));
        (!self.rules_known() || classic_failed).then(|| self.unproved(key, denied(key)))
    }

    fn protection_sources(&self) -> Observation {
        let key = "default_branch.protection_sources";
        if let Some(failed) = self.if_failed(key) {
            return failed;
        }
        let mut names: BTreeSet<String> = self.rules().iter().map(|rule| self.source_name(rule)).collect();
        if self.classic_exists() {
            names.insert("classic".to_owned());
        }
        if names.is_empty() {
            return self.unproved(key, Observation::absent(key));
        }
        let observation = Observation::seen(key, names.into_iter().collect::<Vec<_>>());
        let observation = observation.from(format!("{RULES}; {CLASSIC}")).at(self.rules_page());
        self.as_far_as_seen(observation, "there may be a classic rule beside")
    }

    /// Marks what may be more than was seen.
    fn as_far_as_seen(&self, observation: Observation, what: &str) -> Observation {
        if self.classic_known() || self.classic_exists() {
            observation
        } else {
            observation.at_least(format!("as far as seen: {what}"))
        }
    }

    fn required_approvals(&self) -> Observation {
        let key = "default_branch.required_approvals";
        if let Some(failed) = self.if_failed(key) {
            return failed;
        }
        let of_rule = |rule: &BranchRule| {
            let parameters = rule.parameters.as_ref().filter(|_| rule.kind == "pull_request")?;
            Some((parameters.required_approving_review_count?, RULES))
        };
        let classic = self.classic().filter(|classic| classic.requires_approving_reviews);
        let of_classic = classic.and_then(|classic| Some((classic.required_approving_review_count?, CLASSIC)));
        let update = self.update_rule.as_ref();
        let of_update = update.and_then(|update| Some((update.required_approving_review_count?, UPDATE_RULE)));
        let all = self.rules().iter().filter_map(of_rule).chain(of_classic).chain(of_update);
        // Of equal numbers the first source is named, which says most.
        let largest = all.reduce(|best, next| if next.0 > best.0 { next } else { best });
        match largest {
            Some((count, source)) if count >= 1 => {
                let observation = Observation::seen(key, count).from(source).at(self.rules_page());
                self.as_far_as_seen(observation, "a classic rule may demand more")
            }
            _ => self.unproved(key, Observation::seen(key, 0_i64)),
        }
    }

    /// Direct changes are possible for somebody only if every rule that demands a pull request can be bypassed.
    fn bypass_allowed(&self) -> Observation {
        let key = "default_branch.bypass_allowed";
        let bypasses = self.bypasses();
        let source = "GraphQL RepositoryRuleset.bypassActors, BranchProtectionRule.isAdminEnforced";
        let seen = |value: bool| Observation::seen(key, Value::from(value)).from(source).at(self.rules_page());
        if bypasses.contains(&Some(false)) {
            return seen(false);
        }
        if bypasses.is_empty() {
            let reason = "no rule demands a pull request, so there is none to bypass";
            return self.unproved(key, Observation::unavailable(key, reason));
        }
        if !self.rules_known() || bypasses.contains(&None) {
            return denied(key);
        }
        if bypasses.len() > 1 {
            return Observation::unavailable(key, "several rules can each be bypassed, but not all by the same people");
        }
        match self.strange_rule() {
            Some(kind) => {
                Observation::unavailable(key, format!("a rule of the unknown kind `{kind}` may hold everybody"))
            }
            None => seen(true),
        }
    }

    /// For each rule that every change must go through, whether somebody may bypass it. A merge queue that no ruleset
    /// accounts for belongs to the classic rule.
    fn bypasses(&self) -> Vec<Option<bool>> {
        let ids = |kinds: &[&str]| -> BTreeSet<Option<u64>> {
            let rules = self.rules().iter().filter(|rule| kinds.contains(&rule.kind.as_str()));
            rules.map(|rule| rule.ruleset_id).collect()
        };
        let doors = ids(&DOORS);
        // Where updates are restricted too, whoever bypasses the pull request must bypass that as well.
        let rulesets = if doors.is_empty() { doors } else { ids(&["pull_request", "merge_queue", "update"]) };
        let of_ruleset = |id: &Option<u64>| id.and_then(|id| self.rulesets.get(&id)).and_then(|ruleset| ruleset.bypass);
        let mut bypasses: Vec<Option<bool>> = rulesets.iter().map(of_ruleset).collect();
        let queue_of_classic = self.merge_queue == Some(true) && ids(&["merge_queue"]).is_empty();
        if let Some(classic) = self.classic() {
            let named = classic.bypass_pull_request_allowances.map(|allowances| allowances.total_count > 0);
            if classic.requires_approving_reviews {
                bypasses.push(if classic.is_admin_enforced { named } else { Some(true) });
            } else if queue_of_classic {
                bypasses.push(Some(!classic.is_admin_enforced));
            }
        } else if !self.classic_known() {
            bypasses.push(None);
        }
        bypasses
    }
}

#[cfg(test)]
mod tests;
