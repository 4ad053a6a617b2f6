//! Tables of texts and what they come to.

use std::sync::Arc;

use super::super::fixture::{repository, with};
use super::super::{Content, EntryKind, Inherited};
use super::*;
use crate::evidence::Value;

fn observe_with(files: &[(&str, &str)], key: &str) -> Observation {
    let repository = repository(files);
    let observations = analyse(&Library::new(&repository));
    observations.into_iter().find(|observation| observation.key == key).unwrap()
}

fn holds(text: &str, key: &str) -> bool {
    match observe_with(&[("SECURITY.md", text)], key).state {
        State::Observed(Value::Bool(true)) => true,
        State::Absent => false,
        other => panic!("{other:?}"),
    }
}

fn ways(text: &str) -> Vec<String> {
    match observe_with(&[("SECURITY.md", text)], "policy.security_contacts").state {
        State::Observed(Value::List(items)) => items,
        State::Absent => Vec::new(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_document_that_the_policy_links_to_belongs_to_it() {
    let policy = ("SECURITY.md", "# Security\n\nRead our [policy](docs/VULN-DISCLOSURE-POLICY.md).\n");
    let linked = ("docs/VULN-DISCLOSURE-POLICY.md", "# Reporting\n\nMail security@acme.dev. We answer in 2 days.\n");
    let days = observe_with(&[policy, linked], "policy.security_response_days");
    assert_eq!(days.value(), Some(&Value::Count(2)));
    assert_eq!(days.places[0].path.as_deref(), Some("docs/VULN-DISCLOSURE-POLICY.md"));
    let twice = [("SECURITY.md", "Mail security@acme.dev, or [more](docs/disclosure.md).\n"), linked];
    let ways = observe_with(&[twice[0], ("docs/disclosure.md", linked.1)], "policy.security_contacts");
    assert_eq!(ways.value(), Some(&vec!["email".to_owned()].into()));
    let link = ("SECURITY.md", "[Report it](https://acme.dev/report)! More in the [policy](docs/disclosure.md).\n");
    let ways = observe_with(&[link, ("docs/disclosure.md", linked.1)], "policy.security_contacts");
    assert_eq!(ways.value(), Some(&vec!["email".to_owned(), "link".to_owned()].into()));
    assert_eq!(ways.places[0].path.as_deref(), Some("docs/disclosure.md"));
    let unlinked = observe_with(&[("SECURITY.md", "# Security\n"), linked], "policy.security_response_days");
    assert_eq!(unlinked.state, State::Absent);
}

#[test]
fn a_policy_elsewhere_is_known_by_the_link_of_the_readme() {
    for (text, expected) in [
        ("See our [security process](https://github.com/acme/.github/blob/main/SECURITY.md).", true),
        ("The [security policy](https://acme.dev/security-policy.html) says more.", true),
        ("Read about [security in HTTP](https://acme.dev/docs/security-headers).", false),
        ("[Badge](https://acme.dev/SECURITY.md)", false),
    ] {
        let observation = observe_with(&[("README.md", text)], "policy.security");
        assert_eq!(observation.value().is_some(), expected, "{text}");
        let contacts = observe_with(&[("README.md", text)], "policy.security_contacts");
        assert_eq!(contacts.state == State::Absent, !expected, "{text}");
    }
}

#[test]
fn ways_to_report() {
    for (text, expected) in [
        ("Mail security@example.org.", vec!["email"]),
        ("Write to `security@example.org`.", vec!["email"]),
        ("Write to [us](mailto:security@example.org).", vec!["email"]),
        ("Write to security at example dot org.", vec!["email"]),
        ("Write to security [at] example.org.", vec!["email"]),
        (
            "Report it at <https://github.com/acme/widget/security/advisories/new>.",
            vec!["private-vulnerability-reporting"],
        ),
        ("Use private vulnerability reporting.", vec!["private-vulnerability-reporting"]),
        ("Go to the Security tab and click \"Report a vulnerability\".", vec!["private-vulnerability-reporting"]),
        (
            "Please do not open a public issue; use GitHub's private vulnerability reporting instead.",
            vec!["private-vulnerability-reporting"],
        ),
        ("Report it with our [form](https://example.org/form).", vec!["link"]),
        ("See [our programme](https://hackerone.com/acme).", vec!["link"]),
        (
            "Mail security@example.org, encrypted with our [PGP key](https://example.org/key.asc).",
            vec!["email", "pgp-key"],
        ),
        ("PGP fingerprint: 0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567", vec!["pgp-key"]),
        // What is no way to report.
        ("# Reporting a Vulnerability\n\nThere is none.", vec![]),
        ("We follow [OWASP](https://owasp.org/top10) when you report.", vec![]),
        ("Do not report it in [issues](https://github.com/acme/widget/issues).", vec![]),
        ("Read more in [our blog](https://example.org/blog).", vec![]),
        ("We do not use GitHub private vulnerability reporting.", vec![]),
        ("## People\n\n- Ada, Acme (ada@example.org)\n", vec![]),
        ("The packagers whom we contact ahead of a release:\n\n- Ada, Acme (ada@example.org)\n", vec![]),
        ("Report it to:\n\n- ada@example.org\n", vec!["email"]),
        ("## Reporting a vulnerability\n\nada@example.org\n", vec!["email"]),
        ("The team coordinates fixes with others via GitHub Security Advisories.", vec![]),
        ("Please open a draft Security Advisory via GitHub.", vec!["private-vulnerability-reporting"]),
        ("You may encrypt with PGP.", vec![]),
        ("Clone git@github.com:acme/widget.git first.", vec![]),
        ("<!-- security@example.org -->", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(ways(text), expected, "{text}");
    }
}

#[test]
fn addresses_are_not_stored() {
    let observation = observe_with(
        &[("SECURITY.md", "Mail security@example.org or sec at example dot org.")],
        "policy.security_contacts",
    );
    let text = format!("{observation:?}");
    assert!(!text.contains("example"), "{text}");
    assert_eq!(observation.places[0].line, Some(1));
}

#[test]
fn the_private_channel() {
    assert!(holds("Mail security@example.org.", "policy.security_private_channel"));
    assert!(!holds("Report it with our [form](https://example.org/form).", "policy.security_private_channel"));
}

#[test]
fn how_disclosure_is_coordinated() {
    for (text, expected) in [
        ("We publish advisories after 90 days of embargo.", true),
        ("## Disclosure policy\n\nWe fix it, then we tell.", true),
        ("Once a fix is out, we publish a security advisory.", true),
        ("We follow responsible disclosure.", false),
        ("## Disclosure policy\n", false),
        ("## Disclosing a security issue to us\n\nMail us.\n", false),
        ("Mail us.", false),
    ] {
        assert_eq!(holds(text, "policy.security_disclosure"), expected, "{text}");
    }
}

#[test]
fn what_is_in_scope() {
    for (text, expected) in [
        ("## Scope\n\nThe library.", true),
        ("Denial of service is out of scope.", true),
        ("## What is a vulnerability?\n\nThis and that.", true),
        ("Crashes are not considered security issues.", true),
        ("We use a microscope.", false),
        ("Report a vulnerability.", false),
    ] {
        assert_eq!(holds(text, "policy.security_scope"), expected, "{text}");
    }
}

#[test]
fn versions_and_their_end() {
    let table =
        "## Supported Versions\n\n| Version | Supported |\n|---|---|\n| 5.1.x | :white_check_mark: |\n| 4.x | :x: |\n";
    for (text, supported, end) in [
        (table, true, true),
        ("## Supported versions\n\n| Version | Supported |\n|---|---|\n| 5.1.x | yes |\n", true, false),
        ("Only the latest release receives security fixes.", true, false),
        ("Versions before 2.0 are no longer supported.", false, true),
        ("Each release is supported for 18 months.", false, true),
        ("## Supported versions\n", false, false),
        ("We support open source.", false, false),
    ] {
        assert_eq!(holds(text, "policy.supported_versions"), supported, "{text}");
        assert_eq!(holds(text, "policy.end_of_support"), end, "{text}");
    }
    for (text, supported, end) in [
        ("# W\n\n## Supported Rust versions\n\n1.70 and later.\n", State::Absent, State::Absent),
        ("# W\n\nPython 2.7 is no longer supported, only the latest version is.\n", State::Absent, State::Absent),
        (table, State::Observed(true.into()), State::Observed(true.into())),
    ] {
        assert_eq!(observe_with(&[("README.md", text)], "policy.supported_versions").state, supported, "{text}");
        assert_eq!(observe_with(&[("README.md", text)], "policy.end_of_support").state, end, "{text}");
    }
}

#[test]
fn what_could_not_be_read_has_failed() {
    let large = with(repository(&[]), "SECURITY.md", EntryKind::File, Content::TooLarge(50_000_000));
    for observation in analyse(&Library::new(&large)) {
        match observation.key.as_str() {
            "policy.security" => assert!(observation.value().is_some()),
            _ => assert!(
                matches!(&observation.state, State::Failed { reason } if reason.contains("SECURITY.md is too large")),
                "{observation:?}"
            ),
        }
    }
}

#[test]
fn absence_in_a_cut_tree_is_unknown() {
    let mut cut = repository(&[("README.md", "# W\n")]);
    cut.complete = false;
    for observation in analyse(&Library::new(&cut)) {
        assert!(matches!(observation.state, State::Unavailable { .. }), "{observation:?}");
    }
}

#[test]
fn the_issue_chooser_may_name_the_private_way() {
    const CHOOSER: &str = ".github/ISSUE_TEMPLATE/config.yml";
    let text = "contact_links:\n  - name: Security\n    url: https://github.com/a/b/security/advisories/new\n";
    let place = || Place::line(CHOOSER, 3).noted("https://github.com/a/b/security/advisories/new");
    for (text, expected) in [
        (text, vec![place()]),
        ("contact_links:\n  - name: Chat\n    url: https://chat.example.org\n", vec![]),
        ("blank_issues_enabled: false\n", vec![]),
        ("contact_links: [\n", vec![]),
    ] {
        let repository = repository(&[(CHOOSER, text)]);
        let observations = analyse(&Library::new(&repository));
        for key in ["policy.security_contacts", "policy.security_private_channel"] {
            let observation = observations.iter().find(|observation| observation.key == key).unwrap();
            assert_eq!(observation.places, expected, "{key}: {text}");
        }
    }
}

#[test]
fn the_policy_of_the_organisation_counts() {
    let mut repository = repository(&[]);
    let text = Content::Text(Arc::from("# Security\n\nMail security@example.org; we reply in 2 days.\n"));
    repository.inherited = Some(Inherited {
        base_link: "https://github.com/acme/.github/blob/main".to_owned(),
        files: [("SECURITY.md".to_owned(), text)].into_iter().collect(),
    });
    let observations = analyse(&Library::new(&repository));
    let days = observations.iter().find(|observation| observation.key == "policy.security_response_days").unwrap();
    assert_eq!(days.state, State::Observed(2_i64.into()));
    assert_eq!(days.places[0].link.as_deref(), Some("https://github.com/acme/.github/blob/main/SECURITY.md#L3"));
}
