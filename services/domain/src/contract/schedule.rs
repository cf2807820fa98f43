//! Payment schedules (付款计划): which payment is due when, what came in for it, what is late.
//!
//! Money is counted for the earliest payment that is still open, whatever it was sent for. A payment due on a day is in time on that
//! day and late from the next.

use crate::money::Money;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A payment that falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// The last day to pay it.
    pub due: NaiveDate,
    /// How much.
    pub amount: Money,
}

/// Money that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The day the bank booked it.
    pub on: NaiveDate,
    /// How much.
    pub amount: Money,
}

/// A due payment and what came in for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The last day to pay it.
    pub due: NaiveDate,
    /// How much.
    pub amount: Money,
    /// How much of it came in.
    pub paid: Money,
    /// The day it was complete.
    pub completed_on: Option<NaiveDate>,
    /// Days late: until it was complete, or until today.
    pub late_days: i64,
}

/// What is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrears {
    /// How much is overdue.
    pub overdue: Money,
    /// Since which due day.
    pub since: Option<NaiveDate>,
}

/// The rows of `dues` (in the order of their days) with `payments` (in any order) poured in, as of `today`.
pub fn rows(dues: &[Due], payments: &[Payment], today: NaiveDate) -> Vec<Row> {
    let mut payments = payments.to_vec();
    payments.sort_by_key(|payment| payment.on);
    let mut payments = payments.into_iter();
    // What is left of the payment that is being poured.
    let mut left: Option<Payment> = None;
    dues.iter()
        .map(|due| {
            let mut paid = 0;
            let mut completed_on = None;
            while paid < due.amount.fen() {
                let Some(mut payment) = left.take().or_else(|| payments.next()) else {
                    break;
                };
                let taken = payment.amount.fen().min(due.amount.fen() - paid);
                paid += taken;
                completed_on = (paid == due.amount.fen()).then_some(payment.on);
                payment.amount = Money::from_fen(payment.amount.fen() - taken);
                left = (payment.amount > Money::ZERO).then_some(payment);
            }
            // A row of nothing is complete on its day.
            let completed_on = completed_on.or((due.amount == Money::ZERO).then_some(due.due));
            let late_days = (completed_on.unwrap_or(today) - due.due).num_days().max(0);
            Row { due: due.due, amount: due.amount, paid: Money::from_fen(paid), completed_on, late_days }
        })
        .collect()
}

/// What is overdue of `rows` as of `today`.
pub fn arrears(rows: &[Row], today: NaiveDate) -> Arrears {
    let late = || rows.iter().filter(|row| row.due < today && row.paid < row.amount);
    // Parts of one contract's total, so the sum fits.
    let overdue = late().map(|row| row.amount.fen() - row.paid.fen()).sum();
    Arrears { overdue: Money::from_fen(overdue), since: late().map(|row| row.due).min() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day") + chrono::Days::new(n)
    }

    fn due(n: u64, fen: i64) -> Due {
        Due { due: day(n), amount: Money::from_fen(fen) }
    }

    fn payment(n: u64, fen: i64) -> Payment {
        Payment { on: day(n), amount: Money::from_fen(fen) }
    }

    #[test]
    fn the_due_day_is_in_time_and_the_next_is_late() {
        let dues = [due(10, 100), due(20, 100)];
        assert_eq!(arrears(&rows(&dues, &[], day(10)), day(10)), Arrears { overdue: Money::ZERO, since: None });
        let late = Arrears { overdue: Money::from_fen(100), since: Some(day(10)) };
        assert_eq!(arrears(&rows(&dues, &[], day(11)), day(11)), late);
        assert_eq!(rows(&dues, &[payment(10, 100)], day(30))[0].late_days, 0);
        let table = rows(&dues, &[payment(12, 150)], day(25));
        assert_eq!((table[0].completed_on, table[0].late_days), (Some(day(12)), 2), "paid, but two days late");
        assert_eq!((table[1].paid, table[1].completed_on, table[1].late_days), (Money::from_fen(50), None, 5));
    }

    proptest! {
        /// A row is complete on the day on which the payments up to then reach all dues up to it.
        #[test]
        fn agrees_with_running_totals(
            dues in prop::collection::vec(0_i64..50, 0..6),
            payments in prop::collection::vec((0_u64..100, 1_i64..60), 0..8),
            today in 0_u64..100,
        ) {
            let dues: Vec<_> = dues.into_iter().zip(0..).map(|(fen, n)| due(n * 15, fen)).collect();
            let payments: Vec<_> = payments.into_iter().map(|(n, fen)| payment(n, fen)).collect();
            let table = rows(&dues, &payments, day(today));
            let mut needed = 0;
            let mut overdue = 0;
            for (row, due) in table.iter().zip(&dues) {
                let before = needed;
                needed += due.amount.fen();
                let by = |last: NaiveDate| -> i64 {
                    payments.iter().filter(|payment| payment.on <= last).map(|payment| payment.amount.fen()).sum()
                };
                let expected = payments.iter().map(|payment| payment.on).filter(|last| by(*last) >= needed).min();
                if due.amount > Money::ZERO {
                    prop_assert_eq!(row.completed_on, expected);
                }
                let all: i64 = payments.iter().map(|payment| payment.amount.fen()).sum();
                let paid = (all - before).clamp(0, due.amount.fen());
                prop_assert_eq!(row.paid.fen(), paid);
                if due.due < day(today) {
                    overdue += due.amount.fen() - paid;
                }
            }
            prop_assert_eq!(arrears(&table, day(today)).overdue.fen(), overdue);
        }
    }
}
