//! Refresh tokens: what they are, and what one is worth when it comes. Pure but for its random bytes.

use crate::rules::SessionRule;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use ring::digest;
use sanbian_domain::finding::{Finding, Text};
use sanbian_runtime::{Kind, Refusal, seal::random};
use std::fmt;

/// A refresh token: 32 random bytes, good for one use. Only its digest is kept.
pub struct RefreshToken([u8; 32]);

impl RefreshToken {
    /// A new one.
    pub fn new() -> Self {
        Self(random::<32>())
    }

    /// From the text of a cookie; none where it is not of a token's form.
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// The text for the cookie.
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// SHA-256: what is kept of it. The token has 256 random bits, so no slow hash is needed.
    pub fn digest(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, &self.0).as_ref().to_vec()
    }
}

impl Default for RefreshToken {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}

/// What is known of the session a token belongs to. Wall-clock times.
#[derive(Clone, Copy, Debug)]
pub struct SessionTimes {
    /// When it was last continued.
    pub last_used_at: DateTime<Utc>,
    /// When it ends, used or not.
    pub expires_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What a refresh token is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Turn it over: a new token in its place.
    Good,
    /// The session was ended.
    Ended,
    /// The session was not used for too long, or is too old.
    Expired,
    /// Used a moment ago: another tab of the same browser. Refuse, and let the session live.
    UsedJustNow,
    /// Used before: somebody has a copy, and nobody can tell which of the two is the owner. End the session.
    Replayed,
}

/// What a token that was used at `used_at`, or never, is worth now.
pub fn judge(
    rule: &SessionRule,
    session: &SessionTimes,
    used_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Verdict {
    match used_at {
        _ if session.ended_at.is_some() => Verdict::Ended,
        Some(at) if now - at <= rule.grace() => Verdict::UsedJustNow,
        Some(_) => Verdict::Replayed,
        None if now >= session.expires_at || now - session.last_used_at >= rule.idle() => Verdict::Expired,
        None => Verdict::Good,
    }
}

/// The refusal that goes with a verdict other than good, by the rule's basis.
pub fn refusal(rule: &SessionRule, verdict: Verdict) -> Refusal {
    let again = Text::new("请重新登录。", "Sign in again.");
    let (kind, name, message, remedy) = match verdict {
        Verdict::UsedJustNow => (
            Kind::Conflict,
            "identity.refresh-used",
            Text::new(
                "另一个页面刚刚续期了登录，本次未执行。",
                "Another tab has just continued this session; nothing was done.",
            ),
            Text::new("请直接重试，浏览器已持有新的凭据。", "Try again: the browser has the new token already."),
        ),
        Verdict::Replayed => (
            Kind::Unauthenticated,
            "identity.refresh-replayed",
            Text::new(
                "登录凭据被重复使用，为保护账号，该登录已终止。",
                "The session's token was used twice; to protect the account the session was ended.",
            ),
            Text::new(
                "请重新登录；若非本人操作，请修改口令。",
                "Sign in again; if it was not you, change your password.",
            ),
        ),
        Verdict::Expired => (
            Kind::Unauthenticated,
            "identity.session-expired",
            Text::new("登录已过期。", "The session has expired."),
            again,
        ),
        Verdict::Ended | Verdict::Good => (
            Kind::Unauthenticated,
            "identity.session-ended",
            Text::new("登录已终止或不存在。", "The session was ended, or there is none."),
            again,
        ),
    };
    Refusal::of(kind, Finding::refusal(name, &rule.basis, message, remedy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    const DAY: i64 = 86_400;

    fn verdict(used: Option<i64>, last: i64, ended: Option<i64>, now: i64) -> Verdict {
        let session = SessionTimes { last_used_at: at(last), expires_at: at(30 * DAY), ended_at: ended.map(at) };
        judge(&Rules::standard().session, &session, used.map(at), at(now))
    }

    #[test]
    fn each_verdict_at_its_edge() {
        for (used, last, ended, now, expected) in [
            (None, 0, None, 1, Verdict::Good),
            (None, 0, None, 7 * DAY - 1, Verdict::Good),
            (None, 0, None, 7 * DAY, Verdict::Expired),
            (None, 30 * DAY - 9, None, 30 * DAY - 1, Verdict::Good),
            (None, 30 * DAY - 9, None, 30 * DAY, Verdict::Expired),
            (Some(100), 100, None, 110, Verdict::UsedJustNow),
            (Some(100), 100, None, 111, Verdict::Replayed),
            (Some(100), 100, Some(105), 106, Verdict::Ended),
            (None, 0, Some(5), 6, Verdict::Ended),
        ] {
            assert_eq!(verdict(used, last, ended, now), expected, "{used:?} {last} {ended:?} {now}");
        }
    }

    #[test]
    fn only_the_grace_keeps_the_session() {
        let rule = &Rules::standard().session;
        for verdict in [Verdict::Ended, Verdict::Expired, Verdict::Replayed] {
            assert_eq!(refusal(rule, verdict).kind, Kind::Unauthenticated);
        }
        assert_eq!(refusal(rule, Verdict::UsedJustNow).kind, Kind::Conflict);
    }

    #[test]
    fn text_round_trips_and_shows_nothing() {
        let token = RefreshToken::new();
        assert_eq!(RefreshToken::parse(&token.expose()).unwrap().digest(), token.digest());
        assert_eq!(format!("{token:?}"), "RefreshToken(…)");
        for text in ["", "abc", &"A".repeat(44), "!"] {
            assert!(RefreshToken::parse(text).is_none());
        }
    }

    proptest! {
        /// A used token is never good again, and an ended session has no good token.
        #[test]
        fn used_or_ended_is_never_good(used in 0i64..100, ended in prop::option::of(0i64..100), now in 0i64..(40 * DAY)) {
            prop_assert_ne!(verdict(Some(used), 0, ended, now), Verdict::Good);
            prop_assert_ne!(verdict(None, 0, Some(used), now), Verdict::Good);
        }

        #[test]
        fn a_session_is_never_longer_than_the_rule(last in 0i64..(30 * DAY), wait in 0i64..(40 * DAY)) {
            let now = last + wait;
            let good = verdict(None, last, None, now) == Verdict::Good;
            let idle = TimeDelta::seconds(wait) < TimeDelta::days(7);
            prop_assert_eq!(good, idle && now < 30 * DAY);
        }
    }
}
