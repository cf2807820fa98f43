//! Reading published notices from a table (公告导入): each becomes a draft that says exactly what the notice says, or is refused.
//!
//! # The line between the two
//! **What can't be expressed exactly is refused; what is absent is left open in the draft and named.** Field by field:
//!
//! | field | absent | not exact or contradictory |
//! |---|---|---|
//! | reserve | refused: there is nothing to offer at (`price.reserve-missing`); a published total alone is a price | refused: no figure, two figures for one quantity, a unit that leaves year or whole term open (`price.basis-ambiguous`), an unknown unit |
//! | quantity | refused where the price is per unit (`quantity.missing`), else left open | refused: no figure, unknown unit, a unit the price does not measure |
//! | published total | nothing | refused where it is not price × quantity × term beyond the figures' own rounding (`price.total-contradiction`) |
//! | term | left open | refused: title, years and dates disagree (`term.contradiction`), decimal years that are no months (`term.inexact`) |
//! | escalator | left open | refused where its words give no rule; a rule without its figure is left open, market adjustment is one |
//! | method | left open | left open, the words kept |
//! | step, ceiling, periods | left open | refused: no figure, a unit that does not go with the reserve's, words against columns |
//! | deposit | left open | refused: no amount in yuan, below nothing, above the whole price |
//! | days and hours | left open | refused: no date, or an order that can't be |
//! | payment, priority, use | left open | words are kept beside what was read of them |
//! | category | left open | refused where unknown, barred by law, or its use or term is |
//!
//! Results (`deal_…`, `bids`, `status`) and where a row comes from (`source`, `note`) are no terms of a notice and are not read.
//!
//! **Invariants**: a draft carries no finding that refuses, a refused notice carries at least one; no input panics; rows come out
//! one by one, in the order of the file.

mod amount;
mod basis;
mod dates;
mod deposit;
mod draft;
mod escalator;
mod grain;
mod method;
mod number;
mod parties;
mod payment;
mod periods;
mod price;
mod priority;
mod quantity;
pub mod report;
mod row;
mod rules;
mod say;
mod steps;
mod term;
mod total;
mod unit;

pub use report::{Report, RuleCount, report};
pub use row::{COLUMNS, SOURCE_COLUMNS};

use crate::finding::{Finding, refuses};
use crate::notice::Notice;
use csv::{ByteRecord, ReaderBuilder};
use draft::Draft;
use row::{Header, Row};
use serde::{Serialize, Serializer};
use std::collections::BTreeSet;
use std::io::Read;

/// What became of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A draft that says what the notice says.
    Draft(Box<Notice>),
    /// Refused; the findings say why.
    Refused,
}

impl Outcome {
    /// `draft` or `refused`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Draft(_) => "draft",
            Self::Refused => "refused",
        }
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A notice of the table. Serialised it is `{id, outcome: "draft"|"refused", findings}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportOutcome {
    /// The row's id; `line N` where it has none, `header` where the table itself can't be read.
    pub id: String,
    /// Line of the file the row begins on, from 1.
    #[serde(skip)]
    pub line: u64,
    /// Draft or refused.
    pub outcome: Outcome,
    /// What there is to say, refusals first.
    pub findings: Vec<Finding>,
}

/// Reads a table of notices, one outcome for each row. A header that can't be read, or an error of the reader, is an outcome too
/// (refused, id `header` or `line N`) and ends the table.
pub fn read<R: Read>(reader: R) -> impl Iterator<Item = ImportOutcome> {
    let csv = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(reader);
    Table { records: csv.into_byte_records(), header: None, ids: BTreeSet::new(), done: false }
}

struct Table<R> {
    records: csv::ByteRecordsIntoIter<R>,
    header: Option<Header>,
    ids: BTreeSet<String>,
    done: bool,
}

impl<R: Read> Table<R> {
    fn end(&mut self, id: String, line: u64, findings: Vec<Finding>) -> Option<ImportOutcome> {
        self.done = true;
        Some(ImportOutcome { id, line, outcome: Outcome::Refused, findings })
    }

    fn row(&mut self, header: &Header, record: &ByteRecord) -> ImportOutcome {
        let line = record.position().map_or(0, csv::Position::line);
        let (id, row) = header.row(record);
        let id = if id.is_empty() { format!("line {line}") } else { id };
        let mut outcome = match row {
            Ok(row) => notice(&row),
            Err(finding) => (Outcome::Refused, vec![finding]),
        };
        if !self.ids.insert(id.clone()) {
            let (zh, en) = (format!("编号“{id}”在文件中重复"), format!("the id {id} stands twice in the file"));
            outcome.1.insert(0, say::refuse("import.id-twice", "id", zh, en));
            outcome.0 = Outcome::Refused;
        }
        outcome.1.extend(header.remarks().iter().cloned());
        ImportOutcome { id, line, outcome: outcome.0, findings: outcome.1 }
    }
}

impl<R: Read> Iterator for Table<R> {
    type Item = ImportOutcome;

    fn next(&mut self) -> Option<ImportOutcome> {
        if self.done {
            return None;
        }
        loop {
            let record = match self.records.next() {
                Some(Ok(record)) => record,
                Some(Err(error)) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    let (zh, en) = (format!("读取文件出错:{error}"), format!("the file can't be read: {error}"));
                    return self.end(
                        format!("line {line}"),
                        line,
                        vec![say::refuse("import.unreadable", "row", zh, en)],
                    );
                }
                None if self.header.is_none() => {
                    let empty = say::refuse("import.empty", "header", "文件是空的", "the file is empty");
                    return self.end("header".into(), 0, vec![empty]);
                }
                None => {
                    self.done = true;
                    return None;
                }
            };
            match self.header.take() {
                None => match Header::read(&record) {
                    Ok(header) => self.header = Some(header),
                    Err(findings) => return self.end("header".into(), 1, findings),
                },
                Some(header) => {
                    // Rows of nothing but separators, as spreadsheets leave them at the end.
                    if record.iter().all(|cell| cell.iter().all(u8::is_ascii_whitespace)) {
                        self.header = Some(header);
                        continue;
                    }
                    let outcome = self.row(&header, &record);
                    self.header = Some(header);
                    return Some(outcome);
                }
            }
        }
    }
}

/// Reads one row.
fn notice(row: &Row) -> (Outcome, Vec<Finding>) {
    let mut draft = Draft::new(row);
    parties::read(&mut draft);
    let amounts = quantity::read(&mut draft);
    term::read(&mut draft);
    let priced = price::read(&mut draft, &amounts);
    escalator::read(&mut draft);
    let steps = steps::read(&mut draft);
    method::read(&mut draft, steps.step, steps.max_step, steps.ceiling);
    deposit::read(&mut draft);
    payment::read(&mut draft);
    priority::read(&mut draft);
    dates::read(&mut draft);
    total::check(&mut draft, priced.as_ref(), &amounts);
    deposit::against_total(&mut draft);
    rules::check(&mut draft);
    let Draft { notice, mut findings, .. } = draft;
    // Refusals first, then warnings, then notes; within each in the order of the form.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let outcome = if refuses(&findings) { Outcome::Refused } else { Outcome::Draft(Box::new(notice)) };
    (outcome, findings)
}

#[cfg(test)]
mod tests;
