//! The announced terms of an ascending auction (竞价规则), as the rulebook and the announcement fixed them.

use crate::{
    finding::{Finding, Text},
    money::Money,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How holders of equal rank who offer the same price stand to each other (同顺位优先权人同价).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Peers {
    /// The earlier offer goes first (先报价者优先). The later holder can't match.
    #[default]
    Earlier,
    /// Both stand, and a public draw decides if nobody goes higher (抽签).
    Draw,
}

/// What the amounts are counted from (加价方式).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum Ladder {
    /// Every amount is the reserve plus a whole number of steps (按加价幅度的整数倍).
    #[default]
    Reserve,
    /// Every amount is at least the leading price plus a step, in whole grains (不低于一个加价幅度); the ceiling may always be offered.
    Leading {
        /// The smallest unit, such as one yuan; the step is a whole number of it.
        grain: Money,
    },
}

/// What was announced. Prices are in the lot's price basis (per mu and year, in all, …), in whole fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The reserve, also the least first bid (起始价).
    pub reserve: Money,
    /// The step (加价幅度), used as `ladder` says.
    pub step: Money,
    /// What the amounts are counted from.
    #[serde(default)]
    pub ladder: Ladder,
    /// The most that one bid may add to the leading price, or to the reserve for the first bid (单次最大加价).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_raise: Option<Money>,
    /// The price above which nobody may bid (最高限价); bids of exactly it are drawn for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<Money>,
    /// The first instant at which offers count (竞价开始).
    pub opens: DateTime<Utc>,
    /// The end of the free period and the start of the limited period (自由竞价结束).
    pub free_until: DateTime<Utc>,
    /// The length of the limited period in seconds (限时竞价); 0 = the auction ends with the free period.
    pub limited_window_s: u32,
    /// How long the auction lasts at least after a bid in the limited period, in seconds (延时).
    pub extension_s: u32,
    /// After how many extensions the end moves no more; only where the rulebook published it (延时次数上限).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_cap: Option<u32>,
    /// Whether holders of a priority right may match the leading price in the auction (竞价中行使优先权).
    pub in_auction_match: bool,
    /// How holders of equal rank stand to each other.
    #[serde(default)]
    pub peers: Peers,
    /// Whether the leading bidder may raise its own bid (自我加价).
    #[serde(default)]
    pub self_raise: bool,
}

impl Terms {
    /// The end as announced, before any extension.
    pub fn announced_end(&self) -> DateTime<Utc> {
        later(self.free_until, self.limited_window_s)
    }

    /// What every amount above the reserve is a whole number of.
    pub fn grain(&self) -> Money {
        match self.ladder {
            Ladder::Reserve => self.step,
            Ladder::Leading { grain } => grain,
        }
    }

    /// The terms an auction can be run on: a positive reserve and step, ceiling and greatest raise on the ladder of steps, periods in
    /// order.
    pub fn check(&self) -> Result<(), Vec<Finding>> {
        let mut findings = Vec::new();
        let (reserve, step, grain) = (self.reserve.fen(), self.step.fen(), self.grain().fen());
        if reserve <= 0 {
            findings.push(broken("auction.terms.reserve", "reserve", "起始价须大于零", "the reserve must be positive"));
        }
        if step <= 0 {
            findings.push(broken("auction.terms.step", "step", "加价幅度须大于零", "the step must be positive"));
        }
        if step > 0 && (grain <= 0 || step % grain != 0) {
            findings.push(broken(
                "auction.terms.grain",
                "ladder",
                "加价幅度须为最小报价单位的整数倍",
                "the step must be a whole number of the smallest unit",
            ));
        } else if reserve > 0 && step > 0 {
            if self.ceiling.is_some_and(|ceiling| ceiling < self.reserve || (ceiling.fen() - reserve) % grain != 0) {
                findings.push(broken(
                    "auction.terms.ceiling",
                    "ceiling",
                    "最高限价须为可报的价格(起始价加加价幅度或最小单位的整数倍)",
                    "the ceiling must be an amount that can be offered",
                ));
            }
            if self.max_raise.is_some_and(|raise| raise < self.step || raise.fen() % grain != 0) {
                findings.push(broken(
                    "auction.terms.max-raise",
                    "max_raise",
                    "单次最大加价须不小于加价幅度且为可报的金额",
                    "the greatest raise must be at least a step and an amount that can be offered",
                ));
            }
        }
        if self.free_until < self.opens || self.announced_end() <= self.opens {
            findings.push(broken(
                "auction.terms.periods",
                "free_until",
                "竞价时段须先开始后结束",
                "the auction must open before it ends",
            ));
        }
        if findings.is_empty() { Ok(()) } else { Err(findings) }
    }
}

/// `seconds` after `at`, or the end of time.
pub(super) fn later(at: DateTime<Utc>, seconds: u32) -> DateTime<Utc> {
    at.checked_add_signed(TimeDelta::seconds(i64::from(seconds))).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn broken(rule: &str, field: &str, zh: &str, en: &str) -> Finding {
    let remedy = Text::new("请修改竞价规则", "Change the auction's terms");
    Finding::refusal(rule, "本标的竞价规则", Text::new(zh, en), remedy).at(field)
}
