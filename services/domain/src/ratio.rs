//! Ratios (比例): exact fractions such as 2/3, compared by cross multiplication, never as decimals or floats.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A fraction of two whole numbers, written `"2/3"` in rulebooks and JSON. Its denominator is never zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ratio {
    num: u32,
    den: u32,
}

/// Why a text is no ratio.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a ratio like 2/3: {0}")]
pub struct NotARatio(pub String);

impl Ratio {
    /// The whole (1/1).
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// The fraction `num/den`; none where `den` is zero.
    pub const fn new(num: u32, den: u32) -> Option<Self> {
        if den == 0 { None } else { Some(Self { num, den }) }
    }

    /// The numerator as written (not reduced).
    pub const fn num(self) -> u32 {
        self.num
    }

    /// The denominator as written (not reduced); never zero.
    pub const fn den(self) -> u32 {
        self.den
    }

    /// Whether `part` is at least this share of `whole`.
    pub fn reached_by(self, part: u64, whole: u64) -> bool {
        u128::from(part) * u128::from(self.den) >= u128::from(whole) * u128::from(self.num)
    }

    /// Whether `part` is more than this share of `whole`.
    pub fn exceeded_by(self, part: u64, whole: u64) -> bool {
        u128::from(part) * u128::from(self.den) > u128::from(whole) * u128::from(self.num)
    }

    /// This share of `whole`, rounded down; none where it does not fit or `whole` is negative.
    pub fn floor_of(self, whole: i64) -> Option<i64> {
        let whole = u128::from(u64::try_from(whole).ok()?);
        i64::try_from(whole * u128::from(self.num) / u128::from(self.den)).ok()
    }

    /// This share of `whole`, rounded up; none where it does not fit or `whole` is negative.
    pub fn ceil_of(self, whole: i64) -> Option<i64> {
        let whole = u128::from(u64::try_from(whole).ok()?);
        i64::try_from((whole * u128::from(self.num)).div_ceil(u128::from(self.den))).ok()
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

impl FromStr for Ratio {
    type Err = NotARatio;

    fn from_str(text: &str) -> Result<Self, NotARatio> {
        let parts = text.split_once('/').and_then(|(num, den)| Some((num.parse().ok()?, den.parse().ok()?)));
        parts.and_then(|(num, den)| Self::new(num, den)).ok_or_else(|| NotARatio(text.to_owned()))
    }
}

impl TryFrom<String> for Ratio {
    type Error = NotARatio;

    fn try_from(text: String) -> Result<Self, NotARatio> {
        text.parse()
    }
}

impl From<Ratio> for String {
    fn from(ratio: Ratio) -> Self {
        ratio.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_thirds_of_a_hundred_is_sixty_seven() {
        let ratio = Ratio::new(2, 3).expect("not zero");
        assert!(!ratio.reached_by(66, 100));
        assert!(ratio.reached_by(67, 100));
        assert!(ratio.reached_by(66, 99), "an exact two thirds is enough");
        assert!(!ratio.exceeded_by(66, 99));
        assert_eq!((ratio.floor_of(100), ratio.ceil_of(100)), (Some(66), Some(67)));
        assert_eq!(ratio.floor_of(-1), None);
    }

    #[test]
    fn reads_what_it_writes_and_nothing_else() {
        assert_eq!("2/3".parse(), Ok(Ratio::new(2, 3).expect("not zero")));
        for bad in ["", "2", "2/0", "-1/3", "2/3/4", "2.0/3", " 2/3"] {
            assert_eq!(bad.parse::<Ratio>(), Err(NotARatio(bad.to_owned())));
        }
        assert!(serde_json::from_str::<Ratio>("\"1/0\"").is_err());
    }

    proptest! {
        #[test]
        fn round_trips(num: u32, den in 1_u32..) {
            let ratio = Ratio::new(num, den).expect("not zero");
            prop_assert_eq!(ratio.to_string().parse(), Ok(ratio));
        }

        /// The rounded-up share is the least part that reaches the ratio.
        #[test]
        fn ceil_is_the_threshold(num in 1_u32..1000, den in 1_u32..1000, whole in 0_i64..1_000_000) {
            let ratio = Ratio::new(num, den).expect("not zero");
            let need = u64::try_from(ratio.ceil_of(whole).expect("small")).expect("not negative");
            let whole = u64::try_from(whole).expect("not negative");
            prop_assert!(ratio.reached_by(need, whole));
            prop_assert!(need == 0 || !ratio.reached_by(need - 1, whole));
        }
    }
}
