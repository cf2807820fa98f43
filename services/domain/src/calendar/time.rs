//! From instants to dates of law and back: the law counts days at Beijing time, which has been UTC+8 without change since 1992.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Utc};

/// Beijing time (北京时间).
pub fn beijing() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).expect("eight hours are a possible offset")
}

/// The date of law at an instant.
pub fn date_of(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&beijing()).date_naive()
}

/// The first instant of a date.
pub fn start_of(date: NaiveDate) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    midnight.and_local_timezone(beijing()).single().expect("a fixed offset has each time once").to_utc()
}

/// The instant at which a date is over (24:00): a period that ends with the date includes every instant before it.
/// None for the last date there is.
pub fn end_of(date: NaiveDate) -> Option<DateTime<Utc>> {
    date.succ_opt().map(start_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    #[test]
    fn the_day_turns_at_sixteen_hours_utc() {
        let instant: DateTime<Utc> = "2026-02-14T15:59:59.999Z".parse().unwrap();
        assert_eq!(date_of(instant), NaiveDate::from_ymd_opt(2026, 2, 14).unwrap());
        assert_eq!(date_of(instant + TimeDelta::milliseconds(1)), NaiveDate::from_ymd_opt(2026, 2, 15).unwrap());
    }

    proptest! {
        #[test]
        fn a_date_is_the_instants_between_its_ends(seconds in 0i64..4_000_000_000) {
            let instant = DateTime::from_timestamp(seconds, 0).unwrap();
            let date = date_of(instant);
            prop_assert!(start_of(date) <= instant && instant < end_of(date).unwrap());
            prop_assert_eq!(end_of(date).unwrap() - start_of(date), TimeDelta::days(1));
        }
    }
}
