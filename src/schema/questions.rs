//! A file with questions.
#![expect(dead_code, reason = "these types describe files and are never made")]

use schemars::JsonSchema;

use super::value::{Condition, Written};
use crate::questionnaire::{AnswerType, Certainty, Effort};

/// A topic with its questions.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct QuestionsFile {
    /// seaworthy.questions/1
    schema: String,
    /// The part of each id before the dot
    topic: String,
    title: String,
    /// Ids of questions of other files that this one replaces on purpose
    #[schemars(default)]
    overrides: Vec<String>,
    questions: Vec<Question>,
}

/// One thing that a person can be asked.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Question {
    /// topic.name
    id: String,
    ask: String,
    why: String,
    /// What to do so that the answer is a good one
    how: String,
    /// What counts as evidence for an answer
    evidence: Option<String>,
    answer: AnswerType,
    /// The answers to choose from, where the type is choice
    #[schemars(default)]
    choices: Vec<Choice>,
    /// What a count counts, such as people or percent
    unit: Option<String>,
    /// The smallest number that is an answer (count and days only); 0 where it is left out
    min: Option<u64>,
    /// The largest number that is an answer (count and days only)
    max: Option<u64>,
    /// What must hold so that an answer above the lowest counts (coverage, and choice with scores), at most 5
    #[schemars(default)]
    criteria: Vec<String>,
    /// Whether a yes needs a justification: required or optional
    because: Option<Because>,
    /// Whether a claim needs a link or an attachment that shows it
    #[schemars(default)]
    evidence_required: bool,
    /// It is asked only where this holds, or may hold, of other questions and of observations
    asked_when: Option<Condition>,
    /// Rules by which observations settle it
    #[schemars(default)]
    observe: Vec<Rule>,
    /// Answers that follow from the register of audits
    #[schemars(default)]
    from_audits: Vec<AuditRule>,
    /// How long an answer holds, such as 12 months
    valid_for: String,
    /// When it is due to be looked at again; by default after 5/6 of its time
    due_after: Option<String>,
    /// Events after which it must be looked at again
    #[schemars(default)]
    revisit_on: Vec<String>,
    /// Questions about the same matter, whose answers are shown beside this one
    #[schemars(default)]
    see_also: Vec<String>,
    effort: Option<Effort>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Choice {
    id: String,
    title: String,
    /// What it is worth: 0, 1 or a share such as 1/2
    score: Option<serde_json::Value>,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Because {
    Required,
    Optional,
}

/// What observations give which value. It has either `value` or `value_of`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Rule {
    value: Option<Written>,
    /// Key of the observation whose value is taken
    value_of: Option<String>,
    when: Condition,
    certainty: Certainty,
}

/// What the register of audits says which answer.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct AuditRule {
    value: Option<Written>,
    /// Instead of `value`: the fact whose value is the answer, such as audits.list
    value_of: Option<String>,
    when: Condition,
}
