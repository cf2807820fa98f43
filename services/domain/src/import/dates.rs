//! Days and hours (时间): whole ones, and those that name only a month or a year.

use super::draft::Draft;
use super::number::norm;
use super::say::{refuse, shown, warn};
use crate::notice::Moment;
use chrono::{Days, Months, NaiveDate};

/// A day as published: exactly, or only its month or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Published {
    /// A day, perhaps with its hour.
    Exact(Moment),
    /// Only a month or a year: its first and its last day.
    Coarse(NaiveDate, NaiveDate),
}

/// Reads `2026-03-13`, `2026-03-13T16:00+08:00`, `2026-03`, `2026`, and the same in Chinese or with slashes and dots.
pub(super) fn parse(text: &str) -> Option<Published> {
    let text = norm(text);
    let text = text.replace(['年', '月', '/', '.'], "-").replace('日', "");
    let text = text.trim_end_matches('-');
    if let Ok(moment) = text.parse::<Moment>() {
        return Some(Published::Exact(moment));
    }
    let mut parts = text.split('-');
    let year: i32 = parts.next()?.parse().ok().filter(|year| (1949..=2200).contains(year))?;
    let number = |part: &str| (part.len() <= 2).then(|| part.parse::<u32>().ok()).flatten();
    match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => {
            Some(Published::Coarse(NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?))
        }
        (Some(month), None, _) => {
            let first = NaiveDate::from_ymd_opt(year, number(month)?, 1)?;
            Some(Published::Coarse(first, first.checked_add_months(Months::new(1))?.checked_sub_days(Days::new(1))?))
        }
        // One digit for month or day: 2026-3-1.
        (Some(month), Some(day), None) => {
            Some(Published::Exact(Moment::day(NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)?)))
        }
        _ => None,
    }
}

/// The finding that a cell holds no date.
pub(super) fn unreadable(column: &str, field: &str, text: &str) -> crate::finding::Finding {
    refuse("date.unreadable", field, format!("“{}”不是日期", shown(text)), format!("\"{}\" is not a date", shown(text)))
        .with_fact("column", column)
        .with_fact("text", shown(text))
}

/// Reads the published days and hours of announcement, registration and bidding.
pub(super) fn read(draft: &mut Draft<'_>) {
    let mut moment = |column: &str| {
        let text = draft.get(column);
        if text.is_empty() {
            return None;
        }
        let field = format!("schedule.{column}");
        match parse(text) {
            Some(Published::Exact(moment)) => Some(moment),
            Some(Published::Coarse(..)) => {
                draft.say(
                    warn(
                        "schedule.coarse",
                        &field,
                        format!("“{}”没有写明日期", shown(text)),
                        format!("\"{}\" names no day", shown(text)),
                    )
                    .with_fact("column", column)
                    .with_fact("text", shown(text)),
                );
                None
            }
            None => {
                draft.say(unreadable(column, &field, text));
                None
            }
        }
    };
    let schedule = crate::notice::Schedule {
        announce_from: moment("announce_from"),
        announce_to: moment("announce_to"),
        register_from: moment("register_from"),
        register_to: moment("register_to"),
        auction_from: moment("auction_from"),
        auction_to: moment("auction_to"),
    };
    draft.notice.schedule = schedule;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_as_notices_write_them() {
        let exact = |text: &str| match parse(text) {
            Some(Published::Exact(moment)) => moment.to_string(),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(exact("2026-03-13"), "2026-03-13");
        assert_eq!(exact("2026年3月13日"), "2026-03-13");
        assert_eq!(exact("2026/3/1"), "2026-03-01");
        assert_eq!(exact("2024-09-10T10:00+08:00"), "2024-09-10T10:00:00+08:00");
        let coarse = |text: &str| match parse(text) {
            Some(Published::Coarse(first, last)) => format!("{first} {last}"),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(coarse("2024"), "2024-01-01 2024-12-31");
        assert_eq!(coarse("2024-02"), "2024-02-01 2024-02-29");
        assert_eq!(coarse("2024年2月"), "2024-02-01 2024-02-29");
        for text in ["", "soon", "2024-13", "2024-02-30", "24-02-01", "2024-1-2-3", "99999"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }
    }
}
