//! Figures of samples: the middle of many durations, and accounts that are told apart.

use chrono::{DateTime, Utc};

use super::query::Actor;
use crate::collect::history::is_bot;

/// Whole days from one moment to another. None where the second comes first.
pub(super) fn days_between(from: DateTime<Utc>, to: DateTime<Utc>) -> Option<usize> {
    usize::try_from((to - from).num_days()).ok().filter(|_| to >= from)
}

/// The middle of the numbers in order; of two in the middle, their mean, rounded down. None of nothing.
pub(super) fn median(mut numbers: Vec<usize>) -> Option<usize> {
    numbers.sort_unstable();
    let upper = *numbers.get(numbers.len() / 2)?;
    if numbers.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *numbers.get(numbers.len() / 2 - 1)?;
    Some(lower.midpoint(upper))
}

/// Whether an account is that of a person and not of a program.
pub(super) fn is_person(actor: &Actor) -> bool {
    actor.kind != "Bot" && !is_bot(&actor.login)
}

/// Whether two accounts are the same. Names of accounts know no case.
pub(super) fn is_same(left: &Actor, right: &Actor) -> bool {
    left.login.eq_ignore_ascii_case(&right.login)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_an_even_number_is_a_mean() {
        for (numbers, expected) in [
            (vec![], None),
            (vec![7], Some(7)),
            (vec![9, 1], Some(5)),
            (vec![3, 1, 2], Some(2)),
            (vec![4, 1, 2, 100], Some(3)),
        ] {
            assert_eq!(median(numbers.clone()), expected, "{numbers:?}");
        }
    }

    #[test]
    fn days_are_whole_and_run_forward() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let from = at("2026-01-01T12:00:00Z");
        assert_eq!(days_between(from, at("2026-01-03T11:59:59Z")), Some(1));
        assert_eq!(days_between(from, from), Some(0));
        assert_eq!(days_between(from, at("2026-01-01T11:00:00Z")), None);
    }

    proptest::proptest! {
        #[test]
        fn a_median_lies_between_the_smallest_and_the_largest(numbers in proptest::collection::vec(0_usize..1_000, 1..50)) {
            let middle = median(numbers.clone()).unwrap();
            let (smallest, largest) = (numbers.iter().min().unwrap(), numbers.iter().max().unwrap());
            proptest::prop_assert!(*smallest <= middle && middle <= *largest);
        }
    }
}
