//! Continuous integration outside of GitHub Actions, by its files of configuration.

use super::Repository;
use super::library::list;
use crate::evidence::{Observation, Place};

/// Paths and what they configure. A path with `/` at its end stands for a folder.
const SYSTEMS: [(&str, &str); 34] = [
    (".gitlab-ci.yml", "GitLab CI"),
    (".circleci/config.yml", "CircleCI"),
    (".circleci/config.yaml", "CircleCI"),
    (".travis.yml", "Travis CI"),
    ("azure-pipelines.yml", "Azure Pipelines"),
    ("azure-pipelines.yaml", "Azure Pipelines"),
    (".azure-pipelines.yml", "Azure Pipelines"),
    (".azure-pipelines/", "Azure Pipelines"),
    (".vsts-ci.yml", "Azure Pipelines"),
    ("Jenkinsfile", "Jenkins"),
    (".jenkins/", "Jenkins"),
    (".buildkite/", "Buildkite"),
    (".cirrus.yml", "Cirrus CI"),
    (".cirrus.star", "Cirrus CI"),
    ("appveyor.yml", "AppVeyor"),
    (".appveyor.yml", "AppVeyor"),
    (".prow.yaml", "Prow"),
    (".prow/", "Prow"),
    (".drone.yml", "Drone"),
    (".woodpecker.yml", "Woodpecker"),
    (".woodpecker.yaml", "Woodpecker"),
    (".woodpecker/", "Woodpecker"),
    (".semaphore/semaphore.yml", "Semaphore"),
    ("bitbucket-pipelines.yml", "Bitbucket Pipelines"),
    (".teamcity/", "TeamCity"),
    (".builds/", "builds.sr.ht"),
    (".build.yml", "builds.sr.ht"),
    (".tekton/", "Tekton"),
    ("cloudbuild.yaml", "Google Cloud Build"),
    ("cloudbuild.yml", "Google Cloud Build"),
    ("buildspec.yml", "AWS CodeBuild"),
    (".zuul.yaml", "Zuul"),
    (".zuul.d/", "Zuul"),
    (".forgejo/workflows/", "Forgejo Actions"),
];

/// `workflows.other_ci`.
pub(super) fn analyse(repository: &Repository) -> Vec<Observation> {
    let found = repository
        .entries
        .iter()
        .filter_map(|entry| Some((system(&entry.path)?.to_owned(), Place::file(&entry.path))))
        .collect();
    vec![list(repository, "workflows.other_ci", found)]
}

fn system(path: &str) -> Option<&'static str> {
    SYSTEMS
        .iter()
        .find(|(known, _)| if known.ends_with('/') { path.starts_with(known) } else { path == *known })
        .map(|(_, system)| *system)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::repository;
    use super::*;
    use crate::evidence::{State, Value};

    #[test]
    fn systems_are_told_by_their_files() {
        let repository = repository(&[
            (".travis.yml", ""),
            (".buildkite/pipeline.yml", ""),
            (".buildkite/other.yml", ""),
            ("sub/.travis.yml", ""),
            ("docs/Jenkinsfile", ""),
        ]);
        let observation = analyse(&repository).remove(0);
        let expected = vec!["Buildkite".to_owned(), "Travis CI".to_owned()];
        assert_eq!(observation.state, State::Observed(Value::List(expected)));
        assert_eq!(observation.places[0].path.as_deref(), Some(".buildkite/pipeline.yml"));
    }
}
