//! How large a deposit may be.

use crate::{
    finding::{Finding, Text},
    money::Money,
    ratio::Ratio,
};
use serde::{Deserialize, Serialize};

/// The rulebook's shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    /// Least share of the base (first year's rent, or the starting total).
    pub min: Ratio,
    /// Greatest share of the base.
    pub max: Ratio,
    /// Greatest share of the contract's value, where the deposit is earnest money (定金).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earnest: Option<Ratio>,
}

/// The least and the greatest deposit, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The least, rounded up to the fen.
    pub min: Money,
    /// The greatest, rounded down to the fen, but never below the least.
    pub max: Money,
}

/// The range on a `base`; none where the base is negative or a figure does not fit.
pub fn range(base: Money, shares: &Shares) -> Option<Range> {
    let min = shares.min.ceil_of(base.fen())?;
    // On a base of a few fen the rounded bounds may cross; the least then stands alone.
    let max = shares.max.floor_of(base.fen())?.max(min);
    Some(Range { min: Money::from_fen(min), max: Money::from_fen(max) })
}

/// What the rules say about a deposit of `amount` on `base` for a contract worth `total`.
pub fn check_amount(amount: Money, base: Money, total: Money, shares: &Shares) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(range) = range(base, shares) else {
        return vec![
            refused("deposit.base", ("保证金计算基数有误", "the deposit's base is wrong"))
                .with_fact("base-fen", base.fen()),
        ];
    };
    if amount < range.min || amount > range.max {
        let finding = if amount < range.min {
            refused("deposit.too-low", ("保证金低于规定比例", "the deposit is below the least share"))
        } else {
            refused("deposit.too-high", ("保证金高于规定比例", "the deposit is above the greatest share"))
        };
        findings.push(
            finding
                .with_fact("amount-fen", amount.fen())
                .with_fact("min-fen", range.min.fen())
                .with_fact("max-fen", range.max.fen()),
        );
    }
    if let Some(earnest) = shares.earnest {
        let most = earnest.floor_of(total.fen()).unwrap_or(0);
        if amount.fen() > most {
            let mut finding = refused(
                "deposit.earnest",
                ("定金超过主合同标的额的法定比例", "earnest money exceeds its legal share of the contract's value"),
            );
            finding.basis = "民法典 第五百八十六条".to_owned();
            findings.push(finding.with_fact("amount-fen", amount.fen()).with_fact("max-fen", most));
        }
    }
    findings
}

fn refused(rule: &str, (zh, en): (&str, &str)) -> Finding {
    let remedy = Text::new("请按规则调整保证金", "Set the deposit within the rule");
    Finding::refusal(rule, "规则手册 保证金", Text::new(zh, en), remedy).at("deposit")
}
