//! The parts of the one GraphQL query that carries most.
//!
//! Each part stands under a name of its own, so that an error in one (GitHub nulls the nearest field that may be null)
//! leaves the others whole, and so that a query which is too much for GitHub can be asked in pieces. No field needs a
//! scope beyond reading: a token without the scope of a single field would be refused the whole query.

/// A part of the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The name under which its answer stands.
    pub(super) name: &'static str,
    text: &'static str,
}

macro_rules! parts {
    ($($name:literal),* $(,)?) => {
        [$(Part { name: $name, text: include_str!(concat!("queries/", $name, ".graphql")) }),*]
    };
}

/// All parts of the query about a repository. The variables are `$owner` and `$name`, and `$since` for the history.
pub(super) const REPOSITORY: [Part; 14] = parts![
    "repository",
    "protection",
    "rulesets",
    "tags",
    "releases",
    "history",
    "reviews",
    "checks",
    "pull_requests",
    "issues",
    "community",
    "merging",
    "dependencies",
    "inherited",
];

/// The lines of the query for `parts` on which one of them stands, the first of the query being 1.
pub(super) fn lines(parts: &[Part], part: &Part) -> std::ops::Range<usize> {
    let of = |part: &Part| part.text.matches('\n').count();
    let start = 2 + parts.iter().take_while(|before| *before != part).map(of).sum::<usize>();
    start..start + of(part)
}

/// The query that asks for these parts. It declares the variables that they use, as GraphQL demands.
pub(super) fn document(parts: &[Part]) -> String {
    let body: String = parts.iter().map(|part| part.text).collect();
    let since = if body.contains("$since") { ", $since: GitTimestamp!" } else { "" };
    format!("query Seaworthy($owner: String!, $name: String!{since}) {{\n{body}}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_stands_under_its_name() {
        for part in REPOSITORY {
            let start = part.text.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
            assert!(start.starts_with(&format!("{}(", part.name)) || start.starts_with(&format!("{}: ", part.name)));
            assert_eq!(part.text.matches('{').count(), part.text.matches('}').count(), "{}", part.name);
        }
    }

    #[test]
    fn each_line_belongs_to_a_part() {
        let query = document(&REPOSITORY);
        let lines: Vec<&str> = query.lines().collect();
        for part in REPOSITORY {
            let range = super::lines(&REPOSITORY, &part);
            let text = lines[range.start - 1..range.end - 1].join("\n");
            assert_eq!(text.trim_end(), part.text.trim_end(), "{}", part.name);
        }
    }

    #[test]
    fn only_variables_that_are_used_are_declared() {
        assert!(document(&REPOSITORY).starts_with("query Seaworthy($owner: String!, $name: String!, $since: "));
        let without = REPOSITORY.into_iter().filter(|part| part.name != "history").collect::<Vec<_>>();
        assert!(document(&without).starts_with("query Seaworthy($owner: String!, $name: String!) {\n"));
    }
}
