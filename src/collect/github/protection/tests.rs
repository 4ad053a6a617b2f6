use serde_json::{Value as Json, json};

use super::*;
use crate::evidence::State;

fn sources() -> Sources {
    Sources {
        rules: Answer::Known(Vec::new()),
        classic: Answer::Denied,
        update_rule: None,
        protected: None,
        public_checks: Vec::new(),
        merge_queue: Some(false),
        rulesets: BTreeMap::new(),
        url: "https://github.com/acme/widget".to_owned(),
    }
}

fn rule(kind: &str, parameters: Json) -> BranchRule {
    let mut rule = json!({ "type": kind, "ruleset_source_type": "Repository", "ruleset_id": 7 });
    rule["parameters"] = parameters;
    serde_json::from_value(rule).unwrap()
}

/// A classic rule as GitHub makes it when nothing is ticked.
fn plain_classic() -> BranchProtectionRule {
    BranchProtectionRule { is_admin_enforced: true, ..BranchProtectionRule::default() }
}

fn state(sources: &Sources, key: &str) -> State {
    let key = format!("default_branch.{key}");
    let found = sources.observe().into_iter().find(|observation| observation.key == key);
    found.unwrap_or_else(|| panic!("{key}")).state
}

fn seen(value: impl Into<Value>) -> State {
    State::Observed(value.into())
}

fn not_permitted() -> State {
    State::NotPermitted { permission: "administration: read".to_owned() }
}

fn names(names: &[&str]) -> State {
    seen(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
}

#[test]
fn every_key_is_observed_once() {
    let mut found: Vec<String> = sources().observe().into_iter().map(|observation| observation.key).collect();
    let mut expected: Vec<String> = KEYS.iter().map(|key| (*key).to_owned()).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

/// The demands that each source proves alone, one line a demand: key, rule, classic field, summary field.
fn proofs() -> Vec<(&'static str, BranchRule, Json, Option<Json>)> {
    let pull_request = |field: &str| rule("pull_request", json!({ field: true }));
    let reviews = |field: &str| json!({ "requiresApprovingReviews": true, field: true });
    let checks =
        json!({ "required_status_checks": [{ "context": "test" }], "strict_required_status_checks_policy": true });
    let classic_checks = json!({
        "requiresStatusChecks": true, "requiresStrictStatusChecks": true, "requiredStatusCheckContexts": ["test"],
    });
    vec![
        (
            "pull_request_required",
            rule("pull_request", Json::Null),
            json!({ "requiresApprovingReviews": true }),
            Some(json!({ "requiredApprovingReviewCount": 1 })),
        ),
        (
            "code_owner_review_required",
            pull_request("require_code_owner_review"),
            reviews("requiresCodeOwnerReviews"),
            Some(json!({ "requiresCodeOwnerReviews": true })),
        ),
        (
            "stale_approvals_dismissed",
            pull_request("dismiss_stale_reviews_on_push"),
            reviews("dismissesStaleReviews"),
            None,
        ),
        (
            "last_push_approval_required",
            pull_request("require_last_push_approval"),
            reviews("requireLastPushApproval"),
            None,
        ),
        (
            "conversations_must_be_resolved",
            pull_request("required_review_thread_resolution"),
            json!({ "requiresConversationResolution": true }),
            Some(json!({ "requiresConversationResolution": true })),
        ),
        (
            "status_checks_required",
            rule("required_status_checks", checks.clone()),
            classic_checks.clone(),
            Some(json!({ "requiredStatusCheckContexts": ["test"] })),
        ),
        (
            "pull_request_required",
            rule("merge_queue", json!({ "merge_method": "SQUASH" })),
            json!({ "requiresApprovingReviews": true }),
            None,
        ),
        (
            "status_checks_required",
            rule("workflows", json!({ "workflows": [{ "path": ".github/workflows/ci.yml", "repository_id": 1 }] })),
            classic_checks.clone(),
            None,
        ),
        ("up_to_date_required", rule("required_status_checks", checks), classic_checks, None),
        (
            "force_push_blocked",
            rule("non_fast_forward", Json::Null),
            json!({ "allowsForcePushes": false, "allowsDeletions": true }),
            Some(json!({ "allowsForcePushes": false })),
        ),
        (
            "deletion_blocked",
            rule("deletion", Json::Null),
            json!({ "allowsDeletions": false, "allowsForcePushes": true }),
            Some(json!({ "allowsDeletions": false })),
        ),
        (
            "signatures_required",
            rule("required_signatures", Json::Null),
            json!({ "requiresCommitSignatures": true }),
            Some(json!({ "requiresSignatures": true })),
        ),
        (
            "linear_history_required",
            rule("required_linear_history", Json::Null),
            json!({ "requiresLinearHistory": true }),
            Some(json!({ "requiresLinearHistory": true })),
        ),
        ("push_restricted", rule("update", Json::Null), json!({ "restrictsPushes": true }), None),
        ("push_restricted", rule("update", Json::Null), json!({ "lockBranch": true }), None),
    ]
}

#[test]
fn each_source_proves_a_demand_alone() {
    for (key, by_rule, by_classic, by_summary) in proofs() {
        let with_rule = Sources { rules: Answer::Known(vec![by_rule]), ..sources() };
        assert_eq!(state(&with_rule, key), seen(true), "{key} by a ruleset");
        let classic = serde_json::from_value(by_classic).unwrap();
        let with_classic = Sources { classic: Answer::Known(Some(classic)), ..sources() };
        assert_eq!(state(&with_classic, key), seen(true), "{key} by the classic rule");
        if let Some(summary) = by_summary {
            let with_summary = Sources { update_rule: Some(serde_json::from_value(summary).unwrap()), ..sources() };
            assert_eq!(state(&with_summary, key), seen(true), "{key} by the summary");
        }
    }
}

/// What each demand is where nothing proves it, for every combination of what is known of the sources.
#[test]
fn what_nothing_proves_is_only_no_where_all_is_known() {
    let all_allowed = BranchProtectionRule {
        allows_deletions: true,
        allows_force_pushes: true,
        is_admin_enforced: true,
        ..BranchProtectionRule::default()
    };
    let permissive =
        RefUpdateRule { allows_deletions: Some(true), allows_force_pushes: Some(true), ..RefUpdateRule::default() };
    let failed = || State::Failed { reason: "HTTP 502".to_owned() };
    for rules_known in [true, false] {
        for classic in [Answer::Denied, Answer::Known(None), Answer::Known(Some(all_allowed.clone()))] {
            for protected in [None, Some(true), Some(false)] {
                for update_rule in [None, Some(permissive.clone())] {
                    let sources = Sources {
                        rules: if rules_known { Answer::Known(Vec::new()) } else { Answer::failed("HTTP 502") },
                        classic: classic.clone(),
                        protected,
                        update_rule: update_rule.clone(),
                        ..sources()
                    };
                    let unprotected = protected == Some(false);
                    let classic_known = classic.known().is_some();
                    let expected = match (rules_known || unprotected, classic_known || unprotected) {
                        (true, true) => seen(false),
                        (false, _) => failed(),
                        (true, false) => not_permitted(),
                    };
                    for demand in DEMANDS {
                        let key = demand.key.trim_start_matches("default_branch.");
                        assert_eq!(state(&sources, key), expected, "{key}: {sources:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn options_of_a_classic_rule_need_the_rule_itself() {
    let classic = BranchProtectionRule {
        dismisses_stale_reviews: true,
        requires_code_owner_reviews: true,
        require_last_push_approval: true,
        requires_strict_status_checks: true,
        required_status_check_contexts: Some(vec![Some("test".to_owned())]),
        required_approving_review_count: Some(3),
        ..plain_classic()
    };
    let sources = Sources { classic: Answer::Known(Some(classic)), ..sources() };
    for key in [
        "pull_request_required",
        "stale_approvals_dismissed",
        "code_owner_review_required",
        "last_push_approval_required",
        "status_checks_required",
        "up_to_date_required",
    ] {
        assert_eq!(state(&sources, key), seen(false), "{key}");
    }
    assert_eq!(state(&sources, "required_approvals"), seen(0_i64));
    assert_eq!(state(&sources, "required_checks"), State::Absent);
}

#[test]
fn protected_is_proved_or_told() {
    let with_rule = Sources { rules: Answer::Known(vec![rule("deletion", Json::Null)]), ..sources() };
    let with_classic = Sources { classic: Answer::Known(Some(plain_classic())), ..sources() };
    let with_summary = Sources { update_rule: Some(RefUpdateRule::default()), ..sources() };
    for sources in [with_rule, with_classic, with_summary, Sources { protected: Some(true), ..sources() }] {
        assert_eq!(state(&sources, "protected"), seen(true), "{sources:?}");
    }
    assert_eq!(state(&Sources { protected: Some(false), ..sources() }, "protected"), seen(false));
    assert_eq!(state(&Sources { classic: Answer::Known(None), ..sources() }, "protected"), seen(false));
    // The key names no permission: everybody may ask the branch, which was not answered here.
    assert!(matches!(state(&sources(), "protected"), State::Unavailable { .. }));
}

#[test]
fn the_branch_is_asked_only_where_it_could_tell_more() {
    assert!(!sources().is_settled());
    assert!(Sources { classic: Answer::Known(None), ..sources() }.is_settled());
    assert!(Sources { update_rule: Some(RefUpdateRule::default()), ..sources() }.is_settled());
    assert!(Sources { rules: Answer::Known(vec![rule("x", Json::Null)]), ..sources() }.is_settled());
    let unknown_rules = Sources { rules: Answer::failed("x"), classic: Answer::Known(None), ..sources() };
    assert!(!unknown_rules.is_settled());
}

#[test]
fn sources_are_named() {
    let of = |sources: &Sources| state(sources, "protection_sources");
    let mut organization = rule("deletion", Json::Null);
    organization.ruleset_source_type = Some("Organization".to_owned());
    organization.ruleset_id = Some(8);
    let all = Sources {
        rules: Answer::Known(vec![rule("deletion", Json::Null), rule("update", Json::Null), organization]),
        classic: Answer::Known(Some(plain_classic())),
        rulesets: BTreeMap::from([(7, RulesetInfo { name: "main".to_owned(), ..RulesetInfo::default() })]),
        ..sources()
    };
    assert_eq!(of(&all), names(&["classic", "organization-ruleset:8", "ruleset:main"]));
    let by_elimination = Sources { protected: Some(true), ..sources() };
    assert_eq!(of(&by_elimination), names(&["classic"]));
    assert_eq!(of(&Sources { protected: Some(false), ..sources() }), State::Absent);
    assert_eq!(of(&sources()), not_permitted());
}

#[test]
fn the_largest_number_of_approvals_counts() {
    let of = |sources: &Sources| state(sources, "required_approvals");
    let approvals = |count: i64| rule("pull_request", json!({ "required_approving_review_count": count }));
    let classic = |count: i64| BranchProtectionRule {
        requires_approving_reviews: true,
        required_approving_review_count: Some(count),
        ..plain_classic()
    };
    let two = Sources { rules: Answer::Known(vec![approvals(1), approvals(2), approvals(0)]), ..sources() };
    assert_eq!(of(&two), seen(2_i64));
    let three = Sources { classic: Answer::Known(Some(classic(3))), ..two.clone() };
    assert_eq!(of(&three), seen(3_i64));
    let summary = RefUpdateRule { required_approving_review_count: Some(4), ..RefUpdateRule::default() };
    assert_eq!(of(&Sources { update_rule: Some(summary), ..three }), seen(4_i64));
    // None that is seen is not none: a hidden classic rule may demand some.
    let none = Sources { rules: Answer::Known(vec![approvals(0)]), ..sources() };
    assert_eq!(of(&none), not_permitted());
    assert_eq!(of(&Sources { classic: Answer::Known(None), ..none }), seen(0_i64));
}

#[test]
fn required_checks_come_from_all_sources() {
    let of = |sources: &Sources| state(sources, "required_checks");
    let rules = vec![rule("required_status_checks", json!({ "required_status_checks": [{ "context": "a" }] }))];
    let contexts = |name: &str| Some(vec![Some(name.to_owned()), None]);
    let all = Sources {
        rules: Answer::Known(rules),
        classic: Answer::Known(Some(BranchProtectionRule {
            requires_status_checks: true,
            required_status_check_contexts: contexts("b"),
            ..plain_classic()
        })),
        update_rule: Some(RefUpdateRule { required_status_check_contexts: contexts("a"), ..RefUpdateRule::default() }),
        public_checks: vec!["c".to_owned()],
        ..sources()
    };
    assert_eq!(of(&all), names(&["a", "b", "c"]));
    assert_eq!(of(&sources()), not_permitted());
    assert_eq!(of(&Sources { protected: Some(false), ..sources() }), State::Absent);
}

#[test]
fn checks_that_the_branch_shows_count_where_they_are_enforced() {
    let learnt = |level: &str, enabled: bool| {
        let branch = json!({
            "commit": { "sha": "0" }, "protected": true,
            "protection": { "enabled": enabled, "required_status_checks": { "enforcement_level": level, "contexts": ["test"] } },
        });
        let mut sources = sources();
        sources.learn_branch(serde_json::from_value(branch).unwrap());
        state(&sources, "status_checks_required")
    };
    assert_eq!(learnt("everyone", true), seen(true));
    assert_eq!(learnt("off", true), not_permitted());
    assert_eq!(learnt("everyone", false), not_permitted());
}

/// Bypass of the rules that demand a pull request: rulesets (by their bypass), classic rule, and what that comes to.
#[test]
fn everybody_is_held_where_one_rule_cannot_be_bypassed() {
    let of = |rulesets: &[Option<bool>], classic: Answer<Option<BranchProtectionRule>>| {
        let rules = rulesets
            .iter()
            .zip(1..)
            .map(|(_, id)| BranchRule { ruleset_id: Some(id), ..rule("pull_request", Json::Null) });
        let infos = rulesets
            .iter()
            .zip(1..)
            .map(|(bypass, id)| (id, RulesetInfo { name: "r".into(), bypass: *bypass, token_can_bypass: None }));
        let (rules, rulesets) = (Answer::Known(rules.collect()), infos.collect());
        state(&Sources { rules, classic, rulesets, ..sources() }, "bypass_allowed")
    };
    let classic = |admins_held: bool, allowances: u64| {
        Answer::Known(Some(BranchProtectionRule {
            requires_approving_reviews: true,
            is_admin_enforced: admins_held,
            bypass_pull_request_allowances: Some(crate::collect::github::query::Count { total_count: allowances }),
            ..BranchProtectionRule::default()
        }))
    };
    let none = || Answer::Known(None);
    assert_eq!(of(&[Some(true)], none()), seen(true));
    assert_eq!(of(&[Some(false)], none()), seen(false));
    assert_eq!(of(&[None], none()), not_permitted());
    assert_eq!(of(&[Some(true), Some(false)], none()), seen(false));
    assert_eq!(of(&[Some(true), None], none()), not_permitted());
    assert_eq!(of(&[None, Some(false)], Answer::Denied), seen(false));
    assert_eq!(of(&[Some(true)], Answer::Denied), not_permitted());
    assert_eq!(of(&[], classic(true, 0)), seen(false));
    assert_eq!(of(&[], classic(false, 0)), seen(true));
    assert_eq!(of(&[], classic(true, 1)), seen(true));
    assert_eq!(of(&[Some(true)], classic(true, 0)), seen(false));
    assert_eq!(of(&[Some(false)], classic(false, 0)), seen(false));
    assert_eq!(of(&[], Answer::Denied), not_permitted());
    // A classic rule that demands no pull request is no rule to bypass.
    assert!(matches!(of(&[], Answer::Known(Some(plain_classic()))), State::Unavailable { .. }));
    assert!(matches!(of(&[], none()), State::Unavailable { .. }));
}

#[test]
fn code_scanning_is_seen_by_everybody() {
    let with_rule = Sources { rules: Answer::Known(vec![rule("code_scanning", json!({}))]), ..sources() };
    assert_eq!(state(&with_rule, "code_scanning_required"), seen(true));
    assert_eq!(state(&sources(), "code_scanning_required"), seen(false));
    let unknown = Sources { rules: Answer::failed("HTTP 502"), ..sources() };
    assert!(matches!(state(&unknown, "code_scanning_required"), State::Failed { .. }));
}

#[test]
fn partial_lists_say_so() {
    let rules = vec![rule("pull_request", json!({ "required_approving_review_count": 1 }))];
    let hidden = Sources { rules: Answer::Known(rules), ..sources() };
    let detail = |sources: &Sources| {
        let found = sources.observe().into_iter().find(|found| found.key == "default_branch.required_approvals");
        found.unwrap().detail
    };
    assert!(detail(&hidden).unwrap().starts_with("as far as seen"));
    assert_eq!(detail(&Sources { classic: Answer::Known(None), ..hidden }), None);
}

#[test]
fn what_one_source_told_is_no_list_where_the_other_went_wrong() {
    let lists = ["protection_sources", "required_approvals", "required_checks"];
    let failed = |sources: &Sources| lists.iter().all(|key| matches!(state(sources, key), State::Failed { .. }));
    let rules = || Answer::Known(vec![rule("pull_request", json!({ "required_approving_review_count": 1 }))]);
    let classic = || BranchProtectionRule {
        requires_approving_reviews: true,
        required_approving_review_count: Some(1),
        ..plain_classic()
    };
    assert!(failed(&Sources { rules: rules(), classic: Answer::failed("x"), ..sources() }));
    assert!(failed(&Sources { rules: Answer::failed("x"), classic: Answer::Known(Some(classic())), ..sources() }));
    assert!(!failed(&Sources { rules: rules(), classic: Answer::Known(Some(classic())), ..sources() }));
}

/// Rules by their kind, and of the three demands about pushes those that may still be denied.
#[test]
fn rules_that_refuse_pushes_in_other_ways_leave_no_certain_no() {
    let keys = ["pull_request_required", "status_checks_required", "push_restricted"];
    for (kind, certain) in [
        ("deletion", vec![keys[0], keys[1], keys[2]]),
        ("commit_message_pattern", vec![keys[0], keys[1], keys[2]]),
        ("merge_queue", vec![keys[1], keys[2]]),
        ("required_deployments", vec![keys[0], keys[1]]),
        ("a_rule_of_tomorrow", vec![]),
    ] {
        let rules = Answer::Known(vec![rule(kind, Json::Null)]);
        let sources = Sources { rules, classic: Answer::Known(None), ..sources() };
        for key in keys {
            assert_eq!(state(&sources, key) == seen(false), certain.contains(&key), "{kind}: {key}");
        }
    }
    let deploys = BranchProtectionRule { requires_deployments: true, ..plain_classic() };
    let sources = Sources { classic: Answer::Known(Some(deploys)), ..sources() };
    assert!(matches!(state(&sources, "push_restricted"), State::Unavailable { .. }));
    assert_eq!(state(&sources, "pull_request_required"), seen(false));
}

#[test]
fn a_merge_queue_of_the_classic_rule_demands_pull_requests() {
    let of = |merge_queue: Option<bool>, classic: Answer<Option<BranchProtectionRule>>| {
        let sources = Sources { classic, merge_queue, ..sources() };
        (state(&sources, "pull_request_required"), state(&sources, "bypass_allowed"))
    };
    let classic = |held: bool| Answer::Known(Some(BranchProtectionRule { is_admin_enforced: held, ..plain_classic() }));
    assert_eq!(of(Some(true), classic(true)), (seen(true), seen(false)));
    assert_eq!(of(Some(true), classic(false)), (seen(true), seen(true)));
    assert_eq!(of(Some(true), Answer::Denied), (seen(true), not_permitted()));
    assert_eq!(of(Some(false), classic(true)).0, seen(false));
    assert!(matches!(of(None, classic(true)).0, State::Unavailable { .. }));
    assert_eq!(of(None, Answer::Known(None)).0, seen(false));
}

#[test]
fn required_workflows_are_checks_without_names() {
    let workflows = rule("workflows", json!({ "workflows": [{ "path": ".github/workflows/ci.yml" }] }));
    let sources = Sources { rules: Answer::Known(vec![workflows]), classic: Answer::Known(None), ..sources() };
    assert_eq!(state(&sources, "status_checks_required"), seen(true));
    assert!(matches!(state(&sources, "required_checks"), State::Unavailable { .. }));
}

/// A direct push must get past every rule: a way around each does not make one around all.
#[test]
fn somebody_bypasses_only_where_one_way_leads_around_all_rules() {
    let of = |rules: &[(&str, u64)], rulesets: &[(u64, Option<bool>)]| {
        let rules = rules.iter().map(|(kind, id)| BranchRule { ruleset_id: Some(*id), ..rule(kind, Json::Null) });
        let infos = rulesets
            .iter()
            .map(|(id, bypass)| (*id, RulesetInfo { name: "r".into(), bypass: *bypass, token_can_bypass: None }));
        let (rules, rulesets) = (Answer::Known(rules.collect()), infos.collect());
        state(&Sources { rules, rulesets, classic: Answer::Known(None), ..sources() }, "bypass_allowed")
    };
    let open = Some(true);
    assert_eq!(of(&[("pull_request", 1), ("merge_queue", 1)], &[(1, open)]), seen(true));
    assert_eq!(of(&[("pull_request", 1), ("merge_queue", 2)], &[(1, open), (2, Some(false))]), seen(false));
    assert_eq!(of(&[("pull_request", 1), ("update", 2)], &[(1, open), (2, Some(false))]), seen(false));
    assert_eq!(of(&[("merge_queue", 1)], &[(1, open)]), seen(true));
    let unavailable = |state: State| matches!(state, State::Unavailable { .. });
    assert!(unavailable(of(&[("pull_request", 1), ("pull_request", 2)], &[(1, open), (2, open)])));
    assert!(unavailable(of(&[("pull_request", 1), ("a_rule_of_tomorrow", 1)], &[(1, open)])));
    assert!(unavailable(of(&[("update", 1)], &[(1, open)])));
}
