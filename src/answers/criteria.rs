//! What an answer says of the criteria of its question.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::questionnaire::Question;
use crate::yaml::{Fields, Kind, Node, Problem};

/// Which criteria of a question hold, by the word of who answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CriteriaHeld {
    All,
    /// Those with these numbers, counted from 1; none of them where there are none.
    These(BTreeSet<usize>),
}

impl CriteriaHeld {
    /// From numbers, counted from 1, of so many criteria. All of them make [`CriteriaHeld::All`].
    pub fn of(numbers: BTreeSet<usize>, count: usize) -> Self {
        let all = (1..=count).all(|number| numbers.contains(&number));
        if all { Self::All } else { Self::These(numbers) }
    }

    /// The positions of those that hold, counted from 0, of so many criteria.
    pub fn positions(&self, count: usize) -> Vec<usize> {
        match self {
            Self::All => (0..count).collect(),
            Self::These(numbers) => (0..count).filter(|position| numbers.contains(&(position + 1))).collect(),
        }
    }

    /// As people write it: `all`, `none`, or the numbers.
    pub fn words(&self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::These(numbers) if numbers.is_empty() => "none".to_owned(),
            Self::These(numbers) => numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(", "),
        }
    }

    /// The criteria that do not hold, with their numbers.
    pub fn missing<'q>(&self, question: &'q Question) -> Vec<(usize, &'q str)> {
        let numbered = (1..).zip(question.criteria.iter().map(String::as_str));
        match self {
            Self::All => Vec::new(),
            Self::These(numbers) => numbered.filter(|(number, _)| !numbers.contains(number)).collect(),
        }
    }

    /// Reads it as people write it on one line: `all`, `none`, or numbers with commas or spaces between them.
    pub fn typed(text: &str, count: usize) -> Result<Self, String> {
        let expects = || format!("say `all`, `none`, or the numbers of those that hold, from 1 to {count}");
        let text = text.trim().trim_matches(['[', ']']).to_lowercase();
        match text.trim() {
            "" => Err(expects()),
            "all" => Ok(Self::All),
            "none" => Ok(Self::These(BTreeSet::new())),
            numbers => numbers
                .split(|c: char| c == ',' || c.is_whitespace())
                .filter(|part| !part.is_empty())
                .map(|part| part.parse().ok().filter(|number| (1..=count).contains(number)).ok_or_else(expects))
                .collect::<Result<BTreeSet<usize>, String>>()
                .map(|numbers| Self::of(numbers, count)),
        }
    }

    /// Reads `criteria` of an answer, if it is there.
    pub(super) fn parse(fields: &mut Fields<'_>, question: &Question, problems: &mut Vec<Problem>) -> Option<Self> {
        let node = fields.node("criteria")?;
        if question.criteria.is_empty() {
            let message = format!("`{}` has no criteria", question.id);
            problems.push(Problem::error(message, node.span.clone()).help("leave `criteria` out"));
            return None;
        }
        let held = match &node.kind {
            Kind::Text(word) if word == "all" => Some(Self::All),
            Kind::Text(word) if word == "none" => Some(Self::These(BTreeSet::new())),
            Kind::List(items) => numbers(items, question).map(|numbers| Self::of(numbers, question.criteria.len())),
            _ => None,
        };
        if held.is_none() {
            let message = format!(
                "`criteria` is `all`, `none`, or a list of numbers from 1 to {}, such as [1]",
                question.criteria.len()
            );
            problems.push(Problem::error(message, node.span.clone()).help(listed(question)));
        }
        held
    }
}

fn numbers(items: &[Node], question: &Question) -> Option<BTreeSet<usize>> {
    let number = |item: &Node| match item.kind {
        Kind::Int(number) => {
            usize::try_from(number).ok().filter(|number| (1..=question.criteria.len()).contains(number))
        }
        _ => None,
    };
    items.iter().map(number).collect()
}

/// The criteria of a question with their numbers, on one line.
pub fn listed(question: &Question) -> String {
    let numbered = (1..).zip(&question.criteria);
    numbered.map(|(number, text): (usize, _)| format!("{number}. {text}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_type_all_none_or_numbers() {
        let these = |numbers: &[usize]| Some(CriteriaHeld::These(numbers.iter().copied().collect()));
        for (typed, held) in [
            ("all", Some(CriteriaHeld::All)),
            (" None ", these(&[])),
            ("1", these(&[1])),
            ("3, 1", these(&[1, 3])),
            ("[1 3]", these(&[1, 3])),
            ("1,2,3", Some(CriteriaHeld::All)),
            ("", None),
            ("0", None),
            ("4", None),
            ("1 and 2", None),
            ("-1", None),
        ] {
            assert_eq!(CriteriaHeld::typed(typed, 3).ok(), held, "{typed:?}");
        }
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for held in [CriteriaHeld::All, CriteriaHeld::These([1, 2].into()), CriteriaHeld::These([2].into())] {
            assert_eq!(CriteriaHeld::typed(&held.words(), 3), Ok(held.clone()));
            let positions = held.positions(3).into_iter().map(|position| position + 1).collect();
            assert_eq!(CriteriaHeld::of(positions, 3), held);
        }
    }
}
