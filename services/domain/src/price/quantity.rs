//! Quantities (数量): how much of what is offered, and exact conversion of areas.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What a quantity counts. In JSON a code, or for counted things the Chinese measure word itself (个, 座, 台, 株 …).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Mu (亩), 10000/15 square metres.
    Mu,
    /// Square metre (平方米).
    SquareMetre,
    /// Hectare (公顷), exactly 15 mu.
    Hectare,
    /// Cubic metre in all (立方米).
    CubicMetre,
    /// Cubic metre in each year (立方米/年).
    CubicMetreYear,
    /// Things counted one by one, by their measure word (个、座、台、株、间、股 …).
    Count(String),
}

impl Unit {
    /// The unit as a notice writes it.
    pub fn zh(&self) -> &str {
        match self {
            Self::Mu => "亩",
            Self::SquareMetre => "平方米",
            Self::Hectare => "公顷",
            Self::CubicMetre => "立方米",
            Self::CubicMetreYear => "立方米/年",
            Self::Count(word) => word,
        }
    }

    /// Mu in one of this unit, exact; none where it measures no area. (10000/15 m² a mu, so a square metre is 0.0015 mu.)
    pub fn mu(&self) -> Option<Decimal> {
        match self {
            Self::Mu => Some(Decimal::ONE),
            Self::Hectare => Some(Decimal::from(15)),
            Self::SquareMetre => Some(Decimal::new(15, 4)),
            Self::CubicMetre | Self::CubicMetreYear | Self::Count(_) => None,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mu => "mu",
            Self::SquareMetre => "square-metre",
            Self::Hectare => "hectare",
            Self::CubicMetre => "cubic-metre",
            Self::CubicMetreYear => "cubic-metre-year",
            Self::Count(word) => word,
        })
    }
}

/// A text that is neither a unit's code nor a measure word of one to four Chinese characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a unit: {0}")]
pub struct UnitError(pub String);

impl FromStr for Unit {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        Ok(match text {
            "mu" => Self::Mu,
            "square-metre" => Self::SquareMetre,
            "hectare" => Self::Hectare,
            "cubic-metre" => Self::CubicMetre,
            "cubic-metre-year" => Self::CubicMetreYear,
            word if (1..=4).contains(&word.chars().count())
                && word.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) =>
            {
                Self::Count(word.to_owned())
            }
            other => return Err(UnitError(other.to_owned())),
        })
    }
}

impl Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount of a unit. The amount is positive in anything that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// How many or how much.
    pub amount: Decimal,
    /// Of what.
    pub unit: Unit,
}

impl Quantity {
    /// `amount` of `unit`.
    pub fn new(amount: Decimal, unit: Unit) -> Self {
        Self { amount, unit }
    }

    /// The area in mu, exact; none where it is no area (or beyond what a decimal holds).
    pub fn mu(&self) -> Option<Decimal> {
        self.amount.checked_mul(self.unit.mu()?).map(|mu| mu.normalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_exact() {
        let square = Quantity::new(Decimal::from(38_253), Unit::SquareMetre);
        assert_eq!(square.mu(), Some(Decimal::new(573_795, 4)));
        assert_eq!(Quantity::new(Decimal::TWO, Unit::Hectare).mu(), Some(Decimal::from(30)));
        assert_eq!(Quantity::new(Decimal::TWO, Unit::Count("座".into())).mu(), None);
    }

    #[test]
    fn units_read_back() {
        for unit in [
            Unit::Mu,
            Unit::SquareMetre,
            Unit::Hectare,
            Unit::CubicMetre,
            Unit::CubicMetreYear,
            Unit::Count("株".into()),
        ] {
            assert_eq!(unit.to_string().parse::<Unit>().as_ref(), Ok(&unit));
        }
        for text in ["", "acre", "mu ", "平方米左右的"] {
            assert!(text.parse::<Unit>().is_err(), "{text}");
        }
    }
}
