//! The rules of accounts and sessions as data (`rules/identity.toml`), each part with its basis.

use crate::{duties::Duties, limit::Limit, password::PasswordRule};
use chrono::TimeDelta;
use serde::Deserialize;
use std::sync::Arc;

/// All rules of this service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// What a password must be.
    pub password: PasswordRule,
    /// How long sessions last.
    pub session: SessionRule,
    /// How often one may try.
    pub attempts: AttemptRule,
    /// What may stand together on one account.
    pub duties: Duties,
}

/// How long sessions last.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionRule {
    /// Basis.
    pub basis: String,
    /// Days without use after which a session can't be continued.
    pub idle_days: u16,
    /// Days after which a session ends, used or not.
    pub absolute_days: u16,
    /// Seconds within which a used refresh token that comes again does not end the session.
    pub replay_grace_seconds: u16,
}

impl SessionRule {
    /// Time without use after which a session can't be continued.
    pub fn idle(&self) -> TimeDelta {
        TimeDelta::days(self.idle_days.into())
    }

    /// Time after which a session ends, used or not.
    pub fn absolute(&self) -> TimeDelta {
        TimeDelta::days(self.absolute_days.into())
    }

    /// Time within which a used refresh token that comes again does not end the session.
    pub fn grace(&self) -> TimeDelta {
        TimeDelta::seconds(self.replay_grace_seconds.into())
    }
}

/// How often one may try.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttemptRule {
    /// Basis.
    pub basis: String,
    /// Days for which a client address that an account was signed in from counts by itself.
    pub known_source_days: u16,
    /// Wrong passwords at one account.
    pub account: Limit,
    /// Wrong passwords from one client address.
    pub source: Limit,
    /// New accounts from one client address.
    pub sign_up: Limit,
}

impl Rules {
    /// The rules that come with the program.
    pub fn standard() -> Arc<Self> {
        let rules = Self::read(include_str!("../rules/identity.toml"));
        Arc::new(rules.expect("the file is part of the program, and a test reads it"))
    }

    /// Rules from the text of a file of the same form.
    ///
    /// # Errors
    /// Where the text is not of that form.
    pub fn read(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_rules_are_read_and_make_sense() {
        let rules = Rules::standard();
        assert!(rules.session.idle() <= rules.session.absolute());
        assert!(rules.session.grace() < TimeDelta::minutes(1), "a longer grace would hide a theft");
        for limit in [&rules.attempts.account, &rules.attempts.source, &rules.attempts.sign_up] {
            assert!(limit.first_wait_seconds <= limit.longest_wait_seconds);
            assert!(limit.longest_wait_seconds <= limit.forget_after_seconds, "waiting must not be forgotten early");
        }
        for basis in
            [&rules.password.basis, &rules.session.basis, &rules.attempts.basis, &rules.duties.basis].into_iter()
        {
            assert!(!basis.is_empty());
        }
    }

    #[test]
    fn an_unknown_rule_is_an_error() {
        let text = include_str!("../rules/identity.toml").replace("idle_days", "idel_days");
        assert!(Rules::read(&text).is_err());
    }
}
