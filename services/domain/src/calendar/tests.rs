use super::*;
use proptest::prelude::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The notices a second time, written in another way, to catch a slip of the pen in the data: each weekday (Monday to Friday)
/// that was off, and each Saturday or Sunday that was worked.
const OFF_AND_WORKED: [(i32, &str, &str); 7] = [
    (
        2020,
        "0101 0124 0127 0128 0129 0130 0131 0406 0501 0504 0505 0625 0626 1001 1002 1005 1006 1007 1008",
        "0119 0426 0509 0628 0927 1010",
    ),
    (
        2021,
        "0101 0211 0212 0215 0216 0217 0405 0503 0504 0505 0614 0920 0921 1001 1004 1005 1006 1007",
        "0207 0220 0425 0508 0918 0926 1009",
    ),
    (
        2022,
        "0103 0131 0201 0202 0203 0204 0404 0405 0502 0503 0504 0603 0912 1003 1004 1005 1006 1007",
        "0129 0130 0402 0424 0507 1008 1009",
    ),
    (
        2023,
        "0102 0123 0124 0125 0126 0127 0405 0501 0502 0503 0622 0623 0929 1002 1003 1004 1005 1006",
        "0128 0129 0423 0506 0625 1007 1008",
    ),
    (
        2024,
        "0101 0212 0213 0214 0215 0216 0404 0405 0501 0502 0503 0610 0916 0917 1001 1002 1003 1004 1007",
        "0204 0218 0407 0428 0511 0914 0929 1012",
    ),
    (
        2025,
        "0101 0128 0129 0130 0131 0203 0204 0404 0501 0502 0505 0602 1001 1002 1003 1006 1007 1008",
        "0126 0208 0427 0928 1011",
    ),
    (
        2026,
        "0101 0102 0216 0217 0218 0219 0220 0223 0406 0501 0504 0505 0619 0925 1001 1002 1005 1006 1007",
        "0104 0214 0228 0509 0920 1010",
    ),
];

/// The naive twin: every working day of 2020–2026 in a list, from the table above alone.
fn working_days() -> &'static [NaiveDate] {
    static DAYS: LazyLock<Vec<NaiveDate>> = LazyLock::new(|| {
        let mut days = Vec::new();
        for (year, off, worked) in OFF_AND_WORKED {
            for day in NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days().take_while(|day| day.year() == year) {
                let key = day.format("%m%d").to_string();
                let listed = |list: &str| list.split(' ').any(|entry| entry == key);
                let weekend = day.weekday().num_days_from_monday() >= 5;
                assert!(if weekend { !listed(off) } else { !listed(worked) }, "slip in the test's own table: {day}");
                if listed(worked) || !(weekend || listed(off)) {
                    days.push(day);
                }
            }
        }
        days
    });
    &DAYS
}

#[test]
fn every_day_of_the_seven_years_agrees_with_the_second_table() {
    let calendar = Calendar::official();
    assert_eq!(calendar.known_years().collect::<Vec<_>>(), (2020..=2026).collect::<Vec<_>>());
    let all: Vec<NaiveDate> = date("2020-01-01")
        .iter_days()
        .take_while(|day| day.year() <= 2026)
        .filter(|day| calendar.is_working_day(*day).unwrap())
        .collect();
    assert_eq!(all, working_days());
}

#[test]
fn known_days() {
    let calendar = Calendar::official();
    for (day, works) in [
        ("2020-01-19", true),  // Sunday, make-up
        ("2020-01-31", false), // Friday, the 2020 extension
        ("2020-02-01", false), // Saturday, its make-up day withdrawn
        ("2020-02-03", true),  // Monday, "work from 3 February"
        ("2024-02-04", true),  // Sunday, make-up
        ("2024-02-09", true),  // New Year's Eve: only encouraged
        ("2024-02-18", true),
        ("2025-01-26", true), // Sunday, make-up
        ("2025-01-27", true),
        ("2025-01-28", false), // New Year's Eve, statutory since 2025
        ("2026-01-04", true),  // Sunday, make-up
        ("2026-02-14", true),  // Saturday, make-up
        ("2026-02-23", false), // Monday, the ninth day
        ("2026-02-28", true),
        ("2026-09-20", true),
    ] {
        assert_eq!(calendar.is_working_day(date(day)), Ok(works), "{day}");
    }
    assert!(matches!(calendar.day(date("2026-02-14")), Ok(Day::MakeUp(name)) if name.en == "Spring Festival"));
    assert!(matches!(calendar.day(date("2022-12-31")), Ok(Day::Holiday(name)) if name.zh == "元旦"));
    assert_eq!(calendar.day(date("2026-03-07")), Ok(Day::Weekend));
}

#[test]
fn known_deadlines() {
    let calendar = Calendar::official();
    for (from, n, deadline) in [
        ("2024-02-02", 1, "2024-02-04"),  // Friday -> make-up Sunday
        ("2024-02-09", 1, "2024-02-18"),  // over the festival to a make-up Sunday
        ("2024-01-31", 10, "2024-02-19"), // a ten-day announcement over Spring Festival
        ("2025-01-24", 1, "2025-01-26"),
        ("2025-01-27", 1, "2025-02-05"),
        ("2020-01-23", 1, "2020-02-03"),
        ("2020-01-17", 3, "2020-01-21"),
        ("2026-02-13", 2, "2026-02-24"), // Saturday the 14th is day 1
        ("2026-09-18", 10, "2026-10-09"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2022-12-30", 1, "2023-01-03"),
        ("2026-03-07", 1, "2026-03-09"), // from a Saturday
    ] {
        assert_eq!(calendar.deadline(date(from), n), Ok(date(deadline)), "{from} + {n}");
    }
}

#[test]
fn beyond_the_known_years_is_an_error_that_names_them() {
    let calendar = Calendar::official();
    for finding in [
        calendar.is_working_day(date("2019-12-31")).unwrap_err(),
        calendar.deadline(date("2026-12-30"), 2).unwrap_err(),
        calendar.deadline(date("2019-12-31"), 1).unwrap_err(),
        calendar.deadline(date("2026-06-01"), u32::MAX).unwrap_err(),
        calendar.natural_deadline(date("2026-12-30"), 5).unwrap_err(),
        calendar.natural_deadline(date("2026-12-30"), u32::MAX).unwrap_err(),
        calendar.is_working_day(NaiveDate::MAX).unwrap_err(),
    ] {
        assert_eq!(finding.rule, "calendar.year-unknown");
        assert_eq!(finding.facts["known-years"], "2020, 2021, 2022, 2023, 2024, 2025, 2026");
    }
    assert_eq!(calendar.deadline(date("2026-12-30"), 1), Ok(date("2026-12-31")));
}

#[test]
fn a_period_of_no_days_and_one_backwards_are_refused() {
    let calendar = Calendar::official();
    assert_eq!(calendar.deadline(date("2026-03-02"), 0).unwrap_err().rule, "calendar.working-days-positive");
    assert_eq!(
        calendar.working_days_between(date("2026-03-02"), date("2026-03-01")).unwrap_err().rule,
        "calendar.order"
    );
    assert_eq!(calendar.working_days_between(date("2026-03-02"), date("2026-03-02")), Ok(0));
}

#[test]
fn natural_days_end_on_a_working_day() {
    let calendar = Calendar::official();
    assert_eq!(calendar.natural_deadline(date("2026-02-10"), 7), Ok(date("2026-02-24")), "the 17th is in the festival");
    assert_eq!(
        calendar.natural_deadline(date("2026-02-07"), 7),
        Ok(date("2026-02-14")),
        "a make-up Saturday is worked"
    );
    assert_eq!(calendar.natural_deadline(date("2026-03-02"), 3), Ok(date("2026-03-05")));
}

#[test]
fn an_office_loads_a_later_year() {
    let provisional = Calendar::official().with(PROVISIONAL_2027).unwrap();
    assert_eq!(provisional.status(2027), Some(Status::Provisional));
    assert_eq!(provisional.deadline(date("2026-12-30"), 2), Ok(date("2027-01-04")));
    assert_eq!(Calendar::official().status(2027), None, "the official calendar is untouched");

    // A notice replaces the provisional file, and may name days of the December before.
    let notice = PROVISIONAL_2027.replace("provisional", "notice").replace(
        "from = \"2027-01-01\"\nto = \"2027-01-01\"\ndays = 1\nmake_up = []",
        "from = \"2026-12-31\"\nto = \"2027-01-02\"\ndays = 3\nmake_up = [\"2026-12-27\"]",
    );
    let known = provisional.with(&notice).unwrap();
    assert_eq!(known.status(2027), Some(Status::Notice));
    assert_eq!(known.is_working_day(date("2026-12-31")), Ok(false));
    assert_eq!(known.is_working_day(date("2026-12-27")), Ok(true));
    assert_eq!(known.with(PROVISIONAL_2027).unwrap_err().rule, "calendar.provisional");
}

#[test]
fn a_file_with_a_slip_is_refused() {
    let good = NOTICES[6];
    assert!(YearFile::read(good).is_ok());
    for (from, to) in [
        ("days = 9", "days = 8"),
        ("from = \"2026-02-15\"", "from = \"2026-02-24\""),
        ("\"2026-02-14\"", "\"2026-02-13\""), // a Friday
        ("\"2026-02-14\"", "\"2026-02-22\""), // inside the holiday
        ("\"2026-02-14\"", "\"2026-02-28\""), // twice
        ("\"2026-02-14\"", "\"2027-02-13\""), // another year
        ("year = 2026", "year = 2025"),
        ("[[source]]", "[[origin]]"),
        ("status = \"notice\"", "status = \"rumour\""),
    ] {
        assert!(good.contains(from));
        let finding = YearFile::read(&good.replacen(from, to, 1)).expect_err(to);
        assert_eq!(finding.rule, "calendar.file", "{to}");
    }
    assert!(YearFile::read("").is_err());
}

#[test]
fn each_year_names_its_document() {
    for file in Calendar::official().files() {
        assert_eq!(file.status, Status::Notice);
        assert!(file.sources.iter().all(|source| source.number.starts_with("国办发明电〔")));
        assert!(file.sources[0].title.contains(&file.year.to_string()));
        assert_eq!(file.sources[0].issued.year(), file.year - 1);
    }
    assert_eq!(Calendar::official().files().next().unwrap().sources.len(), 2, "2020 was extended");
}

proptest! {
    #[test]
    fn deadline_agrees_with_the_list(offset in 0u64..2500, n in 1u32..60) {
        let from = date("2020-01-01") + Days::new(offset);
        let after: Vec<_> = working_days().iter().filter(|day| **day > from).collect();
        match (Calendar::official().deadline(from, n), after.get(usize::try_from(n).unwrap() - 1)) {
            (Ok(got), Some(expected)) => {
                prop_assert_eq!(&got, *expected);
                prop_assert_eq!(Calendar::official().working_days_between(from, got), Ok(n));
            }
            (Err(finding), None) => prop_assert_eq!(finding.rule, "calendar.year-unknown"),
            (got, expected) => prop_assert!(false, "{:?} is not {:?}", got, expected),
        }
    }

    #[test]
    fn counting_adds_up(a in 0u64..2500, b in 0u64..2500, c in 0u64..2500) {
        let mut ends = [a, b, c];
        ends.sort_unstable();
        let [a, b, c] = ends.map(|offset| date("2020-01-01") + Days::new(offset));
        let between = |from, to| Calendar::official().working_days_between(from, to).unwrap();
        prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
    }

    #[test]
    fn a_natural_deadline_is_the_first_working_day_from_its_day(offset in 0u64..2400, n in 0u32..60) {
        let from = date("2020-01-01") + Days::new(offset);
        let got = Calendar::official().natural_deadline(from, n).unwrap();
        let last = from + Days::new(n.into());
        prop_assert_eq!(Some(&got), working_days().iter().find(|day| **day >= last));
    }
}
