//! The notice of a lot (交易公告): its public terms, as a draft grows and as they are announced.
//!
//! Everything a draft can lack is optional: what is absent is *not said*, never a default. Where the notice says "none", that is
//! stated ([`Priority::none`], [`crate::price::Escalator::None`]). Free text of the notice is kept beside what was read out of it.
//! No personal data belongs here: a notice is published and logged as it stands.

mod deal;
mod deposit;
mod method;
mod moment;
mod payment;
mod priority;

pub use deposit::{Deposit, DepositKind, OtherDeposit};
pub use method::{Ascending, Award, Method, MethodTerms, StepAnchor, Tie, Venue};
pub use moment::{Moment, MomentError};
pub use payment::{Anchor, Days, Instalment, Payment, PaymentPlan};
pub use priority::{Eligibility, Exercise, Priority, PriorityHolder};

use crate::finding::Finding;
use crate::money::Money;
use crate::price::{Component, Price, Total, composite_first_year, composite_total};
use crate::region::RegionCode;
use crate::rights::{Category, Holder, TransferMode};
use crate::term::Term;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Where the object lies, in the words of the notice. Empty where it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Location {
    /// Province (省).
    pub province: String,
    /// City (市、州).
    pub city: String,
    /// County (县、区).
    pub county: String,
    /// Township (乡、镇、街道).
    pub township: String,
    /// Village, and group where named (村、组).
    pub village: String,
    /// Bounds and anything nearer (坐落、四至).
    pub detail: String,
}

/// The days and hours a notice publishes, in Asia/Shanghai.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = NoticeSchedule))]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// Announcement begins (公告起).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announce_from: Option<Moment>,
    /// Announcement ends (公告止).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announce_to: Option<Moment>,
    /// Registration begins (报名起).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register_from: Option<Moment>,
    /// Registration ends (报名止).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register_to: Option<Moment>,
    /// Bidding begins (竞价起、开标).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auction_from: Option<Moment>,
    /// Bidding ends where its end is published (竞价止).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auction_to: Option<Moment>,
}

/// The public terms of a lot. Texts are empty, and the rest none, where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Notice {
    /// Name of the lot (标的名称).
    pub title: String,
    /// Category of the right (交易品种).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// The category in the notice's own words.
    pub category_text: String,
    /// Who holds the right (权利人性质).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
    /// The holder in the notice's own words; an organisation, never a natural person's name.
    pub holder_text: String,
    /// How the right passes (流转方式).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<TransferMode>,
    /// The way of passing in the notice's own words.
    pub mode_text: String,
    /// Code of the place; none where only words are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionCode>,
    /// The place in words.
    pub location: Location,
    /// What the lot consists of: one entry, or one for each kind of land.
    pub components: Vec<Component>,
    /// How long the right passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// Price terms.
    pub price: Price,
    /// How the taker is found (交易方式).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<MethodTerms>,
    /// Deposit (保证金).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deposit: Option<Deposit>,
    /// Deposits and securities beside it (履约保证金、风险保证金 …).
    pub other_deposits: Vec<OtherDeposit>,
    /// Published days and hours.
    pub schedule: Schedule,
    /// How the price is paid (付款方式).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// What the object may be used for (用途).
    pub intended_use: String,
    /// What the taker may not do (限制).
    pub restrictions: String,
    /// Priority right (优先权); none where the notice is silent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Who may register beside what the law asks (受让方资格条件).
    pub qualification: String,
    /// Special conditions (特别约定).
    pub special_conditions: String,
    /// How many equal objects are given to so many takers (多标的同批, such as 88 stalls); none or 1 = one taker for the whole lot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub takers: Option<u32>,
}

impl Notice {
    /// What the lot comes to over its term.
    ///
    /// # Errors
    /// As [`composite_total`].
    pub fn total(&self) -> Result<Total, Finding> {
        composite_total(&self.components, &self.price, self.term.as_ref())
    }

    /// What the lot comes to in its first full year.
    ///
    /// # Errors
    /// As [`composite_first_year`].
    pub fn first_year(&self) -> Result<Money, Finding> {
        composite_first_year(&self.components, &self.price)
    }

    /// The area of all components in mu, exact; none where there is none or one is no area.
    pub fn mu(&self) -> Option<Decimal> {
        let mut sum = Decimal::ZERO;
        for component in &self.components {
            sum = sum.checked_add(component.quantity.as_ref()?.mu()?)?;
        }
        (!self.components.is_empty()).then_some(sum)
    }
}

#[cfg(test)]
mod tests;
