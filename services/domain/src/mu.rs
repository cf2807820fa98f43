//! Areas: mu (亩), square metres (平方米) and hectares (公顷), exact.
//!
//! 1 mu = 10,000/15 m² = 2,000/3 m², and 15 mu = 1 ha (土地面积计量单位, 1990). Square metres and hectares become mu exactly as
//! numbers; mu become square metres or hectares exactly only as thirds and fifteenths, so those conversions name a rounding, and
//! comparing across units multiplies out instead of converting.
//!
//! **Invariants**: an area is above zero, has no more decimals than its unit allows, and is at most `10^11` of its unit, so that
//! no product with a rate overflows.

use crate::finding::{Finding, Severity, Text};
use crate::money::Rounding;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, fmt, str::FromStr};

const BASIS: &str = "国务院关于在我国统一实行法定计量单位的命令;土地面积计量单位(1990年)";

/// 10^11. In square metres, the smallest unit here, that is 100,000 km²: no lot comes near it.
const MAX: Decimal = Decimal::from_parts(1_215_752_192, 23, 0, false, 0);

macro_rules! area {
    ($(#[$doc:meta])* $name:ident, $decimals:literal, $zh:literal, $en:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "Decimal", into = "Decimal")]
        pub struct $name(Decimal);

        impl $name {
            /// How many decimals an area in this unit has at most.
            pub const DECIMALS: u32 = $decimals;

            #[doc = concat!("An area of `value` ", $en, ".")]
            ///
            /// # Errors
            /// Rules `area.positive`, `area.decimals`, `area.range`. The caller adds the field.
            pub fn new(value: Decimal) -> Result<Self, Finding> {
                checked(value, Self::DECIMALS, $zh, $en).map(Self)
            }

            #[doc = concat!("The number of ", $en, ".")]
            pub const fn get(self) -> Decimal {
                self.0
            }

            /// The two areas together; none above the greatest area.
            pub fn checked_add(self, other: Self) -> Option<Self> {
                Self::new(self.0 + other.0).ok()
            }

            /// All areas together; none for no area and above the greatest.
            pub fn checked_sum(areas: impl IntoIterator<Item = Self>) -> Option<Self> {
                areas.into_iter().map(Some).reduce(|sum, area| sum?.checked_add(area?)).flatten()
            }
        }

        impl TryFrom<Decimal> for $name {
            type Error = String;
            fn try_from(value: Decimal) -> Result<Self, String> {
                Self::new(value).map_err(|finding| format!("{}: {}", finding.rule, finding.message.en))
            }
        }

        impl From<$name> for Decimal {
            fn from(area: $name) -> Self {
                area.0
            }
        }

        impl FromStr for $name {
            type Err = Finding;
            fn from_str(text: &str) -> Result<Self, Finding> {
                let value = Decimal::from_str_exact(text.trim()).map_err(|_| not_a_number(text, $zh, $en))?;
                Self::new(value)
            }
        }

        impl fmt::Display for $name {
            /// The number without the unit.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

area! {
    /// An area in mu (亩), to four decimals.
    Mu, 4, "亩", "mu"
}
area! {
    /// An area in square metres (平方米), to four decimals (surveys give two).
    SquareMetres, 4, "平方米", "square metres"
}
area! {
    /// An area in hectares (公顷), to six decimals.
    Hectares, 6, "公顷", "hectares"
}

impl Mu {
    /// In square metres, to four decimals. Going back with [`Rounding::HalfUp`] gives the same mu again.
    ///
    /// # Errors
    /// Rule `area.range`: more than a [`SquareMetres`] holds.
    pub fn to_square_metres(self, rounding: Rounding) -> Result<SquareMetres, Finding> {
        SquareMetres::new(divided(self.0 * Decimal::from(2000), 3, SquareMetres::DECIMALS, rounding))
    }

    /// In hectares, to six decimals.
    ///
    /// # Errors
    /// Rule `area.positive`: so small that the rounding leaves nothing.
    pub fn to_hectares(self, rounding: Rounding) -> Result<Hectares, Finding> {
        Hectares::new(divided(self.0, 15, Hectares::DECIMALS, rounding))
    }

    /// Compares with an area in square metres, exactly.
    pub fn cmp_square_metres(self, other: SquareMetres) -> Ordering {
        (self.0 * Decimal::from(2000)).cmp(&(other.0 * Decimal::from(3)))
    }
}

impl SquareMetres {
    /// The number of mu, exactly (1 m² = 0.0015 mu); it may have more decimals than a [`Mu`].
    pub fn in_mu(self) -> Decimal {
        (self.0 * Decimal::new(15, 4)).normalize()
    }

    /// In mu, to four decimals.
    ///
    /// # Errors
    /// Rule `area.positive`: so small that the rounding leaves nothing.
    pub fn to_mu(self, rounding: Rounding) -> Result<Mu, Finding> {
        Mu::new(rounding.round(self.in_mu(), Mu::DECIMALS))
    }
}

impl Hectares {
    /// In square metres, to four decimals, which is exact for hectares to six.
    ///
    /// # Errors
    /// Rule `area.range`: more than a [`SquareMetres`] holds.
    pub fn to_square_metres(self) -> Result<SquareMetres, Finding> {
        SquareMetres::new(self.0 * Decimal::from(10_000))
    }

    /// The number of mu, exactly; it may have more decimals than a [`Mu`].
    pub fn in_mu(self) -> Decimal {
        (self.0 * Decimal::from(15)).normalize()
    }

    /// In mu, to four decimals.
    ///
    /// # Errors
    /// Rules `area.positive` and `area.range`.
    pub fn to_mu(self, rounding: Rounding) -> Result<Mu, Finding> {
        Mu::new(rounding.round(self.in_mu(), Mu::DECIMALS))
    }
}

/// Compares the area that is stated (contract, ledger) with the area measured on the ground (实测).
///
/// A warning (rule `area.measured`, on the rulebook's `basis`) where they differ by more than `tolerance` of the measured area
/// (`0.05` is 5 %); the caller makes it a refusal where its rulebook says so. Nothing where they agree; a difference of exactly
/// the tolerance agrees.
pub fn compare_areas(stated: Mu, measured: Mu, tolerance: Decimal, basis: &str) -> Option<Finding> {
    let difference = (stated.0 - measured.0).abs();
    if difference <= measured.0 * tolerance {
        return None;
    }
    let (zh, en) = if stated > measured { ("大于", "more than") } else { ("小于", "less than") };
    let finding = Finding::refusal(
        "area.measured",
        basis,
        Text::new(
            format!("填报面积{stated}亩{zh}实测面积{measured}亩,超出允许误差"),
            format!("The stated {stated} mu are {en} the measured {measured} mu, beyond the tolerance"),
        ),
        Text::new(
            "请核对权属面积,或重新测量并说明差异",
            "Check the area of title, or measure again and explain the difference",
        ),
    )
    .with_severity(Severity::Warning)
    .with_fact("stated-mu", stated)
    .with_fact("measured-mu", measured)
    .with_fact("difference-mu", difference.normalize())
    .with_fact("deviation", Rounding::HalfUp.round(difference / measured.0, 4).normalize())
    .with_fact("tolerance", tolerance.normalize());
    Some(finding)
}

/// `value / divisor` to `decimals`, rounded once: the division is done on whole units of the last decimal, where its remainder
/// is exact.
fn divided(value: Decimal, divisor: i64, decimals: u32, rounding: Rounding) -> Decimal {
    let divisor = Decimal::from(divisor);
    let units = value * Decimal::from(10i64.pow(decimals));
    let floor = ((units - units % divisor) / divisor).trunc();
    let rest = units - floor * divisor;
    let carry = match rounding {
        Rounding::Down => false,
        Rounding::Up => !rest.is_zero(),
        Rounding::HalfUp => rest + rest >= divisor,
        Rounding::HalfEven => match (rest + rest).cmp(&divisor) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => !(floor % Decimal::TWO).is_zero(),
        },
    };
    let whole = if carry { floor + Decimal::ONE } else { floor };
    whole * Decimal::new(1, decimals)
}

fn checked(value: Decimal, decimals: u32, zh: &str, en: &str) -> Result<Decimal, Finding> {
    let value = value.normalize();
    let (rule, message) = if value <= Decimal::ZERO {
        ("area.positive", Text::new("面积应大于零", "An area must be above zero"))
    } else if value.scale() > decimals {
        let zh = format!("以{zh}计的面积最多{decimals}位小数");
        ("area.decimals", Text::new(zh, format!("An area in {en} has at most {decimals} decimals")))
    } else if value > MAX {
        ("area.range", Text::new("面积过大", "The area is too large"))
    } else {
        return Ok(value);
    };
    let remedy =
        Text::new("请核对面积和单位(亩、平方米、公顷)", "Check the area and its unit (mu, square metres, hectares)");
    Err(Finding::refusal(rule, BASIS, message, remedy)
        .with_fact("value", value)
        .with_fact("unit", en)
        .with_fact("max-decimals", decimals))
}

fn not_a_number(text: &str, zh: &str, en: &str) -> Finding {
    Finding::refusal(
        "area.number",
        BASIS,
        Text::new("面积应为阿拉伯数字", "An area must be a plain number"),
        Text::new(format!("请填写以{zh}计的数字,如 12.5"), format!("Write a number of {en} such as 12.5")),
    )
    .with_fact("text", text.chars().take(40).collect::<String>())
}

#[cfg(test)]
mod tests;
