//! Policies of which only the presence is observed, and topics that are matched loosely.

use super::library::{CODE_OF_CONDUCT, CONTRIBUTING, Document, Library, Policy, SECURITY, SUPPORT, list};
use super::outline::Outline;
use super::pattern::Pattern;
use super::reading::{Passage, sentence_with, stands_in};
use super::{EntryKind, paths};
use crate::evidence::{Observation, Place, State};

/// The keys for conduct, support, issue templates, and the loose topics.
pub(super) fn analyse(library: &Library<'_>) -> Vec<Observation> {
    let mut observations = vec![
        presence(library, "policy.code_of_conduct", CODE_OF_CONDUCT),
        presence(library, "policy.support", SUPPORT),
        issue_templates(library),
    ];
    observations.extend(topics(library));
    observations
}

fn presence(library: &Library<'_>, key: &str, policy: Policy) -> Observation {
    match library.policy(policy) {
        Some(document) => document.seen(key),
        None => library.absent(key),
    }
}

fn issue_templates(library: &Library<'_>) -> Observation {
    let found = library
        .repository
        .entries
        .iter()
        .filter(|entry| entry.kind != EntryKind::Submodule && is_issue_template(&entry.path))
        .map(|entry| (entry.path.clone(), Place::file(&entry.path)))
        .collect();
    list(library.repository, "policy.issue_templates", found)
}

/// Whether GitHub offers the file as a template; `config.yml` only configures the choice.
pub(super) fn is_issue_template(path: &str) -> bool {
    let (stem, ending) = paths::stem_and_ending(path);
    let folder = paths::folder(path).to_ascii_lowercase();
    let is_in_folder = matches!(folder.as_str(), ".github/issue_template" | "issue_template" | "docs/issue_template");
    let is_kind = matches!(ending.as_str(), "md" | "yml" | "yaml");
    let is_config = stem.eq_ignore_ascii_case("config") && ending != "md";
    let is_single = matches!(folder.as_str(), "" | ".github" | "docs")
        && stem.eq_ignore_ascii_case("ISSUE_TEMPLATE")
        && matches!(ending.as_str(), "md" | "txt" | "");
    (is_in_folder && is_kind && !is_config) || is_single
}

const LOOSE: &str = "loose match: ";

/// Topics whose documents have no fixed names.
fn topics(library: &Library<'_>) -> Vec<Observation> {
    static DEPENDENCIES_FILE: Pattern = Pattern::new(
        r"^(dependenc(y|ies)([_-](policy|management|policies|updates|guidelines))?|third[_-]party[_-](dependencies|policy)|managing[_-]dependencies)$",
    );
    static DEPENDENCIES: Pattern = Pattern::new(
        r"\bdependenc(y|ies)\b.*\b(policy|policies|management|updates?|selection|review|guidelines?|criteria)\b|\b(adding|updating|managing|selecting|choosing|reviewing|bumping|upgrading)\b.*\bdependenc(y|ies)\b",
    );
    static SECRETS_FILE: Pattern = Pattern::new(
        r"^(secrets?|credentials?|keys?)[_-](management|policy|handling|rotation)$|^managing[_-](secrets|credentials|keys)$",
    );
    static SECRETS: Pattern = Pattern::new(
        r"\b(secrets?|credentials?|signing keys?|key)\b.*\b(management|handling|rotation|policy|storage)\b|\b(managing|handling|storing|rotating|protecting)\b.*\b(secrets|credentials|keys)\b",
    );
    let guides = guides(library, &[SECURITY, CONTRIBUTING]);
    vec![
        topic(library, "policy.dependencies", &DEPENDENCIES_FILE, &DEPENDENCIES, &guides),
        topic(library, "policy.secrets", &SECRETS_FILE, &SECRETS, &guides),
        loose(
            stands_in(library, "policy.dependency_findings", &guides, dependency_findings),
            "a sentence about vulnerable dependencies, severity and time",
        ),
        loose(
            stands_in(library, "policy.code_findings", &guides, code_findings),
            "a sentence about findings of static analysis",
        ),
    ]
}

/// The policies, and all that stands under docs.
fn guides<'l, 'a>(library: &'l Library<'a>, policies: &[Policy]) -> Vec<&'l Document<'a>> {
    let mut found: Vec<&Document<'_>> = policies.iter().filter_map(|policy| library.policy(*policy)).collect();
    found.extend(library.documents().filter(|document| document.is_in_docs()));
    found
}

/// A file named after the topic, or a section about it.
fn topic(library: &Library<'_>, key: &str, file: &Pattern, section: &Pattern, guides: &[&Document<'_>]) -> Observation {
    let by_name = library.documents().find(|document| file.is_match(paths::stem_and_ending(&document.path).0));
    match by_name {
        Some(document) => loose(document.seen(key), "the name of a file"),
        None => loose(stands_in(library, key, guides, |outline| short_heading(outline, section)), "a heading"),
    }
}

/// A heading that names the topic, rather than a thing with such a name or a statement of its own.
fn short_heading(outline: &Outline, section: &Pattern) -> Option<Passage> {
    let mut sections = outline.sections(section).map(|(_, heading)| heading);
    sections.find(|heading| (2..=6).contains(&heading.text.split_whitespace().count())).map(Passage::from)
}

/// Says of an observed value that it is a loose match.
fn loose(observation: Observation, by: &str) -> Observation {
    match observation.state {
        State::Observed(_) => observation.detail(format!("{LOOSE}{by}")),
        _ => observation,
    }
}

static SEVERITY: Pattern = Pattern::new(r"\b(critical|high|medium|moderate|low|severity|severe|cvss)\b");
static TIME: Pattern = Pattern::new(
    r"\b(\d{1,3}|one|two|three|five|seven|ten|fourteen|thirty|sixty|ninety)[\s-]+((business|working|calendar)[\s-]+)?(hours?|days?|weeks?|months?)\b|\bbefore (the |a |each |every |any |next )*release\b",
);

fn dependency_findings(outline: &Outline) -> Option<Passage> {
    static DEPENDENCY: Pattern = Pattern::new(r"\b(dependenc(y|ies)|third[- ]party|sca|software composition)\b");
    static FINDING: Pattern = Pattern::new(r"\b(vulnerabilit(y|ies)|cves?|advisor(y|ies)|findings?|alerts?|issues?)\b");
    sentence_with(outline, &[&DEPENDENCY, &FINDING, &SEVERITY, &TIME])
}

fn code_findings(outline: &Outline) -> Option<Passage> {
    static ANALYSIS: Pattern =
        Pattern::new(r"\b(static (code )?analysis|sast|code scanning|codeql|semgrep|gosec|bandit|sonar(qube|cloud))\b");
    static FINDING: Pattern = Pattern::new(r"\b(vulnerabilit(y|ies)|findings?|alerts?|issues?|results?|warnings?)\b");
    static HANDLED: Pattern = Pattern::new(r"\b(fix|resolv|remediat|address|block|mitigat|triag)\w*\b");
    sentence_with(outline, &[&ANALYSIS, &FINDING, &HANDLED, &SEVERITY])
        .or_else(|| sentence_with(outline, &[&ANALYSIS, &FINDING, &HANDLED, &TIME]))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::repository;
    use super::*;

    fn observe(files: &[(&str, &str)], key: &str) -> Observation {
        let repository = repository(files);
        let observations = analyse(&Library::new(&repository));
        observations.into_iter().find(|observation| observation.key == key).unwrap()
    }

    #[test]
    fn templates_for_issues() {
        for (path, expected) in [
            (".github/ISSUE_TEMPLATE/bug.yml", true),
            (".github/ISSUE_TEMPLATE/feature.md", true),
            (".github/ISSUE_TEMPLATE.md", true),
            (".github/ISSUE_TEMPLATE/config.yml", false),
            (".github/PULL_REQUEST_TEMPLATE.md", false),
            ("src/ISSUE_TEMPLATE.md", false),
            (".github/ISSUE_TEMPLATE/logo.png", false),
        ] {
            assert_eq!(is_issue_template(path), expected, "{path}");
        }
    }

    #[test]
    fn topics_are_loose_matches() {
        for (path, text, key, expected) in [
            ("docs/dependency-policy.md", "x", "policy.dependencies", true),
            ("CONTRIBUTING.md", "## Adding dependencies\n\nAsk first.\n", "policy.dependencies", true),
            ("SECURITY.md", "## Secrets management\n\nIn the vault.\n", "policy.secrets", true),
            (
                "docs/x.md",
                "Critical vulnerabilities in dependencies are fixed within 7 days.\n",
                "policy.dependency_findings",
                true,
            ),
            (
                "SECURITY.md",
                "CodeQL alerts of high severity block a release until they are fixed.\n",
                "policy.code_findings",
                true,
            ),
            ("src/dependencies.md", "x", "policy.dependencies", false),
            ("dependencies.py", "x", "policy.dependencies", false),
            ("CONTRIBUTING.md", "## Adding dependencies\n", "policy.dependencies", false),
            ("docs/install.md", "## Dependencies\n\nPython.\n", "policy.dependencies", false),
            ("SECURITY.md", "We run CodeQL.\n", "policy.code_findings", false),
            ("SECURITY.md", "Critical vulnerabilities are fixed within 7 days.\n", "policy.dependency_findings", false),
        ] {
            let observation = observe(&[(path, text)], key);
            assert_eq!(observation.value().is_some(), expected, "{path}: {text}");
            assert_eq!(observation.detail.is_some_and(|detail| detail.starts_with(LOOSE)), expected, "{path}: {text}");
        }
    }
}
