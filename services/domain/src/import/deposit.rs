//! Deposits and other payments asked for beforehand (保证金、押金、报名费).

use super::draft::Draft;
use super::number::{NoFigure, figure, money, norm};
use super::say::{note, refuse, shown, warn};
use super::unit::{self, Measure};
use crate::money::Money;
use crate::notice::{Deposit, DepositKind, OtherDeposit};
use crate::price::{PriceBasis, UnitPrice};
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;

static AMOUNT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(万元|元)(/亩|每亩)?").expect("a fixed pattern"));
static FEE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(报名费|资料费|标书费|文件费|服务费)[^0-9;;,,。]{0,4}([0-9][0-9,]*(?:\.[0-9]+)?)\s*(万元|元)")
        .expect("a fixed pattern")
});

/// Reads the deposit and what is asked for beside it.
pub(super) fn read(draft: &mut Draft<'_>) {
    let special = draft.get("special_conditions");
    if let Some(amount) = amount(draft) {
        let earnest = special.contains("定金") && !special.contains("保证金");
        let becomes_performance = ["转履约保证金", "转为履约", "转承包押金", "转为押金", "转为合同"]
            .iter()
            .any(|word| special.contains(word));
        let kind = if earnest { DepositKind::Earnest } else { DepositKind::Bid };
        draft.notice.deposit = Some(Deposit { amount, kind, becomes_performance });
    }
    others(draft);
    for found in FEE.captures_iter(&norm(special)) {
        let (Some(whole), Some(number), Some(unit)) = (found.get(0), found.get(2), found.get(3)) else { continue };
        let amount = in_yuan(number.as_str(), unit.as_str()).map(|amount| UnitPrice::new(amount, PriceBasis::TOTAL));
        draft.notice.other_deposits.push(OtherDeposit {
            kind: DepositKind::Fee,
            amount,
            text: whole.as_str().to_owned(),
        });
    }
}

fn in_yuan(number: &str, unit: &str) -> Option<Money> {
    let factor = if unit.starts_with('万') { Decimal::from(10_000) } else { Decimal::ONE };
    money(figure(number).ok()?.checked_mul(factor)?)
}

/// The deposit in yuan; a cell may carry its own unit.
fn amount(draft: &mut Draft<'_>) -> Option<Money> {
    let text = draft.get("deposit_yuan");
    if text.is_empty() {
        return None;
    }
    let plain = norm(text);
    let end = plain.find(|c: char| !matches!(c, '0'..='9' | ',' | '.' | '-')).unwrap_or(plain.len());
    let (number, unit) = plain.split_at(end);
    let trouble = |rule: &str, zh: &str, en: &str| {
        refuse(rule, "deposit", format!("保证金“{}”{zh}", shown(text)), format!("the deposit \"{}\" {en}", shown(text)))
            .with_fact("column", "deposit_yuan")
            .with_fact("text", shown(text))
    };
    let factor = match unit::parse(unit) {
        Err(unit::NoUnit::Empty) => Some(Decimal::ONE),
        Ok(read) if read.per.is_none() && read.every.is_none() => match read.measure {
            Some(Measure::Money(factor)) => Some(factor),
            Some(Measure::Grain { .. }) | None => None,
        },
        _ => None,
    };
    let value = match (figure(number), factor) {
        (Ok(value), Some(factor)) => value.checked_mul(factor),
        (Err(NoFigure::Negative), _) => {
            draft.say(trouble("deposit.negative", "小于零", "is below nothing"));
            return None;
        }
        _ => None,
    };
    let Some(amount) = value.and_then(money) else {
        draft.say(trouble("deposit.unreadable", "不是金额(元)", "is not an amount in yuan"));
        return None;
    };
    if amount == Money::ZERO {
        draft.say(note(
            "deposit.none",
            "deposit",
            "公告写明保证金为零,按没有保证金处理",
            "a deposit of nothing is taken as none",
        ));
        return None;
    }
    Some(amount)
}

/// What is asked for beside the deposit: “履约保证金10000元”, “种植风险保证金50元/亩”.
fn others(draft: &mut Draft<'_>) {
    const KINDS: [(&[&str], DepositKind); 5] = [
        (&["风险", "复垦"], DepositKind::Risk),
        (&["履约", "合同押金", "租赁押金", "押金"], DepositKind::Performance),
        (&["定金"], DepositKind::Earnest),
        (&["报名费", "资料费", "标书费"], DepositKind::Fee),
        (&["保证金"], DepositKind::Performance),
    ];
    for text in draft.get("other_deposit").split([';', ';', '、', ',']).map(str::trim).filter(|text| !text.is_empty())
    {
        let plain = norm(text);
        let kind = KINDS
            .iter()
            .find(|(words, _)| words.iter().any(|word| plain.contains(word)))
            .map_or(DepositKind::Other, |(_, kind)| *kind);
        let amount = AMOUNT.captures(&plain).and_then(|found| {
            let basis = if found.get(3).is_some() || plain.contains("每亩") {
                PriceBasis::MU_TERM
            } else {
                PriceBasis::TOTAL
            };
            Some(UnitPrice::new(in_yuan(found.get(1)?.as_str(), found.get(2)?.as_str())?, basis))
        });
        if amount.is_none() {
            draft.say(
                warn(
                    "deposit.other-words",
                    "other_deposits",
                    format!("“{}”没有金额,按原文保留", shown(text)),
                    format!("\"{}\" names no amount; kept in words", shown(text)),
                )
                .with_fact("text", shown(text)),
            );
        }
        draft.notice.other_deposits.push(OtherDeposit { kind, amount, text: text.to_owned() });
    }
}

/// A deposit above the whole price is a slip of figures or units, not a deposit.
pub(super) fn against_total(draft: &mut Draft<'_>) {
    let (Some(deposit), Ok(total)) = (draft.notice.deposit, draft.notice.total()) else { return };
    // The published total goes before the computed one, which the notice's rounding may leave a little below it.
    let total = draft.notice.price.published_total.map_or(total.total, |published| published.max(total.total));
    if deposit.amount > total {
        draft.say(
            refuse(
                "deposit.exceeds-total",
                "deposit",
                format!("保证金{}元超过标的总价{total}元", deposit.amount),
                format!("the deposit of {} yuan is more than the whole price, {total} yuan", deposit.amount),
            )
            .with_fact("deposit-fen", deposit.amount.fen())
            .with_fact("total-fen", total.fen()),
        );
    }
}
