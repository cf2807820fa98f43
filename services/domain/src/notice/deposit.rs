//! Deposits (保证金) as a notice publishes them.

use crate::price::UnitPrice;
use crate::rights::codes;
use serde::{Deserialize, Serialize};

codes! {
    /// What a deposit secures.
    DepositKind, "deposit kind" {
        /// That the bidder stands by the offer (竞买保证金、投标保证金): returned to losers.
        Bid = "bid", "竞买保证金", "bid deposit";
        /// Earnest money in the sense of 民法典 第五百八十六条 (定金): at most 20 % of the contract value.
        Earnest = "earnest", "定金", "earnest money";
        /// Performance of the contract (履约保证金、合同押金).
        Performance = "performance", "履约保证金", "performance deposit";
        /// Handing the land back in good order (风险保证金、种植风险保证金).
        Risk = "risk", "风险保证金", "risk deposit";
        /// A fee that is not returned (报名费、资料费).
        Fee = "fee", "报名费(资料费)", "registration fee";
        /// Anything else the notice asks for beforehand (其他).
        Other = "other", "其他款项", "another payment";
    }
}

/// The deposit for taking part in the bidding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = NoticeDeposit))]
#[serde(deny_unknown_fields)]
pub struct Deposit {
    /// Amount in fen, for the whole lot.
    pub amount: crate::money::Money,
    /// What it secures.
    pub kind: DepositKind,
    /// Whether the winner's deposit stays as performance deposit (转为履约保证金); else it goes into the price.
    #[serde(default)]
    pub becomes_performance: bool,
}

/// A deposit or payment asked for beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = NoticeOtherDeposit))]
#[serde(deny_unknown_fields)]
pub struct OtherDeposit {
    /// What it secures.
    pub kind: DepositKind,
    /// Amount and whether per mu or for the whole; none where it could not be read out of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<UnitPrice>,
    /// The notice's own words.
    #[serde(default)]
    pub text: String,
}
