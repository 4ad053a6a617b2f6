//! Writing answers as an answers file. What nobody has confirmed stands there as a comment, which counts as nothing.

use super::{Applied, Imported, Proposal};
use crate::answers::edit::write::Yaml;
use crate::answers::{ANSWERS_SCHEMA, Answer, Said};
use crate::evidence::Value;

/// An answers file of what was taken, with what waits for a person's word as comments below.
///
/// Both parts are in the order of the questions. Taking a waiting proposal over means to remove the `#` before its lines.
pub fn answers_file(imported: &Imported, applied: &Applied<'_>, subject: Option<&str>) -> String {
    let mut text = format!("# Taken over from {}: {}\n", imported.format.title(), comment(&imported.name));
    text.push_str(&format!("schema: {ANSWERS_SCHEMA}\n"));
    if let Some(subject) = subject {
        text.push_str(&format!("subject: {}\n", quoted(subject)));
    }
    // A mapping without entries must say so.
    text.push_str(if applied.taken.is_empty() { "answers: {}\n" } else { "answers:\n" });
    for proposal in &applied.taken {
        for line in lines(proposal) {
            text.push_str(&format!("{line}\n"));
        }
    }
    if applied.waiting.is_empty() {
        return text;
    }
    text.push_str(
        "\n# Proposals that wait for a person's word, and do not count. To take one over, look at its evidence, move it\n\
         # under `answers` without the `#`, and put your own name and day.\n",
    );
    for proposal in &applied.waiting {
        text.push_str(&format!("#\n# {}, from {}\n", proposal.confidence.word(), comment(&proposal.place)));
        for line in lines(proposal) {
            text.push_str(&format!("#{line}\n"));
        }
    }
    text
}

/// The lines of an answer, below `answers:`.
fn lines(proposal: &Proposal) -> Vec<String> {
    let Answer { said, because, evidence, by, on, until, details: _ } = &proposal.answer;
    let mut lines = vec![format!("  {}:", proposal.question)];
    let because = because.as_deref().unwrap_or_default();
    match said {
        Said::Value(value) => {
            lines.extend(format!("    value:{}", value_text(value)).lines().map(str::to_owned));
            if !because.is_empty() {
                lines.push(format!("    because: {}", quoted(because)));
            }
        }
        Said::NotApplicable => lines.push(format!("    not_applicable: {}", quoted(because))),
    }
    if !evidence.is_empty() {
        lines.push("    evidence:".to_owned());
        lines.extend(evidence.iter().map(|link| format!("      - {}", quoted(link))));
    }
    lines.push(format!("    by: {}", quoted(by)));
    lines.push(format!("    on: {on}"));
    lines.extend(until.map(|until| format!("    until: {until}")));
    lines
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Bool(_) | Value::Count(_) => value.to_string(),
        Value::Text(text) => quoted(text),
        Value::List(items) => format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", ")),
    }
}

/// What follows `value:`; a text of several lines stands as a block.
fn value_text(value: &Value) -> String {
    match value {
        Value::Text(text) if text.contains('\n') => Yaml::Text(text.clone()).block(4),
        value => format!(" {}", scalar(value)),
    }
}

/// A text in double quotes. YAML takes the escapes of JSON; those that JSON leaves out are added.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.chars()
        .map(|letter| if is_odd(letter) { format!("\\u{:04x}", u32::from(letter)) } else { letter.into() })
        .collect()
}

/// Letters that a YAML reader or an editor may take for something else.
fn is_odd(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// A text on one line of a comment.
fn comment(text: &str) -> String {
    text.chars().map(|letter| if is_odd(letter) { ' ' } else { letter }).collect()
}
