use std::collections::BTreeSet;

use super::*;
use crate::questionnaire::Questionnaires;
use crate::yaml::Document;

/// The titles of the CNCF's outlines, with their source.
const OUTLINE: &str = include_str!("../../../tests/facts/cncf_outline.tsv");

/// The path of each title of a document: the titles in which it lies, and itself.
fn wanted(document: &str) -> Vec<Vec<String>> {
    let mut path: Vec<String> = Vec::new();
    let lines = OUTLINE.lines().filter(|line| !line.starts_with('#'));
    let rows = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    let own = rows.filter(|row| row[0] == document).map(|row| {
        path.truncate(row[1].parse::<usize>().unwrap() - 1);
        path.push(row[2].to_owned());
        path.clone()
    });
    own.collect()
}

fn paths(outline: &Outline) -> Vec<(Vec<String>, &Section)> {
    let mut path: Vec<String> = Vec::new();
    let one = |(level, section): (usize, &'_ Section)| {
        path.truncate(level - 1);
        path.push(section.heading.clone());
        path.clone()
    };
    let all = outline.all();
    let paths: Vec<Vec<String>> = all.iter().copied().map(one).collect();
    paths.into_iter().zip(all.into_iter().map(|(_, section)| section)).collect()
}

/// Every title stands in the document, in its order and where it belongs, and something stands under it.
#[test]
fn the_documents_follow_the_outlines() {
    let questionnaires = Questionnaires::built_in().unwrap();
    let documents =
        questionnaires.models().iter().flat_map(|model| model.documents.iter().map(move |own| (model, own)));
    let mut seen = BTreeSet::new();
    for (model, outline) in documents {
        let wanted = wanted(&outline.id);
        assert!(!wanted.is_empty(), "{} has no outline", outline.id);
        seen.insert(outline.id.clone());
        let paths = paths(outline);
        let mut rest = paths.iter();
        for title in wanted {
            let found = rest.find(|(path, _)| *path == title);
            let (_, section) = found.unwrap_or_else(|| panic!("{}: {title:?} is missing or out of order", outline.id));
            let is_fixed = section.says.is_some() || section.shows.is_some();
            assert!(section.requirement.is_some() || is_fixed || !section.sections.is_empty(), "{title:?}");
        }
        // What is told in words is asked in words.
        for id in paths.iter().filter_map(|(_, section)| section.requirement.as_ref()) {
            let requirement = model.requirements.iter().find(|requirement| requirement.id == *id).unwrap();
            assert!(!requirement.questions().is_empty(), "{id}");
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["joint-assessment", "joint-summary", "self-assessment"]);
}

fn problems(documents: &str) -> Vec<String> {
    let questions = "schema: seaworthy.questions/1\ntopic: t\ntitle: T\nquestions:\n  - { id: t.q, ask: A?, why: W., how: H., answer: text, valid_for: 1 year }\n";
    let model = format!(
        "schema: seaworthy.model/1\nid: m\ntitle: M\nversion: '1'\nsource: https://example.org\nabout: M.\nscoring: completeness\nareas: [{{ id: A, title: A }}]\nrequirements:\n  - {{ id: r, area: A, demands: D., met_when: {{ t.q: {{ present: true }} }} }}\ndocuments:\n{documents}"
    );
    let (_, files) = Questionnaires::check(vec![Document::new("q.yaml", questions), Document::new("m.yaml", model)]);
    files.into_iter().flat_map(|file| file.problems).map(|problem| problem.message).collect()
}

#[test]
fn what_is_wrong_with_a_document_is_told() {
    let section =
        |fields: &str| problems(&format!("  - id: d\n    title: D\n    sections: [{{ heading: H, {fields} }}]\n"));
    let placed = "requirement: r";
    assert_eq!(section(placed), Vec::<String>::new());
    for (fields, message) in [
        ("requirement: rr", "there is no requirement `rr`"),
        ("requirement: r, also: [r]", "requirement `r` stands in the section `H` already"),
        ("requirement: r, shows: stage", "a section cannot show this; a row can"),
        ("requirement: r, says: 'Of {name}'", "`says` has braces that stand for nothing"),
        ("requirement: r, rows: [{ label: L }]", "a row has either `shows`, or a `question`, `observations` or both"),
        ("requirement: r, rows: [{ label: L, shows: team }]", "a row cannot show this; a section can"),
        ("requirement: r, rows: [{ label: L, question: t.x }]", "there is no question `t.x`"),
        (
            "requirement: r, rows: [{ label: L, observations: [repo.language] }]",
            "there is no observation `repo.language`",
        ),
        ("requirement: r, sections: [{ heading: I }]", "nothing stands in this section"),
        (
            "requirement: r, sections: [{ heading: I, says: x }, { heading: i, says: x }]",
            "`i` stands twice at the same place",
        ),
        ("says: Text.", "`r` stands in no section of a document"),
        (
            "requirement: r, sections: [{ heading: a, sections: [{ heading: b, sections: [{ heading: c, sections: [{ heading: d, sections: [{ heading: e, says: x }] }] }] }] }]",
            "sections lie at most 5 deep in each other",
        ),
    ] {
        let found = section(fields);
        assert!(found.iter().any(|problem| problem == message), "{fields}: {found:?}");
    }
    let twice = "  - { id: d, title: D, sections: [{ heading: H, requirement: r }] }\n";
    assert_eq!(problems(&twice.repeat(2)), ["document `d` stands twice"]);
    assert!(
        problems("  - { id: D D, title: D, sections: [] }\n")
            .contains(&"an id has small letters, digits and hyphens".to_owned())
    );
}

#[test]
fn a_profile_keeps_the_document_of_its_model_as_far_as_it_goes() {
    let questionnaires = Questionnaires::built_in().unwrap();
    let base = questionnaires.model("cncf-self-assessment").unwrap();
    let profile = "schema: seaworthy.model/1\nid: ours\ntitle: T\nversion: '1'\nextends: cncf-self-assessment\n\
         source: https://example.org/x\nabout: A.\ndrop: { compliance: Why., case-studies: Why., security-links: Why. }\n\
         requirements:\n  - id: licence\n    area: APPENDIX\n    demands: The licence is told.\n    met_when: { legal.licence-file: yes }\n";
    let documents = crate::questionnaire::bank::built_in_documents();
    let all = Questionnaires::load(documents.into_iter().chain([Document::new("p.yaml", profile)]).collect()).unwrap();
    let outline = &all.model("ours").unwrap().documents[0];
    let headings = |outline: &Outline| -> Vec<String> {
        outline.all().into_iter().map(|(_, section)| section.heading.clone()).collect()
    };
    let (before, after) = (headings(&base.documents[0]), headings(outline));
    let gone: Vec<&String> = before.iter().filter(|heading| !after.contains(heading)).collect();
    assert_eq!(gone, ["Security links", "Project compliance", "Compliance", "Case Studies"]);
    let new: Vec<&String> = after.iter().filter(|heading| !before.contains(heading)).collect();
    assert_eq!(new, [ADDED, "The licence is told."]);
    assert_eq!(outline.id, base.documents[0].id);
}
