//! Payment terms (付款方式).

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A number of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PaymentDays))]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// How many; day 1 is the day after.
    pub count: u16,
    /// Whether working days are counted (工作日).
    pub working: bool,
}

/// The day a period of payment is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PaymentAnchor))]
#[serde(rename_all = "kebab-case")]
pub enum Anchor {
    /// The award (成交、中标).
    Award,
    /// The end of the result notice (成交公示期满).
    ResultNotice,
    /// Signing (签订合同).
    Signing,
}

/// A part of the price and the year it falls due in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Instalment {
    /// Per cent of the total.
    pub percent: Decimal,
    /// Year of the term at whose beginning it falls due; 1 = at signing.
    pub year: u16,
}

/// When the price is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum PaymentPlan {
    /// All at once (一次性付清).
    LumpSum,
    /// The rent of so many years at a time, beforehand (一年一付、五年一付).
    EveryYears {
        /// Years paid at a time.
        years: u16,
    },
    /// The rent of so many months at a time, beforehand (按季、按月).
    EveryMonths {
        /// Months paid at a time.
        months: u16,
    },
    /// Parts of the total in named years (首付40%,第3年30%,第5年30%); the parts are 100 % together.
    Instalments {
        /// The parts in order.
        parts: Vec<Instalment>,
    },
}

/// The payment terms of a lot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PaymentTerms))]
#[serde(default, deny_unknown_fields)]
pub struct Payment {
    /// When the price is paid; none where only the text says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<PaymentPlan>,
    /// Within how many days the first payment falls due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Days>,
    /// From which day those are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Anchor>,
    /// The notice's own words.
    pub text: String,
}
