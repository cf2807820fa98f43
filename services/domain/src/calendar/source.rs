//! A year's file of holidays and make-up workdays, and the checks that catch a typing mistake in it.

use crate::finding::{Finding, Text};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Whether a year stands on the State Council's notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// As the State Council's notice says.
    Notice,
    /// Before the notice: statutory days only. A deadline reckoned on it can still change.
    Provisional,
}

/// A document that a year rests on (文件).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Title (标题).
    pub title: String,
    /// Document number (文号), such as 国办发明电〔2023〕7号.
    pub number: String,
    /// Date of issue (成文日期).
    pub issued: NaiveDate,
}

/// One holiday with its make-up workdays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// Name in Chinese.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// First day off.
    pub from: NaiveDate,
    /// Last day off.
    pub to: NaiveDate,
    /// The number of days as the notice says it (共…天); it must agree with the dates.
    pub days: u32,
    /// Saturdays and Sundays worked for it (上班).
    pub make_up: Vec<NaiveDate>,
}

/// The holidays of one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearFile {
    /// The year.
    pub year: i32,
    /// Notice or provisional.
    pub status: Status,
    /// The documents it rests on.
    #[serde(rename = "source")]
    pub sources: Vec<Notice>,
    /// The holidays in order.
    #[serde(rename = "holiday")]
    pub holidays: Vec<Holiday>,
}

impl YearFile {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// Rule `calendar.file`: not TOML of this form; no source or no holiday; a holiday that ends before it begins or has not the
    /// number of days it says; a date outside the year and the December before it; a day twice; a make-up day that is no
    /// Saturday or Sunday or lies in a holiday.
    pub fn read(toml: &str) -> Result<Self, Finding> {
        let file: Self = toml::from_str(toml).map_err(|error| bad_file(error.message(), "节假日文件格式有误"))?;
        file.check()?;
        Ok(file)
    }

    /// The days that differ from the week's rhythm: name of the holiday, and whether the day is worked.
    pub(super) fn days(&self) -> impl Iterator<Item = (NaiveDate, (Text, bool))> + '_ {
        self.holidays.iter().flat_map(|holiday| {
            let name = Text::new(&holiday.name, &holiday.name_en);
            let off = holiday.off().map({
                let name = name.clone();
                move |date| (date, (name.clone(), false))
            });
            off.chain(holiday.make_up.iter().map(move |date| (*date, (name.clone(), true))))
        })
    }

    fn check(&self) -> Result<(), Finding> {
        let refuse = |what: String, zh: &str| Err(bad_file(&what, zh).with_fact("year", self.year));
        if self.sources.is_empty() {
            return refuse("no source".into(), "缺少文件依据");
        }
        if self.holidays.is_empty() {
            return refuse("no holiday".into(), "没有节假日");
        }
        let mut off = BTreeSet::new();
        for holiday in &self.holidays {
            let name = &holiday.name_en;
            if holiday.to < holiday.from {
                return refuse(format!("{name} ends before it begins"), "假期结束早于开始");
            }
            let length = (holiday.to - holiday.from).num_days() + 1;
            if length != i64::from(holiday.days) {
                return refuse(format!("{name} has {length} days and says {}", holiday.days), "假期天数与起止日期不符");
            }
            if !holiday.off().all(|date| self.may_name(date) && off.insert(date)) {
                return refuse(format!("{name} is outside the year or overlaps another"), "假期超出本年或重叠");
            }
        }
        let mut worked = BTreeSet::new();
        for date in self.holidays.iter().flat_map(|holiday| &holiday.make_up) {
            let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            if !(weekend && self.may_name(*date) && !off.contains(date) && worked.insert(*date)) {
                return refuse(format!("{date} can't be a make-up workday"), "调休上班日应为本年不放假的周六或周日");
            }
        }
        Ok(())
    }

    /// A notice for a year names days of that year, and of the December before it where New Year's holiday begins there.
    fn may_name(&self, date: NaiveDate) -> bool {
        date.year() == self.year || (date.year() == self.year - 1 && date.month() == 12)
    }
}

impl Holiday {
    /// The days off.
    fn off(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let to = self.to;
        std::iter::successors(Some(self.from), |date| date.checked_add_days(Days::new(1)))
            .take_while(move |date| *date <= to)
    }
}

fn bad_file(what: &str, zh: &str) -> Finding {
    Finding::refusal(
        "calendar.file",
        "国务院办公厅关于部分节假日安排的通知(每年)",
        Text::new(format!("节假日文件不能载入:{zh}"), format!("The holiday file can't be loaded: {what}")),
        Text::new("请对照国务院办公厅通知更正文件", "Correct the file against the State Council's notice"),
    )
}
