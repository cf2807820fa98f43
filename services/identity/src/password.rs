//! What a password must be. Pure.

use crate::name::Username;
use sanbian_domain::finding::{Finding, Text};
use serde::Deserialize;
use std::{collections::HashSet, fmt, sync::LazyLock};

/// A password in clear, on its way to be hashed. `Debug` shows nothing, and nothing serialises it.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// The password as typed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Its bytes, for the hash.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What a password must be.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordRule {
    /// Basis.
    pub basis: String,
    /// Characters at least.
    pub least_characters: usize,
    /// Bytes (UTF-8) at most.
    pub most_bytes: usize,
}

/// The commonest passwords of ten characters and more; shorter ones are refused for their length.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("../data/common-passwords.txt").lines().collect());

impl PasswordRule {
    /// What is wrong with a new password, written in `field`, of `username`, where that could be read; nothing where it will do.
    ///
    /// Rules `identity.password-length`, `identity.password-common`, `identity.password-name`. No finding repeats the password.
    pub fn judge(&self, password: &Password, username: Option<&Username>, field: &str) -> Vec<Finding> {
        let text = password.expose();
        let characters = text.chars().count();
        if characters < self.least_characters || text.len() > self.most_bytes {
            let finding = self
                .finding(
                    field,
                    "identity.password-length",
                    Text::new(
                        format!("口令应不少于{}个字符，不超过{}字节。", self.least_characters, self.most_bytes),
                        format!(
                            "A password has at least {} characters and at most {} bytes.",
                            self.least_characters, self.most_bytes
                        ),
                    ),
                    Text::new("请使用更合适长度的口令。", "Choose one of another length."),
                )
                .with_fact("characters", characters)
                .with_fact("least", self.least_characters);
            return vec![finding];
        }
        let lower = text.to_lowercase();
        let mut findings = Vec::new();
        if COMMON.contains(lower.as_str()) || is_run(&lower) {
            findings.push(self.finding(
                field,
                "identity.password-common",
                Text::new(
                    "该口令过于常见或过于简单，容易被猜到。",
                    "This password is common or simple, and soon guessed.",
                ),
                Text::new("请换用几个不相关的词组成的口令。", "Choose one made of several unrelated words."),
            ));
        }
        if username.is_some_and(|name| lower.contains(name.expose())) {
            findings.push(self.finding(
                field,
                "identity.password-name",
                Text::new("口令不能包含账号名。", "A password does not contain the sign-in name."),
                Text::new("请更换口令。", "Choose another."),
            ));
        }
        findings
    }

    fn finding(&self, field: &str, rule: &str, message: Text, remedy: Text) -> Finding {
        Finding::refusal(rule, &self.basis, message, remedy).at(field)
    }
}

/// Whether the text has no more than three different characters, or each follows the one before by the same step (`abcdef…`, `98765…`).
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: HashSet<i64> = codes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let different: HashSet<&i64> = codes.iter().collect();
    different.len() <= 3 || steps.len() <= 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;

    fn rules(password: &str) -> Vec<String> {
        let username = Username::parse("zhangsan").unwrap();
        let findings = Rules::standard().password.judge(&Password::new(password), Some(&username), "password");
        for finding in &findings {
            assert_eq!(finding.field.as_deref(), Some("password"));
            assert!(
                password.is_empty() || !format!("{finding:?}").contains(password),
                "a finding repeats the password"
            );
        }
        findings.into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn good_ones_pass() {
        for password in ["correct horse battery", "山坡上三棵老核桃树开花了", "Kx7#mmQ2v!", "      a b c d"]
        {
            assert!(rules(password).is_empty(), "{password}");
        }
    }

    #[test]
    fn bad_ones_are_named() {
        for (password, rule) in [
            ("", "identity.password-length"),
            ("Kx7#mmQ2v", "identity.password-length"),
            ("山坡上三棵老核桃", "identity.password-length"),
            (&"ä".repeat(300), "identity.password-length"),
            ("Password123", "identity.password-common"),
            ("woaini1314", "identity.password-common"),
            ("abcabcabcabc", "identity.password-common"),
            ("23456789:;<", "identity.password-common"),
            ("zyxwvutsrqp", "identity.password-common"),
            ("ZhangSan-2026!", "identity.password-name"),
        ] {
            assert_eq!(rules(password), [rule], "{password}");
        }
    }

    #[test]
    fn the_list_is_in_lower_case_and_long_enough_to_matter() {
        let least = Rules::standard().password.least_characters;
        assert!(COMMON.len() > 100);
        for word in COMMON.iter() {
            assert!(word.chars().count() >= least, "{word} is refused for its length already");
            assert_eq!(word.to_lowercase(), *word);
        }
    }

    #[test]
    fn shows_nothing() {
        assert_eq!(format!("{:?}", Password::new("hunter2hunter2")), "Password(…)");
    }
}
