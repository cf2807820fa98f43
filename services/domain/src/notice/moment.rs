//! A published day, perhaps with its hour (日期与时刻), in Asia/Shanghai.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Seconds by which Asia/Shanghai is ahead of UTC; fixed, the country has had no summer time since 1991.
const SHANGHAI: i32 = 8 * 3600;

/// A day, or a day and an hour, as a notice publishes it. In JSON `2026-03-13` or `2026-03-13T16:00:00+08:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The day in Asia/Shanghai.
    pub date: NaiveDate,
    /// The hour in Asia/Shanghai; none where only the day is published.
    pub time: Option<NaiveTime>,
}

impl Moment {
    /// A day without an hour.
    pub const fn day(date: NaiveDate) -> Self {
        Self { date, time: None }
    }

    /// The instant in Asia/Shanghai.
    pub fn of(instant: DateTime<Utc>) -> Self {
        let offset = FixedOffset::east_opt(SHANGHAI).expect("eight hours are a valid offset");
        let local = instant.with_timezone(&offset).naive_local();
        Self { date: local.date(), time: Some(local.time()) }
    }

    /// The instant it begins: midnight where only the day is published. For a “from”.
    pub fn begins(&self) -> DateTime<Utc> {
        let local = self.date.and_time(self.time.unwrap_or(NaiveTime::MIN));
        (local - TimeDelta::seconds(i64::from(SHANGHAI))).and_utc()
    }

    /// The instant it ends: the end of the day where only the day is published. For a “to” (exclusive).
    pub fn ends(&self) -> DateTime<Utc> {
        match self.time {
            Some(_) => self.begins(),
            None => self.begins() + TimeDelta::days(1),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{}T{}+08:00", self.date, time.format("%H:%M:%S")),
            None => write!(f, "{}", self.date),
        }
    }
}

/// A text that is neither a day nor an instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither a day (2026-03-13) nor an instant (2026-03-13T16:00:00+08:00): {0}")]
pub struct MomentError(pub String);

impl FromStr for Moment {
    type Err = MomentError;

    /// Reads a day, an hour with offset (turned into Asia/Shanghai), or an hour without one (taken as Asia/Shanghai).
    fn from_str(text: &str) -> Result<Self, MomentError> {
        let fail = || MomentError(text.to_owned());
        // The years keep arithmetic with offsets and working days inside what chrono can hold.
        let plausible = |date: NaiveDate| {
            let year = chrono::Datelike::year(&date);
            (1949..=2200).contains(&year)
        };
        if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return plausible(date).then_some(Self::day(date)).ok_or_else(fail);
        }
        for format in ["%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M%:z", "%Y-%m-%d %H:%M:%S%:z", "%Y-%m-%d %H:%M%:z"] {
            if let Ok(instant) = DateTime::parse_from_str(text, format) {
                return plausible(instant.date_naive()).then(|| Self::of(instant.to_utc())).ok_or_else(fail);
            }
        }
        if let Some(bare) = text.strip_suffix('Z')
            && let Ok(local) = chrono::NaiveDateTime::parse_from_str(bare, "%Y-%m-%dT%H:%M:%S%.f")
        {
            return plausible(local.date()).then(|| Self::of(local.and_utc())).ok_or_else(fail);
        }
        for format in ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"] {
            if let Ok(local) = chrono::NaiveDateTime::parse_from_str(text, format) {
                let moment = Self { date: local.date(), time: Some(local.time()) };
                return plausible(local.date()).then_some(moment).ok_or_else(fail);
            }
        }
        Err(fail())
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
