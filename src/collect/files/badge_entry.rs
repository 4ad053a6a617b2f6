//! The entry of the OpenSSF Best Practices Badge that the README leads to.

use std::collections::BTreeSet;

use super::library::{Library, README};
use super::pattern::Pattern;
use crate::evidence::Observation;

const KEY: &str = "docs.badge_entry";

/// The observation `docs.badge_entry`: the address of the first entry that the README names, whatever the mark-up.
pub(super) fn analyse(library: &Library<'_>) -> Observation {
    static ENTRY: Pattern = Pattern::new(
        r"https?://(www\.)?bestpractices\.(dev|coreinfrastructure\.org)/([a-z]{2}(-[a-z]{2})?/)?projects/(\d{1,9})\b",
    );
    let Some(readme) = library.policy(README) else { return library.absent(KEY) };
    let text = match &readme.text {
        Ok(text) => text,
        Err(reason) => return Observation::failed(KEY, reason.as_str()),
    };
    let found = ENTRY.find_all(text);
    let numbers: Vec<_> = found.iter().filter_map(|found| found.get(5)).collect();
    let Some(first) = numbers.first() else { return library.absent(KEY) };
    let before = text.get(..first.start()).unwrap_or_default();
    let line = u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX);
    let entry = format!("https://www.bestpractices.dev/projects/{}", first.as_str());
    let seen = Observation::seen(KEY, entry).at(readme.line(line, "link to the entry"));
    match numbers.iter().map(|number| number.as_str()).collect::<BTreeSet<_>>().len() {
        1 => seen,
        several => seen.detail(format!("the first of {several} entries that are linked there")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::repository;
    use super::*;
    use crate::evidence::{State, Value};

    fn observed(readme: &str) -> Observation {
        let repository = repository(&[("README.md", readme)]);
        analyse(&Library::new(&repository))
    }

    #[test]
    fn an_entry_is_found_in_any_mark_up() {
        for (readme, line) in [
            (
                "# W\n\n[![b](https://www.bestpractices.dev/projects/1271/badge)](https://www.bestpractices.dev/projects/1271)\n",
                3,
            ),
            ("<a href=\"https://bestpractices.coreinfrastructure.org/projects/1271\"><img></a>", 1),
            ("Badge\n=====\nhttps://www.bestpractices.dev/en/projects/1271/passing", 3),
            ("https://bestpractices.dev/pt-BR/projects/1271#osps", 1),
        ] {
            let seen = observed(readme);
            let entry = Value::Text("https://www.bestpractices.dev/projects/1271".to_owned());
            assert_eq!(seen.state, State::Observed(entry), "{readme}");
            assert_eq!(seen.detail, None);
            assert_eq!(seen.places.iter().map(|place| place.line).collect::<Vec<_>>(), [Some(line)], "{readme}");
        }
    }

    #[test]
    fn what_is_no_entry_is_none() {
        for readme in [
            "https://www.bestpractices.dev/projects",
            "https://www.bestpractices.dev/projects/new",
            "https://bestpractices.example/projects/1271",
            "https://www.bestpractices.dev/projects/12345678901",
        ] {
            assert_eq!(observed(readme).state, State::Absent, "{readme}");
        }
    }

    #[test]
    fn of_several_entries_the_first_is_named_as_such() {
        let seen = observed("https://www.bestpractices.dev/projects/7 https://www.bestpractices.dev/projects/9");
        assert_eq!(seen.state, State::Observed(Value::Text("https://www.bestpractices.dev/projects/7".to_owned())));
        assert_eq!(seen.detail.as_deref(), Some("the first of 2 entries that are linked there"));
    }
}
