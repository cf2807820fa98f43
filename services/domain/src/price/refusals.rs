//! Why a price can't be reckoned.

use super::Escalator;
use crate::finding::{Finding, Text};
use crate::money::Money;

pub(super) fn out_of_range() -> Finding {
    Finding::refusal(
        "price.range",
        "系统金额范围",
        Text::new("金额超出可计算范围", "the amount is beyond what can be reckoned"),
        Text::new("核对价格、数量和期限", "check price, quantity and term"),
    )
    .at("price")
}

pub(super) fn reserve_missing() -> Finding {
    Finding::refusal(
        "price.reserve-missing",
        "交易公告应当载明起始价",
        Text::new("没有公布起始价(底价)", "no reserve price is stated"),
        Text::new("填写起始价和计价单位", "state the reserve and its basis"),
    )
    .at("price.reserve")
}

pub(super) fn term_unknown(first: Money) -> Finding {
    Finding::refusal(
        "price.term-unknown",
        "按期计价须有期限",
        Text::new(
            "价格按时间计,期限还不能确定,算不出总价",
            "the price is by time and the length of the term is not known yet",
        ),
        Text::new("写明期限;自签订之日起算的,签订后再算", "state the term; where it begins at signing, reckon then"),
    )
    .at("term")
    .with_fact("first-year-fen", first.fen())
}

pub(super) fn not_computable(first: Money, known: u16, escalator: &Escalator) -> Finding {
    let words = escalator.text();
    Finding::refusal(
        "price.not-computable",
        "递增条款须能计算",
        Text::new(
            format!("租金约定为“{}”,第{known}年以后的租金现在算不出", words.zh),
            format!("the rent is \"{}\": after year {known} it can't be told today", words.en),
        ),
        Text::new(
            "写明递增幅度,或者按首年租金计算保证金",
            "state the figure of the escalator, or reckon with the first year",
        ),
    )
    .at("price.escalator")
    .with_fact("first-year-fen", first.fen())
    .with_fact("known-through-year", known)
}

pub(super) fn negative(year: u16) -> Finding {
    Finding::refusal(
        "price.escalator",
        "租金不得为负",
        Text::new(
            format!("按递增条款,第{year}年租金小于零"),
            format!("by the escalator the rent of year {year} is below nothing"),
        ),
        Text::new("更正递增条款", "correct the escalator"),
    )
    .at("price.escalator")
    .with_fact("year", year)
}
