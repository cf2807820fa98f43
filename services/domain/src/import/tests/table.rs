//! The table itself: headers, broken rows, ids.

use super::{sound, table};
use crate::import::{COLUMNS, ImportOutcome, Outcome, read};

fn outcomes(bytes: &[u8]) -> Vec<ImportOutcome> {
    let outcomes: Vec<_> = read(bytes).collect();
    outcomes.iter().for_each(sound);
    outcomes
}

/// The id and first rule of each outcome.
fn first_rules(bytes: &[u8]) -> Vec<(String, String)> {
    outcomes(bytes)
        .into_iter()
        .map(|o| (o.id, o.findings.first().map(|f| f.rule.clone()).unwrap_or_default()))
        .collect()
}

fn only(bytes: &[u8]) -> (String, String) {
    let found = first_rules(bytes);
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().expect("one")
}

fn pair(id: &str, rule: &str) -> (String, String) {
    (id.to_owned(), rule.to_owned())
}

#[test]
fn headers_that_can_not_be_read_end_the_table() {
    assert_eq!(only(b""), pair("header", "import.empty"));
    assert_eq!(only(b"\xb1\xea\xcc\xe2,id\nx,y\n"), pair("header", "import.encoding"));
    assert_eq!(only(b"id,title\nL1,x\n"), pair("header", "import.column-missing"));
    let twice = format!("id,{}\n", COLUMNS.join(","));
    assert_eq!(only(twice.as_bytes()), pair("header", "import.column-twice"));
    let missing = outcomes(b"id,title\nL1,x\n").remove(0).findings;
    let fields: Vec<_> = missing.iter().filter_map(|f| f.field.as_deref()).collect();
    assert_eq!(fields, ["category", "quantity", "unit", "reserve_price", "reserve_unit"]);
}

#[test]
fn columns_may_stand_in_any_order_and_optional_ones_may_be_missing() {
    let bytes = b"reserve_unit,reserve_price,unit,quantity,category,title,id,remark\n\xe5\x85\x83/\xe5\xb9\xb4,100,\xe4\xba\xa9,3,forest,x,L1,y\n";
    let found = outcomes(bytes);
    assert_eq!((found[0].id.as_str(), found[0].line), ("L1", 2));
    assert!(matches!(found[0].outcome, Outcome::Draft(_)), "{:#?}", found[0].findings);
    let rules: Vec<_> = found[0].findings.iter().map(|f| f.rule.as_str()).collect();
    assert!(rules.contains(&"import.column-missing") && rules.contains(&"import.column-unknown"));
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_header() {
    let mut bytes = vec![0xef, 0xbb, 0xbf];
    bytes.extend(table(&[]));
    assert!(matches!(outcomes(&bytes)[0].outcome, Outcome::Draft(_)));
}

#[test]
fn broken_rows_are_named_and_the_rest_goes_on() {
    let mut bytes = table(&[]);
    bytes.extend(b"L2,too,short\n");
    bytes.extend(b"\n,,,\n");
    let good = table(&[("id", "L3")]);
    let row = good.split(|byte| *byte == b'\n').nth(1).expect("a row");
    bytes.extend(row);
    bytes.extend(b"\n");
    bytes.extend(row);
    bytes.extend(b"\n");
    let found = first_rules(&bytes);
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(found[1], pair("L2", "import.row-length"));
    assert_eq!(found[2].0, "L3");
    assert_eq!(found[3], pair("L3", "import.id-twice"));
}

#[test]
fn bytes_that_are_no_text_and_cells_without_end_are_refused() {
    let mut bytes = table(&[("id", "L1")]);
    let at = bytes.windows(4).position(|w| w == b"2026").expect("a date");
    bytes[at] = 0xff;
    assert_eq!(only(&bytes), pair("L1", "import.encoding"));
    let long = "地".repeat(10_000);
    assert_eq!(only(&table(&[("special_conditions", &long)])), pair("T1", "import.cell-length"));
}

#[test]
fn a_row_without_an_id_is_known_by_its_line() {
    assert_eq!(outcomes(&table(&[("id", "")]))[0].id, "line 2");
}

#[test]
fn the_json_of_a_verdict_is_what_scripts_read() {
    let json = serde_json::to_value(&outcomes(&table(&[("reserve_price", "")]))[0]).expect("serialises");
    assert_eq!(json["id"], "T1");
    assert_eq!(json["outcome"], "refused");
    assert_eq!(json["findings"][0]["rule"], "price.reserve-missing");
    assert_eq!(json.as_object().map(|o| o.len()), Some(3));
    let draft = serde_json::to_value(&outcomes(&table(&[]))[0]).expect("serialises");
    assert_eq!(draft["outcome"], "draft");
}
