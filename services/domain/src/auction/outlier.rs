//! Outliers (异常报价): an amount so far from the current price that the page asks the bidder again before it is sent.
//!
//! This never refuses: a bidder may mean it. It exists because people type one zero too many, or take a price per mu for the
//! total, and an accepted bid can't be taken back.

use crate::{money::Money, ratio::Ratio};
use serde::{Deserialize, Serialize};

/// From where on an amount is odd; a parameter of the rulebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// More steps above the current price than this are odd.
    pub steps: u32,
    /// An amount above this multiple of the current price is odd (`"3/2"` = half as much again).
    pub multiple: Ratio,
}

/// Whether `amount` is odd beside `current` (the leading price, or the reserve before the first bid), by either limit.
pub fn is_outlier(current: Money, amount: Money, step: Money, limits: Limits) -> bool {
    let (current, amount, step) = (i128::from(current.fen()), i128::from(amount.fen()), i128::from(step.fen()));
    let many_steps = amount - current > step * i128::from(limits.steps);
    let high_multiple = amount * i128::from(limits.multiple.den()) > current * i128::from(limits.multiple.num());
    many_steps || high_multiple
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odd(current: i64, amount: i64) -> bool {
        let limits = Limits { steps: 10, multiple: Ratio::new(3, 2).expect("not zero") };
        is_outlier(Money::from_fen(current), Money::from_fen(amount), Money::from_fen(10), limits)
    }

    #[test]
    fn asks_again_beyond_either_limit() {
        assert!(!odd(1_000, 1_010), "one step");
        assert!(!odd(1_000, 1_100), "ten steps are the limit itself");
        assert!(odd(1_000, 1_110), "eleven steps");
        assert!(!odd(100, 150), "half as much again is the limit itself");
        assert!(odd(100, 160), "more than half as much again, though only six steps");
        assert!(odd(1_000, 10_000), "one zero too many");
        assert!(!odd(1_000, 10), "too low is the engine's to refuse");
        assert!(odd(1, i64::MAX), "no overflow");
    }
}
