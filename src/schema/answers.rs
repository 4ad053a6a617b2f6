//! The file of answers, reviews, waivers and audits.
#![expect(dead_code, reason = "these types describe files and are never made")]

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;

use super::value::{Person, Written};
use crate::answers::Conflict;

/// What people say: answers, reviews and waivers.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct AnswersFile {
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
pub(super) struct Conduct {
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
pub(super) struct Reviewer {
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
pub(super) enum ReviewerRole {
    Lead,
    Reviewer,
}

/// A handle, or somebody described.
#[derive(JsonSchema)]
#[serde(untagged)]
pub(super) enum Member {
    Handle(String),
    Person(Person),
}

/// What the reviewers recommend.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Recommendation {
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
pub(super) enum RecommendedTo {
    Project,
    Cncf,
    Additional,
}

/// A maintainer's word. It has either `value` or `not_applicable`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Answer {
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
pub(super) enum Criteria {
    Word(CriteriaWord),
    Numbers(Vec<u8>),
}

#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum CriteriaWord {
    All,
    None,
}

/// Somebody else who was asked.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Respondent {
    by: String,
    on: NaiveDate,
    /// Whether it is so; yes where it is left out. Who does not agree says why in `note`
    agrees: Option<Written>,
    note: Option<String>,
}

/// A file that lies beside the answers.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Attachment {
    /// From the folder of the answers file
    path: String,
    /// 64 digits
    sha256: String,
}

/// An audit of the code. It names the release or the commit that was looked at.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Audit {
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
pub(super) struct Findings {
    critical: Option<FindingCount>,
    high: Option<FindingCount>,
    medium: Option<FindingCount>,
    low: Option<FindingCount>,
    informational: Option<FindingCount>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct FindingCount {
    found: u32,
    fixed: u32,
}

/// A reviewer's word on an answer.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Review {
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
pub(super) enum Verdict {
    Accepted,
    Challenged,
    Overruled,
}

/// A requirement that is accepted for a time although it is not met.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Waiver {
    reason: String,
    by: String,
    until: NaiveDate,
}
