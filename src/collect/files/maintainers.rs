//! Who maintains the project, as its documents name them.

use std::collections::BTreeSet;

use super::governance::codeowners_path;
use super::library::{CONTRIBUTING, Document, GOVERNANCE, Library, MAINTAINERS, README, outline};
use super::note::{self, holds_address};
use super::outline::{Heading, Outline};
use super::pattern::Pattern;
use super::{paths, yaml};
use crate::evidence::{Observation, Place};

const LIST: &str = "policy.maintainers";
const NAMED: &str = "policy.maintainers_named";

/// `policy.maintainers` and `policy.maintainers_named`.
pub(super) fn analyse(library: &Library<'_>) -> [Observation; 2] {
    match library.policy(MAINTAINERS) {
        Some(document) if is_of_authors(document) => of_authors(library, document),
        Some(document) => of_list(document),
        None => of_section(library).unwrap_or_else(|| [of_owners(library), library.absent(NAMED)]),
    }
}

fn is_of_authors(document: &Document<'_>) -> bool {
    paths::stem_and_ending(&document.path).0.eq_ignore_ascii_case("AUTHORS")
}

/// From a file that is a list of people.
fn of_list(document: &Document<'_>) -> [Observation; 2] {
    let named = match read(document) {
        Ok((text, sections)) => {
            let is_named = |line| !sections.is_former(line) && !sections.is_heading(line);
            let owners = owners(&document.path, text).map(|people| people.len());
            let count = owners.unwrap_or_else(|| people(text, is_named).count());
            counted(count, document.place())
        }
        Err(reason) => Observation::failed(NAMED, reason),
    };
    [document.seen(LIST), named]
}

/// From a file of authors, who are maintainers only where a heading calls them that.
fn of_authors(library: &Library<'_>, document: &Document<'_>) -> [Observation; 2] {
    let list = || document.seen(LIST).detail("loose match: authors need not be maintainers");
    let (text, sections) = match read(document) {
        Ok(read) => read,
        Err(reason) => return [list(), Observation::failed(NAMED, reason)],
    };
    match sections.first_current() {
        Some(heading) => {
            let people = people(text, |line| sections.is_current(line) && !sections.is_heading(line));
            [list(), counted(people.count(), document.line(heading.line, &heading.text))]
        }
        None => of_section(library).unwrap_or_else(|| [list(), library.absent(NAMED)]),
    }
}

fn read<'d>(document: &'d Document<'_>) -> Result<(&'d str, Sections<'d>), &'d str> {
    let outline = document.outline()?;
    let text = document.text.as_ref().map_err(String::as_str)?;
    Ok((text, Sections::of(outline)))
}

fn counted(count: usize, place: Place) -> Observation {
    match count {
        0 => Observation::absent(NAMED),
        count => {
            Observation::seen(NAMED, count).at(place).detail("loose match: entries counted in a text of free form")
        }
    }
}

/// From a section of the README or of a guide that names people.
fn of_section(library: &Library<'_>) -> Option<[Observation; 2]> {
    const LOOSE: &str = "loose match: a section of another document";
    [README, GOVERNANCE, CONTRIBUTING].into_iter().filter_map(|policy| library.policy(policy)).find_map(|document| {
        let text = document.text.as_ref().ok()?;
        let sections = Sections::of(document.outline().ok()?);
        let heading = sections.first_current()?;
        let is_entry = |line: &str| line.trim_start().starts_with(['-', '*', '+', '|', '<']);
        let count = text
            .lines()
            .enumerate()
            .filter(|(index, line)| is_entry(line) && sections.is_current(index + 1))
            .fold(People::default(), |people, (_, line)| people.with(line))
            .count();
        let place = document.line(heading.line, &heading.text);
        (count > 0).then(|| {
            [
                Observation::seen(LIST, document.shown()).at(place.clone()).detail(LOOSE),
                Observation::seen(NAMED, count).at(place).detail(LOOSE),
            ]
        })
    })
}

fn of_owners(library: &Library<'_>) -> Observation {
    match codeowners_path(library) {
        Some(path) => Observation::seen(LIST, path).at(Place::file(path)).detail("loose match: owners of code"),
        None => library.absent(LIST),
    }
}

/// Which headings stand over which lines.
struct Sections<'a>(&'a [Heading]);

impl<'a> Sections<'a> {
    fn of(outline: &'a Outline) -> Self {
        Self(&outline.headings)
    }

    /// The headings over a line, the nearest first.
    fn over(&self, line: usize) -> impl Iterator<Item = &'a Heading> {
        let before = self.0.partition_point(|heading| usize::try_from(heading.line).is_ok_and(|at| at <= line));
        let mut level = u8::MAX;
        self.0.iter().take(before).rev().filter(move |heading| {
            let is_over = heading.level < level;
            level = level.min(heading.level);
            is_over
        })
    }

    fn is_heading(&self, line: usize) -> bool {
        self.0.binary_search_by_key(&line, |heading| usize::try_from(heading.line).unwrap_or(usize::MAX)).is_ok()
    }

    fn first_current(&self) -> Option<&'a Heading> {
        self.0.iter().find(|heading| heading.has_body && names_maintainers(&heading.text))
    }

    fn is_current(&self, line: usize) -> bool {
        self.over(line).any(|heading| names_maintainers(&heading.text)) && !self.is_former(line)
    }

    fn is_former(&self, line: usize) -> bool {
        static FORMER: Pattern = Pattern::new(
            r"\b(former(ly)?|previous|past|emerit\w+|inactive|retired|alumni|patches|suggestions|thanks|acknowledge?ments)\b",
        );
        self.over(line).any(|heading| FORMER.is_match(&heading.text))
    }
}

/// Whether a heading stands over those who maintain the project now.
fn names_maintainers(heading: &str) -> bool {
    static TEAM: Pattern = Pattern::new(
        r"^\W*(([\w.-]+ ){0,2})(maintainers?|committers?|core (team|developers?|contributors?)|(project |core )?team members|technical (steering )?committee|steering committee|(project )?(leads?|owners?))( team| members| list)?( \([\w ]+\))?\W*$|^\W*\w+ \(technical (steering )?committee\)\W*$",
    );
    static OTHER: Pattern = Pattern::new(
        r"\b(for|to|how|becom\w+|a|an|contact\w*|notes?|former|previous|past|emerit\w+|inactive|retired|looking|wanted|new|code|product)\b",
    );
    TEAM.is_match(heading) && !OTHER.is_match(heading)
}

/// Whom a file that is a list of people or of owners of code names, each in one form: `@account`, an address, or a name.
pub(super) fn named(path: &str, text: &str) -> BTreeSet<String> {
    if paths::name(path).eq_ignore_ascii_case("CODEOWNERS") {
        let owners =
            text.lines().flat_map(|line| line.split('#').next().unwrap_or_default().split_whitespace().skip(1));
        return owners.filter(|word| word.contains('@')).map(str::to_ascii_lowercase).collect();
    }
    if let Some(people) = owners(path, text) {
        return people.into_iter().map(|account| format!("@{}", account.to_ascii_lowercase())).collect();
    }
    let outline = outline(path, text);
    let sections = Sections::of(&outline);
    people(text, |line| !sections.is_former(line) && !sections.is_heading(line)).names()
}

/// The people named in the lines that count, which are numbered from 1.
fn people(text: &str, counts: impl Fn(usize) -> bool) -> People {
    text.lines()
        .enumerate()
        .filter(|(index, line)| counts(index + 1) && !line.trim_start().starts_with(['#', '=']))
        .fold(People::default(), |people, (_, line)| people.with(line))
}

/// Different accounts, and rows and items without an account that look like names.
#[derive(Default)]
struct People {
    accounts: BTreeSet<String>,
    lines: Vec<String>,
}

impl People {
    fn with(mut self, line: &str) -> Self {
        static ACCOUNT: Pattern = Pattern::new(
            r"(?:^|[\s(\[|,*])@([a-z\d][a-z\d-]{0,38})\b|github\.com/([a-z\d][a-z\d-]{0,38})(?:[\s)\]>|]|/?$)",
        );
        let found: Vec<String> = ACCOUNT
            .find_all(line)
            .iter()
            .filter_map(|found| Some(found.get(1).or_else(|| found.get(2))?.as_str().to_ascii_lowercase()))
            .collect();
        let is_person = holds_address(line) || (begins_with_name(line) && is_item(line));
        if found.is_empty() && is_person {
            self.lines.push(person(line));
        }
        self.accounts.extend(found);
        self
    }

    fn count(&self) -> usize {
        self.accounts.len() + self.lines.len()
    }

    /// Each in one form.
    fn names(self) -> BTreeSet<String> {
        self.accounts.iter().map(|account| format!("@{account}")).chain(self.lines).collect()
    }
}

/// The address in a line, or the two words that it begins with, in small letters.
fn person(line: &str) -> String {
    let address = note::address(line).map(str::to_ascii_lowercase);
    address.unwrap_or_else(|| first_words(line).join(" ").to_lowercase())
}

/// The first two words of a line.
fn first_words(line: &str) -> Vec<&str> {
    line.trim_start_matches(|mark: char| !mark.is_alphabetic()).split_whitespace().take(2).collect()
}

/// Whether a line begins with two words in capitals, as names do.
fn begins_with_name(line: &str) -> bool {
    let words = first_words(line);
    words.len() == 2 && words.iter().all(|word| word.starts_with(char::is_uppercase))
}

/// A row or an item, or a short line that is nothing but a name.
fn is_item(line: &str) -> bool {
    let line = line.trim();
    line.starts_with(['-', '*', '+', '|']) || (line.split_whitespace().count() <= 4 && !line.ends_with(['.', ':']))
}

/// The people of an OWNERS file as Kubernetes uses it; none where it is no such file or has another form.
fn owners(path: &str, text: &str) -> Option<BTreeSet<String>> {
    if paths::name(path) != "OWNERS" {
        return None;
    }
    let document = yaml::parse_bounded(text).ok()?;
    let fields = document.as_mapping()?;
    let people = ["approvers", "reviewers"].iter().filter_map(|field| fields.get(*field)?.as_sequence()).flatten();
    Some(people.filter_map(serde_yaml::Value::as_str).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::repository;
    use super::*;
    use crate::evidence::Value;

    fn observe(path: &str, text: &str) -> [Observation; 2] {
        analyse(&Library::new(&repository(&[(path, text)])))
    }

    #[test]
    fn people_in_lists() {
        let cases: [(&str, &str, usize); 13] = [
            (
                "MAINTAINERS.md",
                "# Maintainers\n\n| Name | GitHub |\n|---|---|\n| Ada Lovelace | [@ada](https://github.com/ada) |\n| Bob Brown | @bob |\n",
                2,
            ),
            ("MAINTAINERS", "# The people\nAda Lovelace <ada@example.org>\nBob Brown\nAcme Inc.\n", 2),
            ("AUTHORS", "# The authors\nAda Lovelace <ada@example.org>\nBob Brown\nAcme Inc.\n", 0),
            ("OWNERS", "approvers:\n- ada\n- bob\nreviewers:\n- ada\n- cy\n", 3),
            ("MAINTAINERS", "See the team page for the people.\n", 0),
            ("MAINTAINERS.md", "- Ada Lovelace\n- Bob Brown\n- see the team page\n\nThe list is sorted.\n", 2),
            ("MAINTAINERS.md", "# Maintainers\n- @ada\n- @bob\n\n## Emeritus\n- @cy\n", 2),
            (
                "AUTHORS.rst",
                "By Ada.\n\nWidget Maintainers\n``````````````````\n\n- Ada Lovelace <ada@example.org> `@ada <https://github.com/ada>`_.\n- Bob Brown\n\nPrevious Maintainers\n````````````````````\n\n- Cy Cole\n\nPatches and Suggestions\n```````````````````````\n\n- Dee Dole\n- Eve East\n",
                2,
            ),
            (
                "README.md",
                "# W\n\n## Project team members\n\n### TC (Technical Committee)\n\n* [ada](https://github.com/ada) - **Ada**\n\n#### TC emeriti members\n\n* [bob](https://github.com/bob)\n\n### Triagers\n* [cy](https://github.com/cy)\n\n## Licence\n\n* [dee](https://github.com/dee)\n",
                2,
            ),
            ("README.md", "## Maintainers\n\nWrite to @ada.\n", 0),
            ("README.md", "## Becoming a maintainer\n\n- @ada\n", 0),
            ("README.md", "## Notes for maintainers\n\n- @ada\n", 0),
            ("README.md", "## Thanks\n\n- @ada\n", 0),
        ];
        for (path, text, expected) in cases {
            let [_, named] = observe(path, text);
            let expected = (expected > 0).then(|| Value::from(expected));
            assert_eq!(named.value(), expected.as_ref(), "{path}: {text}");
        }
    }

    #[test]
    fn the_place_is_the_heading_over_the_people() {
        let [list, named] = observe("README.md", "# W\n\n## Maintainers\n\n- @ada\n");
        assert_eq!(list.value(), Some(&"README.md".into()));
        let heading = Place::line("README.md", 3).noted("Maintainers");
        assert_eq!([list.places, named.places], [vec![heading.clone()], vec![heading]]);
    }
}
