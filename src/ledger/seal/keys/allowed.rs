//! Files of allowed signers, in the format of `ssh-keygen` (ALLOWED SIGNERS in its manual).

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use ssh_key::PublicKey;
use ssh_key::public::KeyData;

/// The most lines that are read.
const MAX_LINES: usize = 5_000;

/// A key that may sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    pub(super) key: [u8; 32],
    /// What it may sign for; None where anything.
    namespaces: Option<Vec<String>>,
    after: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
}

impl Allowed {
    pub(super) fn always(key: [u8; 32]) -> Self {
        Self { key, namespaces: None, after: None, before: None }
    }

    pub(super) fn is_for(&self, namespace: &str) -> bool {
        let fits = |pattern: &String| pattern == namespace || pattern == "*";
        self.namespaces.as_ref().is_none_or(|namespaces| namespaces.iter().any(fits))
    }

    pub(super) fn holds_at(&self, time: DateTime<Utc>) -> bool {
        self.after.is_none_or(|after| after <= time) && self.before.is_none_or(|before| time < before)
    }
}

/// The Ed25519 keys of a file. Authorities that vouch for keys are passed over, and so is what cannot be read: who is not
/// understood may not sign.
pub(super) fn read(text: &str) -> Vec<Allowed> {
    text.lines().take(MAX_LINES).filter_map(line).collect()
}

fn line(line: &str) -> Option<Allowed> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let words = words(line);
    let at = words.iter().position(|word| word == "ssh-ed25519")?;
    let key = PublicKey::from_openssh(&format!("ssh-ed25519 {}", words.get(at + 1)?)).ok()?;
    let KeyData::Ed25519(key) = key.key_data() else { return None };
    let mut allowed = Allowed::always(key.0);
    // The first word names the people, unless the line is no more than a key.
    for option in words.get(1..at).unwrap_or_default().iter().flat_map(|word| options(word)) {
        let (name, value) = option.split_once('=').unwrap_or((&option, ""));
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "namespaces" => allowed.namespaces = Some(value.split(',').map(str::to_owned).collect()),
            "valid-after" => allowed.after = Some(time(value)?),
            "valid-before" => allowed.before = Some(time(value)?),
            _ => return None,
        }
    }
    Some(allowed)
}

/// Words between spaces that stand outside quotes.
fn words(line: &str) -> Vec<String> {
    split(line, |character| character == ' ' || character == '\t')
}

fn options(word: &str) -> Vec<String> {
    split(word, |character| character == ',')
}

fn split(text: &str, is_between: impl Fn(char) -> bool) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for character in text.chars() {
        quoted ^= character == '"';
        if is_between(character) && !quoted {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// `YYYYMMDD[HHMM[SS]][Z]`, in UTC.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let digits = text.strip_suffix('Z').unwrap_or(text);
    if let Ok(day) = NaiveDate::parse_from_str(digits, "%Y%m%d") {
        return Some(day.and_time(NaiveTime::MIN).and_utc());
    }
    let full = if digits.len() == 12 { format!("{digits}00") } else { digits.to_owned() };
    NaiveDateTime::parse_from_str(&full, "%Y%m%d%H%M%S").ok().map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";

    #[test]
    fn lines_with_and_without_options_are_read() {
        let text = format!(
            "# who\n\nann@example.org,ben@example.org {KEY} a comment\n\
             ann@example.org namespaces=\"git,seaworthy\",valid-after=\"20260101\",valid-before=\"202701010000Z\" {KEY}\n\
             cara@example.org cert-authority {KEY}\n\
             dora@example.org ssh-rsa AAAA\n\
             \"the ann\" namespaces=\"git\" {KEY}\n"
        );
        let keys = read(&text);
        assert_eq!(keys.len(), 3);
        assert!(keys[0].is_for("anything") && keys[0].holds_at(DateTime::UNIX_EPOCH));
        assert!(keys[1].is_for("seaworthy") && !keys[2].is_for("seaworthy"));
        let at = |text: &str| keys[1].holds_at(text.parse().unwrap());
        assert!(at("2026-01-01T00:00:00Z") && at("2026-12-31T23:59:59Z"));
        assert!(!at("2025-12-31T23:59:59Z") && !at("2027-01-01T00:00:00Z"));
    }

    #[test]
    fn times_are_read_in_all_lengths() {
        for (text, wanted) in [
            ("20260101", "2026-01-01T00:00:00Z"),
            ("202601011230", "2026-01-01T12:30:00Z"),
            ("20260101123045Z", "2026-01-01T12:30:45Z"),
        ] {
            assert_eq!(time(text).unwrap(), wanted.parse::<DateTime<Utc>>().unwrap());
        }
        assert_eq!(time("soon"), None);
    }
}
