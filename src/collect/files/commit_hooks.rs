//! Commit hooks that look for secrets, as `.pre-commit-config.yaml` configures them.

use super::{Content, Repository};
use crate::evidence::Place;

const FILES: [&str; 2] = [".pre-commit-config.yaml", ".pre-commit-config.yml"];

/// Ids of hooks, with the name of the scanner.
const SCANNERS: [(&str, &str); 10] = [
    ("gitleaks", "gitleaks"),
    ("gitleaks-docker", "gitleaks"),
    ("gitleaks-system", "gitleaks"),
    ("trufflehog", "trufflehog"),
    ("ggshield", "ggshield"),
    ("detect-secrets", "detect-secrets"),
    ("detect-private-key", "detect-private-key"),
    ("talisman-commit", "talisman"),
    ("talisman-push", "talisman"),
    ("ripsecrets", "ripsecrets"),
];

/// Scanners for secrets among the commit hooks, each with its line. A file that cannot be read names none.
pub(super) fn secret_scanners(repository: &Repository) -> Vec<(String, Place)> {
    let mut found: Vec<(String, Place)> = Vec::new();
    for path in FILES {
        let Some(Content::Text(text)) = repository.contents.get(path) else { continue };
        for (line, text) in (1_u32..).zip(text.lines()) {
            if let Some(scanner) = scanner(text)
                && !found.iter().any(|(known, _)| known == scanner)
            {
                found.push((scanner.to_owned(), Place::line(path, line)));
            }
        }
    }
    found
}

/// The scanner that a line such as `- id: gitleaks` names.
fn scanner(line: &str) -> Option<&'static str> {
    let line = line.split(" #").next().unwrap_or_default().trim();
    let line = line.strip_prefix('-').unwrap_or(line).trim_start();
    let id = line.strip_prefix("id:")?.trim().trim_matches(['"', '\'']);
    SCANNERS.iter().find(|(known, _)| *known == id).map(|(_, scanner)| *scanner)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::repository;
    use super::*;

    #[test]
    fn only_hooks_that_are_switched_on_count() {
        let repository = repository(&[(
            ".pre-commit-config.yaml",
            "repos:\n  - repo: https://github.com/gitleaks/gitleaks\n    hooks:\n      - id: gitleaks  # secrets\n#      - id: ggshield\n      - id: 'detect-secrets'\n      - id: black\n",
        )]);
        assert_eq!(
            secret_scanners(&repository),
            [
                ("gitleaks".to_owned(), Place::line(".pre-commit-config.yaml", 4)),
                ("detect-secrets".to_owned(), Place::line(".pre-commit-config.yaml", 6)),
            ]
        );
    }
}
