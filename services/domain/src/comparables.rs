//! Comparable deals (可比成交): what like rights brought, in the one measure that lots can be compared by, yuan per mu and year.
//!
//! Integers all the way: quartiles are interpolated exactly and rounded half up to the fen.

use crate::{
    finding::{Finding, Text},
    money::Money,
    rulebook::{ComparableMedian, Comparables, Rule},
};

/// Median and quartiles of a set of prices per mu and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How many deals.
    pub count: u32,
    /// A quarter of the deals are at or below it.
    pub lower_quartile: Money,
    /// Half of the deals are at or below it.
    pub median: Money,
    /// Three quarters of the deals are at or below it.
    pub upper_quartile: Money,
}

/// Summarises prices; none of no prices. Sorts them on the way.
///
/// A quantile at place `p (n − 1)` of the sorted list is interpolated between its neighbours (Hyndman and Fan's type 7).
pub fn summarise(prices: &mut [Money]) -> Option<Summary> {
    prices.sort_unstable();
    let count = u32::try_from(prices.len()).ok().filter(|count| *count > 0)?;
    let at = |quarters: usize| {
        let place = quarters * (prices.len() - 1);
        let (below, part) = (place / 4, place % 4);
        let low = i128::from(prices[below].fen());
        let high = i128::from(prices[(below + 1).min(prices.len() - 1)].fen());
        let fourfold = low * 4 + (high - low) * i128::try_from(part).unwrap_or(0);
        // Half up: prices are not negative.
        i64::try_from((fourfold + 2).div_euclid(4)).map(Money::from_fen).unwrap_or(prices[below])
    };
    Some(Summary { count, lower_quartile: at(1), median: at(2), upper_quartile: at(3) })
}

/// What the rule says of a price per mu and year beside the median of comparable deals: nothing where they are too few.
pub fn judge(price: Money, median: ComparableMedian, rule: &Rule<Comparables>) -> Option<Finding> {
    let Comparables { at_least, below, above } = rule.value;
    if median.count < at_least {
        return None;
    }
    let (own_fen, median_fen) = (u64::try_from(price.fen()).ok()?, u64::try_from(median.mu_year.fen()).ok()?);
    let low = !below.reached_by(own_fen, median_fen);
    let high = above.exceeded_by(own_fen, median_fen);
    (low || high).then(|| {
        let (zh, en) = if low { ("低于", "below") } else { ("高于", "above") };
        rule.finding(
            Text::new(
                format!("折合每亩每年{price}元,明显{zh}可比成交中位数{}元({}宗)", median.mu_year, median.count),
                format!(
                    "{price} yuan per mu and year, far {en} the median of {} comparable deals, {} yuan",
                    median.count, median.mu_year
                ),
            ),
            Text::new("复核起始价并说明理由", "check the reserve and say why"),
        )
        .at("price.reserve")
        .with_fact("mu-year-fen", price.fen())
        .with_fact("median-fen", median.mu_year.fen())
        .with_fact("count", median.count)
    })
}

impl Summary {
    /// What the rule looks at.
    pub const fn for_rule(&self) -> ComparableMedian {
        ComparableMedian { mu_year: self.median, count: self.count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{region::RegionCode, rights::Category, rulebook::Library};
    use proptest::prelude::*;

    fn of(fen: &[i64]) -> Option<Summary> {
        summarise(&mut fen.iter().copied().map(Money::from_fen).collect::<Vec<_>>())
    }

    #[test]
    fn known_quartiles() {
        assert_eq!(of(&[]), None);
        let one = of(&[700]).unwrap();
        assert_eq!((one.lower_quartile.fen(), one.median.fen(), one.upper_quartile.fen()), (700, 700, 700));
        let five = of(&[50, 10, 40, 20, 30]).unwrap();
        assert_eq!((five.lower_quartile.fen(), five.median.fen(), five.upper_quartile.fen()), (20, 30, 40));
        let four = of(&[10, 20, 30, 41]).unwrap();
        // 17.5, 25 and 32.75, rounded half up.
        assert_eq!((four.lower_quartile.fen(), four.median.fen(), four.upper_quartile.fen()), (18, 25, 33));
    }

    #[test]
    fn far_prices_are_remarked_and_near_ones_are_not() {
        let rulebook = Library::builtin().rulebook(RegionCode::EVERYWHERE, Category::ContractedLand).unwrap();
        let rule = &rulebook.rules.comparables;
        let summary = of(&[100_00; 9]).unwrap();
        for (price, remarked) in [(69_99, true), (70_00, false), (100_00, false), (200_00, false), (200_01, true)] {
            assert_eq!(judge(Money::from_fen(price), summary.for_rule(), rule).is_some(), remarked, "{price}");
        }
        let few = of(&[100_00; 4]).unwrap();
        assert_eq!(judge(Money::from_fen(1), few.for_rule(), rule), None, "four deals say nothing");
    }

    proptest! {
        #[test]
        fn quartiles_stand_in_order_among_the_prices(fen in prop::collection::vec(0_i64..10_000_000, 1..200)) {
            let summary = of(&fen).unwrap();
            let (least, most) = (*fen.iter().min().unwrap(), *fen.iter().max().unwrap());
            prop_assert!(least <= summary.lower_quartile.fen());
            prop_assert!(summary.lower_quartile <= summary.median);
            prop_assert!(summary.median <= summary.upper_quartile);
            prop_assert!(summary.upper_quartile.fen() <= most);
            // At least half of the deals lie on each side of the median.
            let below = fen.iter().filter(|price| **price <= summary.median.fen()).count();
            prop_assert!(below * 2 >= fen.len());
        }
    }
}
