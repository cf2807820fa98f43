//! Splitting a total so that the parts add up to the fen.

use super::{Money, exact::mul_div_rem};
use crate::finding::{Finding, Text};
use rust_decimal::Decimal;

/// Splits `total` in proportion to `weights`: each part gets its whole fen, and the fen left over go one each to the largest
/// remainders (最大余额法), the earlier of equals first. The parts add up to `total` exactly, no part is a fen away from its
/// exact share, and a weight of zero gets nothing.
///
/// The order of `weights` decides equal remainders, so callers list people in an order that is published (members by number).
/// A negative total is split like its opposite.
///
/// # Errors
/// Rule `share.weights`: no weight above zero, a negative weight, or weights of so many digits that they have no common unit.
pub fn largest_remainder(total: Money, weights: &[Decimal]) -> Result<Vec<Money>, Finding> {
    let (units, sum) = common_units(weights)?;
    let size = total.fen().unsigned_abs();

    let (mut parts, remainders): (Vec<u64>, Vec<u128>) = units.iter().map(|&unit| mul_div_rem(size, unit, sum)).unzip();
    let given: u64 = parts.iter().sum();
    let left = usize::try_from(size - given).expect("fewer fen are left than there are parts");

    let mut order: Vec<usize> = (0..parts.len()).collect();
    // A stable sort keeps the earlier of equals first.
    order.sort_by(|&a, &b| remainders[b].cmp(&remainders[a]));
    for &part in &order[..left] {
        parts[part] += 1;
    }
    debug_assert_eq!(parts.iter().sum::<u64>(), size);

    Ok(parts
        .into_iter()
        .map(|part| {
            let signed = if total.is_negative() { -i128::from(part) } else { i128::from(part) };
            Money::from_fen(i64::try_from(signed).expect("a part is never larger than the total"))
        })
        .collect())
}

/// The weights as whole multiples of their smallest decimal unit, and the sum of those.
fn common_units(weights: &[Decimal]) -> Result<(Vec<u128>, u128), Finding> {
    let normal: Vec<Decimal> = weights.iter().map(Decimal::normalize).collect();
    let scale = normal.iter().map(Decimal::scale).max().unwrap_or(0);
    let mut units = Vec::with_capacity(normal.len());
    let mut sum = 0u128;
    for weight in &normal {
        let mantissa = u128::try_from(weight.mantissa()).map_err(|_| bad_weights(weights, "negative"))?;
        let unit = 10u128.pow(scale - weight.scale()).checked_mul(mantissa);
        let unit = unit.ok_or_else(|| bad_weights(weights, "too-fine"))?;
        sum = sum.checked_add(unit).filter(|sum| *sum <= 1 << 126).ok_or_else(|| bad_weights(weights, "too-fine"))?;
        units.push(unit);
    }
    if sum == 0 { Err(bad_weights(weights, "none-above-zero")) } else { Ok((units, sum)) }
}

fn bad_weights(weights: &[Decimal], reason: &str) -> Finding {
    Finding::refusal(
        "share.weights",
        "最大余额法分配规则",
        Text::new("分配权重应为非负数且不全为零", "Weights must not be negative and not all zero"),
        Text::new("请核对股份、面积或人数", "Check the shares, areas or head counts"),
    )
    .with_fact("reason", reason)
    .with_fact("weights", weights.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::dec;

    fn split(total: i64, weights: &[Decimal]) -> Vec<i64> {
        largest_remainder(Money::from_fen(total), weights).unwrap().into_iter().map(Money::fen).collect()
    }

    #[test]
    fn known_splits() {
        assert_eq!(split(100, &[dec!(1), dec!(1), dec!(1)]), [34, 33, 33]);
        assert_eq!(split(-100, &[dec!(1), dec!(1), dec!(1)]), [-34, -33, -33]);
        assert_eq!(split(10, &[dec!(0.335), dec!(0), dec!(0.665)]), [3, 0, 7]);
        assert_eq!(split(1, &[dec!(1), dec!(2)]), [0, 1]);
        assert_eq!(split(0, &[dec!(1)]), [0]);
        assert_eq!(split(i64::MIN, &[dec!(7)]), [i64::MIN]);
        // 750,000 yuan among 780 villagers: 961.54 for the first 660, 961.53 for the rest, nothing lost.
        let parts = split(75_000_000, &[dec!(1); 780]);
        assert_eq!(parts.iter().filter(|part| **part == 96_154).count(), 660);
        assert_eq!(parts.iter().filter(|part| **part == 96_153).count(), 120);
    }

    #[test]
    fn weights_without_meaning_are_refused() {
        for (weights, reason) in [
            (vec![], "none-above-zero"),
            (vec![dec!(0), dec!(0.00)], "none-above-zero"),
            (vec![dec!(1), dec!(-1)], "negative"),
            (vec![Decimal::MAX, Decimal::new(1, 28)], "too-fine"),
        ] {
            let finding = largest_remainder(Money::from_fen(1), &weights).unwrap_err();
            assert_eq!((finding.rule.as_str(), finding.facts["reason"].as_str()), ("share.weights", reason));
        }
    }

    fn weights() -> impl Strategy<Value = Vec<Decimal>> {
        prop::collection::vec((0i64..1_000_000_000, 0u32..6).prop_map(|(m, s)| Decimal::new(m, s)), 1..40)
            .prop_filter("some weight", |weights| weights.iter().any(|weight| !weight.is_zero()))
    }

    proptest! {
        #[test]
        fn parts_add_up_and_stay_within_a_fen(total in any::<i64>(), weights in weights()) {
            let parts = split(total, &weights);
            prop_assert_eq!(parts.iter().map(|part| i128::from(*part)).sum::<i128>(), i128::from(total));
            // Exact share by whole numbers: weights in millionths, at most 10^15 each.
            let unit = |weight: &Decimal| weight.mantissa() * 10i128.pow(6 - weight.scale());
            let sum: i128 = weights.iter().map(unit).sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let off = i128::from(*part) * sum - i128::from(total) * unit(weight);
                prop_assert!(off.abs() < sum, "a part is a fen or more away from its share");
                prop_assert!(!weight.is_zero() || *part == 0);
            }
        }

        /// The same weights in another unit give the same parts, and a larger weight never gets less.
        #[test]
        fn unit_and_order_of_size(total in 0i64.., weights in weights()) {
            let parts = split(total, &weights);
            let thousandths: Vec<Decimal> = weights.iter().map(|weight| weight / dec!(1000)).collect();
            prop_assert_eq!(&parts, &split(total, &thousandths));
            for i in 0..parts.len() {
                for j in 0..parts.len() {
                    prop_assert!(weights[i] <= weights[j] || parts[i] >= parts[j]);
                }
            }
        }
    }
}
