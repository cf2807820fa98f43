//! Periods of law, counted on the working-day calendar.

use chrono::{Datelike, NaiveDate, Weekday};
use sanbian_domain::{finding::Finding, listing::dates, notice::Days};

/// The last day of a period that begins with `from`, which itself is not counted.
///
/// # Errors
/// Rule `calendar.year-unknown`: the State Council's notice for the year is not loaded.
pub(crate) fn after(from: NaiveDate, days: Days) -> Result<NaiveDate, Finding> {
    dates::after(sanbian_runtime::calendar(), from, days)
}

/// As [`after`], where the act must not wait for a calendar: a refund is ordered, and money that a rule sends back goes back, whatever year it
/// is. Without the notice Mondays to Fridays count as worked: holidays would only give the exchange more time.
pub(crate) fn at_latest(from: NaiveDate, days: Days) -> NaiveDate {
    after(from, days).unwrap_or_else(|_| {
        let mut date = from;
        let mut left = days.count;
        while left > 0 {
            date = date.succ_opt().unwrap_or(date);
            if !days.working || !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
                left -= 1;
            }
        }
        date
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_unknown_year_stops_a_promise_but_no_refund() {
        let three = Days { count: 3, working: true };
        // 2026-10-01 to 07 are holidays; the 10th is worked.
        assert_eq!(after(day("2026-09-30"), three), Ok(day("2026-10-10")));
        assert_eq!(at_latest(day("2026-09-30"), three), day("2026-10-10"));
        assert_eq!(after(day("2099-01-01"), three).unwrap_err().rule, "calendar.year-unknown");
        assert_eq!(at_latest(day("2099-01-01"), three), day("2099-01-06"), "a Friday, then Monday and Tuesday");
        assert_eq!(at_latest(day("2099-01-01"), Days { count: 3, working: false }), day("2099-01-04"));
    }
}
