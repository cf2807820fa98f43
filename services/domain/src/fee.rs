//! The exchange's service fee (交易服务费): a marginal table (差额定率累进), each bracket's rate on the part of the price inside it.
//!
//! The table is data of a rulebook. The published example behind the check value is 许昌市农村产权流转交易收费管理办法(试行)
//! 许农产权〔2025〕1号: 1.3 % to 0.5 m yuan, 1.2 % to 1 m, 1.0 % to 5 m, 0.8 % to 10 m, 0.5 % to 20 m, 0.3 % above, at least 200 yuan a
//! deal; 15 m gives 6,500 + 6,000 + 40,000 + 40,000 + 25,000 = 117,500. Those are the only edges for which it does: up to 5 m come
//! 52,500, so 0.8 % up to an edge E and 0.5 % from there to 15 m must give 65,000, which has the one solution E = 10 m.
//!
//! **Invariants**: a [`FeeTable`] has rising edges and an open last bracket; a fee is summed exactly and rounded once.

use crate::finding::{Finding, Text};
use crate::money::{Money, Rounding};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Finer rates than a hundred-millionth would not keep a product of a bracket exact.
const MAX_RATE_DECIMALS: u32 = 8;

const BASIS: &str = "本交易中心收费标准(规则手册 收费表)";

/// One bracket of the table: `rate` on the part of the price above the bracket before, up to `up_to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bracket {
    /// Upper edge in fen, itself inside (含); none for the last bracket, which is open.
    #[serde(rename = "up_to_fen", default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<Money>,
    /// Share of the part inside, such as `0.013` for 1.3 %; at most eight decimals.
    pub rate: Decimal,
}

/// A checked table of brackets with its rounding and bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawTable", into = "RawTable")]
pub struct FeeTable {
    brackets: Vec<Bracket>,
    rounding: Rounding,
    minimum: Option<Money>,
    maximum: Option<Money>,
}

/// What one bracket adds to a fee, for showing how the fee came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeLine {
    /// Lower edge of the bracket.
    pub from: Money,
    /// Upper edge of the bracket; none where it is open.
    pub up_to: Option<Money>,
    /// The bracket's rate.
    pub rate: Decimal,
    /// The part of the price inside the bracket.
    pub part: Money,
    /// `part` times `rate` in yuan, exact.
    pub fee_yuan: Decimal,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable {
    brackets: Vec<Bracket>,
    rounding: Rounding,
    #[serde(rename = "minimum_fen", default, skip_serializing_if = "Option::is_none")]
    minimum: Option<Money>,
    #[serde(rename = "maximum_fen", default, skip_serializing_if = "Option::is_none")]
    maximum: Option<Money>,
}

impl TryFrom<RawTable> for FeeTable {
    type Error = String;
    fn try_from(raw: RawTable) -> Result<Self, String> {
        Self::new(raw.brackets, raw.rounding, raw.minimum, raw.maximum)
            .map_err(|finding| format!("{}: {} ({:?})", finding.rule, finding.message.en, finding.facts))
    }
}

impl From<FeeTable> for RawTable {
    fn from(table: FeeTable) -> Self {
        Self { brackets: table.brackets, rounding: table.rounding, minimum: table.minimum, maximum: table.maximum }
    }
}

impl FeeTable {
    /// A table of `brackets` from the lowest. A fee of a price above zero is at least `minimum` and at most `maximum`.
    ///
    /// # Errors
    /// Rule `fee.table`: no bracket, an edge not above the one before, a bracket after an open one or none open, a rate outside
    /// 0 to 1 or finer than eight decimals, bounds that are negative or cross.
    pub fn new(
        brackets: Vec<Bracket>,
        rounding: Rounding,
        minimum: Option<Money>,
        maximum: Option<Money>,
    ) -> Result<Self, Finding> {
        let mut below = Money::ZERO;
        for (place, bracket) in brackets.iter().enumerate() {
            let last = place + 1 == brackets.len();
            match bracket.up_to {
                None if !last => return Err(bad_table("a bracket follows the open one", place)),
                Some(_) if last => return Err(bad_table("the last bracket must be open", place)),
                Some(edge) if edge <= below => return Err(bad_table("an edge is not above the one before", place)),
                Some(edge) => below = edge,
                None => {}
            }
            if bracket.rate.is_sign_negative() || bracket.rate > Decimal::ONE {
                return Err(bad_table("a rate is outside 0 to 1", place));
            }
            if bracket.rate.normalize().scale() > MAX_RATE_DECIMALS {
                return Err(bad_table("a rate has more than eight decimals", place));
            }
        }
        if brackets.is_empty() {
            return Err(bad_table("the table is empty", 0));
        }
        if [minimum, maximum].into_iter().flatten().any(Money::is_negative) {
            return Err(bad_table("a bound is negative", 0));
        }
        if minimum.zip(maximum).is_some_and(|(least, most)| least > most) {
            return Err(bad_table("the minimum is above the maximum", 0));
        }
        Ok(Self { brackets, rounding, minimum, maximum })
    }

    /// The brackets, from the lowest.
    pub fn brackets(&self) -> &[Bracket] {
        &self.brackets
    }

    /// The fee on `price`; nothing on a price of nothing.
    ///
    /// # Errors
    /// Rule `fee.price`: the price is negative.
    pub fn fee(&self, price: Money) -> Result<Money, Finding> {
        let lines = self.lines(price)?;
        if price.is_zero() {
            return Ok(Money::ZERO);
        }
        let yuan: Decimal = lines.iter().map(|line| line.fee_yuan).sum();
        let fee = Money::from_yuan_decimal(yuan, self.rounding)
            .expect("rates are at most 1, so a fee fits where its price does");
        let fee = self.minimum.map_or(fee, |least| fee.max(least));
        Ok(self.maximum.map_or(fee, |most| fee.min(most)))
    }

    /// The fee bracket by bracket, before rounding and bounds; only the brackets that the price reaches.
    ///
    /// # Errors
    /// Rule `fee.price`: the price is negative.
    pub fn lines(&self, price: Money) -> Result<Vec<FeeLine>, Finding> {
        if price.is_negative() {
            return Err(negative_price(price));
        }
        let mut from = Money::ZERO;
        let mut lines = Vec::new();
        for bracket in &self.brackets {
            if price <= from {
                break;
            }
            let top = bracket.up_to.map_or(price, |edge| edge.min(price));
            let part = top.checked_sub(from).expect("top is above from, and both are not negative");
            // At most 19 digits times 8 decimals of a rate: 27 digits, which a Decimal holds exactly.
            let fee_yuan = part.yuan() * bracket.rate.normalize();
            lines.push(FeeLine { from, up_to: bracket.up_to, rate: bracket.rate, part, fee_yuan });
            from = top;
        }
        Ok(lines)
    }
}

fn bad_table(reason: &str, bracket: usize) -> Finding {
    Finding::refusal(
        "fee.table",
        BASIS,
        Text::new("收费表的档次、费率或上下限有误", format!("The fee table is not sound: {reason}")),
        Text::new("请更正规则手册中的收费表", "Correct the fee table of the rulebook"),
    )
    .with_fact("bracket", bracket + 1)
}

fn negative_price(price: Money) -> Finding {
    Finding::refusal(
        "fee.price",
        BASIS,
        Text::new("成交金额不能为负数", "A price must not be negative"),
        Text::new("请核对成交金额", "Check the price"),
    )
    .with_fact("price", price)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::dec;

    fn yuan(yuan: i64) -> Money {
        Money::from_yuan(yuan).unwrap()
    }

    fn published() -> FeeTable {
        toml::from_str(
            r#"
            rounding = "half-up"
            minimum_fen = 20000
            brackets = [
                { up_to_fen = 50000000, rate = "0.013" },
                { up_to_fen = 100000000, rate = "0.012" },
                { up_to_fen = 500000000, rate = "0.010" },
                { up_to_fen = 1000000000, rate = "0.008" },
                { up_to_fen = 2000000000, rate = "0.005" },
                { rate = "0.003" },
            ]
            "#,
        )
        .unwrap()
    }

    #[test]
    fn the_published_example() {
        let table = published();
        assert_eq!(table.fee(yuan(15_000_000)), Ok(yuan(117_500)));
        let lines: Vec<Decimal> = table.lines(yuan(15_000_000)).unwrap().iter().map(|line| line.fee_yuan).collect();
        assert_eq!(lines, [dec!(6500), dec!(6000), dec!(40000), dec!(40000), dec!(25000)]);
    }

    #[test]
    fn edges_bounds_and_nothing() {
        let table = published();
        for (price, fee) in [
            (yuan(0), yuan(0)),
            (Money::from_fen(1), yuan(200)),
            (yuan(15_384), yuan(200)),
            (Money::from_fen(1_538_500), Money::from_fen(20_001)),
            (yuan(500_000), yuan(6_500)),
            (yuan(1_000_000), yuan(12_500)),
            (yuan(5_000_000), yuan(52_500)),
            (yuan(10_000_000), yuan(92_500)),
            (yuan(20_000_000), yuan(142_500)),
            (yuan(30_000_000), yuan(172_500)),
        ] {
            assert_eq!(table.fee(price), Ok(fee), "{price}");
        }
        assert_eq!(table.fee(Money::from_fen(-1)).unwrap_err().rule, "fee.price");
        assert!(table.fee(Money::MAX).unwrap().is_positive());
        let capped = FeeTable::new(table.brackets.clone(), Rounding::Down, None, Some(yuan(100))).unwrap();
        assert_eq!(capped.fee(yuan(500_000)), Ok(yuan(100)));
    }

    #[test]
    fn unsound_tables_are_refused() {
        let open = |rate| Bracket { up_to: None, rate };
        let to = |edge, rate| Bracket { up_to: Some(Money::from_fen(edge)), rate };
        for brackets in [
            vec![],
            vec![to(100, dec!(0.1))],
            vec![open(dec!(0.1)), open(dec!(0.1))],
            vec![to(0, dec!(0.1)), open(dec!(0.1))],
            vec![to(100, dec!(0.1)), to(100, dec!(0.1)), open(dec!(0.1))],
            vec![open(dec!(-0.1))],
            vec![open(dec!(1.1))],
            vec![open(dec!(0.000000001))],
        ] {
            assert_eq!(FeeTable::new(brackets, Rounding::HalfUp, None, None).unwrap_err().rule, "fee.table");
        }
        let one = || vec![open(dec!(0.1))];
        assert!(FeeTable::new(one(), Rounding::HalfUp, Some(yuan(2)), Some(yuan(1))).is_err());
        assert!(FeeTable::new(one(), Rounding::HalfUp, Some(yuan(-2)), None).is_err());
        assert!(toml::from_str::<FeeTable>("rounding = \"down\"\nbrackets = []").is_err());
    }

    #[test]
    fn a_table_survives_json() {
        let text = serde_json::to_string(&published()).unwrap();
        assert_eq!(serde_json::from_str::<FeeTable>(&text).unwrap(), published());
    }

    fn tables() -> impl Strategy<Value = FeeTable> {
        let rate = || (0i64..=1_000_000).prop_map(|millionths| Decimal::new(millionths, 6));
        (prop::collection::btree_set(1i64..3000, 0..6), prop::collection::vec(rate(), 7)).prop_map(|(edges, rates)| {
            let mut brackets: Vec<Bracket> = edges
                .into_iter()
                .zip(&rates)
                .map(|(edge, rate)| Bracket { up_to: Some(Money::from_fen(edge)), rate: *rate })
                .collect();
            brackets.push(Bracket { up_to: None, rate: rates[6] });
            FeeTable::new(brackets, Rounding::HalfUp, None, None).unwrap()
        })
    }

    /// The naive twin: every single fen of the price pays the rate of the bracket it lies in, counted in millionths.
    fn fen_by_fen(table: &FeeTable, price: i64) -> i64 {
        let millionths: i128 = (1..=price)
            .map(|fen| {
                let bracket = table.brackets().iter().find(|b| b.up_to.is_none_or(|edge| fen <= edge.fen())).unwrap();
                bracket.rate.mantissa() * 10i128.pow(6 - bracket.rate.scale())
            })
            .sum();
        i64::try_from((millionths + 500_000) / 1_000_000).unwrap()
    }

    proptest! {
        #[test]
        fn agrees_with_fen_by_fen(table in tables(), price in 0i64..4000) {
            prop_assert_eq!(table.fee(Money::from_fen(price)).unwrap().fen(), fen_by_fen(&table, price));
        }

        #[test]
        fn a_higher_price_never_pays_less_and_no_fee_exceeds_its_price(table in tables(), price in 0i64..i64::MAX, more in 0i64..1_000_000) {
            let fee = |price| table.fee(Money::from_fen(price)).unwrap();
            let (low, high) = (fee(price), fee(price.saturating_add(more)));
            prop_assert!(low <= high && low.fen() <= price);
            prop_assert!(high.fen() - low.fen() <= more + 1, "no jump at an edge");
            let parts = table.lines(Money::from_fen(price)).unwrap().into_iter().map(|line| line.part);
            prop_assert_eq!(Money::checked_sum(parts), Some(Money::from_fen(price)));
        }
    }
}
