//! What a price comes to: total, first year, schedule, and the equivalent per mu and year.

use super::refusals::{negative, not_computable, out_of_range, term_unknown};
use super::{Escalator, Every, Per, Quantity, Unit, UnitPrice};
use crate::finding::{Finding, Text};
use crate::money::Money;
use crate::term::{DAYS_PER_YEAR, Span, Term};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// The rent of one year of the term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearRent {
    /// Year of the term, counted from 1.
    pub year: u16,
    /// How much of the year the term covers: a whole year except for a broken last one.
    pub span: Span,
    /// Rent of it, in fen.
    pub amount: Money,
}

/// Yuan per mu and year, averaged over the term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MuYear {
    /// In fen per mu and year, rounded half up.
    pub amount: Money,
    /// Whether nothing was rounded away.
    pub exact: bool,
}

/// What a price comes to over a term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// Total of the whole term, in fen.
    pub total: Money,
    /// Rent of the first year (or of the whole term where it is shorter), in fen.
    pub first_year: Money,
    /// Average per mu and year; none where the lot is no area or has no term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mu_year: Option<MuYear>,
    /// Year by year; adds up to `total`. Empty for a sale and for a total price without a known term.
    pub schedule: Vec<YearRent>,
}

/// Rounds a decimal of fen half up to a whole fen (四舍五入到分).
pub(super) fn round_fen(fen: Decimal) -> Result<Money, Finding> {
    let rounded = fen.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    i64::try_from(rounded).map(Money::from_fen).map_err(|_| out_of_range())
}

/// How many of the price's unit the object has, as a fraction (numerator, denominator): a mu is 2000/3 square metres.
pub(crate) fn factor(per: Per, quantity: Option<&Quantity>) -> Result<(Decimal, Decimal), Finding> {
    if per == Per::Whole {
        return Ok((Decimal::ONE, Decimal::ONE));
    }
    let missing = || {
        Finding::refusal(
            "price.quantity-missing",
            "交易公告应当载明标的数量",
            Text::new(
                "按单位数量计价,但没有数量,算不出总价",
                "the price is per unit but there is no quantity to multiply",
            ),
            Text::new("填写数量和计量单位", "state quantity and unit"),
        )
        .at("components")
    };
    let quantity = quantity.ok_or_else(missing)?;
    let mismatch = || {
        Finding::refusal(
            "price.unit-mismatch",
            "计价单位与数量单位应当一致",
            Text::new(
                format!("计价单位与数量单位“{}”不一致", quantity.unit.zh()),
                format!("the price's unit does not measure a quantity in {}", quantity.unit),
            ),
            Text::new("改用同一计量单位", "use one unit for both"),
        )
        .at("components")
        .with_fact("unit", &quantity.unit)
    };
    if quantity.amount <= Decimal::ZERO {
        return Err(missing().with_fact("quantity", quantity.amount));
    }
    let area = |numerator: Decimal, denominator: i64| {
        let mu = quantity.mu().ok_or_else(mismatch)?;
        Ok((mu.checked_mul(numerator).ok_or_else(out_of_range)?, Decimal::from(denominator)))
    };
    match (per, &quantity.unit) {
        (Per::SquareMetre, Unit::SquareMetre)
        | (Per::CubicMetre, Unit::CubicMetre | Unit::CubicMetreYear)
        | (Per::Unit, Unit::Count(_)) => Ok((quantity.amount, Decimal::ONE)),
        (Per::Mu | Per::GrainMu, _) => area(Decimal::ONE, 1),
        (Per::SquareMetre, _) => area(Decimal::from(2000), 3),
        (Per::Hectare, _) => area(Decimal::ONE, 15),
        _ => Err(mismatch()),
    }
}

/// The times a year that the price falls due, for a price by time; a price per cubic metre is yearly where the water is.
pub(crate) fn times_a_year(price: &UnitPrice, quantity: Option<&Quantity>) -> Option<u32> {
    match (price.basis.every, quantity.map(|q| &q.unit)) {
        (Every::Term, Some(Unit::CubicMetreYear)) if price.basis.per == Per::CubicMetre => Some(1),
        (every, _) => every.per_year(),
    }
}

/// `amount` of the price's unit for the whole object and one year (or once), rounded to the fen.
fn whole(amount: Money, price: &UnitPrice, quantity: Option<&Quantity>) -> Result<Money, Finding> {
    let (numerator, denominator) = factor(price.basis.per, quantity)?;
    let times = Decimal::from(times_a_year(price, quantity).unwrap_or(1));
    let fen = Decimal::from(amount.fen())
        .checked_mul(numerator)
        .and_then(|fen| fen.checked_mul(times))
        .and_then(|fen| fen.checked_div(denominator))
        .ok_or_else(out_of_range)?;
    round_fen(fen)
}

/// The rent of a first full year; for a price of the whole term, that term's average year is not its rent, so it needs a term
/// ([`total`]).
///
/// # Errors
/// `price.quantity-missing`, `price.unit-mismatch`, `price.not-yearly`, `price.range`.
pub fn first_year(price: &UnitPrice, quantity: Option<&Quantity>) -> Result<Money, Finding> {
    if times_a_year(price, quantity).is_none() {
        return Err(Finding::refusal(
            "price.not-yearly",
            "计价方式",
            Text::new(
                "价格为整个期限的总价,没有单独的首年价",
                "the price is for the whole term; it has no first year by itself",
            ),
            Text::new("按总价计算", "reckon with the total"),
        )
        .at("price.reserve"));
    }
    whole(price.amount, price, quantity)
}

/// What `price` comes to for `quantity` over `term`, exact to the fen by the rules of this module.
///
/// A price for the whole term needs neither term nor escalator for its total; with a known term it is spread over the years.
///
/// # Errors
/// `price.quantity-missing`, `price.unit-mismatch`; `price.term-unknown` where a price by time meets no known length;
/// `price.not-computable` where the escalator leaves years open (facts: the first year's rent and the last year known);
/// `price.escalator` where a rent would fall below nothing; `price.range`.
pub fn total(
    price: &UnitPrice,
    quantity: Option<&Quantity>,
    term: Option<&Term>,
    escalator: &Escalator,
) -> Result<Total, Finding> {
    let span = term.and_then(Term::rent_span);
    let Some(_) = times_a_year(price, quantity) else {
        let total = whole(price.amount, price, quantity)?;
        let schedule = span.map_or(Ok(Vec::new()), |span| spread(total, span))?;
        let first_year = schedule.first().map_or(total, |year| year.amount);
        let mu_year = per_mu(total, quantity, span)?;
        return Ok(Total { total, first_year, mu_year, schedule });
    };
    let first = whole(price.amount, price, quantity)?;
    let Some(span) = span else { return Err(term_unknown(first)) };
    let years = years_of(span)?;
    let known = escalator.known_through();
    let mut schedule = Vec::with_capacity(years.len());
    let mut sum = Money::ZERO;
    let mut rent = first;
    for (year, part) in years {
        if known.is_some_and(|known| year > known) {
            return Err(not_computable(first, known.unwrap_or(0), escalator));
        }
        rent = rent_of(year, rent, first, price, quantity, escalator)?;
        if rent < Money::ZERO {
            return Err(negative(year));
        }
        let amount = share(rent, part)?;
        sum = sum.checked_add(amount).ok_or_else(out_of_range)?;
        schedule.push(YearRent { year, span: part, amount });
    }
    let first_year = schedule.first().map_or(Money::ZERO, |year| year.amount);
    Ok(Total { total: sum, first_year, mu_year: per_mu(sum, quantity, Some(span))?, schedule })
}

/// The full rent of `year`, from the rent of the year `before` and the `first` year's.
fn rent_of(
    year: u16,
    before: Money,
    first: Money,
    price: &UnitPrice,
    quantity: Option<&Quantity>,
    escalator: &Escalator,
) -> Result<Money, Finding> {
    let raised = |base: Money, percent: Decimal| {
        let grown = percent
            .checked_div(Decimal::ONE_HUNDRED)
            .and_then(|ratio| ratio.checked_add(Decimal::ONE))
            .and_then(|ratio| ratio.checked_mul(Decimal::from(base.fen())))
            .ok_or_else(out_of_range)?;
        round_fen(grown)
    };
    match escalator {
        Escalator::None | Escalator::Renegotiated { .. } | Escalator::Open { .. } => Ok(before),
        Escalator::Percent { percent, every_years, from_year, compounding } => {
            let steps = steps_until(year, *every_years, *from_year);
            let new = steps > 0 && steps > steps_until(year - 1, *every_years, *from_year);
            match (compounding, new) {
                (_, false) => Ok(before),
                (true, true) => raised(before, *percent),
                (false, true) => raised(first, percent.checked_mul(Decimal::from(steps)).ok_or_else(out_of_range)?),
            }
        }
        Escalator::Amount { amount, every_years, from_year } => {
            let steps = steps_until(year, *every_years, *from_year);
            let unit = i64::from(steps)
                .checked_mul(amount.fen())
                .and_then(|fen| fen.checked_add(price.amount.fen()))
                .ok_or_else(out_of_range)?;
            whole(Money::from_fen(unit), price, quantity)
        }
        Escalator::Steps { steps } => {
            steps.iter().filter(|step| step.year == year).try_fold(before, |rent, step| raised(rent, step.percent))
        }
    }
}

/// Steps taken up to and in `year`.
fn steps_until(year: u16, every_years: u16, from_year: u16) -> u16 {
    if year < from_year || year < 2 { 0 } else { (year - from_year) / every_years.max(1) + 1 }
}

/// The years of a span, the last one perhaps broken.
fn years_of(span: Span) -> Result<Vec<(u16, Span)>, Finding> {
    let days = u32::from(span.left_days());
    // Only a span of days alone can hold a year's days.
    let whole = u32::from(span.whole_years()) + days / DAYS_PER_YEAR;
    let whole = u16::try_from(whole).map_err(|_| out_of_range())?;
    let mut years: Vec<_> = (1..=whole).map(|year| (year, Span::years(1))).collect();
    let months = u16::try_from(span.total_months() % 12).map_err(|_| out_of_range())?;
    let days = u16::try_from(days % DAYS_PER_YEAR).map_err(|_| out_of_range())?;
    let rest = Span::new(0, months, days).ok_or_else(out_of_range)?;
    if !rest.is_empty() {
        years.push((whole.checked_add(1).ok_or_else(out_of_range)?, rest));
    }
    Ok(years)
}

/// `rent` of a full year for `part` of it, rounded half up.
fn share(rent: Money, part: Span) -> Result<Money, Finding> {
    let parts = part.year_parts();
    if parts == Span::PARTS_PER_YEAR {
        return Ok(rent);
    }
    let fen = Decimal::from(rent.fen()).checked_mul(Decimal::from(parts)).ok_or_else(out_of_range)?;
    round_fen(fen / Decimal::from(Span::PARTS_PER_YEAR))
}

/// Spreads a total over the years of a span so that the years add up to it: each year gets the difference of rounded running sums.
fn spread(total: Money, span: Span) -> Result<Vec<YearRent>, Finding> {
    let all = Decimal::from(span.year_parts());
    let mut schedule = Vec::new();
    let (mut gone, mut paid) = (0u32, Money::ZERO);
    for (year, part) in years_of(span)? {
        gone += part.year_parts();
        let running = Decimal::from(total.fen()).checked_mul(Decimal::from(gone)).ok_or_else(out_of_range)? / all;
        let running = round_fen(running)?;
        schedule.push(YearRent { year, span: part, amount: running.checked_sub(paid).ok_or_else(out_of_range)? });
        paid = running;
    }
    Ok(schedule)
}

/// `total` per mu and year.
pub(super) fn per_mu(total: Money, quantity: Option<&Quantity>, span: Option<Span>) -> Result<Option<MuYear>, Finding> {
    let (Some(mu), Some(span)) = (quantity.and_then(Quantity::mu), span) else { return Ok(None) };
    let parts = Decimal::from(span.year_parts());
    let Some(denominator) = mu.checked_mul(parts).filter(|d| *d > Decimal::ZERO) else { return Ok(None) };
    let numerator =
        Decimal::from(total.fen()).checked_mul(Decimal::from(Span::PARTS_PER_YEAR)).ok_or_else(out_of_range)?;
    let amount = round_fen(numerator.checked_div(denominator).ok_or_else(out_of_range)?)?;
    let exact = Decimal::from(amount.fen()).checked_mul(denominator) == Some(numerator);
    Ok(Some(MuYear { amount, exact }))
}
