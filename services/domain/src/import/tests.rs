mod fuzz;
mod notices;
mod rows;
mod table;

use super::{COLUMNS, ImportOutcome, Outcome, read};
use crate::finding::Severity;
use crate::notice::Notice;

/// A notice with nothing to remark upon but what it does not say: 40 mu for three years at 600 yuan per mu and year.
const GOOD: [(&str, &str); 24] = [
    ("id", "T1"),
    ("title", "东二地40亩耕地出租"),
    ("category", "collective-land"),
    ("category_text", "集体耕地"),
    ("holder", "collective"),
    ("transfer_mode", "出租"),
    ("quantity", "40"),
    ("unit", "亩"),
    ("term_years", "3"),
    ("reserve_price", "600"),
    ("reserve_unit", "元/亩/年"),
    ("step", "10"),
    ("step_unit", "元/亩/年"),
    ("deposit_yuan", "3000"),
    ("announce_from", "2026-03-02"),
    ("announce_to", "2026-03-16"),
    ("register_to", "2026-03-16T17:00+08:00"),
    ("auction_from", "2026-03-18T10:00+08:00"),
    ("free_period_minutes", "60"),
    ("extension_minutes", "5"),
    ("method", "网络竞价"),
    ("payment_terms", "一年一付"),
    ("escalator", "不递增"),
    ("intended_use", "粮食种植"),
];

/// A table of one row: the good notice with some cells changed.
fn table(changes: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).expect("in memory");
    let cell = |column: &&str| {
        let find = |list: &[(&'static str, &'static str)]| {
            list.iter().find(|(name, _)| name == column).map(|(_, value)| *value)
        };
        changes
            .iter()
            .find(|(name, _)| name == column)
            .map(|(_, value)| (*value).to_owned())
            .or(find(&GOOD).map(str::to_owned))
    };
    writer.write_record(COLUMNS.iter().map(|column| cell(column).unwrap_or_default())).expect("in memory");
    writer.into_inner().expect("in memory")
}

fn outcome(changes: &[(&str, &str)]) -> ImportOutcome {
    let outcomes: Vec<_> = read(table(changes).as_slice()).collect();
    let [only] = <[ImportOutcome; 1]>::try_from(outcomes).expect("one row, one outcome");
    sound(&only);
    only
}

/// What holds for every outcome.
fn sound(outcome: &ImportOutcome) {
    let refuses = outcome.findings.iter().any(|finding| finding.refuses());
    assert_eq!(refuses, outcome.outcome == Outcome::Refused, "{outcome:?}");
    assert!(!outcome.id.is_empty());
    for finding in &outcome.findings {
        assert!(!finding.rule.is_empty() && !finding.basis.is_empty(), "{finding:?}");
        for text in [&finding.message, &finding.remedy] {
            assert!(!text.zh.is_empty() && !text.en.is_empty(), "{finding:?}");
        }
        assert!(finding.field.is_some(), "{finding:?}");
    }
}

/// The draft of the good notice with some cells changed.
fn draft(changes: &[(&str, &str)]) -> Notice {
    match outcome(changes) {
        ImportOutcome { outcome: Outcome::Draft(notice), .. } => *notice,
        other => panic!("{changes:?}: {:#?}", other.findings),
    }
}

/// The rules that refuse the good notice with some cells changed.
fn refusals(changes: &[(&str, &str)]) -> Vec<String> {
    let outcome = outcome(changes);
    outcome.findings.into_iter().filter(|finding| finding.refuses()).map(|finding| finding.rule).collect()
}

/// The rules that warn about the good notice with some cells changed.
fn warnings(changes: &[(&str, &str)]) -> Vec<String> {
    let outcome = outcome(changes);
    assert_ne!(outcome.outcome, Outcome::Refused, "{:#?}", outcome.findings);
    outcome
        .findings
        .into_iter()
        .filter(|finding| finding.severity == Severity::Warning)
        .map(|finding| finding.rule)
        .collect()
}
