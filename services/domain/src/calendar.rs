//! The working-day calendar (工作日) of the State Council's yearly notices, and periods counted on it.
//!
//! The notices (国务院办公厅关于部分节假日安排的通知) for 2020–2026 are data in `data/calendar/`, one file a year with the document
//! numbers; an office loads a later year with [`Calendar::with`]. A working day is a Monday to Friday that is no holiday, or a
//! Saturday or Sunday that a notice makes a make-up workday (调休上班).
//!
//! **Invariants**
//! - **A year that is not known is an error**, never a guess: every date given and every date passed on the way lies in a known
//!   year. A provisional year (before its notice) is loaded only by name and says so.
//! - **Day 1 is the first working day after the start**: the day of the act itself is not counted (民法典 art. 201).
//! - Dates are dates of law, at +08:00; see [`time`].

mod source;
pub mod time;

pub use source::{Holiday, Notice, Status, YearFile};

use crate::finding::{Finding, Text};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::{collections::BTreeMap, sync::LazyLock};

const BASIS: &str = "国务院办公厅关于部分节假日安排的通知(每年)";

/// The notices that the program carries.
const NOTICES: [&str; 7] = [
    include_str!("../data/calendar/2020.toml"),
    include_str!("../data/calendar/2021.toml"),
    include_str!("../data/calendar/2022.toml"),
    include_str!("../data/calendar/2023.toml"),
    include_str!("../data/calendar/2024.toml"),
    include_str!("../data/calendar/2025.toml"),
    include_str!("../data/calendar/2026.toml"),
];

/// The statutory holidays of 2027 before its notice, for [`Calendar::with`]: planning and demonstrations only.
pub const PROVISIONAL_2027: &str = include_str!("../data/calendar/2027.provisional.toml");

static OFFICIAL: LazyLock<Calendar> = LazyLock::new(|| {
    NOTICES.iter().fold(Calendar { years: BTreeMap::new(), days: BTreeMap::new() }, |calendar, notice| {
        calendar.with(notice).expect("the files of data/calendar are checked by a test")
    })
});

/// What kind of day a date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day<'a> {
    /// Monday to Friday, and no holiday: a working day.
    Weekday,
    /// Saturday or Sunday.
    Weekend,
    /// A day of the named holiday (放假).
    Holiday(&'a Text),
    /// A Saturday or Sunday worked for the named holiday (调休上班): a working day.
    MakeUp(&'a Text),
}

impl Day<'_> {
    /// Whether it is a working day.
    pub const fn works(self) -> bool {
        matches!(self, Self::Weekday | Self::MakeUp(_))
    }
}

/// A working-day calendar over the years it knows.
#[derive(Clone, Debug)]
pub struct Calendar {
    years: BTreeMap<i32, YearFile>,
    /// The days that differ from the week's rhythm, with the holiday's name and whether they are worked.
    days: BTreeMap<NaiveDate, (Text, bool)>,
}

impl Calendar {
    /// The calendar of the notices that the program carries.
    pub fn official() -> &'static Self {
        &OFFICIAL
    }

    /// This calendar with one more year from a TOML file like those in `data/calendar/`. A notice takes the place of what was
    /// known of its year: an amended notice of the earlier one, or the notice of a provisional file.
    ///
    /// # Errors
    /// Rule `calendar.file` where the file does not read or contradicts itself (see [`YearFile::read`]);
    /// `calendar.provisional` where a provisional file would replace a notice.
    pub fn with(&self, toml: &str) -> Result<Self, Finding> {
        let file = YearFile::read(toml)?;
        if let (Status::Provisional, Some(Status::Notice)) = (file.status, self.status(file.year)) {
            return Err(replaces_notice(file.year));
        }
        let mut years = self.years.clone();
        years.insert(file.year, file);
        // Rebuilt from the earliest year: a file may name days of the December before, and the later file is right about them.
        let days = years.values().flat_map(YearFile::days).collect();
        Ok(Self { years, days })
    }

    /// The years known, from the earliest.
    pub fn known_years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.keys().copied()
    }

    /// The years' files with their sources, from the earliest.
    pub fn files(&self) -> impl Iterator<Item = &YearFile> {
        self.years.values()
    }

    /// Whether a year is known, and from a notice or only provisionally.
    pub fn status(&self, year: i32) -> Option<Status> {
        self.years.get(&year).map(|file| file.status)
    }

    /// What kind of day `date` is.
    ///
    /// # Errors
    /// Rule `calendar.year-unknown`.
    pub fn day(&self, date: NaiveDate) -> Result<Day<'_>, Finding> {
        if !self.years.contains_key(&date.year()) {
            return Err(self.unknown_year(date));
        }
        Ok(match self.days.get(&date) {
            Some((name, true)) => Day::MakeUp(name),
            Some((name, false)) => Day::Holiday(name),
            None if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) => Day::Weekend,
            None => Day::Weekday,
        })
    }

    /// Whether `date` is a working day.
    ///
    /// # Errors
    /// Rule `calendar.year-unknown`.
    pub fn is_working_day(&self, date: NaiveDate) -> Result<bool, Finding> {
        Ok(self.day(date)?.works())
    }

    /// The `n`-th working day after `from`: day 1 is the first working day after it, whatever `from` itself is. The period ends
    /// with the end of the day returned.
    ///
    /// # Errors
    /// Rule `calendar.working-days-positive` where `n` is 0: a period of no day has no last day, and returning `from` would make
    /// a deadline of a day that may be a holiday. Rule `calendar.year-unknown`.
    pub fn deadline(&self, from: NaiveDate, n: u32) -> Result<NaiveDate, Finding> {
        if n == 0 {
            return Err(no_days());
        }
        self.day(from)?;
        let mut date = from;
        let mut counted = 0;
        while counted < n {
            date = self.tomorrow(date)?;
            if self.is_working_day(date)? {
                counted += 1;
            }
        }
        Ok(date)
    }

    /// How many working days lie after `from` up to and including `to`, so that `working_days_between(d, deadline(d, n)) == n`.
    ///
    /// # Errors
    /// Rule `calendar.order` where `to` is before `from`; `calendar.year-unknown`.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> Result<u32, Finding> {
        if to < from {
            return Err(wrong_order(from, to));
        }
        self.day(from)?;
        let mut date = from;
        let mut counted = 0;
        while date < to {
            date = self.tomorrow(date)?;
            if self.is_working_day(date)? {
                counted += 1;
            }
        }
        Ok(counted)
    }

    /// `date` itself where it is a working day, else the next one.
    ///
    /// # Errors
    /// Rule `calendar.year-unknown`.
    pub fn working_day_from(&self, date: NaiveDate) -> Result<NaiveDate, Finding> {
        let mut date = date;
        while !self.is_working_day(date)? {
            date = self.tomorrow(date)?;
        }
        Ok(date)
    }

    /// The last day of a period of `n` natural days (自然日) after `from`: the day of the act is not counted, and a last day that
    /// is not worked moves to the next working day (民法典 arts. 201 and 203).
    ///
    /// # Errors
    /// Rule `calendar.year-unknown`.
    pub fn natural_deadline(&self, from: NaiveDate, n: u32) -> Result<NaiveDate, Finding> {
        self.day(from)?;
        let last = from.checked_add_days(Days::new(n.into())).ok_or_else(|| self.unknown_year(NaiveDate::MAX))?;
        self.working_day_from(last)
    }

    fn tomorrow(&self, date: NaiveDate) -> Result<NaiveDate, Finding> {
        date.succ_opt().ok_or_else(|| self.unknown_year(date))
    }

    fn unknown_year(&self, date: NaiveDate) -> Finding {
        let known = self.known_years().map(|year| year.to_string()).collect::<Vec<_>>().join(", ");
        let year = date.year();
        Finding::refusal(
            "calendar.year-unknown",
            BASIS,
            Text::new(
                format!("尚未载入{year}年的节假日安排,无法计算工作日;已载入:{known}"),
                format!("The holidays of {year} are not known, so working days can't be counted; known: {known}"),
            ),
            Text::new(
                "国务院办公厅公布该年安排后,请管理员载入该年日历;或选择已载入年份内的日期",
                "Have the administrator load that year's notice once it is published, or choose a date in a known year",
            ),
        )
        .with_fact("date", date)
        .with_fact("known-years", known)
    }
}

fn no_days() -> Finding {
    Finding::refusal(
        "calendar.working-days-positive",
        "中华人民共和国民法典 第二百零一条",
        Text::new("工作日天数至少为1", "A period has at least 1 working day"),
        Text::new("请填写1或以上的整数", "Give a whole number of 1 or more"),
    )
    .with_fact("working-days", 0)
}

fn wrong_order(from: NaiveDate, to: NaiveDate) -> Finding {
    Finding::refusal(
        "calendar.order",
        "中华人民共和国民法典 第二百零一条",
        Text::new("截止日期早于起始日期", "The end is before the start"),
        Text::new("请核对两个日期", "Check the two dates"),
    )
    .with_fact("from", from)
    .with_fact("to", to)
}

fn replaces_notice(year: i32) -> Finding {
    Finding::refusal(
        "calendar.provisional",
        BASIS,
        Text::new(
            format!("{year}年已有国务院通知,不能用暂定日历代替"),
            format!("The notice of {year} is known; a provisional calendar can't replace it"),
        ),
        Text::new("请载入国务院办公厅的通知", "Load the State Council's notice"),
    )
    .with_fact("year", year)
}

#[cfg(test)]
mod tests;
