//! The JSON Schemas of the formats.
//!
//! Those of evidence and records are made from the types that read and write them. Files that people write are read with
//! positions instead of serde; the types here describe them for editors, and tests hold both together.
#![expect(dead_code, reason = "these types describe files and are never made")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, schema_for};

use crate::annual::Year;
use crate::answers::Conflict;
use crate::assess::record::Assessment;
use crate::collect::github::doctor::Examination;
use crate::diff::Diff;
use crate::evidence::{Evidence, Value};
use crate::questionnaire::{AnswerType, Certainty, Effort, Relation, Scoring};
use crate::validity::Standing;

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

/// The schema of a file with relations between requirements of models.
pub fn crosswalk() -> Schema {
    schema_for!(CrosswalkFile)
}

/// The schema of what `seaworthy doctor --format json` prints.
pub fn doctor() -> Schema {
    schema_for!(Examination)
}

/// The schema of what `seaworthy status --format json` prints.
pub fn status() -> Schema {
    schema_for!(Standing)
}

/// The schema of what `seaworthy diff --format json` prints.
pub fn diff() -> Schema {
    schema_for!(Diff)
}

/// The schema of what `seaworthy annual --format json` prints.
pub fn year() -> Schema {
    schema_for!(Year)
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

/// How requirements of different models relate, as others have published it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct CrosswalkFile {
    /// seaworthy.crosswalk/1
    schema: String,
    /// By id: where relations come from
    #[schemars(required)]
    sources: BTreeMap<String, RelationSource>,
    #[schemars(required)]
    relations: Vec<RelationWritten>,
}

/// A published map.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct RelationSource {
    title: String,
    address: String,
    version: String,
    licence: String,
}

/// A relation between requirements of two models. It explains, and never decides.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct RelationWritten {
    /// MODEL/REQUIREMENT
    from: String,
    /// MODEL/REQUIREMENT of another model
    to: String,
    relation: Relation,
    /// From 1, a weak signal, to 3, as good as certain
    confidence: u8,
    /// An id of `sources`
    source: String,
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
    /// Audits of the code, by an id of your own
    #[schemars(default)]
    audits: Option<BTreeMap<String, Audit>>,
    /// What you aim at: by model, then by id of a level, area or group, `all` for the whole
    #[schemars(default)]
    targets: BTreeMap<String, BTreeMap<String, f64>>,
    /// Who conducted the assessment, and what they say and recommend
    #[schemars(default)]
    assessment: Option<Conduct>,
}

/// Who conducted an assessment, and what they say.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Conduct {
    /// The day on which the reviewers were done
    completed: Option<NaiveDate>,
    /// The issue in which the assessment is followed
    tracking: Option<String>,
    #[schemars(default)]
    reviewers: Vec<Reviewer>,
    /// The people of the project who took part
    #[schemars(default)]
    team: Vec<Member>,
    /// What the reviewers say of the design, in Markdown
    design: Option<String>,
    /// What the reviewers found in the analysis, in Markdown
    analysis: Option<String>,
    #[schemars(default)]
    recommendations: Vec<Recommendation>,
}

/// Somebody who reviewed.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Reviewer {
    /// Such as @bob
    handle: String,
    name: Option<String>,
    role: Option<ReviewerRole>,
    /// A reviewer with any conflict may not lead; one with a hard one may not review, unless it is waived
    conflict: Conflict,
    /// What the conflict is; needed where there is one
    note: Option<String>,
    /// Two chairs and the facilitator, who agreed in writing that a hard conflict is waived
    #[schemars(default)]
    waived_by: Vec<String>,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ReviewerRole {
    Lead,
    Reviewer,
}

/// A handle, or somebody described.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Member {
    Handle(String),
    Person(Person),
}

/// What the reviewers recommend.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Recommendation {
    to: RecommendedTo,
    /// In Markdown
    text: String,
    by: Option<String>,
    on: Option<NaiveDate>,
    /// Where it is followed
    link: Option<String>,
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum RecommendedTo {
    Project,
    Cncf,
    Additional,
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

/// An audit of the code. It names the release or the commit that was looked at.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Audit {
    /// Who looked
    auditor: Option<String>,
    /// yes where the auditor is from outside the project
    independent: Written,
    /// The day of the report
    finished: NaiveDate,
    /// What was looked at, in words
    scope: Option<String>,
    /// The tag of the release that was looked at
    release: Option<String>,
    /// The commit that was looked at, in full
    commit: Option<String>,
    /// Link to the report
    report: Option<String>,
    /// By severity; an empty mapping where there were none, left out where nothing is told of them
    findings: Option<Findings>,
    /// Who says all this
    by: String,
    /// When
    on: NaiveDate,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Findings {
    critical: Option<FindingCount>,
    high: Option<FindingCount>,
    medium: Option<FindingCount>,
    low: Option<FindingCount>,
    informational: Option<FindingCount>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct FindingCount {
    found: u32,
    fixed: u32,
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

/// What the register of audits says which answer.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct AuditRule {
    value: Option<Written>,
    /// Instead of `value`: the fact whose value is the answer, such as audits.list
    value_of: Option<String>,
    when: Condition,
}

/// A tree of `all`, `any`, `none` and `at_least` over leaves, each a name with a value or a test.
type Condition = BTreeMap<String, serde_json::Value>;

/// A maturity model, or with `extends` a profile of one.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[schemars(extend(
    "if" = {"not": {"required": ["extends"]}},
    "then" = {"required": ["scoring", "areas", "requirements"], "properties": {"requirements": {"items": {"required": ["area", "demands"]}}}}
))]
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
    /// The model that this one is a profile of
    extends: Option<String>,
    /// The version of that model for which the profile was written; `lint` says when there is another one
    of_version: Option<String>,
    /// Needed, except in a profile, which scores as the model that it extends
    scoring: Option<Scoring>,
    /// What a profile takes over; everything where it is left out
    choose: Option<Choose>,
    /// What a profile leaves out: the reason for each id of a requirement or area
    #[schemars(default)]
    drop: BTreeMap<String, String>,
    /// Left out where the model scores otherwise than by levels
    #[schemars(default)]
    levels: Vec<Level>,
    /// What areas belong to, where a model has groups of them
    #[schemars(default)]
    groups: Vec<Group>,
    /// A profile names only those that it adds
    #[schemars(default)]
    areas: Vec<Area>,
    /// A profile names only those that it changes or adds
    #[schemars(default)]
    requirements: Vec<Requirement>,
    /// What the model is written down as
    #[schemars(default)]
    documents: Vec<DocumentFile>,
    /// The versions of the source and what changed, the newest first
    #[schemars(default)]
    versions: Vec<Version>,
}

/// A version of the source, and what changed since the one before.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the file names it so")]
struct Version {
    version: String,
    date: NaiveDate,
    /// Requirements that count at some level
    total: u32,
    #[schemars(default)]
    added: Vec<String>,
    #[schemars(default)]
    retired: Vec<String>,
    /// By id: the levels before and after
    #[schemars(default)]
    moved: BTreeMap<String, Moved>,
    #[schemars(default)]
    reworded: Vec<String>,
    note: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Moved {
    from: Vec<u32>,
    to: Vec<u32>,
}

/// The requirements that a profile takes over: those of these levels and areas, and single ones.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Choose {
    /// Those that count from one of these levels on
    #[schemars(default)]
    levels: Vec<u32>,
    #[schemars(default)]
    areas: Vec<String>,
    #[schemars(default)]
    requirements: Vec<String>,
}

/// A document that a model is written down as.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct DocumentFile {
    /// Its name on the command line
    id: String,
    /// `{project}` stands for the name of the project
    title: String,
    sections: Vec<Section>,
}

/// A section of a document. Sections lie in each other at most five deep.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Section {
    heading: String,
    /// The requirement whose answers it holds
    requirement: Option<String>,
    /// Requirements whose answers stand here too, but without which the section is complete
    #[schemars(default)]
    also: Vec<String>,
    /// A fixed text in Markdown; `{project}` stands for the name of the project
    says: Option<String>,
    /// reviewers, team, design, analysis, recommendations-cncf, recommendations-project or recommendations-additional
    shows: Option<String>,
    #[schemars(default)]
    rows: Vec<Row>,
    #[schemars(default)]
    sections: Vec<Self>,
}

/// A row of a table: `shows`, or a question, observations or both.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Row {
    label: String,
    /// stage, subject, commit, completed or tracking
    shows: Option<String>,
    question: Option<String>,
    /// Keys of observations; what is known of them stands before the question
    #[schemars(default)]
    observations: Vec<String>,
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
    area: Option<String>,
    /// The levels that the source tags it with; it counts from the lowest upwards
    #[schemars(default)]
    levels: Vec<u32>,
    demands: Option<String>,
    /// What the readers of the model can do where it is not met, where these are not the people of the project
    advice: Option<String>,
    met_when: Option<Condition>,
    /// What must hold beside what the model demands (profiles only)
    also_when: Option<Condition>,
    /// Why less is demanded than by the model (profiles only)
    loosens: Option<String>,
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
        let lead = "schema: seaworthy.answers/1\naudits:\n  one:\n";
        let audit = document(lead, "    ", &fields(&answers, Some("Audit")));
        let (_, problems) = crate::answers::Answers::read(&audit, &questionnaires);
        assert_eq!(unknown_fields(&problems), Vec::<&str>::new());
        let questions = questions();
        let lead = "schema: seaworthy.questions/1\ntopic: a\ntitle: A\nquestions:\n-\n";
        let (_, files) = Questionnaires::check(vec![document(lead, "    ", &fields(&questions, Some("Question")))]);
        assert_eq!(unknown_fields(&files[0].problems), Vec::<&str>::new());
        let model = model();
        let profile = ["extends", "of_version", "choose", "drop"];
        for left_out in [&profile[..], &["versions", "documents"]] {
            let own: Vec<String> = fields(&model, None)
                .into_iter()
                .filter(|field| field != "schema" && !left_out.contains(&field.as_str()))
                .collect();
            let (_, files) = Questionnaires::check(vec![document("schema: seaworthy.model/1\n", "", &own)]);
            assert_eq!(unknown_fields(&files[0].problems), Vec::<&str>::new());
        }
    }
}
