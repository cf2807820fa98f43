//! How often one may try: failures in a row, and waits that double. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use sanbian_domain::{
    fact::instant,
    finding::{Finding, Text},
};
use sanbian_runtime::{Kind, Refusal};
use serde::Deserialize;

/// A limit on attempts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Failures in a row at which the first wait begins.
    pub free: u32,
    /// The first wait, in seconds. Each further failure doubles it.
    pub first_wait_seconds: u32,
    /// The longest wait, in seconds.
    pub longest_wait_seconds: u32,
    /// Seconds without an attempt after which failures are forgotten.
    pub forget_after_seconds: u32,
}

/// Failures in a row at one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// How many.
    pub failures: u32,
    /// When the last attempt was made.
    pub last_at: DateTime<Utc>,
    /// Until when no attempt is heard.
    pub blocked_until: Option<DateTime<Utc>>,
}

impl Limit {
    /// Counts an attempt **before** it is judged, so that guesses made at once can't outrun the count; a right one is taken back
    /// afterwards.
    ///
    /// # Errors
    /// When to try again, where it is not yet time. Such an attempt does not count: waiting must lead somewhere.
    pub fn attempt(&self, before: Attempts, now: DateTime<Utc>) -> Result<Attempts, DateTime<Utc>> {
        if let Some(until) = before.blocked_until.filter(|until| *until > now) {
            return Err(until);
        }
        let forgotten = now - before.last_at >= TimeDelta::seconds(self.forget_after_seconds.into());
        let failures = if forgotten { 1 } else { before.failures.saturating_add(1) };
        Ok(Attempts { failures, last_at: now, blocked_until: self.wait(failures).map(|wait| now + wait) })
    }

    /// How long to wait after so many failures in a row; none below the free ones.
    pub fn wait(&self, failures: u32) -> Option<TimeDelta> {
        let doublings = failures.checked_sub(self.free)?.min(31);
        let seconds = (u64::from(self.first_wait_seconds) << doublings).min(self.longest_wait_seconds.into());
        Some(TimeDelta::seconds(i64::try_from(seconds).unwrap_or(i64::MAX / 1000)))
    }
}

/// The refusal of an attempt before its time.
pub fn too_many(basis: &str, until: DateTime<Utc>, now: DateTime<Utc>) -> Refusal {
    // Rounded up: who waits as told is let in.
    let seconds = ((until - now).num_milliseconds().max(1) + 999) / 1000;
    Refusal::of(
        Kind::TooMany,
        Finding::refusal(
            "identity.attempts",
            basis,
            Text::new(
                "尝试次数过多，为保护账号已暂停受理。",
                "Too many attempts; to protect the account none is heard for now.",
            ),
            Text::new(format!("请在 {seconds} 秒后重试。"), format!("Try again in {seconds} seconds.")),
        )
        .with_fact("retry-at", instant::text(until))
        .with_fact("retry-after-seconds", seconds),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMIT: Limit =
        Limit { free: 3, first_wait_seconds: 30, longest_wait_seconds: 100, forget_after_seconds: 1000 };

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn none() -> Attempts {
        Attempts { failures: 0, last_at: at(0), blocked_until: None }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits: Vec<_> = (0..7).map(|failures| LIMIT.wait(failures).map(|wait| wait.num_seconds())).collect();
        assert_eq!(waits, [None, None, None, Some(30), Some(60), Some(100), Some(100)]);
        assert_eq!(LIMIT.wait(u32::MAX).unwrap().num_seconds(), 100);
    }

    #[test]
    fn blocks_until_told_then_hears_once_more() {
        let mut attempts = none();
        for _ in 0..3 {
            attempts = LIMIT.attempt(attempts, at(1)).unwrap();
        }
        assert_eq!(LIMIT.attempt(attempts, at(30)), Err(at(31)));
        let next = LIMIT.attempt(attempts, at(31)).unwrap();
        assert_eq!((next.failures, next.blocked_until), (4, Some(at(31 + 60))));
    }

    #[test]
    fn forgets() {
        let attempts = Attempts { failures: 9, last_at: at(0), blocked_until: Some(at(100)) };
        assert_eq!(LIMIT.attempt(attempts, at(999)).unwrap().failures, 10);
        assert_eq!(LIMIT.attempt(attempts, at(1000)).unwrap().failures, 1);
    }

    #[test]
    fn says_when() {
        let refusal = too_many("basis", at(31), at(1) + TimeDelta::milliseconds(1));
        assert_eq!(refusal.kind, Kind::TooMany);
        assert_eq!(refusal.findings[0].facts["retry-after-seconds"], "30");
        assert_eq!(refusal.findings[0].facts["retry-at"], instant::text(at(31)));
    }

    proptest! {
        /// However the attempts fall, no more are heard in a time than the free ones and one for each wait that fits in.
        #[test]
        fn a_guesser_is_slowed(gaps in prop::collection::vec(0i64..200, 1..200)) {
            let (mut attempts, mut now, mut heard) = (none(), 0, 0u32);
            for gap in gaps {
                now += gap;
                if let Ok(next) = LIMIT.attempt(attempts, at(now)) {
                    attempts = next;
                    heard += 1;
                }
            }
            let waits = u32::try_from(now / 30).unwrap();
            prop_assert!(heard <= LIMIT.free + waits + 1, "{heard} heard in {now} s");
        }

        #[test]
        fn who_waits_as_told_is_heard(failures in 0u32..100, ago in 0i64..2000) {
            let mut before = none();
            before.failures = failures;
            before.blocked_until = LIMIT.wait(failures).map(|wait| at(0) + wait);
            match LIMIT.attempt(before, at(ago)) {
                Ok(_) => {}
                Err(until) => prop_assert!(LIMIT.attempt(before, until).is_ok()),
            }
        }
    }
}
