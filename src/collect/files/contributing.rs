//! What the contribution guide asks of a change.

use super::library::{CONTRIBUTING, Document, Library};
use super::outline::Outline;
use super::pattern::Pattern;
use super::reading::{Passage, heading, names, says, sentence};
use crate::evidence::Observation;

/// The keys `policy.contributing*`, `policy.contribution_requirements` and `policy.tests_required`.
pub(super) fn analyse(library: &Library<'_>) -> Vec<Observation> {
    static MORE: Pattern = Pattern::new(r"contribut|develop|hacking|pull[-_ ]?request|patch|submit");
    let guide = library.policy(CONTRIBUTING);
    let documents = library.with_linked(CONTRIBUTING, &MORE);
    vec![
        match guide {
            Some(document) => document.seen("policy.contributing"),
            None => library.absent("policy.contributing"),
        },
        says(library, "policy.contributing_process", &documents, process),
        requirements(library, &documents),
        says(library, "policy.tests_required", &documents, tests_required),
    ]
}

fn process(outline: &Outline) -> Option<Passage> {
    static SECTION: Pattern = Pattern::new(
        r"\b(pull|merge) requests?\b|\b(submit|send|propos)\w* (a |your )?(patch(es)?|changes?|code|contributions?)\b",
    );
    static SENTENCE: Pattern = Pattern::new(
        r"\b(open|submit|create|send|make|file|raise|propose|fork)\w*\b.*\b((pull|merge) requests?|prs?|patch(es)?|change requests?|changelists?)\b|\b(open|file|create|raise|submit)\w*\b.*\bissues?\b.*\b(before|first|discuss|propos)\w*|\b(pull|merge) requests?\b.*\b(welcome|accepted|reviewed|against|should|must)\b|\b(patch(es)?|changes?)\b.*\b(mailing list|gerrit|phabricator)\b",
    );
    heading(outline, &SECTION).or_else(|| sentence(outline, &SENTENCE))
}

/// Words of a demand.
static DEMAND: Pattern = Pattern::new(
    r"\b(must|should|shall|needs?|requir\w+|please|ensure|make sure|always|have to|has to|expected|mandatory|follow|adhere|conform|run|use|write|add|update|include|keep|is enforced|will be (reviewed|rejected))\b",
);

/// Demands, with the words by which they are known.
static REQUIREMENTS: [(&str, Pattern); 7] = [
    ("tests", Pattern::new(r"\b(unit |regression |integration |automated )?tests?( cases?| suite)?\b")),
    (
        "style",
        Pattern::new(
            r"\b(style guides?|coding (style|standards?|conventions?)|code (style|formatting|conventions?)|linters?|lint|rustfmt|cargo fmt|gofmt|clang-format|prettier|eslint|checkstyle|pep ?-?8|rubocop|flake8|ruff (check|format)|clippy|golangci-lint)\b",
        ),
    ),
    (
        "sign-off",
        Pattern::new(
            r"\bsign(ed)?[- ]?off\b|\bdco\b|\bdeveloper['’]?s? certificate of origin\b|\bcla\b|\bcontributor licen[cs]e agreement\b|--signoff\b",
        ),
    ),
    (
        "review",
        Pattern::new(
            r"\bcode reviews?\b|\breviewed by\b|\bapprov(al|als|ed by)\b|\bmust be reviewed\b|\breviewed (and|before|by)\b|\brequires? (\w+ ){0,3}reviews?\b",
        ),
    ),
    (
        "commit-messages",
        Pattern::new(r"\bcommit messages?\b|\bconventional commits?\b|\bcommit (title|subject|log)s?\b"),
    ),
    ("documentation", Pattern::new(r"\b(documentation|docs|docstrings?|doc comments)\b")),
    (
        "changelog",
        Pattern::new(
            r"\bchange-?logs?\b|\bchange log\b|\bnews (file|entry|fragment)s?\b|\bchangeset\b|\brelease notes?\b",
        ),
    ),
];

fn requirements(library: &Library<'_>, documents: &[&Document<'_>]) -> Observation {
    let mut found = Vec::new();
    for (name, pattern) in &REQUIREMENTS {
        let place = documents.iter().find_map(|document| {
            let passage = demand(document.outline().ok()?, name, pattern)?;
            Some(document.line(passage.line, &passage.text))
        });
        found.extend(place.map(|place| (*name, place)));
    }
    names(library, "policy.contribution_requirements", documents, found)
}

fn demand(outline: &Outline, name: &str, pattern: &Pattern) -> Option<Passage> {
    outline
        .sentences
        .iter()
        .filter(|sentence| !is_row(&sentence.text) && !is_waived(&sentence.text) && !is_offer(&sentence.text))
        .find(|sentence| pattern.is_match(&sentence.text) && is_demanded(name, &sentence.text))
        .map(Passage::from)
}

/// Whether the sentence demands it. Tests, documents and change logs are spoken of in many ways that demand nothing.
fn is_demanded(name: &str, sentence: &str) -> bool {
    static TESTS: Pattern = Pattern::new(
        r"\b(must|should|shall|needs? to|requir\w+|please|ensure|make sure|be sure|always|have to|has to|expected)\b.*\btests?\b|^\W*(add|include|write|provide)\b.*\btests?\b|\bneeds? (\w+ ){0,3}tests\b|\btests?\b.*\b(must|should|shall|needs? to|required|mandatory|expected)\b",
    );
    static WRITTEN: Pattern = Pattern::new(
        r"(^\W*|\b(must|should|shall|please|needs? to|requir\w+|ensure|make sure|be sure|remember|always|also|and|expected to)\b.*\b)(add|updat|includ|writ|provid|accompan)\w*\b.*\b(documentation|docs|docstrings?|doc comments|change-?logs?|change log|news (file|entry|fragment)s?|changeset|release notes?)\b|\b(documentation|docs|docstrings?|doc comments|change-?log( entry)?|news (entry|fragment)|release notes?)\b.*\b(must|should|needs? to|ha(s|ve) to) be (updated|added|written|provided)\b",
    );
    static STYLE: Pattern = Pattern::new(
        r"\b(must|should|please|follow|adhere|conform|run|use|ensure|make sure|enforced?|format(ted)?|appl(y|ied))\b",
    );
    match name {
        "tests" => TESTS.is_match(&without_verb_to_test(sentence)),
        "documentation" | "changelog" => {
            WRITTEN.is_match(sentence) && !is_reading(sentence) && sentence.split_whitespace().count() > 3
        }
        "style" => STYLE.is_match(sentence),
        _ => DEMAND.is_match(sentence),
    }
}

/// The sentence without "to test" and the like, where no tests are meant.
fn without_verb_to_test(sentence: &str) -> String {
    static VERB: Pattern = Pattern::new(r"\b(to|can|may|and|or|we|you|then) test\b");
    VERB.replace_all(sentence, " ")
}

/// Sentences that offer help to those who want something, or that promise good conduct.
fn is_offer(sentence: &str) -> bool {
    static OFFER: Pattern = Pattern::new(
        r"^\W*(to (run|execute|use|test|lint|format|build)|if you (want|wish|like)|you (can|may|might)|feel free)\b|\bpledge\b|\b(may|might) want\b",
    );
    OFFER.is_match(sentence)
}

/// A row of a table names things; it does not demand them.
fn is_row(text: &str) -> bool {
    text.contains(" | ")
}

/// Sentences that say that something is not needed.
fn is_waived(sentence: &str) -> bool {
    static WAIVED: Pattern = Pattern::new(
        r"(\b(not|no|never)|n['’]t) (necessary|need(ed)?|requir\w+|have to|expected|use (this|it|them))\b|\boptional\b|\bno need\b",
    );
    WAIVED.is_match(sentence)
}

/// Sentences that send the reader to documents rather than ask for some.
fn is_reading(sentence: &str) -> bool {
    static READING: Pattern = Pattern::new(
        r"\b(see|read|refer to|consult|check out|described in|found in|visit|follow)\b.*\b(documentation|docs|release notes|change-?log)\b",
    );
    READING.is_match(sentence)
}

fn tests_required(outline: &Outline) -> Option<Passage> {
    outline.sentences.iter().find(|sentence| demands_tests(&sentence.text)).map(Passage::from)
}

/// Whether a sentence demands that a change brings tests, rather than that tests are run or pass.
fn demands_tests(sentence: &str) -> bool {
    static DEMANDS: [Pattern; 6] = [
        Pattern::new(
            r"\b(must|should|shall|needs? to|ha(ve|s) to|(is|are) required to|(is|are) expected to)\b.*\b(add|adds|includes?|have|contain|come with|provide|write|accompanied by|covered by|cover|supply|ship with|bring|be submitted with|be accompanied|be covered)\b.*\btests?( cases?)?\b",
        ),
        Pattern::new(r"\btests?( cases?| coverage)?\b.*\b(is|are) (required|mandatory|needed|expected|necessary)\b"),
        Pattern::new(
            r"\b(changes?|fix(es)?|features?|code|functionality|contributions?|pull requests?|prs?|patch(es)?|bugs?)\b.*\b(needs?|requires?)\b.*\b(tests|test cases?|test coverage|an? (\w+ ){0,2}test)\b",
        ),
        Pattern::new(
            r"\btests?( cases?)?\b.*\b(must|should|shall|needs? to|ha(ve|s) to) (also |always )?be (added|included|written|provided|supplied|updated)\b",
        ),
        Pattern::new(r"(\b(not|never)|n['’]t)\b.*\b(accept|merg)\w*\b.*\bwithout\b.*\btests?\b"),
        Pattern::new(r"\balways (add|include|write|provide)\b.*\btests?\b"),
    ];
    static NO_CHANGE: Pattern = Pattern::new(
        r"\b(must|should|shall|need to|have to)\b.*\b(provide|have|include)\b.*\b(test (environment|account|data|machine|setup|results?|database|failures?))\b|^\W*(certain|some)\b",
    );
    !is_waived(sentence)
        && !sentence.ends_with('?')
        && !NO_CHANGE.is_match(sentence)
        && DEMANDS.iter().any(|pattern| pattern.is_match(sentence))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::repository;
    use super::*;
    use crate::evidence::{State, Value};

    fn observe(text: &str, key: &str) -> State {
        let repository = repository(&[("CONTRIBUTING.md", text)]);
        let observations = analyse(&Library::new(&repository));
        observations.into_iter().find(|observation| observation.key == key).unwrap().state
    }

    #[test]
    fn what_the_project_does_not_use_is_no_demand() {
        let key = "policy.contribution_requirements";
        assert_eq!(
            observe("- `Signed-off-by: Jo` - we do not use this, but do not bother to remove it.\n", key),
            State::Absent
        );
        assert!(matches!(observe("Please use `Signed-off-by: Jo`.\n", key), State::Observed(_)));
    }

    #[test]
    fn a_guide_that_the_guide_links_to_is_read() {
        let short = "# How to contribute\n\n## Read [CONTRIBUTE](/docs/CONTRIBUTE.md)\n";
        let long = "# Contributing\n\nAll new functionality must have tests.\n";
        for (links, expected) in [(short, State::Observed(true.into())), ("# How to contribute\n", State::Absent)] {
            let repository = repository(&[(".github/CONTRIBUTING.md", links), ("docs/CONTRIBUTE.md", long)]);
            let observations = analyse(&Library::new(&repository));
            let found = observations.into_iter().find(|found| found.key == "policy.tests_required").unwrap();
            assert_eq!(found.state, expected);
        }
    }

    #[test]
    fn whether_changes_must_bring_tests() {
        for (sentence, expected) in [
            ("All new functionality must have tests.", true),
            ("Pull requests should include tests.", true),
            ("New features need tests.", true),
            ("Tests are required for bug fixes.", true),
            ("Every bug fix should be accompanied by a regression test.", true),
            ("Unit tests must be added for new code.", true),
            ("We don't merge changes without tests.", true),
            ("Your change should be covered by a test.", true),
            ("When you file a pull request, always include tests.", true),
            // Running tests, or tests that nobody demands.
            ("All tests must pass.", false),
            ("You should run the tests before you open a pull request.", false),
            ("You do not need to write tests.", false),
            ("Tests are not required.", false),
            ("Adding tests is optional.", false),
            ("You must provide a test account.", false),
            ("When should you add tests?", false),
            ("See the tests for examples.", false),
            ("This is the latest version, which you must use.", false),
        ] {
            assert_eq!(demands_tests(sentence), expected, "{sentence}");
        }
    }

    #[test]
    fn how_changes_are_proposed() {
        for (text, expected) in [
            ("Fork the repository and open a pull request.", true),
            ("## Pull requests\n\nKeep them small.", true),
            ("Send patches to the mailing list.", true),
            ("Please open an issue first to discuss the change.", true),
            ("Thank you for helping.", false),
            ("## Pull requests\n", false),
        ] {
            let found = observe(text, "policy.contributing_process") == State::Observed(true.into());
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn demands_on_a_change() {
        let text = "Please add tests. Run `cargo fmt` first. Commits must be signed off (DCO). Every change needs approval by a maintainer.\n\nFollow the rules for commit messages. Update the documentation and add an entry to the changelog.\n";
        let State::Observed(Value::List(items)) = observe(text, "policy.contribution_requirements") else { panic!() };
        assert_eq!(items, ["tests", "style", "sign-off", "review", "commit-messages", "documentation", "changelog"]);
        for text in [
            "Be nice. See the documentation. Please read the docs. The CLA is not required.",
            "We have tests. The lint is fast.",
            "Patch releases should only contain bug fixes or documentation changes.",
            "We pledge to respect people who report issues and update the documentation.",
            "You may want to test your changes to ensure that they work.",
            "You'll also need Insta to update snapshot tests.",
            "These require experience with Ruff.",
            "Bugs violate the documentation of a feature, although the documentation may be wrong.",
            "To run the linters, use golangci-lint.",
            "To run the unit tests, execute the following command.",
            "| chore | add exclusion for a test |\n|---|---|\n| feat | add docs |\n",
        ] {
            assert_eq!(observe(text, "policy.contribution_requirements"), State::Absent, "{text}");
        }
    }
}
