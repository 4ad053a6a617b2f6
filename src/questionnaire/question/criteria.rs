//! The criteria of a question: what must hold of the thing asked about, however far it reaches, so that an answer counts.

use super::Question;
use crate::evidence::Value;
use crate::yaml::{Fields, Problem, texts};

/// The most criteria of one question.
const MOST: usize = 5;

/// Reads the criteria; problems are added with their places.
pub(super) fn parse(fields: &mut Fields<'_>, problems: &mut Vec<Problem>) -> Vec<String> {
    let Some(node) = fields.node("criteria") else { return Vec::new() };
    let criteria = texts(node, "criteria", problems);
    if criteria.len() > MOST {
        let problem = Problem::error(format!("`criteria` has more than {MOST} entries"), node.span.clone());
        problems.push(
            problem.help("keep what decides whether it is good enough; the rest is advice and belongs into `how`"),
        );
    }
    criteria
}

impl Question {
    /// The answers that are worth the least of those to choose from; none where the answers have no scores.
    pub fn lowest(&self) -> Vec<&str> {
        let scores = self.scores().unwrap_or_default();
        let least = scores.iter().map(|(_, score)| *score).min();
        scores.into_iter().filter(|(_, score)| Some(*score) == least).map(|(answer, _)| answer).collect()
    }

    /// Whether a value counts only where the criteria hold: there are some, and it is above the lowest.
    pub fn needs_criteria(&self, value: &Value) -> bool {
        let is_lowest = |value: &Value| matches!(value, Value::Text(text) if self.lowest().contains(&text.as_str()));
        !self.criteria.is_empty() && !is_lowest(value)
    }

    /// What is wrong with the criteria in the light of the rest.
    pub(super) fn check_criteria(&self, problems: &mut Vec<Problem>) {
        if self.criteria.is_empty() {
            return;
        }
        let start = self.span.start..self.span.start;
        let has_scores = self.scores().is_some_and(|scores| !scores.is_empty());
        if !has_scores {
            problems.push(
                Problem::error("only a coverage, or a choice with scores, has `criteria`", start)
                    .help("they decide whether an answer above the lowest counts"),
            );
            return;
        }
        for rule in &self.observe {
            if let super::Given::Value(value) = &rule.given
                && rule.certainty == super::Certainty::Proof
                && self.needs_criteria(value)
            {
                problems.push(
                    Problem::error(
                        format!("no observation proves `{value}`, since the question has criteria"),
                        rule.span.start..rule.span.start,
                    )
                    .help("what is seen tells how far it reaches, not how good it is: make it a sign"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::questionnaire::Questionnaires;
    use crate::yaml::Document;

    /// What is told of a question with these fields.
    fn told(fields: &str) -> Vec<String> {
        let text = format!(
            "schema: seaworthy.questions/1\ntopic: t\ntitle: T\nquestions:\n  - {{ id: t.q, ask: A?, why: W., how: H., \
             valid_for: 1 year, {fields} }}\n"
        );
        let (_, files) = Questionnaires::check(vec![Document::new("q.yaml", text)]);
        files.into_iter().flat_map(|file| file.problems).map(|problem| problem.message).collect()
    }

    #[test]
    fn only_answers_with_scores_have_criteria() {
        let scored = "choices: [{ id: a, title: A, score: 0 }, { id: b, title: B, score: 1 }]";
        let plain = "choices: [{ id: a, title: A }, { id: b, title: B }]";
        let refused = "only a coverage, or a choice with scores, has `criteria`".to_owned();
        for (answer, is_refused) in [
            ("answer: coverage".to_owned(), false),
            (format!("answer: choice, {scored}"), false),
            (format!("answer: choice, {plain}"), true),
            ("answer: yes-no".to_owned(), true),
            ("answer: text".to_owned(), true),
        ] {
            assert_eq!(told(&format!("{answer}, criteria: [Good.]")).contains(&refused), is_refused, "{answer}");
        }
    }

    #[test]
    fn criteria_are_few_and_never_proved() {
        let many = told("answer: coverage, criteria: [a, b, c, d, e, f]");
        assert!(many.contains(&"`criteria` has more than 5 entries".to_owned()), "{many:?}");
        let rule = |value: &str, certainty: &str| {
            format!(
                "answer: coverage, criteria: [Good.], observe: [{{ value: {value}, when: {{ repo.archived: true }}, \
                 certainty: {certainty} }}]"
            )
        };
        let proved = "no observation proves `some`, since the question has criteria".to_owned();
        assert!(told(&rule("some", "proof")).contains(&proved));
        assert!(!told(&rule("some", "sign")).contains(&proved));
        assert!(!told(&rule("none", "proof")).iter().any(|message| message.contains("proves")));
    }
}
