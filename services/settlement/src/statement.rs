//! Bank statements as files (对账单): read strictly, whole or not at all, with what is wrong said line by line.

use chrono::NaiveDate;
use sanbian_domain::{
    finding::{Finding, Text},
    identity::BankAccount,
    money::Money,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The head line.
const HEAD: [&str; 7] =
    ["date", "line_id", "direction", "amount_yuan", "counterparty_name", "counterparty_account", "remark"];
/// The largest file.
pub(crate) const BYTES: usize = 2 << 20;
/// Most lines of one file: they are booked in one transaction.
const LINES: usize = 10_000;
/// Findings shown of one file at most; the rest is counted.
const SHOWN: usize = 100;
/// The largest amount of a line: a yuan below ninety trillion, so that every JSON reader sees the same figure.
const MOST_FEN: i64 = (1 << 53) - 1;

const BASIS: &str = "对账单文件格式(接口说明) (format of the statement's file, as the API describes it)";

/// Which way the money went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    /// Into the exchange's account.
    In,
    /// Out of it.
    Out,
}

impl Direction {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// The other side of a line and its remark: personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OtherSide {
    /// Name, as the bank writes it; may be empty.
    pub(crate) name: String,
    /// Account number, digits only; empty where the bank gives none.
    pub(crate) account: String,
    /// Remark.
    pub(crate) remark: String,
}

/// A line of a statement.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// Its place in the file, the head line being 1.
    #[serde(skip)]
    pub(crate) at: u64,
    /// The bank's own number.
    pub(crate) bank_line: String,
    /// Day it was booked.
    pub(crate) booked_on: NaiveDate,
    pub(crate) direction: Direction,
    pub(crate) amount: Money,
    pub(crate) other: OtherSide,
}

/// A file that was read.
pub(crate) struct Statement {
    /// Lines of the file, repeated ones included.
    pub(crate) lines: usize,
    /// Each line once.
    pub(crate) unique: Vec<Line>,
}

/// Reads a file. A byte order mark and Windows line ends are taken; nothing else is guessed.
///
/// # Errors
/// What is wrong, line by line: then nothing of the file is taken.
pub(crate) fn read(csv: &str, today: NaiveDate) -> Result<Statement, Vec<Finding>> {
    if csv.len() > BYTES {
        let text = ("文件过大", "the file is too large");
        return Err(vec![wrong("statement.size", text).with_fact("bytes", csv.len()).with_fact("most", BYTES)]);
    }
    let csv = csv.strip_prefix('\u{feff}').unwrap_or(csv);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(csv.as_bytes());
    let mut records = reader.records();
    let head = records.next().and_then(Result::ok);
    if !head.as_ref().is_some_and(|head| head.iter().map(str::trim).eq(HEAD)) {
        let found = head.map(|head| head.iter().map(str::trim).collect::<Vec<_>>().join(",")).unwrap_or_default();
        let text = ("表头不符", "the head line is not the one expected");
        let finding = wrong("statement.header", text).with_fact("expected", HEAD.join(","));
        return Err(vec![finding.with_fact("found", found.chars().take(200).collect::<String>())]);
    }
    let mut findings = Vec::new();
    let mut unique: Vec<Line> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut lines = 0;
    // Line 1 is the head.
    for (at, record) in (2..).zip(records) {
        lines += 1;
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                findings.push(
                    wrong("statement.row", ("该行无法识别", "the line can't be read")).with_fact("detail", error),
                );
                break;
            }
        };
        match row(&record, at, today) {
            Err(found) => findings.extend(found),
            Ok(line) => match known.get(&line.bank_line) {
                Some(place) if Line { at: unique[*place].at, ..line.clone() } == unique[*place] => {}
                Some(place) => {
                    let text =
                        ("同一流水号出现两次且内容不同", "one line number stands twice, with different contents");
                    findings
                        .push(on(at, wrong("statement.line-twice", text)).with_fact("first-line", unique[*place].at));
                }
                None => {
                    known.insert(line.bank_line.clone(), unique.len());
                    unique.push(line);
                }
            },
        }
    }
    if lines > LINES {
        let text = ("文件行数过多,请分次导入", "too many lines; import them in several files");
        findings.push(wrong("statement.size", text).with_fact("lines", lines).with_fact("most", LINES));
    }
    if lines == 0 {
        findings.push(wrong("statement.empty", ("文件没有流水", "the file has no lines")));
    }
    if findings.is_empty() {
        return Ok(Statement { lines, unique });
    }
    if let Some(more) = findings.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        findings.truncate(SHOWN);
        findings.push(wrong("statement.more", ("还有更多行有误", "more lines are wrong")).with_fact("more", more));
    }
    Err(findings)
}

fn row(record: &csv::StringRecord, at: u64, today: NaiveDate) -> Result<Line, Vec<Finding>> {
    let fields: Vec<&str> = record.iter().map(str::trim).collect();
    let [date, bank_line, direction, amount, name, account, remark] = fields.as_slice() else {
        let text = ("列数不符", "the line has not seven fields");
        return Err(vec![on(at, wrong("statement.row", text)).with_fact("fields", fields.len())]);
    };
    let mut findings = Vec::new();
    let mut refuse = |rule: &str, field: &str, text: (&str, &str)| {
        findings.push(on(at, wrong(rule, text)).at(format!("lines[{at}].{field}")));
    };
    let booked_on = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok().filter(|_| date.len() == 10);
    match booked_on {
        None => refuse("statement.date", "date", ("日期应为YYYY-MM-DD", "a date is written YYYY-MM-DD")),
        Some(day) if day > today => refuse("statement.date", "date", ("日期在今天之后", "the date lies after today")),
        Some(_) => {}
    }
    let plain = |text: &str, most: usize| text.chars().count() <= most && !text.chars().any(char::is_control);
    if bank_line.is_empty() || !plain(bank_line, 64) {
        refuse("statement.line-id", "line_id", ("流水号应为1至64个字符", "a line number has 1 to 64 characters"));
    }
    let direction = match *direction {
        "in" => Some(Direction::In),
        "out" => Some(Direction::Out),
        _ => {
            refuse("statement.direction", "direction", ("方向应为in或out", "the direction is in or out"));
            None
        }
    };
    let money = match Money::parse_yuan(amount) {
        Ok(money) if money.is_positive() && money.fen() <= MOST_FEN => Some(money),
        Ok(_) => {
            refuse("statement.amount", "amount_yuan", ("金额须大于零", "an amount is more than nothing"));
            None
        }
        Err(finding) => {
            let text = (finding.message.zh.as_str(), finding.message.en.as_str());
            refuse("statement.amount", "amount_yuan", text);
            None
        }
    };
    // Banks leave the account out for their own charges, and for cash.
    let number = if account.is_empty() { Ok(String::new()) } else { number(account) };
    if number.is_err() {
        refuse("statement.account", "counterparty_account", ("对方账号有误", "the other side's account can't be read"));
    }
    if !plain(name, 200) {
        refuse(
            "statement.name",
            "counterparty_name",
            ("对方户名过长或含控制字符", "the name is too long or has control characters"),
        );
    }
    if !plain(remark, 500) {
        refuse(
            "statement.remark",
            "remark",
            ("附言过长或含控制字符", "the remark is too long or has control characters"),
        );
    }
    let (Some(booked_on), Some(direction), Some(amount), Ok(account)) = (booked_on, direction, money, number) else {
        return Err(findings);
    };
    if !findings.is_empty() {
        return Err(findings);
    }
    let other = OtherSide { name: (*name).to_owned(), account, remark: (*remark).to_owned() };
    Ok(Line { at, bank_line: (*bank_line).to_owned(), booked_on, direction, amount, other })
}

/// An account number's digits.
pub(crate) fn number(text: &str) -> Result<String, Finding> {
    BankAccount::parse(text).map(|account| account.expose().to_owned())
}

fn on(at: u64, finding: Finding) -> Finding {
    finding.with_fact("line", at)
}

fn wrong(rule: &str, (zh, en): (&str, &str)) -> Finding {
    Finding::refusal(
        rule,
        BASIS,
        Text::new(zh, en),
        Text::new(
            "请更正文件后重新导入,整个文件未入账",
            "Correct the file and import it again; nothing of it was booked",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE_HEAD: &str = "date,line_id,direction,amount_yuan,counterparty_name,counterparty_account,remark\n";

    fn today() -> NaiveDate {
        "2026-03-10".parse().unwrap()
    }

    fn rules(csv: &str) -> Vec<String> {
        read(csv, today()).err().unwrap_or_default().into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_sound_file_reads_whatever_wrote_it() {
        let line = "2026-03-02,A1,in,\"12,000.5\",张三,6222 0000 0000 0001,保证金\n";
        for file in [format!("{FILE_HEAD}{line}"), format!("\u{feff}{FILE_HEAD}{line}").replace('\n', "\r\n")] {
            let statement = read(&file, today()).unwrap_or_else(|findings| panic!("{findings:?}"));
            assert_eq!(statement.lines, 1);
            let line = &statement.unique[0];
            assert_eq!((line.amount.fen(), line.other.account.as_str(), line.at), (1_200_050, "6222000000000001", 2));
        }
        let twice = format!("{FILE_HEAD}{line}{line}");
        let statement = read(&twice, today()).unwrap_or_else(|findings| panic!("{findings:?}"));
        assert_eq!((statement.lines, statement.unique.len()), (2, 1));
    }

    #[test]
    fn what_is_wrong_is_said_line_by_line() {
        assert_eq!(rules(""), ["statement.header"]);
        assert_eq!(rules("日期,流水号\n"), ["statement.header"]);
        assert_eq!(rules(FILE_HEAD), ["statement.empty"]);
        let file = format!(
            "{FILE_HEAD}2026-03-02,A1,in,1,n,,r\n02/03/2026,A2,in,1.005,n,12,r\n2026-03-11,A3,up,0,n,,r\n2026-03-02,A1,in,2,n,,r\nx,y\n"
        );
        let findings = read(&file, today()).err().unwrap_or_default();
        let said: Vec<_> =
            findings.iter().map(|finding| (finding.facts["line"].as_str(), finding.rule.as_str())).collect();
        let expected = [
            ("3", "statement.date"),
            ("3", "statement.amount"),
            ("3", "statement.account"),
            ("4", "statement.date"),
            ("4", "statement.direction"),
            ("4", "statement.amount"),
            ("5", "statement.line-twice"),
            ("6", "statement.row"),
        ];
        assert_eq!(said, expected);
        assert!(findings.iter().all(|finding| !finding.message.zh.is_empty() && finding.refuses()));
    }

    #[test]
    fn a_file_of_nothing_but_faults_is_answered_shortly() {
        let file = format!("{FILE_HEAD}{}", "x\n".repeat(20_000));
        let findings = read(&file, today()).err().unwrap_or_default();
        assert_eq!(findings.len(), SHOWN + 1);
        assert_eq!(findings[SHOWN].facts["more"], "19901");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,200}", lines in prop::collection::vec("[0-9a-z,\".\\-\n]{0,60}", 0..5)) {
            let _ = read(&text, today());
            let _ = read(&format!("{FILE_HEAD}{}", lines.join("\n")), today());
        }
    }
}
