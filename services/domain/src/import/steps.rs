//! Step, largest step and ceiling (加价幅度、最高限价), each on its basis.

use super::draft::Draft;
use super::number::{Written, money};
use super::price::unknown_unit;
use super::say::{note, refuse, shown, warn};
use super::unit::{self, Measure, NoUnit, PriceUnit};
use crate::price::{Every, PriceBasis, UnitPrice};
use rust_decimal::Decimal;

/// What an auction's figures come to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Steps {
    pub(super) step: Option<UnitPrice>,
    pub(super) max_step: Option<UnitPrice>,
    pub(super) ceiling: Option<UnitPrice>,
}

/// Reads step, largest step and ceiling. A step on another basis than the reserve is the basis that offers are made in.
pub(super) fn read(draft: &mut Draft<'_>) -> Steps {
    let reserve = draft
        .notice
        .price
        .reserve
        .map(|reserve| reserve.basis)
        .or_else(|| draft.notice.components.iter().find_map(|component| component.price.map(|price| price.basis)));
    let mut steps = Steps::default();
    let unit = step_unit(draft, reserve);
    steps.step = amount(draft, "step", "method.step", unit);
    steps.max_step = amount(draft, "max_step", "method.max_step", unit);
    // A ceiling is written like the reserve.
    let factor = unit::parse(draft.get("reserve_unit")).ok().and_then(|unit| match unit.measure {
        Some(Measure::Money(factor)) => Some(factor),
        Some(Measure::Grain { .. }) => None,
        None => Some(Decimal::ONE),
    });
    steps.ceiling = amount(draft, "ceiling_price", "method.ceiling", reserve.zip(factor));
    if let (Some(step), Some(reserve)) = (steps.step, reserve)
        && step.basis != reserve
    {
        let words = step.basis.text(None);
        draft.notice.price.offers_in = Some(step.basis);
        draft.say(
            note(
                "price.offers-in-step-basis",
                "price.offers_in",
                format!("加价幅度以“{}”计,按此报价", words.zh),
                format!("the step is in {}: offers are made so", words.en),
            )
            .with_fact("basis", step.basis),
        );
    }
    steps
}

/// Basis and factor of the step's unit; none where there is no step or its unit can't be told.
fn step_unit(draft: &mut Draft<'_>, reserve: Option<PriceBasis>) -> Option<(PriceBasis, Decimal)> {
    let text = draft.get("step_unit");
    if draft.get("step").is_empty() && draft.get("max_step").is_empty() {
        return None;
    }
    let unit = match unit::parse(text) {
        Ok(unit) => unit,
        Err(NoUnit::Empty) => {
            let basis = reserve?;
            let words = basis.text(None);
            draft.say(note(
                "method.step-unit",
                "method.step",
                format!("加价幅度没有单位,按起始价的“{}”处理", words.zh),
                format!("the step has no unit: taken as the reserve's, {}", words.en),
            ));
            return Some((basis, Decimal::ONE));
        }
        Err(NoUnit::Unknown(_)) => {
            draft.say(unknown_unit(text, "method.step", "step_unit"));
            return None;
        }
        Err(NoUnit::Ambiguous) => {
            ambiguous(draft);
            return None;
        }
    };
    let factor = match &unit.measure {
        Some(Measure::Money(factor)) => *factor,
        None => Decimal::ONE,
        Some(Measure::Grain { jin, .. }) => {
            in_grain(draft, *jin);
            return None;
        }
    };
    let basis = basis_of(&unit, reserve);
    // Where the reserve itself was refused, the step can't be told and need not be.
    if basis.is_none() && !draft.refused() {
        ambiguous(draft);
    }
    basis.map(|basis| (basis, factor))
}

/// “元” and “元/亩” leave open what the reserve's own unit says.
fn basis_of(unit: &PriceUnit, reserve: Option<PriceBasis>) -> Option<PriceBasis> {
    match (unit.per, unit.every) {
        (None, None) => reserve,
        (Some(per), None) => reserve.filter(|reserve| reserve.per == per),
        (per, Some(every)) => {
            let per = per.unwrap_or(crate::price::Per::Whole);
            // A step on a first-year price is a year's step.
            let first = reserve.is_some_and(|reserve| reserve.per == per && reserve.every == Every::FirstYear);
            let every = if first && every == Every::Year { Every::FirstYear } else { every };
            Some(PriceBasis { per, every })
        }
    }
}

/// A step in jin belongs to the grain rent.
fn in_grain(draft: &mut Draft<'_>, jin: Decimal) {
    let step = super::number::figure(draft.get("step"))
        .ok()
        .and_then(|step| step.checked_mul(jin))
        .filter(|step| *step > Decimal::ZERO);
    match (draft.notice.price.grain.as_mut(), step) {
        (Some(grain), Some(step)) => grain.step = Some(step.normalize()),
        _ => ambiguous(draft),
    }
}

fn ambiguous(draft: &mut Draft<'_>) {
    let quoted = shown(draft.get("step_unit"));
    draft.say(
        refuse(
            "method.step-ambiguous",
            "method.step",
            format!("加价幅度的单位“{quoted}”与起始价的计价方式对不上"),
            format!("the step's unit \"{quoted}\" does not go with the reserve's basis"),
        )
        .with_fact("column", "step_unit")
        .with_fact("text", quoted),
    );
}

fn amount(draft: &mut Draft<'_>, column: &str, field: &str, unit: Option<(PriceBasis, Decimal)>) -> Option<UnitPrice> {
    let value = super::method::number(draft, column, field)?;
    let Some((basis, factor)) = unit else {
        if draft.notice.price.grain.is_none() && !draft.refused() {
            draft.say(warn(
                "method.figure-unplaced",
                field,
                "没有起始价的计价方式,无法确定该数字的单位",
                "without the reserve's basis this figure has no unit",
            ));
        }
        return None;
    };
    let amount = Written::new(value).times(factor).and_then(|yuan| money(yuan.value)).filter(|amount| amount.fen() > 0);
    if amount.is_none() {
        let quoted = shown(draft.get(column));
        draft.say(
            refuse(
                "figure.unreadable",
                field,
                format!("“{quoted}”不是大于零、精确到分的金额"),
                format!("\"{quoted}\" is not a positive amount to the fen"),
            )
            .with_fact("column", column)
            .with_fact("text", quoted),
        );
    }
    amount.map(|amount| UnitPrice::new(amount, basis))
}
