//! Permissions of GitHub that evidence can need: a closed list, read from `questionnaires/permissions.yaml`.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::Vocabulary;
use crate::built_in::PERMISSIONS;

/// To what a permission belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    Repository,
    Organization,
}

/// What the owner of a token must be, beside what the token itself may do. The least comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// May push to the repository.
    Write,
    /// Administers the repository.
    Administrator,
    /// Owns the organisation.
    Owner,
}

impl Role {
    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Write => "write access to the repository",
            Self::Administrator => "administrator of the repository",
            Self::Owner => "owner of the organisation",
        }
    }
}

/// A permission, under the names that GitHub gives it in different places.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// `administration: read`
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    also: Vec<String>,
    pub of: Holder,
    /// Its name in the form for fine-grained tokens and apps; none where the form does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// Its name in the API and in app manifests.
    pub key: String,
    pub level: Level,
    /// The least scope of a classic token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Its key in the `permissions` block of a workflow. `GITHUB_TOKEN` can never have one without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether reading a private repository needs it at all.
    #[serde(default)]
    pub base: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Read,
    Write,
}

impl Level {
    /// The word of the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// The words of GitHub's form.
    pub fn form(self) -> &'static str {
        match self {
            Self::Read => "Read-only",
            Self::Write => "Read and write",
        }
    }
}

impl Permission {
    /// What reports show.
    pub fn words(&self) -> &str {
        self.words.as_deref().unwrap_or(&self.id)
    }

    fn is_called(&self, name: &str) -> bool {
        self.id == name || self.words() == name || self.also.iter().any(|other| other == name)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    permissions: Vec<Permission>,
}

/// All permissions.
#[derive(Clone, Debug)]
pub struct Permissions(Vec<Permission>);

/// The list's text, as it is built in.
pub const PERMISSIONS_YAML: &str = PERMISSIONS.yaml;

impl Permissions {
    /// The built-in list. It is part of the program and a test reads it; should it be broken all the same, it is empty and
    /// permissions are shown as evidence names them.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Permissions> = OnceLock::new();
        BUILT_IN.get_or_init(|| PERMISSIONS.read().and_then(Self::of).unwrap_or_else(|_| Self(Vec::new())))
    }

    /// Reads a list. The error says what is wrong and where.
    pub fn parse(yaml: &str) -> Result<Self, String> {
        Self::of(serde_saphyr::from_str(yaml).map_err(|error| error.to_string())?)
    }

    fn of(file: File) -> Result<Self, String> {
        if file.schema != "seaworthy.permissions/1" {
            return Err(format!("schema is `{}`, must be `seaworthy.permissions/1`", file.schema));
        }
        Ok(Self(file.permissions))
    }

    /// All permissions, in the order of the file.
    pub fn all(&self) -> &[Permission] {
        &self.0
    }

    /// The permission of an id, or of another name that older evidence has for it.
    pub fn get(&self, name: &str) -> Option<&Permission> {
        self.0.iter().find(|permission| permission.is_called(name))
    }

    /// What reports show of a permission that evidence names. A name that is not known is shown as it is.
    pub fn words<'a>(&'a self, name: &'a str) -> &'a str {
        self.get(name).map_or(name, Permission::words)
    }

    /// What reading everything needs: the base, and what the vocabulary names. In the order of the file.
    pub fn needed(&self, vocabulary: &Vocabulary) -> Vec<&Permission> {
        let named = |permission: &Permission| {
            let mut sources = vocabulary.keys().flat_map(|info| &info.sources);
            sources.any(|source| source.permission.as_deref().is_some_and(|name| permission.is_called(name)))
        };
        self.0.iter().filter(|permission| permission.base || named(permission)).collect()
    }

    /// The id that a wrong name may have meant.
    fn nearest(&self, wrong: &str) -> Option<&str> {
        let alike =
            self.0.iter().map(|permission| (strsim::jaro_winkler(wrong, &permission.id), permission.id.as_str()));
        alike.filter(|(likeness, _)| *likeness > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id)| id)
    }

    /// What is wrong with the permissions that a vocabulary names: each must be a name of this list.
    pub fn problems(&self, vocabulary: &Vocabulary) -> Vec<String> {
        let named = vocabulary.keys().flat_map(|info| info.sources.iter().map(move |source| (info, source)));
        named
            .filter_map(|(info, source)| Some((info, source.permission.as_deref()?)))
            .filter(|(_, name)| self.get(name).is_none())
            .map(|(info, name)| {
                let near = self.nearest(name);
                let help = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                format!("{}: permission `{name}` is not in questionnaires/permissions.yaml{help}", info.key)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_permission_of_the_vocabulary_is_listed() {
        let permissions = Permissions::parse(PERMISSIONS_YAML).unwrap();
        let problems = permissions.problems(Vocabulary::built_in());
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    #[test]
    fn every_name_stands_for_one_permission() {
        let permissions = Permissions::built_in();
        let mut names = BTreeSet::new();
        for permission in permissions.all() {
            let mut own: BTreeSet<&str> = [permission.id.as_str(), permission.words()].into();
            own.extend(permission.also.iter().map(String::as_str));
            for name in own {
                assert!(names.insert(name), "{name} stands twice");
                assert_eq!(permissions.get(name).unwrap().id, permission.id);
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_the_nearest_right_name() {
        let vocabulary = |permission: &str| {
            Vocabulary::parse(&format!(
                "schema: seaworthy.observations/1\ngroups:\n  - id: g\n    title: G\n    observations:\n      - key: g.k\n        \
                 type: text\n        title: T\n        meaning: M\n        sources: [{{ by: github, read: r, permission: \"{permission}\" }}]\n"
            ))
            .unwrap()
        };
        let problems = |permission: &str| Permissions::built_in().problems(&vocabulary(permission));
        assert!(problems("webhooks: read").is_empty());
        assert_eq!(
            problems("webhook: read"),
            [
                "g.k: permission `webhook: read` is not in questionnaires/permissions.yaml; did you mean `webhooks: read`?"
            ]
        );
        assert!(problems("repository_hooks: read").is_empty());
    }

    #[test]
    fn older_names_are_shown_in_todays_words() {
        let permissions = Permissions::built_in();
        let words = "organization administration: read (organisation owner)";
        assert_eq!(permissions.words("organization_administration: read"), words);
        assert_eq!(permissions.words(words), words);
        assert_eq!(permissions.words("administration: read"), "administration: read");
        assert_eq!(permissions.words("something: else"), "something: else");
    }

    #[test]
    fn what_is_needed_is_the_base_and_what_is_named() {
        let needed = Permissions::built_in().needed(Vocabulary::built_in());
        let ids: Vec<&str> = needed.iter().map(|permission| permission.id.as_str()).collect();
        for id in ["metadata: read", "contents: read", "pull_requests: read", "administration: read"] {
            assert!(ids.contains(&id), "{id}");
        }
        assert!(!ids.contains(&"pages: read"));
    }
}
