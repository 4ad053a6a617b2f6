//! Observations that come from reading: what is found in which document, and what it means when it is not found.

use super::library::{Document, Library};
use super::outline::{Heading, Outline, Sentence};
use super::pattern::Pattern;
use crate::evidence::{Observation, Place, Value};

/// Something that stands in a document.
#[derive(Debug)]
pub(super) struct Passage {
    pub(super) line: u32,
    pub(super) text: String,
}

impl From<&Sentence> for Passage {
    fn from(sentence: &Sentence) -> Self {
        Self { line: sentence.line, text: sentence.text.clone() }
    }
}

impl From<&Heading> for Passage {
    fn from(heading: &Heading) -> Self {
        Self { line: heading.line, text: heading.text.clone() }
    }
}

/// The first document and passage that the search finds.
pub(super) fn first<'l, 'a>(
    documents: &[&'l Document<'a>],
    search: impl Fn(&Outline) -> Option<Passage>,
) -> Option<(&'l Document<'a>, Passage)> {
    documents.iter().find_map(|document| Some((*document, search(document.outline().ok()?)?)))
}

/// What a key is that was not found in these documents: failed where one of them could not be read.
pub(super) fn not_found(library: &Library<'_>, key: &str, documents: &[&Document<'_>]) -> Observation {
    match documents.iter().find_map(|document| document.outline().err()) {
        Some(reason) => Observation::failed(key, reason),
        None => library.absent(key),
    }
}

/// True where one of the documents holds such a passage.
pub(super) fn says(
    library: &Library<'_>,
    key: &str,
    documents: &[&Document<'_>],
    search: impl Fn(&Outline) -> Option<Passage>,
) -> Observation {
    observe(library, key, documents, search, |_| Value::from(true))
}

/// The document that holds such a passage.
pub(super) fn stands_in(
    library: &Library<'_>,
    key: &str,
    documents: &[&Document<'_>],
    search: impl Fn(&Outline) -> Option<Passage>,
) -> Observation {
    observe(library, key, documents, search, |document| Value::from(document.shown()))
}

/// What the first document with such a passage gives, at that passage.
fn observe(
    library: &Library<'_>,
    key: &str,
    documents: &[&Document<'_>],
    search: impl Fn(&Outline) -> Option<Passage>,
    value: impl Fn(&Document<'_>) -> Value,
) -> Observation {
    match first(documents, search) {
        Some((document, passage)) => {
            Observation::seen(key, value(document)).at(document.line(passage.line, &passage.text))
        }
        None => not_found(library, key, documents),
    }
}

/// Values with the places of each, in the order of the names.
pub(super) fn names(
    library: &Library<'_>,
    key: &str,
    documents: &[&Document<'_>],
    items: Vec<(&str, Place)>,
) -> Observation {
    if items.is_empty() {
        return not_found(library, key, documents);
    }
    let names: Vec<String> = items.iter().map(|(name, _)| (*name).to_owned()).collect();
    Observation::seen(key, Value::List(names)).at_all(items.into_iter().map(|(_, place)| place))
}

/// The first sentence that matches.
pub(super) fn sentence(outline: &Outline, pattern: &Pattern) -> Option<Passage> {
    outline.sentences.iter().find(|sentence| pattern.is_match(&sentence.text)).map(Passage::from)
}

/// The first sentence that matches all patterns.
pub(super) fn sentence_with(outline: &Outline, patterns: &[&Pattern]) -> Option<Passage> {
    outline
        .sentences
        .iter()
        .find(|sentence| patterns.iter().all(|pattern| pattern.is_match(&sentence.text)))
        .map(Passage::from)
}

/// The first heading that matches and has something below it.
pub(super) fn heading(outline: &Outline, pattern: &Pattern) -> Option<Passage> {
    outline.sections(pattern).next().map(|(_, heading)| Passage::from(heading))
}
