//! Why a reserve can't be told.

use crate::finding::Finding;
use crate::import::draft::Draft;
use crate::import::say::{refuse, shown};
use rust_decimal::Decimal;

/// The unit leaves open for how much or how long the price stands.
pub(in crate::import) fn ambiguous(text: &str) -> Finding {
    let quoted = shown(text);
    refuse(
        "price.basis-ambiguous",
        "price.reserve",
        format!("计价单位“{quoted}”不明确,不能确定是每年还是整个期限、每亩还是总价"),
        format!(
            "the unit \"{quoted}\" does not say whether the price is a year's or the whole term's, per mu or in all"
        ),
    )
    .with_fact("column", "reserve_unit")
    .with_fact("text", quoted)
}

/// The unit is not known.
pub(in crate::import) fn unknown_unit(text: &str, field: &str, column: &str) -> Finding {
    let quoted = shown(text);
    refuse(
        "price.unit-unknown",
        field,
        format!("计价单位“{quoted}”不认识"),
        format!("the unit \"{quoted}\" is not known"),
    )
    .with_fact("column", column)
    .with_fact("text", quoted)
}

/// Several prices, and no quantity for each.
pub(in crate::import) fn unmatched(draft: &Draft<'_>) -> Finding {
    refuse(
        "price.components-unmatched",
        "components",
        format!("公布了多个价格“{}”,但对不上各自的数量", shown(draft.get("reserve_price"))),
        format!("several prices ({}) and no quantity for each", shown(draft.get("reserve_price"))),
    )
    .with_fact("prices", shown(draft.get("reserve_price")))
    .with_fact("quantity", shown(draft.get("quantity")))
}

/// The price is finer than a fen, or beyond what can be reckoned.
pub(in crate::import) fn below_fen(yuan: Decimal) -> Finding {
    if yuan >= Decimal::from(1_000_000_000_000_000i64) {
        return out_of_range();
    }
    refuse(
        "price.below-fen",
        "price.reserve",
        format!("起始价{yuan}元精确到分以下"),
        format!("the reserve of {yuan} yuan is finer than a fen"),
    )
    .with_fact("yuan", yuan)
}

/// The amount is beyond what can be reckoned.
pub(in crate::import) fn out_of_range() -> Finding {
    refuse("price.range", "price.reserve", "金额超出可计算范围", "the amount is beyond what can be reckoned")
}
