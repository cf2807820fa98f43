//! Who goes first, and who may register (优先权、报名资格).

use crate::finding::{Finding, Text};
use crate::notice::{Eligibility, Notice, PriorityHolder};
use crate::rights::{Category, Holder};
use crate::rulebook::RuleSet;

pub(super) fn check(notice: &Notice, rules: &RuleSet) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(priority) = &notice.priority else {
        found.extend(eligibility(notice, rules, None));
        return found;
    };
    let rule = &rules.priority;
    if priority.none && !priority.ranks.is_empty() {
        found.push(
            Finding::refusal(
                "priority.contradiction",
                "优先权约定应当明确",
                Text::new(
                    "既写明没有优先权,又列出优先权人",
                    "the notice says there is no priority right and names holders",
                ),
                Text::new("保留其一", "keep one of the two"),
            )
            .at("priority"),
        );
    }
    // Where only members may register, their right is not at stake.
    let members_only = matches!(priority.restricted_to, Some(Eligibility::Members));
    // Land of the state has no members.
    let collective = notice.holder.is_none_or(Holder::needs_collective_decision);
    let left_out: Vec<_> = rule
        .value
        .ranks
        .iter()
        .flatten()
        .filter(|holder| **holder != PriorityHolder::Member || collective)
        .filter(|holder| !priority.ranks.iter().flatten().any(|named| named == *holder))
        .collect();
    if let (false, false, Some(holder)) = (members_only, left_out.is_empty(), left_out.first()) {
        let name = holder.name();
        found.push(
            rule.finding(
                Text::new(
                    format!("没有写明“{}”的优先权", name.zh),
                    format!("the priority right of \"{}\" is left out", name.en),
                ),
                rule.text(),
            )
            .at("priority")
            .with_fact("holder", holder),
        );
    }
    found.extend(eligibility(notice, rules, priority.restricted_to));
    found
}

/// `registration.eligibility`: a right that passes inside the collective only is not open to all.
fn eligibility(notice: &Notice, rules: &RuleSet, stated: Option<Eligibility>) -> Option<Finding> {
    let rule = &rules.eligibility;
    let asked = rule.value?;
    // An enterprise's shares are nobody's membership.
    let enterprise = notice.category == Some(Category::Equity)
        && matches!(notice.holder, Some(Holder::Enterprise | Holder::StateCompany));
    (!enterprise && stated != Some(asked)).then(|| {
        let name = asked.name();
        rule.finding(
            Text::new(format!("应当{}", name.zh), format!("registration must be for {}", name.en)),
            Text::new("在优先权和资格中写明", "state it among priority and eligibility"),
        )
        .at("priority")
        .with_fact("eligibility", asked)
    })
}
