//! A notice while it is read: the row, what came out of it so far, and the findings.

use super::row::Row;
use crate::finding::{Finding, refuses};
use crate::notice::Notice;

/// A notice while it is read.
pub(super) struct Draft<'a> {
    /// The row.
    pub(super) row: &'a Row,
    /// What came out of it so far.
    pub(super) notice: Notice,
    /// What there is to say about it.
    pub(super) findings: Vec<Finding>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(row: &'a Row) -> Self {
        Self { row, notice: Notice::default(), findings: Vec::new() }
    }

    /// The cell of `column`.
    pub(super) fn get(&self, column: &str) -> &'a str {
        self.row.get(column)
    }

    /// Adds a finding.
    pub(super) fn say(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Whether the notice is refused by now.
    pub(super) fn refused(&self) -> bool {
        refuses(&self.findings)
    }
}
