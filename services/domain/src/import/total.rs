//! The published total against price × quantity × term (公布总价核对).

use super::draft::Draft;
use super::number::Written;
use super::price::{Priced, quantity_of};
use super::quantity::Amounts;
use super::say::{note, refuse, warn};
use crate::price::{Escalator, Every, Per, UnitPrice, factor, times_a_year};
use crate::term::{DAYS_PER_YEAR, Span};
use rust_decimal::Decimal;

/// Days by which offices count a broken year differently (30/360, 365, first and last day in or out).
const DAY_COUNT: u32 = 5;

/// Holds the published total against the price. Within what the figures' own rounding allows it is the same; beyond, the notice
/// contradicts itself.
pub(super) fn check(draft: &mut Draft<'_>, priced: Option<&Priced>, amounts: &Amounts) {
    later_years(draft);
    let (Some(priced), Some(published)) = (priced, draft.notice.price.published_total) else { return };
    let published = Decimal::new(published.fen(), 2);
    let Some(year) = once(priced, amounts) else { return };
    let by_time = priced.basis.every != Every::Term || yearly_water(priced, amounts);
    let span = draft.notice.term.and_then(|term| term.rent_span());
    let years = match (by_time, span) {
        (false, _) => Decimal::ONE,
        (true, Some(span)) => Decimal::from(span.year_parts()) / Decimal::from(Span::PARTS_PER_YEAR),
        (true, None) => return implied(draft, published, year),
    };
    let (Some(expected), Some(margin)) = (year.value.checked_mul(years), year.ulp.checked_mul(years)) else { return };
    let broken = span.is_some_and(|span| span.total_months() % 12 != 0 || span.left_days() > 0);
    let day_count = if by_time && broken {
        year.value * Decimal::from(DAY_COUNT) / Decimal::from(DAYS_PER_YEAR)
    } else {
        Decimal::ZERO
    };
    let off = (expected - published).abs();
    if off <= margin + day_count + Decimal::ONE {
        if off > Decimal::ZERO {
            draft.say(
                note(
                    "price.total-rounded",
                    "price.published_total",
                    format!("公布总价{published}元与计算值{}元相差在取整范围内", expected.round_dp(2)),
                    format!(
                        "the published total of {published} yuan is the computed {} but for rounding",
                        expected.round_dp(2)
                    ),
                )
                .with_fact("published", published)
                .with_fact("computed", expected.round_dp(2)),
            );
        }
        if by_time && draft.notice.price.escalator.is_none() && years > Decimal::ONE {
            draft.notice.price.escalator = Some(Escalator::None);
            draft.say(note(
                "escalator.flat-by-total",
                "price.escalator",
                "公布总价等于各年相同租金之和,按不递增处理",
                "the published total is the same rent in every year: no escalation",
            ));
        }
        return;
    }
    // The total may count the escalator in.
    if let Ok(total) = draft.notice.total() {
        let escalated = Decimal::new(total.total.fen(), 2);
        let doubled = (margin + day_count) * Decimal::TWO + Decimal::ONE;
        if (escalated - published).abs() <= doubled {
            return;
        }
    }
    draft.say(
        refuse(
            "price.total-contradiction",
            "price.published_total",
            format!("公布总价{published}元与单价×数量×期限的{}元不符", expected.round_dp(2)),
            format!(
                "the published total of {published} yuan is not price × quantity × term, {} yuan",
                expected.round_dp(2)
            ),
        )
        .with_fact("published", published)
        .with_fact("computed", expected.round_dp(2)),
    );
}

/// A first-year price whose later years nothing settles.
fn later_years(draft: &mut Draft<'_>) {
    let price = &draft.notice.price;
    let first = price.reserve.is_some_and(|reserve| reserve.basis.every == Every::FirstYear);
    let long = draft.notice.term.and_then(|term| term.rent_span()).is_none_or(|span| span.total_months() > 12);
    if first && long && price.escalator.is_none() && price.published_total.is_none() {
        draft.notice.price.escalator = Some(Escalator::Open { every_years: None });
        draft.say(warn(
            "price.later-years",
            "price.escalator",
            "只公布首年价,以后年度如何计算没有写明",
            "only the first year's price is stated; later years are left open",
        ));
    }
}

fn yearly_water(priced: &Priced, amounts: &Amounts) -> bool {
    let price = UnitPrice::new(crate::money::Money::ZERO, priced.basis);
    times_a_year(&price, quantity_of(amounts, 0).as_ref()).is_some() && priced.basis.every == Every::Term
}

/// What the figures come to once (a year, or the whole term), in yuan, and by how much their own rounding may move it.
fn once(priced: &Priced, amounts: &Amounts) -> Option<Written> {
    let half = Decimal::new(5, 1);
    let times = Decimal::from(priced.basis.every.per_year().unwrap_or(1));
    let mut sum = Written { value: Decimal::ZERO, ulp: Decimal::ZERO };
    // One price for several components stands for each of them.
    let count = if priced.figures.len() > 1 { priced.figures.len() } else { amounts.parts.len().max(1) };
    let whole = priced.basis.per == Per::Whole;
    for at in 0..if whole { 1 } else { count } {
        let figure = priced.figures.get(at).or_else(|| priced.figures.first())?.times(priced.factor)?;
        let quantity = quantity_of(amounts, at);
        let (numerator, denominator) = factor(priced.basis.per, quantity.as_ref()).ok()?;
        let units = numerator.checked_div(denominator)?;
        let value = figure.value.checked_mul(units)?.checked_mul(times)?;
        let price_margin = figure.ulp.checked_mul(half)?.checked_mul(units)?.checked_mul(times)?;
        let area_margin = match (whole, amounts.parts.get(at)) {
            (false, Some((_, written))) if !written.value.is_zero() => {
                value.checked_mul(written.ulp)?.checked_mul(half)?.checked_div(written.value)?
            }
            _ => Decimal::ZERO,
        };
        sum.value = sum.value.checked_add(value)?;
        sum.ulp = sum.ulp.checked_add(price_margin)?.checked_add(area_margin)?;
    }
    Some(sum)
}

/// Without a term, the total should at least be a whole number of years.
fn implied(draft: &mut Draft<'_>, published: Decimal, year: Written) {
    if year.value <= Decimal::ZERO {
        return;
    }
    let years = (published / year.value).round();
    let fits = years >= Decimal::ONE && (years * year.value - published).abs() <= years * year.ulp + Decimal::ONE;
    let finding = if fits {
        note(
            "price.total-implies",
            "term",
            format!("没有写明期限;公布总价为{years}年租金"),
            format!("the term is not stated; the published total is the rent of {years} year(s)"),
        )
    } else {
        warn(
            "price.total-unexplained",
            "price.published_total",
            "没有写明期限,公布总价又不是整年租金",
            "the term is not stated, and the published total is no whole number of years of rent",
        )
    };
    draft.say(finding.with_fact("published", published).with_fact("year", year.value.round_dp(2)));
}
