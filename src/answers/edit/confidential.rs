//! Words that are to stay in the answers file do not go into copies of it, such as that in a ledger.

use crate::yaml::{Document, Key, Kind, Node, parse};

/// The text of an answers file without confidential words, in whose place stands that they were left out of `what`. None
/// where it has none; an error where they cannot be cut out safely.
pub(crate) fn leave_out(text: &str, what: &str) -> Result<Option<String>, String> {
    let said = format!("left out of {what}");
    let places = |text: &str| -> Result<Vec<(Key, Node)>, String> {
        let document = Document::new("answers", text);
        let root = parse(&document).map_err(|problem| problem.message)?;
        let answers = entries(&root).iter().find(|(key, _)| key.text == "answers");
        let answers = answers.map_or(&[][..], |(_, node)| entries(node));
        let fields = answers.iter().flat_map(|(_, answer)| entries(answer));
        Ok(fields.filter(|(key, _)| key.text == "confidential").cloned().collect())
    };
    let mut found = places(text)?;
    if found.is_empty() {
        return Ok(None);
    }
    found.sort_by_key(|(key, _)| std::cmp::Reverse(key.span.start));
    let mut shown = text.to_owned();
    let refused = || "its confidential words cannot be left out; write each as one line of plain text".to_owned();
    for (key, node) in &found {
        let (start, end) = (key.span.start, node.span.end);
        if start > end || !shown.is_char_boundary(start) || !shown.is_char_boundary(end) {
            return Err(refused());
        }
        let after = shown.get(..end).and_then(|cut| cut.get(cut.trim_end().len()..)).unwrap_or_default().to_owned();
        shown.replace_range(start..end, &format!("confidential: {said}{after}"));
    }
    let words = |node: &Node| node.as_text().map(str::to_owned);
    let left = places(&shown).map_err(|_| refused())?;
    let is_clean =
        left.len() == found.len() && left.iter().all(|(_, node)| words(node).as_deref() == Some(said.as_str()));
    let is_gone = found
        .iter()
        .filter_map(|(_, node)| words(node).filter(|secret| *secret != said))
        .all(|secret| secret.lines().map(str::trim).filter(|line| line.len() > 3).all(|line| !shown.contains(line)));
    if is_clean && is_gone { Ok(Some(shown)) } else { Err(refused()) }
}

fn entries(node: &Node) -> &[(Key, Node)] {
    match &node.kind {
        Kind::Map(entries) => entries,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(confidential: &str) -> String {
        format!(
            "schema: seaworthy.answers/1\nanswers:\n  a.b:\n    value: yes\n    {confidential}\n    by: \"@a\" # who\n  c.d: {{ value: no, by: x }}\n"
        )
    }

    #[test]
    fn confidential_words_are_left_out_and_nothing_else_changes() {
        assert_eq!(leave_out(&answers("because: Ask."), "a copy").unwrap(), None);
        for written in [
            "confidential: The key lies in the safe.",
            "confidential: 'The key lies in the safe.'",
            "confidential: \"The key lies in the safe.\"",
            "confidential: |\n      The key lies in the safe.\n      Behind the picture.",
            "confidential: >-\n      The key lies\n      in the safe.",
        ] {
            match leave_out(&answers(written), "a copy") {
                Ok(shown) => assert_eq!(shown.unwrap(), answers("confidential: left out of a copy"), "{written}"),
                Err(error) => panic!("{written}: {error}"),
            }
        }
    }

    #[test]
    fn what_was_left_out_before_is_left_out_again() {
        let text = answers("confidential: left out of a copy");
        assert_eq!(leave_out(&text, "a copy").unwrap(), Some(text));
    }

    #[test]
    fn what_stands_elsewhere_too_is_refused() {
        let text = answers("confidential: The key lies in the safe.") + "# The key lies in the safe.\n";
        assert!(leave_out(&text, "a copy").is_err());
    }
}
