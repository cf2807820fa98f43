//! The reserve (起始价): amount and basis together, or a finding that says why they can't be told.

mod refusals;

pub(super) use refusals::{ambiguous, unknown_unit};

use super::amount::{self, Amount};
use super::basis;
use super::draft::Draft;
use super::grain;
use super::number::{NoFigure, Written, money};
use super::quantity::Amounts;
use super::say::{note, refuse, shown, warn};
use super::unit::{self, Measure, NoUnit, PriceUnit};
use crate::finding::Finding;
use crate::price::{Per, PriceBasis, Quantity, Unit, UnitPrice};
use refusals::{below_fen, out_of_range, unmatched};
use rust_decimal::Decimal;

/// The reserve as it was written, in yuan (or jin), for comparing it with the published total.
#[derive(Clone, Debug)]
pub(super) struct Priced {
    /// The basis of all figures.
    pub(super) basis: PriceBasis,
    /// Factor from the written unit to yuan.
    pub(super) factor: Decimal,
    /// One figure for the lot, or one for each component.
    pub(super) figures: Vec<Written>,
}

/// Reads reserve and published total into the notice.
pub(super) fn read(draft: &mut Draft<'_>, amounts: &Amounts) -> Option<Priced> {
    let total = yuan_cell(draft, "reserve_total_yuan", "price.published_total");
    draft.notice.price.published_total = total.and_then(|total| money(total.value));
    let special = draft.get("special_conditions");
    draft.notice.price.confidential_reserve =
        special.contains("另设保留价") || draft.get("method").contains("设保留价");
    if draft.get("reserve_price").is_empty() {
        only_total(draft);
        return None;
    }
    match reserve(draft, amounts, total) {
        Ok(priced) => priced,
        Err(finding) => {
            draft.say(finding);
            None
        }
    }
}

/// No price but a total: the total is the price of the whole term. Neither: nothing to offer at.
fn only_total(draft: &mut Draft<'_>) {
    match draft.notice.price.published_total {
        Some(total) => {
            draft.notice.price.reserve = Some(UnitPrice::new(total, PriceBasis::TOTAL));
            draft.say(warn(
                "price.only-total",
                "price.reserve",
                "只公布了总价,按整个期限的总价处理",
                "only a total is published: taken as the price of the whole term",
            ));
        }
        None => draft.say(refuse(
            "price.reserve-missing",
            "price.reserve",
            "没有公布起始价(底价)",
            "no reserve is published",
        )),
    }
}

fn reserve(draft: &mut Draft<'_>, amounts: &Amounts, total: Option<Written>) -> Result<Option<Priced>, Finding> {
    let text = draft.get("reserve_price");
    let cell = amount::parse(text).map_err(|reason| {
        let quoted = shown(text);
        let finding = match reason {
            NoFigure::Negative => refuse(
                "price.negative",
                "price.reserve",
                format!("起始价“{quoted}”小于零"),
                format!("the reserve \"{quoted}\" is below nothing"),
            ),
            NoFigure::Unreadable => refuse(
                "price.unreadable",
                "price.reserve",
                format!("起始价“{quoted}”不是一个金额"),
                format!("the reserve \"{quoted}\" is not one amount"),
            ),
        };
        finding.with_fact("column", "reserve_price").with_fact("text", quoted)
    })?;
    let unit = unit_of(draft, &cell, total)?;
    for remark in &unit.remarks {
        draft.say(
            note(
                "price.remark",
                "price.reserve",
                format!("计价单位附注“{}”按原文保留", shown(remark)),
                format!("a remark on the unit, kept in words: {}", shown(remark)),
            )
            .with_fact("text", shown(remark)),
        );
    }
    let figures = cell.figures();
    if figures.iter().any(|figure| figure.value <= Decimal::ZERO) {
        return Err(refuse("price.positive", "price.reserve", "起始价须大于零", "the reserve must be positive"));
    }
    let factor = match &unit.measure {
        Some(Measure::Money(factor)) => *factor,
        Some(Measure::Grain { jin, .. }) if !jin.is_zero() => *jin,
        Some(Measure::Grain { .. }) => {
            return Err(unknown_unit(draft.get("reserve_unit"), "price.reserve", "reserve_unit"));
        }
        None => Decimal::ONE,
    };
    let basis = basis::resolve(draft, &unit, &figures, factor, amounts, total)?;
    measured(draft, basis, &unit, amounts)?;
    if let Some(Measure::Grain { grain, .. }) = &unit.measure {
        let [only] = figures.as_slice() else { return Err(unmatched(draft)) };
        let jin = only.times(factor).ok_or_else(out_of_range)?;
        grain::read(draft, grain, jin.value, basis);
        return Ok(None);
    }
    let mut prices = Vec::with_capacity(figures.len());
    for figure in &figures {
        let yuan = figure.times(factor).ok_or_else(out_of_range)?;
        let amount = money(yuan.value).ok_or_else(|| below_fen(yuan.value))?;
        prices.push(UnitPrice::new(amount, basis));
    }
    match cell {
        Amount::Single(..) => draft.notice.price.reserve = prices.first().copied(),
        Amount::Kinds(ref kinds, _) => place(draft, kinds, &prices, amounts)?,
    }
    Ok(Some(Priced { basis, factor, figures }))
}

/// The unit of the column and of the cell itself, which must not differ.
fn unit_of(draft: &Draft<'_>, cell: &Amount, total: Option<Written>) -> Result<PriceUnit, Finding> {
    let text = draft.get("reserve_unit");
    let column = match unit::parse(text) {
        Ok(unit) => Some(unit),
        Err(NoUnit::Empty) => None,
        Err(NoUnit::Ambiguous) => return Err(ambiguous(text)),
        Err(NoUnit::Unknown(_)) => return Err(unknown_unit(text, "price.reserve", "reserve_unit")),
    };
    let own = cell.unit().cloned();
    match (column, own) {
        (Some(column), None) => Ok(column),
        (None, Some(own)) => Ok(own),
        (Some(column), Some(own)) => merged(column, own).ok_or_else(|| {
            refuse(
                "price.unit-contradiction",
                "price.reserve",
                format!("起始价“{}”与计价单位“{}”不一致", shown(draft.get("reserve_price")), shown(text)),
                format!(
                    "the reserve \"{}\" and its unit \"{}\" differ",
                    shown(draft.get("reserve_price")),
                    shown(text)
                ),
            )
            .with_fact("price", shown(draft.get("reserve_price")))
            .with_fact("unit", shown(text))
        }),
        (None, None) => {
            let one = cell.figures().first().map(|figure| figure.value);
            if let (Some(value), Some(total)) = (one, total)
                && value == total.value
            {
                // The notice prints the same figure as its total.
                return unit::parse("元(总价)").map_err(|_| ambiguous(text));
            }
            Err(refuse(
                "price.basis-missing",
                "price.reserve",
                "起始价没有写明计价单位,不知是每亩、每年还是总价",
                "the reserve has no unit: per mu, per year or in all",
            )
            .with_fact("column", "reserve_unit"))
        }
    }
}

/// Two readings of a unit that agree; a cell that only says 元 or 万元 leaves the rest to the column.
fn merged(column: PriceUnit, own: PriceUnit) -> Option<PriceUnit> {
    let only_measure = own.per.is_none() && own.every.is_none();
    let same_measure = own.measure == column.measure || own.measure.is_none() || column.measure.is_none();
    let same_rest = own.per == column.per && own.every == column.every && own.counted == column.counted;
    if !same_measure || !(only_measure || same_rest) {
        return None;
    }
    let measure = column.measure.clone().or(own.measure);
    Some(PriceUnit { measure, ..column })
}

/// The price measures what the quantity counts, and there is a quantity where it needs one.
fn measured(draft: &Draft<'_>, basis: PriceBasis, unit: &PriceUnit, amounts: &Amounts) -> Result<(), Finding> {
    if !basis.needs_quantity() {
        return Ok(());
    }
    let Some(counted) = amounts.unit.as_ref().filter(|_| !amounts.parts.is_empty()) else {
        if draft.refused() {
            // The quantity's own finding says it already.
            return Ok(());
        }
        return Err(refuse(
            "quantity.missing",
            "components",
            "按单位计价,但没有公布数量,算不出价款",
            "the price is per unit, but no quantity is published",
        ));
    };
    let word_differs = match (&unit.counted, counted) {
        (Some(word), Unit::Count(own)) => word != own,
        _ => false,
    };
    if basis.measures(counted) && !word_differs {
        return Ok(());
    }
    Err(refuse(
        "price.unit-mismatch",
        "price.reserve",
        format!("计价单位“{}”与数量单位“{}”不一致", shown(draft.get("reserve_unit")), counted.zh()),
        format!("the price is in {}, the quantity in {counted}", shown(draft.get("reserve_unit"))),
    )
    .with_fact("price-unit", shown(draft.get("reserve_unit")))
    .with_fact("quantity-unit", counted))
}

/// Gives each kind of land its own price, by name or, where no names are given, in order.
fn place(
    draft: &mut Draft<'_>,
    kinds: &[(String, Written)],
    prices: &[UnitPrice],
    amounts: &Amounts,
) -> Result<(), Finding> {
    let parts = &amounts.parts;
    if parts.len() != prices.len() {
        return Err(unmatched(draft));
    }
    let named = kinds.iter().all(|(kind, _)| !kind.is_empty()) && parts.iter().all(|(kind, _)| !kind.is_empty());
    for (at, ((kind, _), price)) in kinds.iter().zip(prices).enumerate() {
        let position = if named { parts.iter().position(|(part, _)| part == kind) } else { Some(at) };
        let Some(component) = position.and_then(|at| draft.notice.components.get_mut(at)).filter(|c| c.price.is_none())
        else {
            return Err(unmatched(draft));
        };
        component.price = Some(*price);
        if component.kind.is_empty() {
            component.kind.clone_from(kind);
        }
    }
    draft.say(warn(
        "price.composite",
        "price.offers_in",
        "一宗多价:公告前须写明以何种方式报价",
        "several prices in one lot: say before the announcement on which basis offers are made",
    ));
    Ok(())
}

/// A cell that is an amount of yuan.
pub(super) fn yuan_cell(draft: &mut Draft<'_>, column: &'static str, field: &str) -> Option<Written> {
    let text = draft.get(column);
    if text.is_empty() {
        return None;
    }
    let read = amount::parse(text).ok().and_then(|cell| match cell {
        Amount::Single(figure, None) => Some(figure),
        Amount::Single(figure, Some(unit)) => match unit.measure {
            Some(Measure::Money(factor)) if unit.per.is_none_or(|per| per == Per::Whole) => figure.times(factor),
            _ => None,
        },
        Amount::Kinds(..) => None,
    });
    let read = read.filter(|figure| figure.value > Decimal::ZERO && money(figure.value).is_some());
    if read.is_none() {
        draft.say(
            refuse(
                "figure.unreadable",
                field,
                format!("“{}”不是金额(元)", shown(text)),
                format!("\"{}\" is not an amount in yuan", shown(text)),
            )
            .with_fact("column", column)
            .with_fact("text", shown(text)),
        );
    }
    read
}

/// The quantity of a component as written, for reckoning.
pub(super) fn quantity_of(amounts: &Amounts, at: usize) -> Option<Quantity> {
    Some(Quantity::new(amounts.parts.get(at)?.1.value, amounts.unit.clone()?))
}
