//! Audits of the code, as a record shows them.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answers::Severity;

/// An audit of the code, as the maintainers tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditShown {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auditor: Option<String>,
    /// Whether the auditor is from outside the project.
    pub independent: bool,
    /// The day of its report.
    pub finished: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// None where nothing is told of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<Vec<AuditFindings>>,
    pub by: String,
    pub on: NaiveDate,
    /// Whether the code that it looked at is what ships.
    pub shipped: Shipped,
    pub shipped_because: String,
}

/// The findings of an audit of one severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditFindings {
    pub severity: Severity,
    pub found: u32,
    pub fixed: u32,
}

/// Whether the code that an audit looked at is what ships, as far as can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shipped {
    Same,
    Changed,
    Unknown,
}
