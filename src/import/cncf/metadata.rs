//! What a self-assessment says of itself: the rows of its metadata and of its security links.
//!
//! What a row denies in plain words is likely. What it only points to is a guess: a link to a lock file stands in many rows
//! that ask for a bill of materials.

use super::super::Confidence;
use super::super::gather::{Claim, Gather, links_in, subject_of, yes};
use super::{Passage, place};
use crate::answers::Said;
use crate::collect::files::note::quotation;
use crate::evidence::Value;

/// The longest row that is quoted, in characters.
const LONGEST_QUOTE: usize = 200;

/// A row of a table, or an item of a list, that begins with its name.
struct Row<'p> {
    /// What follows the name.
    said: &'p str,
    links: Vec<String>,
}

/// Takes over what the document says of itself.
pub(super) fn metadata(passages: &[Passage], text: &str, gather: &mut Gather<'_>) {
    let of = |section: &str| passages.iter().find(|passage| passage.section.as_deref() == Some(section));
    if let Some(passage) = of("metadata") {
        let links = passage.links.iter().cloned().chain(links_in(&passage.text));
        gather.subject(links.into_iter().find_map(|link| subject_of(&link)));
        if let Some(is_one) = row(passage, "Security Provider").and_then(|row| yes_or_no(row.said)) {
            let because = format!("{}, row Security Provider of the metadata", gather.name());
            let place = place(passage);
            gather.claim(Claim::new("project.security-provider", yes(is_one), Confidence::Likely, &place, because));
        }
        if let Some(row) = row(passage, "SBOM") {
            bill_of_materials(&row, passage, gather);
        }
        if let Some(row) = row(passage, "Assessment Stage") {
            gather.remark(format!("Its stage is: {}", quotation(row.said, 100)));
        }
    }
    if let Some(passage) = of("security-links") {
        security_links(passage, gather);
    }
    if text.to_lowercase().contains("security pals") {
        gather.remark("It says that outsiders drafted it (Security Pals); the project may not have confirmed it.");
    }
}

/// The row with this name.
fn row<'p>(passage: &'p Passage, name: &str) -> Option<Row<'p>> {
    passage.rows().find_map(|(text, links)| {
        let (begin, said) = text.trim().trim_end_matches(';').split_at_checked(name.len())?;
        let named = begin.eq_ignore_ascii_case(name) && !said.starts_with(char::is_alphanumeric);
        let said = said.trim_start_matches([':', ' ', '-']).trim();
        let links = links.iter().filter(|link| link.starts_with("http")).cloned().chain(links_in(said)).collect();
        named.then_some(Row { said, links })
    })
}

fn yes_or_no(said: &str) -> Option<bool> {
    match said.to_lowercase().split([' ', '.', ',']).next()? {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// A bill of materials that is denied is none. One that is told of may cover everything or not: somebody must look.
fn bill_of_materials(row: &Row<'_>, passage: &Passage, gather: &mut Gather<'_>) {
    let denied = denies(row.said);
    if !denied && row.links.is_empty() && !row.said.to_lowercase().contains("release") {
        return;
    }
    let confidence = if denied { Confidence::Likely } else { Confidence::Guess };
    let because = format!("{}, row SBOM of the metadata: \"{}\"", gather.name(), quotation(row.said, LONGEST_QUOTE));
    let mut claim = Claim::new("releases.sbom", yes(!denied), confidence, &place(passage), because);
    claim.links.clone_from(&row.links);
    gather.claim(claim);
}

/// Whether a row says that there is none: it begins so, or something is not generated, produced or published.
fn denies(said: &str) -> bool {
    let words: Vec<String> = said
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let made = |word: &String| ["generat", "produc", "creat"].iter().any(|begin| word.starts_with(begin));
    let begins = words.first().is_some_and(|word| matches!(word.as_str(), "no" | "not" | "none"));
    begins || words.windows(4).any(|four| four.first().is_some_and(|word| word == "not") && four.iter().any(made))
}

fn security_links(passage: &Passage, gather: &mut Gather<'_>) {
    if let Some(address) = row(passage, "Default and optional configs").and_then(|row| row.links.into_iter().next()) {
        let because = format!("{}, row Default and optional configs of the security links", gather.name());
        let said = Said::Value(Value::Text(address));
        gather.claim(Claim::new("documentation.configuration", said, Confidence::Likely, "Security links", because));
    }
    if let Some(row) = row(passage, "Security file").filter(|row| !row.links.is_empty()) {
        let because = format!("{}, row Security file of the security links", gather.name());
        let question = "vulnerabilities.security-contact";
        let mut claim = Claim::new(question, yes(true), Confidence::Guess, "Security links", because);
        claim.links = row.links;
        gather.claim(claim);
    }
}

#[cfg(test)]
mod tests {
    use super::denies;

    #[test]
    fn what_rows_deny() {
        for said in [
            "Not automatically generated at build/release time",
            "CloudEvents does not generate an SBOM at build time",
            "Widget does not currently generate SBOMs on release",
            "(Not being generated currently, issue created)",
            "Currently, not generated by the project.",
            "None",
            "No SBOM, this is a specification",
        ] {
            assert!(denies(said), "{said}");
        }
        for said in [
            "",
            "Attached to each release",
            "Is not in the repository, but each release holds one that the pipeline generates",
            "https://example.org/not/generated.json",
            "Varies based on language.",
        ] {
            assert!(!denies(said), "{said}");
        }
    }
}
