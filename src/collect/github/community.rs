//! Community files and the ways of merging, as GitHub recognises them.

use super::answer::Answer;
use super::query::{Community, Dependencies, Merging};
use super::repository::without_credentials;
use crate::evidence::{Observation, Place};

/// Keys of [`observe`].
const KEYS: [&str; 9] = [
    "repo.security_policy_recognised",
    "repo.code_of_conduct",
    "repo.contributing_recognised",
    "repo.issue_templates",
    "repo.pull_request_templates",
    "repo.contact_links",
    "repo.blank_issues_allowed",
    "repo.funding",
    "repo.codeowners_errors",
];
/// Keys of [`merging`].
const MERGING_KEYS: [&str; 3] = ["repo.merge_methods", "repo.auto_merge_allowed", "repo.branches_deleted_on_merge"];

fn told(key: &str, value: Option<bool>) -> Observation {
    value.map_or_else(|| Observation::unavailable(key, "GitHub did not tell it"), |value| Observation::seen(key, value))
}

/// The community files.
pub(super) fn observe(answer: Answer<Community>, url: &str) -> Vec<Observation> {
    let observations = answer.observe(&KEYS, |found| {
        let names = |names: Option<Vec<_>>| names.unwrap_or_default();
        let templates = found.issue_templates.unwrap_or_default().into_iter().map(|template| template.name);
        let requests = found.pull_request_templates.unwrap_or_default().into_iter().filter_map(|file| file.filename);
        let links = found.contact_links.unwrap_or_default().into_iter().map(|link| link.url);
        // Nothing but web addresses: mail addresses are nobody's business.
        let links = links.filter(|link| link.starts_with("https://") || link.starts_with("http://"));
        let links = links.map(|link| without_credentials(&link));
        let platforms = names(found.funding_links).into_iter().map(|link| link.platform.to_ascii_lowercase());
        let mut platforms: Vec<String> = platforms.collect();
        platforms.sort_unstable();
        platforms.dedup();
        vec![
            told(KEYS[0], found.is_security_policy_enabled),
            Observation::seen_or_absent(KEYS[1], found.code_of_conduct.map(|code| code.key)),
            Observation::seen(KEYS[2], found.contributing_guidelines.is_some()),
            Observation::list(KEYS[3], templates.collect()),
            Observation::list(KEYS[4], requests.collect()),
            Observation::list(KEYS[5], links.collect()),
            told(KEYS[6], found.is_blank_issues_enabled),
            Observation::list(KEYS[7], platforms),
            Observation::seen_or_absent(KEYS[8], found.codeowners.map(|file| file.errors.len())),
        ]
    });
    let source = "GraphQL Repository, community files";
    let page = || Place::page(format!("{url}/community"));
    observations.into_iter().map(|observation| observation.from(source).at(page())).collect()
}

/// How pull requests may be merged.
pub(super) fn merging(answer: Answer<Merging>, url: &str) -> Vec<Observation> {
    let observations = answer.observe(&MERGING_KEYS, |found| {
        let ways = [
            ("merge", found.merge_commit_allowed),
            ("squash", found.squash_merge_allowed),
            ("rebase", found.rebase_merge_allowed),
        ];
        let untold = ways.iter().any(|(_, allowed)| allowed.is_none());
        let allowed = ways.into_iter().filter(|(_, allowed)| *allowed == Some(true));
        let methods = if untold {
            Observation::unavailable(MERGING_KEYS[0], "GitHub did not tell it")
        } else {
            Observation::list(MERGING_KEYS[0], allowed.map(|(way, _)| way.to_owned()).collect())
        };
        vec![
            methods,
            told(MERGING_KEYS[1], found.auto_merge_allowed),
            told(MERGING_KEYS[2], found.delete_branch_on_merge),
        ]
    });
    let place = || Place::page(url);
    observations.into_iter().map(|observation| observation.from("GraphQL Repository").at(place())).collect()
}

/// How many manifests GitHub's dependency graph knows.
pub(super) fn dependencies(answer: Answer<Dependencies>, url: &str) -> Observation {
    let key = "repo.dependency_manifests";
    let observation = match answer.map(|found| found.dependency_graph_manifests) {
        Answer::Known(Some(manifests)) => match usize::try_from(manifests.total_count) {
            Ok(count) => Observation::seen(key, count),
            Err(_) => Observation::failed(key, "GitHub's answer does not hold it"),
        },
        Answer::Known(None) => Observation::unavailable(key, "GitHub has no dependency graph of it"),
        other => other.map(|_| 0_usize).observe_one(key),
    };
    observation
        .from("GraphQL Repository.dependencyGraphManifests")
        .at(Place::page(format!("{url}/network/dependencies")))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::evidence::State;

    fn states(observations: Vec<Observation>) -> Vec<State> {
        observations.into_iter().map(|observation| observation.state).collect()
    }

    fn community(found: Json) -> Vec<State> {
        states(observe(Answer::Known(serde_json::from_value(found).unwrap()), "u"))
    }

    fn list(items: &[&str]) -> State {
        State::Observed(items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>().into())
    }

    #[test]
    fn what_github_recognises_is_told_without_mail_addresses() {
        let found = community(json!({
            "isSecurityPolicyEnabled": true, "codeOfConduct": { "key": "contributor_covenant" },
            "contributingGuidelines": { "url": "https://x" }, "issueTemplates": [{ "name": "Bug" }],
            "pullRequestTemplates": [{ "filename": "PULL_REQUEST_TEMPLATE.md" }], "isBlankIssuesEnabled": false,
            "contactLinks": [{ "url": "mailto:security@example.org" }, { "url": "https://me:pw@forum.example.org/a?mail=b" }],
            "fundingLinks": [{ "platform": "GITHUB" }, { "platform": "GITHUB" }],
            "codeowners": { "errors": [{ "kind": "Unknown owner" }] },
        }));
        assert_eq!(
            found,
            [
                State::Observed(true.into()),
                State::Observed("contributor_covenant".into()),
                State::Observed(true.into()),
                list(&["Bug"]),
                list(&["PULL_REQUEST_TEMPLATE.md"]),
                list(&["https://forum.example.org/a"]),
                State::Observed(false.into()),
                list(&["github"]),
                State::Observed(1_i64.into()),
            ]
        );
        let none = community(json!({}));
        assert!(matches!(none[0], State::Unavailable { .. }));
        assert_eq!((&none[1], &none[2], &none[8]), (&State::Absent, &State::Observed(false.into()), &State::Absent));
    }

    #[test]
    fn ways_of_merging_are_known_together_or_not_at_all() {
        let of = |found: Json| states(merging(Answer::Known(serde_json::from_value(found).unwrap()), "u"));
        let found = of(json!({
            "mergeCommitAllowed": false, "squashMergeAllowed": true, "rebaseMergeAllowed": true,
            "autoMergeAllowed": false, "deleteBranchOnMerge": true,
        }));
        assert_eq!(found, [list(&["squash", "rebase"]), State::Observed(false.into()), State::Observed(true.into())]);
        assert!(matches!(of(json!({ "squashMergeAllowed": true }))[0], State::Unavailable { .. }));
    }

    #[test]
    fn a_graph_that_is_not_there_is_not_empty() {
        let of = |found: Json| dependencies(Answer::Known(serde_json::from_value(found).unwrap()), "u").state;
        assert_eq!(of(json!({ "dependencyGraphManifests": { "totalCount": 3 } })), State::Observed(3_i64.into()));
        assert!(matches!(of(json!({})), State::Unavailable { .. }));
        assert!(matches!(dependencies(Answer::failed("timeout"), "u").state, State::Failed { .. }));
    }
}
