use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::*;

#[test]
fn what_survives_in_each_format() {
    for (text, markdown, html) in [
        (
            "One *two* **three** `four`.",
            "One *two* **three** `four`.",
            "<p>One <em>two</em> <strong>three</strong> <code>four</code>.</p>",
        ),
        (
            "[x](https://example.org/a_b)",
            "[x](https://example.org/a\\_b)",
            "<p><a href=\"https://example.org/a_b\" rel=\"nofollow noreferrer\">x</a></p>",
        ),
        ("[x](javascript:alert(1))", "x", "<p>x</p>"),
        ("[x](./docs/a.md)", "x", "<p>x</p>"),
        (
            "![a](https://example.org/a.png)",
            "[image: a](https://example.org/a.png)",
            "<p><a href=\"https://example.org/a.png\" rel=\"nofollow noreferrer\">image: a</a></p>",
        ),
        (
            "See https://example.org/a.",
            "See <https://example.org/a>.",
            "<p>See <a href=\"https://example.org/a\" rel=\"nofollow noreferrer\">https://example.org/a</a>.</p>",
        ),
        (
            "<script>alert(1)</script>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
        ),
        ("a <img src=x onerror=y> b", "a &lt;img src=x onerror=y&gt; b", "<p>a &lt;img src=x onerror=y&gt; b</p>"),
        ("a <!-- hidden --> b", "a  b", "<p>a  b</p>"),
        ("ask @alice", "ask `@alice`", "<p>ask @alice</p>"),
        ("- a\n- b\n  - c", "- a\n- b\n  - c", "<ul>\n<li>a</li>\n<li>b<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>"),
        ("2. a\n3. b", "2. a\n3. b", "<ol start=\"2\">\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("> a\n>\n> b", "> a\n>\n> b", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>"),
        ("```rust x\na < b\n```", "```rustx\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        ("````\n```\n````", "````\n```\n````", "<pre><code>```\n</code></pre>"),
        ("### A\n\n#### B", "### A\n\n#### B", "<h3>A</h3>\n<h4>B</h4>"),
        ("# A\n\n## B", "### A\n\n#### B", "<h3>A</h3>\n<h4>B</h4>"),
        (
            "| a | b |\n| - | - |\n| c | d\\|e |",
            "| a | b |\n| --- | --- |\n| c | d\\|e |",
            "<div class=\"wide\"><table>\n<thead><tr><th>a</th><th>b</th></tr>\n</thead>\n<tbody><tr><td>c</td><td>d|e</td></tr>\n</tbody>\n</table></div>",
        ),
        ("a  \nb", "a\\\nb", "<p>a<br>b</p>"),
        ("\u{1b}[31mred\u{202e}", "�\\[31mred�", "<p>�[31mred�</p>"),
        ("1\\. no list", "1\\. no list", "<p>1. no list</p>"),
        ("**`code`** and more", "**`code`** and more", "<p><strong><code>code</code></strong> and more</p>"),
    ] {
        assert_eq!(to_markdown(text, 3).trim_end(), markdown, "{text:?}");
        assert_eq!(to_html(text, 3).trim_end(), html, "{text:?}");
    }
}

#[test]
fn what_lies_deep_or_is_long_is_bounded() {
    let deep = ">".repeat(50_000) + " deep";
    assert!(to_html(&deep, 3).matches("<blockquote>").count() <= DEEPEST);
    assert!(to_html(&deep, 3).contains("deep"));
    let nested = "- ".repeat(2_000) + "x";
    assert!(to_html(&nested, 3).matches("<ul>").count() <= DEEPEST);
    let stars = "*a **b ".repeat(5_000);
    assert!(to_markdown(&stars, 3).len() < 10 * stars.len());
    let long = "é".repeat(MAX_BYTES);
    let shown = to_markdown(&long, 3);
    assert!(shown.len() < MAX_BYTES + 100);
    assert!(shown.contains("longer than is shown"));
}

/// What could do harm in a page: HTML, images, and links to anything but the web.
fn harmful(markdown: &str) -> Option<String> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    Parser::new_ext(markdown, options).find_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(text.into_string()),
        Event::Start(Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
        Event::Start(Tag::Link { dest_url, .. })
            if !dest_url.starts_with("http://") && !dest_url.starts_with("https://") =>
        {
            Some(dest_url.into_string())
        }
        _ => None,
    })
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

fn letters_of(markdown: &str) -> String {
    let text = Parser::new_ext(markdown, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(letters(&text)),
        _ => None,
    });
    text.collect()
}

const HOSTILE: &str = r"([-#+=1.)(\[\]!<>&|`*_~$@:/\\ a-c\n\t'{}^é]|https?://|javascript:|\n\n|\n- |\n> |\n1\. |```\n|<b>|\]\(|  \n){0,60}";

proptest! {
    #[test]
    fn written_markdown_holds_no_harm_and_all_words(text in HOSTILE) {
        let written = to_markdown(&text, 3);
        prop_assert_eq!(harmful(&written), None, "{}", written);
        let tree: String = letters(&to_html(&text, 3).replace("&lt;", "").replace("&gt;", "").replace("&amp;", "").replace("&quot;", "").replace("&#39;", "").split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<String>());
        prop_assert_eq!(letters_of(&written), tree, "{}", written);
    }

    #[test]
    fn written_html_has_only_our_marks(text in HOSTILE) {
        let html = to_html(&text, 3);
        for tag in html.split('<').skip(1) {
            let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
            let known = ["p", "h3", "h4", "h5", "h6", "pre", "code", "blockquote", "hr", "ol", "ul", "li", "div", "table", "thead", "tbody", "tr", "th", "td", "em", "strong", "a", "br"];
            prop_assert!(known.contains(&name.as_str()), "{}", html);
        }
    }
}
