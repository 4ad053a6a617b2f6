//! The owner's default policies, where nobody could look at them: what was not found is then not known to be absent.

use super::library::{CODE_OF_CONDUCT, CONTRIBUTING, GOVERNANCE, Library, Policy, SECURITY, SUPPORT};
use crate::evidence::{Observation, State};

/// Keys that a default of the owner could settle, with the policies that they are read from.
const READ_FROM: &[(&str, &[Policy])] = &[
    ("policy.security", &[SECURITY]),
    ("policy.security_contacts", &[SECURITY]),
    ("policy.security_private_channel", &[SECURITY]),
    ("policy.security_response_days", &[SECURITY]),
    ("policy.security_disclosure", &[SECURITY]),
    ("policy.security_scope", &[SECURITY]),
    ("policy.supported_versions", &[SECURITY, SUPPORT]),
    ("policy.end_of_support", &[SECURITY, SUPPORT]),
    ("policy.contributing", &[CONTRIBUTING]),
    ("policy.contributing_process", &[CONTRIBUTING]),
    ("policy.contribution_requirements", &[CONTRIBUTING]),
    ("policy.tests_required", &[CONTRIBUTING]),
    ("policy.governance", &[GOVERNANCE]),
    ("policy.roles", &[GOVERNANCE, CONTRIBUTING]),
    ("policy.access_vetting", &[GOVERNANCE, CONTRIBUTING]),
    ("policy.code_of_conduct", &[CODE_OF_CONDUCT]),
    ("policy.support", &[SUPPORT]),
    ("policy.dependencies", &[SECURITY, CONTRIBUTING]),
    ("policy.secrets", &[SECURITY, CONTRIBUTING]),
    ("policy.dependency_findings", &[SECURITY, CONTRIBUTING]),
    ("policy.code_findings", &[SECURITY, CONTRIBUTING]),
    ("docs.build", &[CONTRIBUTING]),
    ("docs.reporting_defects", &[CONTRIBUTING, SUPPORT]),
    ("docs.verification", &[SECURITY]),
    ("docs.signing_identity", &[SECURITY]),
    ("docs.tests", &[CONTRIBUTING]),
];

/// The observation, unknown instead of absent where a policy that nobody could look at may stand in.
pub(super) fn allowed_for(library: &Library<'_>, mut observation: Observation) -> Observation {
    let Some(unseen) = &library.repository.unseen_defaults else { return observation };
    let read_from = READ_FROM.iter().find(|(key, _)| *key == observation.key).map_or(&[][..], |(_, policies)| policies);
    if observation.state == State::Absent && read_from.iter().any(|policy| library.policy(*policy).is_none()) {
        observation.state = unseen.clone();
    }
    observation
}

#[cfg(test)]
mod tests {
    use super::super::analyse;
    use super::super::fixture::repository;
    use super::*;
    use crate::evidence::Vocabulary;

    #[test]
    fn the_keys_are_those_of_the_vocabulary() {
        for (key, policies) in READ_FROM {
            assert!(Vocabulary::built_in().get(key).is_some_and(|info| info.told_by("files")), "{key}");
            assert!(policies.iter().all(|policy| policy.inherited), "{key}");
        }
    }

    /// Files of the repository, a key, and whether it is known to be absent where the owner's defaults are not known.
    #[test]
    fn what_a_default_may_hold_is_not_absent() {
        let unseen = State::Failed { reason: "HTTP 502".to_owned() };
        for (files, key, absent) in [
            (vec![], "policy.security", false),
            (vec![], "policy.security_contacts", false),
            (vec![], "policy.roles", false),
            (vec![], "docs.build", false),
            (vec![], "docs.readme", true),
            (vec![], "policy.maintainers", true),
            (vec![], "policy.codeowners", true),
            (vec!["SECURITY.md"], "policy.security_contacts", true),
            (vec!["SECURITY.md"], "policy.supported_versions", false),
            (vec!["SECURITY.md", "SUPPORT.md"], "policy.supported_versions", true),
            (vec!["CONTRIBUTING.md"], "policy.contributing_process", true),
            (vec!["CONTRIBUTING.md"], "policy.governance", false),
        ] {
            let files: Vec<(&str, &str)> = files.into_iter().map(|path| (path, "x")).collect();
            let mut repository = repository(&files);
            let state = |repository: &_| {
                analyse(repository).into_iter().find(|observation| observation.key == key).unwrap().state
            };
            assert_eq!(state(&repository), State::Absent, "{key}");
            repository.unseen_defaults = Some(unseen.clone());
            assert_eq!(state(&repository), if absent { State::Absent } else { unseen.clone() }, "{files:?} {key}");
        }
    }
}
