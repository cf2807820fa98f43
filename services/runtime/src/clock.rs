//! The clock: business time that never steps back, and can be moved forward in a demonstration or a test.

use chrono::{DateTime, DurationRound, FixedOffset, NaiveDate, TimeDelta, Utc};
use std::{
    io::Write,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

/// Business time. Cheap to clone; all clones show the same time.
///
/// In a real installation it is the machine's clock, held from stepping back. A demonstration may start it in the past and move it
/// forward; it never moves back, since an act once dated stays dated.
#[derive(Clone, Debug)]
pub struct Clock {
    offset_ms: Arc<AtomicI64>,
    latest_ms: Arc<AtomicI64>,
    movable: bool,
    kept: Option<Arc<Path>>,
}

/// The clock of this installation is not one that may be moved.
#[derive(Debug, thiserror::Error)]
#[error("the clock of a real installation can't be moved, and no clock moves back")]
pub struct Immovable;

impl Clock {
    /// The clock of a real installation.
    pub fn real() -> Self {
        Self { offset_ms: Arc::default(), latest_ms: Arc::new(AtomicI64::new(i64::MIN)), movable: false, kept: None }
    }

    /// A clock for a demonstration or a test that starts `offset` away from the machine's.
    pub fn movable(offset: TimeDelta) -> Self {
        Self {
            offset_ms: Arc::new(AtomicI64::new(offset.num_milliseconds())),
            latest_ms: Arc::new(AtomicI64::new(i64::MIN)),
            movable: true,
            kept: None,
        }
    }

    /// The clock of a demonstration: it starts `offset` away from the machine's the first time, and goes on where it was afterwards,
    /// since `file` keeps how far it was moved. Moves are kept before they count: a restart must not step back over dated acts.
    ///
    /// # Errors
    /// Where the file can't be read or written, or is not a number.
    pub fn kept(file: &Path, offset: TimeDelta) -> anyhow::Result<Self> {
        let offset = if file.exists() {
            TimeDelta::milliseconds(std::fs::read_to_string(file)?.trim().parse()?)
        } else {
            keep(file, offset.num_milliseconds())?;
            offset
        };
        Ok(Self { kept: Some(file.into()), ..Self::movable(offset) })
    }

    /// Whether it may be moved.
    pub fn is_movable(&self) -> bool {
        self.movable
    }

    /// Business time now, to the millisecond; never earlier than any time given before.
    pub fn now(&self) -> DateTime<Utc> {
        let raw = Utc::now().timestamp_millis().saturating_add(self.offset_ms.load(Ordering::SeqCst));
        let latest = self.latest_ms.fetch_max(raw, Ordering::SeqCst).max(raw);
        DateTime::from_timestamp_millis(latest).expect("milliseconds near the present are a valid time")
    }

    /// The machine's own clock, for tokens and sessions.
    pub fn wall(&self) -> DateTime<Utc> {
        let now = Utc::now();
        now.duration_trunc(TimeDelta::milliseconds(1)).unwrap_or(now)
    }

    /// How far business time is from the machine's.
    pub fn offset(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.offset_ms.load(Ordering::SeqCst))
    }

    /// Moves business time forward.
    ///
    /// # Errors
    /// On a real clock, and for a step back.
    pub fn advance(&self, by: TimeDelta) -> Result<DateTime<Utc>, Immovable> {
        if !self.movable || by < TimeDelta::zero() {
            return Err(Immovable);
        }
        if let Some(file) = &self.kept {
            let offset = self.offset_ms.load(Ordering::SeqCst).saturating_add(by.num_milliseconds());
            keep(file, offset).map_err(|error| {
                tracing::error!(%error, "the demonstration's clock can't be kept");
                Immovable
            })?;
        }
        self.offset_ms.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        Ok(self.now())
    }
}

fn keep(file: &Path, offset_ms: i64) -> std::io::Result<()> {
    let part = file.with_extension("part");
    let mut written = std::fs::File::create(&part)?;
    writeln!(written, "{offset_ms}")?;
    written.sync_all()?;
    std::fs::rename(part, file)
}

/// The offset of China Standard Time.
pub fn beijing() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).expect("+08:00 is a valid offset")
}

/// The day of `at` in China: the day that deadlines of law count by.
pub fn day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&beijing()).date_naive()
}

/// The instant at `hour:minute` in China on `day`.
pub fn instant(day: NaiveDate, hour: u32, minute: u32) -> Option<DateTime<Utc>> {
    day.and_hms_opt(hour, minute, 0)?.and_local_timezone(beijing()).single().map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_steps_back() {
        let clock = Clock::movable(TimeDelta::zero());
        let ahead = clock.advance(TimeDelta::days(3)).unwrap();
        clock.offset_ms.fetch_sub(TimeDelta::days(2).num_milliseconds(), Ordering::SeqCst);
        assert!(clock.now() >= ahead);
        assert!(clock.advance(TimeDelta::seconds(-1)).is_err());
    }

    #[test]
    fn a_kept_clock_goes_on_where_it_was() {
        let file = std::env::temp_dir().join(format!("sanbian-clock-{}", uuid::Uuid::now_v7()));
        let clock = Clock::kept(&file, TimeDelta::days(-90)).unwrap();
        clock.advance(TimeDelta::days(3)).unwrap();
        let again = Clock::kept(&file, TimeDelta::days(-90)).unwrap();
        assert_eq!(again.offset(), TimeDelta::days(-87));
        std::fs::remove_file(file).unwrap();
    }

    #[test]
    fn a_real_clock_stays() {
        assert!(Clock::real().advance(TimeDelta::seconds(1)).is_err());
    }

    #[test]
    fn a_day_in_china_begins_at_16_utc() {
        let at = DateTime::parse_from_rfc3339("2026-02-13T16:00:00Z").unwrap().with_timezone(&Utc);
        assert_eq!(day(at), NaiveDate::from_ymd_opt(2026, 2, 14).unwrap());
        assert_eq!(instant(day(at), 0, 0), Some(at));
    }
}
