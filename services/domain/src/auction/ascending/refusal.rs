//! Why an offer does not count: cheap to make under fire, turned into a full finding only when it is shown.

use crate::{
    auction::BidderNumber,
    finding::{Finding, Text},
    money::Money,
};
use chrono::{DateTime, Utc};

/// The rule that refused an act in an auction, with the figures it looked at. Copying it allocates nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The server's clock stands before the last event: nothing is decided until it is sane.
    ClockBack {
        /// The instant of the last event.
        last: DateTime<Utc>,
    },
    /// Offers count from `opens` on.
    NotOpen {
        /// When the auction opens.
        opens: DateTime<Utc>,
    },
    /// The auction stands still.
    Suspended,
    /// The auction is over; an offer at the very instant of the end is out.
    Ended {
        /// When it ended.
        ends: DateTime<Utc>,
    },
    /// The number is not admitted to this auction.
    NotAdmitted {
        /// The number.
        bidder: BidderNumber,
    },
    /// Below the reserve.
    BelowReserve {
        /// The reserve.
        reserve: Money,
    },
    /// Above the ceiling.
    AboveCeiling {
        /// The ceiling.
        ceiling: Money,
    },
    /// Not above the leading price.
    NotHigher {
        /// The leading price.
        leading: Money,
        /// The least that counts.
        least: Money,
    },
    /// Not the reserve plus a whole number of steps (or of the smallest unit).
    OffStep {
        /// The next lower amount that would not be off.
        below: Money,
        /// The step, or the smallest unit where steps count from the leading price.
        grain: Money,
    },
    /// Above the leading price, but by less than a step.
    StepTooSmall {
        /// The least that counts.
        least: Money,
    },
    /// More than one bid may add.
    RaiseTooLarge {
        /// The most that counts.
        most: Money,
    },
    /// The bidder leads already.
    AlreadyLeading,
    /// The bidder has offered the ceiling already.
    AlreadyAtCeiling,
    /// This auction knows no match (the right is exercised after the close, or there is none).
    MatchNotOffered,
    /// The bidder has no accepted priority right.
    MatchWithoutRight,
    /// There is no bid yet to match.
    MatchNothing,
    /// The bidder stands at this price already.
    MatchOwn,
    /// The leading price is no longer the one the holder wanted to match.
    MatchPriceMoved {
        /// The leading price now.
        leading: Money,
    },
    /// The leading bidder's right goes before.
    MatchOutranked,
    /// The auction is not over yet.
    Running {
        /// When it ends as things stand.
        ends: DateTime<Utc>,
    },
    /// The auction does not stand still.
    NotSuspended,
    /// The order of a draw is not one of exactly those drawn for.
    NotTheDraw,
}

const BASIS: &str = "本标的公告的竞价规则";

impl Refusal {
    /// The stable dotted name of the rule.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::ClockBack { .. } => "auction.clock",
            Self::NotOpen { .. } => "auction.not-open",
            Self::Suspended => "auction.suspended",
            Self::Ended { .. } => "auction.ended",
            Self::NotAdmitted { .. } => "auction.not-admitted",
            Self::BelowReserve { .. } => "auction.below-reserve",
            Self::AboveCeiling { .. } => "auction.above-ceiling",
            Self::NotHigher { .. } => "auction.not-higher",
            Self::OffStep { .. } => "auction.off-step",
            Self::StepTooSmall { .. } => "auction.step-too-small",
            Self::RaiseTooLarge { .. } => "auction.raise-too-large",
            Self::AlreadyLeading => "auction.already-leading",
            Self::AlreadyAtCeiling => "auction.already-at-ceiling",
            Self::MatchNotOffered => "auction.match-not-offered",
            Self::MatchWithoutRight => "auction.match-without-right",
            Self::MatchNothing => "auction.match-nothing",
            Self::MatchOwn => "auction.match-own",
            Self::MatchPriceMoved { .. } => "auction.match-price-moved",
            Self::MatchOutranked => "auction.match-outranked",
            Self::Running { .. } => "auction.running",
            Self::NotSuspended => "auction.not-suspended",
            Self::NotTheDraw => "auction.not-the-draw",
        }
    }

    /// The finding that people and clients see.
    pub fn finding(self) -> Finding {
        let (message, remedy) = self.texts();
        let finding = Finding::refusal(self.rule(), BASIS, message, remedy);
        match self {
            Self::ClockBack { last } => finding.with_fact("last", time(last)),
            Self::NotOpen { opens } => finding.with_fact("opens", time(opens)),
            Self::Ended { ends } | Self::Running { ends } => finding.with_fact("ends", time(ends)),
            Self::NotAdmitted { bidder } => finding.with_fact("bidder", bidder),
            Self::BelowReserve { reserve } => finding.with_fact("reserve-fen", reserve.fen()).at("price"),
            Self::AboveCeiling { ceiling } => finding.with_fact("ceiling-fen", ceiling.fen()).at("price"),
            Self::NotHigher { leading, least } => {
                finding.with_fact("leading-fen", leading.fen()).with_fact("least-fen", least.fen()).at("price")
            }
            Self::OffStep { below, grain } => {
                finding.with_fact("below-fen", below.fen()).with_fact("grain-fen", grain.fen()).at("price")
            }
            Self::StepTooSmall { least } => finding.with_fact("least-fen", least.fen()).at("price"),
            Self::RaiseTooLarge { most } => finding.with_fact("most-fen", most.fen()).at("price"),
            Self::MatchPriceMoved { leading } => finding.with_fact("leading-fen", leading.fen()).at("price"),
            Self::Suspended
            | Self::AlreadyLeading
            | Self::AlreadyAtCeiling
            | Self::MatchNotOffered
            | Self::MatchWithoutRight
            | Self::MatchNothing
            | Self::MatchOwn
            | Self::MatchOutranked
            | Self::NotSuspended
            | Self::NotTheDraw => finding,
        }
    }

    fn texts(self) -> (Text, Text) {
        let (zh, en, remedy_zh, remedy_en) = match self {
            Self::ClockBack { .. } => (
                "服务器时钟早于上一事件",
                "the server's clock stands before the last event",
                "请稍后重试;系统将在时钟恢复后继续",
                "Try again shortly; the exchange goes on when the clock is sane",
            ),
            Self::NotOpen { .. } => {
                ("竞价尚未开始", "the auction is not open yet", "请在竞价开始后报价", "Bid once it has opened")
            }
            Self::Suspended => {
                ("竞价已中止", "the auction is suspended", "请等待恢复公告", "Wait for the notice that it resumes")
            }
            Self::Ended { .. } => (
                "竞价已结束,结束时刻到达的报价无效",
                "the auction is over; an offer at the instant of the end is out",
                "可关注成交公示",
                "Follow the result notice",
            ),
            Self::NotAdmitted { .. } => (
                "该竞买号未获准参加本场竞价",
                "this number is not admitted to this auction",
                "请核对竞买号与标的",
                "Check the number and the lot",
            ),
            Self::BelowReserve { .. } => {
                ("报价低于起始价", "the offer is below the reserve", "请不低于起始价报价", "Offer the reserve or more")
            }
            Self::AboveCeiling { .. } => (
                "报价高于最高限价",
                "the offer is above the ceiling",
                "最高可报最高限价,同为最高限价者抽签",
                "Offer the ceiling at most; equal offers at it are drawn for",
            ),
            Self::NotHigher { .. } => (
                "报价未高于当前最高价",
                "the offer is not above the leading price",
                "请至少加一个加价幅度",
                "Add one step at least",
            ),
            Self::OffStep { .. } => (
                "报价不是起始价加加价幅度(或最小报价单位)的整数倍",
                "the offer is not the reserve plus a whole number of steps (or smallest units)",
                "请按加价幅度报价",
                "Offer an amount on the ladder of steps",
            ),
            Self::StepTooSmall { .. } => (
                "加价不足一个加价幅度",
                "the offer is above the leading price by less than a step",
                "请至少加一个加价幅度",
                "Add one step at least",
            ),
            Self::RaiseTooLarge { .. } => (
                "单次加价超过上限",
                "the offer adds more than one bid may",
                "请降低本次加价",
                "Raise by less this time",
            ),
            Self::AlreadyLeading => {
                ("您已是当前最高报价人", "you lead already", "被超越后可再报价", "Bid again once you are outbid")
            }
            Self::AlreadyAtCeiling => (
                "您已按最高限价报价",
                "you have offered the ceiling already",
                "请等待竞价结束及抽签",
                "Wait for the end and the draw",
            ),
            Self::MatchNotOffered => (
                "本场竞价不设场内行使优先权",
                "this auction knows no match",
                "请正常加价,或在行权期内行使优先权",
                "Bid higher, or use the exercise window after the close",
            ),
            Self::MatchWithoutRight => {
                ("您没有经确认的优先权", "you hold no accepted priority right", "请正常加价", "Bid higher instead")
            }
            Self::MatchNothing => (
                "尚无报价可供跟价",
                "there is no bid to match yet",
                "请以起始价或以上报价",
                "Offer the reserve or more",
            ),
            Self::MatchOwn => {
                ("您已在此价位", "you stand at this price already", "无需再次跟价", "There is nothing to match")
            }
            Self::MatchPriceMoved { .. } => (
                "当前最高价已变动",
                "the leading price has moved",
                "请核对新价后再决定是否跟价",
                "Look at the new price, then match it if you will",
            ),
            Self::MatchOutranked => (
                "当前最高报价人的优先权顺位在先或同顺位报价在先",
                "the leading bidder's right goes before yours, or is equal and earlier",
                "请正常加价",
                "Bid higher instead",
            ),
            Self::Running { .. } => {
                ("竞价尚未结束", "the auction is not over yet", "请在结束时刻后再截止", "Close it after its end")
            }
            Self::NotSuspended => {
                ("竞价未处于中止状态", "the auction is not suspended", "无需恢复", "There is nothing to resume")
            }
            Self::NotTheDraw => (
                "抽签名单与应抽签者不一致",
                "the order is not one of exactly those to be drawn",
                "请按规定的种子重新抽签",
                "Repeat the draw from its seed",
            ),
        };
        (Text::new(zh, en), Text::new(remedy_zh, remedy_en))
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
