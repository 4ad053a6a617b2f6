//! The unit of a number that is an answer, and the range in which it lies.

use crate::yaml::{Fields, Kind, Problem};

/// What a number counts, and how small and how large it may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Such as `people` or `percent`.
    pub unit: Option<String>,
    pub min: Option<i64>,
    pub max: Option<i64>,
}

impl Limits {
    /// Reads `unit`, `min` and `max`; problems are added with their places.
    pub(super) fn parse(fields: &mut Fields<'_>, problems: &mut Vec<Problem>) -> Self {
        let unit = fields.text("unit", problems);
        let min = bound(fields, "min", problems);
        let max = bound(fields, "max", problems);
        if let (Some(min), Some(max), Some(node)) = (min, max, fields.node("max"))
            && max < min
        {
            problems.push(Problem::error(format!("`max` lies below `min`, which is {min}"), node.span.clone()));
        }
        Self { unit, min, max }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The smallest number.
    pub fn least(&self) -> i64 {
        self.min.unwrap_or(0)
    }

    /// The largest number.
    pub fn most(&self) -> i64 {
        self.max.unwrap_or(i64::MAX)
    }

    pub fn admits(&self, number: i64) -> bool {
        (self.least()..=self.most()).contains(&number)
    }

    /// The range in words.
    pub fn range(&self) -> String {
        match self.max {
            Some(max) => format!("from {} to {max}", self.least()),
            None => format!("{} or more", self.least()),
        }
    }
}

fn bound(fields: &mut Fields<'_>, name: &'static str, problems: &mut Vec<Problem>) -> Option<i64> {
    let node = fields.node(name)?;
    match node.kind {
        Kind::Int(number) if number >= 0 => Some(number),
        _ => {
            problems.push(Problem::error(format!("`{name}` is a whole number, 0 or more"), node.span.clone()));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_admit_what_lies_in_them() {
        let limits = |min, max| Limits { unit: None, min, max };
        for (limits, words, inside, outside) in [
            (limits(None, None), "0 or more", vec![0, i64::MAX], vec![-1]),
            (limits(Some(2), None), "2 or more", vec![2], vec![1]),
            (limits(None, Some(100)), "from 0 to 100", vec![0, 100], vec![-1, 101]),
            (limits(Some(1), Some(7)), "from 1 to 7", vec![1, 7], vec![0, 8]),
        ] {
            assert_eq!(limits.range(), words);
            assert!(inside.iter().all(|number| limits.admits(*number)), "{limits:?}");
            assert!(!outside.iter().any(|number| limits.admits(*number)), "{limits:?}");
        }
    }
}
