//! What to ask for so that everything can be seen, in the forms in which GitHub takes it.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::sight::is_held_by;
use crate::evidence::{Holder, Level, Permission, Permissions, Vocabulary};

/// The least that shows everything, for each kind of token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Advice {
    /// Lines of the form for a fine-grained token: `Contents: Read-only` under `Repository permissions`.
    pub fine_grained: String,
    /// Scopes of a classic token.
    pub classic: Vec<String>,
    /// `default_permissions` of an app's manifest.
    pub app: String,
    /// The `permissions` block of a workflow.
    pub workflow: String,
    /// Permissions that the `GITHUB_TOKEN` of a workflow can never have, in the words of the reports.
    pub never_in_workflows: Vec<String>,
}

impl Advice {
    /// For a subject that an organisation owns, that a person owns, or of which that is not known.
    pub fn new(organization: Option<bool>) -> Self {
        let mut needed = Permissions::built_in().needed(Vocabulary::built_in());
        needed.retain(|permission| permission.of == Holder::Repository || organization != Some(false));
        Self::of(&needed)
    }

    fn of(needed: &[&Permission]) -> Self {
        let never = needed.iter().filter(|permission| permission.workflow.is_none());
        let never = never.filter(|permission| permission.form.is_some());
        Self {
            fine_grained: form(needed),
            classic: scopes(needed),
            app: app(needed),
            workflow: workflow(needed),
            never_in_workflows: never
                .map(|permission| permission.words().to_owned())
                .filter(|words| words.contains(':'))
                .collect(),
        }
    }
}

/// Names with the highest level that is needed of each, in the order of the alphabet.
fn highest<'a>(named: impl Iterator<Item = (&'a str, Level)>) -> BTreeMap<&'a str, Level> {
    let mut levels = BTreeMap::new();
    for (name, level) in named {
        let highest = levels.entry(name).or_insert(level);
        *highest = level.max(*highest);
    }
    levels
}

fn form(needed: &[&Permission]) -> String {
    let mut text = String::new();
    for (holder, title) in
        [(Holder::Repository, "Repository permissions"), (Holder::Organization, "Organization permissions")]
    {
        let of_holder = needed.iter().filter(|permission| permission.of == holder);
        let named = of_holder.filter_map(|permission| Some((permission.form.as_deref()?, permission.level)));
        let levels = highest(named);
        if !levels.is_empty() {
            text.push_str(&format!("{title}\n"));
        }
        for (name, level) in levels {
            text.push_str(&format!("  {name}: {}\n", level.form()));
        }
    }
    text
}

/// The scopes, without those that another one holds.
fn scopes(needed: &[&Permission]) -> Vec<String> {
    let all: BTreeSet<&str> = needed.iter().filter_map(|permission| permission.scope.as_deref()).collect();
    let held = |scope: &str| all.iter().any(|wider| *wider != scope && is_held_by(scope, wider));
    all.iter().filter(|scope| !held(scope)).map(|scope| (*scope).to_owned()).collect()
}

fn app(needed: &[&Permission]) -> String {
    let levels = highest(needed.iter().map(|permission| (permission.key.as_str(), permission.level)));
    let mut text = "default_permissions:\n".to_owned();
    for (name, level) in levels {
        text.push_str(&format!("  {name}: {}\n", level.word()));
    }
    text
}

fn workflow(needed: &[&Permission]) -> String {
    let named = needed.iter().filter_map(|permission| Some((permission.workflow.as_deref()?, permission.level)));
    let mut text = "permissions:\n".to_owned();
    for (name, level) in highest(named) {
        text.push_str(&format!("  {name}: {}\n", level.word()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ids: &[&str]) -> Advice {
        let permissions: Vec<&Permission> = ids.iter().map(|id| Permissions::built_in().get(id).unwrap()).collect();
        Advice::of(&permissions)
    }

    #[test]
    fn each_form_has_its_own_names() {
        let advice = of(&[
            "metadata: read",
            "contents: read",
            "pull_requests: read",
            "administration: read",
            "write access to the repository",
            "webhooks: read",
            "organization_administration: read",
        ]);
        assert_eq!(
            advice.fine_grained,
            "Repository permissions\n  Administration: Read-only\n  Contents: Read-only\n  Metadata: Read-only\n  \
             Pull requests: Read-only\n  Webhooks: Read-only\nOrganization permissions\n  Administration: Read-only\n"
        );
        assert_eq!(advice.classic, ["admin:org", "read:repo_hook", "repo"]);
        assert_eq!(
            advice.app,
            "default_permissions:\n  administration: read\n  contents: read\n  metadata: read\n  \
             organization_administration: read\n  pull_requests: read\n  repository_hooks: read\n"
        );
        assert_eq!(advice.workflow, "permissions:\n  contents: read\n  pull-requests: read\n");
        assert_eq!(
            advice.never_in_workflows,
            ["administration: read", "webhooks: read", "organization administration: read (organisation owner)"]
        );
    }

    #[test]
    fn the_highest_level_and_the_widest_scope_are_named_once() {
        let advice = of(&["administration: read", "administration: write", "dependabot_alerts: read"]);
        assert!(advice.fine_grained.contains("Administration: Read and write\n"), "{}", advice.fine_grained);
        assert!(advice.app.contains("administration: write\n") && !advice.app.contains("administration: read"));
        assert_eq!(advice.classic, ["repo"]);
    }

    #[test]
    fn a_personal_account_needs_nothing_of_an_organisation() {
        assert!(!Advice::new(Some(false)).fine_grained.contains("Organization"));
        assert!(Advice::new(None).fine_grained.contains("Organization"));
    }
}
