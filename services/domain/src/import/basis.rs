//! A unit that leaves the time open (“元/亩”): what settles it, and when nothing does.
//!
//! “200 元/亩” for three years is 200 a year or 200 in all: the total differs threefold. What settles it: a published total that
//! fits only one reading, a term of one year (both readings are the same price), or a way of passing that is paid once (转让,
//! 出让). Nothing else does, however likely a reading is.

use super::draft::Draft;
use super::number::Written;
use super::price::{ambiguous, quantity_of};
use super::quantity::Amounts;
use super::say::note;
use super::unit::PriceUnit;
use crate::finding::Finding;
use crate::price::{Every, Per, PriceBasis, factor};
use crate::rights::TransferMode;
use crate::term::{Span, Term};
use rust_decimal::Decimal;

/// The basis a unit stands for.
pub(super) fn resolve(
    draft: &mut Draft<'_>,
    unit: &PriceUnit,
    figures: &[Written],
    measure: Decimal,
    amounts: &Amounts,
    total: Option<Written>,
) -> Result<PriceBasis, Finding> {
    let per = unit.per.unwrap_or(Per::Whole);
    let span = draft.notice.term.and_then(|term| term.rent_span());
    if let (Some(years), Some(span)) = (unit.years, span)
        && u32::from(span.whole_years()) != years
    {
        let words = span.text();
        return Err(ambiguous(draft.get("reserve_unit")).with_fact("price-years", years).with_fact("term", words.zh));
    }
    let stated = unit.every.or((per == Per::CubicMetre).then_some(Every::Term));
    if let Some(every) = stated {
        return Ok(PriceBasis { per, every });
    }
    let (yearly, once) = (PriceBasis { per, every: Every::Year }, PriceBasis { per, every: Every::Term });
    let one_year = span == Some(Span::years(1));
    if let Some(total) = total {
        let sum = whole(per, figures, measure, amounts);
        let fits = |years: Decimal| {
            let expected = sum.and_then(|sum| sum.value.checked_mul(years));
            let margin = sum.and_then(|sum| sum.ulp.checked_mul(years)).unwrap_or_default() + total.ulp;
            expected.is_some_and(|expected| (expected - total.value).abs() <= margin)
        };
        let years =
            span.and_then(|span| Decimal::from(span.year_parts()).checked_div(Decimal::from(Span::PARTS_PER_YEAR)));
        let settled = match (fits(Decimal::ONE), years.is_some_and(fits)) {
            (true, true) if one_year => Some(yearly),
            (true, false) if span.is_some() => Some(once),
            (false, true) => Some(yearly),
            _ => None,
        };
        if let Some(basis) = settled {
            said(draft, basis, "按公布的总价", "by the published total");
            return Ok(basis);
        }
    }
    if one_year {
        said(draft, yearly, "期限为一年,每年即整个期限", "the term is one year, so a year is the whole term");
        return Ok(yearly);
    }
    let paid_once = matches!(draft.notice.term, Some(Term::Sale))
        || matches!(
            draft.notice.mode,
            Some(TransferMode::Transfer | TransferMode::Grant | TransferMode::Contribution | TransferMode::Procurement)
        );
    if paid_once {
        said(draft, once, "一次性转让(出让)", "the right passes against one payment");
        return Ok(once);
    }
    let mut finding = ambiguous(draft.get("reserve_unit"));
    if let Some(sum) = whole(per, figures, measure, amounts) {
        finding = finding.with_fact("total-if-whole-term", sum.value.normalize());
        let years = span.map(|span| Decimal::from(span.year_parts()) / Decimal::from(Span::PARTS_PER_YEAR));
        if let Some(yearly) = years.and_then(|years| sum.value.checked_mul(years)) {
            finding = finding.with_fact("total-if-yearly", yearly.round_dp(2).normalize());
        }
    }
    Err(finding)
}

/// The figures for the whole object, in yuan, with their margin as `ulp`.
fn whole(per: Per, figures: &[Written], measure: Decimal, amounts: &Amounts) -> Option<Written> {
    let mut sum = Written { value: Decimal::ZERO, ulp: Decimal::ZERO };
    for (at, figure) in figures.iter().enumerate() {
        let quantity = quantity_of(amounts, at);
        let (numerator, denominator) = factor(per, quantity.as_ref()).ok()?;
        let part = figure.times(measure)?.times(numerator.checked_div(denominator)?)?;
        sum.value = sum.value.checked_add(part.value)?;
        sum.ulp = sum.ulp.checked_add(part.ulp)?;
    }
    Some(sum)
}

fn said(draft: &mut Draft<'_>, basis: PriceBasis, zh: &str, en: &str) {
    let words = basis.text(None);
    let text = draft.get("reserve_unit");
    draft.say(
        note(
            "price.basis-settled",
            "price.reserve",
            format!("“{text}”读作“{}”:{zh}", words.zh),
            format!("\"{text}\" is read as {}: {en}", words.en),
        )
        .with_fact("basis", basis),
    );
}
