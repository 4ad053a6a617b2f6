//! What stays unknown where nobody could look into the organisation's `.github` repository.
//!
//! A policy that a repository does not hold itself may stand there, so that its absence here proves nothing.

use super::library::{CODE_OF_CONDUCT, CONTRIBUTING, GOVERNANCE, Library, Policy, SECURITY, SUPPORT};
use crate::evidence::{Observation, State};

/// What is read from policies that an organisation may lend; none where it lends more than policies.
const LENT: [(&str, &[Policy]); 27] = [
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
    ("policy.issue_templates", &[]),
    ("docs.reporting_defects", &[]),
    ("docs.build", &[CONTRIBUTING]),
    ("docs.tests", &[CONTRIBUTING]),
    ("docs.verification", &[SECURITY]),
    ("docs.signing_identity", &[SECURITY]),
];

/// Turns absent into unknown where the policy that would tell may be lent by the organisation.
pub(super) fn doubt(library: &Library<'_>, observations: &mut [Observation]) {
    let Some(reason) = &library.repository.inherited_unread else { return };
    let may_be_lent = |key: &str| {
        let lent = LENT.iter().find(|(lent, _)| *lent == key);
        lent.is_some_and(|(_, policies)| {
            policies.is_empty() || policies.iter().any(|policy| library.policy(*policy).is_none())
        })
    };
    for observation in observations {
        if observation.state == State::Absent && may_be_lent(&observation.key) {
            observation.state = State::Unavailable { reason: reason.clone() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::analyse;
    use super::super::fixture::repository;
    use super::*;

    fn state(files: &[(&str, &str)], unread: Option<&str>, key: &str) -> State {
        let mut repository = repository(files);
        repository.inherited_unread = unread.map(str::to_owned);
        analyse(&repository).into_iter().find(|observation| observation.key == key).unwrap().state
    }

    #[test]
    fn what_may_be_lent_is_not_absent() {
        let unknown = State::Unavailable { reason: "not looked".to_owned() };
        for (files, key, expected) in [
            (&[][..], "policy.security", &unknown),
            (&[], "policy.security_contacts", &unknown),
            (&[], "policy.contributing_process", &unknown),
            (&[], "policy.code_of_conduct", &unknown),
            (&[], "policy.issue_templates", &unknown),
            (&[], "policy.codeowners", &State::Absent),
            (&[], "license.files", &State::Absent),
            (&[("SECURITY.md", "x")], "policy.security_contacts", &State::Absent),
            (&[("SECURITY.md", "x")], "policy.supported_versions", &unknown),
            (&[("CONTRIBUTING.md", "x")], "policy.tests_required", &State::Absent),
            (&[("CONTRIBUTING.md", "x")], "policy.roles", &unknown),
        ] {
            assert_eq!(&state(files, Some("not looked"), key), expected, "{key} {files:?}");
            assert_eq!(state(files, None, key), State::Absent, "{key} {files:?}");
        }
    }
}
