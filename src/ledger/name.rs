//! Names of records: the moment for which they hold, in UTC.

use chrono::{DateTime, NaiveDateTime, NaiveTime, Utc};

use crate::assess::record::Assessment;

const FORMAT: &str = "%Y-%m-%dT%H%M%SZ";

/// The name of a record: its moment, and a number where several have the same. In the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) moment: DateTime<Utc>,
    /// 1 for the first of a moment.
    pub(super) number: u32,
}

impl Name {
    /// Reads `2026-11-24T101500Z.json` or `2026-11-24T101500Z-2.json`. None of every other name, also of another way to
    /// write the same.
    pub(super) fn parse(file: &str) -> Option<Self> {
        let stem = file.strip_suffix(".json")?;
        let (moment, number) = match stem.split_once("Z-") {
            Some((moment, number)) => (format!("{moment}Z"), number.parse().ok()?),
            None => (stem.to_owned(), 1),
        };
        let moment = NaiveDateTime::parse_from_str(&moment, FORMAT).ok()?.and_utc();
        let name = Self { moment, number };
        (name.file() == file).then_some(name)
    }

    /// The name of the file.
    pub(super) fn file(self) -> String {
        format!("{}.json", self.stem())
    }

    /// The name of the file with the signatures of the record.
    pub(super) fn seal_file(self) -> String {
        format!("{}.seal.json", self.stem())
    }

    fn stem(self) -> String {
        let moment = self.moment.format(FORMAT);
        if self.number == 1 { moment.to_string() } else { format!("{moment}-{}", self.number) }
    }

    /// The next of the same moment.
    pub(super) fn next(self) -> Self {
        Self { number: self.number.saturating_add(1), ..self }
    }
}

/// The moment for which a record holds: when the evidence was collected, or the beginning of the day for which it was
/// assessed where that is another one.
pub(super) fn moment(record: &Assessment) -> DateTime<Utc> {
    let collected = record.inputs.evidence.collected_at;
    if collected.date_naive() == record.as_of {
        return DateTime::from_timestamp(collected.timestamp(), 0).unwrap_or(collected);
    }
    record.as_of.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_one_form_only() {
        for good in ["2026-11-24T101500Z.json", "2026-11-24T101500Z-2.json", "1999-01-01T000000Z-12.json"] {
            assert_eq!(Name::parse(good).unwrap().file(), good);
        }
        for bad in [
            "2026-11-24T101500Z-1.json",
            "2026-11-24T101500Z-02.json",
            "2026-11-24T101500Z.seal.json",
            "2026-11-24T101500.json",
            "2026-1-24T101500Z.json",
            "2026-13-24T101500Z.json",
            "2026-11-24T101500Z.JSON",
            "+2026-11-24T101500Z.json",
            "notes.json",
        ] {
            assert_eq!(Name::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn several_of_a_moment_are_in_the_order_of_their_numbers() {
        let mut names: Vec<Name> = [
            "2026-11-24T101500Z-10.json",
            "2026-11-24T101500Z-2.json",
            "2026-11-24T101500Z.json",
            "2025-11-24T101500Z.json",
        ]
        .into_iter()
        .filter_map(Name::parse)
        .collect();
        names.sort();
        let files: Vec<String> = names.into_iter().map(Name::file).collect();
        assert_eq!(
            files,
            [
                "2025-11-24T101500Z.json",
                "2026-11-24T101500Z.json",
                "2026-11-24T101500Z-2.json",
                "2026-11-24T101500Z-10.json"
            ]
        );
    }
}
