//! Tables of texts and what they come to.

use super::super::fixture::{repository, with};
use super::super::{Content, EntryKind};
use super::*;
use crate::evidence::{State, Value};

fn observe(files: &[(&str, &str)], key: &str) -> Observation {
    let repository = repository(files);
    let observations = analyse(&Library::new(&repository));
    observations.into_iter().find(|observation| observation.key == key).unwrap()
}

fn path_of(files: &[(&str, &str)], key: &str) -> Option<String> {
    match observe(files, key).state {
        State::Observed(Value::Text(path)) => Some(path),
        State::Absent => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn instructions_and_examples() {
    for (path, text, key, expected) in [
        ("docs/INSTALL.md", "# Install\n\n## Building from git\nx\n", "docs.build", Some("docs/INSTALL.md")),
        ("docs/INSTALL.md", "# Install\n\n## Packages\nx\n", "docs.build", None),
        ("docs/tests/TEST-SUITE.md", "# Running\n\n    make test\n", "docs.tests", Some("docs/tests/TEST-SUITE.md")),
        ("docs/testing.md", "# Running tests\nx\n", "docs.tests", None),
        ("CONTRIBUTING.md", "These targets can be used to test your changes:\n", "docs.tests", Some("CONTRIBUTING.md")),
        ("CONTRIBUTING.md", "Develop and test your changes.\n", "docs.tests", None),
        (
            "README.md",
            "```\ncosign verify x --certificate-identity=$ID --certificate-oidc-issuer=$ISSUER\n```\n",
            "docs.signing_identity",
            None,
        ),
        (
            "README.md",
            "```\ncosign verify x \\\n  --certificate-identity \"https://github.com/ORG/REPO/.github/workflows/r.yml@v1\"\n```\n",
            "docs.signing_identity",
            None,
        ),
        (
            "README.md",
            "```\ncosign verify x --certificate-identity=https://github.com/a/b/.github/workflows/r.yml@v1\n```\n",
            "docs.signing_identity",
            Some("README.md"),
        ),
    ] {
        assert_eq!(path_of(&[(path, text)], key).as_deref(), expected, "{path}: {text}");
    }
}

#[test]
fn what_is_found_where() {
    for (path, text, key, expected) in [
        ("README.md", "# W\n\n## Usage\n\n```\nw\n```\n", "docs.usage", Some("README.md")),
        ("README.md", "## Getting Started\nx\n", "docs.usage", Some("README.md")),
        ("docs/getting-started.md", "x", "docs.usage", Some("docs/getting-started.md")),
        ("README.md", "## Usage\n\n## Other\nx\n", "docs.usage", None),
        ("README.md", "## Memory usage\nx\n", "docs.usage", None),
        ("README.md", "## Building from source\nx\n", "docs.build", Some("README.md")),
        ("CONTRIBUTING.md", "## Development setup\nx\n", "docs.build", Some("CONTRIBUTING.md")),
        ("BUILDING.md", "x", "docs.build", Some("BUILDING.md")),
        ("README.md", "## Build status\nx\n", "docs.build", None),
        (
            "docs/user/install.rst",
            "Run::\n\n    $ python -m pip install .\n",
            "docs.build",
            Some("docs/user/install.rst"),
        ),
        ("README.md", "```\npip install -e .[dev]\n```\n", "docs.build", Some("README.md")),
        ("README.md", "```\npip install widget\n```\n", "docs.build", None),
        ("docs/usage.md", "```\npip install .\n```\n", "docs.build", None),
        ("docs/tutorial/install.rst", "pip install -e .\n", "docs.build", None),
        ("build", "x", "docs.build", None),
        ("docs/intro.md", "x", "docs.folder", Some("docs")),
        ("docs/logo.png", "x", "docs.folder", None),
        ("docs/SECURITY.md", "x", "docs.folder", None),
        ("README.md", "## Reporting bugs\nx\n", "docs.reporting_defects", Some("README.md")),
        (
            "README.md",
            "Report bugs in the [tracker](https://github.com/a/b/issues).\n",
            "docs.reporting_defects",
            Some("README.md"),
        ),
        (
            "README.md",
            "[![Issues](https://img.example.org/x.svg)](https://github.com/a/b/issues)\n",
            "docs.reporting_defects",
            None,
        ),
        (
            "README.md",
            "See the [issue tracker](https://github.com/a/b/issues) for first tasks.\n",
            "docs.reporting_defects",
            None,
        ),
        (".github/ISSUE_TEMPLATE/release.yaml", "x", "docs.reporting_defects", None),
        (".github/ISSUE_TEMPLATE/bug.md", "x", "docs.reporting_defects", Some(".github/ISSUE_TEMPLATE/bug.md")),
        ("ARCHITECTURE.md", "x", "docs.architecture", Some("ARCHITECTURE.md")),
        ("docs/adr/0001-use-rust.md", "x", "docs.architecture", Some("docs/adr")),
        ("src/design.rs", "x", "docs.architecture", None),
        ("src/architecture.md", "x", "docs.architecture", None),
        ("api/openapi.yaml", "x", "docs.interfaces", Some("api/openapi.yaml")),
        ("proto/widget.proto", "x", "docs.interfaces", Some("proto/widget.proto")),
        ("docs/cli.md", "x", "docs.interfaces", Some("docs/cli.md")),
        ("src/api.rs", "x", "docs.interfaces", None),
        ("docs/threat-model.md", "x", "docs.threat_model", Some("docs/threat-model.md")),
        ("docs/security.md", "# Threat model of the widget\nx\n", "docs.threat_model", Some("docs/security.md")),
        ("README.md", "# W\n\nNo threat model yet.\n", "docs.threat_model", None),
        ("security/self-assessment.md", "x", "docs.security_assessment", Some("security/self-assessment.md")),
        ("docs/audit.md", "x", "docs.security_assessment", Some("docs/audit.md")),
        ("docs/audit-log.md", "x", "docs.security_assessment", None),
        ("src/audit.md", "x", "docs.security_assessment", None),
        ("README.md", "## Verifying releases\nx\n", "docs.verification", Some("README.md")),
        ("README.md", "Verify the signature of the downloaded archive.\n", "docs.verification", Some("README.md")),
        ("README.md", "```\n$ cosign verify-blob x\n```\n", "docs.verification", Some("README.md")),
        ("README.md", "A library to verify signatures.\n", "docs.verification", None),
        ("KEYS", "x", "docs.signing_identity", Some("KEYS")),
        (
            "README.md",
            "Releases are signed with key 0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567.\n",
            "docs.signing_identity",
            Some("README.md"),
        ),
        ("README.md", "Releases are signed.\n", "docs.signing_identity", None),
        ("README.md", "The commit 0123456789abcdef0123456789abcdef01234567 broke it.\n", "docs.signing_identity", None),
        ("CONTRIBUTING.md", "## Running the tests\nx\n", "docs.tests", Some("CONTRIBUTING.md")),
        ("README.md", "```sh\ncargo test --all\n```\n", "docs.tests", Some("README.md")),
        ("docs/developing.md", "## Testing\n\nx\n", "docs.tests", Some("docs/developing.md")),
        ("docs/testing.md", "We use it to run tests of your application.\n", "docs.tests", None),
        ("README.md", "| Check | Does it run tests? |\n|---|---|\n| CI | runs tests |\n", "docs.tests", None),
        ("README.md", "It won't run any of the tests.\n", "docs.tests", None),
        ("docs/src/pages/how-to/build.adoc", "x", "docs.build", None),
        ("docs/build.adoc", "x", "docs.build", Some("docs/build.adoc")),
        ("docs/src/main/resources/schema.graphqls", "x", "docs.interfaces", None),
        ("README.md", "Does the project run tests in CI?\n", "docs.tests", None),
        ("README.md", "This is the fastest parser.\n", "docs.tests", None),
        ("README.md", "## Related repositories\n\n- a\n", "docs.repositories", Some("README.md")),
        (
            "security-insights.yml",
            "header: {}\nproject:\n  repositories: [{name: a}]\n",
            "docs.repositories",
            Some("security-insights.yml"),
        ),
    ] {
        assert_eq!(path_of(&[(path, text)], key).as_deref(), expected, "{key} {path}: {text}");
    }
}

#[test]
fn places_tell_line_and_words() {
    let observation = observe(&[("README.md", "# W\n\n## Usage\n\nRun it.\n")], "docs.usage");
    assert_eq!(observation.places, [Place::line("README.md", 3).noted("Usage")]);
}

#[test]
fn links_without_encryption() {
    for (target, expected) in [
        ("http://acme.dev/x", true),
        ("ftp://ftp.acme.dev", true),
        ("git://acme.dev/x.git", true),
        ("https://acme.dev", false),
        ("http://localhost:8080/", false),
        ("http://127.0.0.1", false),
        ("http://www.w3.org/2000/svg", false),
        ("http://www.apache.org/licenses/LICENSE-2.0", false),
        ("http://example.com/x", false),
        ("mailto:a", false),
        ("docs/http:", false),
    ] {
        assert_eq!(is_unencrypted(target), expected, "{target}");
    }
    let text = "[a](http://acme.dev) <http://b.dev> ![c](http://c.dev/x.png)\n\n    http://code.dev\n";
    let observation = observe(&[("README.md", text)], "docs.unencrypted_links");
    let expected = ["http://acme.dev", "http://b.dev", "http://c.dev/x.png"].map(str::to_owned).to_vec();
    assert_eq!(observation.state, State::Observed(expected.into()));
}

#[test]
fn unread_documents_are_not_absent() {
    let large = with(repository(&[]), "README.md", EntryKind::File, Content::TooLarge(9_000_000));
    let observations = analyse(&Library::new(&large));
    for key in ["docs.usage", "docs.build", "docs.tests", "docs.verification", "docs.unencrypted_links"] {
        let observation = observations.iter().find(|observation| observation.key == key).unwrap();
        assert!(matches!(observation.state, State::Failed { .. }), "{key}");
    }
    assert!(observations.iter().any(|observation| observation.key == "docs.readme" && observation.value().is_some()));
}
