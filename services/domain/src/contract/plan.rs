//! From a notice's payment terms to the payments of a contract (付款计划): what is due at signing, and what when over the term.
//!
//! A contract is drawn before anybody knows the day of its signing, and many a term begins on that day. The plan therefore says of each
//! payment either the day or how many months after the term's first day it falls due; [`dated`] turns it into days once both have signed.
//!
//! **Invariants**
//! - The payments add up to the total, to the fen, whatever the plan; the rent of each year stays within that year's payments.
//! - The first payment is the one due at signing, even where it is nothing; the others follow in the order of their days.

use super::schedule::Due;
use crate::{
    money::{Money, largest_remainder},
    notice::{Notice, PaymentPlan},
    price::{Total, YearRent},
    term::{Span, Term},
};
use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// When a payment falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum When {
    /// With signing, within the rulebook's days (首付款).
    Signing,
    /// On a day.
    Day {
        /// The last day to pay.
        on: NaiveDate,
    },
    /// So many months after the term's first day, which the signing decides.
    AfterBegin {
        /// How many.
        months: u32,
    },
}

/// A payment of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// When.
    pub when: When,
    /// How much.
    pub amount: Money,
}

/// The payments of a contract over `total` (what [`Notice::total_at`] says) that is drawn on `day`. What would have been due by then is
/// due at signing.
///
/// Terms that say nothing, or nothing that can be reckoned with (no known years, parts of nothing), are taken as all at once: the taker
/// then never owes the giver more trust than the notice asked for.
pub fn plan(notice: &Notice, total: &Total, day: NaiveDate) -> Vec<Planned> {
    let parts = match notice.payment.as_ref().and_then(|payment| payment.plan.as_ref()) {
        None | Some(PaymentPlan::LumpSum) => None,
        Some(PaymentPlan::EveryYears { years }) => by_years(&total.schedule, *years),
        Some(PaymentPlan::EveryMonths { months }) => by_months(&total.schedule, *months),
        Some(PaymentPlan::Instalments { parts }) => {
            let weights: Vec<Decimal> = parts.iter().map(|part| part.percent).collect();
            let amounts = largest_remainder(total.total, &weights).ok();
            amounts.map(|amounts| {
                let months = parts.iter().map(|part| u32::from(part.year.max(1) - 1) * 12);
                months.zip(amounts).collect()
            })
        }
    };
    let parts = parts.unwrap_or_else(|| vec![(0, total.total)]);
    let from = match notice.term {
        Some(Term::Fixed { from, .. }) => Some(from),
        _ => None,
    };
    let when = |months: u32| match from.map(|from| later(from, months)) {
        _ if months == 0 => When::Signing,
        Some(on) if on <= day => When::Signing,
        Some(on) => When::Day { on },
        None => When::AfterBegin { months },
    };
    let mut planned = vec![Planned { when: When::Signing, amount: Money::ZERO }];
    for (months, amount) in parts {
        add(&mut planned, when(months), amount);
    }
    planned.retain(|payment| payment.when == When::Signing || payment.amount > Money::ZERO);
    planned.sort_by_key(|payment| payment.when);
    planned
}

/// The later payments as days, once the contract is signed by both on `signed`; `pay_by` is the last day of the first payment, and nothing
/// later is due before it. Days rise; payments that meet on one are one.
pub fn dated(planned: &[Planned], signed: NaiveDate, pay_by: NaiveDate) -> Vec<Due> {
    let mut dues: Vec<Due> = Vec::with_capacity(planned.len());
    for payment in planned {
        let on = match payment.when {
            When::Signing => continue,
            When::Day { on } => on,
            When::AfterBegin { months } => later(signed, months),
        };
        // A day after the first payment's, so that a row of the schedule never stands before or on it.
        let due = on.max(pay_by.succ_opt().unwrap_or(pay_by));
        match dues.last_mut() {
            Some(last) if last.due >= due => last.amount = sum(last.amount, payment.amount),
            _ => dues.push(Due { due, amount: payment.amount }),
        }
    }
    dues
}

/// What is due at signing.
pub fn first_payment(planned: &[Planned]) -> Money {
    planned.iter().find(|payment| payment.when == When::Signing).map_or(Money::ZERO, |payment| payment.amount)
}

/// Adds `amount` to the payment due then.
fn add(planned: &mut Vec<Planned>, when: When, amount: Money) {
    match planned.iter_mut().find(|payment| payment.when == when) {
        Some(payment) => payment.amount = sum(payment.amount, amount),
        None => planned.push(Planned { when, amount }),
    }
}

/// The rent of so many years at a time, beforehand; by months from the term's first day. None where no years are known.
fn by_years(schedule: &[YearRent], years: u16) -> Option<Vec<(u32, Money)>> {
    let step = usize::from(years.max(1));
    let first_year = |at: usize| u32::try_from(at * step).ok().and_then(|years| years.checked_mul(12));
    let payments: Option<Vec<_>> = schedule
        .chunks(step)
        .enumerate()
        .map(|(at, chunk)| Some((first_year(at)?, Money::checked_sum(chunk.iter().map(|year| year.amount))?)))
        .collect();
    payments.filter(|payments| !payments.is_empty())
}

/// The rent of so many months at a time, beforehand. Each year's rent is split over its own months first, so that a rise shows in the
/// months it belongs to and each year still adds up. None where no years are known.
fn by_months(schedule: &[YearRent], months: u16) -> Option<Vec<(u32, Money)>> {
    let mut pieces = Vec::new();
    for year in schedule {
        let days = u32::from(year.span.left_days());
        let mut weights =
            vec![Decimal::from(Span::PARTS_PER_YEAR / 12); usize::try_from(year.span.total_months()).ok()?];
        // The days left over are a last month of their own, as long as they are.
        weights.extend((days > 0).then(|| Decimal::from(days * 12)));
        pieces.extend(largest_remainder(year.amount, &weights).ok()?);
    }
    let step = usize::from(months.max(1));
    let payments: Option<Vec<_>> = pieces
        .chunks(step)
        .enumerate()
        .map(|(at, chunk)| Some((u32::try_from(at * step).ok()?, Money::checked_sum(chunk.iter().copied())?)))
        .collect();
    payments.filter(|payments| !payments.is_empty())
}

/// `months` after `from`; the last day there is where the calendar ends first.
fn later(from: NaiveDate, months: u32) -> NaiveDate {
    from.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
}

/// Parts of one total, so the sum fits.
fn sum(a: Money, b: Money) -> Money {
    a.checked_add(b).expect("parts of one total fit where it does")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        notice::{Instalment, Payment},
        price::{Component, Escalator, Price, PriceBasis, Quantity, Unit, UnitPrice},
        term::Start,
    };
    use proptest::prelude::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day")
    }

    fn at_signing(span: Span) -> Term {
        Term::Length { span, start: Start::Signing, at_most: false }
    }

    /// 100 mu at so many fen a mu and year, 5 % more each year.
    fn lot(fen: i64, term: Term, plan: Option<PaymentPlan>) -> Notice {
        Notice {
            components: vec![Component {
                kind: String::new(),
                quantity: Some(Quantity::new(Decimal::ONE_HUNDRED, Unit::Mu)),
                price: None,
            }],
            term: Some(term),
            price: Price {
                reserve: Some(UnitPrice::new(Money::from_fen(fen), PriceBasis::MU_YEAR)),
                escalator: Some(Escalator::Percent {
                    percent: Decimal::from(5),
                    every_years: 1,
                    from_year: 2,
                    compounding: true,
                }),
                ..Price::default()
            },
            payment: Some(Payment { plan, ..Payment::default() }),
            ..Notice::default()
        }
    }

    fn planned(notice: &Notice) -> Vec<(When, i64)> {
        let total = notice.total().expect("computes");
        plan(notice, &total, day(2026, 3, 2)).iter().map(|payment| (payment.when, payment.amount.fen())).collect()
    }

    #[test]
    fn a_rent_paid_each_year_follows_the_term() {
        let yearly = Some(PaymentPlan::EveryYears { years: 1 });
        let open = lot(60_000, at_signing(Span::years(3)), yearly.clone());
        let expected = vec![
            (When::Signing, 6_000_000),
            (When::AfterBegin { months: 12 }, 6_300_000),
            (When::AfterBegin { months: 24 }, 6_615_000),
        ];
        assert_eq!(planned(&open), expected);
        let from = day(2026, 5, 1);
        let fixed = lot(60_000, Term::from_date(from, Span::years(3)).expect("dates"), yearly.clone());
        let days = [When::Signing, When::Day { on: day(2027, 5, 1) }, When::Day { on: day(2028, 5, 1) }];
        assert_eq!(planned(&fixed).iter().map(|(when, _)| *when).collect::<Vec<_>>(), days);
        // A term that began a year and a half before: its second year's rent is due with signing too.
        let begun = lot(60_000, Term::from_date(day(2024, 9, 1), Span::years(3)).expect("dates"), yearly);
        assert_eq!(planned(&begun), [(When::Signing, 12_300_000), (When::Day { on: day(2026, 9, 1) }, 6_615_000)]);
    }

    #[test]
    fn parts_and_silence() {
        let parts =
            [(40, 1), (30, 3), (30, 5)].map(|(percent, year)| Instalment { percent: Decimal::from(percent), year });
        let parts = lot(100, at_signing(Span::years(5)), Some(PaymentPlan::Instalments { parts: parts.to_vec() }));
        let total = parts.total().expect("computes").total.fen();
        let shown = planned(&parts);
        assert_eq!(shown.iter().map(|(_, fen)| fen).sum::<i64>(), total);
        let when = [When::Signing, When::AfterBegin { months: 24 }, When::AfterBegin { months: 48 }];
        assert_eq!(shown.iter().map(|(when, _)| *when).collect::<Vec<_>>(), when);
        for silent in [None, Some(PaymentPlan::LumpSum), Some(PaymentPlan::Instalments { parts: Vec::new() })] {
            assert_eq!(planned(&lot(100, at_signing(Span::years(5)), silent)), [(When::Signing, total)]);
        }
    }

    #[test]
    fn months_split_each_year_by_itself() {
        let term = at_signing(Span::new(1, 2, 10).expect("a span"));
        let notice = lot(1_000, term, Some(PaymentPlan::EveryMonths { months: 3 }));
        let shown = planned(&notice);
        let months: Vec<_> = shown.iter().map(|(when, _)| *when).collect();
        let after = |months| When::AfterBegin { months };
        assert_eq!(months, [When::Signing, after(3), after(6), after(9), after(12)]);
        let year: i64 = shown[..4].iter().map(|(_, fen)| fen).sum();
        assert_eq!(year, 100_000, "the first year's rent lies in its four quarters");
        let last = shown[4].1;
        assert_eq!(year + last, notice.total().expect("computes").total.fen());
    }

    #[test]
    fn days_rise_from_the_first_payment_on() {
        let planned = [
            Planned { when: When::Signing, amount: Money::from_fen(1) },
            Planned { when: When::Day { on: day(2026, 3, 3) }, amount: Money::from_fen(2) },
            Planned { when: When::Day { on: day(2026, 3, 5) }, amount: Money::from_fen(3) },
            Planned { when: When::Day { on: day(2026, 8, 31) }, amount: Money::from_fen(4) },
        ];
        let dues = dated(&planned, day(2026, 3, 2), day(2026, 3, 9));
        let due = |month, at, fen| Due { due: day(2026, month, at), amount: Money::from_fen(fen) };
        assert_eq!(dues, [due(3, 10, 5), due(8, 31, 4)]);
        // The 31st of a month that has 30 days.
        let monthly = [Planned { when: When::AfterBegin { months: 1 }, amount: Money::from_fen(1) }];
        assert_eq!(dated(&monthly, day(2026, 8, 31), day(2026, 9, 1)), [due(9, 30, 1)]);
    }

    fn plans() -> impl Strategy<Value = Option<PaymentPlan>> {
        prop_oneof![
            Just(None),
            Just(Some(PaymentPlan::LumpSum)),
            (0_u16..7).prop_map(|years| Some(PaymentPlan::EveryYears { years })),
            (0_u16..40).prop_map(|months| Some(PaymentPlan::EveryMonths { months })),
            prop::collection::vec((0_i64..100, 0_u16..12), 0..5).prop_map(|parts| {
                let parts = parts.into_iter().map(|(percent, year)| Instalment { percent: percent.into(), year });
                Some(PaymentPlan::Instalments { parts: parts.collect() })
            }),
        ]
    }

    fn terms() -> impl Strategy<Value = Term> {
        let span = (0_u16..12, 0_u16..12, 0_u16..31).prop_filter_map("some time", |(years, months, days)| {
            Span::new(years, months, days).filter(|span| !span.is_empty())
        });
        let from = day(2023, 1, 31);
        (span, prop::option::of(0_u64..2000)).prop_filter_map("dates", move |(span, start)| match start {
            None => Some(at_signing(span)),
            Some(days) => Term::from_date(from + chrono::Days::new(days), span),
        })
    }

    proptest! {
        #[test]
        fn payments_add_up_and_their_days_rise(
            fen in 0_i64..10_000_000, term in terms(), chosen in plans(), drawn in 0_u64..2000, signed in 0_u64..30, pay in 0_u64..30,
        ) {
            let notice = lot(fen, term, chosen);
            let total = notice.total().expect("computes");
            let drawn = day(2024, 1, 1) + chrono::Days::new(drawn);
            let planned = plan(&notice, &total, drawn);
            prop_assert_eq!(planned[0].when, When::Signing);
            prop_assert_eq!(planned[0].amount, first_payment(&planned));
            prop_assert!(planned.windows(2).all(|pair| pair[0].when < pair[1].when));
            prop_assert!(planned[1..].iter().all(|payment| payment.amount > Money::ZERO));
            let sum = Money::checked_sum(planned.iter().map(|payment| payment.amount));
            prop_assert_eq!(sum, Some(total.total));
            let signed = drawn + chrono::Days::new(signed);
            let pay_by = signed + chrono::Days::new(pay);
            let dues = dated(&planned, signed, pay_by);
            prop_assert!(dues.iter().all(|due| due.due > pay_by));
            prop_assert!(dues.windows(2).all(|pair| pair[0].due < pair[1].due));
            let later = Money::checked_sum(dues.iter().map(|due| due.amount));
            prop_assert_eq!(later.and_then(|later| later.checked_add(planned[0].amount)), Some(total.total));
        }

        /// However a year's rent is cut into months, what is paid for whole years of it is that rent.
        #[test]
        fn monthly_payments_agree_with_yearly_ones(fen in 0_i64..1_000_000, years in 1_u16..10, months in prop::sample::select(vec![1_u16, 2, 3, 4, 6, 12])) {
            let term = at_signing(Span::years(years));
            let yearly = planned(&lot(fen, term, Some(PaymentPlan::EveryYears { years: 1 })));
            let monthly = planned(&lot(fen, term, Some(PaymentPlan::EveryMonths { months })));
            let by_year = |payments: &[(When, i64)]| {
                let mut sums = vec![0; usize::from(years)];
                for (when, fen) in payments {
                    let year = match when { When::AfterBegin { months } => months / 12, _ => 0 };
                    sums[usize::try_from(year).expect("small")] += fen;
                }
                sums
            };
            prop_assert_eq!(by_year(&yearly), by_year(&monthly));
        }
    }
}
