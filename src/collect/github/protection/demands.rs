//! What rules can demand of a change, as data: each demand with the way in which each source proves it.

use super::super::query::{BranchProtectionRule, RefUpdateRule};
use super::super::rest::{BranchRule, RuleParameters};

/// A yes-or-no demand, and how each source proves it.
pub(super) struct Demand {
    pub(super) key: &'static str,
    pub(super) rule: fn(&BranchRule) -> bool,
    pub(super) classic: fn(&BranchProtectionRule) -> bool,
    pub(super) update_rule: fn(&RefUpdateRule) -> bool,
}

fn never(_: &RefUpdateRule) -> bool {
    false
}

fn parameter(rule: &BranchRule, read: fn(&RuleParameters) -> Option<bool>) -> bool {
    rule.kind == "pull_request" && rule.parameters.as_ref().and_then(read).unwrap_or(false)
}

fn has_checks(contexts: Option<&Vec<Option<String>>>) -> bool {
    contexts.is_some_and(|contexts| contexts.iter().flatten().next().is_some())
}

pub(super) fn rule_checks(rule: &BranchRule) -> impl Iterator<Item = &str> {
    let checks = rule.parameters.iter().filter(|_| rule.kind == "required_status_checks");
    checks.flat_map(|parameters| &parameters.required_status_checks).map(|check| check.context.as_str())
}

/// Required workflows are checks whose names are not told.
pub(super) fn has_workflows(rule: &BranchRule) -> bool {
    let required = rule.parameters.iter().filter(|_| rule.kind == "workflows");
    required.flat_map(|parameters| &parameters.workflows).next().is_some()
}

/// Rules through which every change must go, so that a direct push is refused.
pub(super) const DOORS: [&str; 2] = ["pull_request", "merge_queue"];

/// Kinds of rules that are known to demand neither a pull request nor a check, and to shut nobody out.
pub(super) const OTHER_RULES: &[&str] = &[
    "branch_name_pattern",
    "code_scanning",
    "commit_author_email_pattern",
    "commit_message_pattern",
    "committer_email_pattern",
    "copilot_code_review",
    "creation",
    "deletion",
    "file_extension_restriction",
    "file_path_restriction",
    "max_file_path_length",
    "max_file_size",
    "merge_queue",
    "non_fast_forward",
    "pull_request",
    "required_linear_history",
    "required_signatures",
    "required_status_checks",
    "tag_name_pattern",
    "update",
    "workflows",
];

/// Demands of which *no* counts against a project, because a direct push would then go through.
pub(super) const PUSH_DEMANDS: [&str; 3] =
    ["default_branch.pull_request_required", "default_branch.status_checks_required", "default_branch.push_restricted"];

pub(super) const DEMANDS: &[Demand] = &[
    Demand {
        key: "default_branch.pull_request_required",
        // A merge queue takes pull requests alone.
        rule: |rule| DOORS.contains(&rule.kind.as_str()),
        classic: |classic| classic.requires_approving_reviews,
        update_rule: |update| update.required_approving_review_count.is_some_and(|count| count >= 1),
    },
    Demand {
        key: "default_branch.code_owner_review_required",
        rule: |rule| parameter(rule, |p| p.require_code_owner_review),
        classic: |classic| classic.requires_approving_reviews && classic.requires_code_owner_reviews,
        update_rule: |update| update.requires_code_owner_reviews,
    },
    Demand {
        key: "default_branch.stale_approvals_dismissed",
        rule: |rule| parameter(rule, |p| p.dismiss_stale_reviews_on_push),
        classic: |classic| classic.requires_approving_reviews && classic.dismisses_stale_reviews,
        update_rule: never,
    },
    Demand {
        key: "default_branch.last_push_approval_required",
        rule: |rule| parameter(rule, |p| p.require_last_push_approval),
        classic: |classic| classic.requires_approving_reviews && classic.require_last_push_approval,
        update_rule: never,
    },
    Demand {
        key: "default_branch.conversations_must_be_resolved",
        rule: |rule| parameter(rule, |p| p.required_review_thread_resolution),
        classic: |classic| classic.requires_conversation_resolution,
        update_rule: |update| update.requires_conversation_resolution,
    },
    Demand {
        key: "default_branch.status_checks_required",
        rule: |rule| rule_checks(rule).next().is_some() || has_workflows(rule),
        classic: |classic| {
            classic.requires_status_checks && has_checks(classic.required_status_check_contexts.as_ref())
        },
        update_rule: |update| has_checks(update.required_status_check_contexts.as_ref()),
    },
    Demand {
        key: "default_branch.up_to_date_required",
        rule: |rule| {
            let strict = rule.parameters.as_ref().and_then(|p| p.strict_required_status_checks_policy);
            rule_checks(rule).next().is_some() && strict.unwrap_or(false)
        },
        // GraphQL says strict even where no checks are required at all.
        classic: |classic| {
            classic.requires_status_checks
                && classic.requires_strict_status_checks
                && has_checks(classic.required_status_check_contexts.as_ref())
        },
        update_rule: never,
    },
    Demand {
        key: "default_branch.force_push_blocked",
        rule: |rule| rule.kind == "non_fast_forward",
        classic: |classic| !classic.allows_force_pushes,
        update_rule: |update| update.allows_force_pushes == Some(false),
    },
    Demand {
        key: "default_branch.deletion_blocked",
        rule: |rule| rule.kind == "deletion",
        classic: |classic| !classic.allows_deletions,
        update_rule: |update| update.allows_deletions == Some(false),
    },
    Demand {
        key: "default_branch.signatures_required",
        rule: |rule| rule.kind == "required_signatures",
        classic: |classic| classic.requires_commit_signatures,
        update_rule: |update| update.requires_signatures,
    },
    Demand {
        key: "default_branch.linear_history_required",
        rule: |rule| rule.kind == "required_linear_history",
        classic: |classic| classic.requires_linear_history,
        update_rule: |update| update.requires_linear_history,
    },
    Demand {
        key: "default_branch.push_restricted",
        rule: |rule| rule.kind == "update",
        classic: |classic| classic.restricts_pushes || classic.lock_branch,
        update_rule: never,
    },
    Demand {
        key: "default_branch.locked",
        rule: |_| false,
        classic: |classic| classic.lock_branch,
        update_rule: never,
    },
    Demand {
        key: "default_branch.review_dismissal_restricted",
        rule: |_| false,
        classic: |classic| classic.requires_approving_reviews && classic.restricts_review_dismissals,
        update_rule: never,
    },
];
