//! Narrow changes to the text of an answers file, by whole lines: all else stays as it is, comments too.
//!
//! Only files written in block style are changed. Whoever calls reads the result again before it is kept.

use std::ops::Range;

use crate::yaml::{Document, Key, Kind, Node, parse};

/// Why a text cannot be changed this way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Obstacle(String);

fn obstacle(message: impl Into<String>) -> Obstacle {
    Obstacle(message.into())
}

/// A section of the file, such as `answers`: its name, and its entries where it is a mapping.
fn section(text: &str, name: &str) -> Result<Option<(Key, Node)>, Obstacle> {
    let root = parse(&Document::new("", text)).map_err(|problem| Obstacle(problem.message))?;
    let Kind::Map(entries) = root.kind else { return Err(obstacle("the file is no mapping")) };
    Ok(entries.into_iter().find(|(key, _)| key.text == name))
}

fn entries(node: &Node) -> &[(Key, Node)] {
    match &node.kind {
        Kind::Map(entries) => entries,
        _ => &[],
    }
}

fn line_start(text: &str, byte: usize) -> usize {
    text.get(..byte).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// The lines of an entry, without blank lines and comments after it; none where there is no such entry.
fn lines_of(text: &str, section_name: &str, name: &str) -> Result<Option<Range<usize>>, Obstacle> {
    let Some((_, node)) = section(text, section_name)? else { return Ok(None) };
    let all = entries(&node);
    let Some(position) = all.iter().position(|(key, _)| key.text == name) else { return Ok(None) };
    let begins = |position: usize| all.get(position).map(|(key, _)| line_start(text, key.span.start));
    let start = begins(position).unwrap_or(0);
    let lead = all.get(position).and_then(|(key, _)| text.get(start..key.span.start)).unwrap_or("x");
    if !lead.chars().all(|c| c == ' ') {
        return Err(obstacle(format!("`{section_name}` is written in one line; give each entry lines of its own")));
    }
    let limit = begins(position + 1).unwrap_or(text.len());
    let body = text.get(start..limit).unwrap_or("");
    let mut end = start;
    let mut at = start;
    for (number, line) in body.split_inclusive('\n').enumerate() {
        // What stands further left than the entry's own lines belongs to the next section.
        let outside = number > 0 && !line.trim().is_empty() && indent(line) <= lead.len();
        if outside && !line.trim_start().starts_with('#') {
            break;
        }
        at += line.len();
        if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            end = at;
        }
    }
    Ok(Some(start..end))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Whether there is an entry.
pub(super) fn has(text: &str, section_name: &str, name: &str) -> Result<bool, Obstacle> {
    Ok(section(text, section_name)?.is_some_and(|(_, node)| entries(&node).iter().any(|(key, _)| key.text == name)))
}

/// Gives an entry another name.
pub(super) fn rename(text: &str, section_name: &str, name: &str, new: &str) -> Result<String, Obstacle> {
    let found = section(text, section_name)?;
    let key = found.as_ref().and_then(|(_, node)| entries(node).iter().find(|(key, _)| key.text == name));
    let Some((key, _)) = key else { return Err(obstacle(format!("there is no `{name}`"))) };
    Ok(spliced(text, key.span.clone(), new))
}

/// Puts another scalar in the place of a field's.
pub(super) fn set_field(
    text: &str,
    section_name: &str,
    name: &str,
    field: &str,
    value: &str,
) -> Result<String, Obstacle> {
    let found = section(text, section_name)?;
    let entry = found.as_ref().and_then(|(_, node)| entries(node).iter().find(|(key, _)| key.text == name));
    let node = entry.and_then(|(_, node)| entries(node).iter().find(|(key, _)| key.text == field));
    let Some((_, node)) = node else { return Err(obstacle(format!("`{name}` has no `{field}`"))) };
    Ok(spliced(text, node.span.clone(), value))
}

/// Writes an entry a second time, under another name.
pub(super) fn duplicate(text: &str, section_name: &str, name: &str, new: &str) -> Result<String, Obstacle> {
    let Some(lines) = lines_of(text, section_name, name)? else {
        return Err(obstacle(format!("there is no `{name}`")));
    };
    let copy = text.get(lines.clone()).unwrap_or("").replacen(name, new, 1);
    Ok(spliced(text, lines.end..lines.end, &copy))
}

/// Turns an entry into comments, under lines that say why.
pub(super) fn comment_out(text: &str, section_name: &str, name: &str, why: &str) -> Result<String, Obstacle> {
    let Some(lines) = lines_of(text, section_name, name)? else {
        return Err(obstacle(format!("there is no `{name}`")));
    };
    let old = text.get(lines.clone()).unwrap_or("");
    let width = indent(old);
    let lead = " ".repeat(width);
    let mut comments = why.lines().fold(String::new(), |text, line| text + &lead + "# " + line + "\n");
    for line in old.lines() {
        comments.push_str(format!("{lead}#   {}", line.get(width..).unwrap_or("")).trim_end());
        comments.push('\n');
    }
    without_empty(&spliced(text, lines, &comments), section_name)
}

/// A section without entries is written as `{}`: nothing would be no mapping.
fn without_empty(text: &str, section_name: &str) -> Result<String, Obstacle> {
    match section(text, section_name)? {
        Some((key, node)) if node.kind == Kind::Null => {
            let line_end =
                text.get(key.span.end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |n| key.span.end + n);
            let rest = text.get(key.span.end..line_end).unwrap_or("");
            Ok(spliced(text, key.span.end..line_end, &rest.replacen(':', ": {}", 1)))
        }
        _ => Ok(text.to_owned()),
    }
}

/// Puts an entry in the place of the one with its name, or at the end of its section. `fields` are its lines, not indented.
pub(crate) fn put(text: &str, section_name: &str, name: &str, fields: &[String]) -> Result<String, Obstacle> {
    let text = if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    let entry = |lead: usize| {
        let lead = " ".repeat(lead);
        let body = fields.iter().fold(String::new(), |body, field| body + &lead + "  " + field + "\n");
        format!("{lead}{name}:\n{body}")
    };
    if let Some(lines) = lines_of(&text, section_name, name)? {
        let lead = indent(text.get(lines.clone()).unwrap_or(""));
        return Ok(spliced(&text, lines, &entry(lead)));
    }
    let Some((key, node)) = section(&text, section_name)? else {
        return Ok(format!("{text}{section_name}:\n{}", entry(2)));
    };
    match entries(&node).last() {
        Some((last, _)) => {
            let Some(lines) = lines_of(&text, section_name, &last.text)? else { return Err(obstacle("no such lines")) };
            let lead = indent(text.get(lines.clone()).unwrap_or(""));
            Ok(spliced(&text, lines.end..lines.end, &entry(lead)))
        }
        None => {
            // `{}` is all that an empty section can be; the entry takes its place.
            let line_end =
                text.get(key.span.end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |n| key.span.end + n + 1);
            let rest = text.get(key.span.end..line_end).unwrap_or("").replacen(" {}", "", 1).replacen("{}", "", 1);
            let opened = spliced(&text, key.span.end..line_end, &rest);
            let at = key.span.end + rest.len();
            Ok(spliced(&opened, at..at, &entry(2)))
        }
    }
}

fn spliced(text: &str, range: Range<usize>, new: &str) -> String {
    format!("{}{new}{}", text.get(..range.start).unwrap_or(""), text.get(range.end..).unwrap_or(""))
}

/// A text as YAML, in double quotes.
pub(crate) fn quoted(text: &str) -> String {
    // A JSON string is a double-quoted YAML scalar.
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# ours
answers:
  # first
  a.one: { value: yes, by: '@a' }   # why not

  a.two:
    value: no
    # inside
    by: '@a'
  # after
reviews: {}
waivers:
  m/R: { by: x }
";

    #[test]
    fn entries_are_put_renamed_and_commented_out() {
        let text = put(TEXT, "reviews", "a.two", &["verdict: accepted".to_owned()]).unwrap();
        let text = put(&text, "reviews", "a.one", &["verdict: challenged".to_owned()]).unwrap();
        let text = put(&text, "reviews", "a.two", &["verdict: challenged".to_owned()]).unwrap();
        let text = rename(&text, "answers", "a.one", "b.one").unwrap();
        let text = duplicate(&text, "answers", "b.one", "c.one").unwrap();
        let text = set_field(&text, "answers", "c.one", "value", "no").unwrap();
        let text = comment_out(&text, "answers", "a.two", "Look again.").unwrap();
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_section_that_loses_all_entries_stays_a_mapping() {
        let text = comment_out("answers: # ours\n  a.one:\n    value: yes\n", "answers", "a.one", "Gone.").unwrap();
        assert_eq!(text, "answers: {} # ours\n  # Gone.\n  #   a.one:\n  #     value: yes\n");
        assert_eq!(
            put("schema: x", "reviews", "a.b", &["v: 1".to_owned()]).unwrap(),
            "schema: x\nreviews:\n  a.b:\n    v: 1\n"
        );
    }

    #[test]
    fn what_stands_in_one_line_is_left_alone() {
        let text = "answers: { a.one: { value: yes } }\n";
        assert!(comment_out(text, "answers", "a.one", "x").is_err());
        assert!(put(text, "answers", "a.one", &[]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_changed_or_refused(text in "[a-c:{}#\\n \\-'\"]{0,60}") {
            let text = format!("answers:\n{text}");
            for name in ["a", "b"] {
                let _ = comment_out(&text, "answers", name, "x");
                let _ = put(&text, "answers", name, &["v: 1".to_owned()]);
                let _ = duplicate(&text, "answers", name, "c");
            }
        }
    }
}
