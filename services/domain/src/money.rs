//! Money (金额): whole fen of the renminbi, never a fraction, never a float.
//!
//! Sums and differences are checked, and a product names its [`Rounding`]. The children each hold one idea: [`rounding`] what a
//! half fen becomes, `exact` the wide arithmetic under every product, `text` figures and how people type them,
//! [`capitals`](Money::capitals) the bank's Chinese capitals (大写), [`share`] splitting a total so that the parts add up.

mod capitals;
mod exact;
pub mod rounding;
pub mod share;
mod text;

pub use rounding::Rounding;
pub use share::largest_remainder;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An amount in fen (分; 100 fen are one yuan). Negative amounts exist only as differences and book entries.
///
/// There are no `+` and `-` operators on purpose: each addition says what happens where it does not fit.
/// `Display` writes yuan in figures (`1,234.56`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The greatest amount there is.
    pub const MAX: Self = Self(i64::MAX);

    /// An amount of `fen`.
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// An amount of whole `yuan`; none where it does not fit.
    pub const fn from_yuan(yuan: i64) -> Option<Self> {
        match yuan.checked_mul(100) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// An amount of `yuan` with decimals, rounded to the fen; none where it does not fit.
    pub fn from_yuan_decimal(yuan: Decimal, rounding: Rounding) -> Option<Self> {
        Self(100).checked_mul(yuan, rounding)
    }

    /// An amount of `yuan` that is whole fen already; none where a fraction of a fen would be lost or it does not fit.
    pub fn from_yuan_exact(yuan: Decimal) -> Option<Self> {
        let down = Self::from_yuan_decimal(yuan, Rounding::Down)?;
        (down.yuan() == yuan).then_some(down)
    }

    /// The amount in fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// The amount in yuan, exactly.
    pub fn yuan(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is more than nothing.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum; none on overflow.
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The difference; none on overflow.
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The amount with the other sign; none for the one amount whose opposite does not fit.
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The sum of many amounts. None only where the sum itself does not fit: a sum whose parts pass the range on the way
    /// but come back is found, so the answer does not depend on the order.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let total: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
        i64::try_from(total).ok().map(Self)
    }

    /// The amount `times` over; none on overflow.
    pub const fn checked_times(self, times: i64) -> Option<Self> {
        match self.0.checked_mul(times) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The amount times `factor` (a rate, an area, a ratio), computed exactly and then rounded once; none where it does not fit.
    pub fn checked_mul(self, factor: Decimal, rounding: Rounding) -> Option<Self> {
        let denominator = 10u128.pow(factor.scale());
        self.scaled(factor.mantissa().unsigned_abs(), denominator, factor.is_sign_negative(), rounding)
    }

    /// The amount times `numerator / denominator`, computed exactly and then rounded once (days of a year, shares of a whole);
    /// none where the denominator is zero or the result does not fit.
    pub fn checked_mul_ratio(self, numerator: u64, denominator: u64, rounding: Rounding) -> Option<Self> {
        self.scaled(numerator.into(), denominator.into(), false, rounding)
    }

    /// `self * numerator / denominator`, with the sign changed if asked. The denominator is at most 10^28 or a `u64`, which is
    /// what [`exact::mul_div_rem`] needs.
    fn scaled(self, numerator: u128, denominator: u128, negate: bool, rounding: Rounding) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let amount = self.0.unsigned_abs();
        let head = u128::from(amount).checked_mul(numerator / denominator)?;
        let (tail, remainder) = exact::mul_div_rem(amount, numerator % denominator, denominator);
        let floor = head.checked_add(tail.into())?;
        let size = if rounding.away_from_zero(floor % 2 == 1, remainder, denominator) { floor + 1 } else { floor };
        let size = i128::try_from(size).ok()?;
        let signed = if (self.0 < 0) == negate { size } else { -size };
        i64::try_from(signed).ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::dec;

    fn fen(fen: i64) -> Money {
        Money::from_fen(fen)
    }

    #[test]
    fn a_product_is_rounded_as_named() {
        let half = |amount: i64, rounding| fen(amount).checked_mul(dec!(0.5), rounding).map(Money::fen);
        for (amount, up, even, down, away) in
            [(1, 1, 0, 0, 1), (3, 2, 2, 1, 2), (-1, -1, 0, 0, -1), (-3, -2, -2, -1, -2)]
        {
            assert_eq!(half(amount, Rounding::HalfUp), Some(up));
            assert_eq!(half(amount, Rounding::HalfEven), Some(even));
            assert_eq!(half(amount, Rounding::Down), Some(down));
            assert_eq!(half(amount, Rounding::Up), Some(away));
        }
        assert_eq!(fen(100).checked_mul(dec!(-1.005), Rounding::HalfUp), Some(fen(-101)));
    }

    #[test]
    fn a_product_beyond_the_decimal_types_own_precision_is_still_exact() {
        // The 29th digit decides: a product that Decimal itself would round to 28 digits first.
        let factor = dec!(1.000000000000000000000000001);
        assert_eq!(fen(i64::MAX).checked_mul(factor, Rounding::Down), Some(fen(i64::MAX)));
        assert_eq!(fen(i64::MAX).checked_mul(factor, Rounding::Up), None);
        let amount = fen(4_000_000_000_000_000_000);
        assert_eq!(amount.checked_mul(factor, Rounding::Up), Some(fen(4_000_000_000_000_000_001)));
        assert_eq!(fen(i64::MIN).checked_mul(dec!(1), Rounding::Down), Some(fen(i64::MIN)));
        assert_eq!(fen(i64::MIN).checked_mul(dec!(-1), Rounding::Down), None);
    }

    #[test]
    fn ratios_and_heads() {
        // 1,500,000 yuan, half of it to 780 villagers: 961.54 each to the nearest fen, 961.53 without the fraction.
        let half = Money::from_yuan(750_000).unwrap();
        assert_eq!(half.checked_mul_ratio(1, 780, Rounding::HalfUp), Some(fen(96_154)));
        assert_eq!(half.checked_mul_ratio(1, 780, Rounding::Down), Some(fen(96_153)));
        assert_eq!(half.checked_mul_ratio(1, 0, Rounding::Down), None);
        assert_eq!(half.checked_mul_ratio(u64::MAX, 1, Rounding::Down), None);
    }

    #[test]
    fn yuan_in_and_out() {
        assert_eq!(Money::from_yuan_exact(dec!(12.340)), Some(fen(1234)));
        assert_eq!(Money::from_yuan_exact(dec!(12.345)), None);
        assert_eq!(Money::from_yuan_decimal(dec!(12.345), Rounding::HalfEven), Some(fen(1234)));
        assert_eq!(Money::from_yuan_decimal(dec!(12.345), Rounding::HalfUp), Some(fen(1235)));
        assert_eq!(fen(-5).yuan(), dec!(-0.05));
        assert_eq!(Money::from_yuan(i64::MAX), None);
    }

    #[test]
    fn a_sum_is_refused_only_where_the_total_does_not_fit() {
        assert_eq!(Money::checked_sum([fen(i64::MAX), fen(1), fen(-1)]), Some(Money::MAX));
        assert_eq!(Money::checked_sum([fen(i64::MAX), fen(1)]), None);
        assert_eq!(Money::checked_sum([]), Some(Money::ZERO));
        assert_eq!(fen(i64::MIN).checked_neg(), None);
        assert_eq!(fen(3).checked_times(4), Some(fen(12)));
    }

    proptest! {
        /// The naive twin: where the numbers are small enough for `i128`, plain division must agree.
        #[test]
        fn product_agrees_with_plain_division(amount in -1_000_000_000_000i64..1_000_000_000_000, mantissa in -1_000_000_000i64..1_000_000_000, scale in 0u32..12) {
            let denominator = 10i128.pow(scale);
            let product = i128::from(amount) * i128::from(mantissa);
            let (down, rest) = (product / denominator, product % denominator);
            let factor = Decimal::new(mantissa, scale);
            let away = down + if rest == 0 { 0 } else { product.signum() };
            let half_up = if rest.abs() * 2 >= denominator { away } else { down };
            let half_even = match (rest.abs() * 2).cmp(&denominator) {
                std::cmp::Ordering::Greater => away,
                std::cmp::Ordering::Less => down,
                std::cmp::Ordering::Equal => if down % 2 == 0 { down } else { away },
            };
            for (rounding, expected) in [(Rounding::Down, down), (Rounding::Up, away), (Rounding::HalfUp, half_up), (Rounding::HalfEven, half_even)] {
                let got = fen(amount).checked_mul(factor, rounding).map(|m| i128::from(m.fen()));
                prop_assert_eq!(got, i64::try_from(expected).ok().map(i128::from), "{:?}", rounding);
            }
        }

        #[test]
        fn add_then_subtract_is_the_start(a in any::<i64>(), b in any::<i64>()) {
            if let Some(sum) = fen(a).checked_add(fen(b)) {
                prop_assert_eq!(sum.checked_sub(fen(b)), Some(fen(a)));
                prop_assert_eq!(Money::checked_sum([fen(b), fen(a)]), Some(sum));
            } else {
                prop_assert_eq!(Money::checked_sum([fen(a), fen(b)]), None);
            }
        }

        #[test]
        fn yuan_round_trips(amount in any::<i64>()) {
            prop_assert_eq!(Money::from_yuan_exact(fen(amount).yuan()), Some(fen(amount)));
        }
    }
}
