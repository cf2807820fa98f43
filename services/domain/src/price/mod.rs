//! Prices (价格): an amount of money that always carries its basis, and what follows from it exactly.
//!
//! - [`UnitPrice`]: amount and [`PriceBasis`] as one value; nothing compares amounts of two bases.
//! - [`Escalator`]: how later years follow from the first.
//! - [`total()`]: the total of the whole term, its first year, its schedule year by year and its equivalent per mu and year.
//! - [`convert()`]: the same price on another basis, and whether it comes out to the fen.
//!
//! **Rounding**, each named once: a year's rent is rounded half up to the fen (四舍五入到分) and the total is the sum of the years,
//! so that the schedule always adds up; a compounding step is taken on the rounded rent before it, as the parties would reckon
//! from the last rent written; a broken year counts its months as twelfths and its left-over days as 365ths.

mod basis;
mod composite;
mod convert;
mod escalator;
mod quantity;
mod refusals;
mod schedule;

pub use basis::{BasisError, Every, Per, PriceBasis};
pub use composite::{composite_first_year, composite_total};
pub use convert::{Conversion, convert};
pub use escalator::{Escalator, RentStep};
pub use quantity::{Quantity, Unit, UnitError};
pub use schedule::{MuYear, Total, YearRent, first_year, total};
pub(crate) use schedule::{factor, times_a_year};

use crate::money::Money;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An amount of money and the basis it stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UnitPrice {
    /// Amount in fen on that basis.
    pub amount: Money,
    /// For how much of the object and how much time it stands.
    pub basis: PriceBasis,
}

impl UnitPrice {
    /// `amount` on `basis`.
    pub const fn new(amount: Money, basis: PriceBasis) -> Self {
        Self { amount, basis }
    }
}

/// By which price grain rent is turned into money (实物折价办法). A price of a jin is in fen and may have decimals (131.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum GrainPricing {
    /// At a price fixed for the whole term.
    Reference {
        /// Price of a jin (500 g), in fen.
        fen_per_jin: Decimal,
    },
    /// At the price of the year in which it falls due, as the state or the market sets it (按当年国家收购价).
    /// Later years can't be told today; the reference, where published, serves for offers and deposits.
    PriceOfYear {
        /// Price of a jin used meanwhile, in fen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fen_per_jin: Option<Decimal>,
    },
    /// Not said in the notice; to be filled in before announcement.
    Unstated,
}

/// A rent measured in grain (实物计租), and how it turns into money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GrainRent {
    /// Which grain, as the notice says (稻谷, 小麦 …); empty where it does not say.
    pub grain: String,
    /// Jin (斤, 500 g) on `basis`.
    pub jin: Decimal,
    /// For how much of the object and how much time it stands; as a rule per mu and year.
    pub basis: PriceBasis,
    /// By which price it turns into money.
    pub pricing: GrainPricing,
    /// Smallest step of an offer in jin, where one is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Decimal>,
}

impl GrainRent {
    /// The price of a jin that offers are reckoned with, in fen; none where none is published.
    pub const fn fen_per_jin(&self) -> Option<Decimal> {
        match self.pricing {
            GrainPricing::Reference { fen_per_jin } => Some(fen_per_jin),
            GrainPricing::PriceOfYear { fen_per_jin } => fen_per_jin,
            GrainPricing::Unstated => None,
        }
    }

    /// The rent in money on the same basis at the price of a jin, rounded half up to the fen.
    pub fn unit_price(&self) -> Option<UnitPrice> {
        let fen = self.jin.checked_mul(self.fen_per_jin()?)?;
        let per = if self.basis.per == Per::Mu { Per::GrainMu } else { self.basis.per };
        Some(UnitPrice::new(schedule::round_fen(fen).ok()?, PriceBasis { per, every: self.basis.every }))
    }
}

/// The price terms of a lot. A draft may lack any of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PriceTerms))]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The starting price (起始价、底价). For a fixed price it is the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve: Option<UnitPrice>,
    /// The rent in grain, where it is grain; `reserve` then holds its money at the reference price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grain: Option<GrainRent>,
    /// How later years follow; none where the notice does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalator: Option<Escalator>,
    /// The total of the whole term that the notice itself prints; kept beside the computed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_total: Option<Money>,
    /// Whether, beside the starting price, a confidential reserve must be reached (另设保留价).
    #[serde(default)]
    pub confidential_reserve: bool,
    /// The basis offers are made in where it is not the reserve's ("报承包期总价").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offers_in: Option<PriceBasis>,
}

impl Price {
    /// The basis offers are made in: the stated one, else the reserve's.
    pub fn offer_basis(&self) -> Option<PriceBasis> {
        self.offers_in.or(self.reserve.map(|reserve| reserve.basis))
    }
}

/// One kind of land or thing in a lot. A lot of several kinds may price each of them (一宗两价).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = LotComponent))]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// What it is, as the notice says (承包地, 机动地, 水田 …); empty for the lot as a whole.
    #[serde(default)]
    pub kind: String,
    /// How much of it; none where the notice does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// Its own reserve, where it differs from the lot's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<UnitPrice>,
}

#[cfg(test)]
mod tests;
