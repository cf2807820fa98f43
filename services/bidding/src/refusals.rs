//! What bidding itself refuses; the auction's own refusals stand in the core.

use sanbian_domain::{
    finding::{Finding, Text},
    money::Money,
};
use sanbian_runtime::{Kind, Refusal};

/// Not among the room's bidders.
pub(crate) fn not_admitted() -> Refusal {
    Refusal::of(
        Kind::Forbidden,
        Finding::refusal(
            "bid.admitted",
            "交易规则：报名合格并交纳保证金者方可报价 (only qualified bidders whose deposit is held may bid)",
            Text::new("您不是本标的的竞买人。", "You are not admitted to this lot's auction."),
            Text::new(
                "请在报名期内报名并按时交纳保证金。",
                "Register during the announcement and pay the deposit in time.",
            ),
        ),
    )
}

/// An odd amount is asked for again.
pub(crate) fn asks_again(current: Money, amount: Money) -> Refusal {
    Refusal::conflict(
        Finding::refusal(
            "auction.outlier",
            "交易规则：异常报价再次确认 (an unusual offer is asked for again)",
            Text::new(
                "您的报价远高于当前价，请确认金额和计价单位。",
                "Your offer is far above the current price; check amount and unit.",
            ),
            Text::new(
                "确认无误请再次提交；如有误请修改。",
                "If it is meant, send it again as confirmed; else correct it.",
            ),
        )
        .at("amount_fen")
        .with_fact("current-fen", current.fen())
        .with_fact("amount-fen", amount.fen()),
    )
}

/// The commit's outcome is not known.
pub(crate) fn unknown_outcome() -> Refusal {
    Refusal::of(
        Kind::Unavailable,
        Finding::refusal(
            "bid.outcome-unknown",
            "平台规则：未落盘不答复成交 (nothing is answered as accepted before it is stored)",
            Text::new(
                "系统未能确认您的报价是否已保存。",
                "The system could not confirm whether your offer was stored.",
            ),
            Text::new(
                "请用同一页面重试：已保存的不会重复，未保存的会重新提交。",
                "Try again from the same page: a stored offer is not doubled, a lost one is made anew.",
            ),
        ),
    )
}
