//! Who decides: governance, roles, maintainers and code owners.

use super::library::{CONTRIBUTING, Document, GOVERNANCE, Library, MAINTAINERS};
use super::note::note;
use super::outline::Outline;
use super::pattern::Pattern;
use super::reading::{Passage, heading, says};
use super::{EntryKind, maintainers};
use crate::evidence::{Observation, Place};

/// Where GitHub looks for code owners, in its order.
const CODEOWNERS: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// The keys about governance, roles, maintainers and code owners.
pub(super) fn analyse(library: &Library<'_>) -> Vec<Observation> {
    let documents: Vec<&Document<'_>> =
        [GOVERNANCE, MAINTAINERS, CONTRIBUTING].into_iter().filter_map(|policy| library.policy(policy)).collect();
    let mut observations = vec![
        match library.policy(GOVERNANCE) {
            Some(document) => document.seen("policy.governance"),
            None => library.absent("policy.governance"),
        },
        says(library, "policy.roles", &documents, roles),
        says(library, "policy.access_vetting", &documents, vetting),
    ];
    observations.extend(maintainers::analyse(library));
    observations.extend(codeowners(library));
    observations
}

fn roles(outline: &Outline) -> Option<Passage> {
    static SECTION: Pattern = Pattern::new(r"\broles?\b|\bresponsibilit(y|ies)\b|\bduties\b");
    static SENTENCE: Pattern = Pattern::new(
        r"\b(maintainers?|committers?|owners?|leads?|members?|reviewers?|approvers?|committee|council|board|steering)\b.*\b(responsible for|responsibilit(y|ies)|duties|roles?)\b",
    );
    heading(outline, &SECTION)
        .or_else(|| outline.sentences.iter().find(|sentence| SENTENCE.is_match(&sentence.text)).map(Passage::from))
}

fn vetting(outline: &Outline) -> Option<Passage> {
    static STEP: Pattern = Pattern::new(
        r"\b(becom(e|es|ing)|nominat\w+|promot\w+|invit\w+|grant\w*|elect(ed|ion|s)?|appoint\w*|(add|added|adding) (as|to)|receive|gain|given|new)\b.*\b(maintainers?|committers?|approvers?|core (team|developers?|contributors?)|owners?|(write|push|commit|merge|admin) (access|rights?|permissions?|privileges?|bit))\b|\b(maintainers?|committers?|approvers?)\b.*\b(nominated|elected|appointed|promoted|invited|voted in)\b",
    );
    static CONDITION: Pattern = Pattern::new(
        r"\b(must|requires?|required|after|votes?|voting|nominat\w+|consensus|approv\w+|demonstrat\w+|history of|sustained|at least|agree\w*|sponsor\w*|months?|criteria|majority|trust\w*|by the (existing|current))\b",
    );
    static CHANGES: Pattern = Pattern::new(r"\b(pull requests?|prs?|patch(es)?|issues?)\b.*\b(must|should|require)");
    outline
        .sentences
        .iter()
        .find(|sentence| {
            STEP.is_match(&sentence.text) && CONDITION.is_match(&sentence.text) && !CHANGES.is_match(&sentence.text)
        })
        .map(Passage::from)
}

pub(super) fn codeowners_path(library: &Library<'_>) -> Option<&'static str> {
    let is_there = |path: &&str| {
        library.repository.entries.iter().any(|entry| entry.path == **path && entry.kind != EntryKind::Submodule)
    };
    CODEOWNERS.iter().find(|path| is_there(path)).copied()
}

/// `policy.codeowners` and `policy.codeowners_cover_all`.
fn codeowners(library: &Library<'_>) -> [Observation; 2] {
    const FILE: &str = "policy.codeowners";
    const ALL: &str = "policy.codeowners_cover_all";
    let Some(path) = codeowners_path(library) else { return [library.absent(FILE), library.absent(ALL)] };
    let file = Observation::seen(FILE, path).at(Place::file(path));
    let all = match library.text(path) {
        Ok(text) if text.trim().is_empty() => Observation::absent(ALL),
        Ok(text) => coverage(ALL, path, text),
        Err(reason) => Observation::failed(ALL, note(&reason)),
    };
    [file, all]
}

/// Whether a rule gives every file an owner, and no later rule takes owners away. The last rule that matches counts.
fn coverage(key: &str, path: &str, text: &str) -> Observation {
    let mut covering = None;
    let mut without = None;
    for (number, line) in (1..).zip(text.lines()) {
        let rule = line.split(" #").next().unwrap_or_default().trim();
        let mut words = rule.split_whitespace();
        let Some(pattern) = words.next().filter(|pattern| !pattern.starts_with('#')) else { continue };
        let has_owner = words.any(|owner| owner.contains('@'));
        match (matches!(pattern, "*" | "**" | "/**" | "**/*" | "/**/*"), has_owner) {
            (true, true) => (covering, without) = (Some((number, rule)), None),
            (true, false) => (covering, without) = (None, Some(number)),
            (false, false) => without = without.or(Some(number)),
            (false, true) => {}
        }
    }
    match (covering, without) {
        (Some((line, rule)), None) => Observation::seen(key, true).at(Place::line(path, line).noted(note(rule))),
        (_, Some(line)) => Observation::seen(key, false).at(Place::line(path, line).noted("a rule without an owner")),
        (None, None) => Observation::seen(key, false).at(Place::file(path).noted("no rule for all files")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::repository;
    use super::*;
    use crate::evidence::State;

    fn observe(files: &[(&str, &str)], key: &str) -> State {
        let repository = repository(files);
        let observations = analyse(&Library::new(&repository));
        observations.into_iter().find(|observation| observation.key == key).unwrap().state
    }

    fn yes() -> State {
        State::Observed(true.into())
    }

    #[test]
    fn roles_and_duties() {
        for (text, expected) in [
            ("## Roles and responsibilities\n\nMaintainers merge.", true),
            ("Maintainers are responsible for releases.", true),
            ("## Roles\n", false),
            ("We like people.", false),
        ] {
            assert_eq!(observe(&[("GOVERNANCE.md", text)], "policy.roles") == yes(), expected, "{text}");
        }
    }

    #[test]
    fn how_people_get_rights() {
        for (text, expected) in [
            ("To become a maintainer you must be nominated and approved by a majority.", true),
            ("Write access is granted after six months of sustained work: new maintainers need a vote.", true),
            ("New committers are elected by consensus of the existing committers.", true),
            ("## Becoming a maintainer\n", false),
            ("Maintainers merge pull requests.", false),
            ("A new pull request must be approved by the maintainers.", false),
        ] {
            assert_eq!(observe(&[("GOVERNANCE.md", text)], "policy.access_vetting") == yes(), expected, "{text}");
        }
    }

    #[test]
    fn code_owners() {
        for (text, expected) in [
            ("* @acme/team\n", Some(true)),
            ("# all\n*  @ada # team\ndocs/ @bob\n", Some(true)),
            ("docs/ @bob\n", Some(false)),
            ("* @ada\n/build/\n", Some(false)),
            ("*\n", Some(false)),
            ("/build/\n* @ada\n", Some(true)),
            ("*.rs @ada\n", Some(false)),
            ("", None),
        ] {
            let expected = expected.map_or(State::Absent, |all| State::Observed(all.into()));
            assert_eq!(observe(&[("CODEOWNERS", text)], "policy.codeowners_cover_all"), expected, "{text}");
        }
        let files = [("docs/CODEOWNERS", "* @a"), (".github/CODEOWNERS", "* @a"), ("src/CODEOWNERS", "x")];
        assert_eq!(observe(&files, "policy.codeowners"), State::Observed(".github/CODEOWNERS".into()));
        assert_eq!(observe(&files, "policy.maintainers"), State::Observed(".github/CODEOWNERS".into()));
        assert_eq!(observe(&files[..0], "policy.codeowners_cover_all"), State::Absent);
    }
}
