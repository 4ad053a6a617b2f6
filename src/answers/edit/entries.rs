//! Moving whole entries: under another name, to a second one, or out of the way as comments.
//!
//! Entries are moved as they are written, whatever they say: the reader may know their question no longer. In the place of
//! the answers, the whole tree of the result is compared with what was meant.

use super::EditError;
use super::splice::{Place, line_start, next_line, put, replaced, root};
use super::write::key_text;
use crate::evidence::Value;
use crate::yaml::{Kind, Node};

/// Whether a section has an entry.
pub(in crate::answers) use super::splice::has_entry as has;

/// Gives an entry another name.
pub(in crate::answers) fn rename(text: &str, section: &str, key: &str, new: &str) -> Result<String, EditError> {
    let root = root(text).map_err(EditError::Refused)?;
    let (_, entry) = found(text, &root, section, key)?;
    let span = entry.key().map_or(0..0, |key| key.span.clone());
    let changed = replaced(text, span, &key_text(new));
    checked(text, changed, section, |entries| {
        for (name, _) in entries.iter_mut().filter(|(name, _)| name == key) {
            new.clone_into(name);
        }
    })
}

/// Puts another value in the place of a field's.
pub(in crate::answers) fn set_field(
    text: &str,
    section: &str,
    key: &str,
    field: &str,
    value: &Value,
) -> Result<String, EditError> {
    let yaml = super::value(value)?;
    let changed = put(text, &[section, key, field], &yaml, &[]).map_err(EditError::Refused)?;
    let wanted = put("a:\n", &["a"], &yaml, &[]).map_err(EditError::Refused)?;
    let wanted = tree_of(&wanted)?.and_then(|mut pairs| pairs.pop()).map(|(_, tree)| tree);
    checked(text, changed, section, |entries| {
        let entry = entries.iter_mut().find(|(name, _)| name == key).map(|(_, tree)| tree);
        if let (Some(Tree::Map(fields)), Some(wanted)) = (entry, wanted) {
            match fields.iter_mut().find(|(name, _)| name == field) {
                Some((_, tree)) => *tree = wanted,
                None => fields.push((field.to_owned(), wanted)),
            }
        }
    })
}

/// Writes an entry a second time, under another name, behind the first.
pub(in crate::answers) fn duplicate(text: &str, section: &str, key: &str, new: &str) -> Result<String, EditError> {
    let root = root(text).map_err(EditError::Refused)?;
    let (_, entry) = found(text, &root, section, key)?;
    let lines = lines_of(text, section, &entry)?;
    let written = text.get(lines.clone()).unwrap_or_default();
    let name = entry.key().map_or(0..0, |key| key.span.start - lines.start..key.span.end - lines.start);
    let copy = ended(&without_returns(&replaced(written, name, &key_text(new))));
    let first_end = if written.ends_with('\n') { "" } else { "\n" };
    let changed = replaced(text, lines.end..lines.end, &format!("{first_end}{copy}"));
    checked(text, changed, section, |entries| {
        if let Some(at) = entries.iter().position(|(name, _)| name == key)
            && let Some((_, tree)) = entries.get(at).cloned()
        {
            entries.insert(at + 1, (new.to_owned(), tree));
        }
    })
}

/// Turns an entry into comments that stand for it, under lines that say why.
pub(in crate::answers) fn comment_out(text: &str, section: &str, key: &str, why: &str) -> Result<String, EditError> {
    let root = root(text).map_err(EditError::Refused)?;
    let (_, entry) = found(text, &root, section, key)?;
    let lines = lines_of(text, section, &entry)?;
    let old = without_returns(text.get(lines.clone()).unwrap_or_default());
    let width = old.len() - old.trim_start_matches(' ').len();
    let lead = " ".repeat(width);
    let mut comments = why.lines().fold(String::new(), |text, line| text + &lead + "## " + line + "\n");
    for line in old.lines() {
        // Within a text of several lines, what is further left than the entry is empty.
        comments.push_str(format!("{lead}# {}", line.get(width..).unwrap_or_default()).trim_end());
        comments.push('\n');
    }
    let changed = replaced(text, lines, &comments);
    checked(text, changed, section, |entries| entries.retain(|(name, _)| name != key))
}

/// A section and one of its entries.
fn found<'t>(text: &'t str, root: &'t Node, section: &str, key: &str) -> Result<(Place<'t>, Place<'t>), EditError> {
    let place = Place::of(text, root).child(section);
    let entry = place.as_ref().and_then(|place| place.child(key));
    place.zip(entry).ok_or_else(|| EditError::Refused(format!("there is no `{key}`")))
}

/// The lines of an entry, from its key to its end.
fn lines_of(text: &str, section: &str, entry: &Place<'_>) -> Result<std::ops::Range<usize>, EditError> {
    let start = entry.key().map_or(0, |key| key.span.start);
    let lead = text.get(line_start(text, start)..start).unwrap_or_default();
    if entry.is_within_braces() || !lead.chars().all(|c| c == ' ') {
        return Err(EditError::Refused(format!(
            "`{section}` is written in one line; give each entry lines of its own"
        )));
    }
    Ok(line_start(text, start)..next_line(text, entry.end()))
}

fn without_returns(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn ended(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// What a text says, without where it says it.
#[derive(Clone, Debug, PartialEq)]
enum Tree {
    Scalar(Kind),
    List(Vec<Self>),
    Map(Pairs),
}

type Pairs = Vec<(String, Tree)>;

impl Tree {
    fn of(node: &Node) -> Self {
        match &node.kind {
            Kind::List(items) => Self::List(items.iter().map(Self::of).collect()),
            Kind::Map(pairs) => Self::Map(pairs.iter().map(|(key, node)| (key.text.clone(), Self::of(node))).collect()),
            scalar => Self::Scalar(scalar.clone()),
        }
    }
}

/// The pairs of a text that is a mapping.
fn tree_of(text: &str) -> Result<Option<Pairs>, EditError> {
    match Tree::of(&root(text).map_err(EditError::Refused)?) {
        Tree::Map(pairs) => Ok(Some(pairs)),
        _ => Ok(None),
    }
}

/// The changed text, where it says what was meant: all as before, but for the entries of a section.
fn checked(before: &str, changed: String, section: &str, change: impl FnOnce(&mut Pairs)) -> Result<String, EditError> {
    let (mut meant, mut said) = (with_section(before, section)?, with_section(&changed, section)?);
    if let Some((_, Tree::Map(entries))) = meant.iter_mut().find(|(name, _)| name == section) {
        change(entries);
    }
    // A field that is new may stand anywhere among the others.
    sort(&mut meant);
    sort(&mut said);
    if meant == said { Ok(changed) } else { Err(EditError::Refused("the result would say something else".to_owned())) }
}

fn sort(pairs: &mut Pairs) {
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (_, tree) in pairs {
        if let Tree::Map(inner) = tree {
            sort(inner);
        }
    }
}

/// The pairs of a text, with a section that says nothing as one without entries.
fn with_section(text: &str, section: &str) -> Result<Pairs, EditError> {
    let mut pairs = tree_of(text)?.unwrap_or_default();
    for (_, tree) in pairs.iter_mut().filter(|(name, _)| name == section) {
        if *tree == Tree::Scalar(Kind::Null) {
            *tree = Tree::Map(Vec::new());
        }
    }
    Ok(pairs)
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
    because: |
      One.

      # Two.
    by: '@a'
  # after
reviews: {}
waivers:
  m/R: { by: x }
";

    #[test]
    fn entries_are_renamed_doubled_and_commented_out() {
        let text = rename(TEXT, "answers", "a.one", "b.one").unwrap();
        let text = duplicate(&text, "answers", "b.one", "c.one").unwrap();
        let text = set_field(&text, "answers", "c.one", "value", &Value::Bool(false)).unwrap();
        let text = comment_out(&text, "answers", "a.two", "Look again.").unwrap();
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_section_may_lose_all_entries() {
        let text = comment_out("answers: # ours\r\n  a.one:\r\n    value: yes", "answers", "a.one", "Gone.").unwrap();
        assert_eq!(text, "answers: # ours\r\n  ## Gone.\r\n  # a.one:\r\n  #   value: yes\r\n");
        let doubled = duplicate("answers:\r\n  a.one:\r\n    value: yes", "answers", "a.one", "b.one").unwrap();
        assert_eq!(doubled, "answers:\r\n  a.one:\r\n    value: yes\r\n  b.one:\r\n    value: yes\r\n");
    }

    #[test]
    fn what_stands_in_one_line_is_left_alone() {
        let text = "answers: { a.one: { value: yes } }\n";
        assert!(comment_out(text, "answers", "a.one", "x").is_err());
        assert!(duplicate(text, "answers", "a.one", "b.one").is_err());
        assert_eq!(rename(text, "answers", "a.one", "b.one").unwrap(), "answers: { b.one: { value: yes } }\n");
        assert!(rename(text, "answers", "a.two", "b.one").is_err());
    }

    proptest::proptest! {
        /// Whatever the text: it is changed as meant, which the functions check themselves, or refused.
        #[test]
        fn any_text_is_changed_or_refused(text in "[a-c:{}#\\n \\-'\"]{0,60}") {
            let text = format!("answers:\n{text}");
            for name in ["a", "b"] {
                let _ = comment_out(&text, "answers", name, "x");
                let _ = duplicate(&text, "answers", name, "c");
                let _ = rename(&text, "answers", name, "c");
                let _ = set_field(&text, "answers", name, "value", &Value::Count(1));
            }
        }

        /// Outside of the entry's own lines, every byte stays.
        #[test]
        fn all_else_stays_byte_for_byte(
            before in "(  # [a-z ]{0,8}\\n|\\n|  x\\.[a-z]{3}: \\{ value: no \\} # [a-z]{1,4}\\n){0,4}",
            entry in "(  q\\.q: \\{ value: 1 \\}( # c)?\\n|  q\\.q:\\n    value: 1 # c\\n    t: \\|\\n      # a\\n      b\\n)",
            after in "(  # [a-z ]{0,8}\\n|\\n|  y\\.[a-z]{3}:\\n      value: no\\n){0,4}",
        ) {
            let text = format!("answers:\n{before}{entry}{after}waivers:\n");
            if tree_of(&text).is_ok() {
                let head = format!("answers:\n{before}");
                let tail = format!("{after}waivers:\n");
                for changed in [
                    comment_out(&text, "answers", "q.q", "Why."),
                    duplicate(&text, "answers", "q.q", "c.c"),
                    rename(&text, "answers", "q.q", "c.c"),
                    set_field(&text, "answers", "q.q", "value", &Value::Count(2)),
                ] {
                    let changed = changed.unwrap();
                    proptest::prop_assert!(changed.starts_with(&head) && changed.ends_with(&tail), "{}", changed);
                }
            }
        }
    }
}
