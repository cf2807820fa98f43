//! Lots of several components (一宗多类): each kind of land with its own quantity and perhaps its own price.

use super::refusals::{out_of_range, reserve_missing};
use super::schedule::{first_year, per_mu, total};
use super::{Component, Escalator, Per, Price, Quantity, Total, Unit};
use crate::finding::Finding;
use crate::money::Money;
use crate::term::Term;
use rust_decimal::Decimal;

/// What a lot of several components comes to: each with its own price, or the lot's.
///
/// # Errors
/// As [`total`]; `price.reserve-missing` where a component has no price at all.
pub fn composite_total(components: &[Component], price: &Price, term: Option<&Term>) -> Result<Total, Finding> {
    let escalator = price.escalator.as_ref().unwrap_or(&Escalator::None);
    let whole_lot = price.reserve.filter(|reserve| reserve.basis.per == Per::Whole);
    if let (Some(reserve), [_, _, ..]) = (whole_lot, components) {
        // One price for the lot as a whole: the components only say what it consists of.
        let area = sum_area(components);
        return total(&reserve, area.as_ref(), term, escalator);
    }
    let Some((first, rest)) = components.split_first() else {
        let reserve = price.reserve.ok_or_else(reserve_missing)?;
        return total(&reserve, None, term, escalator);
    };
    let one = |component: &Component| {
        let price = component.price.or(price.reserve).ok_or_else(reserve_missing)?;
        total(&price, component.quantity.as_ref(), term, escalator)
    };
    let mut sum = one(first)?;
    for component in rest {
        let part = one(component)?;
        sum.total = sum.total.checked_add(part.total).ok_or_else(out_of_range)?;
        sum.first_year = sum.first_year.checked_add(part.first_year).ok_or_else(out_of_range)?;
        for (year, added) in sum.schedule.iter_mut().zip(part.schedule) {
            year.amount = year.amount.checked_add(added.amount).ok_or_else(out_of_range)?;
        }
    }
    if !rest.is_empty() {
        sum.mu_year = per_mu(sum.total, sum_area(components).as_ref(), term.and_then(Term::rent_span))?;
    }
    Ok(sum)
}

/// The rent of a lot's first full year, all components together.
///
/// # Errors
/// As [`first_year`]; `price.reserve-missing` where a component has no price at all.
pub fn composite_first_year(components: &[Component], price: &Price) -> Result<Money, Finding> {
    if let Some(reserve) = price.reserve.filter(|reserve| reserve.basis.per == Per::Whole || components.is_empty()) {
        return first_year(&reserve, None);
    }
    if components.is_empty() {
        return Err(reserve_missing());
    }
    components.iter().try_fold(Money::ZERO, |sum, component| {
        let price = component.price.or(price.reserve).ok_or_else(reserve_missing)?;
        sum.checked_add(first_year(&price, component.quantity.as_ref())?).ok_or_else(out_of_range)
    })
}

/// The components' areas in mu together; none where any of them is no area.
fn sum_area(components: &[Component]) -> Option<Quantity> {
    let mut sum = Decimal::ZERO;
    for component in components {
        sum = sum.checked_add(component.quantity.as_ref()?.mu()?)?;
    }
    Some(Quantity::new(sum, Unit::Mu))
}
