//! Findings (审查意见): what a rule says about an act, for people and machines alike.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text in the two languages of the exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese (zh-CN), the language of record.
    pub zh: String,
    /// English beside it.
    pub en: String,
}

impl Text {
    /// A text from its two forms.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something worth knowing; the act goes on (提示).
    Note,
    /// A reviewer must look at it; the act goes on (警示).
    Warning,
    /// The act is refused (不予通过).
    Refusal,
}

/// One thing a rule says about an act: which rule, on what basis, why, with which facts, and what to do about it.
///
/// `rule` is a stable dotted name such as `announcement.working-days`; `basis` is the statute, rulebook or practice it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Stable dotted name of the rule.
    pub rule: String,
    /// Legal or contractual basis, with article where there is one.
    pub basis: String,
    /// Whether the act is refused or only remarked upon.
    pub severity: Severity,
    /// What is wrong.
    pub message: Text,
    /// What the user can do about it.
    pub remedy: Text,
    /// The field of the form the finding belongs to, as a JSON path such as `price.reserve`; none for the whole act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The figures the rule looked at, by name (ASCII kebab-case), as text.
    #[serde(default)]
    pub facts: BTreeMap<String, String>,
}

impl Finding {
    /// A refusal by `rule` on `basis`. Add the rest with the `with_…` methods.
    pub fn refusal(rule: impl Into<String>, basis: impl Into<String>, message: Text, remedy: Text) -> Self {
        Self {
            rule: rule.into(),
            basis: basis.into(),
            severity: Severity::Refusal,
            message,
            remedy,
            field: None,
            facts: BTreeMap::new(),
        }
    }

    /// The same finding with another weight.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same finding, pointing at a field of the form.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The same finding with one more fact.
    #[must_use]
    #[allow(
        clippy::needless_pass_by_value,
        reason = "facts are built in chains, where a borrow at each call only hides the figure"
    )]
    pub fn with_fact(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.facts.insert(name.into(), value.to_string());
        self
    }

    /// Whether this finding stops the act.
    pub fn refuses(&self) -> bool {
        self.severity == Severity::Refusal
    }
}

/// Whether any finding of the list stops the act.
pub fn refuses(findings: &[Finding]) -> bool {
    findings.iter().any(Finding::refuses)
}
