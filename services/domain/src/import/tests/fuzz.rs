//! No input panics, and every outcome keeps its promises.

use super::{sound, table};
use crate::import::{COLUMNS, Outcome, read};
use crate::notice::Notice;
use proptest::prelude::*;

/// Cells as notices write them, and pieces of them put together wrongly.
fn cell() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("元"),
        Just("万"),
        Just("/"),
        Just("亩"),
        Just("年"),
        Just("("),
        Just(")"),
        Just(","),
        Just(";"),
        Just("、"),
        Just("-"),
        Just("每"),
        Just("递增"),
        Just("%"),
        Just("第"),
        Just("起"),
        Just("斤"),
        Just("稻谷"),
        Just("平方米"),
        Just("总价"),
        Just("首年"),
        Just("0"),
        Just("1"),
        Just("3"),
        Just("999999999999999999"),
        Just("0.001"),
        Just("2026-02-30"),
        Just("2026-03-01T10:00+08:00"),
        Just("人以上"),
        Just("一次性"),
        Just("竞价"),
        Just("抽签"),
        Just("优先"),
        Just("分钟"),
        Just("延长"),
        Just("次"),
        Just("不超过"),
        Just("期限"),
        Just("未写明"),
        Just("住宅"),
        Just("forest"),
        Just("出租"),
        Just("转让"),
        Just(" "),
        Just("２"),
    ];
    prop_oneof![
        3 => proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat()),
        1 => "\\PC{0,30}",
    ]
}

proptest! {
    #[test]
    fn any_cell_may_hold_anything(changes in proptest::collection::vec((0..COLUMNS.len(), cell()), 0..6)) {
        let changes: Vec<_> = changes.iter().map(|(at, text)| (COLUMNS[*at], text.as_str())).collect();
        for outcome in read(table(&changes).as_slice()) {
            sound(&outcome);
            if let Outcome::Draft(notice) = outcome.outcome {
                let json = serde_json::to_string(&notice).expect("a draft serialises");
                prop_assert_eq!(&serde_json::from_str::<Notice>(&json).expect("and reads back"), &*notice);
                let _ = (notice.total(), notice.first_year(), notice.mu());
            }
        }
    }

    #[test]
    fn any_bytes_may_be_a_table(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for outcome in read(bytes.as_slice()) {
            sound(&outcome);
        }
    }

    #[test]
    fn any_bytes_may_follow_a_header(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut file = table(&[]);
        file.extend(bytes);
        for outcome in read(file.as_slice()) {
            sound(&outcome);
        }
    }
}
