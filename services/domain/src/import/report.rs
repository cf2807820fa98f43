//! What an import came to: counts, and counts by rule.

use super::{ImportOutcome, Outcome};
use crate::finding::Severity;
use serde::Serialize;
use std::collections::BTreeMap;

/// How often a rule spoke.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleCount {
    /// Refusals.
    pub refusals: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

/// Counts of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Notices read.
    pub notices: usize,
    /// Notices that became drafts.
    pub drafts: usize,
    /// Notices refused.
    pub refused: usize,
    /// Findings by rule.
    pub rules: BTreeMap<String, RuleCount>,
}

impl Report {
    /// Counts one more notice.
    pub fn add(&mut self, outcome: &ImportOutcome) {
        self.notices += 1;
        match outcome.outcome {
            Outcome::Draft(_) => self.drafts += 1,
            Outcome::Refused => self.refused += 1,
        }
        for finding in &outcome.findings {
            let count = self.rules.entry(finding.rule.clone()).or_default();
            match finding.severity {
                Severity::Refusal => count.refusals += 1,
                Severity::Warning => count.warnings += 1,
                Severity::Note => count.notes += 1,
            }
        }
    }
}

/// Counts a whole import.
pub fn report<'a>(outcomes: impl IntoIterator<Item = &'a ImportOutcome>) -> Report {
    let mut report = Report::default();
    for outcome in outcomes {
        report.add(outcome);
    }
    report
}
