//! The table: columns by name, rows as they come.

use super::say::{refuse, shown};
use crate::finding::{Finding, Severity};
use csv::ByteRecord;

/// The columns of the form, in its order.
pub const COLUMNS: [&str; 49] = [
    "id",
    "title",
    "province",
    "city",
    "county",
    "township",
    "village",
    "category",
    "category_text",
    "holder",
    "transfer_mode",
    "quantity",
    "unit",
    "term_years",
    "term_from",
    "term_to",
    "reserve_price",
    "reserve_unit",
    "reserve_total_yuan",
    "step",
    "step_unit",
    "max_step",
    "ceiling_price",
    "deposit_yuan",
    "other_deposit",
    "announce_from",
    "announce_to",
    "register_from",
    "register_to",
    "auction_from",
    "auction_to",
    "free_period_minutes",
    "extension_minutes",
    "limited_rule",
    "method",
    "bidders",
    "bids",
    "deal_price",
    "deal_unit",
    "deal_total_yuan",
    "deal_date",
    "premium_percent",
    "status",
    "status_text",
    "payment_terms",
    "escalator",
    "intended_use",
    "priority",
    "special_conditions",
];

/// Columns that say where a row comes from; read by people only.
pub const SOURCE_COLUMNS: [&str; 3] = ["source_kind", "source", "note"];

/// Columns without which nothing can be read.
const NEEDED: [&str; 7] = ["id", "title", "category", "quantity", "unit", "reserve_price", "reserve_unit"];

/// The longest cell, in bytes. A longer one is a broken file (a quotation mark that never closes), not a notice.
const LONGEST: usize = 20_000;

/// Where each column stands.
#[derive(Clone, Debug)]
pub(super) struct Header {
    places: [Option<usize>; COLUMNS.len()],
    width: usize,
    /// What is odd about the header; said with every row.
    remarks: Vec<Finding>,
}

impl Header {
    /// Reads the header line.
    ///
    /// # Errors
    /// `import.encoding` where it is not UTF-8, `import.column-missing` and `import.column-twice` for each such column.
    pub(super) fn read(record: &ByteRecord) -> Result<Self, Vec<Finding>> {
        let mut names = Vec::with_capacity(record.len());
        for field in record {
            match std::str::from_utf8(field) {
                Ok(name) => names.push(name.trim_start_matches('\u{feff}').trim().to_lowercase()),
                Err(_) => return Err(vec![encoding("")]),
            }
        }
        let mut broken = Vec::new();
        let mut places = [None; COLUMNS.len()];
        let mut absent = Vec::new();
        for (column, place) in COLUMNS.iter().zip(&mut places) {
            let mut found = names.iter().enumerate().filter(|(_, name)| name == column).map(|(at, _)| at);
            *place = found.next();
            if found.next().is_some() {
                let (zh, en) = (format!("列“{column}”出现两次"), format!("the column {column} stands twice"));
                broken.push(refuse("import.column-twice", column, zh, en));
            }
            if place.is_none() {
                if NEEDED.contains(column) {
                    let (zh, en) = (format!("缺少列“{column}”"), format!("the column {column} is missing"));
                    broken.push(refuse("import.column-missing", column, zh, en));
                } else {
                    absent.push(*column);
                }
            }
        }
        if !broken.is_empty() {
            return Err(broken);
        }
        let mut remarks = Vec::new();
        if !absent.is_empty() {
            let list = absent.join(", ");
            let (zh, en) = (
                format!("文件缺少这些列,按未公布处理:{list}"),
                format!("columns missing, taken as not published: {list}"),
            );
            remarks.push(refuse("import.column-missing", "header", zh, en).with_severity(Severity::Note));
        }
        let unknown: Vec<_> = names
            .iter()
            .map(String::as_str)
            .filter(|name| !COLUMNS.contains(name) && !SOURCE_COLUMNS.contains(name))
            .map(shown)
            .collect();
        if !unknown.is_empty() {
            let list = unknown.join(", ");
            let (zh, en) = (format!("不认识的列,没有读取:{list}"), format!("unknown columns, not read: {list}"));
            remarks.push(refuse("import.column-unknown", "header", zh, en).with_severity(Severity::Note));
        }
        Ok(Self { places, width: names.len(), remarks })
    }

    /// What is odd about the header.
    pub(super) fn remarks(&self) -> &[Finding] {
        &self.remarks
    }

    /// Reads a row. The id comes first, so that even a broken row can be named where its first cell reads.
    pub(super) fn row(&self, record: &ByteRecord) -> (String, Result<Row, Finding>) {
        let cell = |at: usize| record.get(at).map(|bytes| std::str::from_utf8(bytes).map(str::trim));
        let id = self.places[0].and_then(cell).and_then(Result::ok).map(shown).unwrap_or_default();
        if record.len() != self.width {
            let (zh, en) = (
                format!("这一行有{}列,表头有{}列", record.len(), self.width),
                format!("the row has {} cells, the header {}", record.len(), self.width),
            );
            let finding = refuse("import.row-length", "row", zh, en);
            return (id, Err(finding.with_fact("cells", record.len()).with_fact("columns", self.width)));
        }
        let mut cells = Vec::with_capacity(COLUMNS.len());
        for (column, place) in COLUMNS.iter().zip(&self.places) {
            match place.and_then(cell) {
                None => cells.push(String::new()),
                Some(Err(_)) => return (id, Err(encoding(column))),
                Some(Ok(text)) if text.len() > LONGEST => {
                    let (zh, en) = (format!("列“{column}”的内容过长"), format!("the cell of {column} is too long"));
                    return (id, Err(refuse("import.cell-length", column, zh, en).with_fact("bytes", text.len())));
                }
                Some(Ok(text)) => cells.push(text.to_owned()),
            }
        }
        (id, Ok(Row { cells }))
    }
}

fn encoding(column: &str) -> Finding {
    let field = if column.is_empty() { "header" } else { column };
    refuse("import.encoding", field, "文件不是 UTF-8 编码", "the file is not UTF-8")
}

/// A row of the table; each cell trimmed, empty where nothing is published.
#[derive(Clone, Debug)]
pub(super) struct Row {
    cells: Vec<String>,
}

impl Row {
    /// The cell of `column`.
    pub(super) fn get(&self, column: &str) -> &str {
        COLUMNS.iter().position(|name| *name == column).and_then(|at| self.cells.get(at)).map_or("", String::as_str)
    }
}
