//! Audits as reports show them: how old, of what, and whether that is still what ships.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::words;
use crate::assess::record::{AuditFindings, AuditShown, Shipped};
use crate::report::escape::{clean, web_link};

/// An audit of the code, as the maintainers tell it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AuditView {
    /// Its id in the register.
    pub id: String,
    /// Who looked: a name, or "not named".
    pub auditor: String,
    /// Whether the auditor is from outside the project.
    pub independent: bool,
    /// The day of its report: `2026-03-01`.
    pub finished: String,
    /// How long ago that was: `268 days ago`.
    pub age: String,
    /// What was looked at, in words; none where that is not told.
    pub scope: Option<String>,
    /// The code that was looked at: "release v1.4.0, commit 0123456789"; "not told" where it is not.
    pub code: String,
    /// Only ever an http or https address.
    pub report: Option<String>,
    /// "5 found, 4 fixed (high: 1 of 1 fixed; low: 3 of 4 fixed)"; "not told" where nothing is told of them.
    pub findings: String,
    /// How many findings are not fixed; none where nothing is told of them.
    pub open: Option<u32>,
    /// yes, no or unknown: whether the code that it looked at is what ships.
    pub shipped: &'static str,
    /// The same in words: `still what ships`.
    pub shipped_title: &'static str,
    /// Why that is said, as a sentence.
    pub shipped_because: String,
    /// Who says all this.
    pub by: String,
    /// When: `2026-03-10`.
    pub on: String,
}

impl AuditView {
    pub(super) fn new(audit: &AuditShown, as_of: NaiveDate) -> Self {
        let (shipped, shipped_title) = match audit.shipped {
            Shipped::Same => ("yes", "still what ships"),
            Shipped::Changed => ("no", "no longer what ships"),
            Shipped::Unknown => ("unknown", "unknown whether it still ships"),
        };
        Self {
            id: clean(&audit.id),
            auditor: audit.auditor.as_deref().map_or_else(|| "not named".to_owned(), clean),
            independent: audit.independent,
            finished: audit.finished.to_string(),
            age: words::days_from(as_of, audit.finished),
            scope: audit.scope.as_deref().map(clean),
            code: code(audit),
            report: audit.report.as_deref().and_then(web_link),
            findings: audit.findings.as_deref().map_or_else(|| "not told".to_owned(), findings),
            open: audit.findings.as_deref().map(open),
            shipped,
            shipped_title,
            shipped_because: clean(&audit.shipped_because),
            by: clean(&audit.by),
            on: audit.on.to_string(),
        }
    }
}

fn code(audit: &AuditShown) -> String {
    let release = audit.release.as_deref().map(|release| format!("release {}", clean(release)));
    let commit = audit.commit.as_deref().map(|commit| {
        let short: String = clean(commit).chars().take(10).collect();
        format!("commit {short}")
    });
    let parts: Vec<String> = release.into_iter().chain(commit).collect();
    if parts.is_empty() { "not told".to_owned() } else { parts.join(", ") }
}

fn open(findings: &[AuditFindings]) -> u32 {
    findings.iter().fold(0, |sum, of| sum.saturating_add(of.found.saturating_sub(of.fixed)))
}

fn findings(findings: &[AuditFindings]) -> String {
    let sum = |of: fn(&AuditFindings) -> u32| findings.iter().fold(0_u32, |sum, one| sum.saturating_add(of(one)));
    let (found, fixed) = (sum(|of| of.found), sum(|of| of.fixed));
    let each: Vec<String> = findings
        .iter()
        .filter(|of| of.found > 0)
        .map(|of| format!("{}: {} of {} fixed", of.severity.word(), of.fixed, of.found))
        .collect();
    match found {
        0 => "none".to_owned(),
        _ => format!("{found} found, {fixed} fixed ({})", each.join("; ")),
    }
}
