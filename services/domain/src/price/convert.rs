//! The same price on another basis (计价换算).

use super::refusals::out_of_range;
use super::schedule::{factor, round_fen, times_a_year};
use super::{Per, PriceBasis, Quantity, UnitPrice};
use crate::finding::{Finding, Text};
use crate::term::{Span, Term};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A price on another basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// The price there, rounded half up to the fen.
    pub price: UnitPrice,
    /// Whether nothing was rounded away; only then is it the same price.
    pub exact: bool,
}

/// `price` on the basis `to`, for a rent that does not escalate (with an escalator compare totals instead).
///
/// # Errors
/// `price.quantity-missing`, `price.unit-mismatch`, `price.term-unknown`, `price.range`; `price.basis-grain` between money and grain,
/// which differ by more than arithmetic.
pub fn convert(
    price: &UnitPrice,
    to: PriceBasis,
    quantity: Option<&Quantity>,
    term: Option<&Term>,
) -> Result<Conversion, Finding> {
    if price.basis == to {
        return Ok(Conversion { price: *price, exact: true });
    }
    if (price.basis.per == Per::GrainMu) != (to.per == Per::GrainMu) {
        return Err(grain());
    }
    let target = UnitPrice::new(price.amount, to);
    // amount × (units of `from` in the object) × (times of `from` in the span) ÷ the same of `to`.
    let (from_units, from_parts) = factor(price.basis.per, quantity)?;
    let (to_units, to_parts) = factor(to.per, quantity)?;
    let same_period = times_a_year(price, quantity) == times_a_year(&target, quantity);
    let (from_times, to_times) = if same_period {
        (Decimal::ONE, Decimal::ONE)
    } else {
        (times(price, quantity, term)?, times(&target, quantity, term)?)
    };
    let product = |factors: [Decimal; 3]| {
        factors.into_iter().try_fold(Decimal::ONE, Decimal::checked_mul).ok_or_else(out_of_range)
    };
    let numerator = product([from_units, to_parts, from_times])?
        .checked_mul(Decimal::from(price.amount.fen()))
        .ok_or_else(out_of_range)?;
    let denominator = product([from_parts, to_units, to_times])?;
    let amount = round_fen(numerator.checked_div(denominator).ok_or_else(out_of_range)?)?;
    let exact = Decimal::from(amount.fen()).checked_mul(denominator) == Some(numerator);
    Ok(Conversion { price: UnitPrice::new(amount, to), exact })
}

/// How often the price falls due over the term, times 4380 so that it is a whole number: once for the whole term is 4380, and a
/// price by time is its times a year for each 4380th of a year. Without a term, one year: between two prices by time it cancels.
fn times(price: &UnitPrice, quantity: Option<&Quantity>, term: Option<&Term>) -> Result<Decimal, Finding> {
    let one_year = Decimal::from(Span::PARTS_PER_YEAR);
    let Some(a_year) = times_a_year(price, quantity) else {
        span_parts(term)?;
        return Ok(one_year);
    };
    Ok(span_parts(term).unwrap_or(one_year) * Decimal::from(a_year))
}

fn span_parts(term: Option<&Term>) -> Result<Decimal, Finding> {
    let span = term.and_then(Term::rent_span).filter(|span| !span.is_empty()).ok_or_else(|| {
        Finding::refusal(
            "price.term-unknown",
            "按期计价须有期限",
            Text::new("换算到整个期限需要期限", "a term is needed to convert from or to the whole term"),
            Text::new("写明期限", "state the term"),
        )
        .at("term")
    })?;
    Ok(Decimal::from(span.year_parts()))
}

fn grain() -> Finding {
    Finding::refusal(
        "price.basis-grain",
        "实物计租",
        Text::new("实物计租与货币计价不能直接换算", "grain rent and money rent are not converted into one another"),
        Text::new("按公布的折价办法计算", "reckon by the published grain price"),
    )
    .at("price.reserve")
}
