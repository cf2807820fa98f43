//! Bank statements as finance gets them from the bank.

use chrono::NaiveDate;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A statement being written.
#[derive(Clone, Debug)]
pub struct Statement {
    csv: String,
    day: NaiveDate,
}

impl Statement {
    /// An empty one of `day`.
    pub fn new(day: NaiveDate) -> Self {
        let csv = "date,line_id,direction,amount_yuan,counterparty_name,counterparty_account,remark\n".to_owned();
        Self { csv, day }
    }

    /// A transfer that came in. `line` is the bank's own number of it.
    #[must_use]
    pub fn incoming(self, line: &str, fen: i64, name: &str, account: &str, remark: &str) -> Self {
        self.line(line, "in", fen, name, account, remark)
    }

    /// A transfer that went out.
    #[must_use]
    pub fn outgoing(self, line: &str, fen: i64, name: &str, account: &str, remark: &str) -> Self {
        self.line(line, "out", fen, name, account, remark)
    }

    fn line(mut self, line: &str, way: &str, fen: i64, name: &str, account: &str, remark: &str) -> Self {
        let (yuan, day) = (format!("{}.{:02}", fen / 100, fen % 100), self.day);
        writeln!(self.csv, "{day},{line},{way},{yuan},{name},{account},{remark}").expect("writing to a string");
        self
    }

    /// As the import asks for it.
    pub fn request(&self) -> Value {
        json!({ "csv": self.csv })
    }
}
