//! Three-valued logic over conditions.
//!
//! Kleene's logic, in which unknown stays unknown unless the rest decides, with one addition: what does *not apply* is
//! neutral. It neither makes a condition true nor false; where nothing applies, the condition does not apply.
//!
//! Besides the truth, an evaluation tells which leaves decided, and how strong the weakest of them is; where several
//! leaves could decide alone, the strongest does.

use chrono::NaiveDate;
use smallvec::{SmallVec, smallvec};

use super::condition::{Condition, Leaf, Test};
use crate::evidence::Value;

/// The truth of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    False,
    Unknown,
    NotApplicable,
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// What a condition comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evaluated {
    pub truth: Truth,
    /// The strength of the weakest leaf that decided.
    pub strength: u8,
    /// Positions of the leaves that decided, in the order of [`Condition::leaves`].
    pub deciding: SmallVec<[usize; 4]>,
}

impl Evaluated {
    /// The names of the leaves that decided, in their order. `condition` is what was evaluated.
    pub(crate) fn names<'c>(&self, condition: &'c Condition) -> Vec<&'c str> {
        let leaves = condition.leaves();
        self.deciding.iter().filter_map(|position| leaves.get(*position).map(|leaf| leaf.name.as_str())).collect()
    }
}

/// Evaluates a condition. `leaf` tells a leaf's truth and its strength, the higher the stronger.
pub(crate) fn evaluate(condition: &Condition, leaf: &mut impl FnMut(&Leaf) -> (Truth, u8)) -> Evaluated {
    walk(condition, &mut 0, leaf)
}

fn walk(condition: &Condition, position: &mut usize, leaf: &mut impl FnMut(&Leaf) -> (Truth, u8)) -> Evaluated {
    match condition {
        Condition::Leaf(named) => {
            let (truth, strength) = leaf(named);
            let own = *position;
            *position += 1;
            Evaluated { truth, strength, deciding: smallvec![own] }
        }
        Condition::All(parts) => all(&walk_all(parts, position, leaf)),
        Condition::Any(parts) => any(&walk_all(parts, position, leaf)),
        Condition::None(parts) => negated(any(&walk_all(parts, position, leaf))),
        Condition::AtLeast { n, of } => at_least(*n, walk_all(of, position, leaf)),
    }
}

fn walk_all(parts: &[Condition], position: &mut usize, leaf: &mut impl FnMut(&Leaf) -> (Truth, u8)) -> Vec<Evaluated> {
    parts.iter().map(|part| walk(part, position, leaf)).collect()
}

fn all(parts: &[Evaluated]) -> Evaluated {
    decide(parts, Truth::False, Truth::True)
}

fn any(parts: &[Evaluated]) -> Evaluated {
    decide(parts, Truth::True, Truth::False)
}

/// One part with the truth `alone` decides; without any, all parts together make it `together`.
fn decide(parts: &[Evaluated], alone: Truth, together: Truth) -> Evaluated {
    let with = |truth: Truth| parts.iter().filter(move |part| part.truth == truth);
    if let Some(strongest) = with(alone).max_by_key(|part| part.strength) {
        return strongest.clone();
    }
    let truth = if with(Truth::Unknown).next().is_some() {
        Truth::Unknown
    } else if with(together).next().is_some() {
        together
    } else {
        Truth::NotApplicable
    };
    joined(truth, with(truth))
}

/// The leaves of several parts that decide together.
fn joined<'p>(truth: Truth, parts: impl Iterator<Item = &'p Evaluated>) -> Evaluated {
    let mut joined = Evaluated { truth, strength: u8::MAX, deciding: SmallVec::new() };
    for part in parts {
        joined.strength = joined.strength.min(part.strength);
        joined.deciding.extend_from_slice(&part.deciding);
    }
    joined
}

fn negated(part: Evaluated) -> Evaluated {
    let truth = match part.truth {
        Truth::True => Truth::False,
        Truth::False => Truth::True,
        other => other,
    };
    Evaluated { truth, ..part }
}

/// At least `n` of the parts that apply, or all of those where fewer apply.
fn at_least(n: usize, parts: Vec<Evaluated>) -> Evaluated {
    let (applicable, neutral): (Vec<_>, Vec<_>) =
        parts.into_iter().partition(|part| part.truth != Truth::NotApplicable);
    if applicable.is_empty() {
        return joined(Truth::NotApplicable, neutral.iter());
    }
    let needed = n.min(applicable.len());
    let mut holding: Vec<&Evaluated> = applicable.iter().filter(|part| part.truth == Truth::True).collect();
    let unknown = applicable.iter().filter(|part| part.truth == Truth::Unknown);
    if holding.len() >= needed {
        holding.sort_by_key(|part| std::cmp::Reverse(part.strength));
        joined(Truth::True, holding.into_iter().take(needed))
    } else if holding.len() + unknown.clone().count() >= needed {
        joined(Truth::Unknown, unknown)
    } else {
        joined(Truth::False, applicable.iter().filter(|part| part.truth == Truth::False))
    }
}

/// Whether a value passes a test. `as_of` is the day of the assessment.
pub(crate) fn passes(test: &Test, value: &Value, as_of: NaiveDate, other_list: Option<&[String]>) -> Truth {
    match (test, value) {
        (Test::Is(expected), value) => Truth::from(expected == value),
        (Test::Present(wanted) | Test::Applicable(wanted), _) => Truth::from(*wanted),
        (Test::AtLeast(n), Value::Count(number)) => Truth::from(number >= n),
        (Test::AtMost(n), Value::Count(number)) => Truth::from(number <= n),
        (Test::AtLeast(n), Value::List(items)) => Truth::from(length(items) >= *n),
        (Test::AtMost(n), Value::List(items)) => Truth::from(length(items) <= *n),
        (Test::Contains(item), Value::List(items)) => Truth::from(items.contains(item)),
        (Test::OneOf(options), Value::Text(text)) => Truth::from(options.contains(text)),
        (Test::WithinDays(days), Value::Text(text)) => match text.parse::<NaiveDate>() {
            Ok(day) => Truth::from((as_of - day).num_days() <= *days),
            Err(_) => Truth::Unknown,
        },
        (Test::SharesWith(_), Value::List(items)) => match other_list {
            Some(others) => Truth::from(items.iter().any(|item| others.contains(item))),
            None => Truth::Unknown,
        },
        _ => Truth::Unknown,
    }
}

fn length(items: &[String]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{False as F, NotApplicable as N, True as T, Unknown as U};

    fn leaves(truths: &[Truth]) -> Vec<Condition> {
        let leaf =
            |name: usize| Condition::Leaf(Leaf { name: name.to_string(), test: Test::Present(true), span: 0..0 });
        (0..truths.len()).map(leaf).collect()
    }

    fn truth(make: impl Fn(Vec<Condition>) -> Condition, truths: &[Truth]) -> Truth {
        evaluated(make, truths, &[]).truth
    }

    fn evaluated(make: impl Fn(Vec<Condition>) -> Condition, truths: &[Truth], strengths: &[u8]) -> Evaluated {
        evaluate(&make(leaves(truths)), &mut |leaf| {
            let position: usize = leaf.name.parse().unwrap();
            (truths[position], strengths.get(position).copied().unwrap_or(1))
        })
    }

    #[test]
    fn all_any_and_none_follow_kleene() {
        let pairs = [T, F, U, N].into_iter().flat_map(|a| [T, F, U, N].map(|b| (a, b)));
        let expected_all = [T, F, U, T, F, F, F, F, U, F, U, U, T, F, U, N];
        let expected_any = [T, T, T, T, T, F, U, F, T, U, U, U, T, F, U, N];
        for (((a, b), all), any) in pairs.zip(expected_all).zip(expected_any) {
            assert_eq!(truth(Condition::All, &[a, b]), all, "{a:?} and {b:?}");
            assert_eq!(truth(Condition::Any, &[a, b]), any, "{a:?} or {b:?}");
            let none = match any {
                T => F,
                F => T,
                other => other,
            };
            assert_eq!(truth(Condition::None, &[a, b]), none, "neither {a:?} nor {b:?}");
        }
    }

    #[test]
    fn at_least_counts_what_applies() {
        let two = |of| Condition::AtLeast { n: 2, of };
        for (truths, expected) in [
            (vec![T, T, F], T),
            (vec![T, U, F], U),
            (vec![T, F, F], F),
            (vec![U, U, F], U),
            (vec![U, F, F], F),
            (vec![T, N, N], T),
            (vec![F, N, N], F),
            (vec![T, T, N], T),
            (vec![N, N], N),
        ] {
            assert_eq!(truth(two, &truths), expected, "{truths:?}");
        }
    }

    #[test]
    fn the_strongest_decides_alone_and_the_weakest_together() {
        let any = evaluated(Condition::Any, &[T, T, F], &[1, 5, 9]);
        assert_eq!((any.strength, any.deciding.as_slice()), (5, &[1][..]));
        let all = evaluated(Condition::All, &[T, T, N], &[3, 5, 1]);
        assert_eq!((all.strength, all.deciding.as_slice()), (3, &[0, 1][..]));
        let unmet = evaluated(Condition::All, &[T, F, F], &[9, 2, 4]);
        assert_eq!((unmet.strength, unmet.deciding.as_slice()), (4, &[2][..]));
    }

    proptest::proptest! {
        /// More knowledge never takes a truth back: what is true or false stays so whatever the unknown turns out to be.
        #[test]
        fn knowledge_only_adds(truths in proptest::collection::vec(0_usize..4, 1..6), fill in proptest::bool::ANY, n in 1_usize..4) {
            let before: Vec<Truth> = truths.iter().map(|t| [T, F, U, N][*t]).collect();
            let after: Vec<Truth> = before.iter().map(|t| if *t == U { Truth::from(fill) } else { *t }).collect();
            let count = n.min(before.len());
            for make in [|of, _| Condition::All(of), |of, _| Condition::Any(of), |of, _| Condition::None(of), |of, n| Condition::AtLeast { n, of }] {
                let (old, new) = (truth(|of| make(of, count), &before), truth(|of| make(of, count), &after));
                proptest::prop_assert!(old == U || old == new);
                proptest::prop_assert!(new != U);
            }
        }
    }
}
