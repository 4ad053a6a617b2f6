//! The layout of records as text. The digest is that of the text, so that a version of the program that does not know some
//! field still comes to the same.

use sha2::{Digest as _, Sha256};

/// JSON without white space outside of texts.
fn compact(json: &str) -> String {
    let mut compacted = String::with_capacity(json.len());
    let mut text = Text::default();
    compacted.extend(json.chars().filter(|character| text.step(*character) || !character.is_ascii_whitespace()));
    compacted
}

/// Compact JSON laid out as records are: a field or an item a line, indented by two spaces, a line break at the end.
fn laid_out(compact: &str) -> String {
    let mut laid = String::with_capacity(compact.len() * 2);
    let mut text = Text::default();
    let mut depth = 0_usize;
    let break_line = |laid: &mut String, depth: usize| {
        laid.push('\n');
        laid.extend(std::iter::repeat_n("  ", depth));
    };
    let mut characters = compact.chars().peekable();
    while let Some(character) = characters.next() {
        if text.step(character) {
            laid.push(character);
            continue;
        }
        match character {
            '{' | '[' => {
                laid.push(character);
                if let Some(end) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    laid.push(end);
                } else {
                    depth += 1;
                    break_line(&mut laid, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut laid, depth);
                laid.push(character);
            }
            ',' => {
                laid.push(character);
                break_line(&mut laid, depth);
            }
            ':' => laid.push_str(": "),
            other => laid.push(other),
        }
    }
    laid.push('\n');
    laid
}

/// Whether a text of JSON is laid out as this program writes it: no byte of white space can change unseen.
pub(super) fn is_laid_out(json: &str) -> bool {
    laid_out(&compact(json)) == json
}

/// The digest that a record must carry, which names `digest` itself. None where it stands there more than once.
pub(super) fn digest_of_record(json: &str, digest: &str) -> Option<String> {
    let compact = compact(json);
    let field = format!("\"digest\":\"{digest}\"");
    let mut parts = compact.split(&field);
    let (before, after) = (parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let mut hasher = Sha256::new();
    for part in [before, "\"digest\":\"\"", after] {
        hasher.update(part);
    }
    Some(format!("sha256:{:x}", hasher.finalize()))
}

/// `sha256:` and the digest of bytes.
pub(super) fn digest(bytes: &[u8]) -> String {
    format!("sha256:{:x}", Sha256::digest(bytes))
}

/// The digits of a digest, where it is one that this program writes.
pub(super) fn digits(digest: &str) -> Option<&str> {
    let digits = digest.strip_prefix("sha256:")?;
    let is_lower_hex = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (digits.len() == 64 && is_lower_hex).then_some(digits)
}

/// Whether one is inside a text while walking through JSON.
#[derive(Default)]
struct Text {
    inside: bool,
    escaped: bool,
}

impl Text {
    /// Whether this character belongs to a text, its quotes included.
    fn step(&mut self, character: char) -> bool {
        if !self.inside {
            self.inside = character == '"';
            return self.inside;
        }
        match character {
            _ if self.escaped => self.escaped = false,
            '\\' => self.escaped = true,
            '"' => self.inside = false,
            _ => {}
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            "[ -~\\n\"\\\\{}\\[\\],:ü]{0,12}".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::btree_map("[a-z\" ]{0,5}", inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_layout_is_that_of_serde_json(value in json()) {
            let pretty = serde_json::to_string_pretty(&value).unwrap() + "\n";
            prop_assert_eq!(compact(&pretty), value.to_string());
            prop_assert_eq!(laid_out(&value.to_string()), pretty.clone());
            prop_assert!(is_laid_out(&pretty));
        }

        #[test]
        fn any_text_is_walked_through(text in "\\PC{0,60}") {
            let _ = is_laid_out(&text);
        }
    }

    #[test]
    fn a_digest_is_of_all_but_itself() {
        let digest = |json: &str| digest_of_record(json, "sha256:ab");
        let first = digest("{\n  \"a\": 1,\n  \"digest\": \"sha256:ab\"\n}\n").unwrap();
        assert_eq!(first, super::digest(b"{\"a\":1,\"digest\":\"\"}"));
        assert_ne!(digest("{\"a\":2,\"digest\":\"sha256:ab\"}").unwrap(), first);
        assert_eq!(digest("{\"digest\":\"sha256:ab\",\"x\":{\"digest\":\"sha256:ab\"}}"), None);
        assert_eq!(digest("{}"), None);
    }
}
