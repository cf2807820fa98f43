//! From an announcement to the terms an ascending auction runs on: the one place where a notice's method, the schedule and the
//! rulebook meet.

use super::ascending::{Ladder, Terms};
use crate::{
    fact::Schedule,
    finding::{Finding, Text},
    money::Money,
    notice::{Exercise, Notice, StepAnchor},
    price::{PriceBasis, UnitPrice, convert},
    rulebook::Rulebook,
};

/// The rule that a lot's method must be one the exchange can run.
pub const METHOD_RULE: &str = "method.runnable";

/// The terms of the announced lot's auction.
///
/// Offers are made in the notice's offer basis ([`crate::price::Price::offer_basis`]); reserve, step, ceiling and greatest raise are
/// converted to it, and only where the conversion is exact: a rounded reserve would be another reserve.
///
/// # Errors
/// Where the notice has no ascending method, reserve or step, an amount can't be had exactly in the offer basis, or
/// [`Terms::check`] refuses.
pub fn terms(notice: &Notice, schedule: &Schedule, rulebook: &Rulebook) -> Result<Terms, Vec<Finding>> {
    let rules = &rulebook.rules;
    let method = notice
        .method
        .as_ref()
        .and_then(|terms| terms.method.as_ref()?.ascending())
        .ok_or_else(|| vec![not_ascending()])?;
    let (Some(reserve), Some(basis)) = (notice.price.reserve, notice.price.offer_basis()) else {
        return Err(vec![absent("price.reserve", "起始价", "reserve")]);
    };
    let Some(step) = method.step else { return Err(vec![absent("method.step", "加价幅度", "step")]) };
    let mut findings = Vec::new();
    let mut amount = |price: UnitPrice, field: &str| match exact(notice, price, basis, field) {
        Ok(money) => money,
        Err(finding) => {
            findings.push(finding);
            Money::ZERO
        }
    };
    let reserve = amount(reserve, "price.reserve");
    let step = amount(step, "method.step");
    let max_raise = method.max_step.map(|price| amount(price, "method.max_step"));
    let ceiling = method.ceiling.map(|price| amount(price, "method.ceiling"));
    if !findings.is_empty() {
        return Err(findings);
    }
    let match_in_room = notice.priority.as_ref().is_some_and(|priority| {
        !priority.none
            && !priority.ranks.is_empty()
            && priority.exercise.is_none_or(|exercise| exercise == Exercise::Match)
    });
    let terms = Terms {
        reserve,
        step,
        ladder: match method.steps_from {
            StepAnchor::Reserve => Ladder::Reserve,
            StepAnchor::Leading => Ladder::Leading { grain: grain(step) },
        },
        max_raise,
        ceiling,
        opens: schedule.auction_opens,
        free_until: schedule.free_until,
        limited_window_s: schedule.limited_seconds,
        extension_s: schedule.extension_seconds,
        extension_cap: method.extension_cap.or(rules.extension_cap.value),
        in_auction_match: match_in_room,
        peers: rules.peers.value,
        self_raise: rules.self_raise.value,
    };
    terms.check()?;
    Ok(terms)
}

/// The smallest unit of offers above the leading price: whole yuan where the step is whole yuan, else fen.
fn grain(step: Money) -> Money {
    if step.fen() > 0 && step.fen() % 100 == 0 { Money::from_fen(100) } else { Money::from_fen(1) }
}

fn exact(notice: &Notice, price: UnitPrice, basis: PriceBasis, field: &str) -> Result<Money, Finding> {
    if price.basis == basis {
        return Ok(price.amount);
    }
    let quantity = match notice.components.as_slice() {
        [only] => only.quantity.as_ref(),
        _ => None,
    };
    let converted = convert(&price, basis, quantity, notice.term.as_ref()).map_err(|finding| finding.at(field))?;
    if converted.exact {
        return Ok(converted.price.amount);
    }
    Err(Finding::refusal(
        "price.basis-inexact",
        "【默认】计价方式是价格的一部分 (the basis is part of the price)",
        Text::new(
            "该金额不能精确换算成报价的计价方式",
            "this amount can't be had exactly in the basis offers are made in",
        ),
        Text::new("请按报价的计价方式填写该金额", "Write this amount in the basis offers are made in"),
    )
    .at(field)
    .with_fact("amount-fen", price.amount.fen())
    .with_fact("nearest-fen", converted.price.amount.fen()))
}

fn absent(field: &str, zh: &str, en: &str) -> Finding {
    Finding::refusal(
        "auction.terms.complete",
        "本标的竞价规则",
        Text::new(format!("尚未写明{zh}"), format!("the {en} is not written yet")),
        Text::new(format!("请填写{zh}"), format!("Write the {en}")),
    )
    .at(field)
}

fn not_ascending() -> Finding {
    Finding::refusal(
        METHOD_RULE,
        "本平台可执行的交易方式：网络竞价（自由竞价加限时竞价） (the methods this exchange runs: ascending online auction)",
        Text::new("该交易方式目前不能在本平台线上执行", "this trading method can't be run on line here yet"),
        Text::new("请改用网络竞价，或在线下按原方式办理", "Choose the ascending online auction, or hold it off line"),
    )
    .at("method")
}
