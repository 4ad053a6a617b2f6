//! What a requirement is worth where it is only partly met.

use num_rational::Ratio;

use crate::questionnaire::Condition;
use crate::yaml::{Kind, Node, Problem};

/// An exact number.
pub type Exact = Ratio<u32>;

/// A share that a requirement is worth when a condition holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worth {
    /// Between 0 and 1.
    pub share: Exact,
    pub when: Condition,
}

/// Reads `{ 1/2: CONDITION, 1/4: CONDITION }`, and orders it, the most first.
pub(super) fn parse(node: &Node, problems: &mut Vec<Problem>) -> Vec<Worth> {
    let Kind::Map(entries) = &node.kind else {
        problems.push(Problem::error("`worth` has a condition for each share", node.span.clone()));
        return Vec::new();
    };
    let mut all: Vec<Worth> = entries
        .iter()
        .filter_map(|(key, value)| {
            let share = share(&key.text);
            if share.is_none() {
                let message = format!("`{}` is no share between 0 and 1, such as 1/2", key.text);
                problems.push(Problem::error(message, key.span.clone()));
            }
            Some(Worth { share: share?, when: Condition::parse(value, problems)? })
        })
        .collect();
    all.sort_by_key(|worth| std::cmp::Reverse(worth.share));
    all
}

/// A share between 0 and 1.
pub(in crate::questionnaire) fn share(text: &str) -> Option<Exact> {
    let (part, whole) = text.split_once('/')?;
    let (part, whole): (u32, u32) = (part.trim().parse().ok()?, whole.trim().parse().ok()?);
    (part > 0 && part < whole).then(|| Exact::new(part, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_lie_between_nothing_and_all() {
        assert_eq!(share("1/2"), Some(Exact::new(1, 2)));
        assert_eq!(share("2/8"), Some(Exact::new(1, 4)));
        for text in ["", "1", "0/2", "2/2", "3/2", "1/0", "a/b", "-1/2", "0.5"] {
            assert_eq!(share(text), None, "{text:?}");
        }
    }
}
