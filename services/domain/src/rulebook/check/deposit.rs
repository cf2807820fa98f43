//! How large the deposit may be (保证金).

use crate::finding::{Finding, Text};
use crate::money::Money;
use crate::notice::{DepositKind, Notice};
use crate::rulebook::RuleSet;
use crate::rulebook::values::DepositBase;

pub(super) fn check(notice: &Notice, rules: &RuleSet) -> Vec<Finding> {
    let Some(deposit) = notice.deposit else { return Vec::new() };
    let mut found = Vec::new();
    if deposit.amount <= Money::ZERO {
        found.push(
            Finding::refusal(
                "deposit.positive",
                "保证金应当大于零",
                Text::new("保证金须大于零", "the deposit must be positive"),
                Text::new("更正保证金", "correct the deposit"),
            )
            .at("deposit"),
        );
        return found;
    }
    let total = notice.total().ok().map(|total| total.total);
    let share = &rules.deposit;
    let base = match share.value.base {
        DepositBase::FirstYear => notice.first_year().ok().or(total),
        DepositBase::Total => total,
    };
    let part = u64::try_from(deposit.amount.fen()).unwrap_or(0);
    if let Some(base) = base.filter(|base| *base > Money::ZERO) {
        let whole = u64::try_from(base.fen()).unwrap_or(0);
        if !share.value.min.reached_by(part, whole) || share.value.max.exceeded_by(part, whole) {
            let name = share.value.base.name();
            found.push(
                share
                    .finding(
                        Text::new(
                            format!(
                                "保证金{}元不在{}({base}元)的{}至{}之间",
                                deposit.amount, name.zh, share.value.min, share.value.max
                            ),
                            format!(
                                "a deposit of {} yuan is not between {} and {} of {} ({base} yuan)",
                                deposit.amount, share.value.min, share.value.max, name.en
                            ),
                        ),
                        share.text(),
                    )
                    .at("deposit")
                    .with_fact("deposit-fen", deposit.amount.fen())
                    .with_fact("base-fen", base.fen())
                    .with_fact("min", share.value.min)
                    .with_fact("max", share.value.max),
            );
        }
    }
    if let (DepositKind::Earnest, Some(total)) = (deposit.kind, total) {
        let rule = &rules.earnest;
        if rule.value.exceeded_by(part, u64::try_from(total.fen()).unwrap_or(0)) {
            found.push(
                rule.finding(
                    Text::new(
                        format!("定金{}元超过合同标的额{total}元的{}", deposit.amount, rule.value),
                        format!(
                            "earnest money of {} yuan is more than {} of the contract's {total} yuan",
                            deposit.amount, rule.value
                        ),
                    ),
                    Text::new("降低定金", "lower the earnest money"),
                )
                .at("deposit")
                .with_fact("deposit-fen", deposit.amount.fen())
                .with_fact("total-fen", total.fen()),
            );
        }
    }
    found
}
