//! Self-assessments: their passages, and what their metadata and links tell.

use super::*;

#[test]
fn a_self_assessment_becomes_passages() {
    let text = "# Widget\n\nBefore.\n\n## Metadata\n\n| | |\n|-|-|\n| Assessment Stage | Incomplete |\n| Software | [Widget](https://github.com/acme/widget) |\n\n## Overview\n\nA widget.\n\n### Actors\n\n#### Server\n\nThe server keeps the widgets apart from everybody who has no business with them.\n\n### Actions\n\nThe client asks the server for a widget, and the server looks whether it may have it.\n\n## Goals\n\nTo serve widgets.\n\n## Responsible Disclosure Process\n\nTODO\n\n## Our Own Heading\n\nText.\n";
    let imported = read(Format::Cncf, text);
    assert_eq!(
        proposed(&imported),
        [
            "design.actors-and-actions = yes (likely)",
            "narrative.overview = A widget. (likely)",
            "narrative.actors = #### Server\n\nThe server keeps the widgets apart from everybody who has no business with \
             them. (likely)",
            "narrative.actions = The client asks the server for a widget, and the server looks whether it may have it. \
             (likely)",
            "narrative.goals = To serve widgets. (likely)",
        ]
    );
    assert_eq!(imported.subject.as_deref(), Some("github.com/acme/widget"));
    assert_eq!(imported.remarks[0], "Its stage is: Incomplete");
    assert_eq!(imported.proposals[0].place, "line 16, Actors");
    let sections: Vec<Option<&str>> = imported.narratives.iter().map(|passage| passage.section.as_deref()).collect();
    assert_eq!(
        sections,
        [
            None,
            Some("metadata"),
            Some("overview"),
            Some("actors"),
            None,
            Some("actions"),
            Some("goals"),
            Some("disclosure"),
            None
        ]
    );
    assert!(not_taken(&imported).contains(&"line 34, Our Own Heading: no question asks for it".to_owned()));
    assert!(import(Format::Cncf, &input("readme.md", "# Widget\n\n## Goals\n")).is_err());
}

/// A self-assessment with these lines below Metadata, and these below Security links.
fn with_rows(metadata: &str, links: &str) -> Imported {
    let text =
        format!("# Widget\n\n## Metadata\n\n{metadata}\n\n### Security links\n\n{links}\n\n## Overview\n\nA widget.\n");
    read(Format::Cncf, &text)
}

#[test]
fn a_row_that_denies_a_bill_of_materials_is_likely_and_one_that_tells_of_it_a_guess() {
    for (row, expected) in [
        ("| SBOM | Not automatically generated at build/release time |", Some("releases.sbom = no (likely)")),
        (
            "| **SBOM** | Attached to each release, see [here](https://example.org/r) |",
            Some("releases.sbom = yes (guess)"),
        ),
        ("| SBOM | Varies based on language. |", None),
        ("| SBOMs of others | None |", None),
    ] {
        let table = format!("| | |\n|-|-|\n{row}\n| Security Provider | Yes, mainly |");
        let imported = with_rows(&table, "None.");
        let proposed = proposed(&imported);
        assert_eq!(proposed.iter().find(|line| line.starts_with("releases")).map(String::as_str), expected, "{row}");
        assert!(proposed.contains(&"project.security-provider = yes (likely)".to_owned()), "{proposed:?}");
    }
    let table = "| | |\n|-|-|\n| SBOM | In [each release](https://example.org/r) |";
    let answer = proposal(&with_rows(table, "None."), "releases.sbom").answer.clone();
    assert_eq!(answer.evidence, ["https://example.org/r"]);
    assert_eq!(answer.because.as_deref(), Some("file, row SBOM of the metadata: \"In each release\""));
}

#[test]
fn security_links_are_read_from_tables_and_lists_however_they_are_written() {
    let expected = "documentation.configuration = https://example.org/c (likely)";
    for links in [
        "| Doc | url |\n|-|-|\n| Default and optional configs | https://example.org/c |",
        "| Doc | url |\n|-|-|\n| Default and optional configs | [Settings](https://example.org/c) |",
        "Some links:\n\n- [Policy](https://example.org/p)\n- Default and optional configs: [all of them](https://example.org/c)",
        "- **Default and optional configs**: <https://example.org/c>",
    ] {
        let imported = with_rows("Nothing.", links);
        assert!(proposed(&imported).contains(&expected.to_owned()), "{links}: {:?}", proposed(&imported));
    }
    let told = with_rows("Nothing.", "- Default and optional configs: keep anonymous access off.");
    assert!(!proposed(&told).iter().any(|line| line.starts_with("documentation.configuration")), "a link is asked for");
    let file = with_rows("Nothing.", "- [Security file](https://example.org/s)");
    assert!(proposed(&file).contains(&"vulnerabilities.security-contact = yes (guess)".to_owned()));
    assert_eq!(proposal(&file, "vulnerabilities.security-contact").answer.evidence, ["https://example.org/s"]);
}
