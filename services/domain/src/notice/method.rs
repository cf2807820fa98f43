//! Trading methods (交易方式): how the taker of a lot is found.

use crate::finding::Text;
use crate::price::UnitPrice;
use crate::rights::codes;
use serde::{Deserialize, Serialize};

/// Where offers are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Venue {
    /// On the exchange's platform (网络、线上).
    Online,
    /// In a room (现场、线下).
    Onsite,
    /// In a room and on the platform at once (线上线下同步).
    Both,
}

/// What the amounts of an ascending auction are counted from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StepAnchor {
    /// Every offer is the reserve plus a whole number of steps.
    #[default]
    Reserve,
    /// Every offer is at least the leading one plus a step, in whole yuan.
    Leading,
}

/// The figures of an ascending auction (增价竞价). Everything is optional in a draft; the rulebook fills what is not published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = AscendingTerms))]
#[serde(default, deny_unknown_fields)]
pub struct Ascending {
    /// Length of the free period in minutes (自由竞价).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_minutes: Option<u32>,
    /// Length of the limited period in seconds (限时竞价): an offer within so many seconds of the end moves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limited_seconds: Option<u32>,
    /// By how much an offer in the limited period moves the end, in seconds (延时).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension_seconds: Option<u32>,
    /// After how many extensions the end moves no more; none = as long as offers come (延时次数上限).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension_cap: Option<u32>,
    /// Smallest step of an offer (加价幅度), with its own basis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<UnitPrice>,
    /// Largest step of one offer (最大加价幅度).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_step: Option<UnitPrice>,
    /// Ceiling (最高限价); offers of exactly it are drawn for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<UnitPrice>,
    /// What the steps are counted from.
    pub steps_from: StepAnchor,
}

codes! {
    /// By what a sealed offer wins.
    Award, "award" {
        /// The highest price (价高者得).
        HighestPrice = "highest-price", "价高者得", "highest price";
        /// The lowest price, for procurement (价低者得).
        LowestPrice = "lowest-price", "价低者得", "lowest price";
        /// Price and plan by published weights (综合评审).
        Scored = "scored", "综合评审", "scored by published weights";
    }
}

codes! {
    /// How equal best offers are told apart.
    Tie, "tie" {
        /// By a public draw (抽签、抓阄、摇号).
        Draw = "draw", "抽签(摇号)", "public draw";
        /// Those who tie offer again, then a draw (同价者再次报价).
        OfferAgain = "offer-again", "同价者再次报价", "those who tie offer again";
        /// The earlier offer (时间优先).
        Earlier = "earlier", "先报者得", "the earlier offer";
    }
}

/// How the taker is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Method {
    /// Ascending offers (增价竞价、拍卖、网络竞价).
    Ascending(Ascending),
    /// One sealed offer each (一次性报价、暗标).
    Sealed {
        /// How equal offers are told apart; none = as the rulebook says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tie: Option<Tie>,
        /// Smallest unit of an offer, with its own basis: every offer is the reserve plus a whole number of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<UnitPrice>,
        /// Ceiling of offers, with its own basis.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ceiling: Option<UnitPrice>,
    },
    /// Several rounds of sealed offers (多轮报价).
    MultiRound {
        /// How many rounds, where published.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rounds: Option<u32>,
        /// How equal offers of the last round are told apart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tie: Option<Tie>,
        /// Smallest unit of an offer, with its own basis: every offer is the reserve plus a whole number of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<UnitPrice>,
        /// Ceiling of offers, with its own basis.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ceiling: Option<UnitPrice>,
    },
    /// Falling price until somebody takes it (降价竞价).
    Descending {
        /// By how much it falls at a time, with its own basis.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<UnitPrice>,
        /// Seconds between two falls.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        every_seconds: Option<u32>,
        /// The lowest price it may fall to, with its own basis.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        floor: Option<UnitPrice>,
    },
    /// Tender (招标): offers with their documents, opened together.
    Tender {
        /// By what an offer wins; none = the notice does not say, to be filled in before announcement.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        award: Option<Award>,
        /// How equal offers are told apart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tie: Option<Tie>,
        /// Smallest unit of an offer, with its own basis: every offer is the reserve plus a whole number of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<UnitPrice>,
        /// Ceiling of offers, with its own basis.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ceiling: Option<UnitPrice>,
    },
    /// Negotiation, not below the reserve (协议、公开协商).
    Negotiated,
    /// The price is set and the taker drawn among those registered (固定租金抽签).
    FixedPriceDraw,
    /// As many registered as the notice asks → one method, fewer → another (视报名人数确定).
    ByBidders {
        /// From how many registered bidders on `enough` is used; 2, or 3 in some notices.
        at_least: u32,
        /// The method then.
        #[cfg_attr(feature = "schema", schema(no_recursion))]
        enough: Box<Method>,
        /// The method with fewer, but at least one.
        #[cfg_attr(feature = "schema", schema(no_recursion))]
        fewer: Box<Method>,
    },
}

impl Method {
    /// The stable kebab-case code of the kind.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Ascending(_) => "ascending",
            Self::Sealed { .. } => "sealed",
            Self::MultiRound { .. } => "multi-round",
            Self::Descending { .. } => "descending",
            Self::Tender { .. } => "tender",
            Self::Negotiated => "negotiated",
            Self::FixedPriceDraw => "fixed-price-draw",
            Self::ByBidders { .. } => "by-bidders",
        }
    }

    /// The figures of the ascending auction in it, also where it depends on the number of bidders.
    pub fn ascending(&self) -> Option<&Ascending> {
        match self {
            Self::Ascending(ascending) => Some(ascending),
            Self::ByBidders { enough, fewer, .. } => enough.ascending().or_else(|| fewer.ascending()),
            Self::Sealed { .. }
            | Self::MultiRound { .. }
            | Self::Descending { .. }
            | Self::Tender { .. }
            | Self::Negotiated
            | Self::FixedPriceDraw => None,
        }
    }

    /// Smallest step or unit of an offer, also where the method depends on the number of bidders.
    pub fn step(&self) -> Option<UnitPrice> {
        match self {
            Self::Ascending(ascending) => ascending.step,
            Self::Sealed { step, .. }
            | Self::MultiRound { step, .. }
            | Self::Tender { step, .. }
            | Self::Descending { step, .. } => *step,
            Self::ByBidders { enough, fewer, .. } => enough.step().or_else(|| fewer.step()),
            Self::Negotiated | Self::FixedPriceDraw => None,
        }
    }

    /// Ceiling of offers, also where the method depends on the number of bidders.
    pub fn ceiling(&self) -> Option<UnitPrice> {
        match self {
            Self::Ascending(ascending) => ascending.ceiling,
            Self::Sealed { ceiling, .. } | Self::MultiRound { ceiling, .. } | Self::Tender { ceiling, .. } => *ceiling,
            Self::ByBidders { enough, fewer, .. } => enough.ceiling().or_else(|| fewer.ceiling()),
            Self::Descending { .. } | Self::Negotiated | Self::FixedPriceDraw => None,
        }
    }

    /// The method in words.
    pub fn text(&self) -> Text {
        match self {
            Self::Ascending(_) => Text::new("增价竞价", "ascending auction"),
            Self::Sealed { .. } => Text::new("一次性报价", "one sealed offer each"),
            Self::MultiRound { .. } => Text::new("多轮报价", "several rounds of sealed offers"),
            Self::Descending { .. } => Text::new("降价竞价", "descending auction"),
            Self::Tender { award: Some(award), .. } => {
                let name = award.name();
                Text::new(format!("招标({})", name.zh), format!("tender, {}", name.en))
            }
            Self::Tender { award: None, .. } => Text::new("招标", "tender"),
            Self::Negotiated => Text::new("协议(公开协商)", "negotiation"),
            Self::FixedPriceDraw => Text::new("固定价格抽签", "fixed price with a draw"),
            Self::ByBidders { at_least, enough, fewer } => {
                let (enough, fewer) = (enough.text(), fewer.text());
                Text::new(
                    format!("{at_least}人以上{},不足{at_least}人{}", enough.zh, fewer.zh),
                    format!("{} for {at_least} or more bidders, else {}", enough.en, fewer.en),
                )
            }
        }
    }
}

/// A method and where it takes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MethodTerms {
    /// The method; none where only the venue is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// Where offers are made; none where the notice does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<Venue>,
    /// The method in the notice's own words.
    #[serde(default)]
    pub text: String,
}
