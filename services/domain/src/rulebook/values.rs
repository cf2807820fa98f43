//! The types of the rules' values. Amounts of money are `…_fen`, shares are exact fractions such as `"1/5"`.

use crate::money::Money;
use crate::notice::{Exercise, PriorityHolder};
use crate::ratio::Ratio;
use crate::rights::{NeverTradable, TransferMode, codes};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A number of things that lies within bounds, both included, and the one taken where a notice does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "RawBounds")]
pub struct Bounds {
    /// Least.
    pub min: u32,
    /// Greatest.
    pub max: u32,
    /// Taken where the notice does not say.
    pub default: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBounds {
    min: u32,
    max: u32,
    default: u32,
}

impl TryFrom<RawBounds> for Bounds {
    type Error = String;
    fn try_from(raw: RawBounds) -> Result<Self, String> {
        let RawBounds { min, max, default } = raw;
        if min <= default && default <= max {
            Ok(Self { min, max, default })
        } else {
            Err(format!("bounds must be min <= default <= max, not {min}, {default}, {max}"))
        }
    }
}

impl Bounds {
    /// Whether `value` lies within.
    pub const fn holds(self, value: u32) -> bool {
        self.min <= value && value <= self.max
    }
}

codes! {
    /// What a deposit's share is counted on.
    DepositBase, "deposit base" {
        /// The rent of the first year; the total where the price has no years.
        FirstYear = "first-year", "首年租金", "the first year's rent";
        /// The total of the whole term.
        Total = "total", "总价", "the total";
    }
}

/// How large a deposit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepositShare {
    /// Least share of the base.
    pub min: Ratio,
    /// Greatest share of the base.
    pub max: Ratio,
    /// What the share is counted on.
    pub base: DepositBase,
}

/// The longest term of objects whose words contain one of `words`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindLimit {
    /// Words looked for in use, category text and title.
    pub words: Vec<String>,
    /// Whole years.
    pub years: u16,
}

/// How long a term may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermLimit {
    /// Whole years where no kind fits; none = no limit.
    #[serde(default)]
    pub years: Option<u16>,
    /// Limits of kinds, the first that fits going before `years`.
    #[serde(default)]
    pub kinds: Vec<KindLimit>,
    /// The modes the limit holds for; empty = all.
    #[serde(default)]
    pub modes: Vec<TransferMode>,
}

/// From which size on something is asked. Reaching any of the two is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Area in mu.
    #[serde(default)]
    pub mu: Option<Decimal>,
    /// Reserve total in fen (the first year's where the total can't be told).
    #[serde(default, rename = "total_fen")]
    pub total: Option<Money>,
}

/// How a lot that did not sell may be offered again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relisting {
    /// Greatest cut at a time, as a share of the price before it.
    pub each: Ratio,
    /// How many cuts there may be.
    pub cuts: u32,
    /// Greatest cut in all, as a share of the first reserve.
    pub all: Ratio,
    /// Whether each cut needs a new collective decision and review.
    pub new_decision: bool,
}

codes! {
    /// What happens where a single bidder registered.
    SingleBidder, "single bidder rule" {
        /// Negotiation, not below the reserve (协议).
        Negotiate = "negotiate", "可协议成交,不低于底价", "negotiation, not below the reserve";
        /// The higher of list price and offer (挂牌价与报价孰高).
        HigherOfListAndOffer = "higher-of-list-and-offer", "挂牌价与报价孰高", "the higher of list price and offer";
        /// The auction is held all the same.
        Auction = "auction", "照常竞价", "the auction is held all the same";
        /// Unsold (流标).
        Unsold = "unsold", "流标", "unsold";
    }
}

/// What follows from the number of registered bidders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bidders {
    /// From how many on the announced method is used.
    pub at_least: u32,
    /// What happens with a single one.
    pub single: SingleBidder,
}

/// Who goes first, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorityRule {
    /// Holders by rank.
    pub ranks: Vec<Vec<PriorityHolder>>,
    /// How the right is used.
    pub exercise: Exercise,
    /// Days of the window after the auction, with that exercise; 0 else.
    #[serde(default)]
    pub window_days: u16,
}

/// The step of an ascending auction, as shares of the reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepShare {
    /// Least.
    pub min: Ratio,
    /// Greatest.
    pub max: Ratio,
}

/// When a reserve lies far outside comparable deals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparables {
    /// Fewer deals than this say nothing.
    pub at_least: u32,
    /// Below this share of the median the reserve is far too low.
    pub below: Ratio,
    /// Above this multiple of the median it is far too high.
    pub above: Ratio,
}

/// Words that bar a use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseBar {
    /// Words looked for in the intended use; a word the notice itself forbids (“不得…”) does not count.
    pub words: Vec<String>,
    /// The bar they mean, where it is one of those that never fall; none = the category's use only.
    #[serde(default)]
    pub bar: Option<NeverTradable>,
}

/// What a notice must contain, one of `words` for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequiredTerm {
    /// The term, in Chinese.
    pub zh: String,
    /// The term, in English.
    pub en: String,
    /// Words of which one must appear in use, restrictions or special conditions.
    pub words: Vec<String>,
}

/// The steps before a plan for construction land may be announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LandPlan {
    /// Working days before the announcement by which the plan lies with the county.
    pub submitted_before: u32,
    /// Working days in which the county comments.
    pub comments_within: u32,
    /// Terms without which the contract is void.
    pub required_terms: Vec<RequiredTerm>,
}

codes! {
    /// Why a running transfer may be suspended (中止) or terminated (终结).
    StopReason, "reason" {
        /// Title is disputed (权属争议).
        TitleDispute = "title-dispute", "权属争议", "title dispute";
        /// An authority ordered it (有关机关要求).
        AuthorityOrder = "authority-order", "有关机关依法要求", "an authority's order";
        /// The system failed (系统故障).
        SystemFailure = "system-failure", "交易系统故障", "system failure";
        /// Somebody intruded into the system (非法入侵).
        Intrusion = "intrusion", "交易系统遭非法入侵", "intrusion";
        /// Force majeure (不可抗力).
        ForceMajeure = "force-majeure", "不可抗力", "force majeure";
        /// An objection was upheld (异议成立).
        ObjectionUpheld = "objection-upheld", "异议成立", "an objection was upheld";
        /// The asset is lost (标的灭失).
        AssetLost = "asset-lost", "标的灭失", "the asset is lost";
        /// The collective withdraws, with approval (转出方撤回并经批准).
        Withdrawn = "withdrawn", "转出方申请撤回并经批准", "withdrawn by the collective with approval";
    }
}

codes! {
    /// Who bears the service fee (费用承担).
    FeePayer, "fee payer" {
        /// The taker (受让方).
        Transferee = "transferee", "受让方", "the taker";
        /// The giver (转出方).
        Transferor = "transferor", "转出方", "the giver";
        /// Each half (双方各半).
        Both = "both", "双方各半", "each half";
    }
}

codes! {
    /// A field that must be filled in before a lot is submitted.
    Field, "field" {
        /// Name of the lot.
        Title = "title", "标的名称", "name of the lot";
        /// Category.
        Category = "category", "交易品种", "category";
        /// Holder.
        Holder = "holder", "权利人性质", "holder";
        /// Way of passing.
        Mode = "mode", "流转方式", "way of passing";
        /// Code of the place.
        Region = "region", "所在区划", "region";
        /// Quantities of all components.
        Components = "components", "数量和计量单位", "quantity and unit";
        /// Term.
        Term = "term", "期限", "term";
        /// Reserve.
        Reserve = "price.reserve", "起始价及计价方式", "reserve and its basis";
        /// Escalator, or that there is none.
        Escalator = "price.escalator", "递增条款(没有的写明不递增)", "escalator, or that there is none";
        /// Method.
        Method = "method", "交易方式", "method";
        /// Deposit.
        Deposit = "deposit", "保证金", "deposit";
        /// Payment.
        Payment = "payment", "付款方式", "payment terms";
        /// Use.
        IntendedUse = "intended_use", "用途", "intended use";
        /// Priority right, or that there is none.
        Priority = "priority", "优先权(没有的写明没有)", "priority right, or that there is none";
        /// Step of an ascending auction.
        Step = "method.step", "加价幅度", "step";
    }
}
