//! What a fraction of the last digit becomes. Every rounding in the exchange has one of these four names.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// A named rounding, symmetric about zero: what is done to 1.5 is done to −1.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// To the nearest; a half goes away from zero (四舍五入). The usual rounding of invoices.
    HalfUp,
    /// To the nearest; a half goes to the even neighbour (四舍六入五成双). For long series, where halves must not drift.
    HalfEven,
    /// The fraction is dropped, towards zero (舍去).
    Down,
    /// Any fraction counts as a whole, away from zero (进位).
    Up,
}

impl Rounding {
    /// `value` with at most `decimals` decimal places.
    pub fn round(self, value: Decimal, decimals: u32) -> Decimal {
        let strategy = match self {
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::HalfEven => RoundingStrategy::MidpointNearestEven,
            Self::Down => RoundingStrategy::ToZero,
            Self::Up => RoundingStrategy::AwayFromZero,
        };
        value.round_dp_with_strategy(decimals, strategy)
    }

    /// Whether a size whose whole part is `odd` or not, with `remainder / whole` left over, goes up to the next whole.
    pub(super) fn away_from_zero(self, odd: bool, remainder: u128, whole: u128) -> bool {
        // `remainder < whole`, so this is twice the remainder compared to the whole without overflow.
        let against_half = remainder.cmp(&(whole - remainder));
        match self {
            Self::Down => false,
            Self::Up => remainder > 0,
            Self::HalfUp => remainder > 0 && against_half.is_ge(),
            Self::HalfEven => against_half.is_gt() || (remainder > 0 && against_half.is_eq() && odd),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rounding::{Down, HalfEven, HalfUp, Up};
    use rust_decimal::dec;

    #[test]
    fn decimals_round_as_named() {
        for (rounding, two_half, three_half, minus_two_half) in [
            (HalfUp, dec!(3), dec!(4), dec!(-3)),
            (HalfEven, dec!(2), dec!(4), dec!(-2)),
            (Down, dec!(2), dec!(3), dec!(-2)),
            (Up, dec!(3), dec!(4), dec!(-3)),
        ] {
            assert_eq!(rounding.round(dec!(2.5), 0), two_half);
            assert_eq!(rounding.round(dec!(3.5), 0), three_half);
            assert_eq!(rounding.round(dec!(-2.5), 0), minus_two_half);
        }
        assert_eq!(Up.round(dec!(1.00001), 4), dec!(1.0001));
    }

    #[test]
    fn names_in_a_rulebook() {
        assert_eq!(serde_json::to_string(&HalfEven).unwrap(), "\"half-even\"");
        assert_eq!(serde_json::from_str::<super::Rounding>("\"half-up\"").unwrap(), HalfUp);
        assert!(serde_json::from_str::<super::Rounding>("\"nearest\"").is_err());
    }
}
