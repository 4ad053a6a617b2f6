//! The register of audits: who looked at which code, when, and what became of the findings.
//!
//! An audit is a microscope on one state of the code; an assessment is a review of the blueprint. A project needs both, so
//! the answers file has a place for audits. All of it is the maintainers' word.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::questionnaire::{boolean, is_link};
use crate::yaml::{Fields, Key, Kind, Node, Problem, nearest};

/// The most audits of one register.
pub(super) const MAX_AUDITS: usize = 200;
/// The most findings of one severity.
const MAX_FINDINGS: i64 = 1_000_000;

/// How bad a finding of an audit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Critical,
    High,
    Medium,
    Low,
    Informational,
}

/// The severities by their written names, the worst first.
const SEVERITIES: [(&str, Severity); 5] = [
    ("critical", Severity::Critical),
    ("high", Severity::High),
    ("medium", Severity::Medium),
    ("low", Severity::Low),
    ("informational", Severity::Informational),
];

impl Severity {
    pub fn word(self) -> &'static str {
        SEVERITIES.iter().find(|(_, severity)| *severity == self).map_or("", |(word, _)| word)
    }
}

/// How many findings there were, and how many of them are fixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub found: u32,
    pub fixed: u32,
}

/// An audit of the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Who looked; none where that is not told.
    pub auditor: Option<String>,
    /// Whether the auditor is from outside the project.
    pub independent: bool,
    /// The day of its report.
    pub finished: NaiveDate,
    /// What was looked at, in words.
    pub scope: Option<String>,
    /// The tag of the release that was looked at.
    pub release: Option<String>,
    /// The commit that was looked at, in full.
    pub commit: Option<String>,
    /// Link to the report.
    pub report: Option<String>,
    /// By severity; none where nothing is told of them.
    pub findings: Option<BTreeMap<Severity, Count>>,
    /// Who says all this.
    pub by: String,
    pub on: NaiveDate,
}

impl Audit {
    /// Findings of these severities that are not fixed; none where nothing is told of them.
    pub fn open(&self, from: impl Fn(Severity) -> bool) -> Option<u32> {
        let findings = self.findings.as_ref()?.iter().filter(|(severity, _)| from(**severity));
        Some(findings.fold(0, |sum, (_, count)| sum.saturating_add(count.found.saturating_sub(count.fixed))))
    }
}

/// Reads an entry of the register; problems are added with their places.
pub(super) fn read(key: &Key, node: &Node, problems: &mut Vec<Problem>) -> Option<Audit> {
    let good = !key.text.is_empty()
        && key.text.len() <= 80
        && key.text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter));
    if !good {
        let problem =
            Problem::error("the id of an audit is made of letters, digits, `.`, `_` and `-`", key.span.clone());
        problems.push(problem.help("such as `2026-parser`"));
    }
    let mut fields = Fields::of(node, "an audit", problems)?;
    let auditor = fields.text("auditor", problems);
    let independent = fields.required("independent", problems).and_then(|node| {
        let value = boolean(node);
        if value.is_none() {
            let problem = Problem::error("`independent` is yes or no", node.span.clone());
            problems.push(problem.help("yes where the auditor is from outside the project"));
        }
        value
    });
    fields.required("finished", problems);
    let finished = fields.date("finished", problems);
    let scope = fields.text("scope", problems);
    let release = fields.text("release", problems);
    let commit = fields.text("commit", problems);
    if let (Some(text), Some(node)) = (&commit, fields.node("commit"))
        && !is_commit(text)
    {
        let problem = Problem::error("`commit` is a whole commit id, in small letters", node.span.clone());
        problems.push(problem.help("`git rev-parse TAG^{commit}` prints it"));
    }
    let report = fields.text("report", problems);
    if let (Some(text), Some(node)) = (&report, fields.node("report"))
        && !is_link(text)
    {
        let problem = Problem::error("`report` is no link", node.span.clone());
        problems.push(problem.help("it begins with https://; leave it out where the report is not public"));
    }
    let findings = fields.node("findings").map(|node| findings(node, problems));
    let by = fields.required_text("by", problems);
    fields.required("on", problems);
    let on = fields.date("on", problems);
    if let (Some(finished), Some(on), Some(node)) = (finished, on, fields.node("on"))
        && on < finished
    {
        problems.push(Problem::error("it is told before the audit was finished", node.span.clone()));
    }
    let span = fields.span();
    fields.finish(problems);
    if release.is_none() && commit.is_none() {
        problems.push(
            Problem::warning("which code was looked at is not told", span.start..span.start)
                .help("name its `release` or `commit`: only then can be told whether it is still what ships"),
        );
    }
    Some(Audit {
        auditor,
        independent: independent?,
        finished: finished?,
        scope,
        release,
        commit,
        report,
        findings,
        by: by?,
        on: on?,
    })
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn findings(node: &Node, problems: &mut Vec<Problem>) -> BTreeMap<Severity, Count> {
    let Kind::Map(entries) = &node.kind else {
        let problem = Problem::error("`findings` are numbers by severity", node.span.clone());
        problems.push(problem.help("write them as `{ high: { found: 2, fixed: 1 } }`; `{}` where there were none"));
        return BTreeMap::new();
    };
    let mut found = BTreeMap::new();
    for (key, value) in entries {
        let Some((_, severity)) = SEVERITIES.iter().find(|(word, _)| *word == key.text) else {
            let problem = Problem::error(format!("`{}` is no severity", key.text), key.span.clone());
            let words = SEVERITIES.map(|(word, _)| word);
            problems.push(match nearest(&key.text, words.into_iter()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help(format!("they are {}", words.join(", "))),
            });
            continue;
        };
        if let Some(count) = count(value, problems) {
            found.insert(*severity, count);
        }
    }
    found
}

fn count(node: &Node, problems: &mut Vec<Problem>) -> Option<Count> {
    let mut fields = Fields::of(node, "a number of findings", problems)?;
    let mut number = |name: &'static str, problems: &mut Vec<Problem>| {
        let node = fields.required(name, problems)?;
        match node.kind {
            Kind::Int(number) if (0..=MAX_FINDINGS).contains(&number) => u32::try_from(number).ok(),
            _ => {
                problems.push(Problem::error(format!("`{name}` is a number from 0 upwards"), node.span.clone()));
                None
            }
        }
    };
    let (found, fixed) = (number("found", problems), number("fixed", problems));
    fields.finish(problems);
    let count = Count { found: found?, fixed: fixed? };
    if count.fixed > count.found {
        problems.push(Problem::error("more findings are fixed than were found", node.span.clone()));
    }
    Some(count)
}
