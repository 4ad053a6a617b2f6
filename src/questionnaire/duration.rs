//! How long an answer holds: a number of months, as people say it.

use chrono::{Months as ChronoMonths, NaiveDate};
use serde::Serialize;

use crate::yaml::{Kind, Node, Problem};

/// A number of months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Months(pub u32);

impl Months {
    /// Reads `12 months`, `1 month` or `2 years`.
    pub fn parse(node: &Node, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let parsed = match &node.kind {
            Kind::Text(text) => text.split_once(' ').and_then(|(number, unit)| {
                let number: u32 = number.parse().ok().filter(|number| (1..=1200).contains(number))?;
                match unit.trim() {
                    "month" | "months" => Some(Self(number)),
                    "year" | "years" => Some(Self(number * 12)),
                    _ => None,
                }
            }),
            _ => None,
        };
        if parsed.is_none() {
            problems.push(
                Problem::error(format!("`{name}` is a number of months or years"), node.span.clone())
                    .help("write it as `12 months` or `2 years`"),
            );
        }
        parsed
    }

    /// The day so many months after another; the last day that exists where the calendar ends.
    pub fn after(self, day: NaiveDate) -> NaiveDate {
        day.checked_add_months(ChronoMonths::new(self.0)).unwrap_or(NaiveDate::MAX)
    }
}

impl std::fmt::Display for Months {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0 % 12, self.0) {
            (0, 12) => f.write_str("1 year"),
            (0, months) => write!(f, "{} years", months / 12),
            (_, 1) => f.write_str("1 month"),
            (_, months) => write!(f, "{months} months"),
        }
    }
}
