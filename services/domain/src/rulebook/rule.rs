//! One rule: a value, the basis it rests on, and its words.

use crate::finding::{Finding, Severity, Text};
use serde::{Deserialize, Serialize};

/// A rule of a rulebook. `value` is typed by the rule; `severity` says how much a breach weighs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule<T> {
    /// Stable dotted name, such as `announcement.period`; the key the rule stands under.
    #[serde(skip)]
    pub(super) name: &'static str,
    /// What the rule demands.
    pub value: T,
    /// Statute with its article, the office's own rules, or the project's default (marked 【默认】).
    pub basis: String,
    /// The rule in Chinese, for people.
    pub zh: String,
    /// The rule in English.
    pub en: String,
    /// What a breach is: a refusal unless the rulebook says otherwise.
    #[serde(default = "refusal")]
    pub severity: Severity,
}

const fn refusal() -> Severity {
    Severity::Refusal
}

impl<T> Rule<T> {
    /// The stable dotted name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The rule in both languages.
    pub fn text(&self) -> Text {
        Text::new(&self.zh, &self.en)
    }

    /// A finding by this rule, with its name, basis and weight. Add field and facts.
    pub fn finding(&self, message: Text, remedy: Text) -> Finding {
        Finding::refusal(self.name, &self.basis, message, remedy).with_severity(self.severity)
    }
}

/// A rule as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleEntry {
    /// Stable dotted name.
    pub name: String,
    /// What it demands, as in the TOML file.
    pub value: serde_json::Value,
    /// Its basis.
    pub basis: String,
    /// The rule in words.
    pub text: Text,
    /// What a breach is.
    pub severity: Severity,
}
