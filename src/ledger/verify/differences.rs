//! Where two records differ, told by the names of things rather than by their positions.

use serde_json::Value;

/// The longest value that is shown, in characters.
const LONGEST: usize = 60;
/// Fields by which items of lists are known.
const NAMES: [&str; 4] = ["id", "requirement", "path", "question"];

/// The first places where a record differs from the one that was made again.
pub(super) fn differences(record: &str, again: &str, most: usize) -> Vec<String> {
    let mut found = Vec::new();
    if let (Ok(record), Ok(again)) = (serde_json::from_str(record), serde_json::from_str(again)) {
        compare("", &record, &again, &mut found);
    }
    // The digest follows from all else.
    found.retain(|difference| !difference.starts_with("digest "));
    if found.is_empty() {
        found.push("its text is written otherwise".to_owned());
    }
    let more = found.len().saturating_sub(most);
    found.truncate(most);
    if more > 0 {
        found.push(format!("{more} more"));
    }
    found
}

fn compare(place: &str, record: &Value, again: &Value, found: &mut Vec<String>) {
    match (record, again) {
        (Value::Object(one), Value::Object(other)) => {
            let mut names: Vec<&String> = one.keys().chain(other.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                compare(&place, one.get(name).unwrap_or(&Value::Null), other.get(name).unwrap_or(&Value::Null), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (position, (one, other)) in one.iter().zip(other).enumerate() {
                let name = NAMES.iter().find_map(|name| one.get(name)?.as_str().map(str::to_owned));
                let name = name.unwrap_or_else(|| position.to_string());
                compare(&format!("{place}[{name}]"), one, other, found);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            found.push(format!("{place} has {} items, made again {}", one.len(), other.len()));
        }
        (one, other) if one != other => found.push(format!("{place} is {}, made again {}", shown(one), shown(other))),
        _ => {}
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_told_by_names() {
        let record =
            r#"{"models":[{"id":"m","findings":[{"requirement":"A-1","outcome":"met"}]}],"x":[1],"digest":"a"}"#;
        let again =
            r#"{"models":[{"id":"m","findings":[{"requirement":"A-1","outcome":"unmet"}]}],"x":[],"digest":"b"}"#;
        assert_eq!(
            differences(record, again, 5),
            ["models[m].findings[A-1].outcome is \"met\", made again \"unmet\"", "x has 1 items, made again 0"]
        );
        assert_eq!(differences(record, again, 1).last().unwrap(), "1 more");
        assert_eq!(differences(record, record, 5), ["its text is written otherwise"]);
    }
}
