//! Whole reports of the sample records: as they look, and what must hold for each.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use textwrap::core::display_width;

use super::*;

const HTML: Format = Format::Html;
const MARKDOWN: Format = Format::Markdown;

fn without_colours(text: &str) -> String {
    regex::Regex::new("\u{1b}\\[[0-9]+m").unwrap().replace_all(text, "").into_owned()
}

#[test]
fn html_as_it_looks() {
    insta::assert_snapshot!("report.html", render(&sample::record(), HTML).unwrap());
}

#[test]
fn markdown_as_it_looks() {
    insta::assert_snapshot!("report.md", render(&sample::record(), MARKDOWN).unwrap());
}

#[test]
fn text_as_it_looks() {
    insta::assert_snapshot!("report.txt", render(&sample::record(), Format::Text).unwrap());
}

#[test]
fn summary_as_it_looks() {
    insta::assert_snapshot!("summary", summary(&sample::record(), &Terminal::default()).unwrap());
}

#[test]
fn hostile_text_as_it_looks() {
    let record = sample::hostile();
    insta::assert_snapshot!("hostile.html", render(&record, HTML).unwrap());
    insta::assert_snapshot!("hostile.md", render(&record, MARKDOWN).unwrap());
    insta::assert_snapshot!("hostile.summary", summary(&record, &Terminal::default()).unwrap());
}

#[test]
fn json_is_the_record() {
    let record = sample::record();
    let json = render(&record, Format::Json).unwrap();
    assert_eq!(Assessment::from_json(&json).unwrap(), record);
}

#[test]
fn every_finding_stands_in_every_format() {
    let record = sample::record();
    let html = render(&record, HTML).unwrap();
    let markdown = render(&record, MARKDOWN).unwrap();
    let text = render(&record, Format::Text).unwrap();
    assert_eq!(record.models[0].findings.len(), 64);
    for finding in &record.models[0].findings {
        let id = &finding.requirement;
        assert!(html.contains(&format!("id=\"{id}\"")), "{id} in HTML");
        assert!(markdown.contains(&format!("| {id} |")), "{id} in Markdown");
        assert!(text.contains(&format!(" {id} ")), "{id} in text");
    }
}

#[test]
fn html_needs_and_loads_nothing() {
    let loaded = regex::Regex::new(r"url\((?:[^#)][^)]*)?\)").unwrap();
    for record in [sample::record(), sample::hostile()] {
        let html = render(&record, HTML).unwrap().to_lowercase();
        for forbidden in ["<script", "<img", "<iframe", "<link", "<object", "javascript:alert(4)\"", "@import", " on"] {
            let found = html.match_indices(forbidden).map(|(at, _)| at).find(|at| is_markup(&html, *at));
            assert_eq!(found.map(|at| html[at..].chars().take(80).collect::<String>()), None, "{forbidden}");
        }
        assert_eq!(html.matches("http-equiv").count(), 1);
        assert!(html.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:;"));
        assert!(!html.contains("src=\""));
        let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        assert!(!loaded.is_match(style));
    }
}

/// Whether a place in a page is inside a tag (or begins one) rather than text or a quoted attribute.
fn is_markup(html: &str, at: usize) -> bool {
    if html[at..].starts_with('<') {
        return true;
    }
    let before = &html[..at];
    let Some(open) = before.rfind('<') else { return false };
    before.rfind('>').is_none_or(|close| close < open) && before[open..].matches('"').count().is_multiple_of(2)
}

#[test]
fn html_links_go_to_the_web_or_to_the_page_itself() {
    let attribute = regex::Regex::new("href=\"([^\"]*)\"").unwrap();
    let labelled = regex::Regex::new("aria-labelledby=\"([^\"]*)\"").unwrap();
    let identifier = regex::Regex::new("\\bid=\"([^\"]*)\"").unwrap();
    for record in [sample::record(), sample::hostile()] {
        let html = render(&record, HTML).unwrap();
        let ids: Vec<&str> = identifier.captures_iter(&html).map(|found| found.get(1).unwrap().as_str()).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "an id stands twice");
        for link in attribute.captures_iter(&html).map(|found| found.get(1).unwrap().as_str()) {
            match link.strip_prefix('#') {
                Some(target) => assert!(unique.contains(target), "{link} leads nowhere"),
                None => assert!(link.starts_with("https://") || link.starts_with("http://"), "{link}"),
            }
        }
        for label in labelled.captures_iter(&html) {
            for name in label[1].split(' ') {
                assert!(unique.contains(name), "{name} labels nothing");
            }
        }
    }
}

#[test]
fn html_elements_close_and_headings_go_down_step_by_step() {
    const EMPTY: [&str; 5] = ["meta", "wbr", "rect", "circle", "!doctype"];
    let tag = regex::Regex::new("<(/?)([a-zA-Z!][a-zA-Z0-9]*)([^>]*)>").unwrap();
    for record in [sample::record(), sample::hostile()] {
        let html = render(&record, HTML).unwrap();
        let mut open = Vec::new();
        let mut heading = 0;
        for found in tag.captures_iter(&html) {
            let name = found[2].to_lowercase();
            if EMPTY.contains(&name.as_str()) && (found[3].ends_with('/') || name.starts_with(['m', 'w', '!'])) {
                continue;
            }
            if &found[1] == "/" {
                assert_eq!(open.pop(), Some(name));
                continue;
            }
            if let Some(level) = name.strip_prefix('h').and_then(|level| level.parse::<u32>().ok()) {
                assert!(level <= heading + 1, "h{level} after h{heading}");
                heading = level;
            }
            open.push(name);
        }
        assert_eq!(open, Vec::<String>::new());
    }
}

#[test]
fn markdown_holds_only_links_to_the_web_and_no_html() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    for record in [sample::record(), sample::hostile()] {
        let markdown = render(&record, MARKDOWN).unwrap();
        for event in Parser::new_ext(&markdown, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => panic!("{html}"),
                Event::Start(Tag::Link { dest_url, .. }) => assert!(dest_url.starts_with("https://"), "{dest_url}"),
                Event::Start(Tag::Image { dest_url, .. }) => panic!("{dest_url}"),
                Event::Text(text) => assert!(!text.contains("@alice"), "{text}"),
                _ => {}
            }
        }
    }
}

#[test]
fn markdown_tables_have_as_many_cells_as_heads() {
    let rows = regex::Regex::new(r"(?m)^\|.*\|$").unwrap();
    let cell_ends = |row: &str| row.replace("\\|", "").matches('|').count();
    for record in [sample::record(), sample::hostile()] {
        let markdown = render(&record, MARKDOWN).unwrap();
        for table in markdown.split("\n\n").filter(|part| part.starts_with('|')) {
            let counts: BTreeSet<usize> = rows.find_iter(table).map(|row| cell_ends(row.as_str())).collect();
            assert_eq!(counts.len(), 1, "{table}");
            assert_eq!(rows.find_iter(table).count(), table.trim_end().lines().count(), "{table}");
        }
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for record in [sample::record(), sample::hostile()] {
        for width in [40, 60, 80, 120] {
            for unicode in [true, false] {
                for verbose in [true, false] {
                    let plain = Terminal { width, colour: false, unicode, verbose };
                    let text = summary(&record, &plain).unwrap();
                    for line in text.lines() {
                        assert!(display_width(line) <= width, "{} > {width}: {line}", display_width(line));
                        assert_eq!(line.trim_end(), line);
                    }
                    let coloured = summary(&record, &Terminal { colour: true, ..plain }).unwrap();
                    assert_ne!(coloured, text);
                    assert_eq!(without_colours(&coloured), text);
                }
            }
        }
    }
}

#[test]
fn plain_terminals_get_plain_characters() {
    let text = summary(&sample::record(), &Terminal { unicode: false, ..Terminal::default() }).unwrap();
    assert!(text.is_ascii(), "{:?}", text.chars().find(|character| !character.is_ascii()));
}

#[test]
fn terminal_escapes_come_only_from_the_colours() {
    let text = summary(&sample::hostile(), &Terminal { verbose: true, ..Terminal::default() }).unwrap();
    assert!(!text.chars().any(|character| character.is_control() && character != '\n'));
}

#[test]
fn empty_records_can_be_shown() {
    let mut record = sample::record();
    record.subject.commit = None;
    record.inputs.answers = None;
    record.questions.clear();
    record.contradictions.clear();
    for model in &mut record.models {
        model.findings.clear();
        model.levels.clear();
        model.areas.clear();
        model.next_steps.clear();
        model.reveals.clear();
    }
    for format in [HTML, MARKDOWN, Format::Text] {
        assert!(render(&record, format).unwrap().contains("OSPS Baseline"), "{format:?}");
    }
    record.models.clear();
    for format in [HTML, MARKDOWN, Format::Text] {
        assert!(render(&record, format).unwrap().contains("acme/widget"), "{format:?}");
    }
}

#[test]
fn own_templates_get_the_view() {
    let template = "{{ subject.id }}: {% for model in models %}{{ model.readings[0].level }}{% endfor %} verified\n";
    let text = render_with(&sample::record(), template, "own.txt", Format::Text).unwrap();
    assert_eq!(text, "github.com/acme/widget: 1 verified\n");
}

#[test]
fn own_templates_are_escaped_as_asked() {
    let mut record = sample::record();
    record.subject.id = "<b> a_b @carol".to_owned();
    for (escaping, wanted) in [
        (HTML, "&lt;b&gt; a_b @carol"),
        (MARKDOWN, "&lt;b&gt; a\\_b `@carol`"),
        (Format::Text, "<b> a_b @carol"),
        (Format::Json, "\"<b> a_b @carol\""),
    ] {
        assert_eq!(render_with(&record, "{{ subject.id }}", "own", escaping).unwrap(), wanted, "{escaping:?}");
    }
}

#[test]
fn errors_in_own_templates_say_where_and_why() {
    let cases = [
        ("unknown name", "<h1>\n  {{ subjekt.id }}\n</h1>"),
        ("unknown field", "{{ subject.name }}"),
        ("syntax", "{% for model in models %}\n{{ model.id }\n{% endfor %}"),
        ("unknown filter", "é {{ subject.id|shout }}"),
        ("whole structure", "{{ subject }}"),
        ("missing include", "\n\n{% include \"other.html\" %}"),
        ("too much work", "{% for a in range(9999) %}{% for b in range(9999) %}{{ b }}{% endfor %}{% endfor %}"),
    ];
    let mut shown = String::new();
    for (name, template) in cases {
        let error = render_with(&sample::record(), template, "own.html", HTML).unwrap_err();
        let _ = writeln!(shown, "{name}:\n{error}\n");
    }
    insta::assert_snapshot!("template-errors", shown);
}

#[test]
fn formats_by_name_and_by_ending() {
    for (name, format) in [
        ("html", HTML),
        ("HTM", HTML),
        ("md", MARKDOWN),
        ("markdown", MARKDOWN),
        ("json", Format::Json),
        ("txt", Format::Text),
    ] {
        assert_eq!(name.parse::<Format>().unwrap(), format);
        assert_eq!(Format::of_file(Path::new(&format!("out/report.{name}"))), Some(format));
    }
    assert_eq!(Format::of_file(Path::new("report.pdf")), None);
    assert_eq!(Format::of_file(Path::new("report")), None);
    let error = "pdf".parse::<Format>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`pdf` is no format of reports; there are html, markdown, json, text, sarif, oscal, gemara, in-toto, csv, junit, badge, shields"
    );
}
