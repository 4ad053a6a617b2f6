//! What the parts of the one GraphQL answer say, without asking anything more.

use std::collections::BTreeMap;

use super::super::answer::Answer;
use super::super::client::GraphQlError;
use super::super::gathered::{ByGraphQl, Tag, Tags};
use super::super::protection::RulesetInfo;
use super::super::query::{self, List};
use super::super::rulesets::{Ruleset, Rulesets};
use super::super::transport::Transport;
use super::super::{by_rest, tree};
use super::{Gathering, flat, is_not_found};
use crate::collect::history::History;
use crate::evidence::{Access, State};

/// A tag, whose object is kept where it has one with a proper id.
fn tag(from: query::Tag) -> Tag {
    let target = from.target.filter(|target| tree::is_object_id(&target.oid));
    let made_at = target.as_ref().and_then(query::TagTarget::made_at);
    let commit = target.as_ref().and_then(query::TagTarget::commit).filter(|id| tree::is_object_id(id));
    let commit = commit.map(str::to_owned);
    let object = target.filter(|target| target.kind == "Tag").map(|target| target.oid);
    Tag { name: from.name, object, made_at, commit }
}

/// Where the classic rule stands in its part.
const CLASSIC: [&str; 2] = ["defaultBranchRef", "branchProtectionRule"];

/// Whether it says that the owner has no `.github` repository.
fn has_no_defaults(error: &GraphQlError) -> bool {
    is_not_found(error) && error.is_of("inherited") && error.fields_below().is_empty()
}

/// Errors of the part `protection` that its readers look for.
pub(super) fn is_of_rules(fields: &[&str]) -> bool {
    fields.first() == Some(&"mergeQueue") || fields.starts_with(&CLASSIC) || fields.get(1) == Some(&"refUpdateRule")
}

impl<T: Transport> Gathering<'_, T> {
    /// What GraphQL alone tells.
    pub(super) fn by_graphql(&self) -> ByGraphQl {
        ByGraphQl {
            reviews: flat(self.answer.section::<query::Reviews>("reviews")).map(|found| found.pull_requests),
            checks: flat(self.answer.section::<query::Checks>("checks")).map(|found| found.pull_requests),
            pull_requests: flat(self.answer.section("pull_requests")),
            issues: flat(self.answer.section("issues")),
            community: flat(self.answer.section("community")),
            merging: flat(self.answer.section("merging")),
            dependencies: flat(self.answer.section("dependencies")),
        }
    }

    /// The classic rule: only an administrator's null says that there is none.
    pub(super) fn classic(
        &self,
        section: &Answer<Option<query::ProtectedBranch>>,
    ) -> Answer<Option<query::BranchProtectionRule>> {
        let found = match section {
            Answer::Known(found) => found.as_ref().and_then(|branch| branch.branch_protection_rule.clone()),
            other => return other.as_ref().map(|_| None),
        };
        // Who may bypass the rule is known apart: null is not taken for nobody.
        let of_rule = |error: &&GraphQlError| {
            let fields = error.fields_below();
            fields.starts_with(&CLASSIC) && fields.get(CLASSIC.len()) != Some(&"bypassPullRequestAllowances")
        };
        let error = self.answer.errors.iter().filter(|error| error.is_of("protection")).find(of_rule);
        match (found, error) {
            (_, Some(error)) => error.answer(),
            (Some(rule), None) => Answer::Known(Some(rule)),
            (None, None) if self.access == Access::Admin => Answer::Known(None),
            (None, None) => Answer::Denied,
        }
    }

    fn ruleset_section(&self) -> Answer<List<query::Ruleset>> {
        // Null instead of who may bypass a ruleset is not taken for nobody.
        let handled = |fields: &[&str]| fields.last() == Some(&"bypassActors");
        match flat(self.answer.section_but::<query::Rulesets>("rulesets", handled)).map(|section| section.rulesets) {
            Answer::Known(Some(list)) => Answer::Known(list),
            Answer::Known(None) => Answer::failed("GitHub did not list the rulesets"),
            Answer::Denied => Answer::Denied,
            Answer::Untold(reason) => Answer::Untold(reason),
            Answer::Failed(reason) => Answer::Failed(reason),
        }
    }

    /// The rulesets with their rules.
    pub(super) fn ruleset_list(&self) -> Answer<Rulesets> {
        self.ruleset_section().map(|section| {
            let total = section.total_count;
            let list: Vec<Ruleset> = section.into_items().into_iter().map(Ruleset::from).collect();
            let complete = total.is_none_or(|total| total <= u64::try_from(list.len()).unwrap_or(u64::MAX));
            Rulesets { list, complete, source: "GraphQL Repository.rulesets" }
        })
    }

    /// The ids of the repository's own rulesets.
    pub(super) fn own_rulesets(&self) -> Answer<Vec<u64>> {
        let own = |ruleset: &query::Ruleset| ruleset.source.as_ref().is_some_and(|source| source.kind == "Repository");
        self.ruleset_section()
            .map(|list| list.into_items().into_iter().filter(own).filter_map(|ruleset| ruleset.database_id).collect())
    }

    /// Names of rulesets and whether they can be bypassed. An empty list of bypass actors is only trusted where the
    /// token's owner administers what the ruleset belongs to.
    pub(super) fn ruleset_infos(&self) -> BTreeMap<u64, RulesetInfo> {
        let info = |ruleset: query::Ruleset| {
            let of_repository = ruleset.source.as_ref().is_some_and(|source| source.kind == "Repository");
            let administers = if of_repository {
                self.access == Access::Admin
            } else {
                self.access == Access::Admin && self.repository.administers_owner
            };
            let bypass = match ruleset.bypass_actors.map(|actors| actors.total_count) {
                Some(count) if count > 0 => Some(true),
                Some(_) if administers => Some(false),
                _ => None,
            };
            Some((ruleset.database_id?, RulesetInfo { name: ruleset.name, bypass, token_can_bypass: None }))
        };
        let Answer::Known(list) = self.ruleset_section() else { return BTreeMap::new() };
        list.into_items().into_iter().filter_map(info).collect()
    }

    pub(super) fn tags(&self) -> Answer<Tags> {
        match flat(self.answer.section::<query::Tags>("tags")).map(|tags| tags.refs) {
            Answer::Known(Some(refs)) => {
                let count = refs.total_count.and_then(|count| usize::try_from(count).ok());
                let latest: Vec<Tag> = refs.into_items().into_iter().map(tag).collect();
                Answer::Known(Tags { count: count.unwrap_or(latest.len()), latest })
            }
            Answer::Known(None) => Answer::failed("GitHub did not list the tags"),
            other => other.map(|_| Tags::default()),
        }
    }

    pub(super) fn history(&self) -> Answer<History> {
        if self.repository.commit.is_none() {
            return Answer::Known(History { source: "GraphQL Commit.history", ..History::default() });
        }
        let section = flat(self.answer.section::<query::History>("history"));
        let target = section.map(|history| history.default_branch_ref.and_then(|branch| branch.target));
        match target {
            Answer::Known(Some(query::HistoryTarget { recent, history: Some(history) })) => Answer::Known(History {
                commits: history.into_items().into_iter().map(Into::into).collect(),
                recent: recent.and_then(|recent| usize::try_from(recent.total_count).ok()),
                source: "GraphQL Commit.history",
            }),
            Answer::Known(_) => Answer::failed("GitHub did not list the commits"),
            other => other.map(|_| History::default()),
        }
    }

    /// The community files of the owner's `.github` repository, and why there may be more of them.
    pub(super) fn inherited(&self, remarks: &mut Vec<String>) -> (Option<tree::InheritedTree>, Option<State>) {
        if self.slug.name() == ".github" {
            return (None, None);
        }
        let reason = match self.answer.section::<query::Inherited>("inherited") {
            Answer::Known(found) => return (found.and_then(tree::inherited_tree), None),
            Answer::Failed(_) if self.answer.errors.iter().any(has_no_defaults) => return (None, None),
            Answer::Failed(reason) | Answer::Untold(reason) => reason,
            Answer::Denied => "the token may not read it".to_owned(),
        };
        (None, Some(by_rest::inherited_unknown(&self.repository.owner, &reason, remarks)))
    }
}
