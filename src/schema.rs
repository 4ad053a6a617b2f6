//! The JSON Schemas of the formats.
//!
//! Those of evidence and records are made from the types that read and write them. Files that people write are read with
//! positions instead of serde; the types here describe them for editors, and tests hold both together.
#![expect(dead_code, reason = "these types describe files and are never made")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, schema_for};

use crate::answers::Conflict;
use crate::assess::record::Assessment;
use crate::collect::github::doctor::Examination;
use crate::evidence::{Evidence, Value};
use crate::questionnaire::{AnswerType, Certainty, Effort, Scoring};

/// The schema of an evidence snapshot.
pub fn evidence() -> Schema {
    schema_for!(Evidence)
}

/// The schema of an assessment record.
pub fn assessment() -> Schema {
    schema_for!(Assessment)
}

/// The schema of an answers file.
pub fn answers() -> Schema {
    schema_for!(AnswersFile)
}

/// The schema of a file with questions.
pub fn questions() -> Schema {
    schema_for!(QuestionsFile)
}

/// The schema of a file with a model.
pub fn model() -> Schema {
    schema_for!(ModelFile)
}

/// The schema of a file that says which questions took the place of old ones.
pub fn replaced() -> Schema {
    schema_for!(ReplacedFile)
}

/// The schema of what `seaworthy doctor --format json` prints.
pub fn doctor() -> Schema {
    schema_for!(Examination)
}

/// Which questions took the place of old ones, and how their answers carry over.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ReplacedFile {
    /// seaworthy.replaced/1
    schema: String,
    replaced: Vec<Replaced>,
}

/// A question that is no longer asked.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Replaced {
    /// Id of the old question
    id: String,
    /// Ids of the new ones; none where nothing took its place
    #[schemars(required)]
    by: Vec<String>,
    /// The version of the questionnaires since which it holds
    since: String,
    carry: Carry,
    /// With `carry: values` and nothing else: what each old value becomes
    values: Option<BTreeMap<String, Written>>,
    /// What has changed, for the person who looks at the answer again
    note: Option<String>,
}

/// How an answer carries over: the new question means the same, values become others, or it is asked again.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Carry {
    Same,
    Values,
    Again,
}

/// What people say: answers, reviews and waivers.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct AnswersFile {
    /// seaworthy.answers/1
    schema: String,
    /// The subject that the answers are about, such as github.com/acme/widget
    subject: Option<String>,
    /// Answers by id of the question
    #[schemars(default)]
    answers: Option<BTreeMap<String, Answer>>,
    /// Reviews by id of the question
    #[schemars(default)]
    reviews: Option<BTreeMap<String, Review>>,
    /// Waivers by model/requirement
    #[schemars(default)]
    waivers: Option<BTreeMap<String, Waiver>>,
    /// What you aim at: by model, then by id of a level, area or group, `all` for the whole
    #[schemars(default)]
    targets: BTreeMap<String, BTreeMap<String, f64>>,
}

/// A maintainer's word. It has either `value` or `not_applicable`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Answer {
    value: Option<Written>,
    /// Which criteria of the question hold: all, none, or a list of their numbers
    criteria: Option<Criteria>,
    /// Why the question does not apply to the project
    not_applicable: Option<String>,
    /// Why the answer is true
    because: Option<String>,
    /// Links that show it
    #[schemars(default)]
    evidence: Vec<String>,
    /// Who answers
    by: String,
    /// When
    on: NaiveDate,
    /// Until when it holds; by default as long as the question says
    until: Option<NaiveDate>,
    /// For those who may read this file; it goes into no record, report or export
    confidential: Option<String>,
    /// Others who were asked
    #[schemars(default)]
    respondents: Vec<Respondent>,
    /// Files in the folder of this file that show it
    #[schemars(default)]
    attachments: Vec<Attachment>,
}

/// Which criteria hold: a word, or the numbers of those that do, counted from 1.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Criteria {
    Word(CriteriaWord),
    Numbers(Vec<u8>),
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum CriteriaWord {
    All,
    None,
}

/// Somebody else who was asked.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Respondent {
    by: String,
    on: NaiveDate,
    /// Whether it is so; yes where it is left out. Who does not agree says why in `note`
    agrees: Option<Written>,
    note: Option<String>,
}

/// A file that lies beside the answers.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Attachment {
    /// From the folder of the answers file
    path: String,
    /// 64 digits
    sha256: String,
}

/// Somebody whom an answer names.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Person {
    /// Such as @alice; no e-mail address
    handle: String,
    name: Option<String>,
    role: Option<String>,
}

/// A value; yes and no may be written as words.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Written {
    Value(Value),
    People(Vec<Person>),
}

/// A reviewer's word on an answer.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Review {
    verdict: Verdict,
    by: String,
    on: NaiveDate,
    /// The reason; needed unless the verdict is accepted
    note: Option<String>,
    /// Conflict of interest; none where it is left out. A reviewer with a hard one may only challenge
    conflict: Option<Conflict>,
    /// The digest of the answer that was looked at, as `seaworthy review` writes it
    of: Option<String>,
    /// The value that an overruling review puts in place
    value: Option<Written>,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Accepted,
    Challenged,
    Overruled,
}

/// A requirement that is accepted for a time although it is not met.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Waiver {
    reason: String,
    by: String,
    until: NaiveDate,
}

/// A topic with its questions.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct QuestionsFile {
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
struct Question {
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
    /// How long an answer holds, such as 12 months
    valid_for: String,
    /// Events after which it must be looked at again
    #[schemars(default)]
    revisit_on: Vec<String>,
    effort: Option<Effort>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Choice {
    id: String,
    title: String,
    /// What it is worth: 0, 1 or a share such as 1/2
    score: Option<serde_json::Value>,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Because {
    Required,
    Optional,
}

/// What observations give which value. It has either `value` or `value_of`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Rule {
    value: Option<Written>,
    /// Key of the observation whose value is taken
    value_of: Option<String>,
    when: Condition,
    certainty: Certainty,
}

/// A tree of `all`, `any`, `none` and `at_least` over leaves, each a name with a value or a test.
type Condition = BTreeMap<String, serde_json::Value>;

/// A maturity model.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ModelFile {
    /// seaworthy.model/1
    schema: String,
    id: String,
    title: String,
    /// The version of the source that it follows
    version: String,
    /// Address of the source
    source: String,
    about: String,
    /// The id of a built-in model that this one replaces on purpose
    #[schemars(default)]
    overrides: Vec<String>,
    scoring: Scoring,
    /// Left out where the model scores otherwise than by levels
    #[schemars(default)]
    levels: Vec<Level>,
    /// What areas belong to, where a model has groups of them
    #[schemars(default)]
    groups: Vec<Group>,
    areas: Vec<Area>,
    requirements: Vec<Requirement>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Level {
    id: u32,
    title: String,
    meaning: String,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Area {
    id: String,
    title: String,
    group: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Group {
    id: String,
    title: String,
}

/// One demand, under its official id.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Requirement {
    id: String,
    /// Other ways in which it is written, which are read wherever a requirement is named
    #[schemars(default)]
    aliases: Vec<String>,
    area: String,
    /// The levels that the source tags it with; it counts from the lowest upwards
    #[schemars(default)]
    levels: Vec<u32>,
    demands: String,
    met_when: Option<Condition>,
    /// Instead of `met_when`: met when this level of the model is reached
    met_when_level: Option<u32>,
    partly_when: Option<Condition>,
    not_applicable_when: Option<Condition>,
    /// By level: MUST, SHOULD or SUGGESTED, then met-url, met-because, na, na-because (badge-percentages only)
    #[schemars(default)]
    rules: BTreeMap<String, Vec<String>>,
    /// By share, such as 1/2: when it is worth so much (averaged-practices only)
    #[schemars(default)]
    worth: BTreeMap<String, Condition>,
    /// Instead of `met_when` and `worth`: the question whose answer says what it is worth (averaged-practices only)
    worth_of: Option<String>,
    /// Framework to the ids there
    #[schemars(default)]
    maps: BTreeMap<String, Vec<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::Questionnaires;
    use crate::yaml::Document;

    /// The fields of a definition.
    fn fields(schema: &Schema, definition: Option<&str>) -> Vec<String> {
        let value = schema.as_value();
        let object = match definition {
            Some(name) => &value["$defs"][name],
            None => value,
        };
        object["properties"].as_object().unwrap().keys().cloned().collect()
    }

    /// A document that has exactly these fields, under some lead.
    fn document(lead: &str, indent: &str, fields: &[String]) -> Document {
        let body = fields.iter().fold(String::new(), |body, field| body + indent + field + ": x\n");
        Document::new("test.yaml", format!("{lead}{body}"))
    }

    fn unknown_fields(problems: &[crate::yaml::Problem]) -> Vec<&str> {
        problems
            .iter()
            .map(|problem| problem.message.as_str())
            .filter(|message| message.contains("has no field"))
            .collect()
    }

    #[test]
    fn readers_know_the_fields_of_the_schemas() {
        let questionnaires = Questionnaires::built_in().unwrap();
        let id = &questionnaires.questions()[0].id;
        let answers = answers();
        for (kind, definition) in [("answers", "Answer"), ("reviews", "Review")] {
            let lead = format!("schema: seaworthy.answers/1\n{kind}:\n  {id}:\n");
            let (_, problems) = crate::answers::Answers::read(
                &document(&lead, "    ", &fields(&answers, Some(definition))),
                &questionnaires,
            );
            assert_eq!(unknown_fields(&problems), Vec::<&str>::new());
        }
        let questions = questions();
        let lead = "schema: seaworthy.questions/1\ntopic: a\ntitle: A\nquestions:\n-\n";
        let (_, files) = Questionnaires::check(vec![document(lead, "    ", &fields(&questions, Some("Question")))]);
        assert_eq!(unknown_fields(&files[0].problems), Vec::<&str>::new());
        let model = model();
        let own: Vec<String> = fields(&model, None).into_iter().filter(|field| field != "schema").collect();
        let (_, files) = Questionnaires::check(vec![document("schema: seaworthy.model/1\n", "", &own)]);
        assert_eq!(unknown_fields(&files[0].problems), Vec::<&str>::new());
    }
}
