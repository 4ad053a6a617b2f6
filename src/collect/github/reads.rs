//! What is asked of GitHub's API and why, read from `questionnaires/github.yaml`; and what other tools read of it.
//!
//! Which keys a request tells is not said there: it follows from what the vocabulary says of each key.

use serde::Deserialize;

use crate::evidence::{KeyInfo, Vocabulary};

/// The text, as it is built in.
pub const READS_YAML: &str = include_str!("../../../questionnaires/github.yaml");

/// A request of the REST API.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// `GET` and the path without its query, with `{names}` for what differs.
    pub request: String,
    /// Who asks it, and in which case.
    pub when: String,
    /// What it is read for besides keys.
    #[serde(default, rename = "for")]
    pub purpose: Option<String>,
    /// Whether it counts against the rate limit.
    #[serde(default = "yes")]
    pub counted: bool,
}

fn yes() -> bool {
    true
}

/// A query of GraphQL.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    pub query: String,
    /// Who asks it, and in which case.
    pub when: String,
    /// What GitHub charges for one, as measured.
    pub points: u32,
    /// How many are made at most.
    #[serde(default = "one")]
    pub most: u32,
}

fn one() -> u32 {
    1
}

/// A part of a GraphQL query.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub part: String,
    /// The query that carries it.
    pub query: String,
    /// Keys that it tells although another part reads the same fields.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Types, or fields of types, that it reads.
    pub reads: Vec<String>,
    /// What it is read for besides keys.
    #[serde(default, rename = "for")]
    pub purpose: Option<String>,
}

/// Another tool, and which state of it was looked at.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    pub id: String,
    pub name: String,
    pub seen: String,
}

/// One fact that a tool may read of GitHub.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub what: String,
    /// Where it is read, in the manner of the vocabulary.
    #[serde(default)]
    pub reads: Vec<String>,
    /// Keys that tell it, where that does not follow from what is read.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Where else Seaworthy has it than in an observation.
    #[serde(default)]
    pub elsewhere: Option<String>,
    /// Ids of the tools that read it.
    #[serde(default)]
    pub by: Vec<String>,
}

/// Facts that belong together.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    pub topic: String,
    pub rows: Vec<Fact>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reads {
    schema: String,
    pub requests: Vec<Request>,
    pub queries: Vec<Query>,
    pub parts: Vec<Part>,
    pub tools: Vec<Tool>,
    pub comparison: Vec<Topic>,
}

/// A place that a key is read from, as the vocabulary says it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place<'a> {
    /// The path without its query, and what is read of the answer.
    Rest(&'a str, &'a str),
    /// A type, or a type and a field: `Repository.visibility`.
    GraphQl(String),
}

impl Reads {
    /// Reads what is built in. The error says what is wrong and where.
    pub fn built_in() -> Result<Self, String> {
        let reads: Self = serde_saphyr::from_str(READS_YAML).map_err(|error| error.to_string())?;
        if reads.schema == "seaworthy.github/1" {
            Ok(reads)
        } else {
            Err(format!("schema is `{}`, must be `seaworthy.github/1`", reads.schema))
        }
    }

    /// The request that a path, such as `/repos/acme/widget/releases`, is one of.
    pub fn request_of(&self, path: &str) -> Option<&Request> {
        let path = path.split('?').next().unwrap_or_default();
        let is = |request: &&Request| is_one_of(path, request.request.trim_start_matches("GET "));
        // One without names says more than one with them.
        self.requests.iter().filter(is).min_by_key(|request| request.request.matches('{').count())
    }

    /// The part that reads a field: the one that names the most of it.
    fn part_of(&self, field: &str) -> Option<&Part> {
        let length = |part: &Part| {
            let begins = part.reads.iter().filter(|start| is_beginning(start, field));
            begins.map(String::len).max()
        };
        self.parts.iter().filter(|part| length(part).is_some()).max_by_key(|part| length(part))
    }

    /// The keys that a request tells, in the order of the vocabulary.
    pub fn keys_of_request<'v>(&self, request: &Request, vocabulary: &'v Vocabulary) -> Vec<&'v KeyInfo> {
        let path = request.request.trim_start_matches("GET ");
        keys(vocabulary, |place| matches!(place, Place::Rest(found, _) if *found == path))
    }

    /// The keys that a part tells, in the order of the vocabulary.
    pub fn keys_of_part<'v>(&self, part: &Part, vocabulary: &'v Vocabulary) -> Vec<&'v KeyInfo> {
        let read = keys(vocabulary, |place| match place {
            Place::GraphQl(field) => self.part_of(field).is_some_and(|found| found.part == part.part),
            Place::Rest(..) => false,
        });
        let named = |key: &String| self.parts.iter().find(|part| part.keys.contains(key));
        let told = |info: &&KeyInfo| match named(&info.key) {
            Some(owner) => owner.part == part.part,
            None => read.iter().any(|found| found.key == info.key),
        };
        vocabulary.keys().filter(told).collect()
    }

    /// The keys that tell a fact, in the order of the vocabulary.
    pub fn keys_of_fact<'v>(fact: &Fact, vocabulary: &'v Vocabulary) -> Vec<&'v KeyInfo> {
        let wanted: Vec<Place<'_>> = fact.reads.iter().flat_map(|read| places(read)).collect();
        let read = keys(vocabulary, |place| wanted.iter().any(|wanted| holds(wanted, place)));
        let named = |info: &&KeyInfo| fact.keys.contains(&info.key) || read.iter().any(|found| found.key == info.key);
        vocabulary.keys().filter(named).collect()
    }

    /// What the vocabulary reads and no entry names, as the lines that are to be added.
    pub fn missing(&self, vocabulary: &Vocabulary) -> Vec<String> {
        let mut missing = Vec::new();
        for place in sources(vocabulary).flat_map(places) {
            let line = match &place {
                Place::Rest(path, _) if self.requests.iter().all(|known| known.request != format!("GET {path}")) => {
                    format!("requests: {{ request: \"GET {path}\", when: By whom, in which case }}")
                }
                Place::GraphQl(field) if self.part_of(field).is_none() => format!("parts: reads: [{field}]"),
                _ => continue,
            };
            if !missing.contains(&line) {
                missing.push(line);
            }
        }
        missing
    }
}

/// What is read by the API.
fn sources(vocabulary: &Vocabulary) -> impl Iterator<Item = &str> {
    let sources = vocabulary.keys().flat_map(|info| &info.sources);
    sources.filter(|source| source.by == "github").map(|source| source.read.as_str())
}

fn keys(vocabulary: &Vocabulary, is: impl Fn(&Place<'_>) -> bool) -> Vec<&KeyInfo> {
    let told = |info: &&KeyInfo| {
        let read = info.sources.iter().filter(|source| source.by == "github");
        read.flat_map(|source| places(&source.read)).any(|place| is(&place))
    };
    vocabulary.keys().filter(told).collect()
}

/// The places of `GET /path?query .field, .other; GraphQL Type.field, .other, Type.other`.
fn places(read: &str) -> Vec<Place<'_>> {
    let mut places = Vec::new();
    for item in read.split("; ") {
        if let Some((_, rest)) = item.split_once("GET ") {
            let (path, field) = rest.split_once(' ').unwrap_or((rest, ""));
            places.push(Place::Rest(path.split(['?', ',']).next().unwrap_or_default(), field));
        } else if let Some(fields) = item.strip_prefix("GraphQL ") {
            let mut of = "";
            for field in fields.split(", ") {
                let name = field.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).next().unwrap_or_default();
                if let Some(field) = name.strip_prefix('.') {
                    places.push(Place::GraphQl(format!("{of}.{field}")));
                } else if name.starts_with(|c: char| c.is_ascii_uppercase()) {
                    of = name.split('.').next().unwrap_or_default();
                    places.push(Place::GraphQl(name.to_owned()));
                }
            }
        }
    }
    places
}

/// Whether a name of types and fields begins with another one, at a dot or in whole.
fn is_beginning(start: &str, name: &str) -> bool {
    name.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether what is looked for holds a place.
fn holds(wanted: &Place<'_>, place: &Place<'_>) -> bool {
    match (wanted, place) {
        (Place::Rest(path, field), Place::Rest(found, read)) => {
            path == found && (field.is_empty() || read.split(", ").any(|read| read.starts_with(field)))
        }
        (Place::GraphQl(start), Place::GraphQl(name)) => is_beginning(start, name),
        _ => false,
    }
}

/// Whether a path is one of a template, in which `{path}` at the end stands for any number of folders.
fn is_one_of(path: &str, template: &str) -> bool {
    if !template.starts_with('/') {
        return false;
    }
    let mut segments = path.split('/');
    for name in template.split('/') {
        if name == "{path}" {
            return segments.next().is_some();
        }
        if segments.next().is_none_or(|segment| name != segment && !name.starts_with('{')) {
            return false;
        }
    }
    segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_the_vocabulary_reads_is_spoken_of() {
        let missing = Reads::built_in().unwrap().missing(Vocabulary::built_in());
        assert!(missing.is_empty(), "questionnaires/github.yaml must have, too:\n{}", missing.join("\n"));
    }

    #[test]
    fn all_that_is_spoken_of_is_there() {
        let (reads, vocabulary) = (Reads::built_in().unwrap(), Vocabulary::built_in());
        for request in &reads.requests {
            let told = !reads.keys_of_request(request, vocabulary).is_empty() || request.purpose.is_some();
            assert!(told, "nobody knows what {} is for", request.request);
            assert!(request.request.starts_with("GET "), "{}", request.request);
        }
        for part in &reads.parts {
            let told = !reads.keys_of_part(part, vocabulary).is_empty() || part.purpose.is_some();
            assert!(told, "nobody knows what {} is for", part.part);
            assert!(reads.queries.iter().any(|query| query.query == part.query), "{}", part.query);
            assert!(part.keys.iter().all(|key| vocabulary.get(key).is_some()), "{}: {:?}", part.part, part.keys);
        }
        for query in &reads.queries {
            assert!(reads.parts.iter().any(|part| part.query == query.query), "{}", query.query);
            assert!(query.points > 0 && query.most > 0, "{}", query.query);
        }
        for fact in reads.comparison.iter().flat_map(|topic| &topic.rows) {
            let tools: Vec<&str> = reads.tools.iter().map(|tool| tool.id.as_str()).collect();
            assert!(fact.by.iter().all(|tool| tools.contains(&tool.as_str())), "{}: {:?}", fact.what, fact.by);
            assert!(fact.keys.iter().all(|key| vocabulary.get(key).is_some()), "{}: {:?}", fact.what, fact.keys);
        }
    }

    #[test]
    fn parts_are_those_of_the_query() {
        let reads = Reads::built_in().unwrap();
        let named: Vec<&str> = reads.parts.iter().map(|part| part.part.as_str()).collect();
        for part in super::super::parts::REPOSITORY.into_iter().chain(super::super::parts::ADMINISTRATION) {
            assert!(named.contains(&part.name), "questionnaires/github.yaml must have a part `{}`", part.name);
        }
    }

    #[test]
    fn places_are_told_apart() {
        let graphql = |name: &str| Place::GraphQl(name.to_owned());
        assert_eq!(
            places(
                "GET /a/{b}?per_page=9 .c, .d; GraphQL Repository.refs(refPrefix: \"x, y\").nodes, .owner, Ref.rules target TAG"
            ),
            [
                Place::Rest("/a/{b}", ".c, .d"),
                graphql("Repository.refs"),
                graphql("Repository.owner"),
                graphql("Ref.rules")
            ]
        );
        assert_eq!(places("redirect of GET /a; prefix of the token"), [Place::Rest("/a", "")]);
    }

    #[test]
    fn the_most_of_a_name_decides() {
        let reads = Reads::built_in().unwrap();
        let part = |field: &str| reads.part_of(field).map(|part| part.part.as_str());
        assert_eq!(part("Repository.refs"), Some("tags"));
        assert_eq!(part("Repository.visibility"), Some("repository"));
        assert_eq!(part("ReleaseAsset.name"), Some("releases"));
        assert_eq!(part("Reference"), None);
    }

    #[test]
    fn paths_are_of_templates() {
        let reads = Reads::built_in().unwrap();
        let of = |path: &str| reads.request_of(path).map(|request| request.request.as_str());
        assert_eq!(of("/repos/a/b"), Some("GET /repos/{owner}/{repo}"));
        assert_eq!(of("/repos/a/b/releases?per_page=30"), Some("GET /repos/{owner}/{repo}/releases"));
        assert_eq!(of("/repos/a/b/contents/docs/x"), Some("GET /repos/{owner}/{repo}/contents/{path}"));
        assert_eq!(of("/repos/a/b/nothing"), None);
    }
}
